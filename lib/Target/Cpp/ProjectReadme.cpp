//===- ProjectReadme.cpp - What a project says of itself ------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// README.md: the chip, the arrays, how to build and run, programs in C++, C and
// Python.
//
//===----------------------------------------------------------------------===//

#include "Target/Cpp/ProjectPrinter.h"
#include "aimc/Runtime/TargetDescription.h"

#include "llvm/ADT/SmallSet.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <cstring>

using namespace mlir;
using namespace aimc;
using llvm::formatv;
using llvm::StringRef;

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

`model.h` says what each function takes. In Python, with the package of AIMC and )") +
          (options.standalone
               ? "the library of\n`build.sh`, or of CMake with "
                 "`-DBUILD_SHARED_LIBS=ON`:\n"
               : "the library\nbuilt with `-DBUILD_SHARED_LIBS=ON`:\n") +
          fill(R"(
```python
import aimc

model = aimc.load("../build-@NAME@/lib@NAME@.so")
```
)");
  return text;
}
