# REQUIRES: scikit-learn, aimc-run, aimcc
# RUN: %python %s
# ===- simulator.py - Accuracy on the simulated chip -----------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""The simulated chip loses less than a point; without calibration it does not."""

import json
import unittest

import numpy as np
from integration import IntegrationTest, digits, digits_model

import aimc
from aimc.tools import find_tool, run_tool

CHIPS = 10


class SimulatorTest(IntegrationTest):
    def loss(self, scaled, calibrate, target="hermes", **options):
        """Mean loss of test accuracy over chips of ten seeds, in points."""
        X, X_test, y, y_test = digits()
        pipeline = digits_model(scaled).fit(X, y)
        path = self.folder / "placed.mlir"
        aimc.compile(pipeline, target, path, calibrate=X if calibrate else None, emit="placed", **options)
        result = aimc.run(path, X_test, labels=y_test, device="simulator", chips=CHIPS)
        self.assertEqual(len(result.accuracies), CHIPS)
        self.assertAlmostEqual(result.accuracy, np.mean(result.accuracies))
        accuracy = pipeline.score(X_test, y_test)
        print(f"{self.id()}: {100 * accuracy:.2f} %, {CHIPS} chips {100 * result.accuracy:.2f} %")
        return 100 * (accuracy - result.accuracy)

    def test_calibrated(self):
        """Raw and scaled pixels; scaled ones are up to 40 standard deviations."""
        for scaled in (False, True):
            with self.subTest(scaled=scaled):
                self.assertLess(self.loss(scaled, calibrate=True), 1)

    def test_calibration_is_needed(self):
        """The target's default input range of 1 clips pixels, which reach 16."""
        self.assertGreater(self.loss(False, calibrate=False), 20)

    def test_largest_values(self):
        """Ranges of the largest values drown scaled pixels in output noise.

        A rare pixel is 37 standard deviations, the others are below 4. Target pcm
        has such noise, hermes has that of its devices alone.
        """
        self.assertGreater(self.loss(True, calibrate=True, target="pcm", rule="max"), 3)

    def test_seeds(self):
        """A seed gives the same bits each time, another seed others."""
        X, X_test, y, _ = digits()
        pipeline = digits_model(False, 256).fit(X, y)
        path = aimc.compile(pipeline, "hermes", self.folder / "placed.mlir", calibrate=X, emit="placed")
        first, again, other = (aimc.run(path, X_test, device="simulator", seed=s).outputs for s in (1, 1, 2))
        np.testing.assert_array_equal(first, again)
        self.assertTrue(np.any(first != other))

    def test_time(self):
        """Compensated drift of a year costs little; without compensation, and with fixed ranges, more."""
        X, X_test, y, y_test = digits()
        pipeline = digits_model(True).fit(X, y)
        accuracies = []
        for compensation in ("global", "none"):
            target = json.loads(run_tool([find_tool("aimcc"), "--print-target", "hermes"]))
            target["device"]["drift"]["compensation"] = compensation
            (self.folder / "chip.json").write_text(json.dumps(target), encoding="utf-8")
            path = aimc.compile(
                pipeline, self.folder / "chip.json", self.folder / "placed.mlir", calibrate=X, emit="placed"
            )
            accuracies += [
                aimc.run(path, X_test, labels=y_test, device="simulator", chips=CHIPS, time=time).accuracy
                for time in (0, 360 * 86400)
            ]
        now, later, _, uncompensated = accuracies
        print(f"{self.id()}: {accuracies}")
        self.assertGreater(now, later - 0.005)
        self.assertGreater(later, 0.9)
        self.assertLess(uncompensated, later - 0.05)

    def test_batches_and_threads(self):
        """Neither the cut into batches nor the threads change a bit."""
        X, X_test, y, _ = digits()
        pipeline = digits_model(True, 256).fit(X, y)
        path = aimc.compile(pipeline, "hermes", self.folder / "placed.mlir", calibrate=X, emit="placed")
        whole = aimc.run(path, X_test, device="simulator", threads=1).outputs
        cut = [
            aimc.run(path, X_test[i : i + 97], device="simulator", threads=3, first_vector=i).outputs
            for i in range(0, len(X_test), 97)
        ]
        np.testing.assert_array_equal(whole, np.concatenate(cut))


if __name__ == "__main__":
    unittest.main()
