// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "breakwater/report/answer.hpp"
#include "breakwater/report/attribution.hpp"
#include "breakwater/report/limits.hpp"
#include "breakwater/report/report_json.hpp"
#include "breakwater/report/report_table.hpp"
#include "schema.hpp"
#include "small_run.hpp"

namespace breakwater::test {
namespace {

TEST(ReportWords, inside_a_scenario_there_is_no_value_at_risk) {
    const SmallReport r({}, true, 2'000, tenth);
    const Figures figures = figures_of(r.input());
    for (const Figure& f : figures.distribution) {
        EXPECT_FALSE(f.id.starts_with("var")) << f.id;
        EXPECT_EQ(f.label.find("alue at risk"), std::string::npos) << f.label;
        EXPECT_FALSE(f.definition.empty());
    }
    EXPECT_EQ(figures.distribution_figure("quantile_95").label, "95 % quantile given the scenario");
    EXPECT_NE(figures.loss.find("given the scenario"), std::string::npos);
    EXPECT_EQ(report_table(r.input()).find("VaR"), std::string::npos);
    EXPECT_EQ(report_json(r.input()).find("VaR"), std::string::npos);
}

TEST(ReportWords, unconditional_figures_carry_horizon_and_price_basis) {
    const SmallReport r({}, false, 2'000, tenth);
    const Figures figures = figures_of(r.input());
    for (const char* id : {"var_95", "var_99", "var_99_9", "es_99"}) {
        const Figure& f = figures.distribution_figure(id);
        EXPECT_NE(f.label.find("1 h"), std::string::npos) << f.label;
        EXPECT_NE(f.label.find("oracle price"), std::string::npos) << f.label;
    }
    EXPECT_EQ(figures.loss.find("given"), std::string::npos);
    const auto report = nlohmann::json::parse(report_json(r.input()));
    for (const std::string& fault : schema_faults(report))
        ADD_FAILURE() << fault;
}

TEST(ReportWords, every_limit_says_its_bias_and_switches_come_first) {
    SmallReport r({}, true, 100, tenth);
    r.setup.scenario.liquidity.enabled = false;
    const auto limits = limits_of(r.input());
    EXPECT_NE(limits[0].what.find("Price impact is switched off"), std::string::npos);
    EXPECT_EQ(limits[0].bias, Bias::understates);
    const auto has = [&](const char* start, Bias bias) {
        return std::ranges::any_of(
            limits, [&](const Limit& l) { return l.what.starts_with(start) && l.bias == bias; });
    };
    EXPECT_TRUE(has("The book is frozen", Bias::overstates));
    EXPECT_TRUE(has("No run of depositors", Bias::understates));
    EXPECT_TRUE(has("No borrowing against a lagging oracle", Bias::understates));
    EXPECT_TRUE(has("Keepers' capital", Bias::either));
}

TEST(ReportWords, drivers_are_at_most_three_the_largest_first) {
    const SmallReport r({}, true, 2'000, tenth);
    const ReportInput input = r.input();
    const auto drivers = attribution_of(input, figures_of(input)).drivers;
    ASSERT_EQ(drivers.size(), 2U);  // one asset, one account
    EXPECT_EQ(drivers[0].name, "USDC");
    EXPECT_DOUBLE_EQ(drivers[0].share, 1);
    EXPECT_EQ(drivers[1].name, "whale");
}

TEST(ReportWords, an_account_loss_is_bounded_by_what_it_can_lose) {
    // Loses its whole debt on half of the paths: the interval must cover the sampling error of the
    // frequency.
    const SmallReport r({}, true, 2'000,
                        [](std::uint32_t p) { return with_loss(p % 2 == 0 ? 100 : 0); });
    const ReportInput input = r.input();
    const AccountLossRow row = attribution_of(input, figures_of(input)).accounts.at(0);
    EXPECT_DOUBLE_EQ(row.loss.value, 50);
    EXPECT_NEAR(row.loss.high - row.loss.low, 2 * 1.962 * 50 / std::sqrt(2'000.0), 0.01);
}

}  // namespace
}  // namespace breakwater::test
