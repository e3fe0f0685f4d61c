# REQUIRES: aimc-opt, aimc-run, aimcc
# RUN: %python %s
# ===- calibration.py - Reported against measured errors -------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""The error that a calibration report expects of a product is that of the simulator."""

import itertools
import json
import unittest

import numpy as np
from integration import IntegrationTest

from aimc.tools import find_tool, run_tool

ROWS, COLUMNS, VECTORS = 64, 32, 2000


class CalibrationTest(IntegrationTest):
    def setUp(self):
        super().setUp()
        rng = np.random.default_rng(1)
        self.weights = rng.uniform(-1, 1, (ROWS, COLUMNS)).astype("<f4")
        self.inputs = {
            "both signs": rng.uniform(-1, 1, (VECTORS, ROWS)).astype(np.float32),
            "one sign": rng.uniform(0, 1, (VECTORS, ROWS)).astype(np.float32),
        }
        (self.folder / "model.mlir").write_text(
            f"""func.func @main(%x: tensor<?x{ROWS}xf32>) -> tensor<?x{COLUMNS}xf32> {{
  %0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<"0x{self.weights.tobytes().hex()}"> : tensor<{ROWS}x{COLUMNS}xf32>
  %n = tensor.dim %x, %0 : tensor<?x{ROWS}xf32>
  %empty = tensor.empty(%n) : tensor<?x{COLUMNS}xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x{COLUMNS}xf32>) -> tensor<?x{COLUMNS}xf32>
  %y = linalg.matmul ins(%x, %w : tensor<?x{ROWS}xf32>, tensor<{ROWS}x{COLUMNS}xf32>)
    outs(%init : tensor<?x{COLUMNS}xf32>) -> tensor<?x{COLUMNS}xf32>
  return %y : tensor<?x{COLUMNS}xf32>
}}
""",
            encoding="utf-8",
        )
        self.hermes = json.loads(run_tool([find_tool("aimcc"), "--print-target", "hermes"]))
        for name in ("drift", "low_frequency_noise", "read_noise"):
            del self.hermes["device"][name]
        self.hermes["device"]["programming_noise"]["coefficients"] = [0.0]

    def ratio(self, inputs, mode, dac, adc, noise):
        """Mean square error of the simulator over that of the report, ranges by rule `mse`."""
        target = {**self.hermes, "mode": mode, "dac": dac, "adc": adc}
        target["device"]["output_noise"]["value"] = noise
        names = {name: self.folder / name for name in ("target.json", "model.mlir", "x.npy", "report.json", "y.npy", "p.mlir")}
        names["target.json"].write_text(json.dumps(target), encoding="utf-8")
        np.save(names["x.npy"], inputs)
        run_tool(
            [find_tool("aimcc"), names["model.mlir"], "--target", names["target.json"], "--readout", "analog"]
            + ["--calibrate", names["x.npy"], "--calibration-report", names["report.json"]]
            + ["--emit", "placed", "-o", names["p.mlir"]]
        )
        run_tool(
            [find_tool("aimc-run"), names["p.mlir"], "--device", "simulator", "--input", names["x.npy"]]
            + ["--output", names["y.npy"]]
        )
        (site,) = json.loads(names["report.json"].read_text(encoding="utf-8"))["sites"]
        exact = inputs.astype(np.float64) @ self.weights
        return np.mean((np.load(names["y.npy"]) - exact) ** 2) / site["product"]["mean_square_error"]

    def test_reported_is_measured(self):
        def converter(bits, rounding):
            return {"bits": bits, "default_range": 1, "rounding": rounding, "provenance": "assumed"}

        ideal = {"ideal": True}
        cases = [
            ("both signs", mode, converter(4, dac), ideal, 0)
            for mode, dac in itertools.product(("1-phase", "4-phase"), ("nearest", "toward_zero", "stochastic"))
        ]
        cases += [
            (signs, mode, ideal, converter(8, adc), noise)
            for signs, mode, adc, noise in itertools.product(
                ("both signs", "one sign"), ("1-phase", "4-phase"), ("nearest", "toward_zero"), (0, 0.05)
            )
        ]
        cases += [
            ("both signs", mode, converter(6, dac), converter(8, adc), 0.1)
            for mode, dac, adc in itertools.product(
                ("1-phase", "4-phase"), ("toward_zero", "stochastic"), ("nearest", "toward_zero")
            )
        ]
        for signs, mode, dac, adc, noise in cases:
            name = f"{signs}, {mode}, {dac.get('rounding', 'ideal')}, {adc.get('rounding', 'ideal')}, {noise}"
            with self.subTest(name=name):
                ratio = self.ratio(self.inputs[signs], mode, dac, adc, noise)
                print(f"{name}: {ratio:.3f}")
                self.assertAlmostEqual(ratio, 1, delta=0.05)


if __name__ == "__main__":
    unittest.main()
