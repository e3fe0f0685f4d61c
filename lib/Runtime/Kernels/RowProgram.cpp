//===- RowProgram.cpp - Execution of digital row programs -----------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where inputs are read and outputs written, blocks of rows, and what each
// instruction does to one; rounding to FP16.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/RowProgram.h"

#include "Runtime/Kernels/Opcodes.h"
#include "Runtime/Kernels/Tensor.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace aimc::runtime {

namespace {

/// Values of a block that should stay in the second-level cache.
constexpr int64_t BlockValues = 64 * 1024;
constexpr int64_t LargestBlock = 240;

/// Sums of rows, each in ascending order. Rows take turns, so that the chains
/// of additions overlap.
void sumRows(float *out, int64_t outStride, const float *a, int64_t stride,
             int64_t width, int64_t rows) {
  constexpr int64_t Group = 8;
  int64_t row = 0;
  for (; row + Group <= rows; row += Group) {
    float sums[Group];
    for (int64_t i = 0; i < Group; ++i)
      sums[i] = a[(row + i) * stride];
    for (int64_t j = 1; j < width; ++j)
      for (int64_t i = 0; i < Group; ++i)
        sums[i] += a[(row + i) * stride + j];
    for (int64_t i = 0; i < Group; ++i)
      out[(row + i) * outStride] = sums[i];
  }
  for (; row < rows; ++row) {
    float sum = a[row * stride];
    for (int64_t j = 1; j < width; ++j)
      sum += a[row * stride + j];
    out[row * outStride] = sum;
  }
}

} // namespace

/// Numbers of `bits` bits in all, of which `fractionBits` stand behind the
/// point.
static FixedPointGrid gridOf(int bits, int fractionBits, bool isSigned) {
  const float all = std::ldexp(1.0f, isSigned ? bits - 1 : bits);
  return {std::ldexp(1.0f, fractionBits), isSigned ? -all : 0.0f, all - 1};
}

static FixedPointNumbers numbersOf(const NumberFormat &format) {
  return {gridOf(format.valueBits, 0, true),
          gridOf(format.scaleIntegerBits + format.scaleFractionBits,
                 format.scaleFractionBits, false),
          gridOf(format.offsetIntegerBits + format.offsetFractionBits,
                 format.offsetFractionBits, true)};
}

RowProgram::RowProgram(const aimc_program &program, const Engine &engine,
                       const std::vector<PackedMatrix> &matrices,
                       const NumberFormat &format)
    : program(program), engine(engine), matrices(matrices),
      half(format.kind == NumberFormat::Kind::FP16),
      isFixed(format.kind == NumberFormat::Kind::FixedPoint),
      fixedNumbers(isFixed ? numbersOf(format) : FixedPointNumbers()) {
  if (half)
    roundConstants();
  findParts();
  findSteps();
  assignStorage();
  int64_t valuesPerRow = std::max<int64_t>(storagePerRow, 1);
  for (int32_t i = 0; i < program.input_count; ++i)
    valuesPerRow += program.widths[i];
  for (int32_t i = 0; i < program.output_count; ++i)
    valuesPerRow += program.widths[program.outputs[i]];
  rowsAtOnce = std::clamp<int64_t>(BlockValues / valuesPerRow, 1, LargestBlock);
}

/// Rounds to FP16 and adds what was rounded to `rounded`.
void RowProgram::roundToHalf(float *values, int64_t count,
                             RoundedValues &rounded) const {
  // From 65520 on, the middle between the largest number and the next one, a
  // value becomes infinite.
  constexpr float largest = 65520 - 0x1p-8f;
  rounded.values += static_cast<uint64_t>(count);
  if (const int64_t beyond = engine.countBeyond(values, count, largest))
    rounded.overflowed += static_cast<uint64_t>(
        beyond -
        engine.countBeyond(values, count, std::numeric_limits<float>::max()));
  engine.roundToHalf(values, count);
}

/// Makes copies of constants and matrices in FP16.
void RowProgram::roundConstants() {
  for (int32_t i = 0; i < program.constant_count; ++i) {
    const float *values = program.constants[i];
    std::vector<float> &rounded = halfConstants.emplace_back(
        values, values + program.widths[program.input_count + i]);
    roundToHalf(rounded.data(), static_cast<int64_t>(rounded.size()),
                roundedConstants);
  }
  for (int32_t i = 0; i < program.instruction_count; ++i)
    if (const int32_t index = program.instructions[i].matrix; index >= 0) {
      const PackedMatrix &matrix = matrices[index];
      std::vector<float> row(matrix.columns());
      for (int64_t j = 0; j < matrix.rows(); ++j) {
        matrix.copyRow(j, row.data());
        roundToHalf(row.data(), matrix.columns(), roundedConstants);
      }
      halfMatrices.try_emplace(index, matrix).first->second.roundToHalf();
    }
}

void RowProgram::prepare(const aimc_tensor *inputs,
                         const aimc_tensor *outputs) {
  call.inputs = inputs;
  call.outputs = outputs;
  call.copied.assign(program.input_count, false);
  call.direct.assign(program.instruction_count, -1);
  // An input that is also an output is written last, when another output may
  // have taken its place.
  for (int32_t i = 0; i < program.input_count; ++i)
    call.copied[i] = half || !hasContiguousRows(inputs[i]);
  for (int32_t i = 0; i < program.output_count; ++i)
    if (const int32_t input = program.outputs[i]; input < program.input_count)
      for (int32_t j = 0; j < program.output_count; ++j)
        if (overlaps(inputs[input], outputs[j]))
          call.copied[input] = true;

  const int32_t firstResult = program.input_count + program.constant_count;
  for (int32_t i = 0; i < program.output_count; ++i) {
    const int32_t instruction = program.outputs[i] - firstResult;
    const aimc_tensor &output = outputs[i];
    // Not over values that may still be read.
    bool apart = instruction >= 0 && call.direct[instruction] < 0 &&
                 hasContiguousRows(output) &&
                 output.strides[0] >= output.sizes[1];
    // What is rounded after each instruction lies in rows without gaps.
    if (half)
      apart = apart && output.strides[0] == output.sizes[1];
    for (int32_t j = 0; apart && j < program.input_count; ++j)
      apart = !overlaps(output, inputs[j]);
    if (apart)
      call.direct[instruction] = i;
  }
}

RoundedValues RowProgram::run(Workers &workers, const aimc_tensor *inputs,
                              const aimc_tensor *outputs) {
  const int64_t rows = program.input_count    ? inputs[0].sizes[0]
                       : program.output_count ? outputs[0].sizes[0]
                                              : 0;
  const int64_t block = workers.balancedBlock(rows, rowsAtOnce);
  prepare(inputs, outputs);
  scratch.resize(workers.threads());
  for (Scratch &own : scratch)
    own.rounded = {};
  workers.run(rows, block, [&](int64_t first, int64_t count, int slot) {
    runBlock(first, count, scratch[slot]);
  });
  RoundedValues sum = rows ? roundedConstants : RoundedValues();
  for (const Scratch &own : scratch) {
    sum.values += own.rounded.values;
    sum.overflowed += own.rounded.overflowed;
  }
  return sum;
}

void RowProgram::runBlock(int64_t first, int64_t count, Scratch &own) const {
  Buffer &storage = own.storage, &packed = own.packed;
  RoundedValues &rounded = own.rounded;
  storage.resize(std::max<size_t>(storage.size(), count * storagePerRow));
  // Copied inputs stand one after the other.
  int64_t packedPerRow = 0;
  for (int32_t i = 0; i < program.input_count; ++i)
    if (call.copied[i])
      packedPerRow += program.widths[i];
  packed.resize(std::max<size_t>(packed.size(), packedPerRow * count));

  // Members are set one by one: the copy of a pair just made would wait until
  // both of its stores are through.
  Value *const values =
      reserve(own.values, program.input_count + program.constant_count +
                              program.instruction_count);
  Value *value = values;
  float *nextPacked = packed.data();
  for (int32_t i = 0; i < program.input_count; ++i, ++value) {
    const int64_t width = program.widths[i];
    if (!call.copied[i]) {
      value->data = rowOf(call.inputs[i], first);
      value->stride = call.inputs[i].strides[0];
      continue;
    }
    copyRows(call.inputs[i], first, count, nextPacked);
    if (half)
      roundToHalf(nextPacked, count * width, rounded);
    value->data = nextPacked;
    value->stride = width;
    nextPacked += count * width;
  }
  for (int32_t i = 0; i < program.constant_count; ++i, ++value) {
    value->data = const_cast<float *>(half ? halfConstants[i].data()
                                           : program.constants[i]);
    value->stride = 0;
  }
  for (int32_t i = 0; i < program.instruction_count; ++i, ++value) {
    const int32_t place = parts[i].whole < 0 ? i : parts[i].whole;
    if (call.direct[place] < 0) {
      value->data = storage.data() + offsets[place] * count;
      value->stride = program.widths[program.instructions[place].result];
    } else {
      const aimc_tensor &output = call.outputs[call.direct[place]];
      value->data = rowOf(output, first);
      value->stride = output.strides[0];
    }
    value->data += parts[i].column;
  }
  for (const Step &step : steps) {
    const aimc_instruction &instruction = program.instructions[step.last];
    if (step.sum >= 0 || step.product >= 0)
      executeFunction(step, values, count);
    else
      execute(instruction, values, count);
    const Value &result = values[instruction.result];
    if (half)
      roundToHalf(result.data, count * result.stride, rounded);
  }
  const int32_t firstResult = program.input_count + program.constant_count;
  for (int32_t i = 0; i < program.output_count; ++i) {
    const int32_t instruction = program.outputs[i] - firstResult;
    if (instruction >= 0 && call.direct[instruction] == i)
      continue;
    const Value &result = values[program.outputs[i]];
    writeRows(call.outputs[i], first, count, result.data, result.stride);
  }
}

/// A function with what is joined with it, row by row.
void RowProgram::executeFunction(const Step &step, const Value *values,
                                 int64_t rows) const {
  const auto instructionOf = [&](int32_t i) -> const aimc_instruction & {
    return program.instructions[i];
  };
  const Value &out = values[instructionOf(step.last).result];
  const int64_t width = program.widths[instructionOf(step.last).result];
  const int32_t first = step.sum < 0 ? step.function : step.sum;
  const Value &a = values[instructionOf(first).operands[0]];
  const int32_t opcode = instructionOf(step.function).opcode;
  // A vector of a row is what a value of a block of rows is to lanes.
  const int64_t lanes = engine.vectorColumns;
  const int64_t whole = width / lanes * lanes;
  LaneMapRequest request = {opcode, {}, {}, false};
  int64_t beforeStride = 0;
  if (step.sum >= 0) {
    const aimc_instruction &sum = instructionOf(step.sum);
    const Value &addend = values[sum.operands[1]];
    const bool isScalar = program.widths[sum.operands[1]] == 1;
    request.before = {addend.data, isScalar ? 0 : lanes, isScalar};
    request.subtracts = sum.opcode == AIMC_SUBTRACT;
    beforeStride = addend.stride;
  }
  if (step.product >= 0)
    request.after = {values[instructionOf(step.product).operands[1]].data, 0,
                     true};
  for (int64_t row = 0; row < rows; ++row) {
    float *to = out.data + row * out.stride;
    const float *from = a.data + row * a.stride;
    engine.laneMap(request, to, from, whole / lanes, 1);
    if (whole < width) {
      const float *rest = from + whole;
      to += whole;
      if (step.sum >= 0) {
        const LaneOperand &before = request.before;
        engine.binary(instructionOf(step.sum).opcode, to, rest, 1,
                      before.data + (before.isScalar ? 0 : whole),
                      !before.isScalar, width - whole);
        rest = to;
      }
      engine.unary(opcode, to, rest, width - whole);
      if (step.product >= 0)
        engine.binary(AIMC_MULTIPLY, to, to, 1, request.after.data, 0,
                      width - whole);
    }
    if (request.before.data)
      request.before.data += beforeStride;
  }
}

void RowProgram::execute(const aimc_instruction &instruction,
                         const Value *values, int64_t rows) const {
  const Value &out = values[instruction.result];
  const Value &a = values[instruction.operands[0]];
  const int64_t width = program.widths[instruction.result];
  const int64_t aWidth = program.widths[instruction.operands[0]];

  if (instruction.opcode == AIMC_PRODUCT) {
    const PackedMatrix &matrix = half ? halfMatrices.at(instruction.matrix)
                                      : matrices[instruction.matrix];
    matrix.multiplyInChains(a.data, a.stride, rows, out.data, out.stride);
    return;
  }
  if (instruction.opcode == AIMC_SUM) {
    sumRows(out.data, out.stride, a.data, a.stride, aWidth, rows);
    return;
  }
  if (instruction.opcode == AIMC_ROW_MAXIMUM) {
    for (int64_t row = 0; row < rows; ++row)
      out.data[row * out.stride] =
          engine.largest(a.data + row * a.stride, aWidth);
    return;
  }
  if (countOperands(instruction.opcode) == 1) {
    if (a.stride == width && out.stride == width) {
      engine.unary(instruction.opcode, out.data, a.data, rows * width);
      return;
    }
    for (int64_t row = 0; row < rows; ++row)
      engine.unary(instruction.opcode, out.data + row * out.stride,
                   a.data + row * a.stride, width);
    return;
  }

  if (instruction.opcode == AIMC_CONCATENATE) {
    const Value &b = values[instruction.operands[1]];
    const int64_t bWidth = program.widths[instruction.operands[1]];
    // A part may have been computed in its place.
    for (int64_t row = 0; row < rows; ++row) {
      float *to = out.data + row * out.stride;
      if (a.data != out.data)
        std::copy_n(a.data + row * a.stride, aWidth, to);
      if (b.data != out.data + aWidth)
        std::copy_n(b.data + row * b.stride, bWidth, to + aWidth);
    }
    return;
  }

  // All rows at once where they lie one after the other.
  const int count = countOperands(instruction.opcode);
  const float *from[MaxOperands];
  int64_t elementSteps[MaxOperands], strides[MaxOperands];
  bool whole = out.stride == width;
  for (int i = 0; i < count; ++i) {
    const Value &value = values[instruction.operands[i]];
    from[i] = value.data;
    strides[i] = value.stride;
    elementSteps[i] = program.widths[instruction.operands[i]] != 1 ||
                      (width == 1 && value.stride != 0);
    whole = whole && value.stride == (elementSteps[i] ? width : 0);
  }
  const int64_t length = whole ? rows * width : width;
  for (int64_t row = 0; row < (whole ? 1 : rows); ++row) {
    float *to = out.data + row * out.stride;
    if (count == 2)
      engine.binary(instruction.opcode, to, from[0], elementSteps[0], from[1],
                    elementSteps[1], length);
    else if (instruction.opcode == AIMC_FIXED_POINT)
      engine.fixedPoint(isFixed ? &fixedNumbers : nullptr, to, from[0],
                        elementSteps[0], from[1], elementSteps[1], from[2],
                        elementSteps[2], length);
    else
      engine.select(to, from[0], elementSteps[0], from[1], elementSteps[1],
                    from[2], elementSteps[2], length);
    for (int i = 0; i < count; ++i)
      from[i] += strides[i];
  }
}

} // namespace aimc::runtime
