// Normalisations and linear layers as models and exporters write them, one
// function each; see blocks.py. Gains are 1.5, offsets -0.25.

#all = affine_map<(n, c) -> (n, c)>
#number = affine_map<(n, c) -> (n)>
#column = affine_map<(n, c) -> (n, 0)>
#columns = affine_map<(n, c) -> (c)>

// Layer norm with sums in columns, as torch-mlir writes it.
func.func @layer_norm(%x: tensor<?x24xf32>) -> tensor<?x24xf32> {
  %zero = arith.constant 0.0 : f32
  %width = arith.constant 24.0 : f32
  %epsilon = arith.constant 1.0e-5 : f32
  %gain = arith.constant dense<1.5> : tensor<24xf32>
  %offset = arith.constant dense<-0.25> : tensor<24xf32>
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x24xf32>
  %e = tensor.empty(%n) : tensor<?x24xf32>
  %e1 = tensor.empty(%n) : tensor<?x1xf32>
  %start = linalg.fill ins(%zero : f32) outs(%e1 : tensor<?x1xf32>) -> tensor<?x1xf32>
  %sum = linalg.generic {indexing_maps = [#all, #column], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<?x24xf32>) outs(%start : tensor<?x1xf32>) {
  ^bb0(%v: f32, %s: f32):
    %r = arith.addf %v, %s : f32
    linalg.yield %r : f32
  } -> tensor<?x1xf32>
  %mean = linalg.generic {indexing_maps = [#column, #all], iterator_types = ["parallel", "parallel"]}
      ins(%sum : tensor<?x1xf32>) outs(%e1 : tensor<?x1xf32>) {
  ^bb0(%v: f32, %o: f32):
    %r = arith.divf %v, %width : f32
    linalg.yield %r : f32
  } -> tensor<?x1xf32>
  %centred = linalg.generic {indexing_maps = [#all, #column, #all], iterator_types = ["parallel", "parallel"]}
      ins(%x, %mean : tensor<?x24xf32>, tensor<?x1xf32>) outs(%e : tensor<?x24xf32>) {
  ^bb0(%v: f32, %m: f32, %o: f32):
    %r = arith.subf %v, %m : f32
    linalg.yield %r : f32
  } -> tensor<?x24xf32>
  %squares = linalg.generic {indexing_maps = [#all, #column], iterator_types = ["parallel", "reduction"]}
      ins(%centred : tensor<?x24xf32>) outs(%start : tensor<?x1xf32>) {
  ^bb0(%v: f32, %s: f32):
    %q = arith.mulf %v, %v : f32
    %r = arith.addf %q, %s : f32
    linalg.yield %r : f32
  } -> tensor<?x1xf32>
  %inverse = linalg.generic {indexing_maps = [#column, #all], iterator_types = ["parallel", "parallel"]}
      ins(%squares : tensor<?x1xf32>) outs(%e1 : tensor<?x1xf32>) {
  ^bb0(%v: f32, %o: f32):
    %variance = arith.divf %v, %width : f32
    %a = arith.addf %variance, %epsilon : f32
    %r = math.rsqrt %a : f32
    linalg.yield %r : f32
  } -> tensor<?x1xf32>
  %y = linalg.generic {indexing_maps = [#all, #column, #columns, #columns, #all], iterator_types = ["parallel", "parallel"]}
      ins(%centred, %inverse, %gain, %offset : tensor<?x24xf32>, tensor<?x1xf32>, tensor<24xf32>, tensor<24xf32>)
      outs(%e : tensor<?x24xf32>) {
  ^bb0(%v: f32, %i: f32, %g: f32, %b: f32, %o: f32):
    %a = arith.mulf %v, %i : f32
    %c = arith.mulf %a, %g : f32
    %r = arith.addf %c, %b : f32
    linalg.yield %r : f32
  } -> tensor<?x24xf32>
  return %y : tensor<?x24xf32>
}

// Layer norm by named operations, with a number per row in tensors of rank 1.
func.func @layer_norm_named(%x: tensor<?x24xf32>) -> tensor<?x24xf32> {
  %zero = arith.constant 0.0 : f32
  %width = arith.constant 24.0 : f32
  %epsilon = arith.constant 1.0e-5 : f32
  %gain = arith.constant dense<1.5> : tensor<24xf32>
  %offset = arith.constant dense<-0.25> : tensor<24xf32>
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x24xf32>
  %e = tensor.empty(%n) : tensor<?x24xf32>
  %e1 = tensor.empty(%n) : tensor<?xf32>
  %start = linalg.fill ins(%zero : f32) outs(%e1 : tensor<?xf32>) -> tensor<?xf32>
  %widths = linalg.fill ins(%width : f32) outs(%e1 : tensor<?xf32>) -> tensor<?xf32>
  %epsilons = linalg.fill ins(%epsilon : f32) outs(%e1 : tensor<?xf32>) -> tensor<?xf32>
  %sum = linalg.reduce { arith.addf } ins(%x : tensor<?x24xf32>) outs(%start : tensor<?xf32>) dimensions = [1]
  %mean = linalg.div ins(%sum, %widths : tensor<?xf32>, tensor<?xf32>) outs(%e1 : tensor<?xf32>) -> tensor<?xf32>
  %means = linalg.broadcast ins(%mean : tensor<?xf32>) outs(%e : tensor<?x24xf32>) dimensions = [1]
  %centred = linalg.sub ins(%x, %means : tensor<?x24xf32>, tensor<?x24xf32>) outs(%e : tensor<?x24xf32>) -> tensor<?x24xf32>
  %square = linalg.square ins(%centred : tensor<?x24xf32>) outs(%e : tensor<?x24xf32>) -> tensor<?x24xf32>
  %squares = linalg.reduce { arith.addf } ins(%square : tensor<?x24xf32>) outs(%start : tensor<?xf32>) dimensions = [1]
  %variance = linalg.div ins(%squares, %widths : tensor<?xf32>, tensor<?xf32>) outs(%e1 : tensor<?xf32>) -> tensor<?xf32>
  %shifted = linalg.add ins(%variance, %epsilons : tensor<?xf32>, tensor<?xf32>) outs(%e1 : tensor<?xf32>) -> tensor<?xf32>
  %inverse = linalg.rsqrt ins(%shifted : tensor<?xf32>) outs(%e1 : tensor<?xf32>) -> tensor<?xf32>
  %inverses = linalg.broadcast ins(%inverse : tensor<?xf32>) outs(%e : tensor<?x24xf32>) dimensions = [1]
  %scaled = linalg.mul ins(%centred, %inverses : tensor<?x24xf32>, tensor<?x24xf32>) outs(%e : tensor<?x24xf32>) -> tensor<?x24xf32>
  %gains = linalg.broadcast ins(%gain : tensor<24xf32>) outs(%e : tensor<?x24xf32>) dimensions = [0]
  %offsets = linalg.broadcast ins(%offset : tensor<24xf32>) outs(%e : tensor<?x24xf32>) dimensions = [0]
  %gained = linalg.mul ins(%scaled, %gains : tensor<?x24xf32>, tensor<?x24xf32>) outs(%e : tensor<?x24xf32>) -> tensor<?x24xf32>
  %y = linalg.add ins(%gained, %offsets : tensor<?x24xf32>, tensor<?x24xf32>) outs(%e : tensor<?x24xf32>) -> tensor<?x24xf32>
  return %y : tensor<?x24xf32>
}

// Layer norm in one pass: the variance is the mean square minus the squared
// mean, both sums of one operation.
func.func @layer_norm_one_pass(%x: tensor<8x24xf32>) -> tensor<8x24xf32> {
  %zero = arith.constant dense<0.0> : tensor<8xf32>
  %share = arith.constant 0.0416666667 : f32
  %epsilon = arith.constant 1.0e-5 : f32
  %gain = arith.constant dense<1.5> : tensor<24xf32>
  %offset = arith.constant dense<-0.25> : tensor<24xf32>
  %e = tensor.empty() : tensor<8x24xf32>
  %sums:2 = linalg.generic {indexing_maps = [#all, #number, #number], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<8x24xf32>) outs(%zero, %zero : tensor<8xf32>, tensor<8xf32>) {
  ^bb0(%v: f32, %s: f32, %t: f32):
    %w = arith.mulf %v, %share : f32
    %r = arith.addf %s, %w : f32
    %q = arith.mulf %v, %w : f32
    %u = arith.addf %t, %q : f32
    linalg.yield %r, %u : f32, f32
  } -> (tensor<8xf32>, tensor<8xf32>)
  %y = linalg.generic {indexing_maps = [#all, #number, #number, #columns, #columns, #all], iterator_types = ["parallel", "parallel"]}
      ins(%x, %sums#0, %sums#1, %gain, %offset : tensor<8x24xf32>, tensor<8xf32>, tensor<8xf32>, tensor<24xf32>, tensor<24xf32>)
      outs(%e : tensor<8x24xf32>) {
  ^bb0(%v: f32, %m: f32, %q: f32, %g: f32, %b: f32, %o: f32):
    %m2 = arith.mulf %m, %m : f32
    %variance = arith.subf %q, %m2 : f32
    %a = arith.addf %variance, %epsilon : f32
    %i = math.rsqrt %a : f32
    %c = arith.subf %v, %m : f32
    %d = arith.mulf %c, %i : f32
    %f = arith.mulf %d, %g : f32
    %r = arith.addf %f, %b : f32
    linalg.yield %r : f32
  } -> tensor<8x24xf32>
  return %y : tensor<8x24xf32>
}

// RMS norm, the mean square as a column made of a tensor of rank 1.
func.func @rms_norm(%x: tensor<?x24xf32>) -> tensor<?x24xf32> {
  %zero = arith.constant 0.0 : f32
  %share = arith.constant 0.0416666667 : f32
  %epsilon = arith.constant 1.0e-5 : f32
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x24xf32>
  %e = tensor.empty(%n) : tensor<?x24xf32>
  %e1 = tensor.empty(%n) : tensor<?xf32>
  %start = linalg.fill ins(%zero : f32) outs(%e1 : tensor<?xf32>) -> tensor<?xf32>
  %sum = linalg.generic {indexing_maps = [#all, #number], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<?x24xf32>) outs(%start : tensor<?xf32>) {
  ^bb0(%v: f32, %s: f32):
    %q = arith.mulf %v, %v : f32
    %r = arith.addf %q, %s : f32
    linalg.yield %r : f32
  } -> tensor<?xf32>
  %column = tensor.expand_shape %sum [[0, 1]] output_shape [%n, 1] : tensor<?xf32> into tensor<?x1xf32>
  %y = linalg.generic {indexing_maps = [#all, #column, #all], iterator_types = ["parallel", "parallel"]}
      ins(%x, %column : tensor<?x24xf32>, tensor<?x1xf32>) outs(%e : tensor<?x24xf32>) {
  ^bb0(%v: f32, %s: f32, %o: f32):
    %m = arith.mulf %s, %share : f32
    %a = arith.addf %m, %epsilon : f32
    %i = math.rsqrt %a : f32
    %r = arith.mulf %v, %i : f32
    linalg.yield %r : f32
  } -> tensor<?x24xf32>
  return %y : tensor<?x24xf32>
}

// A residual layer with its normalisation after it: a number per row of rank 1
// is computed before the product and used after it.
func.func @rescaled(%x: tensor<?x24xf32>) -> tensor<?x24xf32> {
  %w = arith.constant dense<0.125> : tensor<24x24xf32>
  %zero = arith.constant 0.0 : f32
  %least = arith.constant 0xFF800000 : f32
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x24xf32>
  %e = tensor.empty(%n) : tensor<?x24xf32>
  %e1 = tensor.empty(%n) : tensor<?xf32>
  %start = linalg.fill ins(%least : f32) outs(%e1 : tensor<?xf32>) -> tensor<?xf32>
  %largest = linalg.generic {indexing_maps = [#all, #number], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<?x24xf32>) outs(%start : tensor<?xf32>) {
  ^bb0(%v: f32, %s: f32):
    %a = math.absf %v : f32
    %r = arith.maximumf %a, %s : f32
    linalg.yield %r : f32
  } -> tensor<?xf32>
  %unit = linalg.generic {indexing_maps = [#all, #number, #all], iterator_types = ["parallel", "parallel"]}
      ins(%x, %largest : tensor<?x24xf32>, tensor<?xf32>) outs(%e : tensor<?x24xf32>) {
  ^bb0(%v: f32, %s: f32, %o: f32):
    %r = arith.divf %v, %s : f32
    linalg.yield %r : f32
  } -> tensor<?x24xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<?x24xf32>) -> tensor<?x24xf32>
  %p = linalg.matmul ins(%unit, %w : tensor<?x24xf32>, tensor<24x24xf32>) outs(%init : tensor<?x24xf32>) -> tensor<?x24xf32>
  %y = linalg.generic {indexing_maps = [#all, #number, #all, #all], iterator_types = ["parallel", "parallel"]}
      ins(%p, %largest, %x : tensor<?x24xf32>, tensor<?xf32>, tensor<?x24xf32>) outs(%e : tensor<?x24xf32>) {
  ^bb0(%v: f32, %s: f32, %u: f32, %o: f32):
    %a = arith.mulf %v, %s : f32
    %r = arith.addf %a, %u : f32
    linalg.yield %r : f32
  } -> tensor<?x24xf32>
  return %y : tensor<?x24xf32>
}

// The mean over the features of each row, after a product: what leaves the
// region is of rank 1.
func.func @mean(%x: tensor<?x24xf32>) -> tensor<?x1xf32> {
  %w = arith.constant dense<0.125> : tensor<24x24xf32>
  %zero = arith.constant 0.0 : f32
  %share = arith.constant 0.0416666667 : f32
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x24xf32>
  %e = tensor.empty(%n) : tensor<?x24xf32>
  %e1 = tensor.empty(%n) : tensor<?xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<?x24xf32>) -> tensor<?x24xf32>
  %p = linalg.matmul ins(%x, %w : tensor<?x24xf32>, tensor<24x24xf32>) outs(%init : tensor<?x24xf32>) -> tensor<?x24xf32>
  %start = linalg.fill ins(%zero : f32) outs(%e1 : tensor<?xf32>) -> tensor<?xf32>
  %mean = linalg.reduce ins(%p : tensor<?x24xf32>) outs(%start : tensor<?xf32>) dimensions = [1]
      (%v: f32, %s: f32) {
    %q = arith.mulf %v, %share : f32
    %r = arith.addf %s, %q : f32
    linalg.yield %r : f32
  }
  %y = tensor.expand_shape %mean [[0, 1]] output_shape [%n, 1] : tensor<?xf32> into tensor<?x1xf32>
  return %y : tensor<?x1xf32>
}

// Queries, keys and values of one product with a bias, cut apart: the weights
// are stored as PyTorch has them, 72 x 24, and transposed.
func.func @fused(%x: tensor<?x24xf32>) -> tensor<?x24xf32> {
  %w = arith.constant dense<0.125> : tensor<72x24xf32>
  %b = arith.constant dense<0.5> : tensor<72xf32>
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x24xf32>
  %et = tensor.empty() : tensor<24x72xf32>
  %t = linalg.transpose ins(%w : tensor<72x24xf32>) outs(%et : tensor<24x72xf32>) permutation = [1, 0]
  %e = tensor.empty(%n) : tensor<?x72xf32>
  %e24 = tensor.empty(%n) : tensor<?x24xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<?x72xf32>) -> tensor<?x72xf32>
  %p = linalg.matmul ins(%x, %t : tensor<?x24xf32>, tensor<24x72xf32>) outs(%init : tensor<?x72xf32>) -> tensor<?x72xf32>
  %qkv = linalg.generic {indexing_maps = [#all, #columns, #all], iterator_types = ["parallel", "parallel"]}
      ins(%p, %b : tensor<?x72xf32>, tensor<72xf32>) outs(%e : tensor<?x72xf32>) {
  ^bb0(%v: f32, %o: f32, %out: f32):
    %r = arith.addf %v, %o : f32
    linalg.yield %r : f32
  } -> tensor<?x72xf32>
  %q = tensor.extract_slice %qkv[0, 0] [%n, 24] [1, 1] : tensor<?x72xf32> to tensor<?x24xf32>
  %k = tensor.extract_slice %qkv[0, 24] [%n, 24] [1, 1] : tensor<?x72xf32> to tensor<?x24xf32>
  %v = tensor.extract_slice %qkv[0, 48] [%n, 24] [1, 1] : tensor<?x72xf32> to tensor<?x24xf32>
  %a = linalg.mul ins(%q, %k : tensor<?x24xf32>, tensor<?x24xf32>) outs(%e24 : tensor<?x24xf32>) -> tensor<?x24xf32>
  %y = linalg.sub ins(%a, %v : tensor<?x24xf32>, tensor<?x24xf32>) outs(%e24 : tensor<?x24xf32>) -> tensor<?x24xf32>
  return %y : tensor<?x24xf32>
}

// A bias that stands in the destination of the product.
func.func @bias_in_destination(%x: tensor<8x24xf32>) -> tensor<8x24xf32> {
  %w = arith.constant dense<0.125> : tensor<24x24xf32>
  %b = arith.constant dense<0.5> : tensor<24xf32>
  %e = tensor.empty() : tensor<8x24xf32>
  %init = linalg.broadcast ins(%b : tensor<24xf32>) outs(%e : tensor<8x24xf32>) dimensions = [0]
  %y = linalg.matmul ins(%x, %w : tensor<8x24xf32>, tensor<24x24xf32>) outs(%init : tensor<8x24xf32>) -> tensor<8x24xf32>
  return %y : tensor<8x24xf32>
}
