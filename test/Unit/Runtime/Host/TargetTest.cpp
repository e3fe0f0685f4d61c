//===- TargetTest.cpp - Target descriptions ---------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The built-in targets are read whole, and each way in which a description can
// be wrong is told by the path of its field.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/Baseline.h"
#include "aimc/Runtime/TargetEffects.h"
#include "aimc/Runtime/TargetFile.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

using namespace aimc::runtime;

namespace {

/// The text of `hermes` with the first `from` replaced by `to`.
std::string edited(const std::string &from, const std::string &to) {
  std::string text(*TargetDescription::builtin("hermes"));
  size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string errorOf(std::string_view text) {
  std::string error;
  EXPECT_FALSE(TargetDescription::parse(text, error).has_value());
  return error;
}

/// The same with the place that it is at in a file `f`.
std::string placedErrorOf(std::string_view text) {
  std::string error;
  TextPlace place;
  EXPECT_FALSE(parseTarget(text, error, place).has_value());
  return shownPlace("f", place) + ": " + error;
}

TEST(Target, BuiltinsAreSortedAndRead) {
  EXPECT_EQ(TargetDescription::builtinNames(),
            (std::vector<std::string>{"aidac", "generic", "hermes",
                                      "hermes-one-device", "ideal", "pcm"}));
  for (const std::string &name : TargetDescription::builtinNames()) {
    std::string error;
    auto target =
        TargetDescription::parse(*TargetDescription::builtin(name), error);
    ASSERT_TRUE(target) << error;
    EXPECT_EQ(target->name, name);
    EXPECT_EQ(target->cores(), name == "generic" ? 256 : 64);
  }
  EXPECT_FALSE(TargetDescription::builtin("herme"));
}

TEST(Target, HermesHasThePublishedFigures) {
  std::string error;
  auto target = TargetDescription::load("hermes", error);
  ASSERT_TRUE(target) << error;
  EXPECT_EQ(target->array.rows, 256);
  EXPECT_EQ(target->array.usableColumns, 256);
  EXPECT_EQ(target->dac.bits, 8);
  EXPECT_EQ(target->adc.defaultRange, 10);
  EXPECT_EQ(target->device.kind, "hermes");
  EXPECT_EQ(target->device.maxConductance, 20.7);
  ASSERT_EQ(target->device.programmingNoise.coefficients.size(), 4u);
  EXPECT_EQ(target->device.programmingNoise.coefficients[3], 4.68961419);
  const LowFrequencyNoise &noise = target->device.lowFrequencyNoise;
  EXPECT_EQ(noise.readTime, 512);
  EXPECT_EQ(noise.window, 0);
  EXPECT_EQ(noise.deviation.threshold, 0.16);
  EXPECT_EQ(noise.deviation.below, Curve::Below::Logarithm);
  EXPECT_EQ(noise.deviation.parameters[0], -0.0069);
  EXPECT_EQ(noise.deviation.parameters[1], -0.0117);
  EXPECT_EQ(noise.deviation.bounds[0], 0.015);
  EXPECT_EQ(noise.deviation.bounds[1], 0.04);
  EXPECT_EQ(noise.deviation.coefficients,
            (std::vector<double>{0.0123, 0.0211, -0.0280, 0.0069}));
  EXPECT_EQ(target->device.drift.compensation, "global");
  EXPECT_EQ(target->device.readNoise.form, ReadNoise::Form::SquareRoot);
  EXPECT_EQ(target->operatingMode().mvmTime.value, 133);
  EXPECT_EQ(target->operatingMode().mvmTime.unit, "ns");
  // 64 cores at once need the published 0.86 uJ.
  EXPECT_NEAR(target->operatingMode().mvmEnergy.value * 64, 860, 5);
  EXPECT_EQ(target->operatingMode().phases, 1);
  // The other mode.
  EXPECT_EQ(target->selectMode("4-phase"), "");
  EXPECT_EQ(target->operatingMode().phases, 4);
  EXPECT_EQ(target->operatingMode().mvmTime.value, 520);
  EXPECT_NEAR(target->operatingMode().mvmEnergy.value * 64, 3380, 5);
  EXPECT_EQ(target->selectMode("2-phase"),
            "expects mode 1-phase or 4-phase, but got '2-phase'");
  EXPECT_EQ(target->mode, "4-phase");
  EXPECT_EQ(target->dac.pulseStep, 1);
  EXPECT_EQ(target->dac.rounding, "toward_zero");
  EXPECT_EQ(target->adc.rounding, "toward_zero");
  // The local unit has neither cosine nor division; the global one, which has
  // all, is an assumption and says so.
  ASSERT_EQ(target->units.size(), 2u);
  EXPECT_EQ(target->units[0].name, "local");
  EXPECT_EQ(target->units[0].attached, "core");
  EXPECT_EQ(target->units[0].operations.size(), 5u);
  EXPECT_EQ(target->units[1].operations.size(), 25u);
  EXPECT_EQ(target->units[1].origin.provenance, "assumed");
  // A link carries one byte a clock of 400 MHz.
  ASSERT_TRUE(target->links);
  EXPECT_EQ(target->links->timePerByte.value, 2.5);
  EXPECT_EQ(target->links->timePerByte.provenance, "published");
  EXPECT_EQ(target->links->timePerHop.value, 2.5);
  EXPECT_EQ(target->links->timePerHop.provenance, "assumed");
}

TEST(Target, LinksMayBeLeftOut) {
  std::string error;
  const auto target = TargetDescription::load("ideal", error);
  ASSERT_TRUE(target) << error;
  EXPECT_FALSE(target->links);
}

/// Chips that differ in their devices alone do the same digital work.
TEST(Target, VariantsOfHermesHaveItsUnits) {
  using nlohmann::json;
  std::string error;
  // With one device a polarity all but the devices is word for word the same.
  json both[] = {json::parse(*TargetDescription::builtin("hermes")),
                 json::parse(*TargetDescription::builtin("hermes-one-device"))};
  for (json &text : both)
    for (const char *field : {"name", "summary", "device"})
      text.erase(field);
  EXPECT_EQ(both[0], both[1]);
  const auto hermes = TargetDescription::load("hermes", error);
  for (const char *name : {"hermes-one-device", "pcm"}) {
    const auto target = TargetDescription::load(name, error);
    ASSERT_TRUE(target) << error;
    ASSERT_EQ(target->units.size(), hermes->units.size());
    for (size_t i = 0; i < hermes->units.size(); ++i) {
      EXPECT_EQ(target->units[i].operations, hermes->units[i].operations);
      EXPECT_EQ(target->units[i].format.kind, hermes->units[i].format.kind);
      EXPECT_EQ(target->units[i].timePerValue.value,
                hermes->units[i].timePerValue.value);
      EXPECT_EQ(target->units[i].energyPerValue.value,
                hermes->units[i].energyPerValue.value);
    }
    ASSERT_EQ(target->modes.size(), hermes->modes.size());
    for (size_t i = 0; i < hermes->modes.size(); ++i) {
      EXPECT_EQ(target->modes[i].name, hermes->modes[i].name);
      EXPECT_EQ(target->modes[i].phases, hermes->modes[i].phases);
      EXPECT_EQ(target->modes[i].mvmTime.value, hermes->modes[i].mvmTime.value);
      EXPECT_EQ(target->modes[i].mvmEnergy.value,
                hermes->modes[i].mvmEnergy.value);
    }
  }
}

TEST(Target, EveryFigureHasAProvenance) {
  for (const std::string &name : TargetDescription::builtinNames()) {
    std::string error;
    auto target = TargetDescription::load(name, error);
    ASSERT_TRUE(target) << error;
    ASSERT_FALSE(target->figures.empty());
    for (const NamedFigure &named : target->figures) {
      EXPECT_FALSE(named.figure.provenance.empty()) << name << named.path;
      EXPECT_FALSE(named.figure.unit.empty()) << name << named.path;
      EXPECT_FALSE(named.figure.source.empty()) << name << named.path;
    }
    EXPECT_EQ(target->figures.front().path, "array.rows");
    EXPECT_EQ(target->figures.back().path,
              "modes[" + std::to_string(target->modes.size() - 1) +
                  "].mvm_energy");
  }
}

TEST(Target, IdealHasNoConverterErrors) {
  std::string error;
  auto target = TargetDescription::load("ideal", error);
  ASSERT_TRUE(target) << error;
  EXPECT_TRUE(target->dac.ideal);
  EXPECT_TRUE(target->adc.ideal);
  EXPECT_EQ(target->device.kind, "ideal");
}

TEST(Target, WrongFieldsAreNamed) {
  struct Case {
    const char *from, *to, *error;
  } cases[] = {
      {"\"bits\": 8", "\"bits\": 40",
       "field 'dac.bits' expects an integer from 2 to 16, but got 40"},
      {"\"bits\": 8", "\"bits\": 8.0",
       "field 'dac.bits' expects an integer from 2 to 16, but got 8.0"},
      {"\"bits\": 8", "\"bits\": -1",
       "field 'dac.bits' expects an integer from 2 to 16, but got -1"},
      {"\"bits\": 8", "\"bits\": 18446744073709551615",
       "field 'dac.bits' expects an integer from 2 to 16, but got "
       "18446744073709551615"},
      {"\"bits\": 8,", "", "expects field 'dac.bits', but got none"},
      {"\"bits\": 8", "\"ideal\": true, \"bits\": 8",
       "expects the field ideal, but got 'dac.bits'"},
      {"\"bits\": 8,\n    \"default_range\": 1.0,", "\"ideal\": false,",
       "expects the field ideal, but got 'dac.provenance'"},
      {"\"default_range\": 1.0", "\"default_range\": 0",
       "field 'dac.default_range' expects a number from 1e-30 to 1000000.0, "
       "but got 0"},
      {"\"default_range\"", "\"defualt_range\"",
       "expects one of the fields bits, default_range, rounding, pulse_step, "
       "provenance or source, but got 'dac.defualt_range'"},
      {"\"usable_rows\": 256", "\"usable_rows\": 257",
       "field 'array.usable_rows' expects an integer from 1 to 256, but got "
       "257"},
      {"\"chips\": 1", "\"chips\": \"1\"",
       "field 'chips' expects an integer from 1 to 65536, but got \"1\""},
      {"\"schema\": 1", "\"schema\": 2", "field 'schema' expects 1, but got 2"},
      {"\"name\": \"hermes\"", "\"name\": \"\"",
       "field 'name' expects a non-empty string, but got an empty one"},
      {"\"cosine\"", "\"tanh\"",
       "field 'digital_units[1].operations[9]' expects one of negate, add, "
       "subtract, multiply, divide, maximum, minimum, absolute, square_root, "
       "cosine, sine, exponential, sum, concatenate, product, step, "
       "row_maximum, logarithm, logarithm_plus_one, hyperbolic_tangent, "
       "error_function, greater, greater_equal, equal, select or "
       "fixed_point, but got \"tanh\""},
      {"\"cosine\"", "\"sine\"",
       "field 'digital_units[1].operations[10]' expects an instruction not "
       "listed before, but got \"sine\""},
      {"\"name\": \"global\"", "\"name\": \"local\"",
       "field 'digital_units[1].name' expects a name no other digital unit "
       "has, but got \"local\""},
      {"\"attached\": \"core\"", "\"attached\": \"tile\"",
       "field 'digital_units[0].attached' expects one of core or chip, but "
       "got \"tile\""},
      {"\"unit\": \"uS\"", "\"unit\": \"S\"",
       "field 'device.max_conductance.unit' expects uS, but got \"S\""},
      {"\"provenance\": \"published\"", "\"provenance\": \"guessed\"",
       "field 'array.provenance' expects one of measured, published, derived "
       "or assumed, but got \"guessed\""},
      {"\"value\": 133", "\"value\": -133",
       "field 'modes[0].mvm_time.value' expects a number > 0.0 and <= "
       "1000000000000.0, but got -133"},
      {"\"value\": 133", "\"value\": null",
       "field 'modes[0].mvm_time.value' expects a number > 0.0 and <= "
       "1000000000000.0, but got null"},
      {"[0.16603222,", "[-0.16603222,",
       "field 'device.programming_noise.coefficients' expects a polynomial "
       "that is not negative from 0.0 to 1.0, but got -0.16603222 at 0.0"},
      {"[0.16603222, 4.71806468, -8.48101252, 4.68961419]", "[]",
       "field 'device.programming_noise.coefficients' expects an array of 1 "
       "to 8 numbers, but got 0 of them"},
      {"[-0.0069, -0.0117]", "[-0.0069]",
       "field 'device.low_frequency_noise.logarithm' expects an array of 2 "
       "numbers, but got 1 of them"},
      {"[0.015, 0.04]", "[0.05, 0.04]",
       "field 'device.low_frequency_noise.bounds' expects a lower bound before "
       "an upper one, but got 0.05 before 0.04"},
      {"[0.015, 0.04]", "[-0.015, 0.04]",
       "field 'device.low_frequency_noise.bounds[0]' expects a number from 0.0 "
       "to 1000000.0, but got -0.015"},
      {"[0.0123, 0.0211", "[-0.0123, 0.0",
       "field 'device.low_frequency_noise.coefficients' expects a polynomial "
       "that is not negative from 0.16 to 1.0, but got -0.0129885376 at 0.16"},
      {"\"value\": 512", "\"value\": 0",
       "field 'device.low_frequency_noise.read_time.value' expects a number > "
       "0.0 and <= 1000000000000.0, but got 0"},
      {"\"kind\": \"hermes\"", "\"kind\": \"rram\"",
       "field 'device.kind' expects one of ideal, hermes, pcm, gaussian or "
       "table, but got \"rram\""},
      {"\"source\": \"Le Gallo et al., Nature Electronics 2023\"",
       "\"source\": 2023",
       "field 'array.source' expects a string, but got 2023"},
      {"\"chips\": 1", "\"chips\": 1, \"buffers\": {}",
       "expects one of the fields schema, name, summary, array, core_grid, "
       "chips, area, static_power, core_buffer, dac, adc, device, "
       "digital_units, links, mode or modes, but got 'buffers'"},
      {"\"chips\": 1",
       "\"chips\": 1, \"core_buffer\": {\"value\": -1, \"unit\": \"B\", "
       "\"provenance\": \"assumed\"}",
       "field 'core_buffer.value' expects a number from 0.0 to "
       "1000000000000.0, but got -1"},
      {"\"chips\": 1",
       "\"chips\": 1, \"core_buffer\": {\"value\": 1, \"unit\": \"KiB\", "
       "\"provenance\": \"assumed\"}",
       "field 'core_buffer.unit' expects B, but got \"KiB\""},
      {"\"name\": \"local\",",
       "\"name\": \"local\", \"buffer\": {\"value\": 1, \"unit\": \"B\", "
       "\"provenance\": \"assumed\"},",
       "field 'digital_units[0].buffer' expects a unit of the chip, since "
       "those "
       "of a core have its 'core_buffer', but got one of a core"},
      {"\"name\": \"global\",",
       "\"name\": \"global\", \"buffer\": {\"value\": -1, \"unit\": \"B\", "
       "\"provenance\": \"assumed\"},",
       "field 'digital_units[1].buffer.value' expects a number from 0.0 to "
       "1000000000000.0, but got -1"},
      {"\"time_per_byte\"", "\"width\"",
       "expects one of the fields time_per_byte, time_per_hop, "
       "partial_sum_delay or energy_per_byte, but got 'links.width'"},
      {"\"time_per_byte\": {\n      \"value\": 2.5",
       "\"time_per_byte\": {\n      \"value\": 0",
       "field 'links.time_per_byte.value' expects a number > 0.0 and <= "
       "1000000000000.0, but got 0"},
      {"\"time_per_hop\": {\n      \"value\": 2.5",
       "\"time_per_hop\": {\n      \"value\": -1",
       "field 'links.time_per_hop.value' expects a number from 0.0 to "
       "1000000000000.0, but got -1"},
      {"\"unit\": \"mm2\"", "\"unit\": \"um2\"",
       "field 'area.unit' expects mm2, but got \"um2\""},
      {"\"value\": 45,", "\"value\": -45,",
       "field 'static_power.value' expects a number from 0.0 to "
       "1000000000000.0, but got -45"},
      {"\"value\": 160,", "\"value\": -160,",
       "field 'digital_units[0].delay.value' expects a number from 0.0 to "
       "1000000000000.0, but got -160"},
      {"\"value\": 40,", "\"value\": -40,",
       "field 'links.partial_sum_delay.value' expects a number from 0.0 to "
       "1000000000000.0, but got -40"},
      {"\"mode\": \"1-phase\"", "\"mode\": \"2-phase\"",
       "field 'mode' expects one of 1-phase or 4-phase, but got \"2-phase\""},
      {"\"name\": \"4-phase\"", "\"name\": \"1-phase\"",
       "field 'modes[1].name' expects a name no other mode has, but got "
       "\"1-phase\""},
      {"\"phases\": 4", "\"phases\": 2",
       "field 'modes[1].phases' expects 1 or 4, but got 2"},
      {"\"phases\": 4", "\"phases\": 5",
       "field 'modes[1].phases' expects an integer from 1 to 4, but got 5"},
      {"\"value\": 520", "\"value\": 133",
       "field 'modes[1].mvm_time.value' expects at least 508.0, 4 times 127 "
       "steps of dac.pulse_step, but got 133.0"},
      {"\"default_range\": 1.0,\n    \"rounding\": \"toward_zero\",",
       "\"default_range\": 1.0, \"rounding\": \"away\",",
       "field 'dac.rounding' expects one of nearest, stochastic or "
       "toward_zero, but got \"away\""},
  };
  for (const Case &test : cases)
    EXPECT_EQ(errorOf(edited(test.from, test.to)), test.error);
}

/// `hermes` whose 1-phase MVM of 13.4 nJ has parts of these energies.
std::string withParts(const std::string &array, const std::string &dac,
                      const std::string &adc) {
  std::string parts = "\"mvm_energy_parts\": {";
  for (auto [name, value] : {std::pair("array", array), std::pair("dac", dac),
                             std::pair("adc", adc)})
    if (!value.empty())
      parts += std::string(parts.back() == '{' ? "" : ", ") + "\"" + name +
               "\": {\"value\": " + value +
               ", \"unit\": \"nJ\", \"provenance\": \"assumed\"}";
  return edited("\"phases\": 1,", "\"phases\": 1, " + parts + "},");
}

TEST(Target, PartsOfTheEnergyOfAnMvm) {
  std::string error;
  auto target = TargetDescription::parse(withParts("3.4", "2", "8"), error);
  ASSERT_TRUE(target) << error;
  EXPECT_EQ(target->modes[0].arrayEnergy->value, 3.4);
  EXPECT_EQ(target->modes[0].dacEnergy->value, 2);
  EXPECT_EQ(target->modes[0].adcEnergy->value, 8);
  EXPECT_FALSE(target->modes[1].adcEnergy);
  // Some may be known alone.
  target = TargetDescription::parse(withParts("", "", "8"), error);
  ASSERT_TRUE(target) << error;
  EXPECT_FALSE(target->modes[0].arrayEnergy);
  EXPECT_EQ(target->modes[0].adcEnergy->value, 8);
}

TEST(Target, PartsThatContradictTheWholeAreNamed) {
  EXPECT_EQ(errorOf(withParts("", "6", "8")),
            "field 'modes[0].mvm_energy_parts' expects parts of together at "
            "most 13.4 nJ, the mvm_energy, but got 14.0 nJ");
  EXPECT_EQ(errorOf(withParts("1", "2", "3")),
            "field 'modes[0].mvm_energy_parts' expects parts of together 13.4 "
            "nJ, the mvm_energy, but got 6.0 nJ");
  EXPECT_EQ(errorOf(withParts("1", "2", "-3")),
            "field 'modes[0].mvm_energy_parts.adc.value' expects a number from "
            "0.0 to 1000000000000.0, but got -3");
}

TEST(Baseline, BuiltinsAreReadAndErrorsNamed) {
  EXPECT_EQ(Baseline::builtinNames(),
            (std::vector<std::string>{"a100-fp16", "a100-int8", "cpu-core"}));
  for (const std::string &name : Baseline::builtinNames()) {
    std::string error;
    auto baseline = Baseline::load(name, error);
    ASSERT_TRUE(baseline) << error;
    EXPECT_EQ(baseline->name, name);
    for (const Figure *figure :
         {&baseline->multiplyAdds, &baseline->values,
          &baseline->elementaryFunctions, &baseline->power})
      EXPECT_FALSE(figure->source.empty()) << name;
  }
  std::string error;
  EXPECT_FALSE(Baseline::load("a100", error));
  EXPECT_EQ(error, "baseline 'a100' is neither built in (a100-fp16, "
                   "a100-int8, cpu-core) nor a readable file");
  EXPECT_FALSE(Baseline::parse("[1]", error));
  EXPECT_EQ(error,
            "a baseline description expects an object, but got an array");
  EXPECT_FALSE(Baseline::parse("{\"schema\": 1, \"speed\": 2}", error));
  EXPECT_EQ(error, "expects one of the fields schema, name, summary, "
                   "multiply_adds, values, elementary_functions or power, but "
                   "got 'speed'");
  EXPECT_FALSE(Baseline::parse("{\"schema\": 1, \"name\": \"x\", "
                               "\"summary\": \"y\", \"multiply_adds\": "
                               "{\"value\": 0, \"unit\": \"G/s\", "
                               "\"provenance\": \"assumed\"}}",
                               error));
  EXPECT_EQ(error, "field 'multiply_adds.value' expects a number > 0.0 and <= "
                   "1000000000000.0, but got 0");
  EXPECT_FALSE(Baseline::parse("{", error));
  EXPECT_EQ(error, "expects valid JSON, but got the end of the text");
}

TEST(Target, MalformedTextIsPlaced) {
  const std::string end = "expects valid JSON, but got the end of the text";
  EXPECT_EQ(placedErrorOf(""), "f:1:1: " + end);
  EXPECT_EQ(placedErrorOf("[1"), "f:1:3: " + end);
  EXPECT_EQ(placedErrorOf("{\n  \"a\": 1,\n  x}"),
            "f:3:3: expects valid JSON, but got 'x'");
  EXPECT_EQ(placedErrorOf("{\"name\": NaN}"),
            "f:1:10: expects valid JSON, but got 'N'");
  EXPECT_EQ(placedErrorOf("{\"a\":\n [1, -1e999]}"),
            "f:2:6: expects numbers in the range of a double, but got "
            "'-1e999'");
  EXPECT_EQ(placedErrorOf("{\"a\": {\"b\": [{}, {\"c\": 1,\n\"c\": 2}]}}"),
            "f:2:1: expects each field once, but got 'a.b[1].c' twice");
  EXPECT_EQ(placedErrorOf(std::string(16, '[') + "[]"),
            "f:1:17: expects at most 16 levels of nesting, but got more");
  EXPECT_EQ(errorOf("7"), "a target description expects an object, but got 7");
  EXPECT_EQ(errorOf("null"),
            "a target description expects an object, but got null");
  EXPECT_EQ(errorOf(edited("\"chips\": 1", "\"chips\": 1, \"chips\": 2")),
            "expects each field once, but got 'chips' twice");
  EXPECT_NE(errorOf(edited("\"value\": 133", "\"value\": 1e999"))
                .find("expects numbers in the range of a double, but got"),
            std::string::npos);
  EXPECT_EQ(errorOf(std::string(100000, '[')),
            "expects at most 16 levels of nesting, but got more");
  EXPECT_NE(errorOf("{\"\xff\": 1}").find("expects valid JSON"),
            std::string::npos);
}

/// Errors are at the value, the name that nobody knows, or the object that
/// lacks a field, after a number, a string or an object.
TEST(Target, ErrorsAreAtTheirFields) {
  EXPECT_EQ(placedErrorOf("\xef\xbb\xbf 7"),
            "f:1:5: a target description expects an object, but got 7");
  EXPECT_EQ(placedErrorOf("{\"schema\" :\n\t9}"),
            "f:2:2: field 'schema' expects 1, but got 9");
  EXPECT_EQ(placedErrorOf("{\"schema\": 1, \"name\":  \"\"}"),
            "f:1:24: field 'name' expects a non-empty string, but got an empty "
            "one");
  EXPECT_EQ(placedErrorOf("{\"schema\": 1}"),
            "f:1:1: expects field 'name', but got none");
  const std::string head =
      "{\"schema\": 1, \"name\": \"a\\\"b\", \"summary\": \"c\",\n\"array\": ";
  EXPECT_EQ(placedErrorOf(head + "[{}, 1]}"),
            "f:2:10: field 'array' expects an object, but got an array");
  EXPECT_EQ(
      placedErrorOf(head + "{\"rows\": 1.5, \"columns\": 0}}"),
      "f:2:19: field 'array.rows' expects an integer from 1 to 16384, but "
      "got 1.5");
  EXPECT_EQ(placedErrorOf(head + "{\"rows\": 5}}"),
            "f:2:10: expects field 'array.columns', but got none");
  EXPECT_EQ(placedErrorOf(head + "{\"rows\": 5,\n \"row\": 5}}"),
            "f:3:2: expects one of the fields rows, columns, usable_rows, "
            "usable_columns, segment_resistance, provenance or source, but got "
            "'array.row'");
  const std::string text = edited("\"phases\": 4", "\"phases\": 3");
  const size_t line =
      std::count(text.begin(), text.begin() + text.find("\"phases\": 3"), '\n');
  EXPECT_EQ(placedErrorOf(text),
            "f:" + std::to_string(line + 1) +
                ":17: field 'modes[1].phases' expects 1 or 4, but got 3");
}

/// What an ADC may say beyond its steps, each wrong alone.
TEST(Target, ErrorsOfTheAdc) {
  const std::string figure = ", \"unit\": \"1\", \"provenance\": \"assumed\"}";
  const std::string spread = "\"gain_spread\": {\"value\": 0.07" + figure;
  const std::string origin = ", \"provenance\": \"assumed\"}";
  const auto with = [&](const std::string &fields) {
    return edited("\"default_range\": 10.0,\n    \"rounding\": \"toward_zero\"",
                  "\"default_range\": 10.0, " + fields);
  };
  std::string error;
  const auto target = TargetDescription::parse(
      with("\"rounding\": \"toward_zero\", " + spread +
           ", \"offset_spread\": {\"value\": 0.05" + figure +
           ", \"correction\": {\"gain_residual\": {\"value\": 0.01" + figure +
           ", \"offset_residual\": {\"value\": 0" + figure +
           "}, \"nonlinearity\": {\"cubic\": 0.3" + origin +
           ", \"saturation\": {\"value\": 40" + figure),
      error);
  ASSERT_TRUE(target) << error;
  EXPECT_EQ(target->adc.rounding, "toward_zero");
  EXPECT_EQ(target->adc.gainSpread, 0.07);
  EXPECT_EQ(target->adc.offsetSpread, 0.05);
  EXPECT_TRUE(target->adc.corrected);
  EXPECT_EQ(target->adc.gainResidual, 0.01);
  EXPECT_EQ(target->adc.offsetResidual, 0);
  EXPECT_EQ(target->adc.curve.cubic, 0.3);
  EXPECT_EQ(target->adc.saturation, 40);

  struct Case {
    std::string fields;
    const char *error;
  } cases[] = {
      {"\"rounding\": \"stochastic\"",
       "field 'adc.rounding' expects one of nearest or toward_zero, but got "
       "\"stochastic\""},
      {"\"gain_spread\": {\"value\": -0.1" + figure,
       "field 'adc.gain_spread.value' expects a number from 0.0 to 0.15, but "
       "got -0.1"},
      {"\"correction\": {\"gain_residual\": {\"value\": 0" + figure + "}",
       "field 'adc.correction' expects gain_spread, offset_spread or columns "
       "beside it, but got none"},
      {spread + ", \"correction\": {\"gain_residual\": {\"value\": 0" + figure +
           "}",
       "expects field 'adc.correction.offset_residual', but got none"},
      {"\"nonlinearity\": {\"cubic\": 0.3, \"table\": [-1, 1]" + origin,
       "field 'adc.nonlinearity' expects either cubic or table, but got both"},
      {"\"nonlinearity\": {\"provenance\": \"assumed\"}",
       "field 'adc.nonlinearity' expects either cubic or table, but got "
       "neither"},
      {"\"nonlinearity\": {\"cubic\": 0.5" + origin,
       "field 'adc.nonlinearity.cubic' expects a number from -1.0 to "
       "0.3333333333333333, but got 0.5"},
      {"\"nonlinearity\": {\"table\": [0]" + origin,
       "field 'adc.nonlinearity.table' expects an array of 2 to 4096 numbers, "
       "but got 1 of them"},
      {"\"saturation\": {\"value\": 0" + figure,
       "field 'adc.saturation.value' expects a number > 0.0 and <= 1000000.0, "
       "but got 0"},
  };
  for (const Case &test : cases)
    EXPECT_EQ(errorOf(with(test.fields)), test.error);
}

TEST(Target, FormatsOfUnits) {
  const std::string fixed =
      "\"fixed_point\": {\"value_bits\": 8, \"scale_integer_bits\": 1, "
      "\"scale_fraction_bits\": 7, \"offset_integer_bits\": 7, "
      "\"offset_fraction_bits\": 1, \"provenance\": \"published\"}, ";
  const std::string format = "\"format\": \"fixed_point\", ";
  const auto with = [&](const std::string &fields) {
    return edited("\"format\": \"fp16\",", fields);
  };
  std::string error;
  auto target = TargetDescription::parse(with(""), error);
  ASSERT_TRUE(target) << error;
  EXPECT_EQ(target->units[0].format.kind, NumberFormat::Kind::FP32);
  target = TargetDescription::parse(with(format + fixed), error);
  ASSERT_TRUE(target) << error;
  const NumberFormat &read = target->units[0].format;
  EXPECT_EQ(read.kind, NumberFormat::Kind::FixedPoint);
  EXPECT_EQ(read.valueBits, 8);
  EXPECT_EQ(read.scaleIntegerBits, 1);
  EXPECT_EQ(read.scaleFractionBits, 7);
  EXPECT_EQ(read.offsetIntegerBits, 7);
  EXPECT_EQ(read.offsetFractionBits, 1);
  target = TargetDescription::load("hermes", error);
  ASSERT_TRUE(target) << error;
  EXPECT_EQ(target->units[0].format.kind, NumberFormat::Kind::FP16);
  EXPECT_EQ(target->units[1].format.kind, NumberFormat::Kind::FP32);

  EXPECT_EQ(errorOf(with("\"format\": \"fp8\", ")),
            "field 'digital_units[0].format' expects one of fp32, fp16 or "
            "fixed_point, but got \"fp8\"");
  EXPECT_EQ(errorOf(with(format)),
            "expects field 'digital_units[0].fixed_point', but got none");
  EXPECT_EQ(errorOf(with(fixed)),
            "field 'digital_units[0].fixed_point' expects format "
            "\"fixed_point\" beside it, but got another");
  const auto changed = [&](const std::string &from, const std::string &to) {
    std::string text = fixed;
    return with(format + text.replace(text.find(from), from.size(), to));
  };
  EXPECT_EQ(errorOf(changed("\"scale_fraction_bits\": 7",
                            "\"scale_fraction_bits\": 10")),
            "field 'digital_units[0].fixed_point.scale_fraction_bits' expects "
            "1 to 10 bits of scale in all, but got 11");
  EXPECT_EQ(errorOf(changed("1, \"scale_fraction_bits\": 7",
                            "0, \"scale_fraction_bits\": 0")),
            "field 'digital_units[0].fixed_point.scale_fraction_bits' expects "
            "1 to 10 bits of scale in all, but got 0");
  EXPECT_EQ(errorOf(changed("\"value_bits\": 8", "\"value_bits\": 7")),
            "field 'digital_units[0].fixed_point.value_bits' expects at least "
            "the 8 bits of the ADC, but got 7");
  EXPECT_EQ(errorOf(changed("\"value_bits\": 8", "\"value_bits\": 11")),
            "field 'digital_units[0].fixed_point.value_bits' expects an "
            "integer from 2 to 10, but got 11");
  std::string ideal = with(format + fixed);
  const size_t adc = ideal.find("\"adc\": {");
  ideal.replace(adc, ideal.find("},", adc) - adc, "\"adc\": {\"ideal\": true");
  EXPECT_EQ(errorOf(ideal),
            "field 'digital_units[0].format' expects converters with steps for "
            "a fixed-point unit, but got an ideal one");
}

/// Measured gains and offsets of columns, for all cores or for each.
TEST(Target, MeasuredColumns) {
  using nlohmann::json;
  const json hermes = json::parse(*TargetDescription::builtin("hermes"));
  const auto with = [&](json columns) {
    json target = hermes;
    target["array"]["columns"] = target["array"]["usable_columns"] = 3;
    target["core_grid"]["rows"] = 1;
    target["core_grid"]["columns"] = target["chips"] = 2;
    columns["provenance"] = "measured";
    target["adc"]["columns"] = columns;
    return target;
  };
  std::string error;
  const json four = {{0.9, 1, 1.1}, {1.2, 1, 1}, {1, 1.3, 1}, {1, 1, 1.4}};
  const auto target = TargetDescription::parse(
      with({{"gains", four}, {"offsets", {0.01, 0, -0.02}}}).dump(), error);
  ASSERT_TRUE(target) << error;
  // Chip by chip, core by core.
  EXPECT_EQ(target->adc.gains.at(0, 0, 2), 1.1);
  EXPECT_EQ(target->adc.gains.at(0, 1, 0), 1.2);
  EXPECT_EQ(target->adc.gains.at(1, 0, 1), 1.3);
  EXPECT_EQ(target->adc.gains.at(1, 1, 2), 1.4);
  for (int chip : {0, 1})
    for (int core : {0, 1})
      EXPECT_EQ(target->adc.offsets.at(chip, core, 2), -0.02);
  bool isListed = false;
  for (const NamedFigure &figure : target->figures)
    isListed |= figure.path == "adc.columns.gains" &&
                figure.figure.provenance == "measured";
  EXPECT_TRUE(isListed);
  // They are effects that can be left out, each alone.
  const auto gainless = withoutEffects(*target, {"adc_gain"}, error);
  ASSERT_TRUE(gainless) << error;
  EXPECT_TRUE(gainless->adc.gains.empty());
  EXPECT_FALSE(gainless->adc.offsets.empty());
  EXPECT_TRUE(
      withoutEffects(*target, {"adc_offset"}, error)->adc.offsets.empty());

  struct Case {
    json columns;
    const char *error;
  } cases[] = {
      {json::object(),
       "field 'adc.columns' expects gains or offsets, but got neither"},
      {{{"gains", 1}},
       "field 'adc.columns.gains' expects an array of 3 numbers, but got 1"},
      {{{"gains", {1, 1}}},
       "field 'adc.columns.gains' expects an array of 3 numbers, but got 2 of "
       "them"},
      {{{"gains", {1, 0, 1}}},
       "field 'adc.columns.gains[1]' expects a number from 0.01 to 100.0, but "
       "got 0"},
      {{{"gains", {{1, 1, 1}, {1, 1, 1}}}},
       "field 'adc.columns.gains' expects an array of numbers, or one for each "
       "of 4 cores, but got 2 of them"},
      {{{"gains", {{1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {1, 1}}}},
       "field 'adc.columns.gains[3]' expects an array of 3 numbers, but got 2 "
       "of them"},
      {{{"offsets", {0, 2, 0}}},
       "field 'adc.columns.offsets[1]' expects a number from -1.0 to 1.0, but "
       "got 2"},
  };
  for (const Case &test : cases)
    EXPECT_EQ(errorOf(with(test.columns).dump()), test.error);
  json both = with({{"gains", {1, 1, 1}}});
  both["adc"]["gain_spread"] = {
      {"value", 0.07}, {"unit", "1"}, {"provenance", "assumed"}};
  EXPECT_EQ(errorOf(both.dump()),
            "field 'adc.columns.gains' expects no 'gain_spread' beside "
            "'columns', but got both");
  // The spread of the other quantity may stand beside it, and a correction.
  both["adc"]["columns"] = {{"offsets", {0, 0, 0}}, {"provenance", "measured"}};
  both["adc"]["correction"] = {{"gain_residual", both["adc"]["gain_spread"]},
                               {"offset_residual", both["adc"]["gain_spread"]}};
  EXPECT_TRUE(TargetDescription::parse(both.dump(), error)) << error;
}

/// Whatever is cut off or changed, reading never crashes and always explains.
TEST(Target, EveryTruncationIsAnError) {
  std::string text(*TargetDescription::builtin("hermes"));
  size_t end = text.rfind('}');
  for (size_t length = 0; length <= end; ++length)
    EXPECT_FALSE(errorOf(std::string_view(text).substr(0, length)).empty());
}

TEST(Target, LoadReadsFilesAndNamesThemInErrors) {
  std::string path = testing::TempDir() + "aimc_target_test.json", error, text;
  std::ofstream(path) << edited("\"hermes\"", "\"mine\"");
  auto target = TargetDescription::load(path, error, &text);
  ASSERT_TRUE(target) << error;
  EXPECT_EQ(target->name, "mine");
  EXPECT_EQ(text, edited("\"hermes\"", "\"mine\""));

  std::ofstream(path) << edited("\"bits\": 8", "\"bits\": 1");
  EXPECT_FALSE(TargetDescription::load(path, error));
  EXPECT_EQ(error,
            path + ":33:13: field 'dac.bits' expects an integer from 2 to 16, "
                   "but got 1");
  TextPlace place;
  EXPECT_FALSE(loadTarget(path, error, place));
  EXPECT_EQ(place.line, 33);
  EXPECT_EQ(error,
            "field 'dac.bits' expects an integer from 2 to 16, but got 1");
  std::remove(path.c_str());

  for (std::string name : {"foo", "/", ""}) {
    EXPECT_FALSE(TargetDescription::load(name, error));
    EXPECT_EQ(error, "target '" + name +
                         "' is neither built in (aidac, generic, hermes, "
                         "hermes-one-device, ideal, pcm) nor a readable file");
  }
}

/// Adds the names of all fields of `value`.
void collectFields(const nlohmann::json &value, std::set<std::string> &names) {
  if (value.is_object())
    for (const auto &item : value.items())
      names.insert(item.key());
  for (const auto &part : value)
    if (part.is_structured())
      collectFields(part, names);
}

TEST(Target, EveryFieldIsDocumented) {
  std::ifstream file(AIMC_SOURCE_DIR "/docs/Targets.md");
  std::string page((std::istreambuf_iterator<char>(file)), {});
  std::set<std::string> names;
  for (const std::string &name : TargetDescription::builtinNames())
    collectFields(nlohmann::json::parse(*TargetDescription::builtin(name)),
                  names);
#define AIMC_INSTRUCTION(enumerator, name, mlir, operands) names.insert(name);
#include "aimc/Runtime/RuntimeTable.def"
  for (const std::string &name : names)
    EXPECT_TRUE(page.find("`" + name + "`") != std::string::npos ||
                page.find("\"" + name + "\"") != std::string::npos)
        << name;
}

} // namespace
