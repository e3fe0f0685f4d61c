//===- Registration.h - What the tools know -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The dialects and passes that every tool registers: ours, and of upstream's
// those we use.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_PIPELINES_REGISTRATION_H
#define AIMC_LIB_PIPELINES_REGISTRATION_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace aimc {

/// Adds the dialects, their extensions and interfaces.
void registerDialects(mlir::DialectRegistry &registry);

/// Registers the passes and pipelines for the command line.
void registerPasses();

} // namespace aimc

#endif // AIMC_LIB_PIPELINES_REGISTRATION_H
