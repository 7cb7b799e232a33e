// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "breakwater/core/rulebooks/morpho_blue_oracle.hpp"

namespace breakwater::morpho_blue {
namespace {

TEST(MorphoOracle, MORPHO_014_the_price_of_a_pair_is_floored_in_36_decimals_of_atoms) {
    Checked math;
    // 2,000 USD against 1 USD, 18 and 6 decimals: 2,000 · 10^6 / 10^18 atoms of the loan, times 10^36.
    const Uint256 eth = pair_price(math, {.price = {200'000'000'000}, .decimals = 18},
                                   {.price = {100'000'000}, .decimals = 6});
    EXPECT_EQ(eth, Uint256{power_of_ten(27) * 2});
    // 1 / 3 of an atom: floored.
    const Uint256 third =
        pair_price(math, {.price = {1}, .decimals = 18}, {.price = {3}, .decimals = 18});
    EXPECT_EQ(third, Uint256{power_of_ten(36) / 3});
    EXPECT_FALSE(math.overflow());
}

TEST(MorphoOracle, MORPHO_014_the_largest_price_still_fits) {
    Checked math;
    const Quoted most{.price = {uint128{~std::uint64_t{0} >> 1U}}, .decimals = 0};
    const Uint256 p = pair_price(math, most, {.price = {1}, .decimals = 18});
    EXPECT_FALSE(math.overflow());
    EXPECT_EQ(p, mul_wide(power_of_ten(36), power_of_ten(18) * most.price.raw));
}

}  // namespace
}  // namespace breakwater::morpho_blue
