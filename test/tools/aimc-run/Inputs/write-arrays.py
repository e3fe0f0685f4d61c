# ===- write-arrays.py - Good and bad files of arguments --------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""write-arrays.py FOLDER: the files that tests of aimc-run read."""

import sys
from pathlib import Path

import numpy as np

folder = Path(sys.argv[1])
x = np.array([[1, 0, 0], [0, 1, 0], [1, 1, 1]], dtype=np.float32)
np.save(folder / "x.npy", x)
np.save(folder / "rows0.npy", x[:0])
np.save(folder / "labels.npy", np.array([1, 0, 1]))
np.save(folder / "y.npy", np.array([[1, 2], [3, 4], [9, 13]], dtype=np.float32))
np.savez(folder / "x.npz", x=x, z=np.zeros((3, 4), np.float32))
for name, content in {
    "x.txt": b"1,2,3\n",
    "garbage.npz": b"PK\x03\x04 and no more",
    "crlf.csv": b"1,0,0\r\n0,1,0\r\n1,1,1\r\n",
    "word.csv": b"1,2,3\n4,two,6\n",
    "ragged.csv": b"1,2,3\n4,5\n",
    "empty.csv": b"",
    "binary.csv": bytes(range(256)),
}.items():
    (folder / name).write_bytes(content)
