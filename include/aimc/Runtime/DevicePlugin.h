//===- DevicePlugin.h - What a device plug-in exports -------------*- C -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plug-in is a shared library through which `--device ./chip.so` runs models
// on a chip. It exports one function, `aimc_device_plugin`, which gives a table
// of functions. This header is all that a plug-in needs: C99 (and C++), without
// other headers of AIMC and without its library. docs/Plugins.md goes through
// the life of a device, call by call.
//
// What holds for all of it:
//
//  - Order. open, describe, verify, program (each matrix), load_program (each
//    program of a claimed unit), then any number of mvm and digital, and close,
//    which comes after every open that went well, also after an error. After
//    the first error of a device nothing but close is called.
//  - Threads. At most one call at a time on a device. Calls may come from
//    another thread than the one that opened it. Several devices of a plug-in
//    may be open and called at once, and `aimc_device_plugin` and open must
//    bear it. What a plug-in does on threads of its own is up to it.
//  - Errors. A function that returns int returns 0, or anything else after it
//    wrote a sentence into the `aimc_plugin_error`. The user sees
//    `aimc-run: error: device 'NAME': SENTENCE`.
//  - Exceptions must not leave a plug-in. One that does anyway is reported like
//    an error. A crash ends the process, which is the tool's.
//  - Ownership. What the runtime passes it owns; what the plug-in returns it
//    owns. Texts are zero-terminated. Models, their weights, tables and texts,
//    last from verify to close, so that a plug-in may keep pointers to them;
//    options last during open, and the arrays of mvm and digital until that
//    call has returned and `synchronise`, if there is one, after it.
//  - Numbers. FP32 in the machine's byte order, aligned as float, no more.
//    Matrices are row-major. Rows of a batch are `stride` elements apart, with
//    neighbouring columns. Any FP32 value may come as an input, also NaN.
//  - Standard output is for results: a plug-in writes nothing to it.
//  - Floating point. A call finds rounding to the nearest and subnormal numbers
//    kept, and leaves them so.
//  - Results must not depend on how a data set is cut into calls, nor on the
//    order of calls, unless the chip's nature makes them: `first_vector` and
//    `site` name each vector. See docs/Numerics.md.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_DEVICEPLUGIN_H
#define AIMC_RUNTIME_DEVICEPLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Version of what this header describes, apart from that of the models' ABI.
/// It grows when a plug-in has to be compiled anew. Other changes add members
/// at the end of the structs that begin with their `size`: a member beyond that
/// is not read, and stands for 0.
#define AIMC_PLUGIN_VERSION 1

/// Name of the function that a plug-in exports.
#define AIMC_PLUGIN_ENTRY "aimc_device_plugin"

/// Where a sentence goes when something cannot be done: UTF-8, one line, in
/// lower case and without a full stop, better "expects 0 to 8 V, but got 9 V"
/// than "error 14". It is empty when a function is called.
typedef struct aimc_plugin_error {
  char text[1024];
} aimc_plugin_error;

/// An open device; a plug-in defines the struct.
typedef struct aimc_plugin_device aimc_plugin_device;

/// One `--device-option KEY=VALUE`.
typedef struct aimc_plugin_option {
  const char *key;   /* not empty, no two the same */
  const char *value; /* may be empty */
} aimc_plugin_option;

/// What a device is opened with. A plug-in that cannot do what an option says,
/// say age by `time` seconds, or that does not know a key, refuses.
typedef struct aimc_plugin_options {
  uint32_t size;    /* of this struct, bytes */
  uint32_t threads; /* of the user, at least 1: a hint for own threads */
  /// Seeds of noise that the plug-in draws itself, if it does: that of
  /// programming, and that of reading. A chip has no use for them.
  uint64_t program_seed, read_seed;
  double time;        /* s since the target's reference time after programming,
                         at least 0, finite */
  const char *target; /* the model's target as JSON, see docs/Targets.md */
  const char *mode;   /* operating mode of the target to run in */
  size_t option_count;
  const aimc_plugin_option *options; /* in the order of the command line */
} aimc_plugin_options;

/// A digital unit whose programs the device runs itself.
typedef struct aimc_plugin_unit {
  const char *name; /* as in the target, say "global" */
  /// Instructions that it can do, as in the target and in docs/Targets.md, say
  /// "add". Names that the runtime does not know are of no effect.
  size_t operation_count;
  const char *const *operations;
} aimc_plugin_unit;

/// What an open device has. All numbers from 1 to 2^31 - 1.
typedef struct aimc_plugin_description {
  uint32_t size; /* set by the caller; write nothing beyond */
  int64_t chips;
  int64_t cores;         /* of a chip */
  int64_t rows, columns; /* of a core's array that tiles may use */
  /// Units that it runs, each once; all other digital work is done by the
  /// runtime, in FP32. The plug-in owns them until close.
  size_t unit_count;
  const aimc_plugin_unit *units;
} aimc_plugin_description;

/// A rectangle of a matrix on a core: rows [weight_row, weight_row + rows) and
/// columns [weight_column, weight_column + columns) of the matrix stand at
/// (core_row, core_column) of core `core` of chip `chip`, all counted from 0.
/// It is inside of what the device described, and overlaps no other tile.
typedef struct aimc_plugin_tile {
  int32_t weight_row, weight_column, rows, columns;
  int32_t chip, core, core_row, core_column;
  float largest_weight; /* magnitude, at least 0: 1 in units of output_range */
} aimc_plugin_tile;

/// What several copies of a matrix are for: a product is the mean of what all
/// of them give, or vector v goes to copy v mod copies alone, v being its index
/// in the whole data set. A plug-in refuses a rule that it does not know.
typedef enum aimc_plugin_copy_rule {
  AIMC_PLUGIN_COPIES_AVERAGE = 0,
  AIMC_PLUGIN_COPIES_SHARE = 1
} aimc_plugin_copy_rule;

/// A matrix, rows are inputs and columns outputs: `weights` has rows x columns
/// finite values, row-major. `tiles` (ordered by weight_row, then by
/// weight_column) cover it exactly once, and `copies` times if that is more
/// than 1: one copy after the other, all cut alike, used by `copy_rule`. One
/// without tiles is held in digital memory, for "product" instructions alone.
typedef struct aimc_plugin_matrix {
  const char *name;
  int64_t rows, columns;
  const float *weights;
  int64_t copies;    /* at least 1 */
  int32_t copy_rule; /* aimc_plugin_copy_rule */
  size_t tile_count; /* of all copies */
  const aimc_plugin_tile *tiles;
} aimc_plugin_matrix;

/// One instruction of a program. A value of width 1 stands for a row of equal
/// values where another operand is wider.
typedef struct aimc_plugin_instruction {
  const char *operation; /* as in the target, say "add" */
  int32_t result;        /* value number */
  int32_t operands[3];   /* value numbers; -1: the operation has no such one */
  const aimc_plugin_matrix *matrix; /* of a "product", else null */
} aimc_plugin_instruction;

/// A straight-line program that is run on each row of a batch. Values are rows
/// of `widths[number]` elements; they are numbered: first the inputs, then the
/// constants, then the result of each instruction, in order.
typedef struct aimc_plugin_program {
  const char *name;
  const char *unit; /* one that the device claimed */
  size_t input_count;
  size_t constant_count;
  const float *const *constants; /* rows; value input_count + i */
  size_t instruction_count;
  const aimc_plugin_instruction *instructions;
  const int32_t *widths; /* of all values */
  size_t output_count;
  const int32_t *outputs; /* value numbers */
} aimc_plugin_program;

/// All that will be programmed and loaded. Entries of `matrices` without tiles
/// will not be programmed.
typedef struct aimc_plugin_model {
  uint32_t size;    /* of this struct, bytes */
  const char *name; /* of the entry function */
  size_t matrix_count;
  const aimc_plugin_matrix *matrices;
  size_t program_count; /* of claimed units */
  const aimc_plugin_program *programs;
} aimc_plugin_model;

/// A product of a batch with a programmed matrix: for each vector n and column
/// c, `output[n * output_stride + c] = sum over the tiles that hold column c,
/// in table order, of the tile's partial sum`. Of several copies, see
/// aimc_plugin_copy_rule.
///
/// A partial sum is of input x weight over the rows of the tile. A chip drives
/// its word lines with input / input_range, beyond +-1 at full scale, and its
/// ADC is at full scale where the sum of (input / input_range) x (weight /
/// largest_weight) is output_range.
typedef struct aimc_plugin_mvm {
  uint32_t size;     /* of this struct, bytes */
  size_t matrix;     /* index in the model's matrices */
  int64_t site;      /* which use of the matrix in the model, at least 0 */
  float input_range; /* in units of the inputs, > 0; +inf: not calibrated */
  float output_range;
  uint64_t first_vector; /* index of row 0 in the whole data set */
  size_t vectors;        /* n, at least 1 */
  const float *input;    /* n x rows */
  size_t input_stride;   /* elements, at least rows */
  float *output;         /* n x columns; apart from the input */
  size_t output_stride;  /* elements, at least columns */
} aimc_plugin_mvm;

/// Rows of one value of a program.
typedef struct aimc_plugin_rows {
  float *data;   /* of an input: not to be written */
  size_t stride; /* elements, at least the width */
} aimc_plugin_rows;

/// A program over the rows of a batch.
typedef struct aimc_plugin_digital {
  uint32_t size;  /* of this struct, bytes */
  size_t program; /* index in the model's programs */
  uint64_t first_vector;
  size_t vectors; /* at least 1 */
  const aimc_plugin_rows *inputs;
  const aimc_plugin_rows *outputs; /* apart from the inputs and each other */
} aimc_plugin_digital;

/// What a plug-in is. Functions are mandatory unless said otherwise; an
/// optional one is null where there is none.
typedef struct aimc_plugin {
  uint32_t version; /* AIMC_PLUGIN_VERSION */
  uint32_t size;    /* of this struct, bytes */
  /// Printable ASCII, from 1 to 255 characters. The name is that of messages
  /// and reports, say "hermes-board"; the version is of the plug-in or chip.
  const char *name, *vendor, *device_version;

  /// Opens a device: sets `*device` to anything but null.
  int (*open)(const aimc_plugin_options *options, aimc_plugin_device **device,
              aimc_plugin_error *error);
  /// Frees the device, which may be in the state an error left. It cannot fail.
  void (*close)(aimc_plugin_device *device);

  /// Says what the device has. It comes all zeros but for its size. What does
  /// not fit is refused by the runtime before anything is programmed.
  int (*describe)(aimc_plugin_device *device,
                  aimc_plugin_description *description,
                  aimc_plugin_error *error);
  /// Optional: whether the device can do all of a model that fits the
  /// description, before anything is programmed.
  int (*verify)(aimc_plugin_device *device, const aimc_plugin_model *model,
                aimc_plugin_error *error);

  /// Programs all tiles of a matrix; `index` is that of the model's table.
  int (*program)(aimc_plugin_device *device, size_t index,
                 const aimc_plugin_matrix *matrix, aimc_plugin_error *error);
  /// Writes all of the output. The runtime fills it with NaN before, and a NaN
  /// of a vector whose inputs are all finite is an error of the device.
  int (*mvm)(aimc_plugin_device *device, const aimc_plugin_mvm *call,
             aimc_plugin_error *error);

  /// Optional, both: takes a program of a claimed unit, and runs it. Outputs
  /// are NaN before, too, but may stay so.
  int (*load_program)(aimc_plugin_device *device, size_t index,
                      const aimc_plugin_program *program,
                      aimc_plugin_error *error);
  int (*digital)(aimc_plugin_device *device, const aimc_plugin_digital *call,
                 aimc_plugin_error *error);

  /// Optional: waits until all that program, load_program, mvm and digital
  /// began is done. Calls take effect in their order, but without it each is
  /// done when it returns. The runtime calls it before it touches what they
  /// read or write.
  int (*synchronise)(aimc_plugin_device *device, aimc_plugin_error *error);
} aimc_plugin;

#if defined(__GNUC__)
#define AIMC_PLUGIN_EXPORT __attribute__((visibility("default")))
#else
#define AIMC_PLUGIN_EXPORT
#endif

/// The function that a plug-in exports. `version` is the AIMC_PLUGIN_VERSION of
/// the runtime; a plug-in that has no table of that version returns null. The
/// table lasts as long as the process: the runtime never unloads a plug-in.
AIMC_PLUGIN_EXPORT const aimc_plugin *aimc_device_plugin(uint32_t version);

#ifdef __cplusplus
}
#endif

#endif // AIMC_RUNTIME_DEVICEPLUGIN_H
