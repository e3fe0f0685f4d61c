# REQUIRES: scikit-learn, aimc-run, aimcc
# RUN: %python %s
# ===- features.py - Every map and sampler, from recipe to device ----------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Features of a device against formulas in FP64, stage by stage."""

import unittest

import numpy as np
from integration import IntegrationTest
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import aimc

# Not a power of two: structured samplers pad.
INPUTS = 12
DIRECTIONS = 40
EPSILON = 0.01

# What is computed in FP64 from the projection p = xΩᵀ, its offset b and x.
FORMULAS = {
    "rbf": lambda p, b, x: np.hstack([np.cos(p), np.sin(p)]) / np.sqrt(p.shape[1]),
    "rbf_phase": lambda p, b, x: np.sqrt(2 / p.shape[1]) * np.cos(p + b),
    "arccos0": lambda p, b, x: np.sqrt(2 / p.shape[1]) * np.heaviside(p, 0),
    "arccos1": lambda p, b, x: np.sqrt(2 / p.shape[1]) * p * (p > 0),
    "arccos2": lambda p, b, x: np.sqrt(2 / p.shape[1]) * p**2 * (p > 0),
    "softmax_pos": lambda p, b, x: np.exp(-np.sum(x * x, axis=1) / 2)[:, None]
    * np.hstack([np.exp(p), np.exp(-p)])
    / np.sqrt(2 * p.shape[1]),
    "softmax_trig": lambda p, b, x: np.exp(np.sum(x * x, axis=1) / 2)[:, None]
    * np.hstack([np.cos(p), np.sin(p)])
    / np.sqrt(p.shape[1]),
    "relu": lambda p, b, x: (p * (p > 0) + EPSILON) / np.sqrt(p.shape[1]),
}
SAMPLERS = (
    {"sampler": "rff"},
    {"sampler": "rff", "truncation": 3.0},
    {"sampler": "orf"},
    {"sampler": "orf", "haar": False},
    {"sampler": "orf", "row_norm": "constant"},
    {"sampler": "sorf"},
    {"sampler": "sorf", "row_norm": "chi"},
    {"sampler": "hadamard"},
    {"sampler": "qmc"},
)
STAGES = ("aimc", "split", "tiled", "calibrated", "placed", "runtime", "executable")


def features(kind, **parameters):
    """A sampler of the map `kind` with `DIRECTIONS` directions, fitted."""
    pairs = kind in ("rbf", "softmax_pos", "softmax_trig")
    if kind == "relu":
        parameters["epsilon"] = EPSILON
    if kind.startswith("rbf"):
        parameters["gamma"] = 0.05
    components = DIRECTIONS * (2 if pairs else 1)
    sampler = aimc.KernelSampler(map=kind, n_components=components, random_state=4, **parameters)
    return sampler.fit(inputs(1))


def inputs(rows, scale=0.5):
    return np.random.default_rng(0).normal(size=(rows, INPUTS), scale=scale).astype(np.float32)


class FeaturesTest(IntegrationTest):
    def assert_close(self, outputs, expected, projection, kind):
        """Equal to 1e-5 of the largest feature.

        Phases and exponents of some units are rounded to 2^-24 of their size at
        each of a dozen products, below 1e-6 in all. A step has no such bound
        where the projection is within rounding of 0, so those are left out.
        """
        scale = np.abs(expected).max()
        error = np.abs(outputs - expected) / scale
        if kind == "arccos0":
            near = np.abs(projection) < 1e-5
            self.assertLess(near.mean(), 1e-3)
            error = error[~near]
        self.assertLessEqual(error.max(), 1e-5)

    def test_formulas(self):
        """Each map with each sampler, on the exact device from the recipe."""
        X = inputs(200)
        for kind, formula in FORMULAS.items():
            for options in SAMPLERS:
                with self.subTest(map=kind, **options):
                    sampler = features(kind, **options)
                    path = aimc.export(sampler, self.folder / "features.mlir")
                    self.assertIn("kernel.projection", path.read_text())
                    projection = X.astype(np.float64) @ sampler.random_weights_.astype(np.float64)
                    expected = formula(projection, sampler.random_offset_, X.astype(np.float64))
                    self.assert_close(aimc.run(path, X).outputs, expected, projection, kind)
                    self.assert_close(sampler.transform(X), expected, projection, kind)

    def test_sizes(self):
        """One input, one direction, one row, and no rows."""
        for kind, formula in FORMULAS.items():
            for options in ({}, {"stabiliser": "row"})[: 2 if kind == "softmax_pos" else 1]:
                with self.subTest(map=kind, **options):
                    if kind == "relu":
                        options = {"epsilon": EPSILON}
                    components = formula(np.ones((1, 1)), 0, np.ones((1, 1))).size
                    sampler = aimc.KernelSampler(map=kind, n_components=components, random_state=0, **options)
                    X = np.array([[0.5]])
                    expected = sampler.fit_transform(X)
                    np.testing.assert_allclose(aimc.run(sampler, X).outputs, expected, rtol=1e-5)
                    self.assertEqual(aimc.run(sampler, X[:0]).outputs.shape, (0, components))

    def test_zero(self):
        """At an input of zeros the step is 0, and so is ReLU but for ε."""
        X = np.zeros((2, INPUTS), dtype=np.float32)
        for kind, value in (("arccos0", 0), ("arccos1", 0), ("arccos2", 0), ("relu", EPSILON)):
            outputs = aimc.run(features(kind), X).outputs
            np.testing.assert_allclose(outputs, value / np.sqrt(DIRECTIONS), rtol=1e-6)

    def test_stabiliser(self):
        """Rows in units of their largest feature, however large the inputs are."""
        sampler = features("softmax_pos", stabiliser="row")
        for scale in (0.5, 1000.0):
            X = inputs(50, scale)
            projection = X.astype(np.float64) @ sampler.random_weights_.astype(np.float64)
            both = np.hstack([projection, -projection])
            expected = np.exp(both - both.max(axis=1, keepdims=True))
            outputs = aimc.run(sampler, X).outputs
            np.testing.assert_array_equal(outputs.max(axis=1), 1)
            # Exponents of thousands are known to 2^-24 of their size.
            np.testing.assert_allclose(outputs, expected, rtol=0, atol=1e-5 * max(1, scale / 10))
        # Without it, features of such inputs vanish beside their common factor
        # and are still numbers.
        outputs = aimc.run(features("softmax_pos"), inputs(50, 1000.0)).outputs
        self.assertFalse(np.isnan(outputs).any())

    def test_stages(self):
        """Each stage and the program give the same bits; the simulator is near."""
        X = inputs(100)
        variants = [(kind, {}) for kind in FORMULAS] + [("softmax_pos", {"stabiliser": "row"})]
        for kind, options in variants:
            sampler = features(kind, **options)
            model = aimc.export(sampler, self.folder / "model.mlir")
            reference = aimc.run(model, X).outputs
            for stage in STAGES:
                with self.subTest(map=kind, stage=stage, **options):
                    suffix = "" if stage == "executable" else ".mlir"
                    path = aimc.compile(model, "hermes", self.folder / f"{stage}{suffix}", calibrate=X, emit=stage)
                    np.testing.assert_array_equal(aimc.run(path, X).outputs, reference)
            with self.subTest(map=kind, device="simulator", **options):
                placed, program = (
                    aimc.run(self.folder / name, X, device="simulator", seed=1).outputs
                    for name in ("placed.mlir", "executable")
                )
                np.testing.assert_array_equal(placed, program)
                error = np.linalg.norm(placed - reference) / np.linalg.norm(reference)
                print(f"{kind} {options}: simulator off by {100 * error:.1f} %")
                # Products are off by some tenths of a unit, phases and exponents too.
                self.assertTrue(0.001 < error < 0.7)

    def test_pipeline(self):
        """A scaler, features and a read-out, as a recipe and as constants."""
        X = inputs(200) + 1
        y = np.sin(X[:, 0])
        for kind in FORMULAS:
            with self.subTest(map=kind):
                gamma = 0.05 if kind.startswith("rbf") else None
                sampler = aimc.KernelSampler(map=kind, sampler="sorf", gamma=gamma, n_components=128, random_state=0)
                pipeline = make_pipeline(StandardScaler(with_std=False), sampler, Ridge()).fit(X, y)
                recipe = aimc.export(pipeline, self.folder / "recipe.mlir")
                constants = aimc.export(pipeline, self.folder / "constants.mlir", recipe=False)
                outputs = aimc.run(recipe, X).outputs
                np.testing.assert_array_equal(outputs, aimc.run(constants, X).outputs)
                self.assert_scores_agree(outputs, pipeline.predict(X))


if __name__ == "__main__":
    unittest.main()
