//===- TemporaryFolder.h - A folder for one test ----------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Files that tests make: raw bytes, .npy files with any header, archives.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_TEST_UNIT_RUNTIME_HOST_TEMPORARYFOLDER_H
#define AIMC_TEST_UNIT_RUNTIME_HOST_TEMPORARYFOLDER_H

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace aimc::test {

/// The bytes of values as they lie in memory.
template <typename T> std::string bytesOf(const std::vector<T> &values) {
  return {reinterpret_cast<const char *>(values.data()),
          values.size() * sizeof(T)};
}

/// An .npy file: version, dictionary, data.
inline std::string npy(const std::string &dictionary, const std::string &data,
                       int version = 1) {
  std::string text("\x93NUMPY", 6);
  text += char(version);
  text += '\0';
  size_t length = dictionary.size() + 1;
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i)
    text += char(length >> (8 * i) & 255);
  return text + dictionary + "\n" + data;
}

/// An .npy file of one type and shape in C order.
inline std::string npy(const std::string &type, const std::string &shape,
                       const std::string &data, int version = 1) {
  return npy("{'descr': '" + type +
                 "', 'fortran_order': False, 'shape': " + shape + ", }",
             data, version);
}

/// A test with a folder of its own, removed with all in it.
class TemporaryFolder : public testing::Test {
protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "aimc-test-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  std::string path(const std::string &name) const { return folder / name; }

  /// Writes a file and returns its path.
  std::string write(const std::string &name, const std::string &bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
    return path(name);
  }

  std::string read(const std::string &name) const {
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  /// How many files there are.
  size_t count() const {
    return size_t(std::distance(std::filesystem::directory_iterator(folder),
                                std::filesystem::directory_iterator()));
  }

  std::filesystem::path folder;
};

} // namespace aimc::test

#endif // AIMC_TEST_UNIT_RUNTIME_HOST_TEMPORARYFOLDER_H
