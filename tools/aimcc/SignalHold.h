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

/// Installs LLVM's handlers, which remove temporary files, for the signals that
/// end a process. One that is ignored, as nohup and shells have it, stays so.
/// To be called first, before anything else installs them.
void installSignalHandlers();

/// The signal that a handler is at work on.
int currentSignal();

/// While one is there, signals that end the tool wait, in all its threads; the
/// last of them is raised at the end. One can be inside another. Handlers must
/// have been installed before.
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
