# REQUIRES: scikit-learn, aimc-run, aimcc
# RUN: %python %s
# ===- gaussian-process.py - Tests of examples/gaussian_process/run.py -----===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""The example against scikit-learn's exact process, and what it refuses."""

import importlib.util
import json
import subprocess
import sys
import unittest
from pathlib import Path

import numpy as np
from integration import IntegrationTest
from sklearn.datasets import load_diabetes

RUN = Path(__file__).resolve().parents[2] / "examples/gaussian_process/run.py"


class GaussianProcessTest(IntegrationTest):
    def setUp(self):
        super().setUp()
        self.x, self.y = load_diabetes(return_X_y=True)
        self.file = self.folder / "data.npz"
        np.savez(self.file, x=self.x, y=self.y)

    def start(self, *options):
        command = [sys.executable, RUN, *map(str, options)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def report(self, *options):
        done = self.start(*options, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_devices(self):
        """Features approach the exact process; the chip stays near them."""
        report = self.report("--data", self.file, "--directions", 128, "--seeds", 2)
        self.assertEqual(report["rows"], [221, 221])
        exact_process, exact, simulator = report["summary"]
        self.assertEqual([row["device"] for row in report["summary"]], ["exact process", "exact", "simulator"])
        self.assertEqual(exact_process["mean_difference"], 0)
        # What a constant has is an error of 1; the noise of the data is 0.69.
        self.assertLess(exact_process["error"], 0.75)
        for row, off in ((exact, 0.05), (simulator, 0.1)):
            self.assertLess(abs(row["error"] - exact_process["error"]), off)
            self.assertLess(row["mean_difference"], off)
            self.assertLess(row["deviation_difference"], off)
            self.assertLess(abs(row["negative_log_density"] - exact_process["negative_log_density"]), off)
            self.assertGreater(row["coverage"], 0.9)

    def test_converges(self):
        """More directions are nearer to the exact process, in mean and deviation."""
        few, many = (
            self.report("--directions", m, "--seeds", 2, "--device", "exact")["summary"][1] for m in (16, 512)
        )
        self.assertLess(many["mean_difference"], few["mean_difference"] / 3)
        self.assertLess(many["deviation_difference"], few["deviation_difference"])
        self.assertLess(many["mean_difference"], 0.03)

    def test_one_seed(self):
        """Without several seeds there is no deviation over them."""
        done = self.start("--directions", 16, "--seeds", 1, "--device", "exact")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("±", done.stdout)
        self.assertEqual(len(done.stdout.splitlines()), 4)

    @unittest.skipIf(importlib.util.find_spec("matplotlib") is None, "matplotlib is not installed")
    def test_plot(self):
        for options in ((), ("--data", self.file)):
            image = self.folder / "plot.svg"
            done = self.start("--directions", 16, "--seeds", 1, "--plot", image, *options)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("<svg", image.read_text())

    def test_errors(self):
        def refuse(message, *options):
            done = self.start(*options)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertRegex(done.stderr, rf"^run.py: error: .*{message}")

        wrong = self.folder / "wrong.npz"
        for arrays, message in (
            ({"x": self.x}, "expects x and y in .* but got x"),
            ({"x": self.x, "y": self.y[1:]}, "as many rows, at least 4, .* but got 442 and 441"),
            ({"x": self.x[:3], "y": self.y[:3]}, "at least 4, .* but got 3 and 3"),
            ({"x": np.where(self.x == self.x[5], np.nan, self.x), "y": self.y}, "expects finite values"),
        ):
            np.savez(wrong, **arrays)
            refuse(message, "--data", wrong)
        refuse("No such file", "--data", self.folder / "none.npz")
        refuse("expects an integer of at least 1, but got '0'", "--directions", 0)
        refuse("expects some of exact, simulator, but got 'quantum'", "--device", "exact,quantum")
        refuse("expects a file x.svg or x.png, but got 'plot.txt'", "--plot", "plot.txt")
        refuse("nosuch", "--target", "nosuch", "--device", "simulator", "--directions", 8, "--seeds", 1)
        if importlib.util.find_spec("matplotlib") is None:
            refuse("--plot expects matplotlib", "--plot", "plot.svg")


if __name__ == "__main__":
    unittest.main()
