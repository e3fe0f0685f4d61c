//===- SignalHold.h - Signals that wait for work to be whole ----*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Files and folders that come and go between the steps that tell the handler of
// signals of them would stay if one came there.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_TOOLS_AIMCC_SIGNALHOLD_H
#define AIMC_TOOLS_AIMCC_SIGNALHOLD_H

#include <csignal>

namespace aimc {

/// While one is there, signals that end the tool wait, in all its threads; the
/// last of them is raised at the end. One can be inside another. The handlers
/// of LLVM must have been installed before (llvm::sys::SetInterruptFunction).
class SignalHold {
public:
  SignalHold();
  SignalHold(const SignalHold &) = delete;
  SignalHold &operator=(const SignalHold &) = delete;
  ~SignalHold();

  /// Whether a signal has come.
  static bool isWaiting();

private:
  struct sigaction before[3];
};

} // namespace aimc

#endif // AIMC_TOOLS_AIMCC_SIGNALHOLD_H
