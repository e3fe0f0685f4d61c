// An exact kernel is a call with the kernel by name and its parameter in
// full; its points are loaded from digital memory.
// RUN: aimc-translate --aimc-to-cpp %s | FileCheck %s
// RUN: aimc-translate --aimc-to-cpp %s | %cxx -x c++ -std=c++17 -Wall -Wextra -Werror -fsyntax-only -I%source/include -I%build/include -

aimc.rt.matrix @points = dense<0.5> : tensor<6x4xf32>

// CHECK: aimc_load(context, matrix_points, &buffer1);
// CHECK: aimc_gram(context, AIMC_KERNEL_RBF, /*gamma=*/0.1, &buffer0
// CHECK: aimc_gram(context, AIMC_KERNEL_ARCCOS1, /*gamma=*/0, &buffer0
func.func @main(%device: !aimc.context, %x: memref<?x4xf32>) -> (memref<?x6xf32>, memref<?x6xf32>) {
  %c0 = arith.constant 0 : index
  %y = memref.alloc() : memref<6x4xf32>
  aimc.rt.load %device @points outs(%y : memref<6x4xf32>)
  %n = memref.dim %x, %c0 : memref<?x4xf32>
  %a = memref.alloc(%n) : memref<?x6xf32>
  aimc.rt.gram %device kernel(rbf) gamma(0.1) ins(%x, %y : memref<?x4xf32>, memref<6x4xf32>) outs(%a : memref<?x6xf32>)
  %b = memref.alloc(%n) : memref<?x6xf32>
  aimc.rt.gram %device kernel(arccos1) gamma(0.0) ins(%x, %y : memref<?x4xf32>, memref<6x4xf32>) outs(%b : memref<?x6xf32>)
  memref.dealloc %y : memref<6x4xf32>
  return %a, %b : memref<?x6xf32>, memref<?x6xf32>
}
