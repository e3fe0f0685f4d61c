// Names of functions that are no C++ identifiers. A name without a letter or a
// digit still gives identifiers apart from the local names of the program.

// RUN: aimcc %s --target=hermes --emit=cpp -o - --entry='é' | FileCheck %s --check-prefix=EMPTY
// RUN: aimcc %s --target=hermes -o %t --entry='é'

// EMPTY: // The model '\303\251' of the AIMC compiler.
// EMPTY: void function_unnamed(aimc_context *context,
// EMPTY: extern "C" const aimc_model *model_unnamed();

func.func @"é"(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  return %x : tensor<?x4xf32>
}

// A line break and a backslash stay within their comments.

// RUN: aimcc %s --target=hermes --emit=cpp -o - --entry='int\' | FileCheck %s --check-prefix=SLASH
// RUN: aimcc %s --target=hermes -o %t --entry='int\'

// SLASH: // The model 'int\\' of the AIMC compiler.
// SLASH: /// Function 'int\\' of the module.
// SLASH-NEXT: void function_int(aimc_context *context,

func.func @"int\\"(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  return %x : tensor<?x4xf32>
}

// Also where the comment is wrapped behind it.
// RUN: rm -rf %t.project
// RUN: aimcc %s --target=hermes --emit=project -o %t.project --entry='a_name_that_is_long_enough_to_wrap_the_line_and_that_ends_in_a\ b'
// RUN: FileCheck %s --check-prefix=WRAP --input-file=%t.project/model.h
// RUN: %cxx -std=c++17 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I%source/include -I%build/include %t.project/model.cpp
// WRAP:      // {{.*}}ends_in_a\134{{$}}
// WRAP-NEXT: // b'

func.func @"a_name_that_is_long_enough_to_wrap_the_line_and_that_ends_in_a\\ b"(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  return %x : tensor<?x4xf32>
}
