#!/usr/bin/env python3
# ===- run.py - Coarse converters and narrow digital units -----------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""What cheap circuits around the crossbars cost a kernel classifier of digits.

    run.py adc          a coarse, bent ADC whose columns differ
    run.py fixed-point  FP32, FP16 and fixed-point units behind the ADC

Data are scikit-learn's digits, a quarter of them for testing, features random, the
read-out a ridge classifier. A seed is that of the split, of the directions, of the
chip and of its reads.

`adc` has ideal crossbars behind converters as Ghosh et al. (2024, arXiv 2408.06390)
model cheap ones: few bits, the transfer curve u - a·u³, gains that differ from
column to column by σ and offsets that differ by σ/2 of the full scale. A read-out
that is trained on ideal features meets others; one that is fitted through the device
(`aimc.fit_readout`) learns with them. Reported are the accuracies, and which part of
what the first loses the second has back.

`fixed-point` has the target `hermes` with its units at the cores in three formats.
Fixed point is that of Ferro et al. (2024, arXiv 2402.07549): round(x·s + o) of 8-bit
counts, s of 1 + 7 and o of 7 + 1 bits, which the compiler makes of what follows a
product. With the map `rbf_phase` the unit adds the offsets of the phases, with
`arccos1` it computes the features whole. All read-outs are fitted through the device.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import RidgeClassifier
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "python"), str(TOP / "examples")]
import aimc  # noqa: E402
from aimc.tools import run_tool  # noqa: E402
from progress import Progress  # noqa: E402

ASSUMED = {"provenance": "assumed", "source": "examples/periphery/run.py"}
# Directions of RBF features are for pixels from 0 to 16.
MAPS = {"rbf": 0.001, "rbf_phase": 0.001, "arccos1": None}
FIXED_POINT = {
    "value_bits": 8,
    "scale_integer_bits": 1,
    "scale_fraction_bits": 7,
    "offset_integer_bits": 7,
    "offset_fraction_bits": 1,
    "provenance": "published",
    "source": "Ferro et al., ISCAS 2024",
}
FORMATS: dict[str, dict] = {
    "fp32": {"format": "fp32"},
    "fp16": {"format": "fp16"},
    "fixed_point": {"format": "fixed_point", "fixed_point": FIXED_POINT},
}


def fail(message: str) -> None:
    sys.exit(f"run.py: error: {message}")


def write_target(name: str, folder: Path, change: Callable[[dict], None]) -> Path:
    """The path of `hermes` with a change, as a target of that name."""
    target = json.loads(run_tool([aimc.find_tool("aimcc"), "--print-target", "hermes"]))
    target["name"] = name
    change(target)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(target))
    return path


def coarse_adc(bits: int, cubic: float, spread: float) -> Callable[[dict], None]:
    """Ideal crossbars behind such an ADC."""

    def figure(value: float) -> dict:
        return {"value": value, "unit": "1", **ASSUMED}

    def change(target: dict) -> None:
        target["device"] = {"kind": "ideal"}
        target["dac"].pop("rounding", None)
        target["adc"].pop("rounding", None)
        target["adc"].update(
            bits=bits,
            gain_spread=figure(spread),
            offset_spread=figure(spread / 2),
            nonlinearity={"cubic": cubic, **ASSUMED},
        )

    return change


def unit_format(name: str) -> Callable[[dict], None]:
    """Units at the cores that compute in a format."""

    def change(target: dict) -> None:
        for unit in target["digital_units"]:
            if unit["attached"] == "core":
                unit.pop("fixed_point", None)
                unit.update(FORMATS[name])

    return change


def fit(name: str, components: int, X: np.ndarray, y: np.ndarray, seed: int) -> Pipeline:
    sampler = aimc.KernelSampler(
        map=name, sampler="rff", gamma=MAPS[name], n_components=components, random_state=seed
    )  # fmt: skip
    return make_pipeline(sampler, RidgeClassifier(alpha=0.1)).fit(X, y)


def fit_through(target: Path, model: Pipeline, data: tuple, seed: int, rule: str) -> Pipeline:
    """`model` with a read-out of the features that the device gives."""
    X, X_test, y, _ = data
    # The noise between training and test inputs is independent.
    return aimc.fit_readout(model, X, y, seed=seed, target=target, rule=rule, first_vector=len(X_test))


def accuracy(model: Pipeline, target: Path, folder: Path, data: tuple, seed: int, rule: str) -> float:
    """In percent, on the simulator."""
    X, X_test, _, y_test = data
    placed = aimc.compile(model, target, folder / "placed.mlirbc", calibrate=X, emit="placed", rule=rule)
    result = aimc.run(placed, X_test, labels=y_test, device="simulator", seed=seed, classes=model.classes_)
    return 100 * result.accuracy


def split(seed: int) -> tuple:
    X, y = load_digits(return_X_y=True)
    return train_test_split(X, y, test_size=0.25, random_state=seed, stratify=y)


def run_adc(options: argparse.Namespace, folder: Path) -> dict:
    target = write_target("coarse", folder, coarse_adc(options.bits, options.cubic, options.spread))
    found: dict[str, list[float]] = {"ideal": [], "ideal_readout": [], "fitted_readout": []}
    progress = Progress(options.seeds)
    for seed in range(options.seeds):
        progress.show(f"seed {seed}")
        data = split(seed)
        X, X_test, y, y_test = data
        model = fit(options.map or "rbf", options.components, X, y, seed)
        fitted = fit_through(target, model, data, seed, options.rule)
        found["ideal"].append(100 * aimc.run(model, X_test, labels=y_test).accuracy)
        found["ideal_readout"].append(accuracy(model, target, folder, data, seed, options.rule))
        found["fitted_readout"].append(accuracy(fitted, target, folder, data, seed, options.rule))
        progress.advance()
    progress.close()
    means = {name: float(np.mean(values)) for name, values in found.items()}
    loss = means["ideal"] - means["ideal_readout"]
    gain = means["fitted_readout"] - means["ideal_readout"]
    return {"accuracies": found, "means": means, "recovered": gain / loss if loss > 0 else None}


def run_fixed_point(options: argparse.Namespace, folder: Path) -> dict:
    maps = [options.map] if options.map else ["rbf_phase", "arccos1"]
    targets = {name: write_target(name, folder, unit_format(name)) for name in FORMATS}
    found: dict[str, dict[str, list[float]]] = {}
    progress = Progress(len(maps) * options.seeds * len(FORMATS))
    for name in maps:
        found[name] = {format: [] for format in FORMATS}
        for seed in range(options.seeds):
            data = split(seed)
            model = fit(name, options.components, data[0], data[2], seed)
            for format, target in targets.items():
                progress.show(f"{name}, seed {seed}, {format}")
                fitted = fit_through(target, model, data, seed, options.rule)
                found[name][format].append(accuracy(fitted, target, folder, data, seed, options.rule))
                progress.advance()
    progress.close()
    means = {name: {format: float(np.mean(each)) for format, each in rows.items()} for name, rows in found.items()}
    return {"accuracies": found, "means": means}


def describe(values: list[float]) -> str:
    spread = f" ± {np.std(values, ddof=1):.2f}" if len(values) > 1 else ""
    return f"{np.mean(values):.2f}{spread} %"


def print_adc(report: dict) -> None:
    names = {
        "ideal": "exact device",
        "ideal_readout": "read-out of ideal features",
        "fitted_readout": "read-out fitted through the ADC",
    }
    for name, values in report["accuracies"].items():
        print(f"{names[name]:34}{describe(values)}")
    if report["recovered"] is not None:
        print(f"{'of the loss recovered':34}{100 * report['recovered']:.0f} %")


def print_fixed_point(report: dict) -> None:
    print(f"{'':12}" + "".join(f"{format:18}" for format in FORMATS).rstrip())
    for name, rows in report["accuracies"].items():
        print(f"{name:12}" + "".join(f"{describe(values):18}" for values in rows.values()).rstrip())


def count(text: str) -> int:
    if text.isdecimal() and int(text) >= 1:
        return int(text)
    raise argparse.ArgumentTypeError(f"expects an integer of at least 1, but got '{text}'")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("experiment", choices=("adc", "fixed-point"))
    parser.add_argument("--map", choices=tuple(MAPS), help="of the features (adc: rbf; fixed-point: rbf_phase and arccos1)")
    parser.add_argument("--components", type=count, default=1024, help="number of features (%(default)s)")
    parser.add_argument("--seeds", type=count, default=5, help="0, 1, … (%(default)s)")
    parser.add_argument("--bits", type=count, default=4, help="adc: bits (%(default)s)")
    parser.add_argument("--cubic", type=float, default=0.3, help="adc: a of the transfer curve (%(default)s)")
    parser.add_argument("--spread", type=float, default=0.1, help="adc: σ of the gains (%(default)s)")
    parser.add_argument(
        "--rule", choices=("max", "mse"), help="of the converters' ranges (adc: max; fixed-point: mse)"
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print the values of each seed as JSON")
    options = parser.parse_args()
    options.rule = options.rule or ("max" if options.experiment == "adc" else "mse")
    return options


def main() -> None:
    options = parse()
    run, show = {"adc": (run_adc, print_adc), "fixed-point": (run_fixed_point, print_fixed_point)}[options.experiment]
    try:
        with tempfile.TemporaryDirectory(prefix="aimc-") as folder:
            report = run(options, Path(folder))
    except (aimc.ToolError, ValueError, OSError) as error:
        fail(str(error))
    if options.json:
        print(json.dumps(report))
    else:
        show(report)


if __name__ == "__main__":
    main()
