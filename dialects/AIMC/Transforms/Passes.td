//===- Passes.td - Passes of the aimc dialect -*- tablegen -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_AIMC_TRANSFORMS_PASSES_TD
#define AIMC_DIALECTS_AIMC_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def AIMCSetTargetPass : Pass<"aimc-set-target", "::mlir::ModuleOp"> {
  let summary = "Attach the hardware a module is compiled for";
  let description = [{
    Sets the module attribute `aimc.target` from a built-in target or a JSON
    file. A module that has a target already keeps it when it is the same;
    another one is an error, since tiles and ranges belong to a target. `mode`
    chooses among the operating modes of the target, at any time; without it a
    module keeps its mode, else it is the one that the file names.

    Before:
    ```mlir
    // aimc-opt --aimc-set-target=target=ideal
    module {}
    ```
    After:
    ```text
    module attributes {aimc.target = #aimc.target<{name = "ideal", …}>} {}
    ```
  }];
  let dependentDialects = ["::aimc::AIMCDialect"];
  let options = [
    Option<"target", "target", "std::string", "",
           "Name of a built-in target, or path of a JSON file">,
    Option<"mode", "mode", "std::string", "",
           "Operating mode of the target, say 4-phase">
  ];
}

def AIMCLegalizeBodiesPass : Pass<"aimc-legalize-bodies", "::mlir::ModuleOp"> {
  let summary = "Write bodies in instructions of digital units";
  let description = [{
    Models and exporters use more operations than digital units have
    instructions for. Outside of digital regions this pass replaces

    - `linalg.softmax` by its maximum, exponentials of differences, their sum,
      and quotients;
    - `math.rsqrt` by a root and a quotient, powers with a constant exponent by
      products (integers from -16 to 16) or a root (±1/2), and `math.expm1` by
      tanh(x/2)·(exp(x) + 1), which cancels nothing near 0;
    - a selection of the larger of two values by `arith.maximumf`;
    - other comparisons, their logic, selections and conversions of truth values
      by `aimc.greater`, `aimc.greater_equal`, `aimc.equal` and `aimc.select`,
      which compute with 1 and 0. Operations on whole tensors and named
      operations become `linalg.generic` for it, and a tensor of truth values
      becomes part of the operations that use it.

    What has no such form stays; aimc-split reports it.

    Before:
    ```mlir
    // aimc-opt --aimc-legalize-bodies
    func.func @leaky(%x: tensor<8x64xf32>) -> tensor<8x64xf32> {
      %zero = arith.constant 0.0 : f32
      %slope = arith.constant 0.01 : f32
      %e = tensor.empty() : tensor<8x64xf32>
      %y = linalg.map ins(%x : tensor<8x64xf32>) outs(%e : tensor<8x64xf32>) (%v: f32, %o: f32) {
        %positive = arith.cmpf ogt, %v, %zero : f32
        %small = arith.mulf %v, %slope : f32
        %r = arith.select %positive, %v, %small : f32
        linalg.yield %r : f32
      }
      return %y : tensor<8x64xf32>
    }
    ```
    After:
    ```mlir
    func.func @leaky(%x: tensor<8x64xf32>) -> tensor<8x64xf32> {
      %zero = arith.constant 0.0 : f32
      %slope = arith.constant 0.01 : f32
      %e = tensor.empty() : tensor<8x64xf32>
      %y = linalg.generic {
          indexing_maps = [affine_map<(n, c) -> (n, c)>, affine_map<(n, c) -> (n, c)>],
          iterator_types = ["parallel", "parallel"]}
          ins(%x : tensor<8x64xf32>) outs(%e : tensor<8x64xf32>) {
      ^bb0(%v: f32, %o: f32):
        %small = arith.mulf %v, %slope : f32
        %positive = aimc.greater %v, %zero : f32
        %r = aimc.select %positive, %v, %small : f32
        linalg.yield %r : f32
      } -> tensor<8x64xf32>
      return %y : tensor<8x64xf32>
    }
    ```
  }];
  let dependentDialects = ["::aimc::AIMCDialect", "::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::tensor::TensorDialect"];
}

def AIMCVerifyCastsPass : Pass<"aimc-verify-casts", "::mlir::ModuleOp"> {
  let summary = "Compare the sizes that casts claim to know";
  let description = [{
    A `tensor.cast` from an open size to a known one is a claim, which
    canonicalization takes for granted. An `aimc.verify_size` before it compares
    the size when the program runs. Claims that are compared already stay as they
    are. Runs before all other passes.

    Before:
    ```mlir
    // aimc-opt --aimc-verify-casts
    func.func @three(%x: tensor<?x4xf32>) -> tensor<3x4xf32> {
      %y = tensor.cast %x : tensor<?x4xf32> to tensor<3x4xf32>
      return %y : tensor<3x4xf32>
    }
    ```

    After:
    ```mlir
    func.func @three(%arg0: tensor<?x4xf32>) -> tensor<3x4xf32> {
      %c0 = arith.constant 0 : index
      %dim = tensor.dim %arg0, %c0 : tensor<?x4xf32>
      %c3 = arith.constant 3 : index
      aimc.verify_size "entries along dimension 0, as 'tensor.cast' has it" size(%dim) expected(%c3)
      %cast = tensor.cast %arg0 : tensor<?x4xf32> to tensor<3x4xf32>
      return %cast : tensor<3x4xf32>
    }
    ```
  }];
  let dependentDialects = ["::aimc::AIMCDialect", "::mlir::arith::ArithDialect",
                           "::mlir::tensor::TensorDialect"];
}

def AIMCFlattenBatchesPass : Pass<"aimc-flatten-batches", "::mlir::ModuleOp"> {
  let summary = "Turn arrays of several dimensions into matrices";
  let description = [{
    Products and digital work are on batches of rows. Where a model has arrays of
    rank 3 or more (batch x tokens x features), all dimensions but the last become
    the rows of one matrix:

    - linalg operations, element-wise operations, casts, and `tensor.concat` and
      `tensor.extract_slice` along the last dimension, as long as they treat all
      rows alike: element-wise work,
      reductions along the last dimension, products with a matrix, also those of
      `linalg.batch_matmul` with a matrix that is the same for the whole batch;
    - arguments and results of public functions, also those of rank 1 and those of
      rank 2 whose second size is not known. The attribute `aimc.sizes` has the
      sizes that users see. The last of several sizes, if it is known, is the
      width of the matrix, else each value is a row.

    Reshapes in between fold; those of the model stay as views. A module of
    matrices stays as it is.

    Rows say no more how many there were along each dimension. So where two
    operands of an operation have to agree in sizes that are open, an
    `aimc.verify_size` compares them when the program runs, unless both are the
    same by what makes them.

    Fails at an operation on an array of rank 3 or more that is left, and says why.

    Before:
    ```mlir
    // aimc-opt --aimc-flatten-batches
    func.func @linear(%x: tensor<?x?x4xf32>) -> tensor<?x?x3xf32> {
      %w = arith.constant dense<0.5> : tensor<4x3xf32>
      %zero = arith.constant 0.0 : f32
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %batch = tensor.dim %x, %c0 : tensor<?x?x4xf32>
      %length = tensor.dim %x, %c1 : tensor<?x?x4xf32>
      %empty = tensor.empty(%batch, %length) : tensor<?x?x3xf32>
      %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x?x3xf32>) -> tensor<?x?x3xf32>
      %y = linalg.generic {
          indexing_maps = [affine_map<(b, l, n, k) -> (b, l, k)>,
                           affine_map<(b, l, n, k) -> (k, n)>,
                           affine_map<(b, l, n, k) -> (b, l, n)>],
          iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
          ins(%x, %w : tensor<?x?x4xf32>, tensor<4x3xf32>)
          outs(%init : tensor<?x?x3xf32>) {
      ^bb0(%a: f32, %b: f32, %sum: f32):
        %p = arith.mulf %a, %b : f32
        %s = arith.addf %sum, %p : f32
        linalg.yield %s : f32
      } -> tensor<?x?x3xf32>
      return %y : tensor<?x?x3xf32>
    }
    ```
    After:
    ```mlir
    func.func @linear(%x: tensor<?x4xf32> {aimc.sizes = array<i64: -1, -1, 4>})
        -> (tensor<?x3xf32> {aimc.sizes = array<i64: -1, -1, 3>}) {
      %c0 = arith.constant 0 : index
      %zero = arith.constant 0.0 : f32
      %w = arith.constant dense<0.5> : tensor<4x3xf32>
      %batch = aimc.input_size input(0) dimension(0)
      %length = aimc.input_size input(0) dimension(1)
      %rows = tensor.dim %x, %c0 : tensor<?x4xf32>
      %empty = tensor.empty(%rows) : tensor<?x3xf32>
      %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x3xf32>) -> tensor<?x3xf32>
      %y = linalg.generic {
          indexing_maps = [affine_map<(r, n, k) -> (r, k)>,
                           affine_map<(r, n, k) -> (k, n)>,
                           affine_map<(r, n, k) -> (r, n)>],
          iterator_types = ["parallel", "parallel", "reduction"]}
          ins(%x, %w : tensor<?x4xf32>, tensor<4x3xf32>) outs(%init : tensor<?x3xf32>) {
      ^bb0(%a: f32, %b: f32, %sum: f32):
        %p = arith.mulf %a, %b : f32
        %s = arith.addf %sum, %p : f32
        linalg.yield %s : f32
      } -> tensor<?x3xf32>
      aimc.set_output_size output(0) dimension(0) to %batch
      aimc.set_output_size output(0) dimension(1) to %length
      return %y : tensor<?x3xf32>
    }
    ```
  }];
  let dependentDialects = ["::aimc::AIMCDialect", "::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def AIMCSplitPass : Pass<"aimc-split", "::mlir::ModuleOp"> {
  let summary = "Decide what runs on crossbars and on which digital unit";
  let description = [{
    Gives every product and operation of the model a place:

    - an `aimc.mvm` of role `linear` stays analog; one of role `projection` goes
      where `projection` says, one of role `readout` where `readout` says. A
      read-out that stays is marked `analog`, so that the decision holds when the
      pass runs again; so it does for a product that is tiled. A product that goes digital becomes a
      `linalg.matmul` on `aimc.weights_value`;
    - every other operation on tensors goes to the cheapest digital unit of the
      target that can do all of it (time per value); a unit attached to the
      cores only takes what follows an MVM directly. Operations of one unit that
      depend on nothing in between form one `aimc.digital` region;
    - an `aimc.gram` gets its unit by the same rule, as the attribute `unit`;
    - an `aimc.attention` is given its unit, the cheapest one of the chip that can
      do products, divisions and, with log scales, exponentials.

    A fixed-point unit takes only what has one operand that is not a constant,
    behind a matrix of one row of tiles, no negation, and no sum behind a ReLU;
    aimc-fold-nmpu says more.

    Each decision is a remark of category `aimc-split`. Without a target there
    is one unit, `host`, that does everything.

    Fails when no unit can do an operation.

    Before:
    ```mlir
    // aimc-opt --aimc-set-target=target=hermes --aimc-split
    aimc.weights @w = dense<0.5> : tensor<64x64xf32>
    func.func @project(%x: tensor<8x64xf32>) -> tensor<8x64xf32> {
      %init = tensor.empty() : tensor<8x64xf32>
      %y = aimc.mvm @w site(0) role(projection) ins(%x : tensor<8x64xf32>)
          outs(%init : tensor<8x64xf32>) -> tensor<8x64xf32>
      %z = linalg.add ins(%y, %x : tensor<8x64xf32>, tensor<8x64xf32>)
          outs(%init : tensor<8x64xf32>) -> tensor<8x64xf32>
      return %z : tensor<8x64xf32>
    }
    ```
    After:
    ```mlir
    aimc.weights @w = dense<0.5> : tensor<64x64xf32>
    func.func @project(%x: tensor<8x64xf32>) -> tensor<8x64xf32> {
      %init = tensor.empty() : tensor<8x64xf32>
      %y = aimc.mvm @w site(0) role(projection) ins(%x : tensor<8x64xf32>)
          outs(%init : tensor<8x64xf32>) -> tensor<8x64xf32>
      %z = aimc.digital on("global") -> tensor<8x64xf32> {
        %empty = tensor.empty() : tensor<8x64xf32>
        %sum = linalg.add ins(%y, %x : tensor<8x64xf32>, tensor<8x64xf32>)
            outs(%empty : tensor<8x64xf32>) -> tensor<8x64xf32>
        aimc.yield %sum : tensor<8x64xf32>
      }
      return %z : tensor<8x64xf32>
    }
    ```
  }];
  let dependentDialects = ["::aimc::AIMCDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
  let options = [
    Option<"readout", "readout", "std::string", "\"digital\"",
           "Where read-outs run: digital or analog">,
    Option<"projection", "projection", "std::string", "\"analog\"",
           "Where random projections run: digital or analog">
  ];
}

def AIMCTilePass : Pass<"aimc-tile", "::mlir::ModuleOp"> {
  let summary = "Cut matrices to the usable array";
  let description = [{
    Cuts each matrix that an `aimc.mvm` uses into parts that fit the usable rows
    and columns of the target: `aimc.tile` symbols after the matrix, and the
    `grid` on each use. Row parts give partial sums that are added digitally,
    column parts are concatenated; ragged edges are tiles of their own size.
    A matrix that has tiles keeps them. `objective` chooses the parts:

    - `fewest-tiles`: the fewest that fit, as equal as can be: sizes differ by at
      most 1, larger ones first;
    - `balanced`: of one size exactly, so that all tiles of a matrix have sums of
      one range and take a digital unit as long: the fewest parts that divide the
      rows, and the columns, if these are at most twice the fewest that fit; else
      as `fewest-tiles`;
    - `error`: as `fewest-tiles`, but as many row parts as it takes to keep the
      error by the voltage drop along bit lines within `error-budget`: the root
      mean square of the drop over that of the products, over all tiles of the
      matrix with inputs of random sign and half the range, by the formula of
      docs/Numerics.md with rows counted from the first of the array. Shorter bit
      lines are the horizontal partitioning of Amin et al. (ISCAS 2022).

    Precondition: a target; with `objective=error` one with
    `array.segment_resistance`. Fails when the tiles that are there do not cover
    their matrix exactly once, when a `grid` is not that of its matrix, and when
    the matrices have more weights than the target has cells: the error names
    the first matrix without room, the room, and what would help.

    Before:
    ```mlir
    // aimc-opt --aimc-set-target=target=hermes --aimc-tile
    aimc.weights @w = dense<0.5> : tensor<300x100xf32>
    func.func @project(%x: tensor<8x300xf32>, %init: tensor<8x100xf32>) -> tensor<8x100xf32> {
      %y = aimc.mvm @w site(0) role(linear) ins(%x : tensor<8x300xf32>)
          outs(%init : tensor<8x100xf32>) -> tensor<8x100xf32>
      return %y : tensor<8x100xf32>
    }
    ```
    After:
    ```mlir
    aimc.weights @w = dense<0.5> : tensor<300x100xf32>
    aimc.tile @w_0_0 of @w index [0, 0] rows(0, 150) columns(0, 100)
    aimc.tile @w_1_0 of @w index [1, 0] rows(150, 150) columns(0, 100)
    func.func @project(%x: tensor<8x300xf32>, %init: tensor<8x100xf32>) -> tensor<8x100xf32> {
      %y = aimc.mvm @w site(0) role(linear) grid [2, 1] ins(%x : tensor<8x300xf32>)
          outs(%init : tensor<8x100xf32>) -> tensor<8x100xf32>
      return %y : tensor<8x100xf32>
    }
    ```
  }];
  let dependentDialects = ["::aimc::AIMCDialect"];
  let options = [
    Option<"objective", "objective", "std::string", "\"fewest-tiles\"",
           "fewest-tiles, balanced or error">,
    Option<"errorBudget", "error-budget", "double", "0.05",
           "of objective=error: largest error relative to the products, above 0">
  ];
}

def AIMCReplicatePass : Pass<"aimc-replicate", "::mlir::ModuleOp"> {
  let summary = "Program matrices several times, against noise or for throughput";
  let description = [{
    Adds copies of the tiles of matrices until there are `copies` of each, on
    cells of their own, and says on each use what they are for:

    - `mode=average`, against noise: the result is the mean of what the copies
      give (`average`). Noise that is independent between copies, that of
      programming and of reading, is copies^(-1/2) of that of one; what is the
      same in all of them, as rounding by the DAC and a bias of the sampler,
      stays. Each copy costs the cells and the MVMs of one;
    - `mode=throughput`: the copies share the vectors (`share`). Vector v of the
      whole data set goes to copy v mod copies, so each copy is busy with one of
      `copies` vectors; a vector takes the time and the energy of one copy. A
      layer whose output sets are split between copies, as CLSA-CIM has it, is
      the same thing: its output sets are rows of a batch here.

    `matrices` chooses them, by names as `@omega` and by roles: `projection`,
    `readout` and `linear` mean every matrix on crossbars that a product of this
    role uses. A matrix that has this many copies keeps them. With `copies=1`
    nothing changes.

    With `spare-cores` in place of `copies` the pass itself chooses how many
    copies each matrix gets for throughput, of all matrices unless `matrices`
    chooses some. Again and again the slowest one gets a further copy, until the
    spare cores are too few for one more, or until a digital unit of the chips
    takes longer than any product; copies that gained nothing, as another matrix
    is as slow, are taken back. How slow one is are the MVM time of the target,
    the time in which a tile's columns pass through the local unit of its core,
    or that in which its inputs come from other operations, the longest of these,
    for all its uses by a vector, over its copies. Digital work on local units is
    not counted. Each tile of a copy takes a spare core, since a core does one
    thing at a time, and copies of a matrix with `pin` no more cores than the pin
    has. `aimc-place` keeps copies of a matrix apart under each objective; with
    `objective=latency` other tiles keep away from them too. Copies that are
    there already count. Matrices whose copies are averaged are left out unless
    `matrices` names them. Remarks say what each matrix got and what is slowest
    then.

    Precondition: a target, and tiles of the matrices chosen. Fails when a name
    or a role does not exist, when no matrix is of a role that `matrices` names
    (without names a remark says so), when a matrix chosen has no tiles, another number
    of copies or copies of the other mode already, when there are more spare
    cores than the target has beyond the lower bound of `aimc-place` for one copy
    of each matrix, and when the weights with all copies are more than the target
    has cells: the error names the first matrix without room, the room, and what
    would help. Runtime matrices, which get no copies any more, must have them:
    those that `matrices` names, or without names at least one, and none may have
    copies of the other mode.

    Before:
    ```mlir
    // aimc-opt --aimc-set-target=target=hermes --aimc-replicate=copies=2
    aimc.weights @w = dense<0.5> : tensor<64x128xf32>
    aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128)
    func.func @project(%x: tensor<8x64xf32>, %init: tensor<8x128xf32>) -> tensor<8x128xf32> {
      %y = aimc.mvm @w site(0) role(projection) grid [1, 1]
          ins(%x : tensor<8x64xf32>) outs(%init : tensor<8x128xf32>) -> tensor<8x128xf32>
      return %y : tensor<8x128xf32>
    }
    ```
    After:
    ```mlir
    aimc.weights @w = dense<0.5> : tensor<64x128xf32>
    aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128)
    aimc.tile @w_0_0_copy_1 of @w copy(1) index [0, 0] rows(0, 64) columns(0, 128)
    func.func @project(%x: tensor<8x64xf32>, %init: tensor<8x128xf32>) -> tensor<8x128xf32> {
      %y = aimc.mvm @w site(0) role(projection) grid [1, 1] average(2)
          ins(%x : tensor<8x64xf32>) outs(%init : tensor<8x128xf32>) -> tensor<8x128xf32>
      return %y : tensor<8x128xf32>
    }
    ```
  }];
  let dependentDialects = ["::aimc::AIMCDialect"];
  let options = [
    Option<"copies", "copies", "int64_t", "1",
           "Copies of each matrix chosen, at least 1">,
    Option<"mode", "mode", "std::string", "\"average\"",
           "average or throughput">,
    Option<"spareCores", "spare-cores", "int64_t", "0",
           "Of mode=throughput: cores for copies of the slowest matrices">,
    ListOption<"matrices", "matrices", "std::string",
               "Names as @omega and roles; projection when there are none, all "
               "for spare-cores">
  ];
}

def AIMCCalibratePass : Pass<"aimc-calibrate", "::mlir::ModuleOp"> {
  let summary = "Set the ranges of the converters";
  let description = [{
    Sets `input_range` and `output_range` of each `aimc.mvm` from the ranges
    that `aimc-run --collect-ranges` recorded for its site (`ranges`), by `rule`:

    - `max`: the largest magnitude recorded;
    - `percentile`: the magnitude that the fraction `percentile` stays below;
    - `k-sigma`: |mean| + `k` standard deviations, at most the largest magnitude;
    - `mse`: the range with the least mean-square error of clipping and rounding
      over the recorded histogram, given the bits of the converter. The output
      noise of the target, σ_out, is behind the DAC and scaled back by its range
      r, so for inputs the cost of an output is
      E(r)·Σ W² + r²·σ_out²·Σ_tiles (largest weight)² / copies, averaged over the
      columns of the matrix, where E is the error of clipping and rounding and
      the tiles are those of one copy. An ideal converter gets the largest
      magnitude.

    What was recorded as output are partial sums over the largest weight of the
    tile, so the range of it is divided by the input range. Since it was recorded
    without noise, r becomes sqrt(r² + (k·σ_out)²). A range that is 0, as when
    only zeros were recorded, becomes 1.

    Without a file, `k-sigma` alone is possible, as a static rule: inputs are
    taken to be independent with mean 0 and standard deviation 1, so the input
    range is k, and the output range the largest sqrt(Σ w²) over the columns of
    the tiles, w being weights over the largest of their tile: k standard
    deviations of the partial sums.

    Ranges that are there are replaced.

    With `report` a file tells of each site its rule and ranges and, with a file
    of recorded ranges, what they let expect on that data: the fraction of the
    values that is clipped at the DAC and at the ADC, the mean-square error of
    clipping and rounding there (of the ADC in units of (input / input range)
    times (weight / largest weight)), and the mean-square error of an output of
    the product by these two and σ_out, as in the cost above. Errors of the
    devices are not in it. The report is JSON if the name of the file ends in
    `.json`, else a table; `-` is standard output.

    Precondition: a target, and tiles. Fails when the file cannot be read or a
    field of it cannot be (the error names it), when a site is missing there, has
    no vectors or belongs to another matrix, without file or static rule, and
    when the report cannot be written.

    Before:
    ```mlir
    // aimc-opt --aimc-set-target=target=ideal --aimc-calibrate=rule=k-sigma
    aimc.weights @w = dense<0.5> : tensor<64x128xf32>
    aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128)
    func.func @project(%x: tensor<8x64xf32>, %init: tensor<8x128xf32>) -> tensor<8x128xf32> {
      %y = aimc.mvm @w site(0) role(projection) grid [1, 1]
          ins(%x : tensor<8x64xf32>) outs(%init : tensor<8x128xf32>) -> tensor<8x128xf32>
      return %y : tensor<8x128xf32>
    }
    ```
    After:
    ```mlir
    aimc.weights @w = dense<0.5> : tensor<64x128xf32>
    aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128)
    func.func @project(%x: tensor<8x64xf32>, %init: tensor<8x128xf32>) -> tensor<8x128xf32> {
      %y = aimc.mvm @w site(0) role(projection) grid [1, 1] input_range(4.0) output_range(8.0)
          ins(%x : tensor<8x64xf32>) outs(%init : tensor<8x128xf32>) -> tensor<8x128xf32>
      return %y : tensor<8x128xf32>
    }
    ```
  }];
  let dependentDialects = ["::aimc::AIMCDialect"];
  let options = [
    Option<"ranges", "ranges", "std::string", "", "File of recorded ranges">,
    Option<"rule", "rule", "std::string", "",
           "max, percentile, k-sigma or mse; mse when there is a file">,
    Option<"report", "report", "std::string", "",
           "File for a report: JSON if it ends in .json, else a table">,
    Option<"percentile", "percentile", "double", "0.9999",
           "Fraction of the values inside the range, above 0 and at most 1">,
    Option<"k", "k", "double", "4.0",
           "Standard deviations inside the range, of values and of noise">
  ];
}

def AIMCPlacePass : Pass<"aimc-place", "::mlir::ModuleOp"> {
  let summary = "Put tiles on cores";
  let description = [{
    Gives every `aimc.tile` a chip, a core and a place in its array, several
    tiles to a core where they fit. Tiles that are placed already stay. Cores
    and columns that the target says are dead get none; cores with defects are
    the last to be taken. The search is deterministic and its cost grows linearly
    with tiles and cores in use. A remark tells how many cores have tiles, and
    how many they need at least whatever the objective.

    Tiles of different copies that share the vectors lie on different cores as
    long as any core without another copy has room, whatever the objective: on
    one core they would take turns. Where they do, a warning at the matrix tells.

    - `area`: as few cores as the search finds;
    - `latency`: tiles that may be in use at the same time lie on different cores
      as long as there are empty ones, wide tiles first; then on the core with
      the least load of the phase, its tiles and their columns, if possible one
      without tiles of the same step.
      Products of one *phase* may run at once: those with as many attentions
      before them that are not causal. Such an attention needs all rows before it
      gives one, so products before and after it share cores at no loss; all
      others may run at once, on different rows of the batch. Products of one
      *step*, with as many products before them, do not depend on each other and
      begin together. A tile that finds no room is taken before the others in a
      next attempt; when none has room for all, they are placed for `area`, and
      a remark says so;
    - `noise`: the tiles with the highest importance go to the best cores. The
      importance of a tile is the mean of its squared weights over that of its
      matrix, times the `importance` of the matrix. The error of a core is the
      mean over its usable columns of (gain - 1)² + offset², as `adc.columns` of
      the target has them and `adc.correction` does not take them away, plus the
      fraction of dead cells. Of equal cores, few are used. When the tiles do not
      fit this way it goes on as for `latency`.

    A matrix with `pin` is placed before others, on the cores of its pin alone;
    matrices with the same pin share them.

    Precondition: a target, and tiles. Fails when placed tiles overlap or lie on
    dead cores or columns, when pinned tiles do not fit the cores of their pin,
    and when the tiles do not fit; the error names the matrix, the need, the
    room, and what would help.

    Before:
    ```mlir
    // aimc-opt --aimc-set-target=target=hermes --aimc-place
    aimc.weights @w = dense<0.5> : tensor<300x100xf32>
    aimc.tile @w_0_0 of @w index [0, 0] rows(0, 150) columns(0, 100)
    aimc.tile @w_1_0 of @w index [1, 0] rows(150, 150) columns(0, 100)
    ```
    After:
    ```mlir
    aimc.weights @w = dense<0.5> : tensor<300x100xf32>
    aimc.tile @w_0_0 of @w index [0, 0] rows(0, 150) columns(0, 100)
        on chip(0) core(0) at(0, 0)
    aimc.tile @w_1_0 of @w index [1, 0] rows(150, 150) columns(0, 100)
        on chip(0) core(0) at(0, 100)
    ```
  }];
  let dependentDialects = ["::aimc::AIMCDialect"];
  let options = [
    Option<"objective", "objective", "std::string", "\"area\"",
           "area, latency or noise">
  ];
}

def AIMCImportMappingPass : Pass<"aimc-import-mapping", "::mlir::ModuleOp"> {
  let summary = "Take the tiles and their places from a mapping";
  let description = [{
    Gives the matrices the tiles of a mapping in JSON (docs/Mapping.md) in the
    place of those they have, and their products the grids and copies. The
    mapping may come from another tool, or from this one: with that of
    `aimc-translate --aimc-to-mapping`, the module is the one it was made from.
    A schedule does not fit any more and is dropped.

    Precondition: a target, the one that the mapping is for. Fails, before
    anything is changed, when the mapping is none, names matrices that the module
    does not have, leaves out one that a product uses, has tiles that overlap or
    lie outside of an array, the chips or the matrix or on dead cores or columns,
    or does not cover each matrix once in each replica with a grid of tiles. Errors
    are at their place in the JSON file.

    With this mapping in `mapping.json`:
    ```text
    {"target": "hermes", "weights": {"w": [
      {"chip": 0, "core": 5, "replica": 0,
       "tile_row_region": [0, 64], "tile_col_region": [100, 132],
       "weight_row_region": [0, 64], "weight_col_region": [0, 32]} ]}}
    ```
    before, `--aimc-import-mapping=file=mapping.json`:
    ```mlir
    aimc.weights @w = dense<0.5> : tensor<64x32xf32>
    ```
    After:
    ```mlir
    aimc.weights @w = dense<0.5> : tensor<64x32xf32>
    aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 32)
        on chip(0) core(5) at(0, 100)
    ```
  }];
  let dependentDialects = ["::aimc::AIMCDialect"];
  let options = [
    Option<"file", "file", "std::string", "\"\"", "JSON file of the mapping">
  ];
}

def AIMCSchedulePass : Pass<"aimc-schedule", "::mlir::ModuleOp"> {
  let summary = "Say when each product and each digital region runs";
  let description = [{
    Gives each operation that takes time an `aimc.slot`, the picoseconds at which
    a vector begins it and has its result, and the module an `aimc.schedule`: the
    interval from a vector to the next one and the latency of each. The vector is
    a row of each argument.

    Resources are the crossbar, the local digital unit and the incoming link of
    each core, and the digital units of a kind of all chips. ADCs are part of a
    crossbar, whose MVM time holds their conversions. A product takes the
    crossbars of all its cores, as many MVM times as its fullest core has tiles,
    then the local units for its columns, then the delays of its partial sums;
    before it, the incoming links, as long as its inputs take, unless they are
    arguments of the function. Digital work takes the units of its kind. What
    goes from task to task takes the hops of the longest way between the cores
    of both, and one to or from a unit of the chip.

    - `cross-layer`: each task begins as soon as its inputs are there and its
      resources are free, and the interval is the least that the search finds,
      from what the busiest resource allows up (modulo scheduling, B. R. Rau,
      MICRO 1994);
    - `layer-by-layer`: one task after another, one vector after another.

    Without `kind` it is that of the schedule that the module has, or cross-layer.

    A result waits, from the end of its task to the end of the last one that takes
    it, in a buffer where it was computed: of a product in the cores that have its
    last row parts, of digital work in the units. Where the target tells sizes
    (`core_buffer`, `buffer` of a unit), the interval is lengthened until buffers
    hold what there is at once of all vectors.

    Nothing is unrolled: the cost grows with tiles. The slot of an operation in
    `scf.for` is for all iterations together, as if each operation did all of its
    own before the next one, so what waits is that of one iteration; a warning
    tells of a loop whose number of iterations is not a constant, which counts as
    one. A module that has a schedule of the kind is verified and keeps it, one of the
    other kind is scheduled anew; one of runtime calls stays as it is. A remark tells
    interval and latency.

    Precondition: a target and placed tiles. Fails when a tile has no place, digital
    work sizes that are not known, a buffer is too small even for one vector after
    another, loops have more than 2^24 iterations, or all operations one after another
    take more than 2^46 ps (70 s), for runtime calls that were scheduled in another
    kind, and for a schedule given when

    - (C1) an operation that takes time has no slot, or one has a slot but the
      module no schedule;
    - (C2) the end of a slot is not what its start and the target make it;
    - (C3) an operation begins before its inputs are there;
    - (C4) a resource does two things at a time, of any vectors;
    - (C5) the latency is not the last end;
    - (C6) a buffer holds more than its size, of all vectors at a time;
    - (C7) it is layer by layer, but an operation begins before another has ended,
      or a vector before the one before it has.

    Before:
    ```mlir
    // aimc-opt --aimc-set-target=target=hermes --aimc-place --aimc-schedule
    aimc.weights @w = dense<0.5> : tensor<64x128xf32>
    aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128)
    func.func @project(%x: tensor<8x64xf32>, %init: tensor<8x128xf32>) -> tensor<8x128xf32> {
      %y = aimc.mvm @w site(0) role(linear) grid [1, 1]
          ins(%x : tensor<8x64xf32>) outs(%init : tensor<8x128xf32>) -> tensor<8x128xf32>
      return %y : tensor<8x128xf32>
    }
    ```
    After, with 133 ns for the MVM, 160 ns to the first value and 128 values of
    2.5 ns:
    ```mlir
    module attributes {aimc.schedule = #aimc.schedule<cross_layer, interval = 320000, latency = 613000>} {
      aimc.weights @w = dense<0.5> : tensor<64x128xf32>
      aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(0) at(0, 0)
      func.func @project(%x: tensor<8x64xf32>, %init: tensor<8x128xf32>) -> tensor<8x128xf32> {
        %y = aimc.mvm @w site(0) role(linear) grid [1, 1]
            ins(%x : tensor<8x64xf32>) outs(%init : tensor<8x128xf32>)
            {aimc.slot = #aimc.slot<start = 0, end = 613000>} -> tensor<8x128xf32>
        return %y : tensor<8x128xf32>
      }
    }
    ```
  }];
  let dependentDialects = ["::aimc::AIMCDialect"];
  let options = [
    Option<"kind", "kind", "std::string", "\"\"",
           "cross-layer or layer-by-layer (that of the module, else cross-layer)">
  ];
}

def AIMCOutlineDigitalPass
    : Pass<"aimc-outline-digital", "::mlir::ModuleOp"> {
  let summary = "Turn digital regions into row programs";
  let description = [{
    Turns each `aimc.digital` region into an `aimc.program` on one row of the
    batch, and the region into an `aimc.execute`. The region's operations work
    row by row: element-wise `linalg.generic` (and named elementwise, broadcast
    and fill operations), sums over a row, other shapes of a number per row,
    `linalg.matmul` with `aimc.weights_value`, `tensor.concat`. Operations
    outside regions (in a module without `aimc-split`) are an error.

    Fails at an operation that has no row program.

    Before:
    ```mlir
    // aimc-opt --aimc-outline-digital
    func.func @sum(%x: tensor<8x64xf32>, %y: tensor<8x64xf32>) -> tensor<8x64xf32> {
      %z = aimc.digital on("global") -> tensor<8x64xf32> {
        %init = tensor.empty() : tensor<8x64xf32>
        %sum = linalg.add ins(%x, %y : tensor<8x64xf32>, tensor<8x64xf32>)
            outs(%init : tensor<8x64xf32>) -> tensor<8x64xf32>
        aimc.yield %sum : tensor<8x64xf32>
      }
      return %z : tensor<8x64xf32>
    }
    ```
    After:
    ```mlir
    aimc.program @sum_global on("global")
        (%x: vector<64xf32>, %y: vector<64xf32>) -> (vector<64xf32>) {
      %sum = arith.addf %x, %y : vector<64xf32>
      aimc.yield %sum : vector<64xf32>
    }
    func.func @sum(%x: tensor<8x64xf32>, %y: tensor<8x64xf32>) -> tensor<8x64xf32> {
      %init = tensor.empty() : tensor<8x64xf32>
      %z = aimc.execute @sum_global ins(%x, %y : tensor<8x64xf32>, tensor<8x64xf32>)
          outs(%init : tensor<8x64xf32>) -> tensor<8x64xf32>
      return %z : tensor<8x64xf32>
    }
    ```
  }];
  let dependentDialects = ["::aimc::AIMCDialect", "::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::vector::VectorDialect"];
}

def AIMCFuseCallsPass : Pass<"aimc-fuse-calls", "::mlir::ModuleOp"> {
  let summary = "Make one call of a product and the programs on it";
  let description = [{
    An `aimc.rt.mvm` and the `aimc.rt.digital` that work on its result, one after
    the other, become one `aimc.rt.mvm_digital`, which computes a block of rows at
    a time. The buffers between them go: features never exist for the whole batch.
    On the exact device the projection, the nonlinearity and a narrow product on
    the features are fused: a few features at a time live in registers and the
    first-level cache. The bits of all results stay.

    A call is taken in while

    1. it reads a value of the chain, and
    2. it writes no buffer that the chain reads, and
    3. what stands between has no part in the chain's buffers.

    Products whose result is used beyond the chain, by `aimc.rt.attention` or
    through views, stay as they are. Precondition: a module of runtime calls.

    Before:
    ```mlir
    // aimc-opt --aimc-fuse-calls
    aimc.rt.matrix @omega = dense<0.5> : tensor<64x128xf32>
        tiles dense<[[0, 0, 64, 128, 0, 3, 0, 0]]> : tensor<1x8xi32>
    aimc.program @cosine on("global") (%a: vector<128xf32>) -> (vector<128xf32>) {
      %b = math.cos %a : vector<128xf32>
      aimc.yield %b : vector<128xf32>
    }
    func.func @features(%device: !aimc.context, %x: memref<8x64xf32>) -> memref<8x128xf32> {
      %first = aimc.rt.first_vector %device
      %p = memref.alloc() : memref<8x128xf32>
      aimc.rt.mvm %device @omega site(0) input_range(4.0) output_range(16.0) first(%first)
          ins(%x : memref<8x64xf32>) outs(%p : memref<8x128xf32>)
      %y = memref.alloc() : memref<8x128xf32>
      aimc.rt.digital %device @cosine first(%first)
          ins(%p : memref<8x128xf32>) outs(%y : memref<8x128xf32>)
      memref.dealloc %p : memref<8x128xf32>
      return %y : memref<8x128xf32>
    }
    ```
    After:
    ```mlir
    aimc.rt.matrix @omega = dense<0.5> : tensor<64x128xf32>
        tiles dense<[[0, 0, 64, 128, 0, 3, 0, 0]]> : tensor<1x8xi32>
    aimc.program @cosine on("global") (%a: vector<128xf32>) -> (vector<128xf32>) {
      %b = math.cos %a : vector<128xf32>
      aimc.yield %b : vector<128xf32>
    }
    func.func @features(%device: !aimc.context, %x: memref<8x64xf32>) -> memref<8x128xf32> {
      %first = aimc.rt.first_vector %device
      %y = memref.alloc() : memref<8x128xf32>
      aimc.rt.mvm_digital %device @omega [@cosine] site(0) input_range(4.0) output_range(16.0)
          operands([0]) results([1]) deferred(0) first(%first)
          ins(%x : memref<8x64xf32>) outs(%y : memref<8x128xf32>)
      return %y : memref<8x128xf32>
    }
    ```
  }];
}

def AIMCDeferRowsPass : Pass<"aimc-defer-rows", "::mlir::ModuleOp"> {
  let summary = "Let attention compute features as it reads them";
  let description = [{
    Marks an `aimc.rt.mvm_digital` whose outputs only one `aimc.rt.attention`
    reads, as its queries or as its keys with their log scales: `deferred(1)`. The
    runtime may then compute a block of tokens as attention comes to it, so that
    features stay in the cache, and the buffers for whole sequences, which are
    still reserved, are never touched; the exact device does. The bits of all
    results stay.

    A call is deferred if

    1. attention follows in the same block and has one head, as the rows of
       several are not in the order in which they are read, and
    2. its outputs are the queries, or the keys and their log scales, and nothing
       else uses them, nor attention in another place, and
    3. nothing up to attention, nor attention itself, writes what the call reads;
       what frees it moves behind attention. A buffer of unknown origin may be
       any that is not allocated later.

    Precondition: a module of runtime calls, after `aimc-fuse-calls`.

    Before:
    ```mlir
    // aimc-opt --aimc-defer-rows
    aimc.rt.matrix @omega = dense<0.5> : tensor<8x16xf32>
        tiles dense<[[0, 0, 8, 16, 0, 3, 0, 0]]> : tensor<1x8xi32>
    aimc.program @features on("global") (%a: vector<16xf32>) -> (vector<16xf32>) {
      %b = math.exp %a : vector<16xf32>
      aimc.yield %b : vector<16xf32>
    }
    func.func @attend(%device: !aimc.context, %x: memref<9x8xf32>, %q: memref<9x16xf32>,
                      %y: memref<9x4xf32>, %v: memref<9x4xf32>) {
      %first = aimc.rt.first_vector %device
      %one = arith.constant 1 : index
      %k = memref.alloc() : memref<9x16xf32>
      aimc.rt.mvm_digital %device @omega [@features] site(0) input_range(4.0) output_range(16.0)
          operands([0]) results([1]) deferred(0) first(%first)
          ins(%x : memref<9x8xf32>) outs(%k : memref<9x16xf32>)
      aimc.rt.attention %device on("global") heads(1) causal(0) sequences(%one)
          ins(%q, %k, %v : memref<9x16xf32>, memref<9x16xf32>, memref<9x4xf32>)
          outs(%y : memref<9x4xf32>)
      memref.dealloc %k : memref<9x16xf32>
      return
    }
    ```
    After:
    ```mlir
    aimc.rt.matrix @omega = dense<0.5> : tensor<8x16xf32>
        tiles dense<[[0, 0, 8, 16, 0, 3, 0, 0]]> : tensor<1x8xi32>
    aimc.program @features on("global") (%a: vector<16xf32>) -> (vector<16xf32>) {
      %b = math.exp %a : vector<16xf32>
      aimc.yield %b : vector<16xf32>
    }
    func.func @attend(%device: !aimc.context, %x: memref<9x8xf32>, %q: memref<9x16xf32>,
                      %y: memref<9x4xf32>, %v: memref<9x4xf32>) {
      %first = aimc.rt.first_vector %device
      %one = arith.constant 1 : index
      %k = memref.alloc() : memref<9x16xf32>
      aimc.rt.mvm_digital %device @omega [@features] site(0) input_range(4.0) output_range(16.0)
          operands([0]) results([1]) deferred(1) first(%first)
          ins(%x : memref<9x8xf32>) outs(%k : memref<9x16xf32>)
      aimc.rt.attention %device on("global") heads(1) causal(0) sequences(%one)
          ins(%q, %k, %v : memref<9x16xf32>, memref<9x16xf32>, memref<9x4xf32>)
          outs(%y : memref<9x4xf32>)
      memref.dealloc %k : memref<9x16xf32>
      return
    }
    ```
  }];
}

def AIMCFoldNmpuPass : Pass<"aimc-fold-nmpu", "::mlir::ModuleOp"> {
  let summary = "Fold the work of fixed-point units into scales and offsets";
  let description = [{
    A fixed-point unit computes round(x·s + o) of the count x of each column's
    ADC and nothing else, but for a ReLU (near-memory processing unit, NMPU:
    Ferro et al., ISCAS 2024). This pass folds what a program of such a unit
    does, gains, offsets, batch norm and the scale of a feature map, into one
    scale s and one offset o a column.

    A count is worth c = `output_range` / (2^(bits - 1) - 1) · `input_range` ·
    (largest weight of the tile), bits and default ranges being those of the
    target. For a result a·y + b of a product y by column, with count c, the
    unit u of the results, common to all columns, is the least for which no
    count of the ADC saturates and each scale and offset is in the range of its
    format: u = max over the columns of |a|·c + |b|/(2^(value_bits - 1) - 1),
    |a|·c/(largest scale) and |b|/(largest offset). Then s = a·c/u and o = b/u.
    The program divides its input by c, does `aimc.fixed_point` and multiplies
    by u: only how numbers are represented changes. The exact device computes it
    in FP32 with s and o as they are; the simulator rounds them to the formats
    of the unit, so that what rounding costs is part of the error that is
    reported.

    Run it after aimc-outline-digital. Programs of other units stay as they are,
    as do those that are folded and those behind products without tiles, which
    are not mapped to the target yet. A program that several operations execute
    is copied, as the ranges before each may differ.

    Constraints, on the programs of fixed-point units:
    - (C1) inputs are results of `aimc.mvm`;
    - (C2) their matrices have one row of tiles, and one copy: a unit sees the
      counts of one core;
    - (C3) instructions are `arith.addf`, `subf`, `mulf`, `divf`, `negf` of a
      row that depends on an input and a constant, and `arith.maximumf` with 0,
      behind which only positive factors come; nothing is divided by 0 or by
      what depends on an input;
    - (C4) results depend on an input;
    - (C5) scales and offsets are finite, and not all 0;
    - (C6) no scale is negative, and none but 0 rounds to 0.

    Before, on a unit "local" of format `fixed_point`:
    ```mlir
    aimc.program @f on("local") (%x: vector<2xf32>) -> (vector<2xf32>) {
      %g = arith.constant dense<[1.0, 0.5]> : vector<2xf32>
      %y = arith.mulf %x, %g : vector<2xf32>
      aimc.yield %y : vector<2xf32>
    }
    ```
    After, for counts of .25:
    ```mlir
    aimc.program @f on("local") (%x: vector<2xf32>) -> (vector<2xf32>) {
      %inverse = arith.constant dense<4.0> : vector<2xf32>
      %count = arith.mulf %x, %inverse : vector<2xf32>
      %s = arith.constant dense<[1.0, 0.5]> : vector<2xf32>
      %o = arith.constant dense<0.0> : vector<2xf32>
      %v = aimc.fixed_point %count, %s, %o : vector<2xf32>
      %unit = arith.constant dense<0.25> : vector<2xf32>
      %y = arith.mulf %v, %unit : vector<2xf32>
      aimc.yield %y : vector<2xf32>
    }
    ```
  }];
  let dependentDialects = ["::aimc::AIMCDialect", "::mlir::arith::ArithDialect"];
}

#endif // AIMC_DIALECTS_AIMC_TRANSFORMS_PASSES_TD
