// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "breakwater/io/venue_reader.hpp"
#include "breakwater/report/venue_report.hpp"
#include "schema.hpp"

namespace breakwater {
namespace {

class VenueReport : public ::testing::Test {
  protected:
    VenueBook v_ = read_venue(std::filesystem::path(BREAKWATER_DOCS).parent_path() / "examples" /
                              "unified-venue");
    VenueInspection inspection_ = *inspect_venue(v_);
};

TEST_F(VenueReport, the_json_counts_every_account_and_contract_once) {
    const auto json = nlohmann::json::parse(venue_json(v_, inspection_));
    EXPECT_EQ(json["format"], "breakwater-venue-inspection/1");
    EXPECT_EQ(json["accounts"], 10'000);
    EXPECT_EQ(json["contracts"].size(), v_.contracts.size());
    std::size_t binned = 0;
    for (const auto& bin : json["margin"])
        binned += bin["accounts"].get<std::size_t>();
    EXPECT_LE(binned, json["holders"].get<std::size_t>());
    EXPECT_GT(binned, 7'000U);
    for (const auto& asset : json["assets"]) {
        if (!asset.contains("custody_usd")) continue;
        // Custody is deposits less loans, and the pots of the contracts.
        const double own = asset["deposits_usd"].get<double>() - asset["loans_usd"].get<double>();
        EXPECT_NEAR(asset["custody_usd"].get<double>(), own, 2e6) << asset["asset"];
    }
    double before = 0;
    for (const auto& line : json["nearest"]) {
        EXPECT_GE(line["margin_ratio"].get<double>(), before);
        before = line["margin_ratio"].get<double>();
    }
}

TEST_F(VenueReport, the_json_holds_its_schema) {
    const auto json = nlohmann::json::parse(venue_json(v_, inspection_));
    EXPECT_EQ(test::schema_faults(json, "venue-inspection.schema.json"),
              std::vector<std::string>{});
    auto without = json;
    without["contracts"][0].erase("mark");
    EXPECT_NE(test::schema_faults(without, "venue-inspection.schema.json"),
              std::vector<std::string>{});
}

TEST_F(VenueReport, the_table_names_what_a_risk_desk_asks_for) {
    const std::string table = venue_table(v_, inspection_);
    for (const char* words : {"Equity / maintenance", "Open interest", "Nearest to liquidation",
                              "Accounts declared as linked", "BTC-PERP", "Custody"})
        EXPECT_NE(table.find(words), std::string::npos) << words;
    EXPECT_NE(table.find("and 95 more contracts"), std::string::npos);
}

TEST_F(VenueReport, an_account_below_maintenance_is_counted_and_comes_first) {
    // The first trader's dollars go; its positions stay.
    venue::Market& m = v_.market();
    AccountId holder{};
    for (std::uint32_t a = 30; a < m.set().accounts; ++a)
        if (m.positions[m.first_slot(AccountId{a})].lots != 0 &&
            m.balances[m.row(AccountId{a}, AssetId{0})].cash > 0) {
            holder = AccountId{a};
            break;
        }
    m.balances[m.row(holder, AssetId{0})].cash = 0;
    const auto after = inspect_venue(v_, {.nearest = 1, .nearest_notional_min = 0});
    ASSERT_TRUE(after.has_value());
    EXPECT_EQ(after->below_maintenance, inspection_.below_maintenance + 1);
    ASSERT_EQ(after->nearest.size(), 1U);
    EXPECT_EQ(after->nearest[0].account, holder);
}

}  // namespace
}  // namespace breakwater
