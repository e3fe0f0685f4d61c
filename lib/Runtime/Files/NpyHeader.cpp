//===- NpyHeader.cpp - Header of an .npy file -------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A strict reader of the one kind of dictionary that NumPy writes.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Files/NpyHeader.h"

#include <cstring>
#include <string_view>

using namespace aimc::runtime;

/// NumPy's own headers have a few hundred bytes; this is its safe limit for
/// reading (`max_header_size`) with room for structured types.
static constexpr size_t maximumHeaderSize = 1 << 16;

namespace {

/// The text of a header, read from left to right.
class Dictionary {
public:
  explicit Dictionary(const std::string &text) : text(text) {}

  /// Skips white space; then whether `c` comes next, which is skipped too.
  bool accept(char c) {
    skip();
    if (at == text.size() || text[at] != c)
      return false;
    ++at;
    return true;
  }
  bool acceptWord(const char *word) {
    skip();
    if (text.compare(at, std::strlen(word), word) != 0)
      return false;
    at += std::strlen(word);
    return true;
  }
  bool atEnd() {
    skip();
    return at == text.size();
  }

  /// A string in single or double quotes, without escapes.
  std::optional<std::string> string() {
    skip();
    if (at == text.size() || (text[at] != '\'' && text[at] != '"'))
      return std::nullopt;
    size_t end = text.find(text[at], at + 1);
    if (end == std::string::npos)
      return std::nullopt;
    std::string result = text.substr(at + 1, end - at - 1);
    at = end + 1;
    return result;
  }

  /// A number of at most 18 digits, which cannot overflow.
  std::optional<int64_t> integer() {
    skip();
    size_t start = at;
    int64_t result = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
      if (at - start == 18)
        return std::nullopt;
      result = result * 10 + (text[at] - '0');
    }
    if (at == start)
      return std::nullopt;
    accept('L'); // Python 2 wrote 3L.
    return result;
  }

private:
  void skip() {
    while (at < text.size() &&
           (text[at] == ' ' || text[at] == '\t' || text[at] == '\n'))
      ++at;
  }

  const std::string &text;
  size_t at = 0;
};

/// Decodes a type as NumPy spells it, say `<f4`. Returns what is wrong.
std::string decodeType(const std::string &type, NpyHeader &header) {
  auto unsupported = [&](const char *what) {
    return "holds " + std::string(what) + " ('" + type +
           "'), but expects booleans, integers, FP16, FP32 or FP64";
  };
  if (type.size() < 2 ||
      std::string_view("<>|=").find(type[0]) == std::string_view::npos)
    return unsupported("an unknown type");
  header.bigEndian = type[0] == '>';
  header.kind = type[1];
  std::string size = type.substr(2);
  switch (header.kind) {
  case 'b':
    if (size == "1")
      break;
    return unsupported("an unknown type");
  case 'i':
  case 'u':
    if (size == "1" || size == "2" || size == "4" || size == "8")
      break;
    return unsupported("an unknown type");
  case 'f':
    if (size == "2" || size == "4" || size == "8")
      break;
    return unsupported("floating-point values of another width");
  case 'O':
    return unsupported("Python objects");
  case 'U':
  case 'S':
  case 'a':
    return unsupported("strings");
  case 'c':
    return unsupported("complex numbers");
  case 'M':
  case 'm':
    return unsupported("dates");
  case 'V':
    return unsupported("raw bytes");
  default:
    return unsupported("an unknown type");
  }
  header.itemSize = size[0] - '0';
  return {};
}

/// Reads the dictionary. Returns what is wrong.
std::string parse(const std::string &text, NpyHeader &header) {
  std::string garbled = "expects an .npy header with 'descr', "
                        "'fortran_order' and 'shape', but got garbage";
  Dictionary in(text);
  bool hasType = false, hasOrder = false, hasShape = false;
  if (!in.accept('{'))
    return garbled;
  while (!in.accept('}')) {
    std::optional<std::string> key = in.string();
    if (!key || !in.accept(':'))
      return garbled;
    if (*key == "descr" && !hasType) {
      hasType = true;
      if (in.accept('[') || in.accept('('))
        return "holds structured values, but expects booleans, integers, FP32 "
               "or FP64";
      std::optional<std::string> type = in.string();
      if (!type)
        return garbled;
      std::string wrong = decodeType(*type, header);
      if (!wrong.empty())
        return wrong;
    } else if (*key == "fortran_order" && !hasOrder) {
      hasOrder = true;
      header.fortranOrder = in.acceptWord("True");
      if (!header.fortranOrder && !in.acceptWord("False"))
        return garbled;
    } else if (*key == "shape" && !hasShape) {
      hasShape = true;
      if (!in.accept('('))
        return garbled;
      while (!in.accept(')')) {
        std::optional<int64_t> size = in.integer();
        if (!size)
          return "expects a shape of sizes from 0 to 10^18 - 1, but the "
                 "header has another";
        header.shape.push_back(*size);
        if (!in.accept(',')) {
          if (!in.accept(')'))
            return garbled;
          break;
        }
      }
    } else {
      return garbled;
    }
    if (!in.accept(',')) {
      if (!in.accept('}'))
        return garbled;
      break;
    }
  }
  if (!in.atEnd() || !hasType || !hasOrder || !hasShape)
    return garbled;
  return {};
}

/// "(3, 4)".
std::string shapeText(const std::vector<int64_t> &shape) {
  std::string text = "(";
  for (size_t i = 0; i < shape.size(); ++i)
    text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + (shape.size() == 1 ? ",)" : ")");
}

} // namespace

std::optional<NpyHeader> aimc::runtime::readNpyHeader(ByteSource &source,
                                                      const std::string &name,
                                                      std::string &error) {
  auto fail = [&](const std::string &what) -> std::optional<NpyHeader> {
    error = name + ": " + what;
    return std::nullopt;
  };
  // Magic string, two bytes of version, then the header's length in two bytes
  // (version 1) or four.
  unsigned char start[12];
  char *bytes = reinterpret_cast<char *>(start);
  if (source.size() < 10)
    return fail("expects an .npy file, but it has " +
                std::to_string(source.size()) + " bytes only");
  if (!source.read(bytes, 10, error))
    return std::nullopt;
  if (std::memcmp(start, "\x93NUMPY", 6) != 0)
    return fail("expects an .npy file, but it does not begin as one");
  int major = start[6], minor = start[7];
  if (major < 1 || major > 3 || minor != 0)
    return fail("expects .npy format version 1.0, 2.0 or 3.0, but got " +
                std::to_string(major) + "." + std::to_string(minor));
  size_t length = start[8] | size_t(start[9]) << 8;
  int64_t used = 10;
  if (major > 1) {
    if (source.size() < 12)
      return fail("expects an .npy header, but the file ends before it");
    if (!source.read(bytes + 10, 2, error))
      return std::nullopt;
    length |= size_t(start[10]) << 16 | size_t(start[11]) << 24;
    used = 12;
  }
  if (length > maximumHeaderSize)
    return fail("expects an .npy header of at most " +
                std::to_string(maximumHeaderSize) + " bytes, but got " +
                std::to_string(length));
  if (int64_t(length) > source.size() - used)
    return fail("expects an .npy header of " + std::to_string(length) +
                " bytes, but the file ends before that");
  std::string text(length, '\0');
  if (!source.read(text.data(), length, error))
    return std::nullopt;
  used += int64_t(length);

  NpyHeader header;
  std::string wrong = parse(text, header);
  if (!wrong.empty())
    return fail(wrong);
  if (header.shape.empty() || header.shape.size() > 16)
    return fail("expects from 1 to 16 dimensions, but got " +
                std::to_string(header.shape.size()));
  header.values = 1;
  int64_t size = 0;
  bool overflow = false;
  for (int64_t extent : header.shape)
    overflow |= __builtin_mul_overflow(header.values, extent, &header.values);
  overflow |=
      __builtin_mul_overflow(header.values, int64_t(header.itemSize), &size);
  if (overflow || size != source.size() - used)
    return fail(
        "expects " +
        (overflow ? std::string("2^63 or more") : std::to_string(size)) +
        " bytes of data for the shape " + shapeText(header.shape) +
        ", but got " + std::to_string(source.size() - used));
  return header;
}
