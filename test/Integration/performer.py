# REQUIRES: scikit-learn, aimc-run, aimcc
# RUN: %python %s
# ===- performer.py - Tests of examples/performer --------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""A Performer of two layers, whole, against its formulas in FP64."""

import re
import subprocess
import sys
import unittest
from pathlib import Path

from integration import IntegrationTest

RUN = Path(__file__).resolve().parents[2] / "examples/performer/run.py"
# FP32 through two layers; the errors seen are below 1e-6.
TOLERANCE = 1e-4


class PerformerTest(IntegrationTest):
    def errors(self, *options):
        """The largest errors that the example prints, by name."""
        done = subprocess.run(
            [sys.executable, RUN, "--work", self.folder, *map(str, options)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr)
        print(done.stdout)
        found = re.findall(r"^  (.*?) +([0-9.]+e[-+][0-9]+)$", done.stdout, re.MULTILINE)
        return {name: float(value) for name, value in found}

    def test_small_and_long(self):
        """Any number of sequences of any length."""
        for sequences, length in ((1, 1), (3, 70), (2, 300)):
            with self.subTest(sequences=sequences, length=length):
                errors = self.errors("--sequences", sequences, "--length", length)
                self.assertLess(errors["exact device to FP64"], TOLERANCE)
                self.assertLess(errors["program to FP64"], TOLERANCE)

    def test_mapping(self):
        """Each matrix is on tiles, once; Ω has four uses. The chip errs less than noise would."""
        errors = self.errors()
        self.assertLess(errors["exact device to FP64"], TOLERANCE)
        self.assertTrue(1e-3 < errors["simulated chip to FP64"] < 1)
        placed = (self.folder / "placed.mlir").read_text()
        matrices = re.findall(r"aimc\.weights @(\w+) ", placed)
        tiles = re.findall(r"aimc\.tile @\w+ of @(\w+) .* on chip\(0\) core\(\d+\)", placed)
        # Four of attention and two hidden layers a layer, the head, and Ω.
        self.assertEqual(len(matrices), 2 * 6 + 2)
        self.assertEqual(sorted(tiles), sorted(matrices))
        sites = re.findall(r"aimc\.mvm @omega site\((\d+)\) role\(projection\)", placed)
        self.assertEqual(len(set(sites)), 4)


if __name__ == "__main__":
    unittest.main()
