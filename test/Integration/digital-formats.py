# REQUIRES: numpy, aimc-run, aimcc
# RUN: %python %s
# ===- digital-formats.py - Units of fixed point and of FP16 ---------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Models behind fixed-point and FP16 units, to the bit against NumPy.

The crossbars have no noise, so a count is an integer known exactly: rows of integer
weights times integer inputs, in steps of the ADC that no sum lies between.
"""

import json
import tempfile
import unittest
from pathlib import Path

import numpy as np

import aimc
from aimc.tools import run_tool

# Two tiles of 16 rows and 3 columns, with largest weights of 8 and 4.
ROWS, COLUMNS, LARGEST = 16, 6, np.repeat([8, 4], 3)
# Counts are sums over 37 or 37 / 2: no halves.
OUTPUT_RANGE = 37 / 8
ASSUMED = {"provenance": "assumed", "source": "this test"}
FORMATS = {
    "published": {"value": (8,), "scale": (1, 7), "offset": (7, 1)},  # Ferro et al. 2024
    "narrow": {"value": (8,), "scale": (0, 4), "offset": (8, 0)},
    "wide": {"value": (10,), "scale": (2, 8), "offset": (6, 4)},
}


def make_target(unit):
    """`hermes` with ideal devices, small tiles, plain converters and `unit` at the cores."""
    target = json.loads(run_tool([aimc.find_tool("aimcc"), "--print-target", "hermes"]))
    target["name"] = "plain"
    target["device"] = {"kind": "ideal"}
    target["array"].update(rows=16, columns=3, usable_rows=16, usable_columns=3)
    target["dac"] = {"bits": 8, "default_range": 1.0, **ASSUMED}
    target["adc"] = {"bits": 8, "default_range": OUTPUT_RANGE, **ASSUMED}
    local = next(each for each in target["digital_units"] if each["name"] == "local")
    for field in ("format", "fixed_point"):
        local.pop(field, None)
    local.update(unit)
    return target


def fixed_point(format):
    bits = {"value_bits": format["value"][0]}
    for name in ("scale", "offset"):
        bits[f"{name}_integer_bits"], bits[f"{name}_fraction_bits"] = format[name]
    return {"format": "fixed_point", "fixed_point": {**bits, **ASSUMED}}


def dense(array):
    return f"dense<{json.dumps(np.asarray(array, dtype=float).tolist())}>"


def make_model(weights, bias, gain):
    """relu((x W + bias) gain) of any number of rows."""
    return f"""
#row = affine_map<(n, c) -> (n, c)>
#columns = affine_map<(n, c) -> (c)>
func.func @predict(%x: tensor<?x{ROWS}xf32>) -> tensor<?x{COLUMNS}xf32> {{
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %w = arith.constant {dense(weights)} : tensor<{ROWS}x{COLUMNS}xf32>
  %bias = arith.constant {dense(bias)} : tensor<{COLUMNS}xf32>
  %gain = arith.constant {dense(gain)} : tensor<{COLUMNS}xf32>
  %n = tensor.dim %x, %c0 : tensor<?x{ROWS}xf32>
  %e = tensor.empty(%n) : tensor<?x{COLUMNS}xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%e : tensor<?x{COLUMNS}xf32>) -> tensor<?x{COLUMNS}xf32>
  %p = linalg.matmul ins(%x, %w : tensor<?x{ROWS}xf32>, tensor<{ROWS}x{COLUMNS}xf32>)
      outs(%fill : tensor<?x{COLUMNS}xf32>) -> tensor<?x{COLUMNS}xf32>
  %y = linalg.generic {{indexing_maps = [#row, #columns, #columns, #row], iterator_types = ["parallel", "parallel"]}}
      ins(%p, %bias, %gain : tensor<?x{COLUMNS}xf32>, tensor<{COLUMNS}xf32>, tensor<{COLUMNS}xf32>)
      outs(%e : tensor<?x{COLUMNS}xf32>) {{
  ^bb0(%v: f32, %b: f32, %g: f32, %o: f32):
    %shifted = arith.addf %v, %b : f32
    %scaled = arith.mulf %shifted, %g : f32
    %r = arith.maximumf %scaled, %zero : f32
    linalg.yield %r : f32
  }} -> tensor<?x{COLUMNS}xf32>
  return %y : tensor<?x{COLUMNS}xf32>
}}
"""


class DigitalFormatsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        generator = np.random.default_rng(0)
        self.inputs = generator.integers(-127, 128, (500, ROWS))
        self.weights = generator.integers(-LARGEST, LARGEST + 1, (ROWS, COLUMNS))
        self.weights[0] = LARGEST
        self.bias = generator.uniform(-4, 4, COLUMNS).astype(np.float32)
        self.gain = generator.uniform(0.1, 1, COLUMNS).astype(np.float32)
        sums = self.inputs @ self.weights
        self.counts = np.clip(np.rint(sums / (LARGEST * OUTPUT_RANGE)).astype(np.int64), -127, 127)
        # Some are clipped, most are not.
        self.assertTrue(0.001 < np.mean(np.abs(self.counts) == 127) < 0.2)

    def outputs(self, unit, **options):
        """What the simulator gives, from the module and from a program."""
        model, target = self.folder / "model.mlir", self.folder / "target.json"
        model.write_text(make_model(self.weights, self.bias, self.gain))
        target.write_text(json.dumps(make_target(unit)))
        results = []
        for emit in ("placed", "runtime", "executable"):
            compiled = aimc.compile(model, target, self.folder / f"{emit}.mlir", emit=emit)
            self.assertTrue(emit != "runtime" or ("fixed_point" in unit) == ("aimc.fixed_point" in compiled.read_text()))
            if emit == "executable":
                compiled = compiled.rename(self.folder / "program")
            results.append(aimc.run(compiled, self.inputs / 127, device="simulator", **options).outputs)
        for other in results[1:]:
            np.testing.assert_array_equal(results[0], other)
        return results[0]

    def test_fixed_point(self):
        """round(x s + o) in integers, with s and o from the ranges of each column."""
        for name, format in FORMATS.items():
            with self.subTest(name):
                (bits,), scale_bits, offset_bits = format["value"], format["scale"], format["offset"]
                largest = 2 ** (bits - 1) - 1
                scale_largest = 2 ** scale_bits[0] - 2.0 ** -scale_bits[1]
                offset_largest = 2 ** (offset_bits[0] - 1) - 2.0 ** -offset_bits[1]
                # y = gain x count + gain bias.
                scale = self.gain.astype(float) * (OUTPUT_RANGE / 127 * LARGEST)
                offset = self.gain.astype(float) * self.bias
                unit = max(
                    np.max(scale + np.abs(offset) / largest),
                    np.max(scale) / scale_largest,
                    np.max(np.abs(offset)) / offset_largest,
                )
                s = np.rint(scale / unit * 2 ** scale_bits[1]).astype(np.int64)
                o = np.rint(offset / unit * 2 ** offset_bits[1]).astype(np.int64)
                self.assertTrue(np.all((s >= 0) & (s < 2 ** sum(scale_bits))))
                self.assertTrue(np.all(np.abs(o) < 2 ** (sum(offset_bits) - 1)))
                # Both in units of 2^-fraction; half of one more, and the fraction goes.
                fraction = max(scale_bits[1], offset_bits[1], 1)
                sums = (self.counts * s << fraction - scale_bits[1]) + (o << fraction - offset_bits[1])
                rounded = np.clip((sums + (1 << fraction - 1)) >> fraction, -largest - 1, largest)
                expected = np.maximum(rounded, 0).astype(np.float32) * np.float32(unit)
                outputs = self.outputs(fixed_point(format))
                np.testing.assert_array_equal(outputs.view(np.uint32), expected.view(np.uint32))
                # Another rounding would be seen.
                self.assertGreater(len(np.unique(rounded)), 50)

    def test_format_left_out(self):
        """Without the format what is left is FP32: the rounding of scales, offsets and results goes."""
        analog = self.counts * (OUTPUT_RANGE / 127 * LARGEST)
        expected = np.maximum((analog + self.bias) * self.gain.astype(float), 0)
        outputs = self.outputs(fixed_point(FORMATS["published"]), without="digital_format")
        np.testing.assert_allclose(outputs, expected, rtol=1e-5, atol=1e-5)

    def test_exact_device(self):
        """The exact device computes what the model says, folded or not."""
        self.outputs(fixed_point(FORMATS["narrow"]))
        expected = np.maximum((self.inputs / 127 @ self.weights + self.bias) * self.gain.astype(float), 0)
        for file in ("model.mlir", "placed.mlir", "runtime.mlir", "program"):
            with self.subTest(file):
                outputs = aimc.run(self.folder / file, self.inputs / 127).outputs
                np.testing.assert_allclose(outputs, expected, rtol=1e-5, atol=1e-5)

    def test_half(self):
        """Each instruction of an FP16 unit is rounded as NumPy's float16."""
        step = np.float32(np.float32(OUTPUT_RANGE) / np.float32(127))
        values = (self.counts.astype(np.float32) * step) * LARGEST.astype(np.float32)
        half = (values.astype(np.float16) + self.bias.astype(np.float16)) * self.gain.astype(np.float16)
        expected = np.maximum(half, np.float16(0)).astype(np.float32)
        outputs = self.outputs({"format": "fp16"})
        np.testing.assert_array_equal(outputs.view(np.uint32), expected.view(np.uint32))
        # FP32 has other bits.
        self.assertTrue(np.any(outputs != self.outputs({"format": "fp32"})))


if __name__ == "__main__":
    unittest.main()
