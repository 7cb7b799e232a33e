// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>

#include "breakwater/core/rulebooks/morpho_blue.hpp"
#include "breakwater/core/rulebooks/morpho_blue_rate.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/native_file.hpp"
#include "breakwater/stress/morpho_view.hpp"

/// [[market]] of morpho_blue: what a market is created with, and what is known of its totals.
namespace breakwater {
namespace {

constexpr std::array<std::string_view, 3> rate_models{"none", "utilization", "adaptive_curve"};
constexpr std::size_t markets_max = 256;

std::string read_name(TomlReader& table, const Book& book) {
    std::string name = table.text("name");
    if (name.empty() || name.find_first_of(",\"\r\n") != std::string::npos)
        table.fail("name", "is " + quote(name), "a name without commas and quotes");
    table.rename("market " + name);
    if (std::ranges::find(book.markets, name, &MarketDescription::name) != book.markets.end())
        table.fail("name", "occurs twice", "a name of its own");
    return name;
}

std::optional<Amount> read_total(TomlReader& table, std::string_view key, unsigned decimals) {
    const auto given = table.decimal_if(key, decimals);
    if (!given) return std::nullopt;
    return Amount{*given};
}

/// Loan tokens for a token of collateral, in the scale of the protocol.
Uint256 read_fixed_price(TomlReader& table, const NativeFile& file, const morpho_blue::Totals& t) {
    const uint128 price = table.decimal("fixed_price", wad_decimals);
    Checked math;
    const unsigned digits = 18 + file.decimals_of(t.loan) - file.decimals_of(t.collateral_asset);
    const Uint256 out = math.mul_wide_by(Uint256{price}, power_of_ten(digits));
    if (price == 0 || math.overflow())
        table.fail("fixed_price", "is " + quote(format_decimal(price, wad_decimals)),
                   "a positive price that 256 bits hold");
    return out;
}

morpho_blue::Totals read_market(TomlReader& table, NativeFile& out) {
    morpho_blue::Totals t;
    MarketDescription d{.name = read_name(table, out.book)};
    t.loan = out.read_asset(table, "loan");
    t.collateral_asset = out.read_asset(table, "collateral");
    const uint128 lltv = table.decimal("lltv", wad_decimals);
    if (lltv == 0 || lltv >= wad)
        table.fail("lltv", "is " + quote(format_decimal(lltv, wad_decimals)),
                   "above 0 and below 1, as in \"0.86\" (MORPHO-010)");
    t.lltv = static_cast<std::uint64_t>(lltv);
    const uint128 fee = table.decimal_if("fee", wad_decimals).value_or(0);
    if (fee > morpho_blue::fee_max)
        table.fail("fee", "is " + quote(format_decimal(fee, wad_decimals)),
                   "at most 0.25 of the interest (MORPHO-010)");
    t.fee = static_cast<std::uint64_t>(fee);
    t.rate_model = static_cast<morpho_blue::RateModel>(table.word("rate_model", rate_models));
    t.rate_at_target =
        table.integer_or("rate_at_target", 0, 2 * wad / morpho_blue::seconds_per_year, 0);  // 200 % a year
    t.updated = out.book.state.clock.now;
    d.is_fixed = table.has("fixed_price");
    t.set_price(d.is_fixed ? read_fixed_price(table, out, t)
                           : morpho_blue::price_from_feeds(out.book, out.book.state, t));
    const unsigned decimals = out.written_decimals(t.loan);
    NativeFile::Given given;
    given.line = table.line();
    given.supplied = read_total(table, "supplied", decimals);
    if (out.balances == BalanceKind::scaled) {
        given.borrowed = Amount{table.decimal("borrowed", decimals)};
        if (!given.supplied)
            table.fail("supplied", "is missing", "all that was lent, where balances are shares");
        given.supply_shares = table.decimal_if("supply_shares", 0);
    }
    table.finish();
    out.book.markets.push_back(std::move(d));
    out.given.push_back(given);
    return t;
}

}  // namespace

void read_morpho_markets(TomlReader& root, NativeFile& out) {
    std::vector<TomlReader> tables = root.tables("market", "market");
    if (tables.empty()) TomlReader::fail_at(root, 0, "no markets", "at least one [[market]]");
    if (tables.size() > markets_max)
        TomlReader::fail_at(root, tables.back().line(), "too many markets",
                            "at most " + std::to_string(markets_max));
    for (TomlReader& table : tables) {
        morpho_blue::Market market;
        market.totals.push_back(read_market(table, out));
        out.book.state.markets.emplace_back(std::move(market));
    }
}

}  // namespace breakwater
