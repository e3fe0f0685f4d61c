//===- MatrixReaders.h - Readers of each file format ------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What MatrixReader::open chooses from.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_RUNTIME_FILES_MATRIXREADERS_H
#define AIMC_LIB_RUNTIME_FILES_MATRIXREADERS_H

#include "aimc/Runtime/Files.h"

#include "Runtime/Files/ByteSource.h"

namespace aimc::runtime {

/// Reads an .npy file; values in Fortran order are held in memory.
std::unique_ptr<MatrixReader> openNpy(std::unique_ptr<ByteSource> source,
                                      const std::string &name,
                                      std::string &error);

/// Reads a .csv file, whole.
std::unique_ptr<MatrixReader> openCsv(const std::string &name,
                                      std::string &error);

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_FILES_MATRIXREADERS_H
