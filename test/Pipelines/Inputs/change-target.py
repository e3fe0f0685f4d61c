# ===- change-target.py - Targets that are not quite hermes -----------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""change-target.py TARGET FOLDER: writes variants of TARGET, good and bad."""

import copy
import json
import sys
from pathlib import Path

target, folder = json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2])


def write(name, change):
    variant = copy.deepcopy(target)
    change(variant)
    (folder / f"{name}.json").write_text(json.dumps(variant))


write("small", lambda t: t["array"].update(rows=128, columns=128, usable_rows=128, usable_columns=128))
write("chip", lambda t: t["core_grid"].update(rows=1, columns=3))
write("missing", lambda t: t["modes"][0].pop("mvm_time"))
write("unknown", lambda t: t.update(colour="red"))
write("zero", lambda t: t["array"].update(usable_rows=0))
write("text", lambda t: t["array"].update(rows="many"))
write("schema", lambda t: t.update(schema=99))
(folder / "syntax.json").write_text('{"name": "hermes", }')
(folder / "array.json").write_text("[1, 2]")
(folder / "empty.json").write_text("")
(folder / "binary.json").write_bytes(bytes(range(256)))
(folder / "deep.json").write_text("[" * 100000)
