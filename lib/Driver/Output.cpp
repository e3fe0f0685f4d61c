//===- Output.cpp - Files that tools write --------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Modules as text and as bytecode.
//
//===----------------------------------------------------------------------===//

#include "Driver/Output.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace aimc;

/// Text longer than this is not for people.
static constexpr size_t largestText = 1 << 20;

std::unique_ptr<Output> Output::create(const std::string &path,
                                       std::string &error) {
  auto output = std::make_unique<Output>();
  if (path == "-")
    return output;
  output->file = runtime::OutputFile::create(path, error);
  if (!output->file)
    return nullptr;
  llvm::sys::RemoveFileOnSignal(output->file->unfinishedPath());
  return output;
}

Output::~Output() {
  if (file)
    llvm::sys::DontRemoveFileOnSignal(file->unfinishedPath());
}

bool Output::write(llvm::StringRef bytes, std::string &error) {
  return file->write(bytes, error);
}

bool Output::commit(std::string &error) { return file->commit(error); }

bool Output::commit(llvm::StringRef bytes, std::string &error) {
  if (file)
    return write(bytes, error) && commit(error);
  llvm::outs() << bytes;
  llvm::outs().flush();
  if (!llvm::outs().has_error())
    return true;
  llvm::outs().clear_error();
  error = "could not write to standard output";
  return false;
}

/// Bytes of the constants of `module`, each of which is two characters of text
/// or more.
static size_t getConstantBytes(ModuleOp module) {
  size_t bytes = 0;
  module.walk([&](Operation *op) {
    for (NamedAttribute attribute : op->getAttrs()) {
      if (auto resource =
              dyn_cast<DenseResourceElementsAttr>(attribute.getValue())) {
        if (AsmResourceBlob *blob = resource.getRawHandle().getBlob())
          bytes += blob->getData().size();
      } else if (auto dense =
                     dyn_cast<DenseElementsAttr>(attribute.getValue())) {
        bytes += dense.getRawData().size();
      }
    }
  });
  return bytes;
}

std::string aimc::serializeModule(ModuleOp module, bool text) {
  std::string result;
  llvm::raw_string_ostream os(result);
  if (text || 2 * getConstantBytes(module) <= largestText) {
    module.print(os);
    os << "\n";
    if (text || result.size() <= largestText)
      return result;
    result.clear();
  }
  // Writing to memory does not fail.
  (void)writeBytecodeToFile(module, os);
  return result;
}
