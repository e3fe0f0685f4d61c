# REQUIRES: scikit-learn
# RUN: %python %s
# ===- tools.py - Tests of calling the tools -------------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Where tools are looked for, the words they get, and how they fail."""

import io
import os
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy as np
from scipy.sparse import csr_matrix

import aimc
from aimc import runner
from aimc.tools import option_words

# Answers as aimc-run does: the labels as outputs, and its arguments.
FAKE_RUN = """#!/usr/bin/env python3
import json, sys
import numpy as np
options = dict(zip(sys.argv[2::2], sys.argv[3::2]))
np.save(options["--output"], np.load(options["--input"]) * 2)
print(json.dumps({"accuracy": 0.5, "arguments": sys.argv[1:]}))
"""


class ToolsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()
        patch = mock.patch.dict(os.environ, AIMC_TOOLS_DIR=str(self.folder))
        patch.start()
        self.addCleanup(patch.stop)

    def tool(self, name, text):
        """An executable script in the tools' folder."""
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o755)
        return path

    def test_find(self):
        """The folder of AIMC_TOOLS_DIR alone counts when it is set."""
        with self.assertRaisesRegex(FileNotFoundError, f"expects the tool aimc-run in one of {self.folder}, but"):
            aimc.find_tool("aimc-run")
        path = self.tool("aimc-run", "#!/bin/sh\n")
        self.assertEqual(aimc.find_tool("aimc-run"), path)
        with self.assertRaisesRegex(FileNotFoundError, "expects the library libaimc_runtime.so"):
            aimc.find_library()

    def test_path(self):
        """Without AIMC_TOOLS_DIR, PATH is the last place."""
        path = self.tool("aimc-test-tool", "#!/bin/sh\n")
        with mock.patch.dict(os.environ, PATH=str(self.folder)):
            del os.environ["AIMC_TOOLS_DIR"]
            self.assertEqual(aimc.find_tool("aimc-test-tool"), path)

    def test_error(self):
        """A tool's failure carries its message and its exit code."""
        self.tool("aimcc", "#!/bin/sh\necho 'aimcc: error: expects a model' >&2\nexit 1\n")
        with self.assertRaisesRegex(aimc.ToolError, "^aimcc: error: expects a model$") as caught:
            aimc.compile("model.mlir", output="model")
        self.assertEqual(caught.exception.returncode, 1)
        self.tool("aimcc", "#!/bin/sh\nkill -9 $$\n")
        with self.assertRaisesRegex(aimc.ToolError, "^aimcc: ended with exit code -9 and no message$"):
            aimc.compile("model.mlir", output="model")

    def test_run(self):
        """Inputs go as FP32; outputs, accuracy and statistics come back."""
        self.tool("aimc-run", FAKE_RUN.replace("/usr/bin/env python3", sys.executable))
        X = np.arange(6.0).reshape(2, 3)
        result = aimc.run("model.mlir", X, device="simulator", seed=3, threads=2)
        np.testing.assert_array_equal(result.outputs, (2 * X).astype(np.float32))
        self.assertEqual(result.outputs.dtype, np.float32)
        self.assertEqual(result.accuracy, 0.5)
        words = result.statistics["arguments"]
        self.assertEqual(words[words.index("--device") + 1], "simulator")
        self.assertEqual(words[words.index("--seed") + 1], "3")
        self.assertEqual(words[-1], "--threads=2")

    def test_classes(self):
        """One column: a score above 0; several: the first largest."""
        scores = np.array([[0.0], [-1.0], [1e-30]], dtype=np.float32)
        np.testing.assert_array_equal(aimc.RunResult(scores, None, {}).class_indices, [0, 0, 1])
        with self.assertWarnsRegex(RuntimeWarning, "^expects scores that are numbers, but got NaN in 1 of 2 rows$"):
            aimc.RunResult(np.array([[0, np.nan], [0, 1]]), None, {}).class_indices
        scores = np.array([[1, 2, 2], [3, 0, 1]], dtype=np.float32)
        np.testing.assert_array_equal(aimc.RunResult(scores, None, {}).class_indices, [1, 0])

    def test_labels(self):
        """Classes in any order; labels without classes are indices."""
        labels = runner._label_indices(np.array(["a", "c", "b"]), ["b", "c", "a"])
        np.testing.assert_array_equal(labels, [2, 1, 0])
        np.testing.assert_array_equal(runner._label_indices(np.array([[1.0], [0.0]]), np.array([0, 1])), [1, 0])
        with self.assertRaisesRegex(ValueError, r"^expects labels among the classes \[0, 1\], but got '1'$"):
            runner._label_indices(np.array(["1", "0"]), np.array([0, 1]))
        with self.assertRaisesRegex(ValueError, "^expects labels that are class indices, integers, but got values of"):
            runner._label_indices(np.array([0.5]), None)

    def test_inputs(self):
        """Sparse inputs are written as dense ones; complex ones are refused."""
        path = runner.save_input(csr_matrix(np.eye(3)), self.folder / "x.npy")
        np.testing.assert_array_equal(np.load(path), np.eye(3, dtype=np.float32))
        with self.assertRaisesRegex(ValueError, "^expects real inputs, but got complex ones$"):
            runner.save_input(np.eye(3) + 1j, self.folder / "x.npy")
        with self.assertRaisesRegex(ValueError, "^expects an array without a mask"):
            runner.save_input(np.ma.masked_array(np.eye(3), mask=True), self.folder / "x.npy")
        matrices, vectors = (np.eye(2), np.eye(3)), (np.zeros(2), np.ones(2))
        self.assertEqual([str(w) for w in runner.input_words("--input", matrices, self.folder, "X")][::2], ["--input"] * 2)
        self.assertEqual(len(runner.input_words("--input", vectors, self.folder, "X")), 4)
        words = runner.input_words("--input", ([1, 2], [3, 4]), self.folder, "X")
        np.testing.assert_array_equal(np.load(words[1]), [[1, 2], [3, 4]])
        with self.assertRaisesRegex(ValueError, r"^expects an array or a tuple of arrays, but got \(\)$"):
            runner.input_words("--calibrate", (), self.folder, "X")

    def test_not_runnable(self):
        """What is neither a module nor a program is refused, not started."""
        for name, hint in (("model.so", "; aimc.load runs a library"), ("model.cpp", "")):
            path = self.folder / name
            path.write_text("")
            with self.assertRaisesRegex(ValueError, f"compiled program, but got '{path}'{hint}$"):
                aimc.run(path, np.eye(3))

    def test_project(self):
        """A project is a folder: it has no suffix."""
        self.tool("aimcc", f"#!{sys.executable}\n")
        model = self.folder / "c.mlir"
        model.write_text("")
        self.assertEqual(aimc.compile(model, emit="project"), self.folder / "c")

    def test_several_chips(self):
        """Several chips give no classes, and no labels no accuracies."""
        result = aimc.RunResult(None, None, {})
        with self.assertRaisesRegex(ValueError, "expects a run of one chip"):
            result.class_indices
        with self.assertRaisesRegex(ValueError, "expects a run with labels"):
            result.accuracies

    def test_remarks(self):
        """What a tool says when all is well is not lost."""
        self.tool("aimcc", "#!/bin/sh\necho 'remark: place' >&2\n")
        with mock.patch("sys.stderr", io.StringIO()) as stderr:
            aimc.compile("model.mlir", output="model")
        self.assertEqual(stderr.getvalue(), "remark: place\n")

    def test_output(self):
        """The output's default name follows from the model's."""
        self.tool("aimcc", "#!/bin/sh\n")
        for emit, name in (("executable", "a"), ("cpp", "a.cpp"), ("library", "a.so"), ("placed", "a.placed.mlir")):
            self.assertEqual(aimc.compile("a.mlir", emit=emit), Path(name))
        with self.assertRaisesRegex(ValueError, "expects an output path to compile a pipeline to"):
            aimc.compile(object())

    def test_options(self):
        """Keyword arguments as words of a command line."""
        options = {"read_seed": 3, "stats": True, "json": False, "entry": None, "input": [Path("a"), "b"]}
        self.assertEqual(option_words(options), ["--read-seed=3", "--stats", "--input=a", "--input=b"])


if __name__ == "__main__":
    unittest.main()
