//===- MvmDigital.cpp - A product and the programs on it ------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The body of `aimc_mvm_digital`. Where the device gives the product as it is
// and the programs suit lanes, it is fused; of few rows the product is followed
// by the programs as one. Else it is call after call for blocks of rows.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/ContextImpl.h"

#include "Runtime/Kernels/Tensor.h"

#include <algorithm>

using namespace aimc::runtime;

/// Rows a thread takes at once where nothing is fused.
static constexpr int64_t RowsOfThread = 252;

std::unique_ptr<FusedPrograms>
FusedPrograms::create(const Engine &engine, const aimc_matrix &matrix,
                      const std::vector<PackedMatrix> &tiles,
                      const ProgramChain &chain,
                      const std::vector<PackedMatrix> &matrices) {
  auto joined = std::make_unique<JoinedProgram>(chain);
  std::optional<LaneProgram> lanes =
      LaneProgram::create(engine, matrix, tiles, joined->program(), matrices);
  if (!lanes)
    return nullptr;
  RowProgram rows(joined->program(), engine, matrices);
  return std::unique_ptr<FusedPrograms>(
      new FusedPrograms{std::move(joined), std::move(*lanes), std::move(rows)});
}

bool FusedSite::isFor(const MvmDigitalArguments &arguments) const {
  const auto isSame = [](const std::vector<int64_t> &own, const int64_t *given,
                         int64_t count) {
    return std::equal(own.begin(), own.end(), given, given + count);
  };
  return matrix == arguments.mvm.matrix &&
         isSame(programs, arguments.programs, arguments.programCount) &&
         isSame(chain.operands, arguments.operands, arguments.operandCount) &&
         isSame(chain.results, arguments.results, arguments.resultCount) &&
         static_cast<int64_t>(chain.inputWidths.size()) ==
             arguments.otherCount + 1;
}

/// Finds the programs and numbers of the chain; one sentence on an error, or
/// nothing.
std::string aimc_context::findChain(const MvmDigitalArguments &arguments,
                                    ProgramChain &chain) const {
  if (arguments.programCount < 1 || !arguments.programs)
    return "mvm_digital expects programs, but got none";
  if (arguments.operandCount < 0 || arguments.otherCount < 0 ||
      arguments.resultCount < 1 || !arguments.results ||
      (arguments.operandCount && !arguments.operands) ||
      (arguments.otherCount && !arguments.others) || !arguments.outputs)
    return "mvm_digital expects tables for its counts, but got a null pointer";
  chain.inputWidths = {model.matrices[arguments.mvm.matrix].columns};
  // Widths of the values between programs.
  std::vector<int64_t> widths = chain.inputWidths;
  for (int64_t i = 0; i < arguments.otherCount; ++i) {
    widths.push_back(arguments.others[i].sizes[1]);
    chain.inputWidths.push_back(widths.back());
  }
  for (int64_t width : chain.inputWidths)
    if (width < 1 || width > INT32_MAX)
      return "mvm_digital expects values of 1 to 2147483647 columns, but got " +
             std::to_string(width);
  chain.operands.assign(arguments.operands,
                        arguments.operands + arguments.operandCount);
  chain.results.assign(arguments.results,
                       arguments.results + arguments.resultCount);
  int64_t next = 0;
  for (int64_t i = 0; i < arguments.programCount; ++i) {
    const int64_t index = arguments.programs[i];
    if (index < 0 || index >= model.program_count)
      return "mvm_digital expects programs from 0 to " +
             std::to_string(model.program_count - 1) + ", but got " +
             std::to_string(index);
    const aimc_program &program = model.programs[index];
    const std::string name = std::string("program '") + program.name + "'";
    for (int32_t j = 0; j < program.input_count; ++j, ++next) {
      if (next >= arguments.operandCount)
        return name + " expects " + std::to_string(program.input_count) +
               " operands, but got " + std::to_string(j);
      const int64_t value = chain.operands[next];
      if (value < 0 || value >= static_cast<int64_t>(widths.size()))
        return name + " expects operands from 0 to " +
               std::to_string(widths.size() - 1) + ", but got " +
               std::to_string(value);
      if (widths[value] != program.widths[j])
        return name + " expects " + std::to_string(program.widths[j]) +
               " columns of input " + std::to_string(j) + ", but got " +
               std::to_string(widths[value]);
    }
    for (int32_t j = 0; j < program.output_count; ++j)
      widths.push_back(program.widths[program.outputs[j]]);
    chain.programs.push_back(&program);
  }
  if (next != arguments.operandCount)
    return "mvm_digital expects " + std::to_string(next) +
           " operands of its programs, but got " +
           std::to_string(arguments.operandCount);
  for (size_t i = 0; i < chain.results.size(); ++i) {
    const int64_t value = chain.results[i];
    if (value < 0 || value >= static_cast<int64_t>(widths.size()) ||
        (value > 0 && value <= arguments.otherCount) ||
        std::count(chain.results.begin(), chain.results.begin() + i, value))
      return "mvm_digital expects as results the product and outputs of "
             "programs, each once, but got " +
             std::to_string(value);
  }
  chain.widths = std::move(widths);
  return {};
}

/// One sentence on tensors that do not fit the chain, or nothing.
std::string
aimc_context::verifyChainTensors(const MvmDigitalArguments &arguments,
                                 const ProgramChain &chain) const {
  const aimc_tensor &input = arguments.mvm.input;
  const aimc_matrix &matrix = model.matrices[arguments.mvm.matrix];
  const auto nameOf = [&](const char *role, int64_t index = -1) {
    return TensorName{"mvm_digital of", matrix.name, role, index};
  };
  if (std::string text = checkTensor(&input, nameOf("input"), -1, matrix.rows);
      !text.empty())
    return text;
  const int64_t rows = input.sizes[0];
  for (int64_t i = 0; i < arguments.otherCount; ++i)
    if (std::string text =
            checkTensor(&arguments.others[i], nameOf("other input", i), rows,
                        chain.widths[i + 1]);
        !text.empty())
      return text;
  for (int64_t i = 0; i < arguments.resultCount; ++i) {
    const aimc_tensor &output = arguments.outputs[i];
    if (std::string text = checkTensor(&output, nameOf("output", i), rows,
                                       chain.widths[chain.results[i]]);
        !text.empty())
      return text;
    bool isApart = !overlaps(output, input);
    for (int64_t j = 0; isApart && j < arguments.otherCount; ++j)
      isApart = !overlaps(output, arguments.others[j]);
    for (int64_t j = 0; isApart && j < i; ++j)
      isApart = !overlaps(output, arguments.outputs[j]);
    if (!isApart)
      return nameOf("output", i).text() +
             " expects memory of its own, but got some of an input or of "
             "another output";
  }
  return {};
}

/// Finds out what is known of a call; one sentence on an error, or nothing.
std::string aimc_context::makeSite(const MvmDigitalArguments &arguments,
                                   FusedSite &site) const {
  if (std::string text = findChain(arguments, site.chain); !text.empty())
    return text;
  site.matrix = arguments.mvm.matrix;
  site.programs.assign(arguments.programs,
                       arguments.programs + arguments.programCount);
  const std::vector<PackedMatrix> *tiles = device->plainTiles(site.matrix);
  for (int64_t program : site.programs) {
    NumberFormat format;
    (void)findFormat(model.programs[program], format);
    if (format.kind != NumberFormat::Kind::FP32)
      tiles = nullptr;
  }
  if (tiles)
    site.fused = FusedPrograms::create(engine, model.matrices[site.matrix],
                                       *tiles, site.chain, digitalMatrices);
  return {};
}

std::string aimc_context::mvmDigital(const MvmDigitalArguments &arguments) {
  if (std::string text = verifyMvm(arguments.mvm); !text.empty())
    return text;
  // The chain of a site is the same in each call.
  FusedSite &site = fusedSites[arguments.mvm.site];
  if (!site.isFor(arguments)) {
    if (std::string text = runDeferred(site); !text.empty())
      return text;
    FusedSite made;
    if (std::string text = makeSite(arguments, made); !text.empty())
      return text;
    site = std::move(made);
  }
  if (std::string text = verifyChainTensors(arguments, site.chain);
      !text.empty())
    return text;
  if (arguments.deferred && device->plainTiles(site.matrix)) {
    const MvmRequest &mvm = arguments.mvm;
    deferredCalls.push_back(
        {mvm.matrix,
         &site,
         mvm.site,
         mvm.inputRange,
         mvm.outputRange,
         mvm.firstVector,
         mvm.input,
         {arguments.others, arguments.others + arguments.otherCount},
         {arguments.outputs, arguments.outputs + arguments.resultCount}});
    return {};
  }
  return runSite(arguments.mvm, arguments.others, arguments.outputs, site);
}

/// A verified call.
std::string aimc_context::runSite(const MvmRequest &mvm,
                                  const aimc_tensor *others,
                                  const aimc_tensor *outputs, FusedSite &site) {
  const int64_t rows = mvm.input.sizes[0];
  counts.mvms +=
      static_cast<uint64_t>(rows) *
      static_cast<uint64_t>(tilesOfVector(model.matrices[mvm.matrix]));
  if (!site.fused)
    return runChain(mvm, others, outputs, site);
  const Timer timer(counts.fusedSeconds);
  // Few rows leave most lanes empty.
  if (3 * rows < engine.vectorColumns)
    return runFewRows(mvm, others, outputs, site);
  laneScratch.resize(workers.threads());
  const int64_t block = engine.vectorColumns;
  const int64_t most =
      (workers.balancedBlock(rows, site.fused->lanes.rowsAtOnce()) + block -
       1) /
      block * block;
  workers.run(rows, most, [&](int64_t first, int64_t count, int slot) {
    site.fused->lanes.run(mvm.input, others, outputs, first, count,
                          laneScratch[slot]);
  });
  return {};
}

/// The product, then the programs as one.
std::string aimc_context::runFewRows(const MvmRequest &mvm,
                                     const aimc_tensor *others,
                                     const aimc_tensor *outputs,
                                     FusedSite &site) {
  const int64_t rows = mvm.input.sizes[0];
  const int64_t width = site.chain.widths[0];
  site.buffers.resize(1);
  float *const product = reserve(site.buffers[0], rows * width);
  site.inputs.resize(site.chain.inputWidths.size());
  site.inputs[0] = {nullptr, product, 0, {rows, width}, {width, 1}};
  std::copy_n(others, site.inputs.size() - 1, site.inputs.begin() + 1);
  if (std::string text =
          device->mvm({mvm.matrix, mvm.site, mvm.inputRange, mvm.outputRange,
                       mvm.firstVector, mvm.input, site.inputs[0]});
      !text.empty())
    return text;
  site.fused->rows.run(workers, site.inputs.data(), outputs);
  return {};
}

/// Rows first .. first + count - 1 of a deferred call, into `outputs` of as
/// many rows.
std::string aimc_context::runRows(const DeferredCall &call, int64_t first,
                                  int64_t count, const aimc_tensor *outputs) {
  const aimc_tensor input = rowsOf(call.input, first, count);
  std::vector<aimc_tensor> others;
  for (const aimc_tensor &other : call.others)
    others.push_back(rowsOf(other, first, count));
  return runSite(
      {call.matrix, call.siteNumber, call.inputRange, call.outputRange,
       call.firstVector + static_cast<uint64_t>(first), input, input},
      others.data(), outputs, *call.site);
}

/// Runs the deferred calls of a site, which another call is about to change.
std::string aimc_context::runDeferred(const FusedSite &site) {
  std::string error;
  auto next = deferredCalls.begin();
  while (error.empty() && next != deferredCalls.end()) {
    if (next->site != &site) {
      ++next;
      continue;
    }
    error = runRows(*next, 0, next->input.sizes[0], next->outputs.data());
    next = deferredCalls.erase(next);
  }
  return error;
}

/// The product and the programs, one after the other, for blocks of rows. Their
/// tensors are verified.
std::string aimc_context::runChain(const MvmRequest &mvm,
                                   const aimc_tensor *others,
                                   const aimc_tensor *outputs,
                                   FusedSite &site) {
  const ProgramChain &chain = site.chain;
  const int64_t rows = mvm.input.sizes[0];
  const int64_t block =
      device->takesWholeBatches() ? rows : RowsOfThread * workers.threads();
  std::vector<aimc_tensor> &values = site.values;
  site.buffers.resize(chain.widths.size());
  values.resize(chain.widths.size());
  for (int64_t first = 0; first < rows; first += block) {
    const int64_t count = std::min(block, rows - first);
    for (size_t i = 0; i < values.size(); ++i) {
      const auto result = std::find(chain.results.begin(), chain.results.end(),
                                    static_cast<int64_t>(i));
      if (i >= 1 && i < chain.inputWidths.size()) {
        values[i] = rowsOf(others[i - 1], first, count);
      } else if (result != chain.results.end()) {
        values[i] =
            rowsOf(outputs[result - chain.results.begin()], first, count);
      } else {
        site.buffers[i].resize(
            std::max<size_t>(site.buffers[i].size(), count * chain.widths[i]));
        values[i] = {nullptr,
                     site.buffers[i].data(),
                     0,
                     {count, chain.widths[i]},
                     {chain.widths[i], 1}};
      }
    }
    const aimc_tensor input = rowsOf(mvm.input, first, count);
    const uint64_t firstVector = mvm.firstVector + static_cast<uint64_t>(first);
    {
      const Timer timer(counts.mvmSeconds);
      if (std::string text =
              device->mvm({mvm.matrix, mvm.site, mvm.inputRange,
                           mvm.outputRange, firstVector, input, values[0]});
          !text.empty())
        return text;
    }
    auto operand = chain.operands.begin();
    size_t next = chain.inputWidths.size();
    for (int64_t index : site.programs) {
      const aimc_program &program = model.programs[index];
      site.inputs.clear();
      for (int32_t i = 0; i < program.input_count; ++i)
        site.inputs.push_back(values[*operand++]);
      site.outputs.assign(values.begin() + next,
                          values.begin() + next + program.output_count);
      next += program.output_count;
      const Timer timer(counts.digitalSeconds);
      if (std::string text = runProgram(
              {index, firstVector, site.inputs.data(), site.outputs.data()});
          !text.empty())
        return text;
    }
  }
  return {};
}
