//===- Views.h - Views of buffers at run time -------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A view of a matrix (its columns, its rows split into heads) is a matrix with
// other sizes and strides on the same values. Chains of views, which may pass
// through higher ranks, become one step each.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_CONVERSION_AIMCTORUNTIME_VIEWS_H
#define AIMC_LIB_CONVERSION_AIMCTORUNTIME_VIEWS_H

#include "mlir/IR/BuiltinOps.h"

namespace aimc {

/// Whether `op` makes a view of a buffer that `resolveViews` takes: a part of
/// it, or other sizes for the same values.
bool isBufferView(mlir::Operation *op);

/// The buffer that `view` shows values of, through casts and views.
mlir::Value getViewedBuffer(mlir::Value view);

/// Makes each view in `module` one `memref.reinterpret_cast` of the buffer that
/// it shows values of, its sizes and strides shape arithmetic. Emits at a view
/// that is used and is no matrix.
llvm::LogicalResult resolveViews(mlir::ModuleOp module);

} // namespace aimc

#endif // AIMC_LIB_CONVERSION_AIMCTORUNTIME_VIEWS_H
