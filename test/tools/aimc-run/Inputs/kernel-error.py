# ===- kernel-error.py - The error of features, in NumPy -------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""kernel-error.py write FOLDER: x.npy, of 1200 rows.

kernel-error.py check FOLDER: whether rbf.json and linear.json tell the errors of
the features z.npy over the first 1000 rows.
"""

import json
import sys
from pathlib import Path

import numpy as np

folder = Path(sys.argv[2])
if sys.argv[1] == "write":
    np.save(folder / "x.npy", np.random.default_rng(0).normal(size=(1200, 3)).astype(np.float32))
    sys.exit()
x = np.load(folder / "x.npy")[:1000].astype(float)
z = np.load(folder / "z.npy")[:1000].astype(float)
distances = np.square(x[:, None] - x[None]).sum(axis=-1)
for name, kernel in {"rbf": np.exp(-0.5 * distances), "linear": x @ x.T}.items():
    report = json.loads((folder / f"{name}.json").read_text())
    expected = np.linalg.norm(kernel - z @ z.T) / np.linalg.norm(kernel)
    print(name, report["kernel"], report["kernel_rows"], abs(report["kernel_error"] - expected) < 1e-9)
