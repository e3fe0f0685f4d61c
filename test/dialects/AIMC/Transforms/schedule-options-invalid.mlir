// Options and what must be there.
// RUN: not aimc-opt %s --aimc-set-target=target=hermes --aimc-schedule=kind=fast 2>&1 | FileCheck %s --check-prefix=KIND
// RUN: not aimc-opt %s --aimc-schedule 2>&1 | FileCheck %s --check-prefix=TARGET
// KIND: error: aimc-schedule expects 'kind' to be cross-layer or layer-by-layer, but got 'fast'
// TARGET: error: aimc-schedule expects a module with {{.*}}target
module {}
