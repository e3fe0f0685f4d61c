// Arithmetic on sizes, and values carried by a loop.
// RUN: aimc-translate --aimc-to-cpp %s | FileCheck %s
// RUN: aimc-translate --aimc-to-cpp %s | %cxx -x c++ -std=c++17 -Wall -Wextra -Werror -fsyntax-only -I%source/include -I%build/include -

// CHECK: const int64_t [[N:rows]] = buffer0.sizes[0];
// CHECK: const int64_t [[A:size[0-9]+]] = [[N]] + 3;
// CHECK: const int64_t [[B:size[0-9]+]] = [[A]] - 1;
// CHECK: const int64_t [[C:size[0-9]+]] = [[B]] * [[N]];
// CHECK: const int64_t [[D:size[0-9]+]] = [[C]] / 3;
// CHECK: const int64_t [[E:size[0-9]+]] = [[D]] % 3;
// CHECK: const int64_t [[F:size[0-9]+]] = std::max<int64_t>([[E]], 1);
// CHECK: const int64_t [[G:size[0-9]+]] = std::min<int64_t>([[F]], [[N]]);
// CHECK: const bool [[LESS:size[0-9]+]] = [[G]] < [[N]];
// CHECK: const int64_t [[H:size[0-9]+]] = [[LESS]] ? [[G]] : [[N]];
// CHECK: int64_t [[CARRIED:size[0-9]+]] = [[H]];
// CHECK: for (int64_t [[I:size[0-9]+]] = 0; [[I]] < [[N]]; [[I]] += 1) {
// CHECK:   const int64_t [[SUM:size[0-9]+]] = [[CARRIED]] + [[I]];
// CHECK:   const int64_t [[NEXT:next[0-9]+]] = [[SUM]];
// CHECK:   [[CARRIED]] = [[NEXT]];
// CHECK: }
// CHECK: const aimc_tensor [[Y:buffer[0-9]+]] = allocate(context, [[CARRIED]], 2);
// CHECK: result0 = [[Y]];
func.func @main(%context: !aimc.context, %x: memref<4x2xf32>) -> memref<?x2xf32> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %three = arith.constant 3 : index
  %cast = memref.cast %x : memref<4x2xf32> to memref<?x2xf32>
  %n = memref.dim %cast, %zero : memref<?x2xf32>
  %a = arith.addi %n, %three : index
  %b = arith.subi %a, %one : index
  %c = arith.muli %b, %n : index
  %d = arith.divsi %c, %three : index
  %e = arith.remsi %d, %three : index
  %f = arith.maxsi %e, %one : index
  %g = arith.minsi %f, %n : index
  %less = arith.cmpi slt, %g, %n : index
  %h = arith.select %less, %g, %n : index
  %total = scf.for %i = %zero to %n step %one iter_args(%carried = %h) -> (index) {
    %sum = arith.addi %carried, %i : index
    scf.yield %sum : index
  }
  %y = memref.alloc(%total) : memref<?x2xf32>
  return %y : memref<?x2xf32>
}
