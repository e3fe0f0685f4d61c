//===- SyntaxCheck.cpp - Whether a text is proper JSON --------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A pass over the text by the JSON library without building values.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Target/SyntaxCheck.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <vector>

using namespace aimc::runtime;
using nlohmann::json;

namespace {

/// Where an offset in a text is, as a message says it.
std::string placeOf(std::string_view text, size_t offset) {
  size_t line = 1, column = 1;
  for (char c : text.substr(0, std::min(offset, text.size()))) {
    ++column;
    if (c == '\n') {
      ++line;
      column = 1;
    }
  }
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

/// Checks what the tree of values no longer shows: syntax, numbers beyond the
/// range of a double, fields given twice, and too deep nesting.
class SyntaxCheck : public nlohmann::json_sax<json> {
public:
  explicit SyntaxCheck(std::string_view text) : text(text) {}

  std::string error;

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t &) override { return true; }
  bool string(string_t &) override { return true; }
  bool binary(binary_t &) override { return true; }
  bool start_object(size_t) override { return enter(); }
  bool end_object() override { return leave(); }
  bool start_array(size_t) override { return enter(); }
  bool end_array() override { return leave(); }

  bool key(string_t &name) override {
    if (fields.back().insert(name).second)
      return true;
    error = "field " + json(name).dump() + " is given twice in one object";
    return false;
  }

  bool parse_error(size_t position, const std::string &token,
                   const nlohmann::detail::exception &cause) override {
    // 406 is a number like 1e999; the rest is malformed text. `position`
    // counts the characters read, up to and with the wrong one.
    std::string place = placeOf(text, position == 0 ? 0 : position - 1);
    if (cause.id == 406)
      error = "expects numbers in the range of a double, but got '" + token +
              "' at " + place;
    else
      error = "expects valid JSON, but got " +
              (position == 0 || position > text.size()
                   ? std::string("the end of the text")
                   : "'" + printable(text[position - 1]) + "'") +
              " at " + place;
    return false;
  }

private:
  bool enter() {
    fields.emplace_back();
    if (fields.size() <= 16)
      return true;
    error = "expects at most 16 levels of nesting, but got more";
    return false;
  }
  bool leave() {
    fields.pop_back();
    return true;
  }

  /// A character that does not spoil a line of text.
  static std::string printable(char c) {
    return std::string(1, c < ' ' || c > '~' ? '?' : c);
  }

  std::string_view text;
  std::vector<std::set<std::string>> fields;
};

} // namespace

std::string aimc::runtime::checkSyntax(std::string_view text) {
  // With a SAX handler the JSON library does not throw.
  SyntaxCheck check(text);
  json::sax_parse(text, &check);
  return check.error;
}
