//===- MatrixReader.cpp - Choosing and checking a reader --------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the readers of all formats have in common, and labels.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Files/MatrixReaders.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstdio>
#include <filesystem>

using namespace aimc::runtime;

static bool endsWith(const std::string &text, const std::string &end) {
  return text.size() >= end.size() &&
         text.compare(text.size() - end.size(), end.size(), end) == 0;
}

std::optional<std::pair<std::string, std::string>>
aimc::runtime::splitArchiveName(const std::string &name) {
  size_t archive = name.rfind(".npz:");
  if (archive == std::string::npos)
    return std::nullopt;
  return std::pair(name.substr(0, archive + 4), name.substr(archive + 5));
}

/// The file of a name that may have a member of an archive.
static std::string fileOf(const std::string &name) {
  auto archive = splitArchiveName(name);
  return archive ? archive->first : name;
}

bool aimc::runtime::isSameFile(const std::string &a, const std::string &b) {
  std::string files[] = {fileOf(a), fileOf(b)};
  std::filesystem::path paths[2];
  for (int i = 0; i < 2; ++i) {
    std::error_code code;
    paths[i] = std::filesystem::weakly_canonical(files[i], code);
    if (code)
      paths[i] = files[i];
  }
  std::error_code code;
  return paths[0] == paths[1] ||
         std::filesystem::equivalent(paths[0], paths[1], code);
}

MatrixReader::MatrixReader(std::string name, std::vector<int64_t> shape)
    : fileName(std::move(name)), sizes(std::move(shape)), rowCount(1),
      columnCount(sizes.size() > 1 ? sizes.back() : 1) {
  for (size_t i = 0; i + (sizes.size() > 1) < sizes.size(); ++i)
    rowCount *= sizes[i];
}

std::unique_ptr<MatrixReader> MatrixReader::open(const std::string &name,
                                                 std::string &error) {
  if (auto archive = splitArchiveName(name)) {
    auto source = openArchiveMember(archive->first, archive->second, error);
    return source ? openNpy(std::move(source), name, error) : nullptr;
  }
  if (endsWith(name, ".npz")) {
    // Without a member's name; the error lists them.
    openArchiveMember(name, "", error);
    return nullptr;
  }
  if (endsWith(name, ".csv"))
    return openCsv(name, error);
  if (endsWith(name, ".npy")) {
    auto source = openFile(name, error);
    return source ? openNpy(std::move(source), name, error) : nullptr;
  }
  error = "expects a file x.npy, x.npz:name or x.csv, but got '" + name + "'";
  return nullptr;
}

bool MatrixReader::readWide(int64_t count, std::vector<double> &values,
                            std::string &error) {
  return readUpTo(DBL_MAX, count, values, error);
}

bool MatrixReader::readUpTo(double limit, int64_t count,
                            std::vector<double> &values, std::string &error) {
  values.clear();
  count = std::min(count, rowCount - nextRow);
  if (!readValues(count * columnCount, values, error) ||
      !check(values, limit, error))
    return false;
  nextRow += count;
  return true;
}

bool MatrixReader::read(int64_t count, std::vector<float> &values,
                        std::string &error) {
  std::vector<double> wide;
  if (!readUpTo(FLT_MAX, count, wide, error))
    return false;
  values.resize(wide.size());
  std::transform(wide.begin(), wide.end(), values.begin(),
                 [](double value) { return float(value); });
  return true;
}

bool MatrixReader::check(const std::vector<double> &values, double limit,
                         std::string &error) const {
  // The comparison is false for NaN too. All are compared at once, which takes
  // a fraction of the time of stopping at the first.
  const auto isRight = [&](double value) { return std::fabs(value) <= limit; };
  bool right = true;
  for (double value : values)
    right &= isRight(value);
  if (right)
    return true;
  auto wrong = std::find_if_not(values.begin(), values.end(), isRight);
  int64_t index = wrong - values.begin();
  char text[32];
  std::snprintf(text, sizeof(text), "%g", *wrong);
  // The sign of a NaN says nothing.
  error = fileName + ": expects finite values" +
          (std::isfinite(*wrong) ? " in the range of FP32" : "") +
          ", but got " + (std::isnan(*wrong) ? "nan" : text) + " at " +
          place(nextRow * columnCount + index);
  return false;
}

std::string MatrixReader::place(int64_t index) const {
  if (sizes.size() <= 2)
    return "row " + std::to_string(index / columnCount) + ", column " +
           std::to_string(index % columnCount);
  std::string text;
  for (size_t i = sizes.size(); i-- > 0; index /= sizes[i])
    text = (i ? ", " : "(") + std::to_string(index % sizes[i]) + text;
  return text + ")";
}

std::optional<std::vector<int64_t>>
aimc::runtime::readLabels(const std::string &name, std::string &error) {
  std::unique_ptr<MatrixReader> reader = MatrixReader::open(name, error);
  if (!reader)
    return std::nullopt;
  if (reader->shape().size() > 2) {
    error = name + ": expects one label a row, but got an array of " +
            std::to_string(reader->shape().size()) + " dimensions";
    return std::nullopt;
  }
  if (reader->columns() != 1) {
    error = name + ": expects one label a row, but got " +
            std::to_string(reader->columns()) + " columns";
    return std::nullopt;
  }
  std::vector<double> values;
  if (!reader->readWide(reader->rows(), values, error))
    return std::nullopt;
  std::vector<int64_t> labels;
  labels.reserve(values.size());
  for (double value : values) {
    // Beyond 2^53 not every integer is a double.
    if (value != std::floor(value) || std::fabs(value) > 0x1p53) {
      char text[32];
      std::snprintf(text, sizeof(text), "%g", value);
      error = name + ": expects integers as labels, but got " + text +
              " at row " + std::to_string(labels.size());
      return std::nullopt;
    }
    labels.push_back(int64_t(value));
  }
  return labels;
}
