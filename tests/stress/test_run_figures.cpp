// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>

#include <gtest/gtest.h>

#include "../report/small_book.hpp"
#include "breakwater/core/rulebooks/aave_v3_market.hpp"
#include "breakwater/stress/amounts.hpp"
#include "breakwater/stress/run.hpp"

/// What a run keeps on-line against the same paths run one by one.
namespace breakwater::test {
namespace {

constexpr std::uint32_t paths = 200;

/// A day with one fall of about 45 %: some accounts end under water.
Scenario crash() {
    Scenario s;
    s.name = "test-crash";
    s.price.model = PriceScenario::Model::merton;
    s.price.correlation = 0.85;
    s.price.rules = {{.symbol = "USDC", .kind = {}, .volatility = 0.01, .drift = 0, .beta = 0},
                     {.symbol = "*", .kind = {}, .volatility = 0.9, .drift = 0, .beta = 1}};
    s.price.jump = {.forced = 1, .intensity = 0, .mean = -0.45, .deviation = 0.2};
    s.step_seconds = 600;
    return s;
}

/// Three layers: two of USDC in their order, one of WETH that is too large to be used up.
Book covered_book() {
    Book book = random_book(11, 300);
    const auto add = [&](const char* name, AssetId asset, uint128 atoms) {
        book.layer_names.emplace_back(name);
        book.state.layers.push_back({.cover = {atoms}, .paid = {}, .asset = index(asset)});
    };
    add("first", usdc, 2'000'000'000);
    add("ether", weth, uint128{1'000'000} * 1'000'000'000'000'000'000U);
    add("second", usdc, 30'000'000'000'000);
    return book;
}

TEST(RunFigures, layers_and_reserves_are_those_of_the_paths_one_by_one) {
    const Book book = covered_book();
    const auto setup = prepare_storm(book, crash(), 5);
    ASSERT_TRUE(setup.has_value()) << setup.error();
    const RunResult run = run_storms(*setup, {.paths = paths, .threads = 2, .progress = {}});
    ASSERT_EQ(run.layers.size(), 3U);

    Storm storm(*setup);
    std::vector<std::vector<MicroUsd>> paid(3);
    std::vector<std::uint64_t> exhausted(3);
    std::vector<std::vector<MicroUsd>> utilisation(book.assets.size());
    std::vector<std::vector<MicroUsd>> cash(book.assets.size());
    for (std::uint32_t p = 0; p < paths; ++p) {
        const PathResult result = storm.run(p);
        MicroUsd sum = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            const LayerOutcome& layer = storm.layers()[k];
            paid[k].push_back(layer.paid - layer.paid % 10'000);
            exhausted[k] += layer.exhausted ? 1U : 0U;
            sum += layer.paid;
        }
        EXPECT_EQ(sum, result.covered) << "each dollar is paid by one layer";
        EXPECT_LE(storm.layers()[0].paid, 2'200'000'000) << "not above its cover";
        if (storm.layers()[2].paid > 0) {
            EXPECT_TRUE(storm.layers()[0].exhausted) << "in their order";
        }
        for (std::size_t a = 0; a < book.assets.size(); ++a) {
            const ReserveEnd& end = storm.reserves_at_end()[a];
            utilisation[a].push_back(end.utilisation);
            cash[a].push_back(end.cash - end.cash % 10'000);
        }
    }
    EXPECT_GT(exhausted[0], 20U);
    EXPECT_EQ(exhausted[1], 0U);
    for (std::size_t k = 0; k < 3; ++k) {
        const Distribution exact(paid[k]);
        EXPECT_EQ(run.layers[k].exhausted, exhausted[k]);
        EXPECT_EQ(run.layers[k].paid.positives(), exact.paths_with_loss());
        EXPECT_NEAR(run.layers[k].paid.mean(0.01).value, exact.mean().value, 1e-6);
        EXPECT_NEAR(run.layers[k].paid.quantile(0.5, 0.01).value, exact.quantile(0.5).value,
                    0.004 * exact.quantile(0.5).value);
    }
    for (std::size_t a = 0; a < book.assets.size(); ++a) {
        const ReserveOutcome& outcome = run.assets[a];
        const Distribution exact(utilisation[a]);
        EXPECT_NEAR(outcome.utilisation_end.mean(1e-6).value, exact.mean().value, 1e-12);
        EXPECT_NEAR(outcome.utilisation_end.quantile(0.9, 1e-6).value, exact.quantile(0.9).value,
                    0.004);
        EXPECT_NEAR(outcome.cash_end.mean(0.01).value, Distribution(cash[a]).mean().value, 1e-3);
        const auto full =
            std::ranges::count_if(utilisation[a], [](MicroUsd u) { return u >= utilisation_full; });
        EXPECT_EQ(outcome.full_at_end, static_cast<std::uint64_t>(full));
    }
}

TEST(RunFigures, are_the_same_at_any_thread_count) {
    const Book book = covered_book();
    const auto setup = prepare_storm(book, crash(), 5);
    ASSERT_TRUE(setup.has_value()) << setup.error();
    const RunResult one = run_storms(*setup, {.paths = paths, .threads = 1, .progress = {}});
    const RunResult three = run_storms(*setup, {.paths = paths, .threads = 3, .progress = {}});
    for (std::size_t k = 0; k < one.layers.size(); ++k) {
        EXPECT_EQ(one.layers[k].paid, three.layers[k].paid);
        EXPECT_EQ(one.layers[k].exhausted, three.layers[k].exhausted);
    }
    for (std::size_t a = 0; a < one.assets.size(); ++a) {
        EXPECT_EQ(one.assets[a].loss, three.assets[a].loss);
        EXPECT_EQ(one.assets[a].utilisation_end, three.assets[a].utilisation_end);
        EXPECT_EQ(one.assets[a].cash_end, three.assets[a].cash_end);
        EXPECT_EQ(one.assets[a].full_points, three.assets[a].full_points);
    }
    EXPECT_EQ(one.accounts.all(), three.accounts.all());
}

TEST(RunFigures, a_calm_path_leaves_the_reserves_as_they_are) {
    Scenario calm = crash();
    calm.price.jump = {};
    calm.price.model = PriceScenario::Model::gbm;
    for (auto& rule : calm.price.rules)
        rule.volatility = 1e-6;
    const Book book = small_book();
    const auto setup = prepare_storm(book, calm, 1);
    ASSERT_TRUE(setup.has_value()) << setup.error();
    Storm storm(*setup);
    storm.run(0);
    // 10.05M USDC supplied, 150,500 owed.
    EXPECT_EQ(storm.reserves_at_end()[index(usdc)].utilisation, 14'975U);
    EXPECT_EQ(storm.reserves_at_end()[index(usdc)].cash, 9'899'500'000'000);
    // 1,150 WETH supplied, 140 owed.
    EXPECT_EQ(storm.reserves_at_end()[index(weth)].utilisation, 121'739U);
    EXPECT_EQ(storm.reserves_at_end()[index(weth)].cash, 2'020'000'000'000);
}

}  // namespace
}  // namespace breakwater::test
