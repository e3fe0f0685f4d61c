# ===- periphery.py - What surrounds the weights of an array ---------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Transfer curve, rounding and wires of a target, undone on measured products.

The formulas are those of docs/Numerics.md.
"""

from __future__ import annotations

from typing import Any

import numpy as np

# Beyond it a line is no longer described by the fit of third order.
_LARGEST_FITTED_DROP = 1.52775869


def clipped_outputs(adc: dict[str, Any], outputs: np.ndarray) -> np.ndarray:
    """Which `outputs`, in the units of the ADC's `default_range`, reach the end of what it gives.

    Raises `ValueError` for a transfer curve as `analog_outputs` does.
    """
    levels = 2 ** (adc["bits"] - 1) - 1
    step = float(adc["default_range"]) / levels
    # An end of the curve that is no whole step comes back as the one next to it.
    whole = np.trunc if adc.get("rounding") == "toward_zero" else np.rint
    low, high = whole(_curve(adc)[1][[0, -1]] * levels) * step
    return (outputs >= high * (1 - 1e-6)) | (outputs <= low * (1 - 1e-6))


def analog_outputs(adc: dict[str, Any], outputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the ADC of a target was given, from `outputs` in the units of its `default_range`,
    and the variance that its steps leave to each of these.

    Raises `ValueError` for outputs that are clipped, and for a transfer curve that does not
    rise everywhere or stands beside a `correction`, which is behind it.
    """
    reach = float(adc["default_range"])
    step = reach / (2 ** (adc["bits"] - 1) - 1)
    toward_zero = adc.get("rounding") == "toward_zero"
    arguments, values = _curve(adc)
    clipped = int(np.sum(clipped_outputs(adc, outputs)))
    if clipped:
        raise ValueError(
            f"products expects outputs within the ADC's range of {reach:g}, but got {clipped} of {outputs.size} that "
            "reach it; drop_saturated=True leaves their vectors out"
        )
    rounding = np.full(outputs.shape, step**2 / 12)
    if toward_zero:
        # Its counters lose half a step on average; an output of zero stands for a step on either side.
        rounding[np.abs(outputs) < step / 2] = step**2 / 3
        outputs = outputs + np.sign(outputs) * step / 2
    if "nonlinearity" not in adc:
        return outputs, rounding
    units = outputs / reach
    straight = np.interp(units, values, arguments)
    cubic = adc["nonlinearity"].get("cubic")
    if cubic is not None:
        for _ in range(3):  # Newton's method, from the curve as a polygon
            straight -= (straight - cubic * straight**3 - units) / (1 - 3 * cubic * straight**2)
        slopes = 1 / (1 - 3 * cubic * straight**2)
    else:
        pieces = np.diff(arguments) / np.diff(values)
        slopes = pieces[np.clip(np.searchsorted(values, units) - 1, 0, len(pieces) - 1)]
    return reach * straight, rounding * slopes**2


def _curve(adc: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Points of the transfer curve, in units of the range."""
    if "nonlinearity" not in adc:
        return np.array([-1.0, 1.0]), np.array([-1.0, 1.0])
    if "correction" in adc:
        raise ValueError("products expects a base without correction beside a nonlinearity, but got both")
    curve = adc["nonlinearity"]
    if "cubic" in curve:
        arguments = np.linspace(-1, 1, 4097)
        return arguments, arguments - curve["cubic"] * arguments**3
    values = np.asarray(curve["table"], dtype=np.float64)
    if np.any(np.diff(values) <= 0):
        raise ValueError(
            "products expects a base whose ADC's nonlinearity rises from value to value, but got a table that does not"
        )
    return np.linspace(-1, 1, len(values)), values


def voltage_drop(target: dict[str, Any], inputs: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """What the wires of a target take from the products of `inputs`, n x rows, and `weights`,
    rows x columns, which stand at the first rows of its array; both in units of their largest.
    """
    array = target["array"]
    if "segment_resistance" not in array:
        return np.zeros((len(inputs), weights.shape[1]))
    rows = array["rows"]
    reach = 1 - (1 - np.arange(weights.shape[0]) / rows) ** 2
    conductance = 1e-6 * target["device"]["max_conductance"]["value"]
    a = rows * array["segment_resistance"]["value"] * conductance * (np.abs(inputs) @ np.abs(weights))
    sums, drops = inputs @ weights, (inputs * reach) @ weights
    root = np.sqrt(np.maximum(a, _LARGEST_FITTED_DROP))
    c = np.where(a <= _LARGEST_FITTED_DROP, a * (a * (0.05 * a - 0.2) + 0.5), 1.5 * (1 - np.tanh(root) / root))
    return np.where(c < 1, c * drops, sums - (3 - 2 * c) * (sums - drops))
