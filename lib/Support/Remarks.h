//===- Remarks.h - Reports of decisions -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How passes name their remarks.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_SUPPORT_REMARKS_H
#define AIMC_LIB_SUPPORT_REMARKS_H

#include "mlir/IR/Remarks.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace aimc {

/// Options of a remark of `pass` about `op`: `name` says which decision it is.
inline mlir::remark::RemarkOpts getRemarkOptions(mlir::Operation *op,
                                                 llvm::StringRef pass,
                                                 llvm::StringRef name) {
  auto function = op->getParentOfType<mlir::FunctionOpInterface>();
  return mlir::remark::RemarkOpts::name(name).category(pass).function(
      function ? function.getName() : llvm::StringRef());
}

} // namespace aimc

#endif // AIMC_LIB_SUPPORT_REMARKS_H
