// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// The law of a move against two simulations: the draws of the buffer itself, and whole price paths
/// of the simulator that storms run on.

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/stress/intervals.hpp"
#include "breakwater/world/math.hpp"
#include "breakwater/world/move_law.hpp"

namespace breakwater {
namespace {

/// Rising log moves, and how often a quantile of the law lies in their interval.
class Sample {
  public:
    explicit Sample(std::vector<double> moves) : moves_(std::move(moves)) {
        std::ranges::sort(moves_);
    }
    [[nodiscard]] bool covers(double quantile, double level, double confidence) const {
        const auto ranks = order_statistic_ranks(moves_.size(), level, confidence);
        return ranks && moves_[ranks->low - 1] <= quantile && quantile <= moves_[ranks->high - 1];
    }
    [[nodiscard]] bool covers_probability(double p, double bound, double confidence) const {
        const auto below = std::ranges::upper_bound(moves_, bound) - moves_.begin();
        const Interval i =
            clopper_pearson(static_cast<std::uint64_t>(below), moves_.size(), confidence);
        return i.low <= p && p <= i.high;
    }

  private:
    std::vector<double> moves_;
};

struct Case {
    const char* name;
    double volatility;
    double seconds;
    double jumps_a_year;
    std::uint32_t forced;
    double degrees_of_freedom;
    double mixing_seconds;
    double noise;  ///< of a second, reverting part
};

constexpr Case cases[] = {
    {"stable, minutes", 0.005, 300, 0, 0, 0, 300, 0},
    {"major, minutes", 0.45, 750, 0, 0, 0, 300, 0},
    {"small, a day", 1.2, 86'400, 0, 0, 0, 300, 0},
    {"random jumps, minutes", 0.7, 900, 3'000, 0, 0, 300, 0},
    {"random jumps, hours", 0.7, 20'000, 400, 0, 0, 300, 0},
    {"one forced, minutes", 0.7, 1'800, 0, 1, 0, 300, 0},
    {"one forced, hours", 1.0, 40'000, 0, 1, 0, 300, 0.05},
    {"two forced and random", 0.5, 10'000, 200, 2, 0, 300, 0},
    {"t of 3 a day, minutes", 0.72, 750, 0, 0, 3, 86'400, 0},
    {"t of 3 a day, hours", 1.05, 24'000, 0, 0, 3, 86'400, 0.1},
    {"t of 3 a day, 60 hours", 0.72, 216'000, 0, 0, 3, 86'400, 0},
    {"t of 4 a step, 6 steps", 0.9, 1'650, 0, 0, 4, 300, 0},
    {"t of 5 and jumps", 0.6, 5'000, 1'000, 1, 5, 86'400, 0},
};

MoveParameters parameters_of(const Case& c) {
    MoveParameters p{.seconds = c.seconds,
                     .drift_a_year = -0.5 * c.volatility * c.volatility,
                     .parts = {{.volatility = c.volatility}},
                     .jumps_a_year = c.jumps_a_year,
                     .forced_jumps = c.forced,
                     .jump_mean = -0.12,
                     .jump_deviation = 0.04,
                     .degrees_of_freedom = c.degrees_of_freedom,
                     .mixing_seconds = c.mixing_seconds,
                     .volatility_max = 1.2};
    if (c.noise > 0) p.parts.push_back({.volatility = c.noise, .half_life_hours = 24});
    return p;
}

TEST(BufferLaw, BUFFER_003_closed_form_and_simulated_moves_agree) {
    constexpr std::uint32_t paths = 40'000;
    int in_95 = 0;
    int all = 0;
    std::uint32_t asset = 0;
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        const MoveLaw law(parameters_of(c));
        std::vector<double> moves;
        for (std::uint32_t path = 0; path < paths; ++path)
            moves.push_back(law.draw(7, path, asset));
        ++asset;
        const Sample sample(std::move(moves));
        for (const double level : {0.001, 0.01, 0.5}) {
            const double quantile = law.quantile(level);
            EXPECT_TRUE(sample.covers(quantile, level, 0.999)) << level << " " << quantile;
            in_95 += sample.covers(quantile, level, 0.95) ? 1 : 0;
            ++all;
        }
        for (const double fall : {0.002, 0.02, 0.15})
            EXPECT_TRUE(sample.covers_probability(law.probability_of_fall_beyond(fall),
                                                  log_(1 - fall), 0.999))
                << fall;
    }
    EXPECT_GE(in_95, all * 85 / 100) << "of " << all << ": the intervals promise 95 %";
}

/// A random walk, a reverting coin, a staked token with noise.
PriceParameters three_assets() {
    PriceParameters p;
    p.steps = 24;
    p.step_seconds = 300;
    p.assets = {{.name = "ETH", .start = 2'000, .volatility = 0.8, .drift = 0.1, .beta = 1},
                {.name = "USD", .start = 1, .volatility = 0.02, .half_life_hours = 24},
                {.name = "stETH", .start = 2'300, .volatility = 0.05, .half_life_hours = 24}};
    p.assets[2].base = 0;
    return p;
}

void expect_same_law(const PriceParameters& prices) {
    const auto model = PriceModel::create(prices);
    ASSERT_TRUE(model) << model.error();
    std::vector<std::vector<double>> moves(prices.assets.size());
    PricePath path;
    for (std::uint32_t i = 0; i < 20'000; ++i) {
        model->generate(11, i, path);
        for (std::size_t a = 0; a < moves.size(); ++a)
            moves[a].push_back(log_(path.price(prices.steps, a) / path.price(0, a)));
    }
    for (std::size_t a = 0; a < moves.size(); ++a) {
        SCOPED_TRACE(prices.assets[a].name);
        const MoveLaw law(move_parameters(prices, a, prices.steps * prices.step_seconds));
        const Sample sample(std::move(moves[a]));
        for (const double level : {0.002, 0.01, 0.5, 0.99})
            EXPECT_TRUE(sample.covers(law.quantile(level), level, 0.999)) << level;
    }
}

TEST(BufferLaw, BUFFER_003_is_the_law_of_simulated_paths) {
    PriceParameters p = three_assets();
    expect_same_law(p);
    p.common_jump = {.intensity = 2'000, .mean = -0.08, .deviation = 0.03};
    expect_same_law(p);
    p.common_jump.intensity = 0;
    p.forced_jumps = 1;
    expect_same_law(p);
}

TEST(BufferLaw, BUFFER_003_is_the_law_of_simulated_paths_with_fat_tails) {
    PriceParameters p = three_assets();
    p.degrees_of_freedom = 3;
    p.mixing_steps = 24;
    expect_same_law(p);
    p.mixing_steps = 8;
    expect_same_law(p);
}

}  // namespace
}  // namespace breakwater
