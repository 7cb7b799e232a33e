// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "breakwater/report/format.hpp"
#include "breakwater/report/input.hpp"
#include "breakwater/stress/estimates.hpp"

/// The figures of a run with the words that belong beside them, once for every output. Given a
/// named scenario percentiles are quantiles given the scenario; value at risk and expected
/// shortfall as such are said of the unconditional model only, with horizon and price basis. Ids
/// and definitions: docs/report-schema.md.
namespace breakwater {

struct Figure {
    std::string id;
    std::string label;
    Unit unit = Unit::usd;
    Estimate estimate;
    std::string definition;
};

/// One measure of bad debt at the three prices.
struct BadDebtRow {
    std::string id;
    std::string label;
    std::string statistic;
    std::string definition;
    Estimate oracle;
    Estimate market;
    Estimate exit;
};

/// Why liquidations did not happen.
struct RefusalRow {
    std::string id;
    std::string label;
    std::string definition;
    Estimate mean;   ///< attempts per path
    Estimate share;  ///< of all attempts refused, over all paths
    Estimate paths;  ///< P(any on the path)
};

struct PriceBases {
    static constexpr const char* oracle = "At the last price that the oracle reported.";
    static constexpr const char* market = "At the market's price of the same moment.";
    static constexpr const char* exit =
        "At the market's price, less what selling the collateral and buying the debt at once moves "
        "it.";
};

struct Figures {
    std::string loss;  ///< which loss is meant: measure, price basis, time
    std::vector<Figure> distribution;
    std::vector<BadDebtRow> bad_debt;
    std::vector<Figure> stuck;
    std::vector<Figure> liquidations;
    std::vector<Figure> cascade;
    std::vector<RefusalRow> refusals;  ///< in the order of precedence; the last is their sum
    static constexpr const char* refusals_definition =
        "An account that is liquidatable and is not liquidated counts once in each step, for the "
        "first reason in this order. A liquidation that is only cut in size is none of these.";

    /// The expected shortfall where it is supported, else the mean, else P(loss > 0), which always
    /// is.
    [[nodiscard]] const Figure& headline() const;
    /// What stands beside the headline, P(loss > 0) among it; of the others what is supported.
    [[nodiscard]] std::vector<Figure> beside() const;
    [[nodiscard]] const Figure& distribution_figure(const std::string& id) const;
};

Figures figures_of(const ReportInput& input);

/// Bad debt of every path; sorted once, for figures and curve.
Distribution bad_debt_of(const ReportInput& input);

/// The mean over the paths of a figure that is not a loss: where no path has any, or fewer than 20,
/// it says so.
Estimate mean_of(std::span<const MicroUsd> column);
/// A count as a column: in millionths, as losses are.
template <class Count>
std::vector<MicroUsd> count_column(const RunResult& run, Count count) {
    return run.column(
        [&](const PathResult& p) { return MicroUsd{1'000'000} * std::invoke(count, p); });
}

/// "24 h", "48 h": a horizon is always said in hours up to four days.
std::string horizon_text(const Scenario& scenario);

}  // namespace breakwater
