# ===- measurements.py - A target from measurements ------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Makes a target description of what was measured on an array."""

from __future__ import annotations

import json
import os
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Sequence

import numpy as np

from aimc.device_curves import low_frequency_variance, read_variance, tabulate
from aimc.device_fits import SAMPLES, determines, fit_errors, fit_products, fit_reads, hats, nearest_counts
from aimc.files import replaced_file
from aimc.periphery import analog_outputs, clipped_outputs, voltage_drop
from aimc.tools import find_tool, run_tool

# What the device of a base says of programming in steps, which measured values hold.
_STEPS = ("write_verify", "conductance_levels", "conductance_bounds")


@dataclass
class Fit:
    """One field of a fitted target.

    `samples` is the number of measured values behind it (of a table, an array with
    those nearest to each of its `points`, uS), `values` the field's, and `residual`
    the root mean square error that the fit leaves, in `unit`; `of` says of what.
    """

    field: str
    values: np.ndarray
    unit: str
    samples: int | np.ndarray
    residual: float
    of: str
    points: np.ndarray | None = None

    def __str__(self) -> str:
        if self.points is None:
            rests_on = f"{self.samples} samples" if self.samples else "a formula"
        else:
            rests_on = f"{np.min(self.samples)} to {np.max(self.samples)} samples at each of {len(self.points)} points"
        unit = "" if self.unit == "1" else f" {self.unit}"
        return f"{self.field}: from {rests_on}, residual {self.residual:.3g}{unit} ({self.of})"


@dataclass
class TargetFit:
    """A fitted target: the `path` of its file, and how well it fits, field by field."""

    path: Path
    fits: list[Fit] = field(default_factory=list)

    def __getitem__(self, name: str) -> Fit:
        """The fit of a field, say `device.programming_noise`."""
        for fit in self.fits:
            if fit.field == name:
                return fit
        raise KeyError(name)

    def __str__(self) -> str:
        return "\n".join([f"{self.path}:", *(f"  {fit}" for fit in self.fits)])


def fit_target(
    output: str | os.PathLike,
    base: str | os.PathLike = "hermes",
    *,
    source: str,
    conductances: tuple[np.ndarray, np.ndarray] | None = None,
    weights: tuple[np.ndarray, np.ndarray] | None = None,
    products: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None,
    gains: np.ndarray | None = None,
    offsets: np.ndarray | None = None,
    points: int | Sequence[float] = 17,
    name: str | None = None,
    drop_saturated: bool = False,
) -> TargetFit:
    """Writes to `output` the target `base` with what was measured in its place.

    `base` is a built-in target or a JSON file; it says all that was not measured,
    geometry, times and converters. `source` says where the measurements are from;
    what rests on them has provenance `measured`. `name` is the new target's, by
    default that of `base` and `-measured`. Measured may be

    - `conductances`: targets (any shape, 0 to the `max_conductance` of `base`, uS)
      and measured values, uS, of the same shape, or with one more axis before it
      for several reads. They give `programming_error` and `programming_noise` as
      tables, several reads also `read_noise` (of form `square_root`);
    - `weights`, instead: programmed and measured ones of one shape, signed, in units
      of the largest weight. As a pair of devices shows only its difference, the mean
      error of a device of target 0 is taken to be none;
    - `products`: inputs X, n x rows, in units of the DAC's range; programmed weights
      W, rows x columns, in units of the largest; and outputs Y, n x columns, in the
      ADC's units of (input / range) x (weight / largest), at its `default_range`.
      Inputs of several magnitudes tell output from read noise.
      None may reach the end of that range, unless `drop_saturated` leaves out the
      vectors in which one does.
      They give each column's gain and offset, `output_noise` and `read_noise` and,
      by the effective weights, what `weights` do if there are none of these;
    - `gains` and `offsets` of the ADCs' columns: one array of `array.columns` numbers
      for all cores, or a row for each core; offsets in units of the ADC's range.

    `points` are where tables have values: so many at equal distances, or conductances,
    uS, ascending from 0 to `max_conductance`. Each has at least 20 samples nearest to
    it. Devices are measured the base's `reference_time` after programming: the noise
    that its `low_frequency_noise` has by then, and that of one read, is not counted
    again. Steps of programming in `base` (`write_verify`, `conductance_levels`,
    `conductance_bounds`) are left out, as measured values hold them; so is the
    `correction` of an ADC, of products, and with measured reads the `window` of
    `low_frequency_noise`.

    What the base's `nonlinearity` of the ADC and its `segment_resistance` do to products
    is undone before the fit and stays in the target. For this the rows of W are those of
    the array from its first on, and the transfer curve rises. Products whose sums or
    outputs reach the base's `saturation` are refused.

    Returns the path and the residuals; nothing is written unless all is well. Raises
    `ValueError` on measurements that are not finite, do not fit together or are too
    few, or an `output` that cannot be written, `ToolError` for a base that is none.
    """
    if not isinstance(source, str) or not source:
        raise ValueError(f"expects a source that is a text and not empty, but got {source!r}")
    if all(value is None for value in (conductances, weights, products, gains, offsets)):
        raise ValueError("expects conductances, weights, products, gains or offsets, but got none of them")
    if conductances is not None and weights is not None:
        raise ValueError("expects conductances or weights, but got both")
    target = json.loads(run_tool([find_tool("aimcc"), "--print-target", base]))
    fitter = _Fitter(target, source, points, drop_saturated)
    if products is not None:
        inferred = fitter.fit_products(*_parts("products", products, 3), gains, offsets)
        if conductances is None and weights is None:
            fitter.fit_weights("products", *inferred)
    if conductances is not None:
        fitter.fit_conductances(*_parts("conductances", conductances, 2), reads_count=products is None)
    if weights is not None:
        fitter.fit_weights("weights", *_parts("weights", weights, 2), None)
    for quantity, values in (("gains", gains), ("offsets", offsets)):
        if values is not None:
            fitter.set_columns(quantity, _array(quantity, values))

    target["name"] = name if name is not None else f"{target['name']}-measured"
    if not isinstance(target["name"], str) or not target["name"]:
        raise ValueError(f"expects a name that is a text and not empty, but got {name!r}")
    text = _text(target)
    # The compiler has the last word, before there is a file.
    with tempfile.TemporaryDirectory(prefix="aimc-") as folder:
        trial = Path(folder) / "target.json"
        trial.write_text(text, encoding="utf-8")
        run_tool([find_tool("aimcc"), "--print-target", trial])
    try:
        with replaced_file(output) as file:
            file.write(text)
    except OSError as error:
        raise ValueError(f"expects an output that can be written, but got '{output}': {error.strerror}") from error
    return TargetFit(Path(output), fitter.fits)


class _Fitter:
    """Puts fits into a target description."""

    def __init__(
        self, target: dict[str, Any], source: str, points: int | Sequence[float], drop_saturated: bool
    ) -> None:
        self.target, self.points, self.drop_saturated = target, points, drop_saturated
        self.origin = {"provenance": "measured", "source": source}
        self.fits: list[Fit] = []

    # ------------------------------------------------------------------ devices

    def fit_conductances(self, targets: np.ndarray, measured: np.ndarray, reads_count: bool) -> None:
        device, largest = self._device("conductances")
        if targets.size == 0 or measured.shape not in (targets.shape, measured.shape[:1] + targets.shape):
            raise ValueError(
                f"conductances expects measured values of the targets' shape {targets.shape}, or several reads of "
                f"it, but got {measured.shape}"
            )
        # FP32 may have rounded the largest one up.
        if np.min(targets) < 0 or np.max(targets) > largest * (1 + 1e-6):
            wrong = np.max(targets) if np.min(targets) >= 0 else np.min(targets)
            raise ValueError(f"conductances expects targets from 0 to {largest} uS, but got {wrong:g}")
        if np.min(measured) < 0:
            raise ValueError(f"conductances expects measured values of 0 uS or more, but got {np.min(measured):g}")
        x = np.minimum(targets.ravel() / largest, 1)
        if measured.ndim == targets.ndim:
            values, known = measured.ravel(), read_variance(device, x)
        else:
            if len(measured) < 2:
                raise ValueError(f"conductances expects two reads or more, but got {len(measured)}")
            reads = measured.reshape(len(measured), -1)
            values, spread = np.mean(reads, axis=0), np.var(reads, axis=0, ddof=1)
            known = spread / len(reads) / largest**2
            if reads_count:
                self._fit_reads(x, spread / largest**2, reads.size)
        known = known + low_frequency_variance(device, x)
        self._set_errors("conductances", x * largest, values, known * largest**2, pairs=False)

    def fit_weights(self, what: str, programmed: np.ndarray, measured: np.ndarray, known: np.ndarray | None) -> None:
        device, largest = self._device(what)
        if programmed.size == 0 or programmed.shape != measured.shape:
            raise ValueError(
                f"{what} expects measured weights of the shape {programmed.shape} of the programmed ones, "
                f"but got {measured.shape}"
            )
        if np.max(np.abs(programmed)) > 1:
            raise ValueError(
                f"{what} expects programmed weights from -1 to 1, in units of the largest, but got "
                f"{programmed.ravel()[np.argmax(np.abs(programmed))]:g}"
            )
        x = np.abs(programmed).ravel()
        if known is None:
            known = read_variance(device, x)
        variances = known.ravel() + low_frequency_variance(device, x)
        values = np.where(programmed < 0, -measured, measured).ravel()
        self._set_errors(what, x * largest, values * largest, variances * largest**2, pairs=True)

    def _device(self, what: str) -> tuple[dict[str, Any], float]:
        device = self.target["device"]
        if device["kind"] == "ideal":
            raise ValueError(f"{what} expects a base whose devices have conductances, but got an ideal one")
        return device, float(device["max_conductance"]["value"])

    def _points(self, largest: float) -> np.ndarray:
        if isinstance(self.points, (int, np.integer)):
            if not 2 <= self.points <= 64:
                raise ValueError(f"points expects a number from 2 to 64, but got {self.points}")
            return np.linspace(0, largest, self.points)
        points = _array("points", self.points)
        if points.ndim != 1 or not 2 <= len(points) <= 64 or np.any(np.diff(points) <= 0):
            raise ValueError(f"points expects 2 to 64 ascending conductances, but got {points.tolist()}")
        if points[0] != 0 or points[-1] != largest:
            raise ValueError(
                f"points expects conductances from 0 to {largest} uS, but got {points[0]:g} to {points[-1]:g}"
            )
        return points

    def _set_errors(self, what: str, targets, values, variances, pairs: bool) -> None:
        device, largest = self._device(what)
        points = self._points(largest)
        samples = nearest_counts(points, targets)
        if np.min(samples) < SAMPLES:
            raise ValueError(
                f"{what} expects {SAMPLES} or more values nearest to each of {len(points)} points, but got "
                f"{np.min(samples)} at {points[np.argmin(samples)]:.4g} uS"
            )
        if not determines(points, targets):
            raise ValueError(
                f"{what} expects targets that are spread over a table of {len(points)} points, but got "
                f"{len(np.unique(targets))} different ones that do not determine it"
            )
        curves = fit_errors(points, targets, values, variances, pairs)
        drowned = (curves.noise == 0) & (np.bincount(hats(points, targets)[0], variances, len(points)) > 0)
        if np.any(drowned):
            raise ValueError(
                f"{what} expects a larger spread than the read and low-frequency noise of the base, which is taken "
                f"off, but got less at {points[np.argmax(drowned)]:.4g} uS; leave these out of the base"
            )
        self._tabulate_device()
        for step in _STEPS:
            device.pop(step, None)
        for name, table, residual, of in (
            ("programming_error", curves.error, curves.error_residual, "means of groups"),
            ("programming_noise", curves.noise, curves.noise_residual, "deviations of groups"),
        ):
            device[name] = {"conductances": _numbers(points), "values": _numbers(table), "unit": "uS", **self.origin}
            self.fits.append(Fit(f"device.{name}", table, "uS", curves.samples, residual, of, points))

    def _tabulate_device(self) -> None:
        """The base's other curves as tables, which its device's kind then is."""
        device, largest = self._device("base")
        if device["kind"] == "table":
            return
        curves = [(device, "low_frequency_noise")]
        curves += [(device["drift"], name) for name in ("mean", "deviation") if "drift" in device]
        for holder, name in curves:
            if name not in holder:
                continue
            holder[name], error = tabulate(holder[name], largest)
            path = f"device.{name}" if holder is device else f"device.drift.{name}"
            values = np.asarray(holder[name]["values"])
            self.fits.append(Fit(path, values, holder[name]["unit"], 0, error, "table against formula"))
        device["kind"] = "table"

    def _fit_reads(self, x: np.ndarray, variances: np.ndarray, samples: int) -> None:
        fit = fit_reads(x, variances)
        self._set_read_noise(fit.deviation, samples, fit.residual, "deviations of groups")

    def _set_read_noise(self, deviation: float, samples: int, residual: float, of: str) -> None:
        figure = {"value": _number(deviation), "unit": "1", **self.origin}
        self.target["device"]["read_noise"] = {"form": "square_root", "deviation": figure}
        # Noise of shorter periods than a window is for reads of the other form.
        self.target["device"].get("low_frequency_noise", {}).pop("window", None)
        self.fits.append(Fit("device.read_noise.deviation", np.asarray(deviation), "1", samples, residual, of))

    # ----------------------------------------------------------------- products

    def fit_products(self, inputs, weights, outputs, gains, offsets) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Gains, offsets and noise; returns programmed and effective weights, and the variances of the latter."""
        device, _ = self._device("products")
        adc = self._adc("products")
        phases = {mode["name"]: mode["phases"] for mode in self.target["modes"]}[self.target["mode"]]
        if phases != 1:
            raise ValueError(f"products expects a base whose mode has one phase, but got {phases}")
        _check_shapes(inputs, weights, outputs, self.target["array"])
        reach = float(adc["default_range"])
        if self.drop_saturated:
            whole = ~np.any(clipped_outputs(adc, outputs), axis=1)
            inputs, outputs = inputs[whole], outputs[whole]
            _check_shapes(inputs, weights, outputs, self.target["array"])
        outputs, rounding = analog_outputs(adc, outputs)
        inputs = _converted(self.target["dac"], inputs)
        rank = np.linalg.matrix_rank(np.column_stack([inputs, np.ones(len(inputs))]))
        if rank < weights.shape[0] + 1:
            raise ValueError(
                f"products expects inputs of rank {weights.shape[0] + 1} with a constant, but got rank {rank}"
            )
        known = None
        if gains is not None:
            known = _array("gains", gains)
            if known.shape != (weights.shape[1],):
                raise ValueError(f"gains expects {weights.shape[1]} numbers beside products, but got {known.shape}")
        drop = voltage_drop(self.target, inputs, weights)
        saturation = adc["saturation"]["value"] if "saturation" in adc else np.inf
        _check_saturation(saturation, inputs @ weights - drop, "sums of inputs and weights")
        fit = fit_products(inputs, weights, outputs, known, rounding)
        # What wires take is no property of a weight or a converter; it is behind the gain.
        for _ in range(3 if np.any(drop) else 0):
            fit = fit_products(inputs, weights, outputs + fit.gains * drop, known, rounding)
        _check_saturation(saturation, (outputs - fit.offsets) / fit.gains, "outputs")
        adc.pop("correction", None)
        unit = "(input/range)(weight/largest)"
        of = "outputs against the fit"
        if gains is None:
            self.set_columns("gains", fit.gains, outputs.size, fit.residual, of, unit)
        if offsets is None:
            self.set_columns("offsets", fit.offsets / reach, outputs.size, fit.residual, of, unit)
        device["output_noise"] = {"value": _number(fit.output_noise), "unit": "1", **self.origin}
        self.fits.append(
            Fit("device.output_noise", np.asarray(fit.output_noise), unit, outputs.size, fit.residual, of)
        )
        self._set_read_noise(fit.read_noise, outputs.size, fit.residual, of)
        return weights, fit.weights, fit.variances

    def _adc(self, what: str) -> dict[str, Any]:
        if "ideal" in self.target["adc"]:
            raise ValueError(f"{what} expects a base whose ADC has steps, but got an ideal one")
        return self.target["adc"]

    def set_columns(
        self,
        quantity: str,
        values: np.ndarray,
        samples: int | None = None,
        residual: float = 0.0,
        of: str = "as given",
        unit: str = "1",
    ) -> None:
        adc = self._adc(quantity)
        grid = self.target["core_grid"]
        columns, cores = self.target["array"]["columns"], grid["rows"] * grid["columns"] * self.target["chips"]
        if values.shape not in ((columns,), (cores, columns)):
            raise ValueError(
                f"{quantity} expects {columns} numbers, or so many for each of {cores} cores, but got {values.shape}"
            )
        low, high = (0.01, 100) if quantity == "gains" else (-1, 1)
        if np.min(values) < low or np.max(values) > high:
            wrong = np.min(values) if np.min(values) < low else np.max(values)
            raise ValueError(f"{quantity} expects numbers from {low} to {high}, but got {wrong:g}")
        adc.setdefault("columns", {}).update({quantity: _numbers(values), **self.origin})
        adc.pop("gain_spread" if quantity == "gains" else "offset_spread", None)
        count = values.size if samples is None else samples
        self.fits.append(Fit(f"adc.columns.{quantity}", values, unit, count, residual, of))


def _check_saturation(limit: float, sums: np.ndarray, what: str) -> None:
    largest = float(np.max(np.abs(sums)))
    if largest >= limit:
        raise ValueError(
            f"products expects {what} below the saturation of {limit:g} of the base's ADC, but got {largest:.4g}"
        )


def _check_shapes(inputs: np.ndarray, weights: np.ndarray, outputs: np.ndarray, array: dict[str, Any]) -> None:
    if inputs.ndim != 2 or weights.ndim != 2 or outputs.ndim != 2:
        raise ValueError(
            f"products expects three matrices, but got arrays of {inputs.ndim}, {weights.ndim} and {outputs.ndim} "
            "dimensions"
        )
    (count, rows), columns = inputs.shape, weights.shape[1]
    if weights.shape[0] != rows or outputs.shape != (count, columns):
        raise ValueError(
            f"products expects inputs n x rows, weights rows x columns and outputs n x columns, but got "
            f"{inputs.shape}, {weights.shape} and {outputs.shape}"
        )
    if rows > array["rows"] or columns != array["columns"] or rows == 0:
        raise ValueError(
            f"products expects weights of 1 to {array['rows']} rows and {array['columns']} columns, as the base's "
            f"array, but got {rows} and {columns}"
        )
    if count < rows + 1 + SAMPLES:
        raise ValueError(f"products expects {rows + 1 + SAMPLES} vectors or more for {rows} rows, but got {count}")
    for what, values in (("inputs", inputs), ("weights", weights)):
        if np.max(np.abs(values)) > 1:
            raise ValueError(f"products expects {what} from -1 to 1, but got {np.max(np.abs(values)):g}")


def _converted(dac: dict[str, Any], inputs: np.ndarray) -> np.ndarray:
    """Inputs as a DAC gives them; stochastic rounding is noise around them."""
    if "ideal" in dac or dac.get("rounding") == "stochastic":
        return inputs
    steps = 2 ** (dac["bits"] - 1) - 1
    counts = np.rint(inputs * steps)
    if dac.get("rounding") == "toward_zero":
        # A whole number of steps stays one, though its FP32 value may be just below.
        between = np.abs(inputs * steps - counts) > 1e-4
        counts = np.where(between, np.trunc(inputs * steps), counts)
    return counts / steps


def _parts(what: str, values: Sequence[np.ndarray], count: int) -> list[np.ndarray]:
    if not isinstance(values, (tuple, list)) or len(values) != count:
        got = len(values) if isinstance(values, (tuple, list)) else type(values).__name__
        raise ValueError(f"{what} expects {count} arrays, but got {got}")
    return [_array(what, value) for value in values]


def _array(what: str, values: Any) -> np.ndarray:
    if np.iscomplexobj(values):
        raise ValueError(f"{what} expects real numbers, but got complex ones")
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{what} expects arrays of numbers, but got {type(values).__name__}") from error
    if not np.all(np.isfinite(array)):
        raise ValueError(f"{what} expects finite numbers, but got {array[~np.isfinite(array)][0]}")
    return array


def _number(value: float) -> float:
    return float(f"{float(value):.9g}")


def _numbers(values: np.ndarray) -> list:
    return [_numbers(part) if np.ndim(part) else _number(part) for part in values]


def _text(target: dict[str, Any]) -> str:
    """JSON, with the numbers of an array on one line."""
    text = json.dumps(target, indent=2, allow_nan=False)
    return re.sub(r"\[\s+([-\d.eE+,\s]+?)\s+\]", lambda match: f"[{' '.join(match[1].split())}]", text) + "\n"
