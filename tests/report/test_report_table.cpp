// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <sstream>

#include <gtest/gtest.h>

#include "breakwater/report/format.hpp"
#include "breakwater/report/report_table.hpp"
#include "small_run.hpp"

namespace breakwater::test {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);)
        out.push_back(line);
    return out;
}

TEST(ReportTable, begins_with_the_answer_in_six_lines) {
    const SmallReport r({}, true, 2'000, tenth);
    const auto lines = lines_of(report_table(r.input()));
    EXPECT_EQ(lines[0], "small book under small-storm");
    std::vector<std::string> labels;
    for (std::size_t i = 2; i < lines.size() && !lines[i].empty(); ++i)
        if (lines[i][0] != ' ') labels.push_back(lines[i].substr(0, lines[i].find("  ")));
    EXPECT_EQ(labels, (std::vector<std::string>{"Asked", "Answer", "Driven by", "Not modelled",
                                                "Data", "Reproduce"}));
}

TEST(ReportTable, is_aligned) {
    const SmallReport r({}, true, 2'000, tenth);
    const auto lines = lines_of(report_table(r.input()));
    std::size_t tables = 0;
    for (std::size_t i = 1; i + 1 < lines.size(); ++i) {
        if (lines[i].find_first_not_of("- ") != std::string::npos || !lines[i].starts_with("--"))
            continue;
        ++tables;
        EXPECT_EQ(width_of(lines[i - 1]), width_of(lines[i]));
        EXPECT_EQ(width_of(lines[i + 1]), width_of(lines[i]));
        EXPECT_LE(width_of(lines[i]), 142U);
    }
    EXPECT_GE(tables, 7U);
}

TEST(ReportTable, has_no_colour_and_no_control_character) {
    const SmallReport r({.name = "evil\x1b[31m book", .whale_name = "\x1b]0;title\x07whale"}, true,
                        2'000, tenth);
    for (const char c : report_table(r.input()))
        ASSERT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << static_cast<int>(c);
}

TEST(ReportTable, compares) {
    const SmallReport r({}, true, 2'000, tenth);
    std::vector<PathResult> proposed;
    for (std::uint32_t p = 0; p < 2'000; ++p)
        proposed.push_back(with_loss(p % 10 == 0 ? 2 * p + 2 : 0));
    ReportInput input = r.input();
    input.changes = {{"WETH.lt", "80 %", "81 %"}};
    input.cases = {unchanged_case(proposed, nullptr)};
    const std::string text = report_table(input);
    EXPECT_NE(text.find("Current against proposed: Book unchanged"), std::string::npos);
    EXPECT_NE(text.find("higher"), std::string::npos);
    EXPECT_NE(text.find("all figures together: worse"), std::string::npos);
}

}  // namespace
}  // namespace breakwater::test
