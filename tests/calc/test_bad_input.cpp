// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cstdio>
#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>

#include "calling.hpp"
#include "running.hpp"

namespace breakwater {
namespace {

using test::Ended;
using test::fault_of;
using test::run;

TEST(Calc, CALC_002_every_bad_field_gets_one_sentence) {
    const auto kupiec = [](const std::string& input) { return fault_of("kupiec_pof", input); };
    const std::string n = "; expected an integer from 1 to 100000000";
    EXPECT_EQ(kupiec(R"({"exceptions":1,"p":0.01})"), "'n' is missing" + n);
    EXPECT_EQ(kupiec(R"({"n":1.5,"exceptions":1,"p":0.01})"), "'n' is 1.5" + n);
    EXPECT_EQ(kupiec(R"({"n":null,"exceptions":1,"p":0.01})"), "'n' is null" + n);
    EXPECT_EQ(kupiec(R"({"n":0,"exceptions":0,"p":0.01})"), "'n' is 0" + n);
    EXPECT_EQ(kupiec(R"({"n":[9],"exceptions":0,"p":0.01})"), "'n' is a list" + n);
    EXPECT_EQ(kupiec(R"({"n":250,"exceptions":251,"p":0.01})"),
              "'exceptions' is 251; expected an integer from 0 to 250");
    const std::string p = "; expected a number between 0 and 1";
    EXPECT_EQ(kupiec(R"({"n":250,"exceptions":1,"p":1})"), "'p' is 1" + p);
    EXPECT_EQ(kupiec(R"({"n":250,"exceptions":1,"p":"0.01"})"), "'p' is \"0.01\"" + p);
    EXPECT_EQ(kupiec(R"({"n":250,"exceptions":1,"p":true})"), "'p' is true" + p);
    EXPECT_EQ(kupiec(R"({"n":250,"exceptions":1,"p":0.01,"q":2})"),
              "unknown field 'q'; expected only fields that the function knows (docs/calc.md)");
    EXPECT_EQ(kupiec(R"({"n":250,"exceptions":1,"p":0.01,"n":250})"),
              "field 'n' stands twice; expected each field once");
}

TEST(Calc, CALC_002_faults_inside_lists_say_where) {
    EXPECT_EQ(fault_of("hyperliquid_margin_tiers",
                       R"({"tiers":[{"lower_bound":0,"max_leverage":40},
                                    {"lower_bound":5,"max_leverage":0}],"notional":1})"),
              "'tiers[1].max_leverage' is 0; expected a number above 0");
    EXPECT_EQ(
        fault_of("hyperliquid_margin_tiers",
                 R"({"tiers":[{"lower_bound":0,"max_leverage":40,"x":1}],"notional":1})"),
        "unknown field 'tiers[0].x'; expected only fields that the function knows (docs/calc.md)");
    EXPECT_EQ(fault_of("hyperliquid_margin_tiers", R"({"tiers":[7],"notional":1})"),
              "'tiers[0]' is 7; expected an object of named fields");
    EXPECT_EQ(fault_of("oracle_weighted_median", R"({"prices":[1,"2"],"weights":[1,1]})"),
              "'prices[1]' is \"2\"; expected a number above 0");
    EXPECT_EQ(fault_of("bankruptcy_price_inverse", R"({"side":"up","entry":1,"leverage":2})"),
              "'side' is \"up\"; expected one of long, short");
}

TEST(Calc, CALC_002_what_is_no_json_object_is_refused) {
    const auto fault = [](const std::string& text) { return fault_of("kupiec_pof", text); };
    const std::string object = "expected one object, {\"field\": value, ...}";
    EXPECT_EQ(fault(""), "input:1: not JSON; " + object);
    EXPECT_EQ(fault("{\n\"n\": NaN}"), "input:2: not JSON; " + object);
    EXPECT_EQ(fault("{\"n\": Infinity}"), "input:1: not JSON; " + object);
    EXPECT_EQ(fault("{\"n\": 1e999}"), "input:1: a number is too large; expected finite numbers");
    EXPECT_EQ(fault("{\"n\": 1} {}"), "input:1: not JSON; " + object);
    EXPECT_EQ(fault("[1]"), "not a JSON object; " + object);
    EXPECT_EQ(fault(std::string(100, '[')), "nested too deep; expected at most 64 levels");
}

TEST(Calc, CALC_003_integers_keep_all_digits) {
    const auto notional = [](const std::string& base) {
        return test::value_of(
            "dydx_v4.notional",
            R"({"base_quantums":)" + base + R"(,"atomic_resolution":-6,"price":1,"exponent":0})",
            "notional");
    };
    const std::string digits = "-340282366920938463463374607431768211457";
    EXPECT_EQ(notional(digits), test::quoted(digits));
    EXPECT_EQ(notional(test::quoted(digits)), test::quoted(digits));
    EXPECT_EQ(notional("9007199254740993"), test::quoted("9007199254740993"));
    const std::string expected = "; expected an integer of at most 256 bits";
    for (const char* bad : {"1.0", "1e3", "\"1.0\"", "\"\"", "\"-\"", "\" 1\"", "\"0x1\"", "true"})
        EXPECT_EQ(notional(bad), "input: 'base_quantums' is " +
                                     std::string(bad == std::string("1e3") ? "1000.0" : bad) +
                                     expected);
    const std::string long_digits(78, '9');
    EXPECT_EQ(notional(long_digits),
              "input: 'base_quantums' is " + long_digits.substr(0, 60) + "..." + expected);
    EXPECT_EQ(
        test::value_of("dydx_v4.notional",
                       R"({"base_quantums":")" + std::string(77, '7') +
                           R"(","atomic_resolution":90,"price":"18446744073709551615",)"
                           R"("exponent":90})",
                       "notional"),
        "input: the input gives a result beyond 512 bits or divides by 0; expected numbers of "
        "ordinary size");
    // A long integer may stand where a number is asked for.
    EXPECT_EQ(test::value_of("premium_index",
                             R"({"impact_bid":100000000000000000000,"impact_ask":0,)"
                             R"("oracle":100000000000000000000})",
                             "premium"),
              "-1.0");
}

TEST(Calc, CALC_002_no_function_accepts_an_empty_object_or_crashes_on_a_strange_one) {
    for (const auto& f : calc::functions()) {
        EXPECT_NE(fault_of(std::string(f.name), "{}"), "") << f.name;
        EXPECT_NE(fault_of(std::string(f.name), R"({"\u0000":{"a":[{}]}})"), "") << f.name;
    }
}

TEST(Calc, CALC_001_names_are_unique_and_the_list_shows_all) {
    std::set<std::string_view> names;
    const std::string list = calc::list_functions();
    for (const auto& f : calc::functions()) {
        EXPECT_TRUE(names.insert(f.name).second) << f.name;
        EXPECT_FALSE(f.summary.empty()) << f.name;
        EXPECT_FALSE(f.units.empty()) << f.name;
        EXPECT_FALSE(f.source.empty()) << f.name;
        EXPECT_NE(list.find(std::string(f.name) + " "), std::string::npos) << f.name;
    }
    EXPECT_EQ(calc::find_function("no such function"), nullptr);
    const auto* unofficial = calc::find_function("deribit_pm_extended");
    ASSERT_NE(unofficial, nullptr);
    EXPECT_FALSE(unofficial->official);
}

TEST(Calc, CALC_001_the_documentation_names_every_function) {
    std::ifstream file(BREAKWATER_SOURCE_DIR "/docs/calc.md");
    const std::string text(std::istreambuf_iterator<char>(file), {});
    for (const auto& f : calc::functions())
        EXPECT_NE(text.find("| `" + std::string(f.name) + "` |"), std::string::npos) << f.name;
}

TEST(CalcCommand, CALC_002_bad_input_ends_with_code_2_and_one_line) {
    const std::string calc = std::string(BREAKWATER_PROGRAM) + " calc ";
    struct Row {
        std::string command;
        std::string output;
    };
    const Row table[] = {
        {"echo '{}' | " + calc + "kupiec_pof",
         "breakwater: standard input: 'n' is missing; expected an integer from 1 to 100000000\n"},
        {"echo '{' | " + calc + "kupiec_pof -",
         "breakwater: standard input:2: not JSON; expected one object, {\"field\": value, ...}\n"},
        {"echo '{}' | " + calc + "nothing",
         "breakwater: command line: unknown function 'nothing'; expected a name of breakwater calc "
         "--list\n"},
        {calc + "< /dev/null",
         "breakwater: command line: calc needs a function; expected a name of breakwater calc "
         "--list\n"},
    };
    for (const Row& row : table) {
        const Ended ended = run(row.command);
        EXPECT_EQ(ended.code, 2) << row.command;
        EXPECT_EQ(ended.output, row.output) << row.command;
    }
}

TEST(CalcCommand, CALC_001_the_same_answer_from_a_file_and_from_standard_input) {
    const std::string file = testing::TempDir() + "calc_input.json";
    std::ofstream(file) << R"({"exceptions_250d_99": 7})";
    const std::string calc = std::string(BREAKWATER_PROGRAM) + " calc ";
    const Ended by_file = run(calc + "basel_traffic_light " + file);
    const Ended by_pipe = run(calc + "basel_traffic_light < " + file);
    std::remove(file.c_str());
    EXPECT_EQ(by_file.code, 0);
    EXPECT_EQ(by_file.output, "{\n  \"zone\": \"yellow\"\n}\n");
    EXPECT_EQ(by_pipe.output, by_file.output);
    EXPECT_EQ(run(calc + "--list").output, calc::list_functions());
}

}  // namespace
}  // namespace breakwater
