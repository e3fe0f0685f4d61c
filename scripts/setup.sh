#!/usr/bin/env bash
#===- setup.sh - install what the build and the tests need ----------------===//
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#===-----------------------------------------------------------------------===//
#
# Installs the Debian 12 packages that are missing. Does nothing, and needs
# neither root nor a network, when all are there. Without root it prints the
# command to run and exits with 1.
#
#===-----------------------------------------------------------------------===//

set -euo pipefail

packages=(
  # The build.
  cmake g++ ninja-build pkg-config
  # MLIR and LLVM; the tools hold mlir-tblgen, lit and FileCheck.
  libmlir-22-dev llvm-22-dev llvm-22-tools mlir-22-tools
  # What the runtime and the tools link.
  libcli11-dev libeigen3-dev libopenblas-dev librandom123-dev libtbb-dev libzip-dev
  nlohmann-json3-dev
  # The tests and the benchmarks; CBC checks packings.
  coinor-cbc libbenchmark-dev libgmock-dev libgtest-dev
  # The second compiler, its sanitizers, and the formatter.
  clang-22 clang-format-22 libclang-rt-22-dev
  # The Python front end and the tests' references.
  python3 python3-numpy python3-sklearn
)

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "setup.sh: error: expects Debian 12 with apt-get and dpkg-query; elsewhere install by hand what corresponds to: ${packages[*]}" >&2
  exit 1
fi

missing=()
for package in "${packages[@]}"; do
  # A package is unknown (dpkg-query fails), removed, half installed, or there.
  status=$(dpkg-query --show --showformat='${db:Status-Status} ' "$package" 2>/dev/null || true)
  case " $status " in
    *" installed "*) ;;
    *) missing+=("$package") ;;
  esac
done

if [ ${#missing[@]} -eq 0 ]; then
  echo "setup.sh: all ${#packages[@]} packages are installed"
  exit 0
fi

if [ "$(id -u)" -ne 0 ]; then
  echo "setup.sh: error: expects root to install ${#missing[@]} missing packages; run this, then try again:" >&2
  echo "  sudo sh -c 'apt-get update && apt-get install --yes --no-install-recommends ${missing[*]}'" >&2
  exit 1
fi

export DEBIAN_FRONTEND=noninteractive
echo "setup.sh: installing ${missing[*]}"
apt-get update --quiet=2 </dev/null || {
  echo "setup.sh: error: expects apt-get update to succeed; see its message above" >&2
  exit 1
}
for package in "${missing[@]}"; do
  if ! apt-cache show "$package" >/dev/null 2>&1; then
    echo "setup.sh: error: expects apt to know the package $package, but it does not; LLVM 22 comes from Debian 12's security suite (bookworm-security), which must be among apt's sources" >&2
    exit 1
  fi
done
apt-get install --yes --quiet=2 --no-install-recommends "${missing[@]}" </dev/null || {
  echo "setup.sh: error: expects apt-get install to succeed; see its message above" >&2
  exit 1
}
echo "setup.sh: all ${#packages[@]} packages are installed"
