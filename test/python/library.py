# REQUIRES: scikit-learn, aimc-run, aimcc
# RUN: %python %s
# ===- library.py - Tests of models loaded as libraries --------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""A library gives the bits of aimc-run and behaves like the pipeline it is of."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

import numpy as np
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits
from sklearn.linear_model import Ridge, RidgeClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import aimc


def sampler(components=64):
    return aimc.OrthogonalRBFSampler(gamma=1e-3, n_components=components, random_state=0)


class LibraryTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def compile(self, pipeline, X, name="model", **options):
        """A placed module and the library of it."""
        placed = aimc.compile(pipeline, "hermes", self.folder / f"{name}.mlir", X, emit="placed")
        return placed, aimc.compile(placed, output=self.folder / f"lib{name}.so", emit="library", **options)

    def test_classifier(self):
        """Scores have the bits of aimc-run on both devices; classes are scikit-learn's."""
        X, digits = load_digits(return_X_y=True)
        y = np.array([f"digit {i}" for i in range(10)])[digits]
        pipeline = make_pipeline(StandardScaler(), sampler(256), RidgeClassifier()).fit(X, y)
        placed, library = self.compile(pipeline, X)
        for device in ("exact", "simulator"):
            expected = aimc.run(placed, X, device=device, seed=5).outputs
            for threads in (1, 2):
                model = aimc.load(library, device, seed=5, threads=threads, classes=pipeline.classes_)
                np.testing.assert_array_equal(model.decision_function(X), expected)
                # The second part of the data set, told that it is.
                part = model.run(X[1000:], first_vector=1000)[0]
                np.testing.assert_array_equal(part, expected[1000:])
        exact = aimc.load(str(library), classes=pipeline.classes_)
        self.assertGreater(np.mean(exact.predict(X) == pipeline.predict(X)), 0.999)
        self.assertEqual(exact.n_features_in_, 64)
        self.assertEqual(exact.input_sizes, [(-1, 64)])
        self.assertEqual(exact.output_sizes, [(-1, 10)])
        self.assertEqual((exact.name, exact.target), ("predict", "hermes"))
        self.assertEqual(exact.predict(X[:0]).shape, (0,))

    def test_options(self):
        """They are those of aimc-run, by the same names."""
        X, y = load_breast_cancer(return_X_y=True)
        pipeline = make_pipeline(StandardScaler(), sampler(), RidgeClassifier()).fit(X, y)
        placed, library = self.compile(pipeline, X)
        found = []
        for options in (
            {"seed": 3},
            {"seed": 3, "program_seed": 4},
            {"seed": 3, "read_seed": 4},
            {"without": "read_noise"},
            {"without": "read_noise,programming_noise"},
            {"time": 1e6},
            {"mode": "4-phase"},
            {"engine": "scalar"},
        ):
            given = {name: value.split(",") if name == "without" else value for name, value in options.items()}
            found.append(aimc.load(library, "simulator", **given).run(X)[0])
            np.testing.assert_array_equal(found[-1], aimc.run(placed, X, device="simulator", **options).outputs)
            np.testing.assert_array_equal(found[-1], aimc.load(library, "simulator", **options).run(X)[0])
        # Each of them does something, but for the engine.
        self.assertEqual(len({outputs.tobytes() for outputs in found}), len(found))

    def test_binary(self):
        """One score a row: a vector, whose sign is the class."""
        X, y = load_breast_cancer(return_X_y=True)
        pipeline = make_pipeline(StandardScaler(), sampler(), RidgeClassifier()).fit(X, y - 5)
        _, library = self.compile(pipeline, X)
        model = aimc.load(library, classes=pipeline.classes_)
        scores = model.decision_function(X)
        np.testing.assert_allclose(scores, pipeline.decision_function(X), atol=1e-4)
        np.testing.assert_array_equal(model.predict(X), np.where(scores > 0, -4, -5))

    def test_attention(self):
        """Arrays of several arguments, in order, of lengths that are known when it runs."""
        source = self.folder / "attend.mlir"
        tokens = "tensor<?x8xf32>"
        source.write_text(
            f"""func.func @attend(%q: {tokens}, %k: {tokens}, %v: {tokens}) -> {tokens} {{
  %omega = kernel.projection sampler(orf) gamma(0.5) seed(7) : tensor<256x8xf32>
  %y = kernel.attention map(softmax_pos) %q, %k, %v, %omega
      : {tokens}, {tokens}, {tokens}, tensor<256x8xf32> -> {tokens}
  return %y : {tokens}
}}
"""
        )
        model = aimc.load(aimc.compile(source, "hermes", self.folder / "libattend.so", emit="library"))
        self.assertEqual(len(model.input_names), 3)
        self.assertEqual(model.input_sizes, [(-1, 8)] * 3)
        for queries, keys in ((5, 5), (3, 7)):
            q, k, v = (np.random.default_rng(i).normal(size=(n, 8)) / 2 for i, n in enumerate((queries, keys, keys)))
            scores = np.exp(q @ k.T / np.sqrt(8))
            np.testing.assert_allclose(model.predict(q, k, v), scores @ v / scores.sum(1, keepdims=True), atol=0.02)
            np.testing.assert_array_equal(model.predict(q, k, v), model.run(q, k, v)[0])
            np.testing.assert_array_equal(model.transform(q, k, v), model.run(q, k, v)[0])
        with self.assertRaisesRegex(ValueError, "expects 3 arrays \\(.*, .*, .*\\) for 'attend', but got 1"):
            model.predict(q)

    def test_regression_and_features(self):
        X, y = load_diabetes(return_X_y=True)
        pipeline = make_pipeline(StandardScaler(), sampler(), Ridge()).fit(X, y)
        _, library = self.compile(pipeline, X)
        np.testing.assert_allclose(aimc.load(library).predict(X), pipeline.predict(X), rtol=1e-4)
        placed, library = self.compile(pipeline[:-1], X, name="features")
        features = aimc.load(library).transform(X)
        np.testing.assert_array_equal(features, aimc.run(placed, X).outputs)
        self.assertEqual(features.shape, (442, 64))

    def test_threads_share_a_model(self):
        """Runs from several threads wait for each other; two models do not mix."""
        X, y = load_breast_cancer(return_X_y=True)
        models = []
        for seed in (1, 2):
            pipeline = make_pipeline(StandardScaler(), sampler(64 + seed), RidgeClassifier()).fit(X, y)
            models.append(aimc.load(self.compile(pipeline, X, name=f"model{seed}")[1], "simulator", seed=seed))
        expected = [model.decision_function(X) for model in models]
        found = []

        def work(index):
            for _ in range(5):
                found.append(np.array_equal(models[index].decision_function(X), expected[index]))

        threads = [threading.Thread(target=work, args=(i % 2,)) for i in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(found, [True] * 30)

    def test_errors(self):
        """What the runtime says, as exceptions."""
        X, y = load_breast_cancer(return_X_y=True)
        pipeline = make_pipeline(StandardScaler(), sampler(), RidgeClassifier()).fit(X, y)
        _, library = self.compile(pipeline, X)

        def expect(kind, text, call):
            with self.assertRaisesRegex(kind, text):
                call()

        model = aimc.load(library)
        sizes = "input 'input' expects an array of n x 30, but got one of "
        expect(ValueError, sizes + "5 x 29", lambda: model.predict(X[:5, 1:]))
        expect(ValueError, sizes + "1 dimensions", lambda: model.predict(X[0]))
        bad = X.copy()
        bad[3, 4] = np.nan
        expect(ValueError, "expects finite values, but got nan in row 3, column 4", lambda: model.predict(bad))
        expect(ValueError, "expects real inputs, but got complex ones", lambda: model.predict(X * 1j))
        expect(ValueError, "expects 1 array \\(input\\) for 'predict', but got 2", lambda: model.run(X, X))
        expect(ValueError, "expects 2 classes for the 1 scores", lambda: aimc.load(library, classes=[1, 2, 3]))
        expect(RuntimeError, "but got 'phone'", lambda: aimc.load(library, "phone"))
        expect(RuntimeError, "time expects a number of seconds from 0 to 1e12", lambda: aimc.load(library, "simulator", time=-1))
        expect(RuntimeError, "time expects device simulator", lambda: aimc.load(library, time=5))
        expect(RuntimeError, "mode expects device simulator", lambda: aimc.load(library, mode="4-phase"))
        for first in (-1, 2**63):
            expect(ValueError, f"expects a first vector from 0 to .*, but got {first}", lambda: model.run(X, first_vector=first))
        expect(ValueError, "expects a seed from 0", lambda: aimc.load(library, seed=-1))
        expect(ValueError, "expects 0 threads, for as many", lambda: aimc.load(library, threads=-1))
        expect(ValueError, "expects 0 threads, .* to 1024, but got 1025", lambda: aimc.load(library, threads=1025))
        expect(ValueError, "expects a read_seed from 0", lambda: aimc.load(library, read_seed=-1))
        expect(ValueError, "expects options without a null character", lambda: aimc.load(library, mode="a\0"))
        expect(RuntimeError, "expects engine 'auto', .* but got 'gpu'", lambda: aimc.load(library, engine="gpu"))
        expect(RuntimeError, "without expects effects among .* but got 'rust'", lambda: aimc.load(library, without="rust"))
        expect(RuntimeError, "device 'simulator' to leave out effects", lambda: aimc.load(library, without=["ir_drop"]))
        expect(RuntimeError, "device_option expects KEY=VALUE, but got 'a'", lambda: aimc.load(library, device_option="a"))
        expect(RuntimeError, "a plug-in to take the device option 'a'", lambda: aimc.load(library, device_option=["a=b"]))
        expect(OSError, "nothing.so", lambda: aimc.load(self.folder / "nothing.so"))
        expect(ValueError, "expects a library of aimcc", lambda: aimc.load(aimc.find_library()))
        with model:
            model.predict(X)
        expect(RuntimeError, "expects 'predict' to run before it is closed", lambda: model.predict(X))

    def test_altered_weights(self):
        """A file of weights that is not the model's is refused, and taken when it is again."""
        X, y = load_breast_cancer(return_X_y=True)
        pipeline = make_pipeline(StandardScaler(), sampler(), RidgeClassifier()).fit(X, y)
        placed, library = self.compile(pipeline, X, weights="side-file")
        weights = library.with_name(library.name + ".weights")
        shutil.copy(weights, self.folder / "kept")
        data = bytearray(weights.read_bytes())
        data[100] ^= 1
        for content, text in ((data, "with SHA-256 "), (data[:-4], "bytes in the file of weights")):
            weights.write_bytes(content)
            with self.assertRaisesRegex(RuntimeError, text):
                aimc.load(library)
        weights.unlink()
        with self.assertRaisesRegex(RuntimeError, "expects to read the file of weights"):
            aimc.load(library)
        shutil.copy(self.folder / "kept", weights)
        expected = aimc.run(placed, X).outputs
        model = aimc.load(library)
        np.testing.assert_array_equal(model.run(X)[0], expected)
        # What was checked is what runs, whatever becomes of the file.
        for content in (data, b""):
            weights.write_bytes(content)
            np.testing.assert_array_equal(model.run(X)[0], expected)
            np.testing.assert_array_equal(aimc.load(library).run(X)[0], expected)
        # A pipe is refused, not waited for.
        link = self.folder / "other" / library.name
        link.parent.mkdir()
        shutil.copy(library, link)
        os.mkfifo(link.with_name(weights.name))
        with self.assertRaisesRegex(RuntimeError, "to be a regular file, but got another"):
            aimc.load(link)

    def test_compiled_again(self):
        """What is loaded is the library that is there now, with its own file of weights."""
        X, y = load_breast_cancer(return_X_y=True)
        for weights in ("embed", "side-file"):
            loaded = []
            for seed in (1, 2, 3):
                pipeline = make_pipeline(StandardScaler(), sampler(64 + seed), RidgeClassifier()).fit(X, y)
                placed, library = self.compile(pipeline, X, name=weights, weights=weights)
                loaded.append((aimc.load(library), aimc.run(placed, X).outputs))
                # The same file again is the same library.
                np.testing.assert_array_equal(aimc.load(library).run(X)[0], loaded[-1][1])
            for model, expected in loaded:
                np.testing.assert_array_equal(model.run(X)[0], expected)
            self.assertFalse(np.array_equal(loaded[0][1], loaded[1][1]))
            os.utime(library, ns=(0, 0))
            with self.assertRaisesRegex(OSError, "to be replaced by another file, but got it changed"):
                aimc.load(library)

    def test_other_folder(self):
        """A file of weights is looked for beside its library, whatever folder is the current one."""
        X, y = load_breast_cancer(return_X_y=True)
        pipeline = make_pipeline(StandardScaler(), sampler(), RidgeClassifier()).fit(X, y)
        _, library = self.compile(pipeline, X, weights="side-file")
        folder = self.folder / "a\nb"
        folder.mkdir()
        for name in (library.name, library.name + ".weights"):
            shutil.move(self.folder / name, folder / name)
        code = (
            "import ctypes, os, sys\n"
            "library = ctypes.CDLL(sys.argv[1])\n"
            "os.chdir('/')\n"
            "library.aimc_library_model.restype = ctypes.c_void_p\n"
            "library.aimc_last_error.restype = ctypes.c_char_p\n"
            "model = library.aimc_library_model()\n"
            "sys.exit(None if model else library.aimc_last_error().decode())\n"
        )
        command = [sys.executable, "-c", code, os.path.join(".", library.name)]
        subprocess.run(command, cwd=folder, check=True)


if __name__ == "__main__":
    unittest.main()
