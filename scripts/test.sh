#!/usr/bin/env bash
#===- test.sh - build and run every test ----------------------------------===//
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#===-----------------------------------------------------------------------===//
#
# scripts/test.sh [--sanitize | --clang] [--verify-roundtrip] [CTEST ARGUMENT...]
#
# Installs what is missing, builds, and runs all tests with ctest: the unit
# tests, lit, the integration tests and the lints.
#
#   --sanitize          under the address and undefined-behaviour sanitizers,
#                       with assertions
#   --clang             built by Clang with warnings as errors
#   --verify-roundtrip  every aimc-opt of the lit suite also checks that what
#                       it printed, and wrote as bytecode, reads back the same
#
# Further arguments go to ctest: `scripts/test.sh -R lit` runs lit alone.
#
#===-----------------------------------------------------------------------===//

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

preset=release
while [ $# -gt 0 ]; do
  case "$1" in
    --sanitize) preset=sanitize ;;
    --clang) preset=clang ;;
    --verify-roundtrip) export AIMC_VERIFY_ROUNDTRIP=1 ;;
    --help)
      sed -n '/^# scripts\/test.sh/,/^#===/p' scripts/test.sh | sed -e '$d' -e 's/^# \{0,1\}//'
      exit 0
      ;;
    *) break ;;
  esac
  shift
done

scripts/build.sh --preset "$preset"
echo "test.sh: running the tests of preset '$preset'${AIMC_VERIFY_ROUNDTRIP:+ with round trips}"
ctest --preset "$preset" --parallel "$(nproc)" --no-tests=error "$@"
