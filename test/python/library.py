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
            np.testing.assert_array_equal(aimc.run(source, (q, k, v)).outputs, model.run(q, k, v)[0])
        placed = aimc.compile(source, "hermes", self.folder / "p.mlir", calibrate=(q, k, v), emit="placed")
        noisy = aimc.run(placed, (q, k, v), device="simulator").outputs
        np.testing.assert_allclose(noisy, model.run(q, k, v)[0], atol=0.5)
        with self.assertRaisesRegex(aimc.ToolError, "expects 3 of --input .*, but got 1"):
            aimc.run(source, q)
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
        for first in (-1, 2**62 + 1, 2**63):
            expect(ValueError, f"expects a first vector from 0 to 2.62, but got {first}", lambda: model.run(X, first_vector=first))
        expect(ValueError, "expects a seed from 0", lambda: aimc.load(library, seed=-1))
        expect(ValueError, "expects 0 threads, for as many", lambda: aimc.load(library, threads=-1))
        expect(ValueError, "expects 0 threads, .* to 1024, but got 1025", lambda: aimc.load(library, threads=1025))
        expect(ValueError, "expects a read_seed from 0", lambda: aimc.load(library, read_seed=-1))
        expect(ValueError, "mode expects a string without a null character, but got 'a.*0'", lambda: aimc.load(library, mode="a\0"))
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

    def test_types(self):
        """What is of another type than it should be is refused in one sentence."""
        X, y = load_breast_cancer(return_X_y=True)
        pipeline = make_pipeline(StandardScaler(), sampler(), RidgeClassifier()).fit(X, y)
        placed, library = self.compile(pipeline, X)

        def expect(kind, text, call):
            with self.assertRaises(kind) as caught:
                call()
            self.assertEqual(str(caught.exception), text)

        texts = "without expects a string or a list of them, but got "
        for options, kind, text in (
            ({"engine": None}, TypeError, "engine expects a string, but got None"),
            ({"mode": 4}, TypeError, "mode expects a string, but got 4"),
            ({"without": [1]}, TypeError, "without expects a string, but got 1"),
            ({"without": None}, TypeError, texts + "None"),
            ({"without": b"adc"}, TypeError, texts + "b'adc'"),
            ({"device_option": 3}, TypeError, "device_option expects a string or a list of them, but got 3"),
            ({"device_option": [b"a=b"]}, TypeError, "device_option expects a string, but got b'a=b'"),
            ({"device": None}, TypeError, "device expects a path, but got None"),
            ({"threads": None}, TypeError, "threads expects a whole number, but got None"),
            ({"threads": True}, TypeError, "threads expects a whole number, but got True"),
            ({"threads": np.True_}, TypeError, f"threads expects a whole number, but got {np.True_!r}"),
            ({"threads": 1.0}, TypeError, "threads expects a whole number, but got 1.0"),
            ({"seed": "1"}, TypeError, "seed expects a whole number, but got '1'"),
            ({"seed": None}, TypeError, "seed expects a whole number, but got None"),
            ({"read_seed": False}, TypeError, "read_seed expects a whole number, but got False"),
            ({"program_seed": [1, 2]}, TypeError, "program_seed expects a whole number, but got [1, 2]"),
            ({"seed": np.zeros(99, int)}, TypeError, f"seed expects a whole number, but got array([{'0, ' * 24}…"),
            ({"time": "1"}, TypeError, "time expects a number, but got '1'"),
            ({"time": True}, TypeError, "time expects a number, but got True"),
            ({"time": 10**400}, RuntimeError, "time expects a number of seconds from 0 to 1e12, but got inf"),
            ({"classes": 5}, ValueError, "classes expects a list of classes, but got 5"),
            ({"classes": "ab"}, ValueError, "classes expects a list of classes, but got 'ab'"),
            ({"classes": [[1, 2]]}, ValueError, "classes expects a list of classes, but got [[1, 2]]"),
            ({"mode": "\ud800"}, ValueError, "mode expects a string that UTF-8 can encode, but got '\\ud800'"),
        ):
            with self.subTest(options=options):
                expect(kind, text, lambda: aimc.load(library, **options))
        for path in (5, b"model.so"):
            expect(TypeError, f"path expects a path, but got {path!r}", lambda: aimc.load(path))

        model = aimc.load(library, seed=np.int64(3), threads=np.uint8(1), time=np.float32(0))
        expected = model.run(X)[0]
        for first in (1.5, "1", None, True):
            text = f"first_vector expects a whole number, but got {first!r}"
            expect(TypeError, text, lambda: model.run(X, first_vector=first))
        np.testing.assert_array_equal(model.run(X, first_vector=np.int32(4))[0], expected)
        np.testing.assert_array_equal(model.run(X, first_vector=2**62)[0], expected)
        masked = "expects an array without a mask, but got a masked one; filled() gives one"
        expect(ValueError, masked, lambda: model.run(np.ma.masked_greater(X, 1)))
        np.testing.assert_array_equal(model.run(np.ma.masked_array(X).filled())[0], expected)
        numbers = "expects an array of real numbers, but got "
        expect(ValueError, numbers + "[['a', 'b']]", lambda: model.run([["a", "b"]]))
        expect(ValueError, numbers + "[[1], [2, 3]]", lambda: model.run([[1], [2, 3]]))
        expect(ValueError, numbers + "{}", lambda: model.run({}))

    def test_empty_options(self):
        """An empty mode is the target's and an empty effect none, as on the command line."""
        X, y = load_breast_cancer(return_X_y=True)
        pipeline = make_pipeline(StandardScaler(), sampler(), RidgeClassifier()).fit(X, y)
        placed, library = self.compile(pipeline, X)
        expected = aimc.load(library, "simulator").run(X)[0]
        np.testing.assert_array_equal(aimc.load(library, "simulator", mode="").run(X)[0], expected)
        for nothing in ((), []):
            np.testing.assert_array_equal(aimc.load(library, "simulator", without=nothing).run(X)[0], expected)
        np.save(self.folder / "x.npy", X.astype(np.float32))
        command = ["aimc-run", placed, "--input", self.folder / "x.npy", "--device", "simulator"]
        output = self.folder / "y.npy"
        subprocess.run([*command, "--mode", "", "--output", output], check=True, capture_output=True)
        np.testing.assert_array_equal(np.load(output), expected)
        refused = subprocess.run([*command, "--without", ""], capture_output=True, text=True)
        self.assertEqual(refused.returncode, 1)
        for empty in ("", [""]):
            with self.assertRaises(RuntimeError) as caught:
                aimc.load(library, "simulator", without=empty)
            self.assertEqual(f"aimc-run: error: --{caught.exception}\n", refused.stderr)

    def test_cut_libraries(self):
        """A part of a library is refused before the loader maps what is not there."""
        X, y = load_breast_cancer(return_X_y=True)
        pipeline = make_pipeline(StandardScaler(), sampler(), RidgeClassifier()).fit(X, y)
        _, library = self.compile(pipeline, X)
        whole = library.read_bytes()
        for size in (64, 100, 1000, 4096, 5000, len(whole) // 2, len(whole) - 1):
            cut = self.folder / f"cut{size}.so"
            cut.write_bytes(whole[:size])
            with self.assertRaises(OSError) as caught:
                aimc.load(cut)
            text = f"expects a whole library, but got one that ends after {size} of {len(whole)} bytes"
            self.assertEqual(str(caught.exception), f"cannot load '{cut.resolve()}': {text}")
        # The loader refuses what has no headers.
        for size in (0, 10, 63):
            cut = self.folder / f"cut{size}.so"
            cut.write_bytes(whole[:size])
            with self.assertRaisesRegex(OSError, "file too short"):
                aimc.load(cut)

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
