//===- JsonWalker.h - Fields of a JSON text and their places ----*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Goes through a text with the JSON library and knows, unlike its tree of
// values, where each field stands.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_RUNTIME_TARGET_JSONWALKER_H
#define AIMC_LIB_RUNTIME_TARGET_JSONWALKER_H

#include "aimc/Runtime/TextPlace.h"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace aimc::runtime {

/// The place of the character at `offset`.
TextPlace placeAt(std::string_view text, size_t offset);

/// Goes through a text; functions that return false end it.
class JsonWalker : public nlohmann::json_sax<nlohmann::json> {
public:
  explicit JsonWalker(std::string_view text) : text(text) {}

  void walk();

  bool null() override { return value(); }
  bool boolean(bool) override { return value(); }
  bool number_integer(number_integer_t) override { return number(); }
  bool number_unsigned(number_unsigned_t) override { return number(); }
  bool number_float(number_float_t, const string_t &) override {
    return number();
  }
  bool string(string_t &) override { return value(); }
  bool binary(binary_t &) override { return value(); }
  bool start_object(size_t) override { return start(/*isArray=*/false); }
  bool end_object() override { return end(); }
  bool start_array(size_t) override { return start(/*isArray=*/true); }
  bool end_array() override { return end(); }
  bool key(string_t &name) override;

protected:
  /// The name of a field of the innermost object, whose path is `path()`.
  virtual bool onKey(const std::string &) { return true; }
  /// A value, before what is in it; `path()` is its own.
  virtual bool onValue() { return true; }
  virtual bool onEnd() { return true; }

  /// Say "modes[0].mvm_time", as messages name fields.
  const std::string &path() const { return names; }
  /// Arrays and objects around the key or value of the call.
  size_t depth() const { return levels.size(); }
  /// Where that key or value begins.
  size_t offset() const { return tokenStart; }

  const std::string_view text;

private:
  /// An array or object.
  struct Level {
    bool isArray;
    size_t length; ///< of its path
    size_t count;  ///< elements so far
  };

  void findToken(size_t end);
  void nameElement();
  bool value();
  bool number();
  bool start(bool isArray);
  bool end();

  std::vector<Level> levels;
  std::string names;
  size_t consumed = 0;   ///< characters that the library has read
  size_t tokenStart = 0; ///< of the token of the call
  size_t tokenEnd = 0;   ///< of the one before it
};

/// Where the value of a field stands in a proper text, or its name; the start
/// of the text if there is no such field.
TextPlace findField(std::string_view text, std::string_view path,
                    bool ofName = false);

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_TARGET_JSONWALKER_H
