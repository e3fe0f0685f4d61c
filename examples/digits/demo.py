#!/usr/bin/env python3
# ===- demo.py - Handwritten digits on a simulated chip --------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Trains a kernel classifier of 8×8 digits and runs it on a simulated chip.

Two models: raw pixels, and pixels standardised by a StandardScaler. For each, γ
is chosen by cross-validation on features of the exact device and the ridge by
cross-validation through the simulator, both on training data alone. Then the
model is compiled for the target, calibrated on training data, and run on the
test data: on the exact device, on simulated chips of several seeds, and as the
emitted program.

Prints one table, and where the intermediate files are. Exits with 1 when a
device does not agree with scikit-learn as far as it must.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Iterator

import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import RidgeClassifier
from sklearn.model_selection import StratifiedKFold, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "python"))
import aimc  # noqa: E402

COMPONENTS = 1024
# Up to about 1 / (median squared distance), which is 2400 of raw digits and 110 of scaled.
GAMMAS = {False: (6e-5, 1.2e-4, 2.5e-4, 5e-4, 1e-3, 2e-3), True: (3e-4, 6e-4, 1.2e-3, 2.5e-3, 5e-3, 1e-2)}
RIDGES = (0.001, 0.01, 0.1, 1.0)
FOLDS = 3
CHIPS = 10
STAGES = ("aimc", "split", "tiled", "calibrated", "placed", "runtime")


class Clock:
    """Tells on a terminal what runs, and keeps the seconds of each step."""

    def __init__(self, model: str) -> None:
        self.model = model
        self.seconds: dict[str, float] = {}

    def step(self, name: str) -> Clock:
        self._name = name
        return self

    def __enter__(self) -> None:
        self._start = time.perf_counter()
        if sys.stderr.isatty():
            print(f"\r\033[K{self.model}: {self._name} …", end="", file=sys.stderr, flush=True)

    def __exit__(self, *_: object) -> None:
        self.seconds[self._name] = time.perf_counter() - self._start
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def features(scaled: bool, gamma: float) -> list:
    """The steps in front of the read-out, not fitted."""
    # Pairs of cosine and sine: half the crossbar for as many features.
    sampler = aimc.OrthogonalRBFSampler(gamma=gamma, n_components=COMPONENTS, map="rbf", random_state=0)
    return [StandardScaler(), sampler] if scaled else [sampler]


def folds(X: np.ndarray, y: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Row indices to train and to validate on; the same at each call."""
    return StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(X, y)


def ridge_scores(Z: np.ndarray, y: np.ndarray, Z_test: np.ndarray, y_test: np.ndarray) -> np.ndarray:
    """The accuracy of each ridge, fitted on Z."""
    return np.array([RidgeClassifier(alpha=a).fit(Z, y).score(Z_test, y_test) for a in RIDGES])


def choose_gamma(X: np.ndarray, y: np.ndarray, scaled: bool) -> float:
    """The γ whose features, computed by the exact device, validate best."""
    scores = {}
    for gamma in GAMMAS[scaled]:
        total = np.zeros(len(RIDGES))
        for train, test in folds(X, y):
            Z = aimc.run(make_pipeline(*features(scaled, gamma)).fit(X[train]), X).outputs
            total += ridge_scores(Z[train], y[train], Z[test], y[test])
        scores[gamma] = total.max()
    return max(scores, key=scores.get)


def choose_ridge(X: np.ndarray, y: np.ndarray, scaled: bool, gamma: float, target: str, folder: Path) -> float:
    """The ridge that validates best where features come from the simulator.

    It is fitted on features of the exact device: a chip is programmed after
    training.
    """
    total = np.zeros(len(RIDGES))
    for train, test in folds(X, y):
        steps = make_pipeline(*features(scaled, gamma)).fit(X[train])
        Z = aimc.run(steps, X[train]).outputs
        path = aimc.compile(steps, target, folder / "features.placed.mlir", calibrate=X[train], emit="placed")
        for seed in (1000, 1001):  # not those of the test
            noisy = aimc.run(path, X[test], device="simulator", seed=seed).outputs
            total += ridge_scores(Z, y[train], noisy, y[test])
    path.unlink()
    return RIDGES[int(total.argmax())]


def check(condition: bool, message: str) -> None:
    """Ends the demo when what it shows is not so."""
    if not condition:
        sys.exit(f"demo.py: error: {message}")


def demonstrate(scaled: bool, target: str, top: Path) -> tuple[dict[str, str], dict[str, float]]:
    """Runs one model; returns its rows of the table, and the seconds of its steps."""
    name = "scaled" if scaled else "raw"
    folder = top / name
    folder.mkdir(parents=True, exist_ok=True)
    clock = Clock(name)
    X, y = load_digits(return_X_y=True)
    X, X_test, y, y_test = train_test_split(X, y, test_size=0.25, random_state=0, stratify=y)

    with clock.step("choose γ (cross-validation, exact device)"):
        gamma = choose_gamma(X, y, scaled)
    with clock.step("choose the ridge (cross-validation, simulator)"):
        alpha = choose_ridge(X, y, scaled, gamma, target, folder)
    with clock.step("train (scikit-learn)"):
        pipeline = make_pipeline(*features(scaled, gamma), RidgeClassifier(alpha=alpha)).fit(X, y)

    with clock.step("export"):
        model = aimc.export(pipeline, folder / "model.mlir")
    with clock.step("compile and calibrate"):
        placed = aimc.compile(model, target, folder / "placed.mlir", calibrate=X, emit="placed")
    with clock.step("write each stage"):
        for stage in STAGES:
            aimc.compile(model, target, folder / f"{stage}.mlir", calibrate=X, emit=stage)
        aimc.compile(placed, target, folder / "program.cpp", emit="cpp")
        estimate = json.loads(aimc.compile(placed, target, folder / "estimate.json", emit="estimate").read_text())
    with clock.step("build the program"):
        program = aimc.compile(placed, target, folder / "program")

    with clock.step("run on the exact device"):
        exact = aimc.run(placed, X_test, labels=y_test)
    with clock.step(f"run on {CHIPS} simulated chips"):
        simulated = aimc.run(placed, X_test, labels=y_test, device="simulator", chips=CHIPS)
    with clock.step(f"run the program on {CHIPS} simulated chips"):
        emitted = aimc.run(program, X_test, labels=y_test, device="simulator", chips=CHIPS)
    with clock.step("run with other converter ranges"):
        others = {
            "not calibrated, the target's ranges": aimc.compile(model, target, folder / "default-ranges.mlir", emit="placed"),
            "ranges of the largest values": aimc.compile(
                model, target, folder / "largest-ranges.mlir", calibrate=X, emit="placed", rule="max"
            ),
        }
        others = {
            name: spread(aimc.run(path, X_test, labels=y_test, device="simulator", chips=CHIPS))
            for name, path in others.items()
        }

    scores = pipeline.decision_function(X_test)
    error = np.abs(exact.outputs - scores).max() / np.abs(scores).max()
    check(error <= 1e-4, f"expects scores within 1e-4 of scikit-learn's, but got {error:.2g}")
    check(
        np.array_equal(pipeline.classes_[exact.class_indices], pipeline.predict(X_test)),
        "expects the classes that scikit-learn predicts, but got others",
    )
    for device in ("exact", "simulator"):
        same = [aimc.run(path, X_test, device=device).outputs for path in (placed, program)]
        check(np.array_equal(*same), f"expects the program's bits to be aimc-run's on {device}")
    check(np.array_equal(emitted.accuracies, simulated.accuracies), "expects the program's accuracies to be aimc-run's")

    rows = {
        "γ, ridge": f"{gamma:g}, {alpha:g}",
        "test accuracy: scikit-learn": percent(pipeline.score(X_test, y_test)),
        "  exact device": percent(exact.accuracy),
        f"  simulator, {CHIPS} seeds": spread(simulated),
        **{f"    {name}": text for name, text in others.items()},
        "largest score error, exact": f"{error:.1e}",
        "tiles": str(estimate["tiles"]),
        "cores": f"{estimate['cores']} of {estimate['cores_available']}",
        "utilisation of these cores": percent(estimate["utilisation"]),
        "estimate for a vector": f"{estimate['latency_ns'] / 1e3:.1f} µs, {estimate['energy_nj'] / 1e3:.2f} µJ",
    }
    return rows, clock.seconds


def percent(fraction: float) -> str:
    return f"{100 * fraction:.2f} %"


def spread(result: aimc.RunResult) -> str:
    """Mean and standard deviation of the accuracy over the chips."""
    return f"{100 * result.accuracy:.2f} ± {100 * result.statistics['accuracy_standard_deviation']:.2f} %"


def make_table(columns: dict[str, tuple[dict[str, str], dict[str, float]]]) -> str:
    """A column a model: what it gives, then the seconds of each step."""
    rows = [("", *columns)]
    first = next(iter(columns.values()))
    rows += [(name, *(values[name] for values, _ in columns.values())) for name in first[0]]
    rows.append(("seconds: " + next(iter(first[1])), *(f"{next(iter(s.values())):.1f}" for _, s in columns.values())))
    rows += [("  " + name, *(f"{s[name]:.1f}" for _, s in columns.values())) for name in list(first[1])[1:]]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    rule = "-" * (sum(widths) + 3 * (len(widths) - 1))
    lines = []
    for number, row in enumerate(rows):
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        lines.append("   ".join(cells).rstrip())
        if number == 0 or row[0].startswith(("largest", "estimate")):
            lines.append(rule)
    return "\n".join(lines) + "\n"


def put_table(page: Path, table: str) -> None:
    """Replaces what is between the markers of a Markdown page."""
    begin, end = "<!-- demo: table begin -->\n", "<!-- demo: table end -->\n"
    text = page.read_text(encoding="utf-8")
    check(text.count(begin) == 1 and text.count(end) == 1, f"expects '{page}' to have both markers of the table once")
    before, rest = text.split(begin)
    after = rest.split(end)[-1]
    temporary = page.with_name(page.name + ".new")
    temporary.write_text(f"{before}{begin}```text\n{table}```\n{end}{after}", encoding="utf-8")
    temporary.replace(page)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", default="hermes", help="a built-in target or a JSON file (hermes)")
    parser.add_argument("--output", type=Path, default=TOP / "build" / "demo", help="folder for all files (build/demo)")
    parser.add_argument("--readme", type=Path, metavar="PAGE.md", help="page whose table is replaced too")
    options = parser.parse_args()
    table = make_table(
        {
            "raw pixels": demonstrate(False, options.target, options.output),
            "StandardScaler": demonstrate(True, options.target, options.output),
        }
    )
    print(table)
    if options.readme:
        put_table(options.readme, table)
    print(f"The IR of each stage, the C++ and the program of both: {os.path.relpath(options.output)}/{{raw,scaled}}/")


if __name__ == "__main__":
    try:
        main()
    except (aimc.ToolError, OSError) as error:
        sys.exit(f"demo.py: error: {error}")
