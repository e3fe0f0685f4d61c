//===- ProgramBuilder.cpp - From C++ to programs --------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nothing that the flags of the compiler could change is computed in the
// emitted program, so any compiler and any flags give the same bits.
//
//===----------------------------------------------------------------------===//

#include "ProgramBuilder.h"

#include "SignalHold.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/Signals.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <unistd.h>
#include <vector>

using namespace aimc;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// TemporaryFolder
//===----------------------------------------------------------------------===//

/// The folder to remove on a signal, where its handler can read it.
static char folderOnSignal[4096];

/// Called in a signal handler of LLVM, which has removed the files.
static void removeFolderOnSignal() {
  (void)rmdir(folderOnSignal);
  (void)raise(currentSignal());
  // Should it not end the process.
  _exit(1);
}

TemporaryFolder::~TemporaryFolder() { remove(); }

void TemporaryFolder::remove() {
  if (folder.empty())
    return;
  const SignalHold hold;
  llvm::sys::SetInterruptFunction(nullptr);
  (void)llvm::sys::fs::remove_directories(folder);
  folder.clear();
}

bool TemporaryFolder::create(std::string &error, StringRef near) {
  llvm::SmallString<128> path(near);
  std::error_code code;
  if (near.empty()) {
    llvm::sys::path::system_temp_directory(/*erasedOnReboot=*/true, path);
    llvm::sys::path::append(path, "aimcc");
  } else {
    code = llvm::sys::fs::make_absolute(path);
    path += ".tmp";
  }
  // LLVM's own would replace a % anywhere in the path.
  path += "-XXXXXX";
  const SignalHold hold;
  if (!code && !mkdtemp(const_cast<char *>(path.c_str())))
    code = std::error_code(errno, std::generic_category());
  if (code) {
    error = near.empty()
                ? "could not make a temporary folder: " + code.message()
                : "could not make a folder beside '" + near.str() +
                      "': " + code.message();
    return false;
  }
  folder = path.str().str();
  if (folder.size() < sizeof folderOnSignal) {
    std::memcpy(folderOnSignal, folder.c_str(), folder.size() + 1);
    llvm::sys::SetInterruptFunction(removeFolderOnSignal);
  }
  return true;
}

std::string TemporaryFolder::getPath(StringRef name) const {
  llvm::SmallString<128> path(folder);
  llvm::sys::path::append(path, name);
  llvm::sys::RemoveFileOnSignal(path);
  return path.str().str();
}

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

std::string aimc::findFolder(StringRef prefix,
                             std::initializer_list<StringRef> folders,
                             StringRef file, std::string &error) {
  for (StringRef folder : folders) {
    llvm::SmallString<128> path(prefix);
    llvm::sys::path::append(path, folder, file);
    if (!llvm::sys::fs::exists(path))
      continue;
    path.resize(path.size() - file.size() - 1);
    return path.str().str();
  }
  error = ("expects '" + file + "' of the runtime under '" + prefix +
           "', but there is none")
              .str();
  return {};
}

std::string aimc::findPrefix(const char *argv0) {
  static int anchor;
  // bin/aimcc stands beside include and lib.
  std::string tool = llvm::sys::fs::getMainExecutable(argv0, &anchor);
  return llvm::sys::path::parent_path(llvm::sys::path::parent_path(tool)).str();
}

bool aimc::buildProgram(const ProgramOptions &options, const char *argv0,
                        std::string &error) {
  const std::string prefix = findPrefix(argv0);
  std::string headers =
      findFolder(prefix, {"include"}, "aimc/Runtime/ABI.h", error);
  if (headers.empty())
    return false;
  std::string libraries = findFolder(prefix, {"lib", AIMC_LIBRARY_FOLDER},
                                     "libaimc_runtime.so", error);
  if (libraries.empty())
    return false;

  const char *variable = std::getenv("CXX");
  std::string command = variable && *variable ? variable : "c++";
  std::vector<std::string> arguments;
  auto append = [&](StringRef words) {
    llvm::SmallVector<StringRef> parts;
    words.split(parts, ' ', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
    arguments.insert(arguments.end(), parts.begin(), parts.end());
  };
  append(command);
  if (arguments.empty()) {
    error = "expects the name of a compiler in CXX, but got blanks";
    return false;
  }
  auto program = llvm::sys::findProgramByName(arguments.front());
  if (!program) {
    error = "could not find the C++ compiler '" + arguments.front() +
            "'; set CXX to one";
    return false;
  }
  append("-std=c++17 -O2");
  append(options.flags);
  if (options.shared)
    append("-shared -fPIC");
  arguments.insert(arguments.end(), {"-I", headers});
  llvm::append_range(arguments, options.sources);
  // Not -Wl,-rpath,FOLDER: a comma in the folder would cut it.
  for (const char *argument :
       {"-o", options.output.c_str(), "-L", libraries.c_str(), "-Xlinker",
        "-rpath", "-Xlinker", libraries.c_str(), "-laimc_runtime"})
    arguments.emplace_back(argument);

  std::vector<StringRef> views(arguments.begin(), arguments.end());
  std::string message;
  int code = llvm::sys::ExecuteAndWait(*program, views, std::nullopt, {},
                                       /*SecondsToWait=*/0, /*MemoryLimit=*/0,
                                       &message);
  if (code == 0)
    return true;
  error = "the C++ compiler '" + *program + "' " +
          (code < 0 ? "could not run: " + message
                    : "failed with exit code " + std::to_string(code));
  return false;
}
