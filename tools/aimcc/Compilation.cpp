//===- Compilation.cpp - One run of aimcc -----------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lowers a module as far as is asked for and writes what is made of it.
//
//===----------------------------------------------------------------------===//

#include "Compilation.h"

#include "Calibration.h"
#include "Estimate/ModuleEstimate.h"
#include "Execution/ModelTables.h"
#include "Mapping/ModuleMapping.h"
#include "Target/Cpp/CppEmitter.h"
#include "Target/Cpp/CppProject.h"
#include "Target/Cpp/CppSignature.h"

#include "AIMC/IR/AIMC.h"
#include "aimc/Runtime/Files.h"

#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace aimc;

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
  if (arguments.emission == Emission::Project &&
      !arguments.calibrationReport.empty() &&
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
  if ((arguments.isProgram() || arguments.emission == Emission::Project) &&
      arguments.output == "-")
    return driver.fail("expects a file for --emit=" + arguments.emit +
                       ", but got standard output");
  if (arguments.emission == Emission::Project) {
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
  if (arguments.weights == "side-file" &&
      arguments.lastStage == Stage::Runtime &&
      arguments.emission != Emission::Project &&
      arguments.emission != Emission::Stage) {
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
  if (arguments.emission == Emission::Project ||
      (!arguments.isProgram() && arguments.calibrate.empty()))
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
  Stage last = arguments.lastStage;
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
  if (last >= Stage::Placed && arguments.emission != Emission::Estimate &&
      arguments.emission != Emission::Mapping)
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
  if (arguments.emission == Emission::Library)
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
      (arguments.emission == Emission::Executable &&
       !add("main.cpp", texts->main)) ||
      (!texts->assembly.empty() && (!write("model.weights", blob) ||
                                    !add("model_weights.S", texts->assembly))))
    return driver.fail(error);
  program.output = folder.getPath("program");
  program.flags = arguments.flags;
  program.shared = arguments.emission != Emission::Executable;
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

int Compilation::emitEstimate(ModuleOp module) {
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

int Compilation::emit(ModuleOp module) {
  switch (arguments.emission) {
  case Emission::Stage:
    return finish(
        output->commit(serializeModule(module, arguments.text), error));
  case Emission::Mapping:
    return emitMapping(module);
  case Emission::Estimate:
    return emitEstimate(module);
  case Emission::Cpp:
    return emitCppFile(module);
  case Emission::Project:
    return emitProject(module);
  case Emission::Library:
  case Emission::Executable:
    return emitProgram(module);
  }
  llvm_unreachable("all kinds are handled");
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
  if (arguments.emission == Emission::Stage &&
      arguments.lastStage < getReachedStage(*module))
    return driver.fail("--emit expects stage '" +
                       stringifyStage(getReachedStage(*module)) +
                       "', which the module has reached, or a later one, but "
                       "got '" +
                       arguments.emit + "'");
  if (arguments.lastStage >= Stage::Tiled || !arguments.mode.empty())
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
