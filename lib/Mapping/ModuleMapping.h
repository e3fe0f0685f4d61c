//===- ModuleMapping.h - Mappings of modules -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From the tiles of a module to a mapping and back.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_MAPPING_MODULEMAPPING_H
#define AIMC_LIB_MAPPING_MODULEMAPPING_H

#include "Mapping/MappingFile.h"

#include "aimc/Runtime/TargetDescription.h"

#include "mlir/IR/BuiltinOps.h"

namespace aimc {

/// The mapping of a module whose tiles are placed. Emits and fails when there
/// is no target or a tile has no place.
mlir::FailureOr<MappingFile> describeMapping(mlir::ModuleOp module);

/// A mapping as text, with where it comes from: errors are emitted there.
class MappingSource {
public:
  MappingSource(mlir::MLIRContext *context, llvm::StringRef text,
                llvm::StringRef fileName)
      : context(context), text(text), fileName(fileName) {}

  /// Reads the text; emits and fails when it is no mapping.
  mlir::FailureOr<MappingFile> parse() const;

  /// Gives `module` the tiles of the mapping in the place of those it has, and
  /// its products their grids and copies; a schedule is dropped. Emits and
  /// fails, before anything is changed, when the mapping is of another target,
  /// names matrices that the module does not have, leaves out one that a
  /// product uses, has tiles outside of the array, the chips or the matrix or
  /// on dead cores or columns, or does not cover each matrix once in each
  /// replica with a grid of tiles.
  mlir::LogicalResult apply(const MappingFile &mapping,
                            mlir::ModuleOp module) const;

private:
  mlir::InFlightDiagnostic emit(size_t offset) const;
  /// That the core and the columns of a tile are not dead ones of the target.
  mlir::LogicalResult
  verifyWorks(const MappedTile &tile,
              const runtime::TargetDescription &target) const;
  mlir::LogicalResult verifyTiles(const MappedWeights &weights,
                                  mlir::Operation *matrix,
                                  mlir::ModuleOp module) const;

  mlir::MLIRContext *context;
  llvm::StringRef text, fileName;
};

/// Registers --aimc-to-mapping, --mapping-to-aimc and --diff-mappings of
/// aimc-translate.
void registerMappingTranslations();

} // namespace aimc

#endif // AIMC_LIB_MAPPING_MODULEMAPPING_H
