// The program holds what its entry calls, public functions too, and nothing
// else.

// RUN: aimc-translate --aimc-to-cpp --aimc-entry=predict %s -o %t.cpp
// RUN: FileCheck %s < %t.cpp
// RUN: %cxx -std=c++17 -Wall -Wextra -Werror -fsyntax-only -I %build/include %t.cpp

// CHECK-NOT: function_unused
//     CHECK: void function_helper(aimc_context *context,{{.*[[:space:]]+.*}} &result0);
//     CHECK: void function_predict(aimc_context *context,
//     CHECK:   function_helper(context, buffer0, buffer1);
//     CHECK: void function_helper(aimc_context *context,
// CHECK-NOT: function_unused

func.func @predict(%context: !aimc.context, %x: memref<?x4xf32>) -> memref<?x4xf32> {
  %y = call @helper(%context, %x) : (!aimc.context, memref<?x4xf32>) -> memref<?x4xf32>
  return %y : memref<?x4xf32>
}
func.func @helper(%context: !aimc.context, %x: memref<?x4xf32>) -> memref<?x4xf32> {
  return %x : memref<?x4xf32>
}
func.func private @unused(%context: !aimc.context, %x: memref<?x4xf32>) -> memref<?x4xf32> {
  return %x : memref<?x4xf32>
}
