#!/usr/bin/env python3
# ===- budget.py - What each effect of a chip adds to a kernel's error ------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Tells what each effect of the simulated chip adds to the error of a kernel.

Data, directions and the kernel error are those of run.py, whose --help says
them. The test rows are run on the chip of each seed, and on the same chip
without each of its effects, one at a time (aimc-run --error-budget). Reported
are means over seeds: the kernel error, how much of it goes when the effect is
left out, and the error of the features to those of the exact device.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
from run import KERNELS, SETTINGS, aimc, load, split
from common import Parser, count, fail  # noqa: E402  run.py has the path
from progress import Progress  # noqa: E402


def measure(data: tuple, options: argparse.Namespace, seed: int, folder: Path) -> dict[str, dict]:
    """The errors of one chip: whole, without each effect, and of the exact device."""
    X, _, X_test, _ = data
    gamma = KERNELS[options.kernel]
    model = aimc.write_features(
        folder / "features.mlir", options.kernel, options.sampler, 2**options.k * X.shape[1] - options.k, X.shape[1],
        gamma=gamma, seed=seed, **SETTINGS[options.settings][options.sampler],
    )  # fmt: skip
    placed = aimc.compile(
        model, options.target, folder / "placed.mlirbc", calibrate=X, emit="placed", rule=options.rule
    )
    kernel = options.kernel if gamma is None else f"{options.kernel}:{gamma}"
    budget = aimc.run(
        placed, X_test, device="simulator", seed=seed, first_vector=len(X), time=options.time,
        kernel_error=kernel, error_budget=True,
    ).statistics["error_budget"]  # fmt: skip
    return {"whole": budget["all"], **budget["without"], "exact": {**budget["exact"], "relative_error_to_exact": 0.0}}


def summary(found: list[dict[str, dict]]) -> list[dict]:
    """Means over the seeds, the effects in the order of what they cost."""
    rows = []
    for name in found[0]:
        row = {"left_out": name}
        for measured in ("kernel_error", "relative_error_to_exact"):
            row[measured] = float(np.mean([budget[name][measured] for budget in found]))
        rows.append(row)
    whole, *effects, exact = rows
    effects.sort(key=lambda row: row["kernel_error"])
    for row in rows:
        row["kernel_error_less"] = whole["kernel_error"] - row["kernel_error"]
    return [whole, *effects, exact]


def table(rows: list[dict]) -> str:
    names = {"whole": "nothing", "exact": "all (exact device)"}
    lines = [f"{'left out':22}{'kernel error':>14}{'less':>10}{'features to exact':>20}"]
    for row in rows:
        name = names.get(row["left_out"], row["left_out"])
        cells = f"{row['kernel_error']:14.4f}{row['kernel_error_less']:10.4f}{row['relative_error_to_exact']:20.4f}"
        lines.append(f"{name:22}{cells}")
    return "\n".join(lines)


def parse() -> argparse.Namespace:
    parser = Parser(__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="FILE.npz")
    parser.add_argument("--one-hot", type=count, default=0, metavar="N", help="the first N columns are a one-hot index")
    parser.add_argument("--kernel", choices=KERNELS, default="rbf", help="(rbf)")
    parser.add_argument("--sampler", choices=tuple(SETTINGS["paper"]), default="orf", help="(orf)")
    parser.add_argument("--settings", choices=SETTINGS, default="paper", help="of the samplers, as in run.py (paper)")
    parser.add_argument("--k", type=count, default=5, metavar="K", help="m = 2^k·d - k (5)")
    parser.add_argument("--seeds", type=count, default=3, metavar="N", help="seeds 0 to N - 1 (3)")
    parser.add_chip()
    parser.add_argument("--json", action="store_true", help="print one JSON object with the values of each seed")
    return parser.parse_args()


def main() -> None:
    options = parse()
    arrays = load(options.data, options.one_hot)
    progress = Progress(options.seeds)
    found = []
    with tempfile.TemporaryDirectory(prefix="aimc-") as folder:
        for seed in range(options.seeds):
            progress.show(f"seed {seed}")
            found.append(measure(split(arrays, seed), options, seed, Path(folder)))
            progress.advance()
    progress.close()
    rows = summary(found)
    if options.json:
        about = {name: getattr(options, name) for name in ("kernel", "sampler", "settings", "k", "target", "time")}
        print(json.dumps({"data": options.data.name, **about, "summary": rows, "runs": found}, indent=2))
    else:
        print(table(rows))


if __name__ == "__main__":
    try:
        main()
    except (aimc.ToolError, OSError, ValueError) as error:
        fail(str(error))
