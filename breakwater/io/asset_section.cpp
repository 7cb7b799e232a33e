// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/asset_section.hpp"

#include <algorithm>
#include <array>

#include "breakwater/io/decimal.hpp"
#include "breakwater/io/feed_section.hpp"

namespace breakwater {
namespace {


Price read_price(TomlReader& table) {
    constexpr auto expected =
        "a positive decimal number in quotes with at most 8 fractional digits";
    const uint128 price = table.decimal("price", price_decimals);
    if (price == 0) table.fail("price", "is zero", expected);
    if (price > price_max) table.fail("price", "is too large", "less than 9.2e10 USD a token");
    return {price};
}

LiquidityParameters read_liquidity(TomlReader table) {
    LiquidityParameters out;
    out.depth_2pct = table.number("depth_2pct", 1, 1e15);
    out.recovery_minutes = table.number("recovery_minutes", 1e-3, 1e6);
    out.own_share = table.number_or("own_share", 1e-6, 1, 1);
    table.finish();
    return out;
}

bool is_default(const LiquidityParameters& l) {
    return l.depth_2pct == default_liquidity.depth_2pct &&
           l.recovery_minutes == default_liquidity.recovery_minutes &&
           l.own_share == default_liquidity.own_share;
}

}  // namespace

Price read_asset_head(TomlReader& table, AssetDescription& d) {
    d.symbol = table.text("symbol");
    if (d.symbol.empty() || d.symbol.find_first_of(",\"\r\n") != std::string::npos ||
        d.symbol == "*")
        table.fail("symbol", "is " + quote(d.symbol), "a name without commas and quotes");
    table.rename("asset " + d.symbol);
    d.decimals = static_cast<unsigned>(table.integer("decimals", 0, 18));
    const Price price = read_price(table);
    d.kind = static_cast<AssetKind>(table.word("kind", asset_kinds));
    d.peg = d.kind == AssetKind::pegged ? table.text("peg") : table.text_or("peg", "");
    if ((d.kind == AssetKind::pegged) == d.peg.empty())
        table.fail("peg", d.peg.empty() ? "is empty" : "is set",
                   "a symbol where kind is pegged, and nowhere else");
    return price;
}

Surroundings read_asset_surroundings(TomlReader& table, AssetDescription& d) {
    const std::string where = "asset " + d.symbol;
    Surroundings given;
    d.liquidity = default_liquidity;
    if (auto liquidity = table.table_if("liquidity", where + ", [asset.liquidity]")) {
        d.liquidity = read_liquidity(*liquidity);
        given.liquidity = true;
    }
    if (auto feed = table.table_if("feed", where + ", [asset.feed]")) {
        read_feed(std::move(*feed), d);
        given.feed = true;
    }
    return given;
}

void check_pegs(std::span<const TomlReader> tables, std::span<AssetDescription* const> assets) {
    for (std::size_t i = 0; i < tables.size(); ++i) {
        AssetDescription& d = *assets[i];
        if (d.kind != AssetKind::pegged) continue;
        const auto peg = std::ranges::find(assets, d.peg, &AssetDescription::symbol);
        if (peg == assets.end())
            tables[i].fail("peg", "names unknown asset " + quote(d.peg),
                           "the symbol of an [[asset]]");
        if ((*peg)->kind == AssetKind::pegged)
            tables[i].fail("peg", "names " + quote(d.peg) + ", which is pegged itself",
                           "an asset that is not pegged");
        if (std::ranges::any_of(d.sources, &SourceDescription::is_ratio))
            d.wiring.base = static_cast<std::uint64_t>(peg - assets.begin()) + 1;
    }
}

void note_defaults(std::span<const DefaultsTaken> assets, std::vector<std::string>& notes) {
    std::string depths;
    std::string feeds;
    for (const DefaultsTaken& asset : assets) {
        if (!asset.given.liquidity) depths += " " + asset.symbol;
        if (!asset.given.feed) feeds += " " + asset.symbol;
    }
    if (!depths.empty())
        notes.push_back(
            "no [asset.liquidity], taken as 1,000,000 USD deep, half recovered in 60 min:" +
            depths);
    if (!feeds.empty())
        notes.push_back("no [asset.feed], taken as 50 bps, 3600 s, 24 s late:" + feeds);
}

void write_asset_head(TomlText& out, const AssetDescription& d, Price price) {
    out.quoted("symbol", d.symbol);
    out.integer("decimals", d.decimals);
    out.quoted("price", format_decimal(price.raw, price_decimals));
    out.quoted("kind", asset_kinds[static_cast<std::size_t>(d.kind)]);
    if (d.kind == AssetKind::pegged) out.quoted("peg", d.peg);
}

void write_asset_surroundings(TomlText& out, const AssetDescription& d) {
    if (!is_default(d.liquidity)) {
        out.raw("[asset.liquidity]\n");
        out.number("depth_2pct", d.liquidity.depth_2pct);
        out.number("recovery_minutes", d.liquidity.recovery_minutes);
        out.number("own_share", d.liquidity.own_share);
    }
    write_feed(out, d);
}

}  // namespace breakwater
