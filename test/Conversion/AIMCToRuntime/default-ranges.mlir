// Without calibration the target's default ranges hold, and a remark says so for
// each converter; an ideal converter needs none and has 1.
// RUN: aimc-opt %s --aimc-set-target=target=hermes --convert-aimc-to-runtime \
// RUN:   --remarks-filter-missed=aimc-calibrate 2>&1 | FileCheck %s --check-prefix=HERMES
// RUN: aimc-opt %s --aimc-set-target=target=ideal --convert-aimc-to-runtime \
// RUN:   --remarks-filter-missed=aimc-calibrate 2>&1 | FileCheck %s --check-prefix=IDEAL

aimc.weights @w = dense<0.5> : tensor<4x3xf32>

// HERMES: default-ranges.mlir:[[@LINE+10]]:3: remark: [Missed] default-range | Category:aimc-calibrate
// HERMES-SAME: site 3 of 'w' is not calibrated; its input range is the target's default, {{[0-9.]+}}
// HERMES: default-ranges.mlir:[[@LINE+8]]:3: remark: [Missed] default-range | Category:aimc-calibrate
// HERMES-SAME: site 3 of 'w' is not calibrated; its output range is the target's default, {{[0-9.]+}}
// HERMES: aimc.rt.mvm {{.*}} input_range({{[0-9.e+-]+}}) output_range({{[0-9.e+-]+}})

// IDEAL-NOT: remark
//     IDEAL: aimc.rt.mvm {{.*}} input_range(1.000000e+00) output_range(1.000000e+00)
func.func @product(%x: memref<8x4xf32>) -> memref<8x3xf32> {
  %y = memref.alloc() : memref<8x3xf32>
  aimc.mvm @w site(3) role(linear) ins(%x : memref<8x4xf32>) outs(%y : memref<8x3xf32>)
  return %y : memref<8x3xf32>
}
