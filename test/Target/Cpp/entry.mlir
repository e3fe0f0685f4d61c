// Of several functions the entry is printed, and those it calls (none).
// RUN: not aimc-translate --aimc-to-cpp %s 2>&1 | FileCheck %s --check-prefix=SEVERAL
// SEVERAL: entry.mlir:0:0: error: expects one public function or the name of the entry, but got 'first', 'second'
// RUN: not aimc-translate --aimc-to-cpp --aimc-entry=helper %s 2>&1 | FileCheck %s --check-prefix=WRONG
// WRONG: entry.mlir:0:0: error: expects the entry to be a public function, but got 'helper'; there are 'first', 'second'
// RUN: aimc-translate --aimc-to-cpp --aimc-entry=second %s | FileCheck %s
// RUN: aimc-translate --aimc-to-cpp --aimc-entry=second %s | %cxx -x c++ -std=c++17 -Wall -Wextra -Werror -fsyntax-only -I%source/include -I%build/include -
// CHECK: // The model 'second' of the AIMC compiler.
// CHECK-NOT: function_first
// CHECK: void function_second(
// CHECK-NOT: function_first
// CHECK-NOT: function_helper
// CHECK: model_second()

func.func @first(%context: !aimc.context, %x: memref<?x2xf32>) -> memref<?x2xf32> {
  return %x : memref<?x2xf32>
}
func.func @second(%context: !aimc.context, %x: memref<?x2xf32>) -> memref<?x2xf32> {
  return %x : memref<?x2xf32>
}
func.func private @helper(%context: !aimc.context, %x: memref<?x2xf32>) -> memref<?x2xf32> {
  return %x : memref<?x2xf32>
}
