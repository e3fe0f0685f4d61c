# REQUIRES: scikit-learn, aimc-run, aimcc
# RUN: %python %s
# ===- measurements.py - Targets from measurements -------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Fits of known devices find them again, from formulas and from the simulator."""

import json
import unittest

import numpy as np
from integration import IntegrationTest

import aimc
from aimc.tools import ToolError, find_tool, run_tool

LARGEST = 20.7
COLUMNS = 256

# A device in uS, by g / g_max: mean error, deviation.
FORMULAS = {
    "error": lambda x: 0.4 - 1.2 * x,
    "noise": lambda x: 0.2 + 1.2 * x - 0.5 * x**2,
}


def base(**device):
    """The target `hermes` without noise that grows, with fields of the device in place of its own."""
    target = json.loads(run_tool([find_tool("aimcc"), "--print-target", "hermes"]))
    del target["device"]["low_frequency_noise"], target["device"]["drift"]
    for name, value in device.items():
        if value is None:
            target["device"].pop(name, None)
        else:
            target["device"][name] = value
    return target


def figure(value):
    return {"value": value, "unit": "1", "provenance": "assumed"}


def example_weights(rng):
    """256 x 256 weights, 30 % of them zeros, the largest 1."""
    weights = rng.uniform(-1, 1, (COLUMNS, COLUMNS))
    weights[rng.random(weights.shape) < 0.3] = 0
    return (weights / np.max(np.abs(weights))).astype(np.float32)


def programmed(rng, x, error=FORMULAS["error"], noise=FORMULAS["noise"]):
    """Conductances, uS, programmed to x."""
    return np.maximum(x * LARGEST + error(x) + noise(x) * rng.standard_normal(x.shape), 0)


class MeasurementsTest(IntegrationTest):
    def write(self, target):
        path = self.folder / "base.json"
        path.write_text(json.dumps(target), encoding="utf-8")
        return path

    def fit(self, target=None, **measured):
        return aimc.fit_target(
            self.folder / "fit.json", self.write(target or base()), source="a test", **measured
        )

    def assert_curves(self, fit, error, noise, samples, scale=1.0):
        """Tables agree with formulas to four standard errors of normal values.

        The value at a point of a piecewise linear fit has at most 3.2 times the variance of a mean of the
        samples that are nearest to it: (sum of squared hats)^-1 of even samples, at an end.
        """
        for name, formula, factor in (("error", error, 1.0), ("noise", noise, 0.5)):
            found = fit[f"device.programming_{name}"]
            x = found.points / LARGEST
            deviation = scale * np.sqrt(3.2 * factor) * noise(x) / np.sqrt(samples(found))
            # Between points the parabola is above the line by 0.5/8 of the squared distance.
            self.assertLess(np.max(np.abs(found.values - formula(x)) - 4 * deviation), 0.002, name)
            self.assertLess(found.residual, 4 * np.max(noise(x)) / np.sqrt(np.min(found.samples)), name)
            self.assertEqual(found.unit, "uS")

    def test_conductances(self):
        """Mean and deviation come back, also where half of the values are cut off at 0."""
        rng = np.random.default_rng(0)
        x = np.abs(example_weights(rng))
        fit = self.fit(base(read_noise=None), conductances=(x * LARGEST, programmed(rng, x)))
        self.assert_curves(fit, FORMULAS["error"], FORMULAS["noise"], lambda found: found.samples)
        self.assertEqual(np.sum(fit["device.programming_noise"].samples), x.size)
        target = json.loads(run_tool([find_tool("aimcc"), "--print-target", fit.path]))
        self.assertEqual(target["name"], "hermes-measured")
        self.assertEqual(target["device"]["kind"], "table")
        for name in ("programming_error", "programming_noise"):
            self.assertEqual(target["device"][name]["provenance"], "measured")
            self.assertEqual(target["device"][name]["source"], "a test")
        self.assertIn("device.programming_noise: from ", str(fit))

    def test_zero_is_cut(self):
        """A mean error that is below 0 at 0 shows in the fewer values above it."""
        rng = np.random.default_rng(1)
        x = np.abs(example_weights(rng))
        measured = programmed(rng, x, error=lambda x: -0.1 - x)
        fit = self.fit(base(read_noise=None), conductances=(x * LARGEST, measured))
        self.assertAlmostEqual(fit["device.programming_error"].values[0], -0.1, delta=0.02)
        self.assertAlmostEqual(fit["device.programming_noise"].values[0], 0.2, delta=0.01)

    def test_reads(self):
        """Several reads give read noise, which is then not part of programming noise."""
        rng = np.random.default_rng(2)
        x = np.abs(example_weights(rng))
        g = programmed(rng, x)
        reads = g + LARGEST * 0.03 * np.sqrt(x) * rng.standard_normal((4, *x.shape))
        fit = self.fit(conductances=(x * LARGEST, np.maximum(reads, 0)))
        found = fit["device.read_noise.deviation"]
        # The variance of 3 x 65536 squares, of which those of large weights count most.
        self.assertAlmostEqual(float(found.values), 0.03, delta=4 * 0.03 * np.sqrt(1 / (3 * x.size)))
        self.assert_curves(fit, FORMULAS["error"], FORMULAS["noise"], lambda found: found.samples, scale=1.1)

    def test_weights(self):
        """Differences of pairs give the same; the mean error at 0 does not show."""
        rng = np.random.default_rng(3)
        w = example_weights(rng)

        def error(x):
            return -1.2 * x

        pairs = [programmed(rng, np.maximum(sign * w, 0), error) / LARGEST for sign in (1, -1)]
        fit = self.fit(base(read_noise=None), weights=(w, pairs[0] - pairs[1]))
        self.assert_curves(fit, error, FORMULAS["noise"], lambda found: found.samples, scale=1.1)

    def test_gains_and_offsets(self):
        """Are in the target as given, for all cores or for each; the device stays as it is."""
        rng = np.random.default_rng(4)
        target = json.loads(run_tool([find_tool("aimcc"), "--print-target", "hermes"]))
        target["adc"]["gain_spread"] = {"value": 0.07, "unit": "1", "provenance": "assumed"}
        gains, offsets = 1 + 0.07 * rng.standard_normal(COLUMNS), 0.01 * rng.standard_normal((64, COLUMNS))
        fit = self.fit(target, gains=gains, offsets=offsets, name="mine")
        found = json.loads(run_tool([find_tool("aimcc"), "--print-target", fit.path]))
        np.testing.assert_allclose(found["adc"]["columns"]["gains"], gains, rtol=1e-8)
        np.testing.assert_allclose(found["adc"]["columns"]["offsets"], offsets, rtol=1e-8, atol=1e-10)
        self.assertNotIn("gain_spread", found["adc"])
        self.assertEqual(found["device"], target["device"])
        self.assertEqual(found["name"], "mine")

    def compile_product(self, weights, target):
        """A module of one product with `weights`, placed on `target` with its default ranges."""
        model = self.folder / "product.mlir"
        rows, columns = weights.shape
        model.write_text(
            f"""func.func @main(%x: tensor<?x{rows}xf32>) -> tensor<?x{columns}xf32> {{
  %0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<"0x{weights.astype("<f4").tobytes().hex()}"> : tensor<{rows}x{columns}xf32>
  %n = tensor.dim %x, %0 : tensor<?x{rows}xf32>
  %empty = tensor.empty(%n) : tensor<?x{columns}xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x{columns}xf32>) -> tensor<?x{columns}xf32>
  %y = linalg.matmul ins(%x, %w : tensor<?x{rows}xf32>, tensor<{rows}x{columns}xf32>)
    outs(%init : tensor<?x{columns}xf32>) -> tensor<?x{columns}xf32>
  return %y : tensor<?x{columns}xf32>
}}
"""
        )
        return aimc.compile(model, target, self.folder / "placed.mlir", emit="placed")

    def test_products_of_the_simulator(self):
        """The simulator as the real array: its parts come back, and with them its errors."""
        rng = np.random.default_rng(5)
        x = np.linspace(0, LARGEST, 17)
        table = {"unit": "uS", "provenance": "assumed", "conductances": list(x)}
        noise = FORMULAS["noise"](x / LARGEST)
        device = {
            "kind": "table",
            "programming_noise": {**table, "values": list(noise)},
            "programming_error": {**table, "values": list(-0.4 * np.sin(np.pi * x / LARGEST) ** 2)},
            "output_noise": {"value": 0.03, "unit": "1", "provenance": "assumed"},
        }
        for rounding in ("nearest", "toward_zero"):
            with self.subTest(rounding=rounding):
                target = base(**device)
                gains, offsets = 1 + 0.07 * rng.standard_normal(COLUMNS), 0.01 * rng.standard_normal(COLUMNS)
                columns = {"gains": list(gains), "offsets": list(offsets), "provenance": "assumed"}
                target["adc"].update(bits=10, rounding=rounding, columns=columns)
                weights = example_weights(rng)
                # Vectors of many magnitudes, which tell read noise from output noise.
                inputs = rng.uniform(0.1, 0.4, (3000, 1)) * rng.uniform(-1, 1, (3000, COLUMNS))
                inputs = (np.rint(127 * inputs) / 127).astype(np.float32)
                real = self.compile_product(weights, self.write(target))
                outputs = aimc.run(real, inputs, device="simulator", seed=7).outputs
                fit = self.fit(target, products=(inputs, weights, outputs))

                # A gain is known up to what the errors of 256 weights add to it, and has what they share: the
                # mean error, and that of the devices of target 0 on the other side.
                shared = np.interp(np.abs(weights) * LARGEST, x, device["programming_error"]["values"])
                shared -= 0.2 / np.sqrt(2 * np.pi)
                shared = np.sum(shared * np.abs(weights)) / np.sum(weights**2) / LARGEST
                error = fit["adc.columns.gains"].values / gains - 1
                self.assertLess(np.std(error), 1.2 * np.max(noise) / LARGEST / np.sqrt(0.7 * COLUMNS / 3))
                self.assertAlmostEqual(np.mean(error), shared, delta=0.0025)
                error = fit["adc.columns.offsets"].values - offsets
                self.assertLess(np.max(np.abs(error)), 4.5 * 0.06 / 10 / np.sqrt(len(inputs)) + 0.0002)
                self.assertAlmostEqual(float(fit["device.output_noise"].values), 0.03, delta=0.0015)
                self.assertAlmostEqual(float(fit["device.read_noise.deviation"].values), 0.0175, delta=0.0006)
                found = fit["device.programming_noise"]
                np.testing.assert_allclose(found.values, noise, rtol=4 * np.sqrt(3.2 / 2 / np.min(found.samples)))

                # Other chips of the fitted target are as far from exact as those of the real one.
                errors = []
                for path in (self.write(target), fit.path):
                    model = self.compile_product(weights, path)
                    exact = inputs @ weights
                    distances = [
                        np.linalg.norm(aimc.run(model, inputs, device="simulator", seed=seed).outputs - exact)
                        for seed in range(3)
                    ]
                    errors.append(np.mean(distances) / np.linalg.norm(exact))
                print(f"{rounding}: relative error {errors[0]:.4f}, of the fitted target {errors[1]:.4f}")
                self.assertLess(np.abs(errors[1] / errors[0] - 1), 0.02)

    def test_products_through_the_periphery_of_a_base(self):
        """A transfer curve and wires of the base are not in the fit a second time."""
        curve = np.linspace(-1, 1, 33)
        periphery = {
            "cubic": {"cubic": 0.3},
            "table": {"table": list(curve - 0.1 * curve**3 + 0.02 * np.cos(np.pi * curve))},
            "1 ohm": 1.0,
            "9.24 ohm": 9.24,
        }
        for name, part in periphery.items():
            with self.subTest(name=name):
                rng = np.random.default_rng(8)
                target = base()
                target["dac"]["rounding"] = "nearest"
                target["adc"].update(bits=10, rounding="nearest")
                if isinstance(part, dict):
                    target["adc"]["nonlinearity"] = {**part, "provenance": "assumed"}
                else:
                    target["array"]["segment_resistance"] = {"value": part, "unit": "ohm", "provenance": "assumed"}
                weights = example_weights(rng)
                inputs = rng.uniform(0.1, 0.4, (3000, 1)) * rng.uniform(-1, 1, (3000, COLUMNS))
                inputs = (np.rint(127 * inputs) / 127).astype(np.float32)
                real = self.compile_product(weights, self.write(target))
                outputs = aimc.run(real, inputs, device="simulator", seed=7).outputs
                fit = self.fit(target, products=(inputs, weights, outputs))
                fitted = json.loads(fit.path.read_text())
                for section in ("adc", "array"):
                    for field in ("nonlinearity", "segment_resistance"):
                        self.assertEqual(fitted[section].get(field), target[section].get(field))
                exact = inputs @ weights
                errors, slopes = [], []
                for path in (self.write(target), fit.path):
                    model = self.compile_product(weights, path)
                    runs = [aimc.run(model, inputs, device="simulator", seed=seed).outputs for seed in range(2)]
                    errors.append(np.mean([np.linalg.norm(run - exact) for run in runs]) / np.linalg.norm(exact))
                    slopes.append(np.mean([np.vdot(run, exact) for run in runs]) / np.vdot(exact, exact))
                gain = np.mean(fit["adc.columns.gains"].values)
                read = float(fit["device.read_noise.deviation"].values)
                print(f"{name}: errors {errors}, slopes {slopes}, mean gain {gain:.4f}, read noise {read:.4f}")
                self.assertAlmostEqual(errors[1] / errors[0], 1, delta=0.03)
                self.assertAlmostEqual(slopes[1] / slopes[0], 1, delta=0.003)

    def test_products_at_saturation(self):
        """Are refused, as sums or as outputs."""
        rng = np.random.default_rng(9)
        target = base()
        target["adc"]["saturation"] = {"value": 3, "unit": "1", "provenance": "assumed"}
        weights = example_weights(rng)
        inputs = rng.uniform(-0.4, 0.4, (400, COLUMNS))
        outputs = np.clip(inputs @ weights, -3, 3)
        cases = (
            ((inputs, weights, outputs), "sums of inputs and weights below the saturation of 3 of the base's ADC, but got"),
            ((inputs / 4, weights, inputs @ weights), "outputs below the saturation of 3 of the base's ADC, but got"),
        )
        for products, message in cases:
            with self.assertRaises(ValueError) as caught:
                self.fit(target, products=products, gains=np.ones(COLUMNS))
            self.assertIn(message, str(caught.exception))
            self.assertFalse((self.folder / "fit.json").exists())

    def test_reads_replace_a_window(self):
        """Measured read noise is of one form, for which a window has no meaning."""
        rng = np.random.default_rng(10)
        target = json.loads(run_tool([find_tool("aimcc"), "--print-target", "hermes"]))
        second = {"value": 1, "unit": "s", "provenance": "assumed"}
        target["device"]["low_frequency_noise"]["window"] = second
        target["device"]["read_noise"] = {"form": "low_frequency"}
        x = np.abs(example_weights(rng))
        g = programmed(rng, x, noise=lambda x: 2 + 0 * x)
        reads = np.maximum(g + LARGEST * 0.03 * np.sqrt(x) * rng.standard_normal((4, *x.shape)), 0)
        fit = self.fit(target, conductances=(x * LARGEST, reads))
        fitted = json.loads(fit.path.read_text())["device"]
        self.assertEqual(fitted["read_noise"]["form"], "square_root")
        self.assertNotIn("window", fitted["low_frequency_noise"])

    def test_saturated_vectors(self):
        """Vectors in which an output reaches the end of the ADC's range may be left out: the fit is that of the others."""
        rng = np.random.default_rng(8)
        inputs = rng.uniform(-0.3, 0.3, (2000, COLUMNS))
        weights = example_weights(rng)
        measured = [programmed(rng, np.maximum(sign * weights, 0)) / LARGEST for sign in (1, -1)]
        outputs = inputs @ (measured[0] - measured[1]) + 0.05 * rng.standard_normal((2000, COLUMNS))
        outputs = np.rint(outputs * 12.7) / 12.7
        saturated = outputs.copy()
        saturated[7, 3] = saturated[1500, 200] = 10
        with self.assertRaisesRegex(ValueError, "but got 2 of 512000 that reach it; drop_saturated=True leaves their"):
            self.fit(products=(inputs, weights, saturated))
        keep = np.delete(np.arange(2000), [7, 1500])
        wanted = self.fit(products=(inputs[keep], weights, outputs[keep]))
        found = self.fit(products=(inputs, weights, saturated), drop_saturated=True)
        for fit in wanted.fits:
            np.testing.assert_array_equal(found[fit.field].values, fit.values)
        self.assertEqual(found["device.output_noise"].samples, 1998 * COLUMNS)

    def test_formulas_become_tables(self):
        """Drift and low-frequency noise of the base are those of its formulas, to 0.1 %."""
        rng = np.random.default_rng(6)
        x = np.abs(example_weights(rng))
        # More noise than the low-frequency noise of the base, which is taken off.
        measured = programmed(rng, x, noise=lambda x: 2 + 0 * x)
        fit = aimc.fit_target(self.folder / "fit.json", source="a test", conductances=(x * LARGEST, measured))
        for name, scale in (("drift.mean", 0.1), ("drift.deviation", 0.02), ("low_frequency_noise", 0.02)):
            self.assertLess(fit[f"device.{name}"].residual, 1e-3 * scale)
        weights = example_weights(rng)
        inputs = rng.uniform(-0.4, 0.4, (500, COLUMNS)).astype(np.float32)
        exact = inputs @ weights
        later = []
        target = json.loads(run_tool([find_tool("aimcc"), "--print-target", "hermes"]))
        target["device"]["programming_noise"]["coefficients"] = [0]
        fitted = json.loads(fit.path.read_text())
        for name in ("programming_error", "programming_noise"):
            fitted["device"][name]["values"] = [0] * 17
        for chip in (target, fitted):
            model = self.compile_product(weights, self.write(chip))
            outputs = aimc.run(model, inputs, device="simulator", seed=1, time=86400).outputs
            later.append(np.linalg.norm(outputs - exact) / np.linalg.norm(exact))
        self.assertAlmostEqual(later[1] / later[0], 1, delta=0.01)

    def test_wrong_measurements(self):
        """Each is a sentence, and no file is written."""
        rng = np.random.default_rng(7)
        g = np.linspace(0, LARGEST, 2000)
        w = np.linspace(-1, 1, 2000)
        X = rng.uniform(-1, 1, (400, COLUMNS))
        W = rng.uniform(-1, 1, (COLUMNS, COLUMNS))
        Y = X @ W / 10
        flat = X.copy()
        flat[:, 3] = flat[:, 4]
        hermes = json.loads(run_tool([find_tool("aimcc"), "--print-target", "hermes"]))
        quiet = g + 0.1 * rng.random(2000)
        ideal = json.loads(run_tool([find_tool("aimcc"), "--print-target", "ideal"]))
        four = base()
        four["mode"] = "4-phase"
        both, falling = base(), base()
        both["adc"].update(nonlinearity={"cubic": 0.1, "provenance": "assumed"}, gain_spread=figure(0.07))
        both["adc"]["correction"] = {"gain_residual": figure(0.01), "offset_residual": figure(0.01)}
        falling["adc"]["nonlinearity"] = {"table": [-1, 0.2, 0.1, 1], "provenance": "assumed"}
        nan = g.copy()
        nan[5] = np.nan
        dead = Y.copy()
        dead[:, 9] = 0
        cases = [
            ({}, "expects conductances, weights, products, gains or offsets, but got none of them"),
            ({"conductances": (g, g), "weights": (w, w)}, "expects conductances or weights, but got both"),
            ({"conductances": g}, "conductances expects 2 arrays, but got ndarray"),
            ({"conductances": (g, g, g)}, "conductances expects 2 arrays, but got 3"),
            ({"conductances": (g, ["a"])}, "conductances expects arrays of numbers, but got list"),
            ({"conductances": (g, g + 1j)}, "conductances expects real numbers, but got complex ones"),
            ({"conductances": (g, nan)}, "conductances expects finite numbers, but got nan"),
            ({"conductances": (g, g[1:])}, "targets' shape (2000,), or several reads of it, but got (1999,)"),
            ({"conductances": (g, g[None])}, "conductances expects two reads or more, but got 1"),
            ({"conductances": (g, 3.0)}, "targets' shape (2000,), or several reads of it, but got ()"),
            ({"conductances": (g + 1, g)}, "expects targets from 0 to 20.7 uS, but got 21.7"),
            ({"conductances": (g, g - 1)}, "expects measured values of 0 uS or more, but got -1"),
            ({"conductances": (g / 2, g)}, "20 or more values nearest to each of 17 points, but got 0 at 11.64 uS"),
            ({"conductances": (g[::10], g[::10])}, "nearest to each of 17 points, but got 6 at 20.7 uS"),
            (
                {"conductances": (np.repeat([5.0, LARGEST], 50),) * 2, "points": [0, 10, LARGEST]},
                "20 or more values nearest to each of 3 points, but got 0 at 10 uS",
            ),
            (
                {"conductances": (np.repeat([4.49, 4.51, 13, LARGEST], 50),) * 2, "points": [0, 9, 13, LARGEST]},
                "spread over a table of 4 points, but got 4 different ones that do not determine it",
            ),
            ({"target": hermes, "conductances": (g, quiet)}, "expects a larger spread than the read and low-frequency"),
            ({"conductances": (g, g), "points": 1}, "points expects a number from 2 to 64, but got 1"),
            ({"conductances": (g, g), "points": [0, 3, 2]}, "points expects 2 to 64 ascending conductances, but got"),
            ({"conductances": (g, g), "points": [0, 3]}, "points expects conductances from 0 to 20.7 uS, but got 0 to 3"),
            ({"weights": (w, w[1:])}, "shape (2000,) of the programmed ones, but got (1999,)"),
            ({"weights": (2 * w, w)}, "weights expects programmed weights from -1 to 1, in units of the largest, but got"),
            ({"gains": np.ones(255)}, "gains expects 256 numbers, or so many for each of 64 cores, but got (255,)"),
            ({"gains": np.zeros(256)}, "gains expects numbers from 0.01 to 100, but got 0"),
            ({"offsets": np.full(256, 2.0)}, "offsets expects numbers from -1 to 1, but got 2"),
            ({"products": (X, W)}, "products expects 3 arrays, but got 2"),
            ({"products": (X[0], W, Y)}, "three matrices, but got arrays of 1, 2 and 2 dimensions"),
            ({"products": (X, W[1:], Y)}, "but got (400, 256), (255, 256) and (400, 256)"),
            ({"products": (X, W[:, 1:], Y[:, 1:])}, "1 to 256 rows and 256 columns, as the base's array, but got 256 and 255"),
            ({"products": (X[:270], W, Y[:270])}, "277 vectors or more for 256 rows, but got 270"),
            ({"products": (2 * X, W, Y)}, "products expects inputs from -1 to 1, but got"),
            ({"products": (flat, W, Y)}, "inputs of rank 257 with a constant, but got rank 256"),
            ({"products": (X, W, 10 * Y)}, "outputs within the ADC's range of 10, but got"),
            ({"products": (X, W, 10 * Y), "drop_saturated": True}, "277 vectors or more for 256 rows, but got "),
            ({"products": (X, W, dead)}, "products expects columns that conduct, with gains of 0.01 or more, but got"),
            ({"products": (X, W, Y), "gains": np.ones((64, 256))}, "gains expects 256 numbers beside products"),
            ({"target": ideal, "weights": (w, w)}, "weights expects a base whose devices have conductances, but got an"),
            ({"target": ideal, "gains": np.ones(256)}, "gains expects a base whose ADC has steps, but got an ideal one"),
            ({"target": four, "products": (X, W, Y)}, "expects a base whose mode has one phase, but got 4"),
            ({"target": both, "products": (X, W, Y)}, "expects a base without correction beside a nonlinearity, but got"),
            ({"target": falling, "products": (X, W, Y)}, "nonlinearity rises from value to value, but got a table that"),
            ({"gains": np.ones(256), "name": ""}, "expects a name that is a text and not empty, but got ''"),
        ]
        for arguments, message in cases:
            with self.subTest(message=message):
                with self.assertRaises(ValueError) as caught:
                    self.fit(**arguments)
                self.assertIn(message, str(caught.exception))
                self.assertFalse((self.folder / "fit.json").exists())
        with self.assertRaisesRegex(ValueError, "expects a source that is a text and not empty, but got ''"):
            aimc.fit_target(self.folder / "fit.json", source="", gains=np.ones(256))
        output = self.folder / "none/fit.json"
        with self.assertRaises(ValueError) as caught:
            aimc.fit_target(output, source="a test", gains=np.ones(256))
        self.assertEqual(
            str(caught.exception), f"expects an output that can be written, but got '{output}': No such file or directory"
        )
        with self.assertRaises(ToolError):
            aimc.fit_target(self.folder / "fit.json", "no-such-target", source="a test", gains=np.ones(256))
        self.assertEqual([path.name for path in self.folder.iterdir()], ["base.json"])


if __name__ == "__main__":
    unittest.main()
