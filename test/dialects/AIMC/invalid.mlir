// RUN: aimc-opt %s --split-input-file --verify-diagnostics

// aimc.weights (C1) A matrix has two sizes.
// expected-error @below {{'aimc.weights' op expects a matrix of f32 with static, positive sizes, but got 'tensor<4xf32>'}}
aimc.weights @w = dense<0.5> : tensor<4xf32>

// -----

// aimc.weights (C1) Weights are FP32.
// expected-error @below {{'aimc.weights' op expects a matrix of f32 with static, positive sizes, but got 'tensor<2x2xf64>'}}
aimc.weights @w = dense<0.5> : tensor<2x2xf64>

// -----

// aimc.weights (C1) A matrix is not empty.
// expected-error @below {{'aimc.weights' op expects a matrix of f32 with static, positive sizes, but got 'tensor<0x2xf32>'}}
aimc.weights @w = dense<> : tensor<0x2xf32>

// -----

// aimc.weights (C2) The data of a resource are there.
// expected-error @below {{'aimc.weights' op expects the data of resource 'absent', but got none}}
aimc.weights @w = dense_resource<absent> : tensor<2x2xf32>

// -----

// aimc.weights (C2) Other kinds of elements are not weights.
// expected-error @below {{'aimc.weights' op expects dense or dense_resource values, but got sparse}}
aimc.weights @w = sparse<[[0, 0]], [1.0]> : tensor<2x2xf32>

// -----

// aimc.weights (C3) A resource has all the data, not more, not less.
// expected-error @below {{'aimc.weights' op expects 16 bytes in resource 'truncated' for 'tensor<2x2xf32>', but got 12}}
aimc.weights @w = dense_resource<truncated> : tensor<2x2xf32>

{-#
  dialect_resources: {
    builtin: {
      truncated: "0x040000000000803F0000004000004040"
    }
  }
#-}

// -----

// aimc.weights (C4) Weights of a resource are finite.
// expected-error @below {{'aimc.weights' op expects finite values, but got nan at row 0, column 1}}
aimc.weights @w = dense_resource<nan> : tensor<2x2xf32>

{-#
  dialect_resources: {
    builtin: {
      nan: "0x040000000000803F0000C07F0000404000008040"
    }
  }
#-}

// -----

// aimc.weights (C4) So are dense weights.
// expected-error @below {{'aimc.weights' op expects finite values, but got inf at row 1, column 0}}
aimc.weights @w = dense<[[1.0, 2.0], [0x7F800000, 4.0]]> : tensor<2x2xf32>

// -----

// aimc.weights (C4) So is a splat.
// expected-error @below {{'aimc.weights' op expects finite values, but got nan at row 0, column 0}}
aimc.weights @w = dense<0x7FC00000> : tensor<2x2xf32>

// -----

// aimc.tile (C1) A tile is part of a matrix.
// expected-error @below {{'aimc.tile' op expects @w to be an 'aimc.weights', but there is none of this name}}
aimc.tile @t of @w index [0, 0] rows(0, 4) columns(0, 4)

// -----

// aimc.tile (C2) A tile has cells.
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
// expected-error @below {{'aimc.tile' op expects a rectangle that is not empty, but got rows(0, 0) columns(0, 4)}}
aimc.tile @t of @w index [0, 0] rows(0, 0) columns(0, 4)

// -----

// aimc.tile (C2) A tile stays inside its matrix.
// expected-note @below {{weights declared here as 'tensor<4x4xf32>'}}
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
// expected-error @below {{'aimc.tile' op expects a rectangle inside the matrix, but got rows(2, 3) columns(0, 4)}}
aimc.tile @t of @w index [0, 0] rows(2, 3) columns(0, 4)

// -----

// aimc.tile (C2) Nor does one that begins where integers end.
// expected-note @below {{weights declared here as 'tensor<4x4xf32>'}}
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
// expected-error @below {{'aimc.tile' op expects a rectangle inside the matrix, but got rows(9223372036854775807, 1) columns(0, 4)}}
aimc.tile @t of @w index [0, 0] rows(9223372036854775807, 1) columns(0, 4)

// -----

// aimc.tile (C3) An index is not negative.
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
// expected-error @below {{'aimc.tile' op expects 'index' of two values that are not negative}}
aimc.tile @t of @w index [0, -1] rows(0, 4) columns(0, 4)

// -----

// aimc.tile (C3) Nor is a copy.
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
// expected-error @below {{'aimc.tile' op expects 'copy' not to be negative, but got -1}}
aimc.tile @t of @w copy(-1) index [0, 0] rows(0, 4) columns(0, 4)

// -----

// aimc.tile (C3) A place is not negative.
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
// expected-error @below {{'aimc.tile' op expects a place that is not negative, but got -1}}
aimc.tile @t of @w index [0, 0] rows(0, 4) columns(0, 4) on chip(0) core(-1) at(0, 0)

// -----

// aimc.tile (C3) Half a place is none.
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
// expected-error @below {{'aimc.tile' op expects chip, core, row and column together, but got a part of them}}
"aimc.tile"() {sym_name = "t", weights = @w, index = array<i64: 0, 0>, row = 0 : i64, rows = 4 : i64, column = 0 : i64, columns = 4 : i64, core = 1 : i64} : () -> ()

// -----

// aimc.mvm (C9) A mean is of several.
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
func.func @mvm_c9(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-error @below {{'aimc.mvm' op expects 'average' to be at least 2, but got 1}}
  %a = aimc.mvm @w site(0) role(linear) average(1) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}

// -----

// aimc.mvm (C9) Vectors are shared by several copies.
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
func.func @mvm_c9_share(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-error @below {{'aimc.mvm' op expects 'share' to be at least 2, but got -3}}
  %a = aimc.mvm @w site(0) role(linear) share(-3) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}

// -----

// aimc.mvm (C9) Copies are for one thing.
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
func.func @mvm_c9_both(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-error @below {{'aimc.mvm' op expects 'average' or 'share', but got both, 2 and 3}}
  %a = aimc.mvm @w site(0) role(linear) average(2) share(3) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}

// -----

// aimc.mvm (C1) A product names its matrix.
func.func @mvm_c1(%x: tensor<8x4xf32>, %init: tensor<8x4xf32>) -> tensor<8x4xf32> {
  // expected-error @below {{'aimc.mvm' op expects @w to be an 'aimc.weights', but there is none of this name}}
  %y = aimc.mvm @w site(0) role(linear) ins(%x : tensor<8x4xf32>) outs(%init : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %y : tensor<8x4xf32>
}

// -----

// aimc.mvm (C2) The input drives each row.
// expected-note @below {{weights declared here as 'tensor<4x4xf32>'}}
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
func.func @mvm_c2(%x: tensor<8x3xf32>, %init: tensor<8x4xf32>) -> tensor<8x4xf32> {
  // expected-error @below {{'aimc.mvm' op expects 'input' with 4 columns to match the rows of the matrix, but got 3}}
  %y = aimc.mvm @w site(0) role(linear) ins(%x : tensor<8x3xf32>) outs(%init : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %y : tensor<8x4xf32>
}

// -----

// aimc.mvm (C3) The result has each column.
// expected-note @below {{weights declared here as 'tensor<4x4xf32>'}}
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
func.func @mvm_c3(%x: tensor<8x4xf32>, %init: tensor<8x5xf32>) -> tensor<8x5xf32> {
  // expected-error @below {{'aimc.mvm' op expects 'init' with 4 columns to match those of the matrix, but got 5}}
  %y = aimc.mvm @w site(0) role(linear) ins(%x : tensor<8x4xf32>) outs(%init : tensor<8x5xf32>) -> tensor<8x5xf32>
  return %y : tensor<8x5xf32>
}

// -----

// aimc.mvm (C4) Each vector has a result.
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
func.func @mvm_c4(%x: tensor<8x4xf32>, %init: tensor<7x4xf32>) -> tensor<7x4xf32> {
  // expected-error @below {{'aimc.mvm' op expects 'init' with 8 rows to match those of 'input', but got 7}}
  %y = aimc.mvm @w site(0) role(linear) ins(%x : tensor<8x4xf32>) outs(%init : tensor<7x4xf32>) -> tensor<7x4xf32>
  return %y : tensor<7x4xf32>
}

// -----

// aimc.mvm (C5) A site is a number from 0.
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
func.func @mvm_c5(%x: tensor<8x4xf32>, %init: tensor<8x4xf32>) -> tensor<8x4xf32> {
  // expected-error @below {{'aimc.mvm' op expects 'site' not to be negative, but got -1}}
  %y = aimc.mvm @w site(-1) role(linear) ins(%x : tensor<8x4xf32>) outs(%init : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %y : tensor<8x4xf32>
}

// -----

// aimc.mvm (C6) A grid has rows and columns.
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
func.func @mvm_c6(%x: tensor<8x4xf32>, %init: tensor<8x4xf32>) -> tensor<8x4xf32> {
  // expected-error @below {{'aimc.mvm' op expects 'grid' of two positive sizes, but got [1, 0]}}
  %y = aimc.mvm @w site(0) role(linear) grid [1, 0] ins(%x : tensor<8x4xf32>) outs(%init : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %y : tensor<8x4xf32>
}

// -----

// aimc.mvm (C7) A range is greater than 0.
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
func.func @mvm_c7(%x: tensor<8x4xf32>, %init: tensor<8x4xf32>) -> tensor<8x4xf32> {
  // expected-error @below {{'aimc.mvm' op expects 'input_range' to be finite and greater than 0, but got 0}}
  %y = aimc.mvm @w site(0) role(linear) input_range(0.0) ins(%x : tensor<8x4xf32>) outs(%init : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %y : tensor<8x4xf32>
}

// -----

// aimc.mvm (C7) A range is finite.
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
func.func @mvm_c7_output(%x: tensor<8x4xf32>, %init: tensor<8x4xf32>) -> tensor<8x4xf32> {
  // expected-error @below {{'aimc.mvm' op expects 'output_range' to be finite and greater than 0, but got INF}}
  %y = aimc.mvm @w site(0) role(linear) output_range(0x7F800000) ins(%x : tensor<8x4xf32>) outs(%init : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %y : tensor<8x4xf32>
}

// -----

// aimc.mvm (C8) Tensors and buffers do not mix.
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
func.func @mvm_c8(%x: memref<8x4xf32>, %init: tensor<8x4xf32>) -> tensor<8x4xf32> {
  // expected-error @below {{'aimc.mvm' op expects operands that are all tensors or all buffers, but got both}}
  %y = aimc.mvm @w site(0) role(linear) ins(%x : memref<8x4xf32>) outs(%init : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %y : tensor<8x4xf32>
}

// -----

// aimc.mvm (C8) A product of tensors has a result.
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
func.func @mvm_c8_result(%x: tensor<8x4xf32>, %init: tensor<8x4xf32>) {
  // expected-error @below {{'aimc.mvm' op expects 1 results, one for each init, but got 0}}
  aimc.mvm @w site(0) role(linear) ins(%x : tensor<8x4xf32>) outs(%init : tensor<8x4xf32>)
  return
}

// -----

// aimc.mvm (C8) A product of buffers has none.
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
func.func @mvm_c8_buffers(%x: memref<8x4xf32>, %init: memref<8x4xf32>) -> tensor<8x4xf32> {
  // expected-error @below {{'aimc.mvm' op expects no results on buffers, but got 1}}
  %y = aimc.mvm @w site(0) role(linear) ins(%x : memref<8x4xf32>) outs(%init : memref<8x4xf32>) -> tensor<8x4xf32>
  return %y : tensor<8x4xf32>
}

// -----

// aimc.weights_value (C1) There is such a matrix.
func.func @weights_value_c1() -> tensor<4x4xf32> {
  // expected-error @below {{'aimc.weights_value' op expects @w to be an 'aimc.weights', but there is none of this name}}
  %w = aimc.weights_value @w : tensor<4x4xf32>
  return %w : tensor<4x4xf32>
}

// -----

// aimc.weights_value (C2) The value has the matrix's type.
// expected-note @below {{weights declared here as 'tensor<4x4xf32>'}}
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
func.func @weights_value_c2() -> tensor<4x5xf32> {
  // expected-error @below {{'aimc.weights_value' op expects a result of the type of the matrix, but got 'tensor<4x5xf32>'}}
  %w = aimc.weights_value @w : tensor<4x5xf32>
  return %w : tensor<4x5xf32>
}

// -----

// aimc.digital (C1) A region yields its results.
func.func @digital_c1(%x: tensor<8x4xf32>) -> tensor<8x5xf32> {
  // expected-error @below {{'aimc.digital' op expects to yield values of types 'tensor<8x5xf32>', but got 'tensor<8x4xf32>'}}
  %y = aimc.digital on("global") -> tensor<8x5xf32> {
    aimc.yield %x : tensor<8x4xf32>
  }
  return %y : tensor<8x5xf32>
}

// -----

// aimc.program (C1) Values of a row program are rows.
// expected-error @below {{'aimc.program' op expects rows of f32 in its signature, but got 'vector<4xf64>'}}
aimc.program @p on("global") (%x: vector<4xf64>) -> (vector<4xf64>) {
  aimc.yield %x : vector<4xf64>
}

// -----

// aimc.program (C1) A program has a result.
// expected-error @below {{'aimc.program' op expects at least one result, but got none}}
aimc.program @p on("global") (%x: vector<4xf32>) -> () {
  aimc.yield
}

// -----

// aimc.program (C1) A program yields what its signature says.
aimc.program @p on("global") (%x: vector<4xf32>) -> (vector<5xf32>) {
  // expected-error @below {{'aimc.yield' op expects values of types 'vector<5xf32>', but got 'vector<4xf32>'}}
  aimc.yield %x : vector<4xf32>
}

// -----

// aimc.program (C2) Only the runtime's instructions can run.
aimc.program @p on("global") (%x: vector<4xf32>) -> (vector<4xf32>) {
  // expected-error @below {{'math.atan' op expects an instruction of the runtime in a row program, but got 'math.atan'}}
  %y = math.atan %x : vector<4xf32>
  aimc.yield %y : vector<4xf32>
}

// -----

// aimc.program (C2) Reductions are sums and maxima.
aimc.program @p on("global") (%x: vector<4xf32>) -> (vector<1xf32>) {
  // expected-error @below {{'vector.reduction' op expects an instruction of the runtime in a row program, but got 'vector.reduction <minimumf>'}}
  %s = vector.reduction <minimumf>, %x : vector<4xf32> into f32
  %y = vector.broadcast %s : f32 to vector<1xf32>
  aimc.yield %y : vector<1xf32>
}

// -----

// aimc.concatenate (C1) Nothing is lost.
aimc.program @p on("global") (%x: vector<4xf32>) -> (vector<7xf32>) {
  // expected-error @below {{'aimc.concatenate' op expects a result of length 8, but got 7}}
  %y = aimc.concatenate %x, %x : vector<4xf32>, vector<4xf32> -> vector<7xf32>
  aimc.yield %y : vector<7xf32>
}

// -----

// aimc.product (C1) There is such a matrix.
aimc.program @p on("global") (%x: vector<4xf32>) -> (vector<4xf32>) {
  // expected-error @below {{'aimc.product' op expects @w to be an 'aimc.weights' or 'aimc.rt.matrix', but there is none of this name}}
  %y = aimc.product %x, @w : vector<4xf32> -> vector<4xf32>
  aimc.yield %y : vector<4xf32>
}

// -----

// aimc.product (C2) The row meets each row of the matrix.
aimc.weights @w = dense<0.5> : tensor<5x4xf32>
aimc.program @p on("global") (%x: vector<4xf32>) -> (vector<4xf32>) {
  // expected-error @below {{'aimc.product' op expects 'input' of length 5 to match the rows of the matrix, but got 4}}
  %y = aimc.product %x, @w : vector<4xf32> -> vector<4xf32>
  aimc.yield %y : vector<4xf32>
}

// -----

// aimc.product (C3) The result has each column.
aimc.weights @w = dense<0.5> : tensor<4x5xf32>
aimc.program @p on("global") (%x: vector<4xf32>) -> (vector<4xf32>) {
  // expected-error @below {{'aimc.product' op expects a result of length 5 to match the columns of the matrix, but got 4}}
  %y = aimc.product %x, @w : vector<4xf32> -> vector<4xf32>
  aimc.yield %y : vector<4xf32>
}

// -----

// aimc.execute (C1) There is such a program.
func.func @execute_c1(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  // expected-error @below {{'aimc.execute' op expects @p to be an 'aimc.program', but there is none of this name}}
  %y = aimc.execute @p ins(%x : tensor<8x4xf32>) outs(%x : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %y : tensor<8x4xf32>
}

// -----

// aimc.execute (C2) Each argument has its input.
// expected-note @below {{program declared here with '(vector<4xf32>) -> vector<4xf32>'}}
aimc.program @p on("global") (%x: vector<4xf32>) -> (vector<4xf32>) {
  aimc.yield %x : vector<4xf32>
}
func.func @execute_c2(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  // expected-error @below {{'aimc.execute' op expects 1 inputs, but got 2}}
  %y = aimc.execute @p ins(%x, %x : tensor<8x4xf32>, tensor<8x4xf32>) outs(%x : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %y : tensor<8x4xf32>
}

// -----

// aimc.execute (C2) Rows have the length that the program expects.
// expected-note @below {{program declared here with '(vector<4xf32>) -> vector<4xf32>'}}
aimc.program @p on("global") (%x: vector<4xf32>) -> (vector<4xf32>) {
  aimc.yield %x : vector<4xf32>
}
func.func @execute_c2_width(%x: tensor<8x4xf32>, %init: tensor<8x5xf32>) -> tensor<8x5xf32> {
  // expected-error @below {{'aimc.execute' op expects 4 columns in operand 0 of the outputs, but got 5}}
  %y = aimc.execute @p ins(%x : tensor<8x4xf32>) outs(%init : tensor<8x5xf32>) -> tensor<8x5xf32>
  return %y : tensor<8x5xf32>
}

// -----

// aimc.execute (C3) All operands belong to one batch.
aimc.program @p on("global") (%x: vector<4xf32>) -> (vector<4xf32>) {
  aimc.yield %x : vector<4xf32>
}
func.func @execute_c3(%x: tensor<8x4xf32>, %init: tensor<7x4xf32>) -> tensor<7x4xf32> {
  // expected-error @below {{'aimc.execute' op expects 8 rows in all operands, but got 7}}
  %y = aimc.execute @p ins(%x : tensor<8x4xf32>) outs(%init : tensor<7x4xf32>) -> tensor<7x4xf32>
  return %y : tensor<7x4xf32>
}

// -----

// aimc.execute (C4) Tensors and buffers do not mix.
aimc.program @p on("global") (%x: vector<4xf32>) -> (vector<4xf32>) {
  aimc.yield %x : vector<4xf32>
}
func.func @execute_c4(%x: tensor<8x4xf32>, %init: memref<8x4xf32>) {
  // expected-error @below {{'aimc.execute' op expects operands that are all tensors or all buffers, but got both}}
  aimc.execute @p ins(%x : tensor<8x4xf32>) outs(%init : memref<8x4xf32>)
  return
}

// -----

// aimc.rt.matrix (C1) Its data are checked as those of weights.
// expected-error @below {{'aimc.rt.matrix' op expects finite values, but got nan at row 0, column 0}}
aimc.rt.matrix @w = dense<0x7FC00000> : tensor<2x2xf32>

// -----

// aimc.rt.matrix (C2) A tile has eight figures.
// expected-error @below {{'aimc.rt.matrix' op expects 'tiles' with 8 columns, but got 'tensor<1x4xi32>'}}
aimc.rt.matrix @w = dense<0.5> : tensor<2x2xf32> tiles dense<[[0, 0, 2, 2]]> : tensor<1x4xi32>

// -----

// aimc.rt.matrix (C2) Tiles stand inside the matrix.
// expected-error @below {{'aimc.rt.matrix' op expects tile 0 inside the matrix of 2x2, but got rows [0, 3), columns [0, 2)}}
aimc.rt.matrix @w = dense<0.5> : tensor<2x2xf32> tiles dense<[[0, 0, 3, 2, 0, 0, 0, 0]]> : tensor<1x8xi32>

// -----

// aimc.rt.matrix (C2) Tiles cover the matrix.
// expected-error @below {{'aimc.rt.matrix' op expects 'tiles' to cover 4 weights, but got 2}}
aimc.rt.matrix @w = dense<0.5> : tensor<2x2xf32> tiles dense<[[0, 0, 1, 2, 0, 0, 0, 0]]> : tensor<1x8xi32>

// -----

// aimc.rt.matrix (C3) Copies have as many tiles each.
// expected-error @below {{'aimc.rt.matrix' op expects 'average' to be at least 1 and to divide the number of tiles, but got 2 of 1}}
aimc.rt.matrix @w = dense<0.5> : tensor<2x2xf32> average(2) tiles dense<[[0, 0, 2, 2, 0, 0, 0, 0]]> : tensor<1x8xi32>

// -----

// aimc.rt.matrix (C3) There is a copy.
// expected-error @below {{'aimc.rt.matrix' op expects 'average' to be at least 1 and to divide the number of tiles, but got 0 of 1}}
aimc.rt.matrix @w = dense<0.5> : tensor<2x2xf32> average(0) tiles dense<[[0, 0, 2, 2, 0, 0, 0, 0]]> : tensor<1x8xi32>

// -----

// aimc.rt.matrix (C3) Digital memory holds one.
// expected-error @below {{'aimc.rt.matrix' op expects 'average' to be at least 1 and to divide the number of tiles, but got 2 of 0}}
aimc.rt.matrix @w = dense<0.5> : tensor<2x2xf32> average(2)

// -----

// aimc.rt.matrix (C3) Copies that share vectors have as many tiles each.
// expected-error @below {{'aimc.rt.matrix' op expects 'share' to be at least 1 and to divide the number of tiles, but got 2 of 1}}
aimc.rt.matrix @w = dense<0.5> : tensor<2x2xf32> share(2) tiles dense<[[0, 0, 2, 2, 0, 0, 0, 0]]> : tensor<1x8xi32>

// -----

// aimc.rt.matrix (C3) Copies are for one thing.
// expected-error @below {{'aimc.rt.matrix' op expects 'average' or 'share', but got both, 2 and 2}}
aimc.rt.matrix @w = dense<0.5> : tensor<2x2xf32> average(2) share(2)
    tiles dense<[[0, 0, 2, 2, 0, 0, 0, 0], [0, 0, 2, 2, 0, 1, 0, 0]]> : tensor<2x8xi32>

// -----

// aimc.rt.matrix (C4) Copies that share vectors are cut alike.
// expected-error @below {{'aimc.rt.matrix' op expects tile 1 to be cut as tile 0 of the first copy, [0, 0, 2, 2], but got [0, 0, 1, 2]}}
aimc.rt.matrix @w = dense<0.5> : tensor<2x2xf32> share(2)
    tiles dense<[[0, 0, 2, 2, 0, 0, 0, 0], [0, 0, 1, 2, 0, 1, 0, 0]]> : tensor<2x8xi32>

// -----

// aimc.rt.matrix (C4) Copies are cut alike.
// expected-error @below {{'aimc.rt.matrix' op expects tile 2 to be cut as tile 0 of the first copy, [0, 0, 1, 2], but got [0, 0, 2, 2]}}
aimc.rt.matrix @w = dense<0.5> : tensor<2x2xf32> average(2)
    tiles dense<[[0, 0, 1, 2, 0, 0, 0, 0], [1, 0, 1, 2, 0, 1, 0, 0], [0, 0, 2, 2, 0, 2, 0, 0], [1, 0, 1, 2, 0, 3, 0, 0]]> : tensor<4x8xi32>

// -----

// aimc.rt.matrix (C2) Tiles cover each weight once.
// expected-error @below {{'aimc.rt.matrix' op expects 'tiles' to cover each weight once, but tiles 0 and 2 overlap}}
aimc.rt.matrix @w = dense<0.5> : tensor<3x2xf32>
    tiles dense<[[0, 0, 1, 2, 0, 0, 0, 0], [1, 0, 1, 2, 0, 1, 0, 0], [0, 0, 1, 2, 0, 2, 0, 0]]> : tensor<3x8xi32>

// -----

// aimc.rt.mvm names a matrix of the runtime.
func.func @rt_mvm(%device: !aimc.context, %i: index, %x: memref<?x2xf32>) {
  // expected-error @below {{'aimc.rt.mvm' op expects @w to be an 'aimc.rt.matrix', but there is none of this name}}
  aimc.rt.mvm %device @w site(0) input_range(1.0) output_range(1.0) first(%i) ins(%x : memref<?x2xf32>) outs(%x : memref<?x2xf32>)
  return
}

// -----

// aimc.rt.mvm has the widths of its matrix.
// expected-note @below {{matrix declared here as 'tensor<2x3xf32>'}}
aimc.rt.matrix @w = dense<0.5> : tensor<2x3xf32>
func.func @rt_mvm_width(%device: !aimc.context, %i: index, %x: memref<?x2xf32>) {
  // expected-error @below {{'aimc.rt.mvm' op expects 'output' with 3 columns, but got 2}}
  aimc.rt.mvm %device @w site(0) input_range(1.0) output_range(1.0) first(%i) ins(%x : memref<?x2xf32>) outs(%x : memref<?x2xf32>)
  return
}

// -----

// aimc.rt.digital names a program.
func.func @rt_digital(%device: !aimc.context, %i: index, %x: memref<?x2xf32>) {
  // expected-error @below {{'aimc.rt.digital' op expects @p to be an 'aimc.program', but there is none of this name}}
  aimc.rt.digital %device @p first(%i) ins(%x : memref<?x2xf32>) outs(%x : memref<?x2xf32>)
  return
}

// -----

// Each name is that of a program.
aimc.rt.matrix @w = dense<0.5> : tensor<2x3xf32> tiles dense<[[0, 0, 2, 3, 0, 0, 0, 0]]> : tensor<1x8xi32>
aimc.program @p on("global") (%a: vector<3xf32>) -> (vector<3xf32>) {
  aimc.yield %a : vector<3xf32>
}
func.func @rt_mvm_digital_programs(%device: !aimc.context, %i: index, %x: memref<?x2xf32>, %y: memref<?x3xf32>) {
  // expected-error @below {{'aimc.rt.mvm_digital' op expects @q to be an 'aimc.program', but there is none of this name}}
  aimc.rt.mvm_digital %device @w [@p, @q] site(0) input_range(1.0) output_range(1.0) operands([0, 1]) results([2]) deferred(0) first(%i)
      ins(%x : memref<?x2xf32>) outs(%y : memref<?x3xf32>)
  return
}

// -----

// Programs get all their inputs.
aimc.rt.matrix @w = dense<0.5> : tensor<2x3xf32> tiles dense<[[0, 0, 2, 3, 0, 0, 0, 0]]> : tensor<1x8xi32>
aimc.program @p on("global") (%a: vector<3xf32>) -> (vector<3xf32>) {
  aimc.yield %a : vector<3xf32>
}
func.func @rt_mvm_digital_operands(%device: !aimc.context, %i: index, %x: memref<?x2xf32>, %y: memref<?x3xf32>) {
  // expected-error @below {{'aimc.rt.mvm_digital' op expects 1 operands of @p, but got 0}}
  aimc.rt.mvm_digital %device @w [@p, @p] site(0) input_range(1.0) output_range(1.0) operands([0]) results([2]) deferred(0) first(%i)
      ins(%x : memref<?x2xf32>) outs(%y : memref<?x3xf32>)
  return
}

// -----

// A program reads values that are there.
aimc.rt.matrix @w = dense<0.5> : tensor<2x3xf32> tiles dense<[[0, 0, 2, 3, 0, 0, 0, 0]]> : tensor<1x8xi32>
aimc.program @p on("global") (%a: vector<3xf32>) -> (vector<3xf32>) {
  aimc.yield %a : vector<3xf32>
}
func.func @rt_mvm_digital_operand(%device: !aimc.context, %i: index, %x: memref<?x2xf32>, %y: memref<?x3xf32>) {
  // expected-error @below {{'aimc.rt.mvm_digital' op expects operands of @p from 0 to 0, but got 1}}
  aimc.rt.mvm_digital %device @w [@p] site(0) input_range(1.0) output_range(1.0) operands([1]) results([1]) deferred(0) first(%i)
      ins(%x : memref<?x2xf32>) outs(%y : memref<?x3xf32>)
  return
}

// -----

// They have the width of the input.
aimc.rt.matrix @w = dense<0.5> : tensor<2x3xf32> tiles dense<[[0, 0, 2, 3, 0, 0, 0, 0]]> : tensor<1x8xi32>
aimc.program @p on("global") (%a: vector<3xf32>) -> (vector<3xf32>) {
  aimc.yield %a : vector<3xf32>
}
func.func @rt_mvm_digital_operand_width(%device: !aimc.context, %i: index, %x: memref<?x2xf32>, %y: memref<?x3xf32>, %z: memref<?x2xf32>) {
  // expected-error @below {{'aimc.rt.mvm_digital' op expects 3 columns in operand 0 of @p, but got 2}}
  aimc.rt.mvm_digital %device @w [@p] site(0) input_range(1.0) output_range(1.0) operands([1]) results([2]) deferred(0) first(%i)
      ins(%x : memref<?x2xf32>) with(%z : memref<?x2xf32>) outs(%y : memref<?x3xf32>)
  return
}

// -----

// No operand is left over.
aimc.rt.matrix @w = dense<0.5> : tensor<2x3xf32> tiles dense<[[0, 0, 2, 3, 0, 0, 0, 0]]> : tensor<1x8xi32>
aimc.program @p on("global") (%a: vector<3xf32>) -> (vector<3xf32>) {
  aimc.yield %a : vector<3xf32>
}
func.func @rt_mvm_digital_many_operands(%device: !aimc.context, %i: index, %x: memref<?x2xf32>, %y: memref<?x3xf32>) {
  // expected-error @below {{'aimc.rt.mvm_digital' op expects 1 operands of its programs, but got 2}}
  aimc.rt.mvm_digital %device @w [@p] site(0) input_range(1.0) output_range(1.0) operands([0, 0]) results([1]) deferred(0) first(%i)
      ins(%x : memref<?x2xf32>) outs(%y : memref<?x3xf32>)
  return
}

// -----

// Each result has an output.
aimc.rt.matrix @w = dense<0.5> : tensor<2x3xf32> tiles dense<[[0, 0, 2, 3, 0, 0, 0, 0]]> : tensor<1x8xi32>
aimc.program @p on("global") (%a: vector<3xf32>) -> (vector<3xf32>) {
  aimc.yield %a : vector<3xf32>
}
func.func @rt_mvm_digital_results(%device: !aimc.context, %i: index, %x: memref<?x2xf32>, %y: memref<?x3xf32>) {
  // expected-error @below {{'aimc.rt.mvm_digital' op expects one output a result, 2, but got 1}}
  aimc.rt.mvm_digital %device @w [@p] site(0) input_range(1.0) output_range(1.0) operands([0]) results([0, 1]) deferred(0) first(%i)
      ins(%x : memref<?x2xf32>) outs(%y : memref<?x3xf32>)
  return
}

// -----

// Further inputs are no results.
aimc.rt.matrix @w = dense<0.5> : tensor<2x3xf32> tiles dense<[[0, 0, 2, 3, 0, 0, 0, 0]]> : tensor<1x8xi32>
aimc.program @p on("global") (%a: vector<3xf32>) -> (vector<3xf32>) {
  aimc.yield %a : vector<3xf32>
}
func.func @rt_mvm_digital_result(%device: !aimc.context, %i: index, %x: memref<?x2xf32>, %y: memref<?x3xf32>, %z: memref<?x3xf32>) {
  // expected-error @below {{'aimc.rt.mvm_digital' op expects as results the product and outputs of programs, each once, but got 1}}
  aimc.rt.mvm_digital %device @w [@p] site(0) input_range(1.0) output_range(1.0) operands([0]) results([1]) deferred(0) first(%i)
      ins(%x : memref<?x2xf32>) with(%z : memref<?x3xf32>) outs(%y : memref<?x3xf32>)
  return
}

// -----

// An output has the width of its value.
aimc.rt.matrix @w = dense<0.5> : tensor<2x3xf32> tiles dense<[[0, 0, 2, 3, 0, 0, 0, 0]]> : tensor<1x8xi32>
aimc.program @p on("global") (%a: vector<3xf32>) -> (vector<3xf32>) {
  aimc.yield %a : vector<3xf32>
}
func.func @rt_mvm_digital_output(%device: !aimc.context, %i: index, %x: memref<?x2xf32>, %y: memref<?x2xf32>) {
  // expected-error @below {{'aimc.rt.mvm_digital' op expects 3 columns in output 0, but got 2}}
  aimc.rt.mvm_digital %device @w [@p] site(0) input_range(1.0) output_range(1.0) operands([0]) results([1]) deferred(0) first(%i)
      ins(%x : memref<?x2xf32>) outs(%y : memref<?x2xf32>)
  return
}

// -----

// The module has no other attribute of the dialect.
// expected-error @below {{expects no attribute 'aimc.speed' of the aimc dialect, whose module attributes are 'aimc.target', 'aimc.objective' and 'aimc.schedule'}}
module attributes {aimc.speed = 1 : i64} {
}

// -----

// The target is a target.
// expected-error @below {{expects 'aimc.target' to be an #aimc.target, but got "hermes"}}
module attributes {aimc.target = "hermes"} {
}

// -----

// A bad target names its field.
// expected-error @below {{in #aimc.target: expects field 'schema', but got none}}
module attributes {aimc.target = #aimc.target<{name = "mine"}>} {
}

// -----

// A target stands on a module alone.
// expected-error @below {{expects 'aimc.target' on a module, but got it on 'func.func'}}
func.func @target() attributes {aimc.target = 1 : i64} {
  return
}

// -----

// aimc.mvm (C8) The result has the type of the init.
aimc.weights @w = dense<0.5> : tensor<4x3xf32>
func.func @mvm_result(%x: tensor<8x4xf32>, %init: tensor<8x3xf32>) -> tensor<?x3xf32> {
  // expected-error @below {{'aimc.mvm' op expects results of the types of the inits, but got 'tensor<?x3xf32>'}}
  %y = aimc.mvm @w site(0) role(linear) ins(%x : tensor<8x4xf32>) outs(%init : tensor<8x3xf32>) -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

// -----

// aimc.execute (C2) Each result has its init.
aimc.program @p on("host") () -> (vector<4xf32>) {
  %c = arith.constant dense<1.0> : vector<4xf32>
  aimc.yield %c : vector<4xf32>
}
func.func @execute_nothing() {
  // expected-error @below {{'aimc.execute' op expects at least one init, but got none}}
  "aimc.execute"() <{operandSegmentSizes = array<i32: 0, 0>, program = @p}> : () -> ()
  return
}

// -----

// aimc.program (C1) Its block has the arguments of its signature.
// expected-error @below {{'aimc.program' op expects block arguments of types 'vector<4xf32>', but got 'vector<3xf32>'}}
"aimc.program"() <{sym_name = "p", unit = "host", function_type = (vector<4xf32>) -> vector<3xf32>}> ({
^bb0(%x: vector<3xf32>):
  "aimc.yield"(%x) : (vector<3xf32>) -> ()
}) : () -> ()

// -----

// aimc.program (C1) It says what it yields.
// expected-error @below {{'aimc.program' op expects to end with 'aimc.yield'}}
aimc.program @p on("host") (%x: vector<4xf32>) -> (vector<4xf32>) {
  llvm.unreachable
}

// -----

// A target has values that JSON has.
// expected-error @below {{expects numbers, strings, booleans, arrays and dictionaries in #aimc.target, but got {name}}}
module attributes {aimc.target = #aimc.target<{name = unit}>} {}

// -----

// aimc.program (C2) A reduction starts from nothing.
aimc.program @p on("global") (%x: vector<4xf32>) -> (vector<1xf32>) {
  %zero = arith.constant 0.0 : f32
  // expected-error @below {{'vector.reduction' op expects a reduction without an accumulator in a row program}}
  %s = vector.reduction <add>, %x, %zero : vector<4xf32> into f32
  %y = vector.broadcast %s : f32 to vector<1xf32>
  aimc.yield %y : vector<1xf32>
}

// -----

// aimc.step (C1) Only FP32 is computed.
func.func @step(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  // expected-error @below {{'aimc.step' op operand #0 must be 32-bit float or vector of 32-bit float values of ranks 1, but got 'tensor<8x4xf32>'}}
  %y = aimc.step %x : tensor<8x4xf32>
  return %y : tensor<8x4xf32>
}

// -----

// aimc.greater (C1) Only FP32 is compared.
func.func @greater(%x: vector<4xf64>) -> vector<4xf64> {
  // expected-error @below {{'aimc.greater' op operand #0 must be 32-bit float or vector of 32-bit float values of ranks 1, but got 'vector<4xf64>'}}
  %y = aimc.greater %x, %x : vector<4xf64>
  return %y : vector<4xf64>
}

// -----

// aimc.greater_equal (C1) Both operands have one type.
func.func @greater_equal(%x: vector<4xf32>, %y: vector<8xf32>) -> vector<4xf32> {
  // expected-error @below {{'aimc.greater_equal' op requires the same type for all operands and results}}
  %z = "aimc.greater_equal"(%x, %y) : (vector<4xf32>, vector<8xf32>) -> vector<4xf32>
  return %z : vector<4xf32>
}

// -----

// aimc.equal (C1) Whether values are equal is a number as well.
func.func @equal(%x: f32) -> i1 {
  // expected-error @below {{'aimc.equal' op result #0 must be 32-bit float or vector of 32-bit float values of ranks 1, but got 'i1'}}
  %y = "aimc.equal"(%x, %x) : (f32, f32) -> i1
  return %y : i1
}

// -----

// aimc.select (C1) The condition is of the type of what it chooses.
func.func @select(%c: vector<1xf32>, %x: vector<8xf32>) -> vector<8xf32> {
  // expected-error @below {{'aimc.select' op requires the same type for all operands and results}}
  %y = "aimc.select"(%c, %x, %x) : (vector<1xf32>, vector<8xf32>, vector<8xf32>) -> vector<8xf32>
  return %y : vector<8xf32>
}

// -----

// aimc.gram (C1) Rows of both are of the same space.
func.func @gram_c1(%x: tensor<8x2xf32>, %y: tensor<4x3xf32>, %init: tensor<8x4xf32>) {
  // expected-error @below {{'aimc.gram' op expects 'x' and 'y' with the same, static number of columns, but got 'tensor<8x2xf32>' and 'tensor<4x3xf32>'}}
  %k = aimc.gram kernel(linear) ins(%x, %y : tensor<8x2xf32>, tensor<4x3xf32>) outs(%init : tensor<8x4xf32>) -> tensor<8x4xf32>
  return
}

// -----

// aimc.gram (C1) Their length is known.
func.func @gram_c1_dynamic(%x: tensor<8x?xf32>, %y: tensor<4x?xf32>, %init: tensor<8x4xf32>) {
  // expected-error @below {{'aimc.gram' op expects 'x' and 'y' with the same, static number of columns, but got 'tensor<8x?xf32>' and 'tensor<4x?xf32>'}}
  %k = aimc.gram kernel(linear) ins(%x, %y : tensor<8x?xf32>, tensor<4x?xf32>) outs(%init : tensor<8x4xf32>) -> tensor<8x4xf32>
  return
}

// -----

// aimc.gram (C2) Each point has a column.
func.func @gram_c2(%x: tensor<8x2xf32>, %y: tensor<4x2xf32>, %init: tensor<8x5xf32>) {
  // expected-error @below {{'aimc.gram' op expects 'init' with the rows of 'x' as rows and those of 'y' as columns, but got 'tensor<8x5xf32>' for 'tensor<8x2xf32>' and 'tensor<4x2xf32>'}}
  %k = aimc.gram kernel(linear) ins(%x, %y : tensor<8x2xf32>, tensor<4x2xf32>) outs(%init : tensor<8x5xf32>) -> tensor<8x5xf32>
  return
}

// -----

// aimc.gram (C2) The number of points is known.
func.func @gram_c2_rows(%x: tensor<8x2xf32>, %y: tensor<?x2xf32>, %init: tensor<8x?xf32>) {
  // expected-error @below {{'aimc.gram' op expects 'y' with a static, positive number of rows, but got 'tensor<?x2xf32>'}}
  %k = aimc.gram kernel(linear) ins(%x, %y : tensor<8x2xf32>, tensor<?x2xf32>) outs(%init : tensor<8x?xf32>) -> tensor<8x?xf32>
  return
}

// -----

// aimc.gram (C3) The RBF kernel has a width.
func.func @gram_c3(%x: tensor<8x2xf32>, %y: tensor<4x2xf32>, %init: tensor<8x4xf32>) {
  // expected-error @below {{'aimc.gram' op expects a 'gamma' for kernel 'rbf', but got none}}
  %k = aimc.gram kernel(rbf) ins(%x, %y : tensor<8x2xf32>, tensor<4x2xf32>) outs(%init : tensor<8x4xf32>) -> tensor<8x4xf32>
  return
}

// -----

// aimc.gram (C3) With a width of 0 all rows are alike.
func.func @gram_c3_zero(%x: tensor<8x2xf32>, %y: tensor<4x2xf32>, %init: tensor<8x4xf32>) {
  // expected-error @below {{'aimc.gram' op expects 'gamma' to be finite and greater than 0, but got 0}}
  %k = aimc.gram kernel(rbf) gamma(0.0) ins(%x, %y : tensor<8x2xf32>, tensor<4x2xf32>) outs(%init : tensor<8x4xf32>) -> tensor<8x4xf32>
  return
}

// -----

// aimc.gram (C3) Other kernels have none.
func.func @gram_c3_other(%x: tensor<8x2xf32>, %y: tensor<4x2xf32>, %init: tensor<8x4xf32>) {
  // expected-error @below {{'aimc.gram' op expects no 'gamma' for kernel 'softmax', but got one}}
  %k = aimc.gram kernel(softmax) gamma(1.0) ins(%x, %y : tensor<8x2xf32>, tensor<4x2xf32>) outs(%init : tensor<8x4xf32>) -> tensor<8x4xf32>
  return
}

// -----

// aimc.gram (C5) Its destination is its result.
func.func @gram_c5(%x: tensor<8x2xf32>, %y: tensor<4x2xf32>, %init: memref<8x4xf32>) {
  // expected-error @below {{'aimc.gram' op expects operands that are all tensors or all buffers, but got both}}
  aimc.gram kernel(linear) ins(%x, %y : tensor<8x2xf32>, tensor<4x2xf32>) outs(%init : memref<8x4xf32>)
  return
}

// -----

// aimc.load (C1) It has a matrix.
func.func @load_c1(%init: tensor<4x2xf32>) {
  // expected-error @below {{'aimc.load' op expects @points to be an 'aimc.weights', but there is none of this name}}
  %y = aimc.load @points outs(%init : tensor<4x2xf32>) -> tensor<4x2xf32>
  return
}

// -----

// aimc.load (C2) All values have a place.
// expected-note @below {{weights declared here as 'tensor<4x2xf32>'}}
aimc.weights @points = dense<0.5> : tensor<4x2xf32>
func.func @load_c2(%init: tensor<2x4xf32>) {
  // expected-error @below {{'aimc.load' op expects 'init' of the shape of the matrix, but got 'tensor<2x4xf32>'}}
  %y = aimc.load @points outs(%init : tensor<2x4xf32>) -> tensor<2x4xf32>
  return
}

// -----

// aimc.load (C3) Buffers are written, not returned.
aimc.weights @points = dense<0.5> : tensor<4x2xf32>
func.func @load_c3(%init: memref<4x2xf32>) {
  // expected-error @below {{'aimc.load' op expects no results on buffers, but got 1}}
  %y = aimc.load @points outs(%init : memref<4x2xf32>) -> tensor<4x2xf32>
  return
}

// -----

// aimc.rt.gram has the constraints of aimc.gram; 0 is no width.
func.func @rt_gram(%device: !aimc.context, %x: memref<8x2xf32>, %k: memref<8x8xf32>) {
  // expected-error @below {{'aimc.rt.gram' op expects 'gamma' to be finite and greater than 0, but got 0}}
  aimc.rt.gram %device kernel(rbf) gamma(0.0) ins(%x, %x : memref<8x2xf32>, memref<8x2xf32>) outs(%k : memref<8x8xf32>)
  return
}

// -----

// aimc.rt.load takes what is in digital memory.
// expected-note @below {{matrix declared here as 'tensor<4x2xf32>'}}
aimc.rt.matrix @w = dense<0.5> : tensor<4x2xf32> tiles dense<[[0, 0, 4, 2, 0, 0, 0, 0]]> : tensor<1x8xi32>
func.func @rt_load_tiles(%device: !aimc.context, %y: memref<4x2xf32>) {
  // expected-error @below {{'aimc.rt.load' op expects a matrix in digital memory, but got one with tiles}}
  aimc.rt.load %device @w outs(%y : memref<4x2xf32>)
  return
}

// -----

// aimc.rt.load has a place for all values.
// expected-note @below {{matrix declared here as 'tensor<4x2xf32>'}}
aimc.rt.matrix @w = dense<0.5> : tensor<4x2xf32>
func.func @rt_load_shape(%device: !aimc.context, %y: memref<5x2xf32>) {
  // expected-error @below {{'aimc.rt.load' op expects 'output' of the shape of the matrix, but got 'memref<5x2xf32>'}}
  aimc.rt.load %device @w outs(%y : memref<5x2xf32>)
  return
}

// -----

// aimc.rt.load has a matrix.
func.func @rt_load_matrix(%device: !aimc.context, %y: memref<5x2xf32>) {
  // expected-error @below {{'aimc.rt.load' op expects @w to be an 'aimc.rt.matrix', but there is none of this name}}
  aimc.rt.load %device @w outs(%y : memref<5x2xf32>)
  return
}

// -----

// aimc.attention (C1) There is a head.
func.func @attention(%n: index, %q: tensor<?x8xf32>, %v: tensor<?x6xf32>, %init: tensor<?x6xf32>) -> tensor<?x6xf32> {
  // expected-error @below {{'aimc.attention' op expects at least 1 head, but got 0}}
  %y = aimc.attention heads(0) sequences(%n) ins(%q, %q, %v : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x6xf32>)
      outs(%init : tensor<?x6xf32>) -> tensor<?x6xf32>
  return %y : tensor<?x6xf32>
}

// -----

// aimc.attention (C1) Heads share the values.
func.func @attention(%n: index, %q: tensor<?x8xf32>, %v: tensor<?x6xf32>, %init: tensor<?x6xf32>) -> tensor<?x6xf32> {
  // expected-error @below {{'aimc.attention' op expects 'values' with columns that 4 heads share evenly, but got 6}}
  %y = aimc.attention heads(4) sequences(%n) ins(%q, %q, %v : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x6xf32>)
      outs(%init : tensor<?x6xf32>) -> tensor<?x6xf32>
  return %y : tensor<?x6xf32>
}

// -----

// aimc.attention (C1) The length of values is known.
func.func @attention(%n: index, %q: tensor<?x8xf32>, %v: tensor<?x?xf32>, %init: tensor<?x6xf32>) -> tensor<?x6xf32> {
  // expected-error @below {{'aimc.attention' op expects 'values' with columns that 2 heads share evenly, but got ?}}
  %y = aimc.attention heads(2) sequences(%n) ins(%q, %q, %v : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x?xf32>)
      outs(%init : tensor<?x6xf32>) -> tensor<?x6xf32>
  return %y : tensor<?x6xf32>
}

// -----

// aimc.attention (C2) So is the number of features.
func.func @attention(%n: index, %q: tensor<?x?xf32>, %v: tensor<?x6xf32>, %init: tensor<?x6xf32>) -> tensor<?x6xf32> {
  // expected-error @below {{'aimc.attention' op expects 'queries' with a static, positive number of columns, but got ?}}
  %y = aimc.attention heads(2) sequences(%n) ins(%q, %q, %v : tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x6xf32>)
      outs(%init : tensor<?x6xf32>) -> tensor<?x6xf32>
  return %y : tensor<?x6xf32>
}

// -----

// aimc.attention (C2) Queries and keys have the same features.
func.func @attention(%n: index, %q: tensor<?x8xf32>, %k: tensor<?x4xf32>, %v: tensor<?x6xf32>, %init: tensor<?x6xf32>) -> tensor<?x6xf32> {
  // expected-error @below {{'aimc.attention' op expects 'keys' with 8 columns, but got 4}}
  %y = aimc.attention heads(2) sequences(%n) ins(%q, %k, %v : tensor<?x8xf32>, tensor<?x4xf32>, tensor<?x6xf32>)
      outs(%init : tensor<?x6xf32>) -> tensor<?x6xf32>
  return %y : tensor<?x6xf32>
}

// -----

// aimc.attention (C3) Each head of each token has a key.
func.func @attention(%n: index, %q: tensor<?x8xf32>, %k: tensor<11x8xf32>, %v: tensor<6x6xf32>, %init: tensor<?x6xf32>) -> tensor<?x6xf32> {
  // expected-error @below {{'aimc.attention' op expects 'keys' with 12 rows, one for each row of 'values' and head, but got 11}}
  %y = aimc.attention heads(2) sequences(%n) ins(%q, %k, %v : tensor<?x8xf32>, tensor<11x8xf32>, tensor<6x6xf32>)
      outs(%init : tensor<?x6xf32>) -> tensor<?x6xf32>
  return %y : tensor<?x6xf32>
}

// -----

// aimc.attention (C4) Each head of each token has a query.
func.func @attention(%n: index, %q: tensor<11x8xf32>, %k: tensor<?x8xf32>, %v: tensor<?x6xf32>, %init: tensor<6x6xf32>) -> tensor<?x6xf32> {
  // expected-error @below {{'aimc.attention' op expects 'queries' with 12 rows, one for each row of 'init' and head, but got 11}}
  %z = aimc.attention heads(2) sequences(%n) ins(%q, %k, %v : tensor<11x8xf32>, tensor<?x8xf32>, tensor<?x6xf32>)
      outs(%init : tensor<6x6xf32>) -> tensor<6x6xf32>
  return %v : tensor<?x6xf32>
}

// -----

// aimc.attention (C4) The result has the columns of the values.
func.func @attention(%n: index, %q: tensor<?x8xf32>, %v: tensor<?x6xf32>, %init: tensor<?x4xf32>) -> tensor<?x6xf32> {
  // expected-error @below {{'aimc.attention' op expects 'init' with 6 columns, but got 4}}
  %z = aimc.attention heads(2) sequences(%n) ins(%q, %q, %v : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x6xf32>)
      outs(%init : tensor<?x4xf32>) -> tensor<?x4xf32>
  return %v : tensor<?x6xf32>
}

// -----

// aimc.attention (C5) There is one log scale a key.
func.func @attention(%n: index, %q: tensor<?x8xf32>, %v: tensor<?x6xf32>, %init: tensor<?x6xf32>, %s: tensor<?x2xf32>) -> tensor<?x6xf32> {
  // expected-error @below {{'aimc.attention' op expects 'log_scale' with 1 columns, but got 2}}
  %y = aimc.attention heads(2) sequences(%n) ins(%q, %q, %v : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x6xf32>) log_scale(%s : tensor<?x2xf32>)
      outs(%init : tensor<?x6xf32>) -> tensor<?x6xf32>
  return %y : tensor<?x6xf32>
}

// -----

// aimc.attention (C5) Each head of each token has one.
func.func @attention(%n: index, %q: tensor<?x8xf32>, %k: tensor<12x8xf32>, %v: tensor<?x6xf32>, %init: tensor<?x6xf32>, %s: tensor<6x1xf32>) -> tensor<?x6xf32> {
  // expected-error @below {{'aimc.attention' op expects 'log_scale' with 12 rows, those of 'keys', but got 6}}
  %y = aimc.attention heads(2) sequences(%n) ins(%q, %k, %v : tensor<?x8xf32>, tensor<12x8xf32>, tensor<?x6xf32>) log_scale(%s : tensor<6x1xf32>)
      outs(%init : tensor<?x6xf32>) -> tensor<?x6xf32>
  return %y : tensor<?x6xf32>
}

// -----

// aimc.attention (C6) All heads of a token are left out, or none.
func.func @attention(%n: index, %q: tensor<?x8xf32>, %v: tensor<6x6xf32>, %init: tensor<?x6xf32>, %m: tensor<12x1xf32>) -> tensor<?x6xf32> {
  // expected-error @below {{'aimc.attention' op expects 'mask' with 6 rows, those of 'values', but got 12}}
  %y = aimc.attention heads(2) sequences(%n) ins(%q, %q, %v : tensor<?x8xf32>, tensor<?x8xf32>, tensor<6x6xf32>) mask(%m : tensor<12x1xf32>)
      outs(%init : tensor<?x6xf32>) -> tensor<?x6xf32>
  return %y : tensor<?x6xf32>
}

// -----

// aimc.attention (C7) Query i sees keys 0 to i.
func.func @attention(%n: index, %q: tensor<?x8xf32>, %v: tensor<6x6xf32>, %init: tensor<4x6xf32>) -> tensor<?x6xf32> {
  // expected-error @below {{'aimc.attention' op expects as many queries as keys when causal, but got 4 and 6}}
  %z = aimc.attention causal heads(2) sequences(%n) ins(%q, %q, %v : tensor<?x8xf32>, tensor<?x8xf32>, tensor<6x6xf32>)
      outs(%init : tensor<4x6xf32>) -> tensor<4x6xf32>
  %y = tensor.cast %v : tensor<6x6xf32> to tensor<?x6xf32>
  return %y : tensor<?x6xf32>
}

// -----

// aimc.attention (C8) There are sequences or none.
func.func @attention(%n: index, %q: tensor<?x8xf32>, %v: tensor<?x6xf32>, %init: tensor<?x6xf32>) -> tensor<?x6xf32> {
  %c = arith.constant -1 : index
  // expected-error @below {{'aimc.attention' op expects 0 or more sequences, but got -1}}
  %y = aimc.attention heads(2) sequences(%c) ins(%q, %q, %v : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x6xf32>)
      outs(%init : tensor<?x6xf32>) -> tensor<?x6xf32>
  return %y : tensor<?x6xf32>
}

// -----

// aimc.attention (C8) They are equally long.
func.func @attention(%n: index, %q: tensor<?x8xf32>, %v: tensor<6x6xf32>, %init: tensor<?x6xf32>) -> tensor<?x6xf32> {
  %c = arith.constant 4 : index
  // expected-error @below {{'aimc.attention' op expects 'values' with rows that 4 sequences share evenly, but got 6}}
  %y = aimc.attention heads(2) sequences(%c) ins(%q, %q, %v : tensor<?x8xf32>, tensor<?x8xf32>, tensor<6x6xf32>)
      outs(%init : tensor<?x6xf32>) -> tensor<?x6xf32>
  return %y : tensor<?x6xf32>
}

// -----

// aimc.attention (C8) So are their results.
func.func @attention(%n: index, %q: tensor<?x8xf32>, %v: tensor<?x6xf32>, %init: tensor<6x6xf32>) -> tensor<?x6xf32> {
  %c = arith.constant 0 : index
  // expected-error @below {{'aimc.attention' op expects 'init' with rows that 0 sequences share evenly, but got 6}}
  %z = aimc.attention heads(2) sequences(%c) ins(%q, %q, %v : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x6xf32>)
      outs(%init : tensor<6x6xf32>) -> tensor<6x6xf32>
  return %v : tensor<?x6xf32>
}

// -----

// aimc.attention (C9) It works on tensors or on buffers.
func.func @attention(%n: index, %q: tensor<?x8xf32>, %v: tensor<?x6xf32>, %init: memref<?x6xf32>) {
  // expected-error @below {{'aimc.attention' op expects operands that are all tensors or all buffers, but got both}}
  aimc.attention heads(2) sequences(%n) ins(%q, %q, %v : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x6xf32>)
      outs(%init : memref<?x6xf32>)
  return
}

// -----

// aimc.verify_size (C1) The error says what was counted.
func.func @verify_size(%n: index, %m: index) {
  // expected-error @below {{'aimc.verify_size' op expects what the sizes count, but got an empty text}}
  aimc.verify_size "" size(%n) expected(%m)
  return
}

// -----

// aimc.fixed_point (C1) Scale and offset are of the type of the value.
func.func @fixed_point(%s: vector<1xf32>, %x: vector<8xf32>) -> vector<8xf32> {
  // expected-error @below {{'aimc.fixed_point' op requires the same type for all operands and results}}
  %y = "aimc.fixed_point"(%x, %s, %s) : (vector<8xf32>, vector<1xf32>, vector<1xf32>) -> vector<8xf32>
  return %y : vector<8xf32>
}

// -----

// A schedule stands on a module.
// expected-error @below {{'func.func' op expects 'aimc.schedule' on a module, but got it on 'func.func'}}
func.func private @f() attributes {aimc.schedule = #aimc.schedule<cross_layer, interval = 1, latency = 0>}

// -----

// expected-error @below {{expects 'aimc.schedule' to be an #aimc.schedule, but got 3 : i64}}
module attributes {aimc.schedule = 3} {}

// -----

// (C1) of a schedule.
// expected-error @below {{expects an interval of at least 1 ps, but got 0}}
module attributes {aimc.schedule = #aimc.schedule<cross_layer, interval = 0, latency = 5>} {}

// -----

// (C2) of a schedule.
// expected-error @below {{expects a latency that is not negative, but got -5}}
module attributes {aimc.schedule = #aimc.schedule<layer_by_layer, interval = 5, latency = -5>} {}

// -----

// (C3) of a schedule.
// expected-error @below {{expects an interval and a latency of at most 70368744177664 ps, but got 70368744177665 and 5}}
module attributes {aimc.schedule = #aimc.schedule<cross_layer, interval = 70368744177665, latency = 5>} {}

// -----

// expected-error @below {{expects an interval and a latency of at most 70368744177664 ps, but got 5 and 9223372036854775807}}
module attributes {aimc.schedule = #aimc.schedule<cross_layer, interval = 5, latency = 9223372036854775807>} {}

// -----

// A slot stands on what takes time.
// expected-error @below {{'func.func' op expects 'aimc.slot' on a product or digital work, but got it on 'func.func'}}
func.func private @f() attributes {aimc.slot = #aimc.slot<start = 0, end = 1>}

// -----

func.func @value(%x: tensor<8x16xf32>) -> tensor<8x16xf32> {
  // expected-error @below {{expects 'aimc.slot' to be an #aimc.slot, but got 3 : i64}}
  %z = aimc.digital on("global") -> tensor<8x16xf32> attributes {aimc.slot = 3} {
    aimc.yield %x : tensor<8x16xf32>
  }
  return %z : tensor<8x16xf32>
}

// -----

// (C1) of a slot.
// expected-error @below {{expects a start that is not negative, but got -1}}
#negative = #aimc.slot<start = -1, end = 1>

// -----

// (C2) of a slot.
// expected-error @below {{expects an end that is not before the start 2, but got 1}}
#backward = #aimc.slot<start = 2, end = 1>

// -----

// (C3) of a slot.
// expected-error @below {{expects an end of at most 70368744177664 ps, but got 9223372036854775807}}
#late = #aimc.slot<start = 2, end = 9223372036854775807>

// -----

// What tiles were placed for is a name.

// expected-error @below {{expects 'aimc.objective' to be a string, but got 3 : i64}}
module attributes {aimc.objective = 3} {}

// -----

// (C5) An importance weighs errors.

// expected-error @below {{'aimc.weights' op expects an importance that is finite and not negative, but got -1}}
aimc.weights @negative importance(-1.0) = dense<0.5> : tensor<2x2xf32>

// -----

// (C5)

// expected-error @below {{'aimc.weights' op expects an importance that is finite and not negative, but got +Inf}}
aimc.weights @infinite importance(0x7F800000) = dense<0.5> : tensor<2x2xf32>

// -----

// (C6) A pin is to cores.

// expected-error @below {{'aimc.weights' op expects 'pin' to a chip of 0 and above and at least one core, but got chip 0 and 0 cores}}
aimc.weights @nowhere pin chip(0) cores [] = dense<0.5> : tensor<2x2xf32>

// -----

// (C6)

// expected-error @below {{'aimc.weights' op expects 'pin' to a chip of 0 and above and at least one core, but got chip -1 and 1 cores}}
aimc.weights @no_chip pin chip(-1) cores [0] = dense<0.5> : tensor<2x2xf32>

// -----

// (C6)

// expected-error @below {{'aimc.weights' op expects 'pin' to different cores of 0 and above, but got core 3 twice}}
aimc.weights @twice pin chip(0) cores [3, 1, 3] = dense<0.5> : tensor<2x2xf32>

// -----

// (C6)

// expected-error @below {{'aimc.weights' op expects 'pin' to different cores of 0 and above, but got core -2}}
aimc.weights @no_core pin chip(0) cores [-2] = dense<0.5> : tensor<2x2xf32>

// -----

// (C6)

// expected-error @below {{'aimc.weights' op expects 'pin' with chip and cores, but got a part of it}}
"aimc.weights"() <{sym_name = "part", pin_chip = 0 : i64, value = dense<0.5> : tensor<2x2xf32>}> : () -> ()
