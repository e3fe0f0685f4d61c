# ===- error-budget.py - Rows of a budget are runs -------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Compares the reports of error-budget.test in the folder of the argument."""

import json
import sys
from pathlib import Path

folder = Path(sys.argv[1])
report, without, everything, exact = (
    json.loads((folder / f"{name}.json").read_text()) for name in ("budget", "without", "all", "exact")
)
budget = report["error_budget"]


def same(row, run):
    return all(run[name] == value for name, value in row.items())


print(
    len(budget["all"]) == 6 and same(budget["all"], everything),
    same(budget["without"]["read_noise"], without),
    without["relative_error_to_exact"] != everything["relative_error_to_exact"],
    budget["exact"] == {"kernel_error": exact["kernel_error"]},
)
