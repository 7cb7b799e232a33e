// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <iostream>

#include <gtest/gtest.h>

#include "breakwater/core/digest.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/io/candles_file.hpp"
#include "breakwater/io/import_crvusd.hpp"
#include "breakwater/io/scenario_file.hpp"
#include "breakwater/io/time_text.hpp"
#include "breakwater/stress/run.hpp"
#include "files.hpp"

/// The 773 real borrowers of crvUSD under the real hourly prices of two crashes: engine, world and adapters together,
/// on nothing that was made for a test.
namespace breakwater {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

/// Applies what it is told to a state of its own.
class Replayer : public JournalPort {
  public:
    explicit Replayer(const State& start) : state(start) {}
    void applied(const Event& event) override {
        ASSERT_TRUE(apply(state, event, planner).has_value());
    }
    State state;
    Planner planner;
};

Book real_book(const fs::path& csv, const TemporaryFolder& folder) {
    std::vector<fs::path> metadata;
    for (const auto& entry : fs::directory_iterator(csv.parent_path()))
        if (entry.path().filename().string().starts_with("pool_metadata"))
            metadata.push_back(unpacked(entry.path(), folder));
    std::ranges::sort(metadata);
    return import_crvusd(csv, metadata);
}

struct Crash {
    const char* name;
    const char* from;
    double hours;
    double eth_low;  ///< [USD] lowest price of the candles in the window
    double btc_low;
};

/// Runs a few paths and checks what must hold on each; returns the mean bad debt.
double stressed(const Book& book, const std::vector<CandleFile>& candles, const Crash& crash) {
    Scenario scenario = read_scenario(project_folder("scenarios") / "black-thursday-2020.toml");
    scenario.horizon_seconds = 3'600 * crash.hours;
    const auto from = parse_utc(crash.from);
    for (const CandleFile& file : candles)
        use_candles(scenario, file, *from, book.assets);
    double lows[] = {1e300, 1e300};
    for (const auto& history : scenario.price.histories)
        for (const HistoryPoint& point : history.points) {
            if (history.symbol == "WETH") lows[0] = std::min(lows[0], point.low);
            if (history.symbol == "WBTC") lows[1] = std::min(lows[1], point.low);
        }
    EXPECT_EQ(lows[0], crash.eth_low) << crash.name;
    EXPECT_EQ(lows[1], crash.btc_low) << crash.name;

    const auto setup = prepare_storm(book, scenario, 1);
    EXPECT_TRUE(setup.has_value());
    if (!setup) return 0;
    constexpr std::uint32_t paths = 20;
    const RunResult run = run_storms(*setup, {.paths = paths, .threads = 2, .progress = {}});
    double sum = 0;
    std::uint64_t liquidations = 0;
    for (const PathResult& p : run.paths) {
        EXPECT_GT(p.liquidations, 0U) << crash.name;
        EXPECT_GE(p.realised.oracle, 0);
        EXPECT_GE(p.unrealised_peak, p.unrealised.oracle);
        sum += usd(p.bad_debt());
        liquidations += p.liquidations;
    }
    Storm storm(*setup);
    Replayer replay(book.state);
    const PathResult alone = storm.run(3, &replay);
    EXPECT_EQ(alone.repaid, run.paths[3].repaid);
    EXPECT_EQ(digest_of(replay.state), storm.final_digest());
    EXPECT_FALSE(check_state(replay.state).has_value());
    std::cout << crash.name << ": mean bad debt " << sum / paths / 1e6 << " million USD, "
              << liquidations / paths << " liquidations a path\n";
    return sum / paths;
}

TEST(RealBook, the_crvusd_borrowers_under_the_hourly_prices_of_march_2020_and_november_2022) {
    NEED_DATA(csv, "crvusd_risk/crvusd_borrowers_20240130_flat.csv");
    NEED_DATA(eth_2020, "binance_hourly_multi_2017_2022/ETH_USDT-1h.json.gz");
    NEED_DATA(btc_2020, "binance_hourly_multi_2017_2022/BTC_USDT-1h.json.gz");
    NEED_DATA(eth_2022, "binance_hourly_multi_2021_2023/ETHUSDT_1h.csv.gz");
    NEED_DATA(btc_2022, "binance_hourly_multi_2021_2023/BTCUSDT_1h.csv.gz");
    const TemporaryFolder folder;
    const Book book = real_book(csv, folder);
    ASSERT_EQ(book.accounts.size(), 775U) << "773 borrowers, the lender and the treasury";
    const auto read = [&](const fs::path& path) { return read_candles(unpacked(path, folder)); };
    const double march = stressed(book, {read(eth_2020), read(btc_2020)},
                                  {.name = "March 2020",
                                   .from = "2020-03-12T00:00:00Z",
                                   .hours = 48,
                                   .eth_low = 86.0,
                                   .btc_low = 3'782.13});
    const double november = stressed(book, {read(eth_2022), read(btc_2022)},
                                     {.name = "November 2022",
                                      .from = "2022-11-08T00:00:00Z",
                                      .hours = 72,
                                      .eth_low = 1'073.53,
                                      .btc_low = 15'588.0});
    EXPECT_GT(march, november) << "ETH fell by 56 % in March 2020, by 30 % in November 2022";
    EXPECT_GT(november, 0);
}

}  // namespace
}  // namespace breakwater
