# ===- samplers.py - Feature maps with the compiler's directions -----------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Random features of kernels as scikit-learn transformers.

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

_RBF_MAPS = ("rbf", "rbf_phase")
_MAPS = (*_RBF_MAPS, "arccos0", "arccos1", "arccos2", "softmax_pos", "softmax_trig", "relu")
# Maps with two features a direction.
_PAIRS = ("rbf", "softmax_pos", "softmax_trig")
_SAMPLERS = ("rff", "orf", "sorf", "hadamard", "qmc")
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


class _RandomFeatures(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """What all samplers share.

    A subclass has the parameters `n_components`, `map` and `random_state`, and
    may have any other of `KernelSampler`; here is what they are without it.
    """

    sampler: str
    gamma: float | None = None
    epsilon: float | None = None
    stabiliser: str | None = None
    truncation: float | None = None
    row_norm: str | None = None
    haar: bool | None = None
    _maps: tuple[str, ...] = _MAPS

    def fit(self, X: np.ndarray, y: Any = None) -> _RandomFeatures:
        """Draws the directions for the d columns of `X`, n×d; `y` is not used.

        Raises `ValueError` when a parameter is out of its range.
        """
        X = check_array(X)
        self._check_parameters()
        if isinstance(self.random_state, numbers.Integral):
            self.seed_ = int(self.random_state)
            if not 0 <= self.seed_ < 2**63:
                raise ValueError(f"expects random_state in [0, 2^63), but got {self.random_state}")
        else:
            self.seed_ = int(check_random_state(self.random_state).randint(2**31 - 1))
        self.n_features_in_ = X.shape[1]
        self.random_weights_, self.random_offset_ = self._draw()
        self._n_features_out = int(self.n_components)
        return self

    def transform(self, X: np.ndarray) -> np.ndarray:
        """The features of the rows of `X`, n×d, as n×n_components values of FP64."""
        check_is_fitted(self)
        X = check_array(X)
        if X.shape[1] != self.n_features_in_:
            raise ValueError(f"expects {self.n_features_in_} columns as in fit, but got {X.shape[1]}")
        X = X.astype(np.float64)
        projected = X @ self.random_weights_.astype(np.float64)
        directions = self.random_weights_.shape[1]
        if self.map == "rbf_phase":
            return np.sqrt(2.0 / directions) * np.cos(projected + self.random_offset_)
        if self.map == "arccos0":
            return np.sqrt(2.0 / directions) * (projected > 0)
        if self.map in ("arccos1", "arccos2"):
            return np.sqrt(2.0 / directions) * np.maximum(projected, 0) ** int(self.map[-1])
        if self.map == "relu":
            return (np.maximum(projected, 0) + (1e-3 if self.epsilon is None else self.epsilon)) / np.sqrt(directions)
        if self.map == "softmax_pos":
            if self.stabiliser == "row":
                shift = -np.abs(projected).max(axis=1, keepdims=True)
            else:
                shift = -(X**2).sum(axis=1, keepdims=True) / 2 - np.log(2 * directions) / 2
            return np.hstack([np.exp(projected + shift), np.exp(-projected + shift)])
        features = np.hstack([np.cos(projected), np.sin(projected)]) / np.sqrt(directions)
        if self.map == "softmax_trig":
            features *= np.exp((X**2).sum(axis=1, keepdims=True) / 2)
        return features

    def is_as_drawn(self) -> bool:
        """Whether the directions still are, to the bit, those of the parameters."""
        weights, offset = self._draw()
        if not np.array_equal(weights, self.random_weights_):
            return False
        return offset is None or np.array_equal(offset, self.random_offset_)

    def projection_options(self) -> dict[str, Any]:
        """The options of `kernel.projection` that are given: `truncation`, `row_norm`, `haar`."""
        return self._given("truncation", "row_norm", "haar")

    def map_options(self) -> dict[str, Any]:
        """The options of `kernel.features` that are given: `epsilon`, `stabiliser`."""
        return self._given("epsilon", "stabiliser")

    def _given(self, *names: str) -> dict[str, Any]:
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}

    def _check_parameters(self) -> None:
        gamma, components, epsilon = self.gamma, self.n_components, self.epsilon
        if gamma is not None and (not isinstance(gamma, numbers.Real) or not 0 < gamma < np.inf):
            raise ValueError(f"expects gamma to be finite and greater than 0, but got {gamma!r}")
        if self.map not in self._maps:
            raise ValueError(f"expects map to be one of {', '.join(self._maps)}, but got {self.map!r}")
        if gamma is not None and self.map not in _RBF_MAPS:
            raise ValueError(f"expects gamma for maps {' and '.join(_RBF_MAPS)} alone, but got it for {self.map!r}")
        if self.sampler not in _SAMPLERS:
            raise ValueError(f"expects sampler to be one of {', '.join(_SAMPLERS)}, but got {self.sampler!r}")
        if not isinstance(components, numbers.Integral) or components < 1:
            raise ValueError(f"expects n_components to be an integer of at least 1, but got {components!r}")
        if self.map in _PAIRS and components % 2 != 0:
            raise ValueError(f"expects n_components to be even for map {self.map!r}, but got {components}")
        if epsilon is not None and self.map != "relu":
            raise ValueError(f"expects epsilon for map 'relu' alone, but got it for {self.map!r}")
        if epsilon is not None and (not isinstance(epsilon, numbers.Real) or not 0 <= epsilon < np.inf):
            raise ValueError(f"expects epsilon to be finite and at least 0, but got {epsilon!r}")
        if self.stabiliser is not None and self.map != "softmax_pos":
            raise ValueError(f"expects stabiliser for map 'softmax_pos' alone, but got it for {self.map!r}")
        if self.stabiliser not in (None, "none", "row"):
            raise ValueError(f"expects stabiliser to be 'none' or 'row', but got {self.stabiliser!r}")

    def _draw(self) -> tuple[np.ndarray, np.ndarray | None]:
        directions = int(self.n_components) // (2 if self.map in _PAIRS else 1)
        # Of γ = 1/2, √(2γ) is 1.
        gamma = 0.5 if self.gamma is None else float(self.gamma)
        omega = sample_projection(
            self.sampler, directions, self.n_features_in_, gamma, self.seed_, **self.projection_options()
        )
        offset = sample_offsets(directions, self.seed_) if self.map == "rbf_phase" else None
        return omega.T, offset


class KernelSampler(_RandomFeatures):
    """Random features of any map and sampler of the `kernel` dialect.

    `map` is a map of `kernel.features`, z(x) as its table defines:

    - `rbf`, `rbf_phase`: exp(-γ‖x - y‖²) (Rahimi and Recht, NeurIPS 2007);
    - `arccos0`, `arccos1`, `arccos2`: arc-cosine kernels (Cho and Saul, NIPS 2009);
    - `softmax_pos`, `softmax_trig`: exp(x·y) (Choromanski et al., ICLR 2021);
      `stabiliser="row"` divides each row of `softmax_pos` by its largest feature;
    - `relu`: m^(-1/2)·(ReLU(Ωx) + ε) with `epsilon`, by default 0.001.

    `sampler` is a sampler of `kernel.projection` with its options, None for what
    it has without: `rff` (`truncation`), `orf` (`row_norm`, `haar`), `sorf` and
    `hadamard` (`row_norm`), `qmc`. `gamma` is γ > 0 of the RBF maps, by default
    1/2; the other kernels have no such parameter. `n_components` is the
    number of features D, `random_state` a seed, a `RandomState` or None.

    After `fit`: `random_weights_` is Ωᵀ, d×m values of FP32 with √(2γ) included,
    where m is D/2 for maps of pairs (`rbf`, `softmax_pos`, `softmax_trig`), else
    D; `random_offset_` is the offset of `rbf_phase`, m values of FP32 in
    [0, 2π), else None; `seed_` is the seed in use.
    """

    def __init__(
        self,
        *,
        map: str = "rbf_phase",
        sampler: str = "orf",
        gamma: float | None = None,
        n_components: int = 100,
        epsilon: float | None = None,
        stabiliser: str | None = None,
        truncation: float | None = None,
        row_norm: str | None = None,
        haar: bool | None = None,
        random_state: Any = None,
    ) -> None:
        self.map = map
        self.sampler = sampler
        self.gamma = gamma
        self.n_components = n_components
        self.epsilon = epsilon
        self.stabiliser = stabiliser
        self.truncation = truncation
        self.row_norm = row_norm
        self.haar = haar
        self.random_state = random_state


class _RBFFeatures(_RandomFeatures):
    """The short forms for the RBF kernel; `sampler` is a constant of the class."""

    _maps = _RBF_MAPS

    def __init__(
        self, *, gamma: float = 1.0, n_components: int = 100, map: str = "rbf_phase", random_state: Any = None
    ) -> None:
        self.gamma = gamma
        self.n_components = n_components
        self.map = map
        self.random_state = random_state


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
