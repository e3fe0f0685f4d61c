//===- CppWeights.cpp - The file of weights of a program ------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layout and checksum.
//
//===----------------------------------------------------------------------===//

#include "Target/Cpp/CppWeights.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/EndianStream.h"
#include "llvm/Support/SHA256.h"

using namespace aimc;

/// Matrices start at multiples of a cache line.
static constexpr uint64_t alignment = 64;

CppWeights::CppWeights(const aimc_model &model) : model(model) {
  for (int64_t i = 0; i < model.matrix_count; ++i) {
    size = llvm::alignTo(size, alignment);
    offsets.push_back(size / sizeof(float));
    size += model.matrices[i].rows * model.matrices[i].columns * sizeof(float);
  }
}

void CppWeights::write(llvm::raw_ostream &os) {
  llvm::SHA256 hash;
  uint64_t written = 0;
  auto append = [&](llvm::StringRef bytes) {
    hash.update(bytes);
    os << bytes;
    written += bytes.size();
  };
  for (int64_t i = 0; i < model.matrix_count; ++i) {
    append(std::string(offsets[i] * sizeof(float) - written, '\0'));
    const aimc_matrix &matrix = model.matrices[i];
    // Row by row, so that the bytes of a large matrix are not held twice.
    for (int64_t row = 0; row < matrix.rows; ++row) {
      std::string bytes;
      llvm::raw_string_ostream stream(bytes);
      llvm::support::endian::Writer writer(stream, llvm::endianness::little);
      writer.write(llvm::ArrayRef<float>(matrix.weights + row * matrix.columns,
                                         matrix.columns));
      append(bytes);
    }
  }
  checksum = llvm::toHex(hash.final(), /*LowerCase=*/true);
}
