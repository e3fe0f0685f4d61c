# ===- check-trace.py - What a trace of a schedule says --------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""check-trace.py TRACE.json: fails when events of one thread overlap or threads of
different layers share a crossbar; prints a line for each layer."""

import json
import sys
from collections import defaultdict

with open(sys.argv[1], encoding="utf-8") as file:
    events = json.load(file)["traceEvents"]
names = {event["pid"]: event["args"]["name"] for event in events if event["ph"] == "M"}
layers, threads, owners = defaultdict(list), defaultdict(list), {}
for event in events:
    if event["ph"] != "X":
        continue
    layers[event["pid"]].append(event)
    threads[event["pid"], event["tid"]].append(event)
    first = event["args"]["first_crossbar"]
    for crossbar in range(first, first + event["args"]["crossbars"]):
        assert owners.setdefault(crossbar, (event["pid"], event["tid"])) == (event["pid"], event["tid"]), event
for thread in threads.values():
    for before, after in zip(thread, thread[1:]):
        assert after["ts"] >= before["ts"] + before["dur"] - 1e-9, (before, after)
for process, rows in layers.items():
    place = rows[0]["args"]
    start, end = min(row["ts"] for row in rows), max(row["ts"] + row["dur"] for row in rows)
    print(f"{names[process]}: {len(rows)} rows on {place['crossbars']} crossbars from {place['first_crossbar']}, "
          f"{start:g} to {end:g} us")
