//===- EngineAvx2.cpp - Kernels for AVX2 and FMA --------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The kernels over eight lanes; 12 of 16 registers hold sums.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/VectorAvx2.h"

namespace aimc::runtime {
namespace {
constexpr int ProductRows = 6;
constexpr int ProductVectors = 2;
constexpr int LaneVectors = 3;
constexpr int LaneColumns = 4;
} // namespace
} // namespace aimc::runtime

#include "Runtime/Kernels/EngineImpl.h"

namespace aimc::runtime {
extern const Engine engineAvx2;
const Engine engineAvx2 = makeEngine("avx2");
} // namespace aimc::runtime
