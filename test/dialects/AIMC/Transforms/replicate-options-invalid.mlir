// Replication needs a target, and copies and matrices that there are.
// DEFINE: %{options} = copies=0
// DEFINE: %{replicate} = aimc-opt %s --aimc-set-target=target=hermes --aimc-replicate="%{options}"
// RUN: not aimc-opt %s --aimc-replicate 2>&1 | FileCheck %s --check-prefix=TARGET
// RUN: not %{replicate} 2>&1 | FileCheck %s --check-prefix=COPIES
// REDEFINE: %{options} = matrices=@none
// RUN: not %{replicate} 2>&1 | FileCheck %s --check-prefix=NAME
// REDEFINE: %{options} = copies=2 matrices=read-out,linear
// RUN: not %{replicate} 2>&1 | FileCheck %s --check-prefix=ROLE
// REDEFINE: %{options} = copies=2 matrices=linear
// RUN: not %{replicate} 2>&1 | FileCheck %s --check-prefix=OF-ROLE
// REDEFINE: %{options} = mode=throughput spare-cores=1 matrices=readout
// RUN: not %{replicate} 2>&1 | FileCheck %s --check-prefix=OF-READOUT
// REDEFINE: %{options} = copies=2
// RUN: %{replicate}
// REDEFINE: %{options} = mode=faster
// RUN: not %{replicate} 2>&1 | FileCheck %s --check-prefix=MODE
// REDEFINE: %{options} = mode=throughput spare-cores=-1
// RUN: not %{replicate} 2>&1 | FileCheck %s --check-prefix=SPARE
// REDEFINE: %{options} = spare-cores=1
// RUN: not %{replicate} 2>&1 | FileCheck %s --check-prefix=SPARE-MODE
// REDEFINE: %{options} = mode=throughput spare-cores=1 copies=2
// RUN: not %{replicate} 2>&1 | FileCheck %s --check-prefix=BOTH
// REDEFINE: %{options} = mode=throughput spare-cores=65
// RUN: not %{replicate} 2>&1 | FileCheck %s --check-prefix=ROOM

// TARGET: :[[@LINE+11]]:1: error: aimc-replicate expects a module with a target, but got one without 'aimc.target' (aimc-set-target adds it)
// COPIES: :[[@LINE+10]]:1: error: aimc-replicate expects 'copies' to be at least 1, but got 0
// MODE: :[[@LINE+9]]:1: error: aimc-replicate expects 'mode' to be average or throughput, but got 'faster'
// SPARE: :[[@LINE+8]]:1: error: aimc-replicate expects 'spare-cores' not to be negative, but got -1
// SPARE-MODE: :[[@LINE+7]]:1: error: aimc-replicate expects mode=throughput for 'spare-cores', but got mode=average
// BOTH: :[[@LINE+6]]:1: error: aimc-replicate expects 'copies' or 'spare-cores', but got both
// ROOM: :[[@LINE+5]]:1: error: aimc-replicate expects 'spare-cores' to be at most 64, as target 'hermes' has 64 cores that work and one copy of each matrix takes at least 0, but got 65
// NAME: :[[@LINE+4]]:1: error: aimc-replicate expects @none to be an 'aimc.weights', but there is none of this name
// ROLE: :[[@LINE+3]]:1: error: aimc-replicate expects 'matrices' to be names as @omega, or roles: projection, readout or linear, but got 'read-out'
// OF-ROLE: :[[@LINE+2]]:1: error: aimc-replicate expects a matrix on crossbars of role linear, but there is none
// OF-READOUT: :[[@LINE+1]]:1: error: aimc-replicate expects a matrix on crossbars of role readout, but there is none
module {
}
