//===- SampleProjections.cpp - Draw the random projections -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// kernel-sample-projections: recipes become constants.
//
//===----------------------------------------------------------------------===//

#include "Kernel/IR/Kernel.h"
#include "Kernel/Transforms/Passes.h"
#include "Support/Constants.h"
#include "aimc/Runtime/Samplers.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <limits>

namespace aimc::kernel {
#define GEN_PASS_DEF_KERNELSAMPLEPROJECTIONSPASS
#include "Kernel/Transforms/Passes.h.inc"
} // namespace aimc::kernel

using namespace mlir;
using namespace aimc;

namespace {
/// Draws each recipe once: equal recipes are one constant, and so one matrix on
/// the chip.
class Projections {
public:
  /// Replaces `op` by its values, drawn from `seed`. Emits when the sampler
  /// refuses them.
  LogicalResult replace(kernel::ProjectionOp op, int64_t seed);

private:
  DenseMap<Attribute, ElementsAttr> drawn;
};
} // namespace

LogicalResult Projections::replace(kernel::ProjectionOp op, int64_t seed) {
  OpBuilder builder(op);
  RankedTensorType type = op.getOmega().getType();
  // Far more than chips hold, and too many to draw in memory.
  constexpr int64_t mostValues = int64_t(1) << 31;
  if (type.getDimSize(0) > mostValues / type.getDimSize(1))
    return op.emitOpError("expects at most ")
           << mostValues << " values to sample, but got " << type;
  std::string sampler = stringifySampler(op.getSampler()).str();
  aimc_projection recipe;
  recipe.sampler = sampler.c_str();
  recipe.seed = static_cast<uint64_t>(seed);
  recipe.features = type.getDimSize(0);
  recipe.inputs = type.getDimSize(1);
  // 1/2 leaves the directions unscaled.
  recipe.gamma = op.getGamma() ? op.getGamma()->convertToDouble() : 0.5;
  recipe.truncation = op.getTruncation()
                          ? op.getTruncation()->convertToDouble()
                          : std::numeric_limits<double>::infinity();
  recipe.chi_row_norms = op.getEffectiveRowNorm() == kernel::RowNorm::chi;
  recipe.haar = op.isHaar();
  // Beyond it values of FP32 end.
  constexpr double LargestGamma = 1e60;
  if (recipe.gamma > LargestGamma)
    return op.emitOpError("expects 'gamma' of at most 1e60 to sample, but got ")
           << recipe.gamma;
  auto refuse = [&](Type refused) {
    return op.emitOpError("expects values that sampler '")
           << stringifySampler(op.getSampler()) << "' can draw, but it refused "
           << refused;
  };

  ElementsAttr &omega = drawn[builder.getArrayAttr(
      {op.getSamplerAttr(), builder.getI64IntegerAttr(seed),
       builder.getF64FloatAttr(recipe.gamma),
       builder.getF64FloatAttr(recipe.truncation),
       builder.getBoolAttr(recipe.chi_row_norms),
       builder.getBoolAttr(recipe.haar), TypeAttr::get(type)})];
  if (!omega) {
    std::vector<float> values(type.getNumElements());
    if (!aimc_sample_projection(&recipe, values.data()))
      return refuse(type);
    omega = makeConstant(type, std::move(values), "omega");
  }
  op.getOmega().replaceAllUsesWith(
      arith::ConstantOp::create(builder, op.getLoc(), omega));

  if (op.getOffset()) {
    auto offsetType = cast<RankedTensorType>(op.getOffset().getType());
    ElementsAttr &offset = drawn[builder.getArrayAttr(
        {builder.getI64IntegerAttr(seed), TypeAttr::get(offsetType)})];
    if (!offset) {
      std::vector<float> values(offsetType.getNumElements());
      if (!aimc_sample_offsets(offsetType.getNumElements(),
                               static_cast<uint64_t>(seed), values.data()))
        return refuse(offsetType);
      offset = makeConstant(offsetType, std::move(values), "offset");
    }
    op.getOffset().replaceAllUsesWith(
        arith::ConstantOp::create(builder, op.getLoc(), offset));
  }
  op.erase();
  return success();
}

namespace {
struct SampleProjectionsPass
    : public kernel::impl::KernelSampleProjectionsPassBase<
          SampleProjectionsPass> {
  using KernelSampleProjectionsPassBase::KernelSampleProjectionsPassBase;

  void runOnOperation() override {
    Projections projections;
    WalkResult result = getOperation().walk([&](kernel::ProjectionOp op) {
      int64_t own = static_cast<int64_t>(op.getSeed());
      return failed(projections.replace(op, seed == -1 ? own : seed))
                 ? WalkResult::interrupt()
                 : WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
