// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "feeds_given.hpp"

/// Several sources, one price: FEEDS-012, FEEDS-013 and FEEDS-014.
namespace breakwater::feeds {
namespace {

using given::Feed;
using given::usd;

using Weights = std::vector<std::uint64_t>;

Weights capped(const Weights& weights) {
    std::vector<Quote> quotes;
    for (std::size_t i = 0; i < weights.size(); ++i)
        quotes.push_back({i, weights[i]});
    cap_weights(quotes);
    Weights out(weights.size());
    for (const Quote& q : quotes)
        out[q.price] = q.weight;
    return out;
}

TEST(FeedsMedian,
     FEEDS_012_a_heavy_source_is_cut_to_34_per_cent_and_the_rest_shared_in_proportion) {
    // 60 : 30 : 10 → 34 %, then 30 of 40 would be 49.5 % → 34 %, and 32 % are left.
    EXPECT_EQ(capped({60, 30, 10}), (Weights{170, 170, 160}));
    // 40 : 20 : 20 : 20 → 34 : 22 : 22 : 22.
    EXPECT_EQ(capped({20, 40, 20, 20}), (Weights{33 * 20, 17 * 60, 33 * 20, 33 * 20}));
    // 34 : 33 : 33 is on the cap and stays in proportion.
    EXPECT_EQ(capped({34, 33, 33}), (Weights{1'700, 1'650, 1'650}));
}

TEST(FeedsMedian, FEEDS_012_with_fewer_than_three_there_is_no_cap) {
    EXPECT_EQ(capped({90, 10}), (Weights{90, 10}));
    EXPECT_EQ(capped({5}), (Weights{5}));
}

TEST(FeedsMedian, FEEDS_012_no_share_is_ever_above_the_cap) {
    std::uint64_t x = 1;
    for (int n = 0; n < 20'000; ++n) {
        Weights weights;
        for (std::uint64_t i = 0; i < 3 + static_cast<std::uint64_t>(n) % 10; ++i) {
            x = x * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
            weights.push_back(1 + ((x >> 33U) >> (x >> 59U)));
        }
        std::uint64_t total = 0;
        const Weights out = capped(weights);
        for (const std::uint64_t w : out)
            total += w;
        for (const std::uint64_t w : out)
            ASSERT_LE(100 * w, 34 * total);
    }
}

std::uint64_t median(std::vector<Quote> quotes) {
    return weighted_median_down(quotes);
}

TEST(FeedsMedian, FEEDS_013_the_middle_by_weight) {
    EXPECT_EQ(median({{7, 1}}), 7U);
    EXPECT_EQ(median({{30, 1}, {10, 1}, {20, 1}}), 20U);
    EXPECT_EQ(median({{10, 1}, {21, 1}}),
              15U);  // exactly half on each side: their middle, rounded down
    EXPECT_EQ(median({{10, 3}, {20, 1}, {30, 1}}), 10U);
    EXPECT_EQ(median({{10, 1}, {20, 1}, {30, 1}, {41, 1}}), 25U);
    EXPECT_EQ(median({{10, 49}, {20, 51}}), 20U);
}

TEST(FeedsMedian, FEEDS_014_an_outlier_is_counted_and_does_not_move_the_point) {
    Feed feed(5);
    feed.say_all({100 * usd, 100 * usd, 100 * usd + usd / 2, 101 * usd, 150 * usd});
    const Observation seen = feed.seen();
    EXPECT_EQ(seen.live, 5U);
    EXPECT_EQ(seen.mid, 100 * usd + usd / 2);
    EXPECT_EQ(seen.agreeing, 4U);  // 101 is within 1 % of 100.5
    EXPECT_FALSE(seen.is_split);   // a fifth is one source's weight
    EXPECT_EQ(seen.outlier_hi, 150 * usd);
    EXPECT_EQ(seen.dispersion, 148 * usd / 100);  // MAD 0.5, times 2.96
}

TEST(FeedsMedian, FEEDS_014_two_that_disagree_widen_the_band_and_do_not_move_the_point) {
    Feed feed(5);
    feed.say_all({100 * usd, 100 * usd, 100 * usd, 65 * usd, 65 * usd});
    const Observation seen = feed.seen();
    EXPECT_EQ(seen.mid, 100 * usd);
    EXPECT_TRUE(seen.is_split);
    EXPECT_EQ(seen.outlier_lo, 65 * usd);
    EXPECT_EQ(seen.agreeing, 3U);
}

TEST(FeedsMedian, FEEDS_014_confidence_is_the_median_of_those_that_agree) {
    Feed feed(3);
    feed.say(0, 100 * usd, 10);
    feed.say(1, 100 * usd, 30);
    feed.say(2, 100 * usd, 99 * usd);  // one source's doubt does not stop an asset
    EXPECT_EQ(feed.seen().confidence, 30U);
}

TEST(FeedsMedian, FEEDS_014_the_age_is_that_of_the_report_that_completes_the_least_number) {
    Feed feed(5);
    for (const std::size_t source : {0U, 1U, 2U, 3U, 4U}) {
        feed.say(source, 100 * usd);
        feed.now += 10;
    }
    EXPECT_EQ(feed.seen().age, 30U);  // 10, 20, 30 seconds: the third
    feed.now += 21;                   // ages 31 to 71
    EXPECT_EQ(feed.seen().live, 3U);
    EXPECT_EQ(feed.seen().age, 51U);
    feed.now += 100;
    EXPECT_EQ(feed.seen().live, 0U);
    EXPECT_EQ(feed.seen().mid, 0U);
}

TEST(FeedsMedian, FEEDS_014_a_source_of_no_weight_is_switched_off) {
    Feed feed(3);
    feed.sources[2].weight = 0;
    feed.say_all({100 * usd, 102 * usd, 900 * usd});
    EXPECT_EQ(feed.seen().mid, 101 * usd);
    EXPECT_EQ(feed.seen().configured, 2U);
}

}  // namespace
}  // namespace breakwater::feeds
