//===- AIMCOps.td - The aimc dialect -*- tablegen -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Crossbar matrix-vector products, the digital work around them, and the
// closed set of runtime calls that a compiled model makes.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_AIMC_IR_AIMCOPS_TD
#define AIMC_DIALECTS_AIMC_IR_AIMCOPS_TD

include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def AIMC_Dialect : Dialect {
  let name = "aimc";
  let cppNamespace = "::aimc";
  let summary = "Analog in-memory computing";
  let description = [{
    Says where on a chip a method is computed. A constant matrix is an
    `aimc.weights` symbol; each use of it is one `aimc.mvm`; tiling cuts it into
    `aimc.tile` symbols that placement puts on cores. Digital operations stand
    in `aimc.digital` regions, one per unit. Last, `aimc.rt` operations are the
    calls to the runtime library.

    The module carries its hardware as the attribute `aimc.target`, and what its
    tiles were placed for as the string `aimc.objective`. Functions work
    on matrices. One whose user gives or gets an array of another rank carries the
    sizes of that array as the attribute `aimc.sizes` of the argument or result, -1
    where a size is any. Rows are along the last of several sizes if it is known,
    else each value is a row. What messages and emitted functions call it is the
    attribute `aimc.name`; without, arguments are `input`, or `input0` and so on:
    ```mlir
    func.func @double(%x: tensor<?x64xf32> {aimc.name = "x", aimc.sizes = array<i64: -1, 16, 64>})
        -> (tensor<?x64xf32> {aimc.sizes = array<i64: -1, 16, 64>}) {
      %batch = aimc.input_size input(0) dimension(0)
      aimc.set_output_size output(0) dimension(0) to %batch
      %y = arith.addf %x, %x : tensor<?x64xf32>
      return %y : tensor<?x64xf32>
    }
    ```
  }];
  let useDefaultAttributePrinterParser = 1;
  let useDefaultTypePrinterParser = 1;
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
  let hasConstantMaterializer = 1;
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::vector::VectorDialect"];
  let extraClassDeclaration = [{
    /// The parsed form of `target`, kept as long as the context.
    const ::aimc::runtime::TargetDescription &
    getTargetDescription(::aimc::TargetAttr target);

  private:
    ::llvm::sys::Mutex targetsMutex;
    ::llvm::DenseMap<::mlir::Attribute,
                     std::unique_ptr<::aimc::runtime::TargetDescription>>
        targets;
  }];
}

class AIMC_Op<string mnemonic, list<Trait> traits = []>
    : Op<AIMC_Dialect, mnemonic, traits>;

/// The conductances of the crossbars: written once before a model runs, read
/// by each MVM.
def AIMC_CrossbarCells : Resource<"::aimc::CrossbarCellsResource">;

/// The first error of a run.
def AIMC_Errors : Resource<"::aimc::ErrorsResource">;
def AIMC_OutputSizes : Resource<"::aimc::OutputSizesResource">;

//===----------------------------------------------------------------------===//
// Attributes and types
//===----------------------------------------------------------------------===//

def AIMC_TargetAttr : AttrDef<AIMC_Dialect, "Target"> {
  let mnemonic = "target";
  let summary = "the hardware a module is compiled for";
  let description = [{
    The whole target description as a dictionary with the fields of the JSON
    schema (docs/Targets.md), so that a module says all that passes, cost model
    and simulator need to know. It stands on the module as `aimc.target`. A
    field that is missing, unknown or out of range is an error that names it.

    ```text
    #aimc.target<{name = "hermes", array = {rows = 256, columns = 256, …}, …}>
    ```
  }];
  let parameters = (ins "::mlir::DictionaryAttr":$description);
  let assemblyFormat = "`<` $description `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The name of the target.
    ::llvm::StringRef getName();
    /// The description as JSON text.
    std::string getJson();
    /// The description as the runtime library reads it.
    const ::aimc::runtime::TargetDescription &getTarget();
    /// Reads a built-in target by name, or a JSON file. Emits at `loc` when
    /// there is no such target or it is not valid.
    static ::mlir::FailureOr<TargetAttr>
    load(::llvm::StringRef nameOrPath, ::mlir::Location loc);
    /// Whether the description is that of `other` but for one field.
    bool isSameBut(::llvm::StringRef field, TargetAttr other);
    /// The target with another of its modes in use.
    TargetAttr withMode(::llvm::StringRef mode);
    /// The target of the module that encloses `op`, or null.
    static TargetAttr lookup(::mlir::Operation *op);
  }];
}

/// `layer_by_layer`: one after another; `cross_layer`: as soon as possible, and
/// vectors overlap.
def AIMC_ScheduleKindAttr : I32EnumAttr<"ScheduleKind", "how a module is scheduled", [
    I32EnumAttrCase<"layer_by_layer", 0>,
    I32EnumAttrCase<"cross_layer", 1>]> {
  let cppNamespace = "::aimc";
}

def AIMC_ScheduleAttr : AttrDef<AIMC_Dialect, "Schedule"> {
  let mnemonic = "schedule";
  let summary = "when the vectors of a module run";
  let description = [{
    Vector v enters the chips v·`interval` after the first one, and its results are
    there `latency` later, both in picoseconds. It stands on the module as
    `aimc.schedule`; each operation that takes time has an `aimc.slot`.

    Constraints:
    - (C1) `interval` is at least 1;
    - (C2) `latency` is not negative;
    - (C3) both are at most 2^46, 70 seconds.

    ```text
    #aimc.schedule<cross_layer, interval = 587500, latency = 1267500>
    ```
  }];
  let parameters = (ins EnumParameter<AIMC_ScheduleKindAttr>:$kind,
                        "int64_t":$interval, "int64_t":$latency);
  let assemblyFormat = "`<` $kind `,` `interval` `=` $interval `,` `latency` `=` $latency `>`";
  let genVerifyDecl = 1;
}

def AIMC_SlotAttr : AttrDef<AIMC_Dialect, "Slot"> {
  let mnemonic = "slot";
  let summary = "when an operation runs";
  let description = [{
    The first vector of the module begins the operation at `start` and has its
    result at `end`, both in picoseconds; in a loop, the first of all iterations and
    the last one. It stands as `aimc.slot` on `aimc.mvm`,
    `aimc.digital`, `aimc.attention`, `aimc.gram` and `aimc.execute`. Tiles of a
    product are driven from `start` on, those of one core one after another.

    Constraints:
    - (C1) `start` is not negative;
    - (C2) `end` is not before `start`;
    - (C3) `end` is at most 2^46, 70 seconds.

    ```text
    #aimc.slot<start = 0, end = 1267500>
    ```
  }];
  let parameters = (ins "int64_t":$start, "int64_t":$end);
  let assemblyFormat = "`<` `start` `=` $start `,` `end` `=` $end `>`";
  let genVerifyDecl = 1;
}

/// A 64-bit integer with a sign.
def AIMC_IntegerAttr : TypedSignlessIntegerAttrBase<I64, "int64_t",
                                                    "64-bit integer"> {
  let returnType = "int64_t";
  let convertFromStorage = "$_self.getInt()";
}

def AIMC_ContextType : TypeDef<AIMC_Dialect, "Context"> {
  let mnemonic = "context";
  let summary = "a model programmed on a device";
  let description = "State of the runtime; an `aimc_context *` in C.";
}

/// `projection`: the random projection of a feature map; `readout`: a product
/// of features; `linear`: any other.
def AIMC_RoleAttr : I32EnumAttr<"Role", "what a product is for", [
    I32EnumAttrCase<"projection", 0>,
    I32EnumAttrCase<"readout", 1>,
    I32EnumAttrCase<"linear", 2>]> {
  let cppNamespace = "::aimc";
}

//===----------------------------------------------------------------------===//
// Weights and tiles
//===----------------------------------------------------------------------===//

def AIMC_WeightsOp : AIMC_Op<"weights", [Symbol]> {
  let summary = "a constant matrix";
  let description = [{
    A logical matrix W, stored once and shared by all its uses. Rows are
    inputs (word lines), columns are outputs (bit lines).

    `importance` weighs an error of this matrix against one of others, 1 when it
    is not given. `pin` says on which cores of a chip its tiles are to lie, all
    of them and those of its copies. `aimc-place` follows both.

    Constraints:
    - (C1) the value is a rank-2 tensor of f32 with static, positive sizes;
    - (C2) the value is dense or a dense resource whose data are present;
    - (C3) a resource has exactly rows × columns × 4 bytes;
    - (C4) every value is finite;
    - (C5) `importance` is finite and not negative;
    - (C6) `pin` has a chip and at least one core, none of which is negative, and
      no core twice;
    - (C7) with a target, the chip and the cores of `pin` exist.

    Example:
    ```mlir
    aimc.weights @readout = dense<[[1.0, -1.0], [0.5, 0.25]]> : tensor<2x2xf32>
    ```

    that matters twice as much as others, and goes to one of two cores:
    ```mlir
    aimc.weights @head importance(2.0) pin chip(0) cores [3, 4]
        = dense<0.5> : tensor<64x10xf32>
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name,
                       OptionalAttr<StrAttr>:$sym_visibility,
                       OptionalAttr<F32Attr>:$importance,
                       OptionalAttr<AIMC_IntegerAttr>:$pin_chip,
                       OptionalAttr<DenseI64ArrayAttr>:$pin_cores,
                       ElementsAttr:$value);
  let assemblyFormat = [{
    ($sym_visibility^)? $sym_name (`importance` `(` $importance^ `)`)?
    (`pin` `chip` `(` $pin_chip^ `)` `cores` $pin_cores)? `=` $value attr-dict
  }];
  let builders = [OpBuilder<(ins "::mlir::StringAttr":$name,
                                 "::mlir::ElementsAttr":$value), [{
    build($_builder, $_state, name, /*sym_visibility=*/{}, /*importance=*/{},
          /*pin_chip=*/{}, /*pin_cores=*/{}, value);
  }]>];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    bool isPinned() { return getPinChip().has_value(); }
    ::mlir::RankedTensorType getType() {
      return ::mlir::cast<::mlir::RankedTensorType>(getValue().getShapedType());
    }
    int64_t getRows() { return getType().getDimSize(0); }
    int64_t getColumns() { return getType().getDimSize(1); }
  }];
}

def AIMC_TileOp : AIMC_Op<"tile", [Symbol,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a rectangle of a matrix on a crossbar";
  let description = [{
    Rows [r, r + p) and columns [c, c + q) of `weights`, programmed once and
    shared by all uses of the matrix. `index` is its place in the tile grid of
    the matrix. `copy`, 0 when it is not given, tells the tiles of one copy of
    the matrix from those of others: all copies are cut alike, and each covers
    the matrix exactly once on cells of its own. Placement adds the core, and
    the row and column there of the tile's first cell. Cells of the core outside the tile are driven with 0 and
    their outputs dropped, so padding never leaks into a result.

    Constraints:
    - (C1) `weights` names an `aimc.weights`;
    - (C2) the rectangle is not empty and inside the matrix;
    - (C3) `index`, `copy`, `chip`, `core` and the place are not negative;
    - (C4) with a target, the chip and the core exist;
    - (C5) with a target, the tile fits the usable rows and columns of an array
      and, placed, stands inside it.

    Example:
    ```mlir
    aimc.weights @w = dense<0.5> : tensor<300x100xf32>
    aimc.tile @w_0_0 of @w index [0, 0] rows(0, 150) columns(0, 100)
    aimc.tile @w_1_0 of @w index [1, 0] rows(150, 150) columns(0, 100)
        on chip(0) core(3) at(0, 0)
    ```

    with a second copy:
    ```mlir
    aimc.weights @v = dense<0.5> : tensor<64x64xf32>
    aimc.tile @v_0_0 of @v index [0, 0] rows(0, 64) columns(0, 64)
    aimc.tile @v_0_0_copy_1 of @v copy(1) index [0, 0] rows(0, 64) columns(0, 64)
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name,
                       FlatSymbolRefAttr:$weights,
                       DefaultValuedAttr<AIMC_IntegerAttr, "0">:$copy,
                       DenseI64ArrayAttr:$index,
                       AIMC_IntegerAttr:$row, AIMC_IntegerAttr:$rows,
                       AIMC_IntegerAttr:$column, AIMC_IntegerAttr:$columns,
                       OptionalAttr<AIMC_IntegerAttr>:$chip,
                       OptionalAttr<AIMC_IntegerAttr>:$core,
                       OptionalAttr<AIMC_IntegerAttr>:$core_row,
                       OptionalAttr<AIMC_IntegerAttr>:$core_column);
  let assemblyFormat = [{
    $sym_name `of` $weights (`copy` `(` $copy^ `)`)? `index` $index
    `rows` `(` $row `,` $rows `)` `columns` `(` $column `,` $columns `)`
    (`on` `chip` `(` $chip^ `)` `core` `(` $core `)`
     `at` `(` $core_row `,` $core_column `)`)?
    attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    bool isPlaced() { return getCore().has_value(); }
  }];
}

//===----------------------------------------------------------------------===//
// Products and digital regions
//===----------------------------------------------------------------------===//

def AIMC_TensorOrMemRef : AnyTypeOf<[2DTensorOf<[F32]>, MemRefRankOf<[F32], [2]>]>;

def AIMC_MvmOp : AIMC_Op<"mvm", [DestinationStyleOpInterface,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "products of a batch of vectors with a matrix on crossbars";
  let description = [{
    For each row x of `input`: `result = x·W`, where W is the matrix `weights`.
    `init` only says where the result goes; its values are overwritten.

    This is one use of the matrix, at every level. It starts logical. Tiling
    gives it the `grid` of the matrix's tiles: a result is the sum of the
    partial sums of the tiles of its column, added in ascending order of rows.
    Replication gives it `average`, the number N of copies of the matrix: the
    result is then the mean of what the N copies give, added up in ascending
    order of copies, whose independent noise is N^(-1/2) of that of one copy.
    Replication for throughput gives it `share` instead: of the N copies one
    alone reads a vector, copy v mod N vector v of the whole data set, however
    that is cut into batches, so each is busy with one vector of N.
    Calibration gives it `input_range`, the input value that drives the DAC at
    full scale, and `output_range`, the ADC's full scale in units of
    (input / input_range)·(weight / largest weight of the tile). Without them
    the target's default ranges hold. docs/Numerics.md has the formula.

    `site` is the identity of the use: two uses of a matrix are two sites with
    independent noise, and since sites differ CSE does not merge them. `role`
    says what the product is for: `projection`, the random projection of a feature
    map; `readout`, a product of features; `linear`, any other. `analog` marks a
    read-out that `aimc-split` has decided to keep on crossbars.

    Effects: reads the crossbar cells. Unused products may be removed.

    Constraints:
    - (C1) `weights` names an `aimc.weights`;
    - (C2) the columns of `input` equal the rows of the matrix;
    - (C3) the columns of `init` equal the columns of the matrix;
    - (C4) the rows of `init` equal those of `input`;
    - (C5) `site` is not negative;
    - (C6) `grid` has two positive sizes;
    - (C7) ranges are finite and greater than 0;
    - (C8) operands are all tensors, with one result of the type of `init`, or
      all buffers, without a result;
    - (C9) `average` or `share` is at least 2, and there is not both.

    Example:
    ```mlir
    aimc.weights @w = dense<0.5> : tensor<64x128xf32>
    func.func @project(%x: tensor<8x64xf32>, %init: tensor<8x128xf32>) -> tensor<8x128xf32> {
      %y = aimc.mvm @w site(0) role(projection) grid [1, 1] input_range(4.0)
          ins(%x : tensor<8x64xf32>) outs(%init : tensor<8x128xf32>) -> tensor<8x128xf32>
      return %y : tensor<8x128xf32>
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$weights, AIMC_IntegerAttr:$site,
                       AIMC_RoleAttr:$role, UnitAttr:$analog,
                       OptionalAttr<DenseI64ArrayAttr>:$grid,
                       OptionalAttr<AIMC_IntegerAttr>:$averaged_copies,
                       OptionalAttr<AIMC_IntegerAttr>:$sharing_copies,
                       OptionalAttr<F32Attr>:$input_range,
                       OptionalAttr<F32Attr>:$output_range,
                       AIMC_TensorOrMemRef:$input, AIMC_TensorOrMemRef:$init);
  let results = (outs Optional<2DTensorOf<[F32]>>:$result);
  let assemblyFormat = [{
    $weights `site` `(` $site `)` `role` `(` $role `)` (`analog` $analog^)?
    (`grid` $grid^)? (`average` `(` $averaged_copies^ `)`)?
    (`share` `(` $sharing_copies^ `)`)? (`input_range` `(` $input_range^ `)`)?
    (`output_range` `(` $output_range^ `)`)?
    `ins` `(` $input `:` type($input) `)` `outs` `(` $init `:` type($init) `)`
    attr-dict (`->` type($result)^)?
  }];
  let hasCanonicalizeMethod = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getInitMutable(); }
    /// How many copies of the matrix the product uses; 1 without replication.
    int64_t countCopies() {
      return getSharingCopies().value_or(getAveragedCopies().value_or(1));
    }
  }];
}

def AIMC_WeightsValueOp : AIMC_Op<"weights_value", [Pure,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a constant matrix as a tensor";
  let description = [{
    The matrix `weights` as a value, for products that a digital unit computes.
    A product that goes to a digital unit reads its matrix here, so it is still
    stored once.

    Constraints:
    - (C1) `weights` names an `aimc.weights`;
    - (C2) the result has the type of the matrix.

    Example:
    ```mlir
    aimc.weights @w = dense<0.5> : tensor<64x10xf32>
    func.func @weights() -> tensor<64x10xf32> {
      %w = aimc.weights_value @w : tensor<64x10xf32>
      return %w : tensor<64x10xf32>
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$weights);
  let results = (outs 2DTensorOf<[F32]>:$result);
  let assemblyFormat = "$weights attr-dict `:` type($result)";
}

def AIMC_DigitalOp : AIMC_Op<"digital", [
    SingleBlockImplicitTerminator<"::aimc::YieldOp">,
    RecursiveMemoryEffects]> {
  let summary = "digital operations of one unit";
  let description = [{
    Computes its region on the digital unit `unit` of the target. The region
    uses values from outside as they are and yields the results. It may hold
    `linalg`, `tensor`, `arith`, `math` and `aimc.weights_value` operations that
    work on each row of a batch by itself.

    The op has the effects of its region, so unused regions can be removed.

    Constraints:
    - (C1) the types of the results are those yielded;
    - (C2) with a target, `unit` is one of its digital units.

    Example:
    ```mlir
    func.func @cosine(%p: tensor<8x16xf32>) -> tensor<8x16xf32> {
      %z = aimc.digital on("global") -> tensor<8x16xf32> {
        %e = tensor.empty() : tensor<8x16xf32>
        %c = linalg.generic {
            indexing_maps = [affine_map<(n, c) -> (n, c)>, affine_map<(n, c) -> (n, c)>],
            iterator_types = ["parallel", "parallel"]}
            ins(%p : tensor<8x16xf32>) outs(%e : tensor<8x16xf32>) {
        ^bb0(%a: f32, %b: f32):
          %v = math.cos %a : f32
          linalg.yield %v : f32
        } -> tensor<8x16xf32>
        aimc.yield %c : tensor<8x16xf32>
      }
      return %z : tensor<8x16xf32>
    }
    ```
  }];
  let arguments = (ins StrAttr:$unit);
  let results = (outs Variadic<2DTensorOf<[F32]>>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    `on` `(` $unit `)` (`->` type($results)^)? attr-dict-with-keyword $body
  }];
  let hasCanonicalizeMethod = 1;
  let hasVerifier = 1;
}

def AIMC_YieldOp : AIMC_Op<"yield", [Pure, ReturnLike, Terminator,
    ParentOneOf<["::aimc::DigitalOp", "::aimc::ProgramOp"]>]> {
  let summary = "results of a digital region or a row program";
  let description = [{
    Ends an `aimc.digital` region or an `aimc.program` with its results.

    Example:
    ```mlir
    aimc.program @identity on("global") (%x: vector<4xf32>) -> (vector<4xf32>) {
      aimc.yield %x : vector<4xf32>
    }
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
  let builders = [OpBuilder<(ins), [{ build($_builder, $_state, ::mlir::ValueRange()); }]>];
}

//===----------------------------------------------------------------------===//
// Row programs
//===----------------------------------------------------------------------===//

def AIMC_Row : VectorOfRankAndType<[1], [F32]>;

def AIMC_ProgramOp : AIMC_Op<"program", [Symbol, IsolatedFromAbove,
    SingleBlock]> {
  let summary = "digital work as a program on one row";
  let description = [{
    What a digital unit computes for one row of a batch. Arguments, values and
    results are rows, `vector<Kxf32>`. The runtime runs the program on blocks of
    rows. Instructions are `arith`, `math` and `vector` operations of the
    runtime's table and the operations on rows of this dialect.

    Constraints:
    - (C1) the types of the arguments and of the yielded values are those of the
      signature, all `vector<Kxf32>`;
    - (C2) every operation is one of the runtime's table, a constant row, or a
      broadcast of a row of length 1;
    - (C3) with a target, `unit` is one of its digital units.

    Example:
    ```mlir
    aimc.program @phase on("global") (%p: vector<512xf32>) -> (vector<512xf32>) {
      %s = arith.constant dense<0.0625> : vector<512xf32>
      %c = math.cos %p : vector<512xf32>
      %z = arith.mulf %c, %s : vector<512xf32>
      aimc.yield %z : vector<512xf32>
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$unit,
                       TypeAttrOf<FunctionType>:$function_type);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    /// Creates the empty block with one argument an input.
    ::mlir::Block *addEntryBlock();
  }];
}

def AIMC_ConcatenateOp : AIMC_Op<"concatenate", [Pure]> {
  let summary = "one row after another";
  let description = [{
    `result = [lhs | rhs]`.

    Constraints:
    - (C1) the length of the result is the sum of the lengths of the operands.

    Example:
    ```mlir
    aimc.program @pair on("global") (%a: vector<4xf32>, %b: vector<4xf32>) -> (vector<8xf32>) {
      %z = aimc.concatenate %a, %b : vector<4xf32>, vector<4xf32> -> vector<8xf32>
      aimc.yield %z : vector<8xf32>
    }
    ```
  }];
  let arguments = (ins AIMC_Row:$lhs, AIMC_Row:$rhs);
  let results = (outs AIMC_Row:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs) `,` type($rhs) `->` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

def AIMC_StepOp : AIMC_Op<"step", [Pure, SameOperandsAndResultType]> {
  let summary = "1 above zero, else 0";
  let description = [{
    1 where the operand is greater than 0, 0 where it is not, zero itself
    included; NaN stays NaN. The operand is a number in the body of an operation
    on tensors, or a row in an `aimc.program`.

    Constraints:
    - (C1) operand and result have the same type, f32 or `vector<Kxf32>`.

    Example:
    ```mlir
    aimc.program @signs on("global") (%p: vector<4xf32>) -> (vector<4xf32>) {
      %s = aimc.step %p : vector<4xf32>
      aimc.yield %s : vector<4xf32>
    }
    ```
  }];
  let arguments = (ins AnyTypeOf<[F32, AIMC_Row]>:$operand);
  let results = (outs AnyTypeOf<[F32, AIMC_Row]>:$result);
  let assemblyFormat = "$operand attr-dict `:` type($operand)";
  let hasFolder = 1;
}

class AIMC_CompareOp<string mnemonic, string relation>
    : AIMC_Op<mnemonic, [Pure, SameOperandsAndResultType]> {
  let summary = "1 where lhs " # relation # " rhs, else 0";
  let description = [{
    1 where `lhs` }] # relation # [{ `rhs`, 0 where it is not or where either is
    NaN; both zeros are equal. The operands are numbers in the body of an
    operation on tensors, or rows in an `aimc.program`. aimc-legalize-bodies
    makes it of `arith.cmpf`.

    Constraints:
    - (C1) operands and result have the same type, f32 or `vector<Kxf32>`.

    Example:
    ```mlir
    aimc.program @compare on("global") (%a: vector<4xf32>, %b: vector<4xf32>) -> (vector<4xf32>) {
      %c = aimc.}] # mnemonic # [{ %a, %b : vector<4xf32>
      aimc.yield %c : vector<4xf32>
    }
    ```
  }];
  let arguments = (ins AnyTypeOf<[F32, AIMC_Row]>:$lhs,
                       AnyTypeOf<[F32, AIMC_Row]>:$rhs);
  let results = (outs AnyTypeOf<[F32, AIMC_Row]>:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs)";
  let hasFolder = 1;
}
def AIMC_GreaterOp : AIMC_CompareOp<"greater", ">">;
def AIMC_GreaterEqualOp : AIMC_CompareOp<"greater_equal", ">=">;
def AIMC_EqualOp : AIMC_CompareOp<"equal", "=">;

def AIMC_SelectOp : AIMC_Op<"select", [Pure, SameOperandsAndResultType]> {
  let summary = "one of two values, chosen by a third";
  let description = [{
    `on_true` where `condition` is not 0, else `on_false`; the bits of the value
    are kept. Both zeros are 0, NaN is not. A condition is usually the 1 or 0 of
    a comparison; the product of two is their conjunction, the maximum their
    disjunction. The operands are numbers in the body of an operation on
    tensors, or rows in an `aimc.program`. aimc-legalize-bodies makes it of
    `arith.select`.

    Constraints:
    - (C1) operands and result have the same type, f32 or `vector<Kxf32>`.

    Example, a leaky ReLU:
    ```mlir
    aimc.program @leaky on("global") (%x: vector<4xf32>) -> (vector<4xf32>) {
      %zero = arith.constant dense<0.0> : vector<4xf32>
      %slope = arith.constant dense<0.01> : vector<4xf32>
      %positive = aimc.greater %x, %zero : vector<4xf32>
      %small = arith.mulf %x, %slope : vector<4xf32>
      %y = aimc.select %positive, %x, %small : vector<4xf32>
      aimc.yield %y : vector<4xf32>
    }
    ```
  }];
  let arguments = (ins AnyTypeOf<[F32, AIMC_Row]>:$condition,
                       AnyTypeOf<[F32, AIMC_Row]>:$on_true,
                       AnyTypeOf<[F32, AIMC_Row]>:$on_false);
  let results = (outs AnyTypeOf<[F32, AIMC_Row]>:$result);
  let assemblyFormat = [{
    $condition `,` $on_true `,` $on_false attr-dict `:` type($result)
  }];
  let hasFolder = 1;
}

def AIMC_FixedPointOp : AIMC_Op<"fixed_point", [Pure, SameOperandsAndResultType]> {
  let summary = "scale and offset of a fixed-point unit";
  let description = [{
    `value·scale + offset`. The simulator computes it as the fixed-point unit
    that its program runs on does (Ferro et al., ISCAS 2024): `value`, the count
    of an ADC, is rounded to an integer of the unit's `value_bits`, scale and
    offset to the nearest numbers of their formats, the result to the nearest
    integer, halves up, and all saturate. aimc-fold-nmpu chooses scales and
    offsets that do not. The operands are numbers in the body of an operation on
    tensors, or rows in an `aimc.program`.

    Constraints:
    - (C1) operands and result have the same type, f32 or `vector<Kxf32>`.

    Example:
    ```mlir
    aimc.program @fold on("local") (%count: vector<2xf32>) -> (vector<2xf32>) {
      %scale = arith.constant dense<[0.5, 1.9921875]> : vector<2xf32>
      %offset = arith.constant dense<[-3.5, 63.5]> : vector<2xf32>
      %y = aimc.fixed_point %count, %scale, %offset : vector<2xf32>
      aimc.yield %y : vector<2xf32>
    }
    ```
  }];
  let arguments = (ins AnyTypeOf<[F32, AIMC_Row]>:$value,
                       AnyTypeOf<[F32, AIMC_Row]>:$scale,
                       AnyTypeOf<[F32, AIMC_Row]>:$offset);
  let results = (outs AnyTypeOf<[F32, AIMC_Row]>:$result);
  let assemblyFormat = [{
    $value `,` $scale `,` $offset attr-dict `:` type($result)
  }];
}

def AIMC_ProductOp : AIMC_Op<"product", [Pure,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "product of a row with a matrix in digital memory";
  let description = [{
    `result = input·W`, exact in FP32: each 64 rows of W are one ascending chain
    of fused multiply-adds, and the chains' results are added in ascending order.

    Constraints:
    - (C1) `weights` names an `aimc.weights` or an `aimc.rt.matrix`;
    - (C2) the length of `input` equals the rows of the matrix;
    - (C3) the length of the result equals its columns.

    Example:
    ```mlir
    aimc.weights @readout = dense<0.5> : tensor<64x10xf32>
    aimc.program @scores on("global") (%z: vector<64xf32>) -> (vector<10xf32>) {
      %y = aimc.product %z, @readout : vector<64xf32> -> vector<10xf32>
      aimc.yield %y : vector<10xf32>
    }
    ```
  }];
  let arguments = (ins AIMC_Row:$input, FlatSymbolRefAttr:$weights);
  let results = (outs AIMC_Row:$result);
  let assemblyFormat = "$input `,` $weights attr-dict `:` type($input) `->` type($result)";
}

def AIMC_ExecuteOp : AIMC_Op<"execute", [DestinationStyleOpInterface,
    AttrSizedOperandSegments,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "run a row program on a batch";
  let description = [{
    Runs `program` on every row of the inputs. `inits` only say where the
    results go; their values are overwritten.

    Constraints:
    - (C1) `program` names an `aimc.program`;
    - (C2) inputs and inits have the number and widths of its arguments and
      results;
    - (C3) all inputs and inits have the same number of rows, as far as known;
    - (C4) operands are all tensors, with results of the types of `inits`, or
      all buffers, without results.

    Example:
    ```mlir
    aimc.program @twice on("global") (%x: vector<4xf32>) -> (vector<4xf32>) {
      %y = arith.addf %x, %x : vector<4xf32>
      aimc.yield %y : vector<4xf32>
    }
    func.func @run(%x: tensor<?x4xf32>, %init: tensor<?x4xf32>) -> tensor<?x4xf32> {
      %y = aimc.execute @twice ins(%x : tensor<?x4xf32>) outs(%init : tensor<?x4xf32>)
          -> tensor<?x4xf32>
      return %y : tensor<?x4xf32>
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$program,
                       Variadic<AIMC_TensorOrMemRef>:$inputs,
                       Variadic<AIMC_TensorOrMemRef>:$inits);
  let results = (outs Variadic<2DTensorOf<[F32]>>:$results);
  let assemblyFormat = [{
    $program (`ins` `(` $inputs^ `:` type($inputs) `)`)?
    `outs` `(` $inits `:` type($inits) `)` attr-dict (`->` type($results)^)?
  }];
  let hasCanonicalizeMethod = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getInitsMutable(); }
  }];
}

//===----------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------===//

def AIMC_AttentionOp : AIMC_Op<"attention", [DestinationStyleOpInterface,
    AttrSizedOperandSegments,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "attention of sequences from features of queries and keys";
  let description = [{
    B = `sequences` sequences of Lq queries and Lk keys with H = `heads` heads,
    each with features q_i and k_j of length D, values v_j of length dv and, if
    `log_scale` is given, a log scale s_j per key, else s_j = 0. Query i of a head
    gets

    result_i = Σ_j (q_i·k_j)·exp(s_j)·v_j / Σ_j (q_i·k_j)·exp(s_j)

    over the keys j that it sees: those of its sequence where `mask` is not 0,
    and with `causal` only j ≤ i. A query that sees no key, or whose denominator
    is 0 or subnormal, gets zeros; what a key that is not seen holds does not matter, NaN
    included. Exponentials are taken relative to the largest log scale seen, so
    they do not overflow. (A. Katharopoulos et al., Transformers are RNNs, ICML
    2020, and K. Choromanski et al., Rethinking attention with Performers, ICLR
    2021; the log scale per key is explained in docs/Rationale.md.) It takes
    2·D·(dv + 1) multiply-adds a token and head: no matrix of all pairs of tokens
    is made.

    Rows are matrices: (sequence, token, head), the head fastest, of `queries`
    and `keys`; (sequence, token) of `values` and the result, whose columns are
    the heads side by side. `init` only says where the result goes.

    `unit` is the digital unit that computes it; `aimc-split` sets it.

    Effects: none on tensors; buffers are read and `init` is written.

    Constraints:
    - (C1) `heads` is at least 1, and the columns of `values` are a static,
      positive multiple of it;
    - (C2) `keys` have the columns of `queries`, a static, positive number;
    - (C3) `keys` have `heads` rows for each row of `values`;
    - (C4) `queries` have `heads` rows for each row of `init`, and `init` has the
      columns of `values`;
    - (C5) `log_scale` has one column and the rows of `keys`;
    - (C6) `mask` has one column and the rows of `values`;
    - (C7) with `causal`, `queries` have the rows of `keys`;
    - (C8) `sequences` that are constant are not negative and divide the rows of
      `values` and `init`;
    - (C9) operands are all tensors, with one result of the type of `init`, or
      all buffers, without a result;
    - (C10) with a target, `unit` is one of its digital units.

    Example:
    ```mlir
    func.func @attend(%q: tensor<?x128xf32>, %k: tensor<?x128xf32>, %v: tensor<?x64xf32>,
                      %m: tensor<?x1xf32>, %init: tensor<?x64xf32>) -> tensor<?x64xf32> {
      %sequences = arith.constant 2 : index
      %y = aimc.attention on("global") causal heads(4) sequences(%sequences)
          ins(%q, %k, %v : tensor<?x128xf32>, tensor<?x128xf32>, tensor<?x64xf32>)
          mask(%m : tensor<?x1xf32>) outs(%init : tensor<?x64xf32>) -> tensor<?x64xf32>
      return %y : tensor<?x64xf32>
    }
    ```
  }];
  let arguments = (ins OptionalAttr<StrAttr>:$unit, UnitAttr:$causal,
                       AIMC_IntegerAttr:$heads, Index:$sequences,
                       AIMC_TensorOrMemRef:$queries, AIMC_TensorOrMemRef:$keys,
                       AIMC_TensorOrMemRef:$values,
                       Optional<AIMC_TensorOrMemRef>:$log_scale,
                       Optional<AIMC_TensorOrMemRef>:$mask,
                       AIMC_TensorOrMemRef:$init);
  let results = (outs Optional<2DTensorOf<[F32]>>:$result);
  let assemblyFormat = [{
    (`on` `(` $unit^ `)`)? (`causal` $causal^)? `heads` `(` $heads `)`
    `sequences` `(` $sequences `)`
    `ins` `(` $queries `,` $keys `,` $values `:`
              type($queries) `,` type($keys) `,` type($values) `)`
    (`log_scale` `(` $log_scale^ `:` type($log_scale) `)`)?
    (`mask` `(` $mask^ `:` type($mask) `)`)?
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($result)^)?
  }];
  let hasCanonicalizeMethod = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getInitMutable(); }
  }];
}

//===----------------------------------------------------------------------===//
// Sizes of arrays
//===----------------------------------------------------------------------===//

def AIMC_InputSizeOp : AIMC_Op<"input_size", [Pure]> {
  let summary = "a size of an argument as its user gives it";
  let description = [{
    The size `dimension` of the array that argument `input` of the function around
    is to those who call the program.

    Constraints:
    - (C1) `input` is the number of an argument that has `aimc.sizes`;
    - (C2) `dimension` is the number of one of the sizes.

    Example:
    ```mlir
    func.func @tokens(%x: tensor<?x64xf32> {aimc.sizes = array<i64: -1, -1, 64>}) -> index {
      %length = aimc.input_size input(0) dimension(1)
      return %length : index
    }
    ```
  }];
  let arguments = (ins AIMC_IntegerAttr:$input, AIMC_IntegerAttr:$dimension);
  let results = (outs Index:$result);
  let assemblyFormat = "`input` `(` $input `)` `dimension` `(` $dimension `)` attr-dict";
  let hasVerifier = 1;
}

def AIMC_SetOutputSizeOp : AIMC_Op<"set_output_size",
    [MemoryEffects<[MemWrite<AIMC_OutputSizes>]>]> {
  let summary = "says a size of a result as its user gets it";
  let description = [{
    The array that result `output` of the function around is to those who call
    the program has `size` entries along `dimension`. Each size that `aimc.sizes`
    leaves open is set once.

    Effects: writes the sizes of the results.

    Constraints:
    - (C1) `output` is the number of a result that has `aimc.sizes`;
    - (C2) `dimension` is the number of a size that is open.

    Example:
    ```mlir
    func.func @mask(%x: tensor<?x1xf32>, %n: index)
        -> (tensor<?x1xf32> {aimc.sizes = array<i64: -1>}) {
      aimc.set_output_size output(0) dimension(0) to %n
      return %x : tensor<?x1xf32>
    }
    ```
  }];
  let arguments = (ins AIMC_IntegerAttr:$output, AIMC_IntegerAttr:$dimension,
                       Index:$size);
  let assemblyFormat = [{
    `output` `(` $output `)` `dimension` `(` $dimension `)` `to` $size attr-dict
  }];
  let hasVerifier = 1;
}

def AIMC_VerifySizeOp : AIMC_Op<"verify_size",
    [MemoryEffects<[MemWrite<AIMC_Errors>]>]> {
  let summary = "an error unless two sizes are the same";
  let description = [{
    Stands where sizes have to agree that are known only when the program runs.
    The error is `expects <expected> <of>, but got <size>`; what follows it is not
    computed. Sizes that are the same by what makes them fold away, and so does a
    comparison that another one before it has made.

    Effects: writes the error of the run.

    Constraints:
    - (C1) `of`, what the sizes count, is not empty.

    Example:
    ```mlir
    func.func @same(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) {
      %c0 = arith.constant 0 : index
      %n = tensor.dim %x, %c0 : tensor<?x4xf32>
      %m = tensor.dim %y, %c0 : tensor<?x4xf32>
      aimc.verify_size "rows of 'y', as of 'x'" size(%m) expected(%n)
      return
    }
    ```
  }];
  let arguments = (ins StrAttr:$of, Index:$size, Index:$expected);
  let assemblyFormat = [{
    $of `size` `(` $size `)` `expected` `(` $expected `)` attr-dict
  }];
  let hasCanonicalizeMethod = 1;
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Runtime calls
//===----------------------------------------------------------------------===//

def AIMC_RtMatrixOp : AIMC_Op<"rt.matrix", [Symbol]> {
  let summary = "a matrix and its table of tiles";
  let description = [{
    A matrix as the runtime programs it. Each row of `tiles` is one tile:
    weight row, weight column, rows, columns, chip, core, core row, core column,
    the last four -1 when it is not placed. With `average` or `share`, the table
    holds that many copies of the matrix one after the other, and a product is
    the mean of what they give, or vector v goes to copy v modulo their number. A
    matrix without tiles is held in digital memory.

    Constraints:
    - (C1) the value satisfies the constraints of `aimc.weights`;
    - (C2) `tiles` has 8 columns, and the tiles of the first copy cover the
      matrix exactly once;
    - (C3) `average` and `share` are at least 1, one of them is 1, and the other
      divides the number of tiles, of which a matrix of several copies has some;
    - (C4) every copy is cut as the first one.

    Example:
    ```mlir
    aimc.rt.matrix @w = dense<0.5> : tensor<64x128xf32>
        tiles dense<[[0, 0, 64, 128, 0, 3, 0, 0]]> : tensor<1x8xi32>
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, ElementsAttr:$value,
                       DefaultValuedAttr<AIMC_IntegerAttr, "1">:$averaged_copies,
                       DefaultValuedAttr<AIMC_IntegerAttr, "1">:$sharing_copies,
                       OptionalAttr<I32ElementsAttr>:$tiles);
  let assemblyFormat = [{
    $sym_name `=` $value (`average` `(` $averaged_copies^ `)`)?
    (`share` `(` $sharing_copies^ `)`)? (`tiles` $tiles^)? attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// How many copies of the matrix the table holds.
    int64_t countCopies() { return getAveragedCopies() * getSharingCopies(); }
  }];
}

class AIMC_RuntimeCall<string mnemonic, list<Trait> traits = []>
    : AIMC_Op<"rt." # mnemonic, traits>;

include "AIMC/IR/RuntimeCalls.td"
include "AIMC/IR/AIMCGramOps.td"

#endif // AIMC_DIALECTS_AIMC_IR_AIMCOPS_TD
