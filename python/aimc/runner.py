# ===- runner.py - Run a model on a device ---------------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Calls aimc-run, or a compiled program, which takes the same options."""

from __future__ import annotations

import json
import os
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from aimc.arguments import to_array
from aimc.exporter import count_results, export
from aimc.tools import find_tool, option_words, run_tool


@dataclass(frozen=True)
class RunResult:
    """What a run gave.

    `outputs` are the n×C FP32 values of the entry function, None of several
    chips; `accuracy` is the fraction of rows whose class is their label, the mean
    over the chips, None without labels; `statistics` is the tool's JSON object.
    """

    outputs: np.ndarray | None
    accuracy: float | None
    statistics: dict[str, Any]
    results: tuple[np.ndarray, ...] = ()

    @property
    def accuracies(self) -> np.ndarray:
        """The accuracy of each chip; without labels a `ValueError`."""
        if self.accuracy is None:
            raise ValueError("expects a run with labels to give accuracies, but got one without")
        return np.array([chip["accuracy"] for chip in self.statistics["chips"]])

    @property
    def class_indices(self) -> np.ndarray:
        """The index of each row's class, n integers, taking `outputs` as scores.

        One column: 1 where the score is above 0, else 0. Several: the first
        largest. `pipeline.classes_[result.class_indices]` are the classes. Raises
        `ValueError` for a run of several chips, which gives no outputs.
        """
        if self.outputs is None:
            raise ValueError("expects a run of one chip to give classes, but got one of several")
        return class_indices(self.outputs)


def class_indices(scores: np.ndarray) -> np.ndarray:
    """The index of each row's class from n×C decision scores; see `RunResult`.

    Warns of rows with a score that is no number, whose class says nothing.
    """
    rows = int(np.isnan(scores).any(axis=1).sum())
    if rows:
        warnings.warn(f"expects scores that are numbers, but got NaN in {rows} of {len(scores)} rows", RuntimeWarning, stacklevel=3)
    if scores.shape[1] == 1:
        return (scores[:, 0] > 0).astype(np.int64)
    return scores.argmax(axis=1)


def run(
    model: Any,
    X: np.ndarray | tuple[np.ndarray, ...],
    labels: np.ndarray | None = None,
    device: str | os.PathLike = "exact",
    seed: int = 0,
    *,
    chips: int = 1,
    classes: np.ndarray | None = None,
    results: int | None = None,
    **options: Any,
) -> RunResult:
    """Runs `model` on the rows of `X`, n×d, converted to FP32.

    A model of several arguments takes a tuple of as many arrays: `(q, k, v)` for
    attention. `model` is the path of a module of any stage (an `.mlir`, `.mlirbc` or `.bc`
    file) or of a compiled program, or a fitted pipeline as `export` takes it.
    `labels`, n, are class indices, or values of `classes`, the classes in the
    order of their scores (a pipeline's own are known), and give the accuracy. `device` is `exact`,
    `simulator` or the path of a plug-in; `seed` keys the device's noise. With several `chips`, those of
    `seed`, `seed` + 1, … are run, for their accuracies alone. `results` is how many
    results of the entry to read, by default the first, and all of a pipeline. Other `options` go
    to the tool: `threads=2` is `--threads=2`.

    Raises `ToolError` with the tool's message, `ValueError` when a label is
    none of the classes or `X` is masked or not of real numbers, and what `export` raises.
    """
    is_path = isinstance(model, (str, os.PathLike))
    if labels is not None and classes is None and not is_path:
        classes = getattr(model, "classes_", None)
    with tempfile.TemporaryDirectory(prefix="aimc-") as folder:
        path = Path(model) if is_path else export(model, Path(folder) / "model.mlir")
        if path.suffix in (".mlir", ".mlirbc", ".bc"):
            command = [find_tool("aimc-run"), path]
        elif path.suffix == ".so" or (path.is_file() and not os.access(path, os.X_OK)):
            hint = "; aimc.load runs a library" if path.suffix == ".so" else ""
            raise ValueError(f"expects a module (.mlir, .mlirbc or .bc) or a compiled program, but got '{path}'{hint}")
        else:
            command = [path.resolve()]
        if results is None:
            results = 1 if is_path else count_results(model)
        files = [Path(folder) / f"output{i}.npy" for i in range(results)]
        command += input_words("--input", X, Path(folder), "X")
        command += ["--device", device, "--seed", str(seed), "--chips", str(chips)]
        if chips == 1:
            for file in files:
                command += ["--output", file]
        if labels is not None:
            np.save(Path(folder) / "labels.npy", _label_indices(labels, classes))
            command += ["--labels", Path(folder) / "labels.npy"]
        statistics = json.loads(run_tool([*command, "--json", *option_words(options)], folder))
        outputs = tuple(np.load(file) for file in files) if chips == 1 else ()
        return RunResult(outputs[0] if outputs else None, statistics.get("accuracy"), statistics, outputs)


def input_words(option: str, X: np.ndarray | tuple[np.ndarray, ...], folder: Path, name: str) -> list[Any]:
    """Writes one array as NAME.npy, or a tuple of arrays as NAME0.npy and so on; returns what a tool takes.

    A tuple of numbers or lists is one array, as it is to NumPy. Raises `ValueError` for an empty one.
    """
    if isinstance(X, tuple) and not X:
        raise ValueError("expects an array or a tuple of arrays, but got ()")
    if not isinstance(X, tuple) or not all(hasattr(values, "shape") for values in X):
        return [option, save_input(X, folder / f"{name}.npy")]
    return [word for i, values in enumerate(X) for word in (option, save_input(values, folder / f"{name}{i}.npy"))]


def save_input(X: np.ndarray, path: Path) -> Path:
    """Writes `X`, dense or sparse, for the tools as FP32 in C order, as `to_array` takes it; returns `path`."""
    np.save(path, to_array(X))
    return path


def _label_indices(labels: np.ndarray, classes: np.ndarray | None) -> np.ndarray:
    labels = np.ravel(labels)
    if classes is None:
        if labels.dtype.kind not in "biu":
            raise ValueError(f"expects labels that are class indices, integers, but got values of {labels.dtype}")
        return labels.astype(np.int64)
    indices = {label: index for index, label in enumerate(np.asarray(classes).tolist())}
    for label in labels.tolist():
        if label not in indices:
            raise ValueError(f"expects labels among the classes {list(indices)}, but got {label!r}")
    return np.array([indices[label] for label in labels.tolist()], dtype=np.int64)
