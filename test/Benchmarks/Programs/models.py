# ===- models.py - The models of bench-programs ----------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Writes the models that bench-programs measures.

  models.py FOLDER NAME...

Each is FOLDER/NAME.mlir with random weights, which FOLDER/NAME-ARRAY.npy has
too, with inputs. Names are rff-INPUTS-FEATURES-OUTPUTS, a classifier on random
features of the RBF kernel, and favor-SIZE-FEATURES, attention by positive
softmax features of one head.
"""

import sys
from pathlib import Path

import numpy as np

ROWS = 4096


def features(name, generator):
    inputs, count, outputs = map(int, name.split("-")[1:])
    arrays = {
        "x": generator.standard_normal((ROWS, inputs)),
        # gamma = 1 / inputs, as scikit-learn's default.
        "omega": generator.standard_normal((count, inputs)) * np.sqrt(2 / inputs),
        "offset": generator.uniform(0, 2 * np.pi, count),
        "readout": generator.standard_normal((count, outputs)),
        "intercept": generator.standard_normal(outputs),
    }
    text = f"""func.func @predict(%x: tensor<?x{inputs}xf32>) -> tensor<?x{outputs}xf32> {{
  %omega = arith.constant dense_resource<omega> : tensor<{count}x{inputs}xf32>
  %offset = arith.constant dense_resource<offset> : tensor<{count}xf32>
  %z = kernel.features map(rbf_phase) %x, %omega offset(%offset : tensor<{count}xf32>)
      : tensor<?x{inputs}xf32>, tensor<{count}x{inputs}xf32> -> tensor<?x{count}xf32>
  %readout = arith.constant dense_resource<readout> : tensor<{count}x{outputs}xf32>
  %intercept = arith.constant dense_resource<intercept> : tensor<{outputs}xf32>
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x{inputs}xf32>
  %empty = tensor.empty(%n) : tensor<?x{outputs}xf32>
  %init = linalg.broadcast ins(%intercept : tensor<{outputs}xf32>)
      outs(%empty : tensor<?x{outputs}xf32>) dimensions = [0]
  %y = linalg.matmul ins(%z, %readout : tensor<?x{count}xf32>, tensor<{count}x{outputs}xf32>)
      outs(%init : tensor<?x{outputs}xf32>) -> tensor<?x{outputs}xf32>
  return %y : tensor<?x{outputs}xf32>
}}
"""
    return arrays, text


def attention(name, generator):
    size, count = map(int, name.split("-")[1:])
    arrays = {array: generator.standard_normal((ROWS, size)) for array in "qkv"}
    arrays["omega"] = generator.standard_normal((count // 2, size))
    tokens, omega = f"tensor<?x{size}xf32>", f"tensor<{count // 2}x{size}xf32>"
    text = f"""func.func @attend(%q: {tokens}, %k: {tokens}, %v: {tokens}) -> {tokens} {{
  %omega = arith.constant dense_resource<omega> : {omega}
  %y = kernel.attention map(softmax_pos) %q, %k, %v, %omega
      : {tokens}, {tokens}, {tokens}, {omega} -> {tokens}
  return %y : {tokens}
}}
"""
    return arrays, text


def main():
    folder = Path(sys.argv[1])
    for name in sys.argv[2:]:
        generator = np.random.default_rng(0)
        arrays, text = (attention if name.startswith("favor") else features)(name, generator)
        blobs = []
        for array, values in arrays.items():
            values = values.astype("<f4")
            np.save(folder / f"{name}-{array}.npy", values)
            if f"dense_resource<{array}>" in text:
                blobs.append(f'      {array}: "0x04000000{values.tobytes().hex()}"')
        resources = ",\n".join(blobs)
        text += f"{{-#\n  dialect_resources: {{\n    builtin: {{\n{resources}\n    }}\n  }}\n#-}}\n"
        (folder / f"{name}.mlir").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
