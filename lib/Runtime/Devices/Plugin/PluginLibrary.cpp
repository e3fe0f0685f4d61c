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

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <utility>

#include <dlfcn.h>

namespace aimc::runtime {

namespace {

using Entry = const aimc_plugin *(*)(uint32_t);

/// Longest name, vendor or version, in characters.
constexpr size_t longestText = 255;

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
  // The loader would search its own folders for a name without a slash.
  const std::string file =
      path.find('/') == std::string::npos ? "./" + path : path;
  void *library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library)
    return library;
  const char *reason = dlerror();
  std::string text = reason ? reason : "expects a shared library";
  if (text.compare(0, file.size() + 2, file + ": ") == 0)
    text.erase(0, file.size() + 2);
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
