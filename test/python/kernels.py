# REQUIRES: scikit-learn
# RUN: %python %s
# ===- kernels.py - What random features approximate -----------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Errors of kernels, the mean of several seeds: how they fall with m, and their floors.

The data are standard normal. Bounds leave twice the deviation that other seeds
show; the seeds are fixed.
"""

import unittest

import numpy as np
from sklearn.metrics.pairwise import rbf_kernel

import aimc

INPUTS = 16
GAMMA = 0.05


def inputs():
    return np.random.default_rng(0).normal(size=(300, INPUTS))


def arccos(X, order):
    """The arc-cosine kernel of Cho and Saul, NIPS 2009."""
    norms = np.linalg.norm(X, axis=1)
    cosine = np.clip((X / norms[:, None]) @ (X / norms[:, None]).T, -1, 1)
    angle = np.arccos(cosine)
    sine = np.sin(angle)
    profile = (
        np.pi - angle,
        sine + (np.pi - angle) * cosine,
        3 * sine * cosine + (np.pi - angle) * (1 + 2 * cosine**2),
    )[order]
    return np.outer(norms, norms) ** order * profile / np.pi


def truncated_rbf(X, bound):
    """What truncated Gaussian directions give for infinitely many of them.

    The product over the inputs of E[cos(w √(2γ) (x - y))], by the midpoint rule.
    """
    w = (np.arange(2000) + 0.5) / 2000 * bound
    weights = np.exp(-(w**2) / 2)
    grid = np.linspace(0, 12, 4001)
    expectation = np.cos(np.sqrt(2 * GAMMA) * np.outer(grid, w)) @ weights / weights.sum()
    K = np.ones((len(X), len(X)))
    for column in X.T:
        K *= np.interp(np.abs(column[:, None] - column), grid, expectation)
    return K


class KernelsTest(unittest.TestCase):
    def error(self, K, X, directions, seeds=5, **parameters):
        """The mean of ‖ZZᵀ - K‖/‖K‖ over the seeds 0, 1, …"""
        pairs = parameters["map"] in ("rbf", "softmax_pos", "softmax_trig")
        errors = []
        for seed in range(seeds):
            components = directions * (2 if pairs else 1)
            sampler = aimc.KernelSampler(n_components=components, random_state=seed, **parameters)
            Z = sampler.fit_transform(X)
            errors.append(np.linalg.norm(Z @ Z.T - K) / np.linalg.norm(K))
        return np.mean(errors)

    def kernels(self):
        """Each map with its exact kernel and inputs.

        Errors of softmax features grow as exponentials of the inputs, so those
        are shorter.
        """
        X = inputs()
        short = 0.15 * X
        yield "rbf", rbf_kernel(X, gamma=GAMMA), X, {"gamma": GAMMA}
        yield "rbf_phase", rbf_kernel(X, gamma=GAMMA), X, {"gamma": GAMMA}
        for order in range(3):
            yield f"arccos{order}", arccos(X, order), X, {}
        yield "softmax_pos", np.exp(short @ short.T), short, {}
        yield "softmax_trig", np.exp(short @ short.T), short, {}

    def test_rate(self):
        """Without bias the error falls as m^(-1/2): by 8 for 64 times the directions."""
        for kind, K, X, parameters in self.kernels():
            for sampler in ("rff", "orf"):
                with self.subTest(map=kind, sampler=sampler):
                    few, many = (
                        self.error(K, X, m, map=kind, sampler=sampler, **parameters) for m in (128, 8192)
                    )
                    print(f"{kind} {sampler}: {few:.4f}, {many:.4f}, ratio {few / many:.2f}")
                    self.assertTrue(6 < few / many < 10.7)

    def test_orthogonal(self):
        """Orthogonal directions are no worse than independent ones, on average."""
        for kind, K, X, parameters in self.kernels():
            with self.subTest(map=kind):
                ratios = [
                    self.error(K, X, m, 20, map=kind, sampler="orf", **parameters)
                    / self.error(K, X, m, 20, map=kind, sampler="rff", **parameters)
                    for m in (64, 256, 1024)
                ]
                print(f"{kind}: orf to rff {np.mean(ratios):.3f}")
                self.assertLess(np.mean(ratios), 1.03)

    def test_truncation_floor(self):
        """Truncated directions approximate another kernel; its distance is the floor."""
        X = inputs()
        K = rbf_kernel(X, gamma=GAMMA)
        for bound in (2.0, 3.0):
            with self.subTest(bound=bound):
                limit = truncated_rbf(X, bound)
                floor = np.linalg.norm(limit - K) / np.linalg.norm(K)
                parameters = {"map": "rbf", "sampler": "rff", "gamma": GAMMA}
                error = self.error(K, X, 16384, truncation=bound, **parameters)
                untruncated = self.error(K, X, 16384, **parameters)
                print(f"truncation at {bound}: floor {floor:.4f}, error {error:.4f}, without {untruncated:.4f}")
                # Bias and variance add in squares.
                self.assertAlmostEqual(error / np.hypot(floor, untruncated), 1, delta=0.08)
                # To its own limit the error falls on.
                self.assertLess(self.error(limit, X, 16384, truncation=bound, **parameters), 1.1 * untruncated)

    def test_constant_norm_floor(self):
        """Directions of one length keep an error of the RBF kernel; chi lengths do not."""
        X = inputs()
        K = rbf_kernel(X, gamma=GAMMA)
        for sampler in ("sorf", "hadamard"):
            with self.subTest(sampler=sampler):
                parameters = {"map": "rbf", "sampler": sampler, "gamma": GAMMA}
                middle, many = (self.error(K, X, m, **parameters) for m in (4096, 16384))
                chi = self.error(K, X, 16384, row_norm="chi", **parameters)
                print(f"{sampler}: {middle:.4f}, {many:.4f}, chi {chi:.4f}")
                self.assertGreater(many, 0.1)
                self.assertGreater(many, 0.9 * middle)
                # One Hadamard factor is too few to look spherical; three are not.
                self.assertLess(chi, 0.02 if sampler == "sorf" else 0.06)

    def test_raw_orthogonal_bias(self):
        """LAPACK's orthogonal matrices are not Haar distributed: arccos0 shows it, RBF does not."""
        X = inputs()
        for kind, K, parameters, is_biased in (
            ("arccos0", arccos(X, 0), {}, True),
            ("rbf", rbf_kernel(X, gamma=GAMMA), {"gamma": GAMMA}, False),
        ):
            with self.subTest(map=kind):
                haar, raw = (
                    self.error(K, X, 8192, map=kind, sampler="orf", haar=haar, **parameters) for haar in (True, False)
                )
                print(f"{kind}: Haar {haar:.4f}, raw {raw:.4f}")
                self.assertEqual(raw > 2 * haar, is_biased)
                self.assertTrue(is_biased or raw < 1.15 * haar)

    def test_quasi_monte_carlo(self):
        """A low-discrepancy sequence falls faster than m^(-1/2) on the RBF kernel."""
        X = inputs()
        K = rbf_kernel(X, gamma=GAMMA)
        few, many = (self.error(K, X, m, map="rbf", sampler="qmc", gamma=GAMMA) for m in (256, 16384))
        self.assertGreater(few / many, 10)


if __name__ == "__main__":
    unittest.main()
