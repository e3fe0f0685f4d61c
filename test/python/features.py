# REQUIRES: scikit-learn, aimc-run, aimcc
# RUN: %python %s
# ===- features.py - Tests of modules of features --------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Random features as modules, and how many of them a kernel needs."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import numpy as np

import aimc
from aimc.samplers import sample_projection

GAMMA = 0.1
X = np.random.default_rng(0).normal(size=(400, 6)).astype(np.float32)


def kernel_error(Z):
    """‖K - ZZᵀ‖_F / ‖K‖_F of the RBF kernel, in FP64."""
    rows = X.astype(float)
    distances = np.square(rows[:, None] - rows[None]).sum(axis=-1)
    kernel = np.exp(-GAMMA * distances)
    return np.linalg.norm(kernel - Z.astype(float) @ Z.T.astype(float)) / np.linalg.norm(kernel)


class FeaturesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "features.mlir"

    def test_features(self):
        """Each sampler with options: NumPy's features of the directions that Python draws."""
        for sampler, options in (
            ("rff", {}),
            ("rff", {"truncation": 3}),
            ("orf", {"haar": False, "row_norm": "chi"}),
            ("sorf", {"row_norm": "chi"}),
            ("hadamard", {}),
            ("qmc", {}),
        ):
            with self.subTest(sampler=sampler, options=options):
                aimc.write_features(self.path, "rbf", sampler, 40, 6, gamma=GAMMA, seed=5, **options)
                result = aimc.run(self.path, X, kernel_error=f"rbf:{GAMMA}")
                phases = X.astype(float) @ sample_projection(sampler, 40, 6, GAMMA, 5, **options).T
                expected = np.hstack([np.cos(phases), np.sin(phases)]) / np.sqrt(40)
                np.testing.assert_allclose(result.outputs, expected, atol=1e-5)
                self.assertAlmostEqual(result.statistics["kernel_error"], kernel_error(result.outputs), places=6)

    def test_kernels(self):
        """Each other kernel: its features, and that they approximate it."""
        rows = X.astype(float)
        for kernel in ("arccos0", "arccos1", "arccos2", "softmax"):
            with self.subTest(kernel=kernel):
                aimc.write_features(self.path, kernel, "orf", 64, 6, seed=2)
                result = aimc.run(self.path, X / 4, kernel_error=kernel)
                projected = rows / 4 @ sample_projection("orf", 64, 6, 0.5, 2).T
                positive = np.maximum(projected, 0)
                weight = np.exp(-np.square(rows / 4).sum(axis=1, keepdims=True) / 2)
                expected = {
                    "arccos0": np.sqrt(2 / 64) * (projected > 0),
                    "arccos1": np.sqrt(2 / 64) * positive,
                    "arccos2": np.sqrt(2 / 64) * positive**2,
                    "softmax": np.sqrt(1 / 128) * weight * np.exp(np.hstack([projected, -projected])),
                }[kernel]
                np.testing.assert_allclose(result.outputs, expected, rtol=1e-4, atol=1e-5)
                self.assertLess(result.statistics["kernel_error"], 0.5)
        choice = aimc.choose_features(error=0.3, kernel="arccos0", X=X, seeds=2)
        self.assertEqual(choice.features, choice.directions)

    def test_choice(self):
        """What is chosen meets the error, and one direction less does not."""
        needed = {}
        for device in ("exact", "simulator"):
            choice = aimc.choose_features(error=0.2, gamma=GAMMA, X=X, device=device, seeds=3)
            curve = {m: (mean, deviation) for m, mean, deviation in choice.curve}
            self.assertEqual(list(curve), sorted(curve))
            self.assertEqual(choice.features, 2 * choice.directions)
            self.assertLessEqual(curve[choice.directions][0], 0.2)
            self.assertGreater(curve[choice.directions - 1][0], 0.2)
            self.assertGreater(curve[choice.directions][1], 0)
            self.assertIn(f"chosen: {choice.directions} directions", str(choice))
            needed[device] = choice.directions
        self.assertGreater(needed["simulator"], needed["exact"])
        # The curve is that of the features, by NumPy.
        aimc_errors = []
        for seed in range(3):
            aimc.write_features(self.path, "rbf", "orf", needed["exact"], 6, gamma=GAMMA, seed=seed)
            aimc_errors.append(kernel_error(aimc.run(self.path, X).outputs))
        exact = aimc.choose_features(error=0.2, gamma=GAMMA, X=X, device="exact", seeds=3)
        self.assertAlmostEqual(dict((m, e) for m, e, _ in exact.curve)[needed["exact"]], np.mean(aimc_errors), places=6)

    def test_copies(self):
        """Copies lower the noise of a chip; the fewest cells are chosen."""
        command = [aimc.find_tool("aimcc"), "--print-target", "hermes"]
        target = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        target["device"]["output_noise"]["value"] = 0.1
        path = self.path.with_name("noisy.json")
        path.write_text(json.dumps(target), encoding="utf-8")
        choice = aimc.choose_features(error=0.25, gamma=GAMMA, X=X, target=path, seeds=3, copies=(4, 1, 1), most=256)
        self.assertEqual(list(choice.curves), [1, 4])
        self.assertEqual(choice.curve, choice.curves[choice.copies])
        (other,) = choice.others
        self.assertEqual({choice.copies, other.copies}, {1, 4})
        by_copies = {each.copies: each for each in (choice, other)}
        self.assertLess(by_copies[4].directions, by_copies[1].directions)
        for each in (choice, other):
            self.assertEqual(each.cells, each.copies * each.directions * X.shape[1])
            self.assertEqual(each.tiles, each.copies)
            errors = {m: mean for m, mean, _ in choice.curves[each.copies]}
            self.assertLessEqual(errors[each.directions], 0.25)
            self.assertGreater(errors[each.directions - 1], 0.25)
            self.assertIn(f"{each.directions} directions in {each.copies} cop", str(choice))
        self.assertLessEqual(choice.cells, other.cells)
        self.assertIn("chosen: ", str(choice))
        self.assertIn("also: ", str(choice))

    def test_copies_that_do_not_meet(self):
        """Some copies meet no error, or have no room; none at all is an error."""
        arguments = {"error": 1e9, "gamma": GAMMA, "X": X[:9], "seeds": 1}
        choice = aimc.choose_features(copies=(1, 10**9), **arguments)
        self.assertEqual((choice.copies, choice.others, choice.curves[10**9]), (1, (), []))
        self.assertIn("not met: 1000000000 copies", str(choice))
        with self.assertRaisesRegex(aimc.ToolError, "expects room for @omega of 6x1 in 1000000000 copies"):
            aimc.choose_features(copies=[10**9], **arguments)
        with self.assertRaisesRegex(aimc.ErrorNotReached, r"the least was \d\.\d+, of [12] in [12] cop") as caught:
            aimc.choose_features(**{**arguments, "error": 1e-3}, copies=(1, 2, 10**9), most=2)
        self.assertEqual([len(curve) for curve in caught.exception.curves.values()], [2, 2, 0])

    def test_not_reached(self):
        with self.assertRaisesRegex(
            aimc.ErrorNotReached, r"that 6 directions on device 'exact' reach, but got 0.01; the least was 0\.\d+, of 6"
        ) as caught:
            aimc.choose_features(error=0.01, gamma=GAMMA, X=X, device="exact", most=6, seeds=1)
        self.assertEqual([m for m, _, _ in caught.exception.curve], [1, 2, 4, 6])
        one = aimc.choose_features(error=1e9, gamma=GAMMA, X=X[:2], seeds=1)
        self.assertEqual((one.directions, len(one.curve)), (1, 1))

    def test_errors(self):
        def write(kernel="rbf", sampler="orf", directions=4, inputs=6, gamma=GAMMA, **options):
            aimc.write_features(self.path, kernel, sampler, directions, inputs, gamma=gamma, **options)

        for arguments, message in (
            ({"kernel": "gauss"}, "expects kernel to be one of rbf.*, but got 'gauss'"),
            ({"sampler": "fast"}, "expects sampler to be one of rff, orf, sorf, hadamard, qmc, but got 'fast'"),
            ({"gamma": None}, "expects gamma of kernel 'rbf' to be finite and greater than 0, but got None"),
            ({"gamma": 0}, "expects gamma of kernel 'rbf' to be finite and greater than 0, but got 0"),
            ({"gamma": float("nan")}, "expects gamma of kernel 'rbf' to be finite and greater than 0, but got nan"),
            ({"kernel": "arccos1"}, "expects no gamma for kernel 'arccos1', but got 0.1"),
            ({"directions": 0}, "expects directions to be an integer of at least 1, but got 0"),
            ({"inputs": 1.5}, "expects inputs to be an integer of at least 1, but got 1.5"),
            ({"seed": -1}, r"expects seed in \[0, 2\^63\), but got -1"),
        ):
            with self.subTest(arguments=arguments), self.assertRaisesRegex(ValueError, message):
                write(**arguments)
        with self.assertRaisesRegex(TypeError, "expects options of kernel.projection, but got norm"):
            write(norm=1)
        self.assertFalse(self.path.exists())
        write(sampler="sorf", haar=True)
        with self.assertRaisesRegex(aimc.ToolError, "haar"):
            aimc.run(self.path, X)
        for arguments, message in (
            ({"error": 0}, "expects error to be finite and greater than 0, but got 0"),
            ({"error": 0.1, "seeds": 0}, "expects seeds to be an integer of at least 1, but got 0"),
            ({"error": 0.1, "X": X[:0]}, r"expects X of at least two rows and one column, but got shape \(0, 6\)"),
            ({"error": 0.1, "X": X[0]}, r"expects X of at least two rows and one column, but got shape \(6,\)"),
            ({"error": 0.1, "gamma": -1}, "expects gamma of kernel 'rbf' to be finite"),
            ({"error": 0.1, "copies": (1, 0)}, "expects copies to be integers of at least 1, but got 0"),
            ({"error": 0.1, "X": X[:1]}, r"expects X of at least two rows and one column, but got shape \(1, 6\)"),
            ({"error": 0.1, "copies": True}, "expects copies to be integers of at least 1, but got True"),
            ({"error": 0.1, "copies": 1.5}, "expects copies to be integers of at least 1, but got 1.5"),
            ({"error": 0.1, "copies": ()}, r"expects at least one number of copies, but got \(\)"),
            (
                {"error": 0.1, "copies": (1, 2), "device": "exact"},
                r"expects 1 copy on device 'exact', which has no noise to average, but got \(1, 2\)",
            ),
        ):
            with self.subTest(arguments=arguments), self.assertRaisesRegex(ValueError, message):
                aimc.choose_features(**{"X": X, "gamma": GAMMA, **arguments})


if __name__ == "__main__":
    unittest.main()
