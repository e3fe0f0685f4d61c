//===- DeviceModel.h - How memory cells deviate -----------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The section `device` of a target description: how a weight becomes a pair of
// conductances, and what happens to them between programming and a read.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_DEVICEMODEL_H
#define AIMC_RUNTIME_DEVICEMODEL_H

#include <cstdint>
#include <string>
#include <vector>

namespace aimc::runtime {

/// A figure of a device as a function of its conductance x = g / g_max, 0 <= x
/// <= 1, ln x floored at ln 1e-7. Either a formula:
///
///   x < threshold: clamp(parameters[0] + parameters[1] ln x, bounds), or
///                  clamp(parameters[0] x^parameters[1], bounds),
///   else           sum_i coefficients[i] x^i,
///
/// or a table, between whose points it is linear. The default is 0 everywhere.
struct Curve {
  enum class Below { Nothing, Logarithm, Power };
  Below below = Below::Nothing; ///< what holds below the threshold
  double threshold = 0;         ///< above 1: there is no polynomial
  double parameters[2] = {0, 0};
  double bounds[2] = {0, 0};        ///< ascending
  std::vector<double> coefficients; ///< of the polynomial
  std::vector<double> points;       ///< x of a table, from 0 to 1; else empty
  std::vector<double> values;       ///< at the points

  /// Its value in FP64, for 0 <= x <= 1. The simulator computes in FP32.
  double evaluate(double x) const;

  /// Whether it is 0 for every x.
  bool isZero() const;

  /// The same value everywhere.
  static Curve constant(double value);
};

/// Programming in several attempts: a device whose conductance is off its
/// target by more than the tolerance is programmed anew.
struct WriteVerify {
  int iterations = 1;   ///< attempts in all, >= 1
  double tolerance = 0; ///< uS, if there are several attempts
};

/// A device's conductance falls as g (t0 + t / t0)^-nu after programming, nu =
/// |mean(x) + deviation(x) xi| with xi drawn once for each device.
struct Drift {
  Curve mean, deviation;
  /// `none`; `global`: outputs of a tile are multiplied by one factor, the mean
  /// |output| of unit vectors at programming over that now; `column`: by one
  /// factor a column.
  std::string compensation = "none";
  /// Factors in use are those of the last multiple of this time, s; 0: those of
  /// the time of use.
  double recalibrationInterval = 0;
};

/// Relative noise of a conductance that grows with the time t after
/// programming: its standard deviation is q(x) sqrt(ln((T + t_r) / (2 t_r))),
/// T = t + t0, drawn once for each device.
struct LowFrequencyNoise {
  double readTime = 0; ///< t_r, ns
  Curve deviation;     ///< q
  /// Noise of shorter periods than this, in s, is not in what is drawn once:
  /// `ReadNoise` has it. 0: all is drawn once.
  double window = 0;
};

/// Noise of the devices from one MVM to the next.
struct ReadNoise {
  enum class Form {
    None,
    SquareRoot,   ///< variance deviation^2 |w|, w in units of the largest
    LowFrequency, ///< variance w^2 q(x)^2 ln((window + t_r) / (2 t_r))
  };
  Form form = Form::None;
  double deviation = 0; ///< of `SquareRoot`
  /// Of `LowFrequency`: q, t_r and window as above.
  LowFrequencyNoise lowFrequency;
};

/// A place that does not work. The meaning of `column` and `row` is that of
/// the list which the place is in; otherwise they are -1.
struct DeadPlace {
  int64_t chip = 0, core = 0, row = -1, column = -1;
};

/// Devices and parts of a chip that do not work.
struct Defects {
  double stuckLow = 0;  ///< fraction of devices that stay at the least
  double stuckHigh = 0; ///< fraction that stays at the largest conductance
  std::vector<DeadPlace> cells, columns, cores; ///< no current flows there

  bool empty() const {
    return stuckLow == 0 && stuckHigh == 0 && cells.empty() &&
           columns.empty() && cores.empty();
  }
};

/// How weights become conductances and outputs become noisy.
struct DeviceModel {
  /// `ideal` (exact weights, no noise; the rest is then unset), `hermes` and
  /// `pcm` (formulas, as fitted to chips), `gaussian` (constants) or `table`.
  std::string kind;
  double maxConductance = 0; ///< g_max, uS: that of a tile's largest weight
  double referenceTime = 0;  ///< t0, s; 0 if nothing depends on time
  /// Conductances a device can have after programming, uS. An upper bound of 0
  /// says there is none.
  double conductanceBounds[2] = {0, 0};
  int64_t conductanceLevels = 0; ///< equally spaced from 0 to g_max; 0: any
  Curve programmingError;        ///< mean distance from the target, uS, signed
  Curve programmingNoise;        ///< standard deviation, uS
  WriteVerify writeVerify;
  Drift drift;
  LowFrequencyNoise lowFrequencyNoise;
  ReadNoise readNoise;
  /// Standard deviation of the output noise before the ADC, in units of
  /// (input / input range) times (weight / largest weight); 0: none.
  double outputNoise = 0;
  Defects defects;
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_DEVICEMODEL_H
