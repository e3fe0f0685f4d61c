//===- NoArchives.cpp - Files of a runtime without libzip -----------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In the place of ArchiveSource.cpp and NpzWriter.cpp where the runtime is
// built with a compiler alone: archives are an error.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Files/ByteSource.h"
#include "aimc/Runtime/Files.h"

using namespace aimc::runtime;

static std::string refuse(const std::string &path) {
  return path + ": expects a file x.npy or x.csv, since this program is built "
                "without libzip, but got an archive";
}

std::unique_ptr<ByteSource>
aimc::runtime::openArchiveMember(const std::string &path, const std::string &,
                                 std::string &error) {
  error = refuse(path);
  return nullptr;
}

std::unique_ptr<NpzWriter> NpzWriter::create(const std::string &path,
                                             std::string &error) {
  error = refuse(path);
  return nullptr;
}

// No writer exists to call these of.
NpyWriter *NpzWriter::add(const std::string &, int64_t, std::string &) {
  return nullptr;
}

bool NpzWriter::commit(std::string &) { return false; }
