# ===- modules.py - Modules of features with a read-out --------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Puts a fitted read-out behind a module that computes features."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sklearn.exceptions import NotFittedError

from aimc.exporter import emit_readout, is_readout
from aimc.mlir import FunctionBuilder, tensor_type
from aimc.tools import find_tool, run_tool

# A function as aimc-opt prints it: its name, arguments, results.
_FUNCTION = re.compile(
    r'^ *func\.func (private )?@([\w$.-]+|"[^"]*")\((.*?)\)(?: -> (.*?))?(?: attributes .*)? \{$', re.MULTILINE
)
_BATCH = re.compile(r"tensor<\?x(\d+)xf32>")
# What the stages behind `kernel` have.
_LOWERED = re.compile(r"\baimc\.(?:weights|mvm|digital|execute|gram|rt\.\w+)\b")


@dataclass(frozen=True)
class FeatureModule:
    """A module of stage `kernel` with one public function from n×`inputs` to n×`features`.

    `text` is the module as aimc-opt prints it, `entry` the function's name.
    """

    text: str
    entry: str
    inputs: int
    features: int


def read_features(path: str | os.PathLike) -> FeatureModule:
    """Reads the module at `path`.

    Raises `ToolError` when it is none, `ValueError` when it is no module of features
    as `FeatureModule` describes it.
    """
    path = Path(path)
    if path.suffix not in (".mlir", ".mlirbc", ".bc"):
        raise ValueError(f"expects a module of features (.mlir, .mlirbc or .bc), but got '{path}'")
    text = run_tool([find_tool("aimc-opt"), path])
    if found := _LOWERED.search(text):
        raise ValueError(f"expects features as a module of stage kernel, but got one with '{found[0]}' in '{path}'")
    public = [function for function in _FUNCTION.finditer(text) if not function[1]]
    if len(public) != 1:
        names = ", ".join(function[2] for function in public) or "none"
        raise ValueError(f"expects one public function that computes features in '{path}', but got {names}")
    _, name, arguments, results = public[0].groups()
    of = [_BATCH.fullmatch(re.sub(r"^%\w+: | \{.*\}$", "", arguments)), _BATCH.fullmatch(results or "")]
    if None in of:
        got = f"({arguments}) -> {results or '()'}"
        raise ValueError(
            f"expects function '{name}' in '{path}' to map tensor<?xdxf32> to tensor<?xDxf32>, but got {got}"
        )
    return FeatureModule(text, name, int(of[0][1]), int(of[1][1]))


def join_readout(features: str | os.PathLike, readout: Any, path: str | os.PathLike) -> Path:
    """Writes the module of `features` with the fitted `readout` behind it to `path`; returns it.

    `features` is the path of a module of stage `kernel` with one public function from
    tensor<?xdxf32> to tensor<?xDxf32>; `readout` is one that `export` takes, fitted on D
    features, say by `fit_readout`. The entry is `@predict`, from inputs to scores.
    Compiled as the features were, for the same target with the same `calibrate`, it has
    their tiles in their places: on the chip of the same seed the same features, to the
    bit.

    Raises `TypeError` when `readout` is none, `NotFittedError` when it is not fitted,
    `ValueError` when it does not fit the features or these are no such module,
    `ToolError` when a file cannot be read or written.
    """
    if not is_readout(readout):
        raise TypeError(f"expects a read-out that export takes, but got a {type(readout).__name__}")
    if not hasattr(readout, "coef_") or not hasattr(readout, "n_features_in_"):
        raise NotFittedError(f"expects a fitted read-out, but the {type(readout).__name__} is not fitted")
    module = read_features(features)
    if readout.n_features_in_ != module.features:
        raise ValueError(
            f"expects a read-out of the {module.features} features of '{Path(features)}', "
            f"but got one of {readout.n_features_in_}"
        )
    entry = "predict"
    while f"@{entry}(" in module.text:
        entry += "_"
    # Constants in place: the module may have resources of the same names.
    builder = FunctionBuilder(entry, module.inputs, with_resources=False)
    inputs, outputs = tensor_type(None, module.inputs), tensor_type(None, module.features)
    builder.emit(f"%features = func.call @{module.entry}(%x) : ({inputs}) -> {outputs}")
    builder.value, builder.width = "%features", module.features
    first = emit_readout(builder, readout)
    text = module.text.replace(f"func.func @{module.entry}(", f"func.func private @{module.entry}(", 1)
    head = re.search(r"^module.*\{$", text, re.MULTILINE)
    joined = f"{text[: head.end()]}\n{builder.function(first=first)}{text[head.end() + 1 :]}"
    with tempfile.TemporaryDirectory(prefix="aimc-") as folder:
        source = Path(folder) / "joined.mlir"
        source.write_text(joined, encoding="utf-8")
        run_tool([find_tool("aimc-opt"), source, "--inline", "--symbol-dce", "-o", path])
    return Path(path)
