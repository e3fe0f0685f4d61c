#!/usr/bin/env bash
#===- demo.sh - train, compile and run a classifier of digits -------------===//
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#===-----------------------------------------------------------------------===//
#
# scripts/demo.sh [--target NAME|FILE] [--output FOLDER] [--readme PAGE.md]
#
# Installs what is missing, builds the tools, and runs examples/digits/demo.py,
# which prints a table. A second run builds nothing.
#
#   --target   a built-in target or a JSON file (hermes)
#   --output   folder for all files (build/demo)
#   --readme   page whose table is replaced too
#
#===-----------------------------------------------------------------------===//

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Help needs no build.
for argument in "$@"; do
  case "$argument" in
    -h | --help)
      sed -n '/^# scripts\/demo.sh/,/^#===/p' scripts/demo.sh | sed -e '$d' -e 's/^# \{0,1\}//'
      exit 0
      ;;
  esac
done

# The table alone goes to standard output.
scripts/build.sh aimc-opt aimc-run aimcc aimc_runtime >&2
exec env AIMC_TOOLS_DIR="$PWD/build/bin" "${AIMC_PYTHON:-/usr/bin/python3}" examples/digits/demo.py "$@"
