# ===- check-yolo.py - TinyYOLOv4 as CLSA-CIM schedules it -----------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""check-yolo.py TOOL TABLE.json: compares speed-ups with those of Pelke et al. (DATE 2024)
and with a schedule of this script's own, and checks that links cost something."""

import json
import subprocess
import sys

tool, path = sys.argv[1:]
# The speed-ups of a reference schedule; 21.9 is published for 32 spare crossbars.
EXPECTED = {0: 2.5, 4: 9.1, 8: 9.2, 16: 15.3, 32: 24.3}


def estimate(*options):
    done = subprocess.run([tool, "--layers", path, "--json", *options], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def schedule(nodes, copies):
    """Cycles of rows as soon as possible, on `copies` copies of each convolution."""
    ready = {}
    for node in nodes:
        sources, rows = [ready[name] for name in node["inputs"]], range(node["output_rows"])
        if node["type"] == "in":
            ready[node["name"]] = [0 for _ in rows]
        elif node["type"] == "cat":
            ready[node["name"]] = [max(source[r] for source in sources) for r in rows]
        elif node["type"] == "pool":
            ready[node["name"]] = [max(sources[0][2 * r:2 * r + 2]) for r in rows]
        elif node["type"] == "up":
            ready[node["name"]] = [sources[0][r // 2] for r in rows]
        else:
            width = node["output_positions"] // node["output_rows"]
            cycles, now, times = -(-width // copies[node["name"]]), 0, []
            for r in rows:
                first = r * node["stride"] - node["kernel"] // 2
                now = max([now, *sources[0][max(first, 0):first + node["kernel"]]]) + cycles
                times.append(now)
            ready[node["name"]] = times
    return max(max(times) for times in ready.values())


with open(path, encoding="utf-8") as file:
    table = json.load(file)["nodes"]
for spare, expected in EXPECTED.items():
    result = estimate("--array", "256x256", "--spare", str(spare), "--target", "hermes")
    assert result["crossbars"] == 117 and result["cycles_layer_by_layer"] == 113061, result
    assert abs(result["speedup"] / expected - 1) <= 0.01, (spare, result["speedup"])
    copies = {layer["name"]: layer["copies"] for layer in result["layers"]}
    crossbars = {layer["name"]: layer["crossbars"] for layer in result["layers"]}
    assert 117 <= sum(copies[name] * crossbars[name] for name in copies) <= 117 + spare, copies
    assert result["cycles"] == schedule(table, copies), spare
    work = sum(crossbars[layer["name"]] * layer["positions"] for layer in result["layers"])
    assert abs(result["utilisation"] * result["cycles"] * (117 + spare) / work - 1) < 1e-12, result["utilisation"]
    assert result["with_transfers"]["time_ns"] > 133 * result["cycles"], spare
    if spare == 32:
        assert abs(result["speedup"] / 21.9 - 1) <= 0.15, result["speedup"]
    one_by_one = estimate("--array", "256x256", "--spare", str(spare), "--schedule", "layer-by-layer")
    assert result["cycles"] < one_by_one["cycles"] <= 113061, spare
