//===- CppProject.cpp - Models as projects --------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The texts are templates with words between @ signs, as in CMake's.
//
//===----------------------------------------------------------------------===//

#include "Target/Cpp/CppProject.h"

#include "Runtime/Devices/Sizes.h"
#include "Target/Cpp/CppSignature.h"
#include "Target/Cpp/CppTables.h"
#include "aimc/Runtime/TargetDescription.h"

#include "llvm/ADT/SmallSet.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <cstring>
#include <map>

using namespace mlir;
using namespace aimc;
using llvm::formatv;
using llvm::StringRef;

namespace {
/// Prints the files of one project.
class ProjectPrinter {
public:
  ProjectPrinter(const CppParts &parts, const CppProjectOptions &options);

  std::string printHeader();
  std::string printSource();
  std::string printTables();
  std::string printAssembly();
  std::string printCMake();
  std::string printScript();
  std::string printExports();
  std::string printReadme();
  /// `text` with the words between @ signs replaced; two are one of them.
  std::string fill(StringRef text) const;
  bool hasWeights() const { return model.matrix_count != 0; }

private:
  std::string describeArrays(unsigned indent) const;
  std::string printParameters(StringRef head, bool isMethod, unsigned indent,
                              StringRef tail) const;
  std::string printMethod() const;
  std::string describeChip() const;

  const CppParts &parts;
  const aimc_model &model;
  const CppProjectOptions &options;
  CppSignature signature;
  std::map<std::string, std::string, std::less<>> words;
};
} // namespace

ProjectPrinter::ProjectPrinter(const CppParts &parts,
                               const CppProjectOptions &options)
    : parts(parts), model(parts.getModel()), options(options),
      signature(model) {
  words = {{"NAME", options.name},
           {"GUARD", StringRef(options.name).upper() + "_MODEL_H"},
           {"TABLES_GUARD", StringRef(options.name).upper() + "_TABLES_H"},
           {"FUNCTION", options.name + "_" + signature.getFunction()},
           {"ENTRY", escapeCpp(model.name)},
           {"SIZE", std::to_string(parts.weightsSize)},
           {"SUM", parts.weightsSum},
           {"VERSION", AIMC_PACKAGE_VERSION},
           {"MARK", cppProjectMark.str()}};
}

std::string ProjectPrinter::fill(StringRef text) const {
  std::string result;
  while (true) {
    auto [before, rest] = text.split('@');
    result += before;
    if (rest.empty())
      return result;
    auto [word, after] = rest.split('@');
    auto place = words.find(word);
    assert((word.empty() || place != words.end()) && "a word of the templates");
    result += word.empty() ? "@" : place->second;
    text = after;
  }
}

//===----------------------------------------------------------------------===//
// model.h
//===----------------------------------------------------------------------===//

/// Lines of a documentation comment, or of another, broken at 80 columns.
static std::string comment(unsigned indent, StringRef text,
                           StringRef start = "///") {
  std::string result;
  llvm::raw_string_ostream os(result);
  printComment(os, indent, text, start);
  return result;
}

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
      "0, or 1 after an error (aimc_last_error).";
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
  os << "  if (" << call << ")\n    return 1;\n";
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

//===----------------------------------------------------------------------===//
// CMakeLists.txt and build.sh
//===----------------------------------------------------------------------===//

std::string ProjectPrinter::printCMake() {
  const bool linked = options.weights != WeightStorage::SideFile;
  std::string text = fill(R"(@MARK@
#
# The library '@NAME@' has the functions of model.h; the program '@NAME@-run' has
# the command line of aimc-run. BUILD_SHARED_LIBS=ON makes the library one that
# Python loads.
cmake_minimum_required(VERSION 3.20)
)");
  text += fill(hasWeights() && linked ? "project(@NAME@ LANGUAGES CXX ASM)\n"
                                      : "project(@NAME@ LANGUAGES CXX)\n");
  text += R"(
# Of a project around this one, the kind of build is its own choice.
if(CMAKE_SOURCE_DIR STREQUAL CMAKE_CURRENT_SOURCE_DIR
   AND NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()
# Several models share one runtime.
if(NOT TARGET AIMC::aimc_runtime)
)";
  text += options.standalone
              ? "  add_subdirectory(runtime)\n"
              : fill("  find_package(AIMC @VERSION@ REQUIRED)\n");
  text += "endif()\n";
  if (hasWeights())
    text += fill(R"(
# Weights that are not those of the tables would give wrong results.
set(weights "${CMAKE_CURRENT_SOURCE_DIR}/@NAME@.weights")
set(sum @SUM@)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${weights}")
if(NOT EXISTS "${weights}")
  message(FATAL_ERROR "expects the file of weights '${weights}', but there is none")
endif()
file(SHA256 "${weights}" found)
if(NOT found STREQUAL sum)
  message(FATAL_ERROR "expects '${weights}' with SHA-256 ${sum}, but got ${found}")
endif()
)");
  text += fill("\nadd_library(@NAME@ model.cpp");
  text += hasWeights() && linked ? " model_weights.S)\n" : ")\n";
  if (hasWeights() && linked)
    text +=
        R"(# As a string of the preprocessor.
string(REPLACE "\\" "\\\\" path "${weights}")
string(REPLACE "\"" "\\\"" path "${path}")
set_source_files_properties(model_weights.S PROPERTIES OBJECT_DEPENDS "${weights}"
  COMPILE_DEFINITIONS "AIMC_WEIGHTS_FILE=\"${path}\"")
)";
  words["LINK"] = options.standalone
                      ? fill(R"(get_target_property(kind @NAME@ TYPE)
get_target_property(runtime AIMC::aimc_runtime TYPE)
if(kind STREQUAL SHARED_LIBRARY AND runtime STREQUAL STATIC_LIBRARY)
  # The runtime is in the library, whole, for all that link with it; its
  # functions of C are exported, and nothing else.
  target_link_libraries(@NAME@ PRIVATE AIMC::aimc_runtime)
  target_include_directories(@NAME@ PUBLIC
    $<TARGET_PROPERTY:AIMC::aimc_runtime,INTERFACE_INCLUDE_DIRECTORIES>)
  target_link_options(@NAME@ PRIVATE -Wl,--undefined=aimc_main
    -Xlinker "--version-script=${CMAKE_CURRENT_SOURCE_DIR}/exports.map")
else()
  target_link_libraries(@NAME@ PUBLIC AIMC::aimc_runtime)
endif()
)")
                      : fill("target_link_libraries(@NAME@ PUBLIC "
                             "AIMC::aimc_runtime)\n");
  text += fill(R"(target_compile_features(@NAME@ PUBLIC cxx_std_17)
target_include_directories(@NAME@ PUBLIC "${CMAKE_CURRENT_SOURCE_DIR}")
set_target_properties(@NAME@ PROPERTIES POSITION_INDEPENDENT_CODE ON)
@LINK@
add_executable(@NAME@-run main.cpp)
target_link_libraries(@NAME@-run PRIVATE @NAME@)
)");
  if (hasWeights() && !linked)
    text += fill(R"(
# The weights are looked for beside the library or program that they are of.
foreach(target @NAME@ @NAME@-run)
  add_custom_command(TARGET ${target} POST_BUILD
    COMMAND ${CMAKE_COMMAND} -E copy_if_different "${weights}" $<TARGET_FILE_DIR:${target}>
    VERBATIM)
endforeach()
)");
  return text;
}

std::string ProjectPrinter::printScript() {
  const bool linked = options.weights != WeightStorage::SideFile;
  words["OBJECTS"] =
      hasWeights() && linked ? "model.cpp model_weights.S" : "model.cpp";
  std::string text = fill(R"sh(#!/bin/sh
# Emitted by aimcc --emit=project; do not edit. Builds the program @NAME@-run and
# the libraries lib@NAME@.so and lib@NAME@.a with a C++ compiler alone, in the
# folder OUTPUT:
#   CXX=g++ CXXFLAGS=-O2 sh build.sh [OUTPUT]
set -eu
output=${1:-$(dirname "$0")/../build-@NAME@}
case $output in
/*) ;;
*) output=$PWD/$output ;;
esac
cd "$(dirname "$0")"
export CXX="${CXX:-g++}" CXXFLAGS="${CXXFLAGS:--O2}"
)sh");
  if (hasWeights())
    text += fill(R"sh(
# Weights that are not those of the tables would give wrong results.
sum=@SUM@
found=$(sha256sum < @NAME@.weights | cut -d ' ' -f 1)
if [ "$found" != "$sum" ]; then
  echo "build.sh: error: expects @NAME@.weights with SHA-256 $sum, but got $found" >&2
  exit 1
fi
)sh");
  text += fill(R"sh(
sh runtime/build.sh "$output/libaimc_runtime.a"
flags="-std=c++17 $CXXFLAGS -fPIC -Iruntime/include"
set --
for source in @OBJECTS@; do
  $CXX $flags -c $source -o "$output/$source.o"
  set -- "$@@" "$output/$source.o"
done
libraries="-pthread -ldl -Wl,--gc-sections -s"
$CXX $flags main.cpp "$@@" "$output/libaimc_runtime.a" $libraries -o "$output/@NAME@-run"
$CXX -shared "$@@" "$output/libaimc_runtime.a" $libraries \
  -Wl,--version-script=exports.map -o "$output/lib@NAME@.so"
rm -f "$output/lib@NAME@.a"
ar rcs "$output/lib@NAME@.a" "$@@"
rm "$@@"
)sh");
  if (hasWeights() && !linked)
    text += fill("# The weights are looked for beside what they are of.\n"
                 "cp @NAME@.weights \"$output\"\n");
  return text;
}

std::string ProjectPrinter::printExports() {
  return fill(
      R"(/* What a shared library with the runtime in it exports: the functions of model.h
   and those of C of the runtime's headers. Emitted by aimcc; do not edit. */
{
global:
  @NAME@_model;
  @NAME@_create;
  @FUNCTION@;
  aimc_*;
local:
  *;
};
)");
}

//===----------------------------------------------------------------------===//
// README.md
//===----------------------------------------------------------------------===//

/// The target of the model and what it takes of it.
std::string ProjectPrinter::describeChip() const {
  if (!model.target)
    return "It is compiled for no chip and runs on device `exact` alone.";
  std::string ignored;
  // The attribute of the module has been verified.
  auto target = runtime::TargetDescription::parse(model.target, ignored);
  int64_t tiles = 0;
  llvm::SmallSet<std::pair<int32_t, int32_t>, 16> cores;
  for (const aimc_matrix &matrix :
       llvm::ArrayRef(model.matrices, model.matrix_count)) {
    tiles += matrix.tile_count;
    for (const aimc_tile &tile :
         llvm::ArrayRef(matrix.tiles, matrix.tile_count))
      cores.insert({tile.chip, tile.core});
  }
  return formatv("It is compiled for `{0}`{1}: {2} on {3}.", target->name,
                 target->summary.empty() ? "" : " (" + target->summary + ")",
                 tiles == 1 ? "1 tile" : std::to_string(tiles) + " tiles",
                 cores.size() == 1 ? "1 core"
                                   : std::to_string(cores.size()) + " cores")
      .str();
}

std::string ProjectPrinter::printReadme() {
  std::string text = fill("# @NAME@\n\nThe model `@ENTRY@`, emitted by `aimcc "
                          "--emit=project`. ") +
                     describeChip() +
                     "\n\n| array | sizes (FP32, row-major) |\n|---|---|\n";
  auto addRow = [&](const CppSignature::Array &array, const char *what) {
    text += formatv("| {0} `{1}` | {2} |\n", what, array.name, array.shape);
  };
  for (const CppSignature::Array &input : signature.getInputs())
    addRow(input, "argument");
  for (const CppSignature::Array &output : signature.getOutputs())
    addRow(output, "result");
  text += hasWeights()
              ? fill("\n`@NAME@.weights` has the @SIZE@ bytes of weights, ") +
                    (options.weights == WeightStorage::SideFile
                         ? "which must stand beside the program or library; "
                           "its SHA-256 is checked when it\nis loaded.\n"
                         : "which are linked into the library; their SHA-256 "
                           "is\nchecked when it is built.\n")
              : "\nIt has no weights.\n";
  if (options.standalone)
    text += fill(R"(
## Build

`runtime` has all sources, so a C++17 compiler is enough, on Linux and the kind of processor
that AIMC was built on; `runtime/third_party/licenses` has the licences of what is not AIMC's:

```sh
CXX=g++ sh build.sh
```

makes `@NAME@-run`, `lib@NAME@.so` (which Python loads) and `lib@NAME@.a` (to be linked
with `libaimc_runtime.a`) in `../build-@NAME@`. With CMake:

```sh
cmake -S . -B ../build-@NAME@
cmake --build ../build-@NAME@
```

It reads `.npy` and `.csv`; `.npz` needs the AIMC that is installed.
)");
  else
    text += fill(R"(
## Build

With AIMC installed in `/opt/aimc`, say:

```sh
cmake -S . -B ../build-@NAME@ -DCMAKE_PREFIX_PATH=/opt/aimc
cmake --build ../build-@NAME@
```
)");
  text += fill(R"(
## Run

`@NAME@-run` has the command line of `aimc-run`; `@NAME@-run --help` lists it:

```sh
../build-@NAME@/@NAME@-run --input x.npy --output y.npy
```

In a CMake project, `add_subdirectory(@NAME@)` and link with `@NAME@`. In C++:

```cpp
#include "model.h"

#include <vector>

int main() {
  aimc_options options;
  options.threads = 1;
  const @NAME@_cpp::Model model(options);
)");
  for (const std::string &size : signature.getSizeNames())
    text += "  const size_t " + size + " = 1;\n";
  // Arrays are named as the parameters are, with the place of their values.
  auto list = [&](bool isMethod) {
    std::vector<std::string> names = signature.getArguments();
    for (std::string &name : names)
      if (StringRef(name).starts_with("&"))
        name =
            isMethod ? name.substr(1, name.size() - 1 - strlen("_made")) : name;
      else if (isMethod && !llvm::is_contained(signature.getSizeNames(), name))
        name += ".data()";
    return llvm::join(names, ", ");
  };
  auto addVector = [&](const CppSignature::Array &array) {
    text += "  std::vector<float> " + array.name + "(" + array.count + ");\n";
  };
  for (const CppSignature::Array &input : signature.getInputs())
    addVector(input);
  for (const CppSignature::Array &output : signature.getOutputs())
    if (output.isMade)
      text += fill("  @NAME@_cpp::Array ") + output.name + ";\n";
    else
      addVector(output);
  text += "  model.run(" + list(/*isMethod=*/true) + ");\n}\n" + fill(R"(```

and in C:

```c
#include "model.h"

#include <stdio.h>
#include <stdlib.h>

int main(void) {
)");
  std::string free;
  auto addPointer = [&](const CppSignature::Array &array) {
    text += "  float *" + array.name + " = calloc(" + array.count +
            ", sizeof(float));\n";
    free += "  free(" + array.name + ");\n";
  };
  for (const std::string &size : signature.getSizeNames())
    text += "  const size_t " + size + " = 1;\n";
  for (const CppSignature::Array &input : signature.getInputs())
    addPointer(input);
  for (const CppSignature::Array &output : signature.getOutputs())
    if (output.isMade) {
      text += "  aimc_result " + output.name + "_made = {0};\n";
      free += "  aimc_free_result(&" + output.name + "_made);\n";
    } else {
      addPointer(output);
    }
  text += fill(R"(  int failed = 1;
  aimc_instance *instance = @NAME@_create(NULL);
  if (instance)
    failed = @FUNCTION@(instance, )") +
          list(/*isMethod=*/false) + R"(, 0);
  if (failed)
    fprintf(stderr, "%s\n", aimc_last_error());
)" + free +
          fill(R"(  aimc_destroy(instance);
  return failed;
}
```

`model.h` says what each function takes. In Python, with the library built with
`-DBUILD_SHARED_LIBS=ON`:

```python
model = aimc.load("../build-@NAME@/lib@NAME@.so")
```
)");
  return text;
}

/// A function with one statement, on one line where there is room.
static std::string printOneLine(StringRef head, StringRef body) {
  std::string line = (head + " { " + body + " }").str();
  return line.size() <= 80 ? line + "\n"
                           : (head + " {\n  " + body + "\n}\n").str();
}

std::string aimc::toCppProjectName(StringRef folder) {
  // Targets that generators of CMake have, and what it links as libraries of
  // the system.
  static constexpr StringRef taken[] = {"ALL_BUILD",  "INSTALL",
                                        "PACKAGE",    "RUN_TESTS",
                                        "all",        "clean",
                                        "codegen",    "default_target",
                                        "depend",     "edit_cache",
                                        "help",       "install",
                                        "none",       "package",
                                        "preinstall", "rebuild_cache",
                                        "test",       "package_source",
                                        "ZERO_CHECK", "list_install_components",
                                        "c",          "dl",
                                        "m",          "rt"};
  std::string name = toCppIdentifier(folder, "model");
  return llvm::is_contained(taken, StringRef(name)) ? "model_" + name : name;
}

FailureOr<CppProject> aimc::emitCppProject(ModuleOp module,
                                           const CppProjectOptions &options,
                                           llvm::raw_ostream &blob) {
  CppOptions parts;
  parts.entry = options.entry;
  parts.weights = options.weights;
  parts.weightsFile = options.weightsFile;
  parts.project = options.name;
  FailureOr<CppParts> printed = printCppParts(module, parts, &blob);
  if (failed(printed))
    return failure();
  ProjectPrinter printer(*printed, options);
  CppProject project;
  project.header = printer.printHeader();
  project.source = printer.printSource();
  project.tables = printer.printTables();
  project.main =
      comment(0,
              printer.fill("The program of the model '@ENTRY@', with "
                           "the command line of aimc-run. Emitted by "
                           "aimcc; do not edit."),
              "//") +
      printer.fill(R"(
#include "model.h"

#include "aimc/Runtime/Main.h"

)") +
      printOneLine("int main(int argc, char **argv)",
                   printer.fill("return aimc_main(argc, argv, "
                                "@NAME@_model());"));

  if (options.weights == WeightStorage::Object && printer.hasWeights())
    project.assembly = printer.printAssembly();
  project.cmake = printer.printCMake();
  if (options.standalone) {
    project.script = printer.printScript();
    project.exports = printer.printExports();
  }
  project.readme = printer.printReadme();
  return project;
}
