//===- EngineImpl.h - The table of an engine --------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Puts the kernels that an engine was compiled with into its table; included
// after a Vector*.h. Uses nothing of the C++ library, whose inline functions
// must not be compiled for an instruction set other code may lack.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_ENGINEIMPL_H
#define AIMC_RUNTIME_KERNELS_ENGINEIMPL_H

/// Unrolls a loop whatever its body costs: an array stays in registers only if
/// its indices are constants.
#ifdef __clang__
#define AIMC_UNROLL _Pragma("clang loop unroll(full)")
#else
#define AIMC_UNROLL _Pragma("GCC unroll 32")
#endif

#include "Runtime/Kernels/MathImpl.h"

#include "Runtime/Kernels/AccumulateImpl.h"
#include "Runtime/Kernels/ActivationImpl.h"
#include "Runtime/Kernels/ElementwiseImpl.h"

#include "Runtime/Kernels/ConductanceImpl.h"
#include "Runtime/Kernels/ConvertersImpl.h"
#include "Runtime/Kernels/FormatsImpl.h"
#include "Runtime/Kernels/LaneImpl.h"
#include "Runtime/Kernels/ProductImpl.h"
#include "Runtime/Kernels/ReductionImpl.h"

#include "Runtime/Kernels/IntegerImpl.h"

#include "Runtime/Random/NormalsImpl.h"

namespace aimc::runtime {
namespace {

constexpr Engine makeEngine(const char *name) {
  return {name,
          ProductVectors * Lanes,
          Lanes,
          LaneVectors,
          LaneInputs,
          multiply,
          computeUnary,
          computeBinary,
          laneProduct,
          laneBinary,
          laneMap,
          laneTranspose,
          laneReduce,
          computeSelect,
          computeFixedPoint,
          roundToHalf,
          findLargest,
          computeDots,
          sumWeightedRows,
          convertToAnalog,
          convertToDigital,
          countBeyond,
          programConductances,
          joinConductances,
          ageWeights,
          readVariances,
          addReadNoise,
          subtractVoltageDrop,
          roundToIntegers,
          multiplyIntegers,
          philox,
          normals,
          accumulate};
}

} // namespace
} // namespace aimc::runtime

#undef AIMC_UNROLL

#endif // AIMC_RUNTIME_KERNELS_ENGINEIMPL_H
