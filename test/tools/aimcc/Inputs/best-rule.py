#!/usr/bin/env python3
# ===- best-rule.py - The rule that aimcc chooses --------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Compares what `aimcc --rule best` says and does with each rule alone.

  best-rule.py FOLDER INPUTS

FOLDER has best.txt, its messages, best.mlir, its module, and ranges.json.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

folder, inputs = Path(sys.argv[1]), Path(sys.argv[2])
said = (folder / "best.txt").read_text(encoding="utf-8")
errors = {}
for rule in ("mse", "max", "percentile", "k-sigma"):
    command = ["aimcc", inputs / "model.mlir", "--target", "hermes", "--ranges", folder / "ranges.json", "--rule", rule]
    for stage in ("calibrated", "scheduled"):
        subprocess.run([*command, "--emit", stage, "-o", folder / f"{rule}.{stage}.mlir"], check=True)
    run = ["aimc-run", folder / f"{rule}.scheduled.mlir", "--input", inputs / "x.csv", "--device", "simulator", "--json"]
    report = json.loads(subprocess.run(run, check=True, capture_output=True).stdout)
    errors[rule] = report["relative_error_to_exact"]
    found = re.search(rf"^aimcc: rule {rule}: relative error to exact ([0-9.e-]+)$", said, re.MULTILINE)
    assert found and found[1] == f"{errors[rule]:.4g}", f"{rule}: expects {errors[rule]:.4g} in {said}"
best = min(errors, key=errors.get)
assert said.endswith(f"aimcc: ranges by rule {best}\n"), said
assert (folder / "best.mlir").read_text() == (folder / f"{best}.calibrated.mlir").read_text()
