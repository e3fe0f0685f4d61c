//===- Sizes.cpp - Sizes of arguments and results -------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Products of sizes are checked for overflow, since files and models may hold
// any.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Sizes.h"

#include <optional>

namespace aimc::runtime {

Sizes sizesOf(const aimc_parameter &parameter) {
  if (!parameter.sizes)
    return {parameter.rows, parameter.width};
  return Sizes(parameter.sizes, parameter.sizes + parameter.rank);
}

/// The sizes, with `open` for each that is any.
static std::string join(const Sizes &sizes, const char *open) {
  std::string text;
  for (size_t i = 0; i < sizes.size(); ++i)
    text += (i ? " x " : "") + (sizes[i] < 0 ? open : std::to_string(sizes[i]));
  return text.empty() ? "no sizes" : text;
}

std::string shownSizes(const aimc_parameter &parameter) {
  return join(sizesOf(parameter), parameter.sizes ? "?" : "n");
}

std::string shownSizes(const Sizes &sizes) { return join(sizes, "?"); }

/// The product of all sizes but the last; -1 if one of them is any, nothing if
/// it overflows.
static std::optional<int64_t> countLeading(const Sizes &sizes, size_t count) {
  int64_t product = 1;
  bool isOpen = false;
  for (size_t i = 0; i < count; ++i) {
    isOpen |= sizes[i] < 0;
    if (!isOpen && __builtin_mul_overflow(product, sizes[i], &product))
      return std::nullopt;
  }
  return isOpen ? -1 : product;
}

/// Whether rows of the matrix of `parameter` are along its last size.
static bool hasWidth(const aimc_parameter &parameter) {
  return !parameter.sizes ||
         (parameter.rank > 1 && parameter.sizes[parameter.rank - 1] >= 0);
}

std::string verifyParameter(const aimc_parameter &parameter,
                            const std::string &name) {
  if (parameter.rows < -1 || parameter.width < 1)
    return name +
           " expects a width of at least 1 and rows of at least 0 or -1, but "
           "got " +
           std::to_string(parameter.rows) + " x " +
           std::to_string(parameter.width);
  if (!parameter.sizes)
    return {};
  constexpr int32_t mostSizes = 16;
  if (parameter.rank < 1 || parameter.rank > mostSizes)
    return name + " expects from 1 to " + std::to_string(mostSizes) +
           " sizes, but got " + std::to_string(parameter.rank);
  const Sizes sizes = sizesOf(parameter);
  for (int64_t size : sizes)
    if (size < -1)
      return name + " expects sizes of at least 0 or -1, but got " +
             std::to_string(size);
  const bool isWide = hasWidth(parameter);
  const std::optional<int64_t> rows =
      countLeading(sizes, sizes.size() - (isWide ? 1 : 0));
  const int64_t width = isWide ? sizes.back() : 1;
  if (!rows)
    return name + " expects fewer than 2^63 rows, but got those of " +
           shownSizes(sizes);
  if (*rows != parameter.rows || width != parameter.width)
    return name + " expects a matrix of " + shownSizes(Sizes{*rows, width}) +
           " for the sizes " + shownSizes(sizes) + ", but got " +
           shownSizes(Sizes{parameter.rows, parameter.width});
  return {};
}

std::string checkSizes(const aimc_parameter &parameter, const std::string &name,
                       const Sizes &sizes, int64_t &rows) {
  const Sizes expected = sizesOf(parameter);
  bool fits = sizes.size() == expected.size();
  for (size_t i = 0; fits && i < sizes.size(); ++i)
    fits = sizes[i] >= 0 && (expected[i] < 0 || sizes[i] == expected[i]);
  if (!fits)
    return name + " expects an array of " + shownSizes(parameter) +
           ", but got " + shownSizes(sizes);
  // A width of 0 is refused by verifyParameter.
  const std::optional<int64_t> count =
      countLeading(sizes, sizes.size() - (hasWidth(parameter) ? 1 : 0));
  int64_t values = 0;
  if (!count || __builtin_mul_overflow(*count, parameter.width, &values))
    return name + " expects fewer than 2^63 values, but got " +
           shownSizes(sizes);
  rows = *count;
  return {};
}

} // namespace aimc::runtime
