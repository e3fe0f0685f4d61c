//===- Support.h - Models and tensors for tests -----------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds `aimc_model`s in memory and tensors of random values.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_TEST_UNIT_RUNTIME_SUPPORT_H
#define AIMC_TEST_UNIT_RUNTIME_SUPPORT_H

#include "aimc/Runtime/ABI.h"
#include "aimc/Runtime/Context.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace aimc::runtime::test {

/// Uniform values in [-1, 1).
inline std::vector<float> randomValues(size_t count, uint32_t seed) {
  std::mt19937 generator(seed);
  std::vector<float> values(count);
  for (float &value : values)
    value = static_cast<float>(static_cast<int32_t>(generator())) * 0x1p-31f;
  return values;
}

/// What a product with a matrix in digital memory is: the sum of one chain for
/// each 64 rows. `step(row, chain)` is the chain after `row`.
template <typename Step> float sumOfChains(int64_t rows, Step step) {
  float sum = 0;
  for (int64_t first = 0; first < rows; first += 64) {
    float chain = 0;
    for (int64_t row = first; row < std::min<int64_t>(first + 64, rows); ++row)
      chain = step(row, chain);
    sum = first == 0 ? chain : sum + chain;
  }
  return sum;
}

/// A contiguous n x `width` view of `values`.
inline aimc_tensor view(std::vector<float> &values, int64_t width) {
  const int64_t rows = static_cast<int64_t>(values.size()) / width;
  return {values.data(), values.data(), 0, {rows, width}, {width, 1}};
}

/// Whether two arrays have the same bits.
inline bool sameBits(const std::vector<float> &a, const std::vector<float> &b) {
  return a.size() == b.size() &&
         (a.empty() ||
          std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

/// FNV-1a over the bits, to pin results across compilers and machines.
inline uint64_t hashBits(const std::vector<float> &values) {
  uint64_t result = 0xcbf29ce484222325;
  for (float value : values) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    for (int i = 0; i < 4; ++i)
      result = (result ^ (bits >> (8 * i) & 0xff)) * 0x100000001b3;
  }
  return result;
}

/// Tiles of at most `tileRows` x `tileColumns`, each on a core of its own.
inline std::vector<aimc_tile> cutTiles(int64_t rows, int64_t columns,
                                       int64_t tileRows, int64_t tileColumns) {
  std::vector<aimc_tile> tiles;
  for (int64_t r = 0; r < rows; r += tileRows)
    for (int64_t c = 0; c < columns; c += tileColumns) {
      const int32_t core = static_cast<int32_t>(tiles.size());
      tiles.push_back({static_cast<int32_t>(r), static_cast<int32_t>(c),
                       static_cast<int32_t>(std::min(tileRows, rows - r)),
                       static_cast<int32_t>(std::min(tileColumns, columns - c)),
                       0, core, 0, 0});
    }
  return tiles;
}

/// `copies` copies of such tiles, each tile of which is on a core of its own.
inline std::vector<aimc_tile> copyTiles(const std::vector<aimc_tile> &tiles,
                                        int64_t copies) {
  std::vector<aimc_tile> all;
  for (int64_t copy = 0; copy < copies; ++copy)
    for (aimc_tile tile : tiles) {
      tile.core = static_cast<int32_t>(all.size());
      all.push_back(tile);
    }
  return all;
}

/// A model that owns what it points to.
class TestModel {
public:
  using Entry =
      std::function<void(aimc_context *, const aimc_tensor *, aimc_tensor *)>;

  TestModel(std::vector<aimc_parameter> inputs,
            std::vector<aimc_parameter> outputs, Entry entry)
      : inputs(std::move(inputs)), outputs(std::move(outputs)),
        entry(std::move(entry)) {}
  TestModel(const TestModel &) = delete;

  /// One product of an n x rows input with a matrix, site 7.
  static std::unique_ptr<TestModel>
  product(int64_t rows, int64_t columns, std::vector<float> weights,
          std::vector<aimc_tile> tiles, float inputRange = 1.0f,
          float outputRange = 10.0f, int64_t copies = 1) {
    auto model = std::make_unique<TestModel>(
        std::vector<aimc_parameter>{{"x", -1, rows, 0, nullptr}},
        std::vector<aimc_parameter>{{"y", -1, columns, 0, nullptr}},
        [=](aimc_context *context, const aimc_tensor *in, aimc_tensor *out) {
          out[0] = allocate(in[0].sizes[0], columns);
          aimc_mvm(context, 0, 7, inputRange, outputRange,
                   aimc_first_vector(context), &in[0], &out[0]);
        });
    model->addMatrix(rows, columns, std::move(weights), std::move(tiles),
                     copies);
    return model;
  }

  static aimc_tensor allocate(int64_t rows, int64_t columns) {
    float *data = static_cast<float *>(
        std::calloc(std::max<int64_t>(rows * columns, 1), sizeof(float)));
    return {data, data, 0, {rows, columns}, {columns, 1}};
  }

  void addMatrix(int64_t rows, int64_t columns, std::vector<float> weights,
                 std::vector<aimc_tile> tiles, int64_t copies = 1) {
    weightTables.push_back(std::move(weights));
    tileTables.push_back(std::move(tiles));
    matrices.push_back({"w", rows, columns, weightTables.back().data(), copies,
                        AIMC_COPIES_AVERAGE,
                        static_cast<int64_t>(tileTables.back().size()),
                        tileTables.back().data()});
  }

  aimc_matrix &matrix(size_t i) { return matrices[i]; }
  std::vector<aimc_tile> &tiles(size_t i) { return tileTables[i]; }
  void addProgram(const aimc_program &program) { programs.push_back(program); }

  /// The model as it stands; valid until it changes.
  aimc_model &get() {
    model.abi_version = version;
    model.name = "main";
    model.target = target.empty() ? nullptr : target.c_str();
    model.matrix_count = static_cast<int64_t>(matrices.size());
    model.matrices = matrices.data();
    model.program_count = static_cast<int64_t>(programs.size());
    model.programs = programs.data();
    model.input_count = static_cast<int64_t>(inputs.size());
    model.inputs = inputs.data();
    model.output_count = static_cast<int64_t>(outputs.size());
    model.outputs = outputs.data();
    model.run = [](void *user, aimc_context *context, const aimc_tensor *in,
                   aimc_tensor *out) {
      static_cast<TestModel *>(user)->entry(context, in, out);
    };
    model.user = this;
    return model;
  }

  std::string target; ///< JSON
  int32_t version = AIMC_ABI_VERSION;

private:
  std::vector<aimc_parameter> inputs, outputs;
  Entry entry;
  std::deque<std::vector<float>> weightTables;
  std::deque<std::vector<aimc_tile>> tileTables;
  std::vector<aimc_matrix> matrices;
  std::vector<aimc_program> programs;
  aimc_model model = {};
};

/// Runs a context; the rows of all outputs one after the other. `error` as of
/// Context::run.
inline std::vector<float> runContext(Context &context,
                                     const std::vector<aimc_tensor> &inputs,
                                     uint64_t firstVector, std::string &error) {
  std::vector<aimc_tensor> outputs;
  std::vector<float> values;
  if (!context.run(inputs, firstVector, outputs, error))
    return values;
  for (const aimc_tensor &output : outputs) {
    for (int64_t i = 0; i < output.sizes[0]; ++i)
      for (int64_t j = 0; j < output.sizes[1]; ++j)
        values.push_back(output.aligned[output.offset + i * output.strides[0] +
                                        j * output.strides[1]]);
    std::free(output.allocated);
  }
  return values;
}

} // namespace aimc::runtime::test

#endif // AIMC_TEST_UNIT_RUNTIME_SUPPORT_H
