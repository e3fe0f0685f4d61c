# ===- check-layer-errors.py - Every error of a layer table ----------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""check-layer-errors.py TOOL TABLE.json WORK.json: breaks one thing in the table after
the other; the tool must end with exit code 1 and just the sentence expected."""

import copy
import json
import re
import subprocess
import sys

tool, path, work = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    TABLE = json.load(file)
# Errors of fields and of syntax, not those of the network as a whole.
PLACED = re.compile(r"field '|expects (valid JSON|(each|the|one of the)? ?fields?|numbers|at most 16)|a layer table")
A, SUM, HALF, AGAIN = 1, 3, 4, 5  # Nodes of the table.


def value_at(text, line, column):
    """The JSON value that begins at a place, or the rest of the text if none does."""
    rest = "\n".join(text.splitlines()[line - 1 :])[column - 1 :]
    try:
        return json.JSONDecoder(parse_int=float).raw_decode(rest)[0]
    except ValueError:
        return rest


def check_place(text, line, column, expected):
    """The place of an error is that of the value or name that it is about."""
    named = re.match(r"field '([^']+)' expects", expected)
    if named:
        value = json.JSONDecoder(parse_int=float).decode(text)
        for step in re.findall(r"[^.\[\]]+", named[1]):
            value = value[int(step)] if step.isdigit() else value[step]
        assert value_at(text, line, column) == value, (expected, line, column)
    named = re.match(r"expects one of the fields .*, but got '(?:.*\.)?([^']+)'", expected)
    assert not named or value_at(text, line, column) == named[1], (expected, line, column)
    named = re.match(r"expects field '(?:.*\.)?([^']+)', but got none", expected)
    assert not named or named[1] not in value_at(text, line, column), (expected, line, column)


def check(text, expected):
    with open(work, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    done = subprocess.run([tool, "--layers", work, "--array", "256x256"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and done.stdout == "", done
    if not PLACED.match(expected):
        assert done.stderr == f"aimc-estimate: error: {work}: {expected}\n", (expected, done)
        return
    found = re.fullmatch(re.escape(work) + r":(\d+):(\d+): error: (.*)\n", done.stderr)
    assert found and expected in (found[3], f"{found[3]} at line {found[1]}, column {found[2]}"), (expected, done)
    if not isinstance(text, bytes):
        check_place(text, int(found[1]), int(found[2]), expected)


def edited(edit):
    table = copy.deepcopy(TABLE)
    edit(table)
    return json.dumps(table)


def node(index, **fields):
    """The table with fields of a node set, or taken away by None."""
    def edit(table):
        for name, value in fields.items():
            table["nodes"][index][name] = value
            if value is None:
                del table["nodes"][index][name]
    return edited(edit)


def top(**fields):
    return edited(lambda table: table.update(fields))


def field(index, name, expected, got):
    return f"field 'nodes[{index}].{name}' expects {expected}, but got {got}"


size = "an integer from 1 to 2147483647"
# Texts that are no tables.
check("", "expects valid JSON, but got the end of the text at line 1, column 1")
check("{", "expects valid JSON, but got the end of the text at line 1, column 2")
check('{\n "nodes": x}', "expects valid JSON, but got 'x' at line 2, column 11")
check(b'{"network": "\xff"}', "expects valid JSON, but got '?' at line 1, column 14")
check("[" * 100000, "expects at most 16 levels of nesting, but got more")
check('{"nodes": 1e999}', "expects numbers in the range of a double, but got '1e999' at line 1, column 11")
check('{"nodes": [], "nodes": []}', "expects each field once, but got 'nodes' twice at line 1, column 15")
check("[]", "a layer table expects an object, but got an array")
check("{}", "expects field 'nodes', but got none")
check(top(network=""), "field 'network' expects a non-empty string, but got an empty one")
check(top(network=7), "field 'network' expects a non-empty string, but got 7")
check(top(network="a\nb"), "field 'network' expects a name without control characters, but got \"a\\nb\"")
check(top(layers=[]), "expects one of the fields network, input, note or nodes, but got 'layers'")
check(top(nodes={}), "field 'nodes' expects an array of 1 to 100000 nodes, but got an object")
check(top(nodes=[]), "field 'nodes' expects an array of 1 to 100000 nodes, but got 0 of them")
check(top(nodes=[0] * 100001), "field 'nodes' expects an array of 1 to 100000 nodes, but got 100001 of them")
check(top(nodes=TABLE["nodes"][:1]), "field 'nodes' expects at least one of type \"conv\" or \"dense\", but got none")
check(top(nodes=[3]), "field 'nodes[0]' expects an object, but got 3")

# Fields of a node.
check(node(A, type=None), "expects field 'nodes[1].type', but got none")
check(node(A, type="relu"),
      field(A, "type", "one of in, conv, dense, cat, add, pool, up or global", '"relu"'))
check(node(A, type=["conv"]),
      field(A, "type", "one of in, conv, dense, cat, add, pool, up or global", "an array"))
check(node(A, name=None), "expects field 'nodes[1].name', but got none")
check(node(A, name=""), field(A, "name", "a non-empty string", "an empty one"))
check(node(A, name="a\x7f"), field(A, "name", "a name without control characters", '"a\\u007f"'))
check(node(A, name="b"), field(2, "name", "a name no other node has", '"b"'))
check(node(A, stide=1),
      "expects one of the fields name, type, inputs, output_rows, note, kernel, stride, "
      "padding, matrix_rows, matrix_cols or output_positions, but got 'nodes[1].stide'")
check(node(SUM, kernel=2),
      "expects one of the fields name, type, inputs, output_rows or note, but got 'nodes[3].kernel'")
for name in ("kernel", "stride", "matrix_rows", "matrix_cols", "output_positions"):
    check(node(A, **{name: None}), f"expects field 'nodes[1].{name}', but got none")
    for value in (0, -1, 2147483648, 1e300, 1.5, "3", True, None, [3]):
        shown = "an array" if isinstance(value, list) else json.dumps(value)
        text = node(A, **{name: 0}).replace(f'"{name}": 0', f'"{name}": {json.dumps(value)}')
        check(text, field(A, name, size, shown))
for value in (0, -5, 1000001, 10**30):
    shown = "1e+30" if value > 1e20 else value
    check(node(A, output_rows=value), field(A, "output_rows", "an integer from 1 to 1000000", shown))
check(node(A, padding=3), field(A, "padding", "an integer from 0 to 2", 3))
check(node(HALF, padding=2), field(HALF, "padding", "an integer from 0 to 1", 2))
check(node(HALF, kernel=0), field(HALF, "kernel", size, 0))
check(node(HALF, stride=0), field(HALF, "stride", size, 0))
check(node(AGAIN, factor=0), field(AGAIN, "factor", size, 0))
check(node(A, output_positions=63), field(A, "output_positions", "a multiple of the 8 output rows", 63))

# Inputs.
check(node(A, inputs=None), "expects field 'nodes[1].inputs', but got none")
check(node(A, inputs="in"), field(A, "inputs", "an array of one name", '"in"'))
check(node(A, inputs=["in", "b"]), field(A, "inputs", "an array of one name", "2 of them"))
check(node(SUM, inputs=[]), field(SUM, "inputs", "an array of names, at least one", "0 of them"))
check(node(0, inputs=["b"]), field(0, "inputs", 'an empty array of type "in"', "1 of them"))
check(node(A, inputs=[1]), field(A, "inputs[0]", "a name", 1))
check(node(SUM, inputs=["a", "c"]), field(SUM, "inputs[1]", "the name of a node", '"c"'))
check(node(A, inputs=["a"]), field(A, "inputs", "layers that do not depend on this one", '"a" among what they need'))
check(node(SUM, inputs=["a", "both"]),
      field(SUM, "inputs", "layers that do not depend on this one", '"sum" among what they need'))

# Rows that do not go together.
check(node(SUM, output_rows=4), field(SUM, "output_rows", 'the 8 rows of "a"', 4))
check(node(AGAIN, output_rows=9), field(AGAIN, "output_rows", '2 times the 4 rows of "half"', 9))
check(node(HALF, output_rows=5),
      field(HALF, "output_rows", 'at most the 4 windows that begin within the 8 rows of "sum"', 5))
check(node(A, stride=2),
      field(A, "output_rows", 'at most the 5 windows that begin within the 8 rows of "in"', 8))

# Too much.
check(node(A, matrix_rows=2147483647, matrix_cols=2147483647),
      "expects a network of at most 1000000000 crossbars, but got more up to layer 'a', of 70368744177664")
many = [{"name": str(i), "type": "in", "inputs": [], "output_rows": 600000} for i in range(2)]
check(top(nodes=many), field(1, "output_rows", "at most 1000000 rows of all nodes up to here", 1200000))
check(b" " * (2**26 + 1), "expects a layer table of at most 64 MiB, but the file is larger")
