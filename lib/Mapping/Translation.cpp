//===- Translation.cpp - Mappings in aimc-translate -----------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// --aimc-to-mapping, --mapping-to-aimc and --diff-mappings.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"
#include "Mapping/ModuleMapping.h"
#include "Pipelines/Registration.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace aimc;

namespace {
/// Options of the translations.
struct Flags {
  llvm::cl::OptionCategory category{
      "Options of --mapping-to-aimc and --diff-mappings"};
  llvm::cl::opt<std::string> module{
      "module", llvm::cl::desc("Module that gets the mapping"),
      llvm::cl::value_desc("file"), llvm::cl::cat(category)};
  llvm::cl::opt<std::string> to{
      "to", llvm::cl::desc("Mapping that the input is compared with"),
      llvm::cl::value_desc("file"), llvm::cl::cat(category)};
};
} // namespace

/// The location of all of a file.
static Location getFileLoc(MLIRContext *context, llvm::StringRef name) {
  return FileLineColLoc::get(context, name, 0, 0);
}

/// Adds the file of an option to `sources`, so that errors show its lines.
static const llvm::MemoryBuffer *openFile(llvm::SourceMgr &sources,
                                          const std::string &name,
                                          llvm::StringRef option,
                                          MLIRContext *context) {
  const llvm::MemoryBuffer *input =
      sources.getMemoryBuffer(sources.getMainFileID());
  Location loc = getFileLoc(context, input->getBufferIdentifier());
  if (name.empty()) {
    emitError(loc) << "expects --" << option << "=FILE, but got none";
    return nullptr;
  }
  auto file = llvm::MemoryBuffer::getFile(name, /*IsText=*/false);
  if (!file) {
    emitError(loc) << "expects a file as --" << option << ", but cannot read '"
                   << name << "': " << file.getError().message();
    return nullptr;
  }
  return sources.getMemoryBuffer(
      sources.AddNewSourceBuffer(std::move(*file), llvm::SMLoc()));
}

static MappingSource getSource(const llvm::MemoryBuffer &buffer,
                               MLIRContext *context) {
  return {context, buffer.getBuffer(), buffer.getBufferIdentifier()};
}

/// Prints the module of --module with the mapping of the input.
static LogicalResult applyMapping(llvm::SourceMgr &sources, const Flags &flags,
                                  llvm::raw_ostream &os, MLIRContext *context) {
  DialectRegistry registry;
  registerDialects(registry);
  context->appendDialectRegistry(registry);
  MappingSource source =
      getSource(*sources.getMemoryBuffer(sources.getMainFileID()), context);
  FailureOr<MappingFile> mapping = source.parse();
  if (failed(mapping) || !openFile(sources, flags.module, "module", context))
    return failure();
  OwningOpRef<ModuleOp> module =
      parseSourceFile<ModuleOp>(flags.module, context);
  if (!module || failed(source.apply(*mapping, *module)) ||
      failed(verify(*module)))
    return failure();
  module->print(os);
  os << "\n";
  return success();
}

/// Prints what differs between the mapping of the input and that of --to.
static LogicalResult diffMappings(llvm::SourceMgr &sources, const Flags &flags,
                                  llvm::raw_ostream &os, MLIRContext *context) {
  FailureOr<MappingFile> before =
      getSource(*sources.getMemoryBuffer(sources.getMainFileID()), context)
          .parse();
  if (failed(before))
    return failure();
  const llvm::MemoryBuffer *other = openFile(sources, flags.to, "to", context);
  if (!other)
    return failure();
  FailureOr<MappingFile> after = getSource(*other, context).parse();
  if (failed(after))
    return failure();
  printMappingDiff(*before, *after, os);
  return success();
}

void aimc::registerMappingTranslations() {
  static Flags flags;
  TranslateFromMLIRRegistration toMapping(
      "aimc-to-mapping",
      "Print where the tiles of a placed module lie, as JSON",
      [](ModuleOp module, llvm::raw_ostream &os) -> LogicalResult {
        FailureOr<MappingFile> mapping = describeMapping(module);
        if (failed(mapping))
          return failure();
        printMapping(*mapping, os);
        return success();
      },
      [](DialectRegistry &registry) { registerDialects(registry); });
  TranslateRegistration toModule(
      "mapping-to-aimc",
      "Print the module of --module with the tiles of a mapping",
      [](const std::shared_ptr<llvm::SourceMgr> &sources, llvm::raw_ostream &os,
         MLIRContext *context) {
        return applyMapping(*sources, flags, os, context);
      });
  TranslateRegistration diff(
      "diff-mappings", "Print what differs between a mapping and that of --to",
      [](const std::shared_ptr<llvm::SourceMgr> &sources, llvm::raw_ostream &os,
         MLIRContext *context) {
        return diffMappings(*sources, flags, os, context);
      });
}
