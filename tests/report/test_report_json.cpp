// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "breakwater/report/report_json.hpp"
#include "breakwater/report/report_table.hpp"
#include "breakwater/stress/wiring.hpp"
#include "schema.hpp"
#include "small_run.hpp"

namespace breakwater::test {
namespace {

using nlohmann::json;

/// Every tenth path loses p + 1 dollars: 2,000 paths, 200 losses.
PathResult tenth(std::uint32_t p) {
    return with_loss(p % 10 == 0 ? p + 1 : 0);
}
PathResult never(std::uint32_t) {
    return with_loss(0);
}

json checked(const ReportInput& input) {
    const json report = json::parse(report_json(input));
    for (const std::string& fault : schema_faults(report))
        ADD_FAILURE() << fault;
    for (const std::string& fault : chart_faults(report))
        ADD_FAILURE() << fault;
    return report;
}

const json& by_id(const json& rows, const std::string& id) {
    for (const json& row : rows)
        if (row["id"] == id) return row;
    throw std::runtime_error("no figure " + id);
}

TEST(ReportJson, of_a_conditional_run_holds_the_schema_and_the_figures) {
    const SmallReport r({}, true, 2'000, tenth);
    const json report = checked(r.input());
    const json& distribution = report["summary"]["distribution"];
    EXPECT_DOUBLE_EQ(by_id(distribution, "probability_of_loss")["estimate"]["value"], 0.1);
    // Σ over k < 200 of (10k + 1) / 2,000.
    EXPECT_NEAR(by_id(distribution, "mean")["estimate"]["value"], (10 * 199 * 100 + 200) / 2000.0,
                1e-9);
    EXPECT_EQ(by_id(distribution, "quantile_99")["estimate"]["value"], 1'791);
    EXPECT_TRUE(by_id(distribution, "quantile_99_9")["estimate"].contains("unsupported"));
    EXPECT_EQ(report["answer"]["figure"]["id"], "expected_shortfall_99");
    EXPECT_EQ(report["answer"]["reproduce"]["seed"], "42");
    EXPECT_EQ(report["run"]["accounts"], 5);
    EXPECT_EQ(report["run"]["as_of"], "2025-06-10T00:00:00Z");
    EXPECT_DOUBLE_EQ(report["run"]["borrowed_usd"], 430'500);
    EXPECT_EQ(report["price_fan"]["paths"]["worst"]["path"], 1'990);
    EXPECT_EQ(report["price_fan"]["paths"]["worst"]["loss"], 1'991);
    EXPECT_EQ(report["loss_by"]["assets"]["rows"].size(), 1U);
    EXPECT_EQ(report["loss_by"]["assets"]["rows"][0]["asset"], "USDC");
    EXPECT_EQ(report["loss_by"]["accounts"]["rows"][0]["account"], "whale");
    EXPECT_EQ(report["loss_by"]["accounts"]["rows"][0]["position"], "WETH against USDC");
    EXPECT_EQ(report["wall"]["assets"][0]["symbol"], "all");
}

TEST(ReportJson, bad_debt_stands_at_three_prices) {
    const SmallReport r({}, true, 2'000, tenth);
    const json rows = checked(r.input())["summary"]["bad_debt"]["rows"];
    const json& realised = by_id(rows, "realised");
    const double oracle = realised["oracle"]["value"];
    EXPECT_NEAR(realised["market"]["value"], 1.1 * oracle, 1e-6);
    EXPECT_NEAR(realised["after_exit_cost"]["value"], 1.2 * oracle, 1e-6);
    EXPECT_TRUE(by_id(rows, "unrealised_end")["oracle"].contains("unsupported"))
        << "none on any path";
    EXPECT_TRUE(by_id(rows, "unrealised_peak")["market"].contains("unsupported"))
        << "at the oracle's price only";
}

TEST(ReportJson, without_any_loss_says_less_than_three_over_n) {
    const SmallReport r({}, true, 2'000, never);
    const json report = checked(r.input());
    const json& p = by_id(report["summary"]["distribution"], "probability_of_loss")["estimate"];
    EXPECT_EQ(p["value"], 0);
    EXPECT_EQ(p["low"], 0);
    EXPECT_GT(p["high"].get<double>(), 0.0014);
    EXPECT_LT(p["high"].get<double>(), 3.0 / 2'000);
    EXPECT_EQ(report["answer"]["figure"]["id"], "probability_of_loss");
    EXPECT_TRUE(report["answer"]["drivers"].empty());
    EXPECT_TRUE(report["exceedance"]["loss"].empty());
}

TEST(ReportJson, refuses_what_few_paths_do_not_support) {
    const SmallReport r({}, true, 100, tenth);  // ten losses
    const json report = checked(r.input());
    for (const char* id :
         {"mean", "quantile_95", "quantile_99", "quantile_99_9", "expected_shortfall_99"})
        EXPECT_TRUE(
            by_id(report["summary"]["distribution"], id)["estimate"].contains("unsupported"))
            << id;
    EXPECT_TRUE(
        by_id(report["summary"]["distribution"], "probability_of_loss")["estimate"].contains(
            "value"));
    EXPECT_EQ(report["price_fan"]["levels"], json::array({0.25, 0.5, 0.75}))
        << "bands rest on 20 paths";
}

TEST(ReportJson, exceedance_counts_losses) {
    const SmallReport r({}, true, 2'000, tenth);
    const json curve = checked(r.input())["exceedance"];
    EXPECT_DOUBLE_EQ(curve["loss"].front(), 1);
    EXPECT_DOUBLE_EQ(curve["probability"].front(), 0.1);
    EXPECT_DOUBLE_EQ(curve["loss"].back(), 1'991);
    EXPECT_DOUBLE_EQ(curve["probability"].back(), 1 / 2'000.0);
    EXPECT_DOUBLE_EQ(curve["supported_from"], 0.01);
}

TEST(ReportJson, mean_flow_is_the_mean_of_what_was_counted) {
    const SmallReport r({}, true, 5'000, never);
    const json flow = checked(r.input())["liquidation_over_time"];
    for (const json& mean : flow["volume"]["mean"])
        EXPECT_NEAR(mean.get<double>(), 4.5, 0.004 * 4.5);
    for (const json& mean : flow["backlog"]["mean"])
        EXPECT_EQ(mean.get<double>(), 0);
    EXPECT_EQ(flow["hours"].size(), 12U);
}

TEST(ReportJson, of_a_comparison_pairs_the_paths) {
    const SmallReport r({}, true, 2'000, tenth);
    std::vector<PathResult> proposed;
    for (std::uint32_t p = 0; p < 2'000; ++p)
        proposed.push_back(with_loss(p % 10 == 0 ? p + 11 : 0));
    ReportInput input = r.input();
    input.changes = {{"WETH.lt", "80 %", "81 %"}};
    input.cases = {unchanged_case(proposed, &r.book)};
    const json report = checked(input);
    const json& rows = report["comparison"]["cases"][0]["rows"];
    EXPECT_NEAR(by_id(rows, "mean")["difference"]["value"], 1, 1e-9)
        << "ten dollars on a tenth of the paths";
    EXPECT_EQ(by_id(rows, "borrowing_power")["difference"]["value"], 0);
    EXPECT_EQ(by_id(rows, "debt_repaid")["difference"]["high"], 0) << "nowhere different";
    EXPECT_EQ(report["answer"]["beside"].size(), 4U);
    EXPECT_EQ(report["answer"]["beside"][3]["id"], "difference_probability_of_loss");
    EXPECT_EQ(report["answer"]["beside"][3]["unit"], "percentage_points");
    EXPECT_NE(report["answer"]["asked"].get<std::string>().find("WETH.lt 80 % → 81 %"),
              std::string::npos);
}

TEST(ReportJson, of_two_demand_cases_shows_both_and_differences_of_ratios_in_points) {
    const SmallReport r({}, true, 2'000, tenth);
    std::vector<PathResult> unchanged, levered;
    for (std::uint32_t p = 0; p < 2'000; ++p) {
        unchanged.push_back(with_loss(p % 20 == 0 ? p + 1 : 0));
        levered.push_back(with_loss(p % 5 == 0 ? p + 1 : 0));
    }
    const Relevered relevered{
        .book = r.book,
        .demand = {.borrowers = 3, .wanted = 5'000, .borrowed = 4'000, .repaid = 0}};
    ReportInput input = r.input();
    input.changes = {{"WETH.lt", "80 %", "81 %"}};
    input.cases = {unchanged_case(unchanged, &r.book), relevered_case(levered, relevered)};
    const json report = checked(input);
    const json& cases = report["comparison"]["cases"];
    ASSERT_EQ(cases.size(), 2U);
    EXPECT_FALSE(cases[0].contains("demand"));
    EXPECT_EQ(cases[1]["demand"]["borrowed_usd"], 4'000);
    const json& p = by_id(cases[1]["rows"], "probability_of_loss");
    EXPECT_EQ(p["unit"], "ratio");
    EXPECT_EQ(p["difference_unit"], "percentage_points");
    EXPECT_NEAR(p["difference"]["value"], 10, 1e-9) << "from 10 % to 20 %";
    EXPECT_GT(p["difference"]["low"], 8);
    EXPECT_NEAR(by_id(cases[0]["rows"], "probability_of_loss")["difference"]["value"], -5, 1e-9);
    EXPECT_EQ(by_id(cases[1]["rows"], "debt_in_book")["difference"]["value"], 0);
    const json& beside = report["answer"]["beside"];
    ASSERT_EQ(beside.size(), 6U);
    EXPECT_EQ(beside[5]["id"], "difference_probability_of_loss_relevered");
}

TEST(ReportJson, says_why_liquidations_waited) {
    // Nine waits a path: three in four of the paths for the gas, the others for the cash.
    const SmallReport r({}, true, 2'000, [](std::uint32_t p) {
        PathResult result = with_loss(0);
        const Refusal why = p % 4 == 0 ? Refusal::no_cash : Refusal::no_block_space;
        result.refusals[static_cast<std::size_t>(why)] = 9;
        return result;
    });
    const json refusals = checked(r.input())["summary"]["refusals"];
    const json& rows = refusals["rows"];
    ASSERT_EQ(rows.size(), refusal_count);
    EXPECT_NEAR(by_id(rows, "no_cash")["mean"]["value"], 9.0 / 4, 1e-9);
    EXPECT_NEAR(by_id(rows, "no_cash")["share"]["value"], 0.25, 1e-12);
    EXPECT_NEAR(by_id(rows, "no_block_space")["share"]["value"], 0.75, 1e-12);
    EXPECT_DOUBLE_EQ(by_id(rows, "no_block_space")["paths"]["value"], 0.75);
    EXPECT_TRUE(by_id(rows, "outage")["mean"].contains("unsupported"));
    EXPECT_EQ(by_id(rows, "outage")["paths"]["value"], 0);
    EXPECT_NEAR(by_id(rows, "all")["mean"]["value"], 9, 1e-9);
    EXPECT_EQ(rows.back()["id"], "all");
    EXPECT_DOUBLE_EQ(by_id(rows, "all")["share"]["value"], 1);
}

TEST(ReportJson, utilisation_and_cash_at_the_end) {
    const SmallReport r({}, true, 2'000, never);
    const json assets = checked(r.input())["utilisation"]["assets"];
    const json* row = nullptr;
    for (const json& one : assets)
        if (one["asset"] == "USDC") row = &one;
    ASSERT_NE(row, nullptr);
    EXPECT_NEAR((*row)["after"]["value"], (3 * 0.6 + 0.995) / 4, 1e-9);
    EXPECT_LT((*row)["after"]["low"], (*row)["after"]["value"]);
    EXPECT_NEAR((*row)["after_95"]["value"], 0.995, 0.004);
    EXPECT_DOUBLE_EQ((*row)["at_99"]["value"], 0.25);
    EXPECT_DOUBLE_EQ((*row)["at_99_end"]["value"], 0.25);
    EXPECT_NEAR((*row)["hours_without_exit"]["value"], 0.25 * 3 * 5 / 60, 1e-9);
    EXPECT_NEAR((*row)["cash_after_usd"]["value"], 400, 1e-9);
    EXPECT_NEAR((*row)["cash_after_5_usd"]["value"], 100, 0.4);
}

TEST(ReportJson, cascade_is_the_ratio_on_the_same_paths) {
    const SmallReport r({}, true, 2'000,
                        [](std::uint32_t p) { return with_loss(p % 2 == 0 ? 200 : 0); });
    std::vector<PathResult> without;
    for (std::uint32_t p = 0; p < 1'000; ++p)
        without.push_back(with_loss(p % 2 == 0 ? 50 : 0));
    ReportInput input = r.input();
    input.without_impact = without;
    const json report = checked(input);
    const json& figure = by_id(report["summary"]["cascade"], "amplification");
    EXPECT_NEAR(figure["estimate"]["value"], 4, 1e-9);
    EXPECT_NE(figure["definition"].get<std::string>().find("1,000 paths"), std::string::npos);
}

TEST(ReportJson, says_who_bears_the_loss) {
    const SmallReport bare({}, true, 2'000, tenth);
    const json none = checked(bare.input())["loss_by"]["layers"];
    EXPECT_NE(none["definition"].get<std::string>().find("nobody else bears it"),
              std::string::npos);
    EXPECT_TRUE(none["rows"][0]["cover_usd"].is_null());

    const SmallReport covered({.layer = true}, true, 2'000, [](std::uint32_t p) {
        PathResult result = with_loss(p % 10 == 0 ? 1'500 : 0);
        result.covered = std::min<MicroUsd>(result.realised.oracle, 1'000'000'000);
        return result;
    });
    const json rows = checked(covered.input())["loss_by"]["layers"]["rows"];
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0]["layer"], "umbrella");
    EXPECT_DOUBLE_EQ(rows[0]["cover_usd"], 1'000);
    EXPECT_NEAR(rows[0]["paid"]["value"], 100, 1e-9);
    EXPECT_EQ(rows[0]["paid_95"]["value"], 1'000);
    EXPECT_EQ(rows[0]["paid_99"]["value"], 1'000);
    EXPECT_DOUBLE_EQ(rows[0]["exhausted"]["value"], 0.1);
    EXPECT_EQ(rows[1]["paid_95"]["value"], 500);
    EXPECT_NEAR(rows[1]["paid"]["value"], 50, 1e-9);
    EXPECT_TRUE(rows[1]["cover_usd"].is_null());
}

TEST(ReportJson, shows_how_far_feeds_were_trusted_under_a_guard_alone) {
    Book book = small_book();
    give_sources(book, 5, 300);
    book.is_guarded = true;
    wire(book);
    Scenario scenario = small_scenario();
    const FeedFault below_zero{
        .kind = FeedFault::Kind::scaled, .value = -1, .from = 600, .until = 1'800};
    scenario.faults = {{.symbol = "WETH", .source = 0, .fault = below_zero}};
    const auto setup = prepare_storm(book, scenario, 7);
    ASSERT_TRUE(setup.has_value()) << setup.error();
    const RunResult run = run_storms(*setup, {.paths = 64, .threads = 2, .progress = {}});
    const Wall wall = wall_of(book, *positions_of(book));
    const ReportInput input{.setup = &*setup,
                            .run = &run,
                            .facts = {},
                            .wall = &wall,
                            .changes = {},
                            .cases = {},
                            .without_impact = {}};
    const json trust = checked(input)["trust"];
    ASSERT_EQ(trust["assets"].size(), 3U);
    for (const json& asset : trust["assets"]) {
        double sum = 0;
        for (const json& share : asset["share"]) sum += share.value("value", 0.0);
        EXPECT_NEAR(sum, 1, 1e-9) << asset["asset"];
    }
    ASSERT_EQ(trust["assets"][0]["refused"].size(), 1U);
    EXPECT_EQ(trust["assets"][0]["refused"][0]["reason"], "non_positive");
    EXPECT_GT(trust["assets"][0]["refused"][0]["mean"]["value"], 0.5);
    EXPECT_TRUE(trust["assets"][1]["refused"].empty());
    EXPECT_NE(report_table(input).find("Trust in the feeds"), std::string::npos);

    const SmallReport bare({}, true, 100, tenth);
    EXPECT_FALSE(checked(bare.input()).contains("trust"));
}

TEST(ReportJson, does_not_depend_on_threads) {
    const Book book = small_book();
    auto setup = prepare_storm(book, small_scenario(), 7);
    ASSERT_TRUE(setup.has_value()) << setup.error();
    const auto with_threads = [&](std::uint32_t threads) {
        const RunResult run = run_storms(*setup, {.paths = 64, .threads = threads, .progress = {}});
        const Wall wall = wall_of(book, *positions_of(book));
        return report_json({.setup = &*setup,
                            .run = &run,
                            .facts = {},
                            .wall = &wall,
                            .changes = {},
                            .cases = {},
                            .without_impact = {}});
    };
    const std::string one = with_threads(1);
    EXPECT_EQ(one, with_threads(3));
    for (const std::string& fault : schema_faults(json::parse(one)))
        ADD_FAILURE() << fault;
}

}  // namespace
}  // namespace breakwater::test
