# ===- arguments.py - What the calls of a compiled model take --------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Options and arrays of `aimc.load`, each of its type or refused in one sentence."""

from __future__ import annotations

import numbers
import operator
import os
from typing import Any

import numpy as np

_LONGEST = 80  # characters of a value that a message shows


def to_integer(value: Any, name: str) -> int:
    """A whole number, of Python or NumPy; raises `TypeError` for another value and for a boolean."""
    try:
        if not isinstance(value, (bool, np.bool_)):
            return operator.index(value)
    except TypeError:
        pass
    raise TypeError(f"{name} expects a whole number, but got {shown(value)}")


def to_number(value: Any, name: str) -> float:
    """A real number; raises `TypeError` for another value and for a boolean."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} expects a number, but got {shown(value)}")
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def to_text(value: Any, name: str) -> bytes:
    """A string as bytes for the runtime; raises `TypeError` for another value, `ValueError` for a null character."""
    if not isinstance(value, str):
        raise TypeError(f"{name} expects a string, but got {shown(value)}")
    if "\0" in value:
        raise ValueError(f"{name} expects a string without a null character, but got {shown(value)}")
    try:
        return os.fsencode(value)
    except UnicodeEncodeError:
        raise ValueError(f"{name} expects a string that UTF-8 can encode, but got {shown(value)}") from None


def to_texts(value: Any, name: str) -> list[bytes]:
    """A string or a sequence of them, as `to_text` gives each."""
    if isinstance(value, str):
        return [to_text(value, name)]
    if isinstance(value, (bytes, bytearray)) or not np.iterable(value):
        raise TypeError(f"{name} expects a string or a list of them, but got {shown(value)}")
    return [to_text(text, name) for text in value]


def to_path(value: Any, name: str) -> str:
    """A path as a string; raises `TypeError` for another value and for bytes, else as `to_text`."""
    path = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(path, str):
        raise TypeError(f"{name} expects a path, but got {shown(value)}")
    to_text(path, name)
    return path


def to_classes(value: Any) -> np.ndarray:
    """Classes as a vector; raises `ValueError` for what is none."""
    try:
        classes = np.asarray(value)
    except (TypeError, ValueError):
        classes = np.empty(())
    if classes.ndim != 1 or isinstance(value, np.ma.MaskedArray):
        raise ValueError(f"classes expects a list of classes, but got {shown(value)}")
    return classes


def to_array(values: Any) -> np.ndarray:
    """`values`, dense or sparse, as FP32 in C order; raises `ValueError` for what is no array of real numbers."""
    if isinstance(values, np.ma.MaskedArray):
        raise ValueError("expects an array without a mask, but got a masked one; filled() gives one")
    if hasattr(values, "toarray"):
        values = values.toarray()
    try:
        if not np.iscomplexobj(values):
            with np.errstate(over="ignore"):
                # Values that do not fit become infinite, which the runtime refuses.
                return np.ascontiguousarray(values, dtype=np.float32)
    except (TypeError, ValueError, OverflowError, RuntimeError):  # the last one of tensors with gradients
        raise ValueError(f"expects an array of real numbers, but got {shown(values)}") from None
    raise ValueError("expects real inputs, but got complex ones")


def shown(value: Any) -> str:
    """A value in a message: one line, cut where it is long."""
    try:
        text = " ".join(repr(value).split())
    except ValueError:  # an integer of more digits than Python writes
        text = f"a value of type {type(value).__name__}"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
