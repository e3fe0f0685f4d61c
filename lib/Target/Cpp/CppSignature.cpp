//===- CppSignature.cpp - How an emitted function takes arrays ------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names and sizes.
//
//===----------------------------------------------------------------------===//

#include "Target/Cpp/CppSignature.h"

#include "Runtime/Devices/Sizes.h"
#include "Runtime/Runner/Blocks.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace aimc;

std::string aimc::toCppIdentifier(llvm::StringRef text, llvm::StringRef other) {
  std::string result;
  for (char c : text)
    if (llvm::isAlnum(c))
      result += c;
    else if (!result.empty() && result.back() != '_')
      result += '_';
  while (!result.empty() && result.back() == '_')
    result.pop_back();
  if (result.empty())
    return other.str();
  // The runtime's names begin with aimc; the first function of these threads
  // and timers is NAME_create.
  static const llvm::StringSet<> taken = {"pthread", "thrd", "timer"};
  if (llvm::isDigit(result.front()) ||
      llvm::StringRef(result).starts_with("aimc") || taken.contains(result))
    return (other + "_" + result).str();
  return result;
}

/// Whether a parameter cannot have this name: keywords of C and C++, common
/// macros, and what emitted functions use.
static bool isReserved(llvm::StringRef name) {
  // As macros are spelt.
  if (name.size() > 1 && !llvm::any_of(name, llvm::isLower))
    return true;
  static const llvm::StringSet<> reserved = {
      // Keywords.
      "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor",
      "bool", "break", "case", "catch", "char", "char8_t", "char16_t",
      "char32_t", "class", "compl", "concept", "const", "const_cast",
      "consteval", "constexpr", "constinit", "continue", "co_await",
      "co_return", "co_yield", "decltype", "default", "delete", "do", "double",
      "dynamic_cast", "else", "enum", "explicit", "export", "extern", "false",
      "float", "for", "friend", "goto", "if", "inline", "int", "long",
      "mutable", "namespace", "new", "noexcept", "not", "not_eq", "nullptr",
      "operator", "or", "or_eq", "private", "protected", "public", "register",
      "reinterpret_cast", "requires", "restrict", "return", "short", "signed",
      "sizeof", "static", "static_assert", "static_cast", "struct", "switch",
      "template", "this", "thread_local", "throw", "true", "try", "typedef",
      "typeid", "typename", "typeof", "union", "unsigned", "using", "virtual",
      "void", "volatile", "wchar_t", "while", "xor", "xor_eq",
      // Macros.
      "NULL", "EOF", "errno", "assert", "stdin", "stdout", "stderr", "linux",
      "unix", "I", "complex", "imaginary", "offsetof", "signbit", "isnan",
      "isinf", "isfinite",
      // What is used.
      "fprintf", "printf", "int8_t", "int16_t", "uint8_t", "uint16_t", "std",
      "size_t", "int32_t", "int64_t", "uint32_t", "uint64_t", "malloc",
      "calloc", "free", "main"};
  return reserved.contains(name);
}

/// What a project names itself, behind its own name and an underscore.
static constexpr llvm::StringLiteral ProjectNames[] = {
    "create", "destroy", "model", "weights", "cpp"};

/// The name, followed by an underscore where a project has it.
static std::string avoidProjectNames(std::string name) {
  return llvm::is_contained(ProjectNames, name) ? name + "_" : name;
}

CppSignature::CppSignature(const aimc_model &model)
    : shares(runtime::takesBlocks(model)),
      function(avoidProjectNames(toCppIdentifier(model.name, "run"))) {
  // What the functions themselves name.
  llvm::StringSet<> used = {
      "n",        "instance", "first_vector", "check",    "arguments",
      "results",  "model",    "copy",         "run",      "target",
      "programs", "view",     "outputTable",  "allocate", "inputTable",
      "options",  "failed"};
  auto make = [&](const std::string &text) {
    std::string name = toCppIdentifier(text, "array");
    // Functions of the project begin with its name, which is not known here.
    auto isOfProject = [&](llvm::StringRef other) {
      return llvm::StringRef(name).ends_with(("_" + other).str());
    };
    if (isReserved(name) || isOfProject(function) ||
        llvm::any_of(ProjectNames, isOfProject))
      name += "_";
    const std::string start = name;
    // A result that the run makes has these of its own.
    auto isUsed = [&] {
      return used.contains(name) || used.contains(name + "_made") ||
             used.contains(name + "_owner");
    };
    for (int number = 2; isUsed(); ++number)
      name = start + "_" + std::to_string(number);
    for (const char *ending : {"", "_made", "_owner"})
      used.insert(name + ending);
    return name;
  };
  for (int64_t i = 0; i < model.input_count; ++i) {
    std::string name = make(model.inputs[i].name);
    std::vector<std::string> &names = sizeNames.emplace_back();
    const runtime::Sizes sizes = runtime::sizesOf(model.inputs[i]);
    for (size_t d = 0; d < sizes.size() && !shares; ++d)
      if (sizes[d] < 0)
        names.push_back(
            make(sizes.size() == 2 && d == 0 && !model.inputs[i].sizes
                     ? name + "_rows"
                     : name + "_size" + std::to_string(d)));
    inputs.push_back(describe(model.inputs[i], name, /*isInput=*/true));
  }
  for (int64_t i = 0; i < model.output_count; ++i)
    outputs.push_back(describe(model.outputs[i], make(model.outputs[i].name),
                               /*isInput=*/false));
}

CppSignature::Array CppSignature::describe(const aimc_parameter &parameter,
                                           const std::string &name,
                                           bool isInput) {
  Array array;
  array.name = name;
  std::vector<std::string> shape, factors;
  size_t next = 0;
  for (int64_t size : runtime::sizesOf(parameter)) {
    if (size >= 0) {
      shape.push_back(std::to_string(size));
      factors.push_back(shape.back());
      array.sizes.push_back(shape.back());
      continue;
    }
    std::string text = "?";
    if (shares)
      text = "n";
    else if (isInput)
      text = sizeNames.back()[next++];
    else
      array.isMade = true;
    shape.push_back(text);
    factors.push_back(text);
    array.sizes.push_back("static_cast<int64_t>(" + text + ")");
  }
  array.shape = shape.empty() ? "a single value" : llvm::join(shape, " x ");
  array.count = factors.empty() ? "1" : llvm::join(factors, " * ");
  return array;
}

bool CppSignature::makesResults() const {
  return llvm::any_of(outputs, [](const Array &array) { return array.isMade; });
}

std::vector<std::string> CppSignature::getParameters(bool isMethod) const {
  const std::string size = isMethod ? "std::size_t " : "size_t ";
  std::vector<std::string> parameters;
  for (const auto &[input, names] : llvm::zip_equal(inputs, sizeNames)) {
    parameters.push_back("const float *" + input.name);
    for (const std::string &name : names)
      parameters.push_back(size + name);
  }
  if (shares)
    parameters.push_back(size + "n");
  for (const Array &output : outputs)
    parameters.push_back((!output.isMade ? "float *"
                          : isMethod     ? "Array &"
                                         : "aimc_result *") +
                         output.name);
  return parameters;
}

std::vector<std::string> CppSignature::getArguments() const {
  std::vector<std::string> arguments;
  for (const auto &[input, names] : llvm::zip_equal(inputs, sizeNames)) {
    arguments.push_back(input.name);
    llvm::append_range(arguments, names);
  }
  if (shares)
    arguments.push_back("n");
  for (const Array &output : outputs)
    arguments.push_back(output.isMade ? "&" + output.name + "_made"
                                      : output.name);
  return arguments;
}

std::vector<std::string> CppSignature::getSizeNames() const {
  std::vector<std::string> result;
  for (const std::vector<std::string> &names : sizeNames)
    llvm::append_range(result, names);
  if (shares)
    result.push_back("n");
  return result;
}
