//===- ElfFileTest.cpp - Whether a shared library is whole ----------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The example of a plug-in, cut and with wrong numbers in its headers.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Plugin/ElfFile.h"
#include "Runtime/Devices/Plugin/PluginLibrary.h"

#include "../Host/TemporaryFolder.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <fstream>
#include <iterator>

#include <elf.h>

using namespace aimc::runtime;

namespace {

class ElfFile : public aimc::test::TemporaryFolder {
protected:
  void SetUp() override {
    TemporaryFolder::SetUp();
    std::ifstream file(AIMC_RECORDING_DEVICE, std::ios::binary);
    whole.assign(std::istreambuf_iterator<char>(file), {});
    ASSERT_GT(whole.size(), 6000u);
  }

  /// A file of these bytes, of a name that no other has.
  std::string write(const std::string &bytes) {
    return TemporaryFolder::write("library" + std::to_string(count()) + ".so",
                                  bytes);
  }

  /// The library with another value of a member of its header.
  template <typename Member>
  std::string changed(size_t offset, Member value) const {
    std::string bytes = whole;
    std::memcpy(&bytes[offset], &value, sizeof value);
    return bytes;
  }

  std::string whole;
};

TEST_F(ElfFile, WholeOnes) {
  EXPECT_EQ(checkWholeElf(AIMC_RECORDING_DEVICE), "");
  EXPECT_EQ(checkWholeElf(write(whole + "more")), "");
  std::string error;
  EXPECT_NE(loadPlugin(AIMC_RECORDING_DEVICE, error), nullptr) << error;
}

TEST_F(ElfFile, CutOnes) {
  for (size_t size : {size_t{64}, size_t{100}, size_t{1000}, size_t{4096},
                      size_t{5000}, whole.size() - 1}) {
    const std::string library = write(whole.substr(0, size));
    const std::string text =
        "expects a whole library, but got one that ends after " +
        std::to_string(size) + " of " + std::to_string(whole.size()) + " bytes";
    EXPECT_EQ(checkWholeElf(library), text);
    std::string error;
    EXPECT_EQ(loadPlugin(library, error), nullptr);
    EXPECT_EQ(error, "cannot load device '" + library + "': " + text);
  }
}

TEST_F(ElfFile, SegmentsAlone) {
  // Without sections the last segment is the end.
  const std::string bytes =
      changed(offsetof(Elf64_Ehdr, e_shoff), Elf64_Off{0});
  EXPECT_EQ(checkWholeElf(write(bytes)), "");
  EXPECT_EQ(checkWholeElf(write(bytes.substr(0, bytes.size() - 1))), "");
  EXPECT_NE(checkWholeElf(write(bytes.substr(0, 5000))), "");
}

TEST_F(ElfFile, NumbersBeyondAnyFile) {
  const std::string text =
      "expects a whole library, but got one that ends after " +
      std::to_string(whole.size()) + " of 18446744073709551615 bytes";
  for (size_t offset :
       {offsetof(Elf64_Ehdr, e_phoff), offsetof(Elf64_Ehdr, e_shoff),
        sizeof(Elf64_Ehdr) + offsetof(Elf64_Phdr, p_offset)})
    EXPECT_EQ(checkWholeElf(write(changed(offset, UINT64_MAX))), text);
}

TEST_F(ElfFile, OthersAreLeftToTheLoader) {
  EXPECT_EQ(checkWholeElf(path("none.so")), "");
  for (const std::string &bytes :
       {std::string(), whole.substr(0, 63), std::string(100, 'x'),
        changed(EI_CLASS, char{ELFCLASS32}).substr(0, 5000),
        changed(EI_DATA, char{ELFDATA2MSB}).substr(0, 5000)}) {
    const std::string library = write(bytes);
    EXPECT_EQ(checkWholeElf(library), "");
    std::string error;
    EXPECT_EQ(loadPlugin(library, error), nullptr);
    EXPECT_NE(error, "");
  }
}

} // namespace
