//===- aimcc.cpp - The compiler driver ------------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From a module of any stage to any later stage, an estimate, C++, a shared
// library or a program.
//
//===----------------------------------------------------------------------===//

#include "Calibration.h"
#include "Driver/Driver.h"
#include "Driver/Output.h"
#include "Driver/Version.h"
#include "Estimate/ModuleEstimate.h"
#include "Execution/ModelTables.h"
#include "Mapping/ModuleMapping.h"
#include "Pipelines/Pipelines.h"
#include "ProgramBuilder.h"
#include "ProjectFolder.h"
#include "Target/Cpp/CppEmitter.h"
#include "Target/Cpp/CppProject.h"
#include "Target/Cpp/CppSignature.h"

#include "AIMC/IR/AIMC.h"
#include "aimc/Runtime/Files.h"
#include "aimc/Runtime/TargetFile.h"

#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <CLI/CLI.hpp>
#include <cmath>
#include <optional>

using namespace mlir;
using namespace aimc;

namespace {
/// The command line.
struct Arguments {
  std::string model, output,
      emit = "executable", target, mode, objective = "area", schedule,
      weights = "embed", rule, ranges, calibrationReport, entry, printTarget,
      flags;
  SplitOptions split;
  std::vector<std::string> calibrate;
  double percentile = 0.9999, k = 4;
  int64_t omegaSeed = -1;
  CopyOptions copies;
  bool text = false, standalone = false;
};

/// One compilation.
class Compilation {
public:
  Compilation(Driver &driver, const Arguments &arguments, const char *argv0)
      : driver(driver), arguments(arguments), argv0(argv0) {}

  /// Returns the exit code.
  int run();

private:
  /// The stage that is emitted or that the emitted thing is made from.
  Stage getLastStage() const;
  bool isExecutable() const { return arguments.emit == "executable"; }
  bool isProgram() const {
    return isExecutable() || arguments.emit == "library";
  }
  bool checkFiles();
  int openOutputs();
  int lower(ModuleOp module);
  void warnOfDefaultRanges(ModuleOp module);
  LogicalResult checkFixedPoint(ModuleOp module);
  int emit(ModuleOp module);
  int emitCppFile(ModuleOp module);
  bool commitBoth(llvm::StringRef bytes, llvm::StringRef blob);
  int emitProgram(ModuleOp module);
  int emitProject(ModuleOp module);
  int emitMapping(ModuleOp module);
  /// Ends with an error of the project's libraries.
  int finish(bool good) { return good ? 0 : driver.fail(error); }

  Driver &driver;
  const Arguments &arguments;
  const char *argv0;
  std::string error;
  TemporaryFolder folder;
  ProjectFolder project;
  std::string runtimeSources; ///< that a project gets a copy of
  std::unique_ptr<Output> output, weights;
  std::string weightsName; ///< of the side file, without its folder
};
} // namespace

//===----------------------------------------------------------------------===//
// The command line
//===----------------------------------------------------------------------===//

/// What can be emitted, stages first.
static std::string getKinds() {
  return getStageNames() +
         ", mapping, estimate, cpp, project, library, executable";
}

static bool isKind(const std::string &text) {
  return symbolizeStage(text) || text == "mapping" || text == "estimate" ||
         text == "cpp" || text == "project" || text == "library" ||
         text == "executable";
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

static void addOptions(CLI::App &app, Arguments &arguments) {
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
           if (!isKind(text))
             throw CLI::ValidationError("--emit expects one of " + getKinds() +
                                        ", but got '" + text + "'");
           arguments.emit = text;
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

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

Stage Compilation::getLastStage() const {
  if (std::optional<Stage> stage = symbolizeStage(arguments.emit))
    return *stage;
  if (arguments.emit == "mapping")
    return Stage::Placed;
  return arguments.emit == "estimate" ? Stage::Scheduled : Stage::Runtime;
}

/// Whether a file would be in `folder`, wherever links lead.
static bool isInFolder(llvm::StringRef file, llvm::StringRef folder) {
  llvm::SmallString<128> parent(file), inner, outer;
  if (llvm::sys::fs::make_absolute(parent) ||
      llvm::sys::fs::real_path(llvm::sys::path::parent_path(parent), inner) ||
      llvm::sys::fs::real_path(folder, outer))
    return false;
  return inner.str().starts_with(outer) &&
         (inner.size() == outer.size() || inner[outer.size()] == '/');
}

/// Whether no file is written that is also read.
bool Compilation::checkFiles() {
  std::vector<std::string> read = arguments.calibrate;
  llvm::append_range(
      read, ArrayRef{arguments.model, arguments.ranges, arguments.target});
  for (const std::string &name : read)
    for (const std::string &written :
         {arguments.output, arguments.output + ".weights",
          arguments.calibrationReport})
      if (!name.empty() && name != "-" && runtime::isSameFile(written, name)) {
        error = (written == arguments.calibrationReport ? "--calibration-report"
                                                        : "--output") +
                std::string(" expects another file than those that are read, "
                            "but got '") +
                written + "'";
        return false;
      }
  if (!arguments.calibrationReport.empty() &&
      (arguments.calibrationReport == arguments.output ||
       runtime::isSameFile(arguments.calibrationReport, arguments.output))) {
    error = "--calibration-report expects another file than --output, but got "
            "'" +
            arguments.output + "'";
    return false;
  }
  if (arguments.emit == "project" && !arguments.calibrationReport.empty() &&
      isInFolder(arguments.calibrationReport, arguments.output)) {
    error = "--calibration-report expects a file outside the project that is "
            "written, but got '" +
            arguments.calibrationReport + "'";
    return false;
  }
  return true;
}

/// Opens all files that will be written, before any work is done.
int Compilation::openOutputs() {
  if ((isProgram() || arguments.emit == "project") && arguments.output == "-")
    return driver.fail("expects a file for --emit=" + arguments.emit +
                       ", but got standard output");
  if (arguments.emit == "project") {
    if (arguments.standalone)
      runtimeSources = findFolder(findPrefix(argv0), {"share/aimc/runtime"},
                                  "CMakeLists.txt", error);
    if (!error.empty() || !project.create(arguments.output, error))
      return driver.fail(error);
  } else {
    output = Output::create(arguments.output, error);
    if (!output)
      return driver.fail(error);
  }
  // A pass writes it; whether it can is known before any work.
  if (const std::string &report = arguments.calibrationReport;
      !report.empty() && !Output::create(report, error))
    return driver.fail(error);
  if (arguments.weights == "side-file" && getLastStage() == Stage::Runtime &&
      arguments.emit != "project" && !symbolizeStage(arguments.emit)) {
    if (arguments.output == "-")
      return driver.fail("expects a file for the program of a side file, but "
                         "got standard output");
    std::string path = arguments.output + ".weights";
    weights = Output::create(path, error);
    if (!weights)
      return driver.fail(error);
    weightsName = llvm::sys::path::filename(path).str();
  }
  // That of a project serves for what its compilation needs too.
  if (arguments.emit == "project" ||
      (!isProgram() && arguments.calibrate.empty()))
    return 0;
  return finish(folder.create(error));
}

/// A placed module without ranges is right on `exact` and poor on a chip.
void Compilation::warnOfDefaultRanges(ModuleOp module) {
  TargetAttr target = TargetAttr::lookup(module);
  if (!target || target.getTarget().dac.ideal)
    return;
  bool hasDefaults = module
                         .walk([](MvmOp op) {
                           return op.getInputRange() ? WalkResult::advance()
                                                     : WalkResult::interrupt();
                         })
                         .wasInterrupted();
  if (hasDefaults)
    llvm::errs() << "aimcc: warning: converter ranges are the defaults of "
                    "target '"
                 << target.getTarget().name
                 << "', whatever the model's values are; --calibrate sets them "
                    "from data\n";
}

/// What does not fold into the numbers of a fixed-point unit is an error now
/// and not when the placed module is run.
LogicalResult Compilation::checkFixedPoint(ModuleOp module) {
  TargetAttr target = TargetAttr::lookup(module);
  if (!target || llvm::none_of(target.getTarget().units, [](const auto &unit) {
        return unit.format.kind == runtime::NumberFormat::Kind::FixedPoint;
      }))
    return success();
  OwningOpRef<ModuleOp> copy = module.clone();
  return driver.run(*copy,
                    [](OpPassManager &manager) { buildFolding(manager); });
}

int Compilation::lower(ModuleOp module) {
  CompileOptions options;
  options.target = arguments.target;
  options.mode = arguments.mode;
  options.readout = arguments.split.readout;
  options.projection = arguments.split.projection;
  arguments.copies.apply(options);
  options.ranges = arguments.ranges;
  options.rule = arguments.rule;
  options.calibrationReport = arguments.calibrationReport;
  options.percentile = arguments.percentile;
  options.k = arguments.k;
  options.objective = arguments.objective;
  options.schedule = arguments.schedule;
  options.omegaSeed = arguments.omegaSeed;
  Stage last = getLastStage();
  auto runStages = [&](Stage from, Stage to) {
    return driver.run(module, [&](OpPassManager &manager) {
      for (int stage = static_cast<int>(from);
           stage <= static_cast<int>(std::min(to, last)); ++stage)
        buildStage(manager, static_cast<Stage>(stage), options);
    });
  };
  if (failed(runStages(Stage::Kernel, Stage::Tiled)))
    return 1;
  if (!arguments.calibrate.empty() && last >= Stage::Calibrated) {
    std::string ranges =
        (output ? folder : project.getFolder()).getPath("ranges.json");
    if (failed(collectRanges(driver, module, options, arguments.entry,
                             arguments.calibrate, ranges)))
      return 1;
    options.ranges = ranges;
    if (arguments.rule == "best") {
      FailureOr<std::string> rule = chooseRule(
          driver, module, options, arguments.entry, arguments.calibrate);
      if (failed(rule))
        return 1;
      options.rule = *rule;
    }
  }
  if (failed(runStages(Stage::Calibrated, Stage::Scheduled)))
    return 1;
  if (last >= Stage::Placed && arguments.emit != "estimate" &&
      arguments.emit != "mapping")
    warnOfDefaultRanges(module);
  if (last >= Stage::Placed && last < Stage::Runtime &&
      failed(checkFixedPoint(module)))
    return 1;
  return failed(runStages(Stage::Runtime, Stage::Runtime));
}

/// Gives the output and its side file their names, one right after the other
/// when nothing else can fail, so that an earlier program keeps its weights.
bool Compilation::commitBoth(llvm::StringRef bytes, llvm::StringRef blob) {
  if (!weights)
    return output->commit(bytes, error);
  return weights->write(blob, error) && output->write(bytes, error) &&
         weights->commit(error) && output->commit(error);
}

int Compilation::emitCppFile(ModuleOp module) {
  CppOptions options;
  options.entry = arguments.entry;
  std::string blob, source;
  llvm::raw_string_ostream blobStream(blob), sourceStream(source);
  if (weights) {
    options.weights = WeightStorage::SideFile;
    options.weightsFile = weightsName;
  }
  if (failed(emitCpp(module, options, sourceStream,
                     weights ? &blobStream : nullptr)))
    return 1;
  return finish(commitBoth(source, blob));
}

int Compilation::emitProject(ModuleOp module) {
  CppProjectOptions options;
  options.entry = arguments.entry;
  options.name = toCppProjectName(
      llvm::sys::path::filename(llvm::StringRef(arguments.output).rtrim('/')));
  if (arguments.weights == "side-file")
    options.weights = WeightStorage::SideFile;
  options.weightsFile = options.name + ".weights";
  options.standalone = arguments.standalone;
  std::string blob;
  llvm::raw_string_ostream blobStream(blob);
  FailureOr<CppProject> texts = emitCppProject(module, options, blobStream);
  if (failed(texts))
    return 1;
  const std::pair<llvm::StringRef, llvm::StringRef> files[] = {
      {"model.h", texts->header},           {"model.cpp", texts->source},
      {"model_tables.h", texts->tables},    {"main.cpp", texts->main},
      {"model_weights.S", texts->assembly}, {"CMakeLists.txt", texts->cmake},
      {"build.sh", texts->script},          {"exports.map", texts->exports},
      {"README.md", texts->readme},         {options.weightsFile, blob}};
  for (auto [name, text] : files)
    if (!text.empty() && !project.write(name, text, error))
      return driver.fail(error);
  // Of calibration, if there was any.
  (void)llvm::sys::fs::remove(project.getFolder().getPath("ranges.json"));
  return finish(project.commit(runtimeSources, "runtime", error));
}

int Compilation::emitProgram(ModuleOp module) {
  CppProjectOptions options;
  options.entry = arguments.entry;
  llvm::StringRef stem = llvm::sys::path::stem(arguments.output);
  if (arguments.emit == "library")
    stem.consume_front("lib");
  options.name = toCppIdentifier(stem, "model");
  options.weightsFile = folder.getPath("model.weights");
  if (weights) {
    options.weights = WeightStorage::SideFile;
    options.weightsFile = weightsName;
  }
  std::string blob;
  llvm::raw_string_ostream blobStream(blob);
  FailureOr<CppProject> texts = emitCppProject(module, options, blobStream);
  if (failed(texts))
    return 1;

  ProgramOptions program;
  auto write = [&](llvm::StringRef name, llvm::StringRef bytes) {
    std::unique_ptr<Output> file = Output::create(folder.getPath(name), error);
    return file && file->commit(bytes, error);
  };
  auto add = [&](llvm::StringRef name, llvm::StringRef text) {
    program.sources.push_back(folder.getPath(name));
    return write(name, text);
  };
  if (!write("model.h", texts->header) ||
      !write("model_tables.h", texts->tables) ||
      !add("model.cpp", texts->source) ||
      (isExecutable() && !add("main.cpp", texts->main)) ||
      (!texts->assembly.empty() && (!write("model.weights", blob) ||
                                    !add("model_weights.S", texts->assembly))))
    return driver.fail(error);
  program.output = folder.getPath("program");
  program.flags = arguments.flags;
  program.shared = !isExecutable();
  if (!buildProgram(program, argv0, error))
    return driver.fail(error);
  auto built = llvm::MemoryBuffer::getFile(program.output);
  if (!built)
    return driver.fail("could not read '" + program.output +
                       "': " + built.getError().message());
  if (!commitBoth((*built)->getBuffer(), blob))
    return driver.fail(error);
  // What a linker gives: all that the user's mask allows.
  if (std::error_code code = llvm::sys::fs::setPermissions(
          arguments.output,
          static_cast<llvm::sys::fs::perms>(0777 & ~llvm::sys::fs::getUmask())))
    return driver.fail("could not make '" + arguments.output +
                       "' executable: " + code.message());
  return 0;
}

int Compilation::emitMapping(ModuleOp module) {
  FailureOr<MappingFile> mapping = describeMapping(module);
  if (failed(mapping))
    return 1;
  std::string text;
  llvm::raw_string_ostream os(text);
  printMapping(*mapping, os);
  return finish(output->commit(text, error));
}

int Compilation::emit(ModuleOp module) {
  if (symbolizeStage(arguments.emit))
    return finish(
        output->commit(serializeModule(module, arguments.text), error));
  if (arguments.emit == "mapping")
    return emitMapping(module);
  if (arguments.emit == "project")
    return emitProject(module);
  if (isProgram())
    return emitProgram(module);
  if (arguments.emit == "cpp")
    return emitCppFile(module);
  FailureOr<ModuleEstimate> estimate = estimateModule(module);
  if (failed(estimate))
    return 1;
  if (std::string error = addBaselines({}, *estimate); !error.empty())
    return driver.fail(error);
  std::string text;
  llvm::raw_string_ostream os(text);
  if (llvm::StringRef(arguments.output).ends_with(".json"))
    printJson(*estimate, /*vectors=*/1, os);
  else
    printTable(*estimate, /*vectors=*/1, os);
  return finish(output->commit(text, error));
}

int Compilation::run() {
  OwningOpRef<ModuleOp> module = driver.load(arguments.model);
  if (!module)
    return 1;
  if (!arguments.entry.empty() && failed(findEntry(*module, arguments.entry)))
    return 1;
  if (arguments.omegaSeed >= 0 && !Driver::samplesProjections(*module))
    return driver.fail("--omega-seed expects a module that samples its "
                       "projections, but those of this module are fixed");
  if (std::optional<Stage> stage = symbolizeStage(arguments.emit);
      stage && *stage < getReachedStage(*module))
    return driver.fail("--emit expects stage '" +
                       stringifyStage(getReachedStage(*module)) +
                       "', which the module has reached, or a later one, but "
                       "got '" +
                       arguments.emit + "'");
  if (getLastStage() >= Stage::Tiled || !arguments.mode.empty())
    if (std::string text = checkTarget(*module, arguments.target);
        !text.empty())
      return driver.fail(text);
  if (!checkFiles())
    return driver.fail(error);
  if (int code = openOutputs())
    return code;
  if (int code = lower(*module))
    return code;
  return emit(*module);
}

/// Whether a report of ranges can be written: an error or nothing.
static std::string checkReport(const Arguments &arguments) {
  if (arguments.calibrationReport.empty())
    return {};
  std::optional<Stage> stage = symbolizeStage(arguments.emit);
  if (stage && *stage < Stage::Calibrated)
    return "--calibration-report expects stage 'calibrated' or a later one, "
           "but got '" +
           arguments.emit + "'";
  if (arguments.calibrate.empty() && arguments.ranges.empty() &&
      arguments.rule.empty())
    return "--calibration-report expects --calibrate, --ranges or --rule "
           "k-sigma, but got none";
  return {};
}

/// Prints the JSON of a target, or writes it to a file.
static int printTarget(Driver &driver, const std::string &name,
                       const std::string &file) {
  std::string error, text;
  runtime::TextPlace place;
  if (!runtime::loadTarget(name, error, place, &text))
    return driver.failAt(name, place, error);
  if (!llvm::StringRef(text).ends_with("\n"))
    text += '\n';
  std::unique_ptr<Output> output =
      Output::create(file.empty() ? "-" : file, error);
  return output && output->commit(text, error) ? 0 : driver.fail(error);
}

int main(int argc, char **argv) {
  Driver driver("aimcc");
  CLI::App app("Compiles a module for a chip.", "aimcc");
  Arguments arguments;
  addOptions(app, arguments);
  if (std::optional<int> code = driver.parseCommandLine(app, argc, argv))
    return *code;
  if (!arguments.printTarget.empty()) {
    for (const CLI::Option *option : app.get_options())
      if (option->count() && option->get_name() != "--print-target" &&
          option->get_name() != "--output")
        return driver.fail("--print-target expects --output alone beside it, "
                           "but got " +
                           option->get_name());
    return printTarget(driver, arguments.printTarget, arguments.output);
  }
  if (arguments.model.empty())
    return driver.fail("expects a module to compile, but got none");
  if (arguments.output.empty())
    return driver.fail("expects --output, but got none");
  if (!arguments.calibrate.empty() && !arguments.ranges.empty())
    return driver.fail("expects --calibrate or --ranges, but got both");
  if (app.count("--percentile") && arguments.rule != "percentile" &&
      arguments.rule != "best")
    return driver.fail("--percentile expects --rule percentile");
  if (app.count("--k") && arguments.rule != "k-sigma" &&
      arguments.rule != "best")
    return driver.fail("--k expects --rule k-sigma");
  if (arguments.rule == "best" && arguments.calibrate.empty())
    return driver.fail("--rule best expects --calibrate, but got none");
  if (std::string text = checkReport(arguments); !text.empty())
    return driver.fail(text);
  if (std::string text = checkCopies(app, arguments.copies); !text.empty())
    return driver.fail(text);
  if (arguments.standalone && arguments.emit != "project")
    return driver.fail("--standalone expects --emit=project, but got '" +
                       arguments.emit + "'");
  return Compilation(driver, arguments, argv[0]).run();
}
