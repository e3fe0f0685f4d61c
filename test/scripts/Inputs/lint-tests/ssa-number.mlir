// RUN: aimc-opt %s | FileCheck %s

// CHECK: %0 = arith.constant
// CHECK: return %{{.*}}
// CHECK: {{%0}}
// CHECK: %[[V0:.+]] = arith.addf %c0
func.func private @f()
