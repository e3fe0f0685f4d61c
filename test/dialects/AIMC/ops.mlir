// RUN: aimc-opt %s | aimc-opt | FileCheck %s
// RUN: aimc-opt %s --mlir-print-op-generic | aimc-opt | FileCheck %s
// RUN: aimc-opt %s --emit-bytecode | aimc-opt | FileCheck %s

// Weights may be dense, a splat, or a resource.

// CHECK: aimc.weights @dense = dense<{{.+}}> : tensor<2x2xf32>
aimc.weights @dense = dense<[[1.0, -1.0], [0.5, 0.25]]> : tensor<2x2xf32>
// CHECK: aimc.weights @resource = dense_resource<matrix> : tensor<2x2xf32>
aimc.weights @resource = dense_resource<matrix> : tensor<2x2xf32>
// CHECK: aimc.weights @splat = dense<5.000000e-01> : tensor<300x128xf32>
aimc.weights @splat = dense<0.5> : tensor<300x128xf32>

// Tiles stand in a grid, with or without a place.

// CHECK: aimc.tile @splat_0_0 of @splat index [0, 0] rows(0, 150) columns(0, 128)
aimc.tile @splat_0_0 of @splat index [0, 0] rows(0, 150) columns(0, 128)
// CHECK: aimc.tile @copied_0_0 of @copied index [0, 0]
aimc.tile @copied_0_0 of @copied copy(0) index [0, 0] rows(0, 2) columns(0, 2)
// CHECK: aimc.tile @copied_0_0_copy_1 of @copied copy(1) index [0, 0]
aimc.tile @copied_0_0_copy_1 of @copied copy(1) index [0, 0] rows(0, 2) columns(0, 2)
aimc.weights @copied = dense<0.5> : tensor<2x2xf32>
// CHECK: aimc.tile @splat_1_0 of @splat index [1, 0] rows(150, 150) columns(0, 128) on chip(0) core(3) at(16, 0)
aimc.tile @splat_1_0 of @splat index [1, 0] rows(150, 150) columns(0, 128)
    on chip(0) core(3) at(16, 0)

// A logical product says its matrix, site and role.

// CHECK-LABEL: func.func @logical
//  CHECK-SAME:   %[[X:.+]]: tensor<?x300xf32>, %[[INIT:.+]]: tensor<?x128xf32>
//       CHECK:   aimc.mvm @splat site(0) role(projection) ins(%[[X]] : tensor<?x300xf32>) outs(%[[INIT]] : tensor<?x128xf32>) -> tensor<?x128xf32>
func.func @logical(%x: tensor<?x300xf32>, %init: tensor<?x128xf32>) -> tensor<?x128xf32> {
  %y = aimc.mvm @splat site(0) role(projection)
      ins(%x : tensor<?x300xf32>) outs(%init : tensor<?x128xf32>) -> tensor<?x128xf32>
  return %y : tensor<?x128xf32>
}

// A physical product has its grid and ranges too.

// CHECK-LABEL: func.func @physical
//       CHECK:   aimc.mvm @splat site(1) role(linear) grid [2, 1] input_range(4.000000e+00) output_range(1.000000e+01) ins
func.func @physical(%x: tensor<8x300xf32>, %init: tensor<8x128xf32>) -> tensor<8x128xf32> {
  %y = aimc.mvm @splat site(1) role(linear) grid [2, 1] input_range(4.0) output_range(10.0)
      ins(%x : tensor<8x300xf32>) outs(%init : tensor<8x128xf32>) -> tensor<8x128xf32>
  return %y : tensor<8x128xf32>
}

// On buffers there is no result.

// CHECK-LABEL: func.func @bufferized
//  CHECK-SAME:   %[[X:.+]]: memref<8x300xf32>, %[[Y:.+]]: memref<8x128xf32>
//       CHECK:   aimc.mvm @splat site(2) role(readout) analog ins(%[[X]] : memref<8x300xf32>) outs(%[[Y]] : memref<8x128xf32>){{$}}
func.func @bufferized(%x: memref<8x300xf32>, %y: memref<8x128xf32>) {
  aimc.mvm @splat site(2) role(readout) analog
      ins(%x : memref<8x300xf32>) outs(%y : memref<8x128xf32>)
  return
}

// A digital region uses values from outside.

// CHECK-LABEL: func.func @digital
//  CHECK-SAME:   %[[X:.+]]: tensor<8x2xf32>
//       CHECK:   aimc.digital on("global") -> tensor<8x2xf32>
//       CHECK:     aimc.weights_value @dense : tensor<2x2xf32>
//       CHECK:     aimc.yield %{{.+}} : tensor<8x2xf32>
func.func @digital(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %y = aimc.digital on("global") -> tensor<8x2xf32> {
    %w = aimc.weights_value @dense : tensor<2x2xf32>
    %zero = arith.constant dense<0.0> : tensor<8x2xf32>
    %p = linalg.matmul ins(%x, %w : tensor<8x2xf32>, tensor<2x2xf32>)
        outs(%zero : tensor<8x2xf32>) -> tensor<8x2xf32>
    aimc.yield %p : tensor<8x2xf32>
  }
  return %y : tensor<8x2xf32>
}

// A row program has rows as arguments and results.

// CHECK-LABEL: aimc.program @scores on("global")
//  CHECK-SAME:   (%[[A:.+]]: vector<2xf32>, %[[B:.+]]: vector<1xf32>) -> (vector<4xf32>, vector<1xf32>) {
//       CHECK:   %[[P:.+]] = aimc.product %[[A]], @dense : vector<2xf32> -> vector<2xf32>
//       CHECK:   %[[C:.+]] = aimc.concatenate %[[P]], %{{.+}} : vector<2xf32>, vector<2xf32> -> vector<4xf32>
//       CHECK:   aimc.yield %[[C]], %[[B]] : vector<4xf32>, vector<1xf32>
aimc.program @scores on("global") (%a: vector<2xf32>, %b: vector<1xf32>)
    -> (vector<4xf32>, vector<1xf32>) {
  %p = aimc.product %a, @dense : vector<2xf32> -> vector<2xf32>
  %wide = vector.broadcast %b : vector<1xf32> to vector<2xf32>
  %c = aimc.concatenate %p, %wide : vector<2xf32>, vector<2xf32> -> vector<4xf32>
  aimc.yield %c, %b : vector<4xf32>, vector<1xf32>
}

// A program runs on tensors or on buffers.

// CHECK-LABEL: func.func @execute
//       CHECK:   aimc.execute @scores ins({{.+}}) outs({{.+}}) -> tensor<?x4xf32>, tensor<?x1xf32>
func.func @execute(%a: tensor<?x2xf32>, %b: tensor<?x1xf32>, %c: tensor<?x4xf32>,
                   %d: tensor<?x1xf32>) -> (tensor<?x4xf32>, tensor<?x1xf32>) {
  %y:2 = aimc.execute @scores ins(%a, %b : tensor<?x2xf32>, tensor<?x1xf32>)
      outs(%c, %d : tensor<?x4xf32>, tensor<?x1xf32>) -> tensor<?x4xf32>, tensor<?x1xf32>
  return %y#0, %y#1 : tensor<?x4xf32>, tensor<?x1xf32>
}

// Copies of a matrix are averaged, or share the vectors.

// CHECK-LABEL: func.func @copies_of_matrix
//       CHECK:   aimc.mvm @dense site(20) role(linear) average(2) ins(
//       CHECK:   aimc.mvm @dense site(21) role(linear) grid [1, 1] share(3) input_range(2.000000e+00) ins(
func.func @copies_of_matrix(%x: tensor<8x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>) {
  %a = aimc.mvm @dense site(20) role(linear) average(2) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  %b = aimc.mvm @dense site(21) role(linear) grid [1, 1] share(3) input_range(2.0) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a, %b : tensor<8x2xf32>, tensor<8x2xf32>
}

// Runtime calls take the context first.

// CHECK: aimc.rt.matrix @copies = dense<5.000000e-01> : tensor<2x2xf32> average(2) tiles dense<{{.+}}> : tensor<2x8xi32>
aimc.rt.matrix @copies = dense<0.5> : tensor<2x2xf32> average(2)
    tiles dense<[[0, 0, 2, 2, 0, 1, 0, 0], [0, 0, 2, 2, 0, 2, 0, 0]]> : tensor<2x8xi32>
// CHECK: aimc.rt.matrix @shared = dense<5.000000e-01> : tensor<2x2xf32> share(2) tiles dense<{{.+}}> : tensor<2x8xi32>
aimc.rt.matrix @shared = dense<0.5> : tensor<2x2xf32> share(2)
    tiles dense<[[0, 0, 2, 2, 0, 4, 0, 0], [0, 0, 2, 2, 0, 5, 0, 0]]> : tensor<2x8xi32>
// CHECK: aimc.rt.matrix @table = dense<5.000000e-01> : tensor<64x128xf32> tiles dense<{{.+}}> : tensor<1x8xi32>
aimc.rt.matrix @table = dense<0.5> : tensor<64x128xf32>
    tiles dense<[[0, 0, 64, 128, 0, 3, 0, 0]]> : tensor<1x8xi32>

// CHECK-LABEL: func.func @calls
//  CHECK-SAME:   %[[DEVICE:.+]]: !aimc.context
//       CHECK:   %[[FIRST:.+]] = aimc.rt.first_vector %[[DEVICE]]
//       CHECK:   aimc.rt.mvm %[[DEVICE]] @table site(0) input_range(1.000000e+00) output_range(1.000000e+01) first(%[[FIRST]]) ins({{.+}} : memref<?x64xf32>) outs({{.+}} : memref<?x128xf32>)
//       CHECK:   aimc.rt.digital %[[DEVICE]] @scores first(%[[FIRST]]) ins({{.+}}) outs({{.+}})
//       CHECK:   aimc.rt.copy %[[DEVICE]] ins({{.+}}) outs({{.+}})
func.func @calls(%device: !aimc.context, %x: memref<?x64xf32>, %y: memref<?x128xf32>,
                 %a: memref<?x2xf32>, %b: memref<?x1xf32>, %c: memref<?x4xf32>) {
  %first = aimc.rt.first_vector %device
  aimc.rt.mvm %device @table site(0) input_range(1.0) output_range(10.0) first(%first)
      ins(%x : memref<?x64xf32>) outs(%y : memref<?x128xf32>)
  aimc.rt.digital %device @scores first(%first)
      ins(%a, %b : memref<?x2xf32>, memref<?x1xf32>)
      outs(%c, %b : memref<?x4xf32>, memref<?x1xf32>)
  aimc.rt.copy %device ins(%x : memref<?x64xf32>) outs(%x : memref<?x64xf32>)
  return
}

// Attention has a unit once it is assigned; it works on tensors and on buffers.

// CHECK-LABEL: func.func @attention
//       CHECK:   aimc.attention heads(2) sequences(%{{.+}}) ins(%{{.+}}, %{{.+}}, %{{.+}} : tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x8xf32>) outs(%{{.+}} : tensor<?x8xf32>) -> tensor<?x8xf32>
//       CHECK:   aimc.attention on("global") causal heads(2) sequences(%{{.+}}) ins(%{{.+}}, %{{.+}}, %{{.+}} : {{.+}}) log_scale(%{{.+}} : tensor<?x1xf32>) mask(%{{.+}} : tensor<?x1xf32>) outs(%{{.+}}) -> tensor<?x8xf32>
//       CHECK:   aimc.attention on("global") heads(1) sequences(%{{.+}}) ins({{.+}} : memref<6x16xf32>, memref<6x16xf32>, memref<6x8xf32>) mask(%{{.+}} : memref<6x1xf32>) outs(%{{.+}} : memref<6x8xf32>){{$}}
func.func @attention(%n: index, %q: tensor<?x16xf32>, %v: tensor<?x8xf32>, %s: tensor<?x1xf32>,
                     %m: tensor<?x1xf32>, %init: tensor<?x8xf32>, %a: memref<6x16xf32>,
                     %b: memref<6x8xf32>, %c: memref<6x1xf32>, %d: memref<6x8xf32>) -> tensor<?x8xf32> {
  %x = aimc.attention heads(2) sequences(%n)
      ins(%q, %q, %v : tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x8xf32>)
      outs(%init : tensor<?x8xf32>) -> tensor<?x8xf32>
  %y = aimc.attention on("global") causal heads(2) sequences(%n)
      ins(%q, %q, %x : tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x8xf32>)
      log_scale(%s : tensor<?x1xf32>) mask(%m : tensor<?x1xf32>) outs(%init : tensor<?x8xf32>) -> tensor<?x8xf32>
  aimc.attention on("global") heads(1) sequences(%n)
      ins(%a, %a, %b : memref<6x16xf32>, memref<6x16xf32>, memref<6x8xf32>)
      mask(%c : memref<6x1xf32>) outs(%d : memref<6x8xf32>)
  return %y : tensor<?x8xf32>
}

// Log scales and mask of attention may both be left out.

// CHECK-LABEL: func.func @attention_calls
//       CHECK:   aimc.rt.attention %{{.+}} on("global") heads(2) causal(1) sequences(%{{.+}}) ins(%{{.+}}, %{{.+}}, %{{.+}} : memref<?x16xf32>, memref<?x16xf32>, memref<?x8xf32>) log_scale(%{{.+}} : memref<?x1xf32>) mask(%{{.+}} : memref<?x1xf32>) outs(%{{.+}} : memref<?x8xf32>)
//       CHECK:   aimc.rt.attention %{{.+}} on("global") heads(2) causal(0) sequences(%{{.+}}) ins({{.+}}) mask(%{{.+}}) outs({{.+}})
//       CHECK:   aimc.rt.attention %{{.+}} on("global") heads(2) causal(0) sequences(%{{.+}}) ins({{.+}} : memref<?x16xf32>, memref<?x16xf32>, memref<?x8xf32>) outs({{.+}})
func.func @attention_calls(%device: !aimc.context, %n: index, %q: memref<?x16xf32>, %v: memref<?x8xf32>,
                           %s: memref<?x1xf32>, %y: memref<?x8xf32>) {
  aimc.rt.attention %device on("global") heads(2) causal(1) sequences(%n)
      ins(%q, %q, %v : memref<?x16xf32>, memref<?x16xf32>, memref<?x8xf32>)
      log_scale(%s : memref<?x1xf32>) mask(%s : memref<?x1xf32>) outs(%y : memref<?x8xf32>)
  aimc.rt.attention %device on("global") heads(2) causal(0) sequences(%n)
      ins(%q, %q, %v : memref<?x16xf32>, memref<?x16xf32>, memref<?x8xf32>)
      mask(%s : memref<?x1xf32>) outs(%y : memref<?x8xf32>)
  aimc.rt.attention %device on("global") heads(2) causal(0) sequences(%n)
      ins(%q, %q, %v : memref<?x16xf32>, memref<?x16xf32>, memref<?x8xf32>)
      outs(%y : memref<?x8xf32>)
  return
}

{-#
  dialect_resources: {
    builtin: {
      matrix: "0x040000000000803F000000400000404000008040"
    }
  }
#-}

// A program may have no inputs, as when all it computes is constant.

// CHECK: aimc.program @constant on("host") () -> (vector<4xf32>)
aimc.program @constant on("host") () -> (vector<4xf32>) {
  %one = arith.constant dense<1.0> : vector<4xf32>
  aimc.yield %one : vector<4xf32>
}

// CHECK-LABEL: func.func @fused_calls
//       CHECK:   aimc.rt.mvm_digital %{{.+}} @table [@scores] site(0) input_range(1.000000e+00) output_range(1.000000e+01)
//  CHECK-SAME:     operands([1, 2]) results([0, 3]) deferred(0) first(%{{.+}}) ins({{.+}} : memref<?x64xf32>)
//  CHECK-SAME:     with({{.+}} : memref<?x2xf32>, memref<?x1xf32>) outs({{.+}} : memref<?x128xf32>, memref<?x4xf32>)
func.func @fused_calls(%device: !aimc.context, %x: memref<?x64xf32>, %y: memref<?x128xf32>,
                       %a: memref<?x2xf32>, %b: memref<?x1xf32>, %c: memref<?x4xf32>) {
  %first = aimc.rt.first_vector %device
  aimc.rt.mvm_digital %device @table [@scores] site(0) input_range(1.0) output_range(10.0)
      operands([1, 2]) results([0, 3]) deferred(0) first(%first) ins(%x : memref<?x64xf32>)
      with(%a, %b : memref<?x2xf32>, memref<?x1xf32>)
      outs(%y, %c : memref<?x128xf32>, memref<?x4xf32>)
  return
}

// CHECK-LABEL: func.func @no_inputs
//       CHECK:   aimc.execute @constant outs({{.+}} : memref<?x4xf32>)
//       CHECK:   aimc.rt.digital {{.+}} @constant first({{.+}}) outs({{.+}} : memref<?x4xf32>)
func.func @no_inputs(%device: !aimc.context, %c: memref<?x4xf32>) {
  %first = aimc.rt.first_vector %device
  aimc.execute @constant outs(%c : memref<?x4xf32>)
  aimc.rt.digital %device @constant first(%first) outs(%c : memref<?x4xf32>)
  return
}

// A step, and the reductions of a row.

// CHECK-LABEL: aimc.program @steps
//       CHECK:   aimc.step %{{.+}} : vector<4xf32>
//       CHECK:   vector.reduction <maximumf>
//       CHECK:   vector.reduction <add>
aimc.program @steps on("global") (%x: vector<4xf32>) -> (vector<4xf32>, vector<1xf32>, vector<1xf32>) {
  %s = aimc.step %x : vector<4xf32>
  %m = vector.reduction <maximumf>, %x : vector<4xf32> into f32
  %m1 = vector.broadcast %m : f32 to vector<1xf32>
  %a = vector.reduction <add>, %x : vector<4xf32> into f32
  %a1 = vector.broadcast %a : f32 to vector<1xf32>
  aimc.yield %s, %m1, %a1 : vector<4xf32>, vector<1xf32>, vector<1xf32>
}

// Comparisons and a selection, of rows and of numbers in a body.

// CHECK-LABEL: aimc.program @choose
//       CHECK:   aimc.greater %{{.+}}, %{{.+}} : vector<4xf32>
//       CHECK:   aimc.greater_equal %{{.+}}, %{{.+}} : vector<4xf32>
//       CHECK:   aimc.equal %{{.+}}, %{{.+}} : vector<4xf32>
//       CHECK:   aimc.select %{{.+}}, %{{.+}}, %{{.+}} : vector<4xf32>
aimc.program @choose on("global") (%x: vector<4xf32>, %y: vector<4xf32>) -> (vector<4xf32>) {
  %g = aimc.greater %x, %y : vector<4xf32>
  %ge = aimc.greater_equal %x, %g : vector<4xf32>
  %e = aimc.equal %y, %ge : vector<4xf32>
  %s = aimc.select %e, %x, %y : vector<4xf32>
  aimc.yield %s : vector<4xf32>
}

// The scale and offset of a fixed-point unit.

// CHECK-LABEL: aimc.program @fold
//       CHECK:   aimc.fixed_point %{{.+}}, %{{.+}}, %{{.+}} : vector<4xf32>
aimc.program @fold on("global") (%x: vector<4xf32>, %s: vector<4xf32>, %o: vector<4xf32>) -> (vector<4xf32>) {
  %y = aimc.fixed_point %x, %s, %o : vector<4xf32>
  aimc.yield %y : vector<4xf32>
}

// CHECK-LABEL: func.func @choose_number
//       CHECK:   aimc.greater %{{.+}}, %{{.+}} : f32
//       CHECK:   aimc.select %{{.+}}, %{{.+}}, %{{.+}} : f32
func.func @choose_number(%x: f32, %y: f32) -> f32 {
  %g = aimc.greater %x, %y : f32
  %s = aimc.select %g, %x, %y : f32
  return %s : f32
}

// Exact kernels and the points they take, on tensors and on buffers.

aimc.weights @gram_points = dense<0.5> : tensor<6x4xf32>
aimc.rt.matrix @rt_points = dense<0.5> : tensor<6x4xf32>

// CHECK-LABEL: func.func @gram
//  CHECK-SAME: %[[X:.+]]: tensor<?x4xf32>
//       CHECK:   %[[Y:.+]] = aimc.load @gram_points outs(%{{.+}} : tensor<6x4xf32>) -> tensor<6x4xf32>
//       CHECK:   aimc.gram kernel(rbf) gamma(2.500000e-01) ins(%[[X]], %[[Y]] : tensor<?x4xf32>, tensor<6x4xf32>) outs(%{{.+}} : tensor<?x6xf32>) -> tensor<?x6xf32>
//       CHECK:   aimc.gram on("global") kernel(arccos0) ins(
func.func @gram(%x: tensor<?x4xf32>, %points: tensor<6x4xf32>, %init: tensor<?x6xf32>) {
  %y = aimc.load @gram_points outs(%points : tensor<6x4xf32>) -> tensor<6x4xf32>
  %a = aimc.gram kernel(rbf) gamma(0.25) ins(%x, %y : tensor<?x4xf32>, tensor<6x4xf32>) outs(%init : tensor<?x6xf32>) -> tensor<?x6xf32>
  %b = aimc.gram on("global") kernel(arccos0) ins(%x, %y : tensor<?x4xf32>, tensor<6x4xf32>) outs(%init : tensor<?x6xf32>) -> tensor<?x6xf32>
  return
}

// CHECK-LABEL: func.func @gram_buffers
//       CHECK:   aimc.load @gram_points outs(%{{.+}} : memref<6x4xf32>){{$}}
//       CHECK:   aimc.gram kernel(linear) ins(%{{.+}}, %{{.+}} : memref<?x4xf32>, memref<6x4xf32>) outs(%{{.+}} : memref<?x6xf32>){{$}}
//       CHECK:   aimc.rt.load %{{.+}} @rt_points outs(%{{.+}} : memref<6x4xf32>)
//       CHECK:   aimc.rt.gram %{{.+}} kernel(softmax) gamma(0.000000e+00) ins(%{{.+}}, %{{.+}} : memref<?x4xf32>, memref<6x4xf32>) outs(%{{.+}} : memref<?x6xf32>)
func.func @gram_buffers(%device: !aimc.context, %x: memref<?x4xf32>, %y: memref<6x4xf32>, %k: memref<?x6xf32>) {
  aimc.load @gram_points outs(%y : memref<6x4xf32>)
  aimc.gram kernel(linear) ins(%x, %y : memref<?x4xf32>, memref<6x4xf32>) outs(%k : memref<?x6xf32>)
  aimc.rt.load %device @rt_points outs(%y : memref<6x4xf32>)
  aimc.rt.gram %device kernel(softmax) gamma(0.0) ins(%x, %y : memref<?x4xf32>, memref<6x4xf32>) outs(%k : memref<?x6xf32>)
  return
}
