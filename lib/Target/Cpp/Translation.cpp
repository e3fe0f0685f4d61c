//===- Translation.cpp - aimc-translate --aimc-to-cpp ---------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The emitter as a translation with options.
//
//===----------------------------------------------------------------------===//

#include "Pipelines/Registration.h"
#include "Target/Cpp/CppEmitter.h"

#include "aimc/Runtime/Files.h"

#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace aimc;

namespace {
/// Options of the translation.
struct Flags {
  llvm::cl::OptionCategory category{"Options of --aimc-to-cpp"};
  llvm::cl::opt<std::string> entry{"aimc-entry",
                                   llvm::cl::desc("Public function to run"),
                                   llvm::cl::cat(category)};
  llvm::cl::opt<bool> main{"aimc-main", llvm::cl::desc("Emit a main"),
                           llvm::cl::init(true), llvm::cl::cat(category)};
  llvm::cl::opt<WeightStorage> weights{
      "aimc-weights", llvm::cl::desc("Where the program keeps its weights"),
      llvm::cl::values(
          clEnumValN(WeightStorage::Embed, "embed", "as numbers in the source"),
          clEnumValN(WeightStorage::SideFile, "side-file",
                     "in a file beside the program"),
          clEnumValN(WeightStorage::Incbin, "incbin",
                     "in the program, put there by the assembler")),
      llvm::cl::init(WeightStorage::Embed), llvm::cl::cat(category)};
  llvm::cl::opt<std::string> weightsFile{
      "aimc-weights-file",
      llvm::cl::desc("File of weights to write, for side-file and incbin"),
      llvm::cl::value_desc("file"), llvm::cl::cat(category)};
};
} // namespace

/// Emits `module` as the options ask.
static LogicalResult translate(ModuleOp module, const Flags &flags,
                               llvm::raw_ostream &os) {
  CppOptions options;
  options.entry = flags.entry;
  options.main = flags.main;
  options.weights = flags.weights;
  if (options.weights == WeightStorage::Embed)
    return emitCpp(module, options, os, nullptr);
  if (flags.weightsFile.empty())
    return emitError(module.getLoc(),
                     "expects --aimc-weights-file=FILE for weights in a "
                     "file, but got none");
  options.weightsFile = llvm::sys::path::filename(flags.weightsFile).str();
  std::string error, bytes;
  std::unique_ptr<runtime::OutputFile> file =
      runtime::OutputFile::create(flags.weightsFile, error);
  if (!file)
    return emitError(module.getLoc(), error);
  llvm::raw_string_ostream blob(bytes);
  if (failed(emitCpp(module, options, os, &blob)))
    return failure();
  if (!file->write(bytes, error) || !file->commit(error))
    return emitError(module.getLoc(), error);
  return success();
}

void aimc::registerToCppTranslation() {
  static Flags flags;
  TranslateFromMLIRRegistration registration(
      "aimc-to-cpp", "Print a module of runtime calls as a C++ program",
      [](ModuleOp module, llvm::raw_ostream &os) {
        return translate(module, flags, os);
      },
      [](DialectRegistry &registry) { registerDialects(registry); });
}
