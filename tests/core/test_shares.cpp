// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "apportion_slowly.hpp"
#include "breakwater/core/waterfall/shares.hpp"
#include "chance.hpp"
#include "rounds.hpp"

namespace breakwater {
namespace {

using Parts = std::vector<uint128>;

Parts apportioned(uint128 total, const Parts& weights) {
    Parts parts(weights.size());
    apportion(total, weights, parts);
    return parts;
}

TEST(Shares, WATERFALL_010_the_largest_remainder_gets_what_rounding_leaves) {
    EXPECT_TRUE((apportioned(10, {1, 1, 1}) == Parts{4, 3, 3}));
    EXPECT_TRUE((apportioned(11, {1, 1, 1}) == Parts{4, 4, 3}));
    EXPECT_TRUE((apportioned(10, {53, 24, 23}) == Parts{5, 3, 2}));  // 5.3, 2.4, 2.3
    EXPECT_TRUE((apportioned(7, {0, 7, 0}) == Parts{0, 7, 0}));
    EXPECT_TRUE((apportioned(0, {0, 0}) == Parts{0, 0}));
    EXPECT_TRUE((apportioned(0, {}) == Parts{}));
}

TEST(Shares, WATERFALL_010_weights_of_127_bits_are_split_to_the_unit) {
    const uint128 half = uint128_max / 2;
    EXPECT_TRUE((apportioned(uint128_max, {half, half}) == Parts{half + 1, half}));
}

TEST(Shares, WATERFALL_010_a_slow_twin_agrees) {
    given::SeededChance chance(10);
    for (int i = 0; i < given::rounds(20'000); ++i) {
        Parts weights(chance.below(20));
        const auto bits = static_cast<unsigned>(1 + chance.below(100));
        uint128 sum = 0;
        for (uint128& w : weights)
            sum += w = chance.wide(bits);
        const uint128 total = sum == 0 ? 0 : chance.wide(100) % (sum + 1);
        const Parts parts = apportioned(total, weights);
        EXPECT_TRUE(parts == reference::apportion_slowly(total, weights)) << i;
        uint128 shared = 0;
        for (std::size_t k = 0; k < parts.size(); ++k) {
            shared += parts[k];
            EXPECT_TRUE(parts[k] <= weights[k]) << i;
        }
        EXPECT_TRUE(shared == total) << i;
    }
}

}  // namespace
}  // namespace breakwater
