// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "breakwater/world/chain.hpp"
#include "tests/world/closed_forms.hpp"

namespace breakwater {
namespace {

constexpr double calm = 1;  // [σ] an ordinary step

ChainParameters quiet() {
    ChainParameters parameters;
    parameters.noise = 0;
    return parameters;
}

TEST(Chain, base_fee_follows_eip_1559_to_the_wei) {
    CLOSED_FORMS_OR_SKIP(rows, "V10_eip1559");
    std::size_t checked = 0;
    for (const auto& row : rows) {
        if (row.contains("note")) {
            std::uint64_t fee = 1'000'000'000;
            for (int block = 0; block < 60; ++block)
                fee = next_base_fee(fee, 30'000'000, 30'000'000);
            EXPECT_EQ(fee, row["base"].get<std::uint64_t>());
        } else {
            EXPECT_EQ(next_base_fee(row["parent_base"], row["used"], row["limit"]), row["next"])
                << row;
        }
        ++checked;
    }
    EXPECT_EQ(checked, 7U);
}

TEST(Chain, base_fee_rises_by_at_least_one_wei_above_the_target_and_may_stay_below_it) {
    EXPECT_EQ(next_base_fee(0, 15'000'001, 30'000'000), 1U);
    EXPECT_EQ(next_base_fee(7, 0, 30'000'000), 7U);
    // Products beyond 64 bits: 10^13 wei × 3·10^7 gas.
    EXPECT_EQ(next_base_fee(10'000'000'000'000, 60'000'000, 60'000'000), 11'250'000'000'000U);
}

TEST(Chain, blocks_of_a_step_follow_the_integer_rule_with_the_same_demand) {
    ChainParameters parameters = quiet();
    parameters.congestion = 20;
    Chain chain(parameters, 12);
    std::uint64_t fee = 20'000'000'000;
    for (int block = 0; block < 400; ++block) {
        chain.step(block % 90 == 3 ? 3.5 : calm, 0);
        const double wanted = 15e6 * chain.demand() * 20e9 / static_cast<double>(fee);
        const auto used = static_cast<std::uint64_t>(std::min(wanted, 30e6));
        fee = next_base_fee(fee, used, 30'000'000);
        ASSERT_NEAR(chain.base_fee_gwei() * 1e9 / static_cast<double>(fee), 1, 1e-7)
            << "block " << block;
    }
}

TEST(Chain, a_coarse_step_is_its_blocks_with_the_demand_held) {
    ChainParameters parameters = quiet();
    parameters.congestion = 6;
    Chain chain(parameters, 300);
    chain.step(4, 0);
    EXPECT_NEAR(chain.demand(), 6, 1e-12);
    // × 9/8 while demand is over twice the target at the going fee, then to the fair fee of 120 gwei.
    double fee = 20;
    double sum = 0;
    for (int block = 0; block < 25; ++block) {
        sum += fee;
        fee *= 1 + std::min(120 / fee - 1, 1.0) / 8;
    }
    EXPECT_NEAR(chain.base_fee_gwei(), fee, 1e-10);
    EXPECT_NEAR(chain.gas_price_gwei(), sum / 25 + 2, 1e-10);
    EXPECT_NEAR(chain.gas_cost_usd(500'000, 2000), 500'000 * (sum / 25 + 2) * 1e-9 * 2000, 1e-9);
}

TEST(Chain, normal_times_keep_the_normal_fee_and_the_keepers_share) {
    Chain chain(quiet(), 300);
    for (int i = 0; i < 288; ++i)
        chain.step(calm, 0);
    EXPECT_DOUBLE_EQ(chain.base_fee_gwei(), 20);
    EXPECT_NEAR(chain.gas_available(), 25 * 30e6 * 0.15, 1e-3);
    EXPECT_EQ(chain.delay_seconds(), 0);
    int fitted = 0;
    while (chain.include(500'000))
        ++fitted;
    EXPECT_EQ(fitted, 225);
    EXPECT_FALSE(chain.include(500'000)) << "a refusal takes nothing";
    EXPECT_LT(chain.gas_available(), 500'000);
}

TEST(Chain, congestion_raises_the_fee_and_the_wait_and_takes_space_and_then_ebbs) {
    ChainParameters parameters = quiet();
    parameters.congestion = 30;
    Chain chain(parameters, 300);
    double fee = 20;
    double space = 1e300;
    for (const double sigmas : {1.0, 1.5, 2.0, 3.0, 4.0}) {
        chain.reset();
        chain.step(sigmas, 0);
        EXPECT_GT(chain.base_fee_gwei(), sigmas > 1 ? fee : 0);
        EXPECT_LE(chain.gas_available(), space);
        fee = chain.base_fee_gwei();
        space = chain.gas_available();
    }
    EXPECT_LT(space, 0.8 * 25 * 30e6 * 0.15);
    EXPECT_GT(chain.delay_seconds(), 12);
    for (int i = 0; i < 6; ++i)
        chain.step(calm, 0);
    EXPECT_NEAR(std::log(chain.demand()), std::log(30) / 2, 1e-12) << "half-life of 30 minutes";
    for (int i = 0; i < 288; ++i)
        chain.step(calm, 0);
    EXPECT_NEAR(chain.base_fee_gwei(), 20, 0.01);
}

TEST(Chain, gas_stays_bounded_whatever_happens) {
    ChainParameters parameters;
    parameters.congestion = 1e6;
    Chain chain(parameters, 300);
    for (int i = 0; i < 50; ++i)
        chain.step(100, 8);
    EXPECT_EQ(chain.base_fee_gwei(), 3000);
    EXPECT_GT(chain.gas_available(), 0);
    EXPECT_LE(chain.delay_seconds(), 9 * 12 + 1e-9);
}

TEST(Chain, noise_of_demand_has_its_stationary_deviation) {
    constexpr unsigned seed = 7;
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    Chain chain(ChainParameters{}, 300);
    double sum = 0;
    double squares = 0;
    constexpr int steps = 200'000;
    for (int i = 0; i < steps; ++i) {
        chain.step(0, normal(random));
        const double x = std::log(chain.demand());
        sum += x;
        squares += x * x;
    }
    // Correlation time about 17 steps: standard error of the deviation near 0.002.
    EXPECT_NEAR(std::sqrt(squares / steps), 0.25, 0.01) << "seed " << seed;
    EXPECT_NEAR(sum / steps, 0, 0.02) << "seed " << seed;
}

TEST(Chain, blocks_are_neither_lost_nor_invented_when_the_step_is_no_multiple_of_a_slot) {
    Chain chain(quiet(), 20);
    double gas = 0;
    for (int i = 0; i < 30; ++i) {
        chain.step(calm, 0);
        gas += chain.gas_available();
    }
    EXPECT_NEAR(gas, 50 * 30e6 * 0.15, 1) << "600 s are 50 blocks";
}

TEST(Chain, switched_off_has_the_normal_fee_and_space_without_end) {
    ChainParameters parameters;
    parameters.congestion = 50;
    parameters.enabled = false;
    Chain chain(parameters, 300);
    chain.step(100, 3);
    EXPECT_EQ(chain.gas_price_gwei(), 22);
    EXPECT_EQ(chain.delay_seconds(), 0);
    for (int i = 0; i < 1000; ++i)
        ASSERT_TRUE(chain.include(1e9));
}

TEST(Chain, wait_for_a_block_is_that_of_a_queue_with_constant_service) {
    CLOSED_FORMS_OR_SKIP(rows, "V6_queues");
    std::size_t checked = 0;
    for (const auto& row : rows) {
        if (row["kind"] == "M/D/1") {
            const double load = row["lam"].get<double>() / row["mu"].get<double>();
            EXPECT_NEAR(md1_wait(load) / row["Wq"].get<double>(), 1, 1e-13);
            ++checked;
        } else if (row["kind"] == "M/M/1") {
            // Constant service halves the wait of exponential service.
            const double wait = row["W"].get<double>() - 1 / row["mu"].get<double>();
            EXPECT_NEAR(2 * md1_wait(row["lam"]) / wait, 1, 1e-13);
            ++checked;
        }
    }
    EXPECT_EQ(checked, 6U);
}

TEST(Chain, wait_formula_agrees_with_a_simulated_queue) {
    constexpr unsigned seed = 1559;
    std::mt19937_64 random(seed);
    std::exponential_distribution<double> gap(0.8);
    double wait = 0;  // Lindley: W' = max(0, W + service − gap)
    double sum = 0;
    constexpr int customers = 2'000'000;
    for (int i = 0; i < customers; ++i) {
        sum += wait;
        wait = std::max(0.0, wait + 1 - gap(random));
    }
    EXPECT_NEAR(sum / customers, md1_wait(0.8), 0.05) << "seed " << seed;
}

}  // namespace
}  // namespace breakwater
