//===- GramTest.cpp - Exact kernels as runtime calls ------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Values and bits of `gram`, values of `load`, and the errors of both.
//
//===----------------------------------------------------------------------===//

#include "../Support.h"

#include "aimc/Runtime/ExactKernel.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

/// A model that loads its matrix and takes the kernel of its input with it.
std::unique_ptr<TestModel> makeModel(int64_t points, int64_t width,
                                     std::vector<float> y, int64_t kernel,
                                     double gamma) {
  auto model = std::make_unique<TestModel>(
      std::vector<aimc_parameter>{{"x", -1, width, 0, nullptr}},
      std::vector<aimc_parameter>{{"k", -1, points, 0, nullptr}},
      [=](aimc_context *context, const aimc_tensor *in, aimc_tensor *out) {
        aimc_tensor loaded = TestModel::allocate(points, width);
        out[0] = TestModel::allocate(in[0].sizes[0], points);
        aimc_load(context, 0, &loaded);
        aimc_gram(context, kernel, gamma, &in[0], &loaded, &out[0]);
        std::free(loaded.allocated);
      });
  model->addMatrix(points, width, std::move(y), {});
  return model;
}

/// The error of `call` on tensors a, 4 x 3, and b, 5 x 3, of a model with one
/// matrix on a crossbar and one in digital memory, 5 x 3 both.
std::string getError(
    const std::function<void(aimc_context *, aimc_tensor, aimc_tensor)> &call) {
  std::vector<float> a(12), b(15);
  TestModel model(
      {{"x", -1, 1, 0, nullptr}}, {},
      [&](aimc_context *context, const aimc_tensor *, aimc_tensor *) {
        call(context, view(a, 3), view(b, 3));
      });
  model.addMatrix(5, 3, std::vector<float>(15), cutTiles(5, 3, 5, 3));
  model.addMatrix(5, 3, std::vector<float>(15), {});
  std::string error;
  auto context = Context::create(model.get(), {}, error);
  EXPECT_TRUE(context) << error;
  std::vector<float> x(1);
  std::vector<aimc_tensor> outputs;
  context->run({view(x, 1)}, 0, outputs, error);
  return error;
}

TEST(Gram, IsTheKernelOfAllPairs) {
  const int64_t n = 300, points = 17, width = 21;
  std::vector<float> x = randomValues(n * width, 1);
  const std::vector<float> y = randomValues(points * width, 2);
  for (int64_t kernel = AIMC_KERNEL_RBF; kernel <= AIMC_KERNEL_SOFTMAX;
       ++kernel) {
    const double gamma = kernel == AIMC_KERNEL_RBF ? 0.25 : 0;
    auto model = makeModel(points, width, y, kernel, gamma);
    std::string error;
    const auto exact = ExactKernel::create(kernel, gamma, error);
    ASSERT_TRUE(exact) << error;
    std::vector<float> expected;
    for (int64_t i = 0; i < n; ++i)
      for (int64_t j = 0; j < points; ++j)
        expected.push_back(
            static_cast<float>((*exact)(&x[i * width], &y[j * width], width)));
    for (int threads : {1, 2}) {
      ContextOptions options;
      options.threads = threads;
      auto context = Context::create(model->get(), options, error);
      ASSERT_TRUE(context) << error;
      EXPECT_EQ(runContext(*context, {view(x, width)}, 0, error), expected)
          << kernel << " " << error;
    }
  }
}

TEST(Gram, TakesAnyStrides) {
  // Columns 1 to 2 of rows of 4, every second row of the output.
  std::vector<float> x = randomValues(12, 1), k(16, -1);
  TestModel model(
      {{"x", -1, 1, 0, nullptr}}, {},
      [&](aimc_context *context, const aimc_tensor *, aimc_tensor *) {
        const aimc_tensor from = {x.data(), x.data(), 1, {3, 2}, {4, 1}};
        const aimc_tensor transposed = {x.data(), x.data(), 0, {2, 2}, {1, 4}};
        const aimc_tensor to = {k.data(), k.data(), 0, {3, 2}, {4, 2}};
        aimc_gram(context, AIMC_KERNEL_LINEAR, 0, &from, &transposed, &to);
      });
  std::string error;
  auto context = Context::create(model.get(), {}, error);
  ASSERT_TRUE(context) << error;
  std::vector<float> input(1);
  std::vector<aimc_tensor> outputs;
  EXPECT_TRUE(context->run({view(input, 1)}, 0, outputs, error)) << error;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 2; ++j) {
      EXPECT_FLOAT_EQ(k[4 * i + 2 * j],
                      x[4 * i + 1] * x[j] + x[4 * i + 2] * x[4 + j]);
      EXPECT_EQ(k[4 * i + 2 * j + 1], -1);
    }
}

TEST(Gram, RefusesWrongKernels) {
  const auto gram = [](int64_t kernel, double gamma) {
    return getError([=](aimc_context *context, aimc_tensor a, aimc_tensor b) {
      aimc_tensor out = TestModel::allocate(4, 5);
      aimc_gram(context, kernel, gamma, &a, &b, &out);
      std::free(out.allocated);
    });
  };
  EXPECT_EQ(gram(AIMC_KERNEL_LINEAR, 0), "");
  EXPECT_EQ(gram(6, 0), "gram expects a kernel from 0 to 5, but got 6");
  EXPECT_EQ(gram(-1, 0), "gram expects a kernel from 0 to 5, but got -1");
  EXPECT_EQ(gram(AIMC_KERNEL_RBF, 0),
            "gram expects a gamma that is finite and greater than 0 for kernel "
            "'rbf', but got 0.000000");
  EXPECT_EQ(gram(AIMC_KERNEL_RBF, std::numeric_limits<double>::infinity()),
            "gram expects a gamma that is finite and greater than 0 for kernel "
            "'rbf', but got inf");
  EXPECT_EQ(gram(AIMC_KERNEL_SOFTMAX, 1),
            "gram expects a gamma of 0 for kernel 'softmax', but got 1.000000");
}

TEST(Gram, RefusesWrongTensors) {
  EXPECT_EQ(getError([](aimc_context *context, aimc_tensor a, aimc_tensor) {
              aimc_gram(context, AIMC_KERNEL_LINEAR, 0, &a, nullptr, &a);
            }),
            "gram expects tensors, but got a null pointer");
  EXPECT_EQ(getError([](aimc_context *context, aimc_tensor a, aimc_tensor b) {
              b.sizes[1] = 2;
              aimc_gram(context, AIMC_KERNEL_LINEAR, 0, &a, &b, &a);
            }),
            "gram of kernel 'linear' y expects a tensor of any number of rows "
            "and 3 columns, but got 5 x 2");
  EXPECT_EQ(getError([](aimc_context *context, aimc_tensor a, aimc_tensor b) {
              aimc_gram(context, AIMC_KERNEL_LINEAR, 0, &a, &b, &a);
            }),
            "gram of kernel 'linear' output expects a tensor of 4 rows and 5 "
            "columns, but got "
            "4 x 3");
  EXPECT_EQ(getError([](aimc_context *context, aimc_tensor a, aimc_tensor) {
              aimc_tensor first = a;
              first.sizes[0] = 3;
              aimc_gram(context, AIMC_KERNEL_LINEAR, 0, &a, &first, &a);
            }),
            "gram of kernel 'linear' expects an output apart from its inputs, "
            "but got one that overlaps them");
}

TEST(Load, RefusesWrongMatrices) {
  const auto load = [](int64_t matrix, bool hasTensor, bool isLarge) {
    return getError([=](aimc_context *context, aimc_tensor a, aimc_tensor b) {
      aimc_load(context, matrix, hasTensor ? isLarge ? &b : &a : nullptr);
    });
  };
  EXPECT_EQ(load(1, true, true), "");
  EXPECT_EQ(load(1, false, true),
            "load expects a tensor, but got a null pointer");
  EXPECT_EQ(load(2, true, true),
            "load expects a matrix from 0 to 1, but got 2");
  EXPECT_NE(load(0, true, true)
                .find("expects a matrix in digital memory, but "
                      "got one with tiles"),
            std::string::npos);
  EXPECT_NE(load(1, true, false)
                .find("output expects a tensor of 5 rows and 3 columns, but "
                      "got 4 x 3"),
            std::string::npos);
}

} // namespace
