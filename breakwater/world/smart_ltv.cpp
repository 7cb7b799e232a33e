// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/smart_ltv.hpp"

#include <cmath>

#include "breakwater/core/require.hpp"
#include "breakwater/world/math.hpp"

namespace breakwater {
namespace {

/// The contract's exponential takes a mantissa of 59 binary digits up to this value.
constexpr double exponent_max = 10.462186;

double square_root_of_cover(const SmartLtvInput& input) {
    REQUIRE(input.liquidity > 0);
    REQUIRE(input.debt_cap > 0);
    return std::sqrt(input.liquidity / input.debt_cap);
}

}  // namespace

double smart_ltv(const SmartLtvInput& input, double c) {
    const double exponent = c * input.sigma / square_root_of_cover(input);
    return exponent > exponent_max ? 0.0 : exp_(-exponent) - input.beta;
}

double smart_ltv_level(const SmartLtvInput& input, double ltv) {
    REQUIRE(ltv + input.beta > 0);
    return -log_(ltv + input.beta) * square_root_of_cover(input) / input.sigma;
}

}  // namespace breakwater
