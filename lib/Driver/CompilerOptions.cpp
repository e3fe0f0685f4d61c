//===- CompilerOptions.cpp - Upstream's options in our tools --------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM keeps options in one global table; ours are those of MLIR that concern
// passes, and of mlir-opt's own those on remarks.
//
//===----------------------------------------------------------------------===//

#include "Driver/CompilerOptions.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Remark/RemarkStreamer.h"
#include "mlir/Support/Timing.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

/// Names of the options that are taken.
static llvm::StringSet<> &getNames() {
  static llvm::StringSet<> names;
  return names;
}

void aimc::registerCompilerOptions() {
  llvm::StringSet<> before;
  for (const auto &option : llvm::cl::getRegisteredOptions())
    before.insert(option.first);
  registerAsmPrinterCLOptions();
  registerMLIRContextCLOptions();
  registerPassManagerCLOptions();
  registerDefaultTimingManagerCLOptions();
  for (const auto &option : llvm::cl::getRegisteredOptions())
    if (!before.contains(option.first))
      getNames().insert(option.first);
  static_cast<llvm::cl::opt<bool> *>(
      llvm::cl::getRegisteredOptions()["mlir-print-op-on-diagnostic"])
      ->setInitialValue(false);
  DialectRegistry registry;
  MlirOptMainConfig::registerCLOptions(registry);
  for (const auto &option : llvm::cl::getRegisteredOptions())
    if (option.first.starts_with("remark"))
      getNames().insert(option.first);
}

bool aimc::parseCompilerOptions(const std::string &tool,
                                llvm::ArrayRef<std::string> arguments,
                                std::string &error) {
  std::vector<const char *> texts = {tool.c_str()};
  for (const std::string &argument : arguments) {
    llvm::StringRef name =
        llvm::StringRef(argument).take_until([](char c) { return c == '='; });
    if (!name.starts_with("-")) {
      error = "expects one module, but got '" + argument + "' too";
      return false;
    }
    if (!getNames().contains(name.ltrim('-'))) {
      error = "expects an option of --help, but got '" + argument + "'";
      return false;
    }
    texts.push_back(argument.c_str());
  }
  std::string text;
  llvm::raw_string_ostream errors(text);
  if (llvm::cl::ParseCommandLineOptions(texts.size(), texts.data(), "",
                                        &errors))
    return true;
  // One line an error: `tool: for the --name option: Sentence!`.
  llvm::StringRef line = llvm::StringRef(text).trim().split('\n').first;
  line.consume_front(tool + ": ");
  error = line.rtrim("!").str();
  return false;
}

llvm::LogicalResult aimc::enableRemarks(MLIRContext &context) {
  MlirOptMainConfig config = MlirOptMainConfig::createFromCLOptions();
  if (!config.shouldEmitRemarks())
    return success();
  // An empty filter and not none, or --remarks-filter is not looked at.
  remark::RemarkCategories categories{
      config.getRemarksAllFilter(), config.getRemarksPassedFilter(),
      config.getRemarksMissedFilter(), config.getRemarksAnalyseFilter(),
      config.getRemarksFailedFilter()};
  std::unique_ptr<remark::detail::RemarkEmittingPolicyBase> policy;
  if (config.getRemarkPolicy() == RemarkPolicy::REMARK_POLICY_FINAL)
    policy = std::make_unique<remark::RemarkEmittingPolicyFinal>();
  else
    policy = std::make_unique<remark::RemarkEmittingPolicyAll>();
  if (config.getRemarkFormat() == RemarkFormat::REMARK_FORMAT_STDOUT)
    return remark::enableOptimizationRemarks(context, nullptr,
                                             std::move(policy), categories,
                                             /*printAsEmitRemarks=*/true);
  bool yaml = config.getRemarkFormat() == RemarkFormat::REMARK_FORMAT_YAML;
  std::string file = config.getRemarksOutputFile();
  if (file.empty())
    file = yaml ? "mlir-remarks.yaml" : "mlir-remarks.bitstream";
  return remark::enableOptimizationRemarksWithLLVMStreamer(
      context, file,
      yaml ? llvm::remarks::Format::YAML : llvm::remarks::Format::Bitstream,
      std::move(policy), categories);
}
