#!/usr/bin/env python3
# ===- lint-sources.py - rules that no compiler checks ---------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Checks the source tree against the rules that no compiler checks.

  lint-sources.py [--top FOLDER]

  - a C++ or TableGen file begins with the banner that names it and says what
    it is for, has the SPDX line, and, if it can be included, a guard;
  - no includes in a cycle;
  - the runtime includes no LLVM and no MLIR;
  - no file over 1 MB;
  - no note of work left undone, no path of somebody's home folder.

In a git checkout that git reads the files are those it knows or could add, elsewhere all
but those of build folders. Errors go to standard error as
`file:line: error: ...`; the exit code is 1 when there are any.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys

CXX = (".h", ".cpp", ".c", ".td")
LARGEST_FILE = 1 << 20
# This file, and its test, name what they look for.
EXEMPT_FROM_WORDS = {"scripts/lint-sources.py", "test/scripts/lint-sources.test", "CONTRIBUTING.md"}
UNDONE = re.compile(r"\b(?:TODO|FIXME|XXX)\b")
HOME = re.compile(r"(?<![\w.])/(?:root|home)/\w")
INCLUDE = re.compile(r'^\s*(?:#\s*)?include\s+(?:"([^"]+)"|<(aimc/[^>]+)>)')
BANNER = re.compile(r"^//===- (\S+) - \S.* ?-*(?:\*- (?:C|C\+\+|tablegen) -\*-?)?-*===//$")
INCLUDE_FOLDERS = ("include", "dialects", "lib", "tools")


def files_of(top):
    """Paths below `top`, relative to it, in order."""
    if os.path.exists(os.path.join(top, ".git")) and shutil.which("git"):
        command = ["git", "-C", top, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        done = subprocess.run(command, capture_output=True, text=True)
        # git refuses the checkout of another user, as a container sees it.
        if done.returncode == 0:
            names = done.stdout.split("\0")
            return sorted(name for name in names if name and os.path.isfile(os.path.join(top, name)))
    names = []
    for folder, folders, files in os.walk(top):
        folders[:] = [f for f in folders if f not in (".git", "__pycache__") and not re.match(r"build(-|$)", f)]
        names += [os.path.relpath(os.path.join(folder, file), top) for file in files]
    return sorted(names)


def lint_cxx(name, lines):
    """Errors of the banner, the licence line and the guard."""
    banner = BANNER.match(lines[0]) if lines else None
    if not banner:
        yield 1, "expects the banner //===- File - purpose ---===// in the first line"
    elif banner.group(1) != os.path.basename(name):
        yield 1, f"expects the banner to name '{os.path.basename(name)}', but got '{banner.group(1)}'"
    if not any("SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception" in line for line in lines[:12]):
        yield 1, "expects the line SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception near the top"
    if name.endswith((".h", ".td")):
        code = [line for line in lines if line.startswith("#")]
        guard = re.match(r"#ifndef (\w+)$", code[0]) if code else None
        if not guard or len(code) < 2 or code[1] != f"#define {guard.group(1)}":
            yield 1, "expects an include guard before all else"
    if name.startswith(("lib/Runtime/", "include/aimc/Runtime/")):
        for number, line in enumerate(lines, 1):
            if re.match(r'\s*#\s*include\s*["<](?:mlir|llvm)', line):
                yield number, "expects the runtime to stand without LLVM and MLIR, but got an include of them"


def includes_of(name, lines, files):
    """(line number, file of the tree) for each include."""
    for number, line in enumerate(lines, 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        wanted = match.group(1) or match.group(2)
        for folder in (os.path.dirname(name),) + INCLUDE_FOLDERS:
            candidate = os.path.normpath(os.path.join(folder, wanted))
            if candidate in files:
                yield number, candidate
                break


def cycles(graph):
    """Yields (file, line number, path of files) for each include that closes a
    cycle. The search keeps its own stack: include chains may be long."""
    done = set()
    for root in sorted(graph):
        if root in done:
            continue
        path, stack = [root], [iter(graph[root])]
        while stack:
            for number, target in stack[-1]:
                if target in path:
                    yield path[-1], number, path[path.index(target):] + [target]
                elif target not in done:
                    path.append(target)
                    stack.append(iter(graph[target]))
                    break
            else:
                done.add(path.pop())
                stack.pop()


def lint(top):
    names = files_of(top)
    known, graph = set(names), {}
    for name in names:
        path = os.path.join(top, name)
        size = os.path.getsize(path)
        if size > LARGEST_FILE:
            yield name, 1, f"expects a file of at most {LARGEST_FILE} bytes, but got {size}"
            continue
        try:
            with open(path, encoding="utf-8") as file:
                lines = file.read().splitlines()
        except UnicodeDecodeError:
            continue  # Not a text.
        if name.endswith(CXX):
            yield from ((name, number, message) for number, message in lint_cxx(name, lines))
            graph[name] = list(includes_of(name, lines, known))
        if name in EXEMPT_FROM_WORDS:
            continue
        for number, line in enumerate(lines, 1):
            if UNDONE.search(line):
                yield name, number, "expects finished work, but got a note of work left undone"
            if HOME.search(line):
                yield name, number, "expects no path of one machine, but got one of a home folder"
    for targets in graph.values():
        targets[:] = [(number, target) for number, target in targets if target in graph]
    for name, number, path in cycles(graph):
        yield name, number, "expects includes without a cycle, but got " + " -> ".join(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--top", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."),
                        help="the top of the tree; this one's by default")
    top = os.path.normpath(parser.parse_args().top)
    if not os.path.isdir(top):
        sys.exit(f"lint-sources.py: error: expects a folder, but got '{top}'")
    errors = 0
    for name, number, message in lint(top):
        errors += 1
        print(f"{name}:{number}: error: {message}", file=sys.stderr)
    print(f"lint-sources.py: {errors} errors")
    sys.exit(1 if errors else 0)


if __name__ == "__main__":
    main()
