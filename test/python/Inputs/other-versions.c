//===- other-versions.c - Libraries of other versions -------------*- C -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A library of a model that is of ABI version ABI, with the runtime of this
// AIMC; or with one whose interface has version INTERFACE, or that has none: in
// either case nothing else of it may be called.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/Model.h"

#include <stdlib.h>

#ifdef ABI
const aimc_model *aimc_library_model(void) {
  static aimc_model model;
  model.abi_version = ABI;
  return &model;
}
#else
const aimc_model *aimc_library_model(void) {
  abort();
  return NULL;
}
aimc_instance *aimc_create(const aimc_model *model,
                           const aimc_options *options) {
  (void)model, (void)options;
  abort();
  return NULL;
}
#ifdef INTERFACE
uint32_t aimc_interface_version(void) { return INTERFACE; }
#endif
#endif
