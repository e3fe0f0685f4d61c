//===- Runner.cpp - Running a model on files --------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Opens all files, then runs block by block: a device under test, the exact
// device beside it if it is another, and the files that results go to or are
// compared with.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/Runner.h"

#include "Runtime/Devices/ModelVerifier.h"
#include "Runtime/Devices/Sizes.h"
#include "Runtime/Runner/BlockResults.h"
#include "Runtime/Runner/ErrorBudget.h"
#include "Runtime/Runner/Inputs.h"
#include "Runtime/Runner/KernelError.h"
#include "Runtime/Runner/OptionChecks.h"
#include "Runtime/Runner/Outputs.h"
#include "Runtime/Runner/Progress.h"
#include "Runtime/Runner/Report.h"
#include "aimc/Runtime/RangeRecorder.h"
#include "aimc/Runtime/TargetDescription.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <new>
#include <ostream>
#include <thread>

using namespace aimc::runtime;

namespace {

/// Results of at most this many values are shown if nobody saves them.
constexpr int64_t shownValues = 100;

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// One run of a model as the options ask.
class Run {
public:
  Run(const aimc_model &model, const RunOptions &options)
      : model(model), options(options),
        shows(options.outputs.empty() && options.labels.empty() &&
              options.compare.empty() && options.collectRanges.empty() &&
              !options.kernelError && !options.errorBudget) {}

  bool openOutputs(std::string &error);
  bool readLabelFile(std::string &error);
  /// Runs chip number `chip` without the effects of the options and
  /// `leftOut`, one more unless it is empty, and adds what was found to
  /// `chips`.
  bool runChip(int64_t chip, const std::string &leftOut, Progress &progress,
               std::vector<ChipFindings> &chips, std::string &error);
  /// The effects that the error budget leaves out, one after the other.
  std::vector<std::string> budgetEffects() const {
    return options.errorBudget ? presentEffects(model, options.without)
                               : std::vector<std::string>();
  }
  bool commit(std::string &error);

  /// The operating mode that a chip runs in.
  std::string modeName() const;

  /// Rows of the data; sets `error` if the inputs do not fit the model.
  std::optional<int64_t> countRows(std::string &error) const;

  Findings findings;

private:
  bool runBlock(const Results &results, const ExactResults::Values *exact,
                bool whole, std::vector<int64_t> &done, ChipFindings &chip,
                std::string &error);
  bool openCompare(std::string &error);
  bool checkRows(const std::vector<int64_t> &done, std::string &error) const;
  /// Whether a file of expected values has the sizes of result `index`.
  bool checkReference(size_t index, const Sizes &expected,
                      std::string &error) const;

  const aimc_model &model;
  const RunOptions &options;
  bool shows; ///< whether results are shown on the screen
  Outputs outputs;
  std::vector<std::unique_ptr<MatrixReader>> references;
  std::vector<int64_t> labels;
  std::unique_ptr<OutputFile> ranges; ///< null: not asked for
  RangeRecorder recorder;
  ExactResults exactResults;
};

std::string Run::modeName() const {
  if (options.device == "exact" || !options.mode.empty())
    return options.mode;
  // The context has read it without an error.
  std::string ignored;
  return TargetDescription::parse(model.target, ignored)->mode;
}

std::optional<int64_t> Run::countRows(std::string &error) const {
  auto inputs = Inputs::open(model, options, error);
  if (!inputs)
    return std::nullopt;
  return inputs->rows();
}

bool Run::openOutputs(std::string &error) {
  if (!outputs.open(model, options.outputs, error))
    return false;
  if (options.collectRanges.empty())
    return true;
  ranges = OutputFile::create(options.collectRanges, error);
  return ranges != nullptr;
}

bool Run::readLabelFile(std::string &error) {
  if (options.labels.empty())
    return true;
  std::optional<std::vector<int64_t>> read = readLabels(options.labels, error);
  if (!read ||
      !checkLabels(*read, model.outputs[0].width, options.labels, error))
    return false;
  labels = std::move(*read);
  return true;
}

bool Run::openCompare(std::string &error) {
  references.clear();
  for (size_t i = 0; i < options.compare.size(); ++i) {
    auto reader = MatrixReader::open(options.compare[i], error);
    if (!reader)
      return false;
    references.push_back(std::move(reader));
    const Sizes expected = sizesOf(model.outputs[i]);
    const Sizes sizes = arraySizes(*references[i], model.outputs[i]);
    if (!model.outputs[i].sizes && sizes.size() == 2 &&
        sizes[1] != expected[1]) {
      error = options.compare[i] + ": expects " + std::to_string(expected[1]) +
              " columns as result " + std::to_string(i) + ", but got " +
              std::to_string(sizes[1]);
      return false;
    }
    if ((model.outputs[i].sizes || sizes.size() != expected.size()) &&
        !checkReference(i, expected, error))
      return false;
  }
  return true;
}

bool Run::checkReference(size_t index, const Sizes &expected,
                         std::string &error) const {
  const Sizes sizes = arraySizes(*references[index], model.outputs[index]);
  bool fits = sizes.size() == expected.size();
  for (size_t d = 0; fits && d < sizes.size(); ++d)
    fits = expected[d] < 0 || sizes[d] == expected[d];
  if (!fits)
    error = options.compare[index] + ": expects an array of " +
            shownSizes(expected) + " as result " + std::to_string(index) +
            ", but got " + shownSizes(sizes);
  return fits;
}

/// Whether files of labels and expected results have a row for each row of the
/// results.
bool Run::checkRows(const std::vector<int64_t> &done,
                    std::string &error) const {
  auto check = [&](const std::string &name, int64_t got, size_t result) {
    if (got == done[result])
      return true;
    error = name + ": expects " + std::to_string(done[result]) +
            " rows as result " + std::to_string(result) + ", but got " +
            std::to_string(got);
    return false;
  };
  if (!options.labels.empty() &&
      !check(options.labels, int64_t(labels.size()), 0))
    return false;
  for (size_t i = 0; i < references.size(); ++i)
    if (!model.outputs[i].sizes &&
        !check(options.compare[i], references[i]->rows(), i))
      return false;
  return true;
}

/// Takes the results of one block; `done` has the rows of each result so far.
/// Those of a chip that is not `whole`, without one of its effects, are
/// measured alone.
bool Run::runBlock(const Results &results, const ExactResults::Values *exact,
                   bool whole, std::vector<int64_t> &done, ChipFindings &chip,
                   std::string &error) {
  for (int64_t i = 0; i < model.output_count; ++i) {
    int64_t rows = results.rows(i), columns = model.outputs[i].width;
    const bool isArray = model.outputs[i].sizes;
    std::vector<float> values = results.values(i);
    if (whole)
      findings.notFinite[i] += static_cast<uint64_t>(
          std::count_if(values.begin(), values.end(),
                        [](float value) { return !std::isfinite(value); }));
    if (exact)
      chip.toExact.add(values.data(), (*exact)[i].data(),
                       int64_t(values.size()));
    if (whole && i < outputs.count() &&
        !outputs[i].append(values.data(), int64_t(values.size()), error))
      return false;
    // Arrays are not cut into blocks.
    if (whole && i < outputs.count() && isArray)
      outputs[i].setShape(results.sizes(i));
    if (whole && size_t(i) < references.size()) {
      if (isArray && !checkReference(i, results.sizes(i), error))
        return false;
      MatrixReader &reader = *references[i];
      std::vector<float> expected;
      if (!reader.read(isArray ? reader.rows() : rows, expected, error))
        return false;
      // A file that is too short is told at the end, with its true length.
      if (expected.size() == values.size())
        chip.toCompare[i].add(values.data(), expected.data(),
                              int64_t(values.size()));
    }
    if (i == 0 && !options.labels.empty() &&
        done[0] + rows <= int64_t(labels.size()))
      chip.accuracy.add(values.data(), rows, columns, labels.data() + done[0]);
    if (whole && shows && options.chips == 1) {
      ShownResult &shown = findings.results[i];
      shown.sizes = results.sizes(i);
      if (!isArray)
        shown.sizes[0] += done[i];
      shown.count += int64_t(values.size());
      if (shown.count <= shownValues)
        shown.values.insert(shown.values.end(), values.begin(), values.end());
      else
        shown.values.clear();
    }
    done[i] += rows;
  }
  return true;
}

bool Run::runChip(int64_t number, const std::string &leftOut,
                  Progress &progress, std::vector<ChipFindings> &chips,
                  std::string &error) {
  const bool whole = leftOut.empty();
  auto inputs = Inputs::open(model, options, error);
  if (!inputs || !openCompare(error))
    return false;
  // A wrong length is told before the work where it can be seen.
  if (inputs->streamed() &&
      !checkRows(std::vector<int64_t>(model.output_count, inputs->rows()),
                 error))
    return false;

  ContextOptions setup;
  setup.device = options.device;
  setup.deviceOptions = options.deviceOptions;
  setup.programSeed = options.programSeedOf(number);
  setup.readSeed = options.readSeedOf(number);
  setup.time = options.time;
  setup.threads = options.threads
                      ? options.threads
                      : std::max(1, int(std::thread::hardware_concurrency()));
  setup.engine = options.engine;
  setup.mode = options.mode;
  setup.without = options.without;
  if (!whole)
    setup.without.push_back(leftOut);
  if (ranges)
    setup.recorder = &recorder;
  std::unique_ptr<Context> device = Context::create(model, setup, error);
  const bool compares = options.device != "exact";
  if (!device ||
      (compares && !exactResults.isOpen() &&
       !exactResults.open(model, setup,
                          options.chips * int64_t(1 + budgetEffects().size()),
                          error)))
    return false;

  ChipFindings chip;
  chip.programSeed = setup.programSeed;
  chip.readSeed = setup.readSeed;
  chip.toCompare.resize(options.compare.size());
  findings.rows = inputs->rows();
  findings.notFinite.resize(model.output_count);
  if (whole && shows && options.chips == 1)
    findings.results.resize(model.output_count);
  std::vector<int64_t> done(model.output_count, 0);
  std::optional<KernelError> kernelError, exactKernelError;
  if (options.kernelError)
    kernelError.emplace(model.inputs[0].width, model.outputs[0].width);
  // The exact device has a row of its own in the budget.
  const bool measuresExact = options.errorBudget && whole && number == 0;
  if (measuresExact)
    exactKernelError = kernelError;
  Results results; // whose memory a block leaves to the next
  for (size_t index = 0; !inputs->atEnd(); ++index) {
    Block block;
    if (!inputs->next(block, error))
      return false;
    uint64_t first = uint64_t(options.firstVector) + uint64_t(block.first);
    Clock::time_point start = Clock::now();
    if (!results.run(*device, block, first, error))
      return false;
    chip.runSeconds += secondsSince(start);
    const ExactResults::Values *exact = nullptr;
    if (compares && !(exact = exactResults.at(index, block, first, error)))
      return false;
    for (int64_t i = 0; i < model.output_count; ++i)
      if ((inputs->streamed() || kernelError) &&
          results.rows(i) != block.rows) {
        error = "result " + std::to_string(i) + " of '" + model.name +
                "' expects a row for each of the " +
                std::to_string(block.rows) + " input rows, but got " +
                std::to_string(results.rows(i));
        return false;
      }
    if (measuresExact && !options.labels.empty() &&
        done[0] + results.rows(0) <= int64_t(labels.size()))
      findings.exact.accuracy.add((*exact)[0].data(), results.rows(0),
                                  model.outputs[0].width,
                                  labels.data() + done[0]);
    if (exactKernelError && exactKernelError->rows() < KernelError::MostRows)
      exactKernelError->add(block.values[0].data(), (*exact)[0].data(),
                            block.rows);
    if (!runBlock(results, exact, whole, done, chip, error))
      return false;
    if (kernelError && kernelError->rows() < KernelError::MostRows)
      kernelError->add(block.values[0].data(), results.values(0).data(),
                       block.rows);
    progress.advance(block.rows);
  }
  if (!checkRows(done, error))
    return false;
  if (exactKernelError) {
    if (!exactKernelError->compute(*options.kernelError, error))
      return false;
    findings.exact.kernelError = exactKernelError->value();
  }
  if (kernelError) {
    if (!kernelError->compute(*options.kernelError, error))
      return false;
    chip.kernelError = kernelError->value();
    findings.kernelRows = kernelError->rows();
  }
  chip.statistics = device->statistics();
  chips.push_back(std::move(chip));
  return true;
}

bool Run::commit(std::string &error) {
  if (ranges &&
      (!ranges->write(recorder.toJson(), error) || !ranges->commit(error)))
    return false;
  return outputs.commit(error);
}

/// All of a run; the report goes to `out` when everything went well.
bool runAll(const aimc_model &model, const RunOptions &options,
            const std::string &tool, std::ostream &out, std::ostream &err,
            std::string &error) {
  Clock::time_point start = Clock::now();
  // Nothing else of the model may be read before this is known.
  if (error = verifyVersion(model); !error.empty())
    return false;
  if (error = verifyInterface(model); !error.empty())
    return false;
  if (!checkOptions(model, options, error))
    return false;
  Run run(model, options);
  std::optional<int64_t> rows = run.countRows(error);
  if (!rows || !run.readLabelFile(error) || !run.openOutputs(error))
    return false;
  {
    const std::vector<std::string> leftOut = run.budgetEffects();
    Progress progress(*rows * options.chips * int64_t(1 + leftOut.size()));
    for (int64_t chip = 0; chip < options.chips; ++chip)
      if (!run.runChip(chip, "", progress, run.findings.chips, error))
        return false;
    for (const std::string &effect : leftOut) {
      run.findings.budget.push_back({effect, {}});
      for (int64_t chip = 0; chip < options.chips; ++chip)
        if (!run.runChip(chip, effect, progress,
                         run.findings.budget.back().chips, error))
          return false;
    }
  }
  if (!run.commit(error))
    return false;
  run.findings.totalSeconds = secondsSince(start);
  run.findings.mode = run.modeName();
  for (const auto &warnings :
       {clippingWarnings(run.findings), overflowWarnings(run.findings),
        notFiniteWarnings(run.findings, model)})
    for (const std::string &warning : warnings)
      err << tool << ": warning: " << warning << "\n";
  if (options.json)
    out << jsonReport(run.findings, options);
  else
    textReport(run.findings, options, out, err);
  if (!out.flush()) {
    error = "cannot write to standard output";
    return false;
  }
  return true;
}

} // namespace

int aimc::runtime::runModel(const aimc_model &model, const RunOptions &options,
                            const std::string &tool, std::ostream &out,
                            std::ostream &err) {
  std::string error;
  try {
    if (runAll(model, options, tool, out, err, error))
      return 0;
  } catch (const std::bad_alloc &) {
    error = "expects more memory than there is";
  } catch (const std::exception &exception) {
    error = std::string("cannot run the model: ") + exception.what();
  }
  err << tool << ": error: " << error << "\n";
  return 1;
}
