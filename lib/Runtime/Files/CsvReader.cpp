//===- CsvReader.cpp - Values of a .csv file --------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Numbers separated by commas, in double quotes or not. Errors are placed as
// file:line:column.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Files/MatrixReaders.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <optional>

using namespace aimc::runtime;

namespace {

/// A field without the white space around it, and its column from 1.
struct Field {
  std::string_view text;
  size_t column;
};

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// The text without the white space around it.
std::string_view trimmed(std::string_view text) {
  while (!text.empty() && isBlank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && isBlank(text.back()))
    text.remove_suffix(1);
  return text;
}

/// The place after a quoted field's closing quote, where `start` is that of its
/// opening quote; nothing if it is not closed. Two quotes are one of the text
/// (RFC 4180, section 2).
std::optional<size_t> findEndOfQuotes(std::string_view line, size_t start) {
  for (size_t end = line.find('"', start + 1); end != line.npos;
       end = line.find('"', end + 2))
    if (end + 1 == line.size() || line[end + 1] != '"')
      return end + 1;
  return std::nullopt;
}

/// The fields of a line; nothing after one whose quotes are not closed, of
/// which `unclosed` gets the column.
std::vector<Field> splitLine(std::string_view line, size_t &unclosed) {
  std::vector<Field> fields;
  size_t start = 0;
  while (true) {
    size_t first = start;
    while (first < line.size() && isBlank(line[first]))
      ++first;
    size_t quoted = first;
    if (first < line.size() && line[first] == '"') {
      std::optional<size_t> end = findEndOfQuotes(line, first);
      if (!end) {
        unclosed = first + 1;
        return fields;
      }
      quoted = *end;
    }
    size_t end = std::min(line.find(',', quoted), line.size()), last = end;
    while (last > first && isBlank(line[last - 1]))
      --last;
    fields.push_back({line.substr(first, last - first), first + 1});
    if (end == line.size())
      return fields;
    start = end + 1;
  }
}

/// Whether a field is a number, in quotes or not, whatever its size.
bool parseNumber(std::string_view text, double &value) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = trimmed(text.substr(1, text.size() - 2));
  }
  // from_chars takes no plus, and behind one no minus is a number's.
  if (text.size() >= 2 && text[0] == '+' && text[1] != '-')
    text.remove_prefix(1);
  const char *end = text.data() + text.size();
  auto [rest, code] = std::from_chars(text.data(), end, value);
  // Too large is told as infinity, too small as zero.
  if (code == std::errc::result_out_of_range)
    value = text.find("e-") == text.npos && text.find("E-") == text.npos
                ? HUGE_VAL
                : 0;
  return !text.empty() && rest == end && code != std::errc::invalid_argument;
}

/// Where in a field the first separator other than a comma stands, if the field
/// is numbers with one between or behind them.
std::optional<size_t> findSeparator(std::string_view text) {
  for (char separator : {';', '\t', '|', ' '}) {
    size_t start = 0, numbers = 0;
    bool areNumbers = true;
    while (areNumbers && start <= text.size()) {
      const size_t end = std::min(text.find(separator, start), text.size());
      const std::string_view part = trimmed(text.substr(start, end - start));
      double value;
      areNumbers = part.empty() || parseNumber(part, value);
      numbers += !part.empty();
      start = end + 1;
    }
    const size_t place = text.find(separator);
    if (areNumbers && numbers > 0 && place != text.npos)
      return place;
  }
  return std::nullopt;
}

/// A field as it is shown in a message.
std::string shown(std::string_view text) {
  if (text.empty())
    return "an empty field";
  std::string result = "'" + std::string(text.substr(0, 40)) + "'";
  for (char &c : result)
    if (c < ' ' || c > '~')
      c = '?';
  return result;
}

class CsvReader : public MatrixReader {
public:
  CsvReader(const std::string &name, int64_t rows, int64_t columns,
            std::vector<double> all)
      : MatrixReader(name, {rows, columns}), all(std::move(all)) {}

protected:
  bool readValues(int64_t count, std::vector<double> &values,
                  std::string &) override {
    values.insert(values.end(), all.begin() + next, all.begin() + next + count);
    next += count;
    return true;
  }

private:
  std::vector<double> all;
  int64_t next = 0;
};

} // namespace

std::unique_ptr<MatrixReader> aimc::runtime::openCsv(const std::string &name,
                                                     std::string &error) {
  if (!isRegularFile(name, error))
    return nullptr;
  errno = 0;
  std::ifstream stream(name, std::ios::binary);
  if (!stream) {
    error = "cannot open '" + name + "': " + std::strerror(errno ? errno : EIO);
    return nullptr;
  }
  std::vector<double> values, row;
  std::string line;
  int64_t rows = 0;
  size_t names = 0, columns = 0, lineNumber = 0; // names: of a header
  bool first = true;
  auto fail = [&](size_t column, const std::string &what) {
    error = name + ":" + std::to_string(lineNumber) + ":" +
            std::to_string(column) + ": " + what;
    return nullptr;
  };
  while (std::getline(stream, line)) {
    ++lineNumber;
    if (lineNumber == 1 && line.compare(0, 3, "\xef\xbb\xbf") == 0)
      line.erase(0, 3);
    if (line.find_first_not_of(" \t\r") == std::string::npos)
      continue;
    size_t unclosed = 0;
    std::vector<Field> fields = splitLine(line, unclosed);
    if (unclosed)
      return fail(unclosed, "expects a closing quote on the same line");
    const bool isFirst = first;
    first = false;
    const Field *noNumber = nullptr;
    bool anyNumber = false;
    row.clear();
    for (const Field &field : fields) {
      row.push_back(0);
      if (parseNumber(field.text, row.back())) {
        anyNumber = true;
        continue;
      }
      if (const auto place = findSeparator(field.text)) {
        const char separator = field.text[*place];
        return fail(field.column + *place,
                    "expects commas between numbers, but got " +
                        (separator == '\t'  ? "a tab"
                         : separator == ' ' ? "a space"
                                            : shown({&separator, 1})));
      }
      if (!noNumber)
        noNumber = &field;
    }
    if (isFirst && !anyNumber) {
      if (std::all_of(fields.begin(), fields.end(),
                      [](const Field &field) { return field.text.empty(); }))
        return fail(1, "expects numbers or names, but got empty fields");
      names = fields.size();
      continue;
    }
    if (noNumber)
      return fail(noNumber->column,
                  "expects a number, but got " + shown(noNumber->text));
    for (size_t i = 0; i < row.size(); ++i)
      if (!std::isfinite(row[i]))
        return fail(fields[i].column, "expects a finite number, but got " +
                                          shown(fields[i].text));
    values.insert(values.end(), row.begin(), row.end());
    if (rows == 0)
      columns = names ? names : fields.size();
    if (fields.size() != columns)
      return fail(1, "expects " + std::to_string(columns) +
                         " values as in the " +
                         (rows || !names ? "first row" : "header") +
                         ", but got " + std::to_string(fields.size()));
    ++rows;
  }
  if (rows == 0) {
    error = name + ": expects at least one row of numbers, but got none";
    return nullptr;
  }
  return std::make_unique<CsvReader>(name, rows, int64_t(columns),
                                     std::move(values));
}
