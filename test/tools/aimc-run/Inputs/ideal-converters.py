# ===- ideal-converters.py - Targets with ideal converters -----------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Variants of hermes.json in the folder of the argument, for ideal-converters.test."""

import copy
import json
import sys
from pathlib import Path

folder = Path(sys.argv[1])
base = json.loads((folder / "hermes.json").read_text())
# Little but what the variants have.
base["device"]["programming_noise"]["coefficients"] = [0.01]
base["adc"].update(bits=16, default_range=16)
base["dac"] = {"ideal": True}


def write(name, **sections):
    target = copy.deepcopy(base)
    for section, fields in sections.items():
        target[section].update(fields)
    (folder / f"{name}.json").write_text(json.dumps(target))


write("dac")
write("small", adc={"default_range": 1e-45})
base["adc"] = {"ideal": True}
base["device"]["output_noise"]["value"] = 0.001
write("noise")
write("wires", array={"segment_resistance": {"value": 0.35, "unit": "ohm", "provenance": "assumed"}})
