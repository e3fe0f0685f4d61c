//===- EngineAvx512.cpp - Kernels for AVX-512 -----------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The kernels over sixteen lanes; 24 of 32 registers hold sums.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/VectorAvx512.h"

namespace aimc::runtime {
namespace {
constexpr int ProductRows = 12;
constexpr int ProductVectors = 2;
constexpr int LaneVectors = 4;
constexpr int LaneColumns = 4;
} // namespace
} // namespace aimc::runtime

#include "Runtime/Kernels/EngineImpl.h"

namespace aimc::runtime {
extern const Engine engineAvx512;
const Engine engineAvx512 = makeEngine("avx512");
} // namespace aimc::runtime
