"""Writes hermes with parts of the energy of a product, the ADC's of 8 nJ or ADC, and with the
energy of a link, without static power and area.

  add-parts.py FILE [ADC]
"""

import json
import subprocess
import sys


def figure(value, unit):
    return {"value": value, "unit": unit, "provenance": "assumed"}


target = json.loads(subprocess.check_output(["aimcc", "--print-target", "hermes"]))
adc = float(sys.argv[2]) if len(sys.argv) > 2 else 8
target["modes"][0]["mvm_energy_parts"] = {"array": figure(3, "nJ"), "adc": figure(adc, "nJ")}
target["links"]["energy_per_byte"] = figure(100, "pJ")
del target["static_power"], target["area"]
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(target, file)
