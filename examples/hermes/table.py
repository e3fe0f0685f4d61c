#!/usr/bin/env python3
# ===- table.py - the published workloads of the HERMES chip ---------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Prints what `aimc-estimate` says of three workloads beside the published figures.

  table.py [AIMC-ESTIMATE]

The figures are those of Le Gallo et al., Nature Electronics 2023: TOPS and TOPS/W of products alone,
energy and latency of the whole. The latter two of all 64 cores are of products alone too. The exit
code is 1 when a figure is further from the published one than docs/Estimate.md says.
"""

import json
import os
import subprocess
import sys

# Workload, mode, TOPS, TOPS/W, energy (uJ), latency (ns).
PUBLISHED = [
    ("chip", "1-phase", 63.1, 9.76, 0.86, 133),
    ("chip", "4-phase", 16.1, 2.48, 3.38, 520),
    ("resnet", "1-phase", 6.79, 6.88, 0.97, 1131),
    ("resnet", "4-phase", 1.74, 1.74, 1.51, 1518),
    ("lstm", "1-phase", 30.6, 9.34, 3.46, 1043),
    ("lstm", "4-phase", 7.82, 2.37, 5.24, 1430),
]


def main():
    tool = sys.argv[1] if len(sys.argv) > 1 else "aimc-estimate"
    print("                      crossbars alone       energy    latency    achieved\n"
          "workload  mode        TOPS    TOPS/W          uJ         ns     TOPS  TOPS/W")
    worst = 0
    for name, mode, *published in PUBLISHED:
        path = os.path.join(os.path.dirname(__file__), name + ".mlir")
        cost = json.loads(subprocess.check_output(
            [tool, path, "--target", "hermes", "--mode", mode, "--json", "--objective", "latency"]))
        alone = name == "chip"
        ours = [cost["mvm_tops"], cost["mvm_tops_per_watt"],
                cost["mvm_energy_nj" if alone else "energy_nj"] * 1e-3,
                cost["mvm_time_ns" if alone else "latency_ns"]]
        tolerances = [0.03] * 4 if alone else [0.03, 0.25, 0.15, 0.15]
        print(f"{name:8}  {mode}   {ours[0]:6.2f}  {ours[1]:8.3f}  {ours[2]:10.3f}  {ours[3]:9.0f}  "
              f"{cost['tops']:7.3f}  {cost['tops_per_watt']:6.3f}")
        print(f"          published {published[0]:6.2f}  {published[1]:8.3f}  {published[2]:10.3f}  {published[3]:9.0f}")
        for value, expected, tolerance in zip(ours, published, tolerances):
            worst = max(worst, abs(value / expected - 1) / tolerance)
    if worst > 1:
        sys.exit("expects figures near the published ones, but got one further away")


if __name__ == "__main__":
    main()
