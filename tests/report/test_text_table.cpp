// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <sstream>

#include <gtest/gtest.h>

#include "breakwater/report/format.hpp"
#include "breakwater/report/text_table.hpp"

namespace breakwater {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);)
        out.push_back(line);
    return out;
}

TEST(TextTable, all_lines_have_the_same_width) {
    TextTable table({{.head = "Name", .words = true, .width_max = 10},
                     {.head = "√ value"},
                     {.head = "Why", .words = true, .width_max = 12}});
    table.add({"a", "$1.00M", "short"});
    table.add({"a name with many words in it", "1.84×", "words that do not fit on one line"});
    table.add({"unbreakablewordthatistoolong", "–", ""});
    const auto lines = lines_of(table.text());
    ASSERT_GT(lines.size(), 5U);
    for (const std::string& line : lines)
        EXPECT_EQ(width_of(line), width_of(lines[0])) << line;
}

TEST(TextTable, numbers_stand_right_and_words_left) {
    TextTable table({{.head = "Name", .words = true}, {.head = "Value"}});
    table.add({"a", "1"});
    EXPECT_EQ(table.text(), "Name  Value\n----  -----\na         1\n");
}

TEST(TextTable, a_hostile_cell_cannot_break_the_table) {
    TextTable table({{.head = "Name", .words = true}, {.head = "Value"}});
    table.add({"evil\n\x1b[2Jname", "1"});
    EXPECT_EQ(lines_of(table.text()).size(), 3U);
    EXPECT_EQ(table.text().find('\x1b'), std::string::npos);
}

TEST(TextTable, wrapping_loses_no_word) {
    const std::string text = "one two three four five six seven";
    for (std::size_t width = 5; width < 40; ++width) {
        std::string joined;
        for (const std::string& part : wrapped(text, width)) {
            EXPECT_LE(width_of(part), width);
            joined += (joined.empty() ? "" : " ") + part;
        }
        EXPECT_EQ(joined, text) << width;
    }
}

}  // namespace
}  // namespace breakwater
