//===- CppTables.cpp - The tables of a model in C++ -----------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Numbers are printed so that the program holds the very bits of the module.
//
//===----------------------------------------------------------------------===//

#include "Target/Cpp/CppTables.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <charconv>
#include <cmath>

using namespace aimc;
using llvm::formatv;

//===----------------------------------------------------------------------===//
// Names and literals
//===----------------------------------------------------------------------===//

std::string CppNames::make(llvm::StringRef prefix, llvm::StringRef name) {
  // Two underscores in a row are reserved.
  std::string base = prefix.str();
  for (char c : name)
    if (llvm::isAlnum(c))
      base += c;
    else if (base.back() != '_')
      base += '_';
  while (base.back() == '_')
    base.pop_back();
  // No character of the name is left; the prefix alone could be a local name.
  if (base.size() < prefix.size())
    base = prefix.str() + "unnamed";
  std::string result = base;
  for (int number = 2; !used.insert(result).second; ++number)
    result = base + "_" + std::to_string(number);
  return result;
}

std::string aimc::toCpp(float value) {
  if (std::isnan(value))
    return "std::numeric_limits<float>::quiet_NaN()";
  if (std::isinf(value))
    return value < 0 ? "-std::numeric_limits<float>::infinity()"
                     : "std::numeric_limits<float>::infinity()";
  char text[32];
  // Whole numbers are the most readable, and exact.
  if (value == std::trunc(value) && std::fabs(value) < 1e6f &&
      !(value == 0 && std::signbit(value)))
    std::snprintf(text, sizeof text, "%.1ff", static_cast<double>(value));
  else
    std::snprintf(text, sizeof text, "%af", static_cast<double>(value));
  return text;
}

std::string aimc::escapeCpp(llvm::StringRef text) {
  std::string result;
  llvm::raw_string_ostream os(result);
  os.write_escaped(text, /*UseHexEscapes=*/false);
  return result;
}

std::string aimc::toCppString(llvm::StringRef text) {
  return "\"" + escapeCpp(text) + "\"";
}

/// Lines of `words`, the first of which is behind `first` and the others at
/// `column`.
static std::vector<std::string> wrap(std::string first, unsigned column,
                                     llvm::ArrayRef<std::string> words) {
  std::vector<std::string> lines = {std::move(first)};
  for (const auto &[index, word] : llvm::enumerate(words)) {
    if (index != 0 && lines.back().size() + 1 + word.size() > 80)
      lines.push_back(std::string(column, ' '));
    else if (index != 0)
      lines.back() += ' ';
    lines.back() += word;
  }
  return lines;
}

void aimc::printWrapped(llvm::raw_ostream &os, unsigned indent,
                        llvm::StringRef head,
                        llvm::ArrayRef<std::string> arguments,
                        llvm::StringRef tail, bool isDeclaration) {
  std::vector<std::string> words;
  for (size_t i = 0; i < arguments.size(); ++i)
    words.push_back(arguments[i] +
                    (i + 1 == arguments.size() ? ")" + tail.str() : ","));
  const std::string start = std::string(indent, ' ') + head.str() + "(";
  std::vector<std::string> lines = wrap(start, start.size(), words);
  // Behind a long name they may take less room below it. clang-format weighs
  // lines against each other so, also in the style of LLVM.
  const std::string margin(indent + 4, ' ');
  std::vector<std::string> below = wrap(margin, margin.size(), words);
  below.insert(below.begin(), start);
  const size_t linesSaved = isDeclaration ? 5 : 1;
  if (below.size() + linesSaved <= lines.size() ||
      llvm::any_of(lines,
                   [](const std::string &line) { return line.size() > 80; }))
    lines = below;
  os << llvm::join(lines, "\n") << "\n";
}

void aimc::printList(llvm::raw_ostream &os, unsigned indent,
                     llvm::StringRef head, llvm::ArrayRef<std::string> items) {
  const std::string start = std::string(indent, ' ') + head.str() + " = {";
  std::string line = start + llvm::join(items, ", ") + "};";
  if (line.size() <= 80) {
    os << line << "\n";
    return;
  }
  // clang-format would make columns of some lists and not of others.
  const std::string margin(indent, ' ');
  os << margin << "// clang-format off\n" << start << "\n";
  line = margin + "   ";
  for (const std::string &item : items) {
    if (line.size() > indent + 3 && line.size() + item.size() + 2 > 80) {
      os << line << "\n";
      line = margin + "   ";
    }
    line += " " + item + ",";
  }
  os << line << "\n" << margin << "};\n" << margin << "// clang-format on\n";
}

void aimc::printComment(llvm::raw_ostream &os, unsigned indent,
                        llvm::StringRef text, llvm::StringRef start) {
  const std::string head = std::string(indent, ' ') + start.str();
  std::string line = head;
  // A line that ended in a backslash would go on in the next.
  auto printLine = [&] {
    llvm::StringRef kept = llvm::StringRef(line).rtrim('\\');
    os << kept;
    for (size_t i = kept.size(); i < line.size(); i += 2)
      os << "\\134";
    os << "\n";
    line = head;
  };
  llvm::SmallVector<llvm::StringRef> words;
  text.split(words, ' ', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (llvm::StringRef word : words) {
    if (line.size() + 1 + word.size() > 80)
      printLine();
    line += ' ' + word.str();
  }
  printLine();
}

/// Prints the elements of an array, as many on a line as fit.
template <typename Range, typename ToText>
static void printElements(llvm::raw_ostream &os, const Range &values,
                          ToText toText) {
  std::string line = "   ";
  for (const auto &value : values) {
    std::string text = toText(value);
    if (line.size() + text.size() + 2 > 80) {
      os << line << "\n";
      line = "   ";
    }
    line += " " + text + ",";
  }
  os << line << "\n";
}

static std::string toText(int64_t value) { return std::to_string(value); }

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

CppTables::CppTables(const aimc_model &model, const CppOptions &options,
                     const CppWeights &weights, CppNames &names,
                     llvm::raw_ostream &os)
    : model(model), options(options), weights(weights), names(names), os(os),
      modelFunction(options.project.empty() ? names.make("model_", model.name)
                                            : options.project + "_model"),
      weightsSymbol(options.weights == WeightStorage::Object
                        ? options.project + "_weights"
                        : "aimc_weights_of_" + modelFunction) {}

std::string aimc::describeMatrix(const aimc_matrix &matrix) {
  std::string text = formatv("{0}: {1} x {2}, ", toCppString(matrix.name),
                             matrix.rows, matrix.columns)
                         .str();
  if (matrix.tile_count == 0)
    return text + "in digital memory";
  if (matrix.copies > 1)
    text += (matrix.copy_rule == AIMC_COPIES_SHARE ? "vectors shared by "
                                                   : "the mean of ") +
            toText(matrix.copies) + " copies, ";
  return text + toText(matrix.tile_count) +
         (matrix.tile_count == 1 ? " tile" : " tiles");
}

void CppTables::printMatrix(int64_t index) {
  const aimc_matrix &matrix = model.matrices[index];
  os << "// Matrix " << describeMatrix(matrix) << ".\n";
  auto &[weightsName, tilesName] = matrixNames.emplace_back();
  if (options.weights == WeightStorage::Embed) {
    weightsName = names.make("weights_", matrix.name);
    os << "const float " << weightsName << "[] = {\n";
    printElements(os,
                  llvm::ArrayRef(matrix.weights, matrix.rows * matrix.columns),
                  toCpp);
    os << "};\n";
  }
  if (matrix.tile_count == 0)
    return;
  tilesName = names.make("tiles_", matrix.name);
  os << "const aimc_tile " << tilesName << "[] = {\n"
     << "    // row, column, rows, columns; chip, core, row, column there\n";
  for (const aimc_tile &tile : llvm::ArrayRef(matrix.tiles, matrix.tile_count))
    os << formatv("    {{{0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}},\n",
                  tile.weight_row, tile.weight_column, tile.rows, tile.columns,
                  tile.chip, tile.core, tile.core_row, tile.core_column);
  os << "};\n";
}

/// Names and numbers of operands of the instructions.
static const struct {
  const char *enumerator, *name;
  int operands;
} instructionTable[] = {
#define AIMC_INSTRUCTION(opcode, name, mlir, operands)                         \
  {#opcode, name, operands},
#include "aimc/Runtime/RuntimeTable.def"
};

std::string aimc::describeProgram(const aimc_program &program) {
  std::string text = toCppString(program.name) + ":";
  for (const aimc_instruction &instruction :
       llvm::ArrayRef(program.instructions, program.instruction_count))
    text += (text.back() == ':' ? " " : ", ") +
            std::string(instructionTable[instruction.opcode].name);
  return program.instruction_count == 0 ? text + " nothing" : text;
}

void CppTables::printProgram(int64_t index) {
  const aimc_program &program = model.programs[index];
  int32_t values =
      program.input_count + program.constant_count + program.instruction_count;
  os << formatv("// Program {0} on unit {1}.\n", toCppString(program.name),
                toCppString(program.unit));
  std::string constants = "nullptr", instructions = "nullptr";
  if (program.constant_count != 0) {
    std::vector<std::string> constantNames;
    for (int32_t i = 0; i < program.constant_count; ++i) {
      int32_t value = program.input_count + i;
      constantNames.push_back(names.make(
          "constant_",
          (program.name + llvm::Twine("_") + llvm::Twine(value)).str()));
      os << "const float " << constantNames.back() << "[] = {\n";
      printElements(os,
                    llvm::ArrayRef(program.constants[i], program.widths[value]),
                    toCpp);
      os << "};\n";
    }
    constants = names.make("constants_", program.name);
    os << "const float *const " << constants << "[] = {\n";
    printElements(os, constantNames,
                  [](const std::string &name) { return name; });
    os << "};\n";
  }
  if (program.instruction_count != 0) {
    instructions = names.make("instructions_", program.name);
    os << "const aimc_instruction " << instructions << "[] = {\n"
       << "    // opcode, result, operands, matrix\n";
    for (const aimc_instruction &instruction :
         llvm::ArrayRef(program.instructions, program.instruction_count)) {
      const auto &row = instructionTable[instruction.opcode];
      os << formatv("    {{{0}, {1}, {{{2}}, {3}}, // v{1} = {4}(",
                    row.enumerator, instruction.result,
                    llvm::make_range(std::begin(instruction.operands),
                                     std::end(instruction.operands)),
                    instruction.matrix, row.name);
      llvm::interleaveComma(
          llvm::ArrayRef(instruction.operands).take_front(row.operands), os,
          [&](int32_t operand) { os << "v" << operand; });
      if (instruction.matrix >= 0)
        os << ", " << toCppString(model.matrices[instruction.matrix].name);
      os << ")\n";
    }
    os << "};\n";
  }
  std::string widths = names.make("widths_", program.name);
  os << "const int32_t " << widths << "[] = {\n";
  printElements(os, llvm::ArrayRef(program.widths, values), toText);
  os << "};\n";
  std::string outputs = names.make("outputs_", program.name);
  os << "const int32_t " << outputs << "[] = {\n";
  printElements(os, llvm::ArrayRef(program.outputs, program.output_count),
                toText);
  os << "};\n";
  programRows.push_back(formatv("{{{0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}, "
                                "{8}, {9}}",
                                toCppString(program.name),
                                toCppString(program.unit), program.input_count,
                                program.constant_count, constants,
                                program.instruction_count, instructions, widths,
                                program.output_count, outputs)
                            .str());
}

void CppTables::printParameters(llvm::StringRef name, int64_t count,
                                const aimc_parameter *parameters) {
  if (count == 0)
    return;
  std::vector<std::string> sizes(count, "0, nullptr");
  for (int64_t i = 0; i < count; ++i)
    if (parameters[i].sizes) {
      std::string table = names.make("sizes_", parameters[i].name);
      llvm::ArrayRef values(parameters[i].sizes, parameters[i].rank);
      os << "const int64_t " << table << "[] = {"
         << llvm::join(llvm::map_range(values, toText), ", ") << "};\n";
      sizes[i] = std::to_string(values.size()) + ", " + table;
    }
  os << "const aimc_parameter " << name << "[] = {\n";
  for (int64_t i = 0; i < count; ++i)
    os << formatv("    {{{0}, {1}, {2}, {3}},\n",
                  toCppString(parameters[i].name), parameters[i].rows,
                  parameters[i].width, sizes[i]);
  os << "};\n";
}

/// JSON with the fewest digits that give back each number.
static std::string shortenNumbers(llvm::StringRef text) {
  std::string result;
  while (!text.empty()) {
    size_t length = 1;
    if (text.front() == '"') {
      // To the quote that ends the string, past those after a backslash.
      while (text[length] != '"')
        length += text[length] == '\\' ? 2 : 1;
      result += text.take_front(++length);
    } else if (text.front() == '-' || llvm::isDigit(text.front())) {
      length = std::min(text.size(), text.find_first_not_of("+-.eE0123456789"));
      double value = 0;
      char digits[32];
      // Whole numbers may have more digits than a double.
      llvm::StringRef number = text.take_front(length);
      if (number.find_first_of(".eE") == llvm::StringRef::npos ||
          number.getAsDouble(value))
        result += number;
      else
        result.append(digits,
                      std::to_chars(digits, std::end(digits), value).ptr);
    } else {
      result += text.front();
    }
    text = text.drop_front(length);
  }
  return result;
}

void CppTables::printTarget() {
  if (!model.target)
    return;
  // For people to read; numbers keep their shortest exact form.
  std::string text = model.target;
  if (llvm::Expected<llvm::json::Value> json = llvm::json::parse(text))
    text = shortenNumbers(formatv("{0:2}", *json).str());
  else
    llvm::consumeError(json.takeError());
  // Strings of a description may hold anything; a delimiter must not.
  std::string delimiter = "json";
  while (llvm::StringRef(text).contains(")" + delimiter + "\""))
    delimiter += "_";
  os << "// The hardware the model is compiled for.\n"
     << "const char target[] = R\"" << delimiter << "(" << text << ")"
     << delimiter << "\";\n\n";
}

void CppTables::printTables() {
  printTarget();
  os << "// clang-format off\n";
  for (int64_t i = 0; i < model.matrix_count; ++i)
    printMatrix(i);
  for (int64_t i = 0; i < model.program_count; ++i)
    printProgram(i);
  if (model.program_count != 0) {
    os << "const aimc_program programs[] = {\n"
       << "    // name, unit, inputs, constants, instructions, widths, "
          "outputs\n";
    for (const std::string &row : programRows)
      os << "    " << row << ",\n";
    os << "};\n";
  }
  os << "// clang-format on\n\n";
  os << "// Arguments and results: name, rows (-1: any number), columns, and "
        "the\n"
     << "// sizes of arrays that are no matrices.\n";
  os << "// clang-format off\n";
  printParameters("inputTable", model.input_count, model.inputs);
  printParameters("outputTable", model.output_count, model.outputs);
  os << "// clang-format on\n\n";
  if (options.weights == WeightStorage::Object && model.matrix_count != 0)
    os << "// The weights, which stand in a file of assembly.\n"
       << "// clang-format off\n"
       << "extern \"C\" __attribute__((visibility(\"hidden\"))) const float "
       << weightsSymbol << "[];\n"
       << "// clang-format on\n\n";
  if (options.weights == WeightStorage::Incbin && model.matrix_count != 0) {
    const std::string &symbol = weightsSymbol;
    os << "// The weights, put into the program by the assembler.\n"
       << "extern \"C\" __attribute__((visibility(\"hidden\"))) const float "
       << symbol << "[];\n"
       << "asm(\".pushsection .rodata, \\\"a\\\"\\n\"\n"
       << "    \".balign 64\\n\"\n"
       << "    \".globl " << symbol << "\\n\"\n"
       << "    \".hidden " << symbol << "\\n\"\n"
       << "    \"" << symbol << ":\\n\"\n"
       << "    "
       << toCppString(".incbin " + toCppString(options.weightsFile) + "\n")
       << "\n    \".popsection\\n\");\n\n";
  }
}

void CppTables::printModel(llvm::raw_ostream &to, llvm::StringRef run) {
  // The header of a project declares it.
  if (options.project.empty())
    to << "/// The compiled model"
       << (options.weights == WeightStorage::SideFile
               ? "; null after an error (aimc_last_error).\n"
               : ".\n")
       << "extern \"C\" const aimc_model *" << modelFunction << "();\n\n";
  to << "const aimc_model *" << modelFunction << "() {\n";
  if (model.matrix_count != 0) {
    if (options.weights == WeightStorage::SideFile)
      to << formatv("  const float *const weights = aimc_load_weights(\n"
                    "      outputTable, {0}, {1},\n      {2});\n"
                    "  if (!weights)\n    return nullptr;\n",
                    toCppString(options.weightsFile), weights.getSize(),
                    toCppString(weights.getChecksum()));
    else if (options.weights != WeightStorage::Embed)
      to << "  const float *const weights = " << weightsSymbol << ";\n";
    to << "  // clang-format off\n"
       << "  // name, rows, columns, weights, copies and their rule, tiles\n"
       << "  static const aimc_matrix matrices[] = {\n";
    for (int64_t i = 0; i < model.matrix_count; ++i) {
      const aimc_matrix &matrix = model.matrices[i];
      const auto &[weightsName, tilesName] = matrixNames[i];
      to << formatv(
          "      {{{0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}},\n",
          toCppString(matrix.name), matrix.rows, matrix.columns,
          weightsName.empty()
              ? formatv("weights + {0}", weights.getOffset(i)).str()
              : weightsName,
          matrix.copies,
          matrix.copy_rule == AIMC_COPIES_SHARE ? "AIMC_COPIES_SHARE"
                                                : "AIMC_COPIES_AVERAGE",
          matrix.tile_count, tilesName.empty() ? "nullptr" : tilesName);
    }
    to << "  };\n  // clang-format on\n";
  }
  auto table = [](int64_t count, const char *name) -> std::string {
    return count == 0 ? "nullptr" : name;
  };
  const std::pair<std::string, const char *> fields[] = {
      {"AIMC_ABI_VERSION", "abi_version"},
      {toCppString(model.name), "name"},
      {model.target ? "target" : "nullptr", "target"},
      {toText(model.matrix_count), "matrix_count"},
      {table(model.matrix_count, "matrices"), "matrices"},
      {toText(model.program_count), "program_count"},
      {table(model.program_count, "programs"), "programs"},
      {toText(model.input_count), "input_count"},
      {table(model.input_count, "inputTable"), "inputs"},
      {toText(model.output_count), "output_count"},
      {table(model.output_count, "outputTable"), "outputs"},
      {toText(model.joins_rows), "joins_rows"},
      {run.str(), "run"},
      {"nullptr", "user"}};
  size_t width = 0;
  for (const auto &[value, name] : fields)
    width = std::max(width, value.size());
  // A comment behind a long name is beyond the line.
  const bool isLong = width > 56;
  if (isLong)
    to << "  // clang-format off\n";
  to << "  static const aimc_model model = {\n";
  for (const auto &[value, name] : fields)
    to << "      " << value << "," << std::string(width - value.size() + 1, ' ')
       << "// " << name << "\n";
  to << "  };\n"
     << (isLong ? "  // clang-format on\n" : "") << "  return &model;\n}\n";
}
