//===- ArgumentNames.cpp - Names of a model's arguments -------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The parser keeps where an argument is, not what it is called.
//
//===----------------------------------------------------------------------===//

#include "Driver/ArgumentNames.h"

#include "AIMC/IR/AIMC.h"

#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace aimc;

/// The name of a value in the text, or nothing where it has none.
static llvm::StringRef findName(Location location, llvm::SourceMgr &sources) {
  auto place = dyn_cast<FileLineColLoc>(location);
  const unsigned id = sources.getNumBuffers();
  const llvm::MemoryBuffer *buffer = sources.getMemoryBuffer(id);
  if (!place || place.getFilename() != buffer->getBufferIdentifier())
    return {};
  llvm::SMLoc start =
      sources.FindLocForLineAndColumn(id, place.getLine(), place.getColumn());
  if (!start.isValid())
    return {};
  llvm::StringRef text(start.getPointer(),
                       buffer->getBufferEnd() - start.getPointer());
  if (!text.consume_front("%"))
    return {};
  // As suffix-id of the language: letters, digits and these.
  llvm::StringRef name = text.take_while(
      [](char c) { return llvm::isAlnum(c) || StringRef("$._-").contains(c); });
  // A module with the places of another text of that name has no type here.
  if (!text.drop_front(name.size()).ltrim().starts_with(":"))
    return {};
  // What the printer makes up.
  llvm::StringRef number = name;
  number.consume_front("arg");
  return number.find_first_not_of("0123456789") == llvm::StringRef::npos
             ? llvm::StringRef()
             : name;
}

void aimc::nameArguments(ModuleOp module, llvm::SourceMgr &sources) {
  for (auto function : module.getOps<FunctionOpInterface>()) {
    if (!function.isPublic() || function.isExternal() ||
        function.getNumArguments() < 2)
      continue;
    SmallVector<StringAttr> names;
    for (BlockArgument argument : function.getArguments()) {
      llvm::StringRef name = findName(argument.getLoc(), sources);
      if (name.empty() ||
          function.getArgAttr(argument.getArgNumber(), nameAttrName))
        break;
      names.push_back(StringAttr::get(module.getContext(), name));
    }
    if (names.size() != function.getNumArguments() ||
        llvm::SmallPtrSet<StringAttr, 8>(names.begin(), names.end()).size() !=
            names.size())
      continue;
    module.getContext()->getOrLoadDialect<AIMCDialect>();
    SmallVector<DictionaryAttr> attributes;
    for (auto [index, name] : llvm::enumerate(names)) {
      NamedAttrList list(function.getArgAttrDict(index));
      list.set(nameAttrName, name);
      attributes.push_back(list.getDictionary(module.getContext()));
    }
    function.setAllArgAttrs(attributes);
  }
}
