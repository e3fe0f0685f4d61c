//===- NpyReader.cpp - Values of an .npy file -------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Decodes the values of an .npy file in chunks, so that memory use follows what
// is really read and not what a header claims.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Files/MatrixReaders.h"
#include "Runtime/Files/NpyHeader.h"

#include <algorithm>
#include <cstring>

using namespace aimc::runtime;

/// Values decoded at a time.
static constexpr int64_t chunkValues = 1 << 16;

namespace {

/// Appends values of type T, given byte by byte, to `values`.
template <typename T>
void decode(const std::vector<char> &bytes, bool swap,
            std::vector<double> &values) {
  const size_t count = bytes.size() / sizeof(T), first = values.size();
  values.resize(first + count);
  double *to = values.data() + first;
  for (size_t i = 0; i < count; ++i) {
    char item[sizeof(T)];
    std::memcpy(item, bytes.data() + i * sizeof(T), sizeof(T));
    if (swap)
      std::reverse(item, item + sizeof(T));
    T value;
    std::memcpy(&value, item, sizeof(T));
    to[i] = double(value);
  }
}

class NpyReader : public MatrixReader {
public:
  NpyReader(std::unique_ptr<ByteSource> source, const std::string &name,
            const NpyHeader &header)
      : MatrixReader(name, header.shape), source(std::move(source)),
        header(header) {}

protected:
  bool readValues(int64_t count, std::vector<double> &values,
                  std::string &error) override {
    // With one dimension, or no values, both orders are the same.
    if (!header.fortranOrder || header.values == 0 ||
        std::count_if(sizes.begin(), sizes.end(),
                      [](int64_t size) { return size > 1; }) <= 1)
      return readStored(count, values, error);
    if (stored.empty() && !readStored(header.values, stored, error))
      return false;
    for (; count > 0; --count, ++next)
      values.push_back(stored[getStoredIndex(next)]);
    return true;
  }

private:
  /// Where value `index` in C order is in Fortran order.
  int64_t getStoredIndex(int64_t index) const {
    int64_t stored = 0, step = header.values;
    for (size_t i = sizes.size(); i-- > 0; index /= sizes[i]) {
      step /= sizes[i];
      stored += index % sizes[i] * step;
    }
    return stored;
  }

  /// Appends the next values in the order of the file.
  bool readStored(int64_t count, std::vector<double> &values,
                  std::string &error) {
    std::vector<char> bytes;
    while (count > 0) {
      int64_t chunk = std::min(count, chunkValues);
      bytes.resize(size_t(chunk) * header.itemSize);
      if (!source->read(bytes.data(), bytes.size(), error))
        return false;
      decodeAll(bytes, values);
      count -= chunk;
    }
    return true;
  }

  void decodeAll(const std::vector<char> &bytes, std::vector<double> &values) {
    bool swap = header.bigEndian;
    switch (header.kind << 4 | header.itemSize) {
    case 'b' << 4 | 1:
    case 'u' << 4 | 1:
      return decode<uint8_t>(bytes, swap, values);
    case 'u' << 4 | 2:
      return decode<uint16_t>(bytes, swap, values);
    case 'u' << 4 | 4:
      return decode<uint32_t>(bytes, swap, values);
    case 'u' << 4 | 8:
      return decode<uint64_t>(bytes, swap, values);
    case 'i' << 4 | 1:
      return decode<int8_t>(bytes, swap, values);
    case 'i' << 4 | 2:
      return decode<int16_t>(bytes, swap, values);
    case 'i' << 4 | 4:
      return decode<int32_t>(bytes, swap, values);
    case 'i' << 4 | 8:
      return decode<int64_t>(bytes, swap, values);
    case 'f' << 4 | 4:
      return decode<float>(bytes, swap, values);
    case 'f' << 4 | 8:
      return decode<double>(bytes, swap, values);
    }
  }

  std::unique_ptr<ByteSource> source;
  NpyHeader header;
  std::vector<double> stored; ///< all values, in Fortran order
  int64_t next = 0;           ///< next value of an array in Fortran order
};

} // namespace

std::unique_ptr<MatrixReader>
aimc::runtime::openNpy(std::unique_ptr<ByteSource> source,
                       const std::string &name, std::string &error) {
  std::optional<NpyHeader> header = readNpyHeader(*source, name, error);
  if (!header)
    return nullptr;
  return std::make_unique<NpyReader>(std::move(source), name, *header);
}
