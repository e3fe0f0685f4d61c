// The C++ of a module, section by section: tables with the numbers of the
// module, its functions, and the model that joins them.
// RUN: aimc-translate --aimc-to-cpp %s | FileCheck %s
// RUN: aimc-translate --aimc-to-cpp %s | %cxx -x c++ -std=c++17 -Wall -Wextra -Werror -fsyntax-only -I%source/include -I%build/include -

// CHECK:      // The model 'main' of the AIMC compiler. Generated; do not edit.
// CHECK:      #include "aimc/Runtime/ABI.h"
// CHECK-NEXT: #include "aimc/Runtime/Main.h"
// CHECK-NOT:  #include "aimc/Runtime/Weights.h"
// CHECK:      #include <limits>
// CHECK:      namespace {
// CHECK-NOT:  const char target[]

// Whole numbers are decimal, others exact in hexadecimal.
// CHECK:      // Matrix "w": 2 x 2, 1 tile.
// CHECK-NEXT: const float weights_w[] = {
// CHECK-NEXT:     1.0f, -2.0f, 0x1.99999ap-4f, 0x1p-149f,
// CHECK-NEXT: };
// CHECK-NEXT: const aimc_tile tiles_w[] = {
// CHECK-NEXT:     // row, column, rows, columns; chip, core, row, column there
// CHECK-NEXT:     {0, 0, 2, 2, 0, 3, 4, 5},
// CHECK-NEXT: };

// Names that are no C++ names, or that would be the same, get others.
// CHECK:      // Matrix "w.1": 1 x 1, in digital memory.
// CHECK-NEXT: const float weights_w_1[] = {
// CHECK:      // Matrix "w-1": 1 x 1, in digital memory.
// CHECK-NEXT: const float weights_w_1_2[] = {

// CHECK:      // Program "scale \"up\"" on unit "global".
// CHECK:      const aimc_instruction [[INSTRUCTIONS:instructions_scale_up]][] = {
// CHECK-NEXT:     // opcode, result, operands, matrix
// CHECK-NEXT:     {AIMC_MULTIPLY, 2, {0, 1, -1}, -1}, // v2 = multiply(v0, v1)
// CHECK-NEXT: };
// CHECK:      const aimc_program programs[] = {
// CHECK:          {"scale \"up\"", "global", 1, 1, constants_scale_up, 1, [[INSTRUCTIONS]], widths_scale_up, 1, outputs_scale_up},

// CHECK:      const aimc_parameter inputTable[] = {
// CHECK-NEXT:     {"input0", -1, 2, 0, nullptr},
// CHECK-NEXT:     {"input1", 4, 2, 0, nullptr},
// CHECK-NEXT: };
// CHECK-NEXT: const aimc_parameter outputTable[] = {
// CHECK-NEXT:     {"output", -1, 2, 0, nullptr},
// CHECK-NEXT: };

// CHECK:      enum : int64_t {
// CHECK-NEXT:   matrix_w = 0,
// CHECK-NEXT:   matrix_w_1 = 1,
// CHECK-NEXT:   matrix_w_1_2 = 2,
// CHECK-NEXT:   matrix_shared = 3,
// CHECK-NEXT: };

// Private functions are declared before any is defined.
// CHECK:      void function_half(aimc_context *context, const aimc_tensor &buffer0,
// CHECK-NEXT:                    aimc_tensor &result0);
// CHECK:      /// Function 'main' of the module.
// CHECK-NEXT: void function_main(aimc_context *context, const aimc_tensor &buffer0,
// CHECK-NEXT:                    const aimc_tensor &buffer1, aimc_tensor &result0) {
// CHECK-NEXT:   (void)buffer1;
// CHECK-NEXT:   aimc_tensor buffer2{};
// CHECK-NEXT:   function_half(context, buffer0, buffer2);
// CHECK-NEXT:   result0 = buffer2;
// CHECK-NEXT: }
// CHECK:      /// Function 'half' of the module.
// CHECK:        const int64_t firstVector = aimc_first_vector(context);
// CHECK-NEXT:   const int64_t rows = buffer0.sizes[0];
// CHECK-NEXT:   const aimc_tensor buffer1 = allocate(context, rows, 2);
// CHECK-NEXT:   // "w": 2 x 2, 1 tile
// CHECK-NEXT:   aimc_mvm(context, matrix_w, /*site=*/7, /*input_range=*/0x1p-1f,
// CHECK-NEXT:            /*output_range=*/std::numeric_limits<float>::infinity(), firstVector,
// CHECK-NEXT:            &buffer0, &buffer1);
// CHECK-NEXT:   for (int64_t [[I:size[0-9]+]] = 0; [[I]] < 3; [[I]] += 1) {
// CHECK-NEXT:     // "scale \"up\"": multiply
// CHECK-NEXT:     aimc_digital(context, program_scale_up, firstVector, 1, &buffer1, 1,
// CHECK-NEXT:                  &buffer1);
// CHECK-NEXT:   }
// CHECK-NEXT:   aimc_attention(context, /*unit=*/"global", /*heads=*/1, /*causal=*/0, 3,
// CHECK-NEXT:                  &buffer0, &buffer0, &buffer0, /*log_scale=*/nullptr,
// CHECK-NEXT:                  /*mask=*/nullptr, &buffer1);
// CHECK-NEXT:   result0 = buffer1;
// CHECK:      void run_main(void *, aimc_context *context, const aimc_tensor *inputs,
// CHECK-NEXT:               aimc_tensor *outputs) {
// CHECK-NEXT:   function_main(context, inputs[0], inputs[1], outputs[0]);
// CHECK:      } // namespace
// CHECK:      extern "C" const aimc_model *model_main();
// CHECK:      static const aimc_matrix matrices[] = {
// CHECK-NEXT:       {"w", 2, 2, weights_w, 1, AIMC_COPIES_AVERAGE, 1, tiles_w},
// CHECK-NEXT:       {"w.1", 1, 1, weights_w_1, 1, AIMC_COPIES_AVERAGE, 0, nullptr},
// CHECK-NEXT:       {"w-1", 1, 1, weights_w_1_2, 1, AIMC_COPIES_AVERAGE, 0, nullptr},
// CHECK-NEXT:       {"shared", 1, 1, weights_shared, 2, AIMC_COPIES_SHARE, 2, tiles_shared},
// CHECK:      static const aimc_model model = {
// CHECK-NEXT:       AIMC_ABI_VERSION,
// CHECK-NEXT:       "main",
// CHECK-NEXT:       nullptr, {{ *}}// target
// CHECK:            run_main,
// CHECK:      int main(int argc, char **argv) {

// Without a main it is a library.
// RUN: aimc-translate --aimc-to-cpp --aimc-main=false %s | FileCheck %s --check-prefix=LIBRARY
// LIBRARY-NOT: Main.h
// LIBRARY: extern "C" const aimc_model *model_main();
// LIBRARY-NOT: int main

aimc.rt.matrix @w = dense<[[1.0, -2.0], [0.1, 1.4e-45]]> : tensor<2x2xf32> tiles dense<[[0, 0, 2, 2, 0, 3, 4, 5]]> : tensor<1x8xi32>
aimc.rt.matrix @w.1 = dense<3.0> : tensor<1x1xf32>
aimc.rt.matrix @"w-1" = dense<4.0> : tensor<1x1xf32>
aimc.rt.matrix @shared = dense<5.0> : tensor<1x1xf32> share(2) tiles dense<[[0, 0, 1, 1, 0, 1, 0, 0], [0, 0, 1, 1, 0, 2, 0, 0]]> : tensor<2x8xi32>
aimc.program @"scale \22up\22" on("global") (%x: vector<2xf32>) -> (vector<2xf32>) {
  %c = arith.constant dense<2.0> : vector<2xf32>
  %y = arith.mulf %x, %c : vector<2xf32>
  aimc.yield %y : vector<2xf32>
}
func.func @main(%context: !aimc.context, %x: memref<?x2xf32>, %y: memref<4x2xf32>) -> memref<?x2xf32> {
  %z = call @half(%context, %x) : (!aimc.context, memref<?x2xf32>) -> memref<?x2xf32>
  return %z : memref<?x2xf32>
}
func.func private @half(%context: !aimc.context, %x: memref<?x2xf32>) -> memref<?x2xf32> {
  %first = aimc.rt.first_vector %context
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %three = arith.constant 3 : index
  %n = memref.dim %x, %zero : memref<?x2xf32>
  %y = memref.alloc(%n) : memref<?x2xf32>
  aimc.rt.mvm %context @w site(7) input_range(0.5) output_range(0x7F800000) first(%first) ins(%x : memref<?x2xf32>) outs(%y : memref<?x2xf32>)
  scf.for %i = %zero to %three step %one {
    aimc.rt.digital %context @"scale \22up\22" first(%first) ins(%y : memref<?x2xf32>) outs(%y : memref<?x2xf32>)
  }
  aimc.rt.attention %context on("global") heads(1) causal(0) sequences(%three)
      ins(%x, %x, %x : memref<?x2xf32>, memref<?x2xf32>, memref<?x2xf32>) outs(%y : memref<?x2xf32>)
  return %y : memref<?x2xf32>
}
