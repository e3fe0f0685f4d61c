//===- FilesTest.cpp - Matrix files -----------------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is read is what was written, in every type, order and version, in any
// cut; each malformed file is explained by one sentence and costs no memory.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/Files.h"

#include "TemporaryFolder.h"

#include <sys/stat.h>
#include <zip.h>

#include <algorithm>
#include <limits>

using namespace aimc::runtime;
using namespace aimc::test;

namespace {

class Files : public TemporaryFolder {
protected:
  /// All values of a file, read `cut` rows at a time.
  std::vector<float> values(const std::string &name, int64_t cut = 1000) {
    std::string error;
    auto reader = MatrixReader::open(name, error);
    EXPECT_TRUE(reader) << error;
    std::vector<float> all, block;
    while (reader && int64_t(all.size()) < reader->rows() * reader->columns()) {
      EXPECT_TRUE(reader->read(cut, block, error)) << error;
      if (block.empty())
        break;
      all.insert(all.end(), block.begin(), block.end());
    }
    return all;
  }

  /// What opening and reading a file tells, without the name of the folder.
  std::string errorOf(const std::string &name) {
    std::string error;
    std::vector<float> block;
    auto reader = MatrixReader::open(name, error);
    if (reader) {
      EXPECT_FALSE(reader->read(reader->rows(), block, error)) << name;
    }
    return withoutFolder(error);
  }

  std::string errorOfBytes(const std::string &bytes) {
    return errorOf(write("x.npy", bytes));
  }

  std::string withoutFolder(std::string text) {
    std::string prefix = folder.string() + "/";
    for (size_t at; (at = text.find(prefix)) != std::string::npos;)
      text.erase(at, prefix.size());
    return text;
  }

  void archive(const std::string &name,
               const std::vector<std::pair<std::string, std::string>> &members,
               bool deflate) {
    int code = 0;
    zip_t *zip = zip_open(path(name).c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
    ASSERT_NE(zip, nullptr);
    for (const auto &[member, bytes] : members) {
      zip_source_t *source =
          zip_source_buffer(zip, bytes.data(), bytes.size(), 0);
      zip_int64_t index = zip_file_add(zip, member.c_str(), source, 0);
      ASSERT_GE(index, 0);
      zip_set_file_compression(zip, zip_uint64_t(index),
                               deflate ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
    }
    ASSERT_EQ(zip_close(zip), 0);
  }
};

template <typename T> std::string swapped(std::vector<T> values) {
  std::string bytes = bytesOf(values);
  for (size_t i = 0; i < bytes.size(); i += sizeof(T))
    std::reverse(bytes.begin() + i, bytes.begin() + i + sizeof(T));
  return bytes;
}

const std::vector<float> expected = {1, 2, 3, 4, 5, 6};

TEST_F(Files, ReadsEveryType) {
  auto check = [&](const char *type, const std::string &data) {
    EXPECT_EQ(values(write("x.npy", npy(type, "(2, 3)", data))), expected)
        << type;
  };
  check("<f2",
        bytesOf<uint16_t>({0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600}));
  check(">f2",
        swapped<uint16_t>({0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600}));
  EXPECT_EQ(
      values(write("h.npy", npy("<f2", "(1, 5)",
                                bytesOf<uint16_t>({0x0001, 0x83ff, 0x7bff,
                                                   0x0400, 0x8000})))),
      (std::vector<float>{0x1p-24f, -1023 * 0x1p-24f, 65504, 0x1p-14f, 0}));
  EXPECT_EQ(errorOfBytes(npy("<f2", "(1, 1)", bytesOf<uint16_t>({0xfc00}))),
            "x.npy: expects finite values, but got -inf at row 0, column 0");
  check("<f4", bytesOf<float>({1, 2, 3, 4, 5, 6}));
  check(">f4", swapped<float>({1, 2, 3, 4, 5, 6}));
  check("<f8", bytesOf<double>({1, 2, 3, 4, 5, 6}));
  check(">f8", swapped<double>({1, 2, 3, 4, 5, 6}));
  check("|i1", bytesOf<int8_t>({1, 2, 3, 4, 5, 6}));
  check("|u1", bytesOf<uint8_t>({1, 2, 3, 4, 5, 6}));
  check("<i2", bytesOf<int16_t>({1, 2, 3, 4, 5, 6}));
  check(">u2", swapped<uint16_t>({1, 2, 3, 4, 5, 6}));
  check("<i4", bytesOf<int32_t>({1, 2, 3, 4, 5, 6}));
  check("<u4", bytesOf<uint32_t>({1, 2, 3, 4, 5, 6}));
  check(">i8", swapped<int64_t>({1, 2, 3, 4, 5, 6}));
  check("<u8", bytesOf<uint64_t>({1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(values(write("b.npy", npy("|b1", "(1, 2)", {"\1\0", 2}))),
            (std::vector<float>{1, 0}));
  EXPECT_EQ(values(write("n.npy", npy("|i1", "(2,)", "\xff\x80"))),
            (std::vector<float>{-1, -128}));
}

TEST_F(Files, ReadsEveryVersionOrderAndCut) {
  std::string data = bytesOf(expected);
  for (int version : {1, 2, 3})
    for (int64_t cut : {1, 2, 5})
      EXPECT_EQ(
          values(write("x.npy", npy("<f4", "(3, 2)", data, version)), cut),
          expected);
  std::string fortran =
      npy("{'shape': (2, 3), 'fortran_order': True, 'descr': '<f4'}",
          bytesOf<float>({1, 4, 2, 5, 3, 6}));
  for (int64_t cut : {1, 2})
    EXPECT_EQ(values(write("x.npy", fortran), cut), expected);
  // Value (i, j, k) is 100 i + 10 j + k.
  std::string array =
      npy("{'shape': (2, 2, 3), 'fortran_order': True, 'descr': '<f4'}",
          bytesOf<float>({0, 100, 10, 110, 1, 101, 11, 111, 2, 102, 12, 112}));
  for (int64_t cut : {1, 3})
    EXPECT_EQ(values(write("x.npy", array), cut),
              (std::vector<float>{0, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111,
                                  112}));
  std::string error;
  auto vector =
      MatrixReader::open(write("x.npy", npy("<f4", "(6,)", data)), error);
  ASSERT_TRUE(vector) << error;
  EXPECT_EQ(vector->rows(), 6);
  EXPECT_EQ(vector->columns(), 1);
}

/// More than is held at a time, in any cut, from a file and from an archive.
TEST_F(Files, ReadsFortranOrderInParts) {
  // Value (i, j, k) is 7 i + 1000003 j + 3 k in 32 bits.
  const int64_t rows = 70000, columns = 3;
  for (int64_t depth : {1, 2}) {
    std::vector<int32_t> stored;
    std::vector<float> all;
    auto value = [](int64_t i, int64_t j, int64_t k) {
      return int32_t(7 * i + 1000003 * j + 3 * k);
    };
    for (int64_t k = 0; k < depth; ++k)
      for (int64_t j = 0; j < 8 * columns; ++j)
        for (int64_t i = 0; i < rows; ++i)
          stored.push_back(value(i, j, k));
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < 8 * columns; ++j)
        for (int64_t k = 0; k < depth; ++k)
          all.push_back(float(value(i, j, k)));
    const std::string shape = depth == 1 ? "(70000, 24)" : "(70000, 24, 2)";
    const std::string bytes =
        npy("{'shape': " + shape + ", 'fortran_order': True, 'descr': '<i4'}",
            bytesOf(stored));
    write("x.npy", bytes);
    for (int64_t cut : {7, 4096, 60000, 10000000})
      EXPECT_TRUE(values(path("x.npy"), cut) == all) << depth << " " << cut;
    archive("x.npz", {{"a.npy", bytes}}, true);
    EXPECT_TRUE(values(path("x.npz:a"), 4096) == all) << depth;
  }
}

/// A file that gets shorter while it is read is an error, not other values.
TEST_F(Files, ExplainsFortranOrderThatEnds) {
  const std::string bytes =
      npy("{'shape': (600000, 2), 'fortran_order': True, 'descr': '<f8'}",
          std::string(600000 * 2 * 8, '\0'));
  std::string error;
  auto reader = MatrixReader::open(write("x.npy", bytes), error);
  ASSERT_TRUE(reader) << error;
  std::vector<float> block;
  EXPECT_TRUE(reader->read(1000, block, error)) << error;
  std::filesystem::resize_file(path("x.npy"), bytes.size() / 2);
  EXPECT_FALSE(reader->read(599000, block, error));
  EXPECT_EQ(withoutFolder(error),
            "x.npy: expects " + std::to_string(bytes.size()) +
                " bytes, but reading stopped before their end");
}

TEST_F(Files, ReadsNoRows) {
  std::string error;
  auto reader =
      MatrixReader::open(write("x.npy", npy("<f4", "(0, 7)", "")), error);
  ASSERT_TRUE(reader) << error;
  EXPECT_EQ(reader->rows(), 0);
  EXPECT_EQ(reader->columns(), 7);
  std::vector<float> block;
  EXPECT_TRUE(reader->read(10, block, error));
  EXPECT_TRUE(block.empty());
}

TEST_F(Files, ExplainsMalformedHeaders) {
  EXPECT_EQ(errorOfBytes(""),
            "x.npy: expects an .npy file, but it has 0 bytes only");
  EXPECT_EQ(errorOfBytes("hello, world"),
            "x.npy: expects an .npy file, but it does not begin as one");
  EXPECT_EQ(errorOfBytes(npy("<f4", "(1,)", "abcd", 4)),
            "x.npy: expects .npy format version 1.0, 2.0 or 3.0, but got 4.0");
  EXPECT_EQ(errorOfBytes({"\x93NUMPY\1\0\xff\0{", 11}),
            "x.npy: expects an .npy header of 255 bytes, but the file ends "
            "before that");
  EXPECT_EQ(errorOfBytes({"\x93NUMPY\2\0\xff\xff\xff\x7f", 12}),
            "x.npy: expects an .npy header of at most 65536 bytes, but got "
            "2147483647");
  for (const char *header :
       {"", "{", "{}", "[]", "{'descr': '<f4'}", "{'descr' '<f4'}",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': 1}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, "
        "'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} {",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1 1)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,"})
    EXPECT_NE(errorOfBytes(npy(header, "abcd")).find("x.npy: expects a"),
              std::string::npos)
        << header;
}

TEST_F(Files, ExplainsUnsupportedTypes) {
  struct Case {
    const char *type, *what;
  } cases[] = {{"|O", "Python objects"},
               {"|O8", "Python objects"},
               {"<f", "of another width"},
               {"<", "an unknown type"},
               {"<U3", "strings"},
               {"|S5", "strings"},
               {"<c8", "complex numbers"},
               {"<M8[s]", "dates"},
               {"|V4", "raw bytes"},
               {"<f16", "floating-point values of another width"},
               {"<i3", "an unknown type"},
               {"x", "an unknown type"}};
  for (const Case &test : cases)
    EXPECT_NE(errorOfBytes(npy(test.type, "(1,)", "abcd")).find(test.what),
              std::string::npos)
        << test.type;
  EXPECT_EQ(errorOfBytes(npy("{'descr': [('a', '<f4')], 'fortran_order': "
                             "False, 'shape': (1,)}",
                             "abcd")),
            "x.npy: holds structured values, but expects booleans, integers, "
            "FP32 or FP64");
}

TEST_F(Files, ExplainsWrongShapes) {
  EXPECT_EQ(errorOfBytes(npy("<f4", "()", "abcd")),
            "x.npy: expects from 1 to 16 dimensions, but got 0");
  EXPECT_EQ(errorOfBytes(npy("<f4",
                             "(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, "
                             "1)",
                             "abcd")),
            "x.npy: expects from 1 to 16 dimensions, but got 17");
  EXPECT_EQ(errorOfBytes(npy("<f4", "(2, 3)", "abcd")),
            "x.npy: expects 24 bytes of data for the shape (2, 3), but got 4");
  EXPECT_EQ(errorOfBytes(npy("<f4", "(1,)", "abcde")),
            "x.npy: expects 4 bytes of data for the shape (1,), but got 5");
  EXPECT_EQ(errorOfBytes(npy("<f4", "(-1, 3)", "abcd")),
            "x.npy: expects a shape of sizes from 0 to 10^18 - 1, but the "
            "header has another");
  EXPECT_EQ(errorOfBytes(npy("<f4", "(99999999999999999999, 1)", "abcd")),
            "x.npy: expects a shape of sizes from 0 to 10^18 - 1, but the "
            "header has another");
  EXPECT_EQ(
      errorOfBytes(npy("<f8", "(4294967296, 4294967296)", "abcd")),
      "x.npy: expects 2^63 or more bytes of data for the shape (4294967296, "
      "4294967296), but got 4");
  EXPECT_EQ(errorOfBytes(npy("<f8", "(1000000000, 1000000)", "abcd")),
            "x.npy: expects 8000000000000000 bytes of data for the shape "
            "(1000000000, 1000000), but got 4");
}

/// Every cut-off file is an error, whatever is missing.
TEST_F(Files, EveryTruncationIsAnError) {
  std::string bytes = npy("<f4", "(2, 3)", bytesOf(expected));
  for (size_t length = 0; length < bytes.size(); ++length)
    EXPECT_FALSE(errorOfBytes(bytes.substr(0, length)).empty()) << length;
}

TEST_F(Files, ExplainsValuesThatAreNotFinite) {
  float nan = std::numeric_limits<float>::quiet_NaN();
  float infinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(
      errorOfBytes(npy("<f4", "(2, 3)", bytesOf<float>({1, 2, 3, 4, 5, nan}))),
      "x.npy: expects finite values, but got nan at row 1, column 2");
  EXPECT_EQ(errorOfBytes(npy("<f4", "(1, 1)", bytesOf<float>({-infinity}))),
            "x.npy: expects finite values, but got -inf at row 0, column 0");
  EXPECT_EQ(errorOfBytes(npy("<f8", "(1, 1)", bytesOf<double>({1e300}))),
            "x.npy: expects finite values in the range of FP32, but got "
            "1e+300 at row 0, column 0");
  // The row counts from the first of the file, not of the block.
  std::string error;
  std::vector<float> block;
  auto reader = MatrixReader::open(
      write("x.npy", npy("<f4", "(3, 1)", bytesOf<float>({1, 2, nan}))), error);
  ASSERT_TRUE(reader) << error;
  EXPECT_TRUE(reader->read(2, block, error));
  EXPECT_FALSE(reader->read(2, block, error));
  EXPECT_NE(error.find("at row 2, column 0"), std::string::npos) << error;
}

TEST_F(Files, ExplainsWhatCannotBeOpened) {
  EXPECT_EQ(errorOf(path("none.npy")),
            "cannot open 'none.npy': No such file or directory");
  EXPECT_EQ(errorOf(path("x.txt")),
            "expects a file x.npy, x.npz:name or x.csv, but got 'x.txt'");
  std::filesystem::create_directory(path("folder.npy"));
  EXPECT_EQ(errorOf(path("folder.npy")),
            "cannot read 'folder.npy': expects a regular file");
  EXPECT_EQ(errorOf(""),
            "expects a file x.npy, x.npz:name or x.csv, but got ''");
}

TEST_F(Files, ReadsArchives) {
  std::string bytes = npy("<f4", "(2, 3)", bytesOf(expected));
  for (bool deflate : {false, true}) {
    archive("x.npz", {{"a.npy", npy("<f4", "(1,)", "abcd")}, {"b.npy", bytes}},
            deflate);
    for (int64_t cut : {1, 2})
      EXPECT_EQ(values(path("x.npz:b"), cut), expected);
    EXPECT_EQ(values(path("x.npz:b.npy")), expected);
  }
}

TEST_F(Files, ExplainsWrongArchives) {
  archive("x.npz", {{"a.npy", "abc"}, {"b.npy", ""}}, false);
  EXPECT_EQ(errorOf(path("x.npz:c")),
            "x.npz: expects a member, as in x.npz:name, of a, b, but got 'c'");
  EXPECT_EQ(errorOf(path("x.npz")),
            "x.npz: expects a member, as in x.npz:name, of a, b");
  EXPECT_EQ(errorOf(path("x.npz:a")),
            "x.npz:a: expects an .npy file, but it has 3 bytes only");
  EXPECT_EQ(errorOf(path("none.npz:a")),
            "cannot open 'none.npz': No such file or directory");
  write("y.npz", "this is no archive at all");
  EXPECT_EQ(errorOf(path("y.npz:a")), "cannot open 'y.npz': Not a zip archive");
}

/// A changed byte is found by the archive's check sum, a cut by its structure.
TEST_F(Files, ExplainsCorruptArchives) {
  std::vector<float> many(1000);
  for (size_t i = 0; i < many.size(); ++i)
    many[i] = float(i);
  for (bool deflate : {false, true}) {
    archive("x.npz", {{"a.npy", npy("<f4", "(1000, 1)", bytesOf(many))}},
            deflate);
    std::string bytes = read("x.npz");
    std::string changed = bytes;
    changed[bytes.size() / 2] = char(changed[bytes.size() / 2] ^ 0x55);
    write("x.npz", changed);
    EXPECT_FALSE(errorOf(path("x.npz:a")).empty());
    write("x.npz", bytes.substr(0, bytes.size() / 2));
    EXPECT_FALSE(errorOf(path("x.npz:a")).empty());
  }
}

TEST_F(Files, ReadsCsv) {
  EXPECT_EQ(values(write("x.csv", "1,2,3\n4,5,6\n")), expected);
  EXPECT_EQ(values(write("x.csv", "a,b,c\r\n 1 ,\t2,+3\r\n\r\n4,5e0,6."), 1),
            expected);
  EXPECT_EQ(values(write("x.csv", "\xef\xbb\xbf"
                                  "1,2,3\n4,5,6")),
            expected);
  EXPECT_EQ(values(write("x.csv", "7")), (std::vector<float>{7}));
}

TEST_F(Files, ReadsQuotedCsv) {
  auto check = [&](const std::string &text) {
    EXPECT_EQ(values(write("x.csv", text)), expected) << text;
  };
  // Numbers in quotes are no header.
  check("\"1.0\",\"2.0\",\"3.0\"\n\"4\",\"5\",\"6\"\n");
  check("1,\"2\", \" +3 \" \r\n\"4\",5e0,6\r\n");
  check("\xef\xbb\xbf\"1\",2,3\n4,5,6");
  // Names are one, in quotes or not, whatever the quotes hold.
  check("\"a\",\"b\",\"c\"\n1,2,3\n\"4\",\"5\",\"6\"\n");
  check("\"a, 1\",b,\"say \"\"c, 2\"\"\"\n1,2,3\n4,5,6\n");
  check("\"\",b,\"\"\"\"\n1,2,3\n4,5,6\n");
}

TEST_F(Files, ExplainsWrongCsvByPlace) {
  auto error = [&](const std::string &text) {
    return errorOf(write("x.csv", text));
  };
  EXPECT_EQ(error("1,2\n3,a\n"), "x.csv:2:3: expects a number, but got 'a'");
  EXPECT_EQ(error("1,x\n3,4\n"), "x.csv:1:3: expects a number, but got 'x'");
  EXPECT_EQ(error("1,2\n3,+-1\n"),
            "x.csv:2:3: expects a number, but got '+-1'");
  EXPECT_EQ(error("1,2\n3,\n"),
            "x.csv:2:3: expects a number, but got an empty field");
  EXPECT_EQ(error("1,2\n3\n"),
            "x.csv:2:1: expects 2 values as in the first row, but got 1");
  EXPECT_EQ(error("1,2\n3,4,5\n"),
            "x.csv:2:1: expects 2 values as in the first row, but got 3");
  EXPECT_EQ(error("1,2\nnan,4\n"),
            "x.csv:2:1: expects a finite number, but got 'nan'");
  EXPECT_EQ(error("1,1e999\n"),
            "x.csv:1:3: expects a finite number, but got '1e999'");
  EXPECT_EQ(error("1,1e99\n"), "x.csv: expects finite values in the range of "
                               "FP32, but got 1e+99 at row 0, column 1");
  EXPECT_EQ(error(""), "x.csv: expects at least one row of numbers, but got "
                       "none");
  EXPECT_EQ(error("a,b\n"), "x.csv: expects at least one row of numbers, but "
                            "got none");
  EXPECT_EQ(error({"1,\0\n", 4}), "x.csv:1:3: expects a number, but got '?'");
  // Names and numbers in one line are neither a header nor a row.
  EXPECT_EQ(error("\"a\",\"1.0\"\n3,4\n"),
            "x.csv:1:1: expects a number, but got '\"a\"'");
  EXPECT_EQ(error("\"1\",\"2\"\n3, \"4x\"\n"),
            "x.csv:2:4: expects a number, but got '\"4x\"'");
  EXPECT_EQ(error("1,2\n\"3,5\",4\n"),
            "x.csv:2:1: expects a number, but got '\"3,5\"'");
  EXPECT_EQ(error("1,2\n\"3\"5,\"\"\n"),
            "x.csv:2:1: expects a number, but got '\"3\"5'");
  EXPECT_EQ(error("1,2\n3,\"\"\n"),
            "x.csv:2:3: expects a number, but got '\"\"'");
  EXPECT_EQ(error("\"1\",\"inf\"\n"),
            "x.csv:1:5: expects a finite number, but got '\"inf\"'");
  // A header names the columns.
  EXPECT_EQ(error("a,b,c\n1,2\n"),
            "x.csv:2:1: expects 3 values as in the header, but got 2");
  EXPECT_EQ(error(",,\n1,2,3\n"),
            "x.csv:1:1: expects numbers or names, but got empty fields");
  // Other separators, which would make each line a name.
  EXPECT_EQ(error("1;2;3\n4;5;6\n"),
            "x.csv:1:2: expects commas between numbers, but got ';'");
  EXPECT_EQ(error("a;b\n 1.5\t2\n"),
            "x.csv:2:5: expects commas between numbers, but got a tab");
  EXPECT_EQ(error("1;\n"),
            "x.csv:1:2: expects commas between numbers, but got ';'");
  EXPECT_EQ(error("1 2\n"),
            "x.csv:1:2: expects commas between numbers, but got a space");
  EXPECT_EQ(error("1,5;2,5\n"),
            "x.csv:1:4: expects commas between numbers, but got ';'");
  EXPECT_EQ(error("3 months|6 months\n1|2\n"),
            "x.csv:2:2: expects commas between numbers, but got '|'");
  EXPECT_EQ(error("a, \"b\n1,2\n"),
            "x.csv:1:4: expects a closing quote on the same line");
  EXPECT_EQ(error("\"1,2\n3,4\n"),
            "x.csv:1:1: expects a closing quote on the same line");
  EXPECT_EQ(error("1,2\n3,\"4\"\"\n"),
            "x.csv:2:3: expects a closing quote on the same line");
}

TEST_F(Files, OutputsKeepThePermissionsOfTheFileTheyReplace) {
  const std::string path = write("y.npy", "old");
  for (mode_t mode : {0600, 0664, 04755}) {
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    std::string error;
    auto file = OutputFile::create(path, error);
    ASSERT_TRUE(file) << error;
    ASSERT_TRUE(file->write("new", error) && file->commit(error)) << error;
    struct stat status = {};
    ASSERT_EQ(stat(path.c_str(), &status), 0);
    // No program of results runs as their owner.
    EXPECT_EQ(status.st_mode & 07777, mode & 0777);
  }
}

TEST_F(Files, ReadsLabels) {
  std::string error;
  std::vector<int64_t> labels = {3, -1, 0};
  EXPECT_EQ(
      readLabels(write("x.npy", npy("<i8", "(3,)", bytesOf(labels))), error),
      labels);
  EXPECT_EQ(readLabels(write("x.npy",
                             npy("<f8", "(3, 1)", bytesOf<double>({3, -1, 0}))),
                       error),
            labels);
  EXPECT_EQ(readLabels(write("x.csv", "label\n3\n-1\n0\n"), error), labels);

  EXPECT_FALSE(readLabels(
      write("x.npy", npy("<f8", "(2,)", bytesOf<double>({3, .5}))), error));
  EXPECT_EQ(withoutFolder(error),
            "x.npy: expects integers as labels, but got 0.5 at row 1");
  EXPECT_FALSE(readLabels(write("x.npy", npy("|i1", "(1, 3)", "abc")), error));
  EXPECT_EQ(withoutFolder(error),
            "x.npy: expects one label a row, but got 3 columns");
  EXPECT_FALSE(
      readLabels(write("x.npy", npy("|i1", "(1, 3, 1)", "abc")), error));
  EXPECT_EQ(withoutFolder(error),
            "x.npy: expects one label a row, but got an array of 3 dimensions");
  EXPECT_FALSE(readLabels(write("x.npy", npy("<U1", "(1,)", "abcd")), error));
  EXPECT_NE(error.find("holds strings ('<U1')"), std::string::npos) << error;
}

TEST_F(Files, WritesWhatItReads) {
  std::string error;
  auto writer = NpyWriter::create(path("y.npy"), 3, error);
  ASSERT_TRUE(writer) << error;
  EXPECT_TRUE(writer->append(expected.data(), 3, error));
  EXPECT_TRUE(writer->append(expected.data() + 3, 3, error));
  // Nothing is there before it is whole.
  EXPECT_FALSE(std::filesystem::exists(path("y.npy")));
  ASSERT_TRUE(writer->commit(error)) << error;
  EXPECT_EQ(count(), 1u);
  EXPECT_EQ(values(path("y.npy")), expected);
  EXPECT_EQ(read("y.npy").size(), 448u + 24u);

  // Of any shape.
  writer = NpyWriter::create(path("a.npy"), 3, error);
  ASSERT_TRUE(writer) << error;
  EXPECT_TRUE(writer->append(expected.data(), 6, error));
  writer->setShape({1, 2, 3, 1});
  ASSERT_TRUE(writer->commit(error)) << error;
  auto array = MatrixReader::open(path("a.npy"), error);
  ASSERT_TRUE(array) << error;
  EXPECT_EQ(array->shape(), (std::vector<int64_t>{1, 2, 3, 1}));
  EXPECT_EQ(array->rows(), 6);
  EXPECT_EQ(array->columns(), 1);
  EXPECT_EQ(values(path("a.npy")), expected);

  auto labels = NpyWriter::create(path("l.npy"), -1, error);
  ASSERT_TRUE(labels) << error;
  std::vector<int64_t> numbers = {1, -(int64_t(1) << 40)};
  EXPECT_TRUE(labels->append(numbers.data(), 2, error));
  ASSERT_TRUE(labels->commit(error)) << error;
  EXPECT_EQ(readLabels(path("l.npy"), error), numbers);

  auto empty = NpyWriter::create(path("e.npy"), 4, error);
  ASSERT_TRUE(empty && empty->commit(error)) << error;
  auto reader = MatrixReader::open(path("e.npy"), error);
  ASSERT_TRUE(reader) << error;
  EXPECT_EQ(reader->rows(), 0);
  EXPECT_EQ(reader->columns(), 4);
}

TEST_F(Files, LeavesNothingHalfWritten) {
  std::string error, old = "old";
  write("y.npy", old);
  {
    auto writer = NpyWriter::create(path("y.npy"), 3, error);
    ASSERT_TRUE(writer) << error;
    EXPECT_TRUE(writer->append(expected.data(), 3, error));
  }
  EXPECT_EQ(read("y.npy"), old);
  EXPECT_EQ(count(), 1u);
}

TEST_F(Files, ExplainsWhatCannotBeWritten) {
  std::string error;
  EXPECT_FALSE(NpyWriter::create(path("none/y.npy"), 1, error));
  EXPECT_EQ(withoutFolder(error),
            "cannot write 'none/y.npy': No such file or directory");
  EXPECT_FALSE(NpyWriter::create(folder.string(), 1, error));
  EXPECT_EQ(error,
            "cannot write '" + folder.string() + "': expects a regular file");
  EXPECT_FALSE(NpyWriter::create("/dev/null", 1, error));
  EXPECT_EQ(error, "cannot write '/dev/null': expects a regular file");
  EXPECT_FALSE(NpyWriter::create("", 1, error));
}

TEST_F(Files, WritesThroughLinks) {
  std::string error;
  write("real.npy", "old");
  std::filesystem::create_symlink("real.npy", path("link.npy"));
  auto writer = NpyWriter::create(path("link.npy"), 3, error);
  ASSERT_TRUE(writer && writer->append(expected.data(), 6, error) &&
              writer->commit(error))
      << error;
  EXPECT_TRUE(std::filesystem::is_symlink(path("link.npy")));
  EXPECT_EQ(values(path("real.npy")), expected);
}

} // namespace
