//===- AIMC.h - The aimc dialect -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Crossbar products, digital regions, row programs and runtime calls.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_AIMC_IR_AIMC_H
#define AIMC_DIALECTS_AIMC_IR_AIMC_H

#include "aimc/Runtime/TargetDescription.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "llvm/Support/Mutex.h"

#include <memory>
#include <string>
#include <vector>

namespace mlir {
class PatternRewriter;
} // namespace mlir

namespace aimc {
class TargetAttr;
} // namespace aimc

#include "AIMC/IR/AIMCDialect.h.inc"
#include "AIMC/IR/AIMCEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "AIMC/IR/AIMCAttributes.h.inc"
#define GET_TYPEDEF_CLASSES
#include "AIMC/IR/AIMCTypes.h.inc"

namespace aimc {
/// The conductances of the crossbars, written before a model runs.
struct CrossbarCellsResource
    : public mlir::SideEffects::Resource::Base<CrossbarCellsResource> {
  llvm::StringRef getName() final { return "<CrossbarCells>"; }
};

/// The first error of a run.
struct ErrorsResource
    : public mlir::SideEffects::Resource::Base<ErrorsResource> {
  llvm::StringRef getName() final { return "<Errors>"; }
};

/// What the program says of the sizes of its results.
struct OutputSizesResource
    : public mlir::SideEffects::Resource::Base<OutputSizesResource> {
  llvm::StringRef getName() final { return "<OutputSizes>"; }
};

/// Name of the module attribute that carries the target.
constexpr llvm::StringLiteral targetAttrName = "aimc.target";

/// The attribute of a module that has a schedule, and of its operations.
constexpr llvm::StringLiteral scheduleAttrName = "aimc.schedule";
constexpr llvm::StringLiteral slotAttrName = "aimc.slot";

/// The module attribute that says what its tiles were placed for.
constexpr llvm::StringLiteral objectiveAttrName = "aimc.objective";

/// Name of the attribute of an argument or result of a function, a matrix, that
/// has the sizes of the array it is to those who call the program: a
/// DenseI64ArrayAttr, -1 where a size is any.
constexpr llvm::StringLiteral sizesAttrName = "aimc.sizes";

/// Name of the attribute of an argument or result of a function that has what
/// messages and emitted functions call it: a StringAttr.
constexpr llvm::StringLiteral nameAttrName = "aimc.name";

/// The matrix that an array of `type` is at the entry of a program: rows are
/// along the last of several sizes if that is static, else there is one value a
/// row.
mlir::RankedTensorType getMatrixType(mlir::RankedTensorType type);

/// How RuntimeTable.json spells the operation `op` of a row program: its name,
/// and the kind of a reduction, as `vector.reduction <add>`.
std::string getInstructionSpelling(mlir::Operation *op);

/// The FP32 values of a constant matrix or row, row-major, without copying when
/// possible: a splat is expanded into `storage`. Verified data only.
llvm::ArrayRef<float> getMatrixData(mlir::ElementsAttr value,
                                    std::vector<float> &storage);

/// Verifies that `value`, a constant of f32 with a static shape, has data of
/// its size; emits at `op`, which holds it.
mlir::LogicalResult verifyData(mlir::Operation *op, mlir::ElementsAttr value);

/// Verifies that `value` can be the value of an `aimc.weights`; emits at `op`,
/// which holds it.
mlir::LogicalResult verifyMatrix(mlir::Operation *op, mlir::ElementsAttr value);
} // namespace aimc

#define GET_OP_CLASSES
#include "AIMC/IR/AIMCOps.h.inc"

#endif // AIMC_DIALECTS_AIMC_IR_AIMC_H
