// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "breakwater/report/inspect_json.hpp"
#include "breakwater/report/inspect_table.hpp"
#include "schema.hpp"
#include "small_book.hpp"

namespace breakwater::test {
namespace {

double sum_of_cells(const Backing& b) {
    double sum = b.unbacked();
    for (std::uint8_t c = 0; c < b.assets(); ++c)
        sum += b.debt_backed_by(AssetId{c});
    return sum;
}

TEST(Backing, by_hand) {
    const auto inspection = inspect(small_book());
    const Backing& b = inspection->backing;
    EXPECT_NEAR(b.at(weth, usdc).debt, 130'000 + 20'000 * 2.0 / 3, 1e-6);
    EXPECT_EQ(b.at(weth, usdc).correlated, 0);
    EXPECT_NEAR(b.at(wsteth, weth).debt, 220'000, 1e-6);
    EXPECT_NEAR(b.at(wsteth, weth).correlated, 220'000, 1e-6);
    EXPECT_NEAR(b.at(weth, weth).correlated, 40'000, 1e-6);
    EXPECT_NEAR(b.at(usdc, weth).debt, 20'000, 1e-6);
    EXPECT_EQ(b.at(usdc, weth).correlated, 0);
    EXPECT_NEAR(b.at(usdc, usdc).correlated, 20'000 / 3.0, 1e-6);
    EXPECT_DOUBLE_EQ(b.unbacked(usdc), 500);
    EXPECT_NEAR(sum_of_cells(b), 430'500, 1e-6);
    EXPECT_NEAR(b.correlated() + b.uncorrelated() + b.unbacked(), 430'500, 1e-6);
}

TEST(Backing, a_pair_is_correlated_by_its_root_or_by_the_emode_of_the_account) {
    Book book = small_book();
    aave_v3::Market& market = aave_market(book.state);
    market.accounts[index(looper)].emode = 0;
    market.emodes[1].borrowable = 0b100;
    market.accounts[index(whale)].emode = 1;
    const auto positions = positions_of(book);
    const Backing b = backing_of(book, *positions);
    EXPECT_NEAR(b.at(wsteth, weth).correlated, 220'000, 1e-6) << "wstETH follows WETH";
    EXPECT_NEAR(b.at(weth, usdc).correlated, 130'000, 1e-6) << "the whale's e-mode, not the farmer";
}

TEST(Backing, sums_to_the_debt_of_random_books) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const Book book = random_book(seed, 500);
        const auto inspection = inspect(book);
        EXPECT_NEAR(sum_of_cells(inspection->backing) / inspection->concentration.debt, 1, 1e-12)
            << seed;
    }
}

TEST(InspectJson, carries_the_figures) {
    const Book book = small_book();
    const auto json = nlohmann::json::parse(inspect_json(book, *inspect(book)));
    EXPECT_EQ(json["format"], "breakwater-inspect/1");
    EXPECT_EQ(json["as_of"], "2025-06-10T00:00:00Z");
    EXPECT_EQ(json["accounts"], 5);
    EXPECT_EQ(json["solvency"]["reserves"].size(), 3U);
    EXPECT_EQ(json["health"][0]["accounts"], 1);
    EXPECT_TRUE(json["health"].back()["high"].is_null());
    EXPECT_TRUE(json["solvency"]["reserves"][0]["supply_cap_usd"].is_null()) << "no cap";
    EXPECT_TRUE(json["instant_zero"]["rows"][0]["cap_room_usd"].is_null()) << "no cap";
    EXPECT_EQ(json["wall"]["curves"][0]["symbol"], "all");
    EXPECT_EQ(json["wall"]["curves"][0]["points"].size(), wall_moves);
    double cells = 0;
    for (const auto& cell : json["backing"]["cells"])
        cells += cell["debt_usd"].get<double>();
    EXPECT_NEAR(cells, 430'500, 1e-6);
    EXPECT_EQ(json["nearest"]["rows"][0]["account"], "looper");
    EXPECT_EQ(json["nearest"]["rows"][0]["legs"].size(), 2U);
}

TEST(InspectJson, holds_its_schema) {
    for (const Book& book : {small_book(), small_book({.layer = true}), random_book(7, 300)})
        for (const std::string& fault : schema_faults(
                 nlohmann::json::parse(inspect_json(book, *inspect(book))), "inspect.schema.json"))
            ADD_FAILURE() << fault;
}

TEST(InspectJson, a_missing_and_an_unknown_field_break_the_schema) {
    const Book book = small_book();
    auto json = nlohmann::json::parse(inspect_json(book, *inspect(book)));
    json["wall"]["curves"][0]["points"][0].erase("debt_usd");
    EXPECT_EQ(schema_faults(json, "inspect.schema.json").size(), 1U);
    json["solvency"]["reserves"][0]["more"] = 1;
    EXPECT_EQ(schema_faults(json, "inspect.schema.json").size(), 2U);
}

TEST(InspectTable, shows_every_part) {
    const Book book = small_book();
    const std::string text = inspect_table(book, *inspect(book));
    for (const char* part : {"Solvency", "Health of borrowers", "Liquidation wall",
                             "Collateral × debt", "Instant zero", "Concentration",
                             "Nearest to the edge", "looper", "supply cap", "wstETH against WETH"})
        EXPECT_NE(text.find(part), std::string::npos) << part;
}

TEST(InspectTable, an_empty_book_is_no_fault) {
    Book book = small_book();
    aave_v3::Market& market = aave_market(book.state);
    market.legs.clear();
    for (aave_v3::AccountRow& row : market.accounts)
        row = {};
    for (aave_v3::Reserve& r : market.reserves)
        r.supplied = r.borrowed = Scaled{};
    const auto inspection = inspect(book);
    ASSERT_TRUE(inspection.has_value());
    EXPECT_EQ(inspection->concentration.borrowers, 0U);
    EXPECT_FALSE(inspect_table(book, *inspection).empty());
    EXPECT_TRUE(
        schema_faults(nlohmann::json::parse(inspect_json(book, *inspection)), "inspect.schema.json")
            .empty());
}

}  // namespace
}  // namespace breakwater::test
