//===- Progress.cpp - Progress of a long run --------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes to standard error past any stream a caller gave: only a terminal can
// have such a line.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Runner/Progress.h"

#include <cstdio>

#include <unistd.h>

using namespace aimc::runtime;

Progress::Progress(int64_t total)
    : total(total), terminal(isatty(STDERR_FILENO)),
      next(Clock::now() + std::chrono::seconds(1)) {}

Progress::~Progress() {
  if (shown)
    std::fputs("\r\033[K", stderr);
}

void Progress::advance(int64_t rows) {
  done += rows;
  if (!terminal || total <= 0 || Clock::now() < next)
    return;
  std::fprintf(stderr, "\r%3d %% (%lld of %lld rows)",
               int(100.0 * double(done) / double(total)), (long long)done,
               (long long)total);
  std::fflush(stderr);
  shown = true;
  next = Clock::now() + std::chrono::milliseconds(200);
}
