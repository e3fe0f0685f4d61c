// Weights in the source, in a side file, and put there by the assembler.
// RUN: rm -rf %t && mkdir %t
// RUN: aimc-translate --aimc-to-cpp %s | FileCheck %s --check-prefix=EMBED
// EMBED: const float weights_a[] = {
// EMBED-NEXT: 1.0f, 2.0f, 3.0f,
// EMBED: {"a", 3, 1, weights_a, 1, AIMC_COPIES_AVERAGE, 0, nullptr},
// EMBED: {"b", 1, 2, weights_b, 1, AIMC_COPIES_AVERAGE, 0, nullptr},

// RUN: aimc-translate --aimc-to-cpp --aimc-weights=side-file --aimc-weights-file=%t/model.weights %s | FileCheck %s --check-prefix=SIDE
// SIDE: #include "aimc/Runtime/Weights.h"
// SIDE-NOT: const float weights_a[]
// SIDE: /// The compiled model; null after an error (aimc_last_error).
// SIDE: const float *const weights = aimc_load_weights(
// SIDE-NEXT: outputTable, "model.weights", 72,
// SIDE-NEXT: "{{[0-9a-f]+}}");
// SIDE-NEXT: if (!weights)
// SIDE-NEXT: return nullptr;
// SIDE: {"a", 3, 1, weights + 0, 1, AIMC_COPIES_AVERAGE, 0, nullptr},
// SIDE: {"b", 1, 2, weights + 16, 1, AIMC_COPIES_AVERAGE, 0, nullptr},

// Each matrix is at a multiple of 64 bytes, little-endian.
// RUN: %python -c "import struct, sys; print(struct.unpack('<18f', open(sys.argv[1], 'rb').read()))" %t/model.weights | FileCheck %s --check-prefix=BYTES
// BYTES: (1.0, 2.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 4.0, 4.0)

// RUN: aimc-translate --aimc-to-cpp --aimc-weights=incbin --aimc-weights-file=%t/weights.bin %s | FileCheck %s --check-prefix=INCBIN
// RUN: cmp %t/model.weights %t/weights.bin
// INCBIN-NOT: Weights.h
// INCBIN: extern "C" __attribute__((visibility("hidden"))) const float aimc_weights_of_model_main[];
// INCBIN: .incbin \"weights.bin\"
// INCBIN: const float *const weights = aimc_weights_of_model_main;

aimc.rt.matrix @a = dense<[[1.0], [2.0], [3.0]]> : tensor<3x1xf32>
aimc.rt.matrix @b = dense<4.0> : tensor<1x2xf32>
func.func @main(%context: !aimc.context, %x: memref<?x2xf32>) -> memref<?x2xf32> {
  return %x : memref<?x2xf32>
}
