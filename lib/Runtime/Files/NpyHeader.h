//===- NpyHeader.h - Header of an .npy file ---------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The header is a Python dictionary, say
// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`, as NumPy's
// documentation of the format (numpy.lib.format) describes it.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_RUNTIME_FILES_NPYHEADER_H
#define AIMC_LIB_RUNTIME_FILES_NPYHEADER_H

#include "Runtime/Files/ByteSource.h"

#include <optional>
#include <string>
#include <vector>

namespace aimc::runtime {

/// What an .npy file says of its data.
struct NpyHeader {
  char kind = 0;    ///< b, i, u or f
  int itemSize = 0; ///< bytes of a value
  bool bigEndian = false;
  bool fortranOrder = false;
  std::vector<int64_t> shape; ///< rank 1 to 16
  int64_t values = 0;         ///< product of the shape
};

/// Reads the header and checks that the rest of `source` has just the size of
/// the data. Errors begin with `name`.
std::optional<NpyHeader>
readNpyHeader(ByteSource &source, const std::string &name, std::string &error);

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_FILES_NPYHEADER_H
