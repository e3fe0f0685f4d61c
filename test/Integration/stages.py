# REQUIRES: scikit-learn, aimc-run, aimcc
# RUN: %python %s
# ===- stages.py - Every stage computes the same ---------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""A module of any stage, and the emitted program, give the same bits."""

import unittest

import numpy as np
from integration import IntegrationTest, digits, digits_model
from sklearn.linear_model import Ridge

import aimc

STAGES = ("aimc", "split", "tiled", "calibrated", "placed", "runtime")


class StagesTest(IntegrationTest):
    def test_exact(self):
        """On `exact`, each stage and the program agree with the model as written.

        The projection has 64 rows, one tile, so that tiling cuts no sum and the
        bits must be equal.
        """
        X, X_test, y, _ = digits()
        for scaled in (False, True):
            model = aimc.export(digits_model(scaled, 300).fit(X, y), self.folder / "model.mlir")
            reference = aimc.run(model, X_test).outputs
            for stage in STAGES + ("executable",):
                with self.subTest(scaled=scaled, stage=stage):
                    suffix = "" if stage == "executable" else ".mlir"
                    path = aimc.compile(
                        model, "hermes", self.folder / f"{stage}{suffix}", calibrate=X[:200], emit=stage
                    )
                    np.testing.assert_array_equal(aimc.run(path, X_test).outputs, reference)

    def test_simulator(self):
        """On the simulator, what is placed and what is emitted agree."""
        X, X_test, y, _ = digits()
        model = aimc.export(digits_model(True, 300).fit(X, y), self.folder / "model.mlir")
        outputs = []
        for stage in ("placed", "runtime", "executable"):
            suffix = "" if stage == "executable" else ".mlir"
            path = aimc.compile(model, "hermes", self.folder / f"{stage}{suffix}", calibrate=X, emit=stage)
            outputs.append(aimc.run(path, X_test, device="simulator", seed=5).outputs)
        np.testing.assert_array_equal(outputs[0], outputs[1])
        np.testing.assert_array_equal(outputs[0], outputs[2])

    def test_partial_sums(self):
        """Tiling a tall matrix changes the order of its sums, and no more.

        600 rows are three tiles. A sum of K products differs from another order
        by at most K·2^-23·Σ|x·w|; 1e-5 of it is far more than happens.
        """
        generator = np.random.default_rng(0)
        X = generator.normal(size=(50, 600))
        ridge = Ridge().fit(X, generator.normal(size=(50, 3)))
        model = aimc.export(ridge, self.folder / "model.mlir")
        bound = 1e-5 * (np.abs(X) @ np.abs(ridge.coef_.T)).max()
        for stage in STAGES:
            with self.subTest(stage=stage):
                path = aimc.compile(model, "hermes", self.folder / f"{stage}.mlir", calibrate=X, emit=stage)
                np.testing.assert_allclose(aimc.run(path, X).outputs, ridge.predict(X), rtol=0, atol=bound)


if __name__ == "__main__":
    unittest.main()
