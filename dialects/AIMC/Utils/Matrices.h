//===- Matrices.h - Constant matrices and their uses -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the conversions to the aimc dialect share: constants become
// `aimc.weights` symbols, each stored once, and uses get their sites.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_AIMC_UTILS_MATRICES_H
#define AIMC_DIALECTS_AIMC_UTILS_MATRICES_H

#include "AIMC/IR/AIMC.h"

#include "mlir/IR/BuiltinOps.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

#include <optional>

namespace aimc {

/// A matrix that is known when compiling: the data of a constant, as they are
/// or transposed.
struct ConstantMatrix {
  mlir::ElementsAttr value;
  bool transposed = false;
  /// The operation that holds the constant, for diagnostics.
  mlir::Operation *source = nullptr;
};

/// Follows `matrix`, of rank 2, through casts and transpositions to a constant.
std::optional<ConstantMatrix> matchConstantMatrix(mlir::Value matrix);

/// The matrices of a module and the sites of their uses. Symbols are looked up
/// and named in one table, so a conversion creates one for the whole module.
class Matrices {
public:
  explicit Matrices(mlir::ModuleOp module);

  /// The symbol of `matrix`, or of its transpose when `transpose` is set;
  /// declares it after `name` when there is none yet. Emits at the constant and
  /// fails when its data are no valid weights.
  mlir::FailureOr<mlir::FlatSymbolRefAttr>
  getSymbol(ConstantMatrix matrix, bool transpose, llvm::StringRef name);

  /// A site number that no use in the module has: one more than the largest.
  int64_t takeSite() { return nextSite++; }

private:
  mlir::ModuleOp module;
  mlir::SymbolTable symbols;
  /// Symbols by value, and by the value that they are the transpose of.
  llvm::DenseMap<mlir::Attribute, mlir::FlatSymbolRefAttr> names, transposes;
  /// The last suffix that was given to a name.
  llvm::StringMap<unsigned> suffixes;
  mlir::Operation *lastWeights = nullptr;
  int64_t nextSite = 0;
};

/// Erases those of `ops` that nothing uses, and what only they used.
void eraseDead(llvm::ArrayRef<mlir::Operation *> ops);

} // namespace aimc

#endif // AIMC_DIALECTS_AIMC_UTILS_MATRICES_H
