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
from sklearn.svm import SVC

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
        take up, is off, as is that of reads.
        """
        target = json.loads(self.target("hermes"))
        target["device"]["output_noise"]["value"] = 0
        del target["device"]["read_noise"]
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
        with self.assertRaisesRegex(TypeError, "expects a pipeline with features before its read-out, but got a SVC"):
            aimc.fit_readout(make_pipeline(StandardScaler(), SVC()).fit(X, y), X, y)
        with self.assertRaisesRegex(TypeError, "expects a pipeline with features before its read-out, but got none"):
            aimc.fit_readout(RidgeClassifier().fit(X, y), X, y)
        with self.assertRaisesRegex(ValueError, "expects one chip to fit a read-out to, but got 3"):
            aimc.fit_readout(plain, X, y, chips=3)
        with self.assertRaises(NotFittedError):
            aimc.fit_readout(features(0.01), X, y)
        with self.assertRaisesRegex(aimc.ToolError, "--device expects exact, simulator or a plug-in PATH.so, but got 'quantum'"):
            aimc.fit_readout(plain, X, y, device="quantum")
        with self.assertRaisesRegex(ValueError, "inconsistent numbers of samples"):
            aimc.fit_readout(plain, X, y[1:])
        # Files that the package wrote have the names of the arguments.
        with self.assertRaisesRegex(aimc.ToolError, "error: calibrate.npy: expects 30 columns .*, but got 29"):
            aimc.fit_readout(plain, X[:, 1:], y)
        with self.assertRaisesRegex(TypeError, "expects the name of a built-in target .*, but got None"):
            aimc.fit_readout(plain, X, y, target=None)

    def write_module(self):
        """Features of 30 columns with an orthogonal sampler, as a module."""
        return aimc.write_features(
            self.path.with_name("features.mlir"), "rbf", "orf", directions=64, inputs=30, gamma=0.01
        )

    def test_module(self):
        """A module of features gets the read-out that scikit-learn fits to what the chip gives."""
        X, X_test, y, _ = split(load_breast_cancer)
        scaler = StandardScaler().fit(X)
        X, X_test = scaler.transform(X), scaler.transform(X_test)
        module = self.write_module()
        joined = self.path.with_name("joined.mlir")
        for labels, kind in ((y, RidgeClassifier), (X[:, :2] * 2, Ridge)):
            with self.subTest(kind=kind):
                readout = aimc.fit_readout(module, X, labels, alpha=0.5, seed=2)
                self.assertIs(type(readout), kind)
                Z = self.run_on(module, X, X, seed=2).outputs.astype(float)
                np.testing.assert_array_equal(readout.coef_, kind(alpha=0.5).fit(Z, labels).coef_)
                # Joined it has the same features, to the bit.
                self.assertEqual(aimc.join_readout(module, readout, joined), joined)
                self.assertNotIn("call", joined.read_text())
                Z_test = self.run_on(module, X, X_test, seed=2).outputs.astype(float)
                expected = Z_test @ np.atleast_2d(readout.coef_).T + readout.intercept_
                outputs = self.run_on(joined, X, X_test, seed=2).outputs
                np.testing.assert_allclose(outputs, expected, rtol=1e-4, atol=1e-5)
        # Another chip gives others.
        self.assertTrue(np.any(np.abs(self.run_on(joined, X, X_test, seed=3).outputs - expected) > 1e-3))
        # So does a read-out of many classes, whose constants are large, from bytecode.
        bytecode = self.path.with_name("features.mlirbc")
        run_tool([aimc.find_tool("aimc-opt"), module, "--emit-bytecode", "-o", bytecode])
        readout = aimc.fit_readout(bytecode, X, np.arange(len(X)) % 5, device="exact")
        aimc.join_readout(bytecode, readout, joined)
        scores = readout.decision_function(aimc.run(module, X_test).outputs.astype(float))
        np.testing.assert_allclose(aimc.run(joined, X_test).outputs, scores, rtol=1e-3, atol=1e-5)

    def test_bayesian(self):
        """A read-out with a variance is fitted and joined as others are."""
        X, X_test, y, _ = split(load_breast_cancer)
        model = make_pipeline(features(0.01, 64), aimc.BayesianReadout(noise=0.5)).fit(X, y)
        fitted = aimc.fit_readout(model, X, y, device="exact")
        readout = fitted.steps[-1][1]
        self.assertIs(type(readout), aimc.BayesianReadout)
        np.testing.assert_allclose(readout.coef_, model.steps[-1][1].coef_, atol=1e-4)
        scaler = fitted.steps[0][1].steps[0][1]
        module = aimc.export(fitted.steps[0][1].steps[1][1], self.path.with_name("features.mlir"))
        aimc.join_readout(module, readout, self.path)
        joined = aimc.run(self.path, scaler.transform(X_test), results=2).results
        for one, other in zip(joined, aimc.run(fitted, X_test).results):
            np.testing.assert_allclose(one, other, atol=1e-5)

    def test_module_errors(self):
        X, _, y, _ = split(load_breast_cancer)
        module = self.write_module()
        readout = RidgeClassifier().fit(np.eye(128), np.arange(128) % 2)

        def refuse(kind, message, text=None, path=module, readout=readout):
            if text is not None:
                path = self.path.with_name("wrong.mlir")
                path.write_text(text)
            for call in (
                lambda: aimc.join_readout(path, readout, self.path),
                lambda: aimc.fit_readout(path, X, y, device="exact"),
            )[: 2 if readout is good else 1]:
                with self.assertRaisesRegex(kind, message):
                    call()
                self.assertFalse(self.path.exists())

        good = readout
        function = "func.func @{}(%x: {}) -> {} {{ return %x : {} }}\n"
        batch = "tensor<?x2xf32>"
        refuse(ValueError, "expects a module of features .* but got 'model'", path=Path("model"))
        refuse(aimc.ToolError, "cannot be opened|No such file", path=Path("none.mlir"))
        refuse(aimc.ToolError, "wrong.mlir:1:1: error", "what is this")
        refuse(ValueError, "expects one public function .* but got none", "")
        two = function.format("a", *[batch] * 3) + function.format("b", *[batch] * 3)
        refuse(ValueError, "expects one public function .* but got a, b", two)
        refuse(
            ValueError,
            r"expects function 'a' .* to map tensor<\?xdxf32> to tensor<\?xDxf32>, but got \(%arg0: tensor<4x2xf32>\)",
            function.format("a", *["tensor<4x2xf32>"] * 3),
        )
        refuse(ValueError, "but got .* -> .tensor<.x2xf32>, tensor<.x2xf32>.", "func.func @a(%x: tensor<?x2xf32>) -> "
               "(tensor<?x2xf32>, tensor<?x2xf32>) { return %x, %x : tensor<?x2xf32>, tensor<?x2xf32> }")
        placed = aimc.compile(module, "hermes", self.path.with_name("lowered.mlir"), emit="placed")
        refuse(ValueError, "expects features as a module of stage kernel, but got one with 'aimc.weights'", path=placed)
        other = RidgeClassifier().fit(np.eye(7), np.arange(7) % 2)
        refuse(ValueError, "expects a read-out of the 128 features of .*, but got one of 7", readout=other)
        refuse(NotFittedError, "the RidgeClassifier is not fitted", readout=RidgeClassifier())
        refuse(TypeError, "expects a read-out that export takes, but got a SVC", readout=SVC())
        with self.assertRaisesRegex(ValueError, "inconsistent numbers of samples"):
            aimc.fit_readout(module, X, y[1:], device="exact")
        with self.assertRaisesRegex(aimc.ToolError, "columns"):
            aimc.fit_readout(module, X[:, 1:], y)
        with self.assertRaisesRegex(ValueError, "expects one chip"):
            aimc.fit_readout(module, X, y, chips=2)
        with self.assertRaisesRegex(aimc.ToolError, "expects .*nosuch|nosuch"):
            aimc.fit_readout(module, X, y, target="nosuch")
        with self.assertRaisesRegex(ValueError, "alpha"):
            aimc.fit_readout(module, X, y, alpha=-1, device="exact")


if __name__ == "__main__":
    unittest.main()
