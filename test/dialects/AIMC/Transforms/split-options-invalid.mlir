// RUN: not aimc-opt %s --aimc-split=readout=foo 2>&1 | FileCheck %s

// CHECK: split-options-invalid.mlir:{{.*}}: error: aimc-split expects 'readout' to be digital or analog, but got 'foo'
module {
}
