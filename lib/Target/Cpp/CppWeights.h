//===- CppWeights.h - The file of weights of a program ----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where each matrix lies in the file, and the file's checksum.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_TARGET_CPP_CPPWEIGHTS_H
#define AIMC_LIB_TARGET_CPP_CPPWEIGHTS_H

#include "aimc/Runtime/ABI.h"

#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace aimc {

/// The weights of a model as one file.
class CppWeights {
public:
  explicit CppWeights(const aimc_model &model);

  /// Writes the file to `os` and computes its checksum.
  void write(llvm::raw_ostream &os);

  /// Size of the file in bytes.
  uint64_t getSize() const { return size; }
  /// Index of the first value of a matrix in the file.
  uint64_t getOffset(int64_t matrix) const { return offsets[matrix]; }
  /// SHA-256 of the file in hexadecimal, after `write`.
  const std::string &getChecksum() const { return checksum; }

private:
  const aimc_model &model;
  std::vector<uint64_t> offsets;
  uint64_t size = 0;
  std::string checksum;
};

} // namespace aimc

#endif // AIMC_LIB_TARGET_CPP_CPPWEIGHTS_H
