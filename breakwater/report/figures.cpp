// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/figures.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "breakwater/core/require.hpp"
#include "breakwater/stress/paired.hpp"

namespace breakwater {
namespace {

using Column = std::vector<MicroUsd>;

struct Level {
    double level;
    const char* id;       ///< "95"
    const char* percent;  ///< "95 %"
    const char* one_in;   ///< "one path in 20"
};
constexpr std::array<Level, 3> levels{{{0.95, "95", "95 %", "One path in 20"},
                                       {0.99, "99", "99 %", "One path in 100"},
                                       {0.999, "99_9", "99.9 %", "One path in 1,000"}}};

/// A caution of the statistics stands beside the figure, not in a place of its own.
Figure with_caution(Figure figure) {
    if (figure.estimate.supported && !figure.estimate.reason.empty())
        figure.definition +=
            (figure.unit == Unit::ratio ? " " : " Caution: ") + figure.estimate.reason + ".";
    return figure;
}

/// What stands behind the letters VaR and ES.
std::string model_in_words(const Scenario& scenario) {
    return scenario.calibrated_on.empty()
               ? "under the drift-free model that the scenario calibrates on its own sources."
               : "under a drift-free Student-t model calibrated on " + scenario.calibrated_on + ".";
}

Figure quantile_figure(const ReportInput& input, const Distribution& losses, const Level& level) {
    const Estimate estimate = losses.quantile(level.level);
    const std::string horizon = horizon_text(input.scenario());
    if (input.scenario().conditional)
        return {std::string("quantile_") + level.id,
                std::string(level.percent) + " quantile given the scenario", Unit::usd, estimate,
                std::string(level.one_in) +
                    " loses more. Not a value at risk: the scenario itself has no probability."};
    return {std::string("var_") + level.id,
            std::string("Value at risk ") + level.percent + ", " + horizon + ", oracle price",
            Unit::usd, estimate,
            std::string(level.one_in) + " loses more within " + horizon +
                ", at the oracle's price; unconditional, " + model_in_words(input.scenario())};
}

Figure shortfall_figure(const ReportInput& input, const Distribution& losses) {
    const Estimate estimate = losses.expected_shortfall(0.99);
    const std::string horizon = horizon_text(input.scenario());
    if (input.scenario().conditional)
        return {"expected_shortfall_99", "Expected shortfall 99 % given the scenario", Unit::usd,
                estimate, "Mean bad debt of the worst 1 % of paths, given the scenario."};
    return {"es_99", "Expected shortfall 99 %, " + horizon + ", oracle price", Unit::usd, estimate,
            "Mean bad debt of the worst 1 % of paths within " + horizon +
                ", at the oracle's price; unconditional, " + model_in_words(input.scenario())};
}

std::vector<Figure> distribution_of(const ReportInput& input) {
    const Distribution losses = bad_debt_of(input);
    std::vector<Figure> out;
    out.push_back({"probability_of_loss", "P(bad debt > 0)", Unit::ratio,
                   losses.probability_of_loss(),
                   "Share of the paths that end with any bad debt at all."});
    out.push_back({"mean", "Mean", Unit::usd, losses.mean(),
                   "Mean over all paths, those without loss included."});
    for (const Level& level : levels)
        out.push_back(quantile_figure(input, losses, level));
    out.push_back(shortfall_figure(input, losses));
    for (Figure& figure : out)
        figure = with_caution(std::move(figure));
    return out;
}

Estimate oracle_only() {
    Estimate none;
    none.refuse("measured at the oracle's price only");
    return none;
}

struct Measure {
    const char* id;
    const char* label;
    const char* definition;
    Column oracle;
    Column market;  ///< empty: not measured at this price
    Column exit;
};

std::vector<BadDebtRow> bad_debt_rows(const ReportInput& input) {
    const RunResult& run = *input.run;
    const auto column = [&](ThreePrices PathResult::*when, MicroUsd ThreePrices::*price) {
        return run.column([&](const PathResult& p) { return (p.*when).*price; });
    };
    const std::array<Measure, 3> measures{{
        {"realised", "Realised",
         "Debt written off when an account's collateral ran out, before any layer pays.",
         column(&PathResult::realised, &ThreePrices::oracle),
         column(&PathResult::realised, &ThreePrices::market),
         column(&PathResult::realised, &ThreePrices::exit)},
        {"unrealised_end", "Unrealised at the end",
         "Debt above collateral, over the accounts that are still open at the end.",
         column(&PathResult::unrealised, &ThreePrices::oracle),
         column(&PathResult::unrealised, &ThreePrices::market),
         column(&PathResult::unrealised, &ThreePrices::exit)},
        {"unrealised_peak",
         "Unrealised, peak",
         "Its largest value on the path, before any recovery.",
         run.column(&PathResult::unrealised_peak),
         {},
         {}},
    }};
    std::vector<BadDebtRow> out;
    for (const Measure& m : measures) {
        const auto at = [](const Column& c) { return c.empty() ? oracle_only() : mean_of(c); };
        out.push_back(
            {m.id, m.label, "mean", m.definition, at(m.oracle), at(m.market), at(m.exit)});
    }
    for (const Measure& m : measures) {
        const auto at = [](const Column& c) {
            return c.empty() ? oracle_only() : Distribution(c).quantile(0.99);
        };
        out.push_back({std::string(m.id) + "_99", m.label, "99 % quantile", m.definition,
                       at(m.oracle), at(m.market), at(m.exit)});
    }
    return out;
}

std::vector<Figure> stuck_of(const RunResult& run) {
    return {
        {"stuck_debt", "Stuck debt at the end", Unit::usd, mean_of(run.column(&PathResult::stuck)),
         "Liquidatable, but no keeper gains by it after gas and slippage, or none can act. Mean "
         "over the paths."},
        {"stuck_positions", "Stuck positions at the end", Unit::count,
         mean_of(count_column(run, &PathResult::stuck_accounts)), "Mean number of such accounts."},
        {"backlog_peak", "Backlog, peak", Unit::usd, mean_of(run.column(&PathResult::backlog_peak)),
         "Largest debt of liquidatable accounts waiting at the end of a step. Mean over the "
         "paths."}};
}

std::vector<Figure> liquidations_of(const RunResult& run) {
    const Column repaid = run.column(&PathResult::repaid);
    return {{"debt_repaid", "Debt repaid", Unit::usd, mean_of(repaid),
             "Mean over the paths; each dollar of debt once. Not bad debt."},
            {"debt_repaid_99", "Debt repaid, 99 % quantile", Unit::usd,
             Distribution(repaid).quantile(0.99), "One path in 100 repays more."},
            {"collateral_seized", "Collateral seized", Unit::usd,
             mean_of(run.column(&PathResult::seized)),
             "What keepers receive, at the oracle's price of the moment."},
            {"borrowers_cost", "Bonus and fee", Unit::usd,
             mean_of(run.column(&PathResult::equity_lost)),
             "Bonus and protocol fee that liquidated borrowers pay, at the oracle's price."},
            {"liquidations", "Liquidations", Unit::count,
             mean_of(count_column(run, &PathResult::liquidations)), "Mean number per path."},
            {"ltv_raised", "Liquidations that raised LTV", Unit::count,
             mean_of(count_column(run, &PathResult::ltv_raised)),
             "Mean number per path that left the account worse than they found it, as the modelled "
             "rules allow."}};
}

constexpr std::array<std::array<const char*, 2>, refusal_count> refusal_words{{
    {"All refusals", "All of the above."},
    {"Outage", "No keeper is up: all are out at once, or none works on this path."},
    {"No block space", "The gas that liquidations can win in the step is used up."},
    {"Unprofitable", "No part of it pays after gas, slippage and the least profit asked for."},
    {"No cash", "The reserve has not the cash to pay out the collateral."},
    {"No capital", "What the keepers have is away, and what is left does not pay."},
}};

std::vector<RefusalRow> refusals_of(const RunResult& run) {
    const auto all = [](const PathResult& p) {
        return std::accumulate(p.refusals.begin(), p.refusals.end(), std::uint64_t{0});
    };
    const Column whole =
        count_column(run, [&](const PathResult& p) { return static_cast<MicroUsd>(all(p)); });
    std::vector<RefusalRow> out;
    const auto add = [&](const char* id, std::size_t words, const Column& column) {
        Estimate share = ratio_of_means(column, whole, "paths with a refusal");
        share.high = std::min(share.high, 1.0);
        out.push_back({id, refusal_words[words][0], refusal_words[words][1], mean_of(column), share,
                       Distribution(column).probability_of_loss()});
    };
    for (std::size_t reason = 1; reason < refusal_count; ++reason)
        add(to_string(static_cast<Refusal>(reason)), reason,
            count_column(run, [&](const PathResult& p) { return p.refusals[reason]; }));
    add("all", 0, whole);
    return out;
}

std::vector<Figure> cascade_of(const ReportInput& input) {
    const std::size_t n = std::min(input.without_impact.size(), input.paths());
    if (n == 0) return {};
    Column with;
    Column without;
    for (std::size_t p = 0; p < n; ++p) {
        with.push_back(input.run->paths[p].bad_debt());
        without.push_back(input.without_impact[p].bad_debt());
    }
    return {with_caution(
        {"amplification", "Cascade amplification", Unit::multiple,
         cascade_amplification(with, without),
         "Mean bad debt with the price impact of liquidations over that without, on the same " +
             count_text(static_cast<double>(n)) + " paths."})};
}

}  // namespace

std::string horizon_text(const Scenario& scenario) {
    const double hours = scenario.horizon_seconds / 3600;
    return hours <= 96 && hours >= 1 ? number_text(hours) + " h" : hours_text(hours);
}

Distribution bad_debt_of(const ReportInput& input) {
    return Distribution(input.run->column(&PathResult::bad_debt));
}

Estimate mean_of(std::span<const MicroUsd> column) {
    const Distribution distribution(column);
    Estimate estimate = distribution.mean();
    const std::string of = " of " + count_text(static_cast<double>(column.size())) + " paths";
    if (distribution.paths_with_loss() == 0) {
        estimate.refuse("none on any" + of);
    } else if (distribution.paths_with_loss() < losses_needed) {
        estimate.refuse("rests on " +
                        count_text(static_cast<double>(distribution.paths_with_loss())) + of +
                        "; " + std::to_string(losses_needed) + " are needed");
    }
    return estimate;
}

const Figure& Figures::distribution_figure(const std::string& id) const {
    const auto found = std::ranges::find(distribution, id, &Figure::id);
    REQUIRE(found != distribution.end());
    return *found;
}

const Figure& Figures::headline() const {
    if (distribution.back().estimate.supported) return distribution.back();
    const Figure& mean = distribution_figure("mean");
    return mean.estimate.supported ? mean : distribution_figure("probability_of_loss");
}

std::vector<Figure> Figures::beside() const {
    std::vector<Figure> out;
    for (const Figure& figure : distribution) {
        const bool wanted =
            figure.id == "probability_of_loss" || figure.id == "mean" || figure.id.ends_with("_99");
        if (wanted && figure.estimate.supported && figure.id != headline().id)
            out.push_back(figure);
    }
    return out;
}

Figures figures_of(const ReportInput& input) {
    const std::string horizon = horizon_text(input.scenario());
    Figures out;
    out.loss = "Bad debt after " + horizon + ": realised plus unrealised, at the oracle's price, " +
               (input.scenario().conditional ? "given the scenario." : "unconditional.");
    out.distribution = distribution_of(input);
    out.bad_debt = bad_debt_rows(input);
    out.stuck = stuck_of(*input.run);
    out.liquidations = liquidations_of(*input.run);
    out.cascade = cascade_of(input);
    out.refusals = refusals_of(*input.run);
    return out;
}

}  // namespace breakwater
