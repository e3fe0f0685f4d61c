# REQUIRES: scikit-learn, aimc-run, aimcc
# RUN: %python %s
# ===- kernel-machines.py - Read-outs and machines against scikit-learn ----===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Kernel machines and read-outs give scikit-learn's values on the exact device.

All data sets are real ones that scikit-learn ships.
"""

import unittest
import warnings

import numpy as np
from integration import IntegrationTest, digits, wdbc
from sklearn.datasets import load_diabetes
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct, WhiteKernel
from sklearn.kernel_approximation import Nystroem, RBFSampler
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import LogisticRegression, Perceptron, Ridge, RidgeClassifier, SGDClassifier, SGDRegressor
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR, LinearSVC, LinearSVR, NuSVC, NuSVR

import aimc


def diabetes():
    """X_train, X_test, y_train, y_test: 331 and 111 rows, 10 columns, one value."""
    return train_test_split(*load_diabetes(return_X_y=True), test_size=0.25, random_state=0)


class KernelMachinesTest(IntegrationTest):
    def setUp(self):
        super().setUp()
        # How well a model fits does not matter here.
        warnings.simplefilter("ignore", ConvergenceWarning)
        self.addCleanup(warnings.resetwarnings)

    def assert_predicts(self, model, X):
        self.assert_scores_agree(aimc.run(model, X).outputs, model.predict(X))

    def test_two_classes(self):
        """Decision values of support vector machines, both kernels, all values of γ."""
        X, X_test, y, y_test = wdbc()
        for machine in (
            SVC(gamma="scale"),
            SVC(gamma="auto", C=10),
            SVC(gamma=0.02),
            SVC(kernel="linear", C=0.1),
            NuSVC(nu=0.2),
        ):
            with self.subTest(machine=machine):
                self.assert_agrees(make_pipeline(StandardScaler(), machine).fit(X, y), X_test, y_test)

    def test_ten_classes(self):
        """One score a pair of classes; and one a class from their votes."""
        X, X_test, y, y_test = digits()
        for machine in (SVC(gamma=0.001), NuSVC(nu=0.05, gamma=0.001), SVC(kernel="linear")):
            for shape, columns in (("ovo", 45), ("ovr", 10)):
                with self.subTest(machine=machine, shape=shape):
                    model = machine.set_params(decision_function_shape=shape).fit(X, y)
                    result = aimc.run(model, X_test, classes=model.classes_)
                    self.assertEqual(result.outputs.shape, (len(X_test), columns))
                    self.assert_scores_agree(result.outputs, model.decision_function(X_test))
            predicted = model.classes_[result.class_indices]
            best = np.sort(model.decision_function(X_test), axis=1)[:, -2:]
            # Where votes tie predict() takes the first class.
            untied = np.floor(best[:, 0] + 0.5) != np.floor(best[:, 1] + 0.5)
            np.testing.assert_array_equal(predicted[untied], model.predict(X_test)[untied])
            self.assertGreater(untied.mean(), 0.9)

    def test_votes_stay_digital(self):
        """Nothing of an exact machine goes to crossbars, so the chip does not matter."""
        X, X_test, y, _ = digits()
        model = SVC(gamma=0.001).fit(X[:300], y[:300])
        placed = aimc.compile(model, "hermes", self.folder / "placed.mlir", emit="placed")
        self.assertNotIn("aimc.mvm", placed.read_text())
        np.testing.assert_array_equal(
            aimc.run(placed, X_test, device="simulator", seed=1).outputs, aimc.run(model, X_test).outputs
        )

    def test_regressions(self):
        """Kernel ridge regression and support vectors; several targets; a scaler before."""
        X, X_test, y, _ = diabetes()
        Y = np.column_stack([y, np.sqrt(y)])
        for machine in (SVR(C=100), SVR(kernel="linear", C=100), NuSVR(C=100, gamma=0.05)):
            with self.subTest(machine=machine):
                self.assert_predicts(make_pipeline(StandardScaler(), machine).fit(X, y), X_test)
        for machine in (KernelRidge(kernel="rbf"), KernelRidge(kernel="rbf", gamma=0.02), KernelRidge(alpha=10)):
            for targets in (y, Y):
                with self.subTest(machine=machine, targets=targets.shape):
                    self.assert_predicts(make_pipeline(StandardScaler(), machine).fit(X, targets), X_test)

    def test_gaussian_processes(self):
        """Means of exact processes, with each of the kernels and scaled targets."""
        X, X_test, y, _ = diabetes()
        Y = np.column_stack([y, np.sqrt(y)])
        for kernel in (
            RBF(0.5),
            ConstantKernel(2.0) * RBF(0.3) + WhiteKernel(0.5),
            RBF(np.linspace(0.2, 0.5, 10)) * ConstantKernel(0.5),
            WhiteKernel(0.1) + DotProduct(0.7),
        ):
            for normalize in (False, True):
                for targets in (y, Y):
                    with self.subTest(kernel=kernel, normalize=normalize, targets=targets.shape):
                        process = GaussianProcessRegressor(kernel, alpha=0.2, optimizer=None, normalize_y=normalize)
                        self.assert_predicts(process.fit(X, targets), X_test)

    def test_readouts(self):
        """Hyperplanes of all linear models, behind random features and behind Nyström's."""
        X, X_test, y, y_test = digits()
        binary = (y % 2, y_test % 2)
        for features in (
            RBFSampler(gamma=0.001, n_components=256, random_state=0),
            aimc.KernelSampler(map="arccos1", n_components=256, random_state=0),
            Nystroem(gamma=0.001, n_components=100, random_state=0),
            Nystroem(kernel="linear", n_components=40, random_state=0),
        ):
            for readout in (
                RidgeClassifier(),
                LogisticRegression(max_iter=500),
                LinearSVC(),
                SGDClassifier(random_state=0),
                Perceptron(random_state=0),
            ):
                for labels, labels_test in ((y, y_test), binary):
                    with self.subTest(features=features, readout=readout, classes=len(set(labels))):
                        model = make_pipeline(StandardScaler(with_std=False), features, readout).fit(X, labels)
                        result = aimc.run(model, X_test, labels=labels_test)
                        self.assert_scores_agree(result.outputs, model.decision_function(X_test))
                        self.assertAlmostEqual(result.accuracy, model.score(X_test, labels_test), delta=0.003)

    def test_regression_readouts(self):
        """Linear models of values, of one and of several targets."""
        X, X_test, y, _ = diabetes()
        sampler = RBFSampler(gamma=0.05, n_components=128, random_state=0)
        for readout in (LinearSVR(C=10, max_iter=20000), SGDRegressor(random_state=0), Ridge()):
            with self.subTest(readout=readout):
                self.assert_predicts(make_pipeline(StandardScaler(), sampler, readout).fit(X, y), X_test)
        model = make_pipeline(StandardScaler(), sampler, Ridge()).fit(X, np.column_stack([y, -y, np.sqrt(y)]))
        self.assert_predicts(model, X_test)

    def test_nystroem_alone(self):
        """Features by themselves, to the precision of their normalization."""
        X, X_test, _, _ = digits()
        features = Nystroem(gamma=0.001, n_components=50, random_state=0).fit(X)
        outputs = aimc.run(features, X_test).outputs
        np.testing.assert_allclose(outputs, features.transform(X_test), atol=1e-5)

    def test_bayesian(self):
        """Mean and variance, of features and of their Nyström approximation."""
        X, X_test, y, _ = diabetes()
        for features in (
            RBFSampler(gamma=0.05, n_components=200, random_state=0),
            Nystroem(gamma=0.05, n_components=60, random_state=0),
        ):
            with self.subTest(features=features):
                readout = aimc.BayesianReadout(noise=50.0, amplitude=100.0)
                model = make_pipeline(StandardScaler(), features, readout).fit(X, y)
                mean, deviation = model.predict(X_test, return_std=True)
                results = aimc.run(model, X_test).results
                self.assertEqual([result.shape for result in results], [(len(X_test), 1)] * 2)
                self.assert_scores_agree(results[0], mean)
                self.assert_scores_agree(results[1], np.square(deviation))


if __name__ == "__main__":
    unittest.main()
