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

/// Version of this header: of `aimc_options`, and of what the calls do. The
/// layout of other structs never changes.
#define AIMC_INTERFACE_VERSION 1

/// The AIMC_INTERFACE_VERSION that the runtime was compiled with. A program
/// that loads a library by name compares it before it calls anything else.
uint32_t aimc_interface_version(void);

/// In C++ options have their defaults from the start.
#ifdef __cplusplus
#define AIMC_DEFAULT(value) = value
#else
#define AIMC_DEFAULT(value)
#endif

/// What a model is programmed on, in the names of aimc-run's options. But for
/// `version`, zero and null are the defaults. Strings are read by the call that
/// takes the options, and not kept.
typedef struct aimc_options {
  /* The caller's AIMC_INTERFACE_VERSION: another one is an error. */
  uint32_t version AIMC_DEFAULT(AIMC_INTERFACE_VERSION);
  /* 1 to 1024; 0: as many as the machine has. */
  int32_t threads AIMC_DEFAULT(0);
  /* exact, simulator or PATH.so; null: exact. */
  const char *device AIMC_DEFAULT(nullptr);
  /* Keys the programming noise. */
  uint64_t program_seed AIMC_DEFAULT(0);
  /* Keys the noise of each MVM. */
  uint64_t read_seed AIMC_DEFAULT(0);
  /* Seconds since the weights were first used, 0 to 1e12; 0 on exact. */
  double time AIMC_DEFAULT(0);
  /* Of the target's modes; null: the one it names, and always on exact. */
  const char *mode AIMC_DEFAULT(nullptr);
  /* KEY=VALUE each, each key once, and a null pointer after the last, for a
     plug-in; null: none. */
  const char *const *device_option AIMC_DEFAULT(nullptr);
  /* Effects of the simulator's chip to leave out, with commas between them;
     null: none. */
  const char *without AIMC_DEFAULT(nullptr);
  /* auto, scalar, avx2 or avx512; null: auto. */
  const char *engine AIMC_DEFAULT(nullptr);
} aimc_options;

#undef AIMC_DEFAULT

/// The default options, in C too: `aimc_options options = AIMC_OPTIONS_INIT;`.
#ifdef __cplusplus
#define AIMC_OPTIONS_INIT                                                      \
  {                                                                            \
  }
#else
#define AIMC_OPTIONS_INIT {.version = AIMC_INTERFACE_VERSION}
#endif

/// A model programmed on a device. It may be used from several threads; their
/// runs wait for each other.
typedef struct aimc_instance aimc_instance;

/// Most dimensions of an array.
#define AIMC_MAX_RANK 16

/// An argument: FP32 values, row-major and contiguous, with `rank` sizes. They
/// are read during the run and not kept; several arguments may be one array.
typedef struct aimc_argument {
  const float *values;
  int32_t rank;
  int64_t sizes[AIMC_MAX_RANK];
} aimc_argument;

/// A result, row-major and contiguous. One with `values` or sizes is to be an
/// array of just these sizes and is written there; it overlaps neither an
/// argument nor another result. One that is all zero is made by the run, is the
/// caller's, also after the instance is destroyed, and `aimc_free_result` frees
/// it.
typedef struct aimc_result {
  float *values;
  int32_t rank;
  int64_t sizes[AIMC_MAX_RANK];
} aimc_result;

/// Verifies `model` and programs it; null after an error. `model`, which may be
/// null after an error of the function that gave it, must outlive the instance,
/// as must the library that it is of. Null options are the defaults.
aimc_instance *aimc_create(const aimc_model *model,
                           const aimc_options *options);

/// Frees an instance that no call uses; null is none.
void aimc_destroy(aimc_instance *instance);

/// What aimc_run returns after an error of what it was given: null pointers,
/// the sizes and values of arrays, `first_vector`.
#define AIMC_WRONG_CALL 1
/// What it returns after another error: the device failed, or there is too
/// little memory.
#define AIMC_FAILED_RUN 2

/// Runs the entry function: one argument for each input of the model, one
/// result for each output. Values must be finite. `first_vector` is the index
/// of row 0 in the whole data set, 0 to 2^62, which keys the noise of reads:
/// data run in pieces gives the bits that it gives at once. If every argument
/// and result has any number of rows and rows do not depend on each other, they
/// are run in blocks, with memory for one block beside the arrays. Returns 0,
/// or AIMC_WRONG_CALL or AIMC_FAILED_RUN after an error: then there is no
/// result to free, and what given ones hold is not told.
int aimc_run(aimc_instance *instance, uint64_t first_vector,
             const aimc_argument *arguments, aimc_result *results);

/// Frees the values that a run made and makes the result all zero, for another
/// run; does nothing where there are none, or for a null pointer.
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
