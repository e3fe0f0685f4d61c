#!/usr/bin/env python3
# ===- run-docs.py - every command in the documentation runs ----------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Runs the commands of pages, as their reader would.

  run-docs.py PAGE.md|FOLDER...

A folder stands for all pages in it. The blocks of code of a page are run from
top to bottom in one empty folder:

  - `sh` by bash, which ends at the first error;
  - `python` by this Python, all blocks in one namespace;
  - any block after a paragraph that ends in "`name`:" is saved as the file `name`;
  - `text` after a paragraph that ends in "prints:" must be what the block before
    printed; `…` in it stands for anything within a line, a line of `…` alone for
    any lines, and `%name` for the name of any SSA value.

The environment variable AIMC_SOURCE is the top of the source tree.
`console` marks commands that are not run, such as those that install. Errors are
`file:line: error: ...`; the exit code is 1 when there are any.
"""

import argparse
import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
import traceback

TIMEOUT_SECONDS = 600


def blocks_of(path):
    """(line number, language, lead, text) of each block; `lead` is the last line before it."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    start, lead = None, ""
    for number, line in enumerate(lines, 1):
        match = re.match(r"```(\S*)$", line)
        if match and start is None:
            start, language = number, match.group(1)
        elif match:
            yield start + 1, language, lead, "\n".join(lines[start:number - 1]) + "\n"
            start, lead = None, ""
        elif start is None and line.strip():
            lead = line.strip()


def run_sh(text, folder):
    """The output of a script; raises `RuntimeError` with its errors."""
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", text], cwd=folder, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=TIMEOUT_SECONDS)
    if done.returncode != 0:
        raise RuntimeError(f"exit code {done.returncode}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def run_python(text, folder, names):
    """The output of a block; raises `RuntimeError` with its last error."""
    output, before = io.StringIO(), os.getcwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(output):
            exec(compile(text, "<block>", "exec"), names)  # The project's own pages.
    except Exception as error:
        raise RuntimeError(traceback.format_exception_only(type(error), error)[-1].strip()) from error
    finally:
        os.chdir(before)
    return output.getvalue()


def matches(expected, actual):
    """Whether `actual` is `expected` with its `…` and its `%name`."""
    pattern = ""
    for line in expected.rstrip().splitlines():
        if line.strip() == "…":
            pattern += r"(?:[^\n]*\n)*?"
        else:
            for literal, wildcard in re.findall(r"((?:(?!…|%\w).)*)(…|%\w+|$)", line.rstrip()):
                pattern += re.escape(literal) + {"": "", "…": r"[^\n]*?"}.get(wildcard, r"%\w+")
            pattern += r"[ ]*\n"
    return re.fullmatch(pattern, actual.rstrip() + "\n") is not None


def pages_of(paths):
    """The pages, those of a folder in the order of their names."""
    for path in paths:
        if os.path.isdir(path):
            found = sorted(os.path.join(top, name) for top, _, names in os.walk(path) for name in names)
            yield from (page for page in found if page.endswith(".md"))
        else:
            yield path


def check(path):
    """Yields (line number, message) for each block that does not hold; counts in `check.count`."""
    names, output = {"__name__": "__main__"}, None
    with tempfile.TemporaryDirectory() as folder:
        for number, language, lead, text in blocks_of(path):
            saved = re.search(r"`([\w.-]+\.\w+)`:$", lead)
            if saved:
                with open(os.path.join(folder, saved.group(1)), "w", encoding="utf-8") as file:
                    file.write(text)
            elif language in ("sh", "python"):
                check.count += 1
                try:
                    output = run_sh(text, folder) if language == "sh" else run_python(text, folder, names)
                except (RuntimeError, subprocess.TimeoutExpired) as error:
                    yield number, f"expects a block that runs, but got {error}"
                    return  # The next ones stand on it.
            elif language == "text" and lead.endswith("prints:"):
                check.count += 1
                if output is None or not matches(text, output):
                    yield number, f"expects the output of the block before, but got:\n{output}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+", metavar="PAGE.md|FOLDER")
    os.environ["AIMC_SOURCE"] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    check.count = errors = 0
    for page in pages_of(parser.parse_args().pages):
        for number, message in check(page):
            errors += 1
            print(f"{page}:{number}: error: {message}", file=sys.stderr)
    print(f"run-docs.py: {check.count} blocks, {errors} errors")
    sys.exit(1 if errors else 0)


if __name__ == "__main__":
    main()
