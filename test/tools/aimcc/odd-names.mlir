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
