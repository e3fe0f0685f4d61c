# REQUIRES: scikit-learn, aimc-run, aimcc
# A program cannot hold the sanitizers of several compilers.
# UNSUPPORTED: sanitizers
# RUN: %python %s
# ===- identity.py - The same bits however a model is run ------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Modules and programs give the same bits, on any compiler, flags and options.

For each model and device the reference is `aimc-run` on the placed module. All
other ways to run the model, and all options that must not matter, are compared
with it bit for bit. What this machine lacks is skipped and named.
"""

import os
import shutil
import subprocess
import unittest
from pathlib import Path
from unittest import mock

import numpy as np
from integration import IntegrationTest, digits, digits_model, wdbc
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline

import aimc

DEVICES = ("exact", "simulator")
COMPILERS = ("g++", "clang++-22")
# The last lets the compiler reorder and fuse arithmetic, which programs have none of.
FLAGS = ("-O2", "-O3 -march=native", "-O3 -march=native -ffast-math")
WEIGHTS = ("embed", "side-file")
# What a processor says it has, in the words of /proc/cpuinfo, for each engine.
ENGINES = {"scalar": set(), "avx2": {"avx2", "fma"}, "avx512": {"avx512f", "avx512dq", "avx512vl", "avx512bw"}}
SEED = 7


def processor_features():
    for line in Path("/proc/cpuinfo").read_text(encoding="ascii").splitlines():
        if line.startswith("flags"):
            return set(line.partition(":")[2].split())
    return set()


class Case:
    """A model, its inputs, and the options to compile it with."""

    def __init__(self, folder, pipeline, inputs, calibrate, **options):
        self.folder = folder
        self.module = aimc.export(pipeline, folder / "model.mlir")
        self.inputs = inputs
        self.calibrate = calibrate
        self.options = options

    def compile(self, name, **options):
        return aimc.compile(
            self.module, "hermes", self.folder / name, calibrate=self.calibrate, **self.options, **options
        )

    def run(self, path, device, inputs=None, **options):
        inputs = self.inputs if inputs is None else inputs
        return aimc.run(path, inputs, device=device, seed=SEED, **options).outputs


class IdentityTest(IntegrationTest):
    def assert_same_bits(self, outputs, reference):
        self.assertEqual(outputs.dtype, np.float32)
        self.assertEqual(outputs.shape, reference.shape)
        different = np.argwhere(outputs.view(np.uint32) != reference.view(np.uint32))
        self.assertEqual(len(different), 0, f"{len(different)} values differ, the first at {different[:1].tolist()}")

    def check_runs(self, case, path, references):
        """Options that must not matter."""
        n = len(case.inputs)
        for device, reference in references.items():
            for threads in (1, 2, 3):
                with self.subTest(path=path.name, device=device, threads=threads):
                    self.assert_same_bits(case.run(path, device, threads=threads), reference)
            # Pieces of one vector, of no whole vector register, and of most.
            for cuts in ([1, 2], [n // 3, n // 3 + 1, n - 1], range(13, n, 13)):
                with self.subTest(path=path.name, device=device, cuts=cuts):
                    first = [0, *cuts]
                    pieces = [
                        case.run(path, device, case.inputs[i:j], first_vector=i, threads=2)
                        for i, j in zip(first, [*cuts, n])
                    ]
                    self.assert_same_bits(np.concatenate(pieces), reference)
            for engine, needed in ENGINES.items():
                with self.subTest(path=path.name, device=device, engine=engine):
                    if lacks := needed - processor_features():
                        self.skipTest(f"the processor lacks {', '.join(sorted(lacks))}")
                    self.assert_same_bits(case.run(path, device, engine=engine), reference)
            for core in ("Haswell", "SkylakeX"):
                with (
                    self.subTest(path=path.name, device=device, openblas=core),
                    mock.patch.dict(os.environ, OPENBLAS_CORETYPE=core),
                ):
                    self.assert_same_bits(case.run(path, device), reference)

    def build_by_hand(self, source, compiler, flags):
        """Builds what `--emit=cpp` wrote as its user would; returns the program."""
        # bin/aimcc stands beside include and lib.
        headers = aimc.find_tool("aimcc").parent.parent / "include"
        library = aimc.find_library()
        program = source.with_suffix("")
        subprocess.run(
            [compiler, "-std=c++17", "-Wall", "-Wextra", "-Werror", *flags.split(), f"-I{headers}", source]
            + ["-o", program, library, f"-Wl,-rpath,{library.parent}"],
            check=True,
        )
        return program

    def check(self, case):
        placed = case.compile("placed.mlir", emit="placed")
        references = {device: case.run(placed, device) for device in DEVICES}
        self.assertTrue(np.any(references["exact"] != references["simulator"]))

        def check_outputs(path):
            for device, reference in references.items():
                self.assert_same_bits(case.run(path, device), reference)

        runtime = case.compile("runtime.mlir", emit="runtime")
        with self.subTest(stage="runtime"):
            check_outputs(runtime)
        sources = {weights: case.compile(f"{weights}.cpp", emit="cpp", weights=weights) for weights in WEIGHTS}
        for compiler in COMPILERS:
            for weights, source in sources.items():
                for flags in FLAGS:
                    with self.subTest(compiler=compiler, flags=flags, weights=weights):
                        if not shutil.which(compiler):
                            self.skipTest(f"there is no {compiler}; scripts/setup.sh installs it")
                        check_outputs(self.build_by_hand(source, compiler, flags))
                        with mock.patch.dict(os.environ, CXX=compiler):
                            name = f"program-{weights}"
                            program = case.compile(name, cxxflags=flags, weights=weights)
                        check_outputs(program)
        self.check_runs(case, placed, references)
        self.check_runs(case, case.compile("program"), references)

    def test_plain(self):
        """Pixels as they are; the projection is two tiles side by side."""
        X, X_test, y, _ = digits()
        self.check(Case(self.folder, digits_model(False, 300).fit(X, y), X_test[:77], X[:200]))

    def test_scaled(self):
        """A scaler in front."""
        X, X_test, y, _ = digits()
        self.check(Case(self.folder, digits_model(True, 256).fit(X, y), X_test[:77], X[:200]))

    def test_tiles(self):
        """Partial sums: projection and read-out are cut by rows, both also by columns."""
        generator = np.random.default_rng(0)
        X = generator.normal(size=(120, 600))
        y = generator.normal(size=(120, 270))
        sampler = aimc.GaussianRBFSampler(gamma=1e-3, n_components=700, random_state=1)
        pipeline = make_pipeline(sampler, Ridge()).fit(X, y)
        self.check(Case(self.folder, pipeline, X[:70], X, readout="analog"))

    def test_binary(self):
        """One score a row; the projection is a recipe."""
        X, X_test, y, _ = wdbc()
        sampler = aimc.OrthogonalRBFSampler(gamma=0.01, n_components=200, random_state=2)
        pipeline = make_pipeline(sampler, LogisticRegression()).fit(X / 100, y)
        self.check(Case(self.folder, pipeline, X_test[:77] / 100, X / 100))

    def test_copies(self):
        """Copies of matrices of partial sums; on `exact` they change nothing."""
        generator = np.random.default_rng(3)
        X = generator.normal(size=(120, 300))
        sampler = aimc.GaussianRBFSampler(gamma=1e-3, n_components=300, random_state=1)
        pipeline = make_pipeline(sampler, Ridge()).fit(X, generator.normal(size=(120, 2)))
        options = {"readout": "analog", "copies": 3, "copied_matrices": "projection,readout"}
        case = Case(self.folder, pipeline, X[:70], X, **options)
        placed = case.compile("placed.mlir", emit="placed")
        references = {device: case.run(placed, device) for device in DEVICES}
        for path in (case.compile("runtime.mlir", emit="runtime"), case.compile("program")):
            self.check_runs(case, path, references)
        shared = Case(self.folder, pipeline, X[:70], X, **options, copy_mode="throughput")
        placed = shared.compile("shared.mlir", emit="placed")
        of_shared = {device: shared.run(placed, device) for device in DEVICES}
        for path in (shared.compile("shared_runtime.mlir", emit="runtime"), shared.compile("shared")):
            self.check_runs(shared, path, of_shared)
        self.assert_same_bits(of_shared["exact"], references["exact"])
        once = Case(self.folder, pipeline, X[:70], X, readout="analog")
        program = once.compile("once")
        self.assert_same_bits(once.run(program, "exact"), references["exact"])
        errors = [np.linalg.norm(y - references["exact"]) for y in (once.run(program, "simulator"), references["simulator"])]
        self.assertLess(errors[1], 0.8 * errors[0])

    def test_chips(self):
        """Chip i of several is the chip of seed + i, in a module and in a program."""
        X, X_test, y, y_test = digits()
        case = Case(self.folder, digits_model(True, 256).fit(X, y), X_test, X)
        results = []
        for path in (case.compile("placed.mlir", emit="placed"), case.compile("program")):
            chips = aimc.run(path, X_test, labels=y_test, device="simulator", seed=SEED, chips=3)
            alone = [
                aimc.run(path, X_test, labels=y_test, device="simulator", seed=SEED + i).accuracy for i in range(3)
            ]
            np.testing.assert_array_equal(chips.accuracies, alone)
            results.append(chips.accuracies)
        np.testing.assert_array_equal(*results)
        self.assertGreater(len(set(results[0])), 1)

    def test_omega_seed(self):
        """Another Ω: drawn when a module is run, or when a program is built."""
        X, X_test, y, _ = wdbc()
        sampler = aimc.OrthogonalRBFSampler(gamma=0.01, n_components=200, random_state=2)
        pipeline = make_pipeline(sampler, LogisticRegression()).fit(X / 100, y)
        case = Case(self.folder, pipeline, X_test / 100, None)
        target = self.folder / "target.mlir"
        subprocess.run(
            [aimc.find_tool("aimc-opt"), case.module, "--aimc-set-target=target=hermes", "-o", target], check=True
        )
        own = case.run(target, "exact")
        for seed in (3, 2**62):
            with self.subTest(seed=seed):
                program = case.compile(f"program-{seed}", omega_seed=seed)
                placed = case.compile(f"placed-{seed}.mlir", omega_seed=seed, emit="placed")
                for device in DEVICES:
                    with self.subTest(device=device):
                        outputs = case.run(target, device, omega_seed=seed)
                        self.assertTrue(np.any(outputs != own))
                        self.assert_same_bits(case.run(placed, device), outputs)
                        self.assert_same_bits(case.run(program, device), outputs)
                # What is drawn cannot be drawn again.
                for path in (placed, program):
                    with self.assertRaisesRegex(aimc.ToolError, "expects a module that samples its projections"):
                        case.run(path, "exact", omega_seed=seed)
                with self.assertRaisesRegex(aimc.ToolError, "expects a module that samples its projections"):
                    aimc.compile(placed, "hermes", self.folder / "none", omega_seed=seed)


if __name__ == "__main__":
    unittest.main()
