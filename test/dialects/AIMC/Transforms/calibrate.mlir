// Ranges of converters, recorded or static. Output ranges have headroom for the
// output noise of the target, 0.04, of k = 4 standard deviations.
// RUN: aimc-opt %s --aimc-set-target=target=pcm --aimc-tile --aimc-calibrate="ranges=%S/Inputs/ranges.json rule=max" \
// RUN:   | FileCheck %s --check-prefixes=CHECK,MAX
// RUN: aimc-opt %s --aimc-set-target=target=pcm --aimc-tile --aimc-calibrate="ranges=%S/Inputs/ranges.json rule=percentile percentile=0.75" \
// RUN:   | FileCheck %s --check-prefixes=CHECK,PERCENTILE
// RUN: aimc-opt %s --aimc-set-target=target=pcm --aimc-tile --aimc-calibrate="ranges=%S/Inputs/ranges.json rule=k-sigma k=3" \
// RUN:   | FileCheck %s --check-prefixes=CHECK,SIGMA
// RUN: aimc-opt %s --aimc-set-target=target=pcm --aimc-tile --aimc-calibrate=ranges=%S/Inputs/ranges.json \
// RUN:   | FileCheck %s --check-prefixes=CHECK,MSE
// RUN: aimc-opt %s --aimc-set-target=target=pcm --aimc-tile --aimc-replicate="copies=2 matrices=linear" \
// RUN:   --aimc-calibrate=ranges=%S/Inputs/ranges.json | FileCheck %s --check-prefixes=CHECK,COPIES
// RUN: aimc-opt %s --aimc-set-target=target=pcm --aimc-tile --aimc-calibrate="rule=k-sigma k=5" \
// RUN:   | FileCheck %s --check-prefixes=CHECK,STATIC
// RUN: aimc-opt %s --aimc-set-target=target=ideal --aimc-tile --aimc-calibrate=ranges=%S/Inputs/ranges.json \
// RUN:   | FileCheck %s --check-prefixes=CHECK,IDEAL

// Calibrating again changes nothing.
// RUN: aimc-opt %s --aimc-set-target=target=pcm --aimc-tile --aimc-calibrate=ranges=%S/Inputs/ranges.json > %t.once
// RUN: aimc-opt %t.once --aimc-calibrate=ranges=%S/Inputs/ranges.json > %t.twice
// RUN: cmp %t.once %t.twice

// Each choice is told.
// RUN: aimc-opt %s --aimc-set-target=target=pcm --aimc-tile --aimc-calibrate="ranges=%S/Inputs/ranges.json rule=max" \
// RUN:   --remarks-filter=aimc-calibrate -o %t.remarks 2>&1 | FileCheck %s --check-prefix=REMARK

// The columns of the tile are (1, 1)·2 and (-1, 0)·2: norms over the largest
// weight of 2 are sqrt(2) and 1.
aimc.weights @w = dense<[[2.0, -2.0], [2.0, 0.0]]> : tensor<2x2xf32>

// CHECK-LABEL: func.func @ranges
func.func @ranges(%x: tensor<8x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>) {
  // MAX: input_range(3.500000e+00) output_range(1.72173{{.*}})
  // Three of four inputs are below 2, and three outputs below 4.
  // PERCENTILE: input_range(2.000000e+00) output_range(2.006{{.*}})
  // |mean| + 3 deviations: 2.5 and 3.
  // SIGMA: input_range(2.500000e+00) output_range(1.20598{{.*}})
  // The largest input bin ends at 3.5; noise behind the DAC narrows the range:
  // (3.5 - r)^2 / 2 = 2 r (0.04^2 * 4/6 + 1 / (12 * 127^2)).
  // MSE: input_range(3.379{{.*}}) output_range(1.77{{.*}})
  // The mean of two copies has half the noise: 0.04^2 / 2.
  // COPIES: average(2) input_range(3.41{{.*}}) output_range(1.756{{.*}})
  // The static rule does not depend on what was recorded: sqrt(2) with the noise.
  // STATIC: input_range(5.000000e+00) output_range(1.428{{.*}})
  // Ideal converters clip nothing, and ideal devices have no noise.
  // IDEAL: input_range(3.500000e+00) output_range(1.71428{{.*}})
  // REMARK: :[[@LINE+1]]:8: remark: [Passed] Calibrate | Category:aimc-calibrate | Remark="site 0 of @w: input range 3.5, output range 1.72174 (max over 2 vectors)"
  %a = aimc.mvm @w site(0) role(linear) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  // A site that saw only zeros.
  // MAX:    site(1) {{.*}} input_range(1.000000e+00) output_range(1.600000e-01)
  // IDEAL:  site(1) {{.*}} input_range(1.000000e+00) output_range(1.000000e+00)
  %b = aimc.mvm @w site(1) role(linear) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a, %b : tensor<8x2xf32>, tensor<8x2xf32>
}
