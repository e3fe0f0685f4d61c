# REQUIRES: numpy, aimc-run, aimcc
# RUN: %python %s
# ===- ranks.py - Arrays of batch x tokens x features ----------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""A model on arrays of rank 3, its batch and length open, against NumPy."""

import tempfile
import unittest
from pathlib import Path

import numpy as np

import aimc

# Linear layers as exporters write them (a product of the batch with a broadcast
# matrix, and one with maps), ReLU, a normalisation over the features, heads.
MODEL = """
#rows = affine_map<(b, l, c) -> (b, l, c)>
#row = affine_map<(b, l, c) -> (c)>
#column = affine_map<(b, l, c) -> (b, l, 0)>
func.func @main(%x: tensor<?x?x8xf32>) -> (tensor<?x?x6xf32>, tensor<?x?x2xf32>) {{
  %w1 = arith.constant dense<{w1}> : tensor<8x12xf32>
  %b1 = arith.constant dense<{b1}> : tensor<12xf32>
  %w2 = arith.constant dense<{w2}> : tensor<6x3xf32>
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %twelfth = arith.constant {twelfth:.9e} : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %b = tensor.dim %x, %c0 : tensor<?x?x8xf32>
  %l = tensor.dim %x, %c1 : tensor<?x?x8xf32>
  %e12 = tensor.empty(%b, %l) : tensor<?x?x12xf32>
  %i12 = linalg.fill ins(%zero : f32) outs(%e12 : tensor<?x?x12xf32>) -> tensor<?x?x12xf32>
  %ew = tensor.empty(%b) : tensor<?x8x12xf32>
  %w1b = linalg.broadcast ins(%w1 : tensor<8x12xf32>) outs(%ew : tensor<?x8x12xf32>) dimensions = [0]
  %p = linalg.batch_matmul ins(%x, %w1b : tensor<?x?x8xf32>, tensor<?x8x12xf32>)
      outs(%i12 : tensor<?x?x12xf32>) -> tensor<?x?x12xf32>
  %h = linalg.generic {{indexing_maps = [#rows, #row, #rows], iterator_types = ["parallel", "parallel", "parallel"]}}
      ins(%p, %b1 : tensor<?x?x12xf32>, tensor<12xf32>) outs(%e12 : tensor<?x?x12xf32>) {{
  ^bb0(%u: f32, %v: f32, %o: f32):
    %s = arith.addf %u, %v : f32
    %r = arith.maximumf %s, %zero : f32
    linalg.yield %r : f32
  }} -> tensor<?x?x12xf32>
  %e1 = tensor.empty(%b, %l) : tensor<?x?x1xf32>
  %i1 = linalg.fill ins(%zero : f32) outs(%e1 : tensor<?x?x1xf32>) -> tensor<?x?x1xf32>
  %squares = linalg.generic {{indexing_maps = [#rows, #column], iterator_types = ["parallel", "parallel", "reduction"]}}
      ins(%h : tensor<?x?x12xf32>) outs(%i1 : tensor<?x?x1xf32>) {{
  ^bb0(%u: f32, %o: f32):
    %q = arith.mulf %u, %u : f32
    %s = arith.addf %o, %q : f32
    linalg.yield %s : f32
  }} -> tensor<?x?x1xf32>
  %z = linalg.generic {{indexing_maps = [#rows, #column, #rows], iterator_types = ["parallel", "parallel", "parallel"]}}
      ins(%h, %squares : tensor<?x?x12xf32>, tensor<?x?x1xf32>) outs(%e12 : tensor<?x?x12xf32>) {{
  ^bb0(%u: f32, %v: f32, %o: f32):
    %mean = arith.mulf %v, %twelfth : f32
    %safe = arith.addf %mean, %one : f32
    %root = math.sqrt %safe : f32
    %y = arith.divf %u, %root : f32
    linalg.yield %y : f32
  }} -> tensor<?x?x12xf32>
  %heads = tensor.expand_shape %z [[0], [1], [2, 3]] output_shape [%b, %l, 2, 6]
      : tensor<?x?x12xf32> into tensor<?x?x2x6xf32>
  %e3 = tensor.empty(%b, %l) : tensor<?x?x2x3xf32>
  %i3 = linalg.fill ins(%zero : f32) outs(%e3 : tensor<?x?x2x3xf32>) -> tensor<?x?x2x3xf32>
  %o = linalg.generic {{
      indexing_maps = [affine_map<(b, l, h, n, k) -> (b, l, h, k)>, affine_map<(b, l, h, n, k) -> (k, n)>,
                       affine_map<(b, l, h, n, k) -> (b, l, h, n)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}}
      ins(%heads, %w2 : tensor<?x?x2x6xf32>, tensor<6x3xf32>) outs(%i3 : tensor<?x?x2x3xf32>) {{
  ^bb0(%u: f32, %v: f32, %sum: f32):
    %q = arith.mulf %u, %v : f32
    %s = arith.addf %sum, %q : f32
    linalg.yield %s : f32
  }} -> tensor<?x?x2x3xf32>
  %y = tensor.collapse_shape %o [[0], [1], [2, 3]] : tensor<?x?x2x3xf32> into tensor<?x?x6xf32>
  %first = tensor.extract_slice %y[0, 0, 1] [%b, %l, 2] [1, 1, 1] : tensor<?x?x6xf32> to tensor<?x?x2xf32>
  return %y, %first : tensor<?x?x6xf32>, tensor<?x?x2xf32>
}}
"""


# Two arrays whose sizes have to be the same.
SUM = """
func.func @sum(%x: tensor<?x?x4xf32>, %y: tensor<?x?x4xf32>) -> tensor<?x?x4xf32> {
  %z = arith.addf %x, %y : tensor<?x?x4xf32>
  return %z : tensor<?x?x4xf32>
}
"""


class RanksTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        generator = np.random.default_rng(0)
        self.w1, self.w2 = generator.standard_normal((8, 12)), generator.standard_normal((6, 3))
        self.b1 = generator.standard_normal(12)
        self.model = self.folder / "model.mlir"
        text = {name: np.asarray(getattr(self, name), np.float32).tolist() for name in ("w1", "w2", "b1")}
        self.model.write_text(MODEL.format(twelfth=1 / 12, **text))

    def reference(self, x):
        h = np.maximum(x @ self.w1 + self.b1, 0)
        z = h / np.sqrt((h**2).mean(axis=-1, keepdims=True) + 1)
        return (z.reshape(*x.shape[:2], 2, 6) @ self.w2).reshape(*x.shape[:2], 6)

    def inputs(self):
        generator = np.random.default_rng(1)
        for shape in ((3, 5, 8), (1, 1, 8), (2, 70, 8), (4, 0, 8), (0, 3, 8)):
            yield generator.standard_normal(shape).astype(np.float32)

    def test_exact(self):
        """The module, its stages and the program give NumPy's values and sizes."""
        paths = [self.model]
        for stage in ("split", "placed", "runtime", "executable"):
            suffix = "" if stage == "executable" else ".mlir"
            paths.append(aimc.compile(self.model, "hermes", self.folder / f"{stage}{suffix}", emit=stage))
        for path in paths:
            for x in self.inputs():
                with self.subTest(path=path.name, shape=x.shape):
                    outputs = aimc.run(path, x).outputs
                    self.assertEqual(outputs.shape, (*x.shape[:2], 6))
                    np.testing.assert_allclose(outputs, self.reference(x), rtol=0, atol=1e-5)

    def test_simulator(self):
        """Without noise and with fine converters the simulator agrees; with
        noise, the module and the program have equal bits."""
        x = next(self.inputs())
        ideal = aimc.compile(self.model, "ideal", self.folder / "ideal.mlir", emit="placed")
        outputs = aimc.run(ideal, x, device="simulator").outputs
        np.testing.assert_allclose(outputs, self.reference(x), rtol=0, atol=1e-5)
        placed = aimc.compile(self.model, "hermes", self.folder / "placed.mlir", calibrate=x, emit="placed")
        program = aimc.compile(self.model, "hermes", self.folder / "program", calibrate=x)
        noisy = aimc.run(placed, x, device="simulator", seed=3).outputs
        self.assertEqual(noisy.shape, (3, 5, 6))
        self.assertGreater(np.abs(noisy - self.reference(x)).max(), 1e-3)
        np.testing.assert_array_equal(aimc.run(program, x, device="simulator", seed=3).outputs, noisy)

    def test_batches(self):
        """A data set that is run in parts has the noise of the whole."""
        x = next(self.inputs())
        placed = aimc.compile(self.model, "hermes", self.folder / "placed.mlir", calibrate=x, emit="placed")
        whole = aimc.run(placed, x, device="simulator", seed=3).outputs
        for first in range(3):
            part = aimc.run(placed, x[first : first + 1], device="simulator", seed=3, first_vector=first).outputs
            np.testing.assert_array_equal(part[0], whole[first])

    def test_open_sizes(self):
        """Arrays of as many rows but other sizes are refused, at each stage and by the program."""
        model = self.folder / "sum.mlir"
        model.write_text(SUM)
        x = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
        files = [self.folder / name for name in ("x.npy", "y.npy")]
        np.save(files[0], x)
        for stage in ("kernel", "split", "placed", "runtime", "executable"):
            path = self.folder / (stage if stage == "executable" else f"{stage}.mlir")
            aimc.compile(model, "hermes", path, emit=stage)
            command = [path] if stage == "executable" else [aimc.find_tool("aimc-run"), path]
            command += ["--input", files[0], "--input", files[1], "--output", self.folder / "z.npy"]
            with self.subTest(stage=stage):
                np.save(files[1], x)
                aimc.tools.run_tool(command)
                np.testing.assert_array_equal(np.load(self.folder / "z.npy"), 2 * x)
                np.save(files[1], x.reshape(3, 2, 4))
                with self.assertRaisesRegex(
                    aimc.ToolError,
                    "expects 2 entries along dimension 0 of operand 1 of 'arith.addf', as of operand 0, but got 3",
                ):
                    aimc.tools.run_tool(command)
    def refuse(self, text, x, message):
        """A run of the model on `x` fails with `message`, and so does its program."""
        model = self.folder / "refused.mlir"
        model.write_text(text)
        np.save(self.folder / "x.npy", x.astype(np.float32))
        program = aimc.compile(model, "hermes", self.folder / "refused")
        for command in ([aimc.find_tool("aimc-run"), model], [program]):
            with self.subTest(command=command), self.assertRaisesRegex(aimc.ToolError, message):
                aimc.tools.run_tool([*command, "--input", self.folder / "x.npy"])

    def test_parts(self):
        """Parts outside of what they are of are refused, however far."""
        part = """func.func @part(%x: tensor<?x4xf32>) -> tensor<3x4xf32> {{
          %y = tensor.extract_slice %x[{offset}, 0] [3, 4] [1, 1] : tensor<?x4xf32> to tensor<3x4xf32>
          %z = arith.addf %y, %y : tensor<3x4xf32>
          return %z : tensor<3x4xf32>
        }}"""
        x = np.arange(20).reshape(5, 4)
        self.model.write_text(part.format(offset=2))
        np.testing.assert_array_equal(aimc.run(self.model, x).outputs, 2 * x[2:])
        for offset in (3, 400000000):
            message = f"expects a part of 5 entries, but got 3 from number {offset} on in steps of 1"
            self.refuse(part.format(offset=offset), x, message)
        last = """func.func @last(%x: tensor<?x?x4xf32>) -> tensor<?x4xf32> {
          %c0 = arith.constant 0 : index
          %n = tensor.dim %x, %c0 : tensor<?x?x4xf32>
          %r = tensor.extract_slice %x[0, 4, 0] [%n, 1, 4] [1, 1, 1] : tensor<?x?x4xf32> to tensor<?x4xf32>
          %z = arith.addf %r, %r : tensor<?x4xf32>
          return %z : tensor<?x4xf32>
        }"""
        self.refuse(last, np.ones((2, 3, 4)), "expects a part of 3 entries, but got 1 from number 4 on")

    def test_claims(self):
        """Sizes that a cast claims to know are compared, also of more rows than a block has."""
        cast = """func.func @cast(%x: tensor<{open}x4xf32>) -> tensor<{open}x4xf32> {{
          %z = tensor.cast %x : tensor<{open}x4xf32> to tensor<{known}x4xf32>
          %w = arith.addf %z, %z : tensor<{known}x4xf32>
          %y = tensor.cast %w : tensor<{known}x4xf32> to tensor<{open}x4xf32>
          return %y : tensor<{open}x4xf32>
        }}"""
        for open_sizes, known, shape, wrong in (
            ("?", "9000", (9000, 4), (8999, 4)),
            ("?x?", "2x3", (2, 3, 4), (3, 2, 4)),
        ):
            text = cast.format(open=open_sizes, known=known)
            self.model.write_text(text)
            x = np.arange(np.prod(shape)).reshape(shape)
            np.testing.assert_array_equal(aimc.run(self.model, x).outputs, 2 * x)
            expected = f"expects {shape[0]} entries along dimension 0, as 'tensor.cast' has it, but got {wrong[0]}"
            self.refuse(text, np.ones(wrong), expected)


if __name__ == "__main__":
    unittest.main()
