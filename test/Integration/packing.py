# REQUIRES: aimc-opt
# RUN: %python %s
# ===- packing.py - Packings against an exact solver -----------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Cores that aimc-place takes for up to 12 matrices, against the optimum of CBC.

120 random cases: 10 seeds for 6, 8, 10 and 12 matrices in three classes of sizes.
CBC is asked for a packing on one core less than aimc-place has found, with the
areas of cores as its only bound: where there is none, aimc-place is optimal. A case
that CBC does not decide within its limit of nodes counts as not equal.
"""

import random
import re
import shutil
import subprocess
import unittest

from integration import IntegrationTest

SIDE = 256
USUAL = [10, 16, 32, 48, 64, 96, 128, 192, 200, 255, 256]
CLASSES = {
    "any": lambda generator: generator.randint(1, SIDE),
    "large": lambda generator: generator.randint(64, SIDE),
    "usual": lambda generator: generator.choice(USUAL),
}
NODES = 5000


def write_module(tiles):
    """A module of matrices of these sizes, one tile each."""
    lines = []
    for i, (rows, columns) in enumerate(tiles):
        lines.append(f"aimc.weights @w{i} = dense<0.5> : tensor<{rows}x{columns}xf32>")
        lines.append(f"aimc.tile @t{i} of @w{i} index [0, 0] rows(0, {rows}) columns(0, {columns})")
    return "\n".join(lines)


def write_program(tiles, cores):
    """A packing of the tiles on so many cores as a linear program in CPLEX's format.

    zI_B is 1 when tile I is on core B; on one core, tile I is left of tile J (lI_J)
    or above it (uI_J) or the other way round.
    """
    # Big ones first: tile 0 is on core 0, tile 1 on one of the first two, and so on.
    tiles = sorted(tiles, key=lambda tile: -tile[0] * tile[1])
    binaries, rows = [], []
    for i in range(len(tiles)):
        names = [f"z{i}_{b}" for b in range(cores)]
        binaries += names
        rows.append(" + ".join(names) + " = 1")
        rows += [f"{name} = 0" for name in names[i + 1 :]]
    for b in range(cores):
        cells = [f"{height * width} z{i}_{b}" for i, (height, width) in enumerate(tiles)]
        rows.append(" + ".join(cells) + f" <= {SIDE * SIDE}")
    for i, (height, width) in enumerate(tiles):
        for j in range(i + 1, len(tiles)):
            relations = []
            if width + tiles[j][1] <= SIDE:
                relations += [(f"l{i}_{j}", "x", i, j, width), (f"l{j}_{i}", "x", j, i, tiles[j][1])]
            if height + tiles[j][0] <= SIDE:
                relations += [(f"u{i}_{j}", "y", i, j, height), (f"u{j}_{i}", "y", j, i, tiles[j][0])]
            binaries += [relation[0] for relation in relations]
            apart = "".join(f" - {relation[0]}" for relation in relations)
            rows += [f"z{i}_{b} + z{j}_{b}{apart} <= 1" for b in range(cores)]
            for name, axis, first, second, size in relations:
                rows.append(f"{axis}{first} - {axis}{second} + {SIDE} {name} <= {SIDE - size}")
    bounds = []
    for i, (height, width) in enumerate(tiles):
        bounds += [f"0 <= x{i} <= {SIDE - width}", f"0 <= y{i} <= {SIDE - height}"]
    parts = [["Minimize", "obj: x0", "Subject To"], rows, ["Bounds"], bounds, ["Binaries"], binaries, ["End"]]
    return "\n".join(line for part in parts for line in part) + "\n"


class PackingTest(IntegrationTest):
    def setUp(self):
        super().setUp()
        self.assertTrue(shutil.which("cbc"), "expects the solver cbc on PATH (Debian's coinor-cbc), but it is not there")

    def place(self, cases):
        """For each case the cores in use and the lower bound that aimc-place tells."""
        command = ["aimc-opt", "-", "--split-input-file", "--aimc-set-target=target=hermes", "--aimc-place"]
        command += ["--remarks-filter=aimc-place"]
        text = "\n// -----\n".join(write_module(tiles) for tiles in cases)
        result = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
        found = []
        for part, tiles in zip(result.stdout.split("// -----"), cases):
            cores = re.findall(r"aimc\.tile .* core\((\d+)\)", part)
            self.assertEqual(len(cores), len(tiles))
            found.append(len(set(cores)))
        told = re.findall(r"tiles are on (\d+) cores; at least (\d+) are needed", result.stderr)
        self.assertEqual([int(cores) for cores, _ in told], found)
        return [(int(cores), int(bound)) for cores, bound in told]

    def solve(self, tiles, cores):
        """Whether the tiles fit that many cores; None when it is not decided."""
        if cores == 0:
            return False
        program = self.folder / "packing.lp"
        program.write_text(write_program(tiles, cores))
        command = ["cbc", str(program), "maxNodes", str(NODES), "solve", "quit"]
        log = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        # All variables have bounds, so none is unbounded.
        if re.search(r"[Pp]roblem (is|proven) infeasible|relaxation infeasible|says infeasible", log):
            return False
        if "Optimal solution found" in log:
            return True
        self.assertIn("Stopped on node limit", log)
        return None

    def test_optimal(self):
        cases = []
        for name, draw in CLASSES.items():
            for count in (6, 8, 10, 12):
                for seed in range(10):
                    generator = random.Random(f"{name} {count} {seed}")
                    cases.append([(draw(generator), draw(generator)) for _ in range(count)])
        equal = undecided = 0
        for tiles, (cores, bound) in zip(cases, self.place(cases)):
            self.assertLessEqual(bound, cores)
            fits = self.solve(tiles, cores - 1)
            equal += fits is False
            undecided += fits is None
            # A packing that CBC finds shows that the bound is one.
            if fits:
                self.assertLessEqual(bound, cores - 1, tiles)
        print(f"{equal} of {len(cases)} optimal, {undecided} undecided")
        self.assertGreaterEqual(equal, 0.9 * len(cases))


if __name__ == "__main__":
    unittest.main()
