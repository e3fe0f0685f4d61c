// RUN: aimc-opt %s --aimc-set-target=target=hermes --aimc-split --split-input-file | FileCheck %s
// RUN: aimc-opt %s --aimc-set-target=target=hermes --aimc-split --aimc-split --split-input-file | FileCheck %s
// RUN: aimc-opt %s --aimc-set-target=target=hermes --aimc-split=projection=digital --split-input-file | FileCheck %s --check-prefix=PROJECTION
// RUN: aimc-opt %s --aimc-set-target=target=hermes --aimc-split=readout=analog --split-input-file | FileCheck %s --check-prefix=ANALOG
// RUN: aimc-opt %s --aimc-set-target=target=hermes --aimc-split=readout=analog --aimc-split --split-input-file | FileCheck %s --check-prefix=ANALOG
// RUN: aimc-opt %s --aimc-split --split-input-file | FileCheck %s --check-prefix=HOST

// A kernel method: the offset is added at the cores, the cosine and the digital
// read-out share a region of the global unit. An analog read-out stays a product,
// also when the pass runs again without saying so. A digital projection is a
// product of the digital unit, which then does all there is.
// Without a target the host has all digital work, still cut at products.

//  CHECK-LABEL: func.func @predict
//   CHECK-SAME: %[[X:.+]]: tensor<8x2xf32>
//        CHECK:   %[[P:.+]] = aimc.mvm @omega site(0) role(projection) ins(%[[X]]
//        CHECK:   %[[Q:.+]] = aimc.digital on("local") -> tensor<8x4xf32> {
//        CHECK:     %[[S:.+]] = linalg.generic {{.*}} ins(%[[P]], %{{.+}} : tensor<8x4xf32>, tensor<4xf32>)
//        CHECK:       arith.addf
//        CHECK:     aimc.yield %[[S]]
//        CHECK:   %[[Y:.+]] = aimc.digital on("global") -> tensor<8x3xf32> {
//        CHECK:     %[[Z:.+]] = math.cos %[[Q]]
//        CHECK:     %[[W:.+]] = aimc.weights_value @readout
//        CHECK:     %[[ZERO:.+]] = linalg.fill
//        CHECK:     %[[R:.+]] = linalg.matmul ins(%[[Z]], %[[W]] : {{.+}}) outs(%[[ZERO]]
//        CHECK:     aimc.yield %[[R]]
//    CHECK-NOT:   aimc.mvm
//        CHECK:   return %[[Y]]
// ANALOG-LABEL: func.func @predict
//       ANALOG:   aimc.mvm @omega site(0)
//       ANALOG:   aimc.digital on("local")
//       ANALOG:   aimc.digital on("global")
//       ANALOG:   aimc.mvm @readout site(1) role(readout) analog ins
// PROJECTION-LABEL: func.func @predict
//   PROJECTION-NOT:   aimc.mvm
//       PROJECTION:   aimc.digital on("global")
//       PROJECTION:     aimc.weights_value @omega
//       PROJECTION:     math.cos
//   PROJECTION-NOT:   aimc.mvm
//       PROJECTION:   return
//   HOST-LABEL: func.func @predict
//         HOST:   aimc.mvm @omega
//         HOST:   aimc.digital on("host")
//     HOST-NOT:   aimc.digital
//         HOST:   return
aimc.weights @omega = dense<0.5> : tensor<2x4xf32>
aimc.weights @readout = dense<0.5> : tensor<4x3xf32>
func.func @predict(%x: tensor<8x2xf32>) -> tensor<8x3xf32> {
  %e = tensor.empty() : tensor<8x4xf32>
  %p = aimc.mvm @omega site(0) role(projection) ins(%x : tensor<8x2xf32>) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
  %b = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %q = linalg.generic {
      indexing_maps = [affine_map<(n, c) -> (n, c)>, affine_map<(n, c) -> (c)>, affine_map<(n, c) -> (n, c)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%p, %b : tensor<8x4xf32>, tensor<4xf32>) outs(%e : tensor<8x4xf32>) {
  ^bb0(%u: f32, %v: f32, %o: f32):
    %s = arith.addf %u, %v : f32
    linalg.yield %s : f32
  } -> tensor<8x4xf32>
  %z = math.cos %q : tensor<8x4xf32>
  %e3 = tensor.empty() : tensor<8x3xf32>
  %y = aimc.mvm @readout site(1) role(readout) ins(%z : tensor<8x4xf32>) outs(%e3 : tensor<8x3xf32>) -> tensor<8x3xf32>
  return %y : tensor<8x3xf32>
}

// -----

// What does not follow a product goes to a unit of the chip, though the unit at
// the core could add.

// CHECK-LABEL: func.func @before
//       CHECK:   aimc.digital on("global")
func.func @before(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %y = arith.addf %x, %x : tensor<8x2xf32>
  return %y : tensor<8x2xf32>
}

// -----

// A unit at a core sees the results of that core alone: an operation on two
// products goes to the chip.

// CHECK-LABEL: func.func @two_products
//       CHECK:   %[[P:.+]] = aimc.mvm @w site(0)
//       CHECK:   %[[Q:.+]] = aimc.mvm @w site(1)
//       CHECK:   aimc.digital on("global")
//       CHECK:     arith.addf %[[P]], %[[Q]]
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
func.func @two_products(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %e = tensor.empty() : tensor<8x2xf32>
  %p = aimc.mvm @w site(0) role(linear) ins(%x : tensor<8x2xf32>) outs(%e : tensor<8x2xf32>) -> tensor<8x2xf32>
  %q = aimc.mvm @w site(1) role(linear) ins(%x : tensor<8x2xf32>) outs(%e : tensor<8x2xf32>) -> tensor<8x2xf32>
  %y = arith.addf %p, %q : tensor<8x2xf32>
  return %y : tensor<8x2xf32>
}

// -----

// Independent work of one unit forms one region, even when the first result is
// needed before the last operation: the block is sorted.

// CHECK-LABEL: func.func @sorted
//  CHECK-SAME: %[[X:.+]]: tensor<8x2xf32>, %[[Y:.+]]: tensor<8x2xf32>
//       CHECK:   %[[R:.+]]:2 = aimc.digital on("global") -> tensor<8x2xf32>, tensor<8x2xf32> {
//       CHECK:     %[[A:.+]] = math.cos %[[X]]
//       CHECK:     %[[B:.+]] = math.sin %[[Y]]
//       CHECK:     aimc.yield %[[A]], %[[B]]
//       CHECK:   %[[P:.+]] = aimc.mvm @w site(0) role(linear) ins(%[[R]]#0
//       CHECK:   return %[[P]], %[[R]]#1
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
func.func @sorted(%x: tensor<8x2xf32>, %y: tensor<8x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>) {
  %e = tensor.empty() : tensor<8x2xf32>
  %a = math.cos %x : tensor<8x2xf32>
  %p = aimc.mvm @w site(0) role(linear) ins(%a : tensor<8x2xf32>) outs(%e : tensor<8x2xf32>) -> tensor<8x2xf32>
  %b = math.sin %y : tensor<8x2xf32>
  return %p, %b : tensor<8x2xf32>, tensor<8x2xf32>
}

// -----

// Work before and after a product is in two regions, also when the second needs
// the first directly: a region of both would depend on itself.

// CHECK-LABEL: func.func @no_cycle
//       CHECK:   %[[A:.+]] = aimc.digital on("global")
//       CHECK:     math.cos
//       CHECK:   %[[P:.+]] = aimc.mvm @w site(0) role(linear) ins(%[[A]]
//       CHECK:   aimc.digital on("global")
//       CHECK:     arith.addf %[[A]], %[[P]]
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
func.func @no_cycle(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %e = tensor.empty() : tensor<8x2xf32>
  %a = math.cos %x : tensor<8x2xf32>
  %p = aimc.mvm @w site(0) role(linear) ins(%a : tensor<8x2xf32>) outs(%e : tensor<8x2xf32>) -> tensor<8x2xf32>
  %y = arith.addf %a, %p : tensor<8x2xf32>
  return %y : tensor<8x2xf32>
}

// -----

// Batches of different sizes are not in one region: it runs row by row.

// CHECK-LABEL: func.func @batches
//       CHECK:   aimc.digital on("global") -> tensor<?x2xf32> {
//       CHECK:     math.cos
//       CHECK:   aimc.digital on("global") -> tensor<?x2xf32> {
//       CHECK:     math.cos
func.func @batches(%x: tensor<?x2xf32>, %y: tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>) {
  %a = math.cos %x : tensor<?x2xf32>
  %b = math.cos %y : tensor<?x2xf32>
  return %a, %b : tensor<?x2xf32>, tensor<?x2xf32>
}

// -----

// Work on constants alone goes into each region that uses it, and sizes come
// from the argument, so that they do not wait for results.

// CHECK-LABEL: func.func @free
//  CHECK-SAME: %[[X:.+]]: tensor<?x2xf32>
//       CHECK:   %[[N:.+]] = tensor.dim %[[X]]
//   CHECK-NOT:   linalg.broadcast
//       CHECK:   aimc.digital on("global")
//       CHECK:     tensor.empty(%[[N]])
//       CHECK:     linalg.broadcast
//       CHECK:     linalg.add
//       CHECK:     math.cos
//   CHECK-NOT:   aimc.digital
func.func @free(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %c0 = arith.constant 0 : index
  %b = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %z = math.cos %x : tensor<?x2xf32>
  %n = tensor.dim %z, %c0 : tensor<?x2xf32>
  %e = tensor.empty(%n) : tensor<?x2xf32>
  %bb = linalg.broadcast ins(%b : tensor<2xf32>) outs(%e : tensor<?x2xf32>) dimensions = [0]
  %y = linalg.add ins(%x, %bb : tensor<?x2xf32>, tensor<?x2xf32>) outs(%z : tensor<?x2xf32>) -> tensor<?x2xf32>
  %r = math.cos %y : tensor<?x2xf32>
  return %r : tensor<?x2xf32>
}

// -----

// A value that the function returns is computed, constant or not.

// CHECK-LABEL: func.func @returned
//       CHECK:   %[[R:.+]] = aimc.digital
//       CHECK:     linalg.fill
//       CHECK:   return %[[R]]
func.func @returned() -> tensor<8x2xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8x2xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %f : tensor<8x2xf32>
}

// -----

// A cast is no work: it stays with what it casts.

// CHECK-LABEL: func.func @cast
//       CHECK:   aimc.digital on("global") -> tensor<8x2xf32> {
//       CHECK:     math.cos
//       CHECK:     tensor.cast
//   CHECK-NOT:   tensor.cast
//       CHECK:   return
func.func @cast(%x: tensor<?x2xf32>) -> tensor<8x2xf32> {
  %a = math.cos %x : tensor<?x2xf32>
  %b = tensor.cast %a : tensor<?x2xf32> to tensor<8x2xf32>
  return %b : tensor<8x2xf32>
}

// -----

// Blocks inside control flow are split by themselves.

// CHECK-LABEL: func.func @loop
//       CHECK:   scf.for
//       CHECK:     aimc.digital on("global")
//       CHECK:       math.cos
//       CHECK:   aimc.digital on("global")
//       CHECK:     math.sin
func.func @loop(%x: tensor<8x2xf32>, %n: index) -> tensor<8x2xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %a = scf.for %i = %c0 to %n step %c1 iter_args(%v = %x) -> tensor<8x2xf32> {
    %b = math.cos %v : tensor<8x2xf32>
    scf.yield %b : tensor<8x2xf32>
  }
  %y = math.sin %a : tensor<8x2xf32>
  return %y : tensor<8x2xf32>
}

// -----

// A number per row, of rank 1, leaves the region before a product as a column
// and enters the one after it; so does one that is given.

//  CHECK-LABEL: func.func @numbers
//   CHECK-SAME: %[[X:.+]]: tensor<?x2xf32>, %[[S:.+]]: tensor<?xf32>
//        CHECK:   %[[FIRST:.+]]:2 = aimc.digital on("global") -> tensor<?x1xf32>, tensor<?x2xf32> {
//        CHECK:     %[[SUM:.+]] = linalg.reduce {{.+}} ins(%[[X]]
//        CHECK:     %[[COLUMN:.+]] = tensor.expand_shape %[[SUM]] {{.+}} : tensor<?xf32> into tensor<?x1xf32>
//        CHECK:     aimc.yield %[[COLUMN]], %{{.+}}
//        CHECK:   %[[P:.+]] = aimc.mvm @w site(0) role(linear) ins(%[[FIRST]]#1
//        CHECK:   %[[GIVEN:.+]] = tensor.expand_shape %[[S]] {{.+}} : tensor<?xf32> into tensor<?x1xf32>
//        CHECK:   aimc.digital on("global") -> tensor<?x2xf32> {
//    CHECK-DAG:     %[[NUMBERS:.+]] = tensor.collapse_shape %[[FIRST]]#0 {{.+}} : tensor<?x1xf32> into tensor<?xf32>
//    CHECK-DAG:     %[[GIVEN_NUMBERS:.+]] = tensor.collapse_shape %[[GIVEN]] {{.+}} : tensor<?x1xf32> into tensor<?xf32>
//        CHECK:     linalg.generic {{.+}} ins(%[[P]], %[[NUMBERS]], %[[GIVEN_NUMBERS]]
//   HOST-LABEL: func.func @numbers
// ANALOG-LABEL: func.func @numbers
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
func.func @numbers(%x: tensor<?x2xf32>, %s: tensor<?xf32>) -> tensor<?x2xf32> {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x2xf32>
  %e = tensor.empty(%n) : tensor<?x2xf32>
  %e1 = tensor.empty(%n) : tensor<?xf32>
  %start = linalg.fill ins(%zero : f32) outs(%e1 : tensor<?xf32>) -> tensor<?xf32>
  %sum = linalg.reduce { arith.addf } ins(%x : tensor<?x2xf32>) outs(%start : tensor<?xf32>) dimensions = [1]
  %sums = linalg.broadcast ins(%sum : tensor<?xf32>) outs(%e : tensor<?x2xf32>) dimensions = [1]
  %unit = linalg.div ins(%x, %sums : tensor<?x2xf32>, tensor<?x2xf32>) outs(%e : tensor<?x2xf32>) -> tensor<?x2xf32>
  %p = aimc.mvm @w site(0) role(linear) ins(%unit : tensor<?x2xf32>) outs(%e : tensor<?x2xf32>) -> tensor<?x2xf32>
  %y = linalg.generic {
      indexing_maps = [affine_map<(n, c) -> (n, c)>, affine_map<(n, c) -> (n)>, affine_map<(n, c) -> (n)>,
                       affine_map<(n, c) -> (n, c)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%p, %sum, %s : tensor<?x2xf32>, tensor<?xf32>, tensor<?xf32>) outs(%e : tensor<?x2xf32>) {
  ^bb0(%v: f32, %a: f32, %b: f32, %o: f32):
    %ab = arith.mulf %a, %b : f32
    %r = arith.mulf %v, %ab : f32
    linalg.yield %r : f32
  } -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

// What nothing uses goes.

// CHECK-LABEL: func.func @unused
//   CHECK-NOT:   linalg.fill
//       CHECK:   return
func.func @unused() {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8x2xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8x2xf32>) -> tensor<8x2xf32>
  return
}

// -----

// Views are no work: what is split into heads, or a part of the columns, goes
// from region to region as it is, and rows of another number end a region.

//  CHECK-LABEL: func.func @views
//   CHECK-SAME: %[[X:.+]]: tensor<?x8xf32>
//        CHECK:   %[[SPLIT:.+]] = tensor.expand_shape %[[X]]
//        CHECK:   %[[HEADS:.+]] = tensor.collapse_shape %[[SPLIT]]
//        CHECK:   %[[A:.+]] = aimc.digital on("global") -> tensor<?x4xf32> {
//        CHECK:     math.exp %[[HEADS]]
//        CHECK:   %[[PART:.+]] = tensor.extract_slice %[[A]]
//        CHECK:   aimc.digital on("global") -> tensor<?x3xf32> {
//        CHECK:     math.cos %[[PART]]
//    CHECK-NOT:   aimc.digital
//        CHECK:   return
//   HOST-LABEL: func.func @views
// ANALOG-LABEL: func.func @views
func.func @views(%x: tensor<?x8xf32>) -> tensor<?x3xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x8xf32>
  %split = tensor.expand_shape %x [[0], [1, 2]] output_shape [%n, 2, 4] : tensor<?x8xf32> into tensor<?x2x4xf32>
  %heads = tensor.collapse_shape %split [[0, 1], [2]] : tensor<?x2x4xf32> into tensor<?x4xf32>
  %rows = tensor.dim %heads, %c0 : tensor<?x4xf32>
  %a = math.exp %heads : tensor<?x4xf32>
  %part = tensor.extract_slice %a[0, 1] [%rows, 3] [1, 1] : tensor<?x4xf32> to tensor<?x3xf32>
  %y = math.cos %part : tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

// -----

// A number per row is a column in the region that computes or uses it, and
// another shape of a constant goes where the constant goes.

//  CHECK-LABEL: func.func @columns
//   CHECK-SAME: %[[X:.+]]: tensor<?x4xf32>, %[[S:.+]]: tensor<?x1xf32>
//        CHECK:   aimc.digital on("global") -> tensor<?x4xf32> {
//        CHECK:     %[[NUMBERS:.+]] = tensor.collapse_shape %[[S]]
//        CHECK:     %[[SUM:.+]] = linalg.generic {{.+}} ins(%[[X]], %[[NUMBERS]]
//        CHECK:     tensor.expand_shape %[[SUM]]
//        CHECK:     tensor.collapse_shape %{{.+}} : tensor<1x4xf32> into tensor<4xf32>
//        CHECK:     aimc.yield
//    CHECK-NOT:   aimc.digital
//        CHECK:   return
//   HOST-LABEL: func.func @columns
// ANALOG-LABEL: func.func @columns
func.func @columns(%x: tensor<?x4xf32>, %s: tensor<?x1xf32>) -> tensor<?x4xf32> {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %n = tensor.dim %x, %c0 : tensor<?x4xf32>
  %b = arith.constant dense_resource<b> : tensor<1x4xf32>
  %numbers = tensor.collapse_shape %s [[0, 1]] : tensor<?x1xf32> into tensor<?xf32>
  %e = tensor.empty(%n) : tensor<?xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  %sum = linalg.generic {
      indexing_maps = [affine_map<(n, c) -> (n, c)>, affine_map<(n, c) -> (n)>, affine_map<(n, c) -> (n)>],
      iterator_types = ["parallel", "reduction"]}
      ins(%x, %numbers : tensor<?x4xf32>, tensor<?xf32>) outs(%init : tensor<?xf32>) {
  ^bb0(%u: f32, %v: f32, %o: f32):
    %p = arith.mulf %u, %v : f32
    %q = arith.addf %o, %p : f32
    linalg.yield %q : f32
  } -> tensor<?xf32>
  %column = tensor.expand_shape %sum [[0, 1]] output_shape [%n, 1] : tensor<?xf32> into tensor<?x1xf32>
  %row = tensor.collapse_shape %b [[0, 1]] : tensor<1x4xf32> into tensor<4xf32>
  %e4 = tensor.empty(%n) : tensor<?x4xf32>
  %y = linalg.generic {
      indexing_maps = [affine_map<(n, c) -> (n, 0)>, affine_map<(n, c) -> (c)>, affine_map<(n, c) -> (n, c)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%column, %row : tensor<?x1xf32>, tensor<4xf32>) outs(%e4 : tensor<?x4xf32>) {
  ^bb0(%u: f32, %v: f32, %o: f32):
    %p = arith.mulf %u, %v : f32
    linalg.yield %p : f32
  } -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}
{-# dialect_resources: { builtin: { b: "0x040000000000803F000000400000404000008040" } } #-}
