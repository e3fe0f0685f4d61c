# REQUIRES: aimc-run, aimcc
# RUN: %python %s
# ===- shared-copies.py - Copies that share the vectors ---------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Vector v goes to copy v mod copies, with the errors of that copy."""

import unittest

import numpy as np
from integration import IntegrationTest

import aimc
from aimc.tools import find_tool, run_tool

ROWS, COLUMNS, COPIES = 40, 300, 3
# All that varies between readings, and the converters.
READING = "dac,adc,low_frequency_noise,read_noise,output_noise,drift,ir_drop"


class SharedCopiesTest(IntegrationTest):
    def setUp(self):
        super().setUp()
        generator = np.random.default_rng(5)
        self.weights = generator.uniform(-1, 1, (ROWS, COLUMNS)).astype("<f4")
        self.x = generator.normal(size=(500, ROWS)).astype(np.float32)

    def write(self, name, body):
        (self.folder / name).write_text(
            f"""func.func @main(%x: tensor<?x{ROWS}xf32>) -> tensor<?x{COLUMNS}xf32> {{
  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %2 = arith.constant 2 : index
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<"0x{self.weights.tobytes().hex()}"> : tensor<{ROWS}x{COLUMNS}xf32>
  %n = tensor.dim %x, %0 : tensor<?x{ROWS}xf32>
  %empty = tensor.empty(%n) : tensor<?x{COLUMNS}xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x{COLUMNS}xf32>) -> tensor<?x{COLUMNS}xf32>
{body}  return %y : tensor<?x{COLUMNS}xf32>
}}
""",
            encoding="utf-8",
        )
        return self.folder / name

    def product(self):
        types = f"tensor<?x{ROWS}xf32>, tensor<{ROWS}x{COLUMNS}xf32>"
        return self.write(
            "model.mlir",
            f"  %y = linalg.matmul ins(%x, %w : {types}) outs(%init : tensor<?x{COLUMNS}xf32>) -> tensor<?x{COLUMNS}xf32>\n",
        )

    def loop(self):
        """The product in two iterations, added up, with a nonlinearity behind it."""
        kind = f"tensor<?x{COLUMNS}xf32>"
        return self.write(
            "loop.mlir",
            f"""  %y = scf.for %i = %0 to %2 step %1 iter_args(%sum = %init) -> ({kind}) {{
    %e = tensor.empty(%n) : {kind}
    %f = linalg.fill ins(%zero : f32) outs(%e : {kind}) -> {kind}
    %p = linalg.matmul ins(%x, %w : tensor<?x{ROWS}xf32>, tensor<{ROWS}x{COLUMNS}xf32>) outs(%f : {kind}) -> {kind}
    %c = math.cos %p : {kind}
    %s = arith.addf %sum, %c : {kind}
    scf.yield %s : {kind}
  }}
""",
        )

    def compile(self, model, name="placed.mlir", emit="placed", mode="throughput", copies=COPIES):
        path = self.folder / name
        options = ["--copies", copies, "--copied-matrices", "linear"] + (["--copy-mode", mode] if copies > 1 else [])
        run_tool([find_tool("aimcc"), model, "--target", "hermes", f"--emit={emit}", "-o", path, *map(str, options)])
        return path

    def run_path(self, path, x=None, **options):
        options = {"device": "simulator", "seed": 4, **options}
        return aimc.run(path, self.x if x is None else x, **options).outputs

    def test_errors_of_copies(self):
        """With programming noise alone, v and v + copies see the same errors, v and v + 1 others."""
        path = self.compile(self.product())
        repeated = np.repeat(self.x[:1], 12, axis=0)
        y = self.run_path(path, repeated, without=READING)
        np.testing.assert_array_equal(y[COPIES:], y[:-COPIES])
        for v in range(COPIES):
            self.assertGreater(np.abs(y[v] - y[v + 1]).min(), 0)
        # Whatever the vector is called in the call, its index in the data set counts.
        np.testing.assert_array_equal(self.run_path(path, repeated, without=READING, first_vector=2), np.roll(y, -2, axis=0))

        # The weights as each copy holds them, read with unit vectors.
        units = np.repeat(np.eye(ROWS, dtype=np.float32), COPIES, axis=0)
        held = self.run_path(path, units, without=READING).reshape(ROWS, COPIES, COLUMNS).swapaxes(0, 1).astype(np.float64)
        expected = np.einsum("vr,vrc->vc", self.x.astype(np.float64), held[np.arange(len(self.x)) % COPIES])
        np.testing.assert_allclose(self.run_path(path, without=READING), expected, rtol=0, atol=1e-5 * np.abs(expected).max())

        # Errors of copies are independent: their correlation r is 0 and the difference of
        # two has twice the variance of one.
        # What all copies have in common is the mean error of a weight as programmed, by
        # its magnitude; without it they share nothing.
        size, sign = np.abs(self.weights).ravel(), np.sign(self.weights).ravel()
        errors = (held - self.weights).reshape(COPIES, -1) * sign
        mean = np.poly1d(np.polyfit(size, errors.mean(axis=0), 4))
        residuals = errors - mean(size)
        correlation = np.corrcoef(residuals)
        self.assertLess(np.abs(correlation - np.eye(COPIES)).max(), 4 / np.sqrt(residuals.shape[1]))
        ratio = np.var(residuals[0] - residuals[1]) / (np.var(residuals[0]) + np.var(residuals[1]))
        self.assertLess(abs(ratio - 1), 4 * np.sqrt(2 / residuals.shape[1]))

        # The error of one copy, not that of a mean of three.
        exact = self.run_path(path, device="exact", seed=0)
        rms = {}
        for mode in ("throughput", "average"):
            copied = self.compile(self.product(), f"{mode}.mlir", mode=mode)
            rms[mode] = np.sqrt(np.mean((self.run_path(copied, without=READING) - exact) ** 2))
        once = self.compile(self.product(), "once.mlir", copies=1)
        one = np.sqrt(np.mean((self.run_path(once, without=READING) - exact) ** 2))
        self.assertLess(abs(rms["throughput"] / one - 1), 0.05)
        self.assertLess(rms["average"], 0.75 * one)

    def test_bits(self):
        """Threads, cuts and programs change no bit, in loops and with fused calls too."""
        for model in (self.product(), self.loop()):
            with self.subTest(model=model.name):
                path = self.compile(model)
                expected = self.run_path(path, threads=1)
                np.testing.assert_array_equal(self.run_path(path, threads=2), expected)
                cut = np.concatenate([self.run_path(path, self.x[i : i + 7], first_vector=i, threads=2) for i in range(0, 70, 7)])
                np.testing.assert_array_equal(cut, expected[:70])
                program = self.compile(model, "program", emit="executable")
                np.testing.assert_array_equal(self.run_path(program), expected)
                # The copies are all the same on the exact device.
                once = self.compile(model, "once.mlir", copies=1)
                np.testing.assert_array_equal(self.run_path(path, device="exact", seed=0), self.run_path(once, device="exact", seed=0))

    def test_statistics(self):
        """A vector drives the tiles of one copy; averaged copies drive all of theirs."""
        mvms = {}
        for mode in ("throughput", "average"):
            path = self.compile(self.loop(), f"{mode}.mlir", mode=mode)
            for device in ("exact", "simulator"):
                mvms[mode, device] = aimc.run(path, self.x, device=device).statistics["mvms"]
        # Two tiles of columns, in two iterations.
        for device in ("exact", "simulator"):
            self.assertEqual(mvms["throughput", device], 500 * 2 * 2)
            self.assertEqual(mvms["average", device], 500 * 2 * 2 * COPIES)


if __name__ == "__main__":
    unittest.main()
