// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <vector>

#include "breakwater/report/input.hpp"

/// The limits box: what the figures leave out or simplify, and in which direction that biases the
/// loss. Source: docs/models.md.
namespace breakwater {

enum class Bias : std::uint8_t { understates, overstates, either, none };
const char* to_string(Bias bias);  ///< as in the schema
const char* in_words(Bias bias);   ///< "loss understated", …

struct Limit {
    std::string what;
    Bias bias = Bias::either;
    bool modelled = false;  ///< modelled simply rather than left out
    std::string detail;
};

/// The most important first, parts of the world that are switched off before all.
std::vector<Limit> limits_of(const ReportInput& input);
/// How many of them the answer's first screen shows.
inline constexpr std::size_t limits_in_answer = 4;

}  // namespace breakwater
