//===- OutputFile.cpp - Files that appear when whole ------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Temporary file, then rename. A failed run leaves the old file as it was.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/Files.h"

#include "Runtime/Files/TemporaryFiles.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace aimc::runtime;

std::unique_ptr<OutputFile> OutputFile::create(const std::string &path,
                                               std::string &error) {
  std::unique_ptr<OutputFile> file(new OutputFile);
  file->finalPath = path;
  if (std::filesystem::path(path).filename().empty()) {
    error = "cannot write '" + path + "': expects the name of a file";
    return nullptr;
  }
  std::error_code code;
  std::filesystem::file_status status = std::filesystem::status(path, code);
  // Renaming over a device or a pipe would replace it by a file.
  if (std::filesystem::exists(status) &&
      !std::filesystem::is_regular_file(status)) {
    error = "cannot write '" + path + "': expects a regular file";
    return nullptr;
  }
  // A link stays: the file it leads to is replaced.
  if (std::filesystem::exists(status)) {
    std::filesystem::path real = std::filesystem::canonical(path, code);
    if (!code)
      file->finalPath = real.string();
    if (access(file->finalPath.c_str(), W_OK) != 0) {
      file->fail(error);
      return nullptr;
    }
  }
  // A file of one's own that was there keeps who may read and write it; what
  // takes the place of another's is as any new one.
  struct stat before = {};
  const bool keepsMode = std::filesystem::exists(status) &&
                         stat(file->finalPath.c_str(), &before) == 0 &&
                         (before.st_uid == geteuid() || geteuid() == 0);
  for (int number = 0;; ++number) {
    file->temporaryPath = file->finalPath + ".tmp-" + std::to_string(getpid()) +
                          "-" + std::to_string(number);
    // Before it is there, as a signal may come in between. One of this
    // process's number that is there already was left by another that has
    // ended.
    addTemporaryFile(file->temporaryPath);
    file->descriptor =
        open(file->temporaryPath.c_str(),
             O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, keepsMode ? 0600 : 0666);
    if (file->descriptor >= 0)
      break;
    const int reason = errno;
    forgetTemporaryFile(file->temporaryPath);
    if (reason != EEXIST) {
      errno = reason;
      file->fail(error);
      return nullptr;
    }
  }
  if (keepsMode) {
    // Of another group the rights go, where the group cannot be kept.
    const bool isOfGroup =
        fchown(file->descriptor, geteuid() == 0 ? before.st_uid : -1,
               before.st_gid) == 0;
    (void)fchmod(file->descriptor, before.st_mode & (isOfGroup ? 0777 : 0707));
  }
  return file;
}

OutputFile::~OutputFile() {
  if (descriptor < 0)
    return;
  close(descriptor);
  unlink(temporaryPath.c_str());
  forgetTemporaryFile(temporaryPath);
}

bool OutputFile::fail(std::string &error) const {
  error = "cannot write '" + finalPath + "': " + std::strerror(errno);
  return false;
}

bool OutputFile::write(std::string_view bytes, std::string &error) {
  while (!bytes.empty()) {
    ssize_t done = ::write(descriptor, bytes.data(), bytes.size());
    if (done < 0 && errno != EINTR)
      return fail(error);
    bytes.remove_prefix(done < 0 ? 0 : size_t(done));
  }
  return true;
}

bool OutputFile::rewrite(int64_t offset, std::string_view bytes,
                         std::string &error) {
  while (!bytes.empty()) {
    ssize_t done = pwrite(descriptor, bytes.data(), bytes.size(), offset);
    if (done < 0 && errno != EINTR)
      return fail(error);
    offset += done < 0 ? 0 : done;
    bytes.remove_prefix(done < 0 ? 0 : size_t(done));
  }
  return true;
}

bool OutputFile::commit(std::string &error) {
  int closed = close(descriptor);
  descriptor = -1;
  const bool isWhole =
      closed == 0 && rename(temporaryPath.c_str(), finalPath.c_str()) == 0;
  if (!isWhole) {
    fail(error);
    unlink(temporaryPath.c_str());
  }
  forgetTemporaryFile(temporaryPath);
  return isWhole;
}
