// Options that cannot be.
// RUN: not aimc-opt %s --aimc-calibrate 2>&1 | FileCheck %s --check-prefix=TARGET
// RUN: not aimc-opt %s --aimc-set-target=target=hermes --aimc-calibrate 2>&1 | FileCheck %s --check-prefix=NEITHER
// RUN: not aimc-opt %s --aimc-set-target=target=hermes --aimc-calibrate=rule=max 2>&1 | FileCheck %s --check-prefix=NEITHER
// RUN: not aimc-opt %s --aimc-set-target=target=hermes --aimc-calibrate=rule=mode 2>&1 | FileCheck %s --check-prefix=RULE
// RUN: not aimc-opt %s --aimc-set-target=target=hermes --aimc-calibrate=percentile=0 2>&1 | FileCheck %s --check-prefix=PERCENTILE
// RUN: not aimc-opt %s --aimc-set-target=target=hermes --aimc-calibrate="rule=k-sigma k=-1" 2>&1 | FileCheck %s --check-prefix=SIGMA
// RUN: not aimc-opt %s --aimc-set-target=target=hermes --aimc-calibrate=ranges=%t.missing 2>&1 | FileCheck %s --check-prefix=MISSING

// TARGET: :[[@LINE+5]]:1: error: aimc-calibrate expects a module with a target, but got one without 'aimc.target' (aimc-set-target adds it)
// RULE: :[[@LINE+4]]:1: error: aimc-calibrate expects 'rule' to be max, percentile, k-sigma or mse, but got 'mode'
// PERCENTILE: :[[@LINE+3]]:1: error: aimc-calibrate expects 'percentile' to be above 0 and at most 1, but got 0.0
// SIGMA: :[[@LINE+2]]:1: error: aimc-calibrate expects 'k' to be finite and above 0, but got -1.0
// MISSING: :[[@LINE+1]]:1: error: ranges file '{{.*}}.missing' expects to be readable, but got: No such file or directory
module {
  aimc.weights @w = dense<0.5> : tensor<2x2xf32>
  aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2)
  func.func @f(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
    // NEITHER: :[[@LINE+1]]:10: error: 'aimc.mvm' op expects recorded ranges (ranges=FILE of aimc-calibrate) or the static rule=k-sigma, but got neither
    %a = aimc.mvm @w site(0) role(linear) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
    return %a : tensor<8x2xf32>
  }
}
