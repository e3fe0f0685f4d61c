//===- ProjectFolder.cpp - A folder that is written whole -----------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Written beside the place it will have, then renamed; an earlier project is
// exchanged with it in one step. A list of its files, in the project, tells
// what may be replaced.
//
//===----------------------------------------------------------------------===//

#include "ProjectFolder.h"

#include "SignalHold.h"

#include "Driver/Output.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>

using namespace aimc;
using llvm::StringRef;

/// The file that lists all files of a project, itself too, and its first line.
static constexpr llvm::StringLiteral listName = "files.txt";
static constexpr llvm::StringLiteral listMark =
    "# The files of this project of aimcc, which the next one replaces.\n";

/// All that is in `folder` and below it, relative to it, folders with a slash
/// behind them; sorted.
static std::vector<std::string> listFiles(StringRef folder,
                                          std::error_code &code) {
  std::vector<std::string> names;
  // Links are not followed: what they lead to is not in the folder.
  for (llvm::sys::fs::recursive_directory_iterator
           entry(folder, code, /*follow_symlinks=*/false),
       end;
       entry != end && !code; entry.increment(code)) {
    names.push_back(entry->path().substr(folder.size() + 1));
    if (entry->type() == llvm::sys::fs::file_type::directory_file)
      names.back() += '/';
  }
  llvm::sort(names);
  return names;
}

/// The first entry of `folder` that its project, if it is one, has not written;
/// empty if there is none.
static std::string findOther(StringRef folder, std::error_code &code) {
  llvm::StringSet<> known;
  llvm::SmallString<128> list(folder);
  llvm::sys::path::append(list, listName);
  if (auto text = llvm::MemoryBuffer::getFile(list)) {
    StringRef rest = (*text)->getBuffer();
    if (rest.consume_front(listMark))
      for (StringRef line : llvm::split(rest, '\n'))
        known.insert(line);
  }
  for (const std::string &name : listFiles(folder, code))
    if (!known.contains(name))
      return name;
  return {};
}

/// Whether nobody else's files are in the folder `path`, if it is there.
static bool checkReplaced(const std::string &path, std::string &error) {
  if (!llvm::sys::fs::exists(path))
    return true;
  if (!llvm::sys::fs::is_directory(path)) {
    error =
        "expects a folder for --emit=project, but got the file '" + path + "'";
    return false;
  }
  std::error_code code;
  const std::string other = findOther(path, code);
  if (code)
    error = "could not read the folder '" + path + "': " + code.message();
  else if (!other.empty())
    error = "expects a new folder, an empty one, or a project of aimcc and "
            "nothing else to replace, but got '" +
            path + "' with '" + other + "'";
  return error.empty();
}

/// Gives `written` the name `path` of another folder, which gets that of
/// `written`: in one step, or in three where the file system has no such step.
static bool exchangeFolders(const std::string &written,
                            const std::string &path) {
  if (renameat2(AT_FDCWD, written.c_str(), AT_FDCWD, path.c_str(),
                RENAME_EXCHANGE) == 0)
    return true;
  if (errno != EINVAL && errno != ENOSYS)
    return false;
  const std::string old = written + ".old";
  if (rename(path.c_str(), old.c_str()) != 0)
    return false;
  if (rename(written.c_str(), path.c_str()) != 0) {
    const int cause = errno;
    (void)rename(old.c_str(), path.c_str());
    errno = cause;
    return false;
  }
  return rename(old.c_str(), written.c_str()) == 0;
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
  // A link stays, and what it leads to is replaced.
  llvm::SmallString<128> real;
  if (!llvm::sys::fs::real_path(path, real))
    path = real.str().str();
  return checkReplaced(path, error) && folder.create(error, path);
}

bool ProjectFolder::write(StringRef name, StringRef bytes, std::string &error) {
  const SignalHold hold;
  std::unique_ptr<Output> file = Output::create(folder.getPath(name), error);
  return file && file->commit(bytes, error);
}

bool ProjectFolder::commit(StringRef source, StringRef name,
                           std::string &error) {
  // Files that are copied are not known to the handler of signals, so these
  // wait until the folder has its name.
  const SignalHold hold;
  std::error_code code;
  const std::string written = folder.getRoot();
  if (!source.empty())
    std::filesystem::copy(source.str(), written + "/" + name.str(),
                          std::filesystem::copy_options::recursive, code);
  if (code) {
    error = "could not copy '" + source.str() + "': " + code.message();
    return false;
  }
  std::vector<std::string> names = listFiles(written, code);
  names.push_back(listName.str());
  if (code) {
    error = "could not read the folder '" + written + "': " + code.message();
    return false;
  }
  if (!write(listName, listMark.str() + llvm::join(names, "\n") + "\n", error))
    return false;
  // A folder for the time between is the user's alone.
  code = llvm::sys::fs::setPermissions(
      written,
      static_cast<llvm::sys::fs::perms>(0777 & ~llvm::sys::fs::getUmask()));
  if (code) {
    error = "could not let others read the project: " + code.message();
    return false;
  }
  // Others may have put files there since.
  if (SignalHold::isWaiting() || !checkReplaced(path, error)) {
    if (error.empty())
      error = "was interrupted before the project had its name";
    folder.remove();
    return false;
  }
  if (llvm::sys::fs::exists(path)
          ? !exchangeFolders(written, path)
          : rename(written.c_str(), path.c_str()) != 0) {
    error = "could not give the project the name '" + path +
            "': " + std::generic_category().message(errno);
    return false;
  }
  folder.remove();
  return true;
}
