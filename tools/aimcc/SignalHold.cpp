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

#include "llvm/Support/Signals.h"

#include <iterator>

using namespace aimc;

static constexpr int signals[] = {SIGHUP, SIGINT, SIGTERM};

/// The last signal that came, or 0.
static volatile sig_atomic_t waiting = 0;

/// The one that is handled, and what LLVM does with those of `signals`.
static volatile sig_atomic_t current = 0;
static struct sigaction handlers[std::size(signals)];

/// Keeps the number, which LLVM's handler does not hand on.
static void handle(int number, siginfo_t *info, void *place) {
  current = number;
  for (size_t i = 0; i < std::size(signals); ++i)
    if (signals[i] == number) {
      if (handlers[i].sa_flags & SA_SIGINFO)
        handlers[i].sa_sigaction(number, info, place);
      else
        handlers[i].sa_handler(number);
    }
}

void aimc::installSignalHandlers() {
  // LLVM has handlers for these, which would end the tool.
  constexpr int ignorable[] = {SIGHUP,  SIGINT,  SIGTERM, SIGQUIT, SIGPIPE,
                               SIGXCPU, SIGXFSZ, SIGUSR1, SIGUSR2};
  struct sigaction before[std::size(ignorable)];
  for (size_t i = 0; i < std::size(ignorable); ++i)
    sigaction(ignorable[i], nullptr, &before[i]);
  llvm::sys::SetInterruptFunction(nullptr);
  for (size_t i = 0; i < std::size(ignorable); ++i)
    if (before[i].sa_handler == SIG_IGN)
      sigaction(ignorable[i], &before[i], nullptr);
  for (size_t i = 0; i < std::size(signals); ++i) {
    sigaction(signals[i], nullptr, &handlers[i]);
    if (handlers[i].sa_handler == SIG_IGN)
      continue;
    struct sigaction action = handlers[i];
    action.sa_flags |= SA_SIGINFO;
    action.sa_sigaction = handle;
    sigaction(signals[i], &action, nullptr);
  }
}

int aimc::currentSignal() { return current ? current : SIGINT; }

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
