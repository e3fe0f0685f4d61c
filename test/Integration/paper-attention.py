# REQUIRES: scikit-learn, aimc-run, aimcc
# RUN: %python %s
# ===- paper-attention.py - Tests of examples/paper/attention.py -----------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""The error of random-feature attention, small, and what the example refuses."""

import json
import subprocess
import sys
import unittest
from pathlib import Path

from integration import IntegrationTest

ATTENTION = Path(__file__).resolve().parents[2] / "examples/paper/attention.py"


class PaperAttentionTest(IntegrationTest):
    def start(self, *options):
        return subprocess.run(
            [sys.executable, ATTENTION, *map(str, options)], capture_output=True, text=True, check=False
        )

    def test_error(self):
        """Near that of NumPy with other directions; more directions err less.

        Means of twelve draws of directions differ by a tenth or so.
        """
        done = self.start(
            "--k", "1,6", "--samples", 3, "--length", 128, "--seeds", 12, "--device", "exact,simulator", "--json"
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = {(row["device"], row["k"]): row for row in json.loads(done.stdout)["summary"]}
        for k in (1, 6):
            row = rows["exact", k]
            self.assertEqual(row["directions"], 64 * k - 1)
            self.assertLess(abs(row["error"] / row["numpy_error"] - 1), 0.25)
            self.assertTrue(0 < rows["simulator", k]["error"] < 1)
        self.assertLess(rows["exact", 6]["error"], 0.8 * rows["exact", 1]["error"])

    def test_errors(self):
        for options, message in ((("--k", "0"), "argument --k"), (("--sampler", "qmc"), "argument --sampler")):
            with self.subTest(options=options):
                done = self.start(*options)
                self.assertNotEqual(done.returncode, 0)
                self.assertEqual(done.stdout, "")
                self.assertIn(message, done.stderr)


if __name__ == "__main__":
    unittest.main()
