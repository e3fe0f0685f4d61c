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

/// Reads an .npy file. Of values in Fortran order some 4 MB are held, or what
/// one read asks for, read column by column; of a source that cannot seek, all.
std::unique_ptr<MatrixReader> openNpy(std::unique_ptr<ByteSource> source,
                                      const std::string &name,
                                      std::string &error);

/// Reads a .csv file, whole.
std::unique_ptr<MatrixReader> openCsv(const std::string &name,
                                      std::string &error);

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_FILES_MATRIXREADERS_H
