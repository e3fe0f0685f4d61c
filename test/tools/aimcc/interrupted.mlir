// A signal while the C++ compiler runs leaves neither the temporary folder nor
// the unfinished program.

// RUN: rm -rf %t && mkdir -p %t/tmp %t/out
// RUN: echo 'kill -TERM $PPID; sleep 1; exit 1' > %t/cxx
// RUN: env TMPDIR=%t/tmp CXX="/bin/sh %t/cxx" sh -c '! aimcc %s --target=hermes -o %t/out/model'
// RUN: ls -A %t/tmp | count 0
// RUN: ls -A %t/out | count 0

func.func @predict(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  return %x : tensor<?x4xf32>
}
