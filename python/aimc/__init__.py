# ===- __init__.py - The aimc package --------------------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Kernel methods of scikit-learn on analog in-memory computing.

    import aimc

    model = aimc.export(pipeline, "model.mlir")
    program = aimc.compile(model, target="hermes", calibrate=X_train)
    result = aimc.run(program, X_test, labels=y_test, device="simulator", seed=0)

`export` writes a fitted `Pipeline` as MLIR with its weights, `compile` lowers it
to a target, `run` executes a module or a compiled program, `load` one compiled to a
shared library, in this process; `fit_readout` fits
the read-out to what a device gives, and `choose_features` tells how many
features a kernel needs there. All work is done by
the project's tools; `ToolError` carries what they say. `KernelSampler`, and for
the RBF kernel `GaussianRBFSampler` and `OrthogonalRBFSampler`, are feature maps
whose random directions come from the compiler's own runtime library, so that a
model can hold their recipe in place of their values. `BayesianReadout` gives a
mean and a variance of features, a Gaussian process. `fit_target` makes a target of
what was measured on an array.
"""

from aimc.bayesian import BayesianReadout
from aimc.compiler import compile  # noqa: A004
from aimc.exporter import export
from aimc.features import ErrorNotReached, FeatureChoice, choose_features, write_features
from aimc.library import CompiledModel, load
from aimc.measurements import Fit, TargetFit, fit_target
from aimc.modules import join_readout
from aimc.readout import fit_readout
from aimc.runner import RunResult, run
from aimc.samplers import GaussianRBFSampler, KernelSampler, OrthogonalRBFSampler
from aimc.tools import ToolError, find_library, find_tool

__all__ = [
    "BayesianReadout",
    "CompiledModel",
    "ErrorNotReached",
    "FeatureChoice",
    "Fit",
    "GaussianRBFSampler",
    "KernelSampler",
    "OrthogonalRBFSampler",
    "RunResult",
    "TargetFit",
    "ToolError",
    "choose_features",
    "compile",
    "export",
    "find_library",
    "find_tool",
    "fit_readout",
    "fit_target",
    "join_readout",
    "load",
    "run",
    "write_features",
]
__version__ = "0.1.0"
