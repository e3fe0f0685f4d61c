// RUN: aimc-opt %s -o %t

// CHECK-LABEL: func.func
func.func private @f()
