# REQUIRES: aimc-run, aimcc, aimc-opt, aimc-translate
# RUN: %python %s
# ===- mapped-modules.py - Mappings change no result -----------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Published Performer mappings, and results of modules however they are mapped.

The matrices are those of the Performer models that Büchel et al. (2024) ran on the
HERMES chip: sizes and cores are from their published mappings.
"""

import itertools
import json
import subprocess
import unittest

import numpy as np
from integration import IntegrationTest

# Rows, columns of each matrix of a layer; the chip's mapping of cifar10 takes 2 cores,
# for area; that of aan 8, for latency.
PROJECTIONS = {"k_proj": (64, 64), "v_proj": (64, 64), "q_proj": (64, 64), "out_proj": (64, 64)}
CIFAR10 = {**PROJECTIONS, "feature_projection": (32, 128), "fc1": (64, 128), "fc2": (128, 64)}
CIFAR10_CORES = 2
AAN = {**PROJECTIONS, "feature_projection": (32, 128), "fc1": (64, 64), "fc2": (64, 64)}
AAN_CORES = 8
HEADS = 2


def weights(name, rows, columns, seed):
    """A declaration of random weights."""
    values = np.random.default_rng(seed).normal(size=(rows, columns)).astype(np.float32) / np.sqrt(rows)
    return f'aimc.weights @{name} = dense<"0x{values.tobytes().hex()}"> : tensor<{rows}x{columns}xf32>'


class Model:
    """A module of two encoder layers with attention over whole sequences, and a classifier.

    The operations between products are left out but for attention, which decides what
    can run at once.
    """

    def __init__(self, layer, classifier, head, unit="global", tokens=32):
        self.lines, self.declarations, self.count, self.sites = [], [], 0, 0
        self.unit, self.tokens = unit, tokens
        x = "%x"
        self.line(f"%one = arith.constant 1 : index")
        for i in range(2):
            for name, (rows, columns) in layer.items():
                self.declarations.append(weights(f"layer{i}.{name}", rows, columns, len(self.declarations)))
            q, k, v = (self.mvm(f"layer{i}.{name}", layer[name], x) for name in ("q_proj", "k_proj", "v_proj"))
            # Each head projects its columns with the same matrix.
            features = layer["feature_projection"]
            q, k = (self.mvm(f"layer{i}.feature_projection", features, self.rows(value, HEADS), HEADS) for value in (q, k))
            x = self.attention(q, k, v, features[1])
            x = self.mvm(f"layer{i}.out_proj", layer["out_proj"], x)
            x = self.mvm(f"layer{i}.fc1", layer["fc1"], x)
            x = self.mvm(f"layer{i}.fc2", layer["fc2"], x)
        for name, size in (("classifier", classifier), ("head", head)):
            self.declarations.append(weights(name, *size, len(self.declarations)))
        if classifier[0] == 2 * 64:
            # Two documents side by side.
            x = self.fresh(f"tensor.concat dim(1) {x}, {x} : ({self.type(64)}, {self.type(64)}) -> {self.type(128)}")
        x = self.mvm("classifier", classifier, x)
        self.result, self.columns = self.mvm("head", head, x), head[1]

    def type(self, columns, heads=1):
        return f"tensor<{self.tokens * heads}x{columns}xf32>"

    def line(self, text):
        self.lines.append("  " + text)

    def fresh(self, text):
        self.count += 1
        self.line(f"%v{self.count} = {text}")
        return f"%v{self.count}"

    def rows(self, value, heads):
        """A row for each head: (token, head), the head fastest."""
        columns = 64 // heads
        flat = self.fresh(f"tensor.collapse_shape {value} [[0, 1]] : {self.type(64)} into tensor<{self.tokens * 64}xf32>")
        return self.fresh(
            f"tensor.expand_shape {flat} [[0, 1]] output_shape [{self.tokens * heads}, {columns}] : "
            f"tensor<{self.tokens * 64}xf32> into {self.type(columns, heads)}"
        )

    def mvm(self, name, size, value, heads=1):
        source, result = self.type(size[0], heads), self.type(size[1], heads)
        init = self.fresh(f"tensor.empty() : {result}")
        self.sites += 1
        return self.fresh(
            f"aimc.mvm @{name} site({self.sites}) role(linear) ins({value} : {source}) outs({init} : {result}) -> {result}"
        )

    def attention(self, q, k, v, features):
        wide, narrow = self.type(features, HEADS), self.type(64)
        init = self.fresh(f"tensor.empty() : {narrow}")
        return self.fresh(
            f'aimc.attention on("{self.unit}") heads({HEADS}) sequences(%one) ins({q}, {k}, {v} : {wide}, {wide}, {narrow}) '
            f"outs({init} : {narrow}) -> {narrow}"
        )

    def text(self):
        signature = f"func.func @model(%x: {self.type(64)}) -> {self.type(self.columns)} {{"
        end = [f"  return {self.result} : {self.type(self.columns)}", "}"]
        return "\n".join([*self.declarations, signature, *self.lines, *end]) + "\n"


class MappedModulesTest(IntegrationTest):
    def run_tool(self, *command):
        result = subprocess.run([str(word) for word in command], capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def write(self, name, text):
        (self.folder / name).write_text(text)
        return self.folder / name

    def chip(self, rows=8, columns=8, **device):
        """A target like hermes with other cores or defects."""
        target = json.loads(self.run_tool("aimcc", "--print-target", "hermes"))
        target["core_grid"].update(rows=rows, columns=columns)
        target["device"].update(device)
        # Fast enough for attention that products are the limit.
        target["digital_units"][1]["time_per_value"]["value"] = 0.001
        return self.write("chip.json", json.dumps(target))

    def map(self, model, target, *options):
        """The mapping as aimcc tells it."""
        return json.loads(self.run_tool("aimcc", model, "--target", target, "--emit=mapping", "-o", "-", *options))

    def test_attention_only(self):
        """Two 32×128 projections fit one core."""
        lines = [weights(name, 32, 128, i) for i, name in enumerate(("a", "b"))]
        lines.append(
            "func.func @f(%x: tensor<8x32xf32>, %i: tensor<8x128xf32>) -> (tensor<8x128xf32>, tensor<8x128xf32>) {"
        )
        for i, name in enumerate(("a", "b")):
            lines.append(
                f"  %{name} = aimc.mvm @{name} site({i}) role(projection) ins(%x : tensor<8x32xf32>) "
                "outs(%i : tensor<8x128xf32>) -> tensor<8x128xf32>"
            )
        lines += ["  return %a, %b : tensor<8x128xf32>, tensor<8x128xf32>", "}"]
        mapping = self.map(self.write("attention.mlir", "\n".join(lines)), "hermes")
        self.assertEqual((mapping["cores_used"], mapping["lower_bound_cores"]), (1, 1))

    def test_cifar10(self):
        model = self.write("cifar10.mlir", Model(CIFAR10, (64, 128), (128, 10)).text())
        mapping = self.map(model, "hermes")
        self.assertEqual(len(mapping["weights"]), 16)
        self.assertLessEqual(mapping["cores_used"], CIFAR10_CORES)

    def test_aan(self):
        """What runs at once lies apart, on no more cores than the published mapping."""
        model = self.write("aan.mlir", Model(AAN, (128, 512), (512, 2)).text())
        self.assertLessEqual(self.map(model, "hermes")["cores_used"], AAN_CORES)
        # As on the chip, and where there are no more cores.
        for target in ("hermes", self.chip(rows=1, columns=AAN_CORES)):
            mapping = self.map(model, target, "--objective", "latency")
            self.assertEqual(len(mapping["weights"]), 16)
            self.assertLessEqual(mapping["cores_used"], AAN_CORES)
            cores = {name: {tile["core"] for tile in tiles} for name, tiles in mapping["weights"].items()}
            for i in range(2):
                # Up to the attention, and from there on.
                for phase in (("q_proj", "k_proj", "v_proj", "feature_projection"), ("out_proj", "fc1", "fc2")):
                    taken = [core for name in phase for core in cores[f"layer{i}.{name}"]]
                    self.assertEqual(len(taken), len(set(taken)), mapping)

    def results(self, model, *options):
        output = self.folder / "y.npy"
        self.run_tool("aimc-run", model, "--input", self.folder / "x.npy", "--output", output, *options)
        return np.load(output)

    def test_results(self):
        """Bits on the exact device are those of the module without places, for all objectives.

        With copies that are averaged, that share the vectors, and that spare cores are for.
        """
        model = self.write("model.mlir", Model(AAN, (128, 512), (512, 2)).text())
        x = np.random.default_rng(0).normal(size=(32, 64)).astype(np.float32)
        np.save(self.folder / "x.npy", x)
        defects = {"stuck_low": 0, "stuck_high": 0, "provenance": "measured"}
        defects["dead_cores"] = [[0, 0], [0, 3]]
        defects["dead_columns"] = [[0, 1, 100], [0, 2, 0]]
        target = self.chip(defects=defects)
        tiled = self.folder / "tiled.mlir"
        copies = ["--copies", 2, "--copied-matrices", "linear"]
        spare = ["--copy-mode", "throughput", "--spare-cores", 17]
        exact = None
        for mode, objective in itertools.product(("average", "throughput", "spare"), ("area", "latency", "noise")):
            with self.subTest(mode=mode, objective=objective):
                options = spare if mode == "spare" else [*copies, "--copy-mode", mode]
                self.run_tool("aimcc", model, "--target", target, "--emit=tiled", *options, "-o", tiled)
                self.assertIn({"average": "average(2)", "throughput": "share(2)", "spare": "share("}[mode], tiled.read_text())
                # Copies change no bit either.
                results = self.results(tiled)
                exact = results if exact is None else exact
                self.assertGreater(np.abs(exact).max(), 0)
                np.testing.assert_array_equal(results, exact)
                placed = self.folder / f"{objective}.mlir"
                mapping = self.folder / f"{objective}.json"
                self.run_tool("aimcc", tiled, "--objective", objective, "--emit=placed", "-o", placed)
                np.testing.assert_array_equal(self.results(placed), exact)
                # The mapping brings the same module back, with the same noise.
                self.run_tool("aimc-translate", "--aimc-to-mapping", placed, "-o", mapping)
                back = self.folder / "back.mlir"
                self.run_tool("aimc-translate", "--mapping-to-aimc", mapping, "--module", tiled, "-o", back)
                self.assertEqual(back.read_text(), placed.read_text())
                simulated = self.results(back, "--device", "simulator", "--seed", 7)
                np.testing.assert_array_equal(self.results(placed, "--device", "simulator", "--seed", 7), simulated)
                self.assertTrue(np.isfinite(simulated).all())
                self.assertFalse(np.array_equal(simulated, exact))
                # Dead cores and columns cost nothing, as no tile lies on them; what is
                # left is the noise, as on a chip without defects.
                places = [tile for tiles in json.loads(mapping.read_text())["weights"].values() for tile in tiles]
                self.assertFalse({tile["core"] for tile in places} & {0, 3})
                for core, column in ((1, 100), (2, 0)):
                    for tile in places:
                        begin, end = tile["tile_col_region"]
                        self.assertFalse(tile["core"] == core and begin <= column < end)

    def test_copies_lie_apart(self):
        """With the latency objective copies that share the vectors are on cores of their own."""
        model = self.write("model.mlir", Model(AAN, (128, 512), (512, 2)).text())
        options = ["--objective", "latency", "--copies", 3, "--copy-mode", "throughput"]
        mapping = self.map(model, "hermes", *options, "--copied-matrices", "@layer0.fc1,@layer1.q_proj")
        self.assertEqual(mapping["vectors_shared"], ["layer0.fc1", "layer1.q_proj"])
        for name in mapping["vectors_shared"]:
            self.assertEqual(len({tile["core"] for tile in mapping["weights"][name]}), 3)

    def test_ideal_chip(self):
        """On ideal devices, tiles and copies change results by rounding alone."""
        model = self.write("model.mlir", Model(CIFAR10, (64, 128), (128, 10), unit="host").text())
        np.save(self.folder / "x.npy", np.random.default_rng(1).normal(size=(32, 64)).astype(np.float32))
        tiled = self.folder / "tiled.mlir"
        self.run_tool("aimcc", model, "--target", "ideal", "--emit=tiled", "-o", tiled)
        exact = self.results(tiled)
        shared = ["--copies", 2, "--copy-mode", "throughput", "--copied-matrices", "linear"]
        for objective, copies in (("area", []), ("latency", []), ("noise", []), ("area", shared)):
            placed = self.folder / "placed.mlir"
            self.run_tool("aimcc", tiled, "--objective", objective, "--emit=placed", *copies, "-o", placed)
            difference = self.results(placed, "--device", "simulator") - exact
            self.assertLess(np.linalg.norm(difference), 1e-4 * np.linalg.norm(exact))


if __name__ == "__main__":
    unittest.main()
