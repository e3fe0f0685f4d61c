//===- OptionTexts.h - Options that are given as texts ----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the command line and the options of Model.h understand alike: texts with
// parts, and limits of numbers.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_RUNTIME_RUNNER_OPTIONTEXTS_H
#define AIMC_LIB_RUNTIME_RUNNER_OPTIONTEXTS_H

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace aimc::runtime {

constexpr int MostThreads = 1024;
/// In seconds: about the longest that a target may have between recalibrations.
constexpr double LongestTime = 1e12;
/// Rows from there on still have an index of 63 bits.
constexpr int64_t MostFirstVector = int64_t{1} << 62;

/// Adds KEY=VALUE for a plug-in to `options`; on an error returns one sentence
/// without a subject ("expects KEY=VALUE, but got 'x'").
std::string
addDeviceOption(const std::string &text,
                std::vector<std::pair<std::string, std::string>> &options);

/// Adds the effects in `text`, which has commas between them, to `effects`; on
/// an error returns one sentence without a subject.
std::string takeEffects(const std::string &text,
                        std::vector<std::string> &effects);

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_RUNNER_OPTIONTEXTS_H
