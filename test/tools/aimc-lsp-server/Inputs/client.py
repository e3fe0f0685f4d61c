# ===- client.py - An editor, as far as a language server sees it -----------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""client.py SERVER FILE: opens FILE in the language server; prints its answers.

Messages are JSON-RPC with a Content-Length header; each answer is one line.
"""

import json
import subprocess
import sys
from pathlib import Path

server, path = sys.argv[1], Path(sys.argv[2])
uri = "test:///" + path.name
position = {"line": 4, "character": 12}
messages = [
    {"id": 0, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}},
    {"method": "initialized", "params": {}},
    {
        "method": "textDocument/didOpen",
        "params": {"textDocument": {"uri": uri, "languageId": "mlir", "version": 1, "text": path.read_text()}},
    },
    {"id": 1, "method": "textDocument/hover", "params": {"textDocument": {"uri": uri}, "position": position}},
    {"id": 2, "method": "shutdown"},
    {"method": "exit"},
]
text = b""
for message in messages:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    text += b"Content-Length: %d\r\n\r\n" % len(body) + body
done = subprocess.run([server, "--log=error"], input=text, stdout=subprocess.PIPE, timeout=60, check=False)

rest = done.stdout
while rest:
    header, rest = rest.split(b"\r\n\r\n", 1)
    length = int(header.split(b"Content-Length:")[1].split()[0])
    print(json.dumps(json.loads(rest[:length]), sort_keys=True))
    rest = rest[length:]
print("exit code", done.returncode)
