# ===- odd-tiles.py - tiles that do not share a core -----------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Prints a module of 65 tiles of 129x129 and one of 1x1, in three matrices."""

print("aimc.weights @first = dense<0.5> : tensor<129x129xf32>")
print("aimc.tile @first_0_0 of @first index [0, 0] rows(0, 129) columns(0, 129)")
print("aimc.weights @second = dense<0.5> : tensor<1032x1032xf32>")
for i in range(8):
    for j in range(8):
        print(
            f"aimc.tile @second_{i}_{j} of @second index [{i}, {j}] "
            f"rows({129 * i}, 129) columns({129 * j}, 129)"
        )
print("aimc.weights @third = dense<0.5> : tensor<1x1xf32>")
print("aimc.tile @third_0_0 of @third index [0, 0] rows(0, 1) columns(0, 1)")
