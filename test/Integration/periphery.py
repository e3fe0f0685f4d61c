# REQUIRES: scikit-learn, aimc-run, aimcc
# RUN: %python %s
# ===- periphery.py - Poor converters and narrow digital units -------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""What coarse ADCs and fixed-point units cost, and how much of it can be had back."""

import json
import unittest

import numpy as np
from integration import IntegrationTest, digits, digits_model
from sklearn.datasets import load_digits
from sklearn.kernel_approximation import RBFSampler
from sklearn.linear_model import RidgeClassifier
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline

import aimc
from aimc.tools import run_tool

ASSUMED = {"provenance": "assumed", "source": "this test"}


def figure(value):
    return {"value": value, "unit": "1", **ASSUMED}


class PeripheryTest(IntegrationTest):
    def target(self, name, change):
        """The path of `hermes` with a change, as a target of that name."""
        target = json.loads(run_tool([aimc.find_tool("aimcc"), "--print-target", "hermes"]))
        target["name"] = name
        change(target)
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(target))
        return path

    def test_approximate_adc(self):
        """Training through a coarse ADC has most of its loss back (Ghosh et al. 2024).

        Four bits, a transfer curve u - .3 u^3, gains that differ by 10 % and offsets
        by 5 % of full scale from column to column.
        """

        def coarse(target):
            target["device"] = {"kind": "ideal"}
            target["adc"].update(
                bits=4,
                gain_spread=figure(0.1),
                offset_spread=figure(0.05),
                nonlinearity={"cubic": 0.3, **ASSUMED},
            )

        path = self.target("coarse", coarse)
        X, y = load_digits(return_X_y=True)
        accuracies = []
        for seed in range(5):
            A, B, ya, yb = train_test_split(X, y, test_size=0.25, random_state=seed, stratify=y)
            sampler = RBFSampler(gamma=0.001, n_components=512, random_state=seed)
            model = make_pipeline(sampler, RidgeClassifier(alpha=0.1)).fit(A, ya)
            row = [model.score(B, yb)]
            for trained in (model, aimc.fit_readout(model, A, ya, seed=seed, target=path)):
                placed = aimc.compile(trained, path, self.folder / "placed.mlir", calibrate=A, emit="placed")
                result = aimc.run(placed, B, labels=yb, device="simulator", seed=seed, classes=model.classes_)
                row.append(result.accuracy)
            accuracies.append(row)
        ideal, lost, recovered = 100 * np.mean(accuracies, axis=0)
        print(f"ideal {ideal:.2f} %, trained on ideal features {lost:.2f} %, through the ADC {recovered:.2f} %")
        self.assertGreater(ideal - lost, 1)
        self.assertGreater(recovered - lost, 0.6 * (ideal - lost))

    def test_fixed_point_unit(self):
        """A fixed-point unit behind the ADC loses at most .4 points (Ferro et al. 2024)."""
        fixed = {
            "value_bits": 8,
            "scale_integer_bits": 1,
            "scale_fraction_bits": 7,
            "offset_integer_bits": 7,
            "offset_fraction_bits": 1,
            **ASSUMED,
        }
        X, X_test, y, y_test = digits()
        for scaled in (False, True):
            model = digits_model(scaled).fit(X, y)
            accuracies = []
            for name in ("fp32", "fixed_point"):

                def change(target):
                    local = next(unit for unit in target["digital_units"] if unit["name"] == "local")
                    local["format"] = name
                    if name == "fixed_point":
                        local["fixed_point"] = fixed

                path = self.target(name, change)
                emitted = aimc.compile(model, path, self.folder / f"{name}.mlir", calibrate=X, emit="runtime")
                self.assertEqual("aimc.fixed_point" in emitted.read_text(), name == "fixed_point")
                result = aimc.run(emitted, X_test, labels=y_test, device="simulator", chips=10, classes=model.classes_)
                accuracies.append(100 * result.accuracy)
            with self.subTest(scaled=scaled):
                print(f"scaled {scaled}: FP32 {accuracies[0]:.2f} %, fixed point {accuracies[1]:.2f} %")
                self.assertLessEqual(accuracies[0] - accuracies[1], 0.4)


if __name__ == "__main__":
    unittest.main()
