# ===- compiler.py - Compile a model for a target --------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Calls aimcc."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from aimc.exporter import export
from aimc.runner import input_words
from aimc.tools import find_tool, option_words, run_tool

# What aimcc writes beside the stages, which are all MLIR.
_SUFFIXES = {"executable": "", "project": "", "library": ".so", "cpp": ".cpp", "estimate": ".json"}


def compile(  # noqa: A001
    model: Any,
    target: str | os.PathLike = "hermes",
    output: str | os.PathLike | None = None,
    calibrate: np.ndarray | tuple[np.ndarray, ...] | None = None,
    emit: str = "executable",
    **options: Any,
) -> Path:
    """Compiles `model` for `target`; returns the path of what was written.

    `model` is the path of a module, or a fitted pipeline as `export` takes it.
    `target` is a built-in target's name or the path of a JSON file. `calibrate`,
    n×d, are inputs (of the training data, say) whose ranges set the ranges of
    the converters, a tuple of arrays for a model of several arguments; without it
    they are the target's defaults. `emit` is what to
    write: a stage's name, `mapping`, `estimate`, `cpp`, `project` (a folder),
    `library` or `executable`.
    `output` is by default the model's path with a fitting suffix;
    a pipeline needs it. Other `options` go to aimcc: `objective="latency"` is
    `--objective=latency`.

    Raises `ToolError` with aimcc's message, `TypeError` when `target` is neither, and
    what `export` raises.
    """
    if not isinstance(target, (str, os.PathLike)):
        raise TypeError(f"expects the name of a built-in target or the path of a JSON file, but got {target!r}")
    is_path = isinstance(model, (str, os.PathLike))
    if output is None:
        if not is_path:
            raise ValueError("expects an output path to compile a pipeline to, but got none")
        suffix = _SUFFIXES.get(emit, f".{emit}.mlir")
        output = Path(model).with_suffix(suffix)
        if output == Path(model):
            raise ValueError(f"expects an output path other than the model's, but got '{output}'")
    with tempfile.TemporaryDirectory(prefix="aimc-") as folder:
        module = Path(model) if is_path else export(model, Path(folder) / "model.mlir")
        command = [find_tool("aimcc"), module, "--target", target, "--emit", emit, "-o", output]
        if calibrate is not None:
            command += input_words("--calibrate", calibrate, Path(folder), "calibrate")
        run_tool(command + option_words(options), folder)
    return Path(output)
