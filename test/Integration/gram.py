# REQUIRES: scikit-learn, aimc-run, aimcc
# A program cannot hold the sanitizers of several compilers.
# UNSUPPORTED: sanitizers
# RUN: %python %s
# ===- gram.py - Exact kernels against scikit-learn ------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""`kernel.gram` gives scikit-learn's kernels, on every device and in programs."""

import unittest

import numpy as np
from integration import IntegrationTest, digits
from sklearn.metrics.pairwise import linear_kernel, rbf_kernel

import aimc

POINTS = 60


def arccosine(order):
    """Cho and Saul's kernel in FP64."""

    def kernel(X, Y):
        norms = np.linalg.norm(X, axis=1)[:, None] * np.linalg.norm(Y, axis=1)
        cosine = np.clip(X @ Y.T / norms, -1, 1)
        angle = np.arccos(cosine)
        rest = np.pi - angle
        if order == 0:
            return rest / np.pi
        if order == 1:
            return norms * (np.sin(angle) + rest * cosine) / np.pi
        return norms**2 * (3 * np.sin(angle) * cosine + rest * (1 + 2 * cosine**2)) / np.pi

    return kernel


# Syntax: reference.
KERNELS = {
    "kernel(rbf) gamma(0.3)": lambda X, Y: rbf_kernel(X, Y, gamma=0.3),
    "kernel(linear)": linear_kernel,
    "kernel(softmax)": lambda X, Y: np.exp(X @ Y.T),
    "kernel(arccos0)": arccosine(0),
    "kernel(arccos1)": arccosine(1),
    "kernel(arccos2)": arccosine(2),
}


class GramTest(IntegrationTest):
    def setUp(self):
        super().setUp()
        X, X_test, _, _ = digits()
        # Within some units, so that no exponential is huge.
        self.X = (X_test / 16).astype(np.float32)
        self.Y = (X[:POINTS] / 16).astype(np.float32)

    def write(self, kernel, computed):
        """A module of `kernel` with the points as constants, or their halves doubled."""
        factor = 0.5 if computed else 1
        rows = ", ".join("[" + ", ".join(f"{v * factor:.8e}" for v in row) + "]" for row in self.Y)
        body = f"  %y = arith.constant dense<[{rows}]> : tensor<{POINTS}x64xf32>\n"
        if computed:
            body += f"  %p = arith.addf %y, %y : tensor<{POINTS}x64xf32>\n"
        body += f"  %k = kernel.gram {kernel} %x, %{'p' if computed else 'y'}\n"
        body += f"      : tensor<?x64xf32>, tensor<{POINTS}x64xf32> -> tensor<?x{POINTS}xf32>\n"
        path = self.folder / "gram.mlir"
        path.write_text(
            f"func.func @gram(%x: tensor<?x64xf32>) -> tensor<?x{POINTS}xf32> {{\n{body}"
            f"  return %k : tensor<?x{POINTS}xf32>\n}}\n"
        )
        return path

    def test_kernels(self):
        """Each kernel to 1e-5 of its size; the same bits with computed points."""
        for kernel, reference in KERNELS.items():
            with self.subTest(kernel=kernel):
                expected = reference(self.X.astype(np.float64), self.Y.astype(np.float64))
                constant = aimc.run(self.write(kernel, computed=False), self.X).outputs
                np.testing.assert_allclose(constant, expected, rtol=1e-5, atol=1e-7)
                computed = aimc.run(self.write(kernel, computed=True), self.X).outputs
                np.testing.assert_array_equal(computed, constant)

    def test_bits(self):
        """Threads, the chip and programs do not matter."""
        for kernel in ("kernel(rbf) gamma(0.3)", "kernel(arccos2)"):
            with self.subTest(kernel=kernel):
                path = self.write(kernel, computed=False)
                reference = aimc.run(path, self.X).outputs
                placed = aimc.compile(path, "hermes", self.folder / "placed.mlir", emit="placed")
                program = aimc.compile(path, "hermes", self.folder / "program")
                for other in (
                    aimc.run(path, self.X, threads=1),
                    aimc.run(placed, self.X, device="simulator", seed=3),
                    aimc.run(program, self.X),
                    aimc.run(program, self.X, device="simulator", threads=1),
                ):
                    np.testing.assert_array_equal(other.outputs, reference)
                # Rows are independent.
                np.testing.assert_array_equal(aimc.run(path, self.X[7:9]).outputs, reference[7:9])

    def test_error_of_itself(self):
        """Features that are a kernel's values are measured by the same functions."""
        path = self.write("kernel(linear)", computed=False)
        statistics = aimc.run(path, self.X, kernel_error="linear").statistics
        exact = self.X.astype(np.float64)
        features = exact @ self.Y.astype(np.float64).T
        gram = exact @ exact.T
        expected = np.linalg.norm(gram - features @ features.T) / np.linalg.norm(gram)
        self.assertAlmostEqual(statistics["kernel_error"] / expected, 1, places=5)


if __name__ == "__main__":
    unittest.main()
