# REQUIRES: scikit-learn
# RUN: %python %s
# ===- samplers.py - Tests of the feature maps -----------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""The samplers are transformers of scikit-learn; kernels.py has what they approximate."""

import pickle
import unittest

import numpy as np
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.utils.estimator_checks import check_estimator

import aimc

KINDS = (aimc.GaussianRBFSampler, aimc.OrthogonalRBFSampler)
MAPS = ("rbf", "rbf_phase")


class SamplersTest(unittest.TestCase):
    def setUp(self):
        self.X = np.random.default_rng(0).normal(size=(40, 6))

    def each(self, **parameters):
        """One of each kind and map."""
        for kind in KINDS:
            for feature_map in MAPS:
                with self.subTest(kind=kind.__name__, map=feature_map):
                    yield kind(map=feature_map, **parameters)

    def test_conventions(self):
        """scikit-learn's own checks of an estimator pass."""
        for sampler in (*(kind() for kind in KINDS), aimc.KernelSampler(), aimc.KernelSampler(map="arccos1")):
            check_estimator(sampler)

    def test_kernel(self):
        """The mean error of a kernel value is about m^(-1/2): here 512 or 1024 directions."""
        for sampler in self.each(gamma=0.1, n_components=1024, random_state=1):
            Z = sampler.fit_transform(self.X)
            self.assertEqual(Z.shape, (40, 1024))
            error = np.sqrt(np.mean((Z @ Z.T - rbf_kernel(self.X, gamma=0.1)) ** 2))
            self.assertLess(error, 0.06)

    def test_orthogonal(self):
        """Directions of a block are orthogonal, to FP32."""
        sampler = aimc.OrthogonalRBFSampler(n_components=24, random_state=0).fit(self.X)
        for block in np.split(sampler.random_weights_.T.astype(np.float64), 4):
            block = block / np.linalg.norm(block, axis=1, keepdims=True)
            np.testing.assert_allclose(block @ block.T, np.eye(6), atol=1e-6)

    def test_scale(self):
        """Directions scale with √(2γ)."""
        for sampler in self.each(gamma=0.5, n_components=200, random_state=2):
            weights = sampler.fit(self.X).random_weights_
            other = clone(sampler).set_params(gamma=2.0).fit(self.X).random_weights_
            np.testing.assert_allclose(other, 2 * weights, rtol=1e-6)

    def test_general(self):
        """The short forms are the general one with a sampler."""
        for kind, name in zip(KINDS, ("rff", "orf")):
            for feature_map in MAPS:
                parameters = dict(gamma=0.2, n_components=24, map=feature_map, random_state=7)
                short = kind(**parameters).fit_transform(self.X)
                general = aimc.KernelSampler(sampler=name, **parameters).fit_transform(self.X)
                np.testing.assert_array_equal(short, general)

    def test_default_gamma(self):
        """Without γ directions are those of 1/2."""
        plain = aimc.KernelSampler(random_state=0).fit(self.X)
        half = aimc.KernelSampler(gamma=0.5, random_state=0).fit(self.X)
        np.testing.assert_array_equal(plain.random_weights_, half.random_weights_)

    def test_options(self):
        """Options reach the sampler; the default of one changes nothing."""
        for sampler, default, other in (
            ("rff", {}, {"truncation": 1.0}),
            ("orf", {"row_norm": "chi"}, {"row_norm": "constant"}),
            ("orf", {"haar": True}, {"haar": False}),
            ("sorf", {"row_norm": "constant"}, {"row_norm": "chi"}),
            ("hadamard", {"row_norm": "constant"}, {"row_norm": "chi"}),
        ):
            plain, same, changed = (
                aimc.KernelSampler(map="arccos1", sampler=sampler, n_components=20, random_state=0, **options)
                .fit(self.X)
                .random_weights_
                for options in ({}, default, other)
            )
            np.testing.assert_array_equal(plain, same)
            self.assertTrue(np.any(plain != changed))

    def test_seed(self):
        """An equal seed gives equal bits, another seed others; None is random."""
        for sampler in self.each(n_components=20, random_state=5):
            weights = sampler.fit(self.X).random_weights_
            self.assertEqual(sampler.seed_, 5)
            np.testing.assert_array_equal(clone(sampler).fit(self.X).random_weights_, weights)
            other = clone(sampler).set_params(random_state=6).fit(self.X).random_weights_
            self.assertTrue(np.all(other != weights))
            generators = [np.random.RandomState(3) for _ in range(2)]
            seeds = [clone(sampler).set_params(random_state=g).fit(self.X).seed_ for g in generators]
            self.assertEqual(seeds[0], seeds[1])

    def test_offset(self):
        """The offset of the phase form covers [0, 2π); the pair needs none."""
        for sampler in self.each(n_components=2000, random_state=0):
            offset = sampler.fit(self.X).random_offset_
            if sampler.map == "rbf":
                self.assertIsNone(offset)
            else:
                self.assertTrue(0 <= offset.min() < 0.02 and 6.26 < offset.max() < 2 * np.pi)

    def test_changed(self):
        """Directions that were changed by hand are no longer as drawn."""
        for sampler in self.each(n_components=20, random_state=0):
            self.assertTrue(sampler.fit(self.X).is_as_drawn())
            self.assertTrue(pickle.loads(pickle.dumps(sampler)).is_as_drawn())
            sampler.random_weights_ = sampler.random_weights_.copy()
            sampler.random_weights_[0, 0] += 1
            self.assertFalse(sampler.is_as_drawn())

    def test_errors(self):
        """Parameters out of their range are named."""
        for parameters, message in (
            ({"gamma": 0}, "gamma to be finite and greater than 0, but got 0"),
            ({"gamma": np.inf}, "gamma"),
            ({"gamma": "scale"}, "gamma"),
            ({"n_components": 0}, "n_components to be an integer of at least 1, but got 0"),
            ({"n_components": 3, "map": "rbf"}, "n_components to be even for map 'rbf', but got 3"),
            ({"map": "cosine"}, "map to be one of rbf, rbf_phase, but got 'cosine'"),
            ({"random_state": -1}, r"random_state in \[0, 2\^63\), but got -1"),
        ):
            with self.assertRaisesRegex(ValueError, message):
                aimc.GaussianRBFSampler(**parameters).fit(self.X)
        for parameters, message in (
            ({"map": "arccos3"}, "map to be one of rbf, .*, relu, but got 'arccos3'"),
            ({"map": "relu", "gamma": 0.1}, "gamma for maps rbf and rbf_phase alone, but got it for 'relu'"),
            ({"map": "softmax_pos", "n_components": 3}, "even for map 'softmax_pos', but got 3"),
            ({"sampler": "gauss"}, "sampler to be one of rff, orf, sorf, hadamard, qmc, but got 'gauss'"),
            ({"epsilon": 0.1}, "epsilon for map 'relu' alone, but got it for 'rbf_phase'"),
            ({"map": "relu", "epsilon": -1}, "epsilon to be finite and at least 0, but got -1"),
            ({"stabiliser": "row"}, "stabiliser for map 'softmax_pos' alone, but got it for 'rbf_phase'"),
            ({"map": "softmax_pos", "stabiliser": "global"}, "stabiliser to be 'none' or 'row', but got 'global'"),
            ({"truncation": 3.0}, "an option of sampler 'orf', but got truncation"),
            ({"sampler": "rff", "truncation": 0.01}, "options in their ranges"),
            ({"sampler": "qmc", "haar": False}, "an option of sampler 'qmc', but got haar"),
            ({"row_norm": "unit"}, "row_norm to be 'chi' or 'constant', but got 'unit'"),
        ):
            with self.subTest(**parameters), self.assertRaisesRegex(ValueError, message):
                aimc.KernelSampler(**parameters).fit(self.X)
        with self.assertRaises(NotFittedError):
            aimc.GaussianRBFSampler().transform(self.X)
        columns = self.X.shape[1]
        with self.assertRaisesRegex(ValueError, f"expects {columns} columns as in fit, but got {columns - 1}"):
            aimc.GaussianRBFSampler().fit(self.X).transform(self.X[:, 1:])


if __name__ == "__main__":
    unittest.main()
