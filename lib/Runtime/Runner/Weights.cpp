//===- Weights.cpp - Weights in a file beside a program -------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The file is read into memory of the process and its bytes are checked there:
// those of a mapping would follow later writes to the file.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/Weights.h"

#include "Runtime/Files/Sha256.h"
#include "Runtime/Runner/LastError.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <exception>
#include <fcntl.h>
#include <fstream>
#include <link.h>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

using namespace aimc::runtime;

/// The file mapped at `address`, or nothing.
static std::string findMapped(const void *address) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    // start-end modes offset device inode path
    std::istringstream fields(line);
    uintptr_t start = 0, end = 0;
    char dash;
    std::string modes, offset, device, inode, path;
    fields >> std::hex >> start >> dash >> end >> modes >> offset >> device >>
        inode >> std::ws;
    if (!fields || reinterpret_cast<uintptr_t>(address) < start ||
        reinterpret_cast<uintptr_t>(address) >= end)
      continue;
    std::getline(fields, path);
    // So the kernel writes a line feed.
    for (size_t at; (at = path.find("\\012")) != std::string::npos;)
      path.replace(at, 4, "\n");
    return path[0] == '/' ? path : std::string();
  }
  return {};
}

/// The path of the program or library that holds the object at `anchor`.
static std::string pathOf(const void *anchor) {
  Dl_info info;
  link_map *map = nullptr;
  if (!dladdr1(anchor, &info, reinterpret_cast<void **>(&map), RTLD_DL_LINKMAP))
    return {};
  // The name it was opened by may be relative to a folder that is no longer the
  // current one, or that of a link. Its header is of the file itself.
  if (std::string path = findMapped(info.dli_fbase); !path.empty())
    return path;
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
  setLastError(message.c_str());
  return nullptr;
}

namespace {
/// Closes a file at the end of a scope.
struct Descriptor {
  const int number;
  ~Descriptor() {
    if (number >= 0)
      close(number);
  }
};
} // namespace

/// Reads and checks the file at `path`.
static const float *load(const std::string &path, uint64_t size,
                         const std::string &sha256Text) {
  const std::string file = "the file of weights '" + path + "'";
  // To open a pipe would wait for who writes it.
  const Descriptor descriptor = {
      open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  const auto failToRead = [&] {
    return fail("expects to read " + file + ", but got '" +
                std::strerror(errno) + "'");
  };
  struct stat status = {};
  if (descriptor.number < 0 || fstat(descriptor.number, &status) != 0)
    return failToRead();
  if (!S_ISREG(status.st_mode))
    return fail("expects " + file + " to be a regular file, but got another");
  if (static_cast<uint64_t>(status.st_size) != size)
    return fail("expects " + std::to_string(size) + " bytes in " + file +
                ", but got " + std::to_string(status.st_size));
  constexpr uint64_t alignment = 64;
  std::unique_ptr<char, decltype(&std::free)> data(
      static_cast<char *>(std::aligned_alloc(
          alignment,
          std::max(alignment, (size + alignment - 1) / alignment * alignment))),
      std::free);
  if (!data)
    return fail("expects memory for the " + std::to_string(size) +
                " bytes of " + file + ", but got none");
  for (uint64_t done = 0; done < size;) {
    const ssize_t count =
        read(descriptor.number, data.get() + done, size - done);
    if (count == 0)
      return fail("expects " + std::to_string(size) + " bytes in " + file +
                  ", but got " + std::to_string(done));
    if (count < 0 && errno != EINTR)
      return failToRead();
    done += static_cast<uint64_t>(std::max<ssize_t>(count, 0));
  }
  if (const std::string sum = sha256({data.get(), size}); sum != sha256Text)
    return fail("expects " + file + " with SHA-256 " + sha256Text +
                ", but got " + sum);
  return reinterpret_cast<const float *>(data.release());
}

const float *aimc_load_weights(const void *anchor, const char *name,
                               uint64_t size, const char *sha256Text) {
  clearLastError();
  try {
    const std::string program = pathOf(anchor);
    const size_t slash = program.rfind('/');
    const std::string path =
        (slash == std::string::npos ? std::string()
                                    : program.substr(0, slash + 1)) +
        name;
    // A model is asked for more than once. Its file is read once, and what was
    // checked is what every instance has.
    static std::mutex mutex;
    static std::map<std::pair<std::string, std::string>, const float *> loaded;
    const std::lock_guard<std::mutex> lock(mutex);
    const float *&values = loaded[{path, sha256Text}];
    if (!values)
      values = load(path, size, sha256Text);
    return values;
  } catch (const std::exception &exception) {
    setLastError("cannot load weights: ", exception.what());
  } catch (...) {
    setLastError("cannot load weights");
  }
  return nullptr;
}
