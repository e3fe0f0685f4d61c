#!/usr/bin/env python3
# ===- vendor-runtime.py - the runtime's sources as one folder -------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Copies what `aimcc --emit=project --standalone` puts into a project: the sources of
the runtime that need no other library, and the headers of other projects that
they include, found by asking the compiler.

  vendor-runtime.py --top FOLDER --build FOLDER --sources LIST --compiler CXX
                    --include FOLDER... --license FILE... --output FOLDER

LIST has a line for each source of the runtime library: its path, and the flags
that it alone is compiled with. Sources that need a library are left out; those of
lib/Runtime/Standalone take their place.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from pathlib import Path

# What includes these is built with a library that a compiler alone does not have.
LIBRARIES = re.compile(r"#include <(tbb/|zip\.h)")
# Of these the headers are all there is.
HEADERS = re.compile(r"#include <(nlohmann|CLI|Random123|Eigen)/")
# Command lines, files, descriptions of hardware.
SMALL = re.compile(r"lib/Runtime/(Files|Runner|Target)/")


def main() -> int:
    parser = argparse.ArgumentParser()
    for name in ("top", "build", "sources", "output"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--include", type=Path, action="append", default=[])
    parser.add_argument("--license", type=Path, action="append", default=[])
    options = parser.parse_args()
    top, build, output = options.top.resolve(), options.build.resolve(), options.output
    new = output.with_name(output.name + ".new")
    shutil.rmtree(new, ignore_errors=True)

    lines, others = [], set()
    for line in options.sources.read_text(encoding="utf-8").splitlines():
        name, *flags = line.split()
        path = Path(name)
        if path.is_relative_to(top) and LIBRARIES.search(path.read_text(encoding="utf-8")):
            continue
        lines.append((path, flags))
    lines += [(path, []) for path in sorted((top / "lib/Runtime/Standalone").glob("*.cpp"))]

    with_headers = [path for path, _ in lines if needs_headers(path, top)]
    for path in with_headers:
        others |= find_headers(path, options, top, build)
    listing = []
    for path, flags in lines:
        # What takes no time to run is made small; a program has all of it.
        if SMALL.search(str(path)):
            flags = [*flags, "-Os"]
        root = build if path.is_relative_to(build) else top
        place = path.relative_to(root)
        copy(path, new / place)
        listing.append(" ".join([str(place), *flags]))
    for path in [*(top / "include/aimc/Runtime").glob("*.h"), *(top / "lib/Runtime").rglob("*")]:
        if path.suffix in (".h", ".def"):
            copy(path, new / path.relative_to(top))
    for name in ("Calls.h.inc", "RuntimeTable.def"):
        copy(build / "include/aimc/Runtime" / name, new / "include/aimc/Runtime" / name)
    for root, path in sorted(others):
        copy(path, new / "third_party" / path.relative_to(root))
    for path in options.license:
        copy(path, new / "third_party" / "licenses" / path.parent.name)
    copy(top / "LICENSE", new / "LICENSE")
    for name in ("CMakeLists.txt", "build.sh"):
        copy(build / "lib/Runtime/Standalone" / name, new / name)
    (new / "sources.txt").write_text("\n".join(sorted(listing)) + "\n", encoding="utf-8")
    shutil.rmtree(output, ignore_errors=True)
    new.rename(output)
    return 0


def copy(path: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, place)


def needs_headers(path: Path, top: Path) -> bool:
    """Whether a source includes headers of other projects, itself or by one of ours."""
    seen, todo = set(), [path]
    while todo:
        file = todo.pop()
        if file in seen or not file.is_file():
            continue
        seen.add(file)
        text = file.read_text(encoding="utf-8")
        if HEADERS.search(text):
            return True
        for name in re.findall(r'#include "([^"]+)"', text):
            todo += [top / "lib" / name, top / "include" / name]
    return False


def find_headers(path: Path, options: argparse.Namespace, top: Path, build: Path) -> set[tuple[Path, Path]]:
    """The headers of other projects that a source includes, each with its include folder."""
    command = [*options.compiler.split(), "-std=c++17", "-M", '-DAIMC_VERSION="0"']
    for folder in (top / "include", build / "include", top / "lib", *options.include):
        command.append(f"-I{folder}")
    done = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"vendor-runtime.py: error: {done.stderr.strip()}")
    found = set()
    for word in done.stdout.replace("\\\n", " ").split()[1:]:
        file = Path(word)
        for root in [*options.include, Path("/usr/include")]:
            if file.is_relative_to(root) and HEADERS.match(f"#include <{file.relative_to(root)}"):
                found.add((root, file))
                # Which of these is included depends on the compiler.
                if file.parent.match("Random123/features"):
                    found |= {(root, other) for other in file.parent.glob("*.h")}
                break
    return found


if __name__ == "__main__":
    sys.exit(main())
