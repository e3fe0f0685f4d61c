//===- KernelOps.td - The kernel dialect -*- tablegen -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernel methods on tensors: random projections and feature maps. Nothing of
// the hardware stands here.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_KERNEL_IR_KERNELOPS_TD
#define AIMC_DIALECTS_KERNEL_IR_KERNELOPS_TD

include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Kernel_Dialect : Dialect {
  let name = "kernel";
  let cppNamespace = "::aimc::kernel";
  let summary = "Kernel methods as random features";
  let description = [{
    A kernel k(x, y) is approximated by an inner product of random features,
    k(x, y) ≈ z(x)·z(y) with z(x) = h(x)·m^(-1/2)·[f1(Ωx) | f2(Ωx)] (Rahimi and
    Recht, NeurIPS 2007). `kernel.projection` is Ω as a recipe,
    `kernel.features` is z, and `kernel.attention` is attention whose kernel is
    z(q)·z(k). `kernel.gram` is k itself, for machines that are fitted with it and
    to compare with. All have value semantics on tensors.
  }];
}

class Kernel_Op<string mnemonic, list<Trait> traits = []>
    : Op<Kernel_Dialect, mnemonic, traits>;

/// Independent Gaussian, orthogonal, structured orthogonal (three Hadamard
/// factors), orthogonal with one Hadamard factor, quasi-Monte Carlo.
def Kernel_SamplerAttr : I32EnumAttr<"Sampler", "how random directions are drawn", [
    I32EnumAttrCase<"rff", 0>,
    I32EnumAttrCase<"orf", 1>,
    I32EnumAttrCase<"sorf", 2>,
    I32EnumAttrCase<"hadamard", 3>,
    I32EnumAttrCase<"qmc", 4>]> {
  let cppNamespace = "::aimc::kernel";
}

/// Lengths of directions: those of Gaussian vectors, or all the same.
def Kernel_RowNormAttr : I32EnumAttr<"RowNorm", "lengths of directions", [
    I32EnumAttrCase<"constant", 0>,
    I32EnumAttrCase<"chi", 1>]> {
  let cppNamespace = "::aimc::kernel";
}

/// The table of `kernel.features` defines them.
def Kernel_MapAttr : I32EnumAttr<"Map", "the nonlinearity of a feature map", [
    I32EnumAttrCase<"rbf", 0>,
    I32EnumAttrCase<"rbf_phase", 1>,
    I32EnumAttrCase<"arccos0", 2>,
    I32EnumAttrCase<"arccos1", 3>,
    I32EnumAttrCase<"arccos2", 4>,
    I32EnumAttrCase<"softmax_pos", 5>,
    I32EnumAttrCase<"softmax_trig", 6>,
    I32EnumAttrCase<"relu", 7>]> {
  let cppNamespace = "::aimc::kernel";
}

/// What exponentials are divided by, so that they stay finite: nothing, or the
/// largest of their row.
def Kernel_StabiliserAttr : I32EnumAttr<"Stabiliser",
    "how exponentials stay finite", [
    I32EnumAttrCase<"none", 0>,
    I32EnumAttrCase<"row", 1>]> {
  let cppNamespace = "::aimc::kernel";
}

/// The table of `kernel.gram` defines them.
def Kernel_KernelAttr : I32EnumAttr<"Kernel", "an exact kernel", [
    I32EnumAttrCase<"rbf", 0>,
    I32EnumAttrCase<"arccos0", 1>,
    I32EnumAttrCase<"arccos1", 2>,
    I32EnumAttrCase<"arccos2", 3>,
    I32EnumAttrCase<"linear", 4>,
    I32EnumAttrCase<"softmax", 5>]> {
  let cppNamespace = "::aimc::kernel";
}

def Kernel_ProjectionOp : Kernel_Op<"projection", [Pure]> {
  let summary = "a random projection as a recipe";
  let description = [{
    Ω of m×d values: rows are random directions drawn by `sampler` from `seed`,
    times √(2γ). Without `gamma` they are not scaled, as for γ = 1/2. Equal
    attributes and types give the same bits on every machine.

    | sampler | directions | options |
    |---|---|---|
    | `rff` | independent N(0, 1) values | `truncation`: values beyond ± it are drawn again |
    | `orf` | orthogonal within blocks of d rows (Yu et al., NeurIPS 2016) | `row_norm`, by default `chi`; `haar`, by default true |
    | `sorf` | √p·(D1 H)(D2 H)(D3 H), p the least power of two ≥ d, H the orthonormal Hadamard matrix, D random signs, cut to d columns (same paper) | `row_norm`, by default `constant` |
    | `hadamard` | √p·D1 H D2, cut to d columns (Choromanski et al., NIPS 2017) | `row_norm`, by default `constant` |
    | `qmc` | a Halton sequence with permuted digits through the inverse normal distribution (Avron et al., JMLR 2016) | |

    `row_norm(chi)` gives rows the lengths of Gaussian vectors, chi draws of d
    (`orf`) or p degrees of freedom; `constant` leaves them √d or √p, which keeps
    an error of the RBF kernel that more rows do not lower. `haar(true)` makes
    the orthogonal matrices Haar distributed (Mezzadri, Notices of the AMS 2007);
    `haar(false)` leaves the signs of Householder's method as LAPACK gives them,
    which published experiments did: arc-cosine kernels then have a bias.

    The optional second result is the offset b of the phase form, m values
    uniform in [0, 2π) from the same seed.

    The op has no effects; equal ops may be merged. `kernel-sample-projections`
    turns it into weights.

    Constraints:
    - (C1) `omega` has a static shape with positive sizes;
    - (C2) `gamma` is finite and greater than 0;
    - (C3) `offset` has as many elements as `omega` has rows;
    - (C4) `truncation` is given for `rff` alone, finite and at least 0.1;
    - (C5) `row_norm` is given for `orf`, `sorf` and `hadamard` alone;
    - (C6) `haar` is given for `orf` alone.

    Example:
    ```mlir
    %omega, %b = kernel.projection sampler(orf) gamma(0.05) seed(7)
        : tensor<512x64xf32>, tensor<512xf32>
    ```
  }];
  let arguments = (ins Kernel_SamplerAttr:$sampler,
                       OptionalAttr<F64Attr>:$gamma,
                       OptionalAttr<F64Attr>:$truncation,
                       OptionalAttr<Kernel_RowNormAttr>:$row_norm,
                       OptionalAttr<BoolAttr>:$haar, I64Attr:$seed);
  let results = (outs 2DTensorOf<[F32]>:$omega,
                      Optional<1DTensorOf<[F32]>>:$offset);
  let assemblyFormat = [{
    `sampler` `(` $sampler `)` (`gamma` `(` $gamma^ `)`)?
    (`truncation` `(` $truncation^ `)`)? (`row_norm` `(` $row_norm^ `)`)?
    (`haar` `(` $haar^ `)`)? `seed` `(` $seed `)`
    attr-dict `:` type($omega) (`,` type($offset)^)?
  }];
  let extraClassDeclaration = [{
    /// `row_norm`, or what the sampler has without it; none for samplers that
    /// have no such option.
    std::optional<RowNorm> getEffectiveRowNorm();
    /// Whether directions are those of Hadamard matrices, whose size is a power
    /// of two, cut to the columns of `omega`.
    bool isHadamard();
    /// Whether directions are orthogonal and Haar distributed.
    bool isHaar();
  }];
  let hasVerifier = 1;
}

def Kernel_FeaturesOp : Kernel_Op<"features", [Pure]> {
  let summary = "random features of a batch";
  let description = [{
    Maps n rows x of length d to n rows z(x) of length D:

    | map | z(x) | D | z(x)·z(y) approximates |
    |---|---|---|---|
    | `rbf` | m^(-1/2)·[cos(Ωx) \| sin(Ωx)] | 2m | exp(-γ‖x - y‖²) |
    | `rbf_phase` | (2/m)^(1/2)·cos(Ωx + b) | m | the same |
    | `arccos0` | (2/m)^(1/2)·Θ(Ωx) | m | (π - θ)/π |
    | `arccos1` | (2/m)^(1/2)·ReLU(Ωx) | m | ‖x‖‖y‖(sin θ + (π - θ)cos θ)/π |
    | `arccos2` | (2/m)^(1/2)·ReLU(Ωx)² | m | ‖x‖²‖y‖²(3 sin θ cos θ + (π - θ)(1 + 2cos²θ))/π |
    | `softmax_pos` | (2m)^(-1/2)·exp(-‖x‖²/2)·[exp(Ωx) \| exp(-Ωx)] | 2m | exp(x·y) |
    | `softmax_trig` | m^(-1/2)·exp(‖x‖²/2)·[cos(Ωx) \| sin(Ωx)] | 2m | exp(x·y) |
    | `relu` | m^(-1/2)·(ReLU(Ωx) + ε) | m | |

    `omega` is Ω, m×d, √(2γ) included; without γ its rows are as those of
    standard Gaussian vectors, which all but the RBF maps expect. `offset` is b;
    θ is the angle between x and y; Θ(a) is 1 for a > 0 and 0 for a ≤ 0, 0 itself
    included. Sources: Rahimi and Recht, NeurIPS 2007 (`rbf`); Cho and Saul,
    NIPS 2009 (`arccos`); Choromanski et al., ICLR 2021 (`softmax`, `relu`). The
    factors of `softmax_pos` are added to the exponents, so that no factor
    overflows by itself.

    `epsilon` is ε, 0.001 when it is not given. `stabiliser(row)` subtracts from
    all exponents of a row the largest of them: what overflows cannot be read
    off, but the row has another scale, z(x)/max z(x), which cancels where rows
    are normalised, as the queries of attention are. With `none`, the default,
    exponents above 88.7 give infinity.

    An input outside the finite range gives NaN. The op has no effects.

    Constraints:
    - (C1) the columns of `input` equal the columns of `omega`;
    - (C2) the rows of `result` equal the rows of `input`;
    - (C3) the columns of `result` equal D;
    - (C4) `offset` is present exactly for `rbf_phase`;
    - (C5) `offset` has as many elements as `omega` has rows;
    - (C6) feature sizes (m, d, D) are static and positive;
    - (C7) `epsilon` is given for `relu` alone, finite and not negative;
    - (C8) `stabiliser` is given for `softmax_pos` alone.

    Example:
    ```mlir
    func.func @features(%x: tensor<?x64xf32>) -> tensor<?x1024xf32> {
      %omega = kernel.projection sampler(rff) gamma(0.05) seed(7) : tensor<512x64xf32>
      %z = kernel.features map(rbf) %x, %omega
          : tensor<?x64xf32>, tensor<512x64xf32> -> tensor<?x1024xf32>
      return %z : tensor<?x1024xf32>
    }
    ```
  }];
  let arguments = (ins Kernel_MapAttr:$map, OptionalAttr<F64Attr>:$epsilon,
                       OptionalAttr<Kernel_StabiliserAttr>:$stabiliser,
                       2DTensorOf<[F32]>:$input, 2DTensorOf<[F32]>:$omega,
                       Optional<1DTensorOf<[F32]>>:$offset);
  let results = (outs 2DTensorOf<[F32]>:$result);
  let assemblyFormat = [{
    `map` `(` $map `)` (`epsilon` `(` $epsilon^ `)`)?
    (`stabiliser` `(` $stabiliser^ `)`)?
    $input `,` $omega (`offset` `(` $offset^ `:` type($offset) `)`)?
    attr-dict `:` type($input) `,` type($omega) `->` type($result)
  }];
  let extraClassDeclaration = [{
    /// D, the number of features of m directions under `map`.
    static int64_t getFeatureCount(Map map, int64_t directions);
    /// `epsilon`, or what it is without it.
    double getEffectiveEpsilon();
  }];
  let hasCanonicalizeMethod = 1;
  let hasVerifier = 1;
}

def Kernel_GramOp : Kernel_Op<"gram", [Pure]> {
  let summary = "exact kernel of all pairs of rows";
  let description = [{
    `result[n, j] = k(x[n], y[j])` for rows of length d; θ is the angle between
    them:

    | kernel | k(x, y) | feature maps that approximate it |
    |---|---|---|
    | `rbf` | exp(-γ‖x - y‖²) | `rbf`, `rbf_phase` |
    | `arccos0` | (π - θ)/π | `arccos0` |
    | `arccos1` | ‖x‖‖y‖(sin θ + (π - θ)cos θ)/π | `arccos1` |
    | `arccos2` | ‖x‖²‖y‖²(3 sin θ cos θ + (π - θ)(1 + 2cos²θ))/π | `arccos2` |
    | `linear` | x·y | |
    | `softmax` | exp(x·y) | `softmax_pos`, `softmax_trig` |

    `gamma` is γ. Arc-cosine kernels (Cho and Saul, NIPS 2009) are 0 where a row
    is 0, as their features are. Values are computed in FP64 and rounded once.

    This is the reference that features are measured by, and with `y` the points
    that a kernel machine was fitted to, its decision function is
    `kernel.gram` times its coefficients (support vector machines, kernel ridge
    regression, Gaussian processes). All of it is digital work: nothing of it runs
    on crossbars. The op has no effects; equal ops may be merged.

    Constraints:
    - (C1) the columns of `x` equal those of `y`, static and positive;
    - (C2) the rows of `y` are static and positive;
    - (C3) `result` has the rows of `x`, and as many columns as `y` has rows;
    - (C4) `gamma` is given for `rbf` alone, finite and greater than 0.

    Example:
    ```mlir
    func.func @gram(%x: tensor<?x64xf32>, %y: tensor<100x64xf32>) -> tensor<?x100xf32> {
      %k = kernel.gram kernel(rbf) gamma(0.05) %x, %y
          : tensor<?x64xf32>, tensor<100x64xf32> -> tensor<?x100xf32>
      return %k : tensor<?x100xf32>
    }
    ```
  }];
  let arguments = (ins Kernel_KernelAttr:$kernel, OptionalAttr<F64Attr>:$gamma,
                       2DTensorOf<[F32]>:$x, 2DTensorOf<[F32]>:$y);
  let results = (outs 2DTensorOf<[F32]>:$result);
  let assemblyFormat = [{
    `kernel` `(` $kernel `)` (`gamma` `(` $gamma^ `)`)? $x `,` $y attr-dict
    `:` type($x) `,` type($y) `->` type($result)
  }];
  let hasCanonicalizeMethod = 1;
  let hasVerifier = 1;
}

def Kernel_Sequences : TensorRankOf<[F32], [2, 3]>;

def Kernel_AttentionOp : Kernel_Op<"attention", [Pure, AttrSizedOperandSegments]> {
  let summary = "attention whose kernel is approximated by random features";
  let description = [{
    For each sequence and head, with queries q_i and keys k_j of length d, values
    v_j of length dv, and φ the features of `map` (the table of `kernel.features`),

    result_i = Σ_j φ(q_i)·φ(k_j) v_j / Σ_j φ(q_i)·φ(k_j)

    over the keys j that query i sees: all of its sequence, and with `causal` those
    up to j = i. Time and memory are linear in the length of a sequence, since the
    sums over j do not depend on i (Katharopoulos et al., Transformers are RNNs,
    ICML 2020; Choromanski et al., Rethinking attention with Performers, ICLR
    2021). With `softmax_pos` or `softmax_trig` it approximates softmax attention,
    whose kernel is exp(S·q·k), S = `scale`.

    `query` is Lq×(H·d), `key` Lk×(H·d), `value` Lk×(H·dv), the result Lq×(H·dv):
    H = `heads` heads lie side by side, as in the operator MultiHeadAttention of
    ONNX Runtime. All may have B sequences as a first dimension. B, Lq and Lk may be
    dynamic.

    `omega` is Ω, m×d, for all heads, or H of them, one a head, with an `offset`
    each for `rbf_phase`. Equal constants are stored once, so heads, queries and
    keys, and layers share crossbars where the model gives them the same Ω; each
    use has noise of its own.

    `mask` has a number for each key, 0 where the token is padding: it is left out,
    whatever it holds, NaN included. Queries of padding are computed as others. A
    query that sees no key, or whose denominator is 0 or subnormal, gets zeros.

    `scale` is the S of the softmax maps, 1/√d if it is not given; other maps are
    not scaled. `epsilon` is ε of map `relu`, 0.001 if it
    is not given. Factors that a row of φ(q) has in common, and constant ones,
    cancel and are left out. The factors of the keys of the softmax maps, exp of
    -S‖k‖²/2 and of the largest exponent, are handed on as a logarithm; a query
    takes them relative to the largest that it sees. So no exponential overflows,
    and there is no stabiliser to choose.

    The op has no effects.

    Constraints:
    - (C1) `query`, `key`, `value` and the result all have rank 2, or all rank 3 with
      the same number of sequences;
    - (C2) their last sizes are static and positive;
    - (C3) `heads` is at least 1, and the last sizes are multiples of it;
    - (C4) `key` has the last size of `query`;
    - (C5) `value` has as many tokens as `key`;
    - (C6) the result has the tokens of `query` and the last size of `value`;
    - (C7) there is one `omega`, or one a head, all of the same static, positive
      sizes m×d;
    - (C8) there are as many `offset`s as `omega`s for `rbf_phase`, and none for
      other maps; each has length m;
    - (C9) `mask` has the sequences and tokens of `key`;
    - (C10) with `causal`, there are as many queries as keys;
    - (C11) `scale` is given for softmax maps alone, from 1e-30 to 1e30;
    - (C12) `epsilon` is given for `relu` alone, finite and not negative.

    Example:
    ```mlir
    func.func @attend(%q: tensor<?x?x256xf32>, %k: tensor<?x?x256xf32>,
                      %v: tensor<?x?x256xf32>, %padding: tensor<?x?xf32>) -> tensor<?x?x256xf32> {
      %omega = kernel.projection sampler(orf) seed(7) : tensor<128x64xf32>
      %y = kernel.attention map(softmax_pos) heads(4) %q, %k, %v, %omega
          mask(%padding : tensor<?x?xf32>)
          : tensor<?x?x256xf32>, tensor<?x?x256xf32>, tensor<?x?x256xf32>, tensor<128x64xf32>
          -> tensor<?x?x256xf32>
      return %y : tensor<?x?x256xf32>
    }
    ```
  }];
  let arguments = (ins Kernel_MapAttr:$map, UnitAttr:$causal,
                       OptionalAttr<I64Attr>:$heads,
                       OptionalAttr<F64Attr>:$scale,
                       OptionalAttr<F64Attr>:$epsilon,
                       Kernel_Sequences:$query, Kernel_Sequences:$key,
                       Kernel_Sequences:$value,
                       Variadic<2DTensorOf<[F32]>>:$omegas,
                       Variadic<1DTensorOf<[F32]>>:$offsets,
                       Optional<TensorRankOf<[F32], [1, 2]>>:$mask);
  let results = (outs Kernel_Sequences:$result);
  let assemblyFormat = [{
    `map` `(` $map `)` (`causal` $causal^)? (`heads` `(` $heads^ `)`)?
    (`scale` `(` $scale^ `)`)? (`epsilon` `(` $epsilon^ `)`)?
    $query `,` $key `,` $value `,` $omegas
    (`offset` `(` $offsets^ `:` type($offsets) `)`)?
    (`mask` `(` $mask^ `:` type($mask) `)`)? attr-dict
    `:` type($query) `,` type($key) `,` type($value) `,` type($omegas)
    `->` type($result)
  }];
  let extraClassDeclaration = [{
    /// `heads`, or 1 without it.
    int64_t getHeadCount();
    /// d, the length of a query of a head.
    int64_t getHeadSize();
    /// `scale`, or what it is without it.
    double getEffectiveScale();
    /// `epsilon`, or what it is without it.
    double getEffectiveEpsilon();
  }];
  let hasVerifier = 1;
}

#endif // AIMC_DIALECTS_KERNEL_IR_KERNELOPS_TD
