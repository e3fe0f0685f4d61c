//===- DeviceParserTest.cpp - The device of a target ------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Device models that are no built-in target's: all that they can have is read,
// documented and can be left out, and what is wrong is told.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/TargetEffects.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <set>

using namespace aimc::runtime;
using nlohmann::json;

namespace {

/// A curve or an object of figures with its origin.
json with(json fields, const char *unit = nullptr) {
  if (unit)
    fields["unit"] = unit;
  fields["provenance"] = "measured";
  return fields;
}

/// The target `hermes` with a device that has all there is.
json completeTarget(const std::string &kind) {
  json target = json::parse(*TargetDescription::builtin("hermes"));
  target["array"]["segment_resistance"] = with({{"value", 0.35}}, "ohm");
  json &device = target["device"];
  device["kind"] = kind;
  const auto curve = [&](double low, double high, const char *unit) {
    if (kind == "table")
      return with(
          {{"conductances", {0, 5, 20.7}}, {"values", {low, high, high}}},
          unit);
    if (kind == "gaussian")
      return with({{"value", high}}, unit);
    return with({{"coefficients", {low, high - low}}}, unit);
  };
  device["programming_error"] = curve(-0.2, -0.3, "uS");
  device["programming_noise"] = curve(0.1, 1, "uS");
  device["write_verify"] = with({{"iterations", 5}, {"tolerance", 0.5}}, "uS");
  device["conductance_bounds"] = with({{"low", 0.1}, {"high", 25}}, "uS");
  device["conductance_levels"] = with({{"count", 16}});
  device["drift"] = {{"mean", curve(0.05, 0.06, "1")},
                     {"deviation", curve(0.01, 0.02, "1")},
                     {"compensation", "column"},
                     {"recalibration_interval", with({{"value", 3600}}, "s")}};
  device["low_frequency_noise"] = curve(0.01, 0.02, "1");
  device["low_frequency_noise"]["read_time"] = with({{"value", 100}}, "ns");
  device["low_frequency_noise"]["window"] = with({{"value", 0.5}}, "s");
  device["read_noise"] = {{"form", "low_frequency"}};
  device["defects"] = with({{"stuck_low", 0.01},
                            {"stuck_high", 0.02},
                            {"dead_cells", {{0, 1, 2, 3}}},
                            {"dead_columns", {{0, 4, 5}}},
                            {"dead_cores", {{0, 6}}}});
  return target;
}

std::string errorOf(const json &target) {
  std::string error;
  EXPECT_FALSE(TargetDescription::parse(target.dump(), error)) << target;
  return error;
}

TEST(DeviceParser, ReadsAllThereIs) {
  for (const char *kind : {"hermes", "pcm", "gaussian", "table"}) {
    std::string error;
    const auto target =
        TargetDescription::parse(completeTarget(kind).dump(), error);
    ASSERT_TRUE(target) << error;
    EXPECT_EQ(target->array.segmentResistance, 0.35);
    const DeviceModel &device = target->device;
    EXPECT_EQ(device.kind, kind);
    EXPECT_EQ(device.programmingError.evaluate(1), -0.3);
    EXPECT_EQ(device.programmingNoise.evaluate(1), 1);
    EXPECT_EQ(device.programmingNoise.evaluate(0),
              std::string(kind) == "gaussian" ? 1 : 0.1);
    EXPECT_EQ(device.writeVerify.iterations, 5);
    EXPECT_EQ(device.writeVerify.tolerance, 0.5);
    EXPECT_EQ(device.conductanceBounds[0], 0.1);
    EXPECT_EQ(device.conductanceBounds[1], 25);
    EXPECT_EQ(device.conductanceLevels, 16);
    EXPECT_EQ(device.drift.mean.evaluate(1), 0.06);
    EXPECT_EQ(device.drift.deviation.evaluate(1), 0.02);
    EXPECT_EQ(device.drift.compensation, "column");
    EXPECT_EQ(device.drift.recalibrationInterval, 3600);
    EXPECT_EQ(device.lowFrequencyNoise.readTime, 100);
    EXPECT_EQ(device.lowFrequencyNoise.window, 0.5);
    EXPECT_EQ(device.readNoise.form, ReadNoise::Form::LowFrequency);
    EXPECT_EQ(device.readNoise.lowFrequency.window, 0.5);
    EXPECT_EQ(device.defects.stuckHigh, 0.02);
    ASSERT_EQ(device.defects.cells.size(), 1u);
    EXPECT_EQ(device.defects.cells[0].row, 2);
    EXPECT_EQ(device.defects.cells[0].column, 3);
    ASSERT_EQ(device.defects.columns.size(), 1u);
    EXPECT_EQ(device.defects.columns[0].column, 5);
    ASSERT_EQ(device.defects.cores.size(), 1u);
    EXPECT_EQ(device.defects.cores[0].core, 6);
    // Each effect is there and can be left out alone.
    for (const char *name :
         {"conductance_levels", "programming_error", "programming_noise",
          "defects", "drift", "low_frequency_noise", "ir_drop", "read_noise",
          "output_noise"}) {
      const auto reduced = withoutEffects(*target, {name}, error);
      ASSERT_TRUE(reduced) << error;
      for (const TargetEffect &effect : targetEffects())
        EXPECT_EQ(effect.isPresent(*reduced),
                  effect.isPresent(*target) && effect.name != std::string(name))
            << effect.name << " without " << name;
    }
  }
}

TEST(DeviceParser, RelativeNoiseGrowsWithConductance) {
  json target = completeTarget("gaussian");
  target["device"]["programming_noise"] = with({{"value", 0.05}}, "1");
  std::string error;
  const auto parsed = TargetDescription::parse(target.dump(), error);
  ASSERT_TRUE(parsed) << error;
  EXPECT_EQ(parsed->device.programmingNoise.evaluate(0), 0);
  EXPECT_DOUBLE_EQ(parsed->device.programmingNoise.evaluate(0.5),
                   0.05 * 0.5 * 20.7);
}

TEST(DeviceParser, NoTimeNeedsNoReferenceTime) {
  json target = completeTarget("gaussian");
  for (const char *field :
       {"drift", "low_frequency_noise", "read_noise", "reference_time"})
    target["device"].erase(field);
  std::string error;
  EXPECT_TRUE(TargetDescription::parse(target.dump(), error)) << error;
  target = completeTarget("gaussian");
  target["device"].erase("reference_time");
  EXPECT_EQ(errorOf(target),
            "expects field 'device.reference_time', but got none");
}

TEST(DeviceParser, WrongFieldsAreNamed) {
  const struct {
    const char *kind, *pointer;
    json value;
    const char *error;
  } cases[] = {
      {"table",
       "/device/programming_noise/values",
       {0.1, -1, 1},
       "field 'device.programming_noise.values[1]' expects a number from 0.0 "
       "to 1000000.0, but got -1"},
      {"table",
       "/device/programming_noise/values",
       {0.1, 1},
       "field 'device.programming_noise.values' expects a value for each of 3 "
       "conductances, but got 2 of them"},
      {"table",
       "/device/programming_noise/conductances",
       {0, 20.7, 20.7},
       "field 'device.programming_noise.conductances[2]' expects a conductance "
       "above the one before it, but got 20.7 after 20.7"},
      {"table",
       "/device/programming_noise/conductances",
       {0, 5, 20},
       "field 'device.programming_noise.conductances' expects conductances "
       "from 0.0 to the largest of 20.7, but got 0.0 to 20.0"},
      {"table",
       "/device/drift/mean/conductances",
       {1, 5, 20.7},
       "field 'device.drift.mean.conductances' expects conductances from 0.0 "
       "to the largest of 20.7, but got 1.0 to 20.7"},
      {"table",
       "/device/programming_noise/coefficients",
       {1},
       "expects one of the fields conductances, values, unit, provenance or "
       "source, but got 'device.programming_noise.coefficients'"},
      {"gaussian", "/device/programming_noise/value", -0.1,
       "field 'device.programming_noise.value' expects a number from 0.0 to "
       "1000000.0, but got -0.1"},
      {"gaussian", "/device/drift/mean/unit", "uS",
       "field 'device.drift.mean.unit' expects 1, but got \"uS\""},
      {"hermes",
       "/device/drift/deviation/coefficients",
       {-0.5},
       "field 'device.drift.deviation.coefficients' expects a polynomial that "
       "is not negative from 0.0 to 1.0, but got "
       "-0.5 at 0.0"},
      {"hermes", "/device/drift/mean/threshold", 0.5,
       "expects field 'device.drift.mean.logarithm', but got none"},
      {"hermes",
       "/device/drift/mean/power",
       {1, 2},
       "expects field 'device.drift.mean.bounds', but got none"},
      {"hermes", "/device/drift/compensation", "row",
       "field 'device.drift.compensation' expects one of none, global or "
       "column, but got \"row\""},
      {"hermes", "/device/drift/compensation", "none",
       "field 'device.drift.recalibration_interval' expects compensation "
       "global or column beside it, but got none"},
      {"hermes", "/device/drift/recalibration_interval/value", 0,
       "field 'device.drift.recalibration_interval.value' expects a number > "
       "0.0 and <= 1000000000000.0, but got 0"},
      {"table",
       "/device/programming_error/values",
       {0.1, -2e6, 1},
       "field 'device.programming_error.values[1]' expects a number from "
       "-1000000.0 to 1000000.0, but got -2000000.0"},
      {"gaussian", "/device/programming_error/unit", "1",
       "field 'device.programming_error.unit' expects uS, but got \"1\""},
      {"hermes", "/device/write_verify/iterations", 0,
       "field 'device.write_verify.iterations' expects an integer from 1 to "
       "1000, but got 0"},
      {"hermes", "/device/write_verify/unit", "nS",
       "field 'device.write_verify.unit' expects uS, but got \"nS\""},
      {"hermes", "/device/write_verify/tolerance", 0,
       "field 'device.write_verify.tolerance' expects a number > 0.0 and <= "
       "1000000.0, but got 0"},
      {"hermes", "/device/conductance_bounds/low", 25,
       "field 'device.conductance_bounds.low' expects a conductance below "
       "'high' and 'max_conductance', but got 25.0"},
      {"hermes", "/device/conductance_levels/count", 1,
       "field 'device.conductance_levels.count' expects an integer from 2 to "
       "65536, but got 1"},
      {"hermes", "/device/read_noise/form", "shot",
       "field 'device.read_noise.form' expects one of square_root or "
       "low_frequency, but got \"shot\""},
      {"hermes", "/device/read_noise/form", "square_root",
       "expects field 'device.read_noise.deviation', but got none"},
      {"hermes", "/device/read_noise/deviation", 0.1,
       "field 'device.read_noise.deviation' expects form square_root beside "
       "it, but got low_frequency"},
      {"hermes", "/device/low_frequency_noise/window/value", 0,
       "field 'device.low_frequency_noise.window.value' expects a number > 0.0 "
       "and <= 1000000000.0, but got 0"},
      {"hermes", "/device/defects/stuck_high", 0.995,
       "field 'device.defects.stuck_high' expects a number from 0.0 to 0.99, "
       "but got 0.995"},
      {"hermes",
       "/device/defects/dead_cells",
       {{0, 1, 2}},
       "field 'device.defects.dead_cells[0]' expects an array of 4 integers of "
       "0 or more, but got [0,1,2]"},
      {"hermes",
       "/device/defects/dead_cores",
       {{0, -1}},
       "field 'device.defects.dead_cores[0]' expects an array of 2 integers of "
       "0 or more, but got [0,-1]"},
      {"hermes", "/device/defects/dead_columns", 7,
       "field 'device.defects.dead_columns' expects an array of at most 100000 "
       "places, but got 7"},
      {"hermes",
       "/device/defects/dead_columns",
       {{0, 4, 256}},
       "field 'device.defects.dead_columns[0]' expects a place on one of 1 "
       "chips of 64 cores of 256 x 256, but got one beyond them"},
      {"hermes",
       "/device",
       {{"kind", "ideal"}},
       "field 'array.segment_resistance' expects a device with conductances, "
       "but got an ideal one"},
      {"hermes", "/array/segment_resistance/value", 0,
       "field 'array.segment_resistance.value' expects a number > 0.0 and <= "
       "1000000.0, but got 0"},
  };
  for (const auto &test : cases) {
    json target = completeTarget(test.kind);
    target[json::json_pointer(test.pointer)] = test.value;
    EXPECT_EQ(errorOf(target), test.error);
  }
  json target = completeTarget("hermes");
  target["device"]["low_frequency_noise"].erase("window");
  EXPECT_EQ(errorOf(target),
            "field 'device.read_noise.form' expects a 'window' in "
            "'device.low_frequency_noise' for low_frequency, but got none");
  // Noise of short periods would be nowhere.
  target = completeTarget("hermes");
  target["device"]["read_noise"] = {
      {"form", "square_root"}, {"deviation", with({{"value", 0.0175}}, "1")}};
  const std::string window =
      "field 'device.low_frequency_noise.window' expects 'device.read_noise' "
      "of form low_frequency, which has the noise of shorter periods, but got ";
  EXPECT_EQ(errorOf(target), window + "square_root");
  target["device"].erase("read_noise");
  EXPECT_EQ(errorOf(target), window + "none");
  target = completeTarget("hermes");
  json &mean = target["device"]["drift"]["mean"];
  mean["logarithm"] = {0, -1};
  mean["power"] = {1, 2};
  mean["bounds"] = {0, 1};
  EXPECT_EQ(errorOf(target), "field 'device.drift.mean.power' expects no "
                             "'logarithm' beside it, but got both");
  mean.erase("power");
  EXPECT_EQ(errorOf(target),
            "expects field 'device.drift.mean.threshold', but got none");
}

/// Adds the names of all fields of `value`.
void collectFields(const json &value, std::set<std::string> &names) {
  if (value.is_object())
    for (const auto &item : value.items())
      names.insert(item.key());
  for (const auto &part : value)
    if (part.is_structured())
      collectFields(part, names);
}

TEST(DeviceParser, EveryFieldIsDocumented) {
  std::ifstream file(AIMC_SOURCE_DIR "/docs/Targets.md");
  const std::string page((std::istreambuf_iterator<char>(file)), {});
  std::set<std::string> names = {"power", "logarithm", "threshold", "bounds"};
  for (const char *kind : {"hermes", "gaussian", "table"})
    collectFields(completeTarget(kind), names);
  for (const std::string &name : names)
    EXPECT_NE(page.find("`" + name + "`"), std::string::npos) << name;
}

} // namespace
