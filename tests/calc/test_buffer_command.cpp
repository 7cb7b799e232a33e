// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "running.hpp"

namespace breakwater {
namespace {

using test::Ended;
using test::run;

const std::string buffer = std::string(BREAKWATER_PROGRAM) + " buffer ";
const std::string example = BREAKWATER_SOURCE_DIR "/examples/aave-v3-ethereum";

TEST(BufferCommand, BUFFER_001_gives_a_verdict_for_each_collateral) {
    for (const std::string scenario : {"calm", "today", "flash-crash"}) {
        SCOPED_TRACE(scenario);
        const Ended ended =
            run(buffer + example + " --scenario " + scenario + " --paths 30000 --json -");
        ASSERT_EQ(ended.code, 0) << ended.output;
        const auto out = nlohmann::json::parse(ended.output);
        EXPECT_EQ(out.at("format"), "breakwater-buffer/1");
        EXPECT_EQ(out.at("scenario"), scenario);
        EXPECT_EQ(out.at("input_hash").get<std::string>().size(), 32U);
        ASSERT_EQ(out.at("rows").size() + out.at("left_out").size(), 14U);
        int straddled = 0;
        for (const auto& row : out.at("rows"))
            for (const auto& at : row.at("levels")) {
                const auto& interval = at.at("fall_simulated");
                const double fall = at.at("fall");
                ASSERT_TRUE(interval.contains("value")) << row.at("asset");
                straddled += fall < interval.at("low") || fall > interval.at("high") ? 1 : 0;
                EXPECT_EQ(at.at("verdict") == "enough",
                          at.at("needed").get<double>() <= row.at("room").get<double>());
            }
        EXPECT_LE(straddled, 5) << "of 28 intervals of 95 %";
    }
}

TEST(BufferCommand, BUFFER_003_the_same_seed_gives_the_same_bytes) {
    const std::string asked = buffer + example + " --paths 2000 --json - --seed ";
    const Ended one = run(asked + "5");
    EXPECT_EQ(one.output, run(asked + "5").output);
    EXPECT_NE(one.output, run(asked + "6").output);
    EXPECT_NE(one.output.find("\"unsupported\""), std::string::npos) << "99.9 % of 2,000";
}

TEST(BufferCommand, BUFFER_004_bad_input_ends_with_code_2) {
    struct Row {
        std::string arguments;
        std::string part;
    };
    const Row table[] = {
        {example + " --scenario no-such-storm", "no-such-storm"},
        {"no-such-book", "no-such-book"},
        {example + " --paths 0", "--paths"},
        {example + " --paths many", "--paths"},
        {example + " --scenario october-2025", "has no law of moves"},
        {"", "BOOK is required"},
    };
    for (const Row& row : table) {
        const Ended ended = run(buffer + row.arguments);
        EXPECT_EQ(ended.code, 2) << row.arguments << ended.output;
        EXPECT_NE(ended.output.find(row.part), std::string::npos) << ended.output;
    }
}

}  // namespace
}  // namespace breakwater
