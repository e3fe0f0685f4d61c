# ===- tools.py - Find and call the project's tools ------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Finds the tools and the runtime library, and runs tools as processes.

They are looked for in the folder that the environment variable AIMC_TOOLS_DIR
names, and nowhere else when it is set; then in the build tree of the source
tree this package stands in; then in the prefix it is installed in; then, tools
alone, on PATH.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator, Mapping, Sequence

_PACKAGE = Path(__file__).resolve().parent


class ToolError(RuntimeError):
    """A tool failed; the message is what it said.

    `command` is the command as a list of strings, `returncode` its exit code
    (negative: the signal that ended it), `stderr` all it wrote to standard
    error.
    """

    def __init__(self, command: Sequence[str], returncode: int, stderr: str) -> None:
        self.command = list(command)
        self.returncode = returncode
        self.stderr = stderr
        name = Path(command[0]).name
        super().__init__(stderr.strip() or f"{name}: ended with exit code {returncode} and no message")


def find_tool(name: str) -> Path:
    """The path of the tool `name`, as `aimc-run`.

    Raises `FileNotFoundError` naming the folders searched.
    """
    searched = []
    for folder in _tool_folders():
        if os.access(folder / name, os.X_OK):
            return folder / name
        searched.append(str(folder))
    if "AIMC_TOOLS_DIR" not in os.environ:
        found = shutil.which(name)
        if found:
            return Path(found)
        searched.append("PATH")
    raise FileNotFoundError(
        f"expects the tool {name} in one of {', '.join(searched)}, but it is in none; "
        "build the project with scripts/build.sh, or set AIMC_TOOLS_DIR to the folder of its tools"
    )


def find_library(name: str = "libaimc_runtime.so") -> Path:
    """The path of the shared library `name`, in the `lib` folder beside the tools.

    Raises `FileNotFoundError` naming the folders searched.
    """
    folders = [folder.parent / "lib" for folder in _tool_folders()]
    if "AIMC_TOOLS_DIR" not in os.environ and (tool := shutil.which("aimc-run")):
        folders.append(Path(tool).resolve().parent.parent / "lib")
    for folder in folders:
        # Debian puts libraries in a folder of their architecture.
        for candidate in [folder / name, *sorted(folder.glob(f"*-linux-gnu/{name}"))]:
            if candidate.is_file():
                return candidate
    raise FileNotFoundError(
        f"expects the library {name} in one of {', '.join(map(str, folders))}, but it is in none; "
        "build the project with scripts/build.sh, or set AIMC_TOOLS_DIR to the folder of its tools"
    )


def run_tool(command: Sequence[str | os.PathLike], folder: str | os.PathLike | None = None) -> str:
    """Runs `command`, the first word a path; returns its standard output.

    What it says on standard error, remarks and warnings, goes to this process's.
    Of files in the temporary `folder`, which users do not know, it gives the names alone.
    Raises `ToolError` when it ends with another exit code than 0.
    """
    words = [os.fspath(word) for word in command]
    done = subprocess.run(
        words, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    said = done.stderr if folder is None else done.stderr.replace(os.path.join(os.fspath(folder), ""), "")
    if done.returncode != 0:
        raise ToolError(words, done.returncode, said)
    sys.stderr.write(said)
    return done.stdout


def option_words(options: Mapping[str, Any]) -> list[str]:
    """Keyword arguments as command-line words: `omega_seed=3` is `--omega-seed=3`.

    `True` gives the bare option; `False` and `None` leave it out; a list or
    tuple repeats it.
    """
    words = []
    for name, value in options.items():
        option = "--" + name.replace("_", "-")
        for item in value if isinstance(value, (list, tuple)) else [value]:
            if item is True:
                words.append(option)
            elif item is not None and item is not False:
                words.append(f"{option}={os.fspath(item) if isinstance(item, os.PathLike) else item}")
    return words


def _tool_folders() -> Iterator[Path]:
    if "AIMC_TOOLS_DIR" in os.environ:
        yield Path(os.environ["AIMC_TOOLS_DIR"]).resolve()
        return
    # python/aimc in the source tree.
    source = _PACKAGE.parent.parent
    if (source / "CMakeLists.txt").is_file():
        yield source / "build" / "bin"
    # <prefix>/lib/python3/dist-packages/aimc, however deep.
    for folder in _PACKAGE.parents:
        if folder.name == "lib":
            yield folder.parent / "bin"
