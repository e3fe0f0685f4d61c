//===- Projection.cpp - Random projections on crossbars -------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rows of Ω are directions; rows of weights are inputs.
//
//===----------------------------------------------------------------------===//

#include "Conversion/KernelToAIMC/Projection.h"

#include "AIMC/Utils/Matrices.h"
#include "AIMC/Utils/Rows.h"

using namespace mlir;
using namespace aimc;

Value aimc::createProjection(OpBuilder &builder, Location loc,
                             Matrices &matrices, Value omega, Value input) {
  std::optional<ConstantMatrix> matrix = matchConstantMatrix(omega);
  if (!matrix)
    return {};
  FailureOr<FlatSymbolRefAttr> weights =
      matrices.getSymbol(*matrix, /*transpose=*/true, "omega");
  if (failed(weights))
    return {};
  int64_t directions = cast<RankedTensorType>(omega.getType()).getDimSize(0);
  Value init = createEmpty(builder, loc, input, directions);
  return MvmOp::create(builder, loc, init.getType(), *weights,
                       builder.getI64IntegerAttr(matrices.takeSite()),
                       RoleAttr::get(builder.getContext(), Role::projection),
                       /*analog=*/nullptr, /*grid=*/nullptr,
                       /*averaged_copies=*/nullptr, /*sharing_copies=*/nullptr,
                       /*input_range=*/nullptr,
                       /*output_range=*/nullptr, input, init)
      .getResult();
}
