# REQUIRES: aimc-run, aimcc
# RUN: %python %s
# ===- loops.py - Noise of products in loops -------------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""A product in a loop is read anew in each iteration."""

import json
import unittest

import numpy as np
from integration import IntegrationTest

import aimc
from aimc.tools import find_tool, run_tool

ROWS, COLUMNS, VECTORS = 8, 16, 8192


def loop(name, count, body):
    """`%name = body(iteration)`, `count` times, each on the last one's result; the first on zeros."""
    return f"""  %count_{name} = arith.constant {count} : index
  %{name} = scf.for %i_{name} = %0 to %count_{name} step %1 iter_args(%acc_{name} = %init) -> (tensor<?x{COLUMNS}xf32>) {{
{body}    scf.yield %next_{name} : tensor<?x{COLUMNS}xf32>
  }}
"""


def minus(value, name):
    """`%next_name`: a value less the last one's result."""
    return f"""    %empty_of_{name} = tensor.empty(%n) : tensor<?x{COLUMNS}xf32>
    %next_{name} = linalg.sub ins(%{value}, %acc_{name} : tensor<?x{COLUMNS}xf32>, tensor<?x{COLUMNS}xf32>)
      outs(%empty_of_{name} : tensor<?x{COLUMNS}xf32>) -> tensor<?x{COLUMNS}xf32>
"""


def less(name):
    """`%next_name`: the product less the last one's result, so that signs alternate."""
    return f"""    %empty_{name} = tensor.empty(%n) : tensor<?x{COLUMNS}xf32>
    %init_{name} = linalg.fill ins(%zero : f32) outs(%empty_{name} : tensor<?x{COLUMNS}xf32>) -> tensor<?x{COLUMNS}xf32>
    %y_{name} = linalg.matmul ins(%x, %w : tensor<?x{ROWS}xf32>, tensor<{ROWS}x{COLUMNS}xf32>)
      outs(%init_{name} : tensor<?x{COLUMNS}xf32>) -> tensor<?x{COLUMNS}xf32>
""" + minus(f"y_{name}", name)


class LoopsTest(IntegrationTest):
    def noise(self, body):
        """What the simulator's output noise makes of `%r`, of vectors that are all the same."""
        target = json.loads(run_tool([find_tool("aimcc"), "--print-target", "hermes"]))
        for name, reach in (("dac", 1), ("adc", 10)):
            target[name] = {"bits": 16, "default_range": reach, "provenance": "assumed"}
        for name in ("drift", "low_frequency_noise", "read_noise"):
            del target["device"][name]
        target["device"]["programming_noise"]["coefficients"] = [0.0]
        target["device"]["output_noise"]["value"] = 0.04
        (self.folder / "target.json").write_text(json.dumps(target), encoding="utf-8")
        weights = np.random.default_rng(1).uniform(-1, 1, (ROWS, COLUMNS)).astype("<f4")
        weights[0, 0] = 1
        (self.folder / "model.mlir").write_text(
            f"""func.func @main(%x: tensor<?x{ROWS}xf32>) -> tensor<?x{COLUMNS}xf32> {{
  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<"0x{weights.tobytes().hex()}"> : tensor<{ROWS}x{COLUMNS}xf32>
  %n = tensor.dim %x, %0 : tensor<?x{ROWS}xf32>
  %empty = tensor.empty(%n) : tensor<?x{COLUMNS}xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x{COLUMNS}xf32>) -> tensor<?x{COLUMNS}xf32>
{body}  return %r : tensor<?x{COLUMNS}xf32>
}}
""",
            encoding="utf-8",
        )
        path = self.folder / "placed.mlir"
        aimc.compile(self.folder / "model.mlir", self.folder / "target.json", path, emit="placed")
        x = np.full((VECTORS, ROWS), 0.5, np.float32)
        outputs = aimc.run(path, x, device="simulator", seed=3).outputs
        # Batches of any cut have the same bits.
        parts = [
            aimc.run(path, x[i : i + 3000], device="simulator", seed=3, threads=2, first_vector=i).outputs
            for i in range(0, VECTORS, 3000)
        ]
        np.testing.assert_array_equal(np.concatenate(parts), outputs)
        return (outputs - outputs.mean(axis=0)).ravel()

    def test_iterations_are_uncorrelated(self):
        """The difference of two iterations has twice the variance of one, that of 2 x 2 four times.

        With correlation r of two iterations the variance is 2 (1 - r) s^2.
        """
        variance = 0.04**2
        one = self.noise(loop("r", 1, less("r")))
        self.assertGreaterEqual(one.size, 10**5)
        self.assertAlmostEqual(np.var(one) / variance, 1, delta=4 * np.sqrt(2 / one.size))
        two = self.noise(loop("r", 2, less("r")))
        self.assertLess(abs(1 - np.var(two) / (2 * variance)), 4 * np.sqrt(2 / two.size))
        four = self.noise(loop("r", 2, loop("inner", 2, less("inner")) + minus("inner", "r")))
        self.assertLess(abs(1 - np.var(four) / (4 * variance)), 4 * np.sqrt(2 / four.size))


if __name__ == "__main__":
    unittest.main()
