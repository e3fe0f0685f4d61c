//===- Sizes.h - Sizes of arguments and results -----------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Users give and get arrays of any rank; models take and make matrices. Here is
// what the one has to do with the other.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_DEVICES_SIZES_H
#define AIMC_RUNTIME_DEVICES_SIZES_H

#include "aimc/Runtime/ABI.h"
#include "aimc/Runtime/Context.h"

#include <string>

namespace aimc::runtime {

/// The sizes of a parameter as its user sees it, -1 where any.
Sizes sizesOf(const aimc_parameter &parameter);

/// "n x 64" for a matrix of any number of rows, "? x ? x 64" for an array.
std::string shownSizes(const aimc_parameter &parameter);
/// "2 x 3 x 64"; "no sizes" for a single value.
std::string shownSizes(const Sizes &sizes);

/// One sentence if `parameter`, named by `name`, has no valid sizes, or
/// nothing.
std::string verifyParameter(const aimc_parameter &parameter,
                            const std::string &name);

/// One sentence if an array of these sizes, named by `name`, cannot be the
/// values of `parameter`, or nothing; `rows` receives those of its matrix.
std::string checkSizes(const aimc_parameter &parameter, const std::string &name,
                       const Sizes &sizes, int64_t &rows);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_DEVICES_SIZES_H
