// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/core/waterfall/queues.hpp"

namespace breakwater {
namespace {

constexpr int128 nano = 1'000'000'000;

TEST(Queues, WATERFALL_015_bitmex_divides_a_losing_percentage_by_leverage) {
    // A long worth 95, entered at 100, bankrupt at 90: −5 % at a leverage of 19.
    const QueuedHolder loser{.lots = 1, .mark_value = 95, .entry_value = 100, .cushion = 5};
    EXPECT_TRUE(queue_rank(QueueRule::percentage_by_leverage, loser) == -2'631'578);
    // Worth 110: +10 % at 5.5.
    const QueuedHolder winner{.lots = 1, .mark_value = 110, .entry_value = 100, .cushion = 20};
    EXPECT_TRUE(queue_rank(QueueRule::percentage_by_leverage, winner) == 550'000'000);
}

TEST(Queues, WATERFALL_015_the_literal_index_of_hyperliquid_ranks_losing_shorts_first) {
    const QueuedHolder winning{
        .lots = 1, .is_short = true, .mark_value = 90, .entry_value = 100, .cushion = 10};
    const QueuedHolder losing{
        .lots = 1, .is_short = true, .mark_value = 90, .entry_value = 80, .cushion = 10};
    EXPECT_TRUE(queue_rank(QueueRule::price_ratio_literal, winning) == nano * 81 / 10);
    EXPECT_TRUE(queue_rank(QueueRule::price_ratio_literal, losing) == nano * 81 / 8);
    EXPECT_TRUE(queue_rank(QueueRule::price_ratio_by_side, winning) == nano * 10);
    EXPECT_TRUE(queue_rank(QueueRule::price_ratio_by_side, losing) == nano * 8);
}

TEST(Queues, WATERFALL_015_the_order_of_hyperliquids_index_for_four_accounts) {
    const std::vector<QueuedHolder> holders{
        {.lots = 100, .mark_value = 9'000, .entry_value = 10'000, .cushion = 1'000},
        {.lots = 500, .mark_value = 45'000, .entry_value = 47'500, .cushion = 3'000},
        {.lots = 100, .mark_value = 9'000, .entry_value = 20'000, .cushion = 9'000},
        {.lots = 1'000, .mark_value = 90'000, .entry_value = 90'000, .cushion = 2'000}};
    const auto plan = plan_queue({.lots = 1'600, .loss = 16'000}, holders,
                                 QueueRule::price_ratio_literal, LastInQueue::closes_in_part);
    EXPECT_EQ(plan.closings[3].lots, 1'000U);
    EXPECT_EQ(plan.closings[1].lots, 500U);
    EXPECT_EQ(plan.closings[0].lots, 100U);
    EXPECT_EQ(plan.closings[2].lots, 0U);
    EXPECT_TRUE(plan.haircut == 16'000);
}

std::vector<QueuedHolder> chitra() {
    // Profits of 500, 300 and 50 at leverages of 20, 5 and 50; a lot is worth one unit of profit.
    return {{.lots = 500, .mark_value = 1'500, .entry_value = 1'000, .cushion = 75},
            {.lots = 300, .mark_value = 600, .entry_value = 300, .cushion = 120},
            {.lots = 50, .mark_value = 100, .entry_value = 50, .cushion = 2}};
}

TEST(Queues, WATERFALL_015_profit_times_leverage_pays_in_that_order) {
    const auto plan = plan_queue({.lots = 600, .loss = 600}, chitra(),
                                 QueueRule::profit_times_leverage, LastInQueue::closes_in_part);
    EXPECT_EQ(plan.closings[0].lots, 500U);
    EXPECT_EQ(plan.closings[2].lots, 50U);
    EXPECT_EQ(plan.closings[1].lots, 50U);
    EXPECT_TRUE(plan.haircut == 600);
    EXPECT_EQ(plan.left.lots, 0U);
}

TEST(Queues, WATERFALL_015_whole_positions_take_too_much) {
    const auto plan = plan_queue({.lots = 600, .loss = 600}, chitra(),
                                 QueueRule::profit_times_leverage, LastInQueue::closes_whole);
    EXPECT_EQ(plan.lots, 850U);
    EXPECT_TRUE(plan.haircut == 850);  // 250 above the loss
}

TEST(Queues, WATERFALL_015_equal_ranks_go_by_row_and_who_has_no_cushion_is_not_in_the_queue) {
    std::vector<QueuedHolder> holders(
        3, {.lots = 10, .mark_value = 110, .entry_value = 100, .cushion = 20});
    holders[0].cushion = 0;
    const auto plan = plan_queue({.lots = 25, .loss = 50}, holders,
                                 QueueRule::percentage_by_leverage, LastInQueue::closes_in_part);
    EXPECT_EQ(plan.closings[0].lots, 0U);
    EXPECT_EQ(plan.closings[1].lots, 10U);
    EXPECT_EQ(plan.closings[2].lots, 10U);
    EXPECT_EQ(plan.left.lots, 5U);
    EXPECT_TRUE(plan.left.loss == 10);
}

}  // namespace
}  // namespace breakwater
