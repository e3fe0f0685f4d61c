//===- ElfFile.cpp - Whether a shared library is whole --------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The ends of the segments and of both tables of headers. Every number in the
// file may be any.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Plugin/ElfFile.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>

#include <elf.h>

namespace aimc::runtime {

namespace {

/// Where `size` bytes from `offset` on end, at most the largest number.
uint64_t endOf(uint64_t offset, uint64_t size) {
  return size > UINT64_MAX - offset ? UINT64_MAX : offset + size;
}

/// Reads a header at `offset`; whether it is there.
template <typename Header>
bool readAt(std::ifstream &file, uint64_t offset, Header &header) {
  return offset <= uint64_t{INT64_MAX} &&
         file.seekg(static_cast<std::streamoff>(offset)) &&
         file.read(reinterpret_cast<char *>(&header), sizeof header);
}

/// Whether the loader of this kind of process would look at the rest.
bool isKnown(const Elf64_Ehdr &header) {
  return std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 &&
         header.e_ident[EI_CLASS] == ELFCLASS64 &&
         header.e_ident[EI_DATA] == ELFDATA2LSB &&
         header.e_phentsize == sizeof(Elf64_Phdr);
}

} // namespace

std::string checkWholeElf(const std::string &path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const std::streamoff length = file ? std::streamoff(file.tellg()) : -1;
  Elf64_Ehdr header;
  if (length < 0 || !readAt(file, 0, header) || !isKnown(header))
    return {};
  const auto size = static_cast<uint64_t>(length);
  uint64_t end =
      endOf(header.e_phoff, uint64_t{header.e_phnum} * sizeof(Elf64_Phdr));
  // A stripped library may have no sections.
  if (header.e_shoff)
    end = std::max(end, endOf(header.e_shoff,
                              uint64_t{header.e_shnum} * header.e_shentsize));
  for (uint64_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    if (!readAt(file, endOf(header.e_phoff, i * sizeof segment), segment))
      break; // the table itself ends too late
    if (segment.p_type != PT_NULL)
      end = std::max(end, endOf(segment.p_offset, segment.p_filesz));
  }
  if (end <= size)
    return {};
  return "expects a whole library, but got one that ends after " +
         std::to_string(size) + " of " + std::to_string(end) + " bytes";
}

} // namespace aimc::runtime
