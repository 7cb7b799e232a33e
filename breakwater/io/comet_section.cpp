// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>

#include "breakwater/core/rulebooks/compound_v3.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/native_file.hpp"

/// [comet] and [[collateral]] of compound_v3: what a market is configured with, as its configuration.json has it.
namespace breakwater {
namespace {

using compound_v3::Collateral;
using compound_v3::Totals;

constexpr std::uint64_t seconds_per_year = 31'536'000;
constexpr std::uint64_t index_max = 1'000 * compound_v3::index_scale;

/// A share of at most `most`. [wad]
std::uint64_t read_share(TomlReader& table, std::string_view key, uint128 most = wad) {
    const uint128 share = table.decimal(key, wad_decimals);
    if (share > most)
        table.fail(key, "is " + quote(format_decimal(share, wad_decimals)),
                   "at most " + format_decimal(most, wad_decimals));
    return static_cast<std::uint64_t>(share);
}

struct CurveKeys {
    std::string_view kink;
    std::string_view base;
    std::string_view slope_low;
    std::string_view slope_high;
};
constexpr CurveKeys supply_keys{"supply_kink", "supply_base", "supply_slope_low",
                                "supply_slope_high"};
constexpr CurveKeys borrow_keys{"borrow_kink", "borrow_base", "borrow_slope_low",
                                "borrow_slope_high"};

/// Rates a year become rates a second, floored, as the contract's constructor does.
compound_v3::Curve read_curve(TomlReader& table, const CurveKeys& keys) {
    constexpr uint128 rate_max = 10 * wad;
    const auto rate = [&](std::string_view key) {
        return read_share(table, key, rate_max) / seconds_per_year;
    };
    return {.kink = read_share(table, keys.kink),
            .base = rate(keys.base),
            .slope_low = rate(keys.slope_low),
            .slope_high = rate(keys.slope_high)};
}

Totals read_comet(TomlReader& table, NativeFile& out) {
    Totals t;
    MarketDescription d{.name = table.text_or("name", "")};
    t.base = out.read_asset(table, "base");
    if (d.name.empty()) d.name = "Comet " + out.book.assets[index(t.base)].symbol;
    t.base_decimals = static_cast<std::uint8_t>(out.decimals_of(t.base));
    const unsigned decimals = out.written_decimals(t.base);
    t.supply_index = table.integer_or("supply_index", compound_v3::index_scale, index_max,
                                      compound_v3::index_scale);
    t.borrow_index = table.integer_or("borrow_index", compound_v3::index_scale, index_max,
                                      compound_v3::index_scale);
    t.supply_curve = read_curve(table, supply_keys);
    t.borrow_curve = read_curve(table, borrow_keys);
    t.reserves_target = {table.decimal("reserves_target", decimals)};
    t.borrow_min = {table.decimal("borrow_min", decimals)};
    t.store_front_price_factor = read_share(table, "store_front_price_factor");
    t.updated = out.book.state.clock.now;
    NativeFile::Given given;
    given.line = table.line();
    if (const auto supplied = table.decimal_if("supplied", decimals))
        given.supplied = Amount{*supplied};
    given.reserves = Amount{table.decimal_if("reserves", decimals).value_or(0)};
    table.finish();
    out.book.markets.push_back(std::move(d));
    out.given.push_back(given);
    return t;
}

Collateral read_collateral(TomlReader& table, const NativeFile& file) {
    Collateral c;
    c.asset = file.read_asset(table, "asset");
    table.rename("collateral " + file.book.assets[index(c.asset)].symbol);
    c.decimals = static_cast<std::uint8_t>(file.decimals_of(c.asset));
    c.borrow_factor = read_share(table, "borrow_factor");
    c.liquidate_factor = read_share(table, "liquidate_factor");
    c.liquidation_factor = read_share(table, "liquidation_factor");
    c.supply_cap = table.decimal("supply_cap", file.written_decimals(c.asset));
    if (c.borrow_factor >= c.liquidate_factor)
        table.fail("borrow_factor", "is not below liquidate_factor", "a smaller one (COMET-015)");
    table.finish();
    return c;
}

}  // namespace

void read_comet_market(TomlReader& root, NativeFile& out) {
    compound_v3::Market market;
    TomlReader comet = root.table("comet", "[comet]");
    market.totals.push_back(read_comet(comet, out));
    Totals& t = market.totals[0];
    std::vector<TomlReader> tables = root.tables("collateral", "collateral");
    if (tables.empty())
        TomlReader::fail_at(root, 0, "no collateral", "at least one [[collateral]]");
    if (tables.size() > compound_v3::assets_max)
        TomlReader::fail_at(root, tables.back().line(), "too many kinds of collateral",
                            "at most " + std::to_string(compound_v3::assets_max));
    for (TomlReader& table : tables) {
        const Collateral c = read_collateral(table, out);
        const bool is_known = std::ranges::find(market.collaterals, c.asset, &Collateral::asset) !=
                              market.collaterals.end();
        if (is_known || c.asset == t.base)
            table.fail("asset", "is the base or occurs twice", "an asset of its own");
        market.collaterals.push_back(c);
    }
    t.assets = static_cast<std::uint8_t>(market.collaterals.size());
    if (!compound_v3::check_parameters(market))
        comet.fail("base", "makes a market that could not be created", "parameters of COMET-015");
    out.book.state.markets.emplace_back(std::move(market));
}

}  // namespace breakwater
