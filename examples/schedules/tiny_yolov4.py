#!/usr/bin/env python3
# ===- tiny_yolov4.py - The layer table of TinyYOLOv4 ----------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Writes the layer table of TinyYOLOv4, as aimc-estimate --layers reads it.

    tiny_yolov4.py FILE [--size 416]

The architecture is that of C.-Y. Wang, A. Bochkovskiy and H.-Y. M. Liao, Scaled-YOLOv4:
Scaling Cross Stage Partial Network, CVPR 2021: two convolutions of stride 2; three
blocks in which one half of the channels passes through two more convolutions and is
joined with what went around, each with pooling behind it; two heads of 255 outputs, one
of them on features of the third block. Images of 416 × 416 are what Pelke et al.
(CLSA-CIM, DATE 2024) schedule.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path


class Network:
    """Layers one after another; each method adds one and returns its name."""

    def __init__(self, size: int) -> None:
        self.nodes: list[dict] = [{"name": "in", "type": "in", "inputs": [], "output_rows": size}]
        self.rows = {"in": size}
        self.channels = {"in": 3}

    def add(self, name: str, kind: str, inputs: list[str], rows: int, channels: int, **fields: int) -> str:
        self.nodes.append({"name": name, "type": kind, "inputs": inputs, "output_rows": rows, **fields})
        self.rows[name], self.channels[name] = rows, channels
        return name

    def conv(self, name: str, source: str, channels: int, kernel: int, stride: int = 1, half: bool = False) -> str:
        """A convolution of all channels of `source`, or of half of them."""
        rows = self.rows[source] // stride
        inputs = self.channels[source] // (2 if half else 1)
        return self.add(name, "conv", [source], rows, channels, kernel=kernel, stride=stride,
                        matrix_rows=kernel * kernel * inputs, matrix_cols=channels, output_positions=rows * rows)

    def cat(self, name: str, *sources: str) -> str:
        return self.add(name, "cat", list(sources), self.rows[sources[0]], sum(self.channels[s] for s in sources))

    def block(self, number: int, source: str, channels: int) -> tuple[str, str]:
        """A cross stage partial block: its pooled output, and its last convolution."""
        first = self.conv(f"block{number}.first", source, channels, 3)
        left = self.conv(f"block{number}.left", first, channels // 2, 3, half=True)
        right = self.conv(f"block{number}.right", left, channels // 2, 3)
        last = self.conv(f"block{number}.last", self.cat(f"block{number}.inner", right, left), channels, 1)
        joined = self.cat(f"block{number}.outer", first, last)
        pooled = self.add(f"block{number}.pool", "pool", [joined], self.rows[joined] // 2, self.channels[joined])
        return pooled, last


def build(size: int) -> list[dict]:
    net = Network(size)
    x = net.conv("stem1", "in", 32, 3, 2)
    x = net.conv("stem2", x, 64, 3, 2)
    for number, channels in enumerate((64, 128, 256), 1):
        x, features = net.block(number, x, channels)
    x = net.conv("neck", net.conv("bottom", x, 512, 3), 256, 1)
    net.conv("head1.out", net.conv("head1", x, 512, 3), 255, 1)
    up = net.conv("lateral", x, 128, 1)
    up = net.add("up", "up", [up], 2 * net.rows[up], 128)
    net.conv("head2.out", net.conv("head2", net.cat("features", up, features), 256, 3), 255, 1)
    return net.nodes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--size", type=int, default=416, help="rows and columns of the image (%(default)s)")
    args = parser.parse_args()
    if args.size < 32 or args.size % 32 != 0:
        parser.error(f"--size expects a multiple of 32, but got {args.size}")
    table = {"network": "TinyYOLOv4", "input": args.size, "nodes": build(args.size)}
    args.file.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
