//===- ByteSource.h - Bytes of a file or archive member ---------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an .npy reader reads from: a file, or a member of an .npz archive that
// is unpacked while it is read.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_RUNTIME_FILES_BYTESOURCE_H
#define AIMC_LIB_RUNTIME_FILES_BYTESOURCE_H

#include <cstdint>
#include <memory>
#include <string>

namespace aimc::runtime {

/// A sequence of bytes that is read from the first to the last, or, if
/// `canSeek`, from any place.
class ByteSource {
public:
  virtual ~ByteSource() = default;

  /// How many bytes there are in all. An archive only claims it: do not
  /// allocate by it.
  int64_t size() const { return byteCount; }

  /// Reads just `count` bytes. Returns whether it went well.
  virtual bool read(char *bytes, size_t count, std::string &error) = 0;

  /// Whether `seek` may be called. A file can; a member of an archive cannot,
  /// since its check sum is that of all its bytes in order.
  virtual bool canSeek() const { return false; }
  /// Makes `offset`, from 0 to `size`, the place of the next byte read.
  /// Returns whether it went well.
  virtual bool seek(int64_t, std::string &) { return false; }

protected:
  int64_t byteCount = 0;
};

/// Opens a regular file.
std::unique_ptr<ByteSource> openFile(const std::string &path,
                                     std::string &error);

/// Opens the member `member` or `member.npy` of a ZIP archive. If there is
/// none, the error lists the members.
std::unique_ptr<ByteSource> openArchiveMember(const std::string &path,
                                              const std::string &member,
                                              std::string &error);

/// Checks that a path is that of a regular file.
bool isRegularFile(const std::string &path, std::string &error);

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_FILES_BYTESOURCE_H
