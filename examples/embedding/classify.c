//===- classify.c - A C program with a model in it ------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints the class of two vectors on the device that its argument names.
//
//===----------------------------------------------------------------------===//

#include "model.h"

#include <stdio.h>

int main(int argc, char **argv) {
  const float x[] = {1, 2, 3, 4, 0, 0, 0, 1};
  float scores[4];
  aimc_options options = AIMC_OPTIONS_INIT;
  options.device = argc > 1 ? argv[1] : "exact";
  options.program_seed = options.read_seed = 1;
  aimc_instance *instance = classifier_create(&options);
  if (!instance || classifier_predict(instance, x, 2, scores, 0) != 0) {
    fprintf(stderr, "classify-c: error: %s\n", aimc_last_error());
    aimc_destroy(instance);
    return 1;
  }
  for (int i = 0; i < 2; ++i)
    printf("%.9g %.9g: class %d\n", scores[2 * i], scores[2 * i + 1],
           scores[2 * i + 1] > scores[2 * i]);
  aimc_destroy(instance);
  return 0;
}
