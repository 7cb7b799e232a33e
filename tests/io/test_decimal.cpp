// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <random>

#include <gtest/gtest.h>

#include "breakwater/core/math.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/time_text.hpp"

namespace breakwater {
namespace {

struct Reads {
    const char* text;
    unsigned decimals;
    const char* atomic;
};

TEST(Decimal, text_becomes_the_exact_integer) {
    constexpr Reads table[] = {
        {"0", 18, "0"},
        {"1", 18, "1000000000000000000"},
        {"0.1", 18, "100000000000000000"},
        {"2762.13", 8, "276213000000"},
        {"1.10", 1, "11"},
        {"1.50000000000000000000000000000000000000000000000000000000", 18, "1500000000000000000"},
        {"000000000000000000000000000000000000000000000000000001.5", 1, "15"},
        {"1e3", 0, "1000"},
        {"1.25E1", 1, "125"},
        {"84e-6", 8, "8400"},
        {"0e999", 18, "0"},
        {"340282366920938463463374607431768211455", 0, "340282366920938463463374607431768211455"},
    };
    for (const Reads& row : table) {
        const auto value = parse_decimal(row.text, row.decimals);
        ASSERT_TRUE(value.has_value()) << row.text;
        EXPECT_EQ(format_integer(*value), row.atomic) << row.text;
    }
}

struct Refuses {
    std::string text;
    unsigned decimals;
    NumberFault fault;
};

TEST(Decimal, what_is_no_exact_amount_is_refused_with_its_reason) {
    using enum NumberFault;
    const Refuses table[] = {
        {"", 18, empty},
        {"-1", 18, negative},
        {"-0", 18, negative},
        {"nan", 18, not_a_number},
        {"NaN", 18, not_a_number},
        {"inf", 18, not_a_number},
        {"0x10", 18, not_a_number},
        {"1,5", 18, not_a_number},
        {"1_000", 18, not_a_number},
        {" 1", 18, not_a_number},
        {"1 ", 18, not_a_number},
        {"+1", 18, not_a_number},
        {".5", 18, not_a_number},
        {"5.", 18, not_a_number},
        {"1e", 18, not_a_number},
        {"1e1.5", 18, not_a_number},
        {"0.123456789", 8, too_precise},
        {"1e-19", 18, too_precise},
        {std::string(300, '9'), 18, too_large},
        {"1e300", 18, too_large},
        {"1e99999999999999999999", 18, too_large},
        {"340282366920938463463374607431768211456", 0, too_large},
        {"340282366920938463463.374607431768211456", 18, too_large},
    };
    for (const Refuses& row : table) {
        const auto value = parse_decimal(row.text, row.decimals);
        ASSERT_FALSE(value.has_value()) << row.text;
        EXPECT_EQ(value.error(), row.fault) << row.text;
    }
}

TEST(Decimal, half_up_rounds_what_is_finer_than_the_unit) {
    EXPECT_EQ(*parse_decimal_half_up("2368.790966212669583495", 8), uint128{236879096621U});
    EXPECT_EQ(*parse_decimal_half_up("0.000000005", 8), uint128{1});
    EXPECT_EQ(*parse_decimal_half_up("0.0000000049999999999999999999999999999999999999999", 8),
              uint128{0});
    EXPECT_EQ(*parse_decimal_half_up("0.16666666666666666666666666666666666666666666666666", 2),
              uint128{17});
    EXPECT_FALSE(parse_decimal_half_up("-1", 8).has_value());
}

TEST(Decimal, every_amount_that_is_written_reads_back) {
    std::mt19937_64 random(20'240'611);
    for (int i = 0; i < 20'000; ++i) {
        const unsigned decimals = static_cast<unsigned>(random() % 19);
        const unsigned width = static_cast<unsigned>(random() % 120);
        const uint128 value = ((uint128{random()} << 64U) | random()) >> (127U - width);
        const std::string text = format_decimal(value, decimals);
        const auto back = parse_decimal(text, decimals);
        ASSERT_TRUE(back.has_value()) << text;
        ASSERT_EQ(*back, value) << text;
    }
}

TEST(TimeText, utc_times_are_read_in_the_forms_that_files_use) {
    EXPECT_EQ(parse_utc("1970-01-01"), 0);
    EXPECT_EQ(parse_utc("2020-03-13T02:00:00Z"), 1'584'064'800);
    EXPECT_EQ(parse_utc("2020-03-13 02:00:00"), 1'584'064'800);
    EXPECT_EQ(parse_utc("2020-03-13 02:00"), 1'584'064'800);
    EXPECT_EQ(parse_utc("2020-03-13T04:00:00.250+02:00"), 1'584'064'800);
    EXPECT_EQ(parse_utc("2023-03-11 07:50:00+00:00"), 1'678'521'000);
    for (const char* bad : {"", "2020", "2020-13-01", "2020-02-30", "2020-03-13T25:00:00Z",
                            "2020-03-13x", "2020-03-13T02:00:00Zx", "13-03-2020"})
        EXPECT_FALSE(parse_utc(bad).has_value()) << bad;
    EXPECT_EQ(format_utc(1'584'064'800), "2020-03-13T02:00:00Z");
}

TEST(TimeText, durations_need_a_unit) {
    EXPECT_EQ(parse_duration("24h"), 86'400);
    EXPECT_EQ(parse_duration("7d"), 604'800);
    EXPECT_EQ(parse_duration("90m"), 5'400);
    EXPECT_EQ(parse_duration("300s"), 300);
    for (const char* bad : {"", "24", "h", "0h", "-1h", "1w", "nanh"})
        EXPECT_FALSE(parse_duration(bad).has_value()) << bad;
}

}  // namespace
}  // namespace breakwater
