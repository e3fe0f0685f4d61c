// Mapping needs a target, and an objective that exists.
// RUN: not aimc-opt %s --aimc-tile 2>&1 | FileCheck %s --check-prefix=TILE
// RUN: not aimc-opt %s --aimc-place 2>&1 | FileCheck %s --check-prefix=PLACE
// RUN: not aimc-opt %s --aimc-set-target=target=hermes --aimc-place=objective=speed 2>&1 | FileCheck %s --check-prefix=OBJECTIVE

// TILE: :[[@LINE+3]]:1: error: aimc-tile expects a module with a target, but got one without 'aimc.target' (aimc-set-target adds it)
// PLACE: :[[@LINE+2]]:1: error: aimc-place expects a module with a target, but got one without 'aimc.target' (aimc-set-target adds it)
// OBJECTIVE: :[[@LINE+1]]:1: error: aimc-place expects 'objective' to be area, latency or noise, but got 'speed'
module {
}
