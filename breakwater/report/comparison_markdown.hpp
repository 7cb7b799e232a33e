// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <vector>

#include "breakwater/report/comparison.hpp"

/// docs/comparison.md: two rulebooks over all scenarios, one line each.
namespace breakwater {

struct ScenarioComparison {
    std::string scenario;
    double horizon_seconds = 0;
    Comparison comparison;
};

struct ComparisonFacts {
    std::string book;
    std::string current;   ///< rulebook
    std::string proposed;  ///< rulebook
    std::string command;
    std::uint32_t paths = 0;
    std::uint64_t seed = 0;
    std::string input_hash;
};

/// Nothing in it depends on the machine, on threads or on the time of its making.
std::string comparison_markdown(const ComparisonFacts& facts,
                                const std::vector<ScenarioComparison>& scenarios);

}  // namespace breakwater
