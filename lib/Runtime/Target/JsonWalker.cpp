//===- JsonWalker.cpp - Fields of a JSON text and their places ------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The library tells events without places, so the characters that it has read
// are counted: a token begins after the one before it.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Target/JsonWalker.h"

#include <algorithm>
#include <iterator>

using namespace aimc::runtime;
using nlohmann::json;

TextPlace aimc::runtime::placeAt(std::string_view text, size_t offset) {
  TextPlace place = {1, 1};
  for (char c : text.substr(0, std::min(offset, text.size()))) {
    ++place.column;
    if (c == '\n')
      place = {place.line + 1, 1};
  }
  return place;
}

namespace {

/// Counts how far a text has been read.
class CountingIterator {
public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char *;
  using reference = const char &;

  CountingIterator(const char *at, size_t &count) : at(at), count(&count) {}

  reference operator*() const { return *at; }
  CountingIterator &operator++() {
    ++at;
    ++*count;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator &other) const {
    return at == other.at;
  }
  bool operator!=(const CountingIterator &other) const {
    return at != other.at;
  }

private:
  const char *at;
  size_t *count;
};

} // namespace

void JsonWalker::walk() {
  constexpr std::string_view byteOrderMark = "\xef\xbb\xbf";
  if (text.substr(0, byteOrderMark.size()) == byteOrderMark)
    tokenEnd = byteOrderMark.size();
  // With a SAX handler the library does not throw.
  json::sax_parse(CountingIterator(text.data(), consumed),
                  CountingIterator(text.data() + text.size(), consumed), this);
}

/// Takes the token that ends at `end`.
void JsonWalker::findToken(size_t end) {
  tokenStart = std::min(text.find_first_not_of(" \t\r\n,:", tokenEnd), end);
  tokenEnd = end;
}

/// Adds the index of the next element to the path, in an array; the name of a
/// field is there already.
void JsonWalker::nameElement() {
  if (levels.empty() || !levels.back().isArray)
    return;
  names.resize(levels.back().length);
  names += "[" + std::to_string(levels.back().count++) + "]";
}

bool JsonWalker::key(string_t &name) {
  findToken(consumed);
  names.resize(levels.back().length);
  if (!onKey(name))
    return false;
  names += (names.empty() ? "" : ".") + name;
  return true;
}

bool JsonWalker::value() {
  findToken(consumed);
  nameElement();
  return onValue();
}

bool JsonWalker::number() {
  // The character after it has been read, unless the text ends there.
  const char last = consumed ? text[consumed - 1] : ' ';
  const bool isLast = consumed == text.size() && last >= '0' && last <= '9';
  findToken(consumed - (isLast ? 0 : 1));
  nameElement();
  return onValue();
}

bool JsonWalker::start(bool isArray) {
  findToken(consumed);
  nameElement();
  if (!onValue())
    return false;
  levels.push_back({isArray, names.size(), 0});
  return true;
}

bool JsonWalker::end() {
  tokenEnd = consumed;
  levels.pop_back();
  return onEnd();
}

namespace {

class FieldFinder : public JsonWalker {
public:
  FieldFinder(std::string_view text, std::string_view wanted, bool ofName)
      : JsonWalker(text), wanted(wanted), ofName(ofName) {}

  size_t found = 0;

  bool parse_error(size_t, const std::string &,
                   const nlohmann::detail::exception &) override {
    return false;
  }

private:
  bool onKey(const std::string &name) override {
    return !ofName ||
           take((path().empty() ? name : path() + "." + name) == wanted);
  }
  bool onValue() override { return ofName || take(path() == wanted); }

  /// Ends the search if this is the field.
  bool take(bool isWanted) {
    if (isWanted)
      found = offset();
    return !isWanted;
  }

  const std::string_view wanted;
  const bool ofName;
};

} // namespace

TextPlace aimc::runtime::findField(std::string_view text, std::string_view path,
                                   bool ofName) {
  FieldFinder finder(text, path, ofName);
  finder.walk();
  return placeAt(text, finder.found);
}
