//===- NpyWriter.cpp - Writing .npy files -----------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The header has a fixed length with room for any number of rows, so that it
// can be completed when the data is written.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/Files.h"

using namespace aimc::runtime;

/// Data begins at a multiple of 64 bytes, as the format asks for. There is room
/// for 16 sizes.
static constexpr size_t headerSize = 448;

std::unique_ptr<NpyWriter> NpyWriter::create(const std::string &path,
                                             int64_t columns,
                                             std::string &error) {
  std::unique_ptr<NpyWriter> writer(new NpyWriter);
  writer->columns = columns;
  writer->file = OutputFile::create(path, error);
  if (!writer->file || !writer->file->write(writer->header(), error))
    return nullptr;
  return writer;
}

std::string NpyWriter::header() const {
  std::string sizes = columns < 0
                          ? std::to_string(count) + ","
                          : std::to_string(columns ? count / columns : 0) +
                                ", " + std::to_string(columns);
  if (!shape.empty())
    sizes.clear();
  for (size_t i = 0; i < shape.size(); ++i)
    sizes += (i ? " " : "") + std::to_string(shape[i]) + ",";
  std::string text = std::string("\x93NUMPY\x01\x00", 8);
  text += char((headerSize - 10) & 0xff);
  text += char((headerSize - 10) >> 8);
  text += "{'descr': '" + std::string(type) +
          "', 'fortran_order': False, 'shape': (" + sizes + "), }";
  text.resize(headerSize - 1, ' ');
  return text + "\n";
}

// The values are stored as they lie in memory.
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "the runtime is for little-endian machines");

bool NpyWriter::append(const float *values, int64_t length,
                       std::string &error) {
  type = "<f4";
  count += length;
  return file->write(
      {reinterpret_cast<const char *>(values), size_t(length) * sizeof(float)},
      error);
}

bool NpyWriter::append(const int64_t *values, int64_t length,
                       std::string &error) {
  type = "<i8";
  count += length;
  return file->write({reinterpret_cast<const char *>(values),
                      size_t(length) * sizeof(int64_t)},
                     error);
}

bool NpyWriter::finish(std::string &error) {
  return file->rewrite(0, header(), error);
}

bool NpyWriter::commit(std::string &error) {
  return finish(error) && file->commit(error);
}
