//===- recording.c - A device that logs its calls -----------------*- C -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A device plug-in that writes a line for each call and gives what device
// `exact` gives, to the bit: something to start from, and a way to see what a
// chip would be asked to do. Its options:
//
//   log=FILE    where the lines go; needed
//   chips=N cores=N rows=N columns=N    what it has; as much as anyone asks for
//   unit=NAME   a digital unit of the target that it runs itself
//
//===----------------------------------------------------------------------===//

#include "arithmetic.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct aimc_plugin_device {
  FILE *log;
  char *log_name;
  char *unit_name; /* null: none is claimed */
  int64_t chips, cores, rows, columns;
  aimc_plugin_unit unit;
  const aimc_plugin_model *model; /* of the runtime, until close */
};

/// Writes the sentence of an error; always 1.
static int fail(aimc_plugin_error *error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(error->text, sizeof error->text, format, arguments);
  va_end(arguments);
  return 1;
}

/// Writes a line, which is in the file when this returns.
static int record(aimc_plugin_device *device, aimc_plugin_error *error,
                  const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int written = vfprintf(device->log, format, arguments);
  va_end(arguments);
  if (written < 0 || fflush(device->log) != 0)
    return fail(error, "cannot write '%s': %s", device->log_name,
                strerror(errno));
  return 0;
}

static char *copy_text(const char *text) {
  char *copy = malloc(strlen(text) + 1);
  return copy ? strcpy(copy, text) : NULL;
}

/// A whole number from 1 to 2^31 - 1.
static int read_number(const aimc_plugin_option *option, int64_t *number,
                       aimc_plugin_error *error) {
  char *end;
  errno = 0;
  const long long value = strtoll(option->value, &end, 10);
  if (errno || end == option->value || *end || value < 1 || value > INT32_MAX)
    return fail(error, "option '%s' expects 1 to %d, but got '%s'", option->key,
                INT32_MAX, option->value);
  *number = value;
  return 0;
}

static int read_option(aimc_plugin_device *device,
                       const aimc_plugin_option *option,
                       aimc_plugin_error *error) {
  const struct {
    const char *key;
    int64_t *value;
  } numbers[] = {{"chips", &device->chips},
                 {"cores", &device->cores},
                 {"rows", &device->rows},
                 {"columns", &device->columns}};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; ++i)
    if (strcmp(option->key, numbers[i].key) == 0)
      return read_number(option, numbers[i].value, error);
  char **text = NULL;
  if (strcmp(option->key, "log") == 0)
    text = &device->log_name;
  else if (strcmp(option->key, "unit") == 0)
    text = &device->unit_name;
  else
    return fail(error,
                "expects options log, chips, cores, rows, columns and unit, "
                "but got '%s'",
                option->key);
  *text = copy_text(option->value);
  return *text ? 0 : fail(error, "expects more memory than there is");
}

static void close_device(aimc_plugin_device *device) {
  if (device->log) {
    fprintf(device->log, "close\n");
    fclose(device->log);
  }
  free(device->log_name);
  free(device->unit_name);
  free(device);
}

static int start(aimc_plugin_device *device, const aimc_plugin_options *options,
                 aimc_plugin_error *error) {
  // Its weights do not age, and a user who asks for that should know.
  if (options->time != 0)
    return fail(error, "expects a time of 0 s, but got %g s", options->time);
  device->chips = device->cores = device->rows = device->columns = INT32_MAX;
  for (size_t i = 0; i < options->option_count; ++i)
    if (read_option(device, &options->options[i], error))
      return 1;
  if (!device->log_name)
    return fail(error, "expects the option log=FILE, but got none");
  device->log = fopen(device->log_name, "w");
  if (!device->log)
    return fail(error, "cannot write '%s': %s", device->log_name,
                strerror(errno));
  return record(device, error,
                "open program-seed=%llu read-seed=%llu mode=%s\n",
                (unsigned long long)options->program_seed,
                (unsigned long long)options->read_seed, options->mode);
}

static int open_device(const aimc_plugin_options *options,
                       aimc_plugin_device **result, aimc_plugin_error *error) {
  aimc_plugin_device *device = calloc(1, sizeof *device);
  if (!device)
    return fail(error, "expects more memory than there is");
  if (start(device, options, error)) {
    close_device(device);
    return 1;
  }
  *result = device;
  return 0;
}

static int describe(aimc_plugin_device *device,
                    aimc_plugin_description *description,
                    aimc_plugin_error *error) {
  (void)error;
  description->chips = device->chips;
  description->cores = device->cores;
  description->rows = device->rows;
  description->columns = device->columns;
  if (device->unit_name) {
    device->unit.name = device->unit_name;
    device->unit.operation_count = known_operation_count;
    device->unit.operations = known_operations;
    description->unit_count = 1;
    description->units = &device->unit;
  }
  return 0;
}

static int verify(aimc_plugin_device *device, const aimc_plugin_model *model,
                  aimc_plugin_error *error) {
  device->model = model;
  return record(device, error, "verify model=%s matrices=%zu programs=%zu\n",
                model->name, model->matrix_count, model->program_count);
}

static int program(aimc_plugin_device *device, size_t index,
                   const aimc_plugin_matrix *matrix, aimc_plugin_error *error) {
  (void)index;
  if (record(device, error,
             "program matrix=%s rows=%lld columns=%lld copies=%lld tiles=%zu\n",
             matrix->name, (long long)matrix->rows, (long long)matrix->columns,
             (long long)matrix->copies, matrix->tile_count))
    return 1;
  for (size_t t = 0; t < matrix->tile_count; ++t) {
    const aimc_plugin_tile *tile = &matrix->tiles[t];
    if (record(device, error,
               "tile matrix=%s from=(%d,%d) size=%dx%d chip=%d core=%d "
               "at=(%d,%d) largest-weight=%.9g\n",
               matrix->name, tile->weight_row, tile->weight_column, tile->rows,
               tile->columns, tile->chip, tile->core, tile->core_row,
               tile->core_column, (double)tile->largest_weight))
      return 1;
  }
  return 0;
}

static int mvm(aimc_plugin_device *device, const aimc_plugin_mvm *call,
               aimc_plugin_error *error) {
  const aimc_plugin_matrix *matrix = &device->model->matrices[call->matrix];
  multiply(matrix, call);
  return record(device, error,
                "mvm matrix=%s site=%lld first=%llu vectors=%zu "
                "input-range=%.9g output-range=%.9g\n",
                matrix->name, (long long)call->site,
                (unsigned long long)call->first_vector, call->vectors,
                (double)call->input_range, (double)call->output_range);
}

static int load_program(aimc_plugin_device *device, size_t index,
                        const aimc_plugin_program *program,
                        aimc_plugin_error *error) {
  (void)index;
  return record(device, error, "load program=%s unit=%s instructions=%zu\n",
                program->name, program->unit, program->instruction_count);
}

static int digital(aimc_plugin_device *device, const aimc_plugin_digital *call,
                   aimc_plugin_error *error) {
  const aimc_plugin_program *program = &device->model->programs[call->program];
  if (run_program(program, call))
    return fail(error, "expects more memory than there is");
  return record(device, error, "digital program=%s first=%llu vectors=%zu\n",
                program->name, (unsigned long long)call->first_vector,
                call->vectors);
}

const aimc_plugin *aimc_device_plugin(uint32_t version) {
  static const aimc_plugin plugin = {.version = AIMC_PLUGIN_VERSION,
                                     .size = sizeof(aimc_plugin),
                                     .name = "recording",
                                     .vendor = "the AIMC project",
                                     .device_version = "1.0",
                                     .open = open_device,
                                     .close = close_device,
                                     .describe = describe,
                                     .verify = verify,
                                     .program = program,
                                     .mvm = mvm,
                                     .load_program = load_program,
                                     .digital = digital};
  return version == AIMC_PLUGIN_VERSION ? &plugin : NULL;
}
