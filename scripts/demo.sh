#!/usr/bin/env bash
#===- demo.sh - train, compile and run a classifier of digits -------------===//
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#===-----------------------------------------------------------------------===//
#
# scripts/demo.sh [ARGUMENT...]
#
# Installs what is missing, builds the tools, and runs examples/digits/demo.py
# with the arguments. A second run builds nothing.
#
#===-----------------------------------------------------------------------===//

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The table alone goes to standard output.
scripts/build.sh aimc-opt aimc-run aimcc aimc_runtime >&2
exec env AIMC_TOOLS_DIR="$PWD/build/bin" "${AIMC_PYTHON:-/usr/bin/python3}" examples/digits/demo.py "$@"
