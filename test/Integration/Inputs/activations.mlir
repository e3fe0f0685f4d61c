// Activations as models and exporters write them, one function each; see
// activations.py.

#row = affine_map<(n, c) -> (n, c)>

// GELU with the error function, in one body.
func.func @gelu(%x: tensor<?x24xf32>) -> tensor<?x24xf32> {
  %root = arith.constant 1.41421354 : f32
  %half = arith.constant 0.5 : f32
  %one = arith.constant 1.0 : f32
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x24xf32>
  %e = tensor.empty(%n) : tensor<?x24xf32>
  %y = linalg.generic {indexing_maps = [#row, #row], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x24xf32>) outs(%e : tensor<?x24xf32>) {
  ^bb0(%v: f32, %o: f32):
    %a = arith.divf %v, %root : f32
    %b = math.erf %a : f32
    %c = arith.addf %b, %one : f32
    %d = arith.mulf %c, %half : f32
    %r = arith.mulf %v, %d : f32
    linalg.yield %r : f32
  } -> tensor<?x24xf32>
  return %y : tensor<?x24xf32>
}

// GELU with the hyperbolic tangent, the cube as a power.
func.func @gelu_tanh(%x: tensor<?x24xf32>) -> tensor<?x24xf32> {
  %three = arith.constant 3.0 : f32
  %cubic = arith.constant 0.044715 : f32
  %scale = arith.constant 0.797884583 : f32
  %half = arith.constant 0.5 : f32
  %one = arith.constant 1.0 : f32
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x24xf32>
  %e = tensor.empty(%n) : tensor<?x24xf32>
  %y = linalg.map ins(%x : tensor<?x24xf32>) outs(%e : tensor<?x24xf32>) (%v: f32, %o: f32) {
    %a = math.powf %v, %three : f32
    %b = arith.mulf %a, %cubic : f32
    %c = arith.addf %v, %b : f32
    %d = arith.mulf %c, %scale : f32
    %t = math.tanh %d : f32
    %p = arith.addf %t, %one : f32
    %h = arith.mulf %v, %half : f32
    %r = arith.mulf %h, %p : f32
    linalg.yield %r : f32
  }
  return %y : tensor<?x24xf32>
}

// SiLU, x / (1 + exp(-x)), by operations on whole tensors.
func.func @silu(%x: tensor<?x24xf32>) -> tensor<?x24xf32> {
  %one = arith.constant 1.0 : f32
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x24xf32>
  %e = tensor.empty(%n) : tensor<?x24xf32>
  %ones = linalg.fill ins(%one : f32) outs(%e : tensor<?x24xf32>) -> tensor<?x24xf32>
  %a = arith.negf %x : tensor<?x24xf32>
  %b = math.exp %a : tensor<?x24xf32>
  %c = arith.addf %b, %ones : tensor<?x24xf32>
  %y = arith.divf %x, %c : tensor<?x24xf32>
  return %y : tensor<?x24xf32>
}

// The same by named operations.
func.func @silu_named(%x: tensor<?x24xf32>) -> tensor<?x24xf32> {
  %one = arith.constant 1.0 : f32
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x24xf32>
  %e = tensor.empty(%n) : tensor<?x24xf32>
  %ones = linalg.fill ins(%one : f32) outs(%e : tensor<?x24xf32>) -> tensor<?x24xf32>
  %a = linalg.negf ins(%x : tensor<?x24xf32>) outs(%e : tensor<?x24xf32>) -> tensor<?x24xf32>
  %b = linalg.exp ins(%a : tensor<?x24xf32>) outs(%e : tensor<?x24xf32>) -> tensor<?x24xf32>
  %c = linalg.add ins(%b, %ones : tensor<?x24xf32>, tensor<?x24xf32>)
      outs(%e : tensor<?x24xf32>) -> tensor<?x24xf32>
  %d = linalg.reciprocal ins(%c : tensor<?x24xf32>) outs(%e : tensor<?x24xf32>) -> tensor<?x24xf32>
  %y = linalg.mul ins(%x, %d : tensor<?x24xf32>, tensor<?x24xf32>)
      outs(%e : tensor<?x24xf32>) -> tensor<?x24xf32>
  return %y : tensor<?x24xf32>
}

// Softplus as PyTorch has it: the identity above a threshold.
func.func @softplus(%x: tensor<?x24xf32>) -> tensor<?x24xf32> {
  %threshold = arith.constant 20.0 : f32
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x24xf32>
  %e = tensor.empty(%n) : tensor<?x24xf32>
  %y = linalg.generic {indexing_maps = [#row, #row], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x24xf32>) outs(%e : tensor<?x24xf32>) {
  ^bb0(%v: f32, %o: f32):
    %a = math.exp %v : f32
    %b = math.log1p %a : f32
    %c = arith.cmpf ogt, %v, %threshold : f32
    %r = arith.select %c, %v, %b : f32
    linalg.yield %r : f32
  } -> tensor<?x24xf32>
  return %y : tensor<?x24xf32>
}

// ELU through a tensor of truth values.
func.func @elu(%x: tensor<?x24xf32>) -> tensor<?x24xf32> {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x24xf32>
  %e = tensor.empty(%n) : tensor<?x24xf32>
  %m = tensor.empty(%n) : tensor<?x24xi1>
  %c = linalg.generic {indexing_maps = [#row, #row], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x24xf32>) outs(%m : tensor<?x24xi1>) {
  ^bb0(%v: f32, %o: i1):
    %a = arith.cmpf ugt, %v, %zero : f32
    linalg.yield %a : i1
  } -> tensor<?x24xi1>
  %b = linalg.generic {indexing_maps = [#row, #row], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x24xf32>) outs(%e : tensor<?x24xf32>) {
  ^bb0(%v: f32, %o: f32):
    %a = math.expm1 %v : f32
    linalg.yield %a : f32
  } -> tensor<?x24xf32>
  %y = linalg.generic {indexing_maps = [#row, #row, #row, #row], iterator_types = ["parallel", "parallel"]}
      ins(%c, %x, %b : tensor<?x24xi1>, tensor<?x24xf32>, tensor<?x24xf32>)
      outs(%e : tensor<?x24xf32>) {
  ^bb0(%p: i1, %v: f32, %w: f32, %o: f32):
    %r = arith.select %p, %v, %w : f32
    linalg.yield %r : f32
  } -> tensor<?x24xf32>
  return %y : tensor<?x24xf32>
}

// Leaky ReLU by a selection on whole tensors.
func.func @leaky(%x: tensor<8x24xf32>) -> tensor<8x24xf32> {
  %zero = arith.constant dense<0.0> : tensor<8x24xf32>
  %slope = arith.constant dense<0.01> : tensor<8x24xf32>
  %c = arith.cmpf oge, %x, %zero : tensor<8x24xf32>
  %a = arith.mulf %x, %slope : tensor<8x24xf32>
  %y = arith.select %c, %x, %a : tensor<8x24xi1>, tensor<8x24xf32>
  return %y : tensor<8x24xf32>
}

// Hard swish, x min(max(x + 3, 0), 6) / 6, by comparisons of either kind.
func.func @hard_swish(%x: tensor<?x24xf32>) -> tensor<?x24xf32> {
  %zero = arith.constant 0.0 : f32
  %three = arith.constant 3.0 : f32
  %six = arith.constant 6.0 : f32
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x24xf32>
  %e = tensor.empty(%n) : tensor<?x24xf32>
  %y = linalg.generic {indexing_maps = [#row, #row], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x24xf32>) outs(%e : tensor<?x24xf32>) {
  ^bb0(%v: f32, %o: f32):
    %a = arith.addf %v, %three : f32
    %p = arith.cmpf ult, %a, %zero : f32
    %b = arith.select %p, %zero, %a : f32
    %q = arith.cmpf ule, %b, %six : f32
    %c = arith.select %q, %b, %six : f32
    %d = arith.mulf %v, %c : f32
    %r = arith.divf %d, %six : f32
    linalg.yield %r : f32
  } -> tensor<?x24xf32>
  return %y : tensor<?x24xf32>
}

// Logic of truth values: 1 where |x| < 1 and not x = 0.5, or x > 2.
func.func @logic(%x: tensor<?x24xf32>) -> tensor<?x24xf32> {
  %one = arith.constant 1.0 : f32
  %half = arith.constant 0.5 : f32
  %two = arith.constant 2.0 : f32
  %true = arith.constant true
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x24xf32>
  %e = tensor.empty(%n) : tensor<?x24xf32>
  %y = linalg.generic {indexing_maps = [#row, #row], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x24xf32>) outs(%e : tensor<?x24xf32>) {
  ^bb0(%v: f32, %o: f32):
    %a = math.absf %v : f32
    %p = arith.cmpf olt, %a, %one : f32
    %q = arith.cmpf oeq, %v, %half : f32
    %nq = arith.xori %q, %true : i1
    %pq = arith.andi %p, %nq : i1
    %s = arith.cmpf ogt, %v, %two : f32
    %t = arith.ori %pq, %s : i1
    %r = arith.uitofp %t : i1 to f32
    linalg.yield %r : f32
  } -> tensor<?x24xf32>
  return %y : tensor<?x24xf32>
}

// Elementary functions by linalg.elementwise: tanh(erf(rsqrt(x²) + ln x²)).
func.func @elementary(%x: tensor<8x24xf32>) -> tensor<8x24xf32> {
  %e = tensor.empty() : tensor<8x24xf32>
  %a = linalg.elementwise kind=#linalg.elementwise_kind<square>
      ins(%x : tensor<8x24xf32>) outs(%e : tensor<8x24xf32>) -> tensor<8x24xf32>
  %b = linalg.elementwise kind=#linalg.elementwise_kind<rsqrt>
      ins(%a : tensor<8x24xf32>) outs(%e : tensor<8x24xf32>) -> tensor<8x24xf32>
  %c = linalg.elementwise kind=#linalg.elementwise_kind<log>
      ins(%a : tensor<8x24xf32>) outs(%e : tensor<8x24xf32>) -> tensor<8x24xf32>
  %d = linalg.elementwise kind=#linalg.elementwise_kind<add>
      ins(%b, %c : tensor<8x24xf32>, tensor<8x24xf32>) outs(%e : tensor<8x24xf32>) -> tensor<8x24xf32>
  %f = linalg.elementwise kind=#linalg.elementwise_kind<erf>
      ins(%d : tensor<8x24xf32>) outs(%e : tensor<8x24xf32>) -> tensor<8x24xf32>
  %y = linalg.elementwise kind=#linalg.elementwise_kind<tanh>
      ins(%f : tensor<8x24xf32>) outs(%e : tensor<8x24xf32>) -> tensor<8x24xf32>
  return %y : tensor<8x24xf32>
}

// Powers: x⁻² + x⁵ + √x² through named operations and whole tensors.
func.func @powers(%x: tensor<8x24xf32>) -> tensor<8x24xf32> {
  %two = arith.constant -2.0 : f32
  %half = arith.constant dense<0.5> : tensor<8x24xf32>
  %five = arith.constant 5 : i32
  %e = tensor.empty() : tensor<8x24xf32>
  %twos = linalg.fill ins(%two : f32) outs(%e : tensor<8x24xf32>) -> tensor<8x24xf32>
  %a = linalg.powf ins(%x, %twos : tensor<8x24xf32>, tensor<8x24xf32>)
      outs(%e : tensor<8x24xf32>) -> tensor<8x24xf32>
  %b = linalg.map ins(%x : tensor<8x24xf32>) outs(%e : tensor<8x24xf32>) (%v: f32, %o: f32) {
    %p = math.fpowi %v, %five : f32, i32
    linalg.yield %p : f32
  }
  %s = arith.mulf %x, %x : tensor<8x24xf32>
  %c = math.powf %s, %half : tensor<8x24xf32>
  %ab = arith.addf %a, %b : tensor<8x24xf32>
  %y = arith.addf %ab, %c : tensor<8x24xf32>
  return %y : tensor<8x24xf32>
}

// Softmax over the features.
func.func @softmax(%x: tensor<?x24xf32>) -> tensor<?x24xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x24xf32>
  %e = tensor.empty(%n) : tensor<?x24xf32>
  %y = linalg.softmax dimension(1) ins(%x : tensor<?x24xf32>) outs(%e : tensor<?x24xf32>) -> tensor<?x24xf32>
  return %y : tensor<?x24xf32>
}
