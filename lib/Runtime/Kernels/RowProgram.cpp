//===- RowProgram.cpp - Execution of digital row programs -----------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verification, storage and execution of row programs.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/RowProgram.h"

#include "Runtime/Kernels/Tensor.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>

namespace aimc::runtime {

namespace {

/// A row of the instruction table.
struct Opcode {
  const char *name;
  int operands;
};

constexpr Opcode Opcodes[] = {
#define AIMC_INSTRUCTION(opcode, name, mlir, operands) {name, operands},
#include "aimc/Runtime/RuntimeTable.def"
};
constexpr int32_t OpcodeCount = sizeof(Opcodes) / sizeof(Opcodes[0]);
constexpr int MaxOperands = std::size(aimc_instruction().operands);

/// Instructions that read element i of their operands for element i of their
/// result alone, so that the result may take the place of an operand.
bool isElementwise(int32_t opcode) {
  return opcode != AIMC_SUM && opcode != AIMC_ROW_MAXIMUM &&
         opcode != AIMC_CONCATENATE && opcode != AIMC_PRODUCT;
}

/// Values of a block that should stay in the second-level cache.
constexpr int64_t BlockValues = 64 * 1024;
constexpr int64_t LargestBlock = 240;

/// Verifies instruction `index`; returns what comes after "instruction N".
std::string verifyInstruction(const aimc_model &model,
                              const aimc_program &program, int32_t index) {
  const aimc_instruction &instruction = program.instructions[index];
  const int32_t result = program.input_count + program.constant_count + index;
  if (instruction.opcode < 0 || instruction.opcode >= OpcodeCount)
    return " expects an opcode from 0 to " + std::to_string(OpcodeCount - 1) +
           ", but got " + std::to_string(instruction.opcode);
  const Opcode &opcode = Opcodes[instruction.opcode];
  const std::string name = std::string(" ('") + opcode.name + "')";
  if (instruction.result != result)
    return name + " expects result " + std::to_string(result) + ", but got " +
           std::to_string(instruction.result);
  int64_t width = 1;
  for (int i = 0; i < MaxOperands; ++i) {
    const int32_t operand = instruction.operands[i];
    if (i >= opcode.operands) {
      if (operand != -1)
        return name + " expects operand " + std::to_string(i) +
               " to be -1, but got " + std::to_string(operand);
      continue;
    }
    if (operand < 0 || operand >= result)
      return name + " expects operands from 0 to " +
             std::to_string(result - 1) + ", but got " +
             std::to_string(operand);
    width = std::max<int64_t>(width, program.widths[operand]);
  }

  const int64_t a = program.widths[instruction.operands[0]];
  if (instruction.opcode == AIMC_PRODUCT) {
    if (instruction.matrix < 0 || instruction.matrix >= model.matrix_count)
      return name + " expects a matrix from 0 to " +
             std::to_string(model.matrix_count - 1) + ", but got " +
             std::to_string(instruction.matrix);
    const aimc_matrix &matrix = model.matrices[instruction.matrix];
    if (matrix.tile_count != 0)
      return name + " expects a matrix in digital memory, but got '" +
             matrix.name + "', which has tiles";
    if (a != matrix.rows)
      return name + " expects an operand of width " +
             std::to_string(matrix.rows) + ", but got " + std::to_string(a);
    width = matrix.columns;
  } else if (instruction.matrix != -1) {
    return name + " expects no matrix, but got " +
           std::to_string(instruction.matrix);
  } else if (instruction.opcode == AIMC_SUM ||
             instruction.opcode == AIMC_ROW_MAXIMUM) {
    width = 1;
  } else if (instruction.opcode == AIMC_CONCATENATE) {
    width = a + program.widths[instruction.operands[1]];
  } else {
    for (int i = 0; i < opcode.operands; ++i)
      if (const int64_t own = program.widths[instruction.operands[i]];
          own != 1 && own != width)
        return name + " expects operands of one width, but got " +
               std::to_string(own) + " and " + std::to_string(width);
  }
  if (program.widths[result] != width)
    return name + " expects a result of width " + std::to_string(width) +
           ", but got " + std::to_string(program.widths[result]);
  return {};
}

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

int countOperands(int32_t opcode) { return Opcodes[opcode].operands; }

std::string verifyProgram(const aimc_model &model,
                          const aimc_program &program) {
  if (!program.name)
    return "a program expects a name, but got a null pointer";
  const std::string name = std::string("program '") + program.name + "'";
  if (program.input_count < 0 || program.constant_count < 0 ||
      program.instruction_count < 0 || program.output_count < 0)
    return name + " expects counts that are not negative, but got one that is";
  const int64_t values = static_cast<int64_t>(program.input_count) +
                         program.constant_count + program.instruction_count;
  if (values > INT32_MAX)
    return name + " expects at most 2147483647 values, but got " +
           std::to_string(values);
  if ((values && !program.widths) ||
      (program.constant_count && !program.constants) ||
      (program.instruction_count && !program.instructions) ||
      (program.output_count && !program.outputs))
    return name + " expects tables for its counts, but got a null pointer";
  for (int64_t i = 0; i < values; ++i)
    if (program.widths[i] < 1)
      return name + " expects values of width 1 or more, but got " +
             std::to_string(program.widths[i]) + " for value " +
             std::to_string(i);
  for (int32_t i = 0; i < program.constant_count; ++i)
    if (!program.constants[i])
      return name + " expects values for constant " + std::to_string(i) +
             ", but got a null pointer";
  for (int32_t i = 0; i < program.instruction_count; ++i)
    if (std::string error = verifyInstruction(model, program, i);
        !error.empty())
      return name + ", instruction " + std::to_string(i) + error;
  for (int32_t i = 0; i < program.output_count; ++i)
    if (program.outputs[i] < 0 || program.outputs[i] >= values)
      return name + " expects outputs from 0 to " + std::to_string(values - 1) +
             ", but got " + std::to_string(program.outputs[i]);
  return {};
}

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
  assignStorage();
  valuesPerRow = storagePerRow;
  for (int32_t i = 0; i < program.input_count; ++i)
    valuesPerRow += program.widths[i];
  for (int32_t i = 0; i < program.output_count; ++i)
    valuesPerRow += program.widths[program.outputs[i]];
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

/// Finds the results that can be computed right where a concatenation wants
/// them: those that nothing else uses.
void RowProgram::findParts() {
  const int32_t firstResult = program.input_count + program.constant_count;
  parts.assign(program.instruction_count, {});
  // What is rounded after each instruction lies in rows without gaps.
  if (half)
    return;
  std::vector<int32_t> uses(firstResult + program.instruction_count, 0);
  for (int32_t i = 0; i < program.instruction_count; ++i)
    for (int32_t operand : program.instructions[i].operands)
      if (operand >= 0)
        ++uses[operand];
  for (int32_t i = 0; i < program.output_count; ++i)
    ++uses[program.outputs[i]];
  for (int32_t i = 0; i < program.instruction_count; ++i) {
    if (program.instructions[i].opcode != AIMC_CONCATENATE)
      continue;
    int64_t column = 0;
    for (int j = 0; j < 2; ++j) {
      const int32_t operand = program.instructions[i].operands[j];
      if (operand >= firstResult && uses[operand] == 1 &&
          isElementwise(program.instructions[operand - firstResult].opcode))
        parts[operand - firstResult] = {i, column};
      column += program.widths[operand];
    }
  }
}

/// Gives each result a place in a block's storage; places of equal width are
/// used again after the last use of their value.
void RowProgram::assignStorage() {
  const int32_t firstResult = program.input_count + program.constant_count;
  const int32_t count = program.instruction_count;
  std::vector<int32_t> lastUse(firstResult + count, -1);
  for (int32_t i = 0; i < count; ++i)
    for (int32_t operand : program.instructions[i].operands)
      if (operand >= 0)
        lastUse[operand] = i;
  for (int32_t i = 0; i < program.output_count; ++i)
    lastUse[program.outputs[i]] = count;

  std::map<int64_t, std::vector<int64_t>> freePlaces;
  offsets.assign(count, -1);
  const auto assign = [&](int32_t instruction) {
    const int64_t width = program.widths[firstResult + instruction];
    std::vector<int64_t> &places = freePlaces[width];
    if (places.empty()) {
      offsets[instruction] = storagePerRow;
      storagePerRow += width;
    } else {
      offsets[instruction] = places.back();
      places.pop_back();
    }
  };
  for (int32_t i = 0; i < count; ++i) {
    const aimc_instruction &instruction = program.instructions[i];
    const auto freeOperands = [&] {
      for (int j = 0; j < MaxOperands; ++j) {
        const int32_t operand = instruction.operands[j];
        const bool repeated =
            std::count(instruction.operands, instruction.operands + j, operand);
        if (operand >= firstResult && lastUse[operand] == i && !repeated &&
            parts[operand - firstResult].whole < 0)
          freePlaces[program.widths[operand]].push_back(
              offsets[operand - firstResult]);
      }
    };
    if (isElementwise(instruction.opcode))
      freeOperands();
    // The first part of a concatenation makes room for all of it.
    const int32_t owner = parts[i].whole < 0 ? i : parts[i].whole;
    if (offsets[owner] < 0)
      assign(owner);
    if (!isElementwise(instruction.opcode))
      freeOperands();
    if (lastUse[firstResult + i] < 0)
      freePlaces[program.widths[firstResult + i]].push_back(offsets[i]);
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
  const int64_t block = workers.balancedBlock(
      rows,
      std::clamp<int64_t>(BlockValues / std::max<int64_t>(valuesPerRow, 1), 1,
                          LargestBlock));
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

  std::vector<Value> &values = own.values;
  values.clear();
  values.reserve(program.input_count + program.constant_count +
                 program.instruction_count);
  float *nextPacked = packed.data();
  for (int32_t i = 0; i < program.input_count; ++i) {
    const int64_t width = program.widths[i];
    if (!call.copied[i]) {
      values.push_back(
          {rowOf(call.inputs[i], first), call.inputs[i].strides[0]});
      continue;
    }
    copyRows(call.inputs[i], first, count, nextPacked);
    if (half)
      roundToHalf(nextPacked, count * width, rounded);
    values.push_back({nextPacked, width});
    nextPacked += count * width;
  }
  for (int32_t i = 0; i < program.constant_count; ++i)
    values.push_back({const_cast<float *>(half ? halfConstants[i].data()
                                               : program.constants[i]),
                      0});
  const auto placeOf = [&](int32_t i) {
    if (call.direct[i] < 0)
      return Value{storage.data() + offsets[i] * count,
                   program.widths[program.instructions[i].result]};
    const aimc_tensor &output = call.outputs[call.direct[i]];
    return Value{rowOf(output, first), output.strides[0]};
  };
  for (int32_t i = 0; i < program.instruction_count; ++i) {
    const aimc_instruction &instruction = program.instructions[i];
    values.push_back(placeOf(parts[i].whole < 0 ? i : parts[i].whole));
    values.back().data += parts[i].column;
    execute(instruction, values, count);
    if (half)
      roundToHalf(values.back().data, count * values.back().stride, rounded);
  }
  const int32_t firstResult = program.input_count + program.constant_count;
  for (int32_t i = 0; i < program.output_count; ++i) {
    const int32_t instruction = program.outputs[i] - firstResult;
    if (instruction >= 0 && call.direct[instruction] == i)
      continue;
    const Value &value = values[program.outputs[i]];
    writeRows(call.outputs[i], first, count, value.data, value.stride);
  }
}

void RowProgram::execute(const aimc_instruction &instruction,
                         const std::vector<Value> &values, int64_t rows) const {
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
  if (Opcodes[instruction.opcode].operands == 1) {
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
  const int count = Opcodes[instruction.opcode].operands;
  const float *from[MaxOperands];
  int64_t steps[MaxOperands], strides[MaxOperands];
  bool whole = out.stride == width;
  for (int i = 0; i < count; ++i) {
    const Value &value = values[instruction.operands[i]];
    from[i] = value.data;
    strides[i] = value.stride;
    steps[i] = program.widths[instruction.operands[i]] != 1 ||
               (width == 1 && value.stride != 0);
    whole = whole && value.stride == (steps[i] ? width : 0);
  }
  const int64_t length = whole ? rows * width : width;
  for (int64_t row = 0; row < (whole ? 1 : rows); ++row) {
    float *to = out.data + row * out.stride;
    if (count == 2)
      engine.binary(instruction.opcode, to, from[0], steps[0], from[1],
                    steps[1], length);
    else if (instruction.opcode == AIMC_FIXED_POINT)
      engine.fixedPoint(isFixed ? &fixedNumbers : nullptr, to, from[0],
                        steps[0], from[1], steps[1], from[2], steps[2], length);
    else
      engine.select(to, from[0], steps[0], from[1], steps[1], from[2], steps[2],
                    length);
    for (int i = 0; i < count; ++i)
      from[i] += strides[i];
  }
}

} // namespace aimc::runtime
