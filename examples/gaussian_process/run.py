#!/usr/bin/env python3
# ===- run.py - Gaussian processes of random features ----------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Mean and variance of a Gaussian process from random features on a chip.

scikit-learn's GaussianProcessRegressor learns the width of an RBF kernel, its
amplitude a and the noise σ from the training data. Bayesian linear regression on
features z of that kernel then gives for a target at z

    mean z·A⁻¹Zᵀy  and  variance σ²(1 + zᵀA⁻¹z),  A = ZᵀZ + (σ/a)²I

(Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, section
2.1). It is one module with two results; the projection runs on crossbars, the
products with A⁻¹Zᵀy and with a factor of A⁻¹ on a digital unit. For the simulator
A and Z are those of the programmed chip.

FILE.npz has x (n×d, or n of one input) and y, which are split in two halves at
random; without one the data are a noisy curve of one input. Inputs and targets are
standardised. Reported are, of the test half, over seeds of the directions and the
chip: the root-mean-square error of the mean, the root-mean-square difference of mean
and standard deviation from the exact process, in standard deviations of the
targets; the mean negative log density of the targets (less is better); and the part
of the targets within 1.96 standard deviations (95 % if these are right).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import sys
import tempfile
from pathlib import Path

import numpy as np
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
from sklearn.pipeline import Pipeline, make_pipeline

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "python"), str(TOP / "examples")]
import aimc  # noqa: E402
from progress import Progress  # noqa: E402

DEVICES = ("exact", "simulator")
SAMPLERS = ("rff", "orf", "sorf", "qmc")
MEASURES = ("error", "mean_difference", "deviation_difference", "negative_log_density", "coverage")


def fail(message: str) -> None:
    sys.exit(f"run.py: error: {message}")


def curve() -> tuple[np.ndarray, np.ndarray]:
    """A noisy curve of one input, with a gap without data."""
    generator = np.random.default_rng(0)
    x = np.concatenate([generator.uniform(-4, 0, 200), generator.uniform(2, 4, 100)])
    return x[:, None], np.sin(2 * x) + 0.3 * x + generator.normal(scale=0.2, size=len(x))


def load(path: Path) -> tuple[np.ndarray, np.ndarray]:
    with np.load(path) as file:
        arrays = {name.lower(): file[name] for name in file.files}
    if not {"x", "y"} <= set(arrays):
        fail(f"expects x and y in '{path}', but got {', '.join(arrays) or 'nothing'}")
    x, y = arrays["x"].astype(np.float64), np.ravel(arrays["y"].astype(np.float64))
    x = x.reshape(len(x), -1)
    if len(x) != len(y) or len(x) < 4:
        fail(f"expects x and y of as many rows, at least 4, in '{path}', but got {len(x)} and {len(y)}")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        fail(f"expects finite values in '{path}', but got others")
    return x, y


def standardised(values: np.ndarray, of: np.ndarray) -> np.ndarray:
    """`values` as `of` is brought to mean 0 and deviation 1."""
    deviation = of.std(axis=0)
    return (values - of.mean(axis=0)) / np.where(deviation > 0, deviation, 1)


def measures(mean: np.ndarray, deviation: np.ndarray, y: np.ndarray, exact: tuple[np.ndarray, ...]) -> dict[str, float]:
    difference = y - mean
    return {
        "error": float(np.sqrt(np.mean(difference**2))),
        "mean_difference": float(np.sqrt(np.mean((mean - exact[0]) ** 2))),
        "deviation_difference": float(np.sqrt(np.mean((deviation - exact[1]) ** 2))),
        "negative_log_density": float(
            np.mean(0.5 * (difference / deviation) ** 2 + np.log(deviation) + 0.5 * math.log(2 * math.pi))
        ),
        "coverage": float(np.mean(np.abs(difference) < 1.96 * deviation)),
    }


def predict(
    model: Pipeline, data: tuple, inputs: np.ndarray, device: str, target: str, seed: int, folder: Path
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation at `inputs` on `device`."""
    if device == "exact":
        results = aimc.run(model, inputs).results
    else:
        # Through the chip: noise between training and test inputs is independent.
        fitted = aimc.fit_readout(
            model, data[0], data[1], device, seed=seed, target=target, first_vector=len(inputs)
        )  # fmt: skip
        placed = aimc.compile(fitted, target, folder / "placed.mlirbc", calibrate=data[0], emit="placed")
        results = aimc.run(placed, inputs, device=device, seed=seed, results=2).results
    return results[0][:, 0].astype(float), np.sqrt(results[1][:, 0].astype(float))


def summary(found: list[dict]) -> list[dict]:
    """Mean and standard deviation over the seeds of each device."""
    rows = []
    for device in dict.fromkeys(entry["device"] for entry in found):
        entries = [entry for entry in found if entry["device"] == device]
        row: dict = {"device": device, "seeds": len(entries)}
        for name in MEASURES:
            values = [entry[name] for entry in entries]
            row[name] = float(np.mean(values))
            row[f"{name}_standard_deviation"] = float(np.std(values, ddof=1)) if len(values) > 1 else None
        rows.append(row)
    return rows


def table(rows: list[dict]) -> str:
    lines = [f"{'':14}{'error':17}{'mean off by':17}{'deviation off by':19}{'neg. log density':19}within 1.96 σ"]
    for row in rows:
        line = f"{row['device']:14}"
        for name, width in zip(MEASURES, (17, 17, 19, 19, 17)):
            deviation = row[f"{name}_standard_deviation"]
            line += f"{f'{row[name]:.4f}' + (f' ± {deviation:.4f}' if deviation is not None else ''):{width}}"
        lines.append(line.rstrip())
    return "\n".join(lines)


def plot(data: tuple, process: GaussianProcessRegressor, shown: dict, title: str, path: Path) -> None:
    """Of one input the means with bands of 1.96 deviations; of several what they are beside the exact ones."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    inputs, (X, y) = shown.pop("inputs"), data[:2]
    exact = process.predict(inputs, return_std=True)
    is_curve = inputs.shape[1] == 1
    figure, axes = pyplot.subplots(
        1, len(shown) if is_curve else 2, figsize=(9, 3.6), constrained_layout=True, squeeze=False
    )  # fmt: skip
    if is_curve:
        for axis, (device, (mean, deviation)) in zip(axes[0], shown.items()):
            axis.plot(X[:, 0], y, ".", color="lightgrey", label="training data")
            axis.fill_between(inputs[:, 0], mean - 1.96 * deviation, mean + 1.96 * deviation, alpha=0.3)
            axis.plot(inputs[:, 0], mean, label=device)
            axis.plot(inputs[:, 0], exact[0], "k--", linewidth=0.8, label="exact process")
            for sign in (-1, 1):
                axis.plot(inputs[:, 0], exact[0] + sign * 1.96 * exact[1], "k:", linewidth=0.8)
            axis.set_xlabel("x")
            axis.legend(fontsize="small")
    else:
        for axis, i, label in zip(axes[0], (0, 1), ("mean", "standard deviation")):
            for device, values in shown.items():
                axis.plot(exact[i], values[i], ".", markersize=3, label=device)
            axis.axline((exact[i].min(),) * 2, slope=1, color="k", linewidth=0.8)
            axis.set_xlabel(f"{label}, exact process")
            axis.set_ylabel(f"{label}, features")
        axes[0][0].legend(fontsize="small")
    figure.suptitle(title)
    temporary = path.with_name(f".new.{path.name}")
    figure.savefig(temporary)
    temporary.replace(path)


def count(text: str) -> int:
    if text.isdecimal() and int(text) >= 1:
        return int(text)
    raise argparse.ArgumentTypeError(f"expects an integer of at least 1, but got '{text}'")


def devices(text: str) -> list[str]:
    names = text.split(",")
    for name in names:
        if name not in DEVICES:
            raise argparse.ArgumentTypeError(f"expects some of {', '.join(DEVICES)}, but got '{name}'")
    return list(dict.fromkeys(names))


def image(text: str) -> Path:
    if Path(text).suffix not in (".svg", ".png"):
        raise argparse.ArgumentTypeError(f"expects a file x.svg or x.png, but got '{text}'")
    return Path(text)


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:
        fail(message)


def parse() -> argparse.Namespace:
    parser = Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, metavar="FILE.npz", help="x and y (a noisy curve)")
    parser.add_argument("--directions", type=count, default=256, metavar="M", help="2M features (256)")
    parser.add_argument("--sampler", choices=SAMPLERS, default="orf", help="of the directions (orf)")
    parser.add_argument("--seeds", type=count, default=5, metavar="N", help="seeds 0 to N - 1 (5)")
    parser.add_argument(
        "--device", type=devices, default=list(DEVICES), metavar="NAMES", help="of exact, simulator (both)"
    )
    parser.add_argument("--target", default="hermes", help="chip of the simulator: built-in or a JSON file (hermes)")
    parser.add_argument("--json", action="store_true", help="print one JSON object with the values of each seed")
    parser.add_argument("--plot", type=image, metavar="FILE", help="also draw x.svg or x.png; needs matplotlib")
    return parser.parse_args()


def main() -> None:
    options = parse()
    if options.plot and importlib.util.find_spec("matplotlib") is None:
        fail("--plot expects matplotlib, but this Python has none; on Debian it is in python3-matplotlib")
    x, y = load(options.data) if options.data else curve()
    rows = np.random.default_rng(0).permutation(len(x))
    train, test = rows[: len(x) // 2], rows[len(x) // 2 :]
    X, X_test = (standardised(x[part], x[train]) for part in (train, test))
    data = X, standardised(y[train], y[train])
    y_test = standardised(y[test], y[train])

    progress = Progress(1 + options.seeds * len(options.device))
    progress.show("exact process")
    kernel = ConstantKernel(1.0) * RBF(1.0) + WhiteKernel(0.1)
    process = GaussianProcessRegressor(kernel, random_state=0).fit(*data)
    progress.advance()
    learned = process.kernel_
    gamma = 0.5 / learned.k1.k2.length_scale**2
    amplitude, noise = math.sqrt(learned.k1.k1.constant_value), math.sqrt(learned.k2.noise_level)
    exact = process.predict(X_test, return_std=True)
    found = [{"device": "exact process", **measures(*exact, y_test, exact)}]
    # What is drawn: a dense row of inputs, or the test inputs.
    span = np.linspace(X.min() - 0.5, X.max() + 0.5, 300)[:, None]
    shown: dict = {"inputs": span if X.shape[1] == 1 else X_test}
    with tempfile.TemporaryDirectory(prefix="aimc-") as folder:
        for seed in range(options.seeds):
            sampler = aimc.KernelSampler(
                map="rbf", sampler=options.sampler, gamma=gamma, n_components=2 * options.directions, random_state=seed
            )
            model = make_pipeline(sampler, aimc.BayesianReadout(noise=noise, amplitude=amplitude)).fit(*data)
            for device in options.device:
                progress.show(f"{device}, seed {seed}")
                of = predict(model, data, X_test, device, options.target, seed, Path(folder))
                found.append({"device": device, "seed": seed, **measures(*of, y_test, exact)})
                if options.plot and seed == 0:
                    shown[device] = predict(
                        model, data, shown["inputs"], device, options.target, seed, Path(folder)
                    )  # fmt: skip
                progress.advance()
    progress.close()
    if options.json:
        about = {"data": options.data.name if options.data else "curve", "target": options.target}
        about.update(sampler=options.sampler, directions=options.directions, rows=[len(X), len(X_test)])
        about.update(gamma=gamma, amplitude=amplitude, noise=noise)
        print(json.dumps({**about, "summary": summary(found), "runs": found}, indent=2))
    else:
        print(f"γ = {gamma:.4g}, amplitude {amplitude:.4g}, noise {noise:.4g}, of {len(X)} rows")
        print(table(summary(found)))
    if options.plot:
        plot(data, process, shown, f"Gaussian process of {2 * options.directions} features", options.plot)


if __name__ == "__main__":
    try:
        main()
    except (aimc.ToolError, OSError, ValueError) as error:
        fail(str(error))
