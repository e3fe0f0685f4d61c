//===- arithmetic.h - What the recording device computes ----------*- C -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Products and digital programs with the bits of device `exact`.
//
//===----------------------------------------------------------------------===//

#ifndef RECORDING_ARITHMETIC_H
#define RECORDING_ARITHMETIC_H

#include <aimc/Runtime/DevicePlugin.h>

/// The product of `call` with `matrix`. A partial sum is an ascending chain of
/// fused multiply-adds over a tile's rows; partial sums are added in the order
/// of the table. Copies of a matrix are all the same, so whatever their rule is
/// the first is enough.
void multiply(const aimc_plugin_matrix *matrix, const aimc_plugin_mvm *call);

/// The instructions that `run_program` knows, and their number.
extern const char *const known_operations[];
extern const size_t known_operation_count;

/// Runs a program of such instructions. An output of a product is the sum of
/// one ascending chain of fused multiply-adds for each 64 rows. Returns 0, or
/// -1 if there is no memory.
int run_program(const aimc_plugin_program *program,
                const aimc_plugin_digital *call);

#endif // RECORDING_ARITHMETIC_H
