//===- BufferizableOpInterfaceImpl.h - From tensors to buffers --*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How upstream's bufferization turns the operations of the aimc dialect from
// tensors to buffers.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_AIMC_TRANSFORMS_BUFFERIZABLEOPINTERFACEIMPL_H
#define AIMC_DIALECTS_AIMC_TRANSFORMS_BUFFERIZABLEOPINTERFACEIMPL_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace aimc {

/// Attaches `BufferizableOpInterface` to `aimc.mvm` and `aimc.execute`.
void registerBufferizableOpInterfaceExternalModels(
    mlir::DialectRegistry &registry);

} // namespace aimc

#endif // AIMC_DIALECTS_AIMC_TRANSFORMS_BUFFERIZABLEOPINTERFACEIMPL_H
