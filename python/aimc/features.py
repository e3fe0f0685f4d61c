# ===- features.py - Modules of random features ----------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Writes the random features of a kernel as a module, and chooses their number."""

from __future__ import annotations

import math
import numbers
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from aimc.compiler import compile  # noqa: A004
from aimc.mlir import FunctionBuilder, tensor_type
from aimc.runner import run

# Kernel: map of `kernel.features` and features a direction.
_KERNELS = {
    "rbf": ("rbf", 2),
    "arccos0": ("arccos0", 1),
    "arccos1": ("arccos1", 1),
    "arccos2": ("arccos2", 1),
    "softmax": ("softmax_pos", 2),
}
_SAMPLERS = ("rff", "orf", "sorf", "hadamard", "qmc")
# Rows that the tools compute a kernel's error over.
_ROWS = 1000


def write_features(
    path: str | os.PathLike,
    kernel: str,
    sampler: str,
    directions: int,
    inputs: int,
    *,
    gamma: float | None = None,
    seed: int = 0,
    **options: Any,
) -> Path:
    """Writes features of n×`inputs` values as a module of one function; returns `path`.

    `kernel` is `rbf`, exp(-γ‖x - y‖²); `arccos0`, `arccos1`, `arccos2` or
    `softmax`, exp(x·y), which have no γ. Features are those of the map of this name
    of `kernel.features`, for `softmax` of `softmax_pos`. `sampler`, `directions` m, `gamma`, `seed` and `options`
    (`truncation`, `row_norm`, `haar`) are those of `kernel.projection`. The
    directions stay a recipe: `omega_seed` of `run` and `compile` draws others.

    Raises `ValueError` when a name is unknown, a number out of its range, or γ
    missing, `TypeError` when an option is none of them, `OSError` when `path`
    cannot be written. What is wrong with an option's value is told by the tool that
    reads the module.
    """
    _check_kernel(kernel, gamma)
    _check(sampler in _SAMPLERS, f"sampler to be one of {', '.join(_SAMPLERS)}", sampler)
    for name, value in {"directions": directions, "inputs": inputs}.items():
        _check(isinstance(value, numbers.Integral) and value > 0, f"{name} to be an integer of at least 1", value)
    _check(isinstance(seed, numbers.Integral) and 0 <= seed < 2**63, "seed in [0, 2^63)", seed)
    kind, columns = _KERNELS[kernel]
    # Scientific, since MLIR wants a point in a floating-point number.
    words = [f"sampler({sampler})"]
    if gamma is not None:
        words.append(f"gamma({gamma:.17e})")
    for name in ("truncation", "row_norm", "haar"):
        if (value := options.pop(name, None)) is not None:
            number = isinstance(value, numbers.Real) and not isinstance(value, bool)
            words.append(f"{name}({float(value):.17e})" if number else f"{name}({str(value).lower()})")
    if options:
        raise TypeError(f"expects options of kernel.projection, but got {', '.join(options)}")
    builder = FunctionBuilder("transform", inputs)
    omega, x = tensor_type(directions, inputs), tensor_type(None, inputs)
    builder.emit(f"%omega = kernel.projection {' '.join(words)} seed({seed}) : {omega}")
    builder.width = columns * directions
    builder.emit(
        f"%features = kernel.features map({kind}) %x, %omega\n    : {x}, {omega} -> {tensor_type(None, builder.width)}"
    )
    builder.value = "%features"
    builder.write(path, f"{directions} random directions ({sampler}) of the kernel {kernel}.")
    return Path(path)


class ErrorNotReached(ValueError):
    """No number of features met the error asked for; `curve` holds what was measured."""

    def __init__(self, message: str, curve: list[tuple[int, float, float]]) -> None:
        super().__init__(message)
        self.curve = curve


@dataclass(frozen=True)
class FeatureChoice:
    """How many random features a kernel needs.

    `directions` is m, the columns of the projection on the crossbars; `features`
    is their number D. `curve` has, in ascending order of m, what was measured:
    (m, mean, standard deviation) of the kernel error over seeds. `print` shows all.
    """

    directions: int
    features: int
    curve: list[tuple[int, float, float]]

    def __str__(self) -> str:
        lines = [f"{m:>10}  {mean:.4f} ± {deviation:.4f}" for m, mean, deviation in self.curve]
        chosen = f"{self.directions} directions, {self.features} features"
        return "\n".join(["directions  kernel error", *lines, f"chosen: {chosen}"])


def choose_features(
    *,
    error: float,
    X: np.ndarray,
    target: str | os.PathLike = "hermes",
    kernel: str = "rbf",
    gamma: float | None = None,
    sampler: str = "orf",
    device: str = "simulator",
    seeds: int = 5,
    most: int = 4096,
    calibrate: np.ndarray | None = None,
    **options: Any,
) -> FeatureChoice:
    """The least number of random directions whose kernel error is at most `error`.

    The error is ‖K - ZZᵀ‖_F / ‖K‖_F over the first 1000 rows of `X`, n×d, by
    `--kernel-error` of the tools: the mean over `seeds` draws of directions, each
    on a chip of its own. `device` is `simulator`, a chip of `target` with ranges
    from `calibrate` (by default these rows), or `exact`, where the target does
    not matter. `kernel`, `gamma`, `sampler` and `options` are those of
    `write_features`.

    Numbers of directions are doubled from 1 on until the error is met, and then
    halved in between, as if the error fell with each direction. It does but for
    chance, so another m a little below may meet it too.

    Raises `ErrorNotReached` when `most` directions do not meet it (a chip has a
    floor that more features do not lower), `ValueError` when a parameter is out
    of its range, and what `write_features`, `compile` and `run` raise: `ToolError`
    where a projection does not fit the chip.
    """
    _check_kernel(kernel, gamma)
    real = isinstance(error, numbers.Real) and math.isfinite(error)
    _check(real and error > 0, "error to be finite and greater than 0", error)
    for name, value in {"seeds": seeds, "most": most}.items():
        _check(isinstance(value, numbers.Integral) and value > 0, f"{name} to be an integer of at least 1", value)
    X = np.asarray(X.toarray() if hasattr(X, "toarray") else X)[:_ROWS]
    if X.ndim != 2 or 0 in X.shape:
        raise ValueError(f"expects X of at least one row and one column, but got shape {X.shape}")
    text = kernel if gamma is None else f"{kernel}:{float(gamma)!r}"
    measured: dict[int, tuple[float, float]] = {}

    def measure(folder: Path, directions: int) -> bool:
        errors = []
        for seed in range(seeds):
            path = write_features(
                folder / "features.mlir", kernel, sampler, directions, X.shape[1], gamma=gamma, seed=seed, **options
            )
            if device != "exact":
                ranges = X if calibrate is None else calibrate
                path = compile(path, target, folder / "placed.mlirbc", calibrate=ranges, emit="placed")
            errors.append(run(path, X, device=device, seed=seed, kernel_error=text).statistics["kernel_error"])
            if errors[-1] is None:
                raise ValueError(f"expects inputs whose kernel {kernel} is not 0, but got such")
        measured[directions] = (float(np.mean(errors)), float(np.std(errors, ddof=1)) if seeds > 1 else 0.0)
        return measured[directions][0] <= error

    with tempfile.TemporaryDirectory(prefix="aimc-") as name:
        too_few, enough = 0, 1
        while not measure(Path(name), enough):
            if enough == most:
                curve = [(m, *values) for m, values in sorted(measured.items())]
                best = min(curve, key=lambda point: point[1])
                raise ErrorNotReached(
                    f"expects a kernel error that {most} directions on device '{device}' reach, but got {error}; the "
                    f"least was {best[1]:.4g}, of {best[0]}",
                    curve,
                )
            too_few, enough = enough, min(2 * enough, most)
        while enough - too_few > 1:
            middle = (too_few + enough) // 2
            if measure(Path(name), middle):
                enough = middle
            else:
                too_few = middle
    return FeatureChoice(enough, _KERNELS[kernel][1] * enough, [(m, *values) for m, values in sorted(measured.items())])


def _check(condition: bool, expected: str, value: Any) -> None:
    if not condition:
        raise ValueError(f"expects {expected}, but got {value!r}")


def _check_kernel(kernel: str, gamma: float | None) -> None:
    _check(kernel in _KERNELS, f"kernel to be one of {', '.join(_KERNELS)}", kernel)
    if kernel == "rbf":
        real = isinstance(gamma, numbers.Real) and math.isfinite(gamma)
        _check(real and gamma > 0, "gamma of kernel 'rbf' to be finite and greater than 0", gamma)
    elif gamma is not None:
        raise ValueError(f"expects no gamma for kernel {kernel!r}, but got {gamma!r}")
