//===- BufferRows.h - Rows of buffers ---------------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which buffers have the same rows, by structure alone.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_AIMC_UTILS_BUFFERROWS_H
#define AIMC_DIALECTS_AIMC_UTILS_BUFFERROWS_H

#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace aimc {

/// The number of rows of `buffer`, a matrix whose views are resolved to
/// `memref.reinterpret_cast`: a static size, the index that it is, or the
/// buffer that it is the rows of. Equal results are equal numbers.
mlir::OpFoldResult getBufferRows(mlir::Value buffer);

/// Whether row i of `view`, for all i, is part of row i of its source.
bool showsRowsInPlace(mlir::memref::ReinterpretCastOp view);

} // namespace aimc

#endif // AIMC_DIALECTS_AIMC_UTILS_BUFFERROWS_H
