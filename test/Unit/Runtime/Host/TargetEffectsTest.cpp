//===- TargetEffectsTest.cpp - Error sources of a target --------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each effect is there in a chip that has it, is gone after its removal, and is
// described in docs/Numerics.md.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/TargetEffects.h"
#include "../Support.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

std::vector<std::string> allNames() {
  std::vector<std::string> names;
  for (const TargetEffect &effect : targetEffects())
    names.push_back(effect.name);
  return names;
}

TEST(TargetEffects, EachIsRemovedAlone) {
  std::string error;
  const auto hermes = TargetDescription::load("hermes", error);
  ASSERT_TRUE(hermes) << error;
  int present = 0;
  for (const TargetEffect &effect : targetEffects()) {
    if (!effect.isPresent(*hermes))
      continue;
    ++present;
    const auto reduced = withoutEffects(*hermes, {effect.name}, error);
    ASSERT_TRUE(reduced) << error;
    for (const TargetEffect &other : targetEffects())
      EXPECT_EQ(other.isPresent(*reduced),
                other.isPresent(*hermes) && other.name != effect.name)
          << other.name << " without " << effect.name;
  }
  EXPECT_GE(present, 5);
}

TEST(TargetEffects, IdealHasNone) {
  std::string error;
  const auto ideal = TargetDescription::load("ideal", error);
  ASSERT_TRUE(ideal) << error;
  for (const TargetEffect &effect : targetEffects())
    EXPECT_FALSE(effect.isPresent(*ideal)) << effect.name;
  EXPECT_TRUE(withoutEffects(*ideal, allNames(), error)) << error;
}

TEST(TargetEffects, UnknownNamesAreTold) {
  std::string error;
  const auto hermes = TargetDescription::load("hermes", error);
  ASSERT_TRUE(hermes) << error;
  for (std::string name : {"", "ADC", "adc "}) {
    EXPECT_FALSE(withoutEffects(*hermes, {"adc", name}, error));
    EXPECT_EQ(error.find("expects effects among dac, "), 0u) << error;
    EXPECT_NE(error.find(", but got '" + name + "'"), std::string::npos)
        << error;
  }
}

/// Without all of its effects the chip computes what the exact device does,
/// but for the rounding of scales.
TEST(TargetEffects, WithoutAllTheChipIsExact) {
  auto model = TestModel::product(64, 48, randomValues(64 * 48, 1),
                                  cutTiles(64, 48, 40, 48));
  model->target = *TargetDescription::builtin("hermes");
  std::vector<float> x = randomValues(20 * 64, 2), results[2];
  for (int i = 0; i < 2; ++i) {
    ContextOptions options;
    std::string error;
    if (i == 1) {
      options.device = "simulator";
      options.without = allNames();
    }
    auto context = Context::create(model->get(), options, error);
    ASSERT_TRUE(context) << error;
    results[i] = runContext(*context, {view(x, 64)}, 0, error);
    ASSERT_EQ(error, "");
  }
  for (size_t i = 0; i < results[0].size(); ++i)
    EXPECT_NEAR(results[1][i], results[0][i], 1e-5f) << i;
}

TEST(TargetEffects, TheExactDeviceHasNone) {
  auto model =
      TestModel::product(4, 4, randomValues(16, 1), cutTiles(4, 4, 4, 4));
  model->target = *TargetDescription::builtin("hermes");
  ContextOptions options;
  options.without = {"adc"};
  std::string error;
  EXPECT_FALSE(Context::create(model->get(), options, error));
  EXPECT_EQ(error,
            "expects device 'simulator' to leave out effects, but got 'exact'");
}

TEST(TargetEffects, EachIsDocumented) {
  std::ifstream file(AIMC_SOURCE_DIR "/docs/Numerics.md");
  const std::string page((std::istreambuf_iterator<char>(file)), {});
  for (const std::string &name : allNames())
    EXPECT_NE(page.find("| `" + name + "` |"), std::string::npos) << name;
}

} // namespace
