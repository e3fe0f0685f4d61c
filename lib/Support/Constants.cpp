//===- Constants.cpp - Constants of the IR -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Dense attributes are uniqued, which hashes them and keeps them as long as the
// context; resources are not.
//
//===----------------------------------------------------------------------===//

#include "Support/Constants.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"

using namespace mlir;

/// Constants of more bytes than this are resources.
static constexpr size_t largestDense = 1024;

ElementsAttr aimc::makeConstant(ShapedType type, ArrayRef<float> data,
                                StringRef name) {
  if (data.size() * sizeof(float) <= largestDense)
    return DenseElementsAttr::get(type, data);
  return DenseResourceElementsAttr::get(
      type, name, HeapAsmResourceBlob::allocateAndCopyInferAlign(data));
}

ElementsAttr aimc::makeConstant(ShapedType type, std::vector<float> &&data,
                                StringRef name) {
  if (data.size() * sizeof(float) <= largestDense)
    return makeConstant(type, ArrayRef<float>(data), name);
  auto owner = std::make_unique<std::vector<float>>(std::move(data));
  ArrayRef<char> bytes(reinterpret_cast<const char *>(owner->data()),
                       owner->size() * sizeof(float));
  // Deleting the function deletes the values.
  return DenseResourceElementsAttr::get(
      type, name,
      AsmResourceBlob(
          bytes, alignof(float),
          [owner = std::move(owner)](void *, size_t, size_t) {},
          /*dataIsMutable=*/false));
}
