//===- PluginLibrary.cpp - The library of a device plug-in ----------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Loading and the handshake.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Plugin/PluginLibrary.h"

#include "Runtime/Devices/Plugin/ElfFile.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <tuple>
#include <utility>

#include <dlfcn.h>
#include <sys/stat.h>

namespace aimc::runtime {

namespace {

using Entry = const aimc_plugin *(*)(uint32_t);

/// Longest name, vendor or version, in characters.
constexpr size_t longestText = 255;

/// Which file it is, whatever its name.
using FileIdentity = std::pair<dev_t, ino_t>;
/// What changes when a file is written to: its size and the time of its change.
using FileState = std::tuple<off_t, time_t, long>;

/// What the loader has. It takes a name that it knows for the library that it
/// once found there, and a file that it knows for the library that it once was.
struct Loaded {
  std::mutex mutex;
  std::map<std::string, FileIdentity> files; ///< by the name they came by
  std::map<FileIdentity, FileState> states;
};

Loaded &loaded() {
  // Never destroyed: a device may be opened while the process ends.
  static Loaded &all = *new Loaded();
  return all;
}

/// Opens the file that is at the absolute `path` now. On an error returns null,
/// with one sentence in `error` if the loader has none.
void *openFile(const std::filesystem::path &path, std::string &error) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0)
    return dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  const FileIdentity file(status.st_dev, status.st_ino);
  const FileState state(status.st_size, status.st_mtim.tv_sec,
                        status.st_mtim.tv_nsec);
  Loaded &all = loaded();
  const std::lock_guard<std::mutex> lock(all.mutex);
  const auto known = all.states.find(file);
  if (known != all.states.end() && known->second != state) {
    error = "expects it to be replaced by another file, but got it changed "
            "while this process uses it";
    return nullptr;
  }
  if (error = checkWholeElf(path); !error.empty())
    return nullptr;
  // A file in the place of another gets a name that the loader does not know:
  // of the same folder, since the library may look for others beside it.
  std::string name = path;
  const size_t slash = name.rfind('/');
  for (auto entry = all.files.find(name);
       entry != all.files.end() && entry->second != file;
       entry = all.files.find(name))
    name.insert(slash, "/.");
  void *library = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library) {
    all.files.emplace(name, file);
    all.states.emplace(file, state);
  }
  return library;
}

/// Opens the library; on an error returns null and sets `error`.
void *openLibrary(const std::string &path, std::string &error) {
  const std::string start = "cannot load device '" + path + "': ";
  std::error_code code;
  const std::filesystem::file_status status =
      std::filesystem::status(path, code);
  if (!std::filesystem::exists(status)) {
    error = start + (code ? code.message() : "No such file or directory");
    return nullptr;
  }
  // To open a pipe would wait for who writes it.
  if (!std::filesystem::is_regular_file(status)) {
    error = start + "expects a regular file";
    return nullptr;
  }
  // The loader would search its own folders for a name without a slash, and
  // knows a relative one from another current folder.
  const std::filesystem::path file = std::filesystem::absolute(path, code);
  if (code) {
    error = start + code.message();
    return nullptr;
  }
  std::string text;
  void *library = openFile(file, text);
  if (library)
    return library;
  if (text.empty()) {
    const char *reason = dlerror();
    text = reason ? reason : "expects a shared library";
  }
  // The loader begins with its name of the file.
  const std::string end = file.filename().string() + ": ";
  if (const size_t place = text.find(end);
      text.front() == '/' && place != std::string::npos)
    text.erase(0, place + end.size());
  error = start + text;
  return nullptr;
}

/// Whether a text is printable ASCII of a length that messages bear.
bool isPlain(const char *text) {
  if (!text)
    return false;
  const size_t length = strnlen(text, longestText + 1);
  return length > 0 && length <= longestText &&
         std::all_of(text, text + length,
                     [](char c) { return c >= ' ' && c <= '~'; });
}

/// What is wrong with a table, as one sentence without a subject, or nothing.
std::string verifyTable(const aimc_plugin &plugin) {
  // Nothing else may be read before these two are known.
  if (plugin.version != AIMC_PLUGIN_VERSION)
    return "expects a plug-in of version " +
           std::to_string(AIMC_PLUGIN_VERSION) + ", but got " +
           std::to_string(plugin.version);
  if (plugin.size < sizeof plugin)
    return "expects a table of " + std::to_string(sizeof plugin) +
           " bytes or more, but got " + std::to_string(plugin.size);
  for (const auto &[what, text] :
       {std::pair<const char *, const char *>{"name", plugin.name},
        {"vendor", plugin.vendor},
        {"version of the device", plugin.device_version}})
    if (!isPlain(text))
      return std::string("expects a ") + what +
             " of 1 to 255 printable ASCII characters, but got " +
             (!text   ? "a null pointer"
              : *text ? "others"
                      : "none");
  for (const auto &[name, isThere] :
       {std::pair<const char *, bool>{"open", plugin.open},
        {"close", plugin.close},
        {"describe", plugin.describe},
        {"program", plugin.program},
        {"mvm", plugin.mvm}})
    if (!isThere)
      return std::string("expects a function '") + name +
             "', but got a null pointer";
  if (!plugin.load_program != !plugin.digital)
    return std::string("expects functions 'load_program' and 'digital' or "
                       "neither, but got '") +
           (plugin.digital ? "digital" : "load_program") + "' alone";
  return {};
}

} // namespace

const aimc_plugin *loadPlugin(const std::string &path, std::string &error) {
  void *library = openLibrary(path, error);
  if (!library)
    return nullptr;
  const std::string start = "device '" + path + "' ";
  const auto entry = reinterpret_cast<Entry>(dlsym(library, AIMC_PLUGIN_ENTRY));
  if (!entry) {
    error = start + "expects a function '" AIMC_PLUGIN_ENTRY
                    "', but got a library that exports none";
    return nullptr;
  }
  const aimc_plugin *plugin = nullptr;
  try {
    plugin = entry(AIMC_PLUGIN_VERSION);
  } catch (...) {
    error = start + "expects '" AIMC_PLUGIN_ENTRY
                    "' to return, but got an exception";
    return nullptr;
  }
  if (!plugin) {
    error = start + "expects a plug-in of version " +
            std::to_string(AIMC_PLUGIN_VERSION) +
            ", but got one that does not have it";
    return nullptr;
  }
  if (std::string text = verifyTable(*plugin); !text.empty()) {
    error = start + text;
    return nullptr;
  }
  return plugin;
}

} // namespace aimc::runtime
