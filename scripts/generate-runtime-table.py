#!/usr/bin/env python3
"""Generates from RuntimeTable.json what the runtime and the compiler share.

  generate-runtime-table.py --calls TABLE    C prototypes and opcodes (Calls.h.inc)
  generate-runtime-table.py --ops TABLE      ODS of the `aimc.rt` operations (RuntimeCalls.td)
  generate-runtime-table.py --x-macros TABLE AIMC_CALL, AIMC_INSTRUCTION and AIMC_KERNEL lists (RuntimeTable.def)
"""

import argparse
import json
import textwrap

# How each kind of argument looks in C and in ODS. `inputs` and `outputs` are a
# count and an array in C, a variadic operand in the IR, `programs` and `numbers`
# a count and an array in C, an attribute in the IR; an `optional_input` that is
# not given is a null pointer.
C_TYPES = {
    "matrix": "int64_t {0}",
    "program": "int64_t {0}",
    "programs": "int64_t {0}_count, const int64_t *{0}",
    "numbers": "int64_t {0}_count, const int64_t *{0}",
    "i64": "int64_t {0}",
    "index": "int64_t {0}",
    "f32": "float {0}",
    "f64": "double {0}",
    "kernel": "int64_t {0}",
    "string": "const char *{0}",
    "input": "const aimc_tensor *{0}",
    "optional_input": "const aimc_tensor *{0}",
    "output": "const aimc_tensor *{0}",
    "inputs": "int64_t {0}_count, const aimc_tensor *{0}",
    "outputs": "int64_t {0}_count, const aimc_tensor *{0}",
}
VIEW = "MemRefRankOf<[F32], [2]>"
ODS_TYPES = {
    "matrix": "FlatSymbolRefAttr",
    "program": "FlatSymbolRefAttr",
    "programs": "FlatSymbolRefArrayAttr",
    "numbers": "DenseI64ArrayAttr",
    "i64": "AIMC_IntegerAttr",
    "index": "Index",
    "f32": "F32Attr",
    "f64": "F64Attr",
    "kernel": "AIMC_KernelAttr",
    "string": "StrAttr",
    "input": f'Arg<{VIEW}, "", [MemRead]>',
    "optional_input": f'Arg<Optional<{VIEW}>, "", [MemRead]>',
    "output": f'Arg<{VIEW}, "", [MemWrite]>',
    "inputs": f'Arg<Variadic<{VIEW}>, "", [MemRead]>',
    "outputs": f'Arg<Variadic<{VIEW}>, "", [MemWrite]>',
}
ATTRIBUTES = {"i64", "f32", "f64", "kernel", "string", "numbers"}
SYMBOLS = {"matrix", "program", "programs"}
VARIADIC = {"inputs", "outputs", "optional_input"}
# Arguments that the assembly format calls otherwise.
KEYWORDS = {
    "first_vector": "first",
    "unit": "on",
    "program_operands": "operands",
    "program_results": "results",
}


def comment(text, indent=""):
    return "\n".join(f"{indent}/// {line}" for line in textwrap.wrap(text, 76 - len(indent)))


def calls_header(table):
    lines = ["// Generated from RuntimeTable.json; do not edit.", ""]
    lines += [f"#define AIMC_ABI_VERSION {table['abi_version']}", ""]
    lines += ["/// What an instruction of a row program computes.", "typedef enum aimc_opcode {"]
    for number, row in enumerate(table["instructions"]):
        lines.append(comment(row["doc"], "  "))
        lines.append(f"  AIMC_{row['name'].upper()} = {number},")
    lines += ["} aimc_opcode;", ""]
    lines += ["/// An exact kernel of two rows x and y, θ the angle between them.", "typedef enum aimc_kernel {"]
    for number, row in enumerate(table["kernels"]):
        lines.append(comment(row["doc"], "  "))
        lines.append(f"  {kernel_enumerator(row)} = {number},")
    lines += ["} aimc_kernel;", ""]
    for call in table["calls"]:
        lines.append(comment(f"{call['summary'][0].upper()}{call['summary'][1:]}. {call['description']}"))
        for argument in call["arguments"]:
            lines.append(comment(f"\\param {argument['name']} {argument['doc']}"))
        arguments = ["aimc_context *context"]
        arguments += [C_TYPES[a["kind"]].format(a["name"]) for a in call["arguments"]]
        result = "int64_t" if call.get("result") == "index" else "void"
        lines += [f"{result} aimc_{call['name']}({', '.join(arguments)});", ""]
    return "\n".join(lines)


def kernel_enumerator(row):
    return f"AIMC_KERNEL_{row['name'].upper()}"


def op_class(call):
    return "Rt" + "".join(part.capitalize() for part in call["name"].split("_")) + "Op"


def buffers(keyword, names, variadic):
    """The groups of an assembly format for buffers: fixed ones together, any number, which can be none, apart."""
    word = "with" if names else keyword
    groups = [f"(`{word}` `(` ${name}^ `:` type(${name}) `)`)?" for name in variadic]
    if names:
        values = " `,` ".join(f"${name}" for name in names)
        types = " `,` ".join(f"type(${name})" for name in names)
        groups.insert(0, f"`{keyword}` `(` {values} `:` {types} `)`")
    return groups


def ods(table):
    lines = ["// Generated from RuntimeTable.json; do not edit.", ""]
    cases = [f"    I32EnumAttrCase<\"{row['name']}\", {number}>" for number, row in enumerate(table["kernels"])]
    lines.append('def AIMC_KernelAttr : I32EnumAttr<"Kernel", "an exact kernel", [')
    lines += [",\n".join(cases) + "]> {", '  let cppNamespace = "::aimc";', "}", ""]
    for call in table["calls"]:
        arguments = ["AIMC_ContextType:$device"]
        arguments += [f"{ODS_TYPES[a['kind']]}:${a['name']}" for a in call["arguments"]]
        traits = []
        if sum(a["kind"] in VARIADIC for a in call["arguments"]) > 1:
            traits.append("AttrSizedOperandSegments")
        if any(a["kind"] in SYMBOLS for a in call["arguments"]):
            traits.append("DeclareOpInterfaceMethods<SymbolUserOpInterface>")
        verified = any(a["kind"] == "kernel" for a in call["arguments"])
        if call.get("result"):
            traits.append("Pure")
        lines.append(f"def AIMC_{op_class(call)} : AIMC_RuntimeCall<\"{call['name']}\", [{', '.join(traits)}]> {{")
        lines.append(f"  let summary = \"{call['summary']}\";")
        lines += ["  let description = [{", textwrap.indent("\n".join(textwrap.wrap(call["description"], 76)), "    ")]
        if call["arguments"]:
            lines.append("")
        for a in call["arguments"]:
            lines.append(f"    - `{a['name']}`: {a['doc']}")
        lines += ["", "    Example:", "    ```mlir"] + [f"    {line}" for line in call["example"]] + ["    ```"]
        lines.append("  }];")
        lines.append("  let arguments = (ins\n    " + ",\n    ".join(arguments) + ");")
        if call.get("result") == "index":
            lines.append("  let results = (outs Index:$result);")
        parts = ["$device"]
        kinds = [(a["name"], a["kind"]) for a in call["arguments"]]
        parts += [f"${n}" for n, k in kinds if k in SYMBOLS]
        parts += [f"`{KEYWORDS.get(n, n)}` `(` ${n} `)`" for n, k in kinds if k in ATTRIBUTES]
        parts += [f"`{KEYWORDS.get(n, n)}` `(` ${n} `)`" for n, k in kinds if k == "index"]
        parts += buffers("ins", [n for n, k in kinds if k == "input"], [n for n, k in kinds if k == "inputs"])
        parts += [f"(`{n}` `(` ${n}^ `:` type(${n}) `)`)?" for n, k in kinds if k == "optional_input"]
        parts += buffers("outs", [n for n, k in kinds if k == "output"], [n for n, k in kinds if k == "outputs"])
        parts.append("attr-dict")
        lines.append("  let assemblyFormat = [{\n    " + "\n    ".join(parts) + "\n  }];")
        if verified:
            lines.append("  let hasVerifier = 1;")
        lines += ["}", ""]
    return "\n".join(lines)


def x_macros(table):
    lines = ["// Generated from RuntimeTable.json; do not edit.", ""]
    lines.append("// AIMC_CALL(class of the operation, name, kind of its result, {kind, name} of each argument...)")
    lines.append("#ifdef AIMC_CALL")
    for call in table["calls"]:
        arguments = ", ".join(f"{{\"{a['kind']}\", \"{a['name']}\"}}" for a in call["arguments"])
        lines.append(f"AIMC_CALL({op_class(call)}, {call['name']}, \"{call.get('result', '')}\", {arguments})")
    lines += ["#undef AIMC_CALL", "#endif", ""]
    lines.append("// AIMC_INSTRUCTION(enumerator, name, MLIR operation, number of operands)")
    lines.append("#ifdef AIMC_INSTRUCTION")
    for row in table["instructions"]:
        lines.append(f"AIMC_INSTRUCTION(AIMC_{row['name'].upper()}, \"{row['name']}\", \"{row['mlir']}\", {row['operands']})")
    lines += ["#undef AIMC_INSTRUCTION", "#endif", ""]
    lines.append("// AIMC_KERNEL(enumerator, name)")
    lines.append("#ifdef AIMC_KERNEL")
    for row in table["kernels"]:
        lines.append(f"AIMC_KERNEL({kernel_enumerator(row)}, {row['name']})")
    lines += ["#undef AIMC_KERNEL", "#endif", ""]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kind = parser.add_mutually_exclusive_group(required=True)
    kind.add_argument("--calls", dest="generate", action="store_const", const=calls_header)
    kind.add_argument("--ops", dest="generate", action="store_const", const=ods)
    kind.add_argument("--x-macros", dest="generate", action="store_const", const=x_macros)
    parser.add_argument("table")
    options = parser.parse_args()
    with open(options.table, encoding="utf-8") as file:
        print(options.generate(json.load(file)))


if __name__ == "__main__":
    main()
