# ===- write-malformed.py - Modules that no tool may crash on ---------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""write-malformed.py FOLDER: files that no editor writes."""

import sys
from pathlib import Path

FILES = {
    "empty": b"",
    "binary": bytes(reversed(range(256))) * 16,
    "latin1": "func.func @größe() {\n  return\n}\n".encode("latin-1"),
    "bytecode": b"ML\xefR\x0dAIMC\x00\x01\x02",
    "cut": b"func.func @f(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {\n  return %x",
    "quote": b'module attributes {a = "no end} {\n}\n',
    "modules": b"module {\n" * 100000 + b"}\n" * 100000,
    "arrays": b"module attributes {a = " + b"[" * 100000,
    "types": b"func.func private @f() -> " + b"tuple<" * 100000,
    "minus": b"#map = affine_map<() -> (\n" + b"- " * 100000 + b"1)>\n",
    "huge": b"aimc.weights @w = dense<> : tensor<99999999999999999999x2xf32>\n",
    "product": b"aimc.weights @w = dense<[[1.0]]> : tensor<4000000000x4000000000xf32>\n",
    "no-rows": b"aimc.weights @w = dense<> : tensor<0x4xf32>\n",
    "resource": b"aimc.weights @w = dense_resource<none> : tensor<4x2xf32>\n",
    # Good ones, of which brackets seem to nest deep.
    "nested": b"// %b\nmodule attributes {test.a = \"%b\\\"[\"} {\n  func.func private @f(%b)\n}\n"
    % (b"[" * 300, b"[" * 300, b", ".join([b"() -> ()"] * 300)),
    "set": b"#s = affine_set<(d) : (%b)>\n" % b", ".join([b"9 - d >= 0"] * 300),
}

folder = Path(sys.argv[1])
for name, content in FILES.items():
    (folder / f"{name}.mlir").write_bytes(content)
