// REQUIRES: aimc
// RUN: aimc-opt %s --split-input-file --verify-diagnostics | FileCheck %s
// RUN: split-file %s %t
// RUN: FileCheck %t/part.txt --check-prefix=PART < %t/part.txt
// RUN: aimc-opt %s | FileCheck %s --check-prefix=A-B --implicit-check-not=error

// A sentence: CHECK lines and prose (NOTE that it has capitals) are told apart.
// COM: CHECK this.
// CHECK-COUNT-2: func.func
// CHECK{LITERAL}: [[not a variable]]
//  PART-SAME: text
// A-B-DAG: func.func
// expected-error @below {{expects}}
func.func private @f()
