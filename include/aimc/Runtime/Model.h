//===- Model.h - Running a compiled model from C ------------------*- C -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What programs of C and other languages run a compiled model with: program it
// on a device once, run it on arrays in memory, ask what went wrong. Emitted
// projects wrap these calls for their model, `aimc.load` of Python makes them.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_MODEL_H
#define AIMC_RUNTIME_MODEL_H

#include "aimc/Runtime/ABI.h"

#ifdef __cplusplus
extern "C" {
#endif

/// What a model is programmed on. All zero gives the defaults.
typedef struct aimc_options {
  const char *device;    /* as --device of aimc-run; null: exact */
  uint64_t program_seed; /* keys the programming noise */
  uint64_t read_seed;    /* keys the noise of each MVM */
  double time;           /* seconds since the weights were first used, >= 0;
                            0 on exact */
  int32_t threads;       /* 0: as many as the machine has */
  const char *mode;      /* of the target's modes; null: the one it names,
                            and always on exact */
} aimc_options;

/// A model programmed on a device. It may be used from several threads; their
/// runs wait for each other.
typedef struct aimc_instance aimc_instance;

/// Most dimensions of an array.
#define AIMC_MAX_RANK 16

/// An argument: FP32 values, row-major and contiguous, with `rank` sizes.
typedef struct aimc_argument {
  const float *values;
  int32_t rank;
  int64_t sizes[AIMC_MAX_RANK];
} aimc_argument;

/// A result, row-major and contiguous. One with `values` or sizes is to be an
/// array of just these sizes and is written there. One that is all zero is made
/// by the run, and `aimc_free_result` frees it.
typedef struct aimc_result {
  float *values;
  int32_t rank;
  int64_t sizes[AIMC_MAX_RANK];
} aimc_result;

/// Verifies `model` and programs it; null after an error. `model`, which may be
/// null after an error of the function that gave it, must outlive the instance.
aimc_instance *aimc_create(const aimc_model *model,
                           const aimc_options *options);

/// Frees an instance that no call uses; null is none.
void aimc_destroy(aimc_instance *instance);

/// Runs the entry function: one argument for each input of the model, one
/// result for each output. Values must be finite. `first_vector` is the index
/// of row 0 in the whole data set, which keys the noise of reads: data run in
/// pieces gives the bits that it gives at once. If every argument and result
/// has any number of rows and rows do not depend on each other, they are run in
/// blocks, with memory for one block beside the arrays. Returns 0, or 1 after
/// an error, with no result to free.
int aimc_run(aimc_instance *instance, uint64_t first_vector,
             const aimc_argument *arguments, aimc_result *results);

/// Frees the values that a run made; does nothing where there are none, or for
/// a null pointer.
void aimc_free_result(aimc_result *result);

/// The model of an instance as JSON, for as long as the instance lives:
/// `name`, `target` (a name, or null), and `inputs` and `outputs`, each with
/// `name` and `sizes` (-1: any). Bytes of names that are not UTF-8 become
/// U+FFFD. Null after an error: for a null pointer.
const char *aimc_describe(const aimc_instance *instance);

/// One sentence on the error of this thread's last call that creates, describes
/// or runs, without a full stop; empty when there was none. It is valid until
/// the next such call of the thread.
const char *aimc_last_error(void);

/// The model of a shared library of `aimcc --emit=library`: defined there.
const aimc_model *aimc_library_model(void);

#ifdef __cplusplus
}
#endif

#endif // AIMC_RUNTIME_MODEL_H
