# ===- peers.py - The models of bench-programs in Python -------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Runs rounds of NumPy, scikit-learn and PyTorch for bench-programs.

  peers.py FOLDER

FOLDER has the arrays of each model as MODEL-NAME.npy. The first line printed
names the libraries that are there. Then for each line "LIBRARY MODEL BATCH
CALLS" read, as many calls are made and the seconds they take together printed.
"""

import os
import sys
import time
from pathlib import Path

# Before the libraries are loaded: all is measured on one thread.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np


class Features:
    """cos(x W + b) R + c, W with the scale of the kernel in it."""

    def __init__(self, load):
        self.x = load("x")
        self.omega = np.ascontiguousarray(load("omega").T)
        self.offset, self.readout, self.intercept = load("offset"), load("readout"), load("intercept")
        self.scale = np.float32(np.sqrt(2.0 / len(self.offset)))

    def numpy(self, batch):
        x = self.x[:batch]

        def call():
            z = x @ self.omega
            z += self.offset
            np.cos(z, out=z)
            z *= self.scale
            y = z @ self.readout
            y += self.intercept
            return y

        return call

    def scikit_learn(self, batch):
        from sklearn.kernel_approximation import RBFSampler
        from sklearn.linear_model import Ridge
        from sklearn.pipeline import make_pipeline

        x = self.x[:batch]
        sampler, ridge = RBFSampler(n_components=len(self.offset)), Ridge()
        pipeline = make_pipeline(sampler, ridge)
        pipeline.fit(self.x[:64], np.zeros((64, len(self.intercept)), dtype=np.float32))
        # scikit-learn's own state, with the numbers of the model.
        sampler.random_weights_, sampler.random_offset_ = self.omega, self.offset
        ridge.coef_, ridge.intercept_ = np.ascontiguousarray(self.readout.T), self.intercept
        return lambda: pipeline.predict(x)

    def pytorch(self, batch):
        import torch

        torch.set_num_threads(1)
        tensors = [torch.from_numpy(v) for v in (self.x[:batch], self.omega, self.offset, self.readout, self.intercept)]
        x, omega, offset, readout, intercept = tensors

        def call():
            with torch.inference_mode():
                z = torch.addmm(offset, x, omega).cos_().mul_(float(self.scale))
                return torch.addmm(intercept, z, readout)

        return call


class Attention:
    """Attention by positive softmax features (FAVOR+), a sequence a call; each
    exponential is taken in the place of its argument."""

    def __init__(self, load):
        self.q, self.k, self.v = load("q"), load("k"), load("v")
        # Both signs of each direction, queries and keys times d^(-1/4).
        omega = load("omega").T * np.float32(self.q.shape[1] ** -0.25)
        self.omega = np.ascontiguousarray(np.concatenate([omega, -omega], axis=1))
        self.half = np.float32(0.5 * self.q.shape[1] ** -0.5)

    def numpy(self, batch):
        q, k, v = self.q[:batch], self.k[:batch], self.v[:batch]

        def features(x, common):
            h = x @ self.omega
            h -= self.half * np.einsum("nd,nd->n", x, x)[:, None]
            h -= h.max() if common else h.max(axis=1, keepdims=True)
            return np.exp(h, out=h)

        def call():
            fq, fk = features(q, False), features(k, True)
            y = fq @ (fk.T @ v)
            y /= (fq @ fk.sum(axis=0))[:, None]
            return y

        return call

    def pytorch(self, batch):
        import torch

        torch.set_num_threads(1)
        q, k, v, omega = (torch.from_numpy(array) for array in (self.q[:batch], self.k[:batch], self.v[:batch], self.omega))
        half = float(self.half)

        def features(x, common):
            h = (x @ omega).sub_(half * (x * x).sum(dim=1, keepdim=True))
            return h.sub_(h.max() if common else h.max(dim=1, keepdim=True).values).exp_()

        def call():
            with torch.inference_mode():
                fq, fk = features(q, False), features(k, True)
                return (fq @ (fk.T @ v)).div_((fq @ fk.sum(dim=0)).unsqueeze(1))

        return call


def libraries():
    """The libraries that can be loaded."""
    found = ["numpy"]
    for name, module in (("scikit_learn", "sklearn"), ("pytorch", "torch")):
        try:
            __import__(module)
            found.append(name)
        except ImportError:
            pass
    return found


def main():
    folder = Path(sys.argv[1])
    models, calls = {}, {}
    print(*libraries(), flush=True)
    for line in sys.stdin:
        library, name, batch, count = line.split()
        if (library, name, batch) not in calls:
            if name not in models:
                kind = Attention if name.startswith("favor") else Features
                models[name] = kind(lambda array: np.load(folder / f"{name}-{array}.npy"))
            calls[library, name, batch] = getattr(models[name], library)(int(batch))
        call = calls[library, name, batch]
        start = time.perf_counter()
        for _ in range(int(count)):
            call()
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main()
