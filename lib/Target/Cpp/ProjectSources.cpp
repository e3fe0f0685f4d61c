//===- ProjectSources.cpp - Sources of a project --------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The header with the class and the functions, their source, the tables, and
// the weights as a file of assembly.
//
//===----------------------------------------------------------------------===//

#include "Target/Cpp/CppTables.h"
#include "Target/Cpp/ProjectPrinter.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace aimc;
using llvm::formatv;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// model.h
//===----------------------------------------------------------------------===//

std::string ProjectPrinter::describeArrays(unsigned indent) const {
  auto describe = [&](const CppSignature::Array &array, const char *what) {
    std::string text =
        formatv("- `{0}`, {1}: {2}", array.name, what, array.shape).str();
    if (array.isMade)
      text += " (?: known after the run)";
    return comment(indent, text);
  };
  std::string text;
  for (const CppSignature::Array &input : signature.getInputs())
    text += describe(input, "argument");
  for (const CppSignature::Array &output : signature.getOutputs())
    text += describe(output, "result");
  return text;
}

std::string ProjectPrinter::printParameters(StringRef head, bool isMethod,
                                            unsigned indent,
                                            StringRef tail) const {
  std::vector<std::string> parameters = signature.getParameters(isMethod);
  if (!isMethod)
    parameters.insert(parameters.begin(), "aimc_instance *instance");
  parameters.push_back(isMethod ? "std::uint64_t first_vector = 0"
                                : "uint64_t first_vector");
  std::string text;
  llvm::raw_string_ostream os(text);
  printWrapped(os, indent, head, parameters, tail, /*isDeclaration=*/true);
  return text;
}

/// The method of the class.
std::string ProjectPrinter::printMethod() const {
  std::string text =
      printParameters("void run", /*isMethod=*/true, 2, " const {");
  // All results have owners before one is copied, which may throw.
  for (const CppSignature::Array &output : signature.getOutputs())
    if (output.isMade)
      text += formatv(R"(    aimc_result {0}_made = {{};
    const std::unique_ptr<aimc_result, Deleter> {0}_owner(&{0}_made);
)",
                      output.name);
  std::vector<std::string> arguments = signature.getArguments();
  arguments.insert(arguments.begin(), "instance.get()");
  arguments.push_back("first_vector");
  llvm::raw_string_ostream os(text);
  // clang-format leaves the call whole where that takes a line alone.
  const std::string margin(4, ' '), check = margin + "check(";
  const std::string call =
      fill("@FUNCTION@(") + llvm::join(arguments, ", ") + "));";
  if (check.size() + call.size() > 80 && 2 * margin.size() + call.size() <= 80)
    os << check << "\n" << margin << margin << call << "\n";
  else
    printWrapped(os, 4, fill("check(@FUNCTION@"), arguments, ");");
  for (const CppSignature::Array &output : signature.getOutputs())
    if (output.isMade)
      os << "    " << output.name << " = copy(" << output.name << "_made);\n";
  os << "  }\n";
  return text;
}

std::string ProjectPrinter::printHeader() {
  std::string text =
      comment(0,
              fill("The model '@ENTRY@' as a C function and a C++ class. "
                   "Emitted by aimcc; do not edit. Link with the library "
                   "'@NAME@' of the CMakeLists.txt beside this file."),
              "//") +
      fill(R"(
#ifndef @GUARD@
#define @GUARD@

#include "aimc/Runtime/Model.h"

#include <stddef.h>

#ifdef __cplusplus
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
)");
  if (signature.makesResults())
    text += "#include <vector>\n";
  text += fill(R"(
extern "C" {
#endif

)");
  text +=
      comment(0, "The model, compiled: what the functions of "
                 "aimc/Runtime/Model.h and aimc_main take. Null after an "
                 "error (aimc_last_error).") +
      fill("const aimc_model *@NAME@_model(void);\n\n") +
      comment(0,
              "Programs the model on a device; null after an error "
              "(aimc_last_error). Null options and AIMC_OPTIONS_INIT give the "
              "defaults: device exact, seeds 0, all threads. Free it "
              "with aimc_destroy.") +
      fill("aimc_instance *@NAME@_create(const aimc_options *options);\n\n");
  std::string call = "Runs '" + escapeCpp(model.name) +
                     "' on arrays of FP32, row-major and contiguous, in the "
                     "units that the model was written for. Values must be "
                     "finite; results overlap no other array.";
  text += comment(0, call) + "///\n" + describeArrays(0) + "///\n";
  std::string rest =
      "`first_vector` is 0, or the index of row 0 in the whole data set when "
      "that is run in pieces; it keys the noise of device simulator. Returns "
      "0, or what aimc_run returns after an error (aimc_last_error).";
  if (signature.makesResults())
    rest += " Results that are known after the run are to be freed with "
            "aimc_free_result.";
  text += comment(0, rest) + printParameters("int " + fill("@FUNCTION@"),
                                             /*isMethod=*/false, 0, ";");
  text += fill(R"(
#ifdef __cplusplus
} // extern "C"

namespace @NAME@_cpp {

)");
  if (signature.makesResults())
    text += R"(/// A result whose sizes are known after the run; row-major.
struct Array {
  std::vector<float> values;
  std::vector<std::size_t> sizes;
};

)";
  text +=
      R"(/// The model programmed on a device. Methods may be called from several
/// threads; runs wait for each other. Errors are std::runtime_error with one
/// sentence.
class Model {
public:
  /// Programs the model as the options say, which are not kept.
  explicit Model(const aimc_options &options = {})
)";
  text += fill("      : instance(@NAME@_create(&options)) {\n");
  text += R"(    check(instance == nullptr);
  }

)";
  text += comment(2, "Runs the model; see " + fill("@FUNCTION@") + ".") +
          "  ///\n" + describeArrays(2) + printMethod();
  text += R"(
private:
  struct Deleter {
    void operator()(aimc_instance *owned) const { aimc_destroy(owned); }
)";
  if (signature.makesResults())
    text += "    void operator()(aimc_result *owned) const { "
            "aimc_free_result(owned); }\n";
  text += R"(  };

  static void check(int failed) {
    if (failed)
      throw std::runtime_error(aimc_last_error());
  }

)";
  if (signature.makesResults())
    text += R"(  /// Copies a result that a run made.
  static Array copy(const aimc_result &result) {
    std::size_t count = 1;
    Array array;
    for (int32_t i = 0; i < result.rank; ++i) {
      array.sizes.push_back(static_cast<std::size_t>(result.sizes[i]));
      count *= array.sizes.back();
    }
    array.values.assign(result.values, result.values + count);
    return array;
  }

)";
  return text + fill(R"(  std::unique_ptr<aimc_instance, Deleter> instance;
};

} // namespace @NAME@_cpp
#endif // __cplusplus

#endif // @GUARD@
)");
}

//===----------------------------------------------------------------------===//
// model.cpp
//===----------------------------------------------------------------------===//

/// A row of a table: an array with its values, rank and sizes.
static void printArray(llvm::raw_ostream &os,
                       const CppSignature::Array &array) {
  const std::string &values = array.name;
  const std::string rank = std::to_string(array.sizes.size());
  std::string row = formatv("      {{{0}, {1}, {{{2}}},", values, rank,
                            llvm::join(array.sizes, ", "))
                        .str();
  if (row.size() <= 80) {
    os << row << "\n";
    return;
  }
  os << "      {" << values << ",\n       " << rank << ",\n";
  std::string line = "       {";
  for (auto [index, size] : llvm::enumerate(array.sizes)) {
    const bool isLast = index + 1 == array.sizes.size();
    const std::string text = size + (isLast ? "}}," : ",");
    if (index != 0 && line.size() + 1 + text.size() > 80) {
      os << line << "\n";
      line = "        ";
    } else if (index != 0) {
      line += ' ';
    }
    line += text;
  }
  os << line << "\n";
}

/// The table of all arguments or results; one that a run makes is all zero.
static void printArrays(llvm::raw_ostream &os, StringRef head,
                        llvm::ArrayRef<CppSignature::Array> arrays) {
  if (arrays.empty())
    return;
  // Of more rows than this clang-format may make columns.
  const bool isLong = arrays.size() > 4;
  if (isLong)
    os << "  // clang-format off\n";
  os << "  " << head << "[] = {\n";
  for (const CppSignature::Array &array : arrays)
    if (array.isMade)
      os << "      {nullptr, 0, {}},\n";
    else
      printArray(os, array);
  os << "  };\n";
  if (isLong)
    os << "  // clang-format on\n";
}

std::string ProjectPrinter::printSource() {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << comment(0,
                fill("The functions of the model '@ENTRY@'. Emitted by aimcc; "
                     "do not edit."),
                "//")
     << "\n#include \"model.h\"\n#include \"model_tables.h\"\n";
  if (hasWeights() && options.weights == WeightStorage::SideFile)
    os << "\n#include \"aimc/Runtime/Weights.h\"\n";
  printCppHeaders(parts.functionText, os);
  os << "namespace {\n\n";
  printCppFunctions(parts, os);
  os << fill(R"(
// What loads this library without its header asks for the model by this name;
// weak, so that several models can be in one program.
extern "C" __attribute__((weak)) const aimc_model *aimc_library_model() {
  return @NAME@_model();
}

aimc_instance *@NAME@_create(const aimc_options *options) {
  return aimc_create(@NAME@_model(), options);
}

)");
  os << printParameters("int " + fill("@FUNCTION@"), /*isMethod=*/false, 0,
                        " {");
  printArrays(os, "const aimc_argument arguments", signature.getInputs());
  printArrays(os, "aimc_result results", signature.getOutputs());
  std::string call =
      formatv("aimc_run(instance, first_vector, {0}, {1})",
              signature.getInputs().empty() ? "nullptr" : "arguments",
              signature.getOutputs().empty() ? "nullptr" : "results");
  if (!signature.makesResults()) {
    os << "  return " << call << ";\n}\n";
    return text;
  }
  os << "  if (const int failed = " << call << ")\n    return failed;\n";
  for (const auto &[index, output] : llvm::enumerate(signature.getOutputs()))
    if (output.isMade)
      os << "  *" << output.name << " = results[" << index << "];\n";
  os << "  return 0;\n}\n";
  return text;
}

std::string ProjectPrinter::printTables() {
  std::string text =
      comment(
          0,
          fill("The tables of the model '@ENTRY@', for model.cpp alone: the "
               "hardware, tiles, programs of digital units, arguments and "
               "results. Emitted by aimcc; do not edit."),
          "//") +
      fill("\n#ifndef @TABLES_GUARD@\n#define @TABLES_GUARD@\n\n"
           "#include \"aimc/Runtime/ABI.h\"\n");
  llvm::raw_string_ostream os(text);
  printCppHeaders(parts.tableText, os);
  os << "namespace {\n\n"
     << parts.tableText << "} // namespace\n\n"
     << fill("#endif // @TABLES_GUARD@\n");
  return text;
}

std::string ProjectPrinter::printAssembly() {
  std::string text = fill(
      R"(/* The weights of the model '@NAME@', @SIZE@ bytes of FP32. Emitted by aimcc. */

#ifndef AIMC_WEIGHTS_FILE
#define AIMC_WEIGHTS_FILE )");
  return text + toCppString(options.weightsFile) + fill(R"(
#endif

        .section .rodata, "a"
        .balign 64
        .globl @NAME@_weights
        .hidden @NAME@_weights
        .type @NAME@_weights, %object
        .size @NAME@_weights, @SIZE@
@NAME@_weights:
        .incbin AIMC_WEIGHTS_FILE, 0, @SIZE@

        .section .note.GNU-stack, "", %progbits
)");
}
