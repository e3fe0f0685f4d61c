# ===- common.py - What the published experiments share --------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Options and figures of the scripts in this folder."""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np

DEVICES = ("exact", "simulator")


def fail(message: str) -> None:
    sys.exit(f"{Path(sys.argv[0]).name}: error: {message}")


def choice_list(known: tuple[str, ...]):
    """Parses a comma-separated list of known names."""

    def parse(text: str) -> list[str]:
        names = text.split(",")
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError(f"expects some of {', '.join(known)}, but got '{name}'")
        return list(dict.fromkeys(names))

    return parse


def range_up_to(largest: int):
    """Parses `5`, `1..5` or `1,3`, integers from 1 to `largest`."""

    def parse(text: str) -> list[int]:
        with contextlib.suppress(ValueError):
            first, dots, last = text.partition("..")
            values = list(range(int(first), int(last) + 1)) if dots else [int(part) for part in text.split(",")]
            if values and all(1 <= k <= largest for k in values):
                return sorted(set(values))
        raise argparse.ArgumentTypeError(f"expects k from 1 to {largest}, as in 5, 1..5 or 1,3, but got '{text}'")

    return parse


def count(text: str) -> int:
    with contextlib.suppress(ValueError):
        if int(text) >= 1:
            return int(text)
    raise argparse.ArgumentTypeError(f"expects an integer of at least 1, but got '{text}'")


def image(text: str) -> Path:
    if Path(text).suffix not in (".svg", ".png"):
        raise argparse.ArgumentTypeError(f"expects a file x.svg or x.png, but got '{text}'")
    return Path(text)


class Parser(argparse.ArgumentParser):
    """Errors are one sentence."""

    def __init__(self, description: str) -> None:
        super().__init__(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)

    def error(self, message: str) -> None:
        fail(message)

    def add_common(self, seeds: int) -> None:
        """Options of all scripts; `seeds` is how many seeds there are by default."""
        self.add_argument("--seeds", type=count, default=seeds, metavar="N", help=f"seeds 0 to N - 1 ({seeds})")
        self.add_argument(
            "--device", type=choice_list(DEVICES), default=["exact"], metavar="NAMES", help="of exact, simulator (exact)"
        )
        self.add_chip()
        self.add_argument("--json", action="store_true", help="print one JSON object with the values of each seed")
        self.add_argument("--plot", type=image, metavar="FILE", help="also draw x.svg or x.png; needs matplotlib")

    def add_chip(self) -> None:
        """Options of the simulated chip."""
        self.add_argument("--target", default="hermes", help="chip of the simulator: built-in or a JSON file (hermes)")
        self.add_argument(
            "--rule", choices=("max", "percentile", "k-sigma", "mse"), default="max",
            help="how converter ranges of the chip follow its inputs, see aimc-calibrate (max)",
        )  # fmt: skip
        self.add_argument("--time", type=float, default=0.0, metavar="SECONDS", help="since it was programmed (0)")

    def parse(self) -> argparse.Namespace:
        options = self.parse_args()
        if options.plot and importlib.util.find_spec("matplotlib") is None:
            fail("--plot expects matplotlib, but this Python has none; on Debian it is in python3-matplotlib")
        return options


def summarise(found: list[dict], measures: tuple[str, ...]) -> list[dict]:
    """Mean and standard deviation over the seeds of each sampler, device and k."""
    groups: dict[tuple, list[dict]] = {}
    for entry in found:
        groups.setdefault((entry["sampler"], entry["device"], entry["k"]), []).append(entry)
    rows = []
    for (sampler, device, k), entries in sorted(groups.items()):
        row = {"sampler": sampler, "device": device, "k": k}
        row.update(directions=entries[0]["directions"], seeds=len(entries))
        for name in measures:
            if name in entries[0]:
                values = [entry[name] for entry in entries]
                row[name] = float(np.mean(values))
                row[f"{name}_standard_deviation"] = float(np.std(values, ddof=1)) if len(values) > 1 else None
        rows.append(row)
    return rows


def create_figure(count: int) -> tuple[Any, Any]:
    """A figure of `count` plots side by side, and its axes."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, count, figsize=(4.5 * count, 3.6), constrained_layout=True, squeeze=False)
    return figure, axes[0]


def save_figure(figure: Any, path: Path) -> None:
    """Writes `figure`, whole or not at all."""
    temporary = path.with_name(f".new.{path.name}")
    figure.savefig(temporary)
    temporary.replace(path)
