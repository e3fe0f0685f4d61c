//===- ProjectBuild.cpp - What builds a project ---------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CMakeLists.txt, and of standalone projects build.sh and the symbols that a
// shared library exports.
//
//===----------------------------------------------------------------------===//

#include "Target/Cpp/ProjectPrinter.h"

using namespace aimc;

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
