//===- LocatedJson.cpp - JSON whose values know their place ---------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The JSON library reads values and tells no places; since the text is known to
// be proper JSON, the beginnings of values are found in a sweep, in the same
// order.
//
//===----------------------------------------------------------------------===//

#include "Mapping/LocatedJson.h"

#include "Runtime/Target/SyntaxCheck.h"

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace aimc;
using nlohmann::json;

/// The offsets of the values of a proper JSON text, in its order; names of
/// fields are no values.
static std::vector<size_t> findValues(std::string_view text) {
  std::vector<size_t> offsets;
  // The library passes over a byte order mark.
  const size_t begin = text.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0;
  for (size_t i = begin; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      const size_t quote = i;
      for (++i; text[i] != '"'; ++i)
        i += text[i] == '\\';
      const size_t next = text.find_first_not_of(" \t\r\n", i + 1);
      if (next == std::string_view::npos || text[next] != ':')
        offsets.push_back(quote);
    } else if (c == '{' || c == '[') {
      offsets.push_back(i);
    } else if (std::string_view(" \t\r\n,:]}").find(c) ==
               std::string_view::npos) {
      offsets.push_back(i);
      i = std::min(text.find_first_of(" \t\r\n,:]}", i), text.size()) - 1;
    }
  }
  return offsets;
}

namespace {
/// Builds the values while the library reads.
class Builder : public nlohmann::json_sax<json> {
public:
  explicit Builder(std::vector<size_t> offsets) : offsets(std::move(offsets)) {}

  LocatedJson root;

  bool null() override { return add(LocatedJson::Kind::Null); }
  bool boolean(bool) override { return add(LocatedJson::Kind::Boolean); }
  bool number_integer(number_integer_t value) override {
    add(LocatedJson::Kind::Integer);
    last->integer = value;
    last->number = static_cast<double>(value);
    return true;
  }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<number_unsigned_t>(INT64_MAX))
      return number_float(static_cast<double>(value), "");
    return number_integer(static_cast<int64_t>(value));
  }
  bool number_float(number_float_t value, const string_t &) override {
    add(LocatedJson::Kind::Number);
    last->number = value;
    return true;
  }
  bool string(string_t &value) override {
    add(LocatedJson::Kind::Text);
    last->text = std::move(value);
    return true;
  }
  bool binary(binary_t &) override { return false; }
  bool key(string_t &name) override {
    open.back()->names.push_back(std::move(name));
    return true;
  }
  bool start_object(size_t) override {
    add(LocatedJson::Kind::Object);
    open.push_back(last);
    return true;
  }
  bool start_array(size_t) override {
    add(LocatedJson::Kind::Array);
    open.push_back(last);
    return true;
  }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  // The syntax is checked before.
  bool parse_error(size_t, const std::string &,
                   const nlohmann::detail::exception &) override {
    return false;
  }

private:
  bool add(LocatedJson::Kind kind) {
    // Only the innermost open value grows, so pointers to open ones hold.
    last = open.empty() ? &root : &open.back()->items.emplace_back();
    last->kind = kind;
    last->offset = next < offsets.size() ? offsets[next++] : 0;
    return true;
  }
  bool close() {
    open.pop_back();
    return true;
  }

  std::vector<size_t> offsets;
  size_t next = 0;
  std::vector<LocatedJson *> open;
  LocatedJson *last = nullptr;
};
} // namespace

const LocatedJson *LocatedJson::find(std::string_view name) const {
  auto it = std::find(names.begin(), names.end(), name);
  return it == names.end() ? nullptr : &items[it - names.begin()];
}

std::string LocatedJson::shown() const {
  switch (kind) {
  case Kind::Null:
    return "null";
  case Kind::Boolean:
    return "a boolean";
  case Kind::Integer:
    return std::to_string(integer);
  case Kind::Number:
    return json(number).dump();
  case Kind::Text:
    // Text is escaped, so that an error stays one line.
    return text.size() > 40
               ? json(text.substr(0, 40))
                         .dump(-1, ' ', true, json::error_handler_t::replace) +
                     "..."
               : json(text).dump(-1, ' ', true, json::error_handler_t::replace);
  case Kind::Array:
    return "an array of " + std::to_string(items.size());
  case Kind::Object:
    return "an object";
  }
  return "";
}

/// The offset of a place; 0 if there is none.
static size_t offsetOf(std::string_view text, runtime::TextPlace place) {
  size_t begin = 0;
  for (int64_t line = 1; line < place.line; ++line)
    begin = text.find('\n', begin) + 1;
  return std::min(begin + std::max<int64_t>(place.column - 1, 0), text.size());
}

std::optional<LocatedJson>
LocatedJson::parse(std::string_view text, std::string &error, size_t &offset) {
  runtime::TextPlace place;
  error = runtime::checkSyntax(text, place);
  if (!error.empty()) {
    offset = offsetOf(text, place);
    return std::nullopt;
  }
  Builder builder(findValues(text));
  json::sax_parse(text, &builder);
  return std::move(builder.root);
}

std::pair<unsigned, unsigned> aimc::lineAndColumn(std::string_view text,
                                                  size_t offset) {
  text = text.substr(0, offset);
  const size_t lineBegin = text.rfind('\n');
  return {
      static_cast<unsigned>(std::count(text.begin(), text.end(), '\n')) + 1,
      static_cast<unsigned>(
          offset - (lineBegin == std::string_view::npos ? 0 : lineBegin + 1)) +
          1};
}
