# ===- lit.cfg.py - how lit runs the tests ---------------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
#
# Tests call the project's tools and LLVM's test helpers by name. Besides lit's
# own, there are these substitutions:
#   %python     Python with NumPy and scikit-learn
#   %cc, %cxx   the compilers that built the project
#   %source     the top of the source tree
#   %build      the top of the build tree
#   %shlibdir   the folder of the built shared libraries
#   %mlir_include   the folder of MLIR's headers and TableGen files
#
# AIMC_VERIFY_ROUNDTRIP=1 in the environment gives `--verify-roundtrip` to every
# aimc-opt, as circt's suite does for circt-opt.
#
# ===-----------------------------------------------------------------------===#

import os
import subprocess

import lit.formats
from lit.llvm import llvm_config
from lit.llvm.subst import FindTool, ToolSubst

config.name = "AIMC"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "Unit", "Benchmarks", "Package"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.aimc_build_dir, "test")

# Python loads the runtime library. With the address sanitizer in it, the
# sanitizer must be there first; what Python itself leaks is not reported.
python = config.python_executable
if "address" in config.aimc_sanitizers:
    command = [config.cxx_compiler, "-print-file-name=libasan.so"]
    sanitizer = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    python = os.path.join(config.test_exec_root, "python-with-sanitizer")
    with open(python, "w", encoding="utf-8") as script:
        script.write(f'#!/bin/sh\nexport LD_PRELOAD="{sanitizer}" ASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=0"\n')
        script.write(f'exec "{config.python_executable}" "$@"\n')
    os.chmod(python, 0o755)

# So must it be in programs that tests, and aimcc for them, build and link.
sanitize = f"-fsanitize={config.aimc_sanitizers}" if config.aimc_sanitizers else ""

config.substitutions += [
    ("%python", f'"{python}"'),
    ("%cc", f'"{config.c_compiler}" {sanitize}'),
    ("%cxx", f'"{config.cxx_compiler}" {sanitize}'),
    ("%source", config.aimc_source_dir),
    ("%build", config.aimc_build_dir),
    ("%shlibdir", config.aimc_lib_dir),
    ("%mlir_include", config.mlir_include_dir),
]

# A test must not depend on who runs it: no colours, no user's settings.
llvm_config.with_system_environment(
    ["ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"]
)
llvm_config.with_environment("PYTHONPATH", os.path.join(config.aimc_source_dir, "python"))
llvm_config.with_environment("PYTHONDONTWRITEBYTECODE", "1")
llvm_config.with_environment("CXX", f"{config.cxx_compiler} {sanitize}".strip())
llvm_config.with_environment("AIMC_TOOLS_DIR", config.aimc_tools_dir)
llvm_config.with_environment("PATH", config.aimc_tools_dir, append_path=True)
llvm_config.with_environment("PATH", config.llvm_tools_dir, append_path=True)

# A program in between, and not an argument, so that a test can also hand the
# name of aimc-opt to a script.
aimc_opt = FindTool("aimc-opt")
if os.environ.get("AIMC_VERIFY_ROUNDTRIP", "0") not in ("", "0"):
    config.available_features.add("verify-roundtrip")
    aimc_opt = os.path.join(config.test_exec_root, "aimc-opt-verify-roundtrip")
    with open(aimc_opt, "w", encoding="utf-8") as script:
        script.write(f'#!/bin/sh\nexec "{config.aimc_tools_dir}/aimc-opt" --verify-roundtrip "$@"\n')
    os.chmod(aimc_opt, 0o755)

project_tools = ["aimc-run", "aimcc", "aimc-translate", "aimc-estimate", "aimc-lsp-server"]
benchmarks = ["bench-programs", "bench-simulator"]
tools = [
    ToolSubst("aimc-opt", command=aimc_opt, unresolved="ignore"),
    *(ToolSubst(name, unresolved="ignore") for name in (*project_tools, *benchmarks)),
    ToolSubst("llvm-tblgen", unresolved="fatal"),
    ToolSubst("mlir-tblgen", unresolved="fatal"),
    ToolSubst("FileCheck", unresolved="fatal"),
    ToolSubst("count", unresolved="fatal"),
    ToolSubst("not", unresolved="fatal"),
    ToolSubst("split-file", unresolved="fatal"),
]
llvm_config.add_tool_substitutions(tools, [config.aimc_tools_dir, config.llvm_tools_dir])

# For REQUIRES: and UNSUPPORTED: lines: the tools that this build has, and more.
for name in ["aimc-opt", *project_tools, *benchmarks]:
    if os.path.exists(os.path.join(config.aimc_tools_dir, name)):
        config.available_features.add(name)
if config.aimc_sanitizers:
    config.available_features.add("sanitizers")
for name, feature in (("clang-format", "clang-format"), ("clang++", "clang")):
    if os.path.exists(os.path.join(config.llvm_tools_dir, name)):
        config.available_features.add(feature)
for module, feature in (("numpy", "numpy"), ("sklearn", "scikit-learn")):
    command = [config.python_executable, "-c", f"import importlib.util as u; exit(u.find_spec('{module}') is None)"]
    if subprocess.run(command).returncode == 0:
        config.available_features.add(feature)
