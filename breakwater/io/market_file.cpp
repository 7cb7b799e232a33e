// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/market_file.hpp"

#include <algorithm>
#include <array>

#include "breakwater/io/aave_v3_section.hpp"
#include "breakwater/io/asset_section.hpp"
#include "breakwater/io/breakwater_section.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/toml_reader.hpp"
#include "breakwater/stress/rulebook.hpp"

namespace breakwater {
namespace {

constexpr std::array<std::string_view, 2> amount_units{"tokens", "atomic"};
constexpr std::array<std::string_view, 2> balance_kinds{"underlying", "scaled"};

MarketAsset read_asset(TomlReader& table, AmountUnit unit) {
    MarketAsset asset;
    asset.line = table.line();
    AssetDescription& d = asset.description;
    asset.price = read_asset_head(table, d);
    TomlReader section = table.table("aave_v3", "asset " + d.symbol + ", [asset.aave_v3]");
    read_aave_v3_section(section, unit, asset);
    const Surroundings given = read_asset_surroundings(table, d);
    asset.has_liquidity = given.liquidity;
    asset.has_feed = given.feed;
    table.finish();
    return asset;
}

/// The stake behind a reserve: what it is held in, what is slashed on top and what is still owed.
void read_umbrella(TomlReader& table, const MarketFile& market, unsigned decimals, Layer& layer) {
    const std::string symbol = table.text_or("stake", market.assets[layer.asset].description.symbol);
    const auto stake = market.find(symbol);
    if (!stake)
        table.fail("stake", "is unknown asset " + quote(symbol), "the symbol of an [[asset]]");
    layer.stake = index(*stake);
    layer.fee = static_cast<std::uint16_t>(table.integer_or("fee", 0, bps_one, 0));
    layer.pending = {table.decimal_if("pending", decimals).value_or(0)};
    layer.paid = layer.pending;
    if (layer.pending > market.assets[layer.asset].deficit)
        table.fail("pending", "is more than the deficit of " + quote(symbol), "a part of it");
}

/// A reserve has one Umbrella and one offset before it.
void check_umbrella(TomlReader& table, const std::vector<MarketLayer>& above, const Layer& layer) {
    const auto count = [&](LayerKind kind) {
        return std::ranges::count_if(above, [&](const MarketLayer& other) {
            return other.layer.kind == kind && other.layer.asset == layer.asset;
        });
    };
    const bool is_umbrella = layer.kind == LayerKind::umbrella;
    if (!is_umbrella && layer.kind != LayerKind::deficit_offset) return;
    if (count(layer.kind) != 0)
        table.fail("kind", "is that of a second layer of the asset", "one for each asset");
    if (!is_umbrella && count(LayerKind::umbrella) != 0)
        table.fail("kind", "stands below the umbrella of the asset", "the offset above it");
}

/// A borrower pays before anybody else, and after all suppliers nobody is left.
void check_place(TomlReader& table, const std::vector<MarketLayer>& above, const Layer& layer) {
    for (const MarketLayer& other : above) {
        if (other.layer.asset != layer.asset) continue;
        if (layer.kind == LayerKind::borrower_equity)
            table.fail("kind", "stands below layer " + quote(other.name) + " of the asset",
                       "borrower_equity as the first of an asset, since it pays where the loss arises");
        if (other.layer.kind == LayerKind::socialisation)
            table.fail("asset", "has layer " + quote(other.name) + " above, a socialisation",
                       "no layer below that one: all suppliers have paid");
    }
}

MarketLayer read_layer(TomlReader& table, const MarketFile& market) {
    MarketLayer out;
    Layer& layer = out.layer;
    out.name = table.text("name");
    table.rename("layer " + out.name);
    const std::string symbol = table.text("asset");
    const auto asset = market.find(symbol);
    if (!asset)
        table.fail("asset", "is unknown asset " + quote(symbol), "the symbol of an [[asset]]");
    layer.asset = index(*asset);
    out.line = table.line();
    layer.kind =
        static_cast<LayerKind>(table.has("kind") ? table.word("kind", layer_kinds) : 0);
    const unsigned decimals = market.assets[index(*asset)].description.decimals;
    const bool is_umbrella = layer.kind == LayerKind::umbrella;
    // Money from outside and an offset have an end; other shares and the deficit need none.
    if (is_from_outside(layer.kind) || layer.kind == LayerKind::deficit_offset)
        layer.cover = {table.decimal("cover", decimals)};
    else if (!is_umbrella)
        layer.cover = {table.decimal_if("cover", decimals).value_or(0)};
    if (layer.kind == LayerKind::insurance_fund)
        layer.refill = {table.decimal_if("refill_per_day", decimals).value_or(0)};
    layer.refilled = seconds(market.as_of);
    if (layer.kind == LayerKind::junior_tranche || is_umbrella) out.account = table.text("account");
    if (is_umbrella) read_umbrella(table, market, decimals, layer);
    check_umbrella(table, market.layers, layer);
    check_place(table, market.layers, layer);
    if (std::max({layer.cover, layer.refill, layer.pending}).raw > aave_v3::Leg::balance_max)
        table.fail("cover", "is too large", "less than 2^120 atomic units");
    table.finish();
    return out;
}

void read_layers(TomlReader& root, MarketFile& market) {
    for (TomlReader& table : root.tables("layer", "layer"))
        market.layers.push_back(read_layer(table, market));
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
    std::vector<AssetDescription*> described;
    described.reserve(market.assets.size());
    for (MarketAsset& asset : market.assets)
        described.push_back(&asset.description);
    check_pegs(tables, described);
    read_aave_v3_emodes(root, market);
    if (market.rulebook == "breakwater") market.house = read_breakwater_section(root);
    read_layers(root, market);
    root.finish();
    file.add_notes(market.notes);
    std::vector<DefaultsTaken> taken;
    taken.reserve(market.assets.size());
    for (const MarketAsset& asset : market.assets)
        taken.push_back({.symbol = asset.description.symbol,
                         .given = {.liquidity = asset.has_liquidity, .feed = asset.has_feed}});
    note_defaults(taken, market.notes);
    return market;
}

MarketFile read_market_file(const std::filesystem::path& path) {
    return parse_market(TextFile(path));
}

}  // namespace breakwater
