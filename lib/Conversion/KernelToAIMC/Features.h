//===- Features.h - Feature maps in digital operations ----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The nonlinearities after a random projection.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_CONVERSION_KERNELTOAIMC_FEATURES_H
#define AIMC_LIB_CONVERSION_KERNELTOAIMC_FEATURES_H

#include "Conversion/KernelToAIMC/DigitalBuilder.h"
#include "Kernel/IR/Kernel.h"

namespace aimc {

/// A feature map, but for its random directions.
struct FeatureMap {
  kernel::Map map;
  int64_t directions; ///< m
  mlir::Value offset; ///< of `rbf_phase`
  double epsilon;     ///< of `relu`
};

/// The features z(x) of `kernel.features` of the rows x of `input`, n x D, from
/// their `projection` xΩᵀ, n x m. With `isStable` those of `softmax_pos` are
/// divided by the largest of their row.
mlir::Value createFeatures(DigitalBuilder &digital, const FeatureMap &map,
                           bool isStable, mlir::Value input,
                           mlir::Value projection);

/// Features of attention: those of a row are exp(logScale)·features, up to a
/// constant factor.
struct AttentionFeatures {
  mlir::Value features; ///< n x D
  mlir::Value logScale; ///< n x 1; null: 0
};

/// The features of keys, or of queries without the log scale, which cancels.
/// Softmax maps are those of √scale·x.
AttentionFeatures createAttentionFeatures(DigitalBuilder &digital,
                                          const FeatureMap &map, double scale,
                                          bool isKey, mlir::Value input,
                                          mlir::Value projection);

} // namespace aimc

#endif // AIMC_LIB_CONVERSION_KERNELTOAIMC_FEATURES_H
