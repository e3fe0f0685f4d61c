# REQUIRES: scikit-learn, aimc-run, aimcc
# RUN: %python %s
# ===- periphery.py - Tests of examples/periphery/run.py -------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""What coarse ADCs and fixed-point units cost, and what the example refuses."""

import importlib.util
import json
import subprocess
import sys
import unittest
from pathlib import Path

import numpy as np
from sklearn.linear_model import RidgeClassifier

RUN = Path(__file__).resolve().parents[2] / "examples/periphery/run.py"
spec = importlib.util.spec_from_file_location("run", RUN)
example = importlib.util.module_from_spec(spec)
spec.loader.exec_module(example)


class PeripheryTest(unittest.TestCase):
    def start(self, *options):
        return subprocess.run([sys.executable, RUN, *map(str, options)], capture_output=True, text=True, check=False)

    def report(self, *options):
        done = self.start(*options, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_coarse_adc(self):
        """Training through the ADC has most of its loss back (Ghosh et al. 2024).

        Four bits, u - .3 u^3, gains that differ by 10 % and offsets by 5 % of full scale,
        512 directions. NumPy has other gains and offsets, so means of ten seeds differ by
        some tenths of a point: their standard error over twenty is .3 and .15.
        """
        report = self.report("adc", "--seeds", 10)
        numpy_means = self.numpy_accuracies(10)
        for name, tolerance in (("ideal", 0.05), ("ideal_readout", 0.9), ("fitted_readout", 0.5)):
            with self.subTest(name):
                self.assertLess(abs(report["means"][name] - numpy_means[name]), tolerance)
        self.assertGreater(report["recovered"], 0.6)

    def numpy_accuracies(self, seeds):
        """The same in NumPy: converters act on the product with all directions."""
        found = {"ideal": [], "ideal_readout": [], "fitted_readout": []}
        for seed in range(seeds):
            X, X_test, y, y_test = example.split(seed)
            model = example.fit("rbf", 1024, X, y, seed)
            products = [each @ model[0].random_weights_.astype(float) for each in (X, X_test)]
            full_scale = np.abs(products[0]).max()
            generator = np.random.default_rng(seed)
            gains = 1 + 0.1 * generator.normal(size=512)
            offsets = 0.05 * generator.normal(size=512)

            def features(product):
                return np.hstack([np.cos(product), np.sin(product)]) / np.sqrt(512)

            def convert(product, full_scale=full_scale, gains=gains, offsets=offsets):
                u = np.clip(product / full_scale * gains + offsets, -1, 1)
                return np.clip(np.rint((u - 0.3 * u**3) * 7), -7, 7) / 7 * full_scale

            ideal = RidgeClassifier(alpha=0.1).fit(features(products[0]), y)
            fitted = RidgeClassifier(alpha=0.1).fit(features(convert(products[0])), y)
            converted = features(convert(products[1]))
            found["ideal"].append(ideal.score(features(products[1]), y_test))
            found["ideal_readout"].append(ideal.score(converted, y_test))
            found["fitted_readout"].append(fitted.score(converted, y_test))
        return {name: 100 * np.mean(values) for name, values in found.items()}

    def test_fixed_point(self):
        """A fixed-point unit loses at most .4 points to one of FP32 (Ferro et al. 2024)."""
        for name, means in self.report("fixed-point", "--seeds", 3)["means"].items():
            with self.subTest(map=name):
                self.assertGreater(means["fp32"], 96)
                self.assertLess(abs(means["fp32"] - means["fp16"]), 0.2)
                self.assertLessEqual(means["fp32"] - means["fixed_point"], 0.4)

    def test_errors(self):
        for options, message in (
            (("adc", "--bits", 1), "field 'adc.bits' expects an integer from 2 to 16, but got 1"),
            (("adc", "--cubic", 0.5), "field 'adc.nonlinearity.cubic' expects"),
            (("adc", "--seeds", 0), "expects an integer of at least 1, but got '0'"),
            (("dac",), "invalid choice: 'dac'"),
        ):
            with self.subTest(options=options):
                done = self.start(*options)
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(message, done.stderr)
                self.assertNotIn("Traceback", done.stderr)


if __name__ == "__main__":
    unittest.main()
