//===- Calibrate.cpp - Set the ranges of the converters -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// aimc-calibrate: each product gets the full scale of its DACs and ADCs.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/TileGrid.h"
#include "AIMC/Transforms/CalibrationReport.h"
#include "AIMC/Transforms/Mapping.h"
#include "AIMC/Transforms/Passes.h"
#include "AIMC/Transforms/RecordedRanges.h"
#include "Analysis/Ranges.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Remarks.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cmath>

namespace aimc {
#define GEN_PASS_DEF_AIMCCALIBRATEPASS
#include "AIMC/Transforms/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;

namespace {

/// What ranges need to know of a matrix.
struct WeightStatistics {
  /// Over the columns of all tiles, the largest sqrt(sum of squares) of the
  /// weights over the largest of the tile.
  double largestColumnNorm = 0;
  /// The mean square error of an output for a mean square error 1 of the
  /// inputs, and for an error 1 of each tile's output in units of its largest
  /// weight.
  double inputGain = 0, tileGain = 0;
};

/// The ranges of a product.
struct Ranges {
  double input, output;
};

struct CalibratePass : public aimc::impl::AIMCCalibratePassBase<CalibratePass> {
  using AIMCCalibratePassBase::AIMCCalibratePassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    FailureOr<TargetAttr> attribute = requireTarget(module, getArgument());
    if (failed(attribute) || failed(verifyOptions()))
      return signalPassFailure();
    FailureOr<TileGrids> grids = TileGrids::compute(module);
    if (failed(grids))
      return signalPassFailure();
    std::optional<RecordedRanges> recorded;
    if (!ranges.empty()) {
      recorded = readFile();
      if (!recorded)
        return signalPassFailure();
    }
    const runtime::TargetDescription &target = attribute->getTarget();
    reported.clear();
    for (const MatrixTiles &matrix : grids->getMatrices()) {
      if (matrix.uses.empty())
        continue;
      MvmOp first = matrix.uses.front();
      if (!matrix.isTiled()) {
        first.emitOpError("expects tiles of @")
            << matrix.getWeights().getSymName()
            << ", but there are none (aimc-tile adds them)";
        return signalPassFailure();
      }
      if (!recorded && rule != "k-sigma") {
        first.emitOpError("expects recorded ranges (ranges=FILE of "
                          "aimc-calibrate) or the static rule=k-sigma, but got "
                          "neither");
        return signalPassFailure();
      }
      WeightStatistics statistics = computeStatistics(matrix);
      for (MvmOp use : matrix.uses) {
        const RecordedSite *site = nullptr;
        if (recorded) {
          site = findSite(use, *recorded);
          if (!site)
            return signalPassFailure();
        }
        if (failed(calibrate(use, site, statistics, target)))
          return signalPassFailure();
      }
    }
    if (report.empty())
      return;
    if (llvm::Error error = writeCalibrationReport(report, reported)) {
      emitError(module.getLoc(), "calibration report '")
          << report << "' expects to be writable, but got: "
          << llvm::toString(std::move(error));
      signalPassFailure();
    }
  }

private:
  LogicalResult verifyOptions() {
    ModuleOp module = getOperation();
    if (!rule.empty() && rule != "max" && rule != "percentile" &&
        rule != "k-sigma" && rule != "mse")
      return emitError(module.getLoc(),
                       "aimc-calibrate expects 'rule' to be max, "
                       "percentile, k-sigma or mse, but got '")
             << rule << "'";
    if (!(percentile > 0 && percentile <= 1))
      return emitError(module.getLoc(),
                       "aimc-calibrate expects 'percentile' to be above "
                       "0 and at most 1, but got ")
             << percentile;
    if (!(k > 0 && std::isfinite(k)))
      return emitError(module.getLoc(),
                       "aimc-calibrate expects 'k' to be finite and "
                       "above 0, but got ")
             << k;
    return success();
  }

  /// Reads the option `ranges`; nothing after an error.
  std::optional<RecordedRanges> readFile() {
    ModuleOp module = getOperation();
    auto buffer = llvm::MemoryBuffer::getFile(ranges, /*IsText=*/true);
    if (!buffer) {
      emitError(module.getLoc(), "ranges file '")
          << ranges << "' expects to be readable, but got: "
          << buffer.getError().message();
      return std::nullopt;
    }
    std::string error;
    std::optional<RecordedRanges> recorded =
        parseRecordedRanges((*buffer)->getBuffer(), error);
    if (!recorded)
      emitError(module.getLoc(), "ranges file '") << ranges << "': " << error;
    return recorded;
  }

  /// What was recorded for `use`; null after an error.
  const RecordedSite *findSite(MvmOp use, const RecordedRanges &recorded) {
    auto it = recorded.find(use.getSite());
    if (it == recorded.end()) {
      use.emitOpError("expects site ") << use.getSite() << " in ranges file '"
                                       << ranges << "', but it is not there";
      return nullptr;
    }
    const RecordedSite &site = it->second;
    if (site.matrix != use.getWeights()) {
      use.emitOpError("expects site ")
          << use.getSite() << " in ranges file '" << ranges
          << "' to be of matrix '" << use.getWeights() << "', but got '"
          << site.matrix << "'";
      return nullptr;
    }
    if (site.vectors == 0) {
      use.emitOpError("expects vectors of site ")
          << use.getSite() << " in ranges file '" << ranges
          << "', but none were recorded";
      return nullptr;
    }
    return &site;
  }

  static WeightStatistics computeStatistics(const MatrixTiles &matrix) {
    WeightStatistics statistics;
    WeightsOp weights = matrix.getWeights();
    std::vector<float> storage;
    ArrayRef<float> data = getMatrixData(weights.getValue(), storage);
    int64_t columns = weights.getColumns();
    std::vector<double> squares;
    for (TileOp tile : matrix.getTilesOfCopy()) {
      squares.assign(tile.getColumns(), 0);
      double largest = 0;
      for (int64_t i = 0; i < tile.getRows(); ++i) {
        const float *row =
            &data[(tile.getRow() + i) * columns + tile.getColumn()];
        for (int64_t j = 0; j < tile.getColumns(); ++j) {
          double weight = row[j];
          squares[j] += weight * weight;
          largest = std::max(largest, std::fabs(weight));
        }
      }
      if (largest == 0)
        continue;
      statistics.tileGain += largest * largest * tile.getColumns() / columns;
      for (double square : squares) {
        statistics.inputGain += square / columns;
        statistics.largestColumnNorm =
            std::max(statistics.largestColumnNorm, std::sqrt(square) / largest);
      }
    }
    // The noise of a mean; rounding by the DAC is the same in all copies.
    if (!matrix.shared)
      statistics.tileGain /= static_cast<double>(matrix.copies);
    return statistics;
  }

  /// The range of a converter by the rule, whose values are sums of
  /// `conversions`. `noise` is the noise behind it, as `mseRange` has it.
  double chooseRange(const RecordedValues &values,
                     const runtime::Converter &converter, int conversions,
                     double noise) const {
    if (rule == "percentile")
      return percentileRange(values, percentile);
    if (rule == "k-sigma")
      return kSigmaRange(values, k);
    // An ideal converter rounds nothing, so its range should clip nothing.
    if (rule == "max" || converter.ideal)
      return values.max;
    return mseRange(values, quantiserOf(converter, conversions), noise);
  }

  /// The conversions of a product that are not of zeros: those of inputs of
  /// both signs, or of one.
  static int countConversions(const RecordedSite &site, int phases) {
    return phases > 1 && haveOneSign(site.input) ? phases / 2 : phases;
  }

  /// Sets the ranges of `use`, from what was recorded there or statically.
  LogicalResult calibrate(MvmOp use, const RecordedSite *site,
                          const WeightStatistics &statistics,
                          const runtime::TargetDescription &target) {
    // Each phase has noise of its own.
    int phases = target.operatingMode().phases;
    double noise = target.device.outputNoise * std::sqrt(phases);
    Ranges chosen;
    if (site) {
      double relativeNoise =
          statistics.inputGain > 0
              ? noise * noise * statistics.tileGain / statistics.inputGain
              : 0;
      chosen.input = chooseRange(site->input, target.dac, 1, relativeNoise);
      // Only zeros were seen: any range will do.
      if (chosen.input == 0)
        chosen.input = 1;
      chosen.output = chooseRange(site->output, target.adc,
                                  countConversions(*site, phases), 0) /
                      chosen.input;
    } else {
      // Inputs of deviation 1 are of deviation 1/k behind the DAC.
      chosen.input = k;
      chosen.output = statistics.largestColumnNorm;
    }
    // The noise of the array is on top of what was recorded.
    chosen.output = std::hypot(chosen.output, k * noise);
    if (chosen.output == 0)
      chosen.output = 1;

    auto input = static_cast<float>(chosen.input);
    auto output = static_cast<float>(chosen.output);
    for (auto [name, value] :
         {std::pair("input", input), std::pair("output", output)})
      if (!std::isfinite(value) || value <= 0)
        return use.emitOpError("expects recorded values with a range that is "
                               "finite and above 0 in FP32, but got an ")
               << name << " range of " << value;
    reported.push_back(
        describeSite(use, site, statistics, target, input, output));
    Builder builder(use.getContext());
    use.setInputRangeAttr(builder.getF32FloatAttr(input));
    use.setOutputRangeAttr(builder.getF32FloatAttr(output));
    remark::passed(
        use.getLoc(),
        remark::RemarkOpts::name("Calibrate").category(getArgument()))
        << remark::add("site {0} of @{1}: input range {2}, output range {3} "
                       "({4})",
                       use.getSite(), use.getWeights(), formatRange(input),
                       formatRange(output), describe(site));
    return success();
  }

  /// What the ranges of `use` let expect of it, for the report.
  ReportedSite describeSite(MvmOp use, const RecordedSite *site,
                            const WeightStatistics &statistics,
                            const runtime::TargetDescription &target,
                            double input, double output) const {
    ReportedSite result;
    result.site = use.getSite();
    result.matrix = use.getWeights().str();
    result.rule = !rule.empty() ? rule.getValue() : "mse";
    result.inputRange = input;
    result.outputRange = output;
    if (!site)
      return result;
    ReportedData data;
    data.vectors = site->vectors;
    data.input = reportConverter(site->input, target.dac, 1, input, 1);
    // Recorded outputs are of inputs as they are, not over their range.
    int phases = target.operatingMode().phases;
    int conversions = countConversions(*site, phases);
    data.output =
        reportConverter(site->output, target.adc, conversions, output, input);
    double noise = target.device.outputNoise;
    // Conversions of zeros give the noise, rounded.
    double idle =
        target.adc.ideal
            ? noise * noise
            : convertedNoise(noise, output,
                             quantiserOf(target.adc, /*conversions=*/1));
    double gain = input * input * statistics.tileGain;
    data.fromInput = data.input.squaredError * statistics.inputGain;
    data.fromOutput = data.output.squaredError * gain;
    data.fromNoise =
        (conversions * noise * noise + (phases - conversions) * idle) * gain;
    // Inputs that lose a part of them make their products smaller by it, and
    // the loss of these adds to that.
    if (double square = meanSquare(site->input); square > 0)
      data.fromBoth = 2 * data.input.loss / square * data.output.loss * gain;
    result.data = data;
    return result;
  }

  std::vector<ReportedSite> reported; ///< in the order of the matrices

  static std::string formatRange(float range) {
    std::string text;
    llvm::raw_string_ostream(text) << llvm::format("%g", range);
    return text;
  }

  /// Where ranges come from, for the remark.
  std::string describe(const RecordedSite *site) const {
    if (!site)
      return "k-sigma, static";
    return llvm::formatv("{0} over {1} vectors",
                         rule.empty() ? "mse" : rule.getValue(), site->vectors);
  }
};
} // namespace
