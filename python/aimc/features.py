# ===- features.py - Modules of random features ----------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Writes the random features of a kernel as a module, and chooses their number."""

from __future__ import annotations

import functools
import json
import math
import numbers
import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Callable, List, Sequence, Tuple

import numpy as np

from aimc.compiler import compile  # noqa: A004
from aimc.mlir import FunctionBuilder, tensor_type
from aimc.runner import run
from aimc.tools import ToolError

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
        integer = isinstance(value, numbers.Integral) and not isinstance(value, bool)
        _check(integer and value > 0, f"{name} to be an integer of at least 1", value)
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


# What was measured of one number of copies: (m, mean, standard deviation) of the
# kernel error over seeds, in ascending order of m.
Curve = List[Tuple[int, float, float]]


class ErrorNotReached(ValueError):
    """No number of features met the error asked for.

    `curves` holds what was measured by the number of copies, `curve` that of the
    least error.
    """

    def __init__(self, message: str, curve: Curve, curves: dict[int, Curve]) -> None:
        super().__init__(message)
        self.curve = curve
        self.curves = curves


@dataclass(frozen=True)
class FeatureChoice:
    """How many random features a kernel needs, and in how many copies.

    `directions` is m, the columns of the projection on the crossbars, `copies` how
    often it is programmed to average noise, `cells` the weights on crossbars that
    takes, and `tiles` how many tiles they are in (None on device `exact`);
    `features` is their number D. `curve` has, in ascending order of m, what was
    measured with these copies: (m, mean, standard deviation) of the kernel error
    over seeds, and `curves` the same by each number of copies tried. `others` are
    the choices of other numbers of copies that meet the error too, by ascending
    cells. `print` shows all.
    """

    directions: int
    features: int
    copies: int
    cells: int
    tiles: int | None
    curves: dict[int, Curve]
    others: tuple[FeatureChoice, ...] = ()

    @property
    def curve(self) -> Curve:
        return self.curves[self.copies]

    def __str__(self) -> str:
        lines = ["copies  directions  kernel error"]
        for copies, curve in self.curves.items():
            lines += [f"{copies:>6}  {m:>10}  {mean:.4f} ± {deviation:.4f}" for m, mean, deviation in curve]
        met = {choice.copies for choice in (self, *self.others)}
        lines += [f"chosen: {self._size()}", *(f"also: {choice._size()}" for choice in self.others)]
        lines += [f"not met: {_count(copies, 'copy', 'copies')}" for copies in self.curves if copies not in met]
        return "\n".join(lines)

    def _size(self) -> str:
        text = f"{_count(self.directions, 'direction')} in {_count(self.copies, 'copy', 'copies')}, "
        text += f"{_count(self.features, 'feature')}: {_count(self.cells, 'cell')}"
        return text if self.tiles is None else f"{text} in {_count(self.tiles, 'tile')}"


def _count(number: int, one: str, several: str | None = None) -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"


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
    copies: Sequence[int] = (1,),
    **options: Any,
) -> FeatureChoice:
    """The fewest cells of random directions whose kernel error is at most `error`.

    The error is ‖K - ZZᵀ‖_F / ‖K‖_F over the first 1000 rows of `X`, n×d, by
    `--kernel-error` of the tools: the mean over `seeds` draws of directions, each
    on a chip of its own. `device` is `simulator`, a chip of `target` with ranges
    from `calibrate` (by default these rows), or `exact`, where the target does
    not matter. `kernel`, `gamma`, `sampler` and `options` are those of
    `write_features`.

    For each of the numbers `copies` of times the projection is programmed, the least
    number of directions is looked for; the choice is the one with the fewest cells,
    copies × directions × inputs, of these the one with the fewest tiles, then with
    the fewest copies. Noise falls as copies^(-1/2), what more directions lower does
    not: copies pay where noise is most of the error.

    Numbers of directions are doubled from 1 on until the error is met, and then
    halved in between, as if the error fell with each direction. It does but for
    chance, so another m a little below may meet it too.

    Raises `ErrorNotReached` when `most` directions do not meet it with any number
    of copies (a chip has a floor that more features do not lower), `ValueError`
    when a parameter is out of its range, and what `write_features`, `compile` and
    `run` raise: `ToolError` where a projection does not fit the chip. A number of
    copies without room where another meets the error is one that does not meet it.
    """
    _check_kernel(kernel, gamma)
    real = isinstance(error, numbers.Real) and math.isfinite(error)
    _check(real and error > 0, "error to be finite and greater than 0", error)
    for name, value in {"seeds": seeds, "most": most}.items():
        _check(_is_count(value), f"{name} to be an integer of at least 1", value)
    copies = tuple(copies) if isinstance(copies, (Sequence, np.ndarray)) else (copies,)
    for value in copies:
        _check(_is_count(value), "copies to be integers of at least 1", value)
    _check(len(copies) > 0, "at least one number of copies", copies)
    if device == "exact" and set(copies) != {1}:
        raise ValueError(f"expects 1 copy on device 'exact', which has no noise to average, but got {copies}")
    X = np.asarray(X.toarray() if hasattr(X, "toarray") else X)[:_ROWS]
    # The kernel of a row with itself says nothing.
    if X.ndim != 2 or X.shape[0] < 2 or X.shape[1] < 1:
        raise ValueError(f"expects X of at least two rows and one column, but got shape {X.shape}")
    text = kernel if gamma is None else f"{kernel}:{float(gamma)!r}"
    ranges = X if calibrate is None else calibrate

    with tempfile.TemporaryDirectory(prefix="aimc-") as folder:

        def write(directions: int, seed: int) -> Path:
            path = Path(folder) / "features.mlir"
            return write_features(path, kernel, sampler, directions, X.shape[1], gamma=gamma, seed=seed, **options)

        def measure(number: int, directions: int) -> tuple[float, float]:
            errors = []
            for seed in range(seeds):
                path = write(directions, seed)
                if device != "exact":
                    placed = Path(folder) / "placed.mlirbc"
                    path = compile(path, target, placed, calibrate=ranges, emit="placed", copies=number)
                errors.append(run(path, X, device=device, seed=seed, kernel_error=text).statistics["kernel_error"])
                if errors[-1] is None:
                    raise ValueError(f"expects inputs whose kernel {kernel} is not 0, but got such")
            return float(np.mean(errors)), float(np.std(errors, ddof=1)) if seeds > 1 else 0.0

        def count_tiles(number: int, directions: int) -> int | None:
            if device == "exact":
                return None
            path = compile(write(directions, 0), target, Path(folder) / "cost.json", emit="estimate", copies=number)
            return json.loads(path.read_text(encoding="utf-8"))["tiles"]

        curves: dict[int, Curve] = {}
        choices: list[FeatureChoice] = []
        full: ToolError | None = None
        not_reached = 0
        for number in sorted({int(value) for value in copies}):
            search = _Search(error, most, functools.partial(measure, number))
            try:
                enough = search.run()
                not_reached += enough is None
            except ToolError as problem:
                # Fewer copies may have room.
                if "expects room for" not in str(problem):
                    raise
                full, enough = full or problem, None
            curves[number] = search.curve()
            if enough is not None:
                cells = number * enough * X.shape[1]
                features = _KERNELS[kernel][1] * enough
                tiles = count_tiles(number, enough)
                choices.append(FeatureChoice(enough, features, number, cells, tiles, curves))
    if choices:
        choices.sort(key=lambda choice: (choice.cells, choice.tiles or 0, choice.copies))
        return replace(choices[0], others=tuple(choices[1:]))
    if full and not_reached == 0:
        raise full
    number, curve = min(curves.items(), key=lambda item: min((point[1] for point in item[1]), default=math.inf))
    best = min(curve, key=lambda point: point[1])
    where = f" in {_count(number, 'copy', 'copies')}" if len(curves) > 1 else ""
    raise ErrorNotReached(
        f"expects a kernel error that {most} directions on device '{device}' reach, but got {error}; the "
        f"least was {best[1]:.4g}, of {best[0]}{where}",
        curve,
        curves,
    )


class _Search:
    """The least number of directions, up to `most`, whose mean error is at most `error`."""

    def __init__(self, error: float, most: int, measure: Callable[[int], tuple[float, float]]) -> None:
        self._error = error
        self._most = most
        self._measure = measure
        self._measured: dict[int, tuple[float, float]] = {}

    def curve(self) -> Curve:
        return [(m, *values) for m, values in sorted(self._measured.items())]

    def run(self) -> int | None:
        too_few, enough = 0, 1
        while not self._meets(enough):
            if enough == self._most:
                return None
            too_few, enough = enough, min(2 * enough, self._most)
        while enough - too_few > 1:
            middle = (too_few + enough) // 2
            if self._meets(middle):
                enough = middle
            else:
                too_few = middle
        return enough

    def _meets(self, directions: int) -> bool:
        self._measured[directions] = self._measure(directions)
        return self._measured[directions][0] <= self._error


def _is_count(value: Any) -> bool:
    return isinstance(value, numbers.Integral) and not isinstance(value, bool) and value > 0


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
