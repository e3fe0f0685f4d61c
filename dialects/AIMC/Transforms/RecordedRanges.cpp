//===- RecordedRanges.cpp - The file of recorded ranges -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads recorded ranges from JSON and mistrusts each field.
//
//===----------------------------------------------------------------------===//

#include "AIMC/Transforms/RecordedRanges.h"

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <cmath>

using namespace aimc;
using llvm::StringRef;
using llvm::Twine;

namespace {

/// Reads fields and keeps the first error.
class Reader {
public:
  explicit Reader(std::string &error) : error(error) {}

  bool failed() const { return hasFailed; }

  /// Keeps "field 'path' expects X, but got Y" unless there is an error.
  void fail(const Twine &path, const Twine &expected, const Twine &got) {
    if (hasFailed)
      return;
    hasFailed = true;
    error =
        ("field '" + path + "' expects " + expected + ", but got " + got).str();
  }

  void fail(const Twine &path, const Twine &expected,
            const llvm::json::Value *got) {
    if (!got)
      return fail(path, expected, "none");
    std::string text = llvm::formatv("{0}", *got);
    constexpr size_t longest = 40;
    if (text.size() > longest)
      text = text.substr(0, longest) + "...";
    fail(path, expected, text);
  }

  /// An integer that is at least `least`.
  int64_t readInteger(const llvm::json::Value *value, const Twine &path,
                      int64_t least) {
    std::optional<int64_t> integer =
        value ? value->getAsInteger() : std::nullopt;
    if (integer && *integer >= least)
      return *integer;
    fail(path, "an integer of at least " + Twine(least), value);
    return least;
  }

  /// A finite number.
  double readNumber(const llvm::json::Value *value, const Twine &path) {
    std::optional<double> number = value ? value->getAsNumber() : std::nullopt;
    if (number && std::isfinite(*number))
      return *number;
    fail(path, "a finite number", value);
    return 0;
  }

  /// A finite number that is not negative.
  double readMagnitude(const llvm::json::Value *value, const Twine &path) {
    double number = readNumber(value, path);
    if (number < 0)
      fail(path, "a number of at least 0", value);
    return number;
  }

  RecordedValues readValues(const llvm::json::Value *value, StringRef path);
  RecordedSite readSite(const llvm::json::Object &object, StringRef path);

private:
  std::string &error;
  bool hasFailed = false;
};

} // namespace

static std::string formatNumber(double number) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%g", number);
  return text;
}

RecordedValues Reader::readValues(const llvm::json::Value *value,
                                  StringRef path) {
  RecordedValues values;
  const llvm::json::Object *object = value ? value->getAsObject() : nullptr;
  if (!object) {
    fail(path, "an object", value);
    return values;
  }
  values.count = readInteger(object->get("count"), path + ".count", 1);
  values.max = readMagnitude(object->get("max"), path + ".max");
  values.mean = readNumber(object->get("mean"), path + ".mean");
  values.deviation =
      readMagnitude(object->get("deviation"), path + ".deviation");
  const llvm::json::Value *width = object->get("bin_width");
  values.binWidth = readNumber(width, path + ".bin_width");
  if (values.binWidth <= 0)
    fail(path + ".bin_width", "a number greater than 0", width);

  const llvm::json::Value *histogram = object->get("histogram");
  const llvm::json::Array *bins = histogram ? histogram->getAsArray() : nullptr;
  // Far more than a recorder writes; bounds the time of choosing a range.
  constexpr size_t maxBins = 1 << 20;
  if (!bins || bins->empty() || bins->size() > maxBins) {
    fail(path + ".histogram", "an array of 1 to " + Twine(maxBins) + " bins",
         bins ? Twine(bins->size()).str() : "none");
    return values;
  }
  int64_t left = values.count;
  for (size_t i = 0; i < bins->size() && !failed(); ++i) {
    std::string binPath = (path + ".histogram[" + Twine(i) + "]").str();
    int64_t inBin = readInteger(&(*bins)[i], binPath, 0);
    values.histogram.push_back(inBin);
    if (inBin > left)
      fail(path + ".histogram",
           "values that add up to count " + Twine(values.count), "more");
    left -= inBin;
  }
  if (left > 0)
    fail(path + ".histogram",
         "values that add up to count " + Twine(values.count),
         Twine(values.count - left));
  // The largest magnitude is in the last bin, but for rounding.
  constexpr double tolerance = 1e-5;
  double end = static_cast<double>(bins->size()) * values.binWidth;
  if (values.max > end * (1 + tolerance) ||
      values.max < (end - values.binWidth) * (1 - tolerance))
    fail(path + ".max",
         "a magnitude in the last bin, from " +
             formatNumber(end - values.binWidth) + " to " + formatNumber(end),
         formatNumber(values.max));
  return values;
}

RecordedSite Reader::readSite(const llvm::json::Object &object,
                              StringRef path) {
  RecordedSite site;
  std::optional<StringRef> matrix = object.getString("matrix");
  if (!matrix)
    fail(path + ".matrix", "a string", object.get("matrix"));
  else
    site.matrix = matrix->str();
  site.vectors = readInteger(object.get("vectors"), path + ".vectors", 0);
  // A site that was not reached has no values.
  if (site.vectors == 0 || failed())
    return site;
  site.input = readValues(object.get("input"), (path + ".input").str());
  site.output = readValues(object.get("output"), (path + ".output").str());
  return site;
}

/// Whether brackets are nested deeper than any file of ranges: the JSON parser
/// recurses and would run out of stack.
static bool isTooDeep(StringRef text) {
  constexpr int deepest = 64;
  int depth = 0;
  bool inString = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (inString) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        inString = false;
    } else if (c == '"') {
      inString = true;
    } else if (c == '[' || c == '{') {
      if (++depth > deepest)
        return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

std::optional<RecordedRanges> aimc::parseRecordedRanges(StringRef text,
                                                        std::string &error) {
  if (isTooDeep(text)) {
    error = "expects recorded ranges, but got arrays or objects nested more "
            "than 64 deep";
    return std::nullopt;
  }
  llvm::Expected<llvm::json::Value> root = llvm::json::parse(text);
  if (!root) {
    error =
        "expects JSON, but got an error at " + llvm::toString(root.takeError());
    return std::nullopt;
  }
  Reader reader(error);
  const llvm::json::Object *object = root->getAsObject();
  if (!object) {
    error = "expects an object at the top, but got another value";
    return std::nullopt;
  }
  constexpr int64_t version = 1;
  if (object->getInteger("version") != version) {
    reader.fail("version", Twine(version), object->get("version"));
    return std::nullopt;
  }
  const llvm::json::Array *sites = object->getArray("sites");
  if (!sites) {
    reader.fail("sites", "an array", object->get("sites"));
    return std::nullopt;
  }
  RecordedRanges ranges;
  for (size_t i = 0; i < sites->size(); ++i) {
    std::string path = ("sites[" + Twine(i) + "]").str();
    const llvm::json::Object *entry = (*sites)[i].getAsObject();
    if (!entry) {
      reader.fail(path, "an object", &(*sites)[i]);
      return std::nullopt;
    }
    int64_t number = reader.readInteger(entry->get("site"), path + ".site", 0);
    auto [position, isNew] =
        ranges.try_emplace(number, reader.readSite(*entry, path));
    if (!isNew)
      reader.fail(path + ".site", "each site once",
                  "site " + Twine(number) + " again");
    if (reader.failed())
      return std::nullopt;
  }
  return ranges;
}
