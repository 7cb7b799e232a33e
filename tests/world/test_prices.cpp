// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/world/correlation.hpp"
#include "breakwater/world/math.hpp"
#include "breakwater/world/prices.hpp"
#include "breakwater/world/random.hpp"
#include "tests/world/closed_forms.hpp"

namespace breakwater {
namespace {

constexpr std::uint64_t seed = 20'200'312;
constexpr double day = 86'400;

/// A mean with its 99.9 % confidence interval.
struct Sample {
    double sum = 0;
    double squares = 0;
    double n = 0;

    void add(double x) { sum += x, squares += x * x, n += 1; }
    [[nodiscard]] double mean() const { return sum / n; }
    [[nodiscard]] double half_width() const {
        return 3.2905 * std::sqrt((squares / n - mean() * mean()) / n);
    }
    [[nodiscard]] bool covers(double value) const {
        return std::fabs(mean() - value) <= half_width();
    }
    [[nodiscard]] std::string text() const {
        return std::to_string(mean()) + " +- " + std::to_string(half_width());
    }
};

/// Ten independent copies of one asset: ten samples a path.
PriceParameters ten_of(const AssetDynamics& asset, std::uint32_t steps, double seconds) {
    PriceParameters p;
    p.steps = steps;
    p.step_seconds = seconds / steps;
    p.assets.assign(10, asset);
    return p;
}

PriceModel model_of(const PriceParameters& p) {
    auto model = PriceModel::create(p);
    EXPECT_TRUE(model) << model.error();
    return std::move(*model);
}

struct Passage {
    Sample grid;    // the minimum of the grid points passes the barrier
    Sample bridge;  // the minimum of the bridges between them does
};

Passage first_passage(double barrier, double sigma, std::uint32_t steps, double seconds,
                      std::uint32_t paths) {
    const PriceModel model =
        model_of(ten_of({.name = "WETH", .volatility = sigma}, steps, seconds));
    const double b = std::log(barrier);
    const double variance = sigma * sigma * seconds / seconds_per_year / steps;
    PricePath path;
    Passage result;
    for (std::uint32_t number = 0; number < paths; ++number) {
        model.generate(seed, number, path);
        for (std::uint32_t a = 0; a < 10; ++a) {
            double grid = 0;
            double bridge = 0;
            double x = 0;
            for (std::uint32_t s = 0; s < steps; ++s) {
                const double y = log_(path.price(s + 1, a));
                grid = std::min(grid, y);
                // A bridge whose ends are far above the barrier cannot reach it in double
                // precision.
                if (x <= b || y <= b || (x - b) * (y - b) < 20 * variance) {
                    const double u = uniform(seed, number, Stream::minimum, s, a);
                    bridge = std::min(bridge, bridge_minimum(x, y, variance, u));
                }
                x = y;
            }
            result.grid.add(grid <= b ? 1 : 0);
            result.bridge.add(bridge <= b ? 1 : 0);
        }
    }
    return result;
}

TEST(Prices, V1_first_passage_is_continuous_with_bridge_minima_and_discrete_without) {
    CLOSED_FORMS_OR_SKIP(rows, "V1b_discrete_exact");
    ASSERT_EQ(rows.size(), 2U);
    for (const auto& row : rows) {
        const auto n = row["n"].get<std::uint32_t>();
        const Passage p = first_passage(row["B"], row["sigma"], n, day, n == 24 ? 100'000 : 40'000);
        const double exact = row["exact"];
        const double continuous = row["continuous"];
        EXPECT_TRUE(p.bridge.covers(continuous))
            << n << ": " << p.bridge.text() << " " << continuous;
        EXPECT_TRUE(p.grid.covers(exact)) << n << ": " << p.grid.text() << " " << exact;
        EXPECT_FALSE(p.grid.covers(continuous)) << "the sample is too small to tell them apart";
    }
}

TEST(Prices, V1_first_passage_matches_over_barriers_and_horizons) {
    CLOSED_FORMS_OR_SKIP(rows, "V1_gbm_first_passage");
    int checked = 0;
    for (const auto& row : rows) {
        const double continuous = row["continuous"];
        if (row["mu"] != 0.0 || continuous < 1e-3) continue;
        const double years = row["T"];
        const Passage p =
            first_passage(row["B"], row["sigma"], 12, years * seconds_per_year, 20'000);
        EXPECT_TRUE(p.bridge.covers(continuous)) << row << " " << p.bridge.text();
        ++checked;
    }
    EXPECT_GT(checked, 5);
}

TEST(Prices, V2_merton_terminal_probability_and_shortfall) {
    CLOSED_FORMS_OR_SKIP(rows, "V2_merton_terminal");
    PricePath path;
    for (const double lambda : {0.0, 12.0, 36.0}) {
        // The file gives the mean of the log jump; ours is the median relative move.
        const Jump jump = {.intensity = lambda, .mean = std::exp(-0.15) - 1, .deviation = 0.10};
        const PriceModel model =
            model_of(ten_of({.name = "WETH", .volatility = 0.6, .jump = jump}, 14, 7 * day));
        std::vector<double> terminal;
        for (std::uint32_t number = 0; number < 100'000; ++number) {
            model.generate(seed, number, path);
            const auto last = path.row(14);
            terminal.insert(terminal.end(), last.begin(), last.end());
        }
        Sample price;
        for (const double s : terminal)
            price.add(s);
        EXPECT_TRUE(price.covers(1)) << "not a martingale: " << price.text();
        int checked = 0;
        for (const auto& row : rows) {
            if (std::fabs(row["lam"].get<double>() - lambda) > 1e-6) continue;
            const double strike = row["K"];
            Sample below;
            Sample shortfall;
            for (const double s : terminal) {
                below.add(s < strike ? 1 : 0);
                shortfall.add(std::max(strike - s, 0.0));
            }
            EXPECT_TRUE(below.covers(row["P"])) << row << " " << below.text();
            EXPECT_TRUE(shortfall.covers(row["E_shortfall"])) << row << " " << shortfall.text();
            ++checked;
        }
        EXPECT_GE(checked, 4);
    }
}

TEST(Prices, V4_margrabe_bad_debt_of_a_loan_between_two_correlated_assets) {
    CLOSED_FORMS_OR_SKIP(rows, "V4_margrabe");
    PricePath path;
    for (const auto& row : rows) {
        PriceParameters p;
        p.steps = 4;
        p.step_seconds = 30 * day / 4;
        p.assets = {{.name = "debt", .start = row["D"], .volatility = row["sd"]},
                    {.name = "collateral", .start = row["C"], .volatility = row["sc"]}};
        const double rho = row["rho"];
        p.correlation = {1, rho, rho, 1};
        const PriceModel model = model_of(p);
        Sample bad_debt;
        for (std::uint32_t number = 0; number < 200'000; ++number) {
            model.generate(seed, number, path);
            bad_debt.add(std::max(path.price(4, 0) - path.price(4, 1), 0.0));
        }
        EXPECT_TRUE(bad_debt.covers(row["E_baddebt"])) << row << " " << bad_debt.text();
    }
}

TEST(Prices, correlations_and_volatilities_are_recovered) {
    PriceParameters p;
    p.steps = 288;
    const std::array<std::size_t, 5> group = {0, 0, 0, 1, 1};
    p.correlation = group_correlation(group, std::array{0.85, -0.4});
    p.correlation[3] = p.correlation[15] = 0.2;
    const std::array<double, 5> volatility = {0.8, 0.6, 1.2, 0.05, 0.02};
    for (std::size_t a = 0; a < 5; ++a)
        p.assets.push_back({.name = "x", .volatility = volatility[a]});
    const PriceModel model = model_of(p);
    PricePath path;
    std::array<double, 25> product = {};
    constexpr int paths = 500;
    for (std::uint32_t number = 0; number < paths; ++number) {
        model.generate(seed, number, path);
        for (std::size_t s = 0; s < 288; ++s) {
            std::array<double, 5> r = {};
            for (std::size_t a = 0; a < 5; ++a)
                r[a] = std::log(path.price(s + 1, a) / path.price(s, a));
            for (std::size_t i = 0; i < 25; ++i)
                product[i] += r[i / 5] * r[i % 5];
        }
    }
    constexpr double n = paths * 288;
    for (std::size_t i = 0; i < 5; ++i) {
        const double annual = std::sqrt(product[6 * i] / n * seconds_per_year / 300);
        EXPECT_NEAR(annual / volatility[i], 1, 4 / std::sqrt(2 * n)) << i;
        for (std::size_t j = 0; j < i; ++j) {
            const double rho = product[5 * i + j] / std::sqrt(product[6 * i] * product[6 * j]);
            EXPECT_NEAR(rho, p.correlation[5 * i + j], 4 / std::sqrt(n)) << i << " " << j;
        }
    }
}

TEST(Prices, with_drift_and_student_shocks_keep_their_mean) {
    for (const double drift : {0.0, -20.0}) {
        for (const std::uint32_t mixing_steps : {1U, 12U}) {
            PriceParameters p =
                ten_of({.name = "WETH", .start = 2000, .volatility = 2, .drift = drift}, 24, day);
            p.degrees_of_freedom = 3;
            p.mixing_steps = mixing_steps;
            const PriceModel model = model_of(p);
            PricePath path;
            Sample price;
            for (std::uint32_t number = 0; number < 50'000; ++number) {
                model.generate(seed, number, path);
                // The ten share one m; their average is one sample.
                double mean = 0;
                for (const double s : path.row(24))
                    mean += s / 10;
                price.add(mean);
            }
            EXPECT_TRUE(price.covers(2000 * std::exp(drift / 365))) << price.text();
        }
    }
}

TEST(Prices, with_student_shocks_have_the_variance_and_the_joint_tails) {
    PriceParameters p = ten_of({.name = "WETH", .volatility = 0.8}, 288, day);
    p.degrees_of_freedom = 4;
    const PriceModel model = model_of(p);
    PricePath path;
    Sample square;
    int beyond_5 = 0;
    int both_beyond_5 = 0;
    const double sigma = 0.8 * std::sqrt(300 / seconds_per_year);
    constexpr int paths = 2000;
    for (std::uint32_t number = 0; number < paths; ++number) {
        model.generate(seed, number, path);
        for (std::size_t s = 0; s < 288; ++s) {
            const double a = std::log(path.price(s + 1, 0) / path.price(s, 0)) / sigma;
            const double b = std::log(path.price(s + 1, 1) / path.price(s, 1)) / sigma;
            square.add(a * a);
            beyond_5 += std::fabs(a) > 5 ? 1 : 0;
            both_beyond_5 += std::fabs(a) > 5 && std::fabs(b) > 5 ? 1 : 0;
        }
    }
    EXPECT_TRUE(square.covers(1)) << square.text();
    // P(|T| > 5·√2) = 0.0021108 for Student's t with ν = 4, variance 2; the normal has 6e-7.
    const double n = paths * 288;
    EXPECT_NEAR(beyond_5 / n, 0.0021108, 4 * std::sqrt(0.0021 / n));
    EXPECT_GT(both_beyond_5, 10 * n * 0.0021 * 0.0021);
}

TEST(Prices, forced_jump_strikes_every_path_once_by_beta_at_a_uniform_time) {
    PriceParameters p;
    p.assets = {{.name = "WETH", .start = 2000, .beta = 1},
                {.name = "WBTC", .start = 60'000, .beta = 0.8},
                {.name = "USDC"}};
    p.common_jump = {.mean = -0.135, .deviation = 0.045};
    p.forced_jumps = 1;
    const PriceModel model = model_of(p);
    PricePath path;
    Sample when;
    Sample size;
    for (std::uint32_t number = 0; number < 20'000; ++number) {
        model.generate(seed, number, path);
        std::size_t jumps = 0;
        for (std::size_t s = 0; s < 288; ++s) {
            if (path.price(s + 1, 0) == path.price(s, 0)) continue;
            ++jumps;
            when.add(static_cast<double>(s));
        }
        ASSERT_EQ(jumps, 1U);
        const double eth = std::log(path.price(288, 0) / 2000);
        ASSERT_NEAR(std::log(path.price(288, 1) / 60'000), 0.8 * eth, 1e-12);
        ASSERT_EQ(path.price(288, 2), 1);
        size.add(eth);
    }
    EXPECT_TRUE(when.covers(143.5)) << when.text();
    EXPECT_TRUE(size.covers(std::log(1 - 0.135))) << size.text();
    EXPECT_NEAR(std::sqrt(size.squares / size.n - size.mean() * size.mean()), 0.045, 0.001);
}

TEST(Prices, random_common_jumps_keep_the_mean_of_every_beta) {
    PriceParameters p;
    p.steps = 10;
    p.step_seconds = day;
    p.assets = {{.name = "WETH", .volatility = 0.5, .beta = 1},
                {.name = "CRV", .volatility = 0.5, .beta = 1.7}};
    p.common_jump = {.intensity = 30, .mean = -0.1, .deviation = 0.1};
    const PriceModel model = model_of(p);
    PricePath path;
    std::array<Sample, 2> price;
    for (std::uint32_t number = 0; number < 200'000; ++number) {
        model.generate(seed, number, path);
        for (std::size_t a = 0; a < 2; ++a)
            price[a].add(path.price(10, a));
    }
    EXPECT_TRUE(price[0].covers(1)) << price[0].text();
    EXPECT_TRUE(price[1].covers(1)) << price[1].text();
}

TEST(Prices, stable_asset_returns_to_its_level_and_spreads_as_its_stationary_law) {
    PriceParameters p;
    p.steps = 2000;
    p.assets = {{.name = "USDC", .start = 0.9, .volatility = 0, .half_life_hours = 1, .level = 1},
                {.name = "DAI", .volatility = 0.05, .half_life_hours = 2, .level = 1}};
    const PriceModel model = model_of(p);
    PricePath path;
    Sample late;
    for (std::uint32_t number = 0; number < 2000; ++number) {
        model.generate(seed, number, path);
        late.add(std::log(path.price(2000, 1)));
    }
    EXPECT_NEAR(std::log(path.price(12, 0)), 0.5 * std::log(0.9), 1e-12);
    EXPECT_NEAR(path.price(2000, 0), 1, 1e-12);
    EXPECT_TRUE(late.covers(0)) << late.text();
    // Stationary variance σ²/(2κ), κ = ln 2 / half-life.
    const double stationary = 0.05 * 0.05 / (2 * std::log(2) / (2.0 / 24 / 365));
    EXPECT_NEAR(late.squares / late.n / stationary, 1, 0.12);
}

TEST(Prices, pegged_asset_follows_its_base_within_its_own_noise) {
    PriceParameters p;
    p.assets = {
        {.name = "wstETH", .start = 3300, .volatility = 0.02, .half_life_hours = 6, .base = 1},
        {.name = "WETH", .start = 2762, .volatility = 0.8, .beta = 1},
        {.name = "2xETH", .start = 10, .base = 1, .exposure = 2}};
    p.common_jump.mean = -0.2;
    p.forced_jumps = 1;
    const PriceModel model = model_of(p);
    PricePath path;
    double widest = 0;
    for (std::uint32_t number = 0; number < 200; ++number) {
        model.generate(seed, number, path);
        for (std::size_t s = 0; s <= 288; ++s) {
            const double base = path.price(s, 1) / 2762;
            widest = std::max(widest, std::fabs(std::log(path.price(s, 0) / 3300 / base)));
            ASSERT_NEAR(path.price(s, 2) / (10 * base * base), 1, 1e-12);
        }
    }
    EXPECT_GT(widest, 0.0005);
    EXPECT_LT(widest, 0.005);  // stationary deviation 0.02·√(6 h / (2 ln 2)) = 0.00044
}

TEST(Prices, path_replays_alone_and_into_a_used_buffer) {
    PriceParameters p =
        ten_of({.name = "WETH", .volatility = 0.8, .beta = 1, .jump = {20, -0.1, 0.1}}, 288, day);
    p.common_jump = {.intensity = 100, .mean = -0.1, .deviation = 0.05};
    p.degrees_of_freedom = 4;
    const PriceModel model = model_of(p);
    const PriceModel other = model_of(ten_of({.name = "x", .volatility = 1}, 400, day));
    PricePath fresh;
    PricePath used;
    model.generate(seed, 99, fresh);
    for (std::uint32_t number = 90; number < 99; ++number) {
        other.generate(seed, number, used);
        model.generate(seed, number, used);
    }
    model.generate(seed, 99, used);
    EXPECT_TRUE(std::ranges::equal(fresh.matrix(), used.matrix()));
    EXPECT_EQ(fresh.matrix().size(), 289U * 10U);
    for (std::size_t a = 0; a < 10; ++a)
        EXPECT_EQ(fresh.price(0, a), 1);
    model.generate(seed + 1, 99, used);
    EXPECT_FALSE(std::ranges::equal(fresh.matrix(), used.matrix()));
}

TEST(Prices, refuse_parameters_that_cannot_be_and_say_which) {
    const auto fault = [](auto change) {
        PriceParameters p;
        p.assets = {{.name = "WETH", .volatility = 0.8}, {.name = "WBTC", .volatility = 0.6}};
        p.correlation = {1, 0.8, 0.8, 1};
        change(p);
        const auto model = PriceModel::create(p);
        return model ? std::string("accepted") : model.error();
    };
    using P = PriceParameters;
    EXPECT_EQ(fault([](P&) {}), "accepted");
    EXPECT_EQ(fault([](P& p) { p.assets.clear(); }), "prices: no assets");
    EXPECT_EQ(fault([](P& p) { p.assets[1].start = 0; }),
              "prices of WBTC: start price must be positive");
    EXPECT_EQ(fault([](P& p) { p.assets[0].volatility = std::nan(""); }),
              "prices of WETH: volatility out of range");
    EXPECT_EQ(fault([](P& p) { p.assets[0].base = 2; }), "prices of WETH: no such base");
    EXPECT_EQ(fault([](P& p) { p.assets[0].base = 0; }),
              "prices of WETH: the base follows another asset itself");
    EXPECT_EQ(fault([](P& p) { p.assets[0].history = 0; }), "prices of WETH: no such history");
    EXPECT_EQ(fault([](P& p) { p.common_jump.mean = -1; }),
              "prices: common jump mean must be a relative move above -1");
    EXPECT_EQ(fault([](P& p) { p.degrees_of_freedom = 2; }),
              "prices: degrees of freedom must be 0 (normal) or within [2.01, 1000]");
    EXPECT_EQ(fault([](P& p) { p.steps = 0; }), "prices: number of steps out of range");
    EXPECT_EQ(fault([](P& p) { p.correlation.pop_back(); }),
              "correlation matrix: 3 entries, expected 4");
    EXPECT_EQ(fault([](P& p) { p.correlation[1] = 0.7; }),
              "correlation matrix, row 0: not symmetric");
    EXPECT_EQ(fault([](P& p) {
                  p.correlation = {1, 1.2, 1.2, 1};
              }),
              "correlation matrix, row 0: not within [-1, 1]");
}

TEST(Cholesky, multiplies_back_and_takes_perfect_correlation) {
    const std::vector<double> matrix = {1,   0.9, 1,   0.9, 1,
                                        0.9, 1,   0.9, 1};  // rows 0 and 2 are one asset
    const auto lower = cholesky(matrix, 3);
    ASSERT_TRUE(lower) << lower.error();
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 3; ++j) {
            double sum = 0;
            for (std::size_t k = 0; k < 3; ++k)
                sum += (*lower)[3 * i + k] * (*lower)[3 * j + k];
            EXPECT_NEAR(sum, matrix[3 * i + j], 1e-12);
        }
    }
    // A and B move as one, B and C do too, A and C apart: impossible.
    EXPECT_EQ(cholesky(std::vector<double>{1, 0.99, 0, 0.99, 1, 0.99, 0, 0.99, 1}, 3).error(),
              "correlation matrix, row 2: contradicts the rows above (not positive semidefinite)");
    EXPECT_EQ(cholesky(std::vector<double>{1, 1, 0, 1, 1, 0.5, 0, 0.5, 1}, 3).error(),
              "correlation matrix, row 2: contradicts the rows above (not positive semidefinite)");
}

TEST(BridgeMinimum, has_the_distribution_of_the_closed_form) {
    // P(min ≤ m) = exp(−2 (x − m)(y − m) / v), inverted exactly.
    for (const double u : {1e-15, 0.01, 0.3, 0.99}) {
        const double m = bridge_minimum(0.2, -0.1, 0.04, u);
        EXPECT_LE(m, -0.1);
        EXPECT_NEAR(std::exp(-2 * (0.2 - m) * (-0.1 - m) / 0.04) / u, 1, 1e-12);
        EXPECT_EQ(m, bridge_minimum(-0.1, 0.2, 0.04, u));
    }
    EXPECT_NEAR(bridge_minimum(0.2, -0.1, 0, 0.5), -0.1, 1e-15);
}

}  // namespace
}  // namespace breakwater
