// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/world/math.hpp"
#include "breakwater/world/prices.hpp"
#include "breakwater/world/random.hpp"

namespace breakwater {
namespace {

constexpr double rounding = 1e-14;  // relative, of exp(log())

/// Ten hours that fall, rebound and fall again, with wicks on either side, on both, and on none.
std::vector<HistoryPoint> storm() {
    return {
        {0, 194.5, 195.0, 186.0},      {3600, 188.0, 191.0, 171.0},   {7200, 171.0, 176.0, 171.0},
        {10800, 173.0, 173.0, 119.25}, {14400, 125.0, 140.0, 118.0},  {18000, 131.0, 131.0, 131.0},
        {21600, 131.0, 131.0, 90.0},   {25200, 101.0, 133.5, 89.125}, {28800, 128.0, 130.0, 120.0},
        {32400, 120.0, 128.0, 99.0},   {36000, 127.0, 0, 0}};
}

PriceParameters replay(std::uint32_t steps, double step_seconds, double volatility) {
    PriceParameters p;
    p.steps = steps;
    p.step_seconds = step_seconds;
    p.assets = {{.name = "WETH", .start = 2762.13, .volatility = volatility, .history = 0}};
    p.histories = {storm()};
    return p;
}

TEST(History, passes_through_every_point_and_meets_the_low_and_high_of_every_segment) {
    constexpr double scale = 2762.13 / 194.5;
    for (const double volatility : {0.0, 0.5, 2.0, 10.0}) {
        const auto model = PriceModel::create(replay(120, 300, volatility));
        ASSERT_TRUE(model) << model.error();
        PricePath path;
        for (std::uint32_t number = 0; number < 300; ++number) {
            model->generate(1, number, path);
            const auto points = storm();
            for (std::size_t i = 0; i + 1 < points.size(); ++i) {
                ASSERT_NEAR(path.price(12 * i, 0) / (scale * points[i].price), 1, rounding);
                double low = 1e9;
                double high = 0;
                for (std::size_t s = 12 * i; s <= 12 * (i + 1); ++s) {
                    low = std::min(low, path.price(s, 0));
                    high = std::max(high, path.price(s, 0));
                }
                ASSERT_NEAR(low / (scale * points[i].low), 1, rounding) << i << " path " << number;
                ASSERT_NEAR(high / (scale * points[i].high), 1, rounding)
                    << i << " path " << number;
            }
            ASSERT_NEAR(path.price(120, 0) / (scale * 127), 1, rounding);
        }
    }
}

TEST(History, differs_from_path_to_path_by_its_noise_and_by_when_it_meets_the_low) {
    const auto model = PriceModel::create(replay(120, 300, 0.5));
    PricePath path;
    std::vector<int> met(13, 0);
    for (std::uint32_t number = 0; number < 1000; ++number) {
        model->generate(1, number, path);
        std::size_t lowest = 36;
        for (std::size_t s = 36; s <= 48; ++s) {
            if (path.price(s, 0) < path.price(lowest, 0)) lowest = s;
        }
        ++met[lowest - 36];
    }
    EXPECT_GT(std::count_if(met.begin(), met.end(), [](int n) { return n > 20; }), 2);
}

TEST(History, between_equal_bounds_does_not_move) {
    PriceParameters p = replay(12, 300, 0.9);
    p.histories[0] = {{0, 100, 100, 100}, {3600, 100, 0, 0}};
    PricePath path;
    PriceModel::create(p)->generate(1, 0, path);
    for (std::size_t s = 0; s <= 12; ++s)
        EXPECT_EQ(path.price(s, 0), 2762.13);
}

/// Mean over paths of the sum of squared log steps per hour.
double quadratic_variation(double volatility) {
    PriceParameters p = replay(1200, 300, volatility);
    p.histories[0].clear();
    for (int i = 0; i <= 100; ++i)
        p.histories[0].push_back({i * 3600.0, 100, 101.5, 98.5});
    const auto model = PriceModel::create(p);
    PricePath path;
    double sum = 0;
    constexpr int paths = 200;
    for (std::uint32_t number = 0; number < paths; ++number) {
        model->generate(1, number, path);
        for (std::size_t s = 0; s < 1200; ++s) {
            sum += std::pow(std::log(path.price(s + 1, 0) / path.price(s, 0)), 2);
        }
    }
    return sum / (100 * paths);
}

TEST(History, noise_between_the_knots_has_the_volatility_asked_for) {
    // Three bridges an hour, each with the quadratic variation of one step fewer than it has: 9 of
    // 12 steps.
    const double noise = 0.2 * 0.2 * 3600 / seconds_per_year * 9 / 12;
    EXPECT_NEAR((quadratic_variation(0.2) - quadratic_variation(0)) / noise, 1, 0.1);
}

TEST(History, cut_by_the_horizon_follows_the_same_path) {
    PricePath whole;
    PricePath part;
    PriceModel::create(replay(120, 300, 0.8))->generate(4, 2, whole);
    PriceModel::create(replay(50, 300, 0.8))->generate(4, 2, part);  // ends inside a segment
    for (std::size_t s = 0; s <= 50; ++s)
        EXPECT_EQ(part.price(s, 0), whole.price(s, 0));
}

TEST(History, with_points_closer_than_steps_still_meets_every_low) {
    // One candle a minute, steps of five minutes; wicks at minutes 31, 33 (same step) and 50.
    PriceParameters p = replay(24, 300, 0.5);
    p.histories[0].clear();
    for (int minute = 0; minute <= 120; ++minute) {
        const bool wick = minute == 31 || minute == 33 || minute == 50;
        p.histories[0].push_back({minute * 60.0, 100, minute == 33 ? 104.0 : 100.0,
                                  wick ? 90.0 + minute / 10.0 : 100.0});
    }
    const auto model = PriceModel::create(p);
    ASSERT_TRUE(model) << model.error();
    PricePath path;
    for (std::uint32_t number = 0; number < 50; ++number) {
        model->generate(1, number, path);
        const auto lowest = [&path](std::size_t from, std::size_t to) {
            double low = 1e9;
            for (std::size_t s = from; s <= to; ++s)
                low = std::min(low, path.price(s, 0) / 2762.13 * 100);
            return low;
        };
        EXPECT_NEAR(lowest(0, 24), 93.1, 1e-10);
        EXPECT_NEAR(lowest(10, 24), 95, 1e-10);
        EXPECT_NEAR(lowest(0, 5), 100, 1e-10);
    }
}

TEST(History, assets_with_the_same_dates_fall_together) {
    PriceParameters p = replay(120, 300, 0.3);
    p.assets.push_back({.name = "WBTC", .start = 60'000, .volatility = 0.3, .history = 1});
    p.histories.push_back(storm());
    for (auto& point : p.histories[1]) {
        point = {point.time, 7800 * std::pow(point.price / 194.5, 0.8),
                 7800 * std::pow(point.high / 194.5, 0.8), 7800 * std::pow(point.low / 194.5, 0.8)};
    }
    const auto model = PriceModel::create(p);
    PricePath path;
    for (std::uint32_t number = 0; number < 50; ++number) {
        model->generate(1, number, path);
        for (std::size_t segment = 0; segment < 10; ++segment) {
            std::size_t lowest[2] = {12 * segment, 12 * segment};
            for (std::size_t s = 12 * segment; s <= 12 * segment + 12; ++s) {
                for (std::size_t a = 0; a < 2; ++a) {
                    if (path.price(s, a) < path.price(lowest[a], a) * (1 - rounding)) lowest[a] = s;
                }
            }
            if (segment == 5) continue;  // flat
            // The lows of a segment may be touched more than once; the knots are at the same step.
            EXPECT_NEAR(static_cast<double>(lowest[0]), static_cast<double>(lowest[1]), 3);
        }
    }
}

TEST(History, refuses_points_that_contradict_themselves_and_says_which) {
    const auto fault = [](auto change) {
        PriceParameters p = replay(120, 300, 0.5);
        change(p.histories[0]);
        const auto model = PriceModel::create(p);
        return model ? std::string("accepted") : model.error();
    };
    EXPECT_EQ(fault([](auto& points) { points[3].low = 130; }),
              "history of WETH: point 3: low lies above the price at an end of its segment");
    EXPECT_EQ(fault([](auto& points) { points[1].high = 187; }),
              "history of WETH: point 1: high lies below the price at an end of its segment");
    EXPECT_EQ(fault([](auto& points) { points[2].price = std::nan(""); }),
              "history of WETH: point 2: price must be positive");
    EXPECT_EQ(fault([](auto& points) { points[5].time = points[4].time; }),
              "history of WETH: point 4: the next point is not later");
    EXPECT_EQ(fault([](auto& points) { points.pop_back(); }),
              "history of WETH: ends before the horizon");
    EXPECT_EQ(fault([](auto& points) { points.back().time -= 149; }), "accepted");  // half a step
    EXPECT_EQ(fault([](auto& points) { points.back().time -= 151; }),
              "history of WETH: ends before the horizon");
    EXPECT_EQ(fault([](auto& points) { points[0].time = 60; }),
              "history of WETH: the first point must be at the start of the horizon");
    EXPECT_EQ(fault([](auto& points) { points.resize(1); }),
              "history of WETH: needs at least two points");
    EXPECT_EQ(fault([](auto& points) { points.back().time = 1e12; }),
              "history of WETH: point 10: too far from the one before");
}

}  // namespace
}  // namespace breakwater
