// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/scenario_file.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "breakwater/io/error.hpp"
#include "breakwater/io/scenario_prices.hpp"
#include "breakwater/io/scenario_venue.hpp"
#include "breakwater/io/time_text.hpp"
#include "breakwater/io/toml_reader.hpp"

namespace breakwater {
namespace {

constexpr double steps_max = 1e6;
constexpr std::array<std::string_view, 2> impact_laws{"linear", "square_root"};

double read_duration(TomlReader& table, std::string_view key) {
    const std::string written = table.text(key);
    const auto seconds = parse_duration(written);
    if (!seconds)
        table.fail(key, "is " + quote(written), "a duration such as \"24h\", \"7d\" or \"90m\"");
    return *seconds;
}

void read_oracle(TomlReader table, Scenario& out) {
    out.oracle.latency_factor = table.number_or("latency_factor", 0, 1e6, 1);
    out.oracle.enabled = table.flag_or("enabled", true);
    out.frozen_feeds = table.texts_or_none("freeze");
    table.finish();
}

void read_chain(TomlReader table, ChainParameters& c) {
    c.base_fee_gwei = table.number("base_fee_gwei", above_zero, 1e6);
    c.gas_limit = table.number("gas_limit", 2, 1e12);
    c.congestion = table.number("congestion", 1, 1e6);
    c.keeper_share = table.number("keeper_share", 0, 1);
    c.priority_fee_gwei = table.number_or("priority_fee_gwei", 0, 1e6, c.priority_fee_gwei);
    c.noise = table.number_or("noise", 0, 10, c.noise);
    c.half_life_minutes = table.number_or("half_life_minutes", above_zero, 1e6, c.half_life_minutes);
    c.full_at_sigmas = table.number_or("full_at_sigmas", 1 + above_zero, 1e6, c.full_at_sigmas);
    c.base_fee_max_gwei = table.number_or("base_fee_max_gwei", above_zero, 1e9, c.base_fee_max_gwei);
    c.seconds_per_block = table.number_or("seconds_per_block", 1e-3, 1e6, c.seconds_per_block);
    c.enabled = table.flag_or("enabled", true);
    table.finish();
}

void read_keepers(TomlReader table, KeeperParameters& k) {
    k.count = static_cast<std::uint32_t>(table.integer("count", 0, 10'000));
    k.capital_usd = table.number("capital_usd", 0, 1e15);
    k.outage = table.number("outage", 0, 1);
    k.recycle_minutes = table.number("recycle_minutes", 0, 1e6);
    k.min_profit_usd = table.number("min_profit_usd", 0, 1e12);
    k.gas_per_liquidation = table.number("gas_per_liquidation", 0, 1e9);
    k.outage_minutes = table.number_or("outage_minutes", 0, 1e6, k.outage_minutes);
    k.up_probability = table.number_or("up_probability", 0, 1, k.up_probability);
    k.recycle_factor = table.number_or("recycle_factor", 0, 1e6, k.recycle_factor);
    k.recapture = table.number_or("recapture", 0, 1, k.recapture);
    k.capital_rate = table.number_or("capital_rate", 0, 1e3, k.capital_rate);
    k.risk_sigmas = table.number_or("risk_sigmas", 0, 100, k.risk_sigmas);
    k.enabled = table.flag_or("enabled", true);
    table.finish();
}

void read_liquidity(TomlReader table, Scenario& out) {
    LiquidityScenario& l = out.liquidity;
    l.depth_factor = table.number("depth_factor", above_zero, 1e6);
    l.recovery_factor = table.number("recovery_factor", above_zero, 1e6);
    l.depth_exponent = table.number_or("depth_exponent", 0, 100, l.depth_exponent);
    if (table.has("law")) l.law = static_cast<ImpactLaw>(table.word("law", impact_laws));
    l.enabled = table.flag_or("enabled", true);
    for (TomlReader& rule : table.tables("asset", "[[liquidity.asset]]")) {
        Scenario::DepthRule depth;
        depth.symbol = rule.text("symbol");
        depth.depth_factor = rule.number("depth_factor", above_zero, 1e6);
        rule.finish();
        out.depth_rules.push_back(depth);
    }
    table.finish();
}

void read_head(TomlReader& root, Scenario& out) {
    if (const std::string format = root.text("format"); format != scenario_format)
        root.fail("format", "is " + quote(format), "\"" + std::string(scenario_format) + "\"");
    out.name = root.text("name");
    out.title = root.text("title");
    out.description = root.text_or("description", "");
    out.sources = root.texts_or_none("sources");
    out.conditional = root.flag("conditional");
    out.horizon_seconds = read_duration(root, "horizon");
    out.step_seconds = root.number("step_seconds", 1, 86'400);
    const double steps = out.horizon_seconds / out.step_seconds;
    if (steps != std::floor(steps) || steps < 1 || steps > steps_max)
        root.fail("step_seconds", "does not divide the horizon into 1 to 1000000 steps",
                  "a divisor of the horizon");
}

constexpr std::array<std::string_view, 7> fault_kinds{"silent", "stuck", "zero",   "scaled",
                                                      "pinned", "floor", "ceiling"};

Scenario::FaultRule read_fault(TomlReader& table, double horizon) {
    Scenario::FaultRule out;
    out.symbol = table.text("symbol");
    if (table.has("source"))
        out.source = static_cast<std::uint32_t>(table.integer("source", 0, feeds::sources_max - 1));
    out.fault.kind = static_cast<FeedFault::Kind>(table.word("kind", fault_kinds));
    if (out.fault.kind >= FeedFault::Kind::scaled)
        out.fault.value = table.number("value", 0, 1e12);
    if (table.has("from")) out.fault.from = read_duration(table, "from");
    out.fault.until = table.has("until") ? read_duration(table, "until") : 2 * horizon;
    if (!(out.fault.from < out.fault.until))
        table.fail("until", "is not after from", "a later time of the storm");
    table.finish();
    return out;
}

Scenario::FeedChange read_change(TomlReader& table) {
    Scenario::FeedChange out;
    out.symbol = table.text("symbol");
    out.at = read_duration(table, "at");
    out.as_ratio = table.flag_or("as_ratio", false);
    if (!out.as_ratio) out.factor = table.number("factor", 1e-12, 1e12);
    table.finish();
    return out;
}

Scenario::Attack read_attack(TomlReader& table) {
    Scenario::Attack out;
    out.account = table.text("account");
    out.collateral = table.text("collateral");
    out.debt = table.text("debt");
    out.at = read_duration(table, "at");
    out.usd = table.number("usd", 1, 1e12);
    table.finish();
    return out;
}

/// What goes wrong with feeds, and who makes use of it.
void read_faults(TomlReader& root, Scenario& out) {
    for (TomlReader& table : root.tables("fault", "[[fault]]"))
        out.faults.push_back(read_fault(table, out.horizon_seconds));
    for (TomlReader& table : root.tables("change", "[[change]]"))
        out.changes.push_back(read_change(table));
    for (TomlReader& table : root.tables("attack", "[[attack]]"))
        out.attacks.push_back(read_attack(table));
}

}  // namespace

Scenario read_scenario(const std::filesystem::path& path) {
    const TextFile file(path);
    const TomlValue document = parse_toml(file);
    TomlReader root(document, file.name(), "");
    Scenario out;
    read_head(root, out);
    read_scenario_prices(root.table("price", "[price]"), out);
    read_oracle(root.table("oracle", "[oracle]"), out);
    read_chain(root.table("chain", "[chain]"), out.chain);
    read_keepers(root.table("keepers", "[keepers]"), out.keepers);
    read_liquidity(root.table("liquidity", "[liquidity]"), out);
    read_faults(root, out);
    if (auto venue = root.table_if("venue", "[venue]")) out.venue = read_scenario_venue(*venue);
    root.finish();
    return out;
}

std::vector<ScenarioLine> list_scenarios(std::span<const std::filesystem::path> folders) {
    std::vector<ScenarioLine> out;
    for (const std::filesystem::path& folder : folders) {
        if (!std::filesystem::is_directory(folder)) continue;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            if (entry.path().extension() != ".toml") continue;
            const Scenario scenario = read_scenario(entry.path());
            if (std::ranges::find(out, scenario.name, &ScenarioLine::name) != out.end()) continue;
            out.push_back({.name = scenario.name, .title = scenario.title, .path = entry.path()});
        }
    }
    std::ranges::sort(out, {}, &ScenarioLine::name);
    return out;
}

std::filesystem::path find_scenario(std::string_view name_or_path,
                                    std::span<const std::filesystem::path> folders) {
    if (name_or_path.ends_with(".toml")) return std::filesystem::path(name_or_path);
    std::string known;
    for (const ScenarioLine& line : list_scenarios(folders)) {
        if (line.name == name_or_path) return line.path;
        known += (known.empty() ? "" : ", ") + line.name;
    }
    throw InputError(
        "scenario " + quote(name_or_path), 0, "is unknown",
        known.empty() ? "a path to a .toml file" : known + ", or a path to a .toml file");
}

}  // namespace breakwater
