// RUN: aimc-opt %s --split-input-file --convert-aimc-runtime-to-llvm --verify-diagnostics

// Only what the runtime stage leaves is lowered.
// expected-error @below {{failed to legalize operation 'func.func'}}
func.func @tensors(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  return %x : tensor<8x4xf32>
}

// -----

// A call has its matrix.
func.func @matrix(%context: !aimc.context, %x: memref<8x4xf32>, %y: memref<8x3xf32>) {
  %first = aimc.rt.first_vector %context
  // expected-error @below {{'aimc.rt.mvm' op expects @w to be an 'aimc.rt.matrix', but there is none of this name}}
  aimc.rt.mvm %context @w site(7) input_range(2.0) output_range(3.0) first(%first)
      ins(%x : memref<8x4xf32>) outs(%y : memref<8x3xf32>)
  return
}
