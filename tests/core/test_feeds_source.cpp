// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "feeds_given.hpp"

/// What is not believed: FEEDS-010 and FEEDS-011.
namespace breakwater::feeds {
namespace {

using given::usd;
constexpr std::uint64_t now = 1'700'000'000;

struct Feeds : ::testing::Test {
    Limits limits = limits_of(Tier::major);
    Source source{.weight = 1, .provider_min = usd / 10, .provider_max = 90'000 * usd};
    SourceRow row{.price = 2'000 * usd, .published_at = now - 5, .sequence = 7};
    Reference reference{.mid = 2'000 * usd, .at = now - 1};
    Report report{.price = 2'001 * usd, .published_at = now, .sequence = 8};

    Refusal refused() {
        const Accepted out = accept(source, row, report, reference, limits, Time{now});
        EXPECT_EQ(out.refusal, refusal_of(source, row, report, reference, limits, Time{now}));
        // A refused report moves one counter and nothing else.
        SourceRow expected = row;
        if (out.refusal != Refusal::none) {
            ++expected.refused[static_cast<std::size_t>(out.refusal)];
            EXPECT_EQ(out.row.price, row.price);
            EXPECT_EQ(out.row.sequence, row.sequence);
            EXPECT_EQ(out.row.accepted, row.accepted);
            EXPECT_EQ(out.row.refused, expected.refused);
        }
        return out.refusal;
    }
};

TEST_F(Feeds, FEEDS_010_a_believed_report_is_what_is_stored) {
    const Accepted out = accept(source, row, report, reference, limits, Time{now});
    EXPECT_EQ(out.refusal, Refusal::none);
    EXPECT_EQ(out.row.price, 2'001 * usd);
    EXPECT_EQ(out.row.published_at, now);
    EXPECT_EQ(out.row.sequence, 8U);
    EXPECT_EQ(out.row.accepted, 1U);
}

TEST_F(Feeds, FEEDS_010_zero_and_below_are_no_prices) {
    for (const int128 price : {int128{0}, int128{-1}, -(int128{1} << 100)}) {
        report.price = price;
        EXPECT_EQ(refused(), Refusal::non_positive);
    }
}

TEST_F(Feeds, FEEDS_010_a_price_on_a_hard_bound_is_outside) {
    limits.price_min = 1'990 * usd;
    limits.price_max = 2'010 * usd;
    struct Case {
        std::uint64_t price;
        Refusal expected;
    };
    for (const Case& c :
         {Case{1'990 * usd, Refusal::out_of_bounds}, Case{1'990 * usd + 1, Refusal::none},
          Case{2'010 * usd - 1, Refusal::none}, Case{2'010 * usd, Refusal::out_of_bounds}}) {
        report.price = c.price;
        EXPECT_EQ(refused(), c.expected);
    }
    report.price = int128{1} << 90;
    EXPECT_EQ(refused(), Refusal::out_of_bounds);
}

TEST_F(Feeds, FEEDS_010_a_confidence_as_wide_as_the_price_says_nothing) {
    report.confidence = 2'001 * usd;
    EXPECT_EQ(refused(), Refusal::out_of_bounds);
    --report.confidence;
    EXPECT_EQ(refused(), Refusal::none);
}

TEST_F(Feeds, FEEDS_010_one_second_ahead_is_a_clock_and_two_are_the_future) {
    report.published_at = now + 1;
    EXPECT_EQ(refused(), Refusal::none);
    report.published_at = now + 2;
    EXPECT_EQ(refused(), Refusal::future_dated);
    report.published_at = ~std::uint64_t{0};
    EXPECT_EQ(refused(), Refusal::future_dated);
}

TEST_F(Feeds, FEEDS_010_a_sequence_only_grows) {
    report.sequence = 7;
    EXPECT_EQ(refused(), Refusal::duplicate);
    report.sequence = 6;
    EXPECT_EQ(refused(), Refusal::out_of_order);
    report.sequence = 8;
    report.published_at = now - 6;
    EXPECT_EQ(refused(), Refusal::out_of_order);
    report.published_at = now - 5;
    EXPECT_EQ(refused(), Refusal::none);
}

TEST_F(Feeds, FEEDS_010_older_than_the_limit_for_liquidations_is_stale) {
    row.published_at = now - 100;
    report.published_at = now - 60;
    EXPECT_EQ(refused(), Refusal::none);
    report.published_at = now - 61;
    EXPECT_EQ(refused(), Refusal::stale);
}

TEST_F(Feeds, FEEDS_010_a_value_on_the_providers_bound_may_be_anything_beyond_it) {
    reference = {};
    report.price = usd / 10;
    EXPECT_EQ(refused(), Refusal::at_provider_bound);
    EXPECT_EQ(accept(source, row, report, reference, limits, Time{now}).row.bound_at, now);
    report.price = usd / 10 + 1;
    EXPECT_EQ(refused(), Refusal::none);
    report.price = 90'000 * usd;
    EXPECT_EQ(refused(), Refusal::at_provider_bound);
}

TEST_F(Feeds, FEEDS_010_the_first_check_that_fails_is_the_one_that_is_counted) {
    report = {.price = -1, .confidence = ~std::uint64_t{0}, .published_at = now + 9, .sequence = 7};
    EXPECT_EQ(refused(), Refusal::non_positive);
    report.price = usd / 10;
    EXPECT_EQ(refused(), Refusal::out_of_bounds);
    report.confidence = 0;
    EXPECT_EQ(refused(), Refusal::future_dated);
    report.published_at = now - 61;
    EXPECT_EQ(refused(), Refusal::duplicate);
    report.sequence = 6;
    EXPECT_EQ(refused(), Refusal::out_of_order);
    report.sequence = 8;
    row.published_at = now - 99;
    EXPECT_EQ(refused(), Refusal::stale);
    report.published_at = now;
    EXPECT_EQ(refused(), Refusal::at_provider_bound);
}

TEST_F(Feeds, FEEDS_011_a_power_of_ten_off_the_median_is_another_unit) {
    source = {.weight = 1};
    for (const std::uint64_t k : {10ULL, 100ULL, 1'000ULL, 1'000'000ULL, 10'000'000ULL}) {
        report.price = int128{2'000} * usd * k;
        EXPECT_EQ(refused(), Refusal::unit_swapped) << k;
        report.price = 2'000 * usd / k;
        EXPECT_EQ(refused(), Refusal::unit_swapped) << k;
    }
    // Five per cent around the power, and nothing beyond.
    report.price = 21'000 * usd;
    EXPECT_EQ(refused(), Refusal::unit_swapped);
    report.price = 21'001 * usd;
    EXPECT_EQ(refused(), Refusal::none);
    report.price = 1'000 * usd;
    EXPECT_EQ(refused(), Refusal::none);
}

TEST_F(Feeds, FEEDS_011_a_stale_median_is_no_measure) {
    source = {.weight = 1};
    report.price = 200 * usd;
    reference.at = now - 60;
    EXPECT_EQ(refused(), Refusal::unit_swapped);
    reference.at = now - 61;
    EXPECT_EQ(refused(), Refusal::none);
    reference = {};
    EXPECT_EQ(refused(), Refusal::none);
}

TEST_F(Feeds, FEEDS_010_each_reason_has_a_name) {
    EXPECT_EQ(name(Refusal::non_positive), "non_positive");
    EXPECT_EQ(name(Refusal::unit_swapped), "unit_swapped");
    EXPECT_EQ(name(Refusal::none), "none");
}

}  // namespace
}  // namespace breakwater::feeds
