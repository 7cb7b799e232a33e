// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cstring>
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/core/rulebooks/hyperliquid.hpp"
#include "breakwater/core/rulebooks/venue_margin.hpp"
#include "breakwater/stress/venue_rulebook.hpp"
#include "breakwater/stress/venue_run.hpp"
#include "venue_storm_book.hpp"

namespace breakwater {
namespace {

/// Records are whole words without padding.
template <class Record>
bool same(const std::vector<Record>& a, const std::vector<Record>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(Record)) == 0;
}

/// [USD] of a contract on BTC (row 0) or ETH (row 2) that is not margined by arrays.
double required(const VenueBook& v, std::size_t contract, std::uint64_t usd,
                venue::Purpose purpose) {
    const uint128 of =
        venue::tier_requirement(v.market().margins[contract], uint128{usd} * 100'000'000, purpose);
    return static_cast<double>(of) * 1e-14;
}

TEST(VenueRulebook, HYPERLIQUID_001_a_venue_takes_its_tiers) {
    const VenueBook v =
        under_venue_rulebook(venue_given::storm_venue({.accounts = 50}), "hyperliquid");
    EXPECT_EQ(v.book.rulebook, "hyperliquid");
    using venue::Purpose;
    EXPECT_DOUBLE_EQ(required(v, 0, 40'000, Purpose::opening), 1'000);
    EXPECT_DOUBLE_EQ(required(v, 0, 40'000, Purpose::liquidation), 500);
    EXPECT_DOUBLE_EQ(required(v, 0, 190'000'000, Purpose::liquidation), 1'875'000 + 1'000'000);
    EXPECT_DOUBLE_EQ(required(v, 2, 50'000, Purpose::opening), 2'000);
    // 15 is no whole number of ppm: up, so that nobody needs less than Hyperliquid asks.
    EXPECT_GE(required(v, 2, 250'000'000, Purpose::liquidation), 2e6 + 150e6 / 30);
    EXPECT_LE(required(v, 2, 250'000'000, Purpose::liquidation), 2e6 + 150e6 / 30 + 150);
}

TEST(VenueRulebook, EXCHANGE_001_a_venue_takes_brackets_of_binance) {
    const VenueBook v =
        under_venue_rulebook(venue_given::storm_venue({.accounts = 50}), "exchange_tiers");
    using venue::Purpose;
    EXPECT_DOUBLE_EQ(required(v, 0, 125'000, Purpose::opening), 1'000);
    EXPECT_DOUBLE_EQ(required(v, 0, 50'000, Purpose::liquidation), 200);
    EXPECT_DOUBLE_EQ(required(v, 0, 5'000'000, Purpose::liquidation), 12'000 + 20'000);
}

TEST(VenueRulebook, only_margin_of_what_has_no_arrays_is_another) {
    const VenueBook own = venue_given::storm_venue({.accounts = 50});
    EXPECT_TRUE(same(under_venue_rulebook(own, "venue").market().margins, own.market().margins));
    const VenueBook other = under_venue_rulebook(own, "hyperliquid");
    EXPECT_TRUE(same(other.market().positions, own.market().positions));
    EXPECT_TRUE(same(other.market().balances, own.market().balances));
    EXPECT_TRUE(same(other.market().margins, other.market().announced));
    for (std::size_t k = 0; k < own.market().terms.size(); ++k) {
        const bool is_own =
            other.market().margins[k].tiers[0].initial == own.market().margins[k].tiers[0].initial;
        EXPECT_TRUE(is_own || own.market().terms[k].by_arrays == 0) << k;
    }
}

TEST(VenueRulebook, less_margin_leaves_more_bad_debt_on_the_same_paths) {
    const auto bad_debt = [](std::string_view rulebook) {
        const auto setup = prepare_venue_storm(
            under_venue_rulebook(venue_given::storm_venue({.accounts = 200}), rulebook),
            venue_given::storm_scenario(-0.35), 1);
        MicroUsd out = 0;
        VenueStorm storm(*setup);
        for (std::uint32_t p = 0; p < 4; ++p)
            out += storm.run(p).bad_debt();
        return out;
    };
    // The book's own tiers ask for 1.25 % to 2 %, Binance's for 0.4 % at these sizes.
    EXPECT_GT(bad_debt("exchange_tiers"), bad_debt("venue"));
}

}  // namespace
}  // namespace breakwater
