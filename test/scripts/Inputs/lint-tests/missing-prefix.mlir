// RUN: aimc-opt %s \
// RUN:   | FileCheck %s \
// RUN:     --check-prefix SECOND
// RUN: aimc-opt %s | FileCheck %s

// CHECK: func.func
func.func private @f()
