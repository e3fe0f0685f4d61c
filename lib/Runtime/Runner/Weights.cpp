//===- Weights.cpp - Weights in a file beside a program -------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The file is mapped, so that a large model starts at once and processes share
// its pages.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/Weights.h"

#include "Runtime/Files/Sha256.h"
#include "Runtime/Runner/LastError.h"

#include <cerrno>
#include <cstring>
#include <dlfcn.h>
#include <exception>
#include <fcntl.h>
#include <link.h>
#include <map>
#include <mutex>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

using namespace aimc::runtime;

/// The path of the program or library that holds the object at `anchor`.
static std::string pathOf(const void *anchor) {
  Dl_info info;
  link_map *map = nullptr;
  if (!dladdr1(anchor, &info, reinterpret_cast<void **>(&map), RTLD_DL_LINKMAP))
    return {};
  if (map->l_name[0] != '\0')
    return map->l_name;
  // The program itself has no name there, and its argv[0] need not be a path.
  std::string path(4096, '\0');
  const ssize_t size = readlink("/proc/self/exe", path.data(), path.size());
  path.resize(size > 0 ? static_cast<size_t>(size) : 0);
  return path;
}

/// Keeps one sentence for who asks.
static const float *fail(const std::string &message) {
  setLastError(message);
  return nullptr;
}

/// Maps and checks the file at `path`.
static const float *load(const std::string &path, uint64_t size,
                         const std::string &sha256Text) {
  const std::string file = "the file of weights '" + path + "'";
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return fail("expects to read " + file + ", but got '" +
                std::strerror(errno) + "'");
  struct stat status = {};
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode) ||
      static_cast<uint64_t>(status.st_size) != size) {
    close(descriptor);
    return fail("expects " + std::to_string(size) + " bytes in " + file +
                ", but got " + std::to_string(status.st_size));
  }
  void *data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  const std::string reason = std::strerror(errno);
  close(descriptor);
  if (data == MAP_FAILED)
    return fail("expects to map " + file + ", but got '" + reason + "'");
  const std::string sum = sha256({static_cast<const char *>(data), size});
  if (sum != sha256Text) {
    munmap(data, size);
    return fail("expects " + file + " with SHA-256 " + sha256Text +
                ", but got " + sum);
  }
  return static_cast<const float *>(data);
}

const float *aimc_load_weights(const void *anchor, const char *name,
                               uint64_t size, const char *sha256Text) {
  try {
    const std::string program = pathOf(anchor);
    const size_t slash = program.rfind('/');
    const std::string path =
        (slash == std::string::npos ? std::string()
                                    : program.substr(0, slash + 1)) +
        name;
    // A model is asked for more than once; its file is read once.
    static std::mutex mutex;
    static std::map<std::pair<std::string, std::string>, const float *> loaded;
    const std::lock_guard<std::mutex> lock(mutex);
    const float *&values = loaded[{path, sha256Text}];
    if (!values)
      values = load(path, size, sha256Text);
    return values;
  } catch (const std::exception &exception) {
    return fail(std::string("cannot load weights: ") + exception.what());
  }
}
