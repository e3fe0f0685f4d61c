//===- Peers.cpp - The same models in Python ------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two pipes and a line each way.
//
//===----------------------------------------------------------------------===//

#include "Peers.h"

#include <sys/wait.h>
#include <unistd.h>

#include <sstream>
#include <stdexcept>

namespace aimc::runtime::bench {

Peers::Peers(const std::string &python, const std::string &script,
             const std::string &folder) {
  int input[2], output[2];
  if (pipe(input) || pipe(output))
    throw std::runtime_error("expects pipes, but got none");
  process = fork();
  if (process < 0)
    throw std::runtime_error("expects a process, but got none");
  if (process == 0) {
    dup2(input[0], STDIN_FILENO);
    dup2(output[1], STDOUT_FILENO);
    for (int end : {input[0], input[1], output[0], output[1]})
      close(end);
    execlp(python.c_str(), python.c_str(), script.c_str(), folder.c_str(),
           static_cast<char *>(nullptr));
    _exit(127);
  }
  close(input[0]);
  close(output[1]);
  to = fdopen(input[1], "w");
  from = fdopen(output[0], "r");
  std::istringstream line(readLine());
  for (std::string name; line >> name;)
    available.push_back(name);
}

Peers::~Peers() {
  if (to)
    std::fclose(to);
  if (from)
    std::fclose(from);
  if (process > 0)
    waitpid(process, nullptr, 0);
}

std::string Peers::readLine() {
  std::string line;
  int c;
  while ((c = std::fgetc(from)) != EOF && c != '\n')
    line += static_cast<char>(c);
  if (c == EOF)
    throw std::runtime_error("expects a line of peers.py, but it ended");
  return line;
}

double Peers::secondsOf(const std::string &name, const std::string &model,
                        int64_t batch, int64_t calls) {
  std::fprintf(to, "%s %s %lld %lld\n", name.c_str(), model.c_str(),
               static_cast<long long>(batch), static_cast<long long>(calls));
  std::fflush(to);
  return std::stod(readLine());
}

} // namespace aimc::runtime::bench
