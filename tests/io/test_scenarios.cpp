// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cmath>

#include <gtest/gtest.h>

#include "breakwater/io/candles_file.hpp"
#include "breakwater/io/scenario_file.hpp"
#include "small_book.hpp"

namespace breakwater {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

const std::string small_scenario = R"(format = "breakwater-scenario/1"
name = "small"
title = "A test"
conditional = true
horizon = "2h"
step_seconds = 300

[price]
model = "history"
correlation = 0.9
[[price.history]]
symbol = "WETH"
source = "a test"
points = [
    ["2020-03-12T00:00:00Z", 100.0, 101.0, 80.0],
    ["2020-03-12T01:00:00Z", 90, 95, 70],
    ["2020-03-12T02:00:00Z", 85.0, 85.0, 85.0],
]
[[price.history]]
kind = "stable"
follows = "WETH"
beta = 0.0

[oracle]
latency_factor = 2.0
freeze = ["WETH"]
[chain]
base_fee_gwei = 20
gas_limit = 30_000_000
congestion = 6.0
keeper_share = 0.15
[keepers]
count = 12
capital_usd = 20_000_000
outage = 0.5
recycle_minutes = 20
min_profit_usd = 10
gas_per_liquidation = 500_000
[liquidity]
depth_factor = 0.5
recovery_factor = 1.0
[[liquidity.asset]]
symbol = "WETH"
depth_factor = 0.2
)";

TEST(Scenarios, every_built_in_scenario_reads) {
    const fs::path folders[] = {project_folder("scenarios")};
    const auto lines = list_scenarios(folders);
    std::vector<std::string> names;
    for (const ScenarioLine& line : lines) {
        names.push_back(line.name);
        EXPECT_FALSE(line.title.empty()) << line.name;
        EXPECT_EQ(line.path.stem(), line.name);
        const Scenario scenario = read_scenario(line.path);
        EXPECT_FALSE(scenario.sources.empty()) << line.name;
        EXPECT_EQ(scenario.conditional, line.name != "today");
    }
    const std::vector<std::string> expected{
        "black-thursday-2020", "calm",       "crv-2022",   "flash-crash",  "jelly-2025",
        "luna-2022",           "mango-2022", "march-2020", "october-2025", "today",
        "usdc-depeg-2023",     "yfi-2023"};
    EXPECT_EQ(names, expected);
    EXPECT_EQ(find_scenario("calm", folders).filename(), "calm.toml");
    EXPECT_EQ(
        fault_of([&] { return find_scenario("calms", folders); }),
        "scenario 'calms': is unknown; expected black-thursday-2020, calm, crv-2022, flash-crash, "
        "jelly-2025, luna-2022, mango-2022, march-2020, october-2025, today, usdc-depeg-2023, "
        "yfi-2023, or a path to a .toml file");
}

TEST(Scenarios, what_a_storm_does_to_a_venue_reads_as_it_is_written_down) {
    const auto read = [](const char* name) {
        return read_scenario(project_folder("scenarios") / (std::string(name) + ".toml")).venue;
    };
    const VenueScenario october = read("october-2025");
    EXPECT_FALSE(october.is_only);
    EXPECT_EQ(october.volatility.per_fall, 2.5);
    EXPECT_EQ(october.thin_hours.at(0).until, 2);
    EXPECT_EQ(october.divergences.at(0).symbol, "USDe");
    EXPECT_EQ(october.divergences.at(0).from, 576 * 60);
    const VenueScenario march = read("march-2020");
    EXPECT_TRUE(march.is_only);
    ASSERT_EQ(march.outages.size(), 2U);
    EXPECT_EQ(march.outages[0].until - march.outages[0].from, 27 * 60);
    const VenueScenario yfi = read("yfi-2023");
    EXPECT_EQ(yfi.attacks.at(0).wallets, 100U);
    EXPECT_TRUE(yfi.attacks[0].is_linked);
    EXPECT_EQ(yfi.shocks.at(0).factor, 0.57);
    EXPECT_EQ(read("mango-2022").attacks.size(), 2U);
    EXPECT_FALSE(read("jelly-2025").attacks.at(0).is_long);
}

TEST(Scenarios, the_flash_crash_moves_ether_by_13_5_and_bitcoin_by_11_percent) {
    const Scenario s = read_scenario(project_folder("scenarios") / "flash-crash.toml");
    EXPECT_EQ(s.price.model, PriceScenario::Model::merton);
    EXPECT_EQ(s.price.jump.forced, 1);
    EXPECT_EQ(s.price.jump.mean, -0.135);
    EXPECT_EQ(s.price.rules[0].symbol, "WETH");
    EXPECT_EQ(s.price.rules[0].beta, 1.0);
    EXPECT_NEAR(std::pow(1 - 0.135, s.price.rules[1].beta), 1 - 0.11, 1e-4);
}

TEST(Scenarios, a_file_reads_as_it_is_written_down) {
    const TemporaryFolder folder;
    const fs::path path = folder.write("small.toml", small_scenario);
    const Scenario s = read_scenario(path);
    EXPECT_EQ(s.horizon_seconds, 7'200);
    ASSERT_EQ(s.price.histories.size(), 2U);
    ASSERT_EQ(s.price.histories[0].points.size(), 3U);
    EXPECT_EQ(s.price.histories[0].points[1].time, 3'600);
    EXPECT_EQ(s.price.histories[0].points[1].low, 70);
    EXPECT_EQ(s.price.histories[1].kind, AssetKind::stable);
    EXPECT_EQ(s.price.histories[1].follows, "WETH");
    EXPECT_EQ(s.price.histories[1].beta, 0);
    EXPECT_EQ(s.frozen_feeds, std::vector<std::string>{"WETH"});
    EXPECT_EQ(s.oracle.latency_factor, 2);
    EXPECT_EQ(s.keepers.outage, 0.5);
    EXPECT_EQ(s.depth_rules.at(0).depth_factor, 0.2);
    EXPECT_EQ(scenario_start(path), 1'583'971'200);
}

TEST(Scenarios, every_fault_is_one_error_with_line_and_table) {
    struct Row {
        const char* from;
        const char* to;
        const char* message;
    };
    constexpr Row table[] = {
        {"breakwater-scenario/1", "breakwater-scenario/9",
         "format is 'breakwater-scenario/9'; expected \"breakwater-scenario/1\""},
        {"horizon = \"2h\"", "horizon = \"2w\"",
         "horizon is '2w'; expected a duration such as \"24h\", \"7d\" or \"90m\""},
        {"step_seconds = 300", "step_seconds = 301",
         "step_seconds does not divide the horizon into 1 to 1000000 steps; expected a divisor of "
         "the "
         "horizon"},
        {"model = \"history\"", "model = \"heston\"",
         "model is 'heston' in [price]; expected one of gbm, merton, student_t, history"},
        {"congestion = 6.0", "congestion = 0.5",
         "congestion is 0.5 in [chain]; expected a number from 1 to 1e+06"},
        {"outage = 0.5", "outage = nan",
         "outage is NaN in [keepers]; expected a number from 0 to 1"},
        {"count = 12", "counts = 12", "counts is no key in [keepers]; expected 'count'"},
        {"recovery_factor = 1.0", "recovery_factor = 1.0\nshape = 1",
         "unknown key 'shape' in [liquidity]; expected one of depth_factor, recovery_factor, "
         "depth_exponent, enabled, asset"},
        {"follows = \"WETH\"", "follows = \"WBTC\"",
         "follows names 'WBTC' in [[price.history]]; expected the symbol of a [[price.history]] "
         "with "
         "points"},
        {"[\"2020-03-12T01:00:00Z\", 90, 95, 70]", "[\"2020-03-11T01:00:00Z\", 90, 95, 70]",
         "a point is not later than the one before in [[price.history]]; expected points in the "
         "order "
         "of time"},
        {"[\"2020-03-12T01:00:00Z\", 90, 95, 70]", "[\"noon\", 90, 95, 70]",
         "the time of a point is not a UTC time in [[price.history]]; expected "
         "[\"2020-03-12T00:00:00Z\", price, high, low]"},
        {"[\"2020-03-12T01:00:00Z\", 90, 95, 70]", "[\"2020-03-12T01:00:00Z\", 90, 70, 95]",
         "the price of a point is not between low and high in [[price.history]]; expected [time, "
         "price, high, low] with low <= price <= high"},
        {"[\"2020-03-12T01:00:00Z\", 90, 95, 70]", "[\"2020-03-12T01:00:00Z\", -90, 95, 70]",
         "a price of a point is not a positive number in [[price.history]]; expected "
         "[\"2020-03-12T00:00:00Z\", price, high, low]"},
    };
    const TemporaryFolder folder;
    for (const Row& row : table) {
        const std::string text = changed(small_scenario, row.from, row.to);
        const fs::path path = folder.write("bad.toml", text);
        std::size_t line = line_with(text, row.to);
        if (std::string(row.to).find("\nshape") != std::string::npos) ++line;
        EXPECT_EQ(fault_of([&] { return read_scenario(path); }),
                  path.string() + ":" + std::to_string(line) + ": " + row.message);
    }
}

TEST(Scenarios, a_history_that_ends_before_the_horizon_is_an_error) {
    const TemporaryFolder folder;
    const fs::path path =
        folder.write("bad.toml", changed(small_scenario, "horizon = \"2h\"", "horizon = \"3h\""));
    EXPECT_NE(fault_of([&] { return read_scenario(path); }).find("ends before the horizon"),
              std::string::npos);
}

}  // namespace
}  // namespace breakwater
