// RUN: aimc-opt %s --split-input-file --verify-diagnostics --aimc-set-target=target=%S/Inputs/fixed-point-target.json --aimc-fold-nmpu

// (C6) Scales are not negative.
aimc.weights @w = dense<[[0.5, -0.25], [0.25, 0.5]]> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(0) at(0, 0)
aimc.program @p on("near") (%x: vector<2xf32>) -> (vector<2xf32>) {
  %g = arith.constant dense<[1.0, -0.3]> : vector<2xf32>
  %y = arith.mulf %x, %g : vector<2xf32>
  // expected-error @below {{'aimc.yield' op expects column 1 of 'w' to have a scale on fixed-point unit 'near' that is 0 or above 0.00390625, but got -0.3: gain -0.3, count 0.25, unit of the results 0.25}}
  aimc.yield %y : vector<2xf32>
}
func.func @f(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %y = aimc.mvm @w site(0) role(linear) grid [1, 1] input_range(2.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %z = aimc.execute @p ins(%y : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %z : tensor<8x2xf32>
}

// -----

// (C6) A column beside one that is a thousand times larger has no scale left.
aimc.weights @w = dense<[[0.5, -0.25], [0.25, 0.5]]> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(0) at(0, 0)
aimc.program @p on("near") (%x: vector<2xf32>) -> (vector<2xf32>) {
  %g = arith.constant dense<[1.0, 0.001]> : vector<2xf32>
  %y = arith.mulf %x, %g : vector<2xf32>
  // expected-error @below {{'aimc.yield' op expects column 1 of 'w' to have a scale on fixed-point unit 'near' that is 0 or above 0.00390625, but got 0.001: gain 0.001, count 0.25, unit of the results 0.25}}
  aimc.yield %y : vector<2xf32>
}
func.func @f(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %y = aimc.mvm @w site(0) role(linear) grid [1, 1] input_range(2.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %z = aimc.execute @p ins(%y : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %z : tensor<8x2xf32>
}

// -----

// (C5) Results that are all 0 have no unit.
aimc.weights @w = dense<[[0.5, -0.25], [0.25, 0.5]]> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(0) at(0, 0)
aimc.program @p on("near") (%x: vector<2xf32>) -> (vector<2xf32>) {
  %g = arith.constant dense<0.0> : vector<2xf32>
  %y = arith.mulf %x, %g : vector<2xf32>
  // expected-error @below {{'aimc.yield' op expects results on fixed-point unit 'near' that are finite and not all 0, but got zeros}}
  aimc.yield %y : vector<2xf32>
}
func.func @f(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %y = aimc.mvm @w site(0) role(linear) grid [1, 1] input_range(2.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %z = aimc.execute @p ins(%y : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %z : tensor<8x2xf32>
}

// -----

// (C3) The unit has no cosine.
aimc.weights @w = dense<[[0.5, -0.25], [0.25, 0.5]]> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(0) at(0, 0)
aimc.program @p on("near") (%x: vector<2xf32>) -> (vector<2xf32>) {
  // expected-error @below {{'math.cos' op expects an instruction that folds into a scale and an offset, but got 'math.cos'}}
  %y = math.cos %x : vector<2xf32>
  aimc.yield %y : vector<2xf32>
}
func.func @f(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %y = aimc.mvm @w site(0) role(linear) grid [1, 1] input_range(2.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %z = aimc.execute @p ins(%y : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %z : tensor<8x2xf32>
}

// -----

// (C3) A square is no scale.
aimc.weights @w = dense<[[0.5, -0.25], [0.25, 0.5]]> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(0) at(0, 0)
aimc.program @p on("near") (%x: vector<2xf32>) -> (vector<2xf32>) {
  // expected-error @below {{'arith.mulf' op expects an instruction that folds into a scale and an offset, but got two rows that depend on inputs}}
  %y = arith.mulf %x, %x : vector<2xf32>
  aimc.yield %y : vector<2xf32>
}
func.func @f(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %y = aimc.mvm @w site(0) role(linear) grid [1, 1] input_range(2.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %z = aimc.execute @p ins(%y : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %z : tensor<8x2xf32>
}

// -----

// (C3) Nor is an inverse.
aimc.weights @w = dense<[[0.5, -0.25], [0.25, 0.5]]> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(0) at(0, 0)
aimc.program @p on("near") (%x: vector<2xf32>) -> (vector<2xf32>) {
  %one = arith.constant dense<1.0> : vector<2xf32>
  // expected-error @below {{'arith.divf' op expects an instruction that folds into a scale and an offset, but got a division by a row that depends on the input}}
  %y = arith.divf %one, %x : vector<2xf32>
  aimc.yield %y : vector<2xf32>
}
func.func @f(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %y = aimc.mvm @w site(0) role(linear) grid [1, 1] input_range(2.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %z = aimc.execute @p ins(%y : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %z : tensor<8x2xf32>
}

// -----

// (C3) Nothing is divided by 0.
aimc.weights @w = dense<[[0.5, -0.25], [0.25, 0.5]]> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(0) at(0, 0)
aimc.program @p on("near") (%x: vector<2xf32>) -> (vector<2xf32>) {
  %g = arith.constant dense<[1.0, 0.0]> : vector<2xf32>
  // expected-error @below {{'arith.divf' op expects an instruction that folds into a scale and an offset, but got a division by 0}}
  %y = arith.divf %x, %g : vector<2xf32>
  aimc.yield %y : vector<2xf32>
}
func.func @f(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %y = aimc.mvm @w site(0) role(linear) grid [1, 1] input_range(2.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %z = aimc.execute @p ins(%y : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %z : tensor<8x2xf32>
}

// -----

// (C3) A maximum is a ReLU.
aimc.weights @w = dense<[[0.5, -0.25], [0.25, 0.5]]> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(0) at(0, 0)
aimc.program @p on("near") (%x: vector<2xf32>) -> (vector<2xf32>) {
  %one = arith.constant dense<1.0> : vector<2xf32>
  // expected-error @below {{'arith.maximumf' op expects an instruction that folds into a scale and an offset, but got a maximum with another value than 0}}
  %y = arith.maximumf %x, %one : vector<2xf32>
  aimc.yield %y : vector<2xf32>
}
func.func @f(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %y = aimc.mvm @w site(0) role(linear) grid [1, 1] input_range(2.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %z = aimc.execute @p ins(%y : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %z : tensor<8x2xf32>
}

// -----

// (C3) Behind a ReLU there is no offset.
aimc.weights @w = dense<[[0.5, -0.25], [0.25, 0.5]]> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(0) at(0, 0)
aimc.program @p on("near") (%x: vector<2xf32>) -> (vector<2xf32>) {
  %zero = arith.constant dense<0.0> : vector<2xf32>
  %one = arith.constant dense<1.0> : vector<2xf32>
  %r = arith.maximumf %x, %zero : vector<2xf32>
  // expected-error @below {{'arith.addf' op expects an instruction that folds into a scale and an offset, but got a negative factor or a term behind the ReLU}}
  %y = arith.addf %r, %one : vector<2xf32>
  aimc.yield %y : vector<2xf32>
}
func.func @f(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %y = aimc.mvm @w site(0) role(linear) grid [1, 1] input_range(2.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %z = aimc.execute @p ins(%y : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %z : tensor<8x2xf32>
}

// -----

// (C3) Constants are not computed.
aimc.weights @w = dense<[[0.5, -0.25], [0.25, 0.5]]> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(0) at(0, 0)
aimc.program @p on("near") (%x: vector<2xf32>) -> (vector<2xf32>) {
  %one = arith.constant dense<1.0> : vector<2xf32>
  // expected-error @below {{'arith.addf' op expects an instruction that folds into a scale and an offset, but got constants alone}}
  %two = arith.addf %one, %one : vector<2xf32>
  %y = arith.mulf %x, %two : vector<2xf32>
  aimc.yield %y : vector<2xf32>
}
func.func @f(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %y = aimc.mvm @w site(0) role(linear) grid [1, 1] input_range(2.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %z = aimc.execute @p ins(%y : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %z : tensor<8x2xf32>
}

// -----

// (C4) A result is one of the input.
aimc.weights @w = dense<[[0.5, -0.25], [0.25, 0.5]]> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(0) at(0, 0)
aimc.program @p on("near") (%x: vector<2xf32>) -> (vector<2xf32>) {
  %y = arith.constant dense<1.0> : vector<2xf32>
  // expected-error @below {{'aimc.yield' op expects results of the input on fixed-point unit 'near', but got a constant}}
  aimc.yield %y : vector<2xf32>
}
func.func @f(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %y = aimc.mvm @w site(0) role(linear) grid [1, 1] input_range(2.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %z = aimc.execute @p ins(%y : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %z : tensor<8x2xf32>
}

// -----

// (C1) The input is the result of a product.
aimc.weights @w = dense<[[0.5, -0.25], [0.25, 0.5]]> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(0) at(0, 0)
aimc.program @p on("near") (%x: vector<2xf32>) -> (vector<2xf32>) {
  %y = arith.negf %x : vector<2xf32>
  aimc.yield %y : vector<2xf32>
}
func.func @f(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-error @below {{'aimc.execute' op expects inputs of fixed-point unit 'near' that are results of products on crossbars, but got another value}}
  %z = aimc.execute @p ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %z : tensor<8x2xf32>
}

// -----

// (C2) Partial sums of several tiles are no counts.
aimc.weights @w = dense<0.5> : tensor<6x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 3) columns(0, 2) on chip(0) core(0) at(0, 0)
aimc.tile @w_1_0 of @w index [1, 0] rows(3, 3) columns(0, 2) on chip(0) core(1) at(0, 0)
aimc.program @p on("near") (%x: vector<2xf32>) -> (vector<2xf32>) {
  %y = arith.negf %x : vector<2xf32>
  aimc.yield %y : vector<2xf32>
}
func.func @f(%x: tensor<8x6xf32>, %init: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-note @below {{the product}}
  %y = aimc.mvm @w site(0) role(linear) grid [2, 1] input_range(2.0) output_range(31.75)
      ins(%x : tensor<8x6xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  // expected-error @below {{'aimc.execute' op expects one row of tiles, whose counts a fixed-point unit sees, but got 2 rows of tiles}}
  %z = aimc.execute @p ins(%y : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %z : tensor<8x2xf32>
}

// -----

// (C2) Nor are means over copies.
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(0) at(0, 0)
aimc.tile @w_0_0_copy_1 of @w copy(1) index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(1) at(0, 0)
aimc.program @p on("near") (%x: vector<2xf32>) -> (vector<2xf32>) {
  %y = arith.negf %x : vector<2xf32>
  aimc.yield %y : vector<2xf32>
}
func.func @f(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-note @below {{the product}}
  %y = aimc.mvm @w site(0) role(linear) grid [1, 1] average(2) input_range(2.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  // expected-error @below {{'aimc.execute' op expects one row of tiles, whose counts a fixed-point unit sees, but got the mean over 2 copies}}
  %z = aimc.execute @p ins(%y : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %z : tensor<8x2xf32>
}

// -----

// (C3) Two products are not added.
aimc.weights @w = dense<[[0.5, -0.25], [0.25, 0.5]]> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(0) at(0, 0)
aimc.program @p on("near") (%x: vector<2xf32>, %a: vector<2xf32>) -> (vector<2xf32>) {
  // expected-error @below {{'arith.addf' op expects an instruction that folds into a scale and an offset, but got two rows that depend on inputs}}
  %y = arith.addf %x, %a : vector<2xf32>
  aimc.yield %y : vector<2xf32>
}
func.func @f(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %a = aimc.mvm @w site(0) role(linear) grid [1, 1] input_range(2.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %b = aimc.mvm @w site(1) role(linear) grid [1, 1] input_range(2.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %z = aimc.execute @p ins(%a, %b : tensor<8x2xf32>, tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %z : tensor<8x2xf32>
}

// -----

// (C3) A number computed for each row is not one scale a column.
aimc.weights @w = dense<[[0.5, -0.25], [0.25, 0.5]]> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 1) on chip(0) core(0) at(0, 0)
aimc.tile @w_0_1 of @w index [0, 1] rows(0, 2) columns(1, 1) on chip(0) core(1) at(0, 0)
aimc.program @p on("near") (%x: vector<2xf32>) -> (vector<1xf32>) {
  // expected-error @below {{'vector.reduction' op expects an instruction that folds into a scale and an offset, but got 'vector.reduction'}}
  %s = vector.reduction <add>, %x : vector<2xf32> into f32
  %y = vector.broadcast %s : f32 to vector<1xf32>
  aimc.yield %y : vector<1xf32>
}
func.func @f(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>, %numbers: tensor<8x1xf32>) -> tensor<8x1xf32> {
  %a = aimc.mvm @w site(0) role(linear) grid [1, 2] input_range(2.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %z = aimc.execute @p ins(%a : tensor<8x2xf32>) outs(%numbers : tensor<8x1xf32>) -> tensor<8x1xf32>
  return %z : tensor<8x1xf32>
}

// -----

// (C3) Nor is a column for all.
aimc.weights @w = dense<[[0.5], [0.25]]> : tensor<2x1xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 1) on chip(0) core(0) at(0, 0)
aimc.program @p on("near") (%x: vector<1xf32>) -> (vector<2xf32>) {
  // expected-error @below {{'vector.broadcast' op expects an instruction that folds into a scale and an offset, but got a number for all columns}}
  %y = vector.broadcast %x : vector<1xf32> to vector<2xf32>
  aimc.yield %y : vector<2xf32>
}
func.func @f(%x: tensor<8x2xf32>, %init: tensor<8x1xf32>, %columns: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %a = aimc.mvm @w site(0) role(linear) grid [1, 1] input_range(2.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x1xf32>) -> tensor<8x1xf32>
  %z = aimc.execute @p ins(%a : tensor<8x1xf32>) outs(%columns : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %z : tensor<8x2xf32>
}

// -----

// (C5) NaN has no scale, nor has an infinity.
aimc.weights @w = dense<[[0.5, -0.25], [0.25, 0.5]]> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(0) at(0, 0)
aimc.program @p on("near") (%x: vector<2xf32>) -> (vector<2xf32>) {
  %g = arith.constant dense<[0x7FC00000, 1.0]> : vector<2xf32>
  %y = arith.mulf %x, %g : vector<2xf32>
  // expected-error @below {{'aimc.yield' op expects results on fixed-point unit 'near' that are finite and not all 0, but got others}}
  aimc.yield %y : vector<2xf32>
}
func.func @f(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %y = aimc.mvm @w site(0) role(linear) grid [1, 1] input_range(2.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %z = aimc.execute @p ins(%y : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %z : tensor<8x2xf32>
}

// -----

// (C5) An offset that is infinite.
aimc.weights @w = dense<[[0.5, -0.25], [0.25, 0.5]]> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(0) at(0, 0)
aimc.program @p on("near") (%x: vector<2xf32>) -> (vector<2xf32>) {
  %b = arith.constant dense<[0.0, 0xFF800000]> : vector<2xf32>
  %y = arith.addf %x, %b : vector<2xf32>
  // expected-error @below {{'aimc.yield' op expects results on fixed-point unit 'near' that are finite and not all 0, but got others}}
  aimc.yield %y : vector<2xf32>
}
func.func @f(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %y = aimc.mvm @w site(0) role(linear) grid [1, 1] input_range(2.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %z = aimc.execute @p ins(%y : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %z : tensor<8x2xf32>
}
