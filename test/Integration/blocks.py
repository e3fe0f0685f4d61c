# REQUIRES: scikit-learn, aimc-run
# RUN: %python %s
# ===- blocks.py - What stands around products, from exporters ------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Activations and normalisations in the forms of models and exporters.

Each function of Inputs/*.mlir against its formula in FP64, as it is written and
compiled for a chip.
"""

import unittest
from pathlib import Path

import numpy as np
from integration import IntegrationTest
from scipy.special import erf, softmax

import aimc
from aimc.tools import find_tool, run_tool

INPUTS = Path(__file__).parent / "Inputs"


def silu(x):
    return x / (1 + np.exp(-x))


ACTIVATIONS = {
    "gelu": lambda x: x * (1 + erf(x / np.sqrt(2))) / 2,
    "gelu_tanh": lambda x: x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))),
    "silu": silu,
    "silu_named": silu,
    "softplus": lambda x: np.where(x > 20, x, np.log1p(np.exp(x))),
    "elu": lambda x: np.where(x > 0, x, np.expm1(x)),
    "leaky": lambda x: np.where(x >= 0, x, 0.01 * x),
    "hard_swish": lambda x: x * np.clip(x + 3, 0, 6) / 6,
    "logic": lambda x: ((np.abs(x) < 1) & (x != 0.5) | (x > 2)).astype(float),
    "elementary": lambda x: np.tanh(erf(1 / np.abs(x) + np.log(x * x))),
    "powers": lambda x: 1 / x**2 + x**5 + np.abs(x),
    "softmax": lambda x: softmax(x, axis=1),
}


def layer_norm(x):
    centred = x - x.mean(axis=1, keepdims=True)
    return 1.5 * centred / np.sqrt(x.var(axis=1, keepdims=True) + 1e-5) - 0.25


def weighted(x):
    """The product with the weights of the test, 1/8 each."""
    return np.repeat(x.sum(axis=1, keepdims=True) / 8, 24, axis=1)


NORMALISATIONS = {
    "layer_norm": layer_norm,
    "layer_norm_named": layer_norm,
    "layer_norm_one_pass": layer_norm,
    "rms_norm": lambda x: x / np.sqrt((x * x).mean(axis=1, keepdims=True) + 1e-5),
    "rescaled": lambda x: weighted(x) + x,
    "mean": lambda x: weighted(x).mean(axis=1, keepdims=True),
    "fused": lambda x: (weighted(x) + 0.5) ** 2 - weighted(x) - 0.5,
    "bias_in_destination": lambda x: weighted(x) + 0.5,
}


class BlocksTest(IntegrationTest):
    def assert_formulas(self, name, formulas, x):
        """Equal to 1e-6 of the largest value of a row's result.

        A body is some ten operations in FP32, each within 2^-23 of its result,
        on values that are not much larger than that.
        """
        source = INPUTS / name
        compiled = self.folder / name
        run_tool([find_tool("aimc-opt"), source, "--aimc-compile=target=hermes", "-o", compiled])
        for function, formula in formulas.items():
            expected = formula(x.astype(np.float64))
            scale = np.abs(expected).max(axis=1, keepdims=True)
            for module in (source, compiled):
                with self.subTest(function=function, module=module):
                    outputs = aimc.run(module, x, entry=function).outputs
                    self.assertEqual(outputs.shape, expected.shape)
                    self.assertLessEqual((np.abs(outputs - expected) / scale).max(), 1e-6)

    def test_activations(self):
        x = np.random.default_rng(0).normal(size=(8, 24), scale=3).astype(np.float32)
        x[0, :4] = 0.5, 25, -0.5, 1
        self.assert_formulas("activations.mlir", ACTIVATIONS, x)

    def test_normalisations(self):
        x = np.random.default_rng(1).normal(size=(8, 24)).astype(np.float32) + 1
        self.assert_formulas("normalisations.mlir", NORMALISATIONS, x)


if __name__ == "__main__":
    unittest.main()
