// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "breakwater/stress/margin_backtest.hpp"
#include "breakwater/stress/procyclicality.hpp"
#include "breakwater/world/math.hpp"

namespace breakwater {
namespace {

/// Calm, a storm, calm again: normal returns of 1 %, 4 % and 1 %.
std::vector<double> stormy_returns(std::size_t n) {
    std::mt19937_64 draw{11};
    std::vector<double> out;
    for (std::size_t i = 0; i < n; ++i) {
        const double u = (static_cast<double>(draw() >> 11U) + 0.5) * 0x1p-53;
        out.push_back(normal_quantile(u) * (i % 2'000 > 1'500 ? 0.04 : 0.01));
    }
    return out;
}

MarginSettings settings_of(MarginModel model) {
    MarginSettings s;
    s.model = model;
    s.floor = s.stress_weight = s.buffer = true;
    return s;
}

TEST(MarginBacktest, MARGIN_101_no_margin_knows_the_return_that_it_covers) {
    const auto returns = stormy_returns(3'000);
    for (const MarginModel model : {MarginModel::ewma, MarginModel::garch, MarginModel::fhs}) {
        const auto before = margin_series(returns, settings_of(model));
        ASSERT_EQ(before.margins.size(), returns.size() - before.first);
        for (const std::size_t changed :
             {std::size_t{1'000}, std::size_t{2'250}, returns.size() - 1}) {
            auto other = returns;
            for (std::size_t i = changed; i < other.size(); ++i)
                other[i] = -0.5;
            const auto after = margin_series(other, settings_of(model));
            for (std::size_t i = 0; before.first + i <= changed; ++i)
                ASSERT_EQ(before.margins[i], after.margins[i]) << name(model) << " " << i;
            if (changed + 1 < returns.size()) {
                const std::size_t next = changed + 1 - before.first;
                EXPECT_NE(before.margins[next], after.margins[next]) << name(model);
            }
        }
    }
}

TEST(MarginBacktest, MARGIN_101_tools_only_add) {
    const auto returns = stormy_returns(3'000);
    for (const MarginModel model : {MarginModel::ewma, MarginModel::garch, MarginModel::fhs}) {
        MarginSettings plain;
        plain.model = model;
        const auto base = margin_series(returns, plain).margins;
        for (bool MarginSettings::*tool :
             {&MarginSettings::floor, &MarginSettings::stress_weight, &MarginSettings::buffer}) {
            MarginSettings with = plain;
            with.*tool = true;
            const auto raised = margin_series(returns, with).margins;
            double added = 0.0;
            for (std::size_t i = 0; i < base.size(); ++i) {
                ASSERT_GE(raised[i], base[i]);
                added += raised[i] - base[i];
            }
            EXPECT_GT(added, 0.0);
        }
    }
}

TEST(MarginBacktest, MARGIN_101_counts_agree_with_a_count_by_hand) {
    const auto returns = stormy_returns(2'600);
    for (const bool is_long : {true, false}) {
        MarginSettings s;
        s.is_long = is_long;
        const auto series = margin_series(returns, s);
        std::uint64_t exceptions = 0;
        double worst = 0.0;
        for (std::size_t i = 0; i < series.margins.size(); ++i) {
            const double loss = is_long ? -returns[series.first + i] : returns[series.first + i];
            exceptions += loss > series.margins[i] ? 1U : 0U;
            worst = std::max(worst, loss - series.margins[i]);
        }
        const MarginBacktest b = backtest_margin(returns, s);
        EXPECT_EQ(b.exceptions, exceptions);
        EXPECT_EQ(b.steps, series.margins.size());
        EXPECT_EQ(b.excess_worst, worst);
        EXPECT_EQ(b.coverage.statistic, kupiec(b.steps, exceptions, 1.0 - 0.99).statistic);
        ASSERT_TRUE(b.worst_250.has_value());
        EXPECT_LE(b.excess_mean, b.excess_worst);
    }
}

TEST(MarginBacktest, MARGIN_101_an_ewma_margin_is_the_quantile_times_the_volatility) {
    std::vector<double> returns(700, 0.01);
    MarginSettings s;
    const auto series = margin_series(returns, s);
    for (const double m : series.margins)
        EXPECT_NEAR(m, normal_quantile(0.99) * 0.01, 1e-15);
    EXPECT_EQ(backtest_margin(returns, s).exceptions, 0U);
    EXPECT_EQ(largest_increase(series.margins, 1'000), 0.0);
}

}  // namespace
}  // namespace breakwater
