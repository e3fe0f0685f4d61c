//===- Engine.cpp - Choice of an engine at run time -----------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Asks the processor what it has.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/Engine.h"

namespace aimc::runtime {

extern const Engine engineScalar;
#ifdef AIMC_RUNTIME_X86
extern const Engine engineAvx2, engineAvx512;
#endif

std::vector<const Engine *> availableEngines() {
  std::vector<const Engine *> engines = {&engineScalar};
#ifdef AIMC_RUNTIME_X86
  const bool hasAvx2 =
      __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (hasAvx2)
    engines.push_back(&engineAvx2);
  if (hasAvx2 && __builtin_cpu_supports("avx512f") &&
      __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw"))
    engines.push_back(&engineAvx512);
#endif
  return engines;
}

const Engine *findEngine(std::string_view name, std::string &error) {
  const std::vector<const Engine *> engines = availableEngines();
  if (name == "auto")
    return engines.back();
  for (const Engine *engine : engines)
    if (name == engine->name)
      return engine;
  const bool known = name == "avx2" || name == "avx512";
  error = "expects engine 'auto', 'scalar', 'avx2' or 'avx512', but got '" +
          std::string(name) + "'";
  if (known) {
    error = "expects an engine that this machine can run ('auto'";
    for (const Engine *engine : engines)
      error += std::string(", '") + engine->name + "'";
    error += "), but got '" + std::string(name) + "'";
  }
  return nullptr;
}

} // namespace aimc::runtime
