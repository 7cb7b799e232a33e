// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/scenario_venue.hpp"

#include <array>

#include "breakwater/io/error.hpp"
#include "breakwater/io/time_text.hpp"

namespace breakwater {
namespace {


double duration(TomlReader& table, std::string_view key, double fallback) {
    if (!table.has(key)) return fallback;
    const std::string written = table.text(key);
    const auto parsed = parse_duration(written);
    if (!parsed)
        table.fail(key, "is " + quote(written), "a duration such as \"9h\", \"30m\" or \"90s\"");
    return *parsed;
}

void read_basis(TomlReader table, VenueScenario::Basis& b) {
    b.per_return = table.number_or("per_return", -10, 10, b.per_return);
    b.volatility = table.number_or("volatility", 0, 10, b.volatility);
    b.half_life_minutes = table.number_or("half_life_minutes", above_zero, 1e6, b.half_life_minutes);
    b.average_seconds = table.number_or("average_seconds", above_zero, 1e6, b.average_seconds);
    b.mark_max = table.number_or("mark_max", 0, 0.9, b.mark_max);
    table.finish();
}

void read_funding(TomlReader table, VenueScenario::Funding& f) {
    f.interval_hours = table.number_or("interval_hours", above_zero, 1e4, f.interval_hours);
    f.interest = table.number_or("interest", -0.1, 0.1, f.interest);
    f.clamp = table.number_or("clamp", 0, 0.1, f.clamp);
    f.cap_per_hour = table.number_or("cap_per_hour", 0, 0.04, f.cap_per_hour);
    table.finish();
}

void read_volatility(TomlReader table, VenueScenario::Volatility& v) {
    v.per_fall = table.number_or("per_fall", -100, 100, v.per_fall);
    v.per_rise = table.number_or("per_rise", -100, 100, v.per_rise);
    v.noise = table.number_or("noise", 0, 100, v.noise);
    v.half_life_hours = table.number_or("half_life_hours", above_zero, 1e6, v.half_life_hours);
    v.skew_per_fall = table.number_or("skew_per_fall", 0, 10, v.skew_per_fall);
    v.level_max = table.number_or("level_max", 1, 20, v.level_max);
    table.finish();
}

VenueScenario::ThinHours read_thin(TomlReader& table) {
    VenueScenario::ThinHours out;
    out.from = table.number("from", 0, 24);
    out.until = table.number("until", 0, 24);
    out.factor = table.number("factor", above_zero, 1);
    table.finish();
    return out;
}

void read_window(TomlReader& table, double& from, double& until) {
    from = duration(table, "from", 0);
    until = duration(table, "until", 0);
    if (!(from < until)) table.fail("until", "is not after from", "a later time of the storm");
}

VenueScenario::Outage read_outage(TomlReader& table) {
    VenueScenario::Outage out;
    read_window(table, out.from, out.until);
    table.finish();
    return out;
}

VenueScenario::Shock read_shock(TomlReader& table) {
    VenueScenario::Shock out;
    out.symbol = table.text("symbol");
    out.factor = table.number("factor", 1e-6, 1e6);
    out.from = duration(table, "from", 0);
    out.ramp = duration(table, "ramp", 0);
    out.hold = duration(table, "hold", 0);
    out.recovery = duration(table, "recovery", 0);
    table.finish();
    return out;
}

VenueScenario::Divergence read_divergence(TomlReader& table) {
    VenueScenario::Divergence out;
    out.symbol = table.text("symbol");
    out.factor = table.number("factor", 1e-6, 1e6);
    read_window(table, out.from, out.until);
    table.finish();
    return out;
}

VenueScenario::Attack read_venue_attack(TomlReader& table) {
    constexpr std::array<std::string_view, 2> sides{"short", "long"};
    VenueScenario::Attack out;
    out.underlying = table.text("underlying");
    out.wallets = static_cast<std::uint32_t>(table.integer_or("wallets", 1, 10'000, 1));
    out.is_long = table.word("side", sides) == 1;
    out.notional_usd = table.number("notional_usd", 1, 1e12);
    out.leverage = table.number("leverage", above_zero, 1'000);
    out.is_linked = table.flag_or("linked", false);
    table.finish();
    return out;
}

}  // namespace

VenueScenario read_scenario_venue(TomlReader table) {
    VenueScenario v;
    v.is_only = table.flag_or("only", false);
    v.array_seconds = duration(table, "array_interval", v.array_seconds);
    v.array_move = table.number_or("array_move", above_zero, 10, v.array_move);
    v.option_move = table.number_or("option_move", above_zero, 10, v.option_move);
    v.settlement_seconds = duration(table, "settlement_average", v.settlement_seconds);
    v.option_depth = table.number_or("option_depth", 0, 10, v.option_depth);
    v.perpetual_depth = table.number_or("perpetual_depth", above_zero, 10, v.perpetual_depth);
    v.slices = static_cast<std::uint32_t>(table.integer_or("slices", 1, 100, v.slices));
    v.counterparties = static_cast<std::uint32_t>(
        table.integer_or("counterparties", 0, 1'000'000, v.counterparties));
    v.slow_per_hour = table.number_or("slow_per_hour", 0, 10, v.slow_per_hour);
    if (auto t = table.table_if("basis", "[venue.basis]")) read_basis(*t, v.basis);
    if (auto t = table.table_if("funding", "[venue.funding]")) read_funding(*t, v.funding);
    if (auto t = table.table_if("volatility", "[venue.volatility]"))
        read_volatility(*t, v.volatility);
    for (TomlReader& t : table.tables("thin_hours", "[[venue.thin_hours]]"))
        v.thin_hours.push_back(read_thin(t));
    for (TomlReader& t : table.tables("outage", "[[venue.outage]]"))
        v.outages.push_back(read_outage(t));
    for (TomlReader& t : table.tables("shock", "[[venue.shock]]"))
        v.shocks.push_back(read_shock(t));
    for (TomlReader& t : table.tables("divergence", "[[venue.divergence]]"))
        v.divergences.push_back(read_divergence(t));
    for (TomlReader& t : table.tables("attack", "[[venue.attack]]"))
        v.attacks.push_back(read_venue_attack(t));
    table.finish();
    return v;
}

}  // namespace breakwater
