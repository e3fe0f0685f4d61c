//===- LinalgToAIMC.cpp - Constant matrices to crossbars -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// convert-linalg-to-aimc: products with a constant matrix are candidates for
// crossbars.
//
//===----------------------------------------------------------------------===//

#include "Conversion/LinalgToAIMC/LinalgToAIMC.h"

#include "AIMC/Utils/DigitalWork.h"
#include "AIMC/Utils/Matrices.h"
#include "AIMC/Utils/Rows.h"
#include "Conversion/Passes.h"
#include "Kernel/IR/Kernel.h"
#include "Support/Remarks.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

#include "llvm/ADT/SetVector.h"

namespace aimc {
#define GEN_PASS_DEF_CONVERTLINALGTOAIMCPASS
#include "Conversion/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;

namespace {
/// A product of a batch with a constant matrix.
struct Candidate {
  Value input; ///< n x rows
  Value init;  ///< n x columns
  ConstantMatrix matrix;
  bool transposed = false; ///< the product is with the transpose

  /// The length of the vectors that go in.
  int64_t getRows() const { return getSize(0); }
  /// The length of those that come out.
  int64_t getColumns() const { return getSize(1); }

private:
  int64_t getSize(unsigned dimension) const {
    bool swapped = transposed ^ matrix.transposed;
    return matrix.value.getShapedType().getDimSize(swapped ? 1 - dimension
                                                           : dimension);
  }
};
} // namespace

/// Matches a product that crossbars can do, or sets `reason` to why it is not
/// one.
static std::optional<Candidate> matchProduct(linalg::LinalgOp op,
                                             StringRef &reason) {
  auto refuse = [&](StringRef why) {
    reason = why;
    return std::nullopt;
  };
  if (!op.hasPureTensorSemantics())
    return refuse("its operands are not tensors");
  for (Value operand : op->getOperands()) {
    auto type = dyn_cast<RankedTensorType>(operand.getType());
    if (!type || type.getRank() != 2)
      return refuse("its operands are not all of rank 2");
    if (!type.getElementType().isF32())
      return refuse("its elements are not f32");
  }
  if (op->getParentOfType<DigitalOp>())
    return refuse("it is assigned to a digital unit");

  if (!isMatrixProduct(op))
    return refuse("its body is more than a sum of products");

  // Loops (m, n, k) as in linalg.matmul, in any order.
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  auto dims = [](AffineMap map) {
    return std::make_pair(map.getResult(0), map.getResult(1));
  };
  auto [m, n] = dims(maps[2]);
  auto [m1, k] = dims(maps[0]);
  auto [k2, n2] = dims(maps[1]);
  Candidate candidate;
  candidate.input = op.getDpsInputs()[0];
  candidate.init = op.getDpsInits()[0];
  std::optional<ConstantMatrix> lhs = matchConstantMatrix(op.getDpsInputs()[0]);
  std::optional<ConstantMatrix> rhs = matchConstantMatrix(op.getDpsInputs()[1]);
  if (!rhs)
    return refuse(lhs ? "its left operand is the constant one"
                      : "its right operand is not constant");
  if (m1 != m)
    return refuse("its left operand is transposed");
  if (k2 == k && n2 == n)
    candidate.transposed = false;
  else if (k2 == n && n2 == k)
    candidate.transposed = true;
  else
    return refuse("its operands are not those of a matrix product");
  candidate.matrix = *rhs;
  return candidate;
}

/// Checks the sizes of `op`, which linalg's own verifier leaves open when one
/// of them is dynamic.
static LogicalResult verifySizes(linalg::LinalgOp op,
                                 const Candidate &candidate) {
  auto verify = [&](StringRef what, Value batch, unsigned dimension,
                    int64_t size) -> LogicalResult {
    int64_t own = cast<RankedTensorType>(batch.getType()).getDimSize(dimension);
    if (own == size || ShapedType::isDynamic(own) ||
        ShapedType::isDynamic(size))
      return success();
    return op.emitOpError("expects ")
           << what << " with " << size
           << (dimension == 0 ? " rows to match its input"
                              : " columns to match its matrix")
           << ", but got " << own;
  };
  if (failed(verify("an input", candidate.input, 1, candidate.getRows())) ||
      failed(verify("an output", candidate.init, 1, candidate.getColumns())))
    return failure();
  auto input = cast<RankedTensorType>(candidate.input.getType());
  return verify("an output", candidate.init, 0, input.getDimSize(0));
}

/// Whether `value` is a feature map or an exact kernel, or derives from one,
/// without another product in between.
static bool comesFromFeatures(Value value) {
  llvm::SmallSetVector<Value, 16> worklist;
  worklist.insert(value);
  for (size_t i = 0; i < worklist.size(); ++i) {
    Operation *op = worklist[i].getDefiningOp();
    if (!op)
      continue;
    if (isa<kernel::FeaturesOp, kernel::GramOp, GramOp>(op))
      return true;
    if (auto mvm = dyn_cast<MvmOp>(op)) {
      if (mvm.getRole() == Role::projection)
        return true;
      continue;
    }
    if (isa<AttentionOp, kernel::AttentionOp>(op))
      continue;
    if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
        linalgOp && linalg::isaContractionOpInterface(linalgOp))
      continue;
    for (Value operand : op->getOperands())
      if (isa<TensorType>(operand.getType()))
        worklist.insert(operand);
  }
  return false;
}

namespace {
/// Puts a product of a batch with a constant matrix on crossbars. What its init
/// holds is added afterwards.
struct ConvertProduct : public OpInterfaceRewritePattern<linalg::LinalgOp> {
  ConvertProduct(MLIRContext *context, Matrices &matrices)
      : OpInterfaceRewritePattern(context), matrices(matrices) {}

  LogicalResult matchAndRewrite(linalg::LinalgOp op,
                                PatternRewriter &rewriter) const override {
    if (!linalg::isaContractionOpInterface(op))
      return rewriter.notifyMatchFailure(op, "it is not a product");
    StringRef reason;
    std::optional<Candidate> candidate = matchProduct(op, reason);
    if (!candidate) {
      remark::missed(op.getLoc(),
                     getRemarkOptions(op, "convert-linalg-to-aimc", "product"))
          << ("'" + op->getName().getStringRef() + "' stays: " + reason).str();
      return rewriter.notifyMatchFailure(op, reason);
    }
    bool readout = comesFromFeatures(candidate->input);
    FailureOr<FlatSymbolRefAttr> weights =
        matrices.getSymbol(candidate->matrix, candidate->transposed,
                           readout ? "readout" : "weights");
    if (failed(weights))
      return rewriter.notifyMatchFailure(op, "the matrix has no valid data");

    // Lengths of vectors are those of the matrix, also where a type leaves them
    // open.
    Location loc = op.getLoc();
    auto castColumns = [&](Value batch, int64_t columns) -> Value {
      auto type = cast<RankedTensorType>(batch.getType());
      if (!type.isDynamicDim(1))
        return batch;
      auto known = RankedTensorType::get({type.getDimSize(0), columns},
                                         type.getElementType());
      return tensor::CastOp::create(rewriter, loc, known, batch);
    };
    int64_t columns = candidate->getColumns();
    Value input = castColumns(candidate->input, candidate->getRows());
    Value init = createEmpty(rewriter, loc, input, columns);
    Value result =
        MvmOp::create(rewriter, loc, init.getType(), *weights,
                      rewriter.getI64IntegerAttr(matrices.takeSite()),
                      RoleAttr::get(op.getContext(),
                                    readout ? Role::readout : Role::linear),
                      /*analog=*/nullptr, /*grid=*/nullptr,
                      /*averaged_copies=*/nullptr, /*sharing_copies=*/nullptr,
                      /*input_range=*/nullptr,
                      /*output_range=*/nullptr, input, init)
            .getResult();
    if (!isZero(candidate->init)) {
      Value start = castColumns(candidate->init, columns);
      if (start.getType() != result.getType())
        result = tensor::CastOp::create(rewriter, loc, start.getType(), result);
      Value sum = createEmpty(rewriter, loc, start, columns);
      result =
          linalg::AddOp::create(rewriter, loc, ValueRange{start, result}, sum)
              .getResult(0);
    }
    if (result.getType() != candidate->init.getType())
      result = tensor::CastOp::create(rewriter, loc, candidate->init.getType(),
                                      result);
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  Matrices &matrices;
};

struct ConvertLinalgToAIMCPass
    : public aimc::impl::ConvertLinalgToAIMCPassBase<ConvertLinalgToAIMCPass> {
  using ConvertLinalgToAIMCPassBase::ConvertLinalgToAIMCPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    SmallVector<Operation *> producers;
    DenseSet<Attribute> verified;
    WalkResult checked = module.walk([&](linalg::LinalgOp op) {
      StringRef reason;
      if (!linalg::isaContractionOpInterface(op))
        return WalkResult::advance();
      std::optional<Candidate> candidate = matchProduct(op, reason);
      if (!candidate)
        return WalkResult::advance();
      // The constant and the init go with the product, unless the init is a
      // product itself, which is converted.
      producers.push_back(op.getDpsInputs()[1].getDefiningOp());
      auto init = candidate->init.getDefiningOp<linalg::LinalgOp>();
      if (init && !linalg::isaContractionOpInterface(init))
        producers.push_back(init);
      else if (auto empty = candidate->init.getDefiningOp<tensor::EmptyOp>())
        producers.push_back(empty);
      return failed(verifySizes(op, *candidate)) ||
                     (verified.insert(candidate->matrix.value).second &&
                      failed(verifyMatrix(candidate->matrix.source,
                                          candidate->matrix.value)))
                 ? WalkResult::interrupt()
                 : WalkResult::advance();
    });
    if (checked.wasInterrupted())
      return signalPassFailure();

    Matrices matrices(module);
    RewritePatternSet patterns(&getContext());
    populateLinalgToAIMCPatterns(patterns, matrices);
    walkAndApplyPatterns(module, std::move(patterns));
    eraseDead(producers);
  }
};
} // namespace

void aimc::populateLinalgToAIMCPatterns(RewritePatternSet &patterns,
                                        Matrices &matrices) {
  patterns.add<ConvertProduct>(patterns.getContext(), matrices);
}
