//===- PackedCurve.h - Curves for the vector kernels ------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A curve of the target in FP32, with the memory that the kernels read.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_DEVICES_SIMULATOR_PACKEDCURVE_H
#define AIMC_RUNTIME_DEVICES_SIMULATOR_PACKEDCURVE_H

#include "Runtime/Kernels/Engine.h"
#include "aimc/Runtime/DeviceModel.h"

namespace aimc::runtime {

class PackedCurve {
public:
  explicit PackedCurve(const Curve &curve)
      : coefficients(curve.coefficients.begin(), curve.coefficients.end()),
        points(curve.points.begin(), curve.points.end()),
        values(curve.values.begin(), curve.values.end()), curve(curve) {}

  /// Valid as long as this object lives.
  CurveRequest request() const {
    const auto narrow = [](double value) { return static_cast<float>(value); };
    return {narrow(curve.threshold),
            curve.below == Curve::Below::Power,
            {narrow(curve.parameters[0]), narrow(curve.parameters[1])},
            {narrow(curve.bounds[0]), narrow(curve.bounds[1])},
            coefficients.data(),
            static_cast<int64_t>(coefficients.size()),
            points.data(),
            values.data(),
            static_cast<int64_t>(points.size())};
  }

private:
  std::vector<float> coefficients, points, values;
  const Curve &curve;
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_DEVICES_SIMULATOR_PACKEDCURVE_H
