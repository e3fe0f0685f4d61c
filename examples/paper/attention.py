#!/usr/bin/env python3
# ===- attention.py - The error of attention by random features ------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Measures how far attention by positive random features is from softmax attention.

The error ‖ÂV - AV‖_F / ‖AV‖_F of the output of a head, A = softmax(QKᵀ/√d), with
m = k·d - 1 directions, d = 64, as in Büchel et al., Kernel approximation using
analogue in-memory computing, Nature Machine Intelligence 6, 1605-1615 (2024).
They took ten samples of a trained model, which are not public; here samples are
drawn: entries of Q and K from N(0, 0.7²), rows of V from N(c, I) with one c from
N(0, I) a sample, L tokens each, by numpy.random.default_rng(SEED + sample) in the
order Q, K, c, V. 0.7 gives errors of the size of the published ones.

The compiler computes Â with kernel.attention map(softmax_pos), on the exact
device or the simulated chip. Beside it stands NumPy, with directions of its own,
in FP64. Reported are means over the samples of a seed, and their mean and
standard deviation over seeds. A seed is that of the directions and of the chip.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Iterator

import numpy as np

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "python"), str(TOP / "examples")]
import aimc  # noqa: E402
from common import Parser, choice_list, count, create_figure, fail, range_up_to, save_figure, summarise  # noqa: E402
from progress import Progress  # noqa: E402

SIZE = 64
DEVIATION = 0.7
DATA_SEED = 1000
SAMPLERS = ("rff", "orf", "hadamard")
# FP32, of ten samples of a trained model; the sampler is orf.
PUBLISHED = dict(enumerate((0.0995, 0.0767, 0.0778, 0.0612, 0.0616, 0.0538, 0.0550), start=1))


def samples(number: int, length: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Q, K and V of `number` sequences of `length` tokens, FP32."""
    drawn = []
    for sample in range(number):
        generator = np.random.default_rng(DATA_SEED + sample)
        q, k = (DEVIATION * generator.normal(size=(length, SIZE)) for _ in range(2))
        drawn.append((q, k, generator.normal(size=SIZE) + generator.normal(size=(length, SIZE))))
    return tuple(np.stack(each).astype(np.float32) for each in zip(*drawn))


def softmax_attention(q: np.ndarray, k: np.ndarray, v: np.ndarray) -> np.ndarray:
    """AV of each sequence, FP64."""
    weights = np.exp(q.astype(np.float64) @ k.transpose(0, 2, 1) / np.sqrt(SIZE))
    return weights / weights.sum(axis=2, keepdims=True) @ v


def directions_of(sampler: str, directions: int, generator: np.random.Generator) -> np.ndarray:
    """Ω of `directions` rows, FP64, drawn block by block of d."""
    blocks = []
    for start in range(0, directions, SIZE):
        rows = min(SIZE, directions - start)
        normal = generator.normal(size=(SIZE, SIZE))
        if sampler == "rff":
            blocks.append(normal[:rows])
        elif sampler == "orf":
            q, r = np.linalg.qr(normal)
            lengths = np.linalg.norm(generator.normal(size=(SIZE, SIZE)), axis=1)
            blocks.append((lengths[:, None] * (q * np.sign(np.diag(r))).T)[:rows])
        else:
            # √d·D1 H D2 with the orthonormal Hadamard matrix, √d of which is ±1.
            indices = np.arange(SIZE)
            parities = np.array([[bin(i & j).count("1") % 2 for j in indices] for i in indices])
            signs = generator.choice((-1, 1), size=(2, SIZE))
            blocks.append((signs[0][:, None] * (1 - 2 * parities) * signs[1])[:rows])
    return np.vstack(blocks)


def numpy_attention(q: np.ndarray, k: np.ndarray, v: np.ndarray, omega: np.ndarray) -> np.ndarray:
    """ÂV of each sequence, FP64: all products of queries and keys."""

    def features(x):
        x = x.astype(np.float64) / SIZE**0.25
        projection = x @ omega.T
        return np.exp(np.concatenate([projection, -projection], axis=2) - (x * x).sum(axis=2, keepdims=True) / 2)

    weights = features(q) @ features(k).transpose(0, 2, 1)
    return weights / weights.sum(axis=2, keepdims=True) @ v


def module(sampler: str, directions: int, seed: int) -> str:
    tokens = f"tensor<?x?x{SIZE}xf32>"
    omega = f"tensor<{directions}x{SIZE}xf32>"
    return f"""func.func @attend(%q: {tokens}, %k: {tokens}, %v: {tokens}) -> {tokens} {{
  %omega = kernel.projection sampler({sampler}) seed({seed}) : {omega}
  %y = kernel.attention map(softmax_pos) %q, %k, %v, %omega
      : {tokens}, {tokens}, {tokens}, {omega} -> {tokens}
  return %y : {tokens}
}}
"""


class Compiler:
    """Attention of the samples as the compiler computes it."""

    def __init__(self, arrays: tuple[np.ndarray, ...], options: argparse.Namespace, folder: Path) -> None:
        self.target, self.rule, self.time = options.target, options.rule, options.time
        self.folder, self.inputs = folder, []
        for name, array in zip("qkv", arrays):
            np.save(folder / f"{name}.npy", array)
            self.inputs.append(folder / f"{name}.npy")

    def _options(self, name: str) -> list:
        return [word for path in self.inputs for word in (name, path)]

    def run(self, sampler: str, directions: int, seed: int, device: str) -> np.ndarray:
        model, output = self.folder / "model.mlir", self.folder / "y.npy"
        model.write_text(module(sampler, directions, seed), encoding="utf-8")
        if device == "simulator":
            placed = self.folder / "placed.mlirbc"
            command = [aimc.find_tool("aimcc"), model, "--target", self.target, "--emit", "placed", "-o", placed]
            aimc.tools.run_tool([*command, "--rule", self.rule, *self._options("--calibrate")])
            model = placed
        command = [aimc.find_tool("aimc-run"), model, *self._options("--input"), "--output", output]
        command += ["--time", str(self.time)] if device == "simulator" else []
        aimc.tools.run_tool([*command, "--device", device, "--seed", str(seed)])
        return np.load(output)


def measure(options: argparse.Namespace, folder: Path, progress: Progress) -> Iterator[dict]:
    """The errors of each sampler, k and seed."""
    arrays = samples(options.samples, options.length)
    exact = softmax_attention(*arrays)
    norms = np.linalg.norm(exact, axis=(1, 2))
    compiler = Compiler(arrays, options, folder)

    def error(outputs: np.ndarray) -> float:
        return float((np.linalg.norm(outputs - exact, axis=(1, 2)) / norms).mean())

    for sampler in options.sampler:
        for k in options.k:
            for seed in range(options.seeds):
                progress.show(f"{sampler}, k = {k}, seed {seed}")
                directions = k * SIZE - 1
                found = {"sampler": sampler, "k": k, "directions": directions, "seed": seed}
                generator = np.random.default_rng([seed, k, SAMPLERS.index(sampler)])
                reference = error(numpy_attention(*arrays, directions_of(sampler, directions, generator)))
                for device in options.device:
                    outputs = compiler.run(sampler, directions, seed, device)
                    yield {**found, "device": device, "error": error(outputs), "numpy_error": reference}
                progress.advance()


def summary(found: list[dict]) -> list[dict]:
    """Means over the seeds, beside NumPy's and the published ones."""
    rows = summarise(found, ("error", "numpy_error"))
    for row in rows:
        # One token attends to itself: no error, and no ratio.
        row["ratio"] = row["error"] / row["numpy_error"] if row["numpy_error"] else None
        row["published"] = PUBLISHED[row["k"]] if row["sampler"] == "orf" and row["device"] == "exact" else None
    return rows


def table(rows: list[dict]) -> str:
    def shown(row: dict, name: str) -> str:
        deviation = row[f"{name}_standard_deviation"]
        return f"{row[name]:.4f}" + (f" ± {deviation:.4f}" if deviation is not None else "")

    lines = [f"{'sampler':10}{'device':11}{'m/d':>3}{'m':>5}   {'compiler':17}{'NumPy':17}{'ratio':8}published, other data"]
    for row in rows:
        published = "" if row["published"] is None else f"{row['published']:.4f}"
        head = f"{row['sampler']:10}{row['device']:11}{row['k']:>3}{row['directions']:>5}   "
        ratio = "-" if row["ratio"] is None else f"{row['ratio']:.3f}"
        cells = f"{shown(row, 'error'):17}{shown(row, 'numpy_error'):17}{ratio:<8}{published}"
        lines.append((head + cells).rstrip())
    return "\n".join(lines)


def plot(rows: list[dict], path: Path) -> None:
    """The error over m/d, a line a sampler and device, NumPy's, and the published one."""
    figure, (axis,) = create_figure(1)
    for key in sorted({(row["sampler"], row["device"]) for row in rows}):
        line = [row for row in rows if (row["sampler"], row["device"]) == key]
        deviations = [row["error_standard_deviation"] or 0 for row in line]
        style = "-" if key[1] == "exact" else "--"
        x = [row["k"] for row in line]
        axis.errorbar(x, [row["error"] for row in line], deviations, fmt="o" + style, capsize=2, label=", ".join(key))
        if key[1] == "exact":
            axis.plot(x, [row["numpy_error"] for row in line], "kx", label="NumPy" if key[0] == rows[0]["sampler"] else None)
    axis.plot(list(PUBLISHED), list(PUBLISHED.values()), ":", color="grey", label="published, other data")
    axis.set_xlabel("m/d")
    axis.set_ylabel("error of attention")
    axis.legend(fontsize="small")
    save_figure(figure, path)


def parse() -> argparse.Namespace:
    parser = Parser(__doc__)
    parser.add_argument(
        "--sampler", type=choice_list(SAMPLERS), default=["orf"], metavar="NAMES", help="of rff, orf, hadamard (orf)"
    )
    parser.add_argument(
        "--k", type=range_up_to(7), default=list(range(1, 8)), metavar="K", help="as 5, 1..5 or 1,3; m = k·d - 1 (1..7)"
    )
    parser.add_argument("--samples", type=count, default=10, metavar="N", help="sequences (10)")
    parser.add_argument("--length", type=count, default=512, metavar="L", help="tokens of each (512)")
    parser.add_common(seeds=3)
    return parser.parse()


def main() -> None:
    options = parse()
    progress = Progress(options.seeds * len(options.sampler) * len(options.k))
    with tempfile.TemporaryDirectory(prefix="aimc-") as folder:
        found = list(measure(options, Path(folder), progress))
    progress.close()
    rows = summary(found)
    if options.json:
        about = {"size": SIZE, "deviation": DEVIATION, "samples": options.samples, "length": options.length}
        print(json.dumps({**about, "target": options.target, "summary": rows, "runs": found}, indent=2))
    else:
        print(table(rows))
    if options.plot:
        plot(rows, options.plot)


if __name__ == "__main__":
    try:
        main()
    except (aimc.ToolError, OSError, ValueError) as error:
        fail(str(error))
