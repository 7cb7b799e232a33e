// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "../stress/venue_storm_book.hpp"
#include "breakwater/report/html.hpp"
#include "breakwater/report/venue_storm_report.hpp"
#include "schema.hpp"

namespace breakwater {
namespace {

using nlohmann::json;

constexpr std::uint64_t usdc = 1'000'000;

/// A few storms over the venue of the storm tests, whose fund holds 10,000 USDC, and their report.
class VenueStormReport : public ::testing::Test {
  protected:
    /// A tier's limit in USDC; tiers are without a bound where nothing is given.
    void limit(std::uint32_t tier, std::uint64_t whole) {
        venue::Market& m = venue_.market();
        m.fund_tiers[m.tier_row(tier, AssetId{0})].limit = {uint128{whole} * usdc};
    }
    void run() {
        auto setup = prepare_venue_storm(std::move(venue_), venue_given::storm_scenario(-0.4), 3);
        ASSERT_TRUE(setup.has_value()) << setup.error();
        setup_.emplace(std::move(*setup));
        result_ = run_venue_storms(*setup_, {.paths = 24, .threads = 1, .progress = {}});
        input_ = {.setup = &*setup_, .run = &result_, .facts = {}};
        report_ = json::parse(venue_storm_json(input_));
    }
    const json& layer(const std::string& name) {
        for (const json& row : report_["loss_by"]["layers"]["rows"])
            if (row["layer"] == name) return row;
        ADD_FAILURE() << "no layer " << name;
        return report_;
    }

    VenueBook venue_ = venue_given::storm_venue({.accounts = 200});
    std::optional<VenueSetup> setup_;
    VenueRunResult result_;
    VenueStormInput input_;
    json report_;
};

TEST_F(VenueStormReport, VENUE_023_without_a_lower_limit_the_fund_covers_what_it_holds) {
    run();
    EXPECT_DOUBLE_EQ(layer("insurance fund")["cover_usd"].get<double>(), 10'000);
    for (const char* unbounded : {"deleveraging", "haircut of gains", "uncovered"})
        EXPECT_TRUE(layer(unbounded)["cover_usd"].is_null()) << unbounded;
}

TEST_F(VenueStormReport, VENUE_023_the_cover_of_the_fund_is_the_room_within_its_tiers) {
    limit(0, 3'000);
    limit(1, 1'500);
    venue::FundTier& first = venue_.market().fund_tiers[0];
    first.paid = {uint128{1'000} * usdc};  // in an earlier storm
    run();
    EXPECT_DOUBLE_EQ(layer("insurance fund")["cover_usd"].get<double>(), 3'500);
}

TEST_F(VenueStormReport, VENUE_023_a_tier_wider_than_the_fund_covers_no_more_than_it_holds) {
    limit(0, 9'000);
    limit(1, 9'000);
    run();
    EXPECT_DOUBLE_EQ(layer("insurance fund")["cover_usd"].get<double>(), 10'000);
    EXPECT_NE(venue_storm_table(input_).find("$10.0K"), std::string::npos);
    EXPECT_NE(report_html(report_.dump()).find("\"cover_usd\":10000.0"), std::string::npos);
}

TEST_F(VenueStormReport, holds_the_schema) {
    run();
    EXPECT_EQ(test::schema_faults(report_), std::vector<std::string>{});
}

}  // namespace
}  // namespace breakwater
