// Replication needs a target, and copies and matrices that there are.
// DEFINE: %{options} = copies=0
// DEFINE: %{replicate} = aimc-opt %s --aimc-set-target=target=hermes --aimc-replicate="%{options}"
// RUN: not aimc-opt %s --aimc-replicate 2>&1 | FileCheck %s --check-prefix=TARGET
// RUN: not %{replicate} 2>&1 | FileCheck %s --check-prefix=COPIES
// REDEFINE: %{options} = matrices=@none
// RUN: not %{replicate} 2>&1 | FileCheck %s --check-prefix=NAME
// REDEFINE: %{options} = copies=2 matrices=linear,read-out
// RUN: not %{replicate} 2>&1 | FileCheck %s --check-prefix=ROLE

// TARGET: :[[@LINE+4]]:1: error: aimc-replicate expects a module with a target, but got one without 'aimc.target' (aimc-set-target adds it)
// COPIES: :[[@LINE+3]]:1: error: aimc-replicate expects 'copies' to be at least 1, but got 0
// NAME: :[[@LINE+2]]:1: error: aimc-replicate expects @none to be an 'aimc.weights', but there is none of this name
// ROLE: :[[@LINE+1]]:1: error: aimc-replicate expects 'matrices' to be names as @omega, or roles: projection, readout or linear, but got 'read-out'
module {
}
