//===- performer.mlir - A Transformer encoder with linear attention -------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A Performer (Choromanski et al., Rethinking attention with Performers, ICLR
// 2021): two layers of attention with positive random features, each followed by
// two linear layers with GELU, normalised before (Xiong et al., On layer
// normalization in the Transformer architecture, ICML 2020). Each token has scores.
//
// 64 features a token, 2 heads of 32, 128 random directions, 128 hidden
// features, 10 classes; any number of sequences of any length. Outside of
// attention each token is a row of its own.
//
// The weights are resources, which run.py appends.
//
//===----------------------------------------------------------------------===//

#all = affine_map<(n, c) -> (n, c)>
#number = affine_map<(n, c) -> (n)>
#columns = affine_map<(n, c) -> (c)>

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

// Each row less its mean, divided by its standard deviation; then gain, offset.
func.func private @normalise(%x: tensor<?x64xf32>, %gain: tensor<64xf32>, %offset: tensor<64xf32>) -> tensor<?x64xf32> {
  %zero = arith.constant 0.0 : f32
  %width = arith.constant 64.0 : f32
  %epsilon = arith.constant 1.0e-5 : f32
  %dimension = arith.constant 0 : index
  %n = tensor.dim %x, %dimension : tensor<?x64xf32>
  %numbers = tensor.empty(%n) : tensor<?xf32>
  %rows = tensor.empty(%n) : tensor<?x64xf32>
  %start = linalg.fill ins(%zero : f32) outs(%numbers : tensor<?xf32>) -> tensor<?xf32>
  %sum = linalg.reduce { arith.addf } ins(%x : tensor<?x64xf32>) outs(%start : tensor<?xf32>) dimensions = [1]
  %centred = linalg.generic {indexing_maps = [#all, #number, #all], iterator_types = ["parallel", "parallel"]}
      ins(%x, %sum : tensor<?x64xf32>, tensor<?xf32>) outs(%rows : tensor<?x64xf32>) {
  ^bb0(%v: f32, %s: f32, %o: f32):
    %mean = arith.divf %s, %width : f32
    %r = arith.subf %v, %mean : f32
    linalg.yield %r : f32
  } -> tensor<?x64xf32>
  %squares = linalg.generic {indexing_maps = [#all, #number], iterator_types = ["parallel", "reduction"]}
      ins(%centred : tensor<?x64xf32>) outs(%start : tensor<?xf32>) {
  ^bb0(%v: f32, %s: f32):
    %q = arith.mulf %v, %v : f32
    %r = arith.addf %s, %q : f32
    linalg.yield %r : f32
  } -> tensor<?xf32>
  %y = linalg.generic {indexing_maps = [#all, #number, #columns, #columns, #all], iterator_types = ["parallel", "parallel"]}
      ins(%centred, %squares, %gain, %offset : tensor<?x64xf32>, tensor<?xf32>, tensor<64xf32>, tensor<64xf32>)
      outs(%rows : tensor<?x64xf32>) {
  ^bb0(%v: f32, %s: f32, %g: f32, %b: f32, %o: f32):
    %variance = arith.divf %s, %width : f32
    %a = arith.addf %variance, %epsilon : f32
    %i = math.rsqrt %a : f32
    %c = arith.mulf %v, %i : f32
    %d = arith.mulf %c, %g : f32
    %r = arith.addf %d, %b : f32
    linalg.yield %r : f32
  } -> tensor<?x64xf32>
  return %y : tensor<?x64xf32>
}

// Linear layers, rows of weights are inputs.
func.func private @linear(%x: tensor<?x64xf32>, %weights: tensor<64x64xf32>, %bias: tensor<64xf32>) -> tensor<?x64xf32> {
  %dimension = arith.constant 0 : index
  %n = tensor.dim %x, %dimension : tensor<?x64xf32>
  %rows = tensor.empty(%n) : tensor<?x64xf32>
  %start = linalg.broadcast ins(%bias : tensor<64xf32>) outs(%rows : tensor<?x64xf32>) dimensions = [0]
  %y = linalg.matmul ins(%x, %weights : tensor<?x64xf32>, tensor<64x64xf32>) outs(%start : tensor<?x64xf32>) -> tensor<?x64xf32>
  return %y : tensor<?x64xf32>
}

func.func private @widen(%x: tensor<?x64xf32>, %weights: tensor<64x128xf32>, %bias: tensor<128xf32>) -> tensor<?x128xf32> {
  %dimension = arith.constant 0 : index
  %n = tensor.dim %x, %dimension : tensor<?x64xf32>
  %rows = tensor.empty(%n) : tensor<?x128xf32>
  %start = linalg.broadcast ins(%bias : tensor<128xf32>) outs(%rows : tensor<?x128xf32>) dimensions = [0]
  %y = linalg.matmul ins(%x, %weights : tensor<?x64xf32>, tensor<64x128xf32>) outs(%start : tensor<?x128xf32>) -> tensor<?x128xf32>
  return %y : tensor<?x128xf32>
}

func.func private @narrow(%x: tensor<?x128xf32>, %weights: tensor<128x64xf32>, %bias: tensor<64xf32>) -> tensor<?x64xf32> {
  %dimension = arith.constant 0 : index
  %n = tensor.dim %x, %dimension : tensor<?x128xf32>
  %rows = tensor.empty(%n) : tensor<?x64xf32>
  %start = linalg.broadcast ins(%bias : tensor<64xf32>) outs(%rows : tensor<?x64xf32>) dimensions = [0]
  %y = linalg.matmul ins(%x, %weights : tensor<?x128xf32>, tensor<128x64xf32>) outs(%start : tensor<?x64xf32>) -> tensor<?x64xf32>
  return %y : tensor<?x64xf32>
}

// GELU, x (1 + erf(x / √2)) / 2.
func.func private @gelu(%x: tensor<?x128xf32>) -> tensor<?x128xf32> {
  %half = arith.constant 0.5 : f32
  %one = arith.constant 1.0 : f32
  %root = arith.constant 0.707106781 : f32
  %dimension = arith.constant 0 : index
  %n = tensor.dim %x, %dimension : tensor<?x128xf32>
  %rows = tensor.empty(%n) : tensor<?x128xf32>
  %y = linalg.map ins(%x : tensor<?x128xf32>) outs(%rows : tensor<?x128xf32>) (%v: f32, %o: f32) {
    %a = arith.mulf %v, %root : f32
    %b = math.erf %a : f32
    %c = arith.addf %b, %one : f32
    %d = arith.mulf %v, %half : f32
    %r = arith.mulf %d, %c : f32
    linalg.yield %r : f32
  }
  return %y : tensor<?x128xf32>
}

func.func private @add(%x: tensor<?x64xf32>, %y: tensor<?x64xf32>) -> tensor<?x64xf32> {
  %dimension = arith.constant 0 : index
  %n = tensor.dim %x, %dimension : tensor<?x64xf32>
  %rows = tensor.empty(%n) : tensor<?x64xf32>
  %z = linalg.add ins(%x, %y : tensor<?x64xf32>, tensor<?x64xf32>) outs(%rows : tensor<?x64xf32>) -> tensor<?x64xf32>
  return %z : tensor<?x64xf32>
}

// Attention of the tokens of each of `sequences` sequences of `length` tokens.
func.func private @attend(%q: tensor<?x64xf32>, %k: tensor<?x64xf32>, %v: tensor<?x64xf32>, %omega: tensor<128x32xf32>,
                          %mask: tensor<?x?xf32>, %sequences: index, %length: index) -> tensor<?x64xf32> {
  %qs = tensor.expand_shape %q [[0, 1], [2]] output_shape [%sequences, %length, 64] : tensor<?x64xf32> into tensor<?x?x64xf32>
  %ks = tensor.expand_shape %k [[0, 1], [2]] output_shape [%sequences, %length, 64] : tensor<?x64xf32> into tensor<?x?x64xf32>
  %vs = tensor.expand_shape %v [[0, 1], [2]] output_shape [%sequences, %length, 64] : tensor<?x64xf32> into tensor<?x?x64xf32>
  %a = kernel.attention map(softmax_pos) heads(2) %qs, %ks, %vs, %omega mask(%mask : tensor<?x?xf32>)
      : tensor<?x?x64xf32>, tensor<?x?x64xf32>, tensor<?x?x64xf32>, tensor<128x32xf32> -> tensor<?x?x64xf32>
  %y = tensor.collapse_shape %a [[0, 1], [2]] : tensor<?x?x64xf32> into tensor<?x64xf32>
  return %y : tensor<?x64xf32>
}

//===----------------------------------------------------------------------===//
// The model
//===----------------------------------------------------------------------===//

// Scores of each token; `mask` is 1 for a token and 0 for padding.
func.func @classify(%tokens: tensor<?x?x64xf32>, %mask: tensor<?x?xf32>) -> tensor<?x?x10xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %sequences = tensor.dim %tokens, %c0 : tensor<?x?x64xf32>
  %length = tensor.dim %tokens, %c1 : tensor<?x?x64xf32>
  %x = tensor.collapse_shape %tokens [[0, 1], [2]] : tensor<?x?x64xf32> into tensor<?x64xf32>
  // Queries and keys of both heads and both layers share one Ω, on one set of
  // tiles.
  %omega = kernel.projection sampler(orf) seed(7) : tensor<128x32xf32>
  // Layer 0: attention.
  %l0_gain_a = arith.constant dense_resource<l0_gain_a> : tensor<64xf32>
  %l0_offset_a = arith.constant dense_resource<l0_offset_a> : tensor<64xf32>
  %l0_a = call @normalise(%x, %l0_gain_a, %l0_offset_a) : (tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>) -> tensor<?x64xf32>
  %l0_query = arith.constant dense_resource<l0_query> : tensor<64x64xf32>
  %l0_query_bias = arith.constant dense_resource<l0_query_bias> : tensor<64xf32>
  %l0_q = call @linear(%l0_a, %l0_query, %l0_query_bias) : (tensor<?x64xf32>, tensor<64x64xf32>, tensor<64xf32>) -> tensor<?x64xf32>
  %l0_key = arith.constant dense_resource<l0_key> : tensor<64x64xf32>
  %l0_key_bias = arith.constant dense_resource<l0_key_bias> : tensor<64xf32>
  %l0_k = call @linear(%l0_a, %l0_key, %l0_key_bias) : (tensor<?x64xf32>, tensor<64x64xf32>, tensor<64xf32>) -> tensor<?x64xf32>
  %l0_value = arith.constant dense_resource<l0_value> : tensor<64x64xf32>
  %l0_value_bias = arith.constant dense_resource<l0_value_bias> : tensor<64xf32>
  %l0_v = call @linear(%l0_a, %l0_value, %l0_value_bias) : (tensor<?x64xf32>, tensor<64x64xf32>, tensor<64xf32>) -> tensor<?x64xf32>
  %l0_h = call @attend(%l0_q, %l0_k, %l0_v, %omega, %mask, %sequences, %length)
      : (tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32>, tensor<128x32xf32>, tensor<?x?xf32>, index, index) -> tensor<?x64xf32>
  %l0_output = arith.constant dense_resource<l0_output> : tensor<64x64xf32>
  %l0_output_bias = arith.constant dense_resource<l0_output_bias> : tensor<64xf32>
  %l0_o = call @linear(%l0_h, %l0_output, %l0_output_bias) : (tensor<?x64xf32>, tensor<64x64xf32>, tensor<64xf32>) -> tensor<?x64xf32>
  %l0_x = call @add(%x, %l0_o) : (tensor<?x64xf32>, tensor<?x64xf32>) -> tensor<?x64xf32>

  // Layer 0: hidden features.
  %l0_gain_b = arith.constant dense_resource<l0_gain_b> : tensor<64xf32>
  %l0_offset_b = arith.constant dense_resource<l0_offset_b> : tensor<64xf32>
  %l0_b = call @normalise(%l0_x, %l0_gain_b, %l0_offset_b) : (tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>) -> tensor<?x64xf32>
  %l0_up = arith.constant dense_resource<l0_up> : tensor<64x128xf32>
  %l0_up_bias = arith.constant dense_resource<l0_up_bias> : tensor<128xf32>
  %l0_u = call @widen(%l0_b, %l0_up, %l0_up_bias) : (tensor<?x64xf32>, tensor<64x128xf32>, tensor<128xf32>) -> tensor<?x128xf32>
  %l0_g = call @gelu(%l0_u) : (tensor<?x128xf32>) -> tensor<?x128xf32>
  %l0_down = arith.constant dense_resource<l0_down> : tensor<128x64xf32>
  %l0_down_bias = arith.constant dense_resource<l0_down_bias> : tensor<64xf32>
  %l0_d = call @narrow(%l0_g, %l0_down, %l0_down_bias) : (tensor<?x128xf32>, tensor<128x64xf32>, tensor<64xf32>) -> tensor<?x64xf32>
  %l0_y = call @add(%l0_x, %l0_d) : (tensor<?x64xf32>, tensor<?x64xf32>) -> tensor<?x64xf32>

  // Layer 1: attention.
  %l1_gain_a = arith.constant dense_resource<l1_gain_a> : tensor<64xf32>
  %l1_offset_a = arith.constant dense_resource<l1_offset_a> : tensor<64xf32>
  %l1_a = call @normalise(%l0_y, %l1_gain_a, %l1_offset_a) : (tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>) -> tensor<?x64xf32>
  %l1_query = arith.constant dense_resource<l1_query> : tensor<64x64xf32>
  %l1_query_bias = arith.constant dense_resource<l1_query_bias> : tensor<64xf32>
  %l1_q = call @linear(%l1_a, %l1_query, %l1_query_bias) : (tensor<?x64xf32>, tensor<64x64xf32>, tensor<64xf32>) -> tensor<?x64xf32>
  %l1_key = arith.constant dense_resource<l1_key> : tensor<64x64xf32>
  %l1_key_bias = arith.constant dense_resource<l1_key_bias> : tensor<64xf32>
  %l1_k = call @linear(%l1_a, %l1_key, %l1_key_bias) : (tensor<?x64xf32>, tensor<64x64xf32>, tensor<64xf32>) -> tensor<?x64xf32>
  %l1_value = arith.constant dense_resource<l1_value> : tensor<64x64xf32>
  %l1_value_bias = arith.constant dense_resource<l1_value_bias> : tensor<64xf32>
  %l1_v = call @linear(%l1_a, %l1_value, %l1_value_bias) : (tensor<?x64xf32>, tensor<64x64xf32>, tensor<64xf32>) -> tensor<?x64xf32>
  %l1_h = call @attend(%l1_q, %l1_k, %l1_v, %omega, %mask, %sequences, %length)
      : (tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32>, tensor<128x32xf32>, tensor<?x?xf32>, index, index) -> tensor<?x64xf32>
  %l1_output = arith.constant dense_resource<l1_output> : tensor<64x64xf32>
  %l1_output_bias = arith.constant dense_resource<l1_output_bias> : tensor<64xf32>
  %l1_o = call @linear(%l1_h, %l1_output, %l1_output_bias) : (tensor<?x64xf32>, tensor<64x64xf32>, tensor<64xf32>) -> tensor<?x64xf32>
  %l1_x = call @add(%l0_y, %l1_o) : (tensor<?x64xf32>, tensor<?x64xf32>) -> tensor<?x64xf32>

  // Layer 1: hidden features.
  %l1_gain_b = arith.constant dense_resource<l1_gain_b> : tensor<64xf32>
  %l1_offset_b = arith.constant dense_resource<l1_offset_b> : tensor<64xf32>
  %l1_b = call @normalise(%l1_x, %l1_gain_b, %l1_offset_b) : (tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>) -> tensor<?x64xf32>
  %l1_up = arith.constant dense_resource<l1_up> : tensor<64x128xf32>
  %l1_up_bias = arith.constant dense_resource<l1_up_bias> : tensor<128xf32>
  %l1_u = call @widen(%l1_b, %l1_up, %l1_up_bias) : (tensor<?x64xf32>, tensor<64x128xf32>, tensor<128xf32>) -> tensor<?x128xf32>
  %l1_g = call @gelu(%l1_u) : (tensor<?x128xf32>) -> tensor<?x128xf32>
  %l1_down = arith.constant dense_resource<l1_down> : tensor<128x64xf32>
  %l1_down_bias = arith.constant dense_resource<l1_down_bias> : tensor<64xf32>
  %l1_d = call @narrow(%l1_g, %l1_down, %l1_down_bias) : (tensor<?x128xf32>, tensor<128x64xf32>, tensor<64xf32>) -> tensor<?x64xf32>
  %l1_y = call @add(%l1_x, %l1_d) : (tensor<?x64xf32>, tensor<?x64xf32>) -> tensor<?x64xf32>

  // Scores.
  %gain = arith.constant dense_resource<gain> : tensor<64xf32>
  %offset = arith.constant dense_resource<offset> : tensor<64xf32>
  %z = call @normalise(%l1_y, %gain, %offset) : (tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>) -> tensor<?x64xf32>
  %head = arith.constant dense_resource<head> : tensor<64x10xf32>
  %head_bias = arith.constant dense_resource<head_bias> : tensor<10xf32>
  %rows = tensor.dim %x, %c0 : tensor<?x64xf32>
  %scores = tensor.empty(%rows) : tensor<?x10xf32>
  %start = linalg.broadcast ins(%head_bias : tensor<10xf32>) outs(%scores : tensor<?x10xf32>) dimensions = [0]
  %s = linalg.matmul ins(%z, %head : tensor<?x64xf32>, tensor<64x10xf32>) outs(%start : tensor<?x10xf32>) -> tensor<?x10xf32>
  %y = tensor.expand_shape %s [[0, 1], [2]] output_shape [%sequences, %length, 10] : tensor<?x10xf32> into tensor<?x?x10xf32>
  return %y : tensor<?x?x10xf32>
}
