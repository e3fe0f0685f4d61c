# ===- device_fits.py - Device models from measurements --------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""The statistics behind `aimc.fit_target`, on plain arrays.

A device's conductance after programming is max(g + mu(x) + sigma(x) xi, 0), x = g /
g_max (docs/Numerics.md), with mu and sigma tables between whose points they are
linear. Their values at the points are those for which normal variates of the mean
and the variance that the model gives to each measured value are most likely, the
part that is cut off at 0 included. This is consistent whatever the distribution
of the values, as only means and variances enter (quasi-likelihood, P. McCullagh,
Annals of Statistics 11, 1983).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize, nnls
from scipy.special import ndtr

# Samples that a point of a table, or a group of a residual, has at least.
SAMPLES = 20


@dataclass
class ErrorCurves:
    """Tables of the programming error, and what they leave unexplained."""

    error: np.ndarray  # mean distance from the target at the points, uS
    noise: np.ndarray  # standard deviation at the points, uS
    samples: np.ndarray  # nearest to each point
    error_residual: float  # root mean square over groups of samples: their mean
    noise_residual: float  # and their deviation against the tables', uS


def hats(points: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each value the index of the point before it, and its part of the way to the next."""
    index = np.clip(np.searchsorted(points, at, side="right") - 1, 0, len(points) - 2)
    return index, (at - points[index]) / (points[index + 1] - points[index])


def nearest_counts(points: np.ndarray, at: np.ndarray) -> np.ndarray:
    """How many of the values are nearest to each point."""
    return np.bincount(np.searchsorted((points[1:] + points[:-1]) / 2, at), minlength=len(points))


def determines(points: np.ndarray, at: np.ndarray) -> bool:
    """Whether values of a table of `points`, measured `at` these, fix all of it."""
    index, part = hats(points, at)
    gram = np.zeros((len(points), len(points)))
    np.add.at(gram, (index, index), (1 - part) ** 2)
    np.add.at(gram, (index + 1, index + 1), part**2)
    np.add.at(gram, (index, index + 1), part * (1 - part))
    gram += np.triu(gram, 1).T
    return np.linalg.cond(gram) < 1e4


def _cut_moments(mean: np.ndarray, deviation: np.ndarray) -> tuple[np.ndarray, ...]:
    """Mean and variance of max(N(mean, deviation^2), 0), and their derivatives by both."""
    ratio = mean / deviation
    above = ndtr(ratio)
    density = np.exp(-0.5 * ratio**2) / np.sqrt(2 * np.pi)
    first = mean * above + deviation * density
    variance = (mean**2 + deviation**2) * above + mean * deviation * density - first**2
    return first, variance, above, density, 2 * first * (1 - above), 2 * (deviation * above - first * density)


class _Likelihood:
    """The quasi-likelihood of programmed values, and its gradient by the tables."""

    def __init__(self, points, targets, values, variances, pairs):
        self.points, self.targets, self.values, self.variances = points, targets, values, variances
        self.pairs = pairs  # values have a device of target 0 taken away
        self.floor = (1e-6 * points[-1]) ** 2
        self.index, self.part = hats(points, targets)

    def at(self, table: np.ndarray) -> np.ndarray:
        return table[self.index] * (1 - self.part) + table[self.index + 1] * self.part

    def moments(self, error: np.ndarray, noise: np.ndarray) -> tuple[np.ndarray, ...]:
        """Means and variances of the values, with the derivatives by their own error and noise."""
        mean, variance, *slopes = _cut_moments(self.targets + self.at(error), self.at(noise))
        variance = variance + self.variances
        if self.pairs:
            zero = _cut_moments(error[:1], noise[:1])
            mean, variance = mean - zero[0], variance + zero[1]
        return mean, variance + self.floor, *slopes

    def spread(self, slopes: np.ndarray) -> np.ndarray:
        """Derivatives by the values at the points from those by the values between them."""
        count = len(self.points)
        return np.bincount(self.index, slopes * (1 - self.part), count) + np.bincount(
            self.index + 1, slopes * self.part, count
        )

    def __call__(self, parameters: np.ndarray) -> tuple[float, np.ndarray]:
        error, noise = np.split(parameters, 2)
        mean, variance, mean_error, mean_noise, variance_error, variance_noise = self.moments(error, noise)
        rest = self.values - mean
        by_mean, by_variance = -rest / variance, 0.5 * (1 / variance - rest**2 / variance**2)
        gradient = [
            self.spread(by_mean * mean_error + by_variance * variance_error),
            self.spread(by_mean * mean_noise + by_variance * variance_noise),
        ]
        if self.pairs:
            _, _, *slopes = _cut_moments(error[:1], noise[:1])
            for part, (of_mean, of_variance) in zip(gradient, ((slopes[0], slopes[2]), (slopes[1], slopes[3]))):
                part[0] += np.sum(by_variance) * of_variance[0] - np.sum(by_mean) * of_mean[0]
        count = len(self.values)
        return (
            0.5 * float(np.sum(np.log(variance) + rest**2 / variance)) / count,
            np.concatenate(gradient) / count,
        )


def fit_errors(
    points: np.ndarray, targets: np.ndarray, values: np.ndarray, variances: np.ndarray, pairs: bool
) -> ErrorCurves:
    """Tables at `points` (uS, from 0) of the error of `values` (uS) programmed to `targets`.

    `variances` are those of the values' own measurement. With `pairs` a value is the
    difference of two devices, the other of target 0, whose mean error is taken to be
    none: a difference does not show it.
    """
    likelihood = _Likelihood(points, targets, values, variances, pairs)
    largest = points[-1]
    rest = values - targets
    # Starts from the moments of the samples of each point as they are.
    nearest = np.searchsorted((points[1:] + points[:-1]) / 2, targets)
    samples = np.bincount(nearest, minlength=len(points))
    error = np.bincount(nearest, rest, len(points)) / samples
    noise = np.sqrt(np.bincount(nearest, (rest - error[nearest]) ** 2, len(points)) / samples)
    least = 1e-5 * largest
    bounds = [(-2 * largest, 2 * largest)] * len(points) + [(least, 2 * largest)] * len(points)
    if pairs:
        bounds[0] = (0, 0)
    start = np.concatenate([error, np.maximum(noise, 1e-3 * largest)])
    start = np.clip(start, *np.transpose(bounds))
    fit = minimize(likelihood, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 1000})
    error, noise = np.split(fit.x, 2)
    residuals = _group_residuals(likelihood, error, noise)
    return ErrorCurves(error, np.where(noise <= 1.01 * least, 0.0, noise), samples, *residuals)


def _group_residuals(likelihood: _Likelihood, error: np.ndarray, noise: np.ndarray) -> tuple[float, float]:
    """Of groups of samples of neighbouring targets: mean and deviation against the fit's."""
    mean, variance, *_ = likelihood.moments(error, noise)
    count = len(mean)
    groups = max(min(4 * len(likelihood.points), count // SAMPLES), 1)
    order = np.argsort(likelihood.targets, kind="stable")
    rest = (likelihood.values - mean)[order]
    means, deviations = [], []
    for part, expected in zip(np.array_split(rest, groups), np.array_split(variance[order], groups)):
        means.append(np.mean(part))
        deviations.append(np.std(part) - np.sqrt(np.mean(expected)))
    return float(np.sqrt(np.mean(np.square(means)))), float(np.sqrt(np.mean(np.square(deviations))))


@dataclass
class ReadFit:
    """Noise from read to read, deviation^2 |w|, w in units of the largest."""

    deviation: float
    residual: float  # root mean square over groups: their deviations against the fit's


def fit_reads(weights: np.ndarray, variances: np.ndarray) -> ReadFit:
    """The read noise of devices from the variance of each over its reads, both of one
    dimension, in units of the largest weight."""
    total = float(weights @ weights)
    square = max(float(weights @ variances) / total, 0.0) if total > 0 else 0.0
    groups = max(min(64, len(weights) // SAMPLES), 1)
    order = np.argsort(weights, kind="stable")
    rest = [
        np.sqrt(np.mean(found)) - np.sqrt(square * np.mean(weight))
        for found, weight in zip(np.array_split(variances[order], groups), np.array_split(weights[order], groups))
    ]
    return ReadFit(float(np.sqrt(square)), float(np.sqrt(np.mean(np.square(rest)))))


@dataclass
class ProductFit:
    """What products show of an array."""

    gains: np.ndarray  # of the columns
    offsets: np.ndarray  # of the columns, in the units of the outputs
    weights: np.ndarray  # effective ones, without the gains
    variances: np.ndarray  # of their estimates
    output_noise: float  # before the ADC, in the units of the outputs
    read_noise: float  # deviation of form `square_root`
    residual: float  # root mean square of what is left of an output


def fit_products(
    inputs: np.ndarray, weights: np.ndarray, outputs: np.ndarray, gains: np.ndarray | None, rounding: np.ndarray
) -> ProductFit:
    """Least squares of outputs, n x columns, on inputs, n x rows, and a constant.

    The gain of a column, unless given, is what all its weights have in common: the
    least-squares factor between effective and programmed ones. What is left of an
    output has the variance of the output's noise and of the weights' read noise,
    gain^2 (noise^2 + deviation^2 sum |w| x^2), and the variance `rounding` of the
    ADC's steps, of the shape of the outputs. Noises come from a least-squares fit of
    the squares to these.
    """
    count, rows = inputs.shape
    design = np.column_stack([inputs, np.ones(count)])
    inverse = np.linalg.inv(design.T @ design)
    effective = inverse @ (design.T @ outputs)
    rest = outputs - design @ effective
    freedom = count - rows - 1
    slopes, offsets = effective[:-1], effective[-1]
    if gains is None:
        norms = np.sum(weights**2, axis=0)
        gains = np.divide(np.sum(weights * slopes, axis=0), norms, out=np.ones_like(norms), where=norms > 0)
    if np.min(gains) < 0.01:
        raise ValueError(
            f"products expects columns that conduct, with gains of 0.01 or more, but got {np.min(gains):.3g} at column "
            f"{np.argmin(gains)}; a dead one belongs to the defects of the base"
        )
    found = slopes / gains
    noise = np.sum(rest**2, axis=0) / freedom
    variances = np.outer(np.diag(inverse)[:-1], noise / gains**2)
    # Residuals are smaller than the noise by the part that the fit has taken up.
    left = 1 - np.einsum("ni,ij,nj->n", design, inverse, design)
    squares = (rest**2 - rounding * left[:, None]) / gains**2
    known = np.column_stack([np.tile(left[:, None], (1, outputs.shape[1])).ravel(), np.zeros(rest.size)])
    known[:, 1] = (left[:, None] * (inputs**2 @ np.abs(found))).ravel()
    (constant, per_weight), _ = nnls(known, squares.ravel())
    return ProductFit(
        gains,
        offsets,
        found,
        variances,
        float(np.sqrt(constant)),
        float(np.sqrt(per_weight)),
        float(np.sqrt(np.mean(rest**2))),
    )
