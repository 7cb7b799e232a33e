// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/asset_section.hpp"

#include <algorithm>
#include <array>

#include "breakwater/io/decimal.hpp"

namespace breakwater {
namespace {

constexpr std::array<std::string_view, 3> kinds{"volatile", "stable", "pegged"};
constexpr unsigned price_decimals = 8;

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

FeedParameters read_reporting(TomlReader& table) {
    FeedParameters out;
    out.deviation = table.number("deviation", 0, bps_one);
    out.heartbeat = table.number("heartbeat", 1, 1e9);
    out.latency = table.number("latency", 0, 1e6);
    return out;
}

std::uint64_t read_bound(TomlReader& table, const char* key, std::uint64_t fallback) {
    const auto bound = table.decimal_if(key, price_decimals);
    if (!bound) return fallback;
    if (*bound > price_max) table.fail(key, "is too large", "less than 9.2e10 USD a token");
    return static_cast<std::uint64_t>(*bound);
}

SourceDescription read_source(TomlReader& table, const AssetDescription& asset) {
    SourceDescription out;
    out.name = table.text("name");
    out.weight = table.integer_or("weight", 1, 0xffff'ffff, 1);
    out.reporting = read_reporting(table);
    out.spread = table.number_or("spread", -1'000, 1'000, 0) / bps_one;
    out.is_ratio = table.flag_or("ratio", false);
    if (out.is_ratio && asset.peg.empty())
        table.fail("ratio", "is set", "it on an asset of kind pegged, whose peg is the base");
    out.provider_min = read_bound(table, "provider_min", out.provider_min);
    out.provider_max = read_bound(table, "provider_max", out.provider_max);
    table.finish();
    return out;
}

constexpr std::array<std::string_view, 4> tiers{"major", "liquid", "long_tail", "pegged"};

/// Limits by tier, stretched to how often the sources speak; each of the ages may be set.
feeds::Limits read_limits(TomlReader& table) {
    feeds::Limits out = feeds::limits_of(static_cast<feeds::Tier>(table.word("tier", tiers)));
    out = feeds::at_cadence(out,
                            static_cast<std::uint32_t>(table.integer_or("cadence", 1, 86'400, 1)));
    const auto set = [&table](const char* key, std::uint32_t& limit, std::uint64_t most) {
        limit = static_cast<std::uint32_t>(table.integer_or(key, 1, most, limit));
    };
    set("opening_age", out.opening_age_max, 604'800);
    set("liquidation_age", out.liquidation_age_max, 604'800);
    set("sources_min", out.sources_min, feeds::sources_max);
    out.price_min = read_bound(table, "price_min", out.price_min);
    out.price_max = read_bound(table, "price_max", out.price_max);
    if (out.opening_age_max > out.liquidation_age_max)
        table.fail("opening_age", "is above liquidation_age", "a tighter limit for opening");
    return out;
}

void read_ratio_cap(TomlReader& table, feeds::Wiring& wiring) {
    if (!table.has("ratio_cap")) return;
    wiring.snapshot = {table.decimal("ratio_cap", 18)};
    wiring.growth = {table.decimal_if("ratio_growth", 18).value_or(0)};
    wiring.snapshot_at = seconds(table.time("ratio_cap_at"));
}

void read_feed(TomlReader table, AssetDescription& asset) {
    asset.feed = read_reporting(table);
    for (TomlReader& source : table.tables("source", "[[asset.feed.source]]"))
        asset.sources.push_back(read_source(source, asset));
    if (!asset.sources.empty()) {
        asset.wiring.limits = read_limits(table);
        read_ratio_cap(table, asset.wiring);
    }
    if (asset.sources.size() > feeds::sources_max)
        table.fail("source", "occurs too often", "at most 16 sources");
    table.finish();
}

bool is_default(const LiquidityParameters& l) {
    return l.depth_2pct == default_liquidity.depth_2pct &&
           l.recovery_minutes == default_liquidity.recovery_minutes &&
           l.own_share == default_liquidity.own_share;
}
bool is_default(const FeedParameters& f) {
    constexpr FeedParameters standard{};
    return f.deviation == standard.deviation && f.heartbeat == standard.heartbeat &&
           f.latency == standard.latency;
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
    d.kind = static_cast<AssetKind>(table.word("kind", kinds));
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
    out.quoted("kind", kinds[static_cast<std::size_t>(d.kind)]);
    if (d.kind == AssetKind::pegged) out.quoted("peg", d.peg);
}

void write_asset_surroundings(TomlText& out, const AssetDescription& d) {
    if (!is_default(d.liquidity)) {
        out.raw("[asset.liquidity]\n");
        out.number("depth_2pct", d.liquidity.depth_2pct);
        out.number("recovery_minutes", d.liquidity.recovery_minutes);
        out.number("own_share", d.liquidity.own_share);
    }
    if (!is_default(d.feed)) {
        out.raw("[asset.feed]\n");
        out.number("deviation", d.feed.deviation);
        out.number("heartbeat", d.feed.heartbeat);
        out.number("latency", d.feed.latency);
    }
}

}  // namespace breakwater
