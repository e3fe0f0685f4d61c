//===- EngineScalar.cpp - Kernels in portable C++ -------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The kernels over one lane; the reference of the others.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/VectorScalar.h"

namespace aimc::runtime {
namespace {
constexpr int ProductRows = 2;
constexpr int ProductVectors = 8;
constexpr int LaneVectors = 8;
constexpr int LaneColumns = 1;
} // namespace
} // namespace aimc::runtime

#include "Runtime/Kernels/EngineImpl.h"

namespace aimc::runtime {
extern const Engine engineScalar;
const Engine engineScalar = makeEngine("scalar");
} // namespace aimc::runtime
