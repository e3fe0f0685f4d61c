// RUN: aimc-opt %s --aimc-set-target=target=hermes | FileCheck %s
// RUN: aimc-opt %s --aimc-set-target=target=hermes --aimc-set-target=target=hermes | FileCheck %s
// RUN: aimc-opt %s --aimc-set-target=target=%S/Inputs/small-target.json | FileCheck %s --check-prefix=FILE
// RUN: aimc-opt %s --aimc-set-target=target=hermes --emit-bytecode | aimc-opt | FileCheck %s
// RUN: aimc-opt %s --aimc-set-target="target=hermes mode=4-phase" | FileCheck %s --check-prefix=MODE
// RUN: aimc-opt %s --aimc-set-target=target=hermes --aimc-set-target=mode=4-phase | FileCheck %s --check-prefix=MODE
// RUN: aimc-opt %s --aimc-set-target="target=hermes mode=4-phase" --aimc-set-target=target=hermes | FileCheck %s --check-prefix=MODE

// A built-in target, carried whole; attaching it again changes nothing.

//      CHECK: #target_hermes = #aimc.target<{
// CHECK-SAME:   adc = {bits = 8 : i64
// CHECK-SAME:   name = "hermes"
//      CHECK: module attributes {aimc.target = #target_hermes}

// An operating mode of the target, chosen at once or later, and kept.

// MODE: #target_hermes = #aimc.target<{{.*}} mode = "4-phase", modes = [

// A target of one's own.

//      FILE: #target_small = #aimc.target<{
// FILE-SAME:   array = {columns = 4 : i64
//      FILE: module attributes {aimc.target = #target_small}

func.func @keep(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  return %x : tensor<2x2xf32>
}
