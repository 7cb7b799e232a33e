// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/limits.hpp"

#include <algorithm>

#include "breakwater/report/format.hpp"

namespace breakwater {
namespace {

void add_switches(const Scenario& scenario, std::vector<Limit>& out) {
    if (!scenario.liquidity.enabled)
        out.push_back(
            {"Price impact is switched off: sales move nothing", Bias::understates, false, {}});
    if (!scenario.oracle.enabled)
        out.push_back({"Oracles are switched off: the venue sees the market at every step",
                       Bias::understates,
                       false,
                       {}});
    if (!scenario.chain.enabled)
        out.push_back({"The chain is switched off: normal fee, blocks without end",
                       Bias::understates,
                       false,
                       {}});
    if (!scenario.keepers.enabled)
        out.push_back({"Keepers' limits are switched off: all work, capital without end",
                       Bias::understates,
                       false,
                       {}});
}

void add_behaviour(std::vector<Limit>& out) {
    out.push_back(
        {"The book is frozen: nobody deposits, borrows, repays or adds collateral",
         Bias::overstates, false,
         "Borrowers near the edge do act: 20 to 50 % a day below health 1.1 is a judgement."});
    out.push_back({"No run of depositors", Bias::understates, false,
                   "Cash leaves only through liquidations."});
    out.push_back({"No borrowing against a lagging oracle", Bias::understates, false,
                   "Most of Aave's deficit of October 2025 came that way."});
}

void add_keepers(const Scenario& scenario, bool has_reserves, std::vector<Limit>& out) {
    const KeeperParameters& k = scenario.keepers;
    if (k.enabled)
        out.push_back({"Keepers' capital is a fixed guess", Bias::either, true,
                       std::to_string(k.count) + " keepers with " + usd_text(k.capital_usd) +
                           " each, back after " +
                           hours_text(k.recycle_minutes * k.recycle_factor / 60) +
                           ". The least known input: read the loss against it."});
    out.push_back({"Keepers act only for profit; none protects deposits of its own",
                   Bias::overstates,
                   true,
                   {}});
    if (!has_reserves) return;
    out.push_back(
        {"Where a reserve has no cash, keepers stay away instead of taking the claim token",
         Bias::either, true,
         "Seized collateral is limited to the reserve's cash; a claim would sell at a discount."});
}

void add_prices(const ReportInput& input, std::vector<Limit>& out) {
    const Scenario& scenario = input.scenario();
    const bool pegged = std::ranges::any_of(
        input.book().assets, [](const AssetDescription& a) { return a.kind == AssetKind::pegged; });
    if (pegged)
        out.push_back(
            {"A wrapped or staked asset keeps its ratio: no discount of its own unless the "
             "scenario has one",
             Bias::understates, true, "Discounts of 30 to 140 bp were seen in 2024 and 2025."});
    if (!scenario.conditional && scenario.calibrated_on.empty())
        out.push_back({"The unconditional model is as old as the scenario's own sources",
                       Bias::either, true, "Candles given with --prices calibrate it anew."});
    if (scenario.price.model == PriceScenario::Model::history)
        out.push_back(
            {"The published path already contains the impact of that day's liquidations; ours "
             "comes on top",
             Bias::overstates, true, "Moves are relative to the prices of the book."});
    else
        out.push_back(
            {"Correlation between volatile assets is constant", Bias::either, true,
             "It is " + number_text(scenario.price.correlation) + "; in storms it rises."});
    if (scenario.price.model == PriceScenario::Model::student_t)
        out.push_back({"The tail is cut where one draw's standard deviation exceeds 50 %",
                       Bias::understates,
                       true,
                       {}});
}

void add_oracles(const Scenario& scenario, std::vector<Limit>& out) {
    if (!scenario.oracle.enabled) return;
    out.push_back({"One feed per asset, late but never wrong", Bias::understates, true,
                   "No misreport, no attack."});
    if (scenario.step_seconds > 24)
        out.push_back({"A report is seen at the step nearest to its time", Bias::understates, true,
                       "A latency of 24 s is none on a grid of " +
                           number_text(scenario.step_seconds) + " s."});
}

void add_liquidity(const Scenario& scenario, std::vector<Limit>& out) {
    if (!scenario.liquidity.enabled) return;
    if (scenario.liquidity.depth_exponent == 0)
        out.push_back({"Depth is one figure per asset and does not dry up further within the storm",
                       Bias::understates, true,
                       percent_text(scenario.liquidity.depth_factor) +
                           " of the depth of the book, constant."});
    out.push_back({"Other venues that sell the same collateral enter as a fixed share",
                   Bias::either, true, "Sales are divided by own_share of the asset."});
    out.push_back({"Selling a wrapped asset does not thin the market of its base",
                   Bias::understates,
                   true,
                   {}});
}

void add_time(const Scenario& scenario, std::vector<Limit>& out) {
    if (scenario.horizon_seconds < 7 * 86'400)
        out.push_back({"Rate spikes on loops need longer than the horizon", Bias::understates, true,
                       "Net 15 % a year eats a health of 1.01 in 24 days; try 7 days."});
    if (scenario.step_seconds > 12)
        out.push_back(
            {"A step hides what happens inside it", Bias::understates, true,
             "Steps of " + number_text(scenario.step_seconds) + " s; compare with 12 s."});
}

}  // namespace

const char* to_string(Bias bias) {
    switch (bias) {
        case Bias::understates:
            return "understates";
        case Bias::overstates:
            return "overstates";
        case Bias::either:
            return "either";
        case Bias::none:
            break;
    }
    return "none";
}

const char* in_words(Bias bias) {
    switch (bias) {
        case Bias::understates:
            return "loss understated";
        case Bias::overstates:
            return "loss overstated";
        case Bias::either:
            return "either way";
        case Bias::none:
            break;
    }
    return "no bias known";
}

std::vector<Limit> limits_of(const ReportInput& input) {
    std::vector<Limit> out;
    add_switches(input.scenario(), out);
    add_behaviour(out);
    add_keepers(input.scenario(), !input.book().is_native(), out);
    if (input.book().rulebook == "morpho_blue")
        out.push_back({"Vaults over the markets are not played: queues, caps, reallocation",
                       Bias::either, false,
                       "A loss is that of a market's suppliers, a vault's by its share of them."});
    add_liquidity(input.scenario(), out);
    add_oracles(input.scenario(), out);
    add_prices(input, out);
    add_time(input.scenario(), out);
    out.push_back(
        {"No reorganisation, censorship or halt of the chain", Bias::understates, false, {}});
    out.push_back({"Intervals hold the error of the simulation, not that of the model",
                   Bias::either, false,
                   "Run depth ÷ 4, delay × 3, correlation 0.95, keepers halved and volatility × "
                   "1.5 beside it."});
    return out;
}

}  // namespace breakwater
