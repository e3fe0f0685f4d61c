#!/usr/bin/env bash
#===- build.sh - configure and build --------------------------------------===//
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#===-----------------------------------------------------------------------===//
#
# scripts/build.sh [--preset release|sanitize|clang] [TARGET...]
#
# Installs what is missing (setup.sh), configures one of CMakePresets.json's
# presets and builds the targets, all without one. The folder is the preset's:
# build/, build-sanitize/ or build-clang/. AIMC_PYTHON names the Python that
# the build and the tests run, else Debian's, which has NumPy and scikit-learn.
#
#===-----------------------------------------------------------------------===//

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

preset=release
if [ "${1-}" = --preset ]; then
  preset=${2:?build.sh: error: expects a name after --preset}
  shift 2
fi
case "${1-}" in
  -*)
    echo "build.sh: error: expects [--preset NAME] [TARGET...], but got '$1'" >&2
    exit 1
    ;;
esac

scripts/setup.sh
echo "build.sh: configuring preset '$preset'"
cmake --preset "$preset" -DPython3_EXECUTABLE="${AIMC_PYTHON:-/usr/bin/python3}" >/dev/null
echo "build.sh: building ${*:-everything}"
cmake --build --preset "$preset" ${1+--target "$@"}
