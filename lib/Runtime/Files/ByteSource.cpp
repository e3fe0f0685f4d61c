//===- ByteSource.cpp - Bytes of a file or archive member -----------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Files, by the standard library; archives are in ArchiveSource.cpp.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Files/ByteSource.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

using namespace aimc::runtime;

bool aimc::runtime::isRegularFile(const std::string &path, std::string &error) {
  std::error_code code;
  std::filesystem::file_status status = std::filesystem::status(path, code);
  if (std::filesystem::is_regular_file(status))
    return true;
  if (!std::filesystem::exists(status))
    error = "cannot open '" + path +
            "': " + (code ? code.message() : std::strerror(ENOENT));
  else
    error = "cannot read '" + path + "': expects a regular file";
  return false;
}

namespace {

class FileSource : public ByteSource {
public:
  FileSource(std::string path, std::ifstream stream, int64_t size)
      : path(std::move(path)), stream(std::move(stream)) {
    byteCount = size;
  }

  bool read(char *bytes, size_t count, std::string &error) override {
    return stream.read(bytes, count) || fail(error);
  }

  bool canSeek() const override { return true; }
  bool seek(int64_t offset, std::string &error) override {
    return stream.seekg(offset) || fail(error);
  }

private:
  bool fail(std::string &error) const {
    error = path + ": expects " + std::to_string(byteCount) +
            " bytes, but reading stopped before their end";
    return false;
  }

  std::string path;
  std::ifstream stream;
};

} // namespace

std::unique_ptr<ByteSource> aimc::runtime::openFile(const std::string &path,
                                                    std::string &error) {
  if (!isRegularFile(path, error))
    return nullptr;
  errno = 0;
  std::ifstream stream;
  // Readers ask for many bytes at once; a buffer would read more than they do.
  stream.rdbuf()->pubsetbuf(nullptr, 0);
  stream.open(path, std::ios::binary);
  std::error_code code;
  auto size = std::filesystem::file_size(path, code);
  if (!stream || code) {
    error = "cannot open '" + path + "': " +
            (code ? code.message() : std::strerror(errno ? errno : EIO));
    return nullptr;
  }
  return std::make_unique<FileSource>(path, std::move(stream), int64_t(size));
}
