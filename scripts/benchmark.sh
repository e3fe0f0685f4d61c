#!/usr/bin/env bash
#===- benchmark.sh - measure the tables of docs/Benchmarks.md -------------===//
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#===-----------------------------------------------------------------------===//
#
# scripts/benchmark.sh [--update] [TABLE...]
#
# Installs what is missing, builds, measures, and prints the tables of
# docs/Benchmarks.md: all, or those named. Let nothing else run meanwhile.
#
#   --update   also writes them into docs/Benchmarks.md
#
#===-----------------------------------------------------------------------===//

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

arguments=()
while [ $# -gt 0 ]; do
  case "$1" in
    --update) arguments+=(--update docs/Benchmarks.md) ;;
    --help)
      sed -n '/^# scripts\/benchmark.sh/,/^#===/p' scripts/benchmark.sh | sed -e '$d' -e 's/^# \{0,1\}//'
      exit 0
      ;;
    *) break ;;
  esac
  shift
done

# The tables alone go to standard output.
scripts/build.sh >&2
exec env AIMC_TOOLS_DIR="$PWD/build/bin" PYTHONPATH="$PWD/python" \
  "${AIMC_PYTHON:-/usr/bin/python3}" test/Benchmarks/tables.py --build build "${arguments[@]}" "$@"
