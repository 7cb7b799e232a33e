// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/world/calibrate.hpp"
#include "breakwater/world/prices.hpp"

namespace breakwater {
namespace {

constexpr std::int64_t start = 1'583'971'200;  // 2020-03-12
constexpr std::int64_t hour = 3600;

/// Hourly candles of one path of a model, four steps to the candle.
std::vector<CandleSeries> candles_of(const PriceParameters& p) {
    const auto model = PriceModel::create(p);
    PricePath path;
    model->generate(8, 0, path);
    std::vector<CandleSeries> result(p.assets.size());
    for (std::size_t a = 0; a < p.assets.size(); ++a) {
        result[a].name = p.assets[a].name;
        for (std::size_t s = 0; s + 4 <= path.steps(); s += 4) {
            Candle c = {start + static_cast<std::int64_t>(s / 4) * hour, path.price(s, a), 0, 1e30,
                        path.price(s + 4, a)};
            for (std::size_t i = s; i <= s + 4; ++i) {
                c.high = std::max(c.high, path.price(i, a));
                c.low = std::min(c.low, path.price(i, a));
            }
            result[a].candles.push_back(c);
        }
    }
    return result;
}

PriceParameters two_assets() {
    PriceParameters p;
    p.steps = 4 * 20'000;
    p.step_seconds = 900;
    p.assets = {{.name = "WETH", .start = 200, .volatility = 0.8},
                {.name = "WBTC", .start = 8000, .volatility = 0.55}};
    p.correlation = {1, 0.85, 0.85, 1};
    return p;
}

TEST(Calibrate, recovers_volatility_correlation_and_normal_tails) {
    const auto fit = calibrate(candles_of(two_assets()));
    ASSERT_TRUE(fit) << fit.error();
    EXPECT_EQ(fit->interval_seconds, 3600);
    EXPECT_EQ(fit->returns, 19'999U);
    // Four standard errors: σ̂/σ has 1/√(2n), ρ̂ has (1 − ρ²)/√n.
    EXPECT_NEAR(fit->volatility[0] / 0.8, 1, 0.02);
    EXPECT_NEAR(fit->volatility[1] / 0.55, 1, 0.02);
    EXPECT_NEAR(fit->correlation[1], 0.85, 0.0079);
    EXPECT_EQ(fit->correlation[1], fit->correlation[2]);
    EXPECT_EQ(fit->correlation[0], 1);
    EXPECT_GT(fit->degrees_of_freedom, 40);
}

TEST(Calibrate, recovers_student_degrees_of_freedom_of_its_interval) {
    for (const double nu : {3.0, 5.0}) {
        PriceParameters p = two_assets();
        p.degrees_of_freedom = nu;
        p.mixing_steps = 4;  // one hour
        const auto fit = calibrate(candles_of(p));
        ASSERT_TRUE(fit) << fit.error();
        EXPECT_NEAR(fit->degrees_of_freedom, nu, 0.1 * nu);
        EXPECT_NEAR(fit->volatility[0] / 0.8, 1, 0.08);
    }
}

TEST(Calibrate, its_result_is_a_valid_model) {
    const auto fit = calibrate(candles_of(two_assets()));
    PriceParameters p = two_assets();
    p.correlation = fit->correlation;
    p.degrees_of_freedom = fit->degrees_of_freedom;
    EXPECT_TRUE(PriceModel::create(p));
}

TEST(Calibrate, uses_only_returns_that_all_assets_have_without_a_gap) {
    auto series = candles_of(two_assets());
    for (auto& s : series)
        s.candles.resize(1000);
    series[0].candles.erase(series[0].candles.begin() + 500);  // costs two returns
    series[1].candles.erase(series[1].candles.begin(), series[1].candles.begin() + 100);
    const auto fit = calibrate(series);
    ASSERT_TRUE(fit) << fit.error();
    EXPECT_EQ(fit->returns, 1000U - 101U - 2U);
}

TEST(Calibrate, price_that_never_moves_has_no_volatility_and_no_correlation) {
    auto series = candles_of(two_assets());
    for (auto& c : series[1].candles)
        c = {c.time, 1, 1, 1, 1};
    const auto fit = calibrate(series);
    ASSERT_TRUE(fit) << fit.error();
    EXPECT_EQ(fit->volatility[1], 0);
    EXPECT_EQ(fit->correlation[1], 0);
    EXPECT_EQ(fit->correlation[3], 1);
}

TEST(Calibrate, refuses_bad_candles_and_says_which) {
    const auto fault = [](auto change) {
        auto series = candles_of(two_assets());
        change(series);
        const auto fit = calibrate(series);
        return fit ? std::string("accepted") : fit.error();
    };
    EXPECT_EQ(fault([](auto& s) { s[0].candles[7].low = -1; }),
              "candles of WETH, row 8: prices must be positive");
    EXPECT_EQ(fault([](auto& s) { s[0].candles[7].close = std::nan(""); }),
              "candles of WETH, row 8: prices must be positive");
    EXPECT_EQ(fault([](auto& s) { s[1].candles[7].high = s[1].candles[7].low; }),
              "candles of WBTC, row 8: open or close lies outside [low, high]");
    EXPECT_EQ(fault([](auto& s) { s[1].candles[7].time = s[1].candles[6].time; }),
              "candles of WBTC, row 8: time does not rise");
    EXPECT_EQ(fault([](auto& s) { s[0].candles.resize(50); }),
              "candles: 49 returns common to all assets, needs at least 100");
    EXPECT_EQ(fault([](auto& s) { s.clear(); }),
              "candles: 0 returns common to all assets, needs at least 100");
}

TEST(HistoryFromCandles, replays_with_the_lows_and_highs_of_the_candles) {
    auto series = candles_of(two_assets());
    auto& candles = series[0].candles;
    candles[30].open *= 1.01;  // does not join the close before
    candles[30].high = std::max(candles[30].high, candles[30].open);
    const auto points = history_from_candles(series[0], start + 10 * hour, 24 * hour);
    ASSERT_TRUE(points) << points.error();
    ASSERT_EQ(points->size(), 25U);
    PriceParameters p;
    p.assets = {{.name = "WETH", .start = candles[10].open, .volatility = 0.5, .history = 0}};
    p.histories = {*points};
    const auto model = PriceModel::create(p);
    ASSERT_TRUE(model) << model.error();
    PricePath path;
    model->generate(1, 0, path);
    double low = 1e9;
    double high = 0;
    for (std::size_t s = 0; s <= 288; ++s) {
        low = std::min(low, path.price(s, 0));
        high = std::max(high, path.price(s, 0));
    }
    double low_published = 1e9;
    double high_published = 0;
    for (std::size_t i = 10; i < 34; ++i) {
        low_published = std::min(low_published, candles[i].low);
        high_published = std::max(high_published, candles[i].high);
    }
    EXPECT_NEAR(low / low_published, 1, 1e-13);
    EXPECT_NEAR(high / high_published, 1, 1e-13);
    EXPECT_NEAR(path.price(288, 0) / candles[33].close, 1, 1e-13);
}

TEST(HistoryFromCandles, refuses_a_span_that_the_candles_do_not_cover) {
    auto series = candles_of(two_assets())[0];
    const auto fault = [&series](std::int64_t from, std::int64_t seconds) {
        const auto points = history_from_candles(series, from, seconds);
        return points ? std::string("accepted") : points.error();
    };
    EXPECT_EQ(fault(start, 20'000 * hour), "accepted");
    EXPECT_EQ(fault(start, 20'000 * hour + 1), "candles of WETH: end before the horizon");
    EXPECT_EQ(fault(start - hour, hour), "candles of WETH: none at the start of the horizon");
    EXPECT_EQ(fault(start + 30'000 * hour, hour),
              "candles of WETH: none at the start of the horizon");
    series.candles.erase(series.candles.begin() + 5, series.candles.begin() + 7);
    EXPECT_EQ(fault(start, 24 * hour), "candles of WETH: gap of 7200 s");
}

}  // namespace
}  // namespace breakwater
