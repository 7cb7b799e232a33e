// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/world/keepers.hpp"

namespace breakwater {
namespace {

constexpr AssetId weth{0};
constexpr AssetId usdc{1};

Liquidity book(ImpactLaw law = ImpactLaw::linear, double depth = 30e6) {
    const std::vector<LiquidityParameters> assets = {{.depth_2pct = depth},
                                                     {.depth_2pct = 10 * depth}};
    return Liquidity(assets, {.law = law});
}

KeeperQuote quote(double repay, double bonus = 0.05, double gas = 20) {
    return {.route = {.from = weth, .from_root = weth, .to_root = usdc, .to = usdc},
            .repay_usd = repay,
            .seize_usd = repay * (1 + bonus),
            .gas_cost_usd = gas};
}

double profit_at(const KeeperQuote& q, const Liquidity& liquidity, double fraction) {
    const double seize = q.seize_usd * fraction;
    const double repay = q.repay_usd * fraction;
    return seize * liquidity.quote_sell(q.route.from, seize) -
           repay * liquidity.quote_buy(q.route.to, repay) - q.gas_cost_usd;
}

class KeepersUnderAnyLaw : public testing::TestWithParam<ImpactLaw> {};
INSTANTIATE_TEST_SUITE_P(Both, KeepersUnderAnyLaw,
                         testing::Values(ImpactLaw::linear, ImpactLaw::square_root));

TEST(Keepers, profit_is_the_incentive_less_both_legs_gas_and_capital) {
    const Liquidity liquidity = book();
    KeeperParameters parameters;
    parameters.capital_rate = 0.1;
    parameters.risk_sigmas = 2;
    parameters.recapture = 0.3;
    Keepers keepers(parameters, 300);
    KeeperQuote q = quote(100'000);
    q.volatility = 0.8;
    const KeeperDecision decision = keepers.decide(q, liquidity);
    ASSERT_TRUE(decision.accepted());
    EXPECT_EQ(decision.fraction, 1);
    EXPECT_EQ(decision.limited_by, Refusal::none);
    const double years = 1200.0 / (365 * 86'400);
    const double charges = 0.3 * 5000 + 100'000 * (0.1 * years + 2 * 0.8 * std::sqrt(years));
    EXPECT_NEAR(decision.profit_usd, profit_at(q, liquidity, 1) - charges, 1e-8);
    EXPECT_NEAR(decision.spend_usd, 100'000 * liquidity.quote_buy(usdc, 100'000), 1e-8);
}

TEST(Keepers, least_profit_is_the_line_between_yes_and_no) {
    const Liquidity liquidity = book();
    Keepers keepers(KeeperParameters{}, 300);
    const double before_gas = profit_at(quote(5'000, 0.05, 0), liquidity, 1);
    EXPECT_TRUE(keepers.decide(quote(5'000, 0.05, before_gas - 10.001), liquidity).accepted());
    const KeeperDecision no = keepers.decide(quote(5'000, 0.05, before_gas - 9.999), liquidity);
    EXPECT_EQ(no.refusal, Refusal::unprofitable);
    EXPECT_NEAR(no.profit_usd, 9.999, 1e-6);
    EXPECT_EQ(no.spend_usd, 0);
    EXPECT_EQ(keepers.decide(quote(1e6, -0.01, 0), liquidity).refusal, Refusal::unprofitable);
}

TEST_P(KeepersUnderAnyLaw, best_part_is_near_the_best_of_all_parts) {
    Keepers keepers({.capital_usd = 1e12}, 300);
    for (const double displaced : {0.0, 10e6}) {
        Liquidity liquidity = book(GetParam());
        liquidity.sell(weth, displaced);
        for (const double repay : {1e5, 1e6, 1e7, 5e7, 2e8}) {
            const KeeperQuote q = quote(repay, 0.02);
            double best = 0;
            for (int i = 1; i <= 2000; ++i)
                best = std::max(best, profit_at(q, liquidity, i / 2000.0));
            const KeeperDecision decision = keepers.decide(q, liquidity);
            ASSERT_TRUE(decision.accepted()) << repay;
            EXPECT_NEAR(decision.profit_usd, profit_at(q, liquidity, decision.fraction), 1e-6);
            // Exact without displacement to first order; a displaced square-root book is closer to a linear one.
            EXPECT_GT(decision.profit_usd, (displaced > 0 ? 0.80 : 0.98) * best) << repay;
            EXPECT_EQ(decision.limited_by,
                      decision.fraction < 1 ? Refusal::unprofitable : Refusal::none);
        }
    }
}

TEST_P(KeepersUnderAnyLaw, profit_falls_with_gas_and_grows_with_bonus_and_size) {
    constexpr unsigned seed = 4;
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> u(0, 1);
    Keepers keepers({.capital_usd = 1e12}, 300);
    for (int i = 0; i < 5000; ++i) {
        Liquidity liquidity = book(GetParam());
        const double repay = std::exp(6 + 13 * u(random));
        const double bonus = 0.15 * u(random);
        const double gas = 500 * u(random);
        const auto profit = [&](double r, double b, double g) {
            const KeeperDecision d = keepers.decide(quote(r, b, g), liquidity);
            return d.accepted() ? d.profit_usd : 0;
        };
        const double here = profit(repay, bonus, gas);
        // The size is a closed form, first order in the impact: a hundredth is its tolerance.
        const double slack = 0.01 * here + 1e-6;
        ASSERT_LE(profit(repay, bonus, gas * 1.1), here + slack)
            << "seed " << seed << " case " << i;
        ASSERT_GE(profit(repay, bonus * 1.1, gas), here - slack)
            << "seed " << seed << " case " << i;
        ASSERT_GE(profit(repay * 1.1, bonus, gas), here - slack)
            << "seed " << seed << " case " << i;
    }
}

TEST(Keepers, capital_spent_comes_back_after_the_recycle_time_and_none_is_lost) {
    const Liquidity liquidity = book(ImpactLaw::linear, 1e15);
    Keepers keepers({.count = 3, .capital_usd = 1e6, .recycle_minutes = 20}, 300);
    constexpr double all = 3e6;
    const KeeperQuote q = quote(1e6);
    for (int i = 0; i < 3; ++i) {
        const KeeperDecision decision = keepers.decide(q, liquidity);
        ASSERT_TRUE(decision.accepted());
        EXPECT_NEAR(decision.fraction, 1, 1e-6);
        keepers.record(decision, q);
        EXPECT_NEAR(keepers.free_usd() + keepers.away_usd(), all, 1e-6);
    }
    EXPECT_NEAR(keepers.away_usd(), all, 1);
    EXPECT_EQ(keepers.decide(quote(1e5), liquidity).refusal, Refusal::no_capital);
    for (int step = 1; step <= 4; ++step) {
        EXPECT_NEAR(keepers.away_usd(), all, 1) << "after " << 300 * (step - 1) << " s";
        keepers.step(300 * step);
    }
    EXPECT_EQ(keepers.away_usd(), 0);
    EXPECT_NEAR(keepers.free_usd(), all, 1e-6);
    EXPECT_TRUE(keepers.decide(q, liquidity).accepted());
}

TEST(Keepers, capital_is_conserved_in_any_order_of_events) {
    constexpr unsigned seed = 99;
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> u(0, 1);
    const Liquidity liquidity = book();
    Keepers keepers({.count = 5, .capital_usd = 2e6, .recycle_minutes = 7, .recycle_factor = 3},
                    12);
    for (int step = 1; step < 3000; ++step) {
        keepers.step(12 * step);
        for (int i = 0; i < 3; ++i) {
            const KeeperQuote q = quote(std::exp(8 + 6 * u(random)));
            const KeeperDecision d = keepers.decide(q, liquidity);
            keepers.record(d, q);
            ASSERT_GE(keepers.free_usd(), 0);
        }
        ASSERT_NEAR(keepers.free_usd() + keepers.away_usd(), 10e6, 1e-4) << "seed " << seed;
    }
    EXPECT_GT(keepers.tally(Refusal::no_capital).usd, 0);
    keepers.reset({});
    EXPECT_EQ(keepers.free_usd(), 10e6);
    EXPECT_EQ(keepers.accepted(), 0U);
    EXPECT_EQ(keepers.tally(Refusal::no_capital).count, 0U);
}

TEST(Keepers, too_little_capital_or_cash_cuts_the_size_and_is_counted) {
    const Liquidity liquidity = book(ImpactLaw::linear, 1e12);
    Keepers keepers({.count = 2, .capital_usd = 4e5}, 300);
    KeeperQuote q = quote(1e6);
    KeeperDecision d = keepers.decide(q, liquidity);
    ASSERT_TRUE(d.accepted());
    EXPECT_EQ(d.limited_by, Refusal::no_capital);
    EXPECT_NEAR(d.fraction, 0.4, 1e-6);
    EXPECT_LE(d.spend_usd, 4e5);
    keepers.record(d, q);
    EXPECT_NEAR(keepers.tally(Refusal::no_capital).usd, 6e5, 1);
    EXPECT_EQ(keepers.tally(Refusal::no_capital).count, 0U) << "part of it was done";

    q.cash_usd = 105'000;
    d = keepers.decide(q, liquidity);
    EXPECT_EQ(d.limited_by, Refusal::no_cash);
    EXPECT_NEAR(d.fraction, 0.1, 1e-12);
    q.cash_usd = 100;  // pays less than the gas
    EXPECT_EQ(keepers.decide(q, liquidity).refusal, Refusal::no_cash);
    q.cash_usd = 0;
    EXPECT_EQ(keepers.decide(q, liquidity).refusal, Refusal::no_cash);
    keepers.record(keepers.decide(q, liquidity), q);
    EXPECT_EQ(keepers.tally(Refusal::no_cash).count, 1U);
    EXPECT_EQ(keepers.tally(Refusal::no_cash).usd, 1e6);
}

TEST(Keepers, all_or_nothing_is_respected) {
    const Liquidity liquidity = book();
    Keepers keepers({.capital_usd = 4e5}, 300);
    KeeperQuote q = quote(1e6);
    q.fraction_min = 1;
    EXPECT_EQ(keepers.decide(q, liquidity).refusal, Refusal::no_capital);
    Keepers rich({.capital_usd = 1e9}, 300);
    EXPECT_EQ(rich.decide(q, liquidity).fraction, 1);
    q = quote(2e8);
    EXPECT_LT(rich.decide(q, liquidity).fraction, 1);
    q.fraction_min = 1;
    EXPECT_EQ(rich.decide(q, liquidity).refusal, Refusal::unprofitable)
        << "the whole moves the price too far";
}

TEST(Keepers, reasons_come_in_their_order) {
    const Liquidity liquidity = book();
    Keepers keepers({.capital_usd = 0, .outage = 0.5}, 300);
    KeeperQuote q = quote(1e5, -0.5);
    q.gas_available = 499'999;
    q.cash_usd = 0;
    keepers.reset({.outage = 0.4});
    EXPECT_EQ(keepers.decide(q, liquidity).refusal, Refusal::outage);
    keepers.reset({.outage = 0.6});
    EXPECT_EQ(keepers.decide(q, liquidity).refusal, Refusal::no_block_space);
    q.gas_available = 500'000;
    EXPECT_EQ(keepers.decide(q, liquidity).refusal, Refusal::unprofitable);
    q.seize_usd = 1.1e5;
    EXPECT_EQ(keepers.decide(q, liquidity).refusal, Refusal::no_cash);
    q.cash_usd = 1e9;
    EXPECT_EQ(keepers.decide(q, liquidity).refusal, Refusal::no_capital);
    EXPECT_STREQ(to_string(Refusal::no_capital), "no_capital");
    EXPECT_STREQ(to_string(Refusal::outage), "outage");
}

TEST(Keepers, common_outage_lasts_its_window) {
    Keepers keepers({.outage = 1, .outage_minutes = 60}, 300);
    keepers.reset({.outage = 0.99, .outage_start_seconds = 3600});
    for (int step = 0; step < 48; ++step) {
        const double now = 300 * step;
        if (step > 0) keepers.step(now);
        ASSERT_EQ(keepers.any_up(), now < 3600 || now >= 7200) << now;
    }
}

TEST(Keepers, probability_that_nobody_comes_is_the_closed_form) {
    constexpr unsigned seed = 2020;
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> u(0, 1);
    struct Case {
        double q, p;
        std::uint32_t n;
    };
    for (const Case& c :
         {Case{0.3, 0.5, 2}, Case{0, 0.4, 3}, Case{0.05, 0.9, 1}, Case{0.5, 0, 4}}) {
        Keepers keepers({.count = c.n, .outage = c.q, .up_probability = c.p}, 300);
        std::vector<double> up(c.n);
        int none = 0;
        constexpr int paths = 100'000;
        for (int i = 0; i < paths; ++i) {
            for (double& draw : up)
                draw = u(random);
            keepers.reset({.outage = u(random), .outage_start_seconds = 0, .up = up});
            keepers.step(300);
            none += keepers.any_up() ? 0 : 1;
        }
        const double expected = c.q + (1 - c.q) * std::pow(1 - c.p, c.n);
        const double error = std::sqrt(expected * (1 - expected) / paths);
        EXPECT_NEAR(none / static_cast<double>(paths), expected, 4 * error + 1e-12)
            << "seed " << seed;
    }
}

TEST(Keepers, a_keeper_that_is_down_does_not_lend_its_capital) {
    const Liquidity liquidity = book(ImpactLaw::linear, 1e12);
    Keepers keepers({.count = 3, .capital_usd = 1e6, .up_probability = 0.5}, 300);
    keepers.reset({.up = std::vector{0.6, 0.4, 0.7}});
    EXPECT_EQ(keepers.free_usd(), 1e6);
    const KeeperDecision d = keepers.decide(quote(5e5), liquidity);
    EXPECT_EQ(d.keeper, 1U);
}

TEST(Keepers, switched_off_has_no_outage_and_no_end_of_capital_but_still_wants_profit) {
    const Liquidity liquidity = book(ImpactLaw::linear, 1e15);
    Keepers keepers({.count = 0, .capital_usd = 0, .outage = 1, .enabled = false}, 300);
    keepers.reset({.outage = 0});
    for (int i = 0; i < 100; ++i) {
        const KeeperQuote q = quote(1e9);
        const KeeperDecision d = keepers.decide(q, liquidity);
        ASSERT_TRUE(d.accepted());
        ASSERT_EQ(d.fraction, 1);
        keepers.record(d, q);
    }
    EXPECT_EQ(keepers.decide(quote(100), liquidity).refusal, Refusal::unprofitable);
}

}  // namespace
}  // namespace breakwater
