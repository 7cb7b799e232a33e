// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "running.hpp"

namespace breakwater {
namespace {

using test::Ended;
using test::run;

const std::string margin = std::string(BREAKWATER_PROGRAM) + " margin backtest --prices ";

/// 800 hours of a price that swings by 1 %, with a gap after 400 of them.
class MarginCommand : public testing::Test {
  protected:
    void SetUp() override {
        std::filesystem::create_directories(folder_);
        std::ofstream out(path_);
        out << "time,open,high,low,close\n";
        for (int i = 0; i < 800; ++i) {
            const long long time =
                1'600'000'000LL / 3'600 * 3'600 + 3'600LL * (i + (i < 400 ? 0 : 5));
            const int price = i % 2 == 0 ? 1'000 : 1'010;
            out << time << ',' << price << ',' << price << ',' << price << ',' << price << '\n';
        }
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    // A folder of its own: other cases run at the same time.
    std::string folder_ =
        testing::TempDir() + "breakwater-margin-" + std::to_string(getpid()) + "/";
    std::string path_ = folder_ + "ETHUSDT-1h.csv";
};

TEST_F(MarginCommand, MARGIN_101_counts_steps_exceptions_and_gaps) {
    const Ended ended = run(margin + path_ + " --model ewma --window 100 --json -");
    ASSERT_EQ(ended.code, 0) << ended.output;
    const auto answer = nlohmann::json::parse(ended.output);
    EXPECT_EQ(answer.at("symbol"), "ETH");
    EXPECT_EQ(answer.at("step_seconds"), 3'600.0);
    EXPECT_EQ(answer.at("gaps"), 1);
    ASSERT_EQ(answer.at("rows").size(), 1U);
    const auto& row = answer.at("rows").at(0);
    EXPECT_EQ(row.at("steps"), 798 - 101);
    EXPECT_EQ(row.at("exceptions"), 0);
    EXPECT_EQ(row.at("traffic_light").at("worst_250"), "green");
    EXPECT_EQ(run(margin + path_ + " --window 100 --json -").output,
              run(margin + path_ + " --window 100 --json -").output);
}

TEST_F(MarginCommand, MARGIN_101_tools_and_level_are_said) {
    const Ended ended =
        run(margin + path_ + " --window 100 --level 0.95 --side short --floor --stress --buffer");
    EXPECT_EQ(ended.code, 0);
    EXPECT_NE(ended.output.find("floor, stress, buffer"), std::string::npos) << ended.output;
    EXPECT_NE(ended.output.find("one short unit of notional, level 95.00 %"), std::string::npos);
    EXPECT_EQ(ended.output.find("green"), std::string::npos);  // the traffic light is for 99 %
}

TEST_F(MarginCommand, MARGIN_101_bad_input_ends_with_code_2) {
    struct Row {
        std::string arguments;
        std::string part;
    };
    const Row table[] = {
        {"no-such-file.csv", "no-such-file.csv"},
        {path_, "has 798 returns"},
        {path_ + " --window 9", "window"},
        {path_ + " --level 1.5", "level"},
        {path_ + " --model none", "model"},
        {path_ + " --from yesterday", "'yesterday' is no time"},
        {path_ + " --every 3x", "3x"},
    };
    for (const Row& row : table) {
        const std::string more = row.part == "has 798 returns" ? " --window 5000" : "";
        const Ended ended = run(margin + row.arguments + more);
        EXPECT_EQ(ended.code, 2) << row.arguments << ended.output;
        EXPECT_NE(ended.output.find(row.part), std::string::npos) << ended.output;
    }
}

}  // namespace
}  // namespace breakwater
