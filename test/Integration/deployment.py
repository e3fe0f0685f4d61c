# REQUIRES: numpy, aimcc
# UNSUPPORTED: sanitizers
# RUN: %python %s
# ===- deployment.py - Size and memory of emitted programs -----------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""A program is small beside its weights, and its memory depends on the block of
rows it works on, not on how long its input is. Times are not measured here."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np

import aimc

MODEL = """
func.func @predict(%x: tensor<?x22xf32>) -> tensor<?x2xf32> {
  %omega = kernel.projection sampler(orf) gamma(0.1) seed(7) : tensor<352x22xf32>
  %z = kernel.features map(rbf) %x, %omega : tensor<?x22xf32>, tensor<352x22xf32> -> tensor<?x704xf32>
  %w = arith.constant dense<0.25> : tensor<704x2xf32>
  %zero = arith.constant 0.0 : f32
  %dimension = arith.constant 0 : index
  %n = tensor.dim %x, %dimension : tensor<?x22xf32>
  %empty = tensor.empty(%n) : tensor<?x2xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x2xf32>) -> tensor<?x2xf32>
  %scores = linalg.matmul ins(%z, %w : tensor<?x704xf32>, tensor<704x2xf32>)
      outs(%init : tensor<?x2xf32>) -> tensor<?x2xf32>
  return %scores : tensor<?x2xf32>
}
"""


# A process starts with the peak of the one that it is a copy of, so a small one
# starts it.
LAUNCHER = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak_memory(command):
    """The most memory that the process of `command` held at once, in bytes."""
    done = subprocess.run([sys.executable, "-c", LAUNCHER, *command], check=True, stdout=subprocess.PIPE)
    return int(done.stdout) * 1024


class DeploymentTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "model.mlir").write_text(MODEL, encoding="utf-8")

    def compile(self, **options):
        return aimc.compile(self.folder / "model.mlir", output=self.folder / "program", **options)

    def test_size(self):
        """Under 2 MB and its weights."""
        program = self.compile()
        weights = 4 * (352 * 22 + 704 * 2)
        self.assertLess(program.stat().st_size, 2e6 + weights)

    def test_memory(self):
        """Ten times as many rows take no more memory, on one thread and two."""
        self.check_memory(order="C")

    def test_memory_of_fortran_order(self):
        """Nor do columns that follow one another in the file; results are the same."""
        self.check_memory(order="F")
        program = self.compile()
        x = np.random.default_rng(1).normal(size=(150_000, 22)).astype(np.float32)
        results = []
        for array in (x, np.asfortranarray(x)):
            np.save(self.folder / "x.npy", array)
            subprocess.run([program, "--input", self.folder / "x.npy", "--output", self.folder / "y.npy"], check=True)
            results.append((self.folder / "y.npy").read_bytes())
        self.assertEqual(*results)

    def check_memory(self, order):
        program = self.compile()
        peaks = {}
        for rows in (100_000, 1_000_000):
            x = self.folder / f"{rows}.npy"
            file = np.lib.format.open_memmap(x, "w+", np.float32, (rows, 22), order == "F")
            for first in range(0, rows, 10_000):
                file[first : first + 10_000] = np.float32(first % 7) / 7
            del file
            for threads in (1, 2):
                command = [program, "--input", x, "--output", self.folder / "y.npy", "--threads", str(threads)]
                peaks[rows, threads] = peak_memory(command)
        for threads in (1, 2):
            self.assertLess(peaks[1_000_000, threads], peaks[100_000, threads] + 4e6, peaks)
        # Of an input of 88 MB.
        self.assertLess(max(peaks.values()), 32e6, peaks)
        self.assertEqual(np.load(self.folder / "y.npy", mmap_mode="r").shape, (1_000_000, 2))


if __name__ == "__main__":
    unittest.main()
