//===- TargetDescription.h - What is known about the hardware ---*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one description of a chip. The passes, the cost model and the simulator
// all read it; the IR carries it whole as `#aimc.target`, an emitted program as
// JSON. The schema is what `parse` accepts, documented in docs/Targets.md.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_TARGETDESCRIPTION_H
#define AIMC_RUNTIME_TARGETDESCRIPTION_H

#include "aimc/Runtime/DeviceModel.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aimc::runtime {

/// Version of the JSON schema that `TargetDescription::parse` reads.
constexpr int targetSchemaVersion = 1;

/// Where figures come from.
struct Origin {
  std::string provenance; ///< measured, published, derived or assumed
  std::string source;     ///< paper or argument they rest on; may be empty
};

/// A figure of the hardware and where it comes from.
struct Figure {
  double value = 0;
  std::string unit;       ///< as in the file, say "ns" or "nJ"
  std::string provenance; ///< measured, published, derived or assumed
  std::string source;     ///< paper or argument it rests on; may be empty
};

/// What an ADC gives for a sum u in units of its range.
struct TransferCurve {
  double cubic = 0; ///< u - cubic u^3; 0 is a straight line
  /// If not empty, the values at equally distant u from -1 to 1, joined by
  /// straight lines.
  std::vector<double> table;

  bool isStraight() const { return cubic == 0 && table.empty(); }
};

/// Measured values of a figure that each column of a core has its own of.
struct ColumnFigures {
  std::vector<double> values; ///< core by core; empty: not measured
  int64_t columns = 0;        ///< of a core
  int64_t cores = 0;          ///< of a chip; 0: all cores have the same values

  bool empty() const { return values.empty(); }

  /// That of a column, all of them from 0.
  double at(int64_t chip, int64_t core, int64_t column) const {
    return values[(chip * cores + (cores ? core : 0)) * columns + column];
  }
};

/// A converter between digital values and the array. An absent `bits` in the
/// JSON is an error; an ideal converter is said by `"ideal": true`.
struct Converter {
  bool ideal = false;
  int bits = 0;            ///< 2..16 unless ideal; signed, 2^bits - 2 steps
  double defaultRange = 0; ///< full scale without calibration, > 0
  Origin origin;           ///< empty when ideal
  /// `nearest` (even) or `toward_zero`; of a DAC also `stochastic`.
  std::string rounding = "nearest";

  /// Of a DAC whose inputs are pulses of a whole number of steps, ns; else 0.
  double pulseStep = 0;

  // Of an ADC.
  /// Standard deviations over a chip's columns: of the gain around 1, and of
  /// the offset in units of the range.
  double gainSpread = 0, offsetSpread = 0;
  /// Measured ones, in the place of draws from a spread of 0.
  ColumnFigures gains, offsets;
  /// Whether gain and offset are taken away digitally, and the deviations of
  /// what is known of them from what they are.
  bool corrected = false;
  double gainResidual = 0, offsetResidual = 0;
  TransferCurve curve;
  /// Magnitude beyond which a bit line's current does not grow, in units of
  /// (input / input range) times (weight / largest weight).
  std::optional<double> saturation;
};

/// A way to drive the array, and what one MVM of a core takes in it.
struct OperatingMode {
  std::string name; ///< say "4-phase"
  /// 1: inputs and weights of both signs at once; 4: a read and a conversion
  /// for each combination of signs.
  int phases = 1;
  Figure mvmTime;   ///< ns
  Figure mvmEnergy; ///< nJ, whatever the utilisation
  /// Parts of `mvmEnergy`, nJ; nothing: not known apart from the rest. Together
  /// they are no more than it, and all three are all of it.
  std::optional<Figure> arrayEnergy, dacEnergy, adcEnergy;
};

/// Size of one crossbar and of the part of it a mapping may use.
struct Array {
  int64_t rows = 0, columns = 0;
  int64_t usableRows = 0, usableColumns = 0; ///< <= rows, columns
  /// Resistance of a bit line from one cell to the next, ohm; 0: none. Its
  /// voltage drop is subtracted from the outputs.
  double segmentResistance = 0;
  Origin origin;
};

/// The numbers of a digital unit.
struct NumberFormat {
  enum class Kind { FP32, FP16, FixedPoint };
  Kind kind = Kind::FP32;
  // Of a fixed-point unit, which computes round(x s + o) (R. Ferro et al., A
  // precision-optimized fixed-point near-memory digital processing unit for
  // analog in-memory computing, ISCAS 2024, arXiv 2402.07549).
  int valueBits = 0; ///< of x and of the result, signed integers
  int scaleIntegerBits = 0, scaleFractionBits = 0;   ///< of s, unsigned
  int offsetIntegerBits = 0, offsetFractionBits = 0; ///< of o, signed: the sign
                                                     ///< is an integer bit
};

/// A digital unit and what it can do.
struct DigitalUnit {
  std::string name;
  /// `core`: one per core, sees the outputs of that core's ADCs first;
  /// `chip`: reached by all cores.
  std::string attached;
  int64_t count = 0; ///< per core or per chip
  /// Instructions of RuntimeTable.json it can do, say "add", "cosine".
  std::vector<std::string> operations;
  NumberFormat format;
  Origin origin;               ///< of its count and operations
  Figure timePerValue;         ///< ns
  std::optional<Figure> delay; ///< ns, from the first value in to the first out
  Figure energyPerValue;       ///< pJ
  /// B, of results that wait in each unit of the chip; nothing: no limit is
  /// known. Those of a unit of a core wait in the core's buffer.
  std::optional<Figure> buffer;
};

/// What moving data from core to core takes. A link carries one stream of bytes
/// each way.
struct Links {
  Figure timePerByte; ///< ns
  Figure timePerHop;  ///< ns, from a core to the next one
  /// ns, from a partial sum of a core to its sum with that of the next one.
  std::optional<Figure> partialSumDelay;
  /// pJ; nothing: what links take is in other figures, or not known.
  std::optional<Figure> energyPerByte;
};

/// A figure and the path of its field, say "adc.bits".
struct NamedFigure {
  std::string path;
  Figure figure;
};

/// A whole chip or system of equal chips.
struct TargetDescription {
  std::string name;
  std::string summary;
  Array array;
  int64_t coreRows = 0, coreColumns = 0; ///< grid of cores on a chip
  Origin coreOrigin;
  int64_t chips = 0;
  std::optional<Figure> area;        ///< mm2, of a chip
  std::optional<Figure> staticPower; ///< mW, of a core with tiles
  /// B, of results that wait in a core; nothing: no limit is known.
  std::optional<Figure> coreBuffer;
  Converter dac, adc;
  DeviceModel device;
  std::vector<DigitalUnit> units;
  std::optional<Links> links;       ///< nothing: moving data is not charged
  std::vector<OperatingMode> modes; ///< at least one
  std::string mode;                 ///< name of the one in use

  /// The mode in use; one phase and no figures if there is none.
  const OperatingMode &operatingMode() const;

  /// Chooses one of the modes. On an unknown name changes nothing and returns
  /// one sentence without a subject ("expects one of ..., but got 'x'").
  std::string selectMode(const std::string &name);

  /// Every figure above that has a provenance, in the order of the file, for
  /// reports; a list of coefficients is given by its first one. Values without
  /// a unit have the unit "1".
  std::vector<NamedFigure> figures;

  int64_t cores() const { return coreRows * coreColumns; }

  /// Reads a description. On error returns nothing and sets `error` to one
  /// sentence that names the field, say
  /// "field 'adc.bits' expects an integer from 2 to 16, but got 40".
  static std::optional<TargetDescription> parse(std::string_view json,
                                                std::string &error);

  /// Reads the built-in target of that name, else the file at that path, and
  /// gives its text in `jsonText` if set. Errors as `parse`, with the file's
  /// name before them.
  static std::optional<TargetDescription> load(std::string_view nameOrPath,
                                               std::string &error,
                                               std::string *jsonText = nullptr);

  /// The JSON text of a built-in target, say `hermes`, or nothing.
  static std::optional<std::string_view> builtin(std::string_view name);

  /// Names of the built-in targets, sorted.
  static std::vector<std::string> builtinNames();
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_TARGETDESCRIPTION_H
