#!/usr/bin/env python3
# ===- check-docs.py - every example in the documentation runs -------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Checks that all is documented and that the examples hold.

  check-docs.py [--tblgen llvm-tblgen -I FOLDER... --definitions FILE.td...]
                [--opt aimc-opt PAGE.md|FOLDER...]

Definitions: each operation, pass, attribute and type has a summary and a
description, each operation and pass an example in it, a block of code marked
`mlir`.

Examples: each block marked `mlir` in the pages is read and verified by aimc-opt.
It may be

  - a module or its top-level operations, read as it is;
  - operations of a function: they are put into one. Values that they use and
    do not define become its arguments, with the types that the operations
    expect. Symbols that the block defines stay at the top level;
  - an attribute (`#...`) or a type (`!...`).

A block whose first line is `// aimc-opt ARGUMENTS` is run with them. When the
next block of the same section follows the word `After`, each of its lines, as
aimc-opt prints it, must be in the result, in order. `text` marks a block that
is no example to run. Errors are `file:line: error: ...`; the exit code is 1
when there are any.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

TOP_LEVEL = r"module\b|func\.func\b|memref\.global\b|[#!][\w.]+ *=|\{-#"
UNDECLARED = "use of undeclared SSA value name"
EXPECTED_TYPE = re.compile(r"use of value '(%[^']+)' expects different type than prior uses: '(.*)' vs 'none'")
MOST_ARGUMENTS = 64


class Block:
    """One example: where it is, its lines, and what stands before it."""

    def __init__(self, path, line, lead, lines):
        self.path, self.line, self.lead, self.lines = path, line, lead, lines
        self.arguments = {}

    @property
    def options(self):
        match = re.match(r"// aimc-opt (.*)", self.lines[0]) if self.lines else None
        return match.group(1).split() if match else []

    def statements(self):
        """The block's operations, each with the lines that belong to it: a new
        one begins at the block's own indentation, outside of brackets, unless
        the line only continues or closes the one before."""
        found, depth = [], 0
        for line in self.lines:
            if line.strip() and depth == 0 and not re.match(r"[\s})\]]", line) or not found:
                found.append([])
            found[-1].append(line)
            code = re.sub(r'"[^"]*"|//.*', "", line).replace("->", "")
            depth += sum(code.count(c) for c in "([{<") - sum(code.count(c) for c in ")]}>")
            depth = max(depth, 0)
        return ["\n".join(lines) for lines in found]

    def module(self, symbols):
        """The text that aimc-opt reads. `symbols` are the operations that
        define one."""
        text = "\n".join(self.lines).strip()
        if re.match(r"#[^=\n]*<", text) and not re.match(r"#[\w.]+ *=", text):
            return f"module attributes {{example.value = {text}}} {{}}"
        if re.match(r"![^=\n]*$", text):
            return f"func.func private @example({text})"
        top, inner = [], []
        for statement in self.statements():
            code = "\n".join(line for line in statement.splitlines() if not line.startswith("//")).strip()
            name = re.match(r"[\w.]+", code)
            if not code or re.match(TOP_LEVEL, code) or (name and name.group(0) in symbols):
                top.append(statement)
            else:
                inner.append(statement)
        if inner:
            arguments = ", ".join(f"{name}: {kind}" for name, kind in self.arguments.items())
            # One line in front, so that a name can be found by its place.
            top += [f"func.func @example({arguments}) {{", *inner, "return", "}"]
        return "\n".join(top)


def blocks_of(path):
    """The blocks of code marked `mlir` of a page."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    found, start, lead, fence = [], None, "", ""
    for number, line in enumerate(lines, 1):
        match = re.match(r"( *)(```+)(\S*)", line)
        if start is None and match:
            start, fence, language, indent = number, match.group(2), match.group(3), len(match.group(1))
        elif match and match.group(2) == fence and not match.group(3):
            if language == "mlir":
                body = [text[indent:] if not text[:indent].strip() else text for text in lines[start:number - 1]]
                found.append(Block(path, start + 1, lead, body))
            start, lead = None, ""
        elif start is None and line.strip():
            # What stands between two blocks; a heading forgets the block before.
            lead = "#" if line.startswith("#") else line
    return found


def run(opt, text, options=()):
    """aimc-opt on a text: the exit code, what it printed, and its messages."""
    result = subprocess.run([opt, "-", *options], input=text, capture_output=True, text=True)
    return result.returncode, result.stdout, result.stderr


def resolve(opt, block, symbols):
    """Finds the arguments that the block needs; returns the module's text and
    the first error, if any."""
    for _ in range(2 * MOST_ARGUMENTS):
        text = block.module(symbols)
        code, _, messages = run(opt, text, ["--mlir-disable-threading"])
        if code == 0:
            return text, None
        error = re.search(r"<stdin>:(\d+):(\d+): error: (.*)", messages)
        if not error:
            return text, messages.strip() or f"aimc-opt ended with exit code {code}"
        line, column, message = int(error.group(1)), int(error.group(2)), error.group(3)
        expected = EXPECTED_TYPE.match(message)
        if expected and block.arguments.get(expected.group(1)) == "none":
            block.arguments[expected.group(1)] = expected.group(2)
            continue
        name = re.match(r"%[\w$.-]+", text.splitlines()[line - 1][column - 1:])
        if UNDECLARED in message and name and name.group(0) not in block.arguments and "func.func @example(" in text:
            block.arguments[name.group(0)] = "none"
            continue
        return text, message
    return text, f"expects at most {MOST_ARGUMENTS} values from outside"


def missing_line(expected, result):
    """The first line of `expected` that is not in `result` in order."""
    rest = iter(line.strip() for line in result.splitlines())
    for line in expected.splitlines():
        line = line.strip()
        if line and not line.startswith("module") and not any(line == other for other in rest):
            return line
    return None


def check_page(opt, path, symbols):
    """Yields (line, message) for each error, and counts the blocks."""
    before = None
    for block in blocks_of(path):
        text, error = resolve(opt, block, symbols)
        if error:
            yield block.line, f"expects an example that aimc-opt reads, but got: {error}"
            before = None
            continue
        if before is not None and re.match(r"After\b", block.lead):
            line = missing_line(run(opt, text)[1], before)
            if line:
                yield block.line, f"expects the passes to give `{line}`, but they do not"
        before = None
        if block.options:
            code, before, messages = run(opt, text, block.options)
            if code != 0:
                yield block.line, f"expects {' '.join(block.options)} to succeed, but got: {messages.strip()}"
                before = None


def load(options):
    """All records of the definition files, by file."""
    for path in options.definitions:
        command = [options.tblgen, *(f"-I{folder}" for folder in options.include), "-dump-json", path]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode != 0:
            sys.exit(f"check-docs.py: error: expects llvm-tblgen to read {path}, but got: {result.stderr.strip()}")
        yield path, json.loads(result.stdout)


def check_definitions(path, records):
    """Yields (line, message) for what has no description or no example. What
    included files of others define is left out."""
    kinds = (("Op", "operation", True), ("Pass", "pass", True), ("AttrDef", "attribute", False), ("TypeDef", "type", False))
    for kind, word, needs_example in kinds:
        for name in records["!instanceof"].get(kind, []):
            record = records[name]
            line = record["!locs"][0].rpartition(":")[2]
            shown = f"{word} {name}"
            if not (record.get("summary") or "").strip():
                yield line, f"expects {shown} to have a summary, but got none"
            description = (record.get("description") or "").strip()
            if not description:
                yield line, f"expects {shown} to have a description, but got none"
            elif needs_example and "```mlir" not in description:
                yield line, f"expects {shown} to have an example marked mlir in its description, but got none"


def symbol_operations(records):
    """The names of the operations that define a symbol."""
    names = set()
    for name in records["!instanceof"].get("Op", []):
        record = records[name]
        traits = [records[trait["def"]] for trait in record["traits"] if trait["def"] in records]
        if any(trait.get("trait") == "SymbolOpInterface::Trait" or trait.get("cppInterfaceName") == "SymbolOpInterface"
               for trait in traits) or any(t["printable"] == "Symbol" for t in record["traits"]):
            names.add(f"{records[record['opDialect']['def']]['name']}.{record['opName']}")
    return names


def pages_below(paths):
    for path in paths:
        if os.path.isdir(path):
            for folder, folders, files in os.walk(path):
                folders.sort()
                yield from (os.path.join(folder, name) for name in sorted(files) if name.endswith(".md"))
        elif os.path.exists(path):
            yield path
        else:
            sys.exit(f"check-docs.py: error: expects a page or a folder, but got '{path}'")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tblgen", default="llvm-tblgen")
    parser.add_argument("-I", dest="include", action="append", default=[])
    parser.add_argument("--definitions", action="append", default=[])
    parser.add_argument("--opt", default="aimc-opt")
    parser.add_argument("pages", nargs="*")
    options = parser.parse_args()
    symbols, errors, examples = set(), 0, 0
    for path, records in load(options):
        symbols |= symbol_operations(records)
        for line, message in check_definitions(path, records):
            errors += 1
            print(f"{path}:{line}: error: {message}", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        # Passes in examples may write files.
        pages = [os.path.abspath(page) for page in pages_below(options.pages)]
        options.opt = os.path.abspath(options.opt) if os.path.dirname(options.opt) else options.opt
        os.chdir(folder)
        for page in pages:
            examples += len(blocks_of(page))
            for line, message in check_page(options.opt, page, symbols):
                errors += 1
                print(f"{page}:{line}: error: {message}", file=sys.stderr)
    print(f"check-docs.py: {examples} examples, {errors} errors")
    sys.exit(1 if errors else 0)


if __name__ == "__main__":
    main()
