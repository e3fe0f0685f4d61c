#!/usr/bin/env python3
# ===- run.py - A Performer on a simulated chip ----------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Compiles performer.mlir with random weights and runs it.

On the exact device, as a program, and on a simulated chip; each against the
formulas in FP64, and those against softmax attention, which they approximate.
Exits with 1 when the exact device is not within 1e-4 of the formulas.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path

import numpy as np
from scipy.special import erf

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "python"))
import aimc  # noqa: E402
from aimc.samplers import sample_projection  # noqa: E402
from aimc.tools import find_tool, run_tool  # noqa: E402

MODEL = Path(__file__).with_name("performer.mlir")
LAYERS, HEADS, WIDTH, HIDDEN, DIRECTIONS, CLASSES = 2, 2, 64, 128, 128, 10
SEED = 7  # of Ω in performer.mlir
TOLERANCE = 1e-4


def draw_weights(seed: int) -> dict[str, np.ndarray]:
    """The resources of the model: Gaussian weights that keep the size of their inputs."""
    generator = np.random.default_rng(seed)
    weights = {}

    def normalisation(*names: str) -> None:
        weights[names[0]] = 1 + 0.1 * generator.normal(size=WIDTH)
        weights[names[1]] = 0.1 * generator.normal(size=WIDTH)

    def linear(name: str, bias: str, rows: int, columns: int) -> None:
        weights[name] = generator.normal(size=(rows, columns)) / np.sqrt(rows)
        weights[bias] = 0.1 * generator.normal(size=columns)

    for layer in range(LAYERS):
        normalisation(f"l{layer}_gain_a", f"l{layer}_offset_a")
        for name in ("query", "key", "value", "output"):
            linear(f"l{layer}_{name}", f"l{layer}_{name}_bias", WIDTH, WIDTH)
        normalisation(f"l{layer}_gain_b", f"l{layer}_offset_b")
        linear(f"l{layer}_up", f"l{layer}_up_bias", WIDTH, HIDDEN)
        linear(f"l{layer}_down", f"l{layer}_down_bias", HIDDEN, WIDTH)
    normalisation("gain", "offset")
    linear("head", "head_bias", WIDTH, CLASSES)
    return {name: values.astype("<f4") for name, values in weights.items()}


def write_model(path: Path, weights: dict[str, np.ndarray]) -> Path:
    """Writes performer.mlir with `weights` in it to `path`, which it returns."""
    alignment = (4).to_bytes(4, "little").hex()
    blobs = (f'      {name}: "0x{alignment}{values.tobytes().hex()}"' for name, values in weights.items())
    path.write_text(
        MODEL.read_text() + "\n{-#\n  dialect_resources: {\n    builtin: {\n" + ",\n".join(blobs) + "\n    }\n  }\n#-}\n"
    )
    return path


def draw_inputs(sequences: int, length: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Random tokens and the mask of sequences of different lengths, up to `length`."""
    generator = np.random.default_rng(seed)
    tokens = generator.normal(size=(sequences, length, WIDTH)).astype(np.float32)
    lengths = generator.integers(1, length + 1, size=sequences)
    return tokens, (np.arange(length) < lengths[:, None]).astype(np.float32)


def compute(tokens: np.ndarray, mask: np.ndarray, weights: dict[str, np.ndarray], omega: np.ndarray | None) -> np.ndarray:
    """The scores in FP64; without `omega` with softmax attention itself."""
    w = {name: values.astype(np.float64) for name, values in weights.items()}
    x = tokens.astype(np.float64)
    keys = mask[:, None, None, :] != 0
    scale = (WIDTH // HEADS) ** -0.5

    def normalise(x: np.ndarray, gain: str, offset: str) -> np.ndarray:
        centred = x - x.mean(axis=-1, keepdims=True)
        return centred / np.sqrt(x.var(axis=-1, keepdims=True) + 1e-5) * w[gain] + w[offset]

    def linear(x: np.ndarray, name: str) -> np.ndarray:
        return x @ w[name] + w[name + "_bias"]

    def split(x: np.ndarray) -> np.ndarray:
        return x.reshape(*x.shape[:2], HEADS, -1).transpose(0, 2, 1, 3)

    def features(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Positive features but for a factor, and its logarithm."""
        projection = np.sqrt(scale) * x @ omega.T.astype(np.float64)
        exponents = np.concatenate([projection, -projection], axis=-1)
        return exponents, -scale * np.sum(x * x, axis=-1, keepdims=True) / 2

    for layer in range(LAYERS):
        a = normalise(x, f"l{layer}_gain_a", f"l{layer}_offset_a")
        q, k, v = (split(linear(a, f"l{layer}_{name}")) for name in ("query", "key", "value"))
        if omega is None:
            weight = np.exp(scale * q @ k.swapaxes(-1, -2))
        else:
            (f, _), (g, logarithm) = features(q), features(k)
            # Factors common to a query, or to all keys of a sequence, cancel.
            f = np.exp(f - f.max(axis=-1, keepdims=True))
            g = g + logarithm
            g = np.exp(g - g.max(axis=(-2, -1), keepdims=True))
            weight = f @ g.swapaxes(-1, -2)
        weight = weight * keys
        attended = weight @ v / weight.sum(axis=-1, keepdims=True)
        x = x + linear(attended.transpose(0, 2, 1, 3).reshape(x.shape), f"l{layer}_output")
        b = linear(normalise(x, f"l{layer}_gain_b", f"l{layer}_offset_b"), f"l{layer}_up")
        x = x + linear(b * (1 + erf(b / np.sqrt(2))) / 2, f"l{layer}_down")
    # Those of padding mean nothing.
    return linear(normalise(x, "gain", "offset"), "head")[mask != 0]


def largest_error(scores: np.ndarray, expected: np.ndarray) -> float:
    """The largest error, as a part of the largest score."""
    return float(np.abs(scores - expected).max() / np.abs(expected).max())


class Parser(argparse.ArgumentParser):
    """Errors are one sentence."""

    def error(self, message: str) -> None:
        sys.exit(f"run.py: error: {message}")


def at_least(least: int):
    """Parses an integer from `least` on."""

    def parse(text: str) -> int:
        with contextlib.suppress(ValueError):
            if int(text) >= least:
                return int(text)
        raise argparse.ArgumentTypeError(f"expects an integer of at least {least}, but got '{text}'")

    return parse


def main() -> int:
    parser = Parser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--sequences", type=at_least(1), default=16, metavar="N", help="number of sequences")
    parser.add_argument("--length", type=at_least(1), default=50, metavar="L", help="most tokens of a sequence")
    parser.add_argument("--seed", type=at_least(0), default=0, metavar="N", help="of the weights, the tokens and the chip")
    parser.add_argument("--target", default="hermes", help="name or file of the target")
    parser.add_argument("--work", default="performer", type=Path, help="folder for all that is written")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)

    weights = draw_weights(options.seed)
    model = write_model(options.work / "performer.mlir", weights)

    def save(name: str, seed: int) -> tuple[np.ndarray, np.ndarray, list[Path]]:
        tokens, mask = draw_inputs(options.sequences, options.length, seed)
        files = [options.work / f"{name}-tokens.npy", options.work / f"{name}-mask.npy"]
        for file, values in zip(files, (tokens, mask)):
            np.save(file, values)
        return tokens, mask, files

    # Ranges come from other sequences than those that are run.
    _, _, calibration = save("calibration", options.seed + 1)
    tokens, mask, inputs = save("test", options.seed + 2)
    omega = sample_projection("orf", DIRECTIONS, WIDTH // HEADS, 0.5, SEED)
    expected = compute(tokens, mask, weights, omega)

    def run(module: Path, *words: str | Path) -> np.ndarray:
        output = options.work / "scores.npy"
        command = [find_tool("aimc-run"), module] if module.suffix == ".mlir" else [module.resolve()]
        for file in inputs:
            command += ["--input", file]
        run_tool([*command, "--output", output, *words])
        return np.load(output)[mask != 0]

    compiler = [find_tool("aimcc"), model, "--target", options.target]
    for file in calibration:
        compiler += ["--calibrate", file]
    placed, program = options.work / "placed.mlir", options.work / "performer"
    run_tool([*compiler, "--emit=placed", "-o", placed])
    run_tool([*compiler, "-o", program])

    exact = largest_error(run(placed), expected)
    emitted = largest_error(run(program), expected)
    device = ("--device", "simulator", "--seed", str(options.seed))
    simulated = largest_error(run(placed, *device), expected)
    softmax = largest_error(expected, compute(tokens, mask, weights, None))
    mapping = placed.read_text()
    print(f"{options.sequences} sequences of up to {options.length} tokens")
    print(f"{mapping.count('aimc.tile @')} tiles, {mapping.count('aimc.mvm @')} products on them")
    print("largest error, of the largest score")
    print(f"  exact device to FP64              {exact:8.1e}")
    print(f"  program to FP64                   {emitted:8.1e}")
    print(f"  simulated chip to FP64            {simulated:8.1e}")
    print(f"  random features to softmax, FP64  {softmax:8.1e}")
    if not (exact <= TOLERANCE and emitted <= TOLERANCE):
        print(f"run.py: error: expects errors to FP64 of at most {TOLERANCE}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (aimc.ToolError, OSError) as problem:
        sys.exit(f"run.py: error: {problem}")
