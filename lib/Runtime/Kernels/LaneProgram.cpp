//===- LaneProgram.cpp - A product and row programs, fused ----------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What depends on the product element by element is computed with each few
// features; sums over features take them in as they come, in ascending order.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/LaneProgram.h"

#include "Runtime/Kernels/Opcodes.h"
#include "Runtime/Kernels/Tensor.h"

#include <algorithm>
#include <set>

namespace aimc::runtime {

namespace {

/// Storage of a block that fits the second-level cache.
constexpr int64_t LargestStorage = 192 * 1024;
/// Storage of blocks that leave room for weights there.
constexpr int64_t StorageAtOnce = 64 * 1024;
constexpr int64_t MostBlocksAtOnce = 8;

/// Features that are computed at once: those of one chain of a product on them.
constexpr int64_t FeaturesAtOnce = ChainTerms;

/// How much narrower than the product the results are, at least.
constexpr int64_t Narrowing = 4;

bool hasLaneKernel(int32_t opcode) {
  return opcode != AIMC_SELECT && opcode != AIMC_FIXED_POINT;
}

void transposeBack(const float *from, int64_t lanes, int64_t count,
                   int64_t width, const Rows &rows) {
  for (int64_t row = 0; row < count; ++row)
    for (int64_t j = 0; j < width; ++j)
      rows.data[row * rows.stride + j] = from[j * lanes + row];
}

} // namespace

std::optional<LaneProgram>
LaneProgram::create(const Engine &engine, const aimc_matrix &matrix,
                    const std::vector<PackedMatrix> &tiles,
                    const aimc_program &behind,
                    const std::vector<PackedMatrix> &matrices) {
  LaneProgram program(engine, matrix, tiles);
  if (!program.addInstructions(behind, matrices))
    return std::nullopt;
  int64_t width = 0;
  for (size_t result : program.results) {
    width += program.values[result].width;
    // A given value needs no computation.
    if (program.values[result].phase == Phase::Constant)
      return std::nullopt;
  }
  if (width * Narrowing > matrix.columns)
    return std::nullopt;
  int64_t depth = 1;
  for (size_t t = 0; t < tiles.size(); ++t)
    depth = std::max<int64_t>(depth, matrix.tiles[t].rows);
  program.largestVectors =
      std::clamp<int64_t>(engine.laneInputs / (depth * engine.vectorColumns), 1,
                          engine.laneVectors);
  program.joinSteps();
  program.addSegments();
  program.assignStorage();
  const int64_t storage = program.storagePerRow * program.blockRows();
  if (storage > LargestStorage)
    return std::nullopt;
  program.blocksAtOnce =
      std::clamp<int64_t>(StorageAtOnce / storage, 1, MostBlocksAtOnce);
  return program;
}

/// Turns instructions into steps; returns whether all can be.
bool LaneProgram::addInstructions(const aimc_program &program,
                                  const std::vector<PackedMatrix> &matrices) {
  for (int32_t i = 0; i < program.input_count; ++i) {
    if (i)
      others.push_back(values.size());
    values.push_back({program.widths[i], i ? Phase::Before : Phase::Tiled});
  }
  for (int32_t i = 0; i < program.constant_count; ++i)
    values.push_back({program.widths[program.input_count + i], Phase::Constant,
                      program.constants[i]});
  for (int32_t i = 0; i < program.instruction_count; ++i) {
    const aimc_instruction &instruction = program.instructions[i];
    if (!hasLaneKernel(instruction.opcode))
      return false;
    const size_t a = instruction.operands[0];
    const size_t b = instruction.operands[1] < 0 ? a : instruction.operands[1];
    const PackedMatrix *productMatrix =
        instruction.matrix < 0 ? nullptr : &matrices[instruction.matrix];
    if (!addStep({instruction.opcode, values.size(), {a, b}, productMatrix},
                 program.widths[instruction.result]))
      return false;
  }
  results.assign(program.outputs, program.outputs + program.output_count);
  return true;
}

/// Adds a step and its result to the phase in which its operands are there;
/// returns whether it can be done.
bool LaneProgram::addStep(Step step, int64_t width) {
  const Phase a = values[step.operands[0]].phase;
  const Phase b = values[step.operands[1]].phase;
  const bool isTiled = a == Phase::Tiled || b == Phase::Tiled;
  // Constants are scalars and have no lanes; nothing makes such programs.
  if (a == Phase::Constant && b == Phase::Constant)
    return false;
  if (step.opcode == AIMC_CONCATENATE &&
      (a == Phase::Constant || b == Phase::Constant))
    return false;
  Phase phase = Phase::Before;
  std::vector<Step> *steps = &before;
  if (isReduction(step.opcode) && isTiled) {
    phase = Phase::After;
    steps = &tiled;
  } else if (a == Phase::After || b == Phase::After ||
             (isTiled &&
              (step.opcode == AIMC_CONCATENATE || width != values[0].width))) {
    phase = Phase::After;
    steps = &after;
  } else if (isTiled) {
    phase = Phase::Tiled;
    steps = &tiled;
  }
  steps->push_back(step);
  values.push_back({width, phase});
  return true;
}

/// How often each value is read.
std::vector<int> LaneProgram::countUses() const {
  std::vector<int> uses(values.size());
  for (const std::vector<Step> *steps : {&before, &tiled, &after})
    for (const Step &step : *steps) {
      ++uses[step.operands[0]];
      if (countOperands(step.opcode) == 2)
        ++uses[step.operands[1]];
    }
  for (size_t result : results)
    ++uses[result];
  return uses;
}

/// Joins functions with a sum before and a product behind them, whose values no
/// other step reads: what they take in is read in registers.
void LaneProgram::joinSteps() {
  const std::vector<int> uses = countUses();
  const auto isGiven = [&](size_t value) {
    return values[value].phase == Phase::Constant ||
           values[value].phase == Phase::Before;
  };
  std::vector<Step> joined;
  for (const Step &step : tiled) {
    Step *last = joined.empty() ? nullptr : &joined.back();
    const bool follows =
        last && last->result == step.operands[0] && uses[last->result] == 1;
    if (follows && countOperands(step.opcode) == 1 &&
        !isReduction(step.opcode) &&
        (last->opcode == AIMC_ADD || last->opcode == AIMC_SUBTRACT) &&
        isGiven(last->operands[1])) {
      Step function = step;
      function.addend = last->operands[1];
      function.subtracts = last->opcode == AIMC_SUBTRACT;
      function.operands[0] = function.operands[1] = last->operands[0];
      *last = function;
    } else if (follows && step.opcode == AIMC_MULTIPLY && !last->factor &&
               countOperands(last->opcode) == 1 && !isReduction(last->opcode) &&
               values[step.operands[1]].phase == Phase::Constant) {
      last->factor = step.operands[1];
      last->result = step.result;
    } else {
      joined.push_back(step);
    }
  }
  tiled = std::move(joined);
}

/// Cuts the columns where tiles begin or end.
void LaneProgram::addSegments() {
  std::set<int64_t> cuts;
  for (size_t t = 0; t < tiles->size(); ++t) {
    cuts.insert(matrix->tiles[t].weight_column);
    cuts.insert(matrix->tiles[t].weight_column + matrix->tiles[t].columns);
  }
  for (auto cut = cuts.begin(); std::next(cut) != cuts.end(); ++cut)
    segments.push_back({*cut, *std::next(cut), {}});
  for (size_t t = 0; t < tiles->size(); ++t) {
    const aimc_tile &tile = matrix->tiles[t];
    auto segment = std::lower_bound(
        segments.begin(), segments.end(), tile.weight_column,
        [](const Segment &s, int64_t column) { return s.first < column; });
    for (; segment != segments.end() &&
           segment->first < tile.weight_column + tile.columns;
         ++segment)
      segment->tiles.push_back(t);
  }
}

int64_t LaneProgram::reserve(int64_t width) {
  const int64_t offset = storagePerRow;
  storagePerRow += width;
  return offset;
}

void LaneProgram::assignStorage() {
  inputOffset = reserve(matrix->rows);
  // What is joined with others later stands beside them from the start.
  for (const Step &step : after) {
    if (step.opcode != AIMC_CONCATENATE)
      continue;
    Value &a = values[step.operands[0]], &b = values[step.operands[1]];
    if (a.offset >= 0 || b.offset >= 0 || &a == &b)
      continue;
    Value &result = values[step.result];
    if (result.offset < 0)
      result.offset = reserve(result.width);
    a.offset = result.offset;
    b.offset = result.offset + a.width;
  }
  const auto keep = [&](size_t value) {
    if (values[value].offset < 0 && values[value].phase != Phase::Constant)
      values[value].offset = reserve(values[value].width);
  };
  for (const Step &step : after)
    for (size_t operand : step.operands)
      keep(operand);
  for (size_t result : results)
    keep(result);
  for (size_t i = 0; i < values.size(); ++i)
    if (values[i].phase != Phase::Tiled)
      keep(i);
  assignPartialStorage();
}

/// Gives the values that are never whole places for a few of their elements,
/// which are used again after their last use.
void LaneProgram::assignPartialStorage() {
  std::vector<size_t> lastUse(values.size(), 0);
  for (size_t s = 0; s < tiled.size(); ++s)
    for (size_t operand : tiled[s].operands)
      lastUse[operand] = s;
  std::vector<int64_t> free;
  const auto place = [&](size_t value) {
    if (values[value].phase != Phase::Tiled || values[value].offset >= 0)
      return;
    values[value].isPartial = true;
    if (free.empty())
      free.push_back(reserve(FeaturesAtOnce));
    values[value].offset = free.back();
    free.pop_back();
  };
  place(0);
  for (size_t s = 0; s < tiled.size(); ++s) {
    // An element is read before the result takes its place.
    for (int i = 0; i < 2; ++i) {
      const size_t operand = tiled[s].operands[i];
      if (values[operand].isPartial && lastUse[operand] == s &&
          (i == 0 || operand != tiled[s].operands[0]))
        free.push_back(values[operand].offset);
    }
    place(tiled[s].result);
    if (tiled[s].opcode == AIMC_PRODUCT)
      tiled[s].chainOffset = reserve(tiled[s].matrix->columns());
  }
  for (const Segment &segment : segments)
    if (segment.tiles.size() > 1 && partialSums < 0)
      partialSums = reserve(FeaturesAtOnce);
}

LaneOperand LaneProgram::operandOf(size_t value, int64_t first,
                                   const float *storage, int64_t lanes) const {
  const Value &v = values[value];
  const int64_t step = v.width == 1 ? 0 : 1;
  if (v.phase == Phase::Constant)
    return {v.constant + first * step, step, true};
  const int64_t start = v.isPartial ? 0 : first * step;
  return {storage + (v.offset + start) * lanes, step * lanes, false};
}

/// Features first .. first + count - 1 of the product.
void LaneProgram::multiply(const Segment &segment, int64_t first, int64_t count,
                           float *storage, int64_t vectors) const {
  const int64_t lanes = vectors * engine->vectorColumns;
  const Value &product = values[0];
  float *y =
      storage + (product.offset + (product.isPartial ? 0 : first)) * lanes;
  for (size_t t : segment.tiles) {
    const aimc_tile &tile = matrix->tiles[t];
    const PackedMatrix &weights = (*tiles)[t];
    const bool isFirst = tile.weight_row == 0;
    float *to = isFirst ? y : storage + partialSums * lanes;
    engine->laneProduct({storage + (inputOffset + tile.weight_row) * lanes,
                         weights.data(), tile.rows, tile.columns,
                         /*firstRow=*/0, tile.rows, first - tile.weight_column,
                         count, to, vectors, ProductMode::Store});
    if (!isFirst)
      engine->laneBinary(AIMC_ADD, y, {y, lanes, false}, {to, lanes, false},
                         count, vectors);
  }
}

/// Adds to the result of a product what its rows first .. first + count - 1
/// give, chain by chain.
void LaneProgram::multiplyInChains(const Step &step, int64_t first,
                                   int64_t count, float *storage,
                                   int64_t vectors) const {
  const int64_t lanes = vectors * engine->vectorColumns;
  const int64_t columns = step.matrix->columns();
  const int64_t end = first + count;
  float *sums = storage + values[step.result].offset * lanes;
  const float *x = operandOf(step.operands[0], first, storage, lanes).data;
  while (first < end) {
    const int64_t start = first / ChainTerms * ChainTerms;
    const int64_t chainEnd = std::min(start + ChainTerms, step.matrix->rows());
    const int64_t depth = std::min(end, chainEnd) - first;
    // The first chain takes its place in the sums at once, and so does one that
    // is whole.
    const bool isWhole = first == start && first + depth == chainEnd;
    float *to =
        start == 0 || isWhole ? sums : storage + step.chainOffset * lanes;
    const ProductMode mode = first != start     ? ProductMode::Continue
                             : start && isWhole ? ProductMode::Add
                                                : ProductMode::Store;
    engine->laneProduct({x, step.matrix->data(), step.matrix->rows(), columns,
                         first, depth, /*firstColumn=*/0, columns, to, vectors,
                         mode});
    if (to != sums && first + depth == chainEnd)
      engine->laneBinary(AIMC_ADD, sums, {sums, lanes, false},
                         {to, lanes, false}, columns, vectors);
    x += depth * lanes;
    first += depth;
  }
}

/// Elements first .. first + count - 1 of a step's operands.
void LaneProgram::execute(const Step &step, int64_t first, int64_t count,
                          float *storage, int64_t vectors) const {
  const int64_t lanes = vectors * engine->vectorColumns;
  const Value &result = values[step.result];
  const LaneOperand a = operandOf(step.operands[0], first, storage, lanes);
  float *out = storage + result.offset * lanes;
  if (step.opcode == AIMC_PRODUCT)
    return multiplyInChains(step, first, count, storage, vectors);
  if (isReduction(step.opcode)) {
    engine->laneReduce(step.opcode, out, a.data, count, vectors,
                       /*continues=*/first != 0);
    return;
  }
  const LaneOperand b = operandOf(step.operands[1], first, storage, lanes);
  if (step.opcode == AIMC_CONCATENATE) {
    const int64_t aWidth = values[step.operands[0]].width;
    const auto copy = [&](const float *from, float *to, int64_t width) {
      if (from != to)
        std::copy_n(from, width * lanes, to);
    };
    copy(a.data, out, aWidth);
    copy(b.data, out + aWidth * lanes, values[step.operands[1]].width);
    return;
  }
  if (!result.isPartial && result.width != 1)
    out += first * lanes;
  const auto given = [&](size_t value) {
    return value ? operandOf(value, first, storage, lanes) : LaneOperand{};
  };
  if (step.addend || step.factor)
    engine->laneMap(
        {step.opcode, given(step.addend), given(step.factor), step.subtracts},
        out, a.data, count, vectors);
  else if (countOperands(step.opcode) == 1)
    engine->unary(step.opcode, out, a.data, count * lanes);
  else
    engine->laneBinary(step.opcode, out, a, b, count, vectors);
}

void LaneProgram::run(const aimc_tensor &input, const aimc_tensor *otherInputs,
                      const aimc_tensor *outputs, int64_t first, int64_t count,
                      Scratch &scratch) const {
  scratch.values.resize(
      std::max<size_t>(scratch.values.size(), storagePerRow * rowsAtOnce()));
  Block blocks[MostBlocksAtOnce];
  int64_t blockCount = 0;
  for (int64_t row = 0; row < count; row += blockRows()) {
    const int64_t rows = std::min(blockRows(), count - row);
    blocks[blockCount++] = {first + row, rows,
                            (rows + engine->vectorColumns - 1) /
                                engine->vectorColumns,
                            scratch.values.data() + storagePerRow * row};
  }
  const auto forBlocks = [&](auto task) {
    for (int64_t b = 0; b < blockCount; ++b)
      task(blocks[b], blocks[b].vectors * engine->vectorColumns);
  };
  const auto executeAll = [&](const std::vector<Step> &steps,
                              const Block &block) {
    for (const Step &step : steps)
      execute(step, 0,
              isReduction(step.opcode) ? values[step.operands[0]].width
                                       : values[step.result].width,
              block.storage, block.vectors);
  };
  const auto transpose = [&](const aimc_tensor &tensor, int64_t width,
                             int64_t offset, const Block &block,
                             int64_t lanes) {
    const Rows rows = readRows(tensor, block.first, block.count, scratch.rows);
    engine->laneTranspose(block.storage + offset * lanes, rows.data,
                          rows.stride, block.count, width, block.vectors);
  };

  forBlocks([&](const Block &block, int64_t lanes) {
    transpose(input, matrix->rows, inputOffset, block, lanes);
    for (size_t i = 0; i < others.size(); ++i)
      transpose(otherInputs[i], values[others[i]].width,
                values[others[i]].offset, block, lanes);
    executeAll(before, block);
  });
  for (const Segment &segment : segments)
    for (int64_t j = segment.first, features; j < segment.end; j += features) {
      // Groups end where chains do.
      features = std::min(segment.end, j / FeaturesAtOnce * FeaturesAtOnce +
                                           FeaturesAtOnce) -
                 j;
      forBlocks([&](const Block &block, int64_t) {
        multiply(segment, j, features, block.storage, block.vectors);
        for (const Step &step : tiled)
          execute(step, j, features, block.storage, block.vectors);
      });
    }
  forBlocks([&](const Block &block, int64_t lanes) {
    executeAll(after, block);
    for (size_t i = 0; i < results.size(); ++i) {
      const Value &value = values[results[i]];
      const Rows to =
          beginRows(outputs[i], block.first, block.count, scratch.rows);
      transposeBack(block.storage + value.offset * lanes, lanes, block.count,
                    value.width, to);
      finishRows(outputs[i], block.first, block.count, to);
    }
  });
}

} // namespace aimc::runtime
