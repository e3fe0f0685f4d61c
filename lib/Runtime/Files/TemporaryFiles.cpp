//===- TemporaryFiles.cpp - Files that a signal removes -------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A handler may neither wait for a lock nor free memory, so the names stand in
// atomic pointers; whoever takes one out owns it.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Files/TemporaryFiles.h"

#include "aimc/Runtime/Files.h"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iterator>

#include <unistd.h>

namespace aimc::runtime {

namespace {

std::atomic<char *> names[256];

/// Signals that end a process, and what would have been done with them.
constexpr int Signals[] = {SIGHUP, SIGINT, SIGPIPE, SIGTERM};
struct sigaction before[std::size(Signals)];

extern "C" void removeTemporaryFiles(int signal) {
  for (std::atomic<char *> &name : names)
    if (const char *path = name.exchange(nullptr))
      (void)unlink(path);
  for (size_t i = 0; i < std::size(Signals); ++i)
    if (Signals[i] == signal)
      (void)sigaction(signal, &before[i], nullptr);
  (void)raise(signal);
}

} // namespace

void addTemporaryFile(const std::string &path) {
  char *copy = strdup(path.c_str());
  for (std::atomic<char *> &name : names) {
    char *none = nullptr;
    if (copy && name.compare_exchange_strong(none, copy))
      return;
  }
  std::free(copy);
}

void forgetTemporaryFile(const std::string &path) {
  for (std::atomic<char *> &name : names) {
    // Taken out to be read, as the handler may be at work on another thread.
    char *own = name.exchange(nullptr);
    if (own && path == own)
      return std::free(own);
    if (own)
      name = own;
  }
}

void removeTemporaryFilesOnSignals() {
  struct sigaction action = {};
  action.sa_handler = removeTemporaryFiles;
  sigfillset(&action.sa_mask);
  for (size_t i = 0; i < std::size(Signals); ++i)
    // What a shell ignores for a process stays so.
    if (sigaction(Signals[i], nullptr, &before[i]) == 0 &&
        before[i].sa_handler != SIG_IGN)
      (void)sigaction(Signals[i], &action, nullptr);
  // A file beyond the limit is an error of its writer.
  (void)std::signal(SIGXFSZ, SIG_IGN);
}

} // namespace aimc::runtime
