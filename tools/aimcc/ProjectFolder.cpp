//===- ProjectFolder.cpp - A folder that is written whole -----------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Written beside the place it will have, then renamed; an earlier project is
// exchanged with it in one step.
//
//===----------------------------------------------------------------------===//

#include "ProjectFolder.h"

#include "Driver/Output.h"
#include "Target/Cpp/CppProject.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>

using namespace aimc;
using llvm::StringRef;

/// The first entry of `path`, a folder, that no project has; empty if all could
/// be of one, and `isProject` tells whether they are.
static std::string findOther(StringRef path, bool &isProject) {
  static const llvm::StringSet<> known = {
      "model.h",   "model_tables.h",  "model.cpp",
      "main.cpp",  "model_weights.S", "CMakeLists.txt",
      "README.md", "build.sh",        "runtime"};
  std::string first;
  std::error_code code;
  for (llvm::sys::fs::directory_iterator entry(path, code), end;
       entry != end && !code; entry.increment(code)) {
    StringRef name = llvm::sys::path::filename(entry->path());
    if (!known.contains(name) && !name.ends_with(".weights"))
      return name.str();
    first = name.str();
  }
  llvm::SmallString<128> list(path);
  llvm::sys::path::append(list, "CMakeLists.txt");
  auto text = llvm::MemoryBuffer::getFile(list);
  isProject = first.empty() ||
              (text && (*text)->getBuffer().starts_with(cppProjectMark));
  return isProject ? std::string() : first;
}

bool ProjectFolder::create(StringRef target, std::string &error) {
  // Without the slash that a shell may have added, for a name beside it.
  path = target.rtrim('/').str();
  if (path.empty() || llvm::sys::path::filename(path) == "." ||
      llvm::sys::path::filename(path) == "..") {
    error = "expects the name of a folder for --emit=project, but got '" +
            target.str() + "'";
    return false;
  }
  if (llvm::sys::fs::exists(path)) {
    if (!llvm::sys::fs::is_directory(path)) {
      error = "expects a folder for --emit=project, but got the file '" + path +
              "'";
      return false;
    }
    bool isProject = false;
    if (std::string other = findOther(path, isProject); !other.empty()) {
      error = "expects a new folder, an empty one, or a project of aimcc and "
              "nothing else to replace, but got '" +
              path + "' with '" + other + "'";
      return false;
    }
  }
  return folder.create(error, path);
}

bool ProjectFolder::write(StringRef name, StringRef bytes, std::string &error) {
  std::unique_ptr<Output> file = Output::create(folder.getPath(name), error);
  return file && file->commit(bytes, error);
}

bool ProjectFolder::commit(StringRef source, StringRef name,
                           std::string &error) {
  // Files that are copied are not known to the handler of signals, so these
  // wait until the folder has its name.
  sigset_t all, before;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &before);
  std::error_code code;
  const std::string written = folder.getRoot();
  if (!source.empty())
    std::filesystem::copy(source.str(), written + "/" + name.str(),
                          std::filesystem::copy_options::recursive, code);
  if (code)
    error = "could not copy '" + source.str() + "': " + code.message();
  else if (llvm::sys::fs::exists(path)
               ? renameat2(AT_FDCWD, written.c_str(), AT_FDCWD, path.c_str(),
                           RENAME_EXCHANGE) != 0
               : rename(written.c_str(), path.c_str()) != 0)
    error = "could not give the project the name '" + path +
            "': " + std::generic_category().message(errno);
  sigprocmask(SIG_SETMASK, &before, nullptr);
  return error.empty();
}
