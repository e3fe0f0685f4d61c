//===- Outputs.h - Results that are saved -----------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The files of a run's results, which appear together at its end.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_RUNTIME_RUNNER_OUTPUTS_H
#define AIMC_LIB_RUNTIME_RUNNER_OUTPUTS_H

#include "aimc/Runtime/ABI.h"
#include "aimc/Runtime/Files.h"

#include <memory>
#include <string>
#include <vector>

namespace aimc::runtime {

/// The first results of a model, each in a file `y.npy` or as the array `name`
/// of an archive `y.npz:name`; an archive may hold several.
class Outputs {
public:
  /// Creates all files; see OutputFile::create.
  bool open(const aimc_model &model, const std::vector<std::string> &names,
            std::string &error);

  /// How many results are saved.
  int64_t count() const { return int64_t(writers.size()); }
  NpyWriter &operator[](int64_t i) { return *writers[i]; }

  /// Gives all files their names.
  bool commit(std::string &error);

private:
  struct Archive {
    std::string path;
    std::unique_ptr<NpzWriter> writer;
  };
  /// The archive at `path`, created when it is not there; null after an error.
  NpzWriter *getArchive(const std::string &path, std::string &error);

  std::vector<std::unique_ptr<NpyWriter>> files;
  std::vector<Archive> archives;
  std::vector<NpyWriter *> writers; ///< in the order of the results
};

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_RUNNER_OUTPUTS_H
