// A signal while the C++ compiler runs leaves neither the temporary folder nor
// the unfinished program.

// RUN: rm -rf %t && mkdir -p %t/tmp %t/out
// RUN: echo 'kill -TERM $PPID; sleep 1; exit 1' > %t/cxx
// RUN: env TMPDIR=%t/tmp CXX="/bin/sh %t/cxx" sh -c '! aimcc %s --target=hermes -o %t/out/model'
// RUN: ls -A %t/tmp | count 0
// RUN: ls -A %t/out | count 0
//
// The signal is the one that came: its number and 128 are what a shell tells.
// RUN: env TMPDIR=%t/tmp CXX="/bin/sh %t/cxx" sh -c 'aimcc %s --target=hermes -o %t/out/model; echo code $?' | FileCheck %s
// CHECK: code 143
//
// One that is ignored, as nohup has it, stays so.
// RUN: echo 'kill -HUP $PPID; sleep 1; exec c++ "$@"' > %t/cxx
// RUN: env TMPDIR=%t/tmp CXX="/bin/sh %t/cxx" sh -c 'trap "" HUP; aimcc %s --target=hermes -o %t/out/model'
// RUN: ls -A %t/tmp | count 0
// RUN: ls -A %t/out | count 1

func.func @predict(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  return %x : tensor<?x4xf32>
}
