//===- VerifyCasts.cpp - Sizes that casts claim to know -------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// aimc-verify-casts: the first of all passes, since canonicalization takes what
// a cast claims for granted.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"
#include "AIMC/Transforms/FlattenBatches.h"
#include "AIMC/Transforms/Passes.h"

namespace aimc {
#define GEN_PASS_DEF_AIMCVERIFYCASTSPASS
#include "AIMC/Transforms/Passes.h.inc"
} // namespace aimc

namespace {
struct VerifyCastsPass
    : public aimc::impl::AIMCVerifyCastsPassBase<VerifyCastsPass> {
  void runOnOperation() override { aimc::createClaimChecks(getOperation()); }
};
} // namespace
