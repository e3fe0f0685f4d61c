//===- ArchiveSource.cpp - Members of archives ----------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Unpacks a member of an .npz archive while it is read, by libzip.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Files/ByteSource.h"

#include <zip.h>

#include <filesystem>

using namespace aimc::runtime;

namespace {

/// Closes what libzip opened.
struct Discard {
  void operator()(zip_t *archive) const { zip_discard(archive); }
  void operator()(zip_file_t *file) const { zip_fclose(file); }
};

class MemberSource : public ByteSource {
public:
  using Archive = std::unique_ptr<zip_t, Discard>;
  using File = std::unique_ptr<zip_file_t, Discard>;

  MemberSource(std::string name, Archive archive, File file, int64_t size)
      : name(std::move(name)), archive(std::move(archive)),
        file(std::move(file)) {
    byteCount = size;
  }

  bool read(char *bytes, size_t count, std::string &error) override {
    while (count > 0) {
      zip_int64_t got = zip_fread(file.get(), bytes, count);
      if (got <= 0) {
        error = name + ": unpacking failed: ";
        error += got == 0 ? "the member is shorter than the archive claims"
                          : zip_file_strerror(file.get());
        return false;
      }
      bytes += got;
      count -= size_t(got);
      done += got;
    }
    // The check sum is compared when the end is met.
    char none;
    if (done == byteCount && zip_fread(file.get(), &none, 1) != 0) {
      error = name + ": unpacking failed: ";
      error += zip_file_get_error(file.get())->zip_err
                   ? zip_file_strerror(file.get())
                   : "the member is longer than the archive claims";
      return false;
    }
    return true;
  }

private:
  std::string name;
  Archive archive; // before `file`: it must outlive it
  File file;
  int64_t done = 0; ///< bytes read
};

} // namespace

std::unique_ptr<ByteSource> aimc::runtime::openArchiveMember(
    const std::string &path, const std::string &member, std::string &error) {
  if (!isRegularFile(path, error))
    return nullptr;
  int code = 0;
  MemberSource::Archive archive(zip_open(path.c_str(), ZIP_RDONLY, &code));
  if (!archive) {
    zip_error_t detail;
    zip_error_init_with_code(&detail, code);
    error = "cannot open '" + path + "': " + zip_error_strerror(&detail);
    zip_error_fini(&detail);
    return nullptr;
  }
  zip_int64_t index =
      zip_name_locate(archive.get(), (member + ".npy").c_str(), ZIP_FL_ENC_RAW);
  if (index < 0)
    index = zip_name_locate(archive.get(), member.c_str(), ZIP_FL_ENC_RAW);
  if (index < 0) {
    std::string members;
    zip_int64_t count = zip_get_num_entries(archive.get(), 0);
    for (zip_int64_t i = 0; i < count; ++i) {
      const char *raw = zip_get_name(archive.get(), zip_uint64_t(i), 0);
      std::string name = raw ? raw : "";
      if (name.size() > 4 && name.substr(name.size() - 4) == ".npy")
        name.resize(name.size() - 4);
      members += (members.empty() ? "" : ", ") + name;
    }
    error = path + ": expects a member, as in " +
            std::filesystem::path(path).filename().string() + ":name, of " +
            (members.empty() ? "an archive that is not empty" : members);
    if (!member.empty())
      error += ", but got '" + member + "'";
    return nullptr;
  }
  std::string name = path + ":" + member;
  zip_stat_t stat;
  MemberSource::File file(
      zip_fopen_index(archive.get(), zip_uint64_t(index), 0));
  if (!file || zip_stat_index(archive.get(), zip_uint64_t(index), 0, &stat) ||
      !(stat.valid & ZIP_STAT_SIZE) || stat.size > uint64_t(INT64_MAX)) {
    error = "cannot open '" + name + "': " + zip_strerror(archive.get());
    return nullptr;
  }
  return std::make_unique<MemberSource>(name, std::move(archive),
                                        std::move(file), int64_t(stat.size));
}
