//===- Options.cpp - Command line of a run ----------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The options that `aimc-run` and compiled programs share.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Runner/OptionTexts.h"
#include "aimc/Runtime/Runner.h"
#include "aimc/Runtime/TargetDescription.h"
#include "aimc/Runtime/TargetEffects.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <ostream>

using namespace aimc::runtime;

uint64_t RunOptions::programSeedOf(int64_t chip) const {
  return programSeed.value_or(seed.value_or(0)) + uint64_t(chip);
}

uint64_t RunOptions::readSeedOf(int64_t chip) const {
  return readSeed.value_or(seed.value_or(0)) + uint64_t(chip);
}

/// Adds an option that takes an integer from `low` to `high`. The texts of
/// CLI11's own conversion do not say the range, and it takes -1 as 2^64 - 1.
template <typename Integer, typename Value>
static CLI::Option *addInteger(CLI::App &app, const char *name, Value &value,
                               Integer low, Integer high, const char *help) {
  return app
      .add_option_function<std::string>(
          name,
          [=, &value](const std::string &text) {
            Integer number = 0;
            const char *end = text.data() + text.size();
            auto [rest, code] = std::from_chars(text.data(), end, number);
            if (code != std::errc() || rest != end || number < low ||
                number > high)
              throw CLI::ValidationError(
                  std::string(name) + " expects an integer from " +
                  std::to_string(low) + " to " + std::to_string(high) +
                  ", but got '" + text + "'");
            value = Value(number);
          },
          help)
      ->type_name("N");
}

static CLI::Option *addSeed(CLI::App &app, const char *name,
                            std::optional<uint64_t> &value, const char *help) {
  return addInteger<uint64_t>(app, name, value, 0,
                              std::numeric_limits<uint64_t>::max(), help);
}

static std::string effectsHelp() {
  std::string text = "Effects of the simulated chip to leave out, with commas "
                     "between them:";
  for (const TargetEffect &effect : targetEffects())
    text += (text.back() == ':' ? " " : ", ") + std::string(effect.name);
  return text;
}

void aimc::runtime::addRunOptions(CLI::App &app, RunOptions &options,
                                  bool compilerTool) {
  // One value each time the option is given.
  auto addFiles = [&](const char *name, std::vector<std::string> &files,
                      const char *help) {
    app.add_option(name, files, help)
        ->allow_extra_args(false)
        ->type_name("FILE");
  };
  addFiles("--input", options.inputs,
           "An argument: x.npy, x.npz:name or x.csv; once for each, in order");
  addFiles("--output", options.outputs,
           "Where a result is saved: y.npy or y.npz:name; once for each, in "
           "order");
  addFiles("--compare", options.compare,
           "An expected result, to report the difference to");
  app.add_option("--labels", options.labels,
                 "Class indices (or 0 and 1, or -1 and 1, for one score a row) "
                 "of the first result, to report the accuracy")
      ->type_name("FILE");
  app.add_option_function<std::string>(
         "--kernel-error",
         [&options](const std::string &text) {
           std::string error;
           options.kernelError = ExactKernel::parse(text, error);
           if (!options.kernelError)
             throw CLI::ValidationError("--kernel-error " + error);
         },
         "Report |K - ZZ'| / |K| (Frobenius) of the first result, features Z, "
         "to the exact kernel K of the input, over the first 1000 rows at "
         "most: rbf:GAMMA, arccos0, arccos1, arccos2, linear or softmax")
      ->type_name("KERNEL");
  app.add_option("--device", options.device,
                 "exact (FP32), simulator (the chip of the target) or a "
                 "plug-in PATH.so (a chip that is there; see docs/Plugins.md)")
      ->type_name("NAME")
      ->capture_default_str();
  app.add_option_function<std::vector<std::string>>(
         "--device-option",
         [&options](const std::vector<std::string> &texts) {
           for (const std::string &text : texts)
             if (std::string error =
                     addDeviceOption(text, options.deviceOptions);
                 !error.empty())
               throw CLI::ValidationError("--device-option " + error);
         },
         "An option of the plug-in, which says what it knows; once for each")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  addSeed(app, "--seed", options.seed,
          "Seed of the noise of device simulator, or of a plug-in that has "
          "some (0); exact has none");
  CLI::Option *omegaSeed =
      // A seed of the IR is a signed integer.
      addInteger<uint64_t>(app, "--omega-seed", options.omegaSeed, 0,
                           std::numeric_limits<int64_t>::max(),
                           "Seed of the projections that the module samples");
  // A program refuses it with a reason, which needs no place in its help.
  if (!compilerTool)
    omegaSeed->group("");
  addSeed(app, "--program-seed", options.programSeed,
          "Seed of the programming noise");
  addSeed(app, "--read-seed", options.readSeed,
          "Seed of the noise of each MVM");
  app.add_option_function<std::string>(
         "--time",
         [&options](const std::string &text) {
           double number = 0;
           const char *end = text.data() + text.size();
           auto [rest, code] = std::from_chars(text.data(), end, number);
           if (code != std::errc() || rest != end || !(number >= 0) ||
               !(number <= LongestTime))
             throw CLI::ValidationError("--time expects a number of seconds "
                                        "from 0 to 1e12, but got '" +
                                        text + "'");
           options.time = number;
         },
         "Seconds since the weights of the simulated chip were first used, "
         "which is the target's reference_time after programming (0)")
      ->type_name("SECONDS");
  addInteger<int>(app, "--threads", options.threads, 1, MostThreads,
                  "Threads to run on (as many as the machine has); results do "
                  "not depend on it");
  addInteger<int64_t>(app, "--first-vector", options.firstVector, 0,
                      MostFirstVector,
                      "Index of the inputs' row 0 in the whole data set (0)");
  addInteger<int64_t>(app, "--chips", options.chips, 1, 1000000,
                      "Run on N simulated chips with seeds from the given one "
                      "on; report mean, standard deviation and 95 % confidence "
                      "interval");
  app.add_option("--mode", options.mode,
                 "Operating mode of the simulated chip, one of its target's, "
                 "say 4-phase")
      ->type_name("NAME");
  app.add_option_function<std::string>(
         "--without",
         [&options](const std::string &text) {
           if (std::string error = takeEffects(text, options.without);
               !error.empty())
             throw CLI::ValidationError("--without " + error);
         },
         effectsHelp())
      ->type_name("EFFECTS");
  app.add_flag("--error-budget", options.errorBudget,
               "Report the errors and the accuracy of the simulated chip "
               "without each of its effects");
  app.add_option("--engine", options.engine,
                 "Kernels of the tile products: auto, scalar, avx2 or avx512")
      ->type_name("NAME")
      ->capture_default_str();
  app.add_option("--entry", options.entry, "Name of the entry function")
      ->type_name("NAME");
  app.add_flag("--stats", options.stats, "Report times and counts");
  app.add_flag("--json", options.json,
               "Report one JSON object on standard output");
  if (compilerTool)
    app.add_option("--collect-ranges", options.collectRanges,
                   "Record the ranges at each MVM site on device exact, for "
                   "aimc-calibrate")
        ->type_name("FILE");
}

/// One sentence for an error of CLI11, whose own texts say `required` of what
/// is missing and join several lines.
static std::string describe(const CLI::App &app, const CLI::ParseError &error) {
  std::string text = error.what();
  if (dynamic_cast<const CLI::ExtrasError *>(&error)) {
    std::vector<std::string> rest = app.remaining();
    return "expects an option of --help, but got '" +
           (rest.empty() ? text : rest.front()) + "'";
  }
  // `--name: 1 required N missing`, `--name: At Most 1 required but received
  // 2`.
  if (dynamic_cast<const CLI::ArgumentMismatch *>(&error)) {
    std::string name = text.substr(0, text.find(':'));
    bool missing = text.find("missing") != std::string::npos;
    return name + " expects one value, but got " +
           (missing ? "none" : "several");
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == '.'))
    text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  // The first word of a sentence, not a name in capitals.
  if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1])))
    text[0] = char(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

std::optional<int>
aimc::runtime::parseCommandLine(CLI::App &app, const std::string &tool,
                                int argc, const char *const *argv,
                                std::ostream &out, std::ostream &err) {
  // CLI11 takes the -5 of `--time -5` for an option and then tells that
  // --time has no value; joined, the option itself says what it expects.
  std::vector<std::string> arguments;
  for (int i = 1; i < argc; ++i) {
    std::string text = argv[i];
    bool negative =
        text.size() > 1 && text[0] == '-' &&
        (std::isdigit(static_cast<unsigned char>(text[1])) || text[1] == '.');
    if (negative && !arguments.empty() &&
        arguments.back().compare(0, 2, "--") == 0 &&
        arguments.back().find('=') == std::string::npos)
      arguments.back() += "=" + text;
    else
      arguments.push_back(text);
  }
  // CLI11 takes them from the back.
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  auto fail = [&](const std::string &text) {
    err << tool << ": error: " << text << "\n";
    return 1;
  };
  auto print = [&](const std::string &text) {
    return (out << text).flush() ? 0 : fail("cannot write to standard output");
  };
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp &) {
    return print(app.help());
  } catch (const CLI::CallForAllHelp &) {
    return print(app.help("", CLI::AppFormatMode::All));
  } catch (const CLI::CallForVersion &version) {
    return print(std::string(version.what()) + "\n");
  } catch (const CLI::ParseError &error) {
    return fail(describe(app, error));
  }
  return std::nullopt;
}

std::string aimc::runtime::versionText(const std::string &tool,
                                       std::string_view llvmVersion) {
  std::string text = tool + " " AIMC_VERSION "\nruntime ABI " +
                     std::to_string(AIMC_ABI_VERSION) + "\ntarget schema " +
                     std::to_string(targetSchemaVersion);
  if (!llvmVersion.empty())
    text += "\nLLVM " + std::string(llvmVersion);
  return text;
}
