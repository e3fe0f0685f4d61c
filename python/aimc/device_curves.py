# ===- device_curves.py - Curves of a target in NumPy ----------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Evaluates and tabulates the curves of a target's device (docs/Targets.md).

The descriptions come from `aimcc --print-target`, which has checked them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

# Points of a table that the schema allows, and the error at which fewer do, relative to the largest value.
_MOST = 64
_TOLERANCE = 1e-4


def evaluate(curve: dict[str, Any], x: np.ndarray, largest: float) -> np.ndarray:
    """A curve at x = g / g_max; `largest` is g_max, uS."""
    x = np.asarray(x, dtype=np.float64)
    if "conductances" in curve:
        return np.interp(x * largest, curve["conductances"], curve["values"])
    if "value" in curve:
        return np.full(x.shape, float(curve["value"]))
    value = np.polynomial.polynomial.polyval(x, curve.get("coefficients", [0.0]))
    if "bounds" not in curve:
        return value
    positive = np.maximum(x, 1e-7)
    if "power" in curve:
        factor, exponent = curve["power"]
        below = factor * positive**exponent
    else:
        constant, slope = curve["logarithm"]
        below = constant + slope * np.log(positive)
    return np.where(x < curve.get("threshold", 2.0), np.clip(below, *curve["bounds"]), value)


def tabulate(curve: dict[str, Any], largest: float) -> tuple[dict[str, Any], float]:
    """The curve as a table, and the root mean square error of its values for even x.

    Points are added where the table is farthest off, up to as many as a table may have.
    """
    if "conductances" in curve:
        return curve, 0.0
    threshold = curve.get("threshold", 0.0)
    # Just below the threshold too, where a formula may jump.
    kinks = [max(threshold - 1e-6, 0.0), threshold] if 0 < threshold <= 1 else []
    even = np.linspace(0, 1, 2001)
    grid = np.unique(np.concatenate([even, np.geomspace(1e-5, 1, 500), kinks]))
    values = evaluate(curve, grid, largest)
    points = np.unique(np.concatenate([[0.0, 1.0], kinks]))
    while len(points) < _MOST:
        off = np.abs(np.interp(grid, points, evaluate(curve, points, largest)) - values)
        if np.max(off) <= _TOLERANCE * np.max(np.abs(values)):
            break
        points = np.sort(np.append(points, grid[np.argmax(off)]))
    conductances = points * largest
    conductances[-1] = largest
    table = {
        key: value
        for key, value in curve.items()
        if key not in ("coefficients", "logarithm", "power", "bounds", "threshold", "value")
    }
    table["conductances"] = conductances.tolist()
    table["values"] = evaluate(curve, points, largest).tolist()
    error = evaluate(table, even, largest) - evaluate(curve, even, largest)
    return table, float(np.sqrt(np.mean(error**2)))


def low_frequency_variance(device: dict[str, Any], x: np.ndarray) -> np.ndarray:
    """Variance, in units of g_max squared, that low-frequency noise has given a conductance x by the time 0 of runs.

    On the simulator x is in units of the largest programmed conductance, which is somewhat above g_max.
    """
    noise = device.get("low_frequency_noise")
    if noise is None:
        return np.zeros(np.shape(x))
    window = noise["window"]["value"] if "window" in noise else 0.0
    growth = _growth(noise, device["reference_time"]["value"]) - _growth(noise, window)
    return (evaluate(noise, x, device["max_conductance"]["value"]) * x) ** 2 * max(growth, 0.0)


def read_variance(device: dict[str, Any], x: np.ndarray) -> np.ndarray:
    """Variance, in units of g_max squared, of a conductance x from read to read."""
    read = device.get("read_noise")
    if read is None:
        return np.zeros(np.shape(x))
    if read["form"] == "square_root":
        return read["deviation"]["value"] ** 2 * x
    noise = device["low_frequency_noise"]
    deviation = evaluate(noise, x, device["max_conductance"]["value"])
    return (deviation * x) ** 2 * _growth(noise, noise["window"]["value"])


def _growth(noise: dict[str, Any], time: float) -> float:
    """ln((time + t_r) / (2 t_r)), not below 0: variance of low-frequency noise of periods up to `time`, s."""
    read_time = noise["read_time"]["value"] * 1e-9
    return max(float(np.log((time + read_time) / (2 * read_time))), 0.0) if time > 0 else 0.0
