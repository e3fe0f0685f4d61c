// Options and what must be there.
// RUN: not aimc-opt %s --aimc-set-target=target=hermes --aimc-schedule=kind=fast 2>&1 | FileCheck %s --check-prefix=KIND
// RUN: not aimc-opt %s --aimc-schedule 2>&1 | FileCheck %s --check-prefix=TARGET
// KIND: error: aimc-schedule expects 'kind' to be cross-layer or layer-by-layer, but got 'fast'
// TARGET: error: aimc-schedule expects a module with {{.*}}target

// Calls have no slots any more, so that they cannot be scheduled anew.
// RUN: sed 's/module {}/module attributes {aimc.schedule = #aimc.schedule<layer_by_layer, interval = 1, latency = 1>} { func.func @f(%%c: !aimc.context) { return } aimc.rt.matrix @w = dense<0.5> : tensor<4x4xf32> }/' %s > %t.calls.mlir
// RUN: aimc-opt %t.calls.mlir --aimc-set-target=target=hermes --aimc-schedule=kind=layer-by-layer | FileCheck %s --check-prefix=CALLS-KEPT
// RUN: not aimc-opt %t.calls.mlir --aimc-set-target=target=hermes --aimc-schedule=kind=cross-layer 2>&1 | FileCheck %s --check-prefix=CALLS
// CALLS-KEPT: #aimc.schedule<layer_by_layer,
// CALLS: error: aimc-schedule expects kind layer-by-layer, which the runtime calls were scheduled in, but got cross-layer
module {}
