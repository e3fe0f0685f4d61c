//===- WeightsTest.cpp - Files of weights ---------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Known answers of the checksum; what loading a file of weights refuses. Where
// the file is looked for is tested with emitted programs.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/Weights.h"
#include "Runtime/Files/Sha256.h"
#include "aimc/Runtime/Model.h"

#include <gtest/gtest.h>

#include <string>

using aimc::runtime::sha256;

namespace {

// The examples of FIPS 180-4 and of NIST's secure hashing page.
TEST(Sha256, KnownAnswers) {
  EXPECT_EQ(sha256(""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// A file that is not there is one sentence that names it.
TEST(Weights, MissingFile) {
  static const int anchor = 0;
  EXPECT_EQ(aimc_load_weights(&anchor, "no such weights", 4, ""), nullptr);
  const std::string text = aimc_last_error();
  EXPECT_EQ(text.rfind("expects to read the file of weights '", 0), 0u) << text;
  EXPECT_NE(text.find("/no such weights', but got 'No such file or directory'"),
            std::string::npos)
      << text;
}

} // namespace
