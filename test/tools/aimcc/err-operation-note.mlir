// An error shows its place, and the operation on demand alone: that of a module
// or of a function is all that is in it.

// RUN: not aimcc %s --target=hermes -o %t 2>&1 \
// RUN:   | FileCheck %s --implicit-check-not="see current operation"
// RUN: not aimcc %s --target=hermes -o %t --mlir-print-op-on-diagnostic=true 2>&1 \
// RUN:   | FileCheck %s --check-prefixes=CHECK,NOTE

// CHECK: err-operation-note.mlir:[[#@LINE+3]]:1: error: expects results of public function 'predict', but got none
// NOTE: note: see current operation:

func.func @predict(%x: tensor<?x4xf32>) {
  return
}
