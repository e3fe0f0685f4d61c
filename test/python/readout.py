# REQUIRES: scikit-learn, aimc-run, aimcc
# RUN: %python %s
# ===- readout.py - Tests of fitting a read-out to a device ----------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""A read-out fitted through the chip, on the chip it was fitted through."""

import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression, Ridge, RidgeClassifier
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import aimc
from aimc.tools import run_tool

CHIPS = range(5)


def split(load):
    X, y = load(return_X_y=True)
    return train_test_split(X, y, test_size=0.5, random_state=0, stratify=y)


def features(gamma, components=512, scaled=True):
    sampler = aimc.OrthogonalRBFSampler(gamma=gamma, n_components=components, map="rbf", random_state=0)
    return make_pipeline(StandardScaler(), sampler) if scaled else make_pipeline(sampler)


class ReadoutTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "placed.mlir"

    def target(self, name):
        """The JSON of a built-in target."""
        return run_tool([aimc.find_tool("aimcc"), "--print-target", name])

    def run_on(self, model, X_calibrate, X, seed, target="hermes", **options):
        aimc.compile(model, target, self.path, calibrate=X_calibrate, emit="placed")
        return aimc.run(self.path, X, device="simulator", seed=seed, **options)

    def test_features_are_the_same(self):
        """The read-out leaves the features behind it as they were, to the bit."""
        X, X_test, y, _ = split(load_digits)
        plain = features(6e-4).fit(X)
        expected = self.run_on(plain, X, X_test, seed=3).outputs
        fitted = aimc.fit_readout(plain, X, y, seed=3)
        # Scores that are the features.
        readout = fitted.steps[-1][1]
        readout.coef_, readout.intercept_ = np.eye(512), np.zeros(512)
        np.testing.assert_array_equal(self.run_on(fitted, X, X_test, seed=3).outputs, expected)
        self.assertTrue(np.any(self.run_on(fitted, X, X_test, seed=4).outputs != expected))

    def test_fits_what_the_chip_gives(self):
        """The read-out is scikit-learn's of the features of the chip."""
        X, X_test, y, _ = split(load_breast_cancer)
        plain = features(0.01, 128).fit(X)
        Z = self.run_on(plain, X, X, seed=2).outputs.astype(float)
        fitted = aimc.fit_readout(plain, X, y, alpha=0.5, seed=2)
        expected = RidgeClassifier(alpha=0.5).fit(Z, y)
        np.testing.assert_array_equal(fitted.steps[-1][1].coef_, expected.coef_)
        Z_test = self.run_on(plain, X, X_test, seed=2).outputs
        scores = self.run_on(fitted, X, X_test, seed=2).outputs[:, 0]
        np.testing.assert_allclose(scores, expected.decision_function(Z_test.astype(float)), atol=1e-4)

    def test_recovers(self):
        """At least half of what the FP32 read-out loses, binary and of ten classes.

        What is lost is told by the squared error of the scores, since few rows
        of these sets are near a boundary. Output noise, which no read-out can
        take up, is off.
        """
        target = json.loads(self.target("hermes"))
        target["device"]["output_noise"]["value"] = 0
        quiet = self.path.with_name("quiet.json")
        quiet.write_text(json.dumps(dict(target, name="quiet")))
        for load, gamma, alpha in ((load_digits, 3e-3, 0.5), (load_breast_cancer, 0.01, 0.5)):
            X, X_test, y, y_test = split(load)
            # As RidgeClassifier has them.
            wanted = np.where(y_test[:, None] == (np.arange(10) if y.max() > 1 else 1), 1, -1)
            plain = make_pipeline(features(gamma, 128), RidgeClassifier(alpha=alpha)).fit(X, y)
            deployed, fitted = [], []
            for seed in CHIPS:
                model = aimc.fit_readout(plain, X, y, seed=seed, target=quiet, first_vector=len(X_test))
                for scores, of in ((deployed, plain), (fitted, model)):
                    outputs = self.run_on(of, X, X_test, seed, target=quiet).outputs
                    scores.append(np.square(outputs - wanted).mean())
            exact = np.square(plain.decision_function(X_test).reshape(wanted.shape) - wanted).mean()
            lost, left = np.mean(deployed) - exact, np.mean(fitted) - exact
            print(f"{load.__name__}: squared error {exact:.4f}, lost {lost:.4f}, with the fitted read-out {left:.4f}")
            self.assertGreater(lost, 0)
            self.assertLess(left, lost / 2)

    def test_exact(self):
        """Through the exact device it is what scikit-learn fits, also of values."""
        X, X_test, y, _ = split(load_breast_cancer)
        values = np.column_stack([y, 1.0 - y, X[:, 0]])
        plain = features(0.01, 64).fit(X)
        fitted = aimc.fit_readout(plain, X, values, device="exact", alpha=0.1)
        self.assertIs(type(fitted.steps[-1][1]), Ridge)
        expected = make_pipeline(plain, Ridge(alpha=0.1)).fit(X, values).predict(X_test)
        np.testing.assert_allclose(aimc.run(fitted, X_test).outputs, expected, rtol=1e-3, atol=1e-3)

    def test_keeps_the_readout(self):
        """The model is as it was; its read-out's class and parameters stay."""
        X, _, y, _ = split(load_breast_cancer)
        names = np.array(["malignant", "benign"])[y]
        model = make_pipeline(features(0.01, 64), RidgeClassifier(alpha=0.25)).fit(X, names)
        before = model.steps[-1][1].coef_.copy()
        fitted = aimc.fit_readout(model, X, names)
        np.testing.assert_array_equal(model.steps[-1][1].coef_, before)
        self.assertEqual(fitted.steps[-1][1].alpha, 0.25)
        self.assertEqual(list(fitted.classes_), ["benign", "malignant"])
        self.assertEqual(aimc.fit_readout(fitted, X, names, alpha=2).steps[-1][1].alpha, 2)
        logistic = make_pipeline(features(0.01, 64), LogisticRegression()).fit(X, y)
        self.assertIs(type(aimc.fit_readout(logistic, X, y).steps[-1][1]), LogisticRegression)
        with self.assertRaisesRegex(ValueError, "expects a read-out with alpha, but got a LogisticRegression"):
            aimc.fit_readout(logistic, X, y, alpha=1)

    def test_errors(self):
        X, _, y, _ = split(load_breast_cancer)
        plain = features(0.01, 64).fit(X)
        with self.assertRaisesRegex(TypeError, "expects a fitted pipeline to fit a read-out to, but got the path 'm"):
            aimc.fit_readout("model.mlir", X, y)
        with self.assertRaisesRegex(TypeError, "expects a pipeline with features before its read-out, but got none"):
            aimc.fit_readout(RidgeClassifier().fit(X, y), X, y)
        with self.assertRaisesRegex(ValueError, "expects one chip to fit a read-out to, but got 3"):
            aimc.fit_readout(plain, X, y, chips=3)
        with self.assertRaises(NotFittedError):
            aimc.fit_readout(features(0.01), X, y)
        with self.assertRaisesRegex(aimc.ToolError, "--device expects exact or simulator, but got 'quantum'"):
            aimc.fit_readout(plain, X, y, device="quantum")
        with self.assertRaisesRegex(ValueError, "inconsistent numbers of samples"):
            aimc.fit_readout(plain, X, y[1:])
        with self.assertRaisesRegex(aimc.ToolError, "columns"):
            aimc.fit_readout(plain, X[:, 1:], y)


if __name__ == "__main__":
    unittest.main()
