# ===- integration.py - What the end-to-end tests share --------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Data, models, and the comparison with scikit-learn."""

import tempfile
import unittest
from pathlib import Path

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.kernel_approximation import RBFSampler
from sklearn.linear_model import RidgeClassifier
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import aimc

# The exact device computes in FP32, scikit-learn in FP64. Phases of some tens of
# radians are rounded to 2^-24 of their size, and a score sums a thousand
# features, so scores agree to 1e-4 of the largest with room to spare.
SCORE_TOLERANCE = 1e-4


def digits():
    """X_train, X_test, y_train, y_test of 8×8 digits: 1347 and 450 rows, 64 columns."""
    X, y = load_digits(return_X_y=True)
    return train_test_split(X, y, test_size=0.25, random_state=0, stratify=y)


def wdbc():
    """The same of the breast cancer data: 426 and 143 rows, 30 columns, two classes."""
    X, y = load_breast_cancer(return_X_y=True)
    return train_test_split(X, y, test_size=0.25, random_state=0, stratify=y)


def digits_model(scaled, components=1024, readout=None):
    """A classifier of digits, not fitted; `scaled` puts a StandardScaler in front."""
    sampler = RBFSampler(gamma=0.01 if scaled else 0.001, n_components=components, random_state=0)
    readout = readout or RidgeClassifier(alpha=0.1)
    return make_pipeline(StandardScaler(), sampler, readout) if scaled else make_pipeline(sampler, readout)


class IntegrationTest(unittest.TestCase):
    """Has a folder of its own, `self.folder`."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def assert_scores_agree(self, outputs, reference):
        """Compares n×C scores with scikit-learn's."""
        reference = np.asarray(reference).reshape(len(outputs), -1)
        self.assertEqual(outputs.shape, reference.shape)
        error = np.abs(outputs - reference).max()
        self.assertLessEqual(error, SCORE_TOLERANCE * np.abs(reference).max())

    def assert_agrees(self, pipeline, X, y):
        """Compares all scores, every predicted class and the accuracy on `exact`."""
        result = aimc.run(pipeline, X, labels=y)
        self.assert_scores_agree(result.outputs, pipeline.decision_function(X))
        np.testing.assert_array_equal(pipeline.classes_[result.class_indices], pipeline.predict(X))
        self.assertAlmostEqual(result.accuracy, pipeline.score(X, y), places=6)
