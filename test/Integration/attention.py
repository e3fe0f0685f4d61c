# REQUIRES: scikit-learn, aimc-run, aimcc
# RUN: %python %s
# ===- attention.py - Attention against its definition ----------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Every map, causal or not, with heads, sequences and padding.

The reference is the definition in FP64: all products of queries and keys, which
takes time quadratic in the length.
"""

import itertools
import subprocess
import unittest

import numpy as np
from integration import IntegrationTest

import aimc
from aimc.samplers import sample_offsets, sample_projection

SIZE, VALUES, DIRECTIONS = 8, 6, 24
GAMMA, EPSILON, SEED = 0.05, 0.01, 3
MAPS = ("rbf", "rbf_phase", "arccos0", "arccos1", "arccos2", "softmax_pos", "softmax_trig", "relu")
# Sums of some hundred products of FP32, over a sum of their weights.
TOLERANCE = 1e-4


def features(kind, x, omega, offset, scale):
    """φ(x) up to a common factor, and the logarithm of the factor of each row."""
    if kind.startswith("softmax"):
        x = x * np.sqrt(scale)
    p = x @ omega.astype(np.float64).T
    squares = (x * x).sum(axis=1) / 2
    if kind == "rbf":
        return np.hstack([np.cos(p), np.sin(p)]), 0 * squares
    if kind == "rbf_phase":
        return np.cos(p + offset), 0 * squares
    if kind == "arccos0":
        return (p > 0).astype(float), 0 * squares
    if kind in ("arccos1", "arccos2"):
        return np.maximum(p, 0) ** int(kind[-1]), 0 * squares
    if kind == "relu":
        return np.maximum(p, 0) + EPSILON, 0 * squares
    if kind == "softmax_trig":
        return np.hstack([np.cos(p), np.sin(p)]), squares
    largest = np.abs(p).max(axis=1)
    return np.exp(np.hstack([p, -p]) - largest[:, None]), largest - squares


class Attention:
    """A module with one attention, and what it computes."""

    def __init__(
        self, kind, *, heads=1, causal=False, omegas=1, mask=False, scale=None, batch=None, length=None, divides=False
    ):
        self.kind, self.heads, self.causal = kind, heads, causal
        self.mask, self.scale = mask, scale
        # Whether the model divides q, k and v by three more arguments.
        self.divides = divides
        # None: one sequence; "?" or a number: several.
        self.batch, self.length = batch, length or "?"
        gamma = GAMMA if kind.startswith("rbf") else 0.5
        self.omegas = [sample_projection("orf", DIRECTIONS, SIZE, gamma, SEED + i) for i in range(omegas)]
        self.offsets = [sample_offsets(DIRECTIONS, SEED + i) for i in range(omegas)]

    def tokens(self, columns, length=None):
        sizes = [] if self.batch is None else [self.batch]
        return "tensor<" + "x".join(map(str, [*sizes, length or self.length, *columns])) + "xf32>"

    def module(self):
        q, v = self.tokens([self.heads * SIZE]), self.tokens([self.heads * VALUES])
        phase = self.kind == "rbf_phase"
        gamma = f" gamma({GAMMA})" if self.kind.startswith("rbf") else ""
        omega_type, offset_type = f"tensor<{DIRECTIONS}x{SIZE}xf32>", f"tensor<{DIRECTIONS}xf32>"
        arguments = [f"%q: {q}, %k: {q}, %v: {v}"]
        arguments += [f"%m: {self.tokens([])}"] if self.mask else []
        arguments += [f"%dq: {q}, %dk: {q}, %dv: {v}"] if self.divides else []
        lines = [f"func.func @attend({', '.join(arguments)}) -> {v} {{"]
        if self.divides:
            lines += [f"  %{n}1 = arith.divf %{n}, %d{n} : {t}" for n, t in zip("qkv", (q, q, v))]
        for i in range(len(self.omegas)):
            results, types = f"%o{i}", omega_type
            if phase:
                results, types = f"{results}, %b{i}", f"{types}, {offset_type}"
            lines.append(f"  {results} = kernel.projection sampler(orf){gamma} seed({SEED + i}) : {types}")
        names = [f"%o{i}" for i in range(len(self.omegas))]
        words = ["%y = kernel.attention", f"map({self.kind})"]
        words += ["causal"] if self.causal else []
        words += [f"heads({self.heads})"] if self.heads > 1 else []
        words += [f"scale({self.scale})"] if self.scale else []
        words += [f"epsilon({EPSILON})"] if self.kind == "relu" else []
        words += [", ".join(["%q1, %k1, %v1" if self.divides else "%q, %k, %v", *names])]
        if phase:
            offsets = ", ".join(f"%b{i}" for i in range(len(names)))
            words += [f"offset({offsets} : {', '.join([offset_type] * len(names))})"]
        words += [f"mask(%m : {self.tokens([])})"] if self.mask else []
        words += [f": {', '.join([q, q, v] + [omega_type] * len(names))} -> {v}"]
        return "\n".join([*lines, "  " + " ".join(words), f"  return %y : {v}", "}"]) + "\n"

    def reference(self, q, k, v, mask=None):
        """Of B sequences, or of one."""
        if self.batch is None:
            return self.of_sequence(q, k, v, mask)
        masks = [None] * len(q) if mask is None else mask
        return np.stack([self.of_sequence(*each) for each in zip(q, k, v, masks)])

    def of_sequence(self, q, k, v, mask):
        results = []
        for head in range(self.heads):
            columns = slice(head * SIZE, (head + 1) * SIZE)
            which = head if len(self.omegas) > 1 else 0
            scale = self.scale or SIZE**-0.5
            options = (self.omegas[which], self.offsets[which], scale)
            seen = np.ones(len(k), dtype=bool) if mask is None else mask != 0
            zq, _ = features(self.kind, q[:, columns].astype(np.float64), *options)
            zk, logs = features(self.kind, k[seen][:, columns].astype(np.float64), *options)
            weights = zq @ zk.T
            visible = np.ones(weights.shape, dtype=bool)
            if self.causal:
                visible = np.arange(len(q))[:, None] >= np.arange(len(k))[seen]
            weights = np.where(visible, weights, 0)
            largest = np.where(visible, logs, -np.inf).max(axis=1, initial=-np.inf, keepdims=True)
            with np.errstate(over="ignore", invalid="ignore"):
                weights = np.nan_to_num(weights * np.where(visible, np.exp(logs - largest), 0))
            values = v[seen][:, head * VALUES : (head + 1) * VALUES].astype(np.float64)
            sums = weights.sum(axis=1, keepdims=True)
            results.append(np.divide(weights @ values, sums, out=np.zeros((len(q), VALUES)), where=sums != 0))
        return np.hstack(results)


class AttentionTest(IntegrationTest):
    def arrays(self, attention, *lengths, sequences=2, scale=0.8, seed=0):
        """Random q, k, v, of as many queries and keys as `lengths` says, and a mask if there is one."""
        generator = np.random.default_rng(seed)
        sizes = () if attention.batch is None else (sequences,)

        def draw(length, columns):
            return generator.normal(size=(*sizes, length, columns)).astype(np.float32)

        columns = attention.heads * SIZE
        arrays = [scale * draw(lengths[0], columns), scale * draw(lengths[-1], columns)]
        arrays.append(draw(lengths[-1], attention.heads * VALUES))
        if attention.mask:
            arrays.append((generator.uniform(size=(*sizes, lengths[-1])) < 0.7).astype(np.float32))
            # The first key is seen, so that each query sees one.
            arrays[-1][..., 0] = 1
        return arrays

    def write(self, attention):
        path = self.folder / "attention.mlir"
        path.write_text(attention.module())
        return path

    def save(self, arrays):
        """Files of arrays."""
        for i, array in enumerate(arrays):
            np.save(self.folder / f"{i}.npy", array)
            yield self.folder / f"{i}.npy"

    def run_model(self, path, arrays, *options):
        """The result of a module or a program."""
        command = [aimc.find_tool("aimc-run"), path] if path.suffix == ".mlir" else [path]
        output = self.folder / "y.npy"
        for file in self.save(arrays):
            command += ["--input", file]
        subprocess.run([*command, "--output", output, *options], check=True, capture_output=True)
        return np.load(output)

    def compile_model(self, path, arrays, name, *options):
        calibrate = []
        for file in self.save(arrays):
            calibrate += ["--calibrate", file]
        command = [aimc.find_tool("aimcc"), path, "--target", "hermes", *calibrate, *options, "-o", self.folder / name]
        subprocess.run(command, check=True, capture_output=True)
        return self.folder / name

    def assert_close(self, outputs, expected):
        self.assertEqual(outputs.shape, expected.shape)
        self.assertLessEqual(np.abs(outputs - expected).max(), TOLERANCE * np.abs(expected).max())

    def check(self, attention, *lengths, **options):
        arrays = self.arrays(attention, *lengths, **options)
        outputs = self.run_model(self.write(attention), arrays)
        self.assert_close(outputs, attention.reference(*arrays))
        return arrays, outputs

    def test_maps(self):
        """Each map, causal or not, with one head and with several, with padding or without."""
        for kind, causal, heads, mask in itertools.product(MAPS, (False, True), (1, 4), (False, True)):
            with self.subTest(map=kind, causal=causal, heads=heads, mask=mask):
                self.check(Attention(kind, causal=causal, heads=heads, mask=mask), 100)

    def test_projection_of_each_head(self):
        for kind, causal in itertools.product(MAPS, (False, True)):
            with self.subTest(map=kind, causal=causal):
                self.check(Attention(kind, causal=causal, heads=2, omegas=2, mask=True), 70)

    def test_other_scale(self):
        for kind in ("softmax_pos", "softmax_trig"):
            for scale in (1.0, 0.1):
                self.check(Attention(kind, heads=2, scale=scale, causal=True), 70, scale=0.4)

    def test_lengths(self):
        """Queries and keys of other lengths than each other, and of sizes around those of chunks."""
        for queries, keys in ((1, 1), (1, 200), (200, 1), (63, 65), (128, 64)):
            with self.subTest(queries=queries, keys=keys):
                self.check(Attention("softmax_pos", heads=2), queries, keys)
        for length in (1, 2, 63, 64, 65, 129):
            with self.subTest(length=length):
                self.check(Attention("softmax_pos", heads=2, causal=True), length)
                self.check(Attention("softmax_pos", heads=2, causal=True, length=length), length)

    def test_sequences(self):
        """Several sequences, of any number and length or of known ones."""
        for kind, causal, heads in itertools.product(MAPS, (False, True), (1, 2)):
            with self.subTest(map=kind, causal=causal, heads=heads):
                attention = Attention(kind, causal=causal, heads=heads, mask=True, batch="?")
                self.check(attention, 70, sequences=3)
        for batch, length, omegas in itertools.product(("?", 3), ("?", 70), (1, 2)):
            with self.subTest(batch=batch, length=length, omegas=omegas):
                attention = Attention(
                    "softmax_pos", heads=2, omegas=omegas, mask=True, batch=batch, length=length, causal=True
                )
                self.check(attention, 70, sequences=3)
        # Other lengths, one token, one sequence, none.
        attention = Attention("softmax_pos", heads=2, batch="?")
        for lengths, sequences in (((5, 9), 2), ((1,), 4), ((70,), 1), ((3,), 0)):
            with self.subTest(lengths=lengths, sequences=sequences):
                arrays = self.arrays(attention, *lengths, sequences=sequences)
                outputs = self.run_model(self.write(attention), arrays)
                if sequences:
                    self.assert_close(outputs, attention.reference(*arrays))
                else:
                    self.assertEqual(outputs.shape, arrays[2].shape)

    def test_other_numbers_of_sequences(self):
        """Keys, values and mask have as many sequences as queries, or it is an error."""
        attention = Attention("softmax_pos", mask=True, batch="?")
        path = self.write(attention)
        arrays = self.arrays(attention, 6, sequences=2)
        for i, shape, message in (
            (1, (4, 3, SIZE), "expects 3 tokens of 'value', as of 'key', but got 6"),
            (2, (3, 4, VALUES), "expects 6 tokens of 'value', as of 'key', but got 4"),
            (3, (1, 12), "expects 6 tokens of 'mask', as of 'key', but got 12"),
        ):
            with self.subTest(input=i):
                wrong = [*arrays]
                wrong[i] = wrong[i].reshape(shape)
                with self.assertRaises(subprocess.CalledProcessError) as caught:
                    self.run_model(path, wrong)
                self.assertIn(message, caught.exception.stderr.decode())

    def test_other_numbers_of_queries(self):
        """Causal sequences have as many queries as keys."""
        attention = Attention("softmax_pos", causal=True)
        arrays = [*self.arrays(attention, 6)]
        arrays[0] = arrays[0][:5]
        with self.assertRaises(subprocess.CalledProcessError) as caught:
            self.run_model(self.write(attention), arrays)
        self.assertIn("expects 5 tokens of 'key', as of 'query', but got 6", caught.exception.stderr.decode())

    def test_constants(self):
        """Keys, values and a mask that are learned are loaded, shared or not."""
        generator = np.random.default_rng(5)
        keys, values = generator.normal(size=(2, 3, SIZE)), generator.normal(size=(2, 3, VALUES))
        mask = np.array([[1, 0, 1], [1, 1, 0]])
        omega = generator.normal(size=(DIRECTIONS, SIZE))
        for kind, sequences in itertools.product(("relu", "softmax_pos"), (1, 2)):
            shape = f"{sequences}x" if sequences > 1 else ""

            def constant(name, array, sequences=sequences):
                array = (array if sequences > 1 else array[0]).astype(np.float32)
                sizes = "x".join(map(str, array.shape))
                return f"  %{name} = arith.constant dense<{array.tolist()}> : tensor<{sizes}xf32>\n"

            def result(name):
                return f"tensor<{shape}{name}xf32>"

            q, k, v, m = result(f"4x{SIZE}"), result(f"3x{SIZE}"), result(f"3x{VALUES}"), result("3")
            text = f"func.func @attend(%q: {q}) -> {result(f'4x{VALUES}')} {{\n"
            text += constant("k", keys) + constant("v", values) + constant("m", mask)
            text += f"  %omega = arith.constant dense<{omega.astype(np.float32).tolist()}> : tensor<{DIRECTIONS}x{SIZE}xf32>\n"
            text += f"""  %y = kernel.attention map({kind}) %q, %k, %v, %omega mask(%m : {m})
                  : {q}, {k}, {v}, tensor<{DIRECTIONS}x{SIZE}xf32> -> {result(f'4x{VALUES}')}
              return %y : {result(f'4x{VALUES}')}
            }}"""
            path = self.folder / "constants.mlir"
            path.write_text(text)
            queries = generator.normal(size=(2, 4, SIZE)).astype(np.float32)
            queries = queries if sequences > 1 else queries[0]
            # The same with arguments.
            text = text.replace(f"(%q: {q})", f"(%q: {q}, %k: {k}, %v: {v}, %m: {m})")
            for name, array in (("k", keys), ("v", values), ("m", mask)):
                text = text.replace(constant(name, array), "")
            arguments = self.folder / "arguments.mlir"
            arguments.write_text(text)
            arrays = [a if sequences > 1 else a[0] for a in (keys, values, mask)]
            with self.subTest(map=kind, sequences=sequences):
                np.testing.assert_array_equal(
                    self.run_model(path, [queries]),
                    self.run_model(arguments, [queries, *(a.astype(np.float32) for a in arrays)]),
                )

    def test_last_token(self):
        """The last token sees all keys, causal or not."""
        for kind in MAPS:
            attention = Attention(kind, heads=2)
            arrays, outputs = self.check(attention, 100)
            attention.causal = True
            causal = self.run_model(self.write(attention), arrays)
            self.assert_close(causal[-1], outputs[-1].astype(np.float64))

    def test_padding_does_not_matter(self):
        """What padded tokens hold changes no bit of the others."""
        for kind, causal in itertools.product(MAPS, (False, True)):
            attention = Attention(kind, causal=causal, heads=2, mask=True)
            *tokens, mask = self.arrays(attention, 100)
            outputs = self.run_model(self.write(attention), [*tokens, mask])
            # Files hold finite values alone: 0/0 and 1/0 come from the model.
            attention.divides = True
            path = self.write(attention)
            padded = mask == 0
            for above, below in ((0, 0), (1, 0), (1e30, 1)):
                with self.subTest(map=kind, causal=causal, above=above, below=below):
                    wild = [np.where(padded[:, None], np.float32(above), each) for each in tokens]
                    divisors = [np.where(padded[:, None], np.float32(below), np.ones_like(each)) for each in tokens]
                    again = self.run_model(path, [*wild, mask, *divisors])
                    np.testing.assert_array_equal(again[~padded], outputs[~padded])

    def test_all_padding(self):
        """A sequence of padding alone gives zeros."""
        attention = Attention("softmax_pos", causal=True, heads=2, mask=True)
        q, k, v, mask = self.arrays(attention, 70)
        outputs = self.run_model(self.write(attention), [q, k, v, 0 * mask])
        np.testing.assert_array_equal(outputs, 0)

    def test_large_norms(self):
        """Exponents of hundreds do not overflow."""
        for kind, causal in itertools.product(("softmax_pos", "softmax_trig"), (False, True)):
            attention = Attention(kind, causal=causal, heads=2)
            for scale in (10, 100, 1e4):
                outputs = self.run_model(self.write(attention), self.arrays(attention, 100, scale=scale))
                self.assertTrue(np.isfinite(outputs).all())

    def test_stages_and_program(self):
        """Each stage and the program give the same bits; the simulator is near."""
        for kind, causal, omegas in (("softmax_pos", True, 1), ("softmax_trig", False, 2), ("relu", True, 1)):
            attention = Attention(kind, causal=causal, heads=2, omegas=omegas, mask=True)
            path, arrays = self.write(attention), self.arrays(attention, 100)
            reference = self.run_model(path, arrays)
            for stage in ("aimc", "split", "tiled", "calibrated", "placed", "runtime"):
                with self.subTest(map=kind, stage=stage):
                    module = self.compile_model(path, arrays, f"{stage}.mlir", f"--emit={stage}")
                    np.testing.assert_array_equal(self.run_model(module, arrays), reference)
            program = self.compile_model(path, arrays, "program")
            np.testing.assert_array_equal(self.run_model(program, arrays), reference)
            for threads in ("1", "2"):
                np.testing.assert_array_equal(self.run_model(program, arrays, "--threads", threads), reference)
            simulated = [
                self.run_model(each, arrays, "--device", "simulator", "--seed", "1")
                for each in (program, self.folder / "placed.mlir")
            ]
            np.testing.assert_array_equal(simulated[0], simulated[1])
            error = np.linalg.norm(simulated[0] - reference) / np.linalg.norm(reference)
            print(f"{kind}: simulator off by {100 * error:.1f} %")
            # Trigonometric features have normalisers near 0, which noise moves.
            self.assertTrue(0.001 < error < (5 if kind == "softmax_trig" else 0.5))


if __name__ == "__main__":
    unittest.main()
