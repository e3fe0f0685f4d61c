// RUN: not aimc-opt %s --aimc-split=readout=foo 2>&1 | FileCheck %s
// RUN: not aimc-opt %s --aimc-split=projection=bar 2>&1 | FileCheck %s --check-prefix=PROJECTION

// CHECK: split-options-invalid.mlir:{{.*}}: error: aimc-split expects 'readout' to be digital or analog, but got 'foo'
// PROJECTION: split-options-invalid.mlir:{{.*}}: error: aimc-split expects 'projection' to be digital or analog, but got 'bar'
module {
}
