//===- CallBuffers.h - Buffers that runtime calls use -----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What passes ask that move the computation of a call.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_TRANSFORMS_CALLBUFFERS_H
#define AIMC_TRANSFORMS_CALLBUFFERS_H

#include "mlir/IR/Value.h"
#include "llvm/ADT/SetVector.h"

namespace aimc {

/// The buffer that `view`, a memref, shows values of, as far as views tell.
mlir::Value getBuffer(mlir::Value view);

/// Whether two buffers may share memory. Apart are allocations, globals and
/// arguments of a function from each other, and an allocation from what was
/// there before its block began.
bool mayAlias(mlir::Value a, mlir::Value b);

/// Whether `op` neither reads a buffer of `written` nor writes one of `written`
/// or `read`, and has no effects that are not known. An allocation may stand
/// there, and what frees one of these buffers itself, which can move.
bool keepsBuffers(mlir::Operation *op,
                  const llvm::SetVector<mlir::Value> &written,
                  const llvm::SetVector<mlir::Value> &read);

} // namespace aimc

#endif // AIMC_TRANSFORMS_CALLBUFFERS_H
