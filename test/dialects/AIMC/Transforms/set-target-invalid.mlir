// RUN: not aimc-opt %s --aimc-set-target 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: not aimc-opt %s --aimc-set-target=target=hermes2 2>&1 | FileCheck %s --check-prefix=NAME
// RUN: not aimc-opt %s --aimc-set-target=target=%S/Inputs/bad-target.json 2>&1 | FileCheck %s --check-prefix=FIELD
// RUN: not aimc-opt %s --aimc-set-target=target=hermes --aimc-set-target=target=ideal 2>&1 | FileCheck %s --check-prefix=OTHER
// RUN: not aimc-opt %s --aimc-set-target="target=hermes mode=2-phase" 2>&1 | FileCheck %s --check-prefix=MODE
// RUN: not aimc-opt %s --aimc-set-target=mode=4-phase 2>&1 | FileCheck %s --check-prefix=NONE

// The option is needed; a mode alone belongs to no target.
// NONE: set-target-invalid.mlir:{{.*}}: error: aimc-set-target expects 'target=NAME' or 'target=FILE', but got none

// There is such a target.
// NAME: set-target-invalid.mlir:{{.*}}: error: {{.*}}hermes2

// A field of a file that is out of range is named, where it is in that file.
// FIELD: {{^.*}}bad-target.json:27:13: error: field 'adc.bits' expects an integer from 2 to 16, but got 40

// A mode of the target.
// MODE: set-target-invalid.mlir:{{.*}}: error: target 'hermes' expects mode 1-phase or 4-phase, but got '2-phase'

// Tiles and ranges belong to one target.
// OTHER: set-target-invalid.mlir:{{.*}}: error: expects a module without a target or with target 'ideal', but got one compiled for 'hermes'
