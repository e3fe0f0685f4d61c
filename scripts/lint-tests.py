#!/usr/bin/env python3
# ===- lint-tests.py - find lit tests that test nothing --------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Finds lit tests whose expectations nothing reads.

  lint-tests.py FILE|FOLDER...

A CHECK line that no FileCheck reads passes whatever the tool prints, so each of
these is an error:

  - a test without a RUN line;
  - a check line whose prefix no FileCheck of the RUN lines reads;
  - a prefix that FileCheck reads but no line has;
  - a check line without its colon;
  - an SSA number such as %0 in a check line: it changes with the printer;
  - expected-error and its like without --verify-diagnostics.

Folders are searched for .mlir and .test files, and for .py files below a folder
named python; Inputs, Unit and Benchmarks hold none. Errors go to standard
error as `file:line: error: ...`; the exit code is 1 when there are any.
"""

import argparse
import os
import re
import sys

EXCLUDED_FOLDERS = {"Inputs", "Unit", "Benchmarks", "Output", "__pycache__"}
SUFFIXES = r"NEXT|SAME|NOT|DAG|LABEL|EMPTY|COUNT-\d+"
# Words before a colon that are no check prefixes: lit's keywords and FileCheck's
# comments.
KEYWORDS = {"RUN", "REQUIRES", "UNSUPPORTED", "XFAIL", "ALLOW_RETRIES", "DEFINE", "REDEFINE", "COM", "END"}

COMMENT = r"^\s*(?://|#|;)+\s*"
RUN = re.compile(COMMENT + r"(?:RUN|DEFINE|REDEFINE):\s*(.*?)\s*$")
DIRECTIVE = re.compile(COMMENT + r"([A-Z][A-Z0-9_-]*[A-Z0-9])(\{LITERAL\})?:(?!:)(.*)$")
NO_COLON = re.compile(COMMENT + rf"([A-Z][A-Z0-9_-]*?)(-(?:{SUFFIXES}))?(?:\{{LITERAL\}})?(?:\s|$)")
EXPECTED = re.compile(r"expected-(?:error|warning|remark|note)(?:-re)?\b")
SSA_NUMBER = re.compile(r"(?<![\w%}])%\d+\b")
REGULAR_EXPRESSION = re.compile(r"\{\{.*?\}\}")


def run_lines(lines):
    """The commands of the RUN lines, continued lines joined."""
    commands, open_command = [], False
    for line in lines:
        match = RUN.match(line)
        if not match:
            continue
        text = match.group(1)
        continued = text.endswith("\\")
        text = text[:-1].rstrip() if continued else text
        if open_command:
            commands[-1] += " " + text
        else:
            commands.append(text)
        open_command = continued
    return commands


def prefixes_read(commands):
    """The prefixes that FileCheck reads from this file, and those of them that
    must be there. Only a FileCheck of %s, or of a part that split-file made of
    it in %t, reads this file."""
    read, needed = set(), set()
    # What a substitution of lit stands for, as it changes from line to line.
    values = {}
    for command in commands:
        match = re.match(r"(%\{\w+\})\s*=\s*(\S+)$", command)
        if match:
            values.setdefault(match.group(1), []).append(match.group(2))
    for command in commands:
        for part in re.split(r"\|\||&&|[|;]", command):
            words = part.split()
            if not any(os.path.basename(word) == "FileCheck" for word in words):
                continue
            arguments = words[[os.path.basename(word) for word in words].index("FileCheck") + 1:]
            if not any(re.match(r"%s|%t\b|%\{", a.strip("\"'")) for a in arguments):
                continue
            prefixes = []
            for number, argument in enumerate(arguments):
                match = re.match(r"--?check-prefix(?:es)?(?:=(.*))?$", argument)
                if match:
                    value = match.group(1)
                    if value is None and number + 1 < len(arguments):
                        value = arguments[number + 1]
                    for prefix in (value or "").split(","):
                        prefixes += values.get(prefix, [prefix])
            prefixes = prefixes or ["CHECK"]
            read.update(prefixes)
            if not any("implicit-check-not" in a for a in arguments):
                needed.update(prefixes)
    return read, needed


def lint(path):
    """Yields (line number, message) for each error of a file."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    commands = run_lines(lines)
    if not commands:
        yield 1, "expects a RUN line, but got a test that runs nothing"
        return
    read, needed = prefixes_read(commands)
    verifies = any(re.search(r"(?:^|\s)--?verify-diagnostics\b", c) for c in commands)
    found = set()
    for number, line in enumerate(lines, 1):
        if RUN.match(line):
            continue
        directive = DIRECTIVE.match(line)
        if directive and directive.group(1) not in KEYWORDS:
            name = directive.group(1)
            prefix = name if name in read else re.sub(rf"-(?:{SUFFIXES})$", "", name)
            found.add(prefix)
            if not read:
                yield number, f"expects a FileCheck that reads '{name}:', but got RUN lines without one"
            elif prefix not in read:
                yield number, (f"expects a prefix that FileCheck reads ({', '.join(sorted(read))}), "
                               f"but got '{name}:'")
            if SSA_NUMBER.search(REGULAR_EXPRESSION.sub("", directive.group(3))):
                yield number, "expects SSA names bound by [[NAME:%.+]], but got a number"
        elif not directive:
            match = NO_COLON.match(line)
            if match and ("CHECK" in match.group(1) or (match.group(2) and match.group(1) in read)):
                yield number, f"expects a colon after '{match.group(1)}{match.group(2) or ''}'"
        if EXPECTED.search(line) and not verifies:
            yield number, "expects --verify-diagnostics in a RUN line, but got a diagnostic that nothing verifies"
    for prefix in sorted(needed - found):
        yield 1, f"expects a line with the prefix '{prefix}' that FileCheck reads, but got none"


def tests_below(path):
    if os.path.isfile(path):
        yield path
        return
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(set(folders) - EXCLUDED_FOLDERS)
        suffixes = (".mlir", ".test", ".py") if "python" in folder.split(os.sep) else (".mlir", ".test")
        yield from (os.path.join(folder, name) for name in sorted(files) if name.endswith(suffixes))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", metavar="FILE|FOLDER")
    options = parser.parse_args()
    errors = files = 0
    for path in options.paths:
        if not os.path.exists(path):
            sys.exit(f"lint-tests.py: error: expects a file or a folder, but got '{path}'")
        for test in tests_below(path):
            files += 1
            for line, message in lint(test):
                errors += 1
                print(f"{test}:{line}: error: {message}", file=sys.stderr)
    print(f"lint-tests.py: {files} tests, {errors} errors")
    sys.exit(1 if errors else 0)


if __name__ == "__main__":
    main()
