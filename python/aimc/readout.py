# ===- readout.py - Fit a read-out to a device -----------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Fits the read-out of a pipeline to the features that a device gives."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.linear_model import Ridge, RidgeClassifier
from sklearn.pipeline import Pipeline, make_pipeline

from aimc.compiler import compile  # noqa: A004
from aimc.exporter import is_readout
from aimc.kernel_machines import MACHINES
from aimc.modules import read_features
from aimc.runner import run


def fit_readout(
    model: Any,
    X: np.ndarray,
    y: np.ndarray,
    device: str = "simulator",
    alpha: float | None = None,
    seed: int = 0,
    *,
    target: str | os.PathLike = "hermes",
    calibrate: np.ndarray | None = None,
    rule: str = "mse",
    **options: Any,
) -> Pipeline | RidgeClassifier | Ridge:
    """`model` with a read-out fitted to its features as `device` computes them.

    A chip's weights are not those that features were meant to have; a read-out
    fitted through the programmed chip takes up much of the difference.

    `model` is a fitted pipeline (or one step) as `export` takes it. Its read-out,
    if it has one, is fitted anew with its own parameters; else it gets a
    `RidgeClassifier`, or a `Ridge` when `y` is of floating point: (ZᵀZ + αI)⁻¹Zᵀy
    of the n×D features Z of `X`, n×d, both centred, which is an intercept that
    costs nothing. `alpha` is α; None leaves what the read-out has. `y` is what the
    read-out's `fit` takes: labels, n of any kind, or n or n×C values.

    `model` may also be the path of a module of stage `kernel` with one public function
    from tensor<?xdxf32> to features, tensor<?xDxf32>, say of `write_features`. The
    result is then the read-out alone, which `join_readout` puts behind the module.

    On `simulator` the features are compiled for `target` with ranges from
    `calibrate`, by default `X`, by the `rule` of aimcc, and run on the chip of `seed`.
    The result, compiled for the same target with the same `calibrate` and `rule` and
    run with the same seed, has these features to the bit: its read-out is digital work behind them,
    so tiles stay in their places and keep their noise. On `exact` none of these
    matter. Other `options` go to `run`: `first_vector=len(X_test)` gives the noise
    of other MVMs than those of a test.

    Raises `TypeError` when `model` has no step before the read-out or ends in a kernel
    machine, `ValueError` when a module is none of features, `alpha` is given for a
    read-out that has none or `options` ask for several chips, and what `export`,
    `compile`, `run` and the read-out's `fit` raise.
    """
    if options.get("chips", 1) != 1:
        raise ValueError(f"expects one chip to fit a read-out to, but got {options['chips']}")
    steps: list[tuple[str, Any]] = []
    readout = None
    if isinstance(model, (str, os.PathLike)):
        read_features(model)
        features: Any = model
    else:
        steps = list(model.steps) if isinstance(model, Pipeline) else list(make_pipeline(model).steps)
        if type(steps[-1][1]) in MACHINES:
            raise TypeError(
                f"expects a pipeline with features before its read-out, but got a {type(steps[-1][1]).__name__}"
            )
        readout = clone(steps.pop()[1]) if is_readout(steps[-1][1]) else None
        if all(step is None or step == "passthrough" for _, step in steps):
            raise TypeError("expects a pipeline with features before its read-out, but got none")
        features = Pipeline(steps)
    if readout is None:
        readout = Ridge() if np.asarray(y).dtype.kind == "f" else RidgeClassifier()
    if alpha is not None:
        if "alpha" not in readout.get_params():
            raise ValueError(f"expects a read-out with alpha, but got a {type(readout).__name__}")
        readout.set_params(alpha=alpha)

    if device == "exact":
        outputs = run(features, X, device=device, seed=seed, **options).outputs
    else:
        with tempfile.TemporaryDirectory(prefix="aimc-") as folder:
            placed = Path(folder) / "features.mlirbc"
            inputs = X if calibrate is None else calibrate
            compile(features, target, placed, calibrate=inputs, emit="placed", rule=rule)
            outputs = run(placed, X, device=device, seed=seed, **options).outputs
    readout.fit(outputs.astype(np.float64), y)
    if not steps:
        return readout
    name = "readout"
    while name in dict(steps):
        name += "_"
    return Pipeline([*steps, (name, readout)])
