# REQUIRES: scikit-learn, aimcc
# DEFINE: %{cc} = %cc -w -shared -fPIC -I %source/include -I %build/include
# DEFINE: %{plugin} = %{cc} %S/../tools/aimc-run/Inputs/broken.c
# RUN: rm -rf %t && mkdir %t
# RUN: %{plugin} -DOPEN='FAIL("one")' -o %t/one.so
# RUN: %{plugin} -DOPEN='FAIL("two")' -o %t/two.so
# RUN: %{plugin} -DOPEN='FAIL("lost \377\376 the board")' -o %t/bytes.so
# RUN: %{plugin} -DUNITS=1 -DOPERATION_COUNT=0 -DUNIT_NAMES='"\377\n"' -o %t/unit.so
# RUN: %{plugin} -DOPEN='FAIL(options->options[options->option_count-1].value)' -o %t/options.so
# RUN: %{plugin} -DMVM='if (device->mvms == 2) FAIL("lost the board")' -o %t/failing.so
# RUN: %{cc} %S/Inputs/other-versions.c -DINTERFACE=99 -o %t/interface.so
# RUN: %{cc} %S/Inputs/other-versions.c -o %t/none.so
# RUN: %{cc} %S/Inputs/other-versions.c -DABI=99 -L%shlibdir -Wl,--no-as-needed,-rpath,%shlibdir -laimc_runtime -o %t/abi.so
# RUN: %python %s %t
# ===- plugins.py - Tests of models on device plug-ins ---------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Plug-ins under a model in Python's own process, and libraries of other versions."""

import os
import shutil
import sys
import unittest
from pathlib import Path

import numpy as np
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline

import aimc

FOLDER = Path(sys.argv.pop())


class PluginTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        X = np.random.default_rng(0).normal(size=(50, 4))
        sampler = aimc.OrthogonalRBFSampler(gamma=0.1, n_components=16, random_state=0)
        pipeline = make_pipeline(sampler, Ridge()).fit(X, X[:, 0])
        cls.library = aimc.compile(pipeline, "hermes", FOLDER / "libmodel.so", X, emit="library")

    def error(self, device, **options):
        """What the runtime says of a device that it cannot use."""
        with self.assertRaises(RuntimeError) as caught:
            aimc.load(self.library, device, **options)
        return str(caught.exception)

    def test_texts_of_any_bytes(self):
        self.assertEqual(self.error(FOLDER / "bytes.so"), "device 'broken': lost \ufffd\ufffd the board")
        unit = "device 'broken' expects to describe operations of unit '\ufffd ', but got none"
        self.assertEqual(self.error(FOLDER / "unit.so"), unit)
        name = os.fsdecode(os.fsencode(FOLDER) + b"/\xff.so")
        self.assertIn("/\ufffd.so': No such file or directory", self.error(name))

    def test_options(self):
        self.assertEqual(self.error(FOLDER / "options.so", device_option="a=x=y"), "device 'broken': x=y")
        self.assertEqual(self.error(FOLDER / "options.so", device_option=["a=1", "b=2"]), "device 'broken': 2")

    def test_failing(self):
        """A device that fails in a run is another error than an array that does not fit."""
        model = aimc.load(self.library, FOLDER / "failing.so")
        X = np.ones((5, 4))
        for _ in range(2):
            with self.assertRaisesRegex(ValueError, "^input 'input' expects an array of n x 4"):
                model.run(X[:, 1:])
            self.assertEqual(model.run(X[:0])[0].shape, (0, 1))
        model.run(X)
        # It has failed for good.
        for _ in range(2):
            with self.assertRaisesRegex(RuntimeError, "^device 'broken': lost the board$"):
                for _ in range(2):
                    model.run(X)
            with self.assertRaisesRegex(ValueError, "^input 'input' expects an array of n x 4"):
                model.run(X[:, 1:])

    def test_cut(self):
        """A part of a plug-in does not end the process."""
        whole = (FOLDER / "one.so").read_bytes()
        for size in (64, 1000, 5000, len(whole) - 1):
            device = FOLDER / f"cut{size}.so"
            device.write_bytes(whole[:size])
            text = f"expects a whole library, but got one that ends after {size} of {len(whole)} bytes"
            self.assertEqual(self.error(device), f"cannot load device '{device}': {text}")

    def test_replaced(self):
        """The plug-in is the one that is there now."""
        device = FOLDER / "device.so"
        for _ in range(3):
            for name in ("one", "two"):
                shutil.copy(FOLDER / f"{name}.so", FOLDER / "new.so")
                os.replace(FOLDER / "new.so", device)
                for _ in range(2):
                    self.assertEqual(self.error(device), f"device 'broken': {name}")
        # One that was written to under the process is no library any more.
        os.utime(device, ns=(0, 0))
        changed = f"cannot load device '{device}': expects it to be replaced by another file, but got it changed"
        self.assertEqual(self.error(device), changed + " while this process uses it")

    def test_other_folder(self):
        """A name without a folder is of the current one, whatever was loaded by it before."""
        before = os.getcwd()
        self.addCleanup(os.chdir, before)
        for name in ("one", "two", "one"):
            folder = FOLDER / f"folder-{name}"
            folder.mkdir(exist_ok=True)
            if not (folder / "chip.so").exists():
                shutil.copy(FOLDER / f"{name}.so", folder / "chip.so")
            os.chdir(folder)
            self.assertEqual(self.error("chip.so"), f"device 'broken': {name}")
            self.assertEqual(self.error("./chip.so"), f"device 'broken': {name}")

    def test_versions(self):
        for name, version in (("interface", 99), ("none", 0)):
            text = f"expects a library of version 1 of aimc/Runtime/Model.h, .* but got version {version} of '.*{name}.so'"
            with self.assertRaisesRegex(ValueError, text):
                aimc.load(FOLDER / f"{name}.so")
        with self.assertRaisesRegex(RuntimeError, "expects a model of ABI version [0-9]+, but got 99"):
            aimc.load(FOLDER / "abi.so")


if __name__ == "__main__":
    unittest.main()
