// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cmath>

#include "breakwater/io/time_text.hpp"
#include "breakwater/io/venue_sections.hpp"
#include "breakwater/stress/risk_array.hpp"
#include "breakwater/world/prices.hpp"

namespace breakwater {
namespace {

constexpr double variance_max = 1e3;

deribit::VolatilityShock read_shock(TomlReader t) {
    const deribit::VolatilityShock ours = own_grid().shock;
    deribit::VolatilityShock out{};
    out.range_up = t.number_or("up", 0, 10, ours.range_up);
    out.range_down = t.number_or("down", 0, 1, ours.range_down);
    out.short_power = t.number_or("short_power", 0, 1, ours.short_power);
    out.long_power = t.number_or("long_power", 0, 1, ours.long_power);
    out.up_min = t.number_or("up_min", 0, 10, ours.up_min);
    t.finish();
    return out;
}

/// [[underlying.smile]]: raw SVI parameters of total variance, free of butterflies.
void read_smile(TomlReader& t, std::int64_t as_of, UnderlyingDescription& out) {
    Smile smile;
    smile.expiry = static_cast<std::int64_t>(seconds(t.time("expiry")));
    if (smile.expiry <= as_of) t.fail("expiry", "is not after as_of", "a time to come");
    smile.years = static_cast<double>(smile.expiry - as_of) / seconds_per_year;
    smile.fitted = as_of;
    smile.svi.a = t.number("a", -variance_max, variance_max);
    smile.svi.b = t.number("b", 0, variance_max);
    smile.svi.rho = t.number("rho", -0.999'999, 0.999'999);
    smile.svi.m = t.number("m", -10, 10);
    smile.svi.s = t.number("s", 1e-9, 10);
    const double forward = t.number("forward", 1e-8, 1e11);
    t.finish();
    if (!is_free_of_butterflies(smile.svi))
        t.fail("a", "and its neighbours allow butterfly arbitrage", "a smile that does not");
    if (!out.surface.smiles.empty()) {
        const Smile& before = out.surface.smiles.back();
        if (smile.expiry <= before.expiry)
            t.fail("expiry", "is not after that of the smile before", "smiles by expiry");
        if (!is_free_of_calendars(before.svi, smile.svi))
            t.fail("a", "and its neighbours have less variance than the expiry before",
                   "a smile that lies nowhere below it");
    }
    out.surface.smiles.push_back(smile);
    out.forwards.push_back({.expiry = smile.expiry, .price = forward});
}

/// Beyond the last smile: half as much again as the highest volatility at the money, at least 1.
double stressed_volatility(const VolatilitySurface& surface) {
    double highest = 0;
    for (const Smile& s : surface.smiles)
        highest = std::max(highest, std::sqrt(svi_total_variance(s.svi, 0.0) / s.years));
    const LadderRules rules;
    return std::max(rules.stressed_multiple * highest, rules.stressed_min);
}

}  // namespace

std::uint64_t read_positive(TomlReader& table, std::string_view key) {
    const uint128 value = table.decimal(key, price_decimals);
    if (value == 0) table.fail(key, "is zero", "a positive decimal number in quotes");
    if (value >> 62U != 0) table.fail(key, "is too large", "less than 4.6e10");
    return static_cast<std::uint64_t>(value);
}

std::uint32_t read_ppm(TomlReader& table, std::string_view key, std::uint64_t most) {
    return static_cast<std::uint32_t>(table.integer(key, 0, most));
}

void read_underlyings(TomlReader& root, VenueFile& out) {
    const auto as_of = static_cast<std::int64_t>(out.venue.book.state.clock.now);
    std::vector<TomlReader> tables = root.tables("underlying", "underlying");
    if (tables.empty())
        TomlReader::fail_at(root, 0, "no underlyings", "at least one [[underlying]]");
    for (TomlReader& t : tables) {
        UnderlyingDescription u;
        const std::string symbol = t.text("asset");
        t.rename("underlying " + symbol);
        const auto asset = out.asset(symbol);
        if (!asset)
            t.fail("asset", "is unknown asset " + quote(symbol), "the symbol of an [[asset]]");
        if (out.underlying(*asset)) t.fail("asset", "occurs twice", "one [[underlying]] for each");
        u.asset = *asset;
        u.tick_e8 = read_positive(t, "tick");
        u.range = read_ppm(t, "range");
        u.roll_min = read_ppm(t, "roll_min");
        u.roll_yearly = read_ppm(t, "roll_yearly");
        u.short_minimum = read_ppm(t, "short_minimum");
        u.shock = own_grid().shock;
        if (auto shock = t.table_if("volatility_shock",
                                    "underlying " + symbol + ", [underlying.volatility_shock]"))
            u.shock = read_shock(*shock);
        u.surface.as_of = as_of;
        for (TomlReader& smile : t.tables("smile", "underlying " + symbol + ", smile"))
            read_smile(smile, as_of, u);
        u.surface.stressed_volatility =
            t.number_or("stressed_volatility", 0.01, 100, stressed_volatility(u.surface));
        t.finish();
        out.venue.underlyings.push_back(std::move(u));
    }
}

}  // namespace breakwater
