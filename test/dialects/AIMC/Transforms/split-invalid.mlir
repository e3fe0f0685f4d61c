// RUN: aimc-opt %s --aimc-set-target=target=%S/Inputs/small-target.json --aimc-split --split-input-file --verify-diagnostics

// No unit has the capability.
func.func @sine(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-error @below {{'math.sin' op expects a digital unit that can do 'sine', but target 'small' has none; 'slow' lacks 'sine'; 'fast' lacks 'sine'; 'near' lacks 'sine'}}
  %y = math.sin %x : tensor<8x2xf32>
  return %y : tensor<8x2xf32>
}

// -----

// Each unit lacks another part of an operation.
func.func @parts(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %e = tensor.empty() : tensor<8x2xf32>
  // expected-error @below {{'linalg.map' op expects a digital unit that can do 'sine', 'negate', but target 'small' has none; 'slow' lacks 'sine'; 'fast' lacks 'sine', 'negate'; 'near' lacks 'sine', 'negate'}}
  %y = linalg.map ins(%x : tensor<8x2xf32>) outs(%e : tensor<8x2xf32>) (%v: f32, %o: f32) {
    %s = math.sin %v : f32
    %n = arith.negf %s : f32
    linalg.yield %n : f32
  }
  return %y : tensor<8x2xf32>
}

// -----

// The largest of a row is another capability than the larger of two.
func.func @largest(%x: tensor<8x2xf32>) -> tensor<8x1xf32> {
  %least = arith.constant dense<0xFF800000> : tensor<8x1xf32>
  // expected-error @below {{'linalg.generic' op expects a digital unit that can do 'row_maximum', but target 'small' has none; 'slow' lacks 'row_maximum'; 'fast' lacks 'row_maximum'; 'near' lacks 'row_maximum'}}
  %s = linalg.generic {
      indexing_maps = [affine_map<(n, c) -> (n, c)>, affine_map<(n, c) -> (n, 0)>],
      iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<8x2xf32>) outs(%least : tensor<8x1xf32>) {
  ^bb0(%u: f32, %o: f32):
    %t = arith.maximumf %o, %u : f32
    linalg.yield %t : f32
  } -> tensor<8x1xf32>
  return %s : tensor<8x1xf32>
}

// -----

// Where it starts from a number, that joins it.
func.func @largest_from_zero(%x: tensor<8x2xf32>) -> tensor<8x1xf32> {
  %zero = arith.constant dense<0.0> : tensor<8x1xf32>
  // expected-error @below {{'linalg.generic' op expects a digital unit that can do 'row_maximum', 'maximum', but target 'small' has none; 'slow' lacks 'row_maximum', 'maximum'; 'fast' lacks 'row_maximum', 'maximum'; 'near' lacks 'row_maximum', 'maximum'}}
  %s = linalg.generic {
      indexing_maps = [affine_map<(n, c) -> (n, c)>, affine_map<(n, c) -> (n, 0)>],
      iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<8x2xf32>) outs(%zero : tensor<8x1xf32>) {
  ^bb0(%u: f32, %o: f32):
    %t = arith.maximumf %o, %u : f32
    linalg.yield %t : f32
  } -> tensor<8x1xf32>
  return %s : tensor<8x1xf32>
}

// -----

// An operation that is no instruction.
func.func @softmax(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %e = tensor.empty() : tensor<8x2xf32>
  // expected-error @below {{'linalg.softmax' op expects an operation that digital units have an instruction for}}
  %y = linalg.softmax dimension(1) ins(%x : tensor<8x2xf32>) outs(%e : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %y : tensor<8x2xf32>
}

// -----

// A body with an operation that is no instruction.
func.func @atan(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %e = tensor.empty() : tensor<8x2xf32>
  // expected-error @below {{'linalg.map' op expects a body of operations that digital units have an instruction for, but got 'math.atan'}}
  %y = linalg.map { math.atan } ins(%x : tensor<8x2xf32>) outs(%e : tensor<8x2xf32>)
  return %y : tensor<8x2xf32>
}

// -----

// Feature maps are lowered first.
func.func @features(%x: tensor<8x2xf32>, %omega: tensor<2x2xf32>) -> tensor<8x4xf32> {
  // expected-error @below {{'kernel.features' op expects an operation that digital units have an instruction for}}
  %z = kernel.features map(rbf) %x, %omega : tensor<8x2xf32>, tensor<2x2xf32> -> tensor<8x4xf32>
  return %z : tensor<8x4xf32>
}

// -----

// Digital units compute in f32.
func.func @f64(%x: tensor<8x2xf64>) -> tensor<8x2xf64> {
  // expected-error @below {{'math.cos' op expects values of f32 on a digital unit, but got 'tensor<8x2xf64>'}}
  %y = math.cos %x : tensor<8x2xf64>
  return %y : tensor<8x2xf64>
}

// -----

// Units exchange batches of rows.
func.func @rank(%x: tensor<f32>) -> tensor<f32> {
  // expected-error @below {{'math.cos' op expects a batch of rows of f32 where a value leaves digital unit 'fast', but got 'tensor<f32>'}}
  %y = math.cos %x : tensor<f32>
  return %y : tensor<f32>
}

// -----

// No unit has all that an exact kernel takes.
func.func @gram(%x: tensor<8x2xf32>) -> tensor<8x8xf32> {
  %e = tensor.empty() : tensor<8x8xf32>
  // expected-error @below {{'aimc.gram' op expects a digital unit that can do}}
  %k = aimc.gram kernel(rbf) gamma(0.5) ins(%x, %x : tensor<8x2xf32>, tensor<8x2xf32>) outs(%e : tensor<8x8xf32>) -> tensor<8x8xf32>
  return %k : tensor<8x8xf32>
}

// -----

// No unit computes what attention needs.
func.func @attention(%x: tensor<8x2xf32>, %s: tensor<8x1xf32>) -> tensor<8x2xf32> {
  %n = arith.constant 1 : index
  %e = tensor.empty() : tensor<8x2xf32>
  // expected-error @below {{'aimc.attention' op expects a digital unit that can do 'product', 'divide', 'maximum', 'subtract', 'exponential', 'multiply', but target 'small' has none; 'slow' lacks 'maximum', 'exponential'; 'fast' lacks}}
  %y = aimc.attention heads(1) sequences(%n) ins(%x, %x, %x : tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>)
      log_scale(%s : tensor<8x1xf32>) outs(%e : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %y : tensor<8x2xf32>
}
