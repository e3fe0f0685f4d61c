//===- NpyReader.cpp - Values of an .npy file -------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Decodes the values of an .npy file in chunks, so that memory use follows what
// is really read and not what a header claims. Values in Fortran order are
// gathered from a part of each column at a time.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Files/MatrixReaders.h"
#include "Runtime/Files/NpyHeader.h"

#include <Eigen/Core>

#include <algorithm>
#include <cstring>

using namespace aimc::runtime;

/// Values decoded at a time.
static constexpr int64_t chunkValues = 1 << 16;

/// Bytes of an array in Fortran order that are held at a time, or more if one
/// read asks for more: enough that of each column a run of bytes is read and
/// not a value.
static constexpr int64_t windowBytes = 4 << 20;

/// Values along the first dimension that are put in C order at a time: what is
/// written stays in the cache while one column after the other is.
static constexpr int64_t gatheredValues = 256;

namespace {

/// Appends `count` values of type T, given byte by byte, to `values`.
template <typename T>
void decode(const char *bytes, size_t count, bool swap,
            std::vector<double> &values) {
  const size_t first = values.size();
  values.resize(first + count);
  double *to = values.data() + first;
  for (size_t i = 0; i < count; ++i) {
    char item[sizeof(T)];
    std::memcpy(item, bytes + i * sizeof(T), sizeof(T));
    if (swap)
      std::reverse(item, item + sizeof(T));
    T value;
    std::memcpy(&value, item, sizeof(T));
    to[i] = double(value);
  }
}

/// Appends values that are given byte by byte, swapped or not.
using Decoder = void (*)(const char *bytes, size_t count, bool swap,
                         std::vector<double> &values);

/// That of the type of a file.
Decoder getDecoder(const NpyHeader &header) {
  switch (header.kind << 4 | header.itemSize) {
  case 'b' << 4 | 1:
  case 'u' << 4 | 1:
    return decode<uint8_t>;
  case 'u' << 4 | 2:
    return decode<uint16_t>;
  case 'u' << 4 | 4:
    return decode<uint32_t>;
  case 'u' << 4 | 8:
    return decode<uint64_t>;
  case 'i' << 4 | 1:
    return decode<int8_t>;
  case 'i' << 4 | 2:
    return decode<int16_t>;
  case 'i' << 4 | 4:
    return decode<int32_t>;
  case 'i' << 4 | 8:
    return decode<int64_t>;
  case 'f' << 4 | 2:
    return decode<Eigen::half>;
  case 'f' << 4 | 4:
    return decode<float>;
  case 'f' << 4 | 8:
    return decode<double>;
  }
  return nullptr;
}

/// An array is seen as `slices`, what it holds at each index of its first
/// dimension. In C order these follow one another; in Fortran order their
/// values at one place follow one another, which is called a column here.
class NpyReader : public MatrixReader {
public:
  NpyReader(std::unique_ptr<ByteSource> source, const std::string &name,
            const NpyHeader &header)
      : MatrixReader(name, header.shape), source(std::move(source)),
        header(header), decoder(getDecoder(header)) {}

protected:
  bool readValues(int64_t count, std::vector<double> &values,
                  std::string &error) override {
    // With one dimension, or no values, both orders are the same.
    if (!header.fortranOrder || header.values == 0 ||
        std::count_if(sizes.begin(), sizes.end(),
                      [](int64_t size) { return size > 1; }) <= 1)
      return readStored(count, values, error);
    const int64_t columns = header.values / sizes[0];
    while (count > 0) {
      const int64_t slice = next / columns, column = next % columns;
      if (slice >= windowEnd &&
          !readWindow(slice, (column + count + columns - 1) / columns, error))
        return false;
      // A read may begin and end within a slice.
      const bool whole = column == 0 && count >= columns;
      const int64_t slices =
          whole ? std::min({windowEnd - slice, count / columns, gatheredValues})
                : 1;
      const int64_t end = std::min(columns, column + count);
      gather(slice, slices, column, end, values);
      count -= slices * (end - column);
      next += slices * (end - column);
    }
    return true;
  }

private:
  /// Appends the next values in the order of the file.
  bool readStored(int64_t count, std::vector<double> &values,
                  std::string &error) {
    std::vector<char> bytes;
    while (count > 0) {
      int64_t chunk = std::min(count, chunkValues);
      bytes.resize(size_t(chunk) * header.itemSize);
      if (!source->read(bytes.data(), bytes.size(), error))
        return false;
      decoder(bytes.data(), size_t(chunk), header.bigEndian, values);
      count -= chunk;
    }
    return true;
  }

  /// Reads the part of each column that belongs to the slices from `first` on:
  /// `wanted` or, if these are few, as many as make up a window. A source that
  /// cannot seek gives all of them.
  bool readWindow(int64_t first, int64_t wanted, std::string &error) {
    const int64_t columns = header.values / sizes[0];
    wanted = source->canSeek()
                 ? std::max(wanted, windowBytes / header.itemSize / columns)
                 : sizes[0];
    const int64_t slices = std::min(wanted, sizes[0] - first);
    window.clear();
    const int64_t data = source->size() - header.values * header.itemSize;
    for (int64_t column = 0; column < columns; ++column) {
      if (source->canSeek() &&
          !source->seek(data + (column * sizes[0] + first) * header.itemSize,
                        error))
        return false;
      // In chunks, since an archive only claims its size.
      for (int64_t left = slices; left > 0;) {
        const size_t chunk =
            size_t(std::min(left, chunkValues)) * header.itemSize;
        const size_t size = window.size();
        window.resize(size + chunk);
        if (!source->read(window.data() + size, chunk, error))
          return false;
        left -= std::min(left, chunkValues);
      }
    }
    windowBegin = first;
    windowEnd = first + slices;
    return true;
  }

  /// Appends the values of `count` slices of the window from `first` on, each
  /// from column `begin` to `end` as C order counts them.
  void gather(int64_t first, int64_t count, int64_t begin, int64_t end,
              std::vector<double> &values) {
    const size_t size = values.size();
    values.resize(size + size_t(count * (end - begin)));
    double *to = values.data() + size;
    std::vector<double> column;
    for (int64_t c = begin; c < end; ++c) {
      const int64_t from =
          getStoredColumn(c) * (windowEnd - windowBegin) + first - windowBegin;
      column.clear();
      decoder(window.data() + from * header.itemSize, size_t(count),
              header.bigEndian, column);
      for (int64_t i = 0; i < count; ++i)
        to[i * (end - begin) + c - begin] = column[size_t(i)];
    }
  }

  /// Where column `index`, as C order counts the places of a slice, is in
  /// Fortran order.
  int64_t getStoredColumn(int64_t index) const {
    int64_t stored = 0, step = header.values / sizes[0];
    for (size_t i = sizes.size(); i-- > 1; index /= sizes[i]) {
      step /= sizes[i];
      stored += index % sizes[i] * step;
    }
    return stored;
  }

  std::unique_ptr<ByteSource> source;
  NpyHeader header;
  Decoder decoder;
  // Of an array in Fortran order: the next value, and what is held of it, the
  // slices from `windowBegin` to `windowEnd`, column by column.
  int64_t next = 0, windowBegin = 0, windowEnd = 0;
  std::vector<char> window;
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
