//===- AIMCGramOps.td - Exact kernels in the aimc dialect --*- tablegen -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What kernel machines need beside products and digital regions: the kernel of
// all pairs of rows, and the points of the machine as values.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_AIMC_IR_AIMCGRAMOPS_TD
#define AIMC_DIALECTS_AIMC_IR_AIMCGRAMOPS_TD

def AIMC_GramOp : AIMC_Op<"gram", [DestinationStyleOpInterface,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "exact kernel of all pairs of rows, on a digital unit";
  let description = [{
    `result[n, j] = k(x[n], y[j])` for the kernel k; `kernel.gram` has the table
    of kernels. Computed in FP64 and rounded once, without noise, on every
    device. `init` only says where the result goes; its values are overwritten.

    `unit` is the digital unit of the target that does it, which `aimc-split`
    chooses by the instructions that the kernel takes:

    | kernel | instructions | values a result value counts as in estimates |
    |---|---|---|
    | `linear` | `product` | d |
    | `softmax` | `product`, `exponential` | d + 1 |
    | `rbf` | `subtract`, `product`, `multiply`, `exponential` | 2d + 2 |
    | `arccos0` to `arccos2` | `product`, `add`, `subtract`, `multiply`, `divide`, `square_root`, `minimum`, `maximum`; the angle by square roots and a polynomial | 3d + 24 |

    The op has no effects on tensors; equal ops may be merged.

    Constraints:
    - (C1) `x` and `y` have the same, static number of columns;
    - (C2) the rows of `init` equal the rows of `x`, its columns the rows of `y`,
      which are static and positive;
    - (C3) `gamma` is given for `rbf` alone, finite and greater than 0;
    - (C4) with a target, `unit` is one of its digital units;
    - (C5) operands are all tensors, with one result of the type of `init`, or
      all buffers, without a result.

    Example:
    ```mlir
    func.func @gram(%x: tensor<8x64xf32>, %y: tensor<100x64xf32>, %init: tensor<8x100xf32>) -> tensor<8x100xf32> {
      %k = aimc.gram on("global") kernel(rbf) gamma(0.25)
          ins(%x, %y : tensor<8x64xf32>, tensor<100x64xf32>) outs(%init : tensor<8x100xf32>)
          -> tensor<8x100xf32>
      return %k : tensor<8x100xf32>
    }
    ```
  }];
  let arguments = (ins OptionalAttr<StrAttr>:$unit, AIMC_KernelAttr:$kernel,
                       OptionalAttr<F64Attr>:$gamma, AIMC_TensorOrMemRef:$x,
                       AIMC_TensorOrMemRef:$y, AIMC_TensorOrMemRef:$init);
  let results = (outs Optional<2DTensorOf<[F32]>>:$result);
  let assemblyFormat = [{
    (`on` `(` $unit^ `)`)? `kernel` `(` $kernel `)` (`gamma` `(` $gamma^ `)`)?
    `ins` `(` $x `,` $y `:` type($x) `,` type($y) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($result)^)?
  }];
  let hasCanonicalizeMethod = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getInitMutable(); }
    /// The values that a unit computes for one row of `x`, as the table counts.
    int64_t countValues();
  }];
}

def AIMC_LoadOp : AIMC_Op<"load", [DestinationStyleOpInterface,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a matrix in digital memory as a batch";
  let description = [{
    The values of the matrix `weights`, one row after the other, for operations
    that take a batch and no weights, as `aimc.gram` does. `init` only says where
    the result goes; its values are overwritten.

    The op has no effects on tensors; equal ops may be merged.

    Constraints:
    - (C1) `weights` names an `aimc.weights`;
    - (C2) `init` has the shape of the matrix, as far as known;
    - (C3) operands are all tensors, with one result of the type of `init`, or
      all buffers, without a result.

    Example:
    ```mlir
    aimc.weights @points = dense<0.5> : tensor<100x64xf32>
    func.func @points_of_machine(%init: tensor<100x64xf32>) -> tensor<100x64xf32> {
      %y = aimc.load @points outs(%init : tensor<100x64xf32>) -> tensor<100x64xf32>
      return %y : tensor<100x64xf32>
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$weights, AIMC_TensorOrMemRef:$init);
  let results = (outs Optional<2DTensorOf<[F32]>>:$result);
  let assemblyFormat = [{
    $weights `outs` `(` $init `:` type($init) `)` attr-dict
    (`->` type($result)^)?
  }];
  let hasCanonicalizeMethod = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getInitMutable(); }
  }];
}

#endif // AIMC_DIALECTS_AIMC_IR_AIMCGRAMOPS_TD
