# ===- library.py - Compiled models as estimators --------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Runs the shared library of a compiled model in this process."""

from __future__ import annotations

import ctypes
import json
import os
import tempfile
import threading
import weakref
from pathlib import Path
from typing import Any, Sequence

import numpy as np

from aimc.arguments import shown, to_array, to_classes, to_integer, to_number, to_path, to_text, to_texts
from aimc.elf import check_whole
from aimc.runner import class_indices

_MAX_RANK = 16  # AIMC_MAX_RANK
_VERSION = 1  # AIMC_INTERFACE_VERSION
_WRONG_CALL = 1  # AIMC_WRONG_CALL

# What the loader has: the file of each path, as device and inode, and the time of
# each file's last change.
_loaded_files: dict[str, tuple[int, int]] = {}
_loaded_times: dict[tuple[int, int], int] = {}
_loading = threading.Lock()


class _Options(ctypes.Structure):
    """aimc_options."""

    _fields_ = [
        ("version", ctypes.c_uint32),
        ("threads", ctypes.c_int32),
        ("device", ctypes.c_char_p),
        ("program_seed", ctypes.c_uint64),
        ("read_seed", ctypes.c_uint64),
        ("time", ctypes.c_double),
        ("mode", ctypes.c_char_p),
        ("device_option", ctypes.POINTER(ctypes.c_char_p)),
        ("without", ctypes.c_char_p),
        ("engine", ctypes.c_char_p),
    ]


class _Array(ctypes.Structure):
    """aimc_argument, and aimc_result, which has the same layout."""

    _fields_ = [
        ("values", ctypes.c_void_p),
        ("rank", ctypes.c_int32),
        ("sizes", ctypes.c_int64 * _MAX_RANK),
    ]


class CompiledModel:
    """A compiled model on a device, with the methods of a scikit-learn estimator; see `load`.

    `name` is the entry function's name, `target` that of the chip it is compiled for
    or None; `input_sizes` and `output_sizes` have a tuple for each argument and
    result, -1 where a size is any, and `input_names` and `output_names` what messages
    call them; `n_features_in_` is the width of the first argument; `classes_` are the classes, where `load` was given them. One object may be
    used from several threads; their runs wait for each other. `close`, or the end of a `with`, frees the model's memory.
    """

    def __init__(self, path: Path, options: _Options, classes: np.ndarray | None) -> None:
        library = _open(path)
        instance = library.aimc_create(library.aimc_library_model(), ctypes.byref(options))
        if not instance:
            raise RuntimeError(_last_error(library))
        self._library, self._instance, self._lock = library, instance, threading.Lock()
        self._finalizer = weakref.finalize(self, library.aimc_destroy, instance)
        description = json.loads(library.aimc_describe(instance))
        self.name: str = description["name"]
        self.target: str | None = description["target"]
        self.input_names = [value["name"] for value in description["inputs"]]
        self.output_names = [value["name"] for value in description["outputs"]]
        self.input_sizes = [tuple(value["sizes"]) for value in description["inputs"]]
        self.output_sizes = [tuple(value["sizes"]) for value in description["outputs"]]
        if self.input_sizes and self.input_sizes[0]:
            self.n_features_in_ = self.input_sizes[0][-1]
        if classes is not None:
            columns = self.output_sizes[0][-1] if self.output_sizes else 0
            expected = 2 if columns == 1 else columns
            if len(classes) != expected:
                raise ValueError(
                    f"expects {expected} classes for the {columns} scores of '{self.name}', but got {len(classes)}"
                )
            self.classes_ = classes

    def run(self, *arguments: Any, first_vector: int = 0) -> tuple[np.ndarray, ...]:
        """Runs the entry function on arrays, converted to FP32; returns all its results.

        `first_vector` is the index of row 0 in the whole data set, from 0 to 2^62,
        which keys the noise of device `simulator`. Raises `ValueError` with the runtime's sentence for
        arrays that do not fit, and for masked ones, whose mask would be lost; `TypeError` for a
        `first_vector` that is no whole number; `RuntimeError` with the runtime's sentence when the device
        fails or there is too little memory, and after `close`.
        """
        if len(arguments) != len(self.input_sizes):
            names = ", ".join(self.input_names)
            count = "1 array" if len(self.input_names) == 1 else f"{len(self.input_names)} arrays"
            raise ValueError(f"expects {count} ({names}) for '{self.name}', but got {len(arguments)}")
        first = to_integer(first_vector, "first_vector")
        if not 0 <= first <= 2**62:
            raise ValueError(f"expects a first vector from 0 to 2^62, but got {shown(first)}")
        values = [to_array(argument) for argument in arguments]
        given = (_Array * len(values))()
        for array, slot in zip(values, given):
            if array.ndim > _MAX_RANK:
                raise ValueError(f"expects an array of at most {_MAX_RANK} dimensions, but got {array.ndim}")
            slot.values, slot.rank = array.ctypes.data, array.ndim
            slot.sizes[: array.ndim] = array.shape
        results = (_Array * len(self.output_sizes))()
        library = self._library
        with self._lock:
            if not self._finalizer.alive:
                raise RuntimeError(f"expects '{self.name}' to run before it is closed, but got it closed")
            code = library.aimc_run(self._instance, first, given, results)
            if code:
                raise (ValueError if code == _WRONG_CALL else RuntimeError)(_last_error(library))
        try:
            return tuple(_copy(result) for result in results)
        finally:
            for result in results:
                library.aimc_free_result(ctypes.byref(result))

    def decision_function(self, *arguments: Any, first_vector: int = 0) -> np.ndarray:
        """The first result for the rows of an array, n×d: n×C scores, n of one score a row.

        A model of several arguments takes as many arrays, as do the methods below: those of
        attention are q, k and v, and of other ranks where its arguments are. `first_vector` is
        as in `run`: rows given one at a time have the noise of row 0 each without it.
        """
        scores = self._first(arguments, first_vector)
        return scores[:, 0] if scores.ndim == 2 and scores.shape[1] == 1 else scores

    def predict(self, *arguments: Any, first_vector: int = 0) -> np.ndarray:
        """The class of each row where the classes are known, else the values.

        Of one score a row the second class is a score above 0; of several it is the
        first largest. Without classes, those of a regression or of attention, they are
        the values of `decision_function`.
        """
        if not hasattr(self, "classes_"):
            return self.decision_function(*arguments, first_vector=first_vector)
        return self.classes_[class_indices(self._first(arguments, first_vector))]

    def transform(self, *arguments: Any, first_vector: int = 0) -> np.ndarray:
        """The first result for the rows of an array, n×d: n×D features."""
        return self._first(arguments, first_vector)

    def close(self) -> None:
        """Frees the memory of the model; it cannot run any more."""
        with self._lock:
            self._finalizer()

    def __enter__(self) -> CompiledModel:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<aimc.CompiledModel '{self.name}' for {self.target or 'no target'}>"

    def _first(self, arguments: tuple[Any, ...], first_vector: int) -> np.ndarray:
        if not self.output_sizes:
            raise ValueError(f"expects a model with a result, but '{self.name}' has none")
        return self.run(*arguments, first_vector=first_vector)[0]


def load(
    path: str | os.PathLike,
    device: str | os.PathLike = "exact",
    seed: int = 0,
    *,
    threads: int = 0,
    time: float = 0.0,
    mode: str | None = None,
    program_seed: int | None = None,
    read_seed: int | None = None,
    device_option: str | Sequence[str] = (),
    without: str | Sequence[str] = (),
    engine: str = "auto",
    classes: Any = None,
) -> CompiledModel:
    """Programs the model in the shared library `path` on `device`; no process, no compiler.

    The library is of `aimc.compile(…, emit="library")` or of an emitted project.
    The options are those of `aimc-run` and have its names: `device`, `time` and `mode`;
    `seed`, or `program_seed` and `read_seed`, which go before it; `device_option`, a
    "KEY=VALUE" of a plug-in or a list of them; `without`, effects of device `simulator`
    to leave out, in a list or with commas between them; `engine`. `threads` 0 is as
    many as the machine has. `classes` are those of a classifier in the order of its
    scores, `pipeline.classes_`, for `predict`: a library has no labels.

    A library that was compiled again since it was loaded is loaded anew; models of
    the earlier one stay what they are.

    Raises `OSError` when `path` cannot be loaded, is a part of a library or was changed in place;
    `TypeError` when an option is of another type, also a boolean for a number; `ValueError` when it is no
    compiled model, one of another version of AIMC than this package, `classes` is no list,
    or a seed or the number of threads is out of range; `RuntimeError` with the
    runtime's sentence when the model cannot be programmed: a file of weights beside
    it that was altered, an unknown device, another option that the device refuses.
    """
    path = Path(to_path(path, "path"))
    seeds = {"seed": seed, "program_seed": program_seed, "read_seed": read_seed}
    for name, value in seeds.items():
        if value is None and name != "seed":
            seeds[name] = seeds["seed"]
            continue
        seeds[name] = to_integer(value, name)
        if not 0 <= seeds[name] < 2**64:
            raise ValueError(f"expects a {name} from 0 to 2^64 - 1, but got {shown(value)}")
    threads = to_integer(threads, "threads")
    if not 0 <= threads <= 1024:
        raise ValueError(f"expects 0 threads, for as many as the machine has, to 1024, but got {shown(threads)}")
    if classes is not None:
        classes = to_classes(classes)
    words = to_texts(device_option, "device_option")
    effects = to_texts(without, "without")
    options = _Options(
        version=_VERSION,
        threads=threads,
        device=to_text(to_path(device, "device"), "device"),
        program_seed=seeds["program_seed"],
        read_seed=seeds["read_seed"],
        time=to_number(time, "time"),
        mode=None if mode is None else to_text(mode, "mode"),
        # A null pointer ends it.
        device_option=(ctypes.c_char_p * (len(words) + 1))(*words),
        # No effects are none to leave out, an empty name is one that the runtime refuses.
        without=b",".join(effects) if effects else None,
        engine=to_text(engine, "engine"),
    )
    return CompiledModel(path, options, classes)


def _load(path: Path) -> ctypes.CDLL:
    """The library that is at `path` now.

    The loader never forgets a library, nor looks at the file behind a name that it
    knows. One that has come into the place of another has a name of its own here.
    """
    # A name without a slash would be looked for in the system's folders.
    name = str(path.resolve())
    with _loading:
        try:
            status = os.stat(name)
        except OSError:
            return ctypes.CDLL(name)  # which says what is wrong
        file = (status.st_dev, status.st_ino)
        if _loaded_times.get(file, status.st_mtime_ns) != status.st_mtime_ns:
            raise OSError(
                f"expects '{name}' to be replaced by another file, but got it changed while this process uses it; "
                "load it in another process"
            )
        check_whole(name)
        if _loaded_files.get(name, file) == file:
            library = ctypes.CDLL(name)
            _loaded_files[name] = file
        else:
            with tempfile.TemporaryDirectory(prefix="aimc-") as folder:
                link = os.path.join(folder, os.path.basename(name))
                os.symlink(name, link)
                library = ctypes.CDLL(link)
        _loaded_times[file] = status.st_mtime_ns
        return library


def _open(path: Path) -> ctypes.CDLL:
    """Opens a library of a model and declares the calls of aimc/Runtime/Model.h."""
    library = _load(path)
    try:
        library.aimc_library_model.restype = ctypes.c_void_p
        library.aimc_create.restype = ctypes.c_void_p
    except AttributeError:
        raise ValueError(f"expects a library of aimcc --emit=library, but got '{path}'") from None
    # Nothing else of another version can be called.
    try:
        library.aimc_interface_version.restype = ctypes.c_uint32
        version = library.aimc_interface_version()
    except AttributeError:
        version = 0
    if version != _VERSION:
        raise ValueError(
            f"expects a library of version {_VERSION} of aimc/Runtime/Model.h, as this package is, but got version "
            f"{version} of '{path}'; use a package and a runtime of one AIMC"
        )
    library.aimc_create.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    library.aimc_destroy.argtypes = [ctypes.c_void_p]
    library.aimc_destroy.restype = None
    library.aimc_run.argtypes = [ctypes.c_void_p, ctypes.c_uint64, ctypes.c_void_p, ctypes.c_void_p]
    library.aimc_describe.argtypes = [ctypes.c_void_p]
    library.aimc_describe.restype = ctypes.c_char_p
    library.aimc_last_error.restype = ctypes.c_char_p
    library.aimc_free_result.argtypes = [ctypes.c_void_p]
    library.aimc_free_result.restype = None
    return library


def _last_error(library: ctypes.CDLL) -> str:
    """The runtime's sentence, which may have a path of any bytes in it."""
    return library.aimc_last_error().decode(errors="replace")


def _copy(result: _Array) -> np.ndarray:
    """The values of a result, in memory of Python's."""
    shape = tuple(result.sizes[: result.rank])
    count = int(np.prod(shape, dtype=np.int64))
    if count == 0:
        return np.empty(shape, dtype=np.float32)
    values = (ctypes.c_float * count).from_address(result.values)
    return np.frombuffer(values, dtype=np.float32).reshape(shape).copy()
