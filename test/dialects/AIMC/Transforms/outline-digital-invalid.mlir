// RUN: aimc-opt %s --aimc-outline-digital --split-input-file --verify-diagnostics

// Digital work belongs to a unit.
func.func @outside(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  // expected-error @below {{expects digital work inside 'aimc.digital', but got 'math.cos' outside; run aimc-split first}}
  %y = math.cos %x : tensor<8x4xf32>
  return %y : tensor<8x4xf32>
}

// -----

// Not every operation is an instruction.
func.func @softmax(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %e = tensor.empty() : tensor<8x4xf32>
  %y = aimc.digital on("host") -> tensor<8x4xf32> {
    // expected-error @below {{expects an operation with a row program, but got 'linalg.softmax'}}
    %s = linalg.softmax dimension(1) ins(%x : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
    aimc.yield %s : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}

// -----

// Nor is every operation of a body.
func.func @tanh(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %e = tensor.empty() : tensor<8x4xf32>
  %y = aimc.digital on("host") -> tensor<8x4xf32> {
    // expected-error @below {{'linalg.map' op expects a body of operations on f32 with a row program, but got 'math.atan'}}
    %s = linalg.map { math.atan } ins(%x : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>)
    aimc.yield %s : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}

// -----

// A row of the result depends on that row of the inputs alone.
func.func @transpose(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %e = tensor.empty() : tensor<4x4xf32>
  %y = aimc.digital on("host") -> tensor<4x4xf32> {
    // expected-error @below {{'linalg.transpose' op expects to work on each row of a batch by itself, but got the indexing map affine_map<(d0, d1) -> (d0, d1)>}}
    %s = linalg.transpose ins(%x : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) permutation = [1, 0]
    aimc.yield %s : tensor<4x4xf32>
  }
  return %y : tensor<4x4xf32>
}

// -----

// A sum over the batch mixes its rows.
func.func @columns(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %zero = arith.constant dense<0.0> : tensor<4xf32>
  %y = aimc.digital on("host") -> tensor<4x4xf32> {
    // expected-error @below {{'linalg.reduce' op expects a parallel loop over the rows of a batch, but got a reduction}}
    %s = linalg.reduce { arith.addf } ins(%x : tensor<4x4xf32>) outs(%zero : tensor<4xf32>) dimensions = [0]
    aimc.yield %x : tensor<4x4xf32>
  }
  return %y : tensor<4x4xf32>
}

// -----

// A shifted row is another row.
func.func @shift(%x: tensor<5x4xf32>) -> tensor<4x4xf32> {
  %e = tensor.empty() : tensor<4x4xf32>
  // expected-error @below {{'aimc.digital' op expects batches of the same number of rows, but got 5 and 4}}
  %y = aimc.digital on("host") -> tensor<4x4xf32> {
    %s = linalg.generic {
        indexing_maps = [affine_map<(n, c) -> (n + 1, c)>, affine_map<(n, c) -> (n, c)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%x : tensor<5x4xf32>) outs(%e : tensor<4x4xf32>) {
    ^bb0(%u: f32, %o: f32):
      linalg.yield %u : f32
    } -> tensor<4x4xf32>
    aimc.yield %s : tensor<4x4xf32>
  }
  return %y : tensor<4x4xf32>
}

// -----

// So it is when the number of rows hides it.
func.func @shift_dynamic(%x: tensor<?x4xf32>, %n: index) -> tensor<?x4xf32> {
  %e = tensor.empty(%n) : tensor<?x4xf32>
  %y = aimc.digital on("host") -> tensor<?x4xf32> {
    // expected-error @below {{'linalg.generic' op expects to work on each row of a batch by itself, but got the indexing map affine_map<(d0, d1) -> (d0 + 1, d1)>}}
    %s = linalg.generic {
        indexing_maps = [affine_map<(n, c) -> (n + 1, c)>, affine_map<(n, c) -> (n, c)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%x : tensor<?x4xf32>) outs(%e : tensor<?x4xf32>) {
    ^bb0(%u: f32, %o: f32):
      linalg.yield %u : f32
    } -> tensor<?x4xf32>
    aimc.yield %s : tensor<?x4xf32>
  }
  return %y : tensor<?x4xf32>
}

// -----

// Nor may a constant depend on the row.
func.func @per_row_constant(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %c = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %y = aimc.digital on("host") -> tensor<2x2xf32> {
    // expected-error @below {{'arith.addf' op expects to work on each row of a batch by itself, but got the indexing map affine_map<(d0, d1) -> (d0, d1)>}}
    %s = arith.addf %x, %c : tensor<2x2xf32>
    aimc.yield %s : tensor<2x2xf32>
  }
  return %y : tensor<2x2xf32>
}

// -----

// Reductions are sums and maxima.
func.func @minimum(%x: tensor<8x4xf32>, %e: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %zero = arith.constant dense<0.0> : tensor<8xf32>
  %y = aimc.digital on("host") -> tensor<8x4xf32> {
    // expected-error @below {{'linalg.reduce' op expects a reduction over columns to be a sum or a maximum}}
    %s = linalg.reduce { arith.minimumf } ins(%x : tensor<8x4xf32>) outs(%zero : tensor<8xf32>) dimensions = [1]
    aimc.yield %x : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}

// -----

// The right operand of a product is a matrix in digital memory.
func.func @product(%x: tensor<8x4xf32>, %w: tensor<8x4xf32>, %e: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %c = arith.constant dense<0.5> : tensor<4x4xf32>
  %y = aimc.digital on("host") -> tensor<8x4xf32> {
    // expected-error @below {{'linalg.matmul' op expects 'aimc.weights_value' as the right operand of a product in a row program}}
    %s = linalg.matmul ins(%x, %c : tensor<8x4xf32>, tensor<4x4xf32>) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
    aimc.yield %s : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}

// -----

// That matrix is used as it is.
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
func.func @transposed(%x: tensor<8x4xf32>, %e: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %y = aimc.digital on("host") -> tensor<8x4xf32> {
    %w = aimc.weights_value @w : tensor<4x4xf32>
    // expected-error @below {{'linalg.matmul' op expects to work on each row of a batch by itself, but got the indexing map affine_map<(d0, d1, d2) -> (d1, d2)>}}
    %s = linalg.matmul
        indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>]
        ins(%x, %w : tensor<8x4xf32>, tensor<4x4xf32>) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
    aimc.yield %s : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}

// -----

// It is no batch.
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
func.func @matrix(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %y = aimc.digital on("host") -> tensor<4x4xf32> {
    %w = aimc.weights_value @w : tensor<4x4xf32>
    // expected-error @below {{'arith.addf' op expects a weight matrix only as the right operand of a product}}
    %s = arith.addf %x, %w : tensor<4x4xf32>
    aimc.yield %s : tensor<4x4xf32>
  }
  return %y : tensor<4x4xf32>
}

// -----

// An empty tensor has no values.
func.func @empty(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %e = tensor.empty() : tensor<8x4xf32>
  %y = aimc.digital on("host") -> tensor<8x4xf32> {
    // expected-error @below {{'arith.addf' op expects initialised values, but reads an empty tensor}}
    %s = arith.addf %x, %e : tensor<8x4xf32>
    aimc.yield %s : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}

// -----

// Inputs are batches of rows.
// expected-note @below {{this value}}
func.func @vector(%x: tensor<8x4xf32>, %b: tensor<4xf32>) -> tensor<8x4xf32> {
  %e = tensor.empty() : tensor<8x4xf32>
  // expected-error @below {{'aimc.digital' op expects batches of rows of f32 of a static, positive length, but got 'tensor<4xf32>'}}
  %y = aimc.digital on("host") -> tensor<8x4xf32> {
    %s = linalg.broadcast ins(%b : tensor<4xf32>) outs(%e : tensor<8x4xf32>) dimensions = [0]
    aimc.yield %s : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}

// -----

// A number that is not known when compiling.
func.func @scalar(%x: tensor<8x4xf32>, %s: f32) -> tensor<8x4xf32> {
  %e = tensor.empty() : tensor<8x4xf32>
  %y = aimc.digital on("host") -> tensor<8x4xf32> {
    // expected-error @below {{'linalg.map' op expects values of its body and constants of f32 in its body, but got a value of 'f32'}}
    %z = linalg.map ins(%x : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) (%v: f32, %o: f32) {
      %p = arith.mulf %v, %s : f32
      linalg.yield %p : f32
    }
    aimc.yield %z : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}

// -----

// So is what a batch is filled with.
func.func @fill(%s: f32) -> tensor<8x4xf32> {
  %e = tensor.empty() : tensor<8x4xf32>
  %y = aimc.digital on("host") -> tensor<8x4xf32> {
    // expected-error @below {{'linalg.fill' op expects a constant of f32 to fill with, but got a value of 'f32'}}
    %z = linalg.fill ins(%s : f32) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
    aimc.yield %z : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}

// -----

// Rows follow each other in a batch, not in a program.
func.func @concat(%x: tensor<8x4xf32>) -> tensor<16x4xf32> {
  // expected-error @below {{'aimc.digital' op expects batches of the same number of rows, but got 8 and 16}}
  %y = aimc.digital on("host") -> tensor<16x4xf32> {
    %z = tensor.concat dim(0) %x, %x : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<16x4xf32>
    aimc.yield %z : tensor<16x4xf32>
  }
  return %y : tensor<16x4xf32>
}

// -----

// So they do when the number of rows is not known.
func.func @concat_dynamic(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %y = aimc.digital on("host") -> tensor<?x4xf32> {
    // expected-error @below {{'tensor.concat' op expects to concatenate columns, dimension 1, but got dimension 0}}
    %z = tensor.concat dim(0) %x, %x : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
    aimc.yield %z : tensor<?x4xf32>
  }
  return %y : tensor<?x4xf32>
}

// -----

// The position in a row is no value of a program.
func.func @index(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %e = tensor.empty() : tensor<8x4xf32>
  %y = aimc.digital on("host") -> tensor<8x4xf32> {
    // expected-error @below {{'linalg.generic' op expects a body of operations on f32 with a row program, but got 'linalg.index'}}
    %z = linalg.generic {
        indexing_maps = [affine_map<(n, c) -> (n, c)>, affine_map<(n, c) -> (n, c)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%x : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) {
    ^bb0(%u: f32, %o: f32):
      %i = linalg.index 1 : index
      linalg.yield %u : f32
    } -> tensor<8x4xf32>
    aimc.yield %z : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}

// -----

// The data of a resource must be there.
func.func @resource(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %e = tensor.empty() : tensor<8x4xf32>
  // expected-error @below {{'arith.constant' op expects the data of resource 'absent', but got none}}
  %b = arith.constant dense_resource<absent> : tensor<4xf32>
  %y = aimc.digital on("host") -> tensor<8x4xf32> {
    %s = linalg.broadcast ins(%b : tensor<4xf32>) outs(%e : tensor<8x4xf32>) dimensions = [0]
    aimc.yield %s : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}

// -----

// Rows have one length, also beside a number of rows that is not known.
func.func @lengths(%x: tensor<?x1xf32>, %n: index) -> tensor<?x4xf32> {
  %e = tensor.empty(%n) : tensor<?x4xf32>
  %y = aimc.digital on("host") -> tensor<?x4xf32> {
    // expected-error @below {{'linalg.exp' op expects rows of length 1, but got 'tensor<?x4xf32>'}}
    %z = linalg.exp ins(%x : tensor<?x1xf32>) outs(%e : tensor<?x4xf32>) -> tensor<?x4xf32>
    aimc.yield %z : tensor<?x4xf32>
  }
  return %y : tensor<?x4xf32>
}

// -----

// Nor do casts change it.
func.func @casts(%x: tensor<?x1xf32>) -> tensor<?x4xf32> {
  %y = aimc.digital on("host") -> tensor<?x4xf32> {
    %u = tensor.cast %x : tensor<?x1xf32> to tensor<?x?xf32>
    // expected-error @below {{'tensor.cast' op expects rows of length 1, but got 'tensor<?x4xf32>'}}
    %z = tensor.cast %u : tensor<?x?xf32> to tensor<?x4xf32>
    aimc.yield %z : tensor<?x4xf32>
  }
  return %y : tensor<?x4xf32>
}

// -----

// Nor does one of a constant.
func.func @cast_constant(%x: tensor<?x2xf32>, %n: index) -> tensor<?x2xf32> {
  %e = tensor.empty(%n) : tensor<?x2xf32>
  %b = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %y = aimc.digital on("host") -> tensor<?x2xf32> {
    %open = tensor.cast %b : tensor<3xf32> to tensor<?xf32>
    // expected-error @below {{'linalg.generic' op expects rows of length 2, but got rows of length 3}}
    %z = linalg.generic {
        indexing_maps = [affine_map<(n, c) -> (n, c)>, affine_map<(n, c) -> (c)>, affine_map<(n, c) -> (n, c)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%x, %open : tensor<?x2xf32>, tensor<?xf32>) outs(%e : tensor<?x2xf32>) {
    ^bb0(%a: f32, %b_0: f32, %out: f32):
      %v = arith.addf %a, %b_0 : f32
      linalg.yield %v : f32
    } -> tensor<?x2xf32>
    aimc.yield %z : tensor<?x2xf32>
  }
  return %y : tensor<?x2xf32>
}

// -----

// A product that rounds its inputs is none that a unit has.
func.func @rounded_product(%x: tensor<8x4xf32>) -> tensor<8x3xf32> {
  %w = aimc.weights_value @w : tensor<4x3xf32>
  %y = aimc.digital on("host") -> tensor<8x3xf32> {
    %zero = arith.constant 0.0 : f32
    %e = tensor.splat %zero : tensor<8x3xf32>
    // expected-error @below {{'linalg.generic' op expects loops over rows and columns in a row program, but got 3 loops}}
    %z = linalg.generic {
        indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>],
        iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : tensor<8x4xf32>, tensor<4x3xf32>) outs(%e : tensor<8x3xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %n = arith.negf %a : f32
      %p = arith.mulf %n, %b : f32
      %s = arith.addf %c, %p : f32
      linalg.yield %s : f32
    } -> tensor<8x3xf32>
    aimc.yield %z : tensor<8x3xf32>
  }
  return %y : tensor<8x3xf32>
}
aimc.weights @w = dense<0.5> : tensor<4x3xf32>

// -----

// The number of rows is told outside.
func.func @rows_inside(%n: index) -> tensor<?x4xf32> {
  // expected-error @below {{'aimc.digital' op expects an input that tells the number of rows, but got none}}
  %y = aimc.digital on("host") -> tensor<?x4xf32> {
    %one = arith.constant 1.0 : f32
    %z = tensor.splat %one[%n] : tensor<?x4xf32>
    aimc.yield %z : tensor<?x4xf32>
  }
  return %y : tensor<?x4xf32>
}

// -----

// Constants are FP32.
func.func @constant_f64(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %b = arith.constant dense<1.0> : tensor<4xf64>
  %e = tensor.empty() : tensor<8x4xf32>
  %y = aimc.digital on("host") -> tensor<8x4xf32> {
    // expected-error @below {{'linalg.generic' op expects constants of f32 in a row program, but got 'tensor<4xf64>'}}
    %z = linalg.generic {
        indexing_maps = [affine_map<(n, c) -> (n, c)>, affine_map<(n, c) -> (c)>, affine_map<(n, c) -> (n, c)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%x, %b : tensor<8x4xf32>, tensor<4xf64>) outs(%e : tensor<8x4xf32>) {
    ^bb0(%a: f32, %d: f64, %out: f32):
      %t = arith.truncf %d : f64 to f32
      linalg.yield %t : f32
    } -> tensor<8x4xf32>
    aimc.yield %z : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}

// -----

// Numbers are constants.
func.func @number(%x: tensor<8x4xf32>, %s: f32) -> tensor<8x4xf32> {
  %e = tensor.empty() : tensor<8x4xf32>
  %y = aimc.digital on("host") -> tensor<8x4xf32> {
    // expected-error @below {{'linalg.generic' op expects scalar operands that are constants of f32, but got a value of 'f32'}}
    %z = linalg.generic {
        indexing_maps = [affine_map<(n, c) -> (n, c)>, affine_map<(n, c) -> ()>, affine_map<(n, c) -> (n, c)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%x, %s : tensor<8x4xf32>, f32) outs(%e : tensor<8x4xf32>) {
    ^bb0(%a: f32, %b: f32, %out: f32):
      %t = arith.addf %a, %b : f32
      linalg.yield %t : f32
    } -> tensor<8x4xf32>
    aimc.yield %z : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}

// -----

// A sum over the rows of a constant has no batch.
func.func @constant_sums(%x: tensor<8x3xf32>) -> tensor<8x3xf32> {
  %w = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %zero = arith.constant dense<0.0> : tensor<2xf32>
  %y = aimc.digital on("host") -> tensor<8x3xf32> {
    // expected-error @below {{'linalg.reduce' op expects a loop over the rows of a batch, but got loops over constants alone}}
    %s = linalg.reduce {arith.addf} ins(%w : tensor<2x3xf32>) outs(%zero : tensor<2xf32>) dimensions = [1]
    aimc.yield %x : tensor<8x3xf32>
  }
  return %y : tensor<8x3xf32>
}

// -----

// Lengths of rows are known, in loops
func.func @dynamic_length(%x: tensor<8x4xf32>, %k: index) -> tensor<8x4xf32> {
  %e = tensor.empty(%k) : tensor<8x?xf32>
  %y = aimc.digital on("host") -> tensor<8x4xf32> {
    %open = tensor.cast %x : tensor<8x4xf32> to tensor<8x?xf32>
    // expected-error @below {{'linalg.exp' op expects rows of a static, positive length}}
    %z = linalg.exp ins(%open : tensor<8x?xf32>) outs(%e : tensor<8x?xf32>) -> tensor<8x?xf32>
    aimc.yield %x : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}

// -----

// and of operations on tensors.
func.func @dynamic_length_of_tensor(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %y = aimc.digital on("host") -> tensor<8x4xf32> {
    %open = tensor.cast %x : tensor<8x4xf32> to tensor<8x?xf32>
    // expected-error @below {{'math.exp' op expects rows of a static, positive length, but got 'tensor<8x?xf32>'}}
    %z = math.exp %open : tensor<8x?xf32>
    aimc.yield %x : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}

// -----

// A batch has two dimensions, also where it is constant.
func.func @rank(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %c = arith.constant dense<[[[1.0, 2.0]]]> : tensor<1x1x2xf32>
  %y = aimc.digital on("host") -> tensor<8x4xf32> {
    // expected-error @below {{'math.exp' op expects tensors of f32 of rank 1 or 2 in a row program, but got 'tensor<1x1x2xf32>'}}
    %z = math.exp %c : tensor<1x1x2xf32>
    aimc.yield %x : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}

// -----

// So has one of which columns are put together.
func.func @concat_rank(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %c = arith.constant dense<[[[1.0, 2.0]]]> : tensor<1x1x2xf32>
  %y = aimc.digital on("host") -> tensor<8x4xf32> {
    // expected-error @below {{'tensor.concat' op expects a batch of rows of a static, positive length, but got 'tensor<1x1x2xf32>'}}
    %z = tensor.concat dim(1) %c, %c : (tensor<1x1x2xf32>, tensor<1x1x2xf32>) -> tensor<1x2x2xf32>
    aimc.yield %x : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}

// -----

// Rows stay rows inside a region.
func.func @heads(%x: tensor<?x4xf32>, %n: index) -> tensor<?x2xf32> {
  %y = aimc.digital on("global") -> tensor<?x2xf32> {
    // expected-error @below {{'tensor.expand_shape' op expects to keep the rows of a batch, but got 'tensor<?x4xf32>' and 'tensor<?x2x2xf32>'}}
    %split = tensor.expand_shape %x [[0], [1, 2]] output_shape [%n, 2, 2] : tensor<?x4xf32> into tensor<?x2x2xf32>
    %heads = tensor.collapse_shape %split [[0, 1], [2]] : tensor<?x2x2xf32> into tensor<?x2xf32>
    aimc.yield %heads : tensor<?x2xf32>
  }
  return %y : tensor<?x2xf32>
}

// -----

// A matrix in digital memory has its shape.
aimc.weights @w = dense<0.5> : tensor<4x3xf32>
func.func @matrix(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %y = aimc.digital on("global") -> tensor<8x4xf32> {
    %w = aimc.weights_value @w : tensor<4x3xf32>
    // expected-error @below {{'tensor.collapse_shape' op expects a batch or a constant in a row program, but got another shape of a value of 'tensor<4x3xf32>'}}
    %flat = tensor.collapse_shape %w [[0, 1]] : tensor<4x3xf32> into tensor<12xf32>
    %z = math.exp %x : tensor<8x4xf32>
    aimc.yield %z : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}
