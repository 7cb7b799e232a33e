// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/core/waterfall/socialisation.hpp"
#include "chance.hpp"

namespace breakwater {
namespace {

using Amounts = std::vector<uint128>;

TEST(Socialisation, WATERFALL_016_those_who_gained_pay_in_proportion_and_others_nothing) {
    const auto cut = haircut_gains(10, std::vector<int128>{30, -100, 0, 60, 9});
    EXPECT_TRUE((cut.cuts == Amounts{3, 0, 0, 6, 1}));
    EXPECT_TRUE(cut.left == 0);
}

TEST(Socialisation, WATERFALL_016_no_gain_is_cut_by_more_than_it_is) {
    const auto cut = haircut_gains(100, std::vector<int128>{30, -100, 60});
    EXPECT_TRUE((cut.cuts == Amounts{30, 0, 60}));
    EXPECT_TRUE(cut.left == 10);
    EXPECT_TRUE(haircut_gains(7, {}).left == 7);
}

TEST(Socialisation, WATERFALL_017_cuts_and_what_is_left_are_the_loss_to_the_atom) {
    given::SeededChance chance(11);
    for (int i = 0; i < 20'000; ++i) {
        Amounts claims(chance.below(30));
        uint128 all = 0;
        for (uint128& c : claims)
            all += c = chance.wide(90);
        const uint128 loss = chance.wide(95);
        const auto cut = haircut_claims(loss, claims);
        uint128 sum = 0;
        for (std::size_t k = 0; k < claims.size(); ++k) {
            sum += cut.cuts[k];
            EXPECT_TRUE(cut.cuts[k] <= claims[k]);
        }
        EXPECT_TRUE(sum + cut.left == loss);
        EXPECT_TRUE(sum == std::min(all, loss));
    }
}

}  // namespace
}  // namespace breakwater
