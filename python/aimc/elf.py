# ===- elf.py - Whether a shared library is whole --------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Compares the size of a shared library with what its headers tell.

The loader maps what they tell, also beyond the end of the file, and the process dies
of a signal when it reads there.
"""

from __future__ import annotations

import os
import struct

# Of the header of a 64-bit little-endian file: where the tables of segments and
# sections are, and after 6 bytes their headers' sizes and numbers.
_HEADER = struct.Struct("<4sBB26xQQ6x4H2x")
# Of a segment: its type, offset and size in the file.
_SEGMENT = struct.Struct("<I4xQ16xQ16x")


def check_whole(path: str) -> None:
    """Raises `OSError` for a 64-bit little-endian ELF file that ends too early.

    What cannot be read or is of another format is left to the loader.
    """
    if not os.path.isfile(path):  # opening a pipe would wait
        return
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            data = file.read(_HEADER.size)
            if len(data) < _HEADER.size:
                return
            magic, bits, order, segments, sections, *sizes = _HEADER.unpack(data)
            segment_size, segment_count, section_size, section_count = sizes
            if (magic, bits, order, segment_size) != (b"\x7fELF", 2, 1, _SEGMENT.size):
                return
            ends = [segments + segment_count * segment_size]
            # A stripped library may have no sections.
            if sections:
                ends.append(sections + section_count * section_size)
            if ends[0] <= size:
                file.seek(segments)
                table = file.read(segment_count * segment_size)
                ends += [offset + length for kind, offset, length in _SEGMENT.iter_unpack(table) if kind]
    except OSError:
        return
    if max(ends) > size:
        raise OSError(
            f"cannot load '{path}': expects a whole library, but got one that ends after {size} of {max(ends)} bytes"
        )
