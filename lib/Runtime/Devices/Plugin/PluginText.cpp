//===- PluginText.cpp - Texts of device plug-ins --------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Characters of UTF-8 one after the other, after the table of well-formed byte
// sequences of the Unicode Standard (3.9, table 3-7).
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Plugin/PluginText.h"

#include <cstring>
#include <string_view>

namespace aimc::runtime {

/// Bytes of the character that `text` begins with; 0 if it is not UTF-8.
static size_t lengthOfCharacter(std::string_view text) {
  const auto at = [&](size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const unsigned first = at(0), second = at(1);
  if (first < 0x80)
    return 1;
  const size_t length = first >= 0xC2 && first <= 0xDF   ? 2
                        : first >= 0xE0 && first <= 0xEF ? 3
                        : first >= 0xF0 && first <= 0xF4 ? 4
                                                         : 0;
  for (size_t i = 1; i < length; ++i)
    if ((at(i) & 0xC0) != 0x80)
      return 0;
  // Longer than needed, a half of a pair, beyond the last character.
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
      (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F))
    return 0;
  return length;
}

std::string lineOf(const char *text, size_t most) {
  std::string line;
  for (std::string_view rest(text, strnlen(text, most)); !rest.empty();) {
    const size_t length = lengthOfCharacter(rest);
    if (length == 0)
      line += "\xEF\xBF\xBD";
    else if (length == 1 && (rest[0] < ' ' || rest[0] == '\x7f'))
      line += ' ';
    else
      line += rest.substr(0, length);
    rest.remove_prefix(length ? length : 1);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

} // namespace aimc::runtime
