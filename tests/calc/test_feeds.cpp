// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "calling.hpp"

/// The two feeds by name, with figures worked out by hand.
namespace breakwater {
namespace {

using test::fault_of;
using test::quoted;
using test::value_of;

TEST(CalcFeeds, FEEDS_012_weighted_median_with_capped_sources) {
    const std::string name = "feeds.weighted_median";
    // 98 : 1 : 1 by weight is 34 : 33 : 33 in the vote.
    const std::string heavy =
        R"({"sources": [{"price": 90, "weight": 98}, {"price": 100, "weight": 1},
                                              {"price": "101", "weight": 1}]})";
    EXPECT_EQ(value_of(name, heavy, "mid"), quoted("100"));
    EXPECT_EQ(value_of(name, heavy, "single_source"), "false");
    EXPECT_EQ(
        value_of(name, R"({"sources": [{"price": 90, "weight": 98}, {"price": 100, "weight": 1}]})",
                 "mid"),
        quoted("90"));
    EXPECT_EQ(fault_of(name, R"({"sources": []})"), "'sources' has 0 entries; expected 1 to 16");
}

TEST(CalcFeeds, FEEDS_014_a_source_beyond_the_limit_is_excluded) {
    const std::string sources =
        R"({"tier": "major", "sources": [{"price": 10000, "weight": 1}, {"price": 10000, "weight": 1},
            {"price": 10100, "weight": 1}, {"price": 15000, "weight": 1}]})";
    EXPECT_EQ(value_of("feeds.exclusion", sources, "mid"), quoted("10050"));
    EXPECT_EQ(value_of("feeds.exclusion", sources, "agreeing"), quoted("3"));
    EXPECT_EQ(value_of("feeds.exclusion", sources, "excluded"), quoted("1"));
    EXPECT_EQ(value_of("feeds.exclusion", sources, "band_takes_them_in"), "false");
    EXPECT_EQ(fault_of("feeds.exclusion", R"({"tier": "major", "sources": []})"),
              "'sources' has 0 entries; expected 1 to 16");
}

TEST(CalcFeeds, FEEDS_018_and_022_what_trust_and_age_allow) {
    const auto ask = [](const std::string& trust, int age, const std::string& key) {
        return value_of("feeds.permissions",
                        R"({"tier": "major", "trust": ")" + trust + R"(", "age": )" +
                            std::to_string(age) + "}",
                        key);
    };
    EXPECT_EQ(ask("normal", 10, "opening"), "true");
    EXPECT_EQ(ask("normal", 11, "opening"), "false");
    EXPECT_EQ(ask("normal", 60, "liquidations"), quoted("certain"));
    EXPECT_EQ(ask("normal", 61, "liquidations"), quoted("none"));
    EXPECT_EQ(ask("recovering", 0, "liquidations"), quoted("certain_insolvency"));
    EXPECT_EQ(ask("halt_new", 0, "liquidations"), quoted("none"));
    EXPECT_EQ(ask("halt_new", 0, "repaying"), "true");
}

TEST(CalcFeeds, FEEDS_015_band) {
    const std::string input =
        R"({"mid": 1000000000, "confidence": 10, "age": 60, "sigma": 830000})";
    EXPECT_EQ(value_of("feeds.band", input, "lo"), quoted("997509987"));
    EXPECT_EQ(value_of("feeds.band", input, "hi"), quoted("1002490013"));
}

TEST(CalcFeeds, FEEDS_016_slow_price) {
    EXPECT_EQ(value_of("feeds.slow_price",
                       R"({"slow": 10000, "mid": 20000, "seconds": 10, "rate": 3, "hourly": 600})",
                       "slow"),
              quoted("10030"));
}

TEST(CalcFeeds, FEEDS_019_ratio_cap) {
    const std::string input =
        R"({"reported": "2000000000000000000", "snapshot": "1000000000000000000",
                                  "growth": "100000000000000000", "seconds": 15768000})";
    EXPECT_EQ(value_of("feeds.ratio_cap", input, "ratio"), quoted("1050000000000000000"));
    EXPECT_EQ(value_of("feeds.ratio_cap", input, "binds"), "true");
}

TEST(CalcFeeds, FEEDS_020_redemption_value) {
    const std::string queue =
        R"({"par": 100000000, "rate": "180000000000000000", "queue_seconds": 864000,
                                  "to_redeem": 1000, "daily_capacity": 1000, "is_backed": )";
    EXPECT_EQ(value_of("feeds.redemption_value", queue + "true}", "value"), quoted("99508063"));
    EXPECT_EQ(value_of("feeds.redemption_value", queue + "false}", "admitted"), "false");
}

TEST(CalcFeeds, FEEDS_025_opening_value) {
    const std::string prices = R"("lo": 98, "hi": 102, "slow": 95, "amount": 1050, "decimals": 2})";
    EXPECT_EQ(value_of("feeds.opening_value", R"({"side": "collateral", )" + prices, "value"),
              quoted("997"));
    EXPECT_EQ(value_of("feeds.opening_value", R"({"side": "debt", )" + prices, "value"),
              quoted("1071"));
}

}  // namespace
}  // namespace breakwater
