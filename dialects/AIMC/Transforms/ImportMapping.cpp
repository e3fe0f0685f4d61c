//===- ImportMapping.cpp - Tiles from a mapping ---------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// aimc-import-mapping: tiles and their places from a JSON file.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"
#include "AIMC/Transforms/Passes.h"
#include "Mapping/ModuleMapping.h"

#include "llvm/Support/MemoryBuffer.h"

namespace aimc {
#define GEN_PASS_DEF_AIMCIMPORTMAPPINGPASS
#include "AIMC/Transforms/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;

namespace {
struct ImportMappingPass
    : public aimc::impl::AIMCImportMappingPassBase<ImportMappingPass> {
  using AIMCImportMappingPassBase::AIMCImportMappingPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (file.empty()) {
      emitError(module.getLoc(),
                "aimc-import-mapping expects 'file', but got none");
      return signalPassFailure();
    }
    auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/false);
    if (!buffer) {
      emitError(module.getLoc(), "aimc-import-mapping expects a mapping, but "
                                 "cannot read '")
          << file << "': " << buffer.getError().message();
      return signalPassFailure();
    }
    MappingSource source(&getContext(), (*buffer)->getBuffer(), file);
    FailureOr<MappingFile> mapping = source.parse();
    if (failed(mapping) || failed(source.apply(*mapping, module)))
      return signalPassFailure();
  }
};
} // namespace
