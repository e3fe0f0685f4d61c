//===- Program.c - A compiled program as others build it ----------*- C -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A model of one product in C: the interface needs no other library's headers
// and no C++.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/Main.h"

#include <stdlib.h>

static const float weights[] = {1, -1, 2, 0.5};
static const aimc_tile tiles[] = {{0, 0, 2, 2, -1, -1, -1, -1}};
static const aimc_matrix matrices[] = {{"w", 2, 2, weights, 1, AIMC_COPIES_AVERAGE, 1, tiles}};
static const aimc_parameter inputs[] = {{"x", -1, 2, 0, NULL}};
static const aimc_parameter outputs[] = {{"y", -1, 2, 0, NULL}};

static void run(void *user, aimc_context *context, const aimc_tensor *in,
                aimc_tensor *out) {
  int64_t rows = in[0].sizes[0];
  (void)user;
  out[0].allocated = out[0].aligned = malloc((size_t)rows * 2 * sizeof(float));
  out[0].offset = 0;
  out[0].sizes[0] = rows;
  out[0].sizes[1] = out[0].strides[0] = 2;
  out[0].strides[1] = 1;
  aimc_mvm(context, 0, 0, 1.0f, 1.0f, aimc_first_vector(context), &in[0],
           &out[0]);
}

int main(int argc, char **argv) {
  aimc_model model = {0};
  model.abi_version = AIMC_ABI_VERSION;
  model.name = "main";
  model.matrix_count = 1;
  model.matrices = matrices;
  model.input_count = 1;
  model.inputs = inputs;
  model.output_count = 1;
  model.outputs = outputs;
  model.run = run;
  return aimc_main(argc, argv, &model);
}
