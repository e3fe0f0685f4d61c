//===- CurveParser.h - Reading figures that depend on g ---------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A curve stands in an object beside other fields. Which fields it has follows
// from the kind of the device.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_RUNTIME_TARGET_CURVEPARSER_H
#define AIMC_LIB_RUNTIME_TARGET_CURVEPARSER_H

#include "Runtime/Target/TargetReader.h"

namespace aimc::runtime {

/// How a device kind writes its curves.
enum class CurveForm {
  Formula, ///< polynomial, logarithm or power, and a threshold between them
  Number,  ///< `value`: the same for each conductance
  Table,   ///< `values` at `conductances` (uS)
};

/// The fields of an object that holds a curve of that form and the `others`.
/// `unit`, `provenance` and `source` are among them.
std::vector<const char *> curveFields(CurveForm form,
                                      std::vector<const char *> others = {});

/// Whether a curve may be negative.
enum class CurveSign { NotNegative, Any };

/// Reads a curve, with its unit and origin, and records it among the figures.
/// `units` are those it may have; `unit`, if set, is given the one it has.
/// `maxConductance` is where a table must end, uS.
Curve readCurve(ObjectReader &object, CurveForm form, double maxConductance,
                const std::vector<std::string> &units,
                std::string *unit = nullptr,
                CurveSign sign = CurveSign::NotNegative);

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_TARGET_CURVEPARSER_H
