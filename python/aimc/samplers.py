# ===- samplers.py - Feature maps with the compiler's directions -----------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Feature maps of the RBF kernel as scikit-learn transformers.

Their random directions come from the samplers of the runtime library, so they
are to the bit those that `kernel.projection` stands for.
"""

from __future__ import annotations

import ctypes
import functools
import numbers
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import check_array, check_random_state
from sklearn.utils.validation import check_is_fitted

from aimc.tools import find_library

_MAPS = ("rbf", "rbf_phase")
# Of `kernel.projection`.
_OPTIONS = {"rff": ("truncation",), "orf": ("row_norm", "haar"), "sorf": ("row_norm",), "hadamard": ("row_norm",)}


class _Projection(ctypes.Structure):
    """`aimc_projection` of the runtime library."""

    _fields_ = [
        ("sampler", ctypes.c_char_p),
        ("seed", ctypes.c_uint64),
        ("features", ctypes.c_int64),
        ("inputs", ctypes.c_int64),
        ("gamma", ctypes.c_double),
        ("truncation", ctypes.c_double),
        ("chi_row_norms", ctypes.c_int),
        ("haar", ctypes.c_int),
    ]


class _RBFFeatures(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """What both samplers share; `sampler` is the dialect's name for it."""

    sampler: str

    def __init__(
        self, *, gamma: float = 1.0, n_components: int = 100, map: str = "rbf_phase", random_state: Any = None
    ) -> None:
        self.gamma = gamma
        self.n_components = n_components
        self.map = map
        self.random_state = random_state

    def fit(self, X: np.ndarray, y: Any = None) -> _RBFFeatures:
        """Draws the directions for the d columns of `X`, n×d; `y` is not used.

        Raises `ValueError` when a parameter is out of its range.
        """
        X = check_array(X)
        gamma, components = self.gamma, self.n_components
        if not isinstance(gamma, numbers.Real) or not 0 < gamma < np.inf:
            raise ValueError(f"expects gamma to be finite and greater than 0, but got {gamma!r}")
        if self.map not in _MAPS:
            raise ValueError(f"expects map to be one of {', '.join(_MAPS)}, but got {self.map!r}")
        if not isinstance(components, numbers.Integral) or components < 1:
            raise ValueError(f"expects n_components to be an integer of at least 1, but got {components!r}")
        if self.map == "rbf" and components % 2 != 0:
            raise ValueError(f"expects n_components to be even for map 'rbf', but got {components}")
        if isinstance(self.random_state, numbers.Integral):
            self.seed_ = int(self.random_state)
            if not 0 <= self.seed_ < 2**63:
                raise ValueError(f"expects random_state in [0, 2^63), but got {self.random_state}")
        else:
            self.seed_ = int(check_random_state(self.random_state).randint(2**31 - 1))
        self.n_features_in_ = X.shape[1]
        self.random_weights_, self.random_offset_ = self._draw()
        self._n_features_out = int(components)
        return self

    def transform(self, X: np.ndarray) -> np.ndarray:
        """The features of the rows of `X`, n×d, as n×n_components values of FP64."""
        check_is_fitted(self)
        X = check_array(X)
        if X.shape[1] != self.n_features_in_:
            raise ValueError(f"expects {self.n_features_in_} columns as in fit, but got {X.shape[1]}")
        projected = X @ self.random_weights_.astype(np.float64)
        directions = self.random_weights_.shape[1]
        if self.map == "rbf_phase":
            return np.sqrt(2.0 / directions) * np.cos(projected + self.random_offset_)
        return np.hstack([np.cos(projected), np.sin(projected)]) / np.sqrt(directions)

    def is_as_drawn(self) -> bool:
        """Whether the directions still are, to the bit, those of the parameters."""
        weights, offset = self._draw()
        if not np.array_equal(weights, self.random_weights_):
            return False
        return offset is None or np.array_equal(offset, self.random_offset_)

    def _draw(self) -> tuple[np.ndarray, np.ndarray | None]:
        directions = int(self.n_components) // (2 if self.map == "rbf" else 1)
        omega = sample_projection(self.sampler, directions, self.n_features_in_, float(self.gamma), self.seed_)
        offset = sample_offsets(directions, self.seed_) if self.map == "rbf_phase" else None
        return omega.T, offset


class GaussianRBFSampler(_RBFFeatures):
    """Random Fourier features of exp(-γ‖x - y‖²) (Rahimi and Recht, NeurIPS 2007).

    Directions are independent and Gaussian: `kernel.projection sampler(rff)`.

    Parameters: `gamma` is γ > 0. `n_components` is the number of features D.
    `map` is `rbf_phase`, (2/m)^(1/2)·cos(Ωx + b) with m = D directions, as
    scikit-learn's `RBFSampler`, or `rbf`, m^(-1/2)·[cos(Ωx) | sin(Ωx)] with
    m = D/2: half the crossbar for as many features. `random_state` is a seed, a
    `RandomState` or None.

    After `fit`: `random_weights_` is Ωᵀ, d×m values of FP32 with √(2γ) included;
    `random_offset_` is b, m values of FP32 in [0, 2π), None for `rbf`; `seed_` is
    the seed in use.
    """

    sampler = "rff"


class OrthogonalRBFSampler(_RBFFeatures):
    """Orthogonal random features of exp(-γ‖x - y‖²) (Yu et al., NeurIPS 2016).

    Directions are orthogonal and Haar distributed within blocks of d, with
    chi(d) lengths, which lowers the error of the kernel: `kernel.projection
    sampler(orf)`. Parameters and attributes are those of `GaussianRBFSampler`.
    """

    sampler = "orf"


def sample_projection(
    sampler: str,
    directions: int,
    inputs: int,
    gamma: float,
    seed: int,
    *,
    truncation: float | None = None,
    row_norm: str | None = None,
    haar: bool | None = None,
) -> np.ndarray:
    """Ω, `directions`×`inputs` values of FP32, √(2γ) included.

    Samplers and options are those of `kernel.projection`; None is what it has
    without the option. Raises `ValueError` when one is out of its range.
    """
    options = {"truncation": truncation, "row_norm": row_norm, "haar": haar}
    options = {name: value for name, value in options.items() if value is not None}
    for name in options:
        if name not in _OPTIONS.get(sampler, ()):
            raise ValueError(f"expects an option of sampler {sampler!r}, but got {name}")
    if row_norm not in (None, "chi", "constant"):
        raise ValueError(f"expects row_norm to be 'chi' or 'constant', but got {row_norm!r}")
    orthogonal = sampler == "orf"
    projection = _Projection(
        sampler=sampler.encode(),
        seed=seed,
        features=directions,
        inputs=inputs,
        gamma=gamma,
        truncation=options.get("truncation", np.inf),
        chi_row_norms=orthogonal if row_norm is None else row_norm == "chi",
        haar=options.get("haar", orthogonal),
    )
    omega = np.empty((directions, inputs), dtype=np.float32)
    if not _library().aimc_sample_projection(ctypes.byref(projection), omega):
        raise ValueError(
            "expects a sampler, positive sizes, gamma and options in their ranges, but got "
            f"{sampler}, {directions}, {inputs}, {gamma}, {options}"
        )
    return omega


def sample_offsets(directions: int, seed: int) -> np.ndarray:
    """The offset of the phase form, `directions` values of FP32 in [0, 2π)."""
    offset = np.empty(directions, dtype=np.float32)
    if not _library().aimc_sample_offsets(directions, seed, offset):
        raise ValueError(f"expects at least one direction, but got {directions}")
    return offset


@functools.lru_cache(maxsize=None)
def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(str(find_library()))
    floats = np.ctypeslib.ndpointer(np.float32, flags=("C_CONTIGUOUS", "WRITEABLE"))
    library.aimc_sample_projection.argtypes = [ctypes.POINTER(_Projection), floats]
    library.aimc_sample_offsets.argtypes = [ctypes.c_int64, ctypes.c_uint64, floats]
    return library
