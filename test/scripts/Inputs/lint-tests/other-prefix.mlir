// RUN: aimc-opt %s | FileCheck %s --check-prefixes=ONE,TWO
// RUN: aimc-opt %s | FileCheck %S/other.txt --check-prefix=OTHER

// ONE: func.func
// TWO-NEXT: return
// CHECK: return
// OTHER-NOT: return
// ONE-NXT: return
func.func private @f()
