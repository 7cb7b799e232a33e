// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "breakwater/report/format.hpp"

namespace breakwater {
namespace {

TEST(Format, usd_has_three_significant_digits) {
    const std::pair<double, const char*> table[]{
        {0, "$0"},
        {0.004, "<$0.01"},
        {-0.004, "-<$0.01"},
        {0.123, "$0.12"},
        {1, "$1"},
        {12.34, "$12.30"},
        {999.4, "$999"},
        {999.6, "$1.00K"},
        {45'000, "$45.0K"},
        {-45'000, "-$45.0K"},
        {999'600, "$1.00M"},
        {1'234'567, "$1.23M"},
        {4.2e9, "$4.20B"},
        {1.5e12, "$1.50T"},
        {std::numeric_limits<double>::infinity(), "unlimited"}};
    for (const auto& [value, text] : table)
        EXPECT_EQ(usd_text(value), text) << value;
}

TEST(Format, percent_keeps_small_ones_visible) {
    EXPECT_EQ(percent_text(0), "0 %");
    EXPECT_EQ(percent_text(0.612), "61.2 %");
    EXPECT_EQ(percent_text(0.0437), "4.37 %");
    EXPECT_EQ(percent_text(0.00015), "0.015 %");
    EXPECT_EQ(percent_text(1), "100 %");
    EXPECT_EQ(percent_text(-0.05), "-5.00 %");
}

TEST(Format, counts_and_numbers_are_grouped) {
    EXPECT_EQ(count_text(1'874), "1,874");
    EXPECT_EQ(count_text(1'234'567), "1,234,567");
    EXPECT_EQ(count_text(17.94), "17.9");
    EXPECT_EQ(number_text(1.05), "1.05");
    EXPECT_EQ(number_text(30'000'000), "30,000,000");
    EXPECT_EQ(number_text(0.85), "0.85");
    EXPECT_EQ(number_text(0), "0");
}

TEST(Format, hours_turn_into_days_and_minutes) {
    EXPECT_EQ(hours_text(24), "24 h");
    EXPECT_EQ(hours_text(168), "7 d");
    EXPECT_EQ(hours_text(0.25), "15 min");
    EXPECT_EQ(hours_text(0), "0 h");
}

TEST(Format, a_difference_carries_its_sign_and_percentage_points) {
    EXPECT_EQ(difference_text(1'000'000, Unit::usd), "+$1.00M");
    EXPECT_EQ(difference_text(-0.7, Unit::percentage_points), "-0.70 pp");
    EXPECT_EQ(difference_text(0, Unit::usd), "$0");
}

TEST(Format, rounding_keeps_order_and_is_idempotent) {
    double before = 0;
    for (double x = 1e-9; x < 1e12; x *= 1.0007) {
        const double r = rounded(x, 6);
        ASSERT_NEAR(r, x, x * 5.1e-6);
        ASSERT_LE(before, r);
        ASSERT_EQ(rounded(r, 6), r);
        before = r;
    }
}

TEST(Format, time_is_utc) {
    EXPECT_EQ(time_text(Time{1'749'513'600}), "2025-06-10T00:00:00Z");
}

TEST(Format, printable_takes_out_what_a_terminal_would_obey) {
    EXPECT_EQ(printable("plain, 1.8× and √"), "plain, 1.8× and √");
    EXPECT_EQ(printable("\x1b[31mred\x07\n\t"), "?[31mred???");
    EXPECT_EQ(printable("\xc2\x9b"
                        "31m"),
              "?31m")
        << "C1 control";
    EXPECT_EQ(printable("\xe2\x80\xae"
                        "abc"),
              "?abc")
        << "right to left override";
    EXPECT_EQ(printable("\xff\xc3(\xe2\x82"),
              "?"
              "?(?"
              "?")
        << "no UTF-8";
    EXPECT_EQ(printable("\xed\xa0\x80"), "???") << "surrogate";
    EXPECT_EQ(printable("\xc0\xaf"), "??") << "overlong";
}

}  // namespace
}  // namespace breakwater
