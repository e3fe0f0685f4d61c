//===- arithmetic.c - What the recording device computes ----------*- C -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One vector and one value after the other: it is to be read, not to be fast.
//
//===----------------------------------------------------------------------===//

#include "arithmetic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/// Element `column` of input x weights, over rows first .. first + count - 1.
static float chain(const aimc_plugin_matrix *matrix, const float *input,
                   int64_t first, int64_t count, int64_t column) {
  float sum = 0;
  for (int64_t row = first; row < first + count; ++row)
    sum =
        fmaf(input[row], matrix->weights[row * matrix->columns + column], sum);
  return sum;
}

/// The same over all rows: chains of 64 rows, added in ascending order.
static float sum_of_chains(const aimc_plugin_matrix *matrix, const float *input,
                           int64_t column) {
  enum { chain_rows = 64 };
  float sum = 0;
  for (int64_t first = 0; first < matrix->rows; first += chain_rows) {
    const int64_t rest = matrix->rows - first;
    const float partial = chain(matrix, input, first,
                                rest < chain_rows ? rest : chain_rows, column);
    sum = first == 0 ? partial : sum + partial;
  }
  return sum;
}

void multiply(const aimc_plugin_matrix *matrix, const aimc_plugin_mvm *call) {
  const size_t tiles = matrix->tile_count / (size_t)matrix->copies;
  for (size_t n = 0; n < call->vectors; ++n) {
    const float *input = call->input + n * call->input_stride;
    float *output = call->output + n * call->output_stride;
    for (size_t t = 0; t < tiles; ++t) {
      const aimc_plugin_tile *tile = &matrix->tiles[t];
      for (int64_t column = tile->weight_column;
           column < tile->weight_column + tile->columns; ++column) {
        const float partial =
            chain(matrix, input, tile->weight_row, tile->rows, column);
        // Tiles of the first rows come first in the table.
        output[column] =
            tile->weight_row == 0 ? partial : output[column] + partial;
      }
    }
  }
}

const char *const known_operations[] = {"negate",   "add",    "subtract",
                                        "multiply", "divide", "product"};
const size_t known_operation_count =
    sizeof known_operations / sizeof *known_operations;

/// A value of a program for one row.
typedef struct row {
  const float *data;
  int64_t width;
} row;

/// A value of width 1 stands for a row of equal ones.
static float element(row from, int64_t index) {
  return from.data[from.width == 1 ? 0 : index];
}

static void execute(const aimc_plugin_instruction *instruction,
                    const row *values, float *to, int64_t width) {
  const char *name = instruction->operation;
  const row a = values[instruction->operands[0]];
  const int is_binary = instruction->operands[1] >= 0;
  const row b = is_binary ? values[instruction->operands[1]] : a;
  for (int64_t i = 0; i < width; ++i) {
    if (instruction->matrix)
      to[i] = sum_of_chains(instruction->matrix, a.data, i);
    else if (strcmp(name, "negate") == 0)
      to[i] = -element(a, i);
    else if (strcmp(name, "add") == 0)
      to[i] = element(a, i) + element(b, i);
    else if (strcmp(name, "subtract") == 0)
      to[i] = element(a, i) - element(b, i);
    else if (strcmp(name, "multiply") == 0)
      to[i] = element(a, i) * element(b, i);
    else
      to[i] = element(a, i) / element(b, i);
  }
}

int run_program(const aimc_plugin_program *program,
                const aimc_plugin_digital *call) {
  const size_t given = program->input_count + program->constant_count;
  const size_t count = given + program->instruction_count;
  size_t elements = 1;
  for (size_t i = given; i < count; ++i)
    elements += (size_t)program->widths[i];
  row *values = malloc((count + 1) * sizeof *values);
  float *results = malloc(elements * sizeof *results);
  if (!values || !results) {
    free(values);
    free(results);
    return -1;
  }
  for (size_t n = 0; n < call->vectors; ++n) {
    float *next = results;
    for (size_t i = 0; i < count; ++i) {
      values[i].width = program->widths[i];
      if (i < program->input_count) {
        values[i].data = call->inputs[i].data + n * call->inputs[i].stride;
      } else if (i < given) {
        values[i].data = program->constants[i - program->input_count];
      } else {
        execute(&program->instructions[i - given], values, next,
                program->widths[i]);
        values[i].data = next;
        next += program->widths[i];
      }
    }
    for (size_t i = 0; i < program->output_count; ++i) {
      const row from = values[program->outputs[i]];
      memcpy(call->outputs[i].data + n * call->outputs[i].stride, from.data,
             (size_t)from.width * sizeof(float));
    }
  }
  free(values);
  free(results);
  return 0;
}
