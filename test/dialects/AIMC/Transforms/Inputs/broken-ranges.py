# ===- broken-ranges.py - files of ranges that lie --------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Runs aimc-calibrate on files that each have one thing wrong.

  broken-ranges.py FOLDER AIMC_OPT [ARGUMENT...]

Prints `case: error` for each, "exit code N" when it is not 1.
"""

import json
import os
import subprocess
import sys

VALUES = {
    "count": 4,
    "max": 3.5,
    "mean": 0.0,
    "deviation": 1.0,
    "bin_width": 1.0,
    "histogram": [0, 3, 0, 1],
}
GOOD = {
    "version": 1,
    "sites": [{"site": 0, "matrix": "w", "vectors": 2, "input": VALUES, "output": VALUES}],
}


def edited(path, value):
    """The good file with the field at `path` set, or removed when None."""
    text = json.loads(json.dumps(GOOD))
    *folders, last = path.split(".")
    node = text
    for folder in folders:
        node = node[int(folder)] if isinstance(node, list) else node[folder]
    last = int(last) if isinstance(node, list) else last
    if value is None:
        del node[last]
    else:
        node[last] = value
    return json.dumps(text)


CASES = {
    "cut short": json.dumps(GOOD)[:-3],
    "deeply nested": "[" * 100000,
    "array at the top": "[]",
    "no version": edited("version", None),
    "later version": edited("version", 2),
    "no sites": edited("sites", None),
    "site is a number": edited("sites.0", 3),
    "no site number": edited("sites.0.site", None),
    "negative site": edited("sites.0.site", -1),
    "site twice": edited("sites", GOOD["sites"] * 2),
    "matrix is a number": edited("sites.0.matrix", 3),
    "negative vectors": edited("sites.0.vectors", -2),
    "no input": edited("sites.0.input", None),
    "negative count": edited("sites.0.input.count", -4),
    "negative maximum": edited("sites.0.input.max", -1.0),
    "maximum is not a number": json.dumps(GOOD).replace("3.5", "NaN"),
    "infinite maximum": json.dumps(GOOD).replace("3.5", "1e999", 1),
    "mean is text": edited("sites.0.output.mean", "0"),
    "negative deviation": edited("sites.0.output.deviation", -1),
    "bin width of zero": edited("sites.0.output.bin_width", 0),
    "empty histogram": edited("sites.0.output.histogram", []),
    "negative bin": edited("sites.0.output.histogram.1", -3),
    "fraction in a bin": edited("sites.0.output.histogram.1", 2.5),
    "too few in bins": edited("sites.0.output.histogram.1", 2),
    "too many in bins": edited("sites.0.output.histogram.1", 4),
    "maximum beyond bins": edited("sites.0.output.max", 4.5),
    "maximum below the last bin": edited("sites.0.output.max", 2.5),
}

folder, *aimc_opt = sys.argv[1:]
os.chdir(folder)
with open("module.mlir", "w", encoding="utf-8") as file:
    file.write("module {}\n")
for case, text in {"good": json.dumps(GOOD), **CASES}.items():
    with open("ranges.json", "w", encoding="utf-8") as file:
        file.write(text)
    run = subprocess.run(
        [*aimc_opt, "module.mlir", "--aimc-set-target=target=hermes", "--aimc-calibrate=ranges=ranges.json"],
        capture_output=True,
        text=True,
    )
    expected = 0 if case == "good" else 1
    if run.returncode != expected:
        print(f"{case}: exit code {run.returncode}")
    if run.stderr:
        print(f"{case}: {run.stderr.splitlines()[0]}")
