//===- Peers.h - The same models in Python ----------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A Python process beside the benchmark that runs NumPy, scikit-learn and
// PyTorch, a round when it is asked for one. Rounds of all take turns so.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_TEST_BENCHMARKS_PROGRAMS_PEERS_H
#define AIMC_TEST_BENCHMARKS_PROGRAMS_PEERS_H

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace aimc::runtime::bench {

class Peers {
public:
  /// Starts `python peers.py folder`, which reads the models' arrays there.
  /// Throws std::runtime_error with one sentence.
  Peers(const std::string &python, const std::string &script,
        const std::string &folder);
  Peers(const Peers &) = delete;
  ~Peers();

  /// The libraries that are there.
  const std::vector<std::string> &names() const { return available; }

  /// Seconds that `calls` calls of `model` by library `name` take together.
  double secondsOf(const std::string &name, const std::string &model,
                   int64_t batch, int64_t calls);

private:
  /// The next line that the process prints, without its end.
  std::string readLine();

  int process = -1;
  std::FILE *to = nullptr, *from = nullptr;
  std::vector<std::string> available;
};

} // namespace aimc::runtime::bench

#endif // AIMC_TEST_BENCHMARKS_PROGRAMS_PEERS_H
