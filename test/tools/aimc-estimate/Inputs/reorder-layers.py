# ===- reorder-layers.py - Another order of a layer table ------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""reorder-layers.py IN.json OUT.json: nodes from the last to the first, without a
network's name, with notes."""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    table = json.load(file)
nodes = [{**node, "note": "turned around"} for node in reversed(table["nodes"])]
with open(sys.argv[2], "w", encoding="utf-8") as file:
    json.dump({"note": "without a name", "input": 8, "nodes": nodes}, file)
