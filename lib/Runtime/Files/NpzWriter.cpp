//===- NpzWriter.cpp - Archives of arrays -----------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An archive needs the size of a member before its bytes, so members are files
// until the end; libzip copies them.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/Files.h"

#include <zip.h>

using namespace aimc::runtime;

namespace {
/// Closes what libzip opened, without writing.
struct Discard {
  void operator()(zip_t *archive) const { zip_discard(archive); }
};
} // namespace

std::unique_ptr<NpzWriter> NpzWriter::create(const std::string &path,
                                             std::string &error) {
  std::unique_ptr<NpzWriter> writer(new NpzWriter);
  writer->file = OutputFile::create(path, error);
  return writer->file ? std::move(writer) : nullptr;
}

NpyWriter *NpzWriter::add(const std::string &name, int64_t columns,
                          std::string &error) {
  auto writer = NpyWriter::create(file->unfinishedPath() + "-" +
                                      std::to_string(members.size()),
                                  columns, error);
  if (!writer)
    return nullptr;
  members.push_back({name, std::move(writer)});
  return members.back().writer.get();
}

bool NpzWriter::commit(std::string &error) {
  auto fail = [&](const char *reason) {
    error = "cannot write '" + file->path() + "': " + reason;
    return false;
  };
  int code = 0;
  std::unique_ptr<zip_t, Discard> archive(zip_open(
      file->unfinishedPath().c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code));
  if (!archive) {
    zip_error_t detail;
    zip_error_init_with_code(&detail, code);
    fail(zip_error_strerror(&detail));
    zip_error_fini(&detail);
    return false;
  }
  for (const Member &member : members) {
    if (!member.writer->finish(error))
      return false;
    zip_source_t *source = zip_source_file(
        archive.get(), member.writer->file->unfinishedPath().c_str(), 0, -1);
    zip_int64_t index =
        source ? zip_file_add(archive.get(), (member.name + ".npy").c_str(),
                              source, ZIP_FL_ENC_UTF_8)
               : -1;
    if (index < 0) {
      fail(zip_strerror(archive.get()));
      zip_source_free(source);
      return false;
    }
    // The first day of the format, as NumPy has it.
    constexpr zip_uint16_t firstDay = 1 << 5 | 1;
    if (zip_set_file_compression(archive.get(), zip_uint64_t(index),
                                 ZIP_CM_STORE, 0) ||
        zip_file_set_dostime(archive.get(), zip_uint64_t(index), 0, firstDay,
                             0))
      return fail(zip_strerror(archive.get()));
  }
  if (zip_close(archive.get()))
    return fail(zip_strerror(archive.get()));
  // Closed means gone.
  (void)archive.release();
  return file->commit(error);
}
