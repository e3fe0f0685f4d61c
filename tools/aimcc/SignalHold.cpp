//===- SignalHold.cpp - Signals that wait for work to be whole ------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Handlers are of the process: a mask would hold those of one thread only.
//
//===----------------------------------------------------------------------===//

#include "SignalHold.h"

using namespace aimc;

static constexpr int signals[] = {SIGHUP, SIGINT, SIGTERM};

/// The last signal that came, or 0.
static volatile sig_atomic_t waiting = 0;

SignalHold::SignalHold() {
  static_assert(sizeof before / sizeof *before ==
                sizeof signals / sizeof *signals);
  struct sigaction action = {};
  action.sa_handler = [](int number) { waiting = number; };
  action.sa_flags = SA_RESTART;
  struct sigaction *old = before;
  for (int number : signals) {
    sigaction(number, &action, old);
    if (old->sa_handler == SIG_IGN)
      sigaction(number, old, nullptr);
    ++old;
  }
}

SignalHold::~SignalHold() {
  const struct sigaction *old = before;
  for (int number : signals)
    sigaction(number, old++, nullptr);
  if (const int number = waiting) {
    waiting = 0;
    (void)raise(number);
  }
}

bool SignalHold::isWaiting() { return waiting != 0; }
