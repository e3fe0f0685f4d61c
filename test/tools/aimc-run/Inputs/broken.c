//===- broken.c - Plug-ins that do something wrong ----------------*- C -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A device that would give zeros, but for what macros make of it: constants
// that replace those of a good plug-in, and a statement for each function. It
// says on standard error what it was asked to do.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/DevicePlugin.h"

#include <stdio.h>
#include <string.h>

#ifndef VERSION
#define VERSION AIMC_PLUGIN_VERSION
#endif
#ifndef SIZE
#define SIZE sizeof(aimc_plugin)
#endif
#ifndef NAME
#define NAME "broken"
#endif
#ifndef VENDOR
#define VENDOR "a test"
#endif
#ifndef CHIPS
#define CHIPS 1
#endif
#ifndef CORES
#define CORES 64
#endif
#ifndef ROWS
#define ROWS 256
#endif
#ifndef COLUMNS
#define COLUMNS 256
#endif
#ifndef UNITS
#define UNITS 0
#endif
#ifndef UNIT_TABLE
#define UNIT_TABLE units
#endif
#ifndef UNIT_NAMES
#define UNIT_NAMES "local", "global"
#endif
#ifndef OPERATIONS
#define OPERATIONS "add"
#endif
#ifndef OPERATION_COUNT
#define OPERATION_COUNT 1
#endif
#ifndef GET
#define GET
#endif
#ifndef OPEN
#define OPEN
#endif
#ifndef DESCRIBE
#define DESCRIBE
#endif
#ifndef VERIFY
#define VERIFY
#endif
#ifndef PROGRAM
#define PROGRAM
#endif
#ifndef LOAD
#define LOAD
#endif
#ifndef MVM
#define MVM
#endif
#ifndef DIGITAL
#define DIGITAL
#endif
#ifndef SYNCHRONISE
#define SYNCHRONISE
#endif
#ifndef CLOSE
#define CLOSE
#endif
#ifndef MVM_FUNCTION
#define MVM_FUNCTION mvm
#endif
#ifndef LOAD_FUNCTION
#define LOAD_FUNCTION load_program
#endif
#ifndef DIGITAL_FUNCTION
#define DIGITAL_FUNCTION digital
#endif
#ifndef THE_ENTRY
#define THE_ENTRY aimc_device_plugin
#endif

/// Ends a function with an error.
#define FAIL(message)                                                          \
  {                                                                            \
    strncpy(error->text, message, sizeof error->text);                         \
    return 3;                                                                  \
  }

struct aimc_plugin_device {
  size_t columns[8]; /* of matrices */
  int mvms;
};

static aimc_plugin_device the_device;

static int open_device(const aimc_plugin_options *options,
                       aimc_plugin_device **device, aimc_plugin_error *error) {
  (void)options, (void)error;
  fprintf(stderr, "open\n");
  *device = &the_device;
  OPEN;
  return 0;
}

static void close_device(aimc_plugin_device *device) {
  (void)device;
  fprintf(stderr, "close\n");
  CLOSE;
}

static int describe(aimc_plugin_device *device,
                    aimc_plugin_description *description,
                    aimc_plugin_error *error) {
  static const char *const names[] = {UNIT_NAMES};
  static const char *const operations[] = {OPERATIONS};
  static aimc_plugin_unit units[2];
  (void)device, (void)error;
  for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
    units[i].name = names[i];
    units[i].operation_count = OPERATION_COUNT;
    units[i].operations = operations;
  }
  description->chips = CHIPS;
  description->cores = CORES;
  description->rows = ROWS;
  description->columns = COLUMNS;
  description->unit_count = UNITS;
  description->units = UNIT_TABLE;
  DESCRIBE;
  return 0;
}

static int verify(aimc_plugin_device *device, const aimc_plugin_model *model,
                  aimc_plugin_error *error) {
  (void)device, (void)model, (void)error;
  fprintf(stderr, "verify\n");
  VERIFY;
  return 0;
}

static int program(aimc_plugin_device *device, size_t index,
                   const aimc_plugin_matrix *matrix, aimc_plugin_error *error) {
  (void)error;
  fprintf(stderr, "program\n");
  device->columns[index] = (size_t)matrix->columns;
  PROGRAM;
  return 0;
}

static int mvm(aimc_plugin_device *device, const aimc_plugin_mvm *call,
               aimc_plugin_error *error) {
  (void)error;
  fprintf(stderr, "mvm %d\n", device->mvms++);
  for (size_t n = 0; n < call->vectors; ++n)
    for (size_t c = 0; c < device->columns[call->matrix]; ++c)
      call->output[n * call->output_stride + c] = 0;
  MVM;
  return 0;
}

static int load_program(aimc_plugin_device *device, size_t index,
                        const aimc_plugin_program *own,
                        aimc_plugin_error *error) {
  (void)device, (void)index, (void)own, (void)error;
  fprintf(stderr, "load\n");
  LOAD;
  return 0;
}

static int digital(aimc_plugin_device *device, const aimc_plugin_digital *call,
                   aimc_plugin_error *error) {
  (void)device, (void)call, (void)error;
  fprintf(stderr, "digital\n");
  DIGITAL;
  return 0;
}

static int synchronise(aimc_plugin_device *device, aimc_plugin_error *error) {
  (void)device, (void)error;
  SYNCHRONISE;
  return 0;
}

const aimc_plugin *THE_ENTRY(uint32_t version) {
  static const aimc_plugin plugin = {
      VERSION,          SIZE,         NAME,
      VENDOR,           "0",          open_device,
      close_device,     describe,     verify,
      program,          MVM_FUNCTION, LOAD_FUNCTION,
      DIGITAL_FUNCTION, synchronise};
  (void)version;
  GET;
  return &plugin;
}
