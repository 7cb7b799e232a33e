// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "feeds_given.hpp"

/// The two memories: FEEDS-016 and FEEDS-017.
namespace breakwater::feeds {
namespace {

using given::usd;
constexpr std::uint64_t start = 1'700'000'000;

struct FeedsSlow : ::testing::Test {
    Limits limits = limits_of(Tier::major);
    SlowRow row = follow_slowly({}, 100 * usd, limits, Time{start});
    std::uint64_t after(std::uint64_t seconds, std::uint64_t mid) {
        row = follow_slowly(row, mid, limits, Time{row.updated_at + seconds});
        return slow_price_down(row);
    }
};

TEST_F(FeedsSlow, FEEDS_016_the_first_price_is_taken_as_it_is) {
    EXPECT_EQ(slow_price_down(row), 100 * usd);
}

TEST_F(FeedsSlow, FEEDS_016_three_basis_points_a_second) {
    EXPECT_EQ(after(0, 200 * usd), 100 * usd);
    EXPECT_EQ(after(10, 200 * usd), 100'30 * usd / 100);
    EXPECT_EQ(after(10, 50 * usd), 99'999'100 * usd / 1'000'000);  // 100.3 · 0.997
    EXPECT_EQ(after(1, 100 * usd), 100 * usd);
}

TEST_F(FeedsSlow, FEEDS_016_six_per_cent_an_hour_and_no_room_is_saved_up) {
    EXPECT_EQ(after(7'200, 200 * usd), 106 * usd);  // ten minutes of rate would be 18 %
    EXPECT_EQ(after(300, 200 * usd), 106 * usd);
    std::uint64_t slow = 0;
    for (int i = 0; i < 360; ++i)
        slow = after(10, 200 * usd);
    EXPECT_EQ(slow, 112'36 * usd / 100);
}

TEST_F(FeedsSlow, FEEDS_016_falls_are_limited_alike) {
    EXPECT_EQ(after(600, 1 * usd), 94 * usd);
    EXPECT_EQ(after(1'800, 1 * usd), 94 * usd);
    EXPECT_EQ(after(2'400, 1 * usd), 94 * 94 * usd / 100);
}

/// OR5: any cadence stays within the bound of the hour, in every hour.
TEST_F(FeedsSlow, FEEDS_016_the_limit_holds_for_any_cadence) {
    for (const std::uint64_t cadence : {1U, 7U, 60U, 299U, 301U, 900U, 3'600U}) {
        row = follow_slowly({}, 100 * usd, limits, Time{start});
        std::vector<std::pair<std::uint64_t, std::uint64_t>> path{{0, 100 * usd}};
        for (std::uint64_t at = cadence; at <= 4 * 3'600; at += cadence) {
            // A shaking price, so that the window's edges are reached from both sides.
            const std::uint64_t mid = at / 1'700 % 2 == 0 ? 10'000 * usd : 1 * usd;
            path.emplace_back(at, after(cadence, mid));
        }
        for (std::size_t i = 0; i < path.size(); i += 1 + path.size() / 300)
            for (std::size_t j = i; j < path.size() && path[j].first - path[i].first <= 3'600;
                 ++j) {
                ASSERT_LE(path[j].second, path[i].second * 106 / 100 + 1) << cadence;
                ASSERT_GE(path[j].second + 1, path[i].second * 94 / 100) << cadence;
            }
    }
}

TEST_F(FeedsSlow, FEEDS_016_a_low_price_moves_too) {
    row = follow_slowly({}, 50, limits, Time{start});
    std::uint64_t slow = 0;
    for (int i = 0; i < 150; ++i)
        slow = after(1, 100);
    EXPECT_EQ(slow, 52U);  // 50 · 1.0003^150 = 52.3
}

TEST(FeedsAverage, FEEDS_017_prices_count_for_as_long_as_they_stood) {
    AverageRow row = remember({}, 100, Time{start});
    EXPECT_EQ(average_down(row, Time{start}), 100U);
    row = remember(row, 200, Time{start + 30});
    EXPECT_EQ(average_down(row, Time{start + 30}), 100U);
    EXPECT_EQ(average_down(row, Time{start + 40}), 125U);
    EXPECT_EQ(average_down(row, Time{start + 41}), 126U);  // 126.8
}

TEST(FeedsAverage, FEEDS_017_what_is_older_than_six_minutes_is_forgotten) {
    AverageRow row = remember({}, 1'000, Time{start});
    row = remember(row, 10, Time{start + 60});
    EXPECT_EQ(average_down(row, Time{start + 120}), 505U);
    EXPECT_EQ(average_down(row, Time{start + 60 + 420}), 10U);
    EXPECT_EQ(average_down(row, Time{start + 86'400}), 10U);
    for (std::uint64_t i = 0; i < 50; ++i)
        row = remember(row, 10, Time{start + 61 + i * 10});
    EXPECT_EQ(average_down(row, Time{start + 560}), 10U);
    EXPECT_EQ(average_down({}, Time{start}), 0U);
}

}  // namespace
}  // namespace breakwater::feeds
