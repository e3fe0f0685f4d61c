# REQUIRES: scikit-learn
# RUN: %python %s
# ===- export.py - Tests of aimc.export ------------------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""What the exporter writes, and what it refuses. Models are run elsewhere."""

import json
import os
import re
import tempfile
import unittest
from pathlib import Path

import numpy as np
from sklearn.decomposition import PCA
from sklearn.exceptions import NotFittedError
from sklearn.gaussian_process import GaussianProcessRegressor, kernels
from sklearn.kernel_approximation import Nystroem, RBFSampler
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import (
    LinearRegression,
    LogisticRegression,
    LogisticRegressionCV,
    Perceptron,
    Ridge,
    RidgeClassifier,
    RidgeClassifierCV,
    RidgeCV,
    SGDClassifier,
    SGDRegressor,
)
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, PolynomialFeatures, StandardScaler
from sklearn.svm import SVC, SVR, LinearSVC, LinearSVR, NuSVC

import aimc
from aimc.tools import run_tool

ROWS, INPUTS, FEATURES = 60, 7, 48


def data(classes=3):
    """Inputs, and labels of `classes` classes."""
    generator = np.random.default_rng(0)
    return generator.normal(size=(ROWS, INPUTS)), np.arange(ROWS) % classes


def sampler():
    return RBFSampler(gamma=0.1, n_components=FEATURES, random_state=0)


def blob(text, name):
    """The FP32 values of the resource `name`."""
    data = bytes.fromhex(re.search(rf'\b{name}: "0x([0-9A-F]*)"', text).group(1))
    assert data[:4] == b"\x04\0\0\0", "the alignment comes first"
    return np.frombuffer(data[4:], dtype="<f4")


class ExportTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "model.mlir"

    def export(self, pipeline, **options):
        """The text of the exported module, which MLIR has verified."""
        self.assertEqual(aimc.export(pipeline, self.path, **options), self.path)
        run_tool([aimc.find_tool("aimc-opt"), "--verify-roundtrip", self.path, "-o", os.devnull])
        return self.path.read_text()

    def test_readouts(self):
        """Each read-out gives one column a class, or one for two classes."""
        for classes, columns in ((2, 1), (3, 3)):
            X, y = data(classes)
            for readout in (
                RidgeClassifier(),
                RidgeClassifierCV(),
                LogisticRegression(),
                LogisticRegression(multi_class="ovr"),
                LogisticRegressionCV(max_iter=300),
                LinearSVC(),
                SGDClassifier(),
                Perceptron(),
            ):
                with self.subTest(readout=readout, classes=classes):
                    text = self.export(make_pipeline(sampler(), readout).fit(X, y))
                    self.assertIn(f"@predict(%x: tensor<?x{INPUTS}xf32>) -> tensor<?x{columns}xf32>", text)
                    self.assertIn(f": tensor<{FEATURES}x{columns}xf32>", text)

    def test_regressions(self):
        """A regression gives one column a target, whatever the shape of coef_."""
        X, y = data()
        for readout in (LinearSVR(), SGDRegressor()):
            with self.subTest(readout=readout):
                self.assertIn("-> tensor<?x1xf32> {", self.export(make_pipeline(sampler(), readout).fit(X, y)))
        for readout in (Ridge(), RidgeCV(), LinearRegression()):
            for targets, columns in ((y, 1), (np.stack([y, -y], axis=1), 2)):
                with self.subTest(readout=readout, columns=columns):
                    text = self.export(make_pipeline(sampler(), readout).fit(X, targets))
                    self.assertIn(f"-> tensor<?x{columns}xf32> {{", text)

    def test_values(self):
        """Resources hold the FP32 values, one row of Ω a direction."""
        X, y = data()
        pipeline = make_pipeline(sampler(), RidgeClassifier()).fit(X, y)
        text = self.export(pipeline)
        omega = pipeline[0].random_weights_.T.astype(np.float32)
        self.assertIn(f"dense_resource<omega> : tensor<{FEATURES}x{INPUTS}xf32>", text)
        np.testing.assert_array_equal(blob(text, "omega"), omega.ravel())
        readout = pipeline[-1].coef_.T.astype(np.float32)
        values = re.search(r"%readout = arith.constant dense<(.*)> :", text).group(1)
        np.testing.assert_array_equal(np.array(json.loads(values), dtype=np.float32), readout)

    def test_sparse_coefficients(self):
        """A read-out with sparse coefficients is written as a dense one is."""
        X, y = data()
        pipeline = make_pipeline(sampler(), LogisticRegression()).fit(X, y)
        dense = self.export(pipeline)
        pipeline[-1].sparsify()
        self.assertEqual(self.export(pipeline), dense)

    def test_scaler(self):
        """Only what the scaler does is written."""
        X, y = data()
        for with_mean in (False, True):
            for with_std in (False, True):
                with self.subTest(with_mean=with_mean, with_std=with_std):
                    scaler = StandardScaler(with_mean=with_mean, with_std=with_std)
                    text = self.export(make_pipeline(scaler, sampler(), RidgeClassifier()).fit(X, y))
                    self.assertEqual("arith.subf" in text, with_mean)
                    self.assertEqual("arith.mulf" in text, with_std)

    def test_without_readout(self):
        """Features alone are the entry @transform."""
        X, _ = data()
        text = self.export(make_pipeline(StandardScaler(), sampler()).fit(X))
        self.assertIn(f"@transform(%x: tensor<?x{INPUTS}xf32>) -> tensor<?x{FEATURES}xf32>", text)

    def test_recipes(self):
        """Options of samplers and maps are written when they are given."""
        X, _ = data()
        for parameters, recipe, features in (
            ({"random_state": 1}, "sampler(orf) seed(1)", "map(rbf_phase) "),
            ({"gamma": 1e-5, "random_state": 2}, "sampler(orf) gamma(1.", "map(rbf_phase) "),
            (
                {"map": "arccos0", "sampler": "rff", "truncation": 3, "random_state": 3},
                "sampler(rff) truncation(3.0) seed(3)",
                "map(arccos0) ",
            ),
            (
                {"row_norm": "constant", "haar": False, "random_state": 4},
                "sampler(orf) row_norm(constant) haar(false) seed(4)",
                "map(rbf_phase) ",
            ),
            ({"map": "relu", "epsilon": 1, "random_state": 5}, "sampler(orf) seed(5)", "map(relu) epsilon(1.0) "),
            (
                {"map": "softmax_pos", "stabiliser": "row", "sampler": "sorf", "random_state": 6},
                "sampler(sorf) seed(6)",
                "map(softmax_pos) stabiliser(row) ",
            ),
        ):
            with self.subTest(**parameters):
                text = self.export(aimc.KernelSampler(n_components=FEATURES, **parameters).fit(X))
                self.assertIn(f"kernel.projection {recipe}", text)
                self.assertIn(f"kernel.features {features}", text)
                self.assertIn(f"-> tensor<?x{FEATURES}xf32> {{", text)

    def test_nested(self):
        """Nested pipelines are written in place, steps that do nothing left out."""
        X, y = data()
        features = Pipeline([("scale", StandardScaler()), ("nothing", "passthrough"), ("rbf", sampler())])
        nested = Pipeline([("features", features), ("none", None), ("ridge", RidgeClassifier())]).fit(X, y)
        flat = make_pipeline(StandardScaler(), sampler(), RidgeClassifier()).fit(X, y)
        self.assertEqual(self.export(nested), self.export(flat))

    def test_one_estimator(self):
        """An estimator is a pipeline of one step."""
        X, y = data()
        self.assertIn("linalg.matmul", self.export(RidgeClassifier().fit(X, y)))

    def test_machines(self):
        """A kernel machine is the kernel with its points and one product; none is a projection."""
        X, y = data()
        for machine, kernel, columns in (
            (KernelRidge(kernel="rbf", gamma=0.5), "kernel(rbf) gamma(0.5)", 1),
            (SVC(gamma=0.25).fit(X, y), "kernel(rbf) gamma(0.25)", 3),
            (SVC(kernel="linear", decision_function_shape="ovo"), "kernel(linear)", 3),
            (SVR(kernel="linear"), "kernel(linear)", 1),
            (GaussianProcessRegressor(kernels.RBF(2.0), optimizer=None), "kernel(rbf) gamma(0.125)", 1),
        ):
            with self.subTest(machine=machine):
                text = self.export(make_pipeline(StandardScaler(), machine).fit(X, y))
                self.assertEqual(text.count(f"kernel.gram {kernel} "), 1)
                self.assertIn(f"-> tensor<?x{columns}xf32> {{", text)
                self.assertNotIn("kernel.projection", text)

    def test_machine_kernels(self):
        """The error names the step and its kernel; γ must be one."""
        X, y = data()
        for machine, kernel in (
            (SVC(kernel="poly"), "'poly'"),
            (NuSVC(kernel="sigmoid"), "'sigmoid'"),
            (SVR(kernel="precomputed"), "'precomputed'"),
            (KernelRidge(kernel="laplacian"), "'laplacian'"),
            (Nystroem(kernel="cosine", n_components=5), "'cosine'"),
        ):
            with self.subTest(machine=machine):
                inputs = X @ X.T if kernel == "'precomputed'" else X
                step = type(machine).__name__.lower()
                message = f"expects kernel 'rbf' or 'linear' in step '{step}' .*, but got {kernel}"
                with self.assertRaisesRegex(ValueError, message):
                    aimc.export(machine.fit(inputs, y), self.path)
        for kernel in (kernels.Matern(), kernels.RBF() + kernels.RBF(2.0), kernels.RBF() * kernels.RBF(), None):
            machine = GaussianProcessRegressor(kernel, optimizer=None, alpha=0.1)
            if kernel is None:  # scikit-learn's own, which export knows
                self.assertIn("kernel.gram kernel(rbf)", self.export(machine.fit(X, y)))
                continue
            message = "expects RBF or DotProduct, times ConstantKernel and plus WhiteKernel"
            with self.assertRaisesRegex(ValueError, message):
                aimc.export(machine.fit(X, y), self.path)
        for gamma in (0.0, -1.0, np.inf):
            machine = KernelRidge(kernel="rbf", gamma=0.5).fit(X, y).set_params(gamma=gamma)
            message = "expects a gamma that is finite and greater than 0 in step 'kernelridge'"
            with self.assertRaisesRegex(ValueError, message):
                aimc.export(machine, self.path)

    def test_machines_unfitted(self):
        """A Gaussian process without data predicts its prior alone, which has no points."""
        for machine in (GaussianProcessRegressor(), SVC(), KernelRidge(), aimc.BayesianReadout(), Nystroem()):
            with self.subTest(machine=machine), self.assertRaises(NotFittedError):
                aimc.export(machine, self.path)

    def test_bayesian(self):
        """Mean and variance are two results; parameters out of range are errors."""
        X, y = data()
        text = self.export(make_pipeline(sampler(), aimc.BayesianReadout()).fit(X, y))
        self.assertIn(f"@predict(%x: tensor<?x{INPUTS}xf32>) -> (tensor<?x1xf32>, tensor<?x1xf32>)", text)
        for name in ("noise", "amplitude"):
            for value in (0, -1.0, np.nan, "much"):
                with self.assertRaisesRegex(ValueError, f"expects {name} to be finite and greater than 0, but got"):
                    aimc.BayesianReadout(**{name: value}).fit(X, y)
        with self.assertRaisesRegex(ValueError, "1d array"):
            aimc.BayesianReadout().fit(X, np.stack([y, y], axis=1))

    def test_bayesian_posterior(self):
        """What the textbook's equations give, with more and with fewer rows than features."""
        for rows in (5, ROWS):
            X, y = (values[:rows] for values in data())
            readout = aimc.BayesianReadout(noise=0.5, amplitude=2.0).fit(X, y)
            # In the kernel's form, Rasmussen and Williams (2.25) and (2.26).
            K = 4 * X @ X.T
            inverse = np.linalg.inv(K + 0.25 * np.eye(rows))
            inputs = np.random.default_rng(1).normal(size=(9, INPUTS))
            k = 4 * inputs @ X.T
            mean, deviation = readout.predict(inputs, return_std=True)
            np.testing.assert_allclose(mean, k @ inverse @ (y - y.mean()) + y.mean(), atol=1e-9)
            variance = 4 * np.square(inputs).sum(axis=1) - np.einsum("ij,jk,ik->i", k, inverse, k) + 0.25
            np.testing.assert_allclose(deviation, np.sqrt(variance), atol=1e-9)

    def test_unsupported_step(self):
        """The error names the step, in a nested pipeline too, and its class."""
        X, y = data()
        for step in (MinMaxScaler(), PCA(2), PolynomialFeatures()):
            inner = Pipeline([("odd", step), ("rbf", sampler())])
            pipeline = Pipeline([("inner", inner), ("ridge", RidgeClassifier())]).fit(X, y)
            name = type(step).__name__
            with self.assertRaisesRegex(TypeError, rf"step 'inner\.odd' \({name}\) is not$"):
                aimc.export(pipeline, self.path)
        with self.assertRaisesRegex(TypeError, r"step 'object' \(object\) is not$"):
            aimc.export(object(), self.path)
        self.assertFalse(self.path.exists())

    def test_subclass(self):
        """A subclass may compute something else, so it is not supported."""

        class Odd(RBFSampler):
            """Doubles the features."""

            def transform(self, X):
                return 2 * super().transform(X)

        X, y = data()
        with self.assertRaisesRegex(TypeError, r"step 'odd' \(Odd\) is not$"):
            aimc.export(make_pipeline(Odd(), RidgeClassifier()).fit(X, y), self.path)

    def test_several_labels(self):
        """A classifier of several labels a row, whose scores are of no classes."""
        X, y = data(3)
        pipeline = make_pipeline(RidgeClassifier()).fit(X, np.stack([y == 0, y == 1], axis=1).astype(int))
        with self.assertRaisesRegex(
            TypeError, r"^expects one label a row, but step 'ridgeclassifier' \(RidgeClassifier\) was fitted on several$"
        ):
            self.export(pipeline)

    def test_readout_not_last(self):
        X, y = data()

        class Pass(RidgeClassifier):
            """A classifier that scikit-learn takes as a step in between."""

            transform = RidgeClassifier.decision_function

        pipeline = Pipeline([("first", Pass()), ("second", RidgeClassifier())]).fit(X, y)
        pipeline.steps[0] = ("first", RidgeClassifier().fit(X, y))
        with self.assertRaisesRegex(TypeError, r"step 'first' \(RidgeClassifier\) is not the last$"):
            aimc.export(pipeline, self.path)

    def test_unfitted(self):
        """The error names the first step that is not fitted."""
        X, y = data()
        pipeline = Pipeline([("scale", StandardScaler().fit(X)), ("rbf", sampler()), ("ridge", RidgeClassifier())])
        with self.assertRaisesRegex(NotFittedError, r"step 'rbf' \(RBFSampler\) is not fitted$"):
            aimc.export(pipeline, self.path)
        for step in (StandardScaler(), LinearSVC(), aimc.OrthogonalRBFSampler()):
            with self.assertRaises(NotFittedError):
                aimc.export(step, self.path)

    def test_widths(self):
        """Steps that were fitted apart and do not fit together are refused."""
        X, y = data()
        pipeline = Pipeline([("rbf", sampler().fit(X)), ("ridge", RidgeClassifier().fit(X, y))])
        with self.assertRaisesRegex(ValueError, r"'ridge' .* to take the 48 columns .* fitted on 7$"):
            aimc.export(pipeline, self.path)

    def test_empty(self):
        with self.assertRaisesRegex(ValueError, "at least one step"):
            aimc.export(Pipeline([("none", "passthrough")]), self.path)

    def test_not_finite(self):
        """A value that FP32 cannot hold is an error, not an infinity."""
        X, y = data()
        ridge = Ridge().fit(X, y)
        for value in (np.nan, np.inf, 1e39):
            ridge.coef_[0] = value
            with self.assertRaisesRegex(ValueError, "expects readout to be finite in FP32"):
                aimc.export(ridge, self.path)

    def test_cannot_write(self):
        """An error leaves neither a new file nor a temporary one."""
        X, y = data()
        ridge = Ridge().fit(X, y)
        with self.assertRaises(OSError):
            aimc.export(ridge, self.path.parent / "none" / "model.mlir")
        self.path.mkdir()
        with self.assertRaises(OSError):
            aimc.export(ridge, self.path)
        self.assertEqual(os.listdir(self.path.parent), [self.path.name])


if __name__ == "__main__":
    unittest.main()
