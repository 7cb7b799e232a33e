// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/native_file.hpp"

#include <algorithm>

#include "breakwater/core/feeds.hpp"
#include "breakwater/core/require.hpp"
#include "breakwater/io/asset_section.hpp"
#include "breakwater/stress/names.hpp"

namespace breakwater {
namespace {

constexpr std::array<std::string_view, 2> amount_units{"tokens", "atomic"};
constexpr std::array<std::string_view, 2> balance_kinds{"underlying", "scaled"};
constexpr std::size_t assets_max = 128;

void read_assets(TomlReader& root, NativeFile& out, Time now) {
    Book& book = out.book;
    std::vector<TomlReader> tables = root.tables("asset", "asset");
    if (tables.empty()) TomlReader::fail_at(root, 0, "no assets", "at least one [[asset]]");
    if (tables.size() > assets_max)
        TomlReader::fail_at(root, tables.back().line(), "too many assets",
                            "at most " + std::to_string(assets_max));
    std::vector<DefaultsTaken> taken;
    for (TomlReader& table : tables) {
        AssetDescription d;
        const Price price = read_asset_head(table, d);
        if (out.asset(d.symbol)) table.fail("symbol", "occurs twice", "a name of its own");
        const Surroundings given = read_asset_surroundings(table, d);
        if (!d.sources.empty())
            table.fail(
                "feed", "has several sources",
                "one feed for an asset: " + book.rulebook + " has no guard that would weigh them");
        table.finish();
        out.surroundings.push_back(given);
        taken.push_back({.symbol = d.symbol, .given = given});
        book.assets.push_back(std::move(d));
        const auto feed = accept_report(FeedRow{}, price, now);
        REQUIRE(feed.has_value());  // the reader has bounded the price
        book.state.feeds.push_back(*feed);
    }
    std::vector<AssetDescription*> described;
    described.reserve(book.assets.size());
    for (AssetDescription& d : book.assets)
        described.push_back(&d);
    check_pegs(tables, described);
    book.state.custody.resize(book.assets.size());
    note_defaults(taken, book.notes);
}

}  // namespace

std::optional<AssetId> NativeFile::asset(std::string_view symbol) const {
    return find_asset(book.assets, symbol);
}

AssetId NativeFile::read_asset(TomlReader& table, std::string_view key) const {
    const std::string symbol = table.text(key);
    const auto found = asset(symbol);
    if (!found) table.fail(key, "is unknown asset " + quote(symbol), "the symbol of an [[asset]]");
    return *found;
}

NativeFile parse_native(const TextFile& file) {
    const TomlValue document = parse_toml(file);
    TomlReader root(document, file.name(), "");
    NativeFile out;
    out.file = file.name();
    Book& book = out.book;
    if (const std::string format = root.text("format"); format != market_format)
        root.fail("format", "is " + quote(format), "\"" + std::string(market_format) + "\"");
    book.name = root.text("name");
    book.source = root.text_or("source", "");
    const Time now = root.time("as_of");
    book.state.clock.now = seconds(now);
    book.rulebook = native_rulebooks[root.word("rulebook", native_rulebooks)];
    out.amounts = static_cast<AmountUnit>(root.word("amounts", amount_units));
    out.balances = static_cast<BalanceKind>(root.word("balances", balance_kinds));
    read_assets(root, out, now);
    if (book.rulebook == "compound_v3")
        read_comet_market(root, out);
    else
        read_morpho_markets(root, out);
    root.finish();
    file.add_notes(book.notes);
    return out;
}

}  // namespace breakwater
