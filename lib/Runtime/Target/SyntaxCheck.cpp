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

#include "Runtime/Target/JsonWalker.h"

#include <set>
#include <vector>

using namespace aimc::runtime;

namespace {

/// Checks what the tree of values no longer shows: syntax, numbers beyond the
/// range of a double, fields given twice, and too deep nesting.
class SyntaxCheck : public JsonWalker {
public:
  using JsonWalker::JsonWalker;

  std::string error;
  TextPlace place;

  bool parse_error(size_t position, const std::string &token,
                   const nlohmann::detail::exception &cause) override {
    // 406 is a number like 1e999; the rest is malformed text. `position`
    // counts the characters read, up to and with the wrong one.
    const bool atEnd = position == 0 || position > text.size();
    if (cause.id == 406)
      return fail("expects numbers in the range of a double, but got '" +
                      token + "'",
                  position > token.size() ? position - token.size() : 0);
    return fail("expects valid JSON, but got " +
                    (atEnd ? std::string("the end of the text")
                           : "'" + printable(text[position - 1]) + "'"),
                position == 0 ? 0 : position - 1);
  }

private:
  bool onKey(const std::string &name) override {
    fields.resize(depth());
    if (fields.back().insert(name).second)
      return true;
    return fail("expects each field once, but got '" +
                    (path().empty() ? name : path() + "." + name) + "' twice",
                offset());
  }

  bool onValue() override {
    // What is deeper, or was before, is another object.
    fields.resize(depth());
    fields.emplace_back();
    const bool opens = text[offset()] == '[' || text[offset()] == '{';
    return !opens || depth() < 16 ||
           fail("expects at most 16 levels of nesting, but got more", offset());
  }

  bool fail(const std::string &text, size_t offset) {
    error = text;
    place = placeAt(this->text, offset);
    return false;
  }

  /// A character that does not spoil a line of text.
  static std::string printable(char c) {
    return std::string(1, c < ' ' || c > '~' ? '?' : c);
  }

  std::vector<std::set<std::string>> fields; ///< of each level
};

} // namespace

std::string aimc::runtime::checkSyntax(std::string_view text,
                                       TextPlace &place) {
  SyntaxCheck check(text);
  check.walk();
  place = check.place;
  return check.error;
}
