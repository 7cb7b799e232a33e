// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/calibrated_scenario.hpp"
#include "breakwater/io/candles_file.hpp"
#include "breakwater/io/generator.hpp"
#include "breakwater/io/scenario_file.hpp"
#include "breakwater/stress/storm.hpp"
#include "small_book.hpp"

namespace breakwater {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

TEST(Candles, csv_with_any_order_of_columns_and_any_form_of_time) {
    const TemporaryFolder folder;
    const std::pair<const char*, const char*> files[] = {
        {"date,open,high,low,close,volume,ticker\n",
         "2020-03-12 10:00:00,100,110,90,95,1,ETHUSDT\n"},
        {"open_time,open,high,low,close\n", "2020-03-12 10:00:00+00:00,100,110,90,95\n"},
        {"unix,date,symbol,open,high,low,close\n",
         "1584007200.0,2020-03-12 10-AM,ETH/USDT,100,110,90,95\n"},
        {"Timestamp,Close,Low,High,Open\n", "1584007200000,95,90,110,100\n"},
    };
    for (const auto& [header, row] : files) {
        const CandleFile file =
            read_candles(folder.write("ETH_USDT-1h.csv", std::string(header) + row));
        ASSERT_EQ(file.series.size(), 1U) << header;
        EXPECT_EQ(file.series[0].name, "ETH") << header;
        const Candle& c = file.series[0].candles.at(0);
        EXPECT_EQ(c.time, 1'584'007'200) << header;
        EXPECT_EQ(c.open, 100);
        EXPECT_EQ(c.high, 110);
        EXPECT_EQ(c.low, 90);
        EXPECT_EQ(c.close, 95);
    }
}

TEST(Candles, json_rows_of_an_exchange) {
    const TemporaryFolder folder;
    const fs::path path = folder.write(
        "BTC_USDT-1h.json",
        "[[1584007200000,100,110,90,95,3],[1584010800000,\"95\",\"99\",\"91\",\"92\",\"1\"]]");
    const CandleFile file = read_candles(path);
    EXPECT_EQ(file.series.at(0).name, "BTC");
    EXPECT_EQ(file.series[0].candles.size(), 2U);
    EXPECT_EQ(file.series[0].candles[1].time, 1'584'010'800);
}

TEST(Candles, unsorted_and_repeated_rows_and_mixed_units_are_accepted_and_said) {
    const TemporaryFolder folder;
    const CandleFile file =
        read_candles(folder.write("x.csv",
                                  "time,open,high,low,close\n1584010800,2,2,2,2\n"
                                  "1584007200000,1,1,1,1\n1584010800,2,2,2,2\n"),
                     "ETHUSDT");
    EXPECT_EQ(file.series.at(0).name, "ETH");
    EXPECT_EQ(file.series[0].candles.size(), 2U);
    EXPECT_EQ(file.series[0].candles[0].open, 1);
    ASSERT_EQ(file.notes.size(), 3U);
    EXPECT_NE(file.notes[0].find("mixed"), std::string::npos);
    EXPECT_NE(file.notes[1].find("sorted"), std::string::npos);
    EXPECT_NE(file.notes[2].find("1 repeated"), std::string::npos);
}

TEST(Candles, every_fault_is_one_error_with_its_line) {
    struct Row {
        const char* text;
        const char* message;
    };
    constexpr Row table[] = {
        {"time,open,high,low\n1,1,1,1\n",
         ":1: no column 'close'; expected a header with time (or date, timestamp, open_time, "
         "unix), open, "
         "high, low, close"},
        {"open,high,low,close\n1,1,1,1\n",
         ":1: no column of times; expected a header with time (or date, timestamp, open_time, "
         "unix), open, "
         "high, low, close"},
        {"time,open,high,low,close\nnoon,1,1,1,1\n",
         ":2: time is 'noon'; expected a UTC time, or seconds or milliseconds since 1970"},
        {"time,open,high,low,close\n1,1,1,1\n", ":2: 4 fields; expected 5 as in the header"},
        {"time,open,high,low,close\n1,nan,1,1,1\n",
         ":2: open is 'nan'; expected a positive number"},
        {"time,open,high,low,close\n1,1,1,-1,1\n", ":2: low is '-1'; expected a positive number"},
        {"time,open,high,low,close\n1,1,2,3,1\n",
         ":2: open and close do not lie between low and high; expected low <= open, close <= high"},
        {"time,open,high,low,close\n1,1,1,1,1\n1,1,1,1,1\n1,2,2,2,2\n",
         ":4: a second, different candle of X at 1970-01-01T00:00:01Z; expected one candle for "
         "each time"},
        {"time,open,high,low,close\n",
         ": no candles; expected a row for each candle below the header"},
        {"[[1,2,3]]",
         ": a row is not a list of five or more; expected [[milliseconds, open, high, low, close, "
         "...], ...]"},
        {"\x1f\x8b\x08", ": is compressed; expected plain text: decompress it first"},
    };
    const TemporaryFolder folder;
    for (const Row& row : table) {
        const fs::path path = folder.write("X.csv", row.text);
        EXPECT_EQ(fault_of([&] { return read_candles(path); }), path.string() + row.message);
    }
}

TEST(Candles, symbols_are_known_by_their_base) {
    EXPECT_EQ(base_symbol("ETHUSDT"), "ETH");
    EXPECT_EQ(base_symbol("eth/usd"), "ETH");
    EXPECT_EQ(base_symbol("ETH_USDT-1h"), "ETH");
    EXPECT_EQ(base_symbol("Binance_BTCUSDT_1h.csv"), "BTC");
    EXPECT_EQ(base_symbol("USDCUSDT"), "USDC");
    EXPECT_EQ(base_symbol("USDT"), "USDT");
    EXPECT_TRUE(prices_asset("ETH", "WETH"));
    EXPECT_TRUE(prices_asset("WETH", "WETH"));
    EXPECT_FALSE(prices_asset("ETH", "wstETH"));
}

TEST(Candles, dirty_real_candles_are_refused_with_the_line_of_the_second_version) {
    NEED_DATA(data, "binance_hourly_2017_2021/Binance_ETHUSDT_1h.csv.gz");
    const TemporaryFolder folder;
    const fs::path path = unpacked(data, folder);
    const std::string fault = fault_of([&] { return read_candles(path); });
    EXPECT_NE(fault.find("a second, different candle of ETH at "), std::string::npos) << fault;
}

/// Lowest and highest of the points of a symbol.
std::pair<double, double> range_of(const Scenario& scenario, const std::string& symbol) {
    double low = 1e300;
    double high = 0;
    for (const auto& history : scenario.price.histories)
        if (history.symbol == symbol)
            for (const HistoryPoint& point : history.points) {
                low = std::min(low, point.low);
                high = std::max(high, point.high);
            }
    return {low, high};
}

TEST(Candles, real_candles_of_march_2020_agree_with_the_built_in_scenario_on_the_lows) {
    NEED_DATA(eth, "binance_hourly_multi_2017_2022/ETH_USDT-1h.json.gz");
    NEED_DATA(btc, "binance_hourly_multi_2017_2022/BTC_USDT-1h.json.gz");
    const TemporaryFolder folder;
    const fs::path file = project_folder("scenarios") / "black-thursday-2020.toml";
    const Scenario built_in = read_scenario(file);
    Scenario own = built_in;
    const auto from = scenario_start(file);
    ASSERT_EQ(from, 1'583'971'200);
    for (const fs::path& path : {eth, btc}) {
        const auto said = use_candles(own, read_candles(unpacked(path, folder)), *from, {});
        ASSERT_EQ(said.size(), 1U);
    }
    EXPECT_EQ(range_of(own, "WETH").first, 86.0);
    EXPECT_EQ(range_of(own, "WBTC").first, 3'782.13);
    EXPECT_EQ(range_of(own, "WETH").first, range_of(built_in, "WETH").first);
    EXPECT_EQ(range_of(own, "WBTC").first, range_of(built_in, "WBTC").first);
    EXPECT_EQ(own.price.histories[0].points.size(), 49U) << "48 hours and the close";
}

TEST(Candles, candles_that_do_not_cover_the_horizon_are_refused) {
    const TemporaryFolder folder;
    Scenario scenario = read_scenario(project_folder("scenarios") / "black-thursday-2020.toml");
    const CandleFile file = read_candles(folder.write(
        "ETHUSDT.csv", "time,open,high,low,close\n1583971200,1,1,1,1\n1583974800,1,1,1,1\n"));
    EXPECT_EQ(fault_of([&] { use_candles(scenario, file, 1'583'971'200, {}); }),
              "candles of ETH: candles of ETH: end before the horizon; expected candles from "
              "2020-03-12T00:00:00Z to 2020-03-14T00:00:00Z");
    Scenario calm = read_scenario(project_folder("scenarios") / "calm.toml");
    EXPECT_EQ(fault_of([&] { use_candles(calm, file, 1'583'971'200, {}); }),
              "scenario calm: has no price history to replace; expected a scenario with model = "
              "\"history\"");
}

/// A year and a half of hourly candles of three assets with normal returns; two of them correlated.
std::string three_walks() {
    std::string out = "time,symbol,open,high,low,close\n";
    std::uint64_t state = 1;
    const auto uniform = [&state] {  // SplitMix64
        std::uint64_t z = state += 0x9e3779b97f4a7c15U;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return static_cast<double>((z ^ (z >> 31U)) >> 11U) * 0x1p-53;
    };
    const auto normal = [&] {
        double sum = -6;
        for (int i = 0; i < 12; ++i)
            sum += uniform();
        return sum;
    };
    std::array<double, 3> price{2'000, 60'000, 1};
    const std::array<const char*, 3> names{"ETHUSDT", "BTCUSDT", "DOGEUSDT"};
    for (std::int64_t hour = 0; hour < 13'000; ++hour) {
        const double common = normal();
        const std::array<double, 3> move{0.008 * common, 0.005 * (0.6 * common + 0.8 * normal()),
                                         0.01 * normal()};
        for (std::size_t a = 0; a < 3; ++a) {
            const double open = price[a];
            price[a] *= 1 + move[a];
            const auto text = [](double v) { return std::to_string(v); };
            out += std::to_string(1'700'000'000 - 1'700'000'000 % 86'400 + 3'600 * hour) + "," +
                   names[a] + "," + text(open) + "," + text(std::max(open, price[a])) + "," +
                   text(std::min(open, price[a])) + "," + text(price[a]) + "\n";
        }
    }
    return out;
}

Book example_book() {
    return generate_book(
        read_market(project_folder("examples") / "aave-v3-ethereum" / "market.toml"), 50, 1);
}

TEST(Candles, an_unconditional_scenario_is_calibrated_on_them) {
    const TemporaryFolder folder;
    const CandleFile file = read_candles(folder.write("three.csv", three_walks()));
    Scenario today = read_scenario(project_folder("scenarios") / "today.toml");
    const Book book = example_book();
    const auto said = calibrate_scenario(today, file, {}, book.state.now(), book.assets);
    EXPECT_FALSE(today.conditional);
    EXPECT_EQ(today.price.model, PriceScenario::Model::student_t);
    ASSERT_EQ(today.price.measured.symbols, (std::vector<std::string>{"WETH", "WBTC"}));
    const std::vector<double>& r = today.price.measured.correlation;
    ASSERT_EQ(r.size(), 4U);
    EXPECT_NEAR(r[1], 0.6, 0.02);
    EXPECT_EQ(today.price.correlation, r[1]) << "the mean of the one pair";
    for (const auto& rule : today.price.rules) {
        EXPECT_EQ(rule.drift, 0);
        const double hours = std::sqrt(24.0 * 365);
        if (rule.symbol == "WETH") {
            EXPECT_NEAR(rule.volatility, 0.008 * hours, 0.02);
        }
        if (rule.symbol == "WBTC") {
            EXPECT_NEAR(rule.volatility, 0.005 * hours, 0.02);
        }
    }
    EXPECT_EQ(today.price.mixing_seconds, 86'400) << "the tail is that of days";
    EXPECT_GT(today.price.degrees_of_freedom, 10) << "normal returns";
    EXPECT_NE(today.calibrated_on.find("candles of 1 h of WETH, WBTC, 2023-11-14"),
              std::string::npos)
        << today.calibrated_on;
    ASSERT_EQ(said.size(), 4U);
    EXPECT_NE(said[0].find("DOGE: no volatile asset"), std::string::npos);
    EXPECT_NE(said[2].find("no candles of "), std::string::npos) << said[2];
    EXPECT_NE(said[3].find("days before the book"), std::string::npos) << said[3];
    const auto setup = prepare_storm(book, today, 1);
    ASSERT_TRUE(setup.has_value()) << setup.error();
    const BookPrices& prices = setup->book_prices;
    const std::size_t n = prices.parameters.assets.size();
    std::size_t eth = n;
    std::size_t btc = n;
    for (std::size_t i = 0; i < n; ++i) {
        if (prices.parameters.assets[i].name == "WETH") eth = i;
        if (prices.parameters.assets[i].name == "WBTC") btc = i;
    }
    EXPECT_EQ(prices.parameters.correlation[eth * n + btc], r[1]);
    EXPECT_EQ(prices.parameters.mixing_steps, 288U);
}

TEST(Candles, an_asset_without_candles_is_joined_to_measured_ones_whatever_they_are) {
    Scenario today = read_scenario(project_folder("scenarios") / "today.toml");
    today.price.measured = {.symbols = {"WETH", "WBTC"}, .correlation = {1, 0.1, 0.1, 1}};
    today.price.correlation = 0.9;  // a plain 0.9 beside 0.1 is no correlation matrix
    const auto setup = prepare_storm(example_book(), today, 1);
    ASSERT_TRUE(setup.has_value()) << setup.error();
    const PriceParameters& p = setup->book_prices.parameters;
    const std::size_t n = p.assets.size();
    std::size_t eth = n;
    std::size_t link = n;
    for (std::size_t i = 0; i < n; ++i) {
        if (p.assets[i].name == "WETH") eth = i;
        if (p.assets[i].name == "LINK") link = i;
    }
    // √ρ · Σ R / √(ΣΣ R) = √0.9 · 1.1 / √2.2
    EXPECT_NEAR(p.correlation[eth * n + link], std::sqrt(0.9) * 1.1 / std::sqrt(2.2), 1e-12);
    EXPECT_EQ(p.correlation[eth * n + link], p.correlation[link * n + eth]);
}

TEST(Candles, that_price_nothing_of_the_book_calibrate_nothing) {
    const TemporaryFolder folder;
    const CandleFile file = read_candles(
        folder.write("DOGEUSDT.csv", "time,open,high,low,close\n1583971200,1,1,1,1\n"));
    Scenario today = read_scenario(project_folder("scenarios") / "today.toml");
    const Book book = example_book();
    EXPECT_EQ(fault_of([&] { calibrate_scenario(today, file, {}, book.state.now(), book.assets); }),
              "candles: none prices a volatile asset of the book; expected a series with the name "
              "of one");
}

}  // namespace
}  // namespace breakwater
