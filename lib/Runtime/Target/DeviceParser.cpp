//===- DeviceParser.cpp - Reading the device model of a target ------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The section `device`.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Target/CurveParser.h"
#include "Runtime/Target/SectionParsers.h"

using namespace aimc::runtime;
using nlohmann::json;

namespace {

/// How the curves of a device are read.
struct Curves {
  CurveForm form;
  double maxConductance; ///< uS
};

Curve readProgrammingNoise(ObjectReader &device, const Curves &curves) {
  ObjectReader object(device.reading, device.at("programming_noise"),
                      device.pathOf("programming_noise"),
                      curveFields(curves.form));
  // A constant may also be a fraction of the conductance.
  std::vector<std::string> units = {"uS"};
  if (curves.form == CurveForm::Number)
    units.push_back("1");
  std::string unit;
  Curve curve =
      readCurve(object, curves.form, curves.maxConductance, units, &unit);
  if (unit == "1")
    curve.coefficients = {0, curve.coefficients[0] * curves.maxConductance};
  return curve;
}

Curve readProgrammingError(ObjectReader &device, const Curves &curves) {
  ObjectReader object(device.reading, device.at("programming_error"),
                      device.pathOf("programming_error"),
                      curveFields(curves.form));
  return readCurve(object, curves.form, curves.maxConductance, {"uS"}, nullptr,
                   CurveSign::Any);
}

WriteVerify readWriteVerify(ObjectReader &device) {
  ObjectReader object(
      device.reading, device.at("write_verify"), device.pathOf("write_verify"),
      {"iterations", "tolerance", "unit", "provenance", "source"});
  WriteVerify result;
  result.iterations = static_cast<int>(object.integer("iterations", 1, 1000));
  result.tolerance = object.number("tolerance", {0, 1e6, /*open=*/true});
  object.oneOf("unit", {"uS"});
  const Origin origin = object.origin();
  object.record("iterations", result.iterations, "1", origin);
  object.record("tolerance", result.tolerance, "uS", origin);
  return result;
}

Curve readDriftCurve(ObjectReader &drift, const char *field,
                     const Curves &curves) {
  ObjectReader object(drift.reading, drift.at(field), drift.pathOf(field),
                      curveFields(curves.form));
  return readCurve(object, curves.form, curves.maxConductance, {"1"});
}

Drift readDrift(ObjectReader &device, const Curves &curves) {
  ObjectReader object(
      device.reading, device.at("drift"), device.pathOf("drift"),
      {"mean", "deviation", "compensation", "recalibration_interval"});
  Drift drift;
  drift.mean = readDriftCurve(object, "mean", curves);
  drift.deviation = readDriftCurve(object, "deviation", curves);
  drift.compensation =
      object.oneOf("compensation", {"none", "global", "column"});
  if (!object.has("recalibration_interval"))
    return drift;
  if (drift.compensation == "none")
    device.reading.fail(object.pathOf("recalibration_interval"),
                        "compensation global or column beside it", "none");
  drift.recalibrationInterval =
      object.figure("recalibration_interval", "s", positive).value;
  return drift;
}

LowFrequencyNoise readLowFrequencyNoise(ObjectReader &device,
                                        const Curves &curves) {
  ObjectReader object(device.reading, device.at("low_frequency_noise"),
                      device.pathOf("low_frequency_noise"),
                      curveFields(curves.form, {"read_time", "window"}));
  LowFrequencyNoise noise;
  noise.readTime = object.figure("read_time", "ns", positive).value;
  if (object.has("window"))
    noise.window = object.figure("window", "s", {0, 1e9, /*open=*/true}).value;
  noise.deviation =
      readCurve(object, curves.form, curves.maxConductance, {"1"});
  return noise;
}

ReadNoise readReadNoise(ObjectReader &device, const LowFrequencyNoise &noise) {
  const json &value = device.at("read_noise");
  const bool hasDeviation = value.is_object() && value.contains("deviation");
  ObjectReader object(device.reading, value, device.pathOf("read_noise"),
                      {"form", "deviation"});
  ReadNoise result;
  const std::string form =
      object.oneOf("form", {"square_root", "low_frequency"});
  if (form == "square_root") {
    result.form = ReadNoise::Form::SquareRoot;
    result.deviation = object.figure("deviation", "1", {0, 1e6}).value;
    return result;
  }
  result.form = ReadNoise::Form::LowFrequency;
  result.lowFrequency = noise;
  if (hasDeviation)
    device.reading.fail(object.pathOf("deviation"),
                        "form square_root beside it", "low_frequency");
  if (noise.window == 0)
    device.reading.fail(object.pathOf("form"),
                        "a 'window' in '" +
                            device.pathOf("low_frequency_noise") +
                            "' for low_frequency",
                        "none");
  return result;
}

/// Conductances after programming: bounds and levels.
void readConductances(ObjectReader &device, DeviceModel &model) {
  if (device.has("conductance_bounds")) {
    ObjectReader object(device.reading, device.at("conductance_bounds"),
                        device.pathOf("conductance_bounds"),
                        {"low", "high", "unit", "provenance", "source"});
    model.conductanceBounds[0] = object.number("low", {0, 1e6});
    model.conductanceBounds[1] = object.number("high", {0, 1e6, true});
    object.oneOf("unit", {"uS"});
    const Origin origin = object.origin();
    if (model.conductanceBounds[0] >= model.conductanceBounds[1] ||
        model.conductanceBounds[0] >= model.maxConductance)
      device.reading.fail(object.pathOf("low"),
                          "a conductance below 'high' and 'max_conductance'",
                          json(model.conductanceBounds[0]).dump());
    object.record("low", model.conductanceBounds[0], "uS", origin);
    object.record("high", model.conductanceBounds[1], "uS", origin);
  }
  if (device.has("conductance_levels")) {
    ObjectReader object(device.reading, device.at("conductance_levels"),
                        device.pathOf("conductance_levels"),
                        {"count", "provenance", "source"});
    model.conductanceLevels = object.integer("count", 2, 65536);
    object.record("count", static_cast<double>(model.conductanceLevels), "1",
                  object.origin());
  }
}

} // namespace

DeviceModel aimc::runtime::readDevice(ObjectReader &target) {
  DeviceModel device;
  const json &value = target.at("device");
  std::string path = target.pathOf("device");
  if (value.is_object() && value.contains("kind") && value["kind"] == "ideal") {
    ObjectReader object(target.reading, value, path, {"kind"});
    device.kind = "ideal";
    return device;
  }
  ObjectReader object(target.reading, value, path,
                      {"kind", "max_conductance", "reference_time",
                       "conductance_bounds", "conductance_levels",
                       "programming_error", "programming_noise", "write_verify",
                       "drift", "low_frequency_noise", "read_noise",
                       "output_noise", "defects"});
  device.kind =
      object.oneOf("kind", {"ideal", "hermes", "pcm", "gaussian", "table"});
  device.maxConductance =
      object.figure("max_conductance", "uS", {0, 1e6, /*open=*/true}).value;
  readConductances(object, device);
  const Curves curves = {device.kind == "gaussian" ? CurveForm::Number
                         : device.kind == "table"  ? CurveForm::Table
                                                   : CurveForm::Formula,
                         device.maxConductance};
  const bool hasDrift = object.has("drift");
  const bool hasLowFrequencyNoise = object.has("low_frequency_noise");
  // The zero of both laws of time.
  if (hasDrift || hasLowFrequencyNoise || object.has("reference_time"))
    device.referenceTime =
        object.figure("reference_time", "s", {0, 1e9, /*open=*/true}).value;
  if (object.has("programming_error"))
    device.programmingError = readProgrammingError(object, curves);
  device.programmingNoise = readProgrammingNoise(object, curves);
  if (object.has("write_verify"))
    device.writeVerify = readWriteVerify(object);
  if (hasDrift)
    device.drift = readDrift(object, curves);
  if (hasLowFrequencyNoise)
    device.lowFrequencyNoise = readLowFrequencyNoise(object, curves);
  if (object.has("read_noise"))
    device.readNoise = readReadNoise(object, device.lowFrequencyNoise);
  // What a window takes from the devices has to be in the reads.
  if (device.lowFrequencyNoise.window > 0 &&
      device.readNoise.form != ReadNoise::Form::LowFrequency)
    object.reading.fail(
        object.pathOf("low_frequency_noise") + ".window",
        "'" + object.pathOf("read_noise") +
            "' of form low_frequency, which has the noise of shorter periods",
        device.readNoise.form == ReadNoise::Form::None ? "none"
                                                       : "square_root");
  device.outputNoise = object.figure("output_noise", "1", {0, 1e6}).value;
  if (object.has("defects"))
    device.defects = readDefects(object);
  return device;
}
