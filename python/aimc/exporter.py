# ===- exporter.py - scikit-learn pipelines to MLIR ------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Writes a fitted scikit-learn pipeline as a module of the kernel dialect."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any, Callable, Iterator

import numpy as np
from sklearn.exceptions import NotFittedError
from sklearn.kernel_approximation import Nystroem, RBFSampler
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
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC, LinearSVR

from aimc.bayesian import BayesianReadout, emit_bayesian
from aimc.kernel_machines import MACHINES, emit_machine, emit_nystroem
from aimc.mlir import FunctionBuilder
from aimc.samplers import GaussianRBFSampler, KernelSampler, OrthogonalRBFSampler


def export(pipeline: Any, path: str | os.PathLike, *, recipe: bool = True) -> Path:
    """Writes a fitted `pipeline` to `path` as MLIR text; returns the path.

    The pipeline is a `Pipeline`, or one estimator, of these steps in any number
    and order that scikit-learn accepts: `StandardScaler`, `RBFSampler`, `Nystroem`
    (kernels `rbf` and `linear`), `KernelSampler`, `GaussianRBFSampler`,
    `OrthogonalRBFSampler`, and last a read-out or a kernel machine:

    - `RidgeClassifier(CV)`, `LogisticRegression(CV)`, `LinearSVC`, `SGDClassifier`,
      `Perceptron`; `Ridge(CV)`, `LinearRegression`, `LinearSVR`, `SGDRegressor`;
    - `BayesianReadout`, with the variance as a second result;
    - with kernels `rbf` and `linear`, computed exactly: `KernelRidge`, `SVC`,
      `NuSVC`, `SVR`, `NuSVR`, and the mean of `GaussianProcessRegressor` (RBF or
      dot-product kernel, times a constant, plus white noise).

    With one of these the entry is `@predict`, from n×d inputs to n×C decision
    scores, as `decision_function` (`predict` of a regression) gives them: one
    column for a binary classifier, whose second class is a score above 0, else
    one a class or target (of `SVC` with `decision_function_shape="ovo"` one a pair
    of classes). `predict` of an `SVC` breaks ties between classes of as many votes
    by their order, the scores by what they add to votes. Without a read-out the
    entry is `@transform`, to n×D features. All values are FP32; n is dynamic.

    With `recipe`, random directions that the compiler would draw to the same
    bits are written as `kernel.projection`, else as constants.

    Raises `TypeError` naming a step that is not supported or a classifier that
    gives several labels a row, which are no classes, `NotFittedError`
    naming one that is not fitted, `ValueError` when the steps do not fit
    together, a kernel is none of those above or a parameter is not finite in FP32, `OSError` when `path` cannot
    be written.
    """
    steps = list(_steps(pipeline))
    for i, (name, step) in enumerate(steps):
        _check(name, step, is_last=i + 1 == len(steps))
    if not steps:
        raise ValueError("expects a pipeline with at least one step, but got none that computes")

    last = steps[-1][1]
    entry = "predict" if is_readout(last) or type(last) in MACHINES else "transform"
    builder = FunctionBuilder(entry, steps[0][1].n_features_in_)
    # Weights that a read-out multiplies its own by, so that one product follows
    # the kernel.
    pending: np.ndarray | None = None
    first: list[tuple[str, int]] = []
    for name, step in steps:
        width = builder.width if pending is None else pending.shape[1]
        if step.n_features_in_ != width:
            raise ValueError(
                f"expects step {_describe(name, step)} to take the {width} columns of the step "
                f"before it, but it was fitted on {step.n_features_in_}"
            )
        if pending is not None and not is_readout(step):
            builder.matmul("normalization", pending)
            pending = None
        if type(step) is Nystroem:
            pending = emit_nystroem(builder, step, _describe(name, step))
        elif type(step) in MACHINES:
            emit_machine(builder, step, _describe(name, step))
        elif is_readout(step):
            first += emit_readout(builder, step, pending)
            pending = None
        else:
            _FEATURE_STEPS[type(step)](builder, step, recipe)
    if pending is not None:
        builder.matmul("normalization", pending)
    names = ", ".join(type(step).__name__ for _, step in steps)
    builder.write(path, f"Exported from scikit-learn: {names}.", first=first)
    return Path(path)


def is_readout(step: Any) -> bool:
    """Whether `step` is a read-out that `export` takes: a linear function of features."""
    return type(step) in _LINEAR or type(step) is BayesianReadout


def count_results(pipeline: Any) -> int:
    """How many results the entry has that `export` writes for `pipeline`."""
    steps = list(_steps(pipeline))
    return 2 if steps and type(steps[-1][1]) is BayesianReadout else 1


def _describe(name: str, step: Any) -> str:
    return f"'{name}' ({type(step).__name__})"


def _steps(pipeline: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The steps with their names; nested pipelines in place, no-ops left out."""
    if not isinstance(pipeline, Pipeline):
        yield prefix or type(pipeline).__name__.lower(), pipeline
        return
    for name, step in pipeline.steps:
        if step is not None and step != "passthrough":
            yield from _steps(step, f"{prefix}.{name}" if prefix else name)


def _check(name: str, step: Any, is_last: bool) -> None:
    """Raises unless `step` is supported at its place, and fitted."""
    # The exact class: a subclass may compute something else.
    kind = type(step)
    is_machine = is_readout(step) or kind in MACHINES
    if kind not in _FEATURE_STEPS and kind is not Nystroem and not is_machine:
        known = ", ".join(k.__name__ for k in [*_FEATURE_STEPS, Nystroem, *_LINEAR, BayesianReadout, *MACHINES])
        raise TypeError(f"expects each step to be one of {known}, but step {_describe(name, step)} is not")
    if is_machine and not is_last:
        raise TypeError(f"expects a read-out as the last step alone, but step {_describe(name, step)} is not the last")
    fitted = {StandardScaler: "scale_", Nystroem: "normalization_", **MACHINES}.get(
        kind, "coef_" if is_machine else "random_weights_"
    )
    if not hasattr(step, fitted) or not hasattr(step, "n_features_in_"):
        raise NotFittedError(f"expects a fitted pipeline, but step {_describe(name, step)} is not fitted")
    if hasattr(step, "classes_") and _predict_zeros(step).ndim != 1:
        raise TypeError(f"expects one label a row, but step {_describe(name, step)} was fitted on several")


def _predict_zeros(step: Any) -> np.ndarray:
    """The prediction for one row of zeros."""
    with warnings.catch_warnings():
        # Of columns without the names that a data frame had.
        warnings.simplefilter("ignore", UserWarning)
        return step.predict(np.zeros((1, step.n_features_in_)))


def _emit_scaler(builder: FunctionBuilder, step: StandardScaler, recipe: bool) -> None:
    """(x - mean)·(1/scale), each as far as the scaler does it."""
    operations = []
    if step.with_mean:
        operations.append(("arith.subf", "mean", step.mean_))
    if step.with_std:
        # A constant column has scale 1 in scikit-learn.
        operations.append(("arith.mulf", "inverse_scale", 1.0 / step.scale_))
    if operations:
        builder.columnwise("scaled", operations)


def _emit_rbf_sampler(builder: FunctionBuilder, step: RBFSampler, recipe: bool) -> None:
    """(2/m)^(1/2)·cos(xΩᵀ + b); its random weights include √(2γ)."""
    omega, _ = builder.constant("omega", step.random_weights_.T)
    offset, _ = builder.constant("offset", step.random_offset_)
    directions = step.random_weights_.shape[1]
    builder.features("rbf_phase", omega, directions, offset, directions, {})


def _emit_own_sampler(
    builder: FunctionBuilder, step: KernelSampler | GaussianRBFSampler | OrthogonalRBFSampler, recipe: bool
) -> None:
    kind = step.map
    directions = step.random_weights_.shape[1]
    has_offset = kind == "rbf_phase"
    if recipe and step.is_as_drawn():
        shape = (directions, step.n_features_in_)
        gamma = None if step.gamma is None else float(step.gamma)
        options = step.projection_options()
        omega, offset = builder.projection(step.sampler, gamma, step.seed_, shape, has_offset, options)
    else:
        omega, _ = builder.constant("omega", step.random_weights_.T)
        offset = builder.constant("offset", step.random_offset_)[0] if has_offset else None
    builder.features(kind, omega, directions, offset, int(step.n_components), step.map_options())


def emit_readout(builder: FunctionBuilder, step: Any, before: np.ndarray | None = None) -> list[tuple[str, int]]:
    """Adds the read-out `step`, after a product with `before` unless it is None.

    Returns the results that come before the last value: the mean of a `BayesianReadout`.
    """
    if type(step) is BayesianReadout:
        return [emit_bayesian(builder, step, before)]
    coefficients = step.coef_
    if hasattr(coefficients, "toarray"):  # after sparsify()
        coefficients = coefficients.toarray()
    coefficients = np.atleast_2d(coefficients)
    builder.matmul("readout", coefficients.T if before is None else before @ coefficients.T)
    intercept = np.broadcast_to(np.ravel(step.intercept_), (coefficients.shape[0],))
    if np.any(intercept != 0):
        builder.columnwise("scores", [("arith.addf", "intercept", intercept)])
    return []


_FEATURE_STEPS: dict[type, Callable[[FunctionBuilder, Any, bool], None]] = {
    StandardScaler: _emit_scaler,
    RBFSampler: _emit_rbf_sampler,
    KernelSampler: _emit_own_sampler,
    GaussianRBFSampler: _emit_own_sampler,
    OrthogonalRBFSampler: _emit_own_sampler,
}
_LINEAR = (
    RidgeClassifier,
    RidgeClassifierCV,
    LogisticRegression,
    LogisticRegressionCV,
    LinearSVC,
    SGDClassifier,
    Perceptron,
    Ridge,
    RidgeCV,
    LinearRegression,
    LinearSVR,
    SGDRegressor,
)
