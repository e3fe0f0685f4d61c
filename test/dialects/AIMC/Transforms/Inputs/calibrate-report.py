#!/usr/bin/env python3
# ===- calibrate-report.py - A report against its values -------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Checks a calibration report against values drawn from the recorded histograms.

  calibrate-report.py RANGES REPORT

Values are even inside a bin, up to the largest one. The target is `pcm`: 8 bits,
rounding to the nearest step, output noise of 0.04; the matrix is that of
calibrate.mlir, one tile of [[2, -2], [2, 0]].
"""

import json
import sys

import numpy as np

STEPS = 127
NOISE = 0.04
LARGEST, SQUARES = 2.0, 12.0 / 2  # of the weights; sum of squares, mean of the columns


def drawn(values):
    """Values as recorded, many for each: the histogram's bins, evenly filled."""
    if values["max"] == 0:
        return np.zeros(values["count"])
    parts = []
    for i, count in enumerate(values["histogram"]):
        begin = i * values["bin_width"]
        end = min(begin + values["bin_width"], values["max"]) if values["max"] > begin else begin + values["bin_width"]
        parts += [begin + (end - begin) * (np.arange(200000) + 0.5) / 200000] * count
    return np.concatenate(parts)


def check(what, found, expected):
    assert abs(found - expected) <= 1e-3 * abs(expected) + 1e-9, f"{what}: expects {expected}, but got {found}"


with open(sys.argv[1], encoding="utf-8") as file:
    recorded = {site["site"]: site for site in json.load(file)["sites"]}
with open(sys.argv[2], encoding="utf-8") as file:
    report = json.load(file)
assert report["version"] == 1
assert [site["site"] for site in report["sites"]] == [0, 1]
for site in report["sites"]:
    data = recorded[site["site"]]
    assert (site["matrix"], site["rule"], site["vectors"]) == ("w", "percentile", data["vectors"])
    input_range = site["input"]["range"]
    errors, losses = {}, {}
    for name, unit in (("input", 1.0), ("output", input_range)):
        values = drawn(data[name]) / unit
        full = site[name]["range"]
        converted = np.clip(np.rint(values / full * STEPS), -STEPS, STEPS) / STEPS * full
        errors[name] = np.mean((converted - values) ** 2)
        losses[name] = np.mean((values - converted) * values)
        if name == "input":
            losses[name] /= max(np.mean(values**2), 1e-30)
        check(f"clipped {name}", site[name]["clipped"], np.mean(values > full))
        check(f"error of {name}", site[name]["mean_square_error"], errors[name])
    product = site["product"]
    scale = (input_range * LARGEST) ** 2
    check("input", product["from_input"], errors["input"] * SQUARES)
    check("output", product["from_output"], errors["output"] * scale)
    check("noise", product["from_noise"], NOISE**2 * scale)
    both = 2 * losses["input"] * losses["output"]
    check("both", product["from_both"], both * scale)
    check("all", product["mean_square_error"], errors["input"] * SQUARES + (errors["output"] + both + NOISE**2) * scale)
