// A view is a tensor of its own on the values of another.
// RUN: aimc-translate --aimc-to-cpp %s | FileCheck %s
// RUN: aimc-translate --aimc-to-cpp %s | %cxx -x c++ -std=c++17 -Wall -Wextra -Werror -fsyntax-only -I%source/include -I%build/include -

// CHECK:      aimc_tensor view(const aimc_tensor &buffer, int64_t offset, int64_t rows,
// CHECK:      const int64_t [[ROWS:size[0-9]+]] = 2 * rows;
// CHECK-NEXT: const aimc_tensor [[HEADS:buffer[0-9]+]] = view(buffer0, 0, [[ROWS]], 4, 4, 1);
// CHECK:      const aimc_tensor [[COLUMNS:buffer[0-9]+]] = view([[Y:buffer[0-9]+]], 2, [[ROWS]], 2, 4, 1);
// CHECK:      aimc_copy(context, &[[HEADS]], &[[Y]]);
// CHECK:      aimc_copy(context, &[[COLUMNS]], &[[COLUMNS]]);
func.func @main(%context: !aimc.context, %x: memref<?x8xf32>) -> memref<?x4xf32> {
  %zero = arith.constant 0 : index
  %two = arith.constant 2 : index
  %n = memref.dim %x, %zero : memref<?x8xf32>
  %rows = arith.muli %two, %n : index
  %heads = memref.reinterpret_cast %x to offset: [0], sizes: [%rows, 4], strides: [4, 1] : memref<?x8xf32> to memref<?x4xf32>
  %y = memref.alloc(%rows) : memref<?x4xf32>
  %columns = memref.reinterpret_cast %y to offset: [2], sizes: [%rows, 2], strides: [4, 1] : memref<?x4xf32> to memref<?x2xf32, strided<[4, 1], offset: 2>>
  aimc.rt.copy %context ins(%heads : memref<?x4xf32>) outs(%y : memref<?x4xf32>)
  aimc.rt.copy %context ins(%columns : memref<?x2xf32, strided<[4, 1], offset: 2>>) outs(%columns : memref<?x2xf32, strided<[4, 1], offset: 2>>)
  return %y : memref<?x4xf32>
}
