//===- ABI.h - C interface between models and the runtime -------*- C -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a compiled model is (matrices, row programs, an entry function) and the
// calls it makes. aimc-run builds an `aimc_model` in memory, an emitted C++
// program holds one as constants; both run through the same runtime, so their
// bits agree. The calls themselves are generated from RuntimeTable.json.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_ABI_H
#define AIMC_RUNTIME_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// State of one model on one device: programmed matrices, seeds, first error.
typedef struct aimc_context aimc_context;

/// A strided matrix of FP32 values, n rows by `sizes[1]` columns. The layout is
/// MLIR's rank-2 memref descriptor: element (i, j) is at
/// `aligned[offset + i * strides[0] + j * strides[1]]`; `allocated` is what
/// free() takes, if the tensor owns its values. Calls of the runtime never keep
/// or free a tensor.
typedef struct aimc_tensor {
  float *allocated;
  float *aligned;
  int64_t offset;
  int64_t sizes[2];
  int64_t strides[2];
} aimc_tensor;

/// A rectangle of a matrix on a crossbar: rows [weight_row, weight_row + rows)
/// and columns [weight_column, weight_column + columns) of the matrix stand at
/// (core_row, core_column) of a core. `chip`, `core`, `core_row` and
/// `core_column` are -1 as long as the tile is not placed.
typedef struct aimc_tile {
  int32_t weight_row, weight_column, rows, columns;
  int32_t chip, core, core_row, core_column;
} aimc_tile;

/// What several copies of a matrix are for: a product is the mean of what all
/// of them give, or vector v goes to copy v mod copies alone, v being its index
/// in the whole data set, as `firstVector` of a call tells it.
typedef enum aimc_copy_rule {
  AIMC_COPIES_AVERAGE = 0,
  AIMC_COPIES_SHARE = 1
} aimc_copy_rule;

/// A constant matrix, rows are inputs and columns outputs, row-major and
/// contiguous. `tiles` (ordered by weight_row, then weight_column) cover it
/// exactly once; a matrix without tiles is held in digital memory and used by
/// `product` instructions and `load` calls alone. With `copies` above 1 the
/// table holds that many, one after the other and cut alike, used by
/// `copy_rule`. The caller keeps `weights` alive.
typedef struct aimc_matrix {
  const char *name;
  int64_t rows, columns;
  const float *weights;
  int64_t copies;     /* at least 1; 1 in digital memory */
  int32_t copy_rule;  /* aimc_copy_rule */
  int64_t tile_count; /* of all copies */
  const aimc_tile *tiles;
} aimc_matrix;

/// One instruction of a row program on values (registers), each a row vector
/// of its own width. `operands` are value numbers; those that an opcode does
/// not have are -1. A value of width 1 is broadcast against a wider one.
/// `matrix` is the matrix of a `product`, else -1.
typedef struct aimc_instruction {
  int32_t opcode; /* aimc_opcode */
  int32_t result;
  int32_t operands[3];
  int32_t matrix;
} aimc_instruction;

/// A straight-line program in static single assignment form, run on each row.
/// Values are numbered: first the inputs, then the constants, then one per
/// instruction, in order; `widths` has their lengths. `constants[i]` is the
/// row of value `input_count + i`. `outputs` are value numbers.
typedef struct aimc_program {
  const char *name;
  const char *unit; /* digital unit of the target it was assigned to */
  int32_t input_count;
  int32_t constant_count;
  const float *const *constants;
  int32_t instruction_count;
  const aimc_instruction *instructions;
  const int32_t *widths;
  int32_t output_count;
  const int32_t *outputs;
} aimc_program;

/// An argument or result of the entry function: n x `width` values of FP32;
/// `rows` is the fixed number of rows, or -1 when it is any.
///
/// A user may give or get the same values as an array of another rank: `sizes`
/// then has its `rank` sizes, each -1 when it is any, in row-major order. If
/// there are several and the last is fixed, it is the width, and the rows are
/// the product of the others; else the width is 1. `sizes` is null for a
/// matrix.
typedef struct aimc_parameter {
  const char *name;
  int64_t rows;
  int64_t width;
  int32_t rank;
  const int64_t *sizes;
} aimc_parameter;

/// A compiled model.
typedef struct aimc_model {
  int32_t abi_version; /* AIMC_ABI_VERSION */
  const char *name;    /* of the entry function */
  const char *target;  /* target description as JSON; NULL: none set */
  int64_t matrix_count;
  const aimc_matrix *matrices;
  int64_t program_count;
  const aimc_program *programs;
  int64_t input_count;
  const aimc_parameter *inputs;
  int64_t output_count;
  const aimc_parameter *outputs;
  /// Whether a row of a result depends on other rows of the arguments than the
  /// one in its place. Such a model is run on all rows at once.
  int32_t joins_rows;
  /// Computes `outputs` (allocated by the callee, freed by the caller with
  /// free(allocated), once if several share an allocation) from `inputs`, whose
  /// memory they do not share. Errors are kept in the context.
  void (*run)(void *user, aimc_context *context, const aimc_tensor *inputs,
              aimc_tensor *outputs);
  void *user; /* first argument of `run` */
} aimc_model;

#include "aimc/Runtime/Calls.h.inc"

/// Memory for a buffer of `run`, `rows` x `columns` values at a multiple of 64
/// bytes, or null when there is none, or no memory can have that many, which
/// the calls that take the buffer report. It is
/// given back by aimc_release, or is an output, which the caller of `run`
/// frees. The context keeps what is given back for the next buffers.
void *aimc_allocate(aimc_context *context, int64_t rows, int64_t columns);

/// Gives back memory of aimc_allocate.
void aimc_release(aimc_context *context, void *memory);

#ifdef __cplusplus
}
#endif

#endif // AIMC_RUNTIME_ABI_H
