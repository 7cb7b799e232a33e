// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/world/reporters.hpp"
#include "breakwater/world/sources.hpp"

namespace breakwater {
namespace {

constexpr AssetId weth{0};

/// One feed on a grid; `at` moves the market and tells what the venue sees.
struct OneFeed {
    Reporters reporters;
    double step_seconds;
    double now = 0;
    bool news = false;

    OneFeed(const FeedParameters& feed, double grid, double latency_factor = 1)
        : reporters(std::vector{feed}, {.latency_factor = latency_factor}, grid),
          step_seconds(grid) {
        reporters.reset(std::vector{100.0});
    }
    double at(double market, double delay = 0) {
        now += step_seconds;
        const std::vector prices{market};
        news = !reporters.step(now, prices, delay).empty();
        return reporters.seen_usd(weth);
    }
};

TEST(Reporters, to_price_rounds_half_away_from_zero_and_never_gives_zero) {
    const auto raw = [](double usd) { return static_cast<std::uint64_t>(to_price(usd).raw); };
    EXPECT_EQ(raw(2762.13), 276'213'000'000U);
    EXPECT_EQ(raw(1), 100'000'000U);
    EXPECT_EQ(raw(0), 1U);
    EXPECT_EQ(raw(-5), 1U);
    EXPECT_EQ(raw(1e-12), 1U);
    // Dyadic values times 10^8 are exact.
    EXPECT_EQ(raw(0x1p-8), 390'625U);
    EXPECT_EQ(raw(0x1p-9), 195'313U) << "195,312.5 rounds away from zero";
    EXPECT_EQ(raw(0x1p-10), 97'656U) << "97,656.25 rounds down";
    EXPECT_EQ(raw(std::nextafter(0x1p-9, 0)), 195'312U);
    EXPECT_EQ(raw(0x1p30), 107'374'182'400'000'000U) << "nothing is added above 2^53";
    EXPECT_TRUE(to_price(1e300).raw == uint128{1} << 96U);
    EXPECT_TRUE(to_price(HUGE_VAL).raw == uint128{1} << 96U);
    std::uint64_t last = 0;
    for (double usd = 1e-9; usd < 1e5; usd *= 1.01) {
        ASSERT_GE(raw(usd), last);
        last = raw(usd);
    }
}

TEST(Reporters, report_exactly_at_the_deviation_and_not_below_it) {
    // 25 bps of 100 and the bounds are exact in binary.
    OneFeed feed({.deviation = 25, .heartbeat = 1e9, .latency = 0}, 12);
    EXPECT_EQ(feed.at(100.2499), 100);
    EXPECT_EQ(feed.at(100.25), 100.25);
    EXPECT_EQ(feed.at(100.25 * 0.9976), 100.25);
    EXPECT_EQ(feed.at(100), 100.25) << "the last report is the reference: 0.2494 %";
    EXPECT_EQ(feed.at(99.9), 99.9);
    EXPECT_EQ(feed.reporters.reports_sent(), 2U);
}

TEST(Reporters, heartbeat_is_exact) {
    OneFeed feed({.deviation = 50, .heartbeat = 3600, .latency = 0}, 12);
    for (int i = 1; i <= 1500; ++i) {
        const double seen = feed.at(100.001);
        ASSERT_EQ(feed.news, i % 300 == 0) << i;
        ASSERT_EQ(seen, i < 300 ? 100 : 100.001);
    }
    // A deviation report starts the heartbeat anew.
    OneFeed moved({.deviation = 50, .heartbeat = 3600, .latency = 0}, 12);
    for (int i = 1; i <= 500; ++i) {
        moved.at(i < 100 ? 100 : 101);
        ASSERT_EQ(moved.news, i == 100 || i == 400) << i;
    }
}

TEST(Reporters, phase_is_the_part_of_the_heartbeat_that_is_over) {
    OneFeed feed({.deviation = 50, .heartbeat = 3600, .latency = 0}, 12);
    feed.reporters.reset(std::vector{100.0}, std::vector{0.75});
    for (int i = 1; i <= 100; ++i) {
        feed.at(100);
        ASSERT_EQ(feed.news, i == 75) << i;
    }
}

TEST(Reporters, latency_is_exact_on_its_grid_and_the_nearest_step_otherwise) {
    struct Case {
        double latency, factor, delay, grid;
        int steps;
    };
    for (const Case& c : {
             // latency factor delay grid → steps
             Case{24, 1, 0, 12, 2},
             Case{24, 1, 0, 1, 24},
             Case{24, 3, 0, 12, 6},
             Case{24, 1, 36, 12, 5},
             Case{24, 1, 0, 300, 0},
             Case{150, 1, 0, 300, 0},
             Case{151, 1, 0, 300, 1},
             Case{3600, 1, 0, 300, 12},
             Case{0, 1, 0, 300, 0},
             Case{24, 0, 0, 1, 0},
         }) {
        OneFeed feed({.deviation = 50, .heartbeat = 1e9, .latency = c.latency}, c.grid, c.factor);
        for (int i = 0; i <= c.steps + 5; ++i) {
            const double seen = feed.at(101, c.delay);
            ASSERT_EQ(seen, i < c.steps ? 100 : 101)
                << c.latency << " on " << c.grid << " step " << i;
            ASSERT_EQ(feed.news, i == c.steps);
        }
    }
}

TEST(Reporters, reports_arrive_in_the_order_in_which_they_were_sent) {
    OneFeed feed({.deviation = 50, .heartbeat = 1e9, .latency = 12}, 12);
    feed.at(101, 60);  // sent at 12, held up until 84
    double last = 100;
    for (int i = 0; i < 20; ++i) {
        const double seen = feed.at(102 + i);
        ASSERT_GE(seen, last);
        if (i < 5) {
            ASSERT_EQ(seen, 100) << "nothing overtakes";
        }
        last = seen;
    }
    EXPECT_GT(last, 118);
}

TEST(Reporters, no_more_than_eight_reports_are_under_way) {
    OneFeed feed({.deviation = 10, .heartbeat = 1e9, .latency = 1200}, 12);
    for (int i = 1; i <= 100; ++i)
        ASSERT_EQ(feed.at(100 + i), 100);
    EXPECT_EQ(feed.reporters.reports_sent(), 8U);
    EXPECT_EQ(feed.at(201), 101) << "the first arrives when its latency is over and makes room";
    EXPECT_EQ(feed.reporters.reports_sent(), 9U);
}

TEST(Reporters, frozen_feed_sends_nothing_but_what_is_under_way_arrives) {
    OneFeed feed({.deviation = 50, .heartbeat = 60, .latency = 24}, 12);
    feed.at(50);
    feed.reporters.freeze(weth, true);
    for (int i = 0; i < 100; ++i)
        feed.at(20);
    EXPECT_EQ(feed.reporters.seen_usd(weth), 50);
    feed.reporters.freeze(weth, false);
    for (int i = 0; i < 3; ++i)
        feed.at(20);
    EXPECT_EQ(feed.reporters.seen_usd(weth), 20);
    OneFeed silent({.heartbeat = 60, .frozen = true}, 12);
    for (int i = 0; i < 100; ++i)
        ASSERT_EQ(silent.at(1), 100);
}

TEST(Reporters, switched_off_sees_the_market_at_once_and_frozen_feeds_too) {
    Reporters reporters(std::vector<FeedParameters>{{.frozen = true}, {}}, {.enabled = false}, 12);
    reporters.reset(std::vector{100.0, 1.0});
    const std::vector moved{99.99, 1.0};
    const auto visible = reporters.step(12, moved);
    ASSERT_EQ(visible.size(), 1U);
    EXPECT_EQ(visible[0].asset, weth);
    EXPECT_TRUE(visible[0].price == Price{9'999'000'000U});
    EXPECT_TRUE(reporters.step(24, moved).empty());
}

TEST(Reporters, venue_is_never_further_from_the_market_than_deviation_without_latency) {
    constexpr unsigned seed = 31;
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal(0, 0.004);
    OneFeed feed({.deviation = 50, .heartbeat = 3600, .latency = 0}, 300);
    double market = 100;
    for (int i = 0; i < 20'000; ++i) {
        market *= std::exp(normal(random));
        const double seen = feed.at(market);
        ASSERT_LT(std::fabs(market / seen - 1), 0.005 + 1e-12) << "seed " << seed << " step " << i;
    }
}

TEST(Reporters, mean_time_between_reports_is_the_exit_time_of_the_band) {
    // A random walk of ±h in the log leaves a band of a steps up and b steps down after a·b steps on average, exactly;
    // as h → 0 that is d²/(σ² dt) up to O(d). With σ = 0.8, d = 0.5 %: 20.5 minutes.
    constexpr unsigned seed = 13;
    constexpr double sigma = 0.8;
    constexpr double deviation = 0.005;
    constexpr double h = 0.0001;
    const double up = std::ceil(std::log1p(deviation) / h);
    const double down = std::ceil(-std::log1p(-deviation) / h);
    const double seconds = h * h / (sigma * sigma) * 365 * 86'400;  // of one step of the walk
    EXPECT_NEAR(up * down * seconds / 60, 20.5, 0.5);

    std::mt19937_64 random(seed);
    OneFeed feed({.deviation = deviation * 1e4, .heartbeat = 1e12, .latency = 0}, seconds);
    const double rise = std::exp(h);
    double market = 100;
    constexpr int words = 120'000;
    for (int w = 0; w < words; ++w) {
        std::uint64_t bits = random();
        for (int b = 0; b < 64; ++b, bits >>= 1U) {
            market = (bits & 1U) != 0 ? market * rise : market / rise;
            feed.at(market);
        }
    }
    const double reports = feed.reporters.reports_sent();
    const double mean = words * 64.0 / reports;
    // The exit time's deviation is √(2/3) of its mean.
    const double standard_error = up * down * std::sqrt(2.0 / 3 / reports);
    EXPECT_NEAR(mean, up * down, 4 * standard_error)
        << "seed " << seed << ", " << reports << " reports";
    EXPECT_LT(standard_error / (up * down), 0.02);
}

}  // namespace
/// Each source stepped at every step against those that are passed by while nothing can happen to them.
TEST(Reporters, sources_of_an_asset_that_are_passed_by_say_what_they_would_have_said) {
    constexpr std::size_t assets = 3;
    constexpr std::size_t each = 5;
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937_64 random(seed);
        std::vector<SourceSetup> setups;
        std::vector<FeedParameters> feeds;
        for (std::size_t a = 0; a < assets; ++a)
            for (std::size_t k = 0; k < each; ++k) {
                SourceSetup s;
                s.asset = AssetId{static_cast<std::uint8_t>(a)};
                s.number = static_cast<std::uint8_t>(k);
                s.reporting.deviation = static_cast<double>(random() % 4) * 20;
                s.reporting.heartbeat = 600 + static_cast<double>(random() % 3) * 1'500;
                s.reporting.latency = static_cast<double>(random() % 900);
                s.reporting.frozen = random() % 8 == 0;
                s.spread = 1e-4 * static_cast<double>(k);
                feeds.push_back(s.reporting);
                setups.push_back(s);
            }
        SourceReporters grouped(setups, {}, 300);
        Reporters one_by_one(feeds, {}, 300);
        std::vector<double> market(assets, 100.0);
        std::vector<double> says(setups.size());
        const auto speak = [&] {
            for (std::size_t k = 0; k < setups.size(); ++k)
                says[k] = market[index(setups[k].asset)] * (1 + setups[k].spread);
        };
        speak();
        grouped.reset(market);
        one_by_one.reset(says);
        for (int step = 1; step <= 400; ++step) {
            for (double& price : market)
                price *= 1 + 1e-5 * (static_cast<double>(random() % 401) - 200);
            speak();
            const double now = 300.0 * step;
            const auto said = grouped.step(now, market, 7);
            const auto expected = one_by_one.step(now, says, 7);
            ASSERT_EQ(said.size(), expected.size()) << "step " << step;
            for (std::size_t i = 0; i < said.size(); ++i) {
                ASSERT_EQ(said[i].value, expected[i].usd);
                ASSERT_EQ(said[i].sent, expected[i].sent);
                ASSERT_EQ(index(said[i].asset) * each + said[i].number, expected[i].feed);
            }
        }
    }
}

}  // namespace breakwater
