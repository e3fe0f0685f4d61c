# ===- mutate.py - Malformed variants of a module --------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Writes malformed variants of a module.

  mutate.py FOLDER < MODULE

The module is in generic form. In the variants one attribute is left out or
replaced, one operand of our operations left out, or one type replaced. Each file
of FOLDER is a split input of some of them: for each error the tool looks for its
line in the whole file.
"""

import re
import sys
from pathlib import Path
from typing import Iterator

VARIANTS_PER_FILE = 100

ATTRIBUTES = (
    "unit",
    "-1 : i64",
    "9223372036854775807 : i64",
    '"text"',
    "@nowhere",
    "array<i64>",
    "array<i64: 1>",
    "array<i32: 5, 5>",
    "dense<1.0> : tensor<0x4xf32>",
    "dense<1.0> : tensor<f32>",
    "dense<-2147483648> : tensor<1x8xi32>",
    "0.0 : f32",
    "() -> ()",
)
TYPES = (
    "f32",
    "index",
    "tensor<*xf32>",
    "tensor<f32>",
    "tensor<?x?xf32>",
    "tensor<0x0xf32>",
    "memref<?x?xf32>",
    "vector<4xf64>",
    "vector<[4]xf32>",
)


def split_list(text: str) -> list[str]:
    """The items of `text`, which commas outside of brackets separate."""
    items, depth, start = [], 0, 0
    for position, character in enumerate(text):
        if character in "[<({":
            depth += 1
        elif character in "]>)}" and text[position - 1 : position + 1] != "->":
            depth -= 1
        elif character == "," and depth == 0:
            items.append(text[start:position])
            start = position + 1
    return [item.strip() for item in [*items, text[start:]]]


def variants(text: str) -> Iterator[str]:
    """All malformed variants of the module `text`."""
    for match in re.finditer(r"<\{(.*?)\}>", text):
        items = split_list(match[1])
        for index, item in enumerate(items):
            name = item.split("=")[0]
            for value in (None, *ATTRIBUTES):
                changed = [] if value is None else [f"{name}= {value}"]
                properties = ", ".join(items[:index] + changed + items[index + 1 :])
                yield text[: match.start(1)] + properties + text[match.end(1) :]
    for match in re.finditer(r'"(?:aimc|kernel)\.[^"]*"\(([^)]+)\)', text):
        types = re.compile(r" : \(([^()]*)\) -> ").search(text, match.end())
        operands = split_list(match[1])
        kinds = split_list(types[1]) if types else []
        if len(kinds) != len(operands):
            continue
        for index in range(len(operands)):
            left = ", ".join(operands[:index] + operands[index + 1 :])
            left_kinds = ", ".join(kinds[:index] + kinds[index + 1 :])
            middle = text[match.end(1) : types.start(1)]
            yield text[: match.start(1)] + left + middle + left_kinds + text[types.end(1) :]
    for match in re.finditer(r"(?:tensor|memref|vector)<[^<>]*>", text):
        for kind in TYPES:
            yield text[: match.start()] + kind + text[match.end() :]


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    written = list(variants(sys.stdin.read()))
    for first in range(0, len(written), VARIANTS_PER_FILE):
        text = "\n// -----\n".join(written[first : first + VARIANTS_PER_FILE])
        (folder / f"{first}.mlir").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
