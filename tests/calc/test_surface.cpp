// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "calling.hpp"
#include "running.hpp"

namespace breakwater {
namespace {

using test::fault_of;
using test::result_of;
using test::run;

const std::string smile = R"("a": 0.04, "b": 0.4, "rho": -0.4, "m": 0.1, "s": 0.2)";
const std::string vogt = R"("a": -0.0410, "b": 0.1331, "rho": 0.3060, "m": 0.3586, "s": 0.4153)";

TEST(SurfaceCalc, SURFACE_001_a_smile_by_hand) {
    const auto v = result_of("svi_total_variance", "{" + smile + R"(, "k": 0.25})");
    EXPECT_NEAR(v.at("w").get<double>(), 0.116, 1e-15);
    EXPECT_NEAR(v.at("first_derivative").get<double>(), 0.08, 1e-15);
    const auto g = result_of("svi_durrleman", "{" + smile + R"(, "k": 0.25})");
    EXPECT_NEAR(g.at("g").get<double>(), 1.3328247324613558, 1e-14);
    EXPECT_LT(result_of("svi_durrleman", "{" + vogt + R"(, "k": 0.8})").at("g").get<double>(), 0.0);
    EXPECT_NE(fault_of("svi_durrleman", R"({"a": 0, "b": 0, "rho": 0, "m": 0, "s": 1, "k": 0})")
                  .find("total variance is not above 0"),
              std::string::npos);
}

TEST(SurfaceCalc, SURFACE_002_arbitrage_is_found) {
    const auto one = result_of("svi_arbitrage", "{" + vogt + "}");
    EXPECT_EQ(one.at("is_free_of_butterflies"), false);
    EXPECT_FALSE(one.contains("is_free_of_calendars"));
    const auto two = result_of("svi_arbitrage", "{" + smile + R"(, "later": {)" + vogt + "}}");
    EXPECT_EQ(two.at("is_free_of_calendars"), false);
}

TEST(SurfaceCalc, SURFACE_003_a_fit_counts_what_it_meets) {
    std::string quotes;
    for (int i = -5; i <= 5; ++i)
        quotes += std::string(quotes.empty() ? "" : ",") + R"({"k": )" + std::to_string(0.1 * i) +
                  R"(, "bid": 0.59, "ask": 0.61})";
    const auto fit = result_of("svi_fit", R"({"T": 0.25, "quotes": [)" + quotes + "]}");
    EXPECT_EQ(fit.at("inside"), 11);
    EXPECT_GE(fit.at("least_g").get<double>(), 0.0);
    EXPECT_LT(fit.at("rmse").get<double>(), 1e-4);
    EXPECT_NE(fault_of("svi_fit", R"({"T": 0.25, "quotes": [{"k": 0, "bid": 0.5, "ask": 0.6}]})")
                  .find("five or more"),
              std::string::npos);
}

TEST(SurfaceCalc, SURFACE_004_between_flat_smiles_all_is_flat) {
    const std::string flat = R"("b": 0, "rho": 0, "m": 0, "s": 1)";
    const std::string surface = R"("smiles": [{"T": 0.5, "a": 0.18, )" + flat +
                                R"(}, {"T": 1, "a": 0.36, )" + flat + R"(}], "stressed_vol": 2)";
    for (const char* years : {"0.1", "0.5", "0.7", "1"})
        EXPECT_NEAR(result_of("surface_vol", "{" + surface + R"(, "k": 0.3, "T": )" + years + "}")
                        .at("vol")
                        .get<double>(),
                    0.6, 1e-15);
    EXPECT_EQ(result_of("surface_vol", "{" + surface + R"(, "k": 0.3, "T": 2})").at("vol"), 2.0);
    const std::string falling = R"({"smiles": [{"T": 0.5, "a": 0.18, )" + flat +
                                R"(}, {"T": 1, "a": 0.1, )" + flat +
                                R"(}], "stressed_vol": 2, "k": 0, "T": 1})";
    EXPECT_NE(fault_of("surface_vol", falling).find("calendar arbitrage"), std::string::npos);
}

TEST(SurfaceCalc, SURFACE_007_a_risk_array_is_integers_for_both_sides) {
    const auto array =
        result_of("risk_array",
                  R"({"type": "call", "strike": 65000, "forward": 60000, "days": 30, "unit": 0.01,
            "smiles": [{"T": 1, "a": 0.64, "b": 0, "rho": 0, "m": 0, "s": 1}], "stressed_vol": 1})");
    ASSERT_EQ(array.at("long_profits").size(), 35U);
    EXPECT_EQ(array.at("scenarios").at(13).at("move"), 0.0);
    EXPECT_EQ(array.at("long_profits").at(13), "0");
    for (std::size_t i = 0; i < 35; ++i) {
        const long long both = std::stoll(array.at("long_profits").at(i).get<std::string>()) +
                               std::stoll(array.at("short_profits").at(i).get<std::string>());
        EXPECT_TRUE(both == 0 || both == -1);
    }
}

TEST(SurfaceCommand, SURFACE_006_says_what_was_refused_and_ends_with_2_where_nothing_is_left) {
    const std::string folder =
        testing::TempDir() + "breakwater-surface-" + std::to_string(getpid()) + "/";
    std::filesystem::create_directories(folder);
    const std::string path = folder + "chain.csv";
    const std::string head =
        "timestamp,instrument_name,option_type,strike,expiry_datetime,bid_price,ask_price,"
        "futures_price,open_interest,currency,index_price\n";
    const std::string command = std::string(BREAKWATER_PROGRAM) + " surface " + path;
    std::ofstream(path)
        << head
        << "2026-02-06T04:30:12Z,BTC-20FEB26-52000-P,put,52000,2026-02-20T08:00:00Z,"
           "0.01,0.011,64777,21.2,BTC,64817\n"
        << "2026-02-06T04:30:12Z,BTC-20FEB26-52000-C,call,0,2026-02-20T08:00:00Z,"
           "0.01,0.011,64777,21.2,BTC,64817\n";
    const auto table = run(command);
    EXPECT_EQ(table.code, 0) << table.output;
    EXPECT_NE(table.output.find(path + ":3: strike is '0'"), std::string::npos) << table.output;
    EXPECT_NE(table.output.find("1 stressed"), std::string::npos);  // one quote makes no smile
    const auto ended = run(command + " --json -");
    ASSERT_EQ(ended.code, 0) << ended.output;
    const auto answer = nlohmann::json::parse(ended.output);
    EXPECT_EQ(answer.at("format"), "breakwater-option-surface/1");
    const auto& snapshot = answer.at("snapshots").at(0);
    EXPECT_EQ(snapshot.at("refused").at(0).at("line"), 3);
    const auto& chain = snapshot.at("chains").at(0);
    EXPECT_EQ(chain.at("sources").at("stressed"), 1);
    EXPECT_EQ(chain.at("margin").at("open_interest"), 21.2);
    EXPECT_EQ(run(command + " --json -").output, ended.output);
    std::ofstream(path) << head;
    EXPECT_EQ(run(command).code, 2);
    EXPECT_EQ(run(command + " --range 2").code, 2);
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace breakwater
