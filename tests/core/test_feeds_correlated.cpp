// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "feeds_given.hpp"

/// Staked, wrapped and pegged assets: FEEDS-019 and FEEDS-020.
namespace breakwater::feeds {
namespace {

using given::usd;
constexpr std::uint64_t start = 1'700'000'000;
constexpr uint128 percent = wad / 100;

TEST(FeedsCorrelated, FEEDS_019_a_ratio_grows_no_faster_than_its_cap) {
    Checked math;
    const RatioCap cap{.snapshot = {wad}, .growth = {10 * percent}, .snapshot_at = start};
    const Time half_a_year{start + year_seconds / 2};
    EXPECT_EQ(cap_ratio_up(math, {105 * percent}, cap, half_a_year).ratio.raw, 105 * percent);
    EXPECT_FALSE(cap_ratio_up(math, {105 * percent}, cap, half_a_year).binds);
    EXPECT_TRUE(cap_ratio_up(math, {105 * percent + 1}, cap, half_a_year).binds);
    EXPECT_EQ(cap_ratio_up(math, {200 * percent}, cap, half_a_year).ratio.raw, 105 * percent);
    EXPECT_EQ(correlated_price_down(math, 2'000 * usd, {105 * percent}), 2'100 * usd);
    EXPECT_EQ(correlated_price_down(math, 3, {wad / 2}), 1U);
    EXPECT_FALSE(math.overflow());
}

TEST(FeedsCorrelated, FEEDS_020_the_exponential_is_never_above_the_true_one) {
    Checked math;
    EXPECT_EQ(exp_minus_down(math, 0).raw, ray);
    // exp(−1), exp(−0.5), exp(−0.03), exp(−10) to 27 digits, cut off.
    const auto expect_close = [&](uint128 x, uint128 exact) {
        const uint128 got = exp_minus_down(math, x).raw;
        EXPECT_LE(got, exact);
        EXPECT_LE(exact - got, 100U);
    };
    expect_close(wad, uint128{367'879'441'171'442'321U} * 1'000'000'000U + 595'523'770U);
    expect_close(wad / 2, uint128{606'530'659'712'633'423U} * 1'000'000'000U + 603'799'534U);
    expect_close(3 * percent, uint128{970'445'533'548'508'176U} * 1'000'000'000U + 932'528'351U);
    expect_close(10 * wad, uint128{45'399'929'762'484U} * 1'000'000'000U + 851'535'591U);
    EXPECT_EQ(exp_minus_down(math, 24 * wad).raw, 0U);
    EXPECT_EQ(exp_minus_down(math, uint128_max).raw, 0U);
    EXPECT_FALSE(math.overflow());
}

Redemption queue_of_ten_days() {
    return {.par = 1 * usd,
            .rate = {18 * percent},
            .queue_seconds = 864'000,
            .to_redeem = {1'000},
            .daily_capacity = {1'000}};
}

TEST(FeedsCorrelated, FEEDS_020_par_is_discounted_over_the_queue) {
    Checked math;
    EXPECT_EQ(redemption_value_down(math, queue_of_ten_days()),
              99'508'063U);  // exp(−0.18 · 10 / 365)
}

TEST(FeedsCorrelated, FEEDS_020_proven_capacity_lengthens_the_queue) {
    Checked math;
    Redemption slow = queue_of_ten_days();
    slow.to_redeem = {365'000};                                 // a year at what was proven
    EXPECT_EQ(redemption_value_down(math, slow), 83'527'021U);  // exp(−0.18)
    slow.daily_capacity = {0};
    EXPECT_EQ(redemption_value_down(math, slow), 0U);
}

TEST(FeedsCorrelated, FEEDS_020_without_backing_there_is_no_redemption_value) {
    Checked math;
    Redemption unbacked = queue_of_ten_days();
    unbacked.is_backed = false;
    EXPECT_EQ(redemption_value_down(math, unbacked), 0U);
}

TEST(FeedsCorrelated, FEEDS_020_a_contradiction_holds_things_up_for_the_stated_time_only) {
    const RedemptionLimits limits{.disagreement = 200, .blocking_max = 3'600};
    RedemptionRow row;
    const auto widens = [&](std::uint64_t at, std::uint64_t mid) {
        const auto out = weigh_redemption(row, mid, 100 * usd, limits, Time{start + at});
        row = out.row;
        return out.widens;
    };
    EXPECT_FALSE(widens(0, 99 * usd));
    EXPECT_TRUE(widens(10, 90 * usd));
    EXPECT_TRUE(widens(3'609, 90 * usd));
    EXPECT_FALSE(widens(3'610, 90 * usd));
    EXPECT_FALSE(widens(9'000, 90 * usd));
    // A moment of agreement does not begin it anew; an equally long one does.
    EXPECT_FALSE(widens(9'010, 99 * usd));
    EXPECT_FALSE(widens(9'020, 90 * usd));
    EXPECT_FALSE(widens(10'000, 99 * usd));
    EXPECT_FALSE(widens(13'600, 99 * usd));
    EXPECT_TRUE(widens(13'610, 90 * usd));
}

}  // namespace
}  // namespace breakwater::feeds
