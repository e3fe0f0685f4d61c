//===- CurveParser.cpp - Reading figures that depend on g -----------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Formulas, numbers and tables.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Target/CurveParser.h"

#include <algorithm>
#include <iterator>

using namespace aimc::runtime;
using nlohmann::json;

std::vector<const char *>
aimc::runtime::curveFields(CurveForm form, std::vector<const char *> others) {
  std::vector<const char *> fields;
  switch (form) {
  case CurveForm::Formula:
    fields = {"threshold", "logarithm", "power", "bounds", "coefficients"};
    break;
  case CurveForm::Number:
    fields = {"value"};
    break;
  case CurveForm::Table:
    fields = {"conductances", "values"};
    break;
  }
  std::copy(others.begin(), others.end(), std::back_inserter(fields));
  for (const char *field : {"unit", "provenance", "source"})
    fields.push_back(field);
  return fields;
}

static constexpr Bounds anyCoefficient = {-1e6, 1e6};

/// Bounds of the values of a curve.
static Bounds boundsOf(CurveSign sign) {
  return sign == CurveSign::Any ? anyCoefficient : Bounds{0, 1e6};
}

/// Checks a polynomial of x that must not be negative from `low` to 1.
static void checkPolynomial(ObjectReader &object, const Curve &curve) {
  const double low = curve.threshold;
  for (int step = 0; step <= 100 && !object.reading.failed(); ++step) {
    const double x = low + (1 - low) * step / 100;
    const double value = curve.evaluate(x);
    if (value < 0)
      object.reading.fail(object.pathOf("coefficients"),
                          "a polynomial that is not negative from " +
                              json(low).dump() + " to 1.0",
                          json(value).dump() + " at " + json(x).dump());
  }
}

/// Reads the part below the threshold.
static void readBelow(ObjectReader &object, const char *field, CurveSign sign,
                      Curve &curve) {
  curve.below = std::string_view(field) == "power" ? Curve::Below::Power
                                                   : Curve::Below::Logarithm;
  const std::vector<double> parameters =
      object.numbers(field, 2, 2, anyCoefficient);
  const std::vector<double> bounds =
      object.numbers("bounds", 2, 2, boundsOf(sign));
  if (object.reading.failed())
    return;
  if (bounds[0] > bounds[1])
    object.reading.fail(
        object.pathOf("bounds"), "a lower bound before an upper one",
        json(bounds[0]).dump() + " before " + json(bounds[1]).dump());
  std::copy(parameters.begin(), parameters.end(), curve.parameters);
  std::copy(bounds.begin(), bounds.end(), curve.bounds);
}

/// The one of logarithm and power that is there, or null.
static const char *belowField(const ObjectReader &object) {
  return object.has("logarithm") ? "logarithm"
         : object.has("power")   ? "power"
                                 : nullptr;
}

static Curve readFormula(ObjectReader &object, CurveSign sign) {
  Curve curve;
  const char *below = belowField(object);
  if (object.has("logarithm") && object.has("power"))
    object.reading.fail(object.pathOf("power"), "no 'logarithm' beside it",
                        "both");
  if (!below && (object.has("threshold") || object.has("bounds")))
    object.at("logarithm"); // Tells that it is missing.
  if (below)
    readBelow(object, below, sign, curve);
  // Beyond every x unless a polynomial follows.
  if (below && !object.has("threshold") && !object.has("coefficients")) {
    curve.threshold = 2;
    return curve;
  }
  if (below)
    curve.threshold = object.number("threshold", {0, 1});
  curve.coefficients = object.numbers("coefficients", 1, 8, anyCoefficient);
  if (sign == CurveSign::NotNegative)
    checkPolynomial(object, curve);
  return curve;
}

static Curve readTable(ObjectReader &object, double maxConductance,
                       CurveSign sign) {
  constexpr size_t Most = 64;
  Curve curve;
  curve.points = object.numbers("conductances", 2, Most, {0, 1e6});
  curve.values = object.numbers("values", 2, Most, boundsOf(sign));
  const std::string path = object.pathOf("conductances");
  if (object.reading.failed())
    return {};
  if (curve.values.size() != curve.points.size())
    object.reading.fail(object.pathOf("values"),
                        "a value for each of " +
                            std::to_string(curve.points.size()) +
                            " conductances",
                        std::to_string(curve.values.size()) + " of them");
  for (size_t i = 1; i < curve.points.size(); ++i)
    if (curve.points[i] <= curve.points[i - 1])
      object.reading.fail(path + "[" + std::to_string(i) + "]",
                          "a conductance above the one before it",
                          json(curve.points[i]).dump() + " after " +
                              json(curve.points[i - 1]).dump());
  if (curve.points.front() != 0 || curve.points.back() != maxConductance)
    object.reading.fail(path,
                        "conductances from 0.0 to the largest of " +
                            json(maxConductance).dump(),
                        json(curve.points.front()).dump() + " to " +
                            json(curve.points.back()).dump());
  if (object.reading.failed())
    return {};
  for (double &point : curve.points)
    point /= maxConductance;
  return curve;
}

Curve aimc::runtime::readCurve(ObjectReader &object, CurveForm form,
                               double maxConductance,
                               const std::vector<std::string> &units,
                               std::string *unit, CurveSign sign) {
  Curve curve;
  switch (form) {
  case CurveForm::Formula:
    curve = readFormula(object, sign);
    break;
  case CurveForm::Number:
    curve = Curve::constant(object.number("value", boundsOf(sign)));
    break;
  case CurveForm::Table:
    curve = readTable(object, maxConductance, sign);
    break;
  }
  const std::string unitOfCurve = object.oneOf("unit", units);
  const Origin origin = object.origin();
  if (object.reading.failed())
    return {};
  if (unit)
    *unit = unitOfCurve;
  if (form == CurveForm::Table)
    object.record("values", curve.values[0], unitOfCurve.c_str(), origin);
  else if (form == CurveForm::Number)
    object.record("value", curve.coefficients[0], unitOfCurve.c_str(), origin);
  else if (!curve.coefficients.empty())
    object.record("coefficients", curve.coefficients[0], unitOfCurve.c_str(),
                  origin);
  else
    object.record(belowField(object), curve.parameters[0], unitOfCurve.c_str(),
                  origin);
  return curve;
}
