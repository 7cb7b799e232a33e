// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/market_file.hpp"

#include <algorithm>
#include <array>

#include "breakwater/io/aave_v3_section.hpp"
#include "breakwater/io/breakwater_section.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/toml_reader.hpp"
#include "breakwater/stress/rulebook.hpp"

namespace breakwater {
namespace {

constexpr std::array<std::string_view, 3> kinds{"volatile", "stable", "pegged"};
constexpr std::array<std::string_view, 2> amount_units{"tokens", "atomic"};
constexpr std::array<std::string_view, 2> balance_kinds{"underlying", "scaled"};
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
    out = feeds::at_cadence(out, static_cast<std::uint32_t>(table.integer_or("cadence", 1, 86'400, 1)));
    const auto set = [&table](const char* key, std::uint32_t& limit, std::uint64_t most) {
        limit = static_cast<std::uint32_t>(table.integer_or(key, 1, most, limit));
    };
    set("opening_age", out.opening_age_max, 604'800);
    set("liquidation_age", out.liquidation_age_max, 604'800);
    set("sources_min", out.sources_min, feeds::sources_max);
    out.quiet = static_cast<std::uint32_t>(table.integer_or("quiet", 0, 604'800, out.quiet));
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

MarketAsset read_asset(TomlReader& table, AmountUnit unit) {
    MarketAsset asset;
    asset.line = table.line();
    AssetDescription& d = asset.description;
    d.symbol = table.text("symbol");
    if (d.symbol.empty() || d.symbol.find_first_of(",\"\r\n") != std::string::npos ||
        d.symbol == "*")
        table.fail("symbol", "is " + quote(d.symbol), "a name without commas and quotes");
    const std::string where = "asset " + d.symbol;
    table.rename(where);
    d.decimals = static_cast<unsigned>(table.integer("decimals", 0, 18));
    asset.price = read_price(table);
    d.kind = static_cast<AssetKind>(table.word("kind", kinds));
    d.peg = d.kind == AssetKind::pegged ? table.text("peg") : table.text_or("peg", "");
    if ((d.kind == AssetKind::pegged) == d.peg.empty())
        table.fail("peg", d.peg.empty() ? "is empty" : "is set",
                   "a symbol where kind is pegged, and nowhere else");
    TomlReader section = table.table("aave_v3", where + ", [asset.aave_v3]");
    read_aave_v3_section(section, unit, asset);
    d.liquidity = default_liquidity;
    if (auto liquidity = table.table_if("liquidity", where + ", [asset.liquidity]")) {
        d.liquidity = read_liquidity(*liquidity);
        asset.has_liquidity = true;
    }
    if (auto feed = table.table_if("feed", where + ", [asset.feed]")) {
        read_feed(std::move(*feed), d);
        asset.has_feed = true;
    }
    table.finish();
    return asset;
}

void check_pegs(std::span<const TomlReader> tables, MarketFile& market) {
    for (std::size_t i = 0; i < tables.size(); ++i) {
        const AssetDescription& d = market.assets[i].description;
        if (d.kind != AssetKind::pegged) continue;
        const auto peg = market.find(d.peg);
        if (!peg)
            tables[i].fail("peg", "names unknown asset " + quote(d.peg),
                           "the symbol of an [[asset]]");
        if (market.assets[index(*peg)].description.kind == AssetKind::pegged)
            tables[i].fail("peg", "names " + quote(d.peg) + ", which is pegged itself",
                           "an asset that is not pegged");
        if (std::ranges::any_of(d.sources, &SourceDescription::is_ratio))
            market.assets[i].description.wiring.base = index(*peg) + std::uint64_t{1};
    }
}

void read_layers(TomlReader& root, MarketFile& market) {
    for (TomlReader& table : root.tables("layer", "layer")) {
        MarketLayer layer;
        layer.name = table.text("name");
        table.rename("layer " + layer.name);
        const std::string symbol = table.text("asset");
        const auto asset = market.find(symbol);
        if (!asset)
            table.fail("asset", "is unknown asset " + quote(symbol), "the symbol of an [[asset]]");
        layer.layer.asset = index(*asset);
        layer.line = table.line();
        layer.layer.kind = static_cast<LayerKind>(
            table.has("kind") ? table.word("kind", layer_kinds) : 0);
        const unsigned decimals = market.assets[index(*asset)].description.decimals;
        // Money from outside has an end; shares and the deficit need none.
        layer.layer.cover = {is_from_outside(layer.layer.kind)
                                 ? table.decimal("cover", decimals)
                                 : table.decimal_if("cover", decimals).value_or(0)};
        if (layer.layer.kind == LayerKind::insurance_fund)
            layer.layer.refill = {table.decimal_if("refill_per_day", decimals).value_or(0)};
        layer.layer.refilled = seconds(market.as_of);
        if (layer.layer.kind == LayerKind::junior_tranche) layer.account = table.text("account");
        if (std::max(layer.layer.cover, layer.layer.refill).raw > aave_v3::Leg::balance_max)
            table.fail("cover", "is too large", "less than 2^120 atomic units");
        table.finish();
        market.layers.push_back(layer);
    }
}

void note_defaults(MarketFile& market) {
    std::string depths;
    std::string feeds;
    for (const MarketAsset& asset : market.assets) {
        if (!asset.has_liquidity) depths += " " + asset.description.symbol;
        if (!asset.has_feed) feeds += " " + asset.description.symbol;
    }
    if (!depths.empty())
        market.notes.push_back(
            "no [asset.liquidity], taken as 1,000,000 USD deep, half recovered in 60 min:" +
            depths);
    if (!feeds.empty())
        market.notes.push_back("no [asset.feed], taken as 50 bps, 3600 s, 24 s late:" + feeds);
}

}  // namespace

std::optional<AssetId> MarketFile::find(std::string_view symbol) const {
    for (std::size_t i = 0; i < assets.size(); ++i)
        if (assets[i].description.symbol == symbol) return AssetId{static_cast<std::uint8_t>(i)};
    return std::nullopt;
}

MarketFile parse_market(const TextFile& file) {
    const TomlValue document = parse_toml(file);
    TomlReader root(document, file.name(), "");
    MarketFile market;
    market.file = file.name();
    if (const std::string format = root.text("format"); format != market_format)
        root.fail("format", "is " + quote(format), "\"" + std::string(market_format) + "\"");
    market.name = root.text("name");
    market.source = root.text_or("source", "");
    market.as_of = root.time("as_of");
    market.rulebook = rulebook_names[root.word("rulebook", rulebook_names)];
    market.amounts = static_cast<AmountUnit>(root.word("amounts", amount_units));
    market.is_guarded = root.flag_or("guard", false);
    market.balances = static_cast<BalanceKind>(root.word("balances", balance_kinds));
    std::vector<TomlReader> tables = root.tables("asset", "asset");
    if (tables.empty()) TomlReader::fail_at(root, 0, "no assets", "at least one [[asset]]");
    if (tables.size() > aave_v3::reserves_max)
        TomlReader::fail_at(root, tables.back().line(), "too many assets",
                            "at most " + std::to_string(aave_v3::reserves_max));
    for (TomlReader& table : tables) {
        MarketAsset asset = read_asset(table, market.amounts);
        if (market.find(asset.description.symbol))
            table.fail("symbol", "occurs twice", "a name of its own");
        market.assets.push_back(std::move(asset));
    }
    check_pegs(tables, market);
    read_aave_v3_emodes(root, market);
    if (market.rulebook == "breakwater") market.house = read_breakwater_section(root);
    read_layers(root, market);
    root.finish();
    file.add_notes(market.notes);
    note_defaults(market);
    return market;
}

MarketFile read_market_file(const std::filesystem::path& path) {
    return parse_market(TextFile(path));
}

}  // namespace breakwater
