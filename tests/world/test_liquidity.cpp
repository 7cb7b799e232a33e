// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/world/liquidity.hpp"
#include "tests/world/closed_forms.hpp"

namespace breakwater {
namespace {

constexpr AssetId weth{0};
constexpr AssetId usdc{1};
constexpr double depth = 30e6;

Liquidity make(ImpactLaw law, double own_share = 1, double depth_factor = 1) {
    const std::vector<LiquidityParameters> assets = {
        {.depth_2pct = depth, .recovery_minutes = 20, .own_share = own_share},
        {.depth_2pct = 10 * depth, .recovery_minutes = 5, .own_share = own_share},
    };
    return Liquidity(assets, {.depth_factor = depth_factor, .law = law});
}

class LiquidityOfAnyLaw : public testing::TestWithParam<ImpactLaw> {};
INSTANTIATE_TEST_SUITE_P(Both, LiquidityOfAnyLaw,
                         testing::Values(ImpactLaw::linear, ImpactLaw::square_root));

TEST_P(LiquidityOfAnyLaw, depth_is_what_moves_the_price_by_two_percent) {
    Liquidity book = make(GetParam());
    book.sell(weth, depth);
    EXPECT_NEAR(book.price_factor(weth), 0.98, 1e-15);
    EXPECT_EQ(book.price_factor(usdc), 1);
    Liquidity stressed = make(GetParam(), 1, 0.5);
    stressed.sell(weth, depth / 2);
    EXPECT_NEAR(stressed.price_factor(weth), 0.98, 1e-15);
    Liquidity bought = make(GetParam());
    bought.buy(usdc, 10 * depth);
    EXPECT_NEAR(bought.price_factor(usdc), 1 / 0.98, 1e-15);
}

TEST_P(LiquidityOfAnyLaw, average_price_is_the_mean_over_many_small_trades) {
    for (const double usd : {1e3, 1e6, 30e6, 400e6}) {
        for (const double before : {-50e6, 0.0, 7e6, 200e6}) {
            Liquidity book = make(GetParam());
            before < 0 ? book.sell(weth, -before) : book.buy(weth, before);
            const double quoted = book.quote_sell(weth, usd);
            // Tokens are what counts: each of n parts is worth less than the last at the price it finds.
            constexpr int parts = 2000;
            const double tokens_value = usd / parts / book.price_factor(weth);
            double proceeds = 0;
            for (int i = 0; i < parts; ++i) {
                const double value = tokens_value * book.price_factor(weth);
                const double after_part = book.sell(weth, value);
                proceeds += value * after_part;
            }
            EXPECT_NEAR(proceeds / usd / quoted, 1, 2e-12) << usd << " after " << before;
            EXPECT_GT(quoted, 0);
            EXPECT_LT(quoted, 1);
        }
    }
}

TEST(Liquidity, square_root_law_is_the_cost_of_two_thirds_of_the_peak_for_small_sales) {
    const Liquidity book = make(ImpactLaw::square_root);
    for (const double part : {1e-2, 1e-4, 1e-8}) {
        const double peak = book.marginal_slippage_at(weth, part * depth);
        EXPECT_NEAR(peak, 0.0202027 * std::sqrt(part), 0.02 * peak);
        EXPECT_NEAR(book.slippage_at(weth, part * depth) / peak, 2.0 / 3.0,
                    1e-2 * std::sqrt(part) + 1e-9);
    }
    const Liquidity linear = make(ImpactLaw::linear);
    EXPECT_NEAR(linear.slippage_at(weth, 3e5) / linear.marginal_slippage_at(weth, 3e5), 0.5, 1e-4);
}

TEST_P(LiquidityOfAnyLaw, half_life_is_that_of_the_log_displacement) {
    Liquidity book = make(GetParam());
    book.sell(weth, 3 * depth);
    double expected = std::log(book.price_factor(weth));
    for (int k = 0; k < 4; ++k) {
        for (int i = 0; i < 4; ++i)
            book.decay(300);
        expected /= 2;
        EXPECT_NEAR(std::log(book.price_factor(weth)) / expected, 1, 1e-12);
    }
    for (int i = 0; i < 400; ++i)
        book.decay(300);
    EXPECT_EQ(book.price_factor(weth), 1) << "a displacement of no account is forgotten";
}

TEST_P(LiquidityOfAnyLaw, no_round_trip_makes_money) {
    constexpr unsigned seed = 20'241'010;
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> amount(-60e6, 60e6);
    std::uniform_real_distribution<double> pause(0, 1500);
    for (int trip = 0; trip < 2000; ++trip) {
        Liquidity book = make(GetParam(), trip % 2 == 0 ? 1 : 0.2);
        double tokens = 0;  // at the exogenous price of 1 USD
        double cash = 0;
        const int trades = 2 + trip % 5;
        double traded = 0;
        for (int i = 0; i <= trades; ++i) {
            const double bought = i < trades ? amount(random) : -tokens;
            const double value = std::fabs(bought) * book.price_factor(weth);
            cash += bought < 0 ? value * book.sell(weth, value) : -value * book.buy(weth, value);
            tokens += bought;
            traded += value;
            book.decay(trip % 3 == 0 ? 0 : pause(random));
        }
        ASSERT_LE(cash, 1e-12 * traded) << "seed " << seed << " trip " << trip;
        if (trip % 3 == 0) {
            ASSERT_GE(cash, -1e-12 * traded) << "without a pause it costs nothing either";
        }
    }
}

TEST_P(LiquidityOfAnyLaw, more_sold_is_a_lower_price_and_an_order_cannot_be_cheated_by_splitting) {
    Liquidity book = make(GetParam());
    double last = 1;
    for (double usd = 1; usd < 1e13; usd *= 3) {
        const double average = book.quote_sell(weth, usd);
        ASSERT_LE(average, last);
        ASSERT_GE(average, 0);
        ASSERT_TRUE(std::isfinite(book.quote_buy(weth, usd)));
        ASSERT_GE(book.quote_buy(weth, usd), 1);
        last = average;
    }
    book.sell(weth, 1e15);
    EXPECT_NEAR(book.price_factor(weth), std::exp(-10), 1e-18) << "the stated floor";
    book.buy(weth, 1e15);
    EXPECT_NEAR(book.price_factor(weth), std::exp(10), 1e-10) << "the stated ceiling";
    book.reset();
    EXPECT_EQ(book.price_factor(weth), 1);
}

TEST_P(LiquidityOfAnyLaw, own_share_makes_the_others_sell_with_us) {
    Liquidity alone = make(GetParam(), 1);
    Liquidity crowd = make(GetParam(), 0.2);
    EXPECT_NEAR(crowd.quote_sell(weth, 1e6), alone.quote_sell(weth, 5e6), 1e-15);
    crowd.sell(weth, 1e6);
    alone.sell(weth, 5e6);
    EXPECT_NEAR(crowd.price_factor(weth), alone.price_factor(weth), 1e-15);
}

TEST_P(LiquidityOfAnyLaw, capacity_is_the_inverse_of_slippage) {
    Liquidity book = make(GetParam(), 0.5);
    for (int i = 0; i < 2; ++i) {
        for (const double bound : {0.001, 0.02, 0.05, 0.15}) {
            const double usd = book.capacity(weth, bound);
            EXPECT_NEAR(book.slippage_at(weth, usd), bound, 1e-10);
            const double marginal = book.marginal_capacity(weth, bound);
            EXPECT_NEAR(book.marginal_slippage_at(weth, marginal), bound, 1e-10);
            EXPECT_LT(marginal, usd);
        }
        book.sell(weth, 20e6);
    }
    book.reset();
    EXPECT_NEAR(book.marginal_capacity(weth, 0.02), depth * 0.5, 1e-3);
    EXPECT_NEAR(book.capacity(weth, 0), 0, 1e-6) << "up to where a slippage rounds to 0";
}

TEST(Liquidity, depth_shrinks_with_volatility_and_moves_no_price_by_itself) {
    const std::vector<LiquidityParameters> assets = {{.depth_2pct = depth}};
    Liquidity book(assets, {.depth_exponent = 2, .law = ImpactLaw::linear});
    book.sell(weth, depth);
    book.set_volatility(weth, 3);
    EXPECT_NEAR(book.price_factor(weth), 0.98, 1e-15);
    Liquidity thin(assets, {.depth_factor = 1.0 / 9, .law = ImpactLaw::linear});
    EXPECT_NEAR(book.slippage_at(weth, 1e6), thin.slippage_at(weth, 1e6 / 0.98), 1e-12);
    book.set_volatility(weth, 0.1);
    EXPECT_NEAR(book.slippage_at(weth, 0.98 * 1e6),
                Liquidity(assets, {.law = ImpactLaw::linear}).slippage_at(weth, 1e6), 1e-12)
        << "calm makes no more depth than was measured";
    book.set_volatility(weth, 1e6);
    EXPECT_NEAR(book.slippage_at(weth, 0.98 * 1e4),
                Liquidity(assets, {.law = ImpactLaw::linear}).slippage_at(weth, 150e4), 1e-12);
}

TEST(Liquidity, switched_off_moves_nothing) {
    const std::vector<LiquidityParameters> assets = {{.depth_2pct = 1}};
    Liquidity book(assets, {.enabled = false});
    EXPECT_EQ(book.sell(weth, 1e9), 1);
    EXPECT_EQ(book.buy(weth, 2e9), 1);
    EXPECT_EQ(book.price_factor(weth), 1);
    EXPECT_TRUE(std::isinf(book.capacity(weth, 0.01)));
}

TEST(Liquidity, uniswap_v2_gives_the_integers_of_the_contract) {
    CLOSED_FORMS_OR_SKIP(rows, "V11_uniswap_v2");
    const auto integer = [](const nlohmann::json& v) {
        return static_cast<uint128>(v.get<double>());
    };
    ASSERT_EQ(rows.size(), 3U);
    for (const auto& row : rows) {
        const auto out = uniswap_v2_out(integer(row["x"]), integer(row["y"]), integer(row["dx"]));
        ASSERT_TRUE(out.has_value());
        EXPECT_TRUE(*out == integer(row["out"])) << row;
    }
    const uint128 limit = uint128{1} << 112U;
    EXPECT_TRUE(uniswap_v2_out(limit, limit, limit) == limit * 997 / 1997);
    EXPECT_FALSE(uniswap_v2_out(limit + 1, limit, 1).has_value());
    EXPECT_FALSE(uniswap_v2_out(0, 1, 1).has_value());
}

TEST(Liquidity, uniswap_v3_gives_the_output_within_a_range) {
    CLOSED_FORMS_OR_SKIP(rows, "V11_v3_in_range");
    ASSERT_EQ(rows.size(), 3U);
    for (const auto& row : rows) {
        const RangeSwap swap =
            uniswap_v3_out(row["L"], std::sqrt(row["P0"].get<double>()), row["dx"], 0);
        EXPECT_NEAR(swap.root_price_after / row["sqrtP1"].get<double>(), 1, 1e-15);
        // The vector took the difference of two roots and lost three digits of its own.
        EXPECT_NEAR(swap.out / row["out"].get<double>(), 1, 1e-11);
    }
}

TEST(Liquidity, pool_depth_is_what_moves_the_pool_by_two_percent) {
    // 1,000 ETH and 2,000,000 USDC: sell the depth, without the fee, and look at y/x.
    const double tokens = uniswap_v2_depth_2pct(2e6) / 2000;
    EXPECT_NEAR((1e3 * 2e6 / (1e3 + tokens)) / (1e3 + tokens) / 2000, 0.98, 1e-14);
    const double l = 1e6;
    const double sold = uniswap_v3_depth_2pct(l, std::sqrt(2000.0), 1) / 2000;
    const double after = uniswap_v3_out(l, std::sqrt(2000.0), sold, 0).root_price_after;
    EXPECT_NEAR(after * after / 2000, 0.98, 1e-14);
}

}  // namespace
}  // namespace breakwater
