//===- Outputs.cpp - Results that are saved ---------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Files and archives of results.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Runner/Outputs.h"

using namespace aimc::runtime;

NpzWriter *Outputs::getArchive(const std::string &path, std::string &error) {
  for (const Archive &archive : archives)
    if (isSameFile(archive.path, path))
      return archive.writer.get();
  std::unique_ptr<NpzWriter> writer = NpzWriter::create(path, error);
  if (!writer)
    return nullptr;
  archives.push_back({path, std::move(writer)});
  return archives.back().writer.get();
}

bool Outputs::open(const aimc_model &model,
                   const std::vector<std::string> &names, std::string &error) {
  for (size_t i = 0; i < names.size(); ++i) {
    const int64_t columns = model.outputs[i].width;
    if (auto member = splitArchiveName(names[i])) {
      NpzWriter *archive = getArchive(member->first, error);
      writers.push_back(archive ? archive->add(member->second, columns, error)
                                : nullptr);
    } else {
      files.push_back(NpyWriter::create(names[i], columns, error));
      writers.push_back(files.back().get());
    }
    if (!writers.back())
      return false;
  }
  return true;
}

bool Outputs::commit(std::string &error) {
  for (const std::unique_ptr<NpyWriter> &file : files)
    if (!file->commit(error))
      return false;
  for (const Archive &archive : archives)
    if (!archive.writer->commit(error))
      return false;
  return true;
}
