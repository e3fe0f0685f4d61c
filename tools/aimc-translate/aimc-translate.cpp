//===- aimc-translate.cpp - To other formats ------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The project's translations with the options of mlir-translate. Not upstream's
// main, which empties the output file before it has read the input.
//
//===----------------------------------------------------------------------===//

#include "Driver/Input.h"
#include "Driver/Output.h"
#include "Driver/Version.h"
#include "Mapping/ModuleMapping.h"
#include "Target/Cpp/CppEmitter.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Support/ToolUtilities.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
namespace cl = llvm::cl;

namespace {
/// The command line.
struct Options {
  cl::opt<std::string> input{cl::Positional, cl::desc("<input file>"),
                             cl::init("-")};
  cl::opt<std::string> output{"o",
                              cl::desc("Output file; - is standard output"),
                              cl::value_desc("file"), cl::init("-")};
  cl::opt<bool> split{
      "split-input-file",
      cl::desc("Translate the parts between the lines // ----- one by one")};
  cl::opt<bool> verify{
      "verify-diagnostics",
      cl::desc("Check that diagnostics are those of expected-* lines")};
  cl::opt<bool> unregistered{"allow-unregistered-dialect",
                             cl::desc("Allow operations of unknown dialects")};
  cl::opt<const Translation *, false, TranslationParser> translation{
      "", cl::desc("Translation to perform"), cl::Required};
};
} // namespace

/// Translates one part of the input.
static LogicalResult translate(const Options &options,
                               std::unique_ptr<llvm::MemoryBuffer> part,
                               llvm::raw_ostream &os) {
  auto sources = std::make_shared<llvm::SourceMgr>();
  sources->AddNewSourceBuffer(std::move(part), llvm::SMLoc());
  MLIRContext context(MLIRContext::Threading::DISABLED);
  context.allowUnregisteredDialects(options.unregistered);
  const Translation &translation = *options.translation;
  if (!options.verify) {
    SourceMgrDiagnosticHandler handler(*sources, &context);
    return translation(sources, os, &context);
  }
  context.printOpOnDiagnostic(false);
  SourceMgrDiagnosticVerifierHandler handler(*sources, &context);
  // Whether it fails as expected is the handler's to say.
  (void)translation(sources, os, &context);
  return handler.verify();
}

/// Prints a sentence; the exit code of a failure.
static int fail(const std::string &error) {
  llvm::errs() << "aimc-translate: error: " << error << "\n";
  return 1;
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  aimc::setUpLlvmCommandLine("aimc-translate");
  aimc::registerToCppTranslation();
  aimc::registerMappingTranslations();
  registerAsmPrinterCLOptions();
  registerMLIRContextCLOptions();
  Options options;
  cl::ParseCommandLineOptions(argc, argv, "AIMC translation driver\n");

  std::unique_ptr<llvm::MemoryBuffer> file =
      aimc::openModule("aimc-translate", options.input);
  if (!file)
    return 1;
  std::string error, text;
  std::unique_ptr<aimc::Output> output =
      aimc::Output::create(options.output, error);
  if (!output)
    return fail(error);
  llvm::raw_string_ostream os(text);
  auto process = [&](std::unique_ptr<llvm::MemoryBuffer> part,
                     llvm::raw_ostream &to) {
    return translate(options, std::move(part), to);
  };
  if (failed(splitAndProcessBuffer(std::move(file), process, os,
                                   options.split ? kDefaultSplitMarker : "")))
    return 1;
  return output->commit(text, error) ? 0 : fail(error);
}
