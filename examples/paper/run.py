#!/usr/bin/env python3
# ===- run.py - Kernel ridge classification as published -------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Runs the ridge benchmark of Büchel et al. through the compiler.

Kernel approximation using analogue in-memory computing, Nature Machine
Intelligence 6, 1605-1615 (2024). Inputs are standardised; m = 2^k·d - k random
directions give features, on the device; a ridge read-out (0.5, with intercept,
of targets 0 and 1) classifies at 0.5. Reported are accuracy and kernel error
(over the first 1000 test rows), mean and standard deviation over seeds. A seed
is that of the split, of the directions and of the chip.

FILE.npz has x and y, which are split in two halves at random; or x_train,
y_train, x_test, y_test and perhaps x_val and y_val, which are tested on first,
each standardised by itself. Of more than two classes the first half is told from
the second. Features are computed by aimc-run; the read-out is fitted by scikit-learn on the exact
device's, and for the simulator also on those of the same programmed chip.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any, Iterator

import numpy as np
from sklearn.linear_model import Ridge

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "python"), str(TOP / "examples")]
import aimc  # noqa: E402
from common import Parser, choice_list, count, create_figure, fail, range_up_to, save_figure, summarise  # noqa: E402
from progress import Progress  # noqa: E402

GAMMA = 0.05
RIDGE = 0.5
KERNELS = {"rbf": GAMMA, "arccos0": None, "arccos1": None}
# Options of the samplers: what the published experiments did, and what leaves no
# error that more directions do not lower.
SETTINGS = {
    "paper": {"rff": {"truncation": 3}, "orf": {"haar": False}, "sorf": {"row_norm": "constant"}},
    "unbiased": {"rff": {}, "orf": {"haar": True}, "sorf": {"row_norm": "chi"}},
}
MEASURES = ("accuracy", "accuracy_fp32_readout", "kernel_error")


def load(path: Path, one_hot: int) -> dict[str, np.ndarray]:
    """The arrays of `path`: inputs FP64, labels 0 and 1; the first `one_hot` columns as one index."""
    file = np.load(path)
    if not isinstance(file, np.lib.npyio.NpzFile):
        fail(f"expects a file of several arrays, x.npz, but got '{path}'")
    with file:
        arrays = {name.lower(): file[name] for name in file.files}
    if not {"x", "y"} <= set(arrays) and not {"x_train", "y_train", "x_test", "y_test"} <= set(arrays):
        fail(f"expects x and y, or x_train, y_train, x_test and y_test in '{path}', but got {', '.join(arrays)}")
    classes = np.unique(np.concatenate([np.ravel(v) for name, v in arrays.items() if name.startswith("y")]))
    if len(classes) < 2:
        fail(f"expects two classes or more in '{path}', but got {len(classes)}")
    for name, values in arrays.items():
        if values.dtype.kind not in "biuf" or not np.isfinite(values).all():
            fail(f"expects {name} in '{path}' to be finite real numbers, but it is not")
        if name.startswith("y"):
            inputs = arrays.get("x" + name[1:], values)
            if values.size != len(values) or len(values) != len(inputs):
                fail(f"expects a label for each of the {len(inputs)} rows of x{name[1:]} in '{path}', but got {values.shape}")
            arrays[name] = (np.ravel(values) >= classes[len(classes) // 2]).astype(np.int64)
            continue
        values = values.astype(np.float64)
        if values.ndim != 2 or 0 in values.shape:
            fail(f"expects {name} in '{path}' to be a matrix, but got {values.shape}")
        if one_hot:
            head = values[:, :one_hot]
            if values.shape[1] < one_hot or not (np.isin(head, (0, 1)).all() and (head.sum(axis=1) == 1).all()):
                fail(f"expects one 1 in the first {one_hot} columns of each row of {name}, but got others")
            values = np.column_stack([head.argmax(axis=1), values[:, one_hot:]])
        arrays[name] = values
    return arrays


def standardised(X: np.ndarray) -> np.ndarray:
    deviation = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(deviation > 0, deviation, 1)


def split(arrays: dict[str, np.ndarray], seed: int) -> tuple[np.ndarray, ...]:
    """X, y to train on and X, y to test on."""
    if "x" in arrays:
        X, y = standardised(arrays["x"]), arrays["y"]
        rows = np.random.default_rng(seed).permutation(len(X))
        train, test = rows[: len(X) // 2], rows[len(X) // 2 :]
        return X[train], y[train], X[test], y[test]
    parts = [part for part in ("val", "test") if f"x_{part}" in arrays]
    X_test = np.concatenate([standardised(arrays[f"x_{part}"]) for part in parts])
    y_test = np.concatenate([arrays[f"y_{part}"] for part in parts])
    return standardised(arrays["x_train"]), arrays["y_train"], X_test, y_test


def accuracy(Z: np.ndarray, y: np.ndarray, Z_test: np.ndarray, y_test: np.ndarray) -> float:
    """Of a ridge read-out of targets 0 and 1, fitted on Z, above 0.5."""
    readout = Ridge(alpha=RIDGE).fit(Z.astype(np.float64), y)
    return float(((Z_test @ readout.coef_ + readout.intercept_ > 0.5) == (y_test == 1)).mean())


def measure(data: tuple, options: argparse.Namespace, sampler: str, k: int, seed: int, folder: Path) -> Iterator[dict]:
    """What one draw of directions gives on each device."""
    X, y, X_test, y_test = data
    inputs = X.shape[1]
    directions = 2**k * inputs - k
    gamma = KERNELS[options.kernel]
    kernel = options.kernel if gamma is None else f"{options.kernel}:{gamma}"
    model = aimc.write_features(
        folder / "features.mlir", options.kernel, sampler, directions, inputs,
        gamma=gamma, seed=seed, **SETTINGS[options.settings][sampler],
    )  # fmt: skip
    Z_exact = aimc.run(model, X).outputs
    for device in options.device:
        run = {"device": device, "seed": seed, "first_vector": len(X), "kernel_error": kernel}
        found: dict[str, Any] = {"sampler": sampler, "k": k, "directions": directions, "device": device, "seed": seed}
        if device == "exact":
            tested = aimc.run(model, X_test, **run)
            found["accuracy"] = accuracy(Z_exact, y, tested.outputs, y_test)
        else:
            placed = aimc.compile(
                model, options.target, folder / "placed.mlirbc", calibrate=X, emit="placed", rule=options.rule
            )
            run["time"] = options.time
            tested = aimc.run(placed, X_test, **run)
            Z = aimc.run(placed, X, device=device, seed=seed, time=options.time).outputs
            found["accuracy"] = accuracy(Z, y, tested.outputs, y_test)
            found["accuracy_fp32_readout"] = accuracy(Z_exact, y, tested.outputs, y_test)
        found["kernel_error"] = tested.statistics["kernel_error"]
        yield found


def shown(row: dict, name: str) -> str:
    if name not in row:
        return ""
    deviation = row[f"{name}_standard_deviation"]
    return f"{row[name]:.4f}" + (f" ± {deviation:.4f}" if deviation is not None else "")


def table(rows: list[dict]) -> str:
    lines = [f"{'sampler':8}{'device':11}{'k':>2}{'m':>6}   {'accuracy':17}{'FP32 read-out':17}kernel error"]
    for row in rows:
        cells = "".join(f"{shown(row, name):17}" for name in MEASURES)
        lines.append(f"{row['sampler']:8}{row['device']:11}{row['k']:>2}{row['directions']:>6}   {cells}".rstrip())
    return "\n".join(lines)


def plot(rows: list[dict], title: str, path: Path) -> None:
    """Kernel error and accuracy over the number of directions, a line a sampler and device."""
    figure, axes = create_figure(2)
    for axis, name, label in zip(axes, ("kernel_error", "accuracy"), ("kernel error", "accuracy")):
        for key in sorted({(row["sampler"], row["device"]) for row in rows}):
            line = [row for row in rows if (row["sampler"], row["device"]) == key]
            deviations = [row[f"{name}_standard_deviation"] or 0 for row in line]
            style = "-" if key[1] == "exact" else "--"
            m = [row["directions"] for row in line]
            axis.errorbar(m, [row[name] for row in line], deviations, fmt="o" + style, capsize=2, label=", ".join(key))
        axis.set_xscale("log", base=2)
        axis.set_xlabel("directions m")
        axis.set_ylabel(label)
    axes[0].set_yscale("log")
    axes[0].legend(fontsize="small")
    figure.suptitle(title)
    save_figure(figure, path)


def parse() -> argparse.Namespace:
    parser = Parser(__doc__)
    samplers = tuple(SETTINGS["paper"])
    parser.add_argument("--data", type=Path, required=True, metavar="FILE.npz")
    parser.add_argument("--one-hot", type=count, default=0, metavar="N", help="the first N columns are a one-hot index")
    parser.add_argument("--kernel", choices=KERNELS, default="rbf", help=f"rbf has γ = {GAMMA} (rbf)")
    parser.add_argument(
        "--sampler", type=choice_list(samplers), default=["orf"], metavar="NAMES", help="of rff, orf, sorf (orf)"
    )
    parser.add_argument(
        "--settings", choices=SETTINGS, default="paper",
        help="paper: rff truncated at 3, orf of raw Q, sorf of constant lengths; unbiased: none of these (paper)",
    )  # fmt: skip
    parser.add_argument(
        "--k", type=range_up_to(10), default=[5], metavar="K", help="as 5, 1..5 or 1,3; m = 2^k·d - k (5)"
    )
    parser.add_common(seeds=3)
    return parser.parse()


def main() -> None:
    options = parse()
    arrays = load(options.data, options.one_hot)
    found = []
    progress = Progress(options.seeds * len(options.sampler) * len(options.k))
    with tempfile.TemporaryDirectory(prefix="aimc-") as folder:
        for seed in range(options.seeds):
            data = split(arrays, seed)
            for sampler in options.sampler:
                for k in options.k:
                    progress.show(f"{sampler}, k = {k}, seed {seed}")
                    found += measure(data, options, sampler, k, seed, Path(folder))
                    progress.advance()
    progress.close()
    rows = summarise(found, MEASURES)
    if options.json:
        about = {"data": options.data.name, "kernel": options.kernel, "gamma": KERNELS[options.kernel], "ridge": RIDGE}
        about.update(settings=options.settings, target=options.target, rows=[len(data[0]), len(data[2])])
        print(json.dumps({**about, "summary": rows, "runs": found}, indent=2))
    else:
        print(table(rows))
    if options.plot:
        plot(rows, f"{options.data.stem}, kernel {options.kernel}", options.plot)


if __name__ == "__main__":
    try:
        main()
    except (aimc.ToolError, OSError, ValueError) as error:
        fail(str(error))
