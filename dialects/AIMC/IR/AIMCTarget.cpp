//===- AIMCTarget.cpp - The target attribute -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `#aimc.target`: a target description as a dictionary, read from JSON and
// given back as JSON. The runtime library alone knows the schema.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"
#include "AIMC/IR/Verification.h"
#include "aimc/Runtime/TargetFile.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace aimc;

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

/// Turns a JSON value into an attribute; null for JSON's null.
static Attribute fromJson(const llvm::json::Value &value, Builder &builder) {
  if (std::optional<bool> flag = value.getAsBoolean())
    return builder.getBoolAttr(*flag);
  if (value.kind() == llvm::json::Value::Number) {
    // An integer stays one, so that it prints as in the file.
    if (std::optional<int64_t> integer = value.getAsInteger();
        integer && static_cast<double>(*integer) == *value.getAsNumber())
      return builder.getI64IntegerAttr(*integer);
    return builder.getF64FloatAttr(*value.getAsNumber());
  }
  if (std::optional<llvm::StringRef> text = value.getAsString())
    return builder.getStringAttr(*text);
  if (const llvm::json::Array *array = value.getAsArray()) {
    SmallVector<Attribute> elements;
    for (const llvm::json::Value &element : *array) {
      elements.push_back(fromJson(element, builder));
      if (!elements.back())
        return {};
    }
    return builder.getArrayAttr(elements);
  }
  if (const llvm::json::Object *object = value.getAsObject()) {
    NamedAttrList fields;
    for (const auto &[key, field] : *object) {
      Attribute attribute = fromJson(field, builder);
      if (!attribute)
        return {};
      fields.append(llvm::StringRef(key), attribute);
    }
    return fields.getDictionary(builder.getContext());
  }
  return {};
}

/// Writes an attribute as JSON. Returns whether it is of a kind JSON has.
static bool toJson(Attribute attribute, llvm::json::OStream &json) {
  if (auto flag = dyn_cast<BoolAttr>(attribute)) {
    json.value(flag.getValue());
    return true;
  }
  if (auto integer = dyn_cast<IntegerAttr>(attribute)) {
    json.value(integer.getValue().getSExtValue());
    return true;
  }
  if (auto number = dyn_cast<FloatAttr>(attribute)) {
    json.value(number.getValueAsDouble());
    return true;
  }
  if (auto text = dyn_cast<StringAttr>(attribute)) {
    json.value(text.getValue());
    return true;
  }
  bool known = true;
  if (auto array = dyn_cast<ArrayAttr>(attribute)) {
    json.array([&] {
      for (Attribute element : array)
        known &= toJson(element, json);
    });
    return known;
  }
  if (auto dictionary = dyn_cast<DictionaryAttr>(attribute)) {
    json.object([&] {
      for (NamedAttribute field : dictionary) {
        json.attributeBegin(field.getName());
        known &= toJson(field.getValue(), json);
        json.attributeEnd();
      }
    });
    return known;
  }
  json.value(nullptr);
  return false;
}

/// The description as JSON; nothing when it holds what JSON cannot.
static std::optional<std::string> toJson(DictionaryAttr description) {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::json::OStream json(os);
  if (!toJson(description, json))
    return std::nullopt;
  return text;
}

//===----------------------------------------------------------------------===//
// TargetAttr
//===----------------------------------------------------------------------===//

LogicalResult
TargetAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                   DictionaryAttr description) {
  std::optional<std::string> json = toJson(description);
  if (!json)
    return emitError() << "expects numbers, strings, booleans, arrays and "
                          "dictionaries in #aimc.target, but got "
                       << description;
  std::string error;
  if (!runtime::TargetDescription::parse(*json, error))
    return emitError() << "in #aimc.target: " << error;
  return success();
}

llvm::StringRef TargetAttr::getName() {
  return getDescription().getAs<StringAttr>("name").getValue();
}

bool TargetAttr::isSameBut(llvm::StringRef field, TargetAttr other) {
  auto without = [&](TargetAttr target) {
    NamedAttrList fields(target.getDescription());
    fields.erase(field);
    return fields.getDictionary(getContext());
  };
  return without(*this) == without(other);
}

TargetAttr TargetAttr::withMode(llvm::StringRef mode) {
  NamedAttrList fields(getDescription());
  fields.set("mode", StringAttr::get(getContext(), mode));
  return get(getContext(), fields.getDictionary(getContext()));
}

std::string TargetAttr::getJson() { return *toJson(getDescription()); }

const runtime::TargetDescription &TargetAttr::getTarget() {
  return getContext()->getLoadedDialect<AIMCDialect>()->getTargetDescription(
      *this);
}

const runtime::TargetDescription &
AIMCDialect::getTargetDescription(TargetAttr target) {
  std::lock_guard<llvm::sys::Mutex> lock(targetsMutex);
  std::unique_ptr<runtime::TargetDescription> &entry = targets[target];
  if (!entry) {
    std::string error;
    entry = std::make_unique<runtime::TargetDescription>(
        *runtime::TargetDescription::parse(target.getJson(), error));
  }
  return *entry;
}

FailureOr<TargetAttr> TargetAttr::load(llvm::StringRef nameOrPath,
                                       Location loc) {
  std::string error, text;
  runtime::TextPlace place;
  if (!runtime::loadTarget(nameOrPath.str(), error, place, &text)) {
    if (place.line)
      loc = FileLineColLoc::get(loc.getContext(), nameOrPath, place.line,
                                place.column);
    emitError(loc) << error;
    return failure();
  }
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(text);
  if (!value) {
    emitError(loc) << "target '" << nameOrPath
                   << "': " << llvm::toString(value.takeError());
    return failure();
  }
  Builder builder(loc.getContext());
  auto description =
      dyn_cast_or_null<DictionaryAttr>(fromJson(*value, builder));
  if (!description) {
    emitError(loc) << "target '" << nameOrPath
                   << "' expects an object without null values";
    return failure();
  }
  TargetAttr target =
      getChecked([&] { return emitError(loc); }, loc.getContext(), description);
  if (!target)
    return failure();
  return target;
}

TargetAttr TargetAttr::lookup(Operation *op) {
  auto module = dyn_cast<ModuleOp>(op);
  if (!module)
    module = op->getParentOfType<ModuleOp>();
  return module ? module->getAttrOfType<TargetAttr>(targetAttrName)
                : TargetAttr();
}

//===----------------------------------------------------------------------===//
// Checks against the target
//===----------------------------------------------------------------------===//

LogicalResult aimc::verifyUnit(Operation *op, llvm::StringRef unit) {
  TargetAttr target = TargetAttr::lookup(op);
  if (!target)
    return success();
  const auto &units = target.getTarget().units;
  if (llvm::any_of(units, [&](const auto &each) { return each.name == unit; }))
    return success();
  InFlightDiagnostic diag =
      op->emitOpError("expects a digital unit of target '")
      << target.getName() << "' (";
  llvm::interleaveComma(units, diag,
                        [&](const auto &each) { diag << each.name; });
  return diag << "), but got '" << unit << "'";
}
