//===- Features.cpp - Feature maps in digital operations ------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The maps are those of the table of `kernel.features`.
//
//===----------------------------------------------------------------------===//

#include "Conversion/KernelToAIMC/Features.h"

#include "AIMC/IR/AIMC.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>

using namespace mlir;
using namespace aimc;

/// [exp(`projection` ± `shift`) | exp(-`projection` ± `shift`)] with the
/// subtraction or addition `Join` of the shift, n x 1.
template <typename Join>
static Value createExponentials(DigitalBuilder &digital, Value projection,
                                Value shift) {
  Location loc = digital.getLoc();
  auto createExponential = [&](bool isNegative) {
    return digital.createElementwise(
        projection, shift, [&](OpBuilder &body, ValueRange arguments) -> Value {
          Value exponent = arguments[0];
          if (isNegative)
            exponent = arith::NegFOp::create(body, loc, exponent);
          exponent = Join::create(body, loc, exponent, arguments[1]);
          return math::ExpOp::create(body, loc, exponent);
        });
  };
  Value positive = createExponential(false);
  return digital.createPair(positive, createExponential(true));
}

/// `softmax_trig`: exp(‖x‖²/2 - log(m)/2) times cosine and sine.
static Value createTrigonometricFeatures(DigitalBuilder &digital,
                                         const FeatureMap &map, Value input,
                                         Value projection) {
  Location loc = digital.getLoc();
  double directions = static_cast<double>(map.directions);
  Value exponent =
      digital.createSquaredNorm(input, 0.5, -0.5 * std::log(directions));
  Value factor = digital.createScaled<math::ExpOp>(exponent, 1);
  Value cosine = digital.createElementwise(
      projection, factor, [&](OpBuilder &body, ValueRange arguments) -> Value {
        Value value = math::CosOp::create(body, loc, arguments[0]);
        return arith::MulFOp::create(body, loc, value, arguments[1]);
      });
  Value sine = digital.createElementwise(
      projection, factor, [&](OpBuilder &body, ValueRange arguments) -> Value {
        Value value = math::SinOp::create(body, loc, arguments[0]);
        return arith::MulFOp::create(body, loc, value, arguments[1]);
      });
  return digital.createPair(cosine, sine);
}

/// `factor` times the functions of the projection that a map other than softmax
/// has.
static Value createFunctions(DigitalBuilder &digital, const FeatureMap &map,
                             Value projection, double factor) {
  Location loc = digital.getLoc();
  auto multiply = [&](OpBuilder &body, Value value, Value by) -> Value {
    return by ? arith::MulFOp::create(body, loc, value, by) : value;
  };
  auto createFactor = [&] {
    return factor == 1 ? Value() : digital.createConstant(factor);
  };
  switch (map.map) {
  case kernel::Map::rbf: {
    Value cosine = digital.createScaled<math::CosOp>(projection, factor);
    Value sine = digital.createScaled<math::SinOp>(projection, factor);
    return digital.createPair(cosine, sine);
  }
  case kernel::Map::rbf_phase: {
    // By itself, for a unit at the core can add the offset.
    Value phase = digital.createElementwise(
        projection, map.offset,
        [&](OpBuilder &body, ValueRange arguments) -> Value {
          return arith::AddFOp::create(body, loc, arguments[0], arguments[1]);
        });
    return digital.createScaled<math::CosOp>(phase, factor);
  }
  case kernel::Map::arccos0:
    return digital.createScaled<StepOp>(projection, factor);
  case kernel::Map::arccos1:
  case kernel::Map::arccos2: {
    Value zero = digital.createConstant(0.0);
    Value by = createFactor();
    return digital.createElementwise(
        projection, {}, [&](OpBuilder &body, ValueRange arguments) -> Value {
          Value value =
              arith::MaximumFOp::create(body, loc, arguments[0], zero);
          if (map.map == kernel::Map::arccos2)
            value = arith::MulFOp::create(body, loc, value, value);
          return multiply(body, value, by);
        });
  }
  case kernel::Map::relu: {
    Value zero = digital.createConstant(0.0);
    Value by = createFactor();
    Value offset = digital.createConstant(map.epsilon * factor);
    return digital.createElementwise(
        projection, {}, [&](OpBuilder &body, ValueRange arguments) -> Value {
          Value value =
              arith::MaximumFOp::create(body, loc, arguments[0], zero);
          return arith::AddFOp::create(body, loc, multiply(body, value, by),
                                       offset);
        });
  }
  case kernel::Map::softmax_pos:
  case kernel::Map::softmax_trig:
    break;
  }
  llvm_unreachable("softmax maps have factors of the input");
}

Value aimc::createFeatures(DigitalBuilder &digital, const FeatureMap &map,
                           bool isStable, Value input, Value projection) {
  double directions = static_cast<double>(map.directions);
  switch (map.map) {
  case kernel::Map::softmax_pos:
    // The factors stand in the exponents. The largest exponent of a row is
    // max|Ωx| with the factors, which subtracting it cancels.
    if (isStable)
      return createExponentials<arith::SubFOp>(
          digital, projection, digital.createLargestMagnitude(projection));
    return createExponentials<arith::AddFOp>(
        digital, projection,
        digital.createSquaredNorm(input, -0.5,
                                  -0.5 * std::log(2.0 * directions)));
  case kernel::Map::softmax_trig:
    return createTrigonometricFeatures(digital, map, input, projection);
  case kernel::Map::rbf:
  case kernel::Map::relu:
    return createFunctions(digital, map, projection,
                           1.0 / std::sqrt(directions));
  case kernel::Map::rbf_phase:
  case kernel::Map::arccos0:
  case kernel::Map::arccos1:
  case kernel::Map::arccos2:
    return createFunctions(digital, map, projection,
                           std::sqrt(2.0 / directions));
  }
  llvm_unreachable("unknown map");
}

AttentionFeatures aimc::createAttentionFeatures(DigitalBuilder &digital,
                                                const FeatureMap &map,
                                                double scale, bool isKey,
                                                Value input, Value projection) {
  if (map.map != kernel::Map::softmax_pos &&
      map.map != kernel::Map::softmax_trig)
    return {createFunctions(digital, map, projection, /*factor=*/1), Value()};

  // By itself, for a unit at the core can multiply.
  if (scale != 1)
    projection = digital.createScaled(projection, std::sqrt(scale));
  if (map.map == kernel::Map::softmax_trig) {
    Value cosine = digital.createScaled<math::CosOp>(projection, 1);
    Value sine = digital.createScaled<math::SinOp>(projection, 1);
    Value logScale =
        isKey ? digital.createSquaredNorm(input, 0.5 * scale, 0) : Value();
    return {digital.createPair(cosine, sine), logScale};
  }
  Value largest = digital.createLargestMagnitude(projection);
  Value features =
      createExponentials<arith::SubFOp>(digital, projection, largest);
  if (!isKey)
    return {features, Value()};
  Location loc = digital.getLoc();
  Value norm = digital.createSquaredNorm(input, -0.5 * scale, 0);
  Value logScale = digital.createElementwise(
      largest, norm, [&](OpBuilder &body, ValueRange arguments) -> Value {
        return arith::AddFOp::create(body, loc, arguments[0], arguments[1]);
      });
  return {features, logScale};
}
