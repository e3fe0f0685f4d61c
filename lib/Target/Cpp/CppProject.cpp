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

#include "Target/Cpp/CppTables.h"
#include "Target/Cpp/ProjectPrinter.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace aimc;
using llvm::StringRef;

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

std::string ProjectPrinter::comment(unsigned indent, StringRef text,
                                    StringRef start) {
  std::string result;
  llvm::raw_string_ostream os(result);
  printComment(os, indent, text, start);
  return result;
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
  project.main = ProjectPrinter::comment(
                     0,
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
