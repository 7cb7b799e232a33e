// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/venue_file.hpp"

#include <algorithm>

#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/venue.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/venue_sections.hpp"
#include "breakwater/stress/names.hpp"

namespace breakwater {
namespace {

constexpr std::uint64_t seconds_max = 366ULL * 86'400;
constexpr uint128 rate_max = ray * 10;           ///< [ray/year] 1000 %
constexpr uint128 index_max = ray * 1'000'000U;  ///< beyond it a unit error
constexpr uint128 cap_max = uint128{1} << 112U;  ///< [atomic]
constexpr std::uint64_t beta_max = 3 * std::uint64_t{ppm_one};

NamedAccount read_name(TomlReader& table, std::string_view key) {
    NamedAccount out{.name = table.text(key), .line = table.line_of(key)};
    if (out.name.empty()) table.fail(key, "is empty", "an account of accounts.csv");
    return out;
}

void read_settings(TomlReader& root, VenueFile& out) {
    TomlReader t = root.table("venue", "[venue]");
    venue::Settings s;
    out.fund = read_name(t, "fund");
    out.vault = read_name(t, "vault");
    if (out.fund.name == out.vault.name)
        t.fail("vault", "is the insurance fund", "an account of its own");
    for (const std::string& name : t.texts_or_none("liquidators"))
        out.liquidators.push_back({.name = name, .line = t.line_of("liquidators")});
    s.slots = static_cast<std::uint32_t>(t.integer("slots", 1, 1'024));
    s.notice = t.integer("notice", 0, seconds_max);
    s.gate_time = t.integer("gate_time", 0, seconds_max);
    s.mark_age_max = t.integer("mark_age_max", 1, seconds_max);
    out.venue.array_seconds = t.integer("array_life", 1, seconds_max);
    s.exit = read_ppm(t, "exit");
    s.participation = read_ppm(t, "participation");
    s.discount = read_ppm(t, "discount");
    s.discount_max = read_ppm(t, "discount_max");
    s.discount_per_hour = read_ppm(t, "discount_per_hour", 100 * std::uint64_t{ppm_one});
    s.fund_fee = read_ppm(t, "fund_fee");
    s.take_over = read_ppm(t, "take_over");
    if (s.discount > s.discount_max)
        t.fail("discount", "is above discount_max", "at most discount_max");
    s.grid = 1;
    t.finish();
    out.market().settings = {s};
    out.market().gate.resize(1);
}

/// An asset whose price follows that of an underlying, by symbol until those are read.
struct Followed {
    std::size_t asset = 0;
    std::string symbol;
    std::uint32_t beta = 0;  ///< [ppm]
    std::uint64_t line = 0;
};

/// [asset.collateral]
venue::Collateral read_collateral(TomlReader& t, const AssetDescription& asset, Time now,
                                  VenueFile::Custody& custody) {
    venue::Collateral c;
    c.decimals = static_cast<std::uint8_t>(asset.decimals);
    c.haircut = read_ppm(t, "haircut");
    c.profit_weight = read_ppm(t, "profit_weight");
    c.cap = {t.decimal("cap", asset.decimals)};
    if (c.cap.raw > cap_max) t.fail("cap", "is too large", "less than 2^112 atomic units");
    c.borrow_rate = {t.decimal("borrow_rate", 27)};
    if (c.borrow_rate.raw > rate_max)
        t.fail("borrow_rate", "is above 10", "a share a year, such as \"0.05\"");
    c.borrow_index = {t.decimal_if("borrow_index", 0).value_or(ray)};
    if (c.borrow_index.raw < ray || c.borrow_index.raw > index_max)
        t.fail("borrow_index", "is out of range", "an integer in ray, from 1e27 to 1e33");
    c.uncovered = {t.decimal_if("uncovered", asset.decimals).value_or(0)};
    if (const auto held = t.decimal_if("custody", asset.decimals)) custody.amount = Amount{*held};
    custody.line = t.line_of("custody");
    c.updated = seconds(now);
    return c;
}

std::vector<Followed> read_assets(TomlReader& root, VenueFile& out, Time now) {
    std::vector<TomlReader> tables = root.tables("asset", "asset");
    if (tables.empty()) TomlReader::fail_at(root, 0, "no assets", "at least one [[asset]]");
    constexpr std::size_t priced_max = 64;
    if (tables.size() > priced_max)
        TomlReader::fail_at(root, tables.back().line(), "too many assets", "at most 64");
    Book& book = out.venue.book;
    book.assets.reserve(tables.size());
    std::vector<DefaultsTaken> taken;
    std::vector<Followed> followed;
    out.venue.collateral.resize(tables.size());
    for (TomlReader& table : tables) {
        AssetDescription d;
        const Price price = read_asset_head(table, d);
        if (out.asset(d.symbol)) table.fail("symbol", "occurs twice", "a name of its own");
        const auto feed = accept_report(FeedRow{}, price, now);
        REQUIRE(feed.has_value());  // the reader has bounded the price
        book.state.feeds.push_back(*feed);
        VenueFile::Custody custody;
        venue::Collateral c;
        if (auto t = table.table_if("collateral", "asset " + d.symbol + ", [asset.collateral]")) {
            c = read_collateral(*t, d, now, custody);
            const std::size_t row = book.assets.size();
            out.venue.collateral[row].depeg = t->has("depeg") ? read_ppm(*t, "depeg") : 0;
            if (t->has("follows"))
                followed.push_back({.asset = row,
                                    .symbol = t->text("follows"),
                                    .beta = read_ppm(*t, "beta", beta_max),
                                    .line = t->line_of("follows")});
            t->finish();
        }
        taken.push_back({.symbol = d.symbol, .given = read_asset_surroundings(table, d)});
        table.finish();
        out.custody.push_back(custody);
        out.market().collaterals.push_back(c);
        book.assets.push_back(std::move(d));
    }
    std::vector<AssetDescription*> described;
    described.reserve(book.assets.size());
    for (AssetDescription& asset : book.assets)
        described.push_back(&asset);
    check_pegs(tables, described);
    note_defaults(taken, book.notes);
    book.state.custody.resize(book.assets.size());
    // Accounts have no rows for what the venue does not take.
    auto& rows = out.market().collaterals;
    while (!rows.empty() && rows.back().borrow_index.is_zero())
        rows.pop_back();
    if (rows.empty())
        TomlReader::fail_at(root, tables[0].line(), "no asset is collateral",
                            "an [asset.collateral]");
    if (rows.size() > venue::assets_max)
        TomlReader::fail_at(root, tables[rows.size() - 1].line(), "too many assets for accounts",
                            "collateral among the first 16 assets");
    return followed;
}

/// How collateral moves in the scenarios: as the underlying that it is or follows, and alone.
void resolve_moves(const std::vector<Followed>& followed, VenueFile& out) {
    for (std::uint32_t u = 0; u < out.venue.underlyings.size(); ++u) {
        CollateralMove& own = out.venue.collateral[index(out.venue.underlyings[u].asset)];
        own.underlying = u;
        own.beta = ppm_one;
    }
    for (const Followed& f : followed) {
        const auto asset = out.asset(f.symbol);
        const auto row = asset ? out.underlying(*asset) : std::nullopt;
        if (!row)
            throw InputError(out.file, f.line, "follows is " + quote(f.symbol),
                             "the asset of an [[underlying]]");
        out.venue.collateral[f.asset].underlying = *row;
        out.venue.collateral[f.asset].beta = f.beta;
    }
}

void read_tiers(TomlReader& root, VenueFile& out) {
    venue::Market& m = out.market();
    const auto read_amounts = [&](TomlReader& table, const char* key, bool is_needed) {
        std::vector<Amount> amounts(m.assets());
        if (!is_needed && !table.has(key)) {
            static_cast<void>(table.table_if(key, ""));
            return amounts;
        }
        TomlReader in = table.table(key, "tier, " + std::string(key));
        for (std::size_t a = 0; a < amounts.size(); ++a) {
            const AssetDescription& d = out.venue.book.assets[a];
            if (!m.has(AssetId{static_cast<std::uint8_t>(a)})) continue;
            amounts[a] = {in.decimal_if(d.symbol, d.decimals).value_or(0)};
            if (amounts[a].raw > cap_max)
                in.fail(d.symbol, "is too large", "less than 2^112 atomic units");
        }
        in.finish();
        return amounts;
    };
    std::vector<TomlReader> tables = root.tables("tier", "tier");
    if (tables.empty())
        TomlReader::fail_at(root, 0, "no tiers of the insurance fund", "at least one [[tier]]");
    for (TomlReader& table : tables) {
        const std::string name = table.text("name");
        table.rename("tier " + name);
        if (std::ranges::find(out.venue.tier_names, name) != out.venue.tier_names.end())
            table.fail("name", "occurs twice", "a name of its own");
        const auto limits = read_amounts(table, "limit", true);
        const auto paid = read_amounts(table, "paid", false);
        table.finish();
        out.venue.tier_names.push_back(name);
        for (std::size_t a = 0; a < limits.size(); ++a) {
            if (paid[a] > limits[a])
                table.fail("paid", "is above the limit", "at most the limit of each asset");
            m.fund_tiers.push_back({.limit = limits[a], .paid = paid[a]});
        }
    }
    m.settings[0].tiers = static_cast<std::uint32_t>(tables.size());
}

}  // namespace

std::optional<AssetId> VenueFile::asset(std::string_view symbol) const {
    return find_asset(venue.book.assets, symbol);
}

std::optional<std::uint32_t> VenueFile::underlying(AssetId asset) const {
    const auto& all = venue.underlyings;
    const auto at = std::ranges::find(all, asset, &UnderlyingDescription::asset);
    if (at == all.end()) return std::nullopt;
    return static_cast<std::uint32_t>(at - all.begin());
}

VenueFile parse_venue(const TextFile& file) {
    const TomlValue document = parse_toml(file);
    TomlReader root(document, file.name(), "");
    VenueFile out;
    out.file = file.name();
    Book& book = out.venue.book;
    book.state.markets.emplace_back(venue::Market{});
    if (const std::string format = root.text("format"); format != venue_format)
        root.fail("format", "is " + quote(format), "\"" + std::string(venue_format) + "\"");
    book.name = root.text("name");
    book.source = root.text_or("source", "");
    book.rulebook = "venue";
    const Time now = root.time("as_of");
    book.state.clock.now = seconds(now);
    read_settings(root, out);
    const std::vector<Followed> followed = read_assets(root, out, now);
    read_underlyings(root, out);
    resolve_moves(followed, out);
    read_tiers(root, out);
    read_contracts(root, out);
    root.finish();
    file.add_notes(book.notes);
    return out;
}

}  // namespace breakwater
