# ===- progress.py - The progress of an example ----------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""A bar that tells how far an example is, and what it does."""

from __future__ import annotations

import sys
import time


class Progress:
    """A bar on a terminal, and nothing elsewhere."""

    def __init__(self, steps: int) -> None:
        self._steps, self._done, self._start = steps, 0, time.monotonic()

    def show(self, what: str) -> None:
        if not sys.stderr.isatty():
            return
        filled = 30 * self._done // self._steps
        left = ""
        if self._done:
            seconds = (time.monotonic() - self._start) / self._done * (self._steps - self._done)
            left = f", {seconds // 60:.0f}:{seconds % 60:02.0f} left"
        bar = "#" * filled + "." * (30 - filled)
        print(f"\r\033[K[{bar}] {self._done}/{self._steps} {what}{left}", end="", file=sys.stderr, flush=True)

    def advance(self) -> None:
        self._done += 1

    def close(self) -> None:
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr, flush=True)
