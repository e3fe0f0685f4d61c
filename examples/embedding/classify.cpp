//===- classify.cpp - A C++ program with a model in it --------------------===//
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

#include <iostream>
#include <vector>

int main(int argc, char **argv) {
  const std::vector<float> x = {1, 2, 3, 4, 0, 0, 0, 1};
  const size_t n = x.size() / 4;
  std::vector<float> scores(n * 2);
  try {
    aimc_options options;
    options.device = argc > 1 ? argv[1] : "exact";
    options.program_seed = options.read_seed = 1;
    const classifier_cpp::Model model(options);
    model.run(x.data(), n, scores.data());
  } catch (const std::runtime_error &error) {
    std::cerr << "classify-cpp: error: " << error.what() << "\n";
    return 1;
  }
  std::cout.precision(9);
  for (size_t i = 0; i < n; ++i)
    std::cout << scores[2 * i] << " " << scores[2 * i + 1] << ": class "
              << (scores[2 * i + 1] > scores[2 * i]) << "\n";
  return 0;
}
