# REQUIRES: scikit-learn, aimc-run, aimcc
# RUN: %python %s
# ===- paper.py - Tests of the published benchmark -------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""The published benchmark on generated data, against NumPy, and what it refuses.

With AIMC_DATA_DIR, also the published figures of magic04, and the kernel errors of the simulator
against those that were measured on the chip.
"""

import csv
import importlib.util
import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

import numpy as np
from integration import IntegrationTest
from sklearn.linear_model import Ridge

from aimc.samplers import sample_projection

RUN = Path(__file__).resolve().parents[2] / "examples/paper/run.py"


class PaperTest(IntegrationTest):
    def setUp(self):
        super().setUp()
        generator = np.random.default_rng(0)
        self.x = generator.normal(size=(600, 4)).astype(np.float32)
        self.y = (np.sin(2 * self.x[:, 0]) + self.x[:, 1] > 0).astype(np.int8) * 2 - 1
        self.file = self.folder / "data.npz"
        np.savez(self.file, x=self.x, y=self.y)

    def start(self, *options):
        command = [sys.executable, RUN, *map(str, options)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def report(self, *options):
        done = self.start(*options, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def expected(self, kernel):
        """Accuracy and kernel error of orf, k = 3, seed 0, on the exact device, by NumPy."""
        X = (self.x - self.x.mean(axis=0, dtype=float)) / self.x.std(axis=0, dtype=float)
        rows = np.random.default_rng(0).permutation(600)
        train, test = rows[:300], rows[300:]
        m = 8 * 4 - 3
        phases = X @ sample_projection("orf", m, 4, 0.05 if kernel == "rbf" else 0.5, 0, haar=False).T
        dots = X[test] @ X[test].T
        squares = np.diag(dots)
        if kernel == "rbf":
            Z = np.hstack([np.cos(phases), np.sin(phases)]) / np.sqrt(m)
            K = np.exp(-0.05 * (squares[:, None] + squares - 2 * dots))
        else:
            Z = np.sqrt(2 / m) * (phases > 0)
            K = 1 - np.arccos(np.clip(dots / np.sqrt(np.outer(squares, squares)), -1, 1)) / np.pi
        readout = Ridge(alpha=0.5).fit(Z[train], self.y[train] > 0)
        accuracy = np.mean((readout.predict(Z[test]) > 0.5) == (self.y[test] > 0))
        return accuracy, np.linalg.norm(K - Z[test] @ Z[test].T) / np.linalg.norm(K)

    def test_exact(self):
        """What NumPy gives."""
        for kernel in ("rbf", "arccos0"):
            with self.subTest(kernel=kernel):
                report = self.report("--data", self.file, "--kernel", kernel, "--k", 3, "--seeds", 1)
                (run,) = report["runs"]
                accuracy, error = self.expected(kernel)
                self.assertEqual((run["directions"], report["rows"]), (29, [300, 300]))
                # A row may lie at the boundary.
                self.assertLess(abs(run["accuracy"] - accuracy), 0.01)
                self.assertAlmostEqual(run["kernel_error"], error, places=4)

    def test_simulator(self):
        """All samplers on both devices: the chip costs something, but not the benchmark.

        Over six sets of such data the kernel error is 4 to 7 % below that of the exact device.
        """
        report = self.report(
            "--data", self.file, "--sampler", "rff,orf,sorf", "--k", "2..3", "--seeds", 2, "--device", "exact,simulator"
        )  # fmt: skip
        self.assertEqual((len(report["summary"]), len(report["runs"])), (12, 24))
        mean = {
            device: np.mean([row["kernel_error"] for row in report["summary"] if row["device"] == device])
            for device in ("exact", "simulator")
        }
        self.assertNotEqual(mean["simulator"], mean["exact"])
        self.assertLess(abs(mean["simulator"] - mean["exact"]), 0.12 * mean["exact"])
        for row in report["summary"]:
            self.assertGreater(row["accuracy"], 0.75)
            self.assertEqual("accuracy_fp32_readout" in row, row["device"] == "simulator")

    def test_parts(self):
        """Parts for training and testing, a one-hot index, and many classes."""
        one_hot = np.eye(3)[np.arange(600) % 3]
        X = np.hstack([one_hot, self.x])
        y = np.arange(600) % 5
        names = {"train": slice(0, 300), "val": slice(300, 400), "test": slice(400, 600)}
        parts = {f"{name}_{part}": {"x": X, "y": y}[name][rows] for part, rows in names.items() for name in "xy"}
        np.savez(self.file, **parts)
        options = ("--data", self.file, "--k", 1, "--seeds", 1)
        report = self.report(*options, "--one-hot", 3)
        self.assertEqual(report["rows"], [300, 300])
        self.assertEqual(report["runs"][0]["directions"], 2 * 5 - 1)
        done = self.start(*options, "--one-hot", 4)
        self.assertIn("run.py: error: expects one 1 in the first 4 columns of each row of x_train, but got", done.stderr)

    def test_table(self):
        done = self.start("--data", self.file, "--k", "1,2", "--seeds", 2)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"^sampler device +k +m +accuracy +FP32 read-out +kernel error\norf +exact +1 +7 +0\.")

    def test_plot(self):
        """With matplotlib an image, without it a sentence."""
        image = self.folder / "plot.svg"
        done = self.start("--data", self.file, "--k", "1,2", "--seeds", 1, "--plot", image)
        if importlib.util.find_spec("matplotlib"):
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("<svg", image.read_text())
        else:
            self.assertIn("run.py: error: --plot expects matplotlib, but this Python has none", done.stderr)
            self.assertFalse(image.exists())

    def test_errors(self):
        np.savez(self.folder / "other.npz", a=self.x)
        np.savez(self.folder / "one.npz", x=self.x, y=np.zeros(600))
        np.savez(self.folder / "nan.npz", x=np.full((4, 2), np.nan), y=[0, 1, 0, 1])
        for options, message in (
            (("--data", self.folder / "none.npz"), "No such file"),
            (("--data", self.folder / "other.npz"), "expects x and y, or x_train, y_train, x_test and y_test in"),
            (("--data", self.folder / "one.npz"), "expects two classes or more in"),
            (("--data", self.folder / "nan.npz"), "to be finite real numbers, but it is not"),
            (("--data", self.file, "--k", "0"), "expects k from 1 to 10, as in 5, 1..5 or 1,3, but got '0'"),
            (("--data", self.file, "--k", "3..2"), "expects k from 1 to 10, as in 5, 1..5 or 1,3, but got '3..2'"),
            (("--data", self.file, "--seeds", "0"), "expects an integer of at least 1, but got '0'"),
            (("--data", self.file, "--sampler", "orf,x"), "expects some of rff, orf, sorf, but got 'x'"),
            (("--data", self.file, "--device", "chip"), "expects some of exact, simulator, but got 'chip'"),
            (("--data", self.file, "--plot", "x.pdf"), "expects a file x.svg or x.png, but got 'x.pdf'"),
            (("--data", self.file, "--device", "simulator", "--target", "none"), "none"),
        ):
            with self.subTest(options=options):
                done = self.start(*options)
                self.assertEqual(done.returncode, 1)
                self.assertEqual(done.stdout, "")
                self.assertRegex(done.stderr, "^run.py: error: ")
                self.assertIn(message, done.stderr)

    def test_budget(self):
        """The whole chip and the exact device are those of run.py; each effect is left out."""
        budget = RUN.with_name("budget.py")
        command = [sys.executable, budget, "--data", self.file, "--k", "3", "--seeds", "2"]
        done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = {row["left_out"]: row for row in json.loads(done.stdout)["summary"]}
        self.assertLess(
            {"dac", "adc", "programming_noise", "read_noise", "low_frequency_noise"}, set(rows) - {"whole", "exact"}
        )
        report = self.report("--data", self.file, "--k", "3", "--seeds", "2", "--device", "exact,simulator")["summary"]
        expected = {row["device"]: row["kernel_error"] for row in report}
        self.assertAlmostEqual(rows["exact"]["kernel_error"], expected["exact"], places=6)
        self.assertAlmostEqual(rows["whole"]["kernel_error"], expected["simulator"], places=6)
        self.assertEqual(rows["drift"]["kernel_error_less"], 0)
        self.assertGreater(
            rows["whole"]["relative_error_to_exact"], rows["programming_noise"]["relative_error_to_exact"]
        )
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        self.assertEqual(lines[0].split(), ["left", "out", "kernel", "error", "less", "features", "to", "exact"])
        self.assertEqual(len(lines), len(rows) + 1)
        for options, message in (
            (("--kernel", "foo"), "argument --kernel: invalid choice: 'foo'"),
            (("--seeds", "0"), "expects an integer of at least 1, but got '0'"),
            (("--target", "nope"), "target 'nope' is neither built in"),
        ):
            done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn(message, done.stderr)

    def test_labels(self):
        """Labels that are not one a row are refused."""
        for name, arrays, message in (
            ("short", {"x": self.x, "y": self.y[1:]}, "expects a label for each of the 600 rows of x "),
            ("nan", {"x": self.x, "y": np.where(self.y > 0, np.nan, 0)}, "expects y in .* to be finite real numbers"),
            ("complex", {"x": self.x + 1j, "y": self.y}, "expects x in .* to be finite real numbers"),
            ("empty", {"x": self.x[:, :0], "y": self.y}, "to be a matrix, but got"),
        ):
            with self.subTest(name=name):
                np.savez(self.file, **arrays)
                done = self.start("--data", self.file)
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                self.assertRegex(done.stderr, message)
        np.save(self.folder / "plain.npy", self.x)
        self.assertIn("expects a file of several arrays", self.start("--data", self.folder / "plain.npy").stderr)

    @unittest.skipUnless("AIMC_DATA_DIR" in os.environ, "AIMC_DATA_DIR is not set")
    def test_magic04(self):
        """The published figures of rff, k = 5: .863 and .042; re-run .868 and .047 (arccos0 .816 and .096)."""
        file = Path(os.environ["AIMC_DATA_DIR"]) / "magic04.npz"
        for kernel, wanted in {"rbf": (0.868, 0.047), "arccos0": (0.823, 0.085)}.items():
            with self.subTest(kernel=kernel):
                (row,) = self.report("--data", file, "--kernel", kernel, "--sampler", "rff")["summary"]
                print(f"magic04, {kernel}: accuracy {row['accuracy']:.4f}, kernel error {row['kernel_error']:.4f}")
                self.assertLess(abs(row["accuracy"] - wanted[0]), 0.01)
                self.assertLess(abs(row["kernel_error"] - wanted[1]), 0.01)

    @unittest.skipUnless("AIMC_DATA_DIR" in os.environ, "AIMC_DATA_DIR is not set")
    def test_chip(self):
        """Mean |ln(simulator / chip)| of 24 kernel errors, two seeds each, is at most 0.16.

        Over all 60 and ten seeds docs/Reproduction.md has 0.115.
        """
        folder = Path(os.environ["AIMC_DATA_DIR"])
        with open(folder / "chip_kernel_results.csv", encoding="utf-8", newline="") as file:
            chip = {
                (row["dataset"], row["kernel"], row["sampler"], int(row["k_(s=2^k*d-k)"])): float(row["mean"])
                for row in csv.DictReader(file)
                if row["result"] == "hardware_err"
            }
        distances = []
        for data, name in (("magic04", "magic"), ("letter", "letter")):
            for kernel in ("rbf", "arccos0"):
                report = self.report(
                    "--data", folder / f"{data}.npz", "--kernel", kernel, "--sampler", "orf,sorf", "--k", "1,3,5",
                    "--seeds", 2, "--device", "simulator"
                )  # fmt: skip
                for row in report["summary"]:
                    measured = chip[name, kernel, row["sampler"], row["k"]]
                    distances.append(abs(np.log(row["kernel_error"] / measured)))
        self.assertEqual(len(distances), 24)
        print(f"mean |ln(simulator / chip)|: {np.mean(distances):.4f}")
        self.assertLess(np.mean(distances), 0.16)


if __name__ == "__main__":
    unittest.main()
