// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/calc/input.hpp"
#include "breakwater/core/error.hpp"

/// What functions of exact integers share: a divisor is above zero, a result that does not fit is refused, and a rule
/// that says no is an answer. Source: docs/rules.md, CALC-003.
namespace breakwater::calc {

/// From 1 to `max`: what a formula divides by.
inline uint128 natural_above_zero(Input& in, std::string_view key, uint128 max = uint128_max) {
    const uint128 v = in.natural(key, max);
    if (v == 0) in.fail(key, "is 0", "an integer from 1 to " + decimal(max));
    return v;
}

inline std::uint64_t seconds_of(Input& in, std::string_view key) {
    return static_cast<std::uint64_t>(in.natural(key, ~std::uint64_t{0}));
}

inline void refuse_overflow(const Input& in, const Checked& math) {
    if (math.overflow())
        in.fail_whole("leads to a number that the protocol's words do not hold",
                      "amounts and rates of ordinary size");
}

/// The rule says no: {"refused": "auction_dusty", "because": "..."}.
inline nlohmann::json refusal(Error error) {
    return {{"refused", name(error)}, {"because", describe(error)}};
}

}  // namespace breakwater::calc
