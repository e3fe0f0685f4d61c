//===- LayerTableReader.cpp - Layer tables as JSON ------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each field is checked where it is read; then names of inputs become layers in
// an order in which they can run; then the rows of neighbours are compared.
//
//===----------------------------------------------------------------------===//

#include "Estimate/LayerTableReader.h"

#include "Runtime/Target/SyntaxCheck.h"
#include "Runtime/Target/TargetReader.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <queue>

using namespace aimc;
using nlohmann::json;
using runtime::ObjectReader;
using runtime::Reading;
using runtime::shown;

/// Of sizes in a table: products of two of them do not overflow.
static constexpr int64_t maximumSize = 2147483647;
static constexpr size_t maximumLayers = 100000;
static constexpr size_t maximumFileSize = 1 << 26;

namespace {

/// A layer as it stands in the file.
struct Node {
  Layer layer;
  std::string path;                ///< say "nodes[3]"
  std::vector<std::string> inputs; ///< their names
};

/// What a type of the file may have.
struct NodeType {
  const char *name;
  LayerKind kind;
  size_t leastInputs, mostInputs;
  std::vector<const char *> fields;
};

} // namespace

static const std::vector<NodeType> &getTypes() {
  constexpr size_t any = maximumLayers;
  static const std::vector<NodeType> types = {
      {"in", LayerKind::Input, 0, 0, {}},
      {"conv",
       LayerKind::Matrix,
       1,
       1,
       {"kernel", "stride", "padding", "matrix_rows", "matrix_cols",
        "output_positions"}},
      {"dense",
       LayerKind::Dense,
       1,
       any,
       {"matrix_rows", "matrix_cols", "output_positions"}},
      {"cat", LayerKind::Join, 1, any, {}},
      {"add", LayerKind::Join, 1, any, {}},
      {"pool", LayerKind::Window, 1, 1, {"kernel", "stride", "padding"}},
      {"up", LayerKind::Upsample, 1, 1, {"factor"}},
      {"global", LayerKind::Global, 1, any, {}},
  };
  return types;
}

/// A name, which stands in reports of one line.
static std::string readName(ObjectReader &object, const char *field) {
  std::string name = object.text(field);
  if (std::any_of(name.begin(), name.end(),
                  [](unsigned char c) { return c < ' ' || c == 127; }))
    object.reading.fail(object.pathOf(field),
                        "a name without control characters", shown(json(name)));
  return name;
}

/// `inputs`.
static void readInputs(ObjectReader &object, const NodeType &type, Node &node) {
  const json &list = object.at("inputs");
  const std::string path = object.pathOf("inputs");
  if (object.reading.failed())
    return;
  if (!list.is_array() || list.size() < type.leastInputs ||
      list.size() > type.mostInputs) {
    object.reading.fail(
        path,
        type.mostInputs == 0   ? "an empty array of type \"in\""
        : type.mostInputs == 1 ? "an array of one name"
                               : "an array of names, at least one",
        list.is_array() ? std::to_string(list.size()) + " of them"
                        : shown(list));
    return;
  }
  for (size_t i = 0; i < list.size() && !object.reading.failed(); ++i)
    if (list[i].is_string())
      node.inputs.push_back(list[i].get<std::string>());
    else
      object.reading.fail(path + "[" + std::to_string(i) + "]", "a name",
                          shown(list[i]));
}

/// A size that may be left out.
static int64_t readSize(ObjectReader &object, const char *field, int64_t low,
                        int64_t high, int64_t otherwise) {
  return object.has(field) ? object.integer(field, low, high) : otherwise;
}

static Node readNode(Reading &reading, const json &value, std::string path) {
  Node node;
  node.path = path;
  // The type says which fields there may be.
  if (!value.is_object()) {
    reading.fail(path, "an object", shown(value));
    return node;
  }
  if (!value.contains("type")) {
    reading.failMissing(path + ".type", path);
    return node;
  }
  std::vector<std::string> names;
  const NodeType *type = nullptr;
  for (const NodeType &each : getTypes()) {
    names.emplace_back(each.name);
    if (value["type"] == each.name)
      type = &each;
  }
  if (!type) {
    reading.fail(path + ".type", "one of " + runtime::listOf(names),
                 shown(value["type"]));
    return node;
  }
  std::vector<const char *> fields = {"name", "type", "inputs", "output_rows",
                                      "note"};
  fields.insert(fields.end(), type->fields.begin(), type->fields.end());
  ObjectReader object(reading, value, std::move(path), fields);

  Layer &layer = node.layer;
  layer.kind = type->kind;
  layer.name = readName(object, "name");
  readInputs(object, *type, node);
  layer.outputRows = object.integer("output_rows", 1, maximumLayerRows);
  if (layer.kind == LayerKind::Matrix || layer.kind == LayerKind::Window) {
    const bool pool = layer.kind == LayerKind::Window;
    // A table says the window of a convolution; that of a pooling is 2 x 2.
    layer.kernel = pool ? readSize(object, "kernel", 1, maximumSize, 2)
                        : object.integer("kernel", 1, maximumSize);
    layer.stride = pool ? readSize(object, "stride", 1, maximumSize, 2)
                        : object.integer("stride", 1, maximumSize);
    layer.padding = readSize(object, "padding", 0, layer.kernel - 1,
                             pool ? 0 : layer.kernel / 2);
  }
  if (layer.kind == LayerKind::Upsample)
    layer.factor = readSize(object, "factor", 1, maximumSize, 2);
  if (layer.isOnCrossbars()) {
    layer.matrixRows = object.integer("matrix_rows", 1, maximumSize);
    layer.matrixColumns = object.integer("matrix_cols", 1, maximumSize);
    layer.positions = object.integer("output_positions", 1, maximumSize);
    if (!reading.failed() && layer.positions % layer.outputRows != 0)
      reading.fail(object.pathOf("output_positions"),
                   "a multiple of the " + std::to_string(layer.outputRows) +
                       " output rows",
                   std::to_string(layer.positions));
  }
  return node;
}

/// Brings the nodes into an order in which they can run: of those whose inputs
/// are there, the first in the file. Sets the layers' inputs.
static std::vector<Node> orderNodes(Reading &reading, std::vector<Node> nodes) {
  std::map<std::string, size_t> byName;
  for (size_t i = 0; i < nodes.size(); ++i)
    if (!byName.emplace(nodes[i].layer.name, i).second)
      reading.fail(nodes[i].path + ".name", "a name no other node has",
                   shown(json(nodes[i].layer.name)));
  std::vector<std::vector<size_t>> users(nodes.size());
  std::vector<size_t> missing(nodes.size());
  for (size_t i = 0; i < nodes.size(); ++i) {
    missing[i] = nodes[i].inputs.size();
    for (size_t k = 0; k < nodes[i].inputs.size(); ++k) {
      auto found = byName.find(nodes[i].inputs[k]);
      if (found == byName.end()) {
        reading.fail(nodes[i].path + ".inputs[" + std::to_string(k) + "]",
                     "the name of a node", shown(json(nodes[i].inputs[k])));
        return {};
      }
      users[found->second].push_back(i);
    }
  }
  std::priority_queue<size_t, std::vector<size_t>, std::greater<>> next;
  for (size_t i = 0; i < nodes.size(); ++i)
    if (missing[i] == 0)
      next.push(i);
  std::vector<Node> ordered;
  std::vector<int64_t> places(nodes.size(), -1);
  while (!next.empty()) {
    const size_t i = next.top();
    next.pop();
    places[i] = static_cast<int64_t>(ordered.size());
    Node &node = nodes[i];
    for (const std::string &input : node.inputs)
      node.layer.inputs.push_back(places[byName.find(input)->second]);
    ordered.push_back(std::move(node));
    for (size_t user : users[i])
      if (--missing[user] == 0)
        next.push(user);
  }
  if (ordered.size() == nodes.size())
    return ordered;
  // Follow inputs that wait, until one comes again: it waits for itself.
  size_t at = 0;
  while (places[at] >= 0)
    ++at;
  std::vector<bool> seen(nodes.size());
  while (!seen[at]) {
    seen[at] = true;
    for (const std::string &input : nodes[at].inputs) {
      const size_t from = byName.find(input)->second;
      if (places[from] < 0) {
        at = from;
        break;
      }
    }
  }
  reading.fail(nodes[at].path + ".inputs",
               "layers that do not depend on this one",
               shown(json(nodes[at].layer.name)) + " among what they need");
  return {};
}

/// Compares the rows of a node with those of its inputs.
static void checkRows(Reading &reading, const std::vector<Node> &nodes,
                      const Node &node) {
  const Layer &layer = node.layer;
  for (int64_t input : layer.inputs) {
    const Layer &from = nodes[input].layer;
    const std::string what = "of " + shown(json(from.name));
    const int64_t rows = from.outputRows;
    std::string expected;
    switch (layer.kind) {
    case LayerKind::Join:
      if (layer.outputRows != rows)
        expected = "the " + std::to_string(rows) + " rows " + what;
      break;
    case LayerKind::Upsample:
      if (layer.outputRows != rows * layer.factor)
        expected = std::to_string(layer.factor) + " times the " +
                   std::to_string(rows) + " rows " + what;
      break;
    case LayerKind::Matrix:
    case LayerKind::Window:
      if (layer.outputRows > countWindows(layer, rows))
        expected = "at most the " + std::to_string(countWindows(layer, rows)) +
                   " windows that begin within the " + std::to_string(rows) +
                   " rows " + what;
      break;
    case LayerKind::Input:
    case LayerKind::Dense:
    case LayerKind::Global:
      break;
    }
    if (!expected.empty())
      reading.fail(node.path + ".output_rows", expected,
                   std::to_string(layer.outputRows));
  }
}

/// The nodes of a document, checked and in order; errors are in `reading`.
static std::vector<Node> readNodes(Reading &reading, ObjectReader &document) {
  const json &list = document.at("nodes");
  if (reading.failed())
    return {};
  if (!list.is_array() || list.empty() || list.size() > maximumLayers) {
    reading.fail("nodes",
                 "an array of 1 to " + std::to_string(maximumLayers) + " nodes",
                 list.is_array() ? std::to_string(list.size()) + " of them"
                                 : shown(list));
    return {};
  }
  std::vector<Node> nodes;
  int64_t rows = 0;
  bool onCrossbars = false;
  for (size_t i = 0; i < list.size() && !reading.failed(); ++i) {
    nodes.push_back(
        readNode(reading, list[i], "nodes[" + std::to_string(i) + "]"));
    rows += nodes.back().layer.outputRows;
    onCrossbars |= nodes.back().layer.isOnCrossbars();
    if (rows > maximumLayerRows)
      reading.fail(nodes.back().path + ".output_rows",
                   "at most " + std::to_string(maximumLayerRows) +
                       " rows of all nodes up to here",
                   std::to_string(rows));
  }
  if (!onCrossbars)
    reading.fail("nodes", "at least one of type \"conv\" or \"dense\"", "none");
  if (reading.failed())
    return {};
  nodes = orderNodes(reading, std::move(nodes));
  for (const Node &node : nodes)
    checkRows(reading, nodes, node);
  return nodes;
}

std::optional<LayerTable> aimc::parseLayerTable(std::string_view text,
                                                std::string &error,
                                                runtime::TextPlace &place) {
  error = runtime::checkSyntax(text, place);
  if (!error.empty())
    return std::nullopt;
  const json document = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) {
    error = "a layer table expects an object, but got " + shown(document);
    place = runtime::findField(text, "");
    return std::nullopt;
  }
  Reading reading;
  ObjectReader object(reading, document, "",
                      {"network", "input", "note", "nodes"});
  LayerTable table;
  if (object.has("network"))
    table.network = readName(object, "network");
  std::vector<Node> nodes = readNodes(reading, object);
  if (reading.failed()) {
    error = reading.error;
    place = reading.placeIn(text);
    return std::nullopt;
  }
  for (Node &node : nodes)
    table.layers.push_back(std::move(node.layer));
  return table;
}

std::optional<LayerTable> aimc::loadLayerTable(const std::string &path,
                                               std::string &error,
                                               runtime::TextPlace &place) {
  std::ifstream file;
  std::error_code ignored;
  // A directory opens like a file and fails at the first read.
  if (!std::filesystem::is_directory(path, ignored))
    file.open(path, std::ios::binary);
  std::string text;
  if (file.is_open()) {
    text.resize(maximumFileSize + 1);
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<size_t>(file.gcount()));
  }
  if (!file.is_open() || file.bad()) {
    error = "expects a layer table, but cannot read '" + path + "'";
    return std::nullopt;
  }
  std::optional<LayerTable> table;
  if (text.size() > maximumFileSize)
    error = path +
            ": expects a layer table of at most 64 MiB, but the file is larger";
  else
    table = parseLayerTable(text, error, place);
  return table;
}
