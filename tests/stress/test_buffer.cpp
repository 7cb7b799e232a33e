// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cmath>
#include <stdexcept>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "../report/small_book.hpp"
#include "breakwater/report/buffer_json.hpp"
#include "breakwater/report/buffer_table.hpp"
#include "breakwater/stress/buffer.hpp"
#include "breakwater/world/math.hpp"

namespace breakwater::test {
namespace {

Scenario storm() {
    Scenario s;
    s.name = "by hand";
    s.price.rules = {
        {.symbol = "WETH", .kind = {}, .volatility = 0.8, .drift = 0, .beta = 1},
        {.symbol = "", .kind = AssetKind::stable, .volatility = 0.01, .drift = 0, .beta = 0}};
    s.keepers.gas_per_liquidation = 700'000;
    s.keepers.min_profit_usd = 10;
    s.liquidity.law = ImpactLaw::linear;
    return s;
}

Buffers measured(const Book& book, const Scenario& scenario, std::uint32_t paths = 20'000) {
    auto out = buffers_of(book, scenario, {.paths = paths, .seed = 3});
    if (!out) throw std::runtime_error(out.error());
    return *out;
}

const BufferRow& row_of(const Buffers& buffers, AssetId asset) {
    for (const BufferRow& row : buffers.rows)
        if (row.asset == asset) return row;
    throw std::runtime_error("no row");
}

// Of the small book only the whale becomes liquidatable at −20 %: 160,000 of WETH against 130,000.
TEST(Buffer, BUFFER_002_what_is_sold_pays_debt_and_bonus) {
    const Book book = small_book();
    const Unwinding u = unwinding_of(book, storm(), *positions_of(book), weth);
    EXPECT_NEAR(u.at_fall, 136'500, 1e-6);
    EXPECT_NEAR(u.largest, 136'500, 1e-6);
    EXPECT_EQ(u.accounts, 1U);
    const double limit = 0.045 / 1.045;
    EXPECT_NEAR(u.slippage_max, limit, 1e-15);
    EXPECT_NEAR(u.at_once, 500'000 * std::log(1.045) / -std::log(0.98), 1e-3);
    EXPECT_NEAR(u.impact, 1 - std::pow(0.98, 136'500.0 / 500'000), 1e-12);
    // A loop of wstETH against WETH is not hurt by a fall of both.
    EXPECT_EQ(unwinding_of(book, storm(), *positions_of(book), wsteth).size, 0);
}

TEST(Buffer, BUFFER_002_unwinding_is_as_fast_as_depth_recovers) {
    const Book book = small_book();
    Scenario s = storm();
    s.liquidity.depth_factor = 0.01;
    s.liquidity.recovery_factor = 2;
    const Unwinding u = unwinding_of(book, s, *positions_of(book), weth);
    EXPECT_EQ(u.impact, u.slippage_max);
    EXPECT_NEAR(u.per_hour, u.at_once * std::log(2.0) / 40 * 60, 1e-6);
    const TimeToLiquidate t = time_to_liquidate(book, s, u, weth);
    EXPECT_NEAR(t.unwinding, (136'500 / u.at_once - 1) * 2'400 / std::log(2.0), 1e-6);
    EXPECT_NEAR(t.total(), 12 + 24 + t.unwinding, 1e-9);
    // Under the square root a displaced volume comes back twice as fast.
    s.liquidity.law = ImpactLaw::square_root;
    const Unwinding root = unwinding_of(book, s, *positions_of(book), weth);
    EXPECT_NEAR(root.per_hour, root.at_once * 2 * std::log(2.0) / 40 * 60, 1e-6);
}

TEST(Buffer, BUFFER_002_oracle_and_chain_take_their_time) {
    const Book book = small_book();
    Scenario s = storm();
    const Unwinding u = unwinding_of(book, s, *positions_of(book), weth);
    struct Row {
        double congestion;
        double blocks;
    };
    for (const Row row : {Row{1, 0}, {1.12, 1}, {2, 6}, {6, 9}, {100, 9}}) {
        s.chain.congestion = row.congestion;
        EXPECT_EQ(time_to_liquidate(book, s, u, weth).congestion, 12 * row.blocks)
            << row.congestion;
    }
    s.oracle.latency_factor = 5;
    s.chain.gas_limit = 1'000'000;  // a liquidation takes 700,000 / 150,000 blocks
    TimeToLiquidate t = time_to_liquidate(book, s, u, weth);
    EXPECT_EQ(t.oracle, 120);
    EXPECT_EQ(t.block_space, 60);
    EXPECT_EQ(t.total(), 12 + 120 + 108 + 60);
    s.frozen_feeds = {"WETH"};
    EXPECT_EQ(time_to_liquidate(book, s, u, weth).oracle, s.horizon_seconds);
    s.oracle.enabled = false;
    EXPECT_EQ(time_to_liquidate(book, s, u, weth).oracle, 0);
    // What does not pay its gas is not waited for.
    s.keepers.min_profit_usd = 5'900;
    EXPECT_EQ(unwinding_of(book, s, *positions_of(book), weth).accounts, 0U);
    s.chain.enabled = false;
    t = time_to_liquidate(book, s, u, weth);
    EXPECT_EQ(t.congestion + t.block_space, 0);
}

TEST(Buffer, BUFFER_001_room_is_what_gap_fall_impact_and_bonus_leave) {
    const Book book = small_book();
    const Buffers buffers = measured(book, storm());
    const BufferRow& row = row_of(buffers, weth);
    EXPECT_NEAR(row.room, 0.2, 1e-15);
    EXPECT_NEAR(row.room_of_fall, 1 - 0.8 * 1.05, 1e-15);
    EXPECT_NEAR(row.rise, 1 / 0.8 - 1 - 0.05, 1e-15);
    for (const BufferAt& at : row.at) {
        EXPECT_EQ(at.gap, 0.005);
        const double years = row.time.total() / 31'536'000;
        const double z = normal_quantile(1 - at.level);
        EXPECT_NEAR(at.fall, 1 - std::exp(-0.32 * years + 0.8 * std::sqrt(years) * z), 1e-10);
        const double kept = 0.995 * (1 - at.fall) * (1 - row.unwinding.impact);
        EXPECT_NEAR(at.needed, 1 - kept / 1.05, 1e-12);
        EXPECT_NEAR(at.margin, 0.2 - at.needed, 1e-12);
        EXPECT_EQ(at.verdict, BufferVerdict::enough);
    }
    // At the highest threshold that holds, what is left pays debt and bonus, and no more.
    const BufferAt& at = row.at.back();
    const double threshold = 1 - at.needed;
    EXPECT_NEAR(0.995 * (1 - at.fall) * (1 - row.unwinding.impact), threshold * 1.05, 1e-12);
}

TEST(Buffer, BUFFER_001_a_thin_market_is_short_of_room) {
    Scenario s = storm();
    s.liquidity.depth_factor = 1e-4;
    const Book book = small_book();
    const Buffers buffers = measured(book, s);
    const BufferRow& row = row_of(buffers, weth);
    EXPECT_GT(row.time.total(), 20 * 86'400);
    for (const BufferAt& at : row.at) {
        EXPECT_EQ(at.verdict, BufferVerdict::too_little);
        EXPECT_EQ(at.verdict_simulated, BufferVerdict::too_little);
        EXPECT_LT(at.margin, 0);
    }
    EXPECT_GT(row.at.back().probability, 0.1);
}

TEST(Buffer, BUFFER_003_both_answers_agree_on_the_book) {
    for (const double depth : {1.0, 0.01, 0.001})
        for (const double intensity : {0.0, 500.0}) {
            Scenario s = storm();
            s.liquidity.depth_factor = depth;
            s.price.model = PriceScenario::Model::merton;
            s.price.jump = {.forced = 1, .intensity = intensity, .mean = -0.1, .deviation = 0.04};
            const Buffers buffers = measured(small_book(), s, 60'000);
            for (const BufferRow& row : buffers.rows)
                for (const BufferAt& at : row.at) {
                    SCOPED_TRACE(std::to_string(depth) + " " + std::to_string(intensity));
                    ASSERT_TRUE(at.fall_simulated.supported);
                    // The intervals are of 95 %: within one more of their width, always.
                    const auto within = [](double x, const Estimate& e) {
                        const double width = e.high - e.low + 1e-12;
                        return x >= e.low - 0.5 * width && x <= e.high + 0.5 * width;
                    };
                    EXPECT_TRUE(within(at.fall, at.fall_simulated));
                    EXPECT_TRUE(within(at.needed, at.needed_simulated));
                    EXPECT_TRUE(within(at.probability, at.probability_simulated));
                }
        }
}

TEST(Buffer, BUFFER_003_few_moves_support_no_far_quantile) {
    const Buffers buffers = measured(small_book(), storm(), 3'000);
    const BufferRow& row = row_of(buffers, weth);
    EXPECT_TRUE(row.at[0].fall_simulated.supported);
    EXPECT_FALSE(row.at[1].fall_simulated.supported);
    EXPECT_EQ(row.at[1].verdict_simulated, BufferVerdict::cannot_tell);
}

TEST(Buffer, BUFFER_004_what_has_no_figure_is_listed_and_histories_are_refused) {
    const Book book = small_book();
    Scenario s = storm();
    s.price.rules.pop_back();  // none for USDC
    const Buffers buffers = measured(book, s);
    ASSERT_EQ(buffers.left_out.size(), 1U);
    EXPECT_EQ(buffers.left_out[0].asset, usdc);
    EXPECT_NE(buffers.left_out[0].reason.find("no price model"), std::string::npos);
    Book free = small_book();
    aave_market(free.state).parameters[index(weth)].liquidation_bonus = 10'000;
    const Buffers without = measured(free, storm());
    EXPECT_EQ(without.left_out.at(0).asset, weth);
    EXPECT_NE(without.left_out[0].reason.find("no bonus"), std::string::npos);
    s.liquidity.depth_factor = 1e-6;
    EXPECT_NE(measured(book, s).left_out.at(0).reason.find("90 days"), std::string::npos);
    s.price.model = PriceScenario::Model::history;
    EXPECT_FALSE(buffers_of(book, s, {}));
}

TEST(Buffer, BUFFER_004_table_and_json_say_the_same) {
    const Book book = small_book();
    const Scenario s = storm();
    const Buffers buffers = measured(book, s);
    const BufferReport report{.book = &book, .scenario = &s, .buffers = &buffers, .facts = {}};
    const auto json = nlohmann::json::parse(buffer_json(report));
    EXPECT_EQ(json.at("format"), "breakwater-buffer/1");
    EXPECT_EQ(json.at("seed"), "3");
    EXPECT_EQ(json.at("rows").size(), buffers.rows.size());
    EXPECT_NEAR(json.at("rows").at(0).at("levels").at(1).at("needed").get<double>(),
                buffers.rows[0].at[1].needed, 1e-15);
    const std::string table = buffer_table(report);
    for (const char* part : {"Time to liquidate", "Room at 99.9 %", "seed 3", "SmartLTV", "enough"})
        EXPECT_NE(table.find(part), std::string::npos) << part;
}

}  // namespace
}  // namespace breakwater::test
