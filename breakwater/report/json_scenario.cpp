// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/json_parts.hpp"
#include "breakwater/stress/amounts.hpp"
#include "breakwater/stress/positions.hpp"

namespace breakwater {
namespace {

Json row(const std::string& name, Json value, const char* unit = "", const std::string& note = {}) {
    Json out{{"name", name}, {"value", std::move(value)}};
    if (*unit != '\0') out["unit"] = unit;
    if (!note.empty()) out["note"] = note;
    return out;
}

Json group(const char* id, const char* title, Json rows) {
    return {{"id", id}, {"title", title}, {"rows", std::move(rows)}};
}

const char* model_name(PriceScenario::Model model) {
    switch (model) {
        case PriceScenario::Model::gbm:
            return "gbm";
        case PriceScenario::Model::merton:
            return "merton";
        case PriceScenario::Model::student_t:
            return "student_t";
        case PriceScenario::Model::history:
            break;
    }
    return "history";
}

Json market_rows(const ReportInput& input) {
    const Book& book = input.book();
    Json rows = Json::array();
    rows.push_back(row("Book", book.name));
    rows.push_back(row("Time of book and prices", time_text(book.state.now())));
    rows.push_back(row("Rulebook", book.rulebook));
    rows.push_back(row("Accounts", accounts_of(book)));
    rows.push_back(row("Assets", book.assets.size()));
    if (book.is_native()) {
        rows.push_back(row("Markets", book.markets.size()));
        return rows;
    }
    const auto& emodes = aave_market(book.state).emodes;
    rows.push_back(row("E-modes", emodes.empty() ? 0 : emodes.size() - 1));
    rows.push_back(row("Loss layers", book.state.layers.size()));
    return rows;
}

Json price_rows(const Scenario& scenario) {
    const PriceScenario& p = scenario.price;
    Json rows = Json::array();
    rows.push_back(row("Model", model_name(p.model)));
    rows.push_back(row("Correlation", p.correlation, "", "between volatile assets"));
    if (p.model == PriceScenario::Model::student_t) {
        rows.push_back(row("Degrees of freedom", p.degrees_of_freedom));
        if (p.mixing_seconds > 0)
            rows.push_back(row("Common size of", p.mixing_seconds / 3600, "h"));
        else
            rows.push_back(row("Common size",
                               p.mixing == PriceScenario::Mixing::day ? "of a day" : "of a step"));
        if (!scenario.calibrated_on.empty())
            rows.push_back(row("Calibrated on", scenario.calibrated_on));
        for (std::size_t i = 0, n = p.measured.symbols.size(); i < n; ++i)
            for (std::size_t j = 0; j < i; ++j)
                rows.push_back(
                    row("Correlation " + p.measured.symbols[j] + ", " + p.measured.symbols[i],
                        p.measured.correlation[i * n + j]));
    }
    if (p.jump.forced > 0 || p.jump.intensity > 0) {
        rows.push_back(row("Forced jumps", p.jump.forced));
        rows.push_back(row("Further jumps", p.jump.intensity, "per year"));
        rows.push_back(
            row("Median jump", p.jump.mean, "", "relative move of an asset with beta 1"));
        rows.push_back(row("Deviation of the log jump", p.jump.deviation));
    }
    return rows;
}

Json oracle_rows(const Scenario& scenario) {
    std::string frozen;
    for (const std::string& symbol : scenario.frozen_feeds)
        frozen += (frozen.empty() ? "" : ", ") + symbol;
    Json rows = Json::array();
    rows.push_back(row("Oracles", scenario.oracle.enabled));
    rows.push_back(row("Latency factor", scenario.oracle.latency_factor));
    rows.push_back(row("Frozen feeds", frozen.empty() ? "none" : frozen));
    return rows;
}

Json chain_rows(const ChainParameters& c) {
    Json rows = Json::array();
    rows.push_back(row("Chain", c.enabled));
    rows.push_back(row("Base fee, normal", c.base_fee_gwei, "gwei"));
    rows.push_back(row("Priority fee", c.priority_fee_gwei, "gwei"));
    rows.push_back(row("Gas limit", c.gas_limit, "gas per block"));
    rows.push_back(row("Congestion, peak", c.congestion, "× normal demand"));
    rows.push_back(row("Full congestion at", c.full_at_sigmas, "standard deviations of one step"));
    rows.push_back(row("Half-life of a disturbance", c.half_life_minutes, "min"));
    rows.push_back(row("Noise of log demand", c.noise));
    rows.push_back(row("Base fee, most", c.base_fee_max_gwei, "gwei"));
    rows.push_back(row("Share of a block for liquidations", c.keeper_share));
    rows.push_back(row("Block time", c.seconds_per_block, "s"));
    return rows;
}

Json keeper_rows(const KeeperParameters& k) {
    Json rows = Json::array();
    rows.push_back(row("Keepers' limits", k.enabled));
    rows.push_back(row("Keepers", k.count));
    rows.push_back(row("Capital of each", k.capital_usd, "USD"));
    rows.push_back(row("Capital comes back after", k.recycle_minutes * k.recycle_factor, "min"));
    rows.push_back(row("Outage of all", k.outage, "", "probability of one window per path"));
    rows.push_back(row("Length of the outage", k.outage_minutes, "min"));
    rows.push_back(row("Works on a path", k.up_probability, "", "probability of each keeper"));
    rows.push_back(row("Least profit", k.min_profit_usd, "USD"));
    rows.push_back(row("Gas of a liquidation", k.gas_per_liquidation, "gas"));
    rows.push_back(row("Bonus recaptured", k.recapture));
    rows.push_back(row("Cost of capital", k.capital_rate, "per year"));
    rows.push_back(row("Charge for inventory risk", k.risk_sigmas, "standard deviations"));
    return rows;
}

Json liquidity_rows(const Scenario& scenario) {
    const LiquidityScenario& l = scenario.liquidity;
    Json rows = Json::array();
    rows.push_back(row("Price impact", l.enabled));
    rows.push_back(row("Law", l.law == ImpactLaw::linear ? "linear" : "square root"));
    rows.push_back(row("Depth factor", l.depth_factor));
    for (const Scenario::DepthRule& rule : scenario.depth_rules)
        rows.push_back(row("Depth factor of " + rule.symbol, rule.depth_factor));
    rows.push_back(row("Recovery factor", l.recovery_factor));
    rows.push_back(row("Depth ~ volatility to the power of", -l.depth_exponent));
    return rows;
}

Json run_rows(const ReportInput& input) {
    Json rows = Json::array();
    rows.push_back(row("Paths", input.paths()));
    rows.push_back(row("Horizon", input.scenario().horizon_seconds / 3600, "h"));
    rows.push_back(row("Step", input.scenario().step_seconds, "s"));
    rows.push_back(row("Steps", input.setup->steps()));
    rows.push_back(row("Seed", std::to_string(input.setup->seed)));
    rows.push_back(row("Worst path", input.run->worst));
    rows.push_back(row("Median path", input.run->median));
    return rows;
}

Json scenario_rows(const Scenario& scenario) {
    Json rows = Json::array();
    rows.push_back(row("Name", scenario.name));
    rows.push_back(
        row("Conditional", scenario.conditional, "",
            scenario.conditional ? "figures are given the scenario" : "figures are unconditional"));
    return rows;
}

}  // namespace

Json scenario_groups_json(const ReportInput& input) {
    const Scenario& scenario = input.scenario();
    return Json::array({group("market", "Market", market_rows(input)),
                        group("scenario", "Scenario", scenario_rows(scenario)),
                        group("prices", "Prices", price_rows(scenario)),
                        group("oracle", "Oracles", oracle_rows(scenario)),
                        group("chain", "Chain", chain_rows(scenario.chain)),
                        group("keepers", "Keepers", keeper_rows(scenario.keepers)),
                        group("liquidity", "Liquidity", liquidity_rows(scenario)),
                        group("run", "Run", run_rows(input))});
}

}  // namespace breakwater
