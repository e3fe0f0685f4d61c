# ===- kernel_machines.py - Exact kernel machines to MLIR ------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Writes fitted kernel machines of scikit-learn with `kernel.gram`.

Their decision functions are exact kernels of an input and the points they were
fitted to, times coefficients: digital work, to compare random features with.
"""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import numpy as np
from sklearn.gaussian_process import GaussianProcessRegressor, kernels
from sklearn.kernel_approximation import Nystroem
from sklearn.kernel_ridge import KernelRidge
from sklearn.svm import SVC, SVR, NuSVC, NuSVR

from aimc.mlir import FunctionBuilder

# What tells that each is fitted.
MACHINES: dict[type, str] = {
    KernelRidge: "dual_coef_",
    SVC: "dual_coef_",
    NuSVC: "dual_coef_",
    SVR: "dual_coef_",
    NuSVR: "dual_coef_",
    GaussianProcessRegressor: "X_train_",
}


def emit_machine(builder: FunctionBuilder, step: Any, describe: str) -> None:
    """Adds the decision function of `step`, or the prediction of a regression.

    Support vector machines of more than two classes give one column a class, or
    with `decision_function_shape="ovo"` one a pair of classes. Raises `ValueError`
    that names the step by `describe` when its kernel has no `kernel.gram`.
    """
    if isinstance(step, GaussianProcessRegressor):
        _emit_gaussian_process(builder, step, describe)
    elif isinstance(step, KernelRidge):
        emit_gram(builder, step, step.X_fit_, step.gamma, describe)
        _emit_scores(builder, step.dual_coef_.reshape(len(step.dual_coef_), -1), 0.0)
    else:
        _emit_support_vectors(builder, step, describe)


def emit_nystroem(builder: FunctionBuilder, step: Nystroem, describe: str) -> np.ndarray:
    """Adds the kernel of the components of `step`; returns what it is to be multiplied by."""
    emit_gram(builder, step, step.components_, step.gamma, describe)
    return np.asarray(step.normalization_).T


def emit_gram(builder: FunctionBuilder, step: Any, points: Any, gamma: Any, describe: str) -> None:
    """Adds the kernel of `step`, `rbf` or `linear`, with the rows of `points`; γ by default 1/d."""
    if step.kernel not in ("rbf", "linear"):
        raise ValueError(f"expects kernel 'rbf' or 'linear' in step {describe}, but got {step.kernel!r}")
    points = _dense(points)
    if step.kernel == "linear":
        builder.gram("linear", None, points)
        return
    gamma = 1.0 / points.shape[1] if gamma is None else float(gamma)
    _check_gamma(gamma, describe)
    builder.gram("rbf", gamma, points)


def _check_gamma(gamma: float, describe: str) -> None:
    if not (math.isfinite(gamma) and gamma > 0):
        raise ValueError(f"expects a gamma that is finite and greater than 0 in step {describe}, but got {gamma!r}")


def _dense(values: Any) -> np.ndarray:
    return np.asarray(values.toarray() if hasattr(values, "toarray") else values)


def _emit_scores(builder: FunctionBuilder, weights: np.ndarray, intercept: Any) -> None:
    builder.matmul("readout", weights)
    intercept = np.broadcast_to(np.ravel(intercept), (weights.shape[1],))
    if np.any(intercept != 0):
        builder.columnwise("scores", [("arith.addf", "intercept", intercept)])


# ===-----------------------------------------------------------------------===#
# Support vector machines
# ===-----------------------------------------------------------------------===#


def _emit_support_vectors(builder: FunctionBuilder, step: Any, describe: str) -> None:
    # scikit-learn's own value of gamma="scale" and "auto".
    emit_gram(builder, step, step.support_vectors_, step._gamma, describe)
    coefficients = _dense(step.dual_coef_)
    classes = 2 if isinstance(step, (SVR, NuSVR)) else len(step.classes_)
    if classes == 2:
        _emit_scores(builder, coefficients.T, step.intercept_)
        return
    weights = _pair_weights(coefficients, step.n_support_)
    if step.decision_function_shape == "ovo":
        _emit_scores(builder, weights, step.intercept_)
    else:
        _emit_votes(builder, weights, step.intercept_, classes)


def _pair_weights(coefficients: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """One column of coefficients of all support vectors for each pair of classes.

    In libsvm's order: support vectors by class; row j - 1 of the coefficients of a
    vector of class i is that of the pair (i, j) for i < j, row j for i > j.
    """
    starts = np.concatenate([[0], np.cumsum(counts)])
    pairs = list(combinations(range(len(counts)), 2))
    weights = np.zeros((starts[-1], len(pairs)))
    for column, (i, j) in enumerate(pairs):
        first, second = slice(starts[i], starts[i + 1]), slice(starts[j], starts[j + 1])
        weights[first, column] = coefficients[j - 1, first]
        weights[second, column] = coefficients[i, second]
    return weights


def _emit_votes(builder: FunctionBuilder, weights: np.ndarray, intercept: np.ndarray, classes: int) -> None:
    """One score a class from those of the pairs, as scikit-learn joins them.

    With a_k above 0 where pair k = (i, j) votes for j, a class has as many votes as
    pairs it wins; to them comes s / (3(|s| + 1)), less than a vote, where s is the
    sum of its signed scores.
    """
    pairs = list(combinations(range(classes), 2))
    signs = np.zeros((len(pairs), classes))
    for k, (i, j) in enumerate(pairs):
        signs[k, i], signs[k, j] = -1, 1
    gram = builder.position
    # The sums of scores are products with the kernel themselves: no product comes
    # after another.
    _emit_scores(builder, -weights, -np.asarray(intercept))
    against = builder.position
    builder.position = gram
    _emit_scores(builder, -weights @ signs, -np.asarray(intercept) @ signs)
    sums = builder.position
    builder.position = against
    # Of pair (i, j) class i has a vote, which it loses to j.
    first = [sum(i == of for of, _ in pairs) for i in range(classes)]
    builder.weighted_steps("votes", signs, np.array(first, dtype=float))
    builder.elementwise(
        "scores",
        [builder.position, sums],
        [
            "%one = arith.constant 1.0 : f32",
            "%three = arith.constant 3.0 : f32",
            "%size = math.absf %v1 : f32",
            "%more = arith.addf %size, %one : f32",
            "%below = arith.mulf %more, %three : f32",
            "%part = arith.divf %v1, %below : f32",
            "%r = arith.addf %v0, %part : f32",
        ],
    )


# ===-----------------------------------------------------------------------===#
# Gaussian processes
# ===-----------------------------------------------------------------------===#


def _emit_gaussian_process(builder: FunctionBuilder, step: GaussianProcessRegressor, describe: str) -> None:
    """The posterior mean k(x, X)·α, scaled and shifted as the targets were."""
    factor, kernel = _split_kernel(step.kernel_, describe)
    points = np.asarray(step.X_train_, dtype=float)
    if isinstance(kernel, kernels.DotProduct):
        builder.gram("linear", None, points)
        constant = float(kernel.sigma_0) ** 2
    else:
        scale = np.atleast_1d(np.asarray(kernel.length_scale, dtype=float))
        if len(scale) > 1:
            builder.columnwise("scaled", [("arith.mulf", "inverse_length", 1 / scale)])
            gamma = 0.5
            points = points / scale
        else:
            gamma = 0.5 / float(scale[0]) ** 2
        _check_gamma(gamma, describe)
        builder.gram("rbf", gamma, points)
        constant = 0.0
    alpha = np.asarray(step.alpha_, dtype=float)
    alpha = alpha.reshape(len(alpha), -1)
    deviation, mean = np.ravel(step._y_train_std), np.ravel(step._y_train_mean)
    weights = factor * alpha * deviation
    _emit_scores(builder, weights, mean + constant * weights.sum(axis=0))


def _split_kernel(kernel: Any, describe: str) -> tuple[float, Any]:
    """A factor and the RBF or dot-product kernel that make up `kernel` between an input and a point.

    White noise adds to the kernel of a point with itself alone.
    """
    if isinstance(kernel, (kernels.RBF, kernels.DotProduct)) and type(kernel) in (kernels.RBF, kernels.DotProduct):
        return 1.0, kernel
    if isinstance(kernel, kernels.Product):
        for constant, other in ((kernel.k1, kernel.k2), (kernel.k2, kernel.k1)):
            if isinstance(constant, kernels.ConstantKernel):
                factor, base = _split_kernel(other, describe)
                return float(constant.constant_value) * factor, base
    if isinstance(kernel, kernels.Sum):
        for noise, other in ((kernel.k1, kernel.k2), (kernel.k2, kernel.k1)):
            if isinstance(noise, kernels.WhiteKernel):
                return _split_kernel(other, describe)
    raise ValueError(
        f"expects RBF or DotProduct, times ConstantKernel and plus WhiteKernel, as the kernel of step {describe}, "
        f"but got {kernel}"
    )
