// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/venue_rulebook.hpp"

#include <algorithm>
#include <span>
#include <string>

#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/hyperliquid.hpp"
#include "breakwater/core/rulebooks/venue.hpp"
#include "breakwater/core/rulebooks/venue_parameters.hpp"

namespace breakwater {
namespace {

/// From `lower` on: maximal leverage and maintenance.
struct Row {
    std::uint64_t lower;        ///< [USD]
    std::uint32_t leverage;     ///< of the initial margin
    std::uint32_t maintenance;  ///< [ppm]; 0: half of the initial margin
};
using Rows = std::array<Row, venue::tiers_max>;

struct CoinRows {
    std::string_view symbol;  ///< "": any other
    Rows rows;
};

/// Of the ten or twelve brackets of a contract those where the rate rises most. Source: Binance's
/// leverage brackets of USDⓈ-M contracts as freqtrade records them; "any other" are YFI's.
constexpr std::array<CoinRows, 6> binance{{
    {"BTC",
     {{{0, 125, 4'000},
       {3'000'000, 50, 10'000},
       {12'000'000, 25, 20'000},
       {100'000'000, 10, 50'000}}}},
    {"ETH",
     {{{0, 125, 4'000},
       {3'000'000, 50, 10'000},
       {12'000'000, 25, 20'000},
       {65'000'000, 10, 50'000}}}},
    {"SOL",
     {{{0, 100, 5'000}, {800'000, 25, 20'000}, {8'000'000, 10, 50'000}, {40'000'000, 5, 100'000}}}},
    {"XRP",
     {{{0, 75, 5'000}, {160'000, 25, 20'000}, {1'600'000, 10, 50'000}, {8'000'000, 5, 100'000}}}},
    {"DOGE",
     {{{0, 75, 5'000}, {50'000, 40, 10'000}, {1'600'000, 10, 50'000}, {8'000'000, 5, 100'000}}}},
    {"", {{{0, 50, 15'000}, {50'000, 10, 50'000}, {400'000, 5, 100'000}, {2'000'000, 2, 250'000}}}},
}};

/// Source: hyperliquid.gitbook.io/hyperliquid-docs, trading/margin-tiers.
constexpr std::array<CoinRows, 6> hyperliquid_tiers{{
    {"BTC", {{{0, 40, 0}, {150'000'000, 20, 0}}}},
    {"ETH", {{{0, 25, 0}, {100'000'000, 15, 0}}}},
    {"SOL", {{{0, 20, 0}, {70'000'000, 10, 0}}}},
    {"XRP", {{{0, 20, 0}, {40'000'000, 10, 0}}}},
    {"DOGE", {{{0, 10, 0}, {20'000'000, 5, 0}}}},
    {"", {{{0, 10, 0}, {3'000'000, 5, 0}}}},
}};

venue::MarginTerms margin_of(const Rows& rows) {
    venue::MarginTerms out;
    for (std::size_t k = 0; k < rows.size() && rows[k].leverage != 0; ++k) {
        const Row& r = rows[k];
        out.tiers[k] = {.lower = uint128{r.lower} * 100'000'000,
                        .initial = hyperliquid::initial_ppm(r.leverage),
                        .maintenance = r.maintenance != 0
                                           ? r.maintenance
                                           : hyperliquid::maintenance_ppm(r.leverage)};
    }
    venue::set_deductions(out);
    return out;
}

/// Lending books wrap what venues do not: WBTC is BTC here.
const Rows& rows_of(std::span<const CoinRows> table, std::string_view symbol) {
    for (const CoinRows& c : table)
        if (c.symbol.empty() || symbol == c.symbol ||
            (symbol.starts_with('W') && symbol.substr(1) == c.symbol))
            return c.rows;
    return table.back().rows;
}

}  // namespace

VenueBook under_venue_rulebook(VenueBook venue, std::string_view rulebook) {
    REQUIRE(std::ranges::count(venue_rulebook_names, rulebook) == 1);
    if (rulebook == "venue") return venue;
    const std::span<const CoinRows> table =
        rulebook == "hyperliquid" ? std::span(hyperliquid_tiers) : std::span(binance);
    venue.book.rulebook = rulebook;
    venue::Market& m = venue.market();
    for (std::size_t k = 0; k < m.terms.size(); ++k) {
        if (m.terms[k].by_arrays != 0) continue;
        const AssetId asset = venue.underlyings[venue.contracts[k].underlying].asset;
        venue::MarginTerms margin =
            margin_of(rows_of(table, venue.book.assets[index(asset)].symbol));
        margin.stale_add_on = m.margins[k].stale_add_on;
        margin.version = m.announced[k].version;
        m.margins[k] = m.announced[k] = margin;
    }
    REQUIRE(venue::check_parameters(m).has_value());
    return venue;
}

}  // namespace breakwater
