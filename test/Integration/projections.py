# REQUIRES: scikit-learn, aimc-run, aimcc
# RUN: %python %s
# ===- projections.py - Matrices of all sizes against NumPy ----------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Crossbar products of one cell, of one array, and of hundreds of tiles."""

import json
import os
import unittest
from pathlib import Path

import numpy as np
from integration import IntegrationTest
from sklearn.linear_model import Ridge

import aimc

IDEAL = Path(__file__).resolve().parents[2] / "lib/Runtime/Target/ideal.json"
CHIPS = 8
ROWS = 9


class ProjectionsTest(IntegrationTest):
    def check(self, inputs, outputs):
        """x·W of an inputs×outputs matrix, exact and on an ideal chip, against NumPy.

        Both are FP32 sums of K products, in tiles: within K·2^-24·Σ|x·w| of the
        true sum. The bound taken is a tenth of that for large K, where errors
        cancel.
        """
        generator = np.random.default_rng(inputs * 10007 + outputs)
        X = generator.normal(size=(ROWS, inputs)).astype(np.float32)
        ridge = Ridge(fit_intercept=False).fit(X[:, :1].repeat(inputs, axis=1), np.ones((ROWS, outputs)))
        ridge.coef_ = generator.normal(size=(outputs, inputs)).astype(np.float32)
        target = self.folder / "target.json"
        target.write_text(json.dumps(dict(json.loads(IDEAL.read_text()), name="ideal-chips", chips=CHIPS)))
        path = aimc.compile(ridge, target, self.folder / "placed.mlir", emit="placed")
        reference = X.astype(np.float64) @ ridge.coef_.T.astype(np.float64)
        bound = (2 + 0.1 * inputs) * 2.0**-24 * (np.abs(X) @ np.abs(ridge.coef_.T))
        for device in ("exact", "simulator"):
            with self.subTest(inputs=inputs, outputs=outputs, device=device):
                result = aimc.run(path, X, device=device, threads=os.cpu_count())
                error = np.abs(result.outputs - reference)
                self.assertTrue(np.all(error <= bound), f"largest error/bound {np.max(error / bound)}")

    def test_one_cell(self):
        self.check(1, 1)

    def test_one_array(self):
        self.check(256, 256)

    def test_ragged(self):
        self.check(257, 255)

    def test_many_tiles(self):
        self.check(3000, 5000)

    def test_too_large(self):
        """A matrix that does not fit is refused; the error names need and room."""
        ridge = Ridge(fit_intercept=False).fit(np.ones((2, 2000)), np.ones((2, 3000)))
        with self.assertRaisesRegex(aimc.ToolError, "expects.*core"):
            aimc.compile(ridge, "hermes", self.folder / "placed.mlir", emit="placed")
        self.assertFalse((self.folder / "placed.mlir").exists())


if __name__ == "__main__":
    unittest.main()
