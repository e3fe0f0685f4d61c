//===- Constants.h - Constants of the IR -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How passes store the values that they compute.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_SUPPORT_CONSTANTS_H
#define AIMC_LIB_SUPPORT_CONSTANTS_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

#include <vector>

namespace aimc {

/// The constant of `type`, a static shape of f32, with the row-major values
/// `data`: dense up to 1 KB, above that a resource with the key `name` or, when
/// that is taken, one made from it.
mlir::ElementsAttr makeConstant(mlir::ShapedType type,
                                llvm::ArrayRef<float> data,
                                llvm::StringRef name);
/// The same, of values that are not copied.
mlir::ElementsAttr makeConstant(mlir::ShapedType type,
                                std::vector<float> &&data,
                                llvm::StringRef name);

} // namespace aimc

#endif // AIMC_LIB_SUPPORT_CONSTANTS_H
