//===- Views.cpp - Views of buffers at run time ---------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Follows sizes and strides through chains of views. Upstream's expansion of
// metadata (memref-expand-strided-metadata of LLVM 22) ends in a null attribute
// where a size is split into several that are not known, as batch x length.
//
//===----------------------------------------------------------------------===//

#include "Conversion/AIMCToRuntime/Views.h"

#include "AIMC/IR/AIMC.h"
#include "AIMC/Utils/Matrices.h"
#include "AIMC/Utils/Sizes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace aimc;

bool aimc::isBufferView(Operation *op) {
  return isa<memref::CollapseShapeOp, memref::ExpandShapeOp, memref::SubViewOp,
             memref::ReinterpretCastOp>(op);
}

Value aimc::getViewedBuffer(Value view) {
  while (Operation *op = view.getDefiningOp()) {
    if (!isa<memref::CastOp>(op) && !isBufferView(op))
      break;
    view = op->getOperand(0);
  }
  return view;
}

namespace {
using Sizes = SmallVector<OpFoldResult>;

/// Where the elements of a view lie in a buffer.
struct Layout {
  Value buffer;
  OpFoldResult offset;
  Sizes sizes, strides;
};

/// Makes each view one step from its buffer.
class ViewResolver : private OpBuilder::Listener {
public:
  explicit ViewResolver(MLIRContext *context) : builder(context, this) {}

  LogicalResult resolve(ModuleOp module);

private:
  /// The layout of a buffer or view. Emits at a layout of another kind.
  FailureOr<Layout> getLayout(Value value);
  FailureOr<Layout> computeLayout(Value value);
  FailureOr<Layout> getBufferLayout(Value buffer);

  Layout split(memref::ExpandShapeOp op, Layout source);
  Layout join(memref::CollapseShapeOp op, Layout source);
  Layout cut(memref::SubViewOp op, Layout source);

  /// Replaces `view`, a matrix, by a view of its buffer.
  void replace(Operation *view, const Layout &layout);

  /// Lets the program report an error unless `size` is `expected`.
  /// Has the parts that `op` takes of dimensions of `whole` entries verified
  /// when the program runs, unless they are known to be inside.
  void verifyParts(memref::SubViewOp op, ArrayRef<OpFoldResult> whole);
  void verify(Operation *op, OpFoldResult size, OpFoldResult expected);

  OpFoldResult multiply(Location loc, OpFoldResult lhs, OpFoldResult rhs) {
    return multiplySizes(builder, loc, lhs, rhs);
  }
  OpFoldResult add(Location loc, OpFoldResult lhs, OpFoldResult rhs);

  void notifyOperationInserted(Operation *op,
                               OpBuilder::InsertPoint previous) override {
    created.push_back(op);
  }

  OpBuilder builder;
  DenseMap<Value, Layout> layouts;
  SmallVector<Operation *> created;
};
} // namespace

//===----------------------------------------------------------------------===//
// Arithmetic on sizes
//===----------------------------------------------------------------------===//

OpFoldResult ViewResolver::add(Location loc, OpFoldResult lhs,
                               OpFoldResult rhs) {
  std::optional<int64_t> a = getConstantIntValue(lhs),
                         b = getConstantIntValue(rhs);
  if (a && b)
    return builder.getIndexAttr(*a + *b);
  if (a == 0 || b == 0)
    return a == 0 ? rhs : lhs;
  return arith::AddIOp::create(
             builder, loc, getValueOrCreateConstantIndexOp(builder, loc, lhs),
             getValueOrCreateConstantIndexOp(builder, loc, rhs))
      .getResult();
}

//===----------------------------------------------------------------------===//
// Layouts
//===----------------------------------------------------------------------===//

FailureOr<Layout> ViewResolver::getLayout(Value value) {
  if (auto known = layouts.find(value); known != layouts.end())
    return known->second;
  FailureOr<Layout> layout = computeLayout(value);
  if (succeeded(layout))
    layouts[value] = *layout;
  return layout;
}

FailureOr<Layout> ViewResolver::computeLayout(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op || !(isBufferView(op) || isa<memref::CastOp>(op)) ||
      !isa<MemRefType>(op->getOperand(0).getType()))
    return getBufferLayout(value);
  FailureOr<Layout> source = getLayout(op->getOperand(0));
  if (failed(source))
    return failure();
  builder.setInsertionPoint(op);
  if (auto expand = dyn_cast<memref::ExpandShapeOp>(op))
    return split(expand, std::move(*source));
  if (auto collapse = dyn_cast<memref::CollapseShapeOp>(op))
    return join(collapse, std::move(*source));
  if (auto part = dyn_cast<memref::SubViewOp>(op))
    return cut(part, std::move(*source));
  if (auto cast = dyn_cast<memref::ReinterpretCastOp>(op))
    return Layout{source->buffer, cast.getMixedOffsets().front(),
                  cast.getMixedSizes(), cast.getMixedStrides()};
  return source;
}

FailureOr<Layout> ViewResolver::getBufferLayout(Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  SmallVector<int64_t> strides;
  int64_t offset;
  if (failed(type.getStridesAndOffset(strides, offset)) ||
      ShapedType::isDynamic(offset) ||
      (!type.getLayout().isIdentity() && ShapedType::isDynamicShape(strides)))
    return emitError(buffer.getLoc(),
                     "expects a buffer with known strides under a view, but "
                     "got ")
           << type;
  builder.setInsertionPointAfterValue(buffer);
  Layout layout{buffer, builder.getIndexAttr(offset), {}, {}};
  Location loc = buffer.getLoc();
  for (auto [index, size] : llvm::enumerate(type.getShape()))
    layout.sizes.push_back(
        ShapedType::isDynamic(size)
            ? OpFoldResult(memref::DimOp::create(builder, loc, buffer, index)
                               .getResult())
            : builder.getIndexAttr(size));
  // Without a layout of its own a buffer is contiguous.
  layout.strides.resize(strides.size());
  OpFoldResult next = builder.getIndexAttr(1);
  for (size_t i = strides.size(); i-- > 0;) {
    layout.strides[i] = ShapedType::isDynamic(strides[i])
                            ? next
                            : builder.getIndexAttr(strides[i]);
    if (i != 0)
      next = multiply(loc, layout.strides[i], layout.sizes[i]);
  }
  return layout;
}

Layout ViewResolver::split(memref::ExpandShapeOp op, Layout source) {
  Layout result{source.buffer, source.offset, op.getMixedOutputShape(), {}};
  result.strides.resize(result.sizes.size());
  for (auto [index, group] : llvm::enumerate(op.getReassociationIndices())) {
    OpFoldResult stride = source.strides[index], size = builder.getIndexAttr(1);
    for (int64_t dimension : llvm::reverse(group)) {
      result.strides[dimension] = stride;
      if (dimension != group.front())
        stride = multiply(op.getLoc(), stride, result.sizes[dimension]);
      size = multiply(op.getLoc(), size, result.sizes[dimension]);
    }
    verify(op, source.sizes[index], size);
  }
  return result;
}

/// Whether two sizes are the same by the arithmetic that makes them, as far as
/// `depth` operations tell.
static bool isSame(OpFoldResult lhs, OpFoldResult rhs, int depth = 3) {
  std::optional<int64_t> a = getConstantIntValue(lhs),
                         b = getConstantIntValue(rhs);
  if (lhs == rhs || a || b)
    return lhs == rhs || (a && a == b);
  Operation *left = cast<Value>(lhs).getDefiningOp();
  Operation *right = cast<Value>(rhs).getDefiningOp();
  auto leftDim = dyn_cast_or_null<memref::DimOp>(left),
       rightDim = dyn_cast_or_null<memref::DimOp>(right);
  if (leftDim && rightDim)
    return leftDim.getSource() == rightDim.getSource() &&
           isSame(leftDim.getIndex(), rightDim.getIndex());
  auto leftProduct = dyn_cast_or_null<arith::MulIOp>(left),
       rightProduct = dyn_cast_or_null<arith::MulIOp>(right);
  if (!leftProduct || !rightProduct || depth == 0)
    return false;
  auto match = [&](Value first, Value second) {
    return isSame(leftProduct.getLhs(), first, depth - 1) &&
           isSame(leftProduct.getRhs(), second, depth - 1);
  };
  return match(rightProduct.getLhs(), rightProduct.getRhs()) ||
         match(rightProduct.getRhs(), rightProduct.getLhs());
}

/// The context that `op` runs in, if it does in any.
static Value getContext(Operation *op) {
  auto function = op->getParentOfType<FunctionOpInterface>();
  bool has = function && function.getNumArguments() != 0 &&
             isa<ContextType>(function.getArgumentTypes().front());
  return has ? function.getArguments().front() : Value();
}

void ViewResolver::verify(Operation *op, OpFoldResult size,
                          OpFoldResult expected) {
  Value context = getContext(op);
  if (!context || isSame(size, expected))
    return;
  Location loc = op->getLoc();
  // One after the other, since compilers evaluate arguments in any order.
  Value first = getValueOrCreateConstantIndexOp(builder, loc, size);
  Value second = getValueOrCreateConstantIndexOp(builder, loc, expected);
  RtVerifySizeOp::create(builder, loc, context,
                         "rows or columns where they get another shape", first,
                         second);
}

Layout ViewResolver::join(memref::CollapseShapeOp op, Layout source) {
  Layout result{source.buffer, source.offset, {}, {}};
  for (const ReassociationIndices &group : op.getReassociationIndices()) {
    OpFoldResult size = builder.getIndexAttr(1);
    // Steps are those of the innermost dimension that has any.
    OpFoldResult stride = source.strides[group.back()];
    bool found = false;
    for (int64_t dimension : llvm::reverse(group)) {
      if (!found && getConstantIntValue(source.sizes[dimension]) != 1) {
        stride = source.strides[dimension];
        found = true;
      }
      size = multiply(op.getLoc(), size, source.sizes[dimension]);
    }
    result.sizes.push_back(size);
    result.strides.push_back(stride);
  }
  return result;
}

void ViewResolver::verifyParts(memref::SubViewOp op,
                               ArrayRef<OpFoldResult> whole) {
  Value context = getContext(op);
  if (!context)
    return;
  Location loc = op.getLoc();
  for (auto [offset, size, stride, all] :
       llvm::zip_equal(op.getMixedOffsets(), op.getMixedSizes(),
                       op.getMixedStrides(), whole)) {
    bool isAll = getConstantIntValue(offset) == 0 &&
                 getConstantIntValue(stride) == 1 && isSame(size, all);
    // The verifier has seen those that are known.
    bool isKnown =
        llvm::all_of(ArrayRef<OpFoldResult>{offset, size, stride, all},
                     [](OpFoldResult number) {
                       return getConstantIntValue(number).has_value();
                     });
    if (isAll || isKnown)
      continue;
    SmallVector<Value> numbers;
    for (OpFoldResult number : {offset, size, stride, all})
      numbers.push_back(getValueOrCreateConstantIndexOp(builder, loc, number));
    RtVerifyPartOp::create(builder, loc, context, numbers[0], numbers[1],
                           numbers[2], numbers[3]);
  }
}

Layout ViewResolver::cut(memref::SubViewOp op, Layout source) {
  verifyParts(op, source.sizes);
  Layout result{source.buffer, source.offset, {}, {}};
  llvm::SmallBitVector dropped = op.getDroppedDims();
  Location loc = op.getLoc();
  for (size_t i = 0; i < source.sizes.size(); ++i) {
    result.offset =
        add(loc, result.offset,
            multiply(loc, op.getMixedOffsets()[i], source.strides[i]));
    if (dropped[i])
      continue;
    result.sizes.push_back(op.getMixedSizes()[i]);
    result.strides.push_back(
        multiply(loc, op.getMixedStrides()[i], source.strides[i]));
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Replacement
//===----------------------------------------------------------------------===//

void ViewResolver::replace(Operation *view, const Layout &layout) {
  auto type = cast<MemRefType>(view->getResult(0).getType());
  auto [strides, offset] = type.getStridesAndOffset();
  // What the type says is no more to be computed.
  auto refine = [&](ArrayRef<OpFoldResult> values, ArrayRef<int64_t> known) {
    Sizes refined(values);
    for (auto [value, number] : llvm::zip_equal(refined, known))
      if (!ShapedType::isDynamic(number))
        value = builder.getIndexAttr(number);
    return refined;
  };
  builder.setInsertionPoint(view);
  auto cast = memref::ReinterpretCastOp::create(
      builder, view->getLoc(), type, layout.buffer,
      refine(layout.offset, offset).front(),
      refine(layout.sizes, type.getShape()), refine(layout.strides, strides));
  view->getResult(0).replaceAllUsesWith(cast.getResult());
}

LogicalResult ViewResolver::resolve(ModuleOp module) {
  SmallVector<Operation *> views;
  SmallVector<memref::DimOp> sizes;
  module.walk([&](Operation *op) {
    auto isMatrix = [](Type type) {
      auto buffer = dyn_cast<MemRefType>(type);
      return buffer && buffer.getRank() == 2;
    };
    if (isBufferView(op) ||
        (isa<memref::CastOp>(op) && !isMatrix(op->getResult(0).getType())))
      views.push_back(op);
    else if (auto size = dyn_cast<memref::DimOp>(op);
             size && getViewedBuffer(size.getSource()) != size.getSource())
      sizes.push_back(size);
  });
  for (memref::DimOp size : sizes) {
    std::optional<int64_t> index = size.getConstantIndex();
    auto type = dyn_cast<MemRefType>(size.getSource().getType());
    if (!index || !type || *index < 0 || *index >= type.getRank())
      continue;
    FailureOr<Layout> layout = getLayout(size.getSource());
    if (failed(layout))
      return failure();
    builder.setInsertionPoint(size);
    size.replaceAllUsesWith(getValueOrCreateConstantIndexOp(
        builder, size.getLoc(), layout->sizes[*index]));
    size.erase();
  }
  // From the last, so that views of views have no uses left when they are due.
  for (Operation *view : llvm::reverse(views)) {
    Value value = view->getResult(0);
    if (!value.use_empty()) {
      auto type = dyn_cast<MemRefType>(value.getType());
      if (!type || type.getRank() != 2)
        return view->emitOpError("expects a view that is a matrix where it is "
                                 "used, but got ")
               << value.getType();
      FailureOr<Layout> layout = getLayout(value);
      if (failed(layout))
        return failure();
      replace(view, *layout);
    }
    layouts.erase(value);
    view->erase();
  }
  // Not all sizes of a chain are needed in the end.
  eraseDead(created);
  return success();
}

LogicalResult aimc::resolveViews(ModuleOp module) {
  return ViewResolver(module.getContext()).resolve(module);
}
