// RUN: aimc-opt %s | FileCheck %s

// CHECK-LABEL: func.func
// CHECK-NEXT return
// CHECK return
func.func private @f()
