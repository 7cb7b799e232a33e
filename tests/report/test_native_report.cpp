// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "../stress/native_files.hpp"
#include "../stress/still_world.hpp"
#include "breakwater/io/comet_generator.hpp"
#include "breakwater/io/morpho_generator.hpp"
#include "breakwater/report/inspect_json.hpp"
#include "breakwater/report/inspect_table.hpp"
#include "breakwater/report/report_json.hpp"
#include "breakwater/report/report_table.hpp"
#include "schema.hpp"

namespace breakwater::test {
namespace {

using nlohmann::json;

class NativeReport : public ::testing::Test {
  protected:
    NativeReport() {
        const fs::path market = project_folder("examples") / "morpho-blue" / "market.toml";
        const TextFile text(market);
        folder_.write("market.toml", text.text());
        folder_.write("accounts.csv", generate_morpho_accounts(parse_native(text), 300, 5));
        book_ = read_native_book(folder_.path());
    }
    TemporaryFolder folder_;
    Book book_;
};

TEST_F(NativeReport, of_a_storm_holds_the_schema_and_tells_losses_by_market) {
    Scenario scenario = crash();
    scenario.price.jump.mean = -0.6;
    const auto setup = prepare_storm(book_, scenario, 2);
    ASSERT_TRUE(setup.has_value()) << setup.error();
    const RunResult run = run_storms(*setup, {.paths = 60, .threads = 1, .progress = {}});
    const auto inspection = inspect(book_);
    ReportInput input;
    input.setup = &*setup;
    input.run = &run;
    input.wall = &inspection->wall;
    const json report = json::parse(report_json(input));
    for (const std::string& fault : schema_faults(report))
        ADD_FAILURE() << fault;
    for (const std::string& fault : chart_faults(report))
        ADD_FAILURE() << fault;
    EXPECT_EQ(report["run"]["rulebook"], "morpho_blue");
    EXPECT_EQ(report["run"]["accounts"], 300);
    EXPECT_EQ(report["parameters"]["tables"][0]["id"], "markets");
    double mean = 0;
    for (const json& row : report["loss_by"]["layers"]["rows"]) {
        EXPECT_TRUE(row["layer"].get<std::string>().starts_with("Suppliers of "));
        mean += row["paid"]["value"].get<double>();
    }
    double owed = 0;
    for (const json& row : report["loss_by"]["assets"]["rows"])
        owed += row["loss"]["value"].get<double>();
    EXPECT_GT(mean, 0);
    EXPECT_NEAR(mean, owed, 1e-6 * owed + 1) << "by market and by asset it is the same loss";
    EXPECT_NE(report_table(input).find("Suppliers of WBTC/USDC"), std::string::npos);
}

TEST_F(NativeReport, of_a_comet_tells_reserves_before_suppliers) {
    const fs::path market = project_folder("examples") / "compound-v3" / "market.toml";
    const TextFile text(market);
    folder_.write("market.toml", text.text());
    folder_.write("accounts.csv", generate_comet_accounts(parse_native(text), 300, 5));
    const Book book = read_native_book(folder_.path());
    Scenario scenario = crash();
    scenario.price.jump.mean = -0.5;
    const auto setup = prepare_storm(book, scenario, 2);
    ASSERT_TRUE(setup.has_value()) << setup.error();
    const RunResult run = run_storms(*setup, {.paths = 60, .threads = 1, .progress = {}});
    ReportInput input;
    input.setup = &*setup;
    input.run = &run;
    const json report = json::parse(report_json(input));
    for (const std::string& fault : schema_faults(report))
        ADD_FAILURE() << fault;
    const json& rows = report["loss_by"]["layers"]["rows"];
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0]["layer"], "Reserves of Comet USDT");
    EXPECT_EQ(rows[1]["layer"], "Suppliers of Comet USDT");
    const auto inspection = inspect(book);
    ASSERT_TRUE(inspection.has_value());
    const json document = json::parse(inspect_json(book, *inspection));
    for (const std::string& fault : schema_faults(document, "inspect.schema.json"))
        ADD_FAILURE() << fault;
    EXPECT_EQ(document["markets"].size(), 4U);
}

TEST_F(NativeReport, of_an_inspection_holds_the_schema_and_lists_the_markets) {
    const auto inspection = inspect(book_);
    ASSERT_TRUE(inspection.has_value());
    const json document = json::parse(inspect_json(book_, *inspection));
    for (const std::string& fault : schema_faults(document, "inspect.schema.json"))
        ADD_FAILURE() << fault;
    ASSERT_EQ(document["markets"].size(), 6U);
    EXPECT_NEAR(document["markets"][0]["lltv"].get<double>(), 0.86, 1e-12);
    EXPECT_NEAR(document["markets"][3]["utilisation"].get<double>(), 0.9, 1e-3);
    EXPECT_TRUE(document["instant_zero"]["rows"].empty());
    const std::string table = inspect_table(book_, *inspection);
    EXPECT_NE(table.find("sUSDe/USDC"), std::string::npos);
    EXPECT_EQ(table.find("Instant zero"), std::string::npos);
}

}  // namespace
}  // namespace breakwater::test
