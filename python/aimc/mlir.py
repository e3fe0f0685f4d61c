# ===- mlir.py - Text of an MLIR module ------------------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Builds a module of one function as text, with its constants as resources.

Large constants become `dense_resource` blobs: MLIR keeps them aside from its
attributes, so reading and copying a model does not depend on their size.
"""

from __future__ import annotations

import os
from typing import IO, Any, Mapping, Sequence

import numpy as np

from aimc.files import replaced_file

# Constants up to this size are written as numbers that can be read.
_INLINE_BYTES = 1024
# Bytes of a blob that are turned to hexadecimal at once.
_CHUNK_BYTES = 1 << 20
# MLIR's text form of a blob: its alignment as 32 bits, little endian, first.
_BLOB_ALIGNMENT = 4

# Options in the order of the operations' syntax.
_PROJECTION_CLAUSES = ("sampler", "gamma", "truncation", "row_norm", "haar")
_GRAM_CLAUSES = ("kernel", "gamma")
_FEATURES_CLAUSES = ("map", "epsilon", "stabiliser")

_ROWS = "affine_map<(n, c) -> (n, c)>"
_COLUMNS = "affine_map<(n, c) -> (c)>"
_ONE = "affine_map<(n, c) -> (n, 0)>"


def tensor_type(*sizes: int | None) -> str:
    """The type of an FP32 tensor; a size of None is dynamic."""
    return "tensor<" + "".join(f"{'?' if s is None else s}x" for s in sizes) + "f32>"


def as_float32(values: np.ndarray, what: str) -> np.ndarray:
    """`values` as contiguous little-endian FP32.

    Raises `ValueError` naming `what` when a value is not finite in FP32.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        result = np.ascontiguousarray(values, dtype="<f4")
    if not np.isfinite(result).all():
        raise ValueError(f"expects {what} to be finite in FP32, but got NaN or infinite values")
    return result


def _clauses(values: Mapping[str, Any], order: Sequence[str]) -> str:
    """`name(value)` of those of `values` that are not None, in `order`."""
    return " ".join(f"{name}({_literal(values[name])})" for name in order if values.get(name) is not None)


def _literal(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    # repr() of a double always has a point or an exponent, but MLIR wants the
    # point.
    number = repr(float(value))
    return number if "." in number else f"{float(value):.17e}"


class FunctionBuilder:
    """A function from n×`width` FP32 values to n×`D`, written line by line.

    `value` is the name of the SSA value reached so far and `width` its number
    of columns; each method that computes something moves both on. Large constants
    are resources of the module, or without `with_resources` bytes in their place.
    """

    def __init__(self, name: str, width: int, *, with_resources: bool = True) -> None:
        self.name = name
        self._with_resources = with_resources
        self.inputs = width
        self.width = width
        self.value = "%x"
        self._lines: list[str] = []
        self._names: dict[str, int] = {}
        self._resources: dict[str, np.ndarray] = {}
        self._has_rows = False

    @property
    def position(self) -> tuple[str, int]:
        """`value` and `width`; setting it goes back to a value computed before."""
        return self.value, self.width

    @position.setter
    def position(self, position: tuple[str, int]) -> None:
        self.value, self.width = position

    def unique(self, name: str) -> str:
        """`name`, with a number from its second use on."""
        count = self._names.get(name, 0)
        self._names[name] = count + 1
        return name if count == 0 else f"{name}_{count}"

    def emit(self, line: str) -> None:
        """Adds one operation."""
        self._lines.append(line)

    def constant(self, name: str, values: np.ndarray) -> tuple[str, str]:
        """Adds an FP32 constant; returns its SSA value and type.

        Raises `ValueError` naming the constant when it is not finite.
        """
        values = as_float32(values, name)
        name = self.unique(name)
        if values.nbytes <= _INLINE_BYTES:
            # Nine digits give back the same FP32 value.
            flat = [f"{v:.8e}" for v in values.ravel()]
            for size in reversed(values.shape):
                flat = ["[" + ", ".join(flat[i : i + size]) + "]" for i in range(0, len(flat), size)]
            attribute = f"dense<{flat[0]}>"
        elif not self._with_resources:
            attribute = f'dense<"0x{values.tobytes().hex().upper()}">'
        else:
            self._resources[name] = values
            attribute = f"dense_resource<{name}>"
        kind = tensor_type(*values.shape)
        self.emit(f"%{name} = arith.constant {attribute} : {kind}")
        return f"%{name}", kind

    def projection(
        self,
        sampler: str,
        gamma: float | None,
        seed: int,
        shape: tuple[int, int],
        with_offset: bool,
        options: Mapping[str, Any],
    ) -> tuple[str, str | None]:
        """Adds Ω of `shape` m×d as a recipe; returns Ω and the offset or None."""
        omega = self.unique("omega")
        kind = tensor_type(*shape)
        clauses = _clauses({"sampler": sampler, "gamma": gamma, **options}, _PROJECTION_CLAUSES)
        recipe = f"kernel.projection {clauses} seed({seed})"
        if not with_offset:
            self.emit(f"%{omega} = {recipe} : {kind}")
            return f"%{omega}", None
        offset = self.unique("offset")
        self.emit(f"%{omega}, %{offset} = {recipe} : {kind}, {tensor_type(shape[0])}")
        return f"%{omega}", f"%{offset}"

    def features(
        self, kind: str, omega: str, directions: int, offset: str | None, columns: int, options: Mapping[str, Any]
    ) -> None:
        """Adds a feature map `kind` on Ω with `directions` rows, to `columns` features."""
        omega_type = tensor_type(directions, self.width)
        suffix = f" offset({offset} : {tensor_type(directions)})" if offset else ""
        clauses = _clauses({"map": kind, **options}, _FEATURES_CLAUSES)
        result = "%" + self.unique("features")
        self.emit(
            f"{result} = kernel.features {clauses} {self.value}, {omega}{suffix}\n"
            f"    : {self._type()}, {omega_type} -> {tensor_type(None, columns)}"
        )
        self.value, self.width = result, columns

    def columnwise(self, name: str, steps: Sequence[tuple[str, str, np.ndarray]]) -> None:
        """Applies `steps` to each value, each (operation, name, one value a column)."""
        constants = [self.constant(label, values) for _, label, values in steps]
        init = self._empty(self.width)
        maps = ", ".join([_ROWS] + [_COLUMNS] * len(steps) + [_ROWS])
        operands = ", ".join([self.value] + [value for value, _ in constants])
        types = ", ".join([self._type()] + [kind for _, kind in constants])
        arguments = ", ".join(["%v: f32"] + [f"%k{i}: f32" for i in range(len(steps))] + ["%o: f32"])
        result = "%" + self.unique(name)
        body = []
        last = "%v"
        for i, (operation, _, _) in enumerate(steps):
            body.append(f"  %r{i} = {operation} {last}, %k{i} : f32")
            last = f"%r{i}"
        self.emit(
            f"{result} = linalg.generic {{\n"
            f"    indexing_maps = [{maps}],\n"
            f'    iterator_types = ["parallel", "parallel"]}}\n'
            f"    ins({operands} : {types})\n"
            f"    outs({init} : {self._type()}) {{\n"
            f"^bb0({arguments}):\n" + "\n".join(body) + f"\n  linalg.yield {last} : f32\n}} -> {self._type()}"
        )
        self.value = result

    def gram(self, kernel: str, gamma: float | None, points: np.ndarray) -> None:
        """Adds the exact kernel with each row of `points`, of `width` columns."""
        values, kind = self.constant("points", points)
        clauses = _clauses({"kernel": kernel, "gamma": gamma}, _GRAM_CLAUSES)
        result = "%" + self.unique("gram")
        self.emit(
            f"{result} = kernel.gram {clauses} {self.value}, {values}\n"
            f"    : {self._type()}, {kind} -> {tensor_type(None, len(points))}"
        )
        self.value, self.width = result, len(points)

    def elementwise(self, name: str, values: Sequence[tuple[str, int]], body: Sequence[str]) -> None:
        """Computes `body`, operations from %v0, %v1, … of the `values` to %r, on each element.

        All values have the same width or one column, which counts for each of the others.
        """
        width = max(columns for _, columns in values)
        self.value, self.width = values[0][0], width
        init = self._empty(width)
        maps = [_ROWS if columns == width else _ONE for _, columns in values] + [_ROWS]
        types = ", ".join(tensor_type(None, columns) for _, columns in values)
        arguments = ", ".join([f"%v{i}: f32" for i in range(len(values))] + ["%o: f32"])
        result = "%" + self.unique(name)
        self.emit(
            f"{result} = linalg.generic {{\n"
            f"    indexing_maps = [{', '.join(maps)}],\n"
            f'    iterator_types = ["parallel", "parallel"]}}\n'
            f"    ins({', '.join(value for value, _ in values)} : {types})\n"
            f"    outs({init} : {self._type()}) {{\n"
            f"^bb0({arguments}):\n"
            + "\n".join(f"  {line}" for line in body)
            + f"\n  linalg.yield %r : f32\n}} -> {self._type()}"
        )
        self.value = result

    def weighted_sum(self, name: str, values: Sequence[tuple[str, int]], body: Sequence[str]) -> None:
        """Sums %r, which `body` computes from %v0, %v1, … of the `values`, over the columns of each row.

        A value is a batch, (name, columns), or the constant of a row, (name, 0).
        """
        width = max(columns for _, columns in values)
        filled = self._zeros(1)
        kind = tensor_type(None, 1)
        maps = [_ROWS if columns else _COLUMNS for _, columns in values] + [_ONE]
        types = ", ".join(tensor_type(None, columns) if columns else tensor_type(width) for _, columns in values)
        arguments = ", ".join([f"%v{i}: f32" for i in range(len(values))] + ["%o: f32"])
        result = "%" + self.unique(name)
        self.emit(
            f"{result} = linalg.generic {{\n"
            f"    indexing_maps = [{', '.join(maps)}],\n"
            f'    iterator_types = ["parallel", "reduction"]}}\n'
            f"    ins({', '.join(value for value, _ in values)} : {types})\n"
            f"    outs({filled} : {kind}) {{\n"
            f"^bb0({arguments}):\n"
            + "\n".join(f"  {line}" for line in body)
            + f"\n  %sum = arith.addf %o, %r : f32\n  linalg.yield %sum : f32\n}} -> {kind}"
        )
        self.value, self.width = result, 1

    def weighted_steps(self, name: str, weights: np.ndarray, start: np.ndarray) -> None:
        """start + Θ(v)·`weights` of the values v reached so far, Θ(v) = 1 above 0, else 0.

        One sum for each column, so that it is no matrix product, which could go to
        crossbars: votes are counted exactly.
        """
        values = self.position
        columns = []
        for column in weights.T:
            weight, _ = self.constant("signs", column)
            self.weighted_sum(
                name, [values, (weight, 0)], ["%s = aimc.step %v0 : f32", "%r = arith.mulf %s, %v1 : f32"]
            )
            columns.append(self.value)
        joined = "%" + self.unique(name)
        kind = tensor_type(None, len(columns))
        one = ", ".join([tensor_type(None, 1)] * len(columns))
        self.emit(f"{joined} = tensor.concat dim(1) {', '.join(columns)} : ({one}) -> {kind}")
        self.value, self.width = joined, len(columns)
        self.columnwise(name, [("arith.addf", "first", start)])

    def matmul(self, name: str, weights: np.ndarray) -> None:
        """Multiplies by the matrix `weights`, one row an input."""
        matrix, matrix_type = self.constant(name, weights)
        columns = weights.shape[1]
        kind = tensor_type(None, columns)
        filled = self._zeros(columns)
        result = "%" + self.unique("product")
        self.emit(
            f"{result} = linalg.matmul ins({self.value}, {matrix} : {self._type()}, {matrix_type})\n"
            f"    outs({filled} : {kind}) -> {kind}"
        )
        self.value, self.width = result, columns

    def function(self, *, first: Sequence[tuple[str, int]] = ()) -> str:
        """The text of the function.

        Its results are those of `first`, values computed before, and the last value.
        """
        results = [*first, self.position]
        types = ", ".join(tensor_type(None, columns) for _, columns in results)
        returned = ", ".join(value for value, _ in results)
        result = types if len(results) == 1 else f"({types})"
        lines = [f"  func.func @{self.name}(%x: {tensor_type(None, self.inputs)}) -> {result} {{"]
        for line in self._lines + [f"return {returned} : {types}"]:
            lines.append("    " + line.replace("\n", "\n    "))
        return "\n".join([*lines, "  }", ""])

    def write(self, path: str | os.PathLike, comment: str, *, first: Sequence[tuple[str, int]] = ()) -> None:
        """Writes the module; `comment` is its first line, `first` as of `function`."""
        with replaced_file(path) as file:
            file.write(f"// {comment}\nmodule {{\n{self.function(first=first)}}}\n")
            if self._resources:
                self._write_resources(file)

    def _write_resources(self, file: IO[str]) -> None:
        file.write("\n{-#\n  dialect_resources: {\n    builtin: {\n")
        last = list(self._resources)[-1]
        for name, values in self._resources.items():
            file.write(f'      {name}: "0x{_BLOB_ALIGNMENT.to_bytes(4, "little").hex().upper()}')
            blob = memoryview(values).cast("B")
            for start in range(0, len(blob), _CHUNK_BYTES):
                file.write(blob[start : start + _CHUNK_BYTES].hex().upper())
            file.write('"\n' if name == last else '",\n')
        file.write("    }\n  }\n#-}\n")

    def _zeros(self, columns: int) -> str:
        kind = tensor_type(None, columns)
        init = self._empty(columns)
        zero = "%" + self.unique("zero")
        filled = "%" + self.unique("filled")
        self.emit(f"{zero} = arith.constant 0.0 : f32")
        self.emit(f"{filled} = linalg.fill ins({zero} : f32) outs({init} : {kind}) -> {kind}")
        return filled

    def _type(self) -> str:
        return tensor_type(None, self.width)

    def _empty(self, columns: int) -> str:
        if not self._has_rows:
            self.emit("%row_dimension = arith.constant 0 : index")
            self.emit(f"%rows = tensor.dim %x, %row_dimension : {tensor_type(None, self.inputs)}")
            self._has_rows = True
        init = "%" + self.unique("init")
        self.emit(f"{init} = tensor.empty(%rows) : {tensor_type(None, columns)}")
        return init
