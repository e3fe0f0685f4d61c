//===- LinkParser.cpp - Reading the links of a target ---------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The section `links`.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Target/SectionParsers.h"

using namespace aimc::runtime;

std::optional<Links> aimc::runtime::readLinks(ObjectReader &target) {
  if (!target.has("links"))
    return std::nullopt;
  ObjectReader object(target.reading, target.at("links"),
                      target.pathOf("links"),
                      {"time_per_byte", "time_per_hop", "partial_sum_delay",
                       "energy_per_byte"});
  Links links;
  links.timePerByte = object.figure("time_per_byte", "ns", positive);
  links.timePerHop = object.figure("time_per_hop", "ns", notNegative);
  links.partialSumDelay =
      object.optionalFigure("partial_sum_delay", "ns", notNegative);
  links.energyPerByte =
      object.optionalFigure("energy_per_byte", "pJ", notNegative);
  return links;
}
