// RUN: aimc-opt %s --aimc-bufferize | FileCheck %s

// The caller frees each result, so none is returned twice: the second is a copy.

// CHECK-LABEL: func.func @twice
//       CHECK:   %[[Y:.+]] = memref.alloc
//       CHECK:   aimc.mvm {{.+}} outs(%[[Y]] : memref<?x3xf32>)
//       CHECK:   %[[COPY:.+]] = memref.alloc
//       CHECK:   memref.copy %[[Y]], %[[COPY]]
//       CHECK:   return %[[Y]], %[[COPY]] : memref<?x3xf32>, memref<?x3xf32>
aimc.weights @w = dense<0.5> : tensor<4x3xf32>
func.func @twice(%x: tensor<?x4xf32>, %n: index) -> (tensor<?x3xf32>, tensor<?x3xf32>) {
  %init = tensor.empty(%n) : tensor<?x3xf32>
  %y = aimc.mvm @w site(0) role(linear) ins(%x : tensor<?x4xf32>) outs(%init : tensor<?x3xf32>) -> tensor<?x3xf32>
  return %y, %y : tensor<?x3xf32>, tensor<?x3xf32>
}

// A cast is no other value.

// CHECK-LABEL: func.func @cast
//       CHECK:   %[[Y:.+]] = memref.alloc
//       CHECK:   %[[COPY:.+]] = memref.alloc
//       CHECK:   memref.copy %{{.+}}, %[[COPY]]
//       CHECK:   return %[[Y]], %{{.+}} : memref<8x3xf32>, memref<?x3xf32>
func.func @cast(%x: tensor<8x4xf32>) -> (tensor<8x3xf32>, tensor<?x3xf32>) {
  %init = tensor.empty() : tensor<8x3xf32>
  %y = aimc.mvm @w site(1) role(linear) ins(%x : tensor<8x4xf32>) outs(%init : tensor<8x3xf32>) -> tensor<8x3xf32>
  %open = tensor.cast %y : tensor<8x3xf32> to tensor<?x3xf32>
  return %y, %open : tensor<8x3xf32>, tensor<?x3xf32>
}

// Arguments stay the caller's: what is returned is a copy.

// CHECK-LABEL: func.func @argument
//  CHECK-SAME:   %[[X:.+]]: memref<8x4xf32>
//       CHECK:   %[[COPY:.+]] = memref.alloc
//       CHECK:   memref.copy %[[X]], %[[COPY]]
//       CHECK:   return %[[COPY]]
func.func @argument(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  return %x : tensor<8x4xf32>
}

// A view is the buffer that it shows.

// CHECK-LABEL: func.func @views
//       CHECK:   %[[Y:.+]] = memref.alloc
//       CHECK:   aimc.mvm {{.+}} outs(%[[Y]] : memref<8x3xf32>)
//       CHECK:   %[[COPY:.+]] = memref.alloc() {{.*}} : memref<4x6xf32>
//       CHECK:   memref.copy %{{.+}}, %[[COPY]]
//       CHECK:   %[[COLUMN:.+]] = memref.alloc() {{.*}} : memref<8x1xf32>
//       CHECK:   memref.copy %{{.+}}, %[[COLUMN]]
//       CHECK:   return %[[Y]], %[[COPY]], %[[COLUMN]]
func.func @views(%x: tensor<8x4xf32>) -> (tensor<8x3xf32>, tensor<4x6xf32>, tensor<8x1xf32>) {
  %init = tensor.empty() : tensor<8x3xf32>
  %y = aimc.mvm @w site(2) role(linear) ins(%x : tensor<8x4xf32>) outs(%init : tensor<8x3xf32>) -> tensor<8x3xf32>
  %split = tensor.expand_shape %y [[0, 1], [2]] output_shape [4, 2, 3] : tensor<8x3xf32> into tensor<4x2x3xf32>
  %pairs = tensor.collapse_shape %split [[0], [1, 2]] : tensor<4x2x3xf32> into tensor<4x6xf32>
  %column = tensor.extract_slice %y[0, 1] [8, 1] [1, 1] : tensor<8x3xf32> to tensor<8x1xf32>
  return %y, %pairs, %column : tensor<8x3xf32>, tensor<4x6xf32>, tensor<8x1xf32>
}

// So is one of an argument, which stays the caller's.

// CHECK-LABEL: func.func @view_of_argument
//  CHECK-SAME:   %[[X:.+]]: memref<8x4xf32>
//       CHECK:   %[[COPY:.+]] = memref.alloc() {{.*}}: memref<4x8xf32>
//       CHECK:   memref.copy %{{.+}}, %[[COPY]]
//       CHECK:   return %[[COPY]]
func.func @view_of_argument(%x: tensor<8x4xf32>) -> tensor<4x8xf32> {
  %split = tensor.expand_shape %x [[0, 1], [2]] output_shape [4, 2, 4] : tensor<8x4xf32> into tensor<4x2x4xf32>
  %pairs = tensor.collapse_shape %split [[0], [1, 2]] : tensor<4x2x4xf32> into tensor<4x8xf32>
  return %pairs : tensor<4x8xf32>
}
