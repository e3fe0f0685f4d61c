# REQUIRES: scikit-learn, aimc-run, aimcc
# RUN: %python %s
# ===- bad-inputs.py - Bad files and values --------------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""aimc-run and a compiled program refuse bad inputs with one sentence.

Each case ends with exit code 1, one line on standard error that names the file
and says what is wrong, nothing on standard output, and no output file.
"""

import io
import os
import subprocess
import unittest

import numpy as np
from integration import IntegrationTest, digits, digits_model

import aimc

INPUTS = 64


def npy(array):
    """The bytes of an .npy file."""
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def header(text, version=b"\x01\x00"):
    """The beginning of an .npy file with this header."""
    text = text.encode() + b"\n"
    size = 2 if version == b"\x01\x00" else 4
    return b"\x93NUMPY" + version + len(text).to_bytes(size, "little") + text


def declared(descr, shape, order=False):
    return header(repr({"descr": descr, "fortran_order": order, "shape": shape}))


GOOD = np.linspace(0, 16, 5 * INPUTS, dtype=np.float32).reshape(5, INPUTS)
NAN, INFINITE = GOOD.copy(), GOOD.copy()
NAN[3, 7] = np.nan
INFINITE[2, 0] = -np.inf

# Name, bytes of the input file, what the message must say.
BAD_FILES = (
    ("empty", b"", "expects an .npy file"),
    ("not-npy", b"hello, world, this is not an array at all", "expects an .npy file"),
    ("version", b"\x93NUMPY\x09\x00" + npy(GOOD)[8:], "version"),
    ("truncated-magic", npy(GOOD)[:7], "expects"),
    ("truncated-header", npy(GOOD)[:40], "header"),
    ("truncated-data", npy(GOOD)[:-3], "expects"),
    ("trailing-data", npy(GOOD) + b"\0", "expects"),
    ("garbled-header", header("{'descr': '<f4', 'shape'"), "header"),
    ("code-header", header("__import__('os').system('true')"), "header"),
    ("shape-too-large", declared("<f4", (1000, INPUTS)) + npy(GOOD)[128:], "expects"),
    ("shape-overflow", declared("<f4", (2**62, 2**62)), "expects"),
    ("shape-negative", declared("<f4", (-1, INPUTS)), "expects"),
    ("scalar", npy(np.float32(1)), "dimensions"),
    ("three-dimensions", npy(GOOD[None]), "dimensions"),
    ("object", npy(GOOD.astype(object)), "expects"),
    ("text", npy(GOOD.astype("S4")), "expects"),
    ("complex", npy(GOOD.astype(complex)), "expects"),
    ("structured", npy(np.zeros(5, dtype=[("a", "f4")])), "expects"),
    ("63-columns", npy(GOOD[:, 1:]), "64"),
    ("65-columns", npy(np.hstack([GOOD, GOOD[:, :1]])), "64"),
    ("one-dimension", npy(GOOD[0]), "64"),
    ("nan", npy(NAN), "finite"),
    ("infinite", npy(INFINITE), "finite"),
    ("too-large-for-fp32", npy(GOOD.astype(np.float64) * 1e38), "expects"),
)


class BadInputsTest(IntegrationTest):
    def setUp(self):
        super().setUp()
        X, _, y, _ = digits()
        model = aimc.export(digits_model(True, 64).fit(X, y), self.folder / "model.mlir")
        self.placed = aimc.compile(model, "hermes", self.folder / "placed.mlir", calibrate=X, emit="placed")
        program = aimc.compile(self.placed, "hermes", self.folder / "program")
        self.runners = ([aimc.find_tool("aimc-run"), self.placed], [program])
        self.input = self.folder / "input.npy"
        np.save(self.input, GOOD)
        self.output = self.folder / "output.npy"

    def assert_refused(self, command, *words):
        """Runs to exit code 1 and one line that has all `words`."""
        before = sorted(os.listdir(self.folder))
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertIn("error: ", done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertEqual(sorted(os.listdir(self.folder)), before)

    def refused(self, words, *arguments):
        """`assert_refused` of both runners with the good input and `arguments`."""
        for runner in self.runners:
            with self.subTest(runner=runner[0], arguments=arguments):
                self.assert_refused([*runner, "--input", self.input, "--output", self.output, *arguments], *words)

    def test_files(self):
        for name, content, words in BAD_FILES:
            path = self.folder / f"{name}.npy"
            path.write_bytes(content)
            for runner in self.runners:
                with self.subTest(file=name, runner=runner[0]):
                    self.assert_refused([*runner, "--input", path, "--output", self.output], str(path), words)

    def test_missing(self):
        for runner in self.runners:
            path = self.folder / "none.npy"
            self.assert_refused([*runner, "--input", path, "--output", self.output], str(path))
            self.assert_refused([*runner, "--input", self.folder, "--output", self.output], str(self.folder))
            self.assert_refused([*runner, "--output", self.output], "input")

    def test_options(self):
        self.refused(["device"], "--device", "quantum")
        self.refused(["threads"], "--threads", "0")
        self.refused(["seed"], "--seed", "many")

    def test_labels(self):
        labels = self.folder / "labels.npy"
        for values, words in (
            (np.zeros(4, int), "5"),
            (np.full(5, 10), "10"),
            (np.full(5, -1), "-1"),
            (np.full(5, 0.5), "integers"),
        ):
            np.save(labels, values)
            self.refused([words], "--labels", labels)

    def test_unwritable(self):
        for output in (self.folder / "none" / "y.npy", self.folder):
            for runner in self.runners:
                self.assert_refused([*runner, "--input", self.input, "--output", output], str(output))

    def test_good(self):
        """Layouts and types that hold the same values give the same bits."""
        reference = aimc.run(self.placed, GOOD).outputs
        for array in (
            np.asfortranarray(GOOD),
            GOOD.astype(np.float64),
            GOOD.astype(">f4"),
            np.asfortranarray(GOOD.astype(">f8")),
        ):
            np.save(self.input, array)
            for runner in self.runners:
                subprocess.run([*runner, "--input", self.input, "--output", self.output], check=True)
                np.testing.assert_array_equal(np.load(self.output), reference)


if __name__ == "__main__":
    unittest.main()
