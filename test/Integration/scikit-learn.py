# REQUIRES: scikit-learn, aimc-run
# RUN: %python %s
# ===- scikit-learn.py - Exact device against scikit-learn -----------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Every exported pipeline predicts on the exact device what scikit-learn does."""

import unittest

import numpy as np
from integration import IntegrationTest, digits, digits_model, wdbc
from sklearn.kernel_approximation import RBFSampler
from sklearn.linear_model import LogisticRegression, Ridge, RidgeClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

import aimc


class ScikitLearnTest(IntegrationTest):
    def test_digits(self):
        """Ten classes, all read-outs, with and without a scaler."""
        X, X_test, y, y_test = digits()
        for scaled in (False, True):
            for readout in (
                RidgeClassifier(alpha=0.1),
                LogisticRegression(C=10, max_iter=200),
                LogisticRegression(C=10, max_iter=200, multi_class="ovr"),
                LinearSVC(),
            ):
                with self.subTest(scaled=scaled, readout=readout):
                    self.assert_agrees(digits_model(scaled, 1024, readout).fit(X, y), X_test, y_test)

    def test_features(self):
        """2048 features, the most the demo may take."""
        X, X_test, y, y_test = digits()
        self.assert_agrees(digits_model(False, 2048).fit(X, y), X_test, y_test)

    def test_scalers(self):
        """Each variant of the scaler."""
        X, X_test, y, y_test = digits()
        for with_mean in (False, True):
            for with_std in (False, True):
                with self.subTest(with_mean=with_mean, with_std=with_std):
                    scaler = StandardScaler(with_mean=with_mean, with_std=with_std)
                    sampler = RBFSampler(gamma=0.005 if with_std else 0.001, n_components=512, random_state=1)
                    self.assert_agrees(make_pipeline(scaler, sampler, RidgeClassifier()).fit(X, y), X_test, y_test)

    def test_own_samplers(self):
        """Both samplers, both maps, as recipes and as constants: the same bits."""
        X, X_test, y, y_test = digits()
        for kind in (aimc.GaussianRBFSampler, aimc.OrthogonalRBFSampler):
            for feature_map in ("rbf", "rbf_phase"):
                with self.subTest(kind=kind, map=feature_map):
                    sampler = kind(gamma=0.001, n_components=1024, map=feature_map, random_state=3)
                    pipeline = make_pipeline(sampler, RidgeClassifier(alpha=0.1)).fit(X, y)
                    self.assert_agrees(pipeline, X_test, y_test)
                    recipe = aimc.export(pipeline, self.folder / "recipe.mlir")
                    constants = aimc.export(pipeline, self.folder / "constants.mlir", recipe=False)
                    self.assertIn("kernel.projection", recipe.read_text())
                    self.assertNotIn("kernel.projection", constants.read_text())
                    np.testing.assert_array_equal(
                        aimc.run(recipe, X_test).outputs, aimc.run(constants, X_test).outputs
                    )

    def test_binary(self):
        """Two classes are one column of scores."""
        X, X_test, y, y_test = wdbc()
        for readout in (RidgeClassifier(), LogisticRegression(), LinearSVC()):
            with self.subTest(readout=readout):
                sampler = RBFSampler(gamma=0.01, n_components=512, random_state=0)
                pipeline = make_pipeline(StandardScaler(), sampler, readout).fit(X, y)
                self.assert_agrees(pipeline, X_test, y_test)
                self.assertEqual(aimc.run(pipeline, X_test).outputs.shape, (len(X_test), 1))

    def test_class_names(self):
        """Labels may be names; the classes are the pipeline's."""
        X, X_test, y, y_test = wdbc()
        names = np.array(["malignant", "benign"])
        pipeline = make_pipeline(StandardScaler(), RidgeClassifier()).fit(X, names[y])
        result = aimc.run(pipeline, X_test, labels=names[y_test])
        self.assertAlmostEqual(result.accuracy, pipeline.score(X_test, names[y_test]), places=6)
        with self.assertRaisesRegex(ValueError, "expects labels among the classes .* but got 'unknown'"):
            aimc.run(pipeline, X_test, labels=np.where(y_test, "unknown", "benign"))

    def test_regression(self):
        """Two targets; and features alone."""
        X, X_test, y, _ = digits()
        sampler = RBFSampler(gamma=0.001, n_components=512, random_state=0)
        pipeline = make_pipeline(sampler, Ridge(alpha=0.1)).fit(X, np.stack([y, y % 2], axis=1))
        self.assert_scores_agree(aimc.run(pipeline, X_test).outputs, pipeline.predict(X_test))
        # A feature is at most (2/m)^(1/2), its phase some tens of radians.
        features = aimc.run(sampler, X_test).outputs
        np.testing.assert_allclose(features, sampler.transform(X_test), rtol=0, atol=1e-6)

    def test_empty_batch(self):
        """No rows in, no rows out."""
        X, _, y, _ = digits()
        pipeline = digits_model(True, 64).fit(X, y)
        self.assertEqual(aimc.run(pipeline, X[:0]).outputs.shape, (0, 10))


if __name__ == "__main__":
    unittest.main()
