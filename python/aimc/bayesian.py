# ===- bayesian.py - Bayesian linear regression ----------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""A read-out that gives a mean and a variance: a Gaussian process of features."""

from __future__ import annotations

import math
import numbers

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils.validation import check_array, check_is_fitted, check_X_y

from aimc.mlir import FunctionBuilder


class BayesianReadout(RegressorMixin, BaseEstimator):
    """Bayesian linear regression y = ȳ + z·w + noise on features z of length D.

    With noise of standard deviation σ (`noise`), weights w that are N(0, a²I) before
    the data (a is `amplitude`), ȳ the mean of the targets, features Z (n×D) and
    A = ZᵀZ + (σ/a)²I, a target at z is Gaussian with

        mean ȳ + z·A⁻¹Zᵀ(y - ȳ)  and  variance σ²(1 + zᵀA⁻¹z)

    (Rasmussen and Williams, *Gaussian Processes for Machine Learning*, MIT Press
    2006, equation 2.11, with the noise of the target added). Where z(x)·z(x')
    approximates a kernel, it approximates the Gaussian process of the kernel times
    a². Far from the data the variance is that of the features, σ² + a²‖z‖².

    After `fit`: `coef_`, the D weights of the mean; `intercept_`, ȳ; `factor_`,
    D×D, L⁻ᵀ of the Cholesky factors A = LLᵀ, so that zᵀA⁻¹z = ‖z·factor_‖², which
    rounding does not make negative.
    """

    def __init__(self, noise: float = 0.1, amplitude: float = 1.0) -> None:
        self.noise = noise
        self.amplitude = amplitude

    def fit(self, X: np.ndarray, y: np.ndarray) -> BayesianReadout:
        """Fits to n×D features and n targets.

        Raises `ValueError` when a parameter is not finite and above 0, or the data
        are none that fit together.
        """
        for name in ("noise", "amplitude"):
            value = getattr(self, name)
            if not (isinstance(value, numbers.Real) and math.isfinite(value) and value > 0):
                raise ValueError(f"expects {name} to be finite and greater than 0, but got {value!r}")
        Z, y = check_X_y(X, y, dtype=np.float64, y_numeric=True)
        self.n_features_in_ = Z.shape[1]
        self.intercept_ = float(y.mean())
        A = Z.T @ Z + (self.noise / self.amplitude) ** 2 * np.eye(Z.shape[1])
        factors = cho_factor(A, lower=True)
        self.coef_ = cho_solve(factors, Z.T @ (y - self.intercept_))
        self.factor_ = solve_triangular(factors[0], np.eye(Z.shape[1]), lower=True).T
        return self

    def predict(self, X: np.ndarray, return_std: bool = False) -> np.ndarray | tuple[np.ndarray, np.ndarray]:
        """The n means, and with `return_std` the n standard deviations of targets."""
        check_is_fitted(self)
        Z = check_array(X, dtype=np.float64)
        mean = Z @ self.coef_ + self.intercept_
        if not return_std:
            return mean
        return mean, self.noise * np.sqrt(1 + np.square(Z @ self.factor_).sum(axis=1))


def emit_bayesian(builder: FunctionBuilder, step: BayesianReadout, before: np.ndarray | None) -> tuple[str, int]:
    """Adds mean and variance, after a product with `before` unless it is None.

    The last value is the variance, what is returned the mean.
    """
    coefficients, factor = step.coef_[:, None], step.noise * step.factor_
    if before is not None:
        coefficients, factor = before @ coefficients, before @ factor
    features = builder.position
    builder.matmul("readout", coefficients)
    builder.columnwise("mean", [("arith.addf", "intercept", np.array([step.intercept_]))])
    mean = builder.position
    builder.position = features
    # The noise is in the factor: σ²(1 + ‖z·L⁻ᵀ‖²) = σ² + ‖z·σL⁻ᵀ‖².
    builder.matmul("factor", factor)
    builder.weighted_sum("spread", [builder.position], ["%r = arith.mulf %v0, %v0 : f32"])
    builder.columnwise("variance", [("arith.addf", "noise", np.array([step.noise**2]))])
    return mean
