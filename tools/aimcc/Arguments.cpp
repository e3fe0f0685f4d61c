//===- Arguments.cpp - The command line of aimcc ----------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Options with their help and what they exclude.
//
//===----------------------------------------------------------------------===//

#include "Arguments.h"

#include "Driver/Version.h"

#include "llvm/ADT/StringExtras.h"

#include <CLI/CLI.hpp>
#include <cmath>
#include <optional>

using namespace mlir;
using namespace aimc;

namespace {
/// A kind of emission that is no stage, and the stage that it is made from.
struct EmissionName {
  llvm::StringLiteral name;
  Emission emission;
  Stage lastStage;
};
} // namespace

static constexpr EmissionName emissionNames[] = {
    {"mapping", Emission::Mapping, Stage::Placed},
    {"estimate", Emission::Estimate, Stage::Scheduled},
    {"cpp", Emission::Cpp, Stage::Runtime},
    {"project", Emission::Project, Stage::Runtime},
    {"library", Emission::Library, Stage::Runtime},
    {"executable", Emission::Executable, Stage::Runtime}};

/// What can be emitted, stages first.
static std::string getKinds() {
  std::string kinds = getStageNames();
  for (const EmissionName &each : emissionNames)
    kinds += ", " + each.name.str();
  return kinds;
}

/// Sets what is made; false if `text` is none of the kinds.
static bool parseEmission(const std::string &text, Arguments &arguments) {
  arguments.emit = text;
  if (std::optional<Stage> stage = symbolizeStage(text)) {
    arguments.emission = Emission::Stage;
    arguments.lastStage = *stage;
    return true;
  }
  for (const EmissionName &each : emissionNames)
    if (each.name == text) {
      arguments.emission = each.emission;
      arguments.lastStage = each.lastStage;
      return true;
    }
  return false;
}

/// Adds an option that takes a finite number above 0 and at most `limit`.
static void addNumber(CLI::App &app, const std::string &name, double &value,
                      double limit, const std::string &help) {
  app.add_option_function<std::string>(
         name,
         [=, &value](const std::string &text) {
           double number = 0;
           if (llvm::StringRef(text).getAsDouble(number) || !(number > 0) ||
               !(number <= limit) || std::isinf(number))
             throw CLI::ValidationError(name + " expects a number above 0" +
                                        (limit == 1 ? " and at most 1" : "") +
                                        ", but got '" + text + "'");
           value = number;
         },
         help)
      ->type_name("NUMBER");
}

void aimc::addOptions(CLI::App &app, Arguments &arguments) {
  app.add_option("MODEL", arguments.model,
                 "Module of any stage, text or bytecode; - is standard input");
  app.add_option("-o,--output", arguments.output,
                 "What is written, always to be given; - is standard output "
                 "where it is one text");
  app.add_option("--target", arguments.target,
                 "Built-in target or JSON file; without one, the module's")
      ->type_name("NAME|FILE");
  app.add_option("--mode", arguments.mode,
                 "Operating mode of the target, say 4-phase; without one, its "
                 "own")
      ->type_name("NAME");
  app.add_option_function<std::string>(
         "--emit",
         [&](const std::string &text) {
           if (!parseEmission(text, arguments))
             throw CLI::ValidationError("--emit expects one of " + getKinds() +
                                        ", but got '" + text + "'");
         },
         "What is made: " + getKinds() +
             " (executable); an estimate is JSON when OUTPUT ends in .json")
      ->type_name("KIND");
  app.add_option("--entry", arguments.entry,
                 "Function to run, when there are several public ones")
      ->type_name("NAME");
  app.add_option("--calibrate", arguments.calibrate,
                 "Sets converter ranges from a run on this argument: x.npy, "
                 "x.npz:name or x.csv; once for each, in order. Stages before "
                 "'calibrated' need none")
      ->allow_extra_args(false)
      ->type_name("FILE");
  app.add_option("--ranges", arguments.ranges,
                 "Sets converter ranges from those that aimc-run "
                 "--collect-ranges recorded")
      ->type_name("FILE");
  addChoice(app, "--rule", arguments.rule,
            {"max", "percentile", "k-sigma", "mse", "best"},
            "How ranges follow from what was recorded (mse); best is the one "
            "with the least error on the data of --calibrate on the simulator");
  app.add_option("--calibration-report", arguments.calibrationReport,
                 "Writes what the ranges clip and cost, site by site: JSON if "
                 "FILE ends in .json, else a table; - is standard output")
      ->type_name("FILE");
  addNumber(app, "--percentile", arguments.percentile, 1,
            "Of rule percentile: fraction of the values in range (0.9999)");
  addNumber(app, "--k", arguments.k, HUGE_VAL,
            "Of rule k-sigma: standard deviations in range (4)");
  addChoice(app, "--objective", arguments.objective,
            {"area", "latency", "noise"}, "How tiles are placed (area)");
  addChoice(app, "--schedule", arguments.schedule,
            {"layer-by-layer", "cross-layer"},
            "When operations run (that of the module, else cross-layer); a "
            "module that has another is scheduled anew");
  addSplitOptions(app, arguments.split);
  addCopies(app, arguments.copies);
  addChoice(app, "--weights", arguments.weights, {"embed", "side-file"},
            "Where a program keeps its weights: in it, or in OUTPUT.weights "
            "(of a project, NAME.weights) beside it (embed)");
  app.add_flag("--standalone", arguments.standalone,
               "Of --emit=project: with the sources of the runtime, so that a "
               "C++ compiler is enough to build it");
  app.add_option_function<std::string>(
         "--omega-seed",
         [&](const std::string &text) {
           if (llvm::StringRef(text).getAsInteger(10, arguments.omegaSeed) ||
               arguments.omegaSeed < 0)
             throw CLI::ValidationError("--omega-seed expects an integer of 0 "
                                        "or more, but got '" +
                                        text + "'");
         },
         "Seed of the projections that the module samples (their own)")
      ->type_name("N");
  app.add_option("--cxxflags", arguments.flags,
                 "More flags for the C++ compiler, which is $CXX or c++")
      ->type_name("FLAGS");
  app.add_flag("-S,--text", arguments.text,
               "Writes stages over 1 MB as text too, not as bytecode");
  app.add_option("--print-target", arguments.printTarget,
                 "Prints the JSON of a target, to OUTPUT if given, and ends")
      ->type_name("NAME|FILE");
  app.set_version_flag("--version", getVersionText("aimcc"));
  Driver::addCompilerOptions(app);
}

/// Whether a report of ranges can be written: an error or nothing.
static std::string checkReport(const Arguments &arguments) {
  if (arguments.calibrationReport.empty())
    return {};
  if (arguments.emission == Emission::Stage &&
      arguments.lastStage < Stage::Calibrated)
    return "--calibration-report expects stage 'calibrated' or a later one, "
           "but got '" +
           arguments.emit + "'";
  if (arguments.calibrate.empty() && arguments.ranges.empty() &&
      arguments.rule.empty())
    return "--calibration-report expects --calibrate, --ranges or --rule "
           "k-sigma, but got none";
  return {};
}

std::string aimc::checkArguments(const CLI::App &app,
                                 const Arguments &arguments) {
  if (arguments.model.empty())
    return "expects a module to compile, but got none";
  if (arguments.output.empty())
    return "expects --output, but got none";
  if (!arguments.calibrate.empty() && !arguments.ranges.empty())
    return "expects --calibrate or --ranges, but got both";
  if (app.count("--percentile") && arguments.rule != "percentile" &&
      arguments.rule != "best")
    return "--percentile expects --rule percentile";
  if (app.count("--k") && arguments.rule != "k-sigma" &&
      arguments.rule != "best")
    return "--k expects --rule k-sigma";
  if (arguments.rule == "best" && arguments.calibrate.empty())
    return "--rule best expects --calibrate, but got none";
  if (std::string text = checkReport(arguments); !text.empty())
    return text;
  if (std::string text = checkCopies(app, arguments.copies); !text.empty())
    return text;
  if (arguments.standalone && arguments.emission != Emission::Project)
    return "--standalone expects --emit=project, but got '" + arguments.emit +
           "'";
  return {};
}
