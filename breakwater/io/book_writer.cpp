// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/book_writer.hpp"

#include <algorithm>
#include <array>

#include "breakwater/core/math.hpp"
#include "breakwater/io/accounts_file.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/breakwater_section.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/time_text.hpp"
#include "breakwater/io/toml.hpp"

namespace breakwater {
namespace {

constexpr std::array<std::string_view, 3> kinds{"volatile", "stable", "pegged"};
constexpr std::array<std::string_view, 4> tiers{"major", "liquid", "long_tail", "pegged"};

struct Units {
    AmountUnit amounts;
    BalanceKind balances;
};

Units units_of(const Book& book) {
    const auto& reserves = aave_market(book.state).reserves;
    const bool plain = std::ranges::all_of(reserves, [](const aave_v3::Reserve& r) {
        return r.liquidity_index.raw == ray && r.borrow_index.raw == ray;
    });
    if (plain) return {AmountUnit::tokens, BalanceKind::underlying};
    return {AmountUnit::atomic, BalanceKind::scaled};
}

/// Lines "key = value" in their order.
class Toml {
  public:
    void line(std::string_view key, std::string_view value) {
        text_ += key;
        text_ += " = ";
        text_ += value;
        text_ += '\n';
    }
    void integer(std::string_view key, std::uint64_t value) { line(key, std::to_string(value)); }
    void number(std::string_view key, double value) { line(key, format_number(value)); }
    void quoted(std::string_view key, std::string_view value) { line(key, toml_quoted(value)); }
    void flag(std::string_view key, bool value) { line(key, value ? "true" : "false"); }
    void raw(std::string_view text) { text_ += text; }
    std::string take() { return std::move(text_); }

  private:
    std::string text_;
};

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

void write_reserve(Toml& out, const aave_v3::Reserve& r, unsigned cash_decimals) {
    if (r.liquidity_index.raw != ray)
        out.quoted("liquidity_index", format_integer(r.liquidity_index.raw));
    if (r.borrow_index.raw != ray)
        out.quoted("variable_borrow_index", format_integer(r.borrow_index.raw));
    if (r.accrued_to_treasury.raw != 0)
        out.quoted("accrued_to_treasury", format_integer(r.accrued_to_treasury.raw));
    if (r.deficit.raw != 0) out.quoted("deficit", format_integer(r.deficit.raw));
    Checked math;
    const uint128 claims =
        math.ray_mul_down(r.supplied.raw + r.accrued_to_treasury.raw, r.liquidity_index.raw);
    const uint128 owed = math.ray_mul_up(r.borrowed.raw, r.borrow_index.raw) + r.deficit.raw;
    if (r.cash.raw + owed != claims) out.quoted("cash", format_decimal(r.cash.raw, cash_decimals));
}

void write_reporting(Toml& out, const FeedParameters& f) {
    out.number("deviation", f.deviation);
    out.number("heartbeat", f.heartbeat);
    out.number("latency", f.latency);
}

/// Limits are written as the tier and cadence that they come from, with every age that a market may set itself.
void write_limits(Toml& out, const feeds::Limits& l) {
    std::size_t tier = 0;
    while (tier + 1 < tiers.size() && feeds::limits_of(static_cast<feeds::Tier>(tier)).jump != l.jump)
        ++tier;
    const feeds::Limits standard = feeds::limits_of(static_cast<feeds::Tier>(tier));
    out.quoted("tier", tiers[tier]);
    // Shorter cadences stretch nothing but the two ages below.
    if (l.downtime_max > standard.downtime_max) out.integer("cadence", l.downtime_max / 2);
    out.integer("opening_age", l.opening_age_max);
    out.integer("liquidation_age", l.liquidation_age_max);
    out.integer("sources_min", l.sources_min);
    if (l.quiet != 0) out.integer("quiet", l.quiet);
    if (l.price_min != 0) out.quoted("price_min", format_decimal(l.price_min, 8));
    if (l.price_max != price_max) out.quoted("price_max", format_decimal(l.price_max, 8));
}

void write_feed(Toml& out, const AssetDescription& d) {
    if (is_default(d.feed) && d.sources.empty()) return;
    out.raw("[asset.feed]\n");
    write_reporting(out, d.feed);
    if (d.sources.empty()) return;
    write_limits(out, d.wiring.limits);
    if (!d.wiring.snapshot.is_zero()) {
        out.quoted("ratio_cap", format_decimal(d.wiring.snapshot.raw, 18));
        out.quoted("ratio_growth", format_decimal(d.wiring.growth.raw, 18));
        out.line("ratio_cap_at", format_utc(static_cast<std::int64_t>(d.wiring.snapshot_at)));
    }
    constexpr feeds::Source open_source{};
    for (const SourceDescription& s : d.sources) {
        out.raw("[[asset.feed.source]]\n");
        out.quoted("name", s.name);
        out.integer("weight", s.weight);
        write_reporting(out, s.reporting);
        if (s.spread != 0) out.number("spread", s.spread * bps_one);
        if (s.is_ratio) out.flag("ratio", true);
        if (s.provider_min != 0) out.quoted("provider_min", format_decimal(s.provider_min, 8));
        if (s.provider_max != open_source.provider_max)
            out.quoted("provider_max", format_decimal(s.provider_max, 8));
    }
}

void write_asset(Toml& out, const Book& book, std::size_t i, const Units& units) {
    const AssetDescription& d = book.assets[i];
    const aave_v3::Market& native = aave_market(book.state);
    const aave_v3::Parameters& p = native.parameters[i];
    out.raw("\n[[asset]]\n");
    out.quoted("symbol", d.symbol);
    out.integer("decimals", d.decimals);
    out.quoted("price", format_decimal(book.state.feeds[i].point, 8));
    out.quoted("kind", kinds[static_cast<std::size_t>(d.kind)]);
    if (d.kind == AssetKind::pegged) out.quoted("peg", d.peg);
    out.raw("[asset.aave_v3]\n");
    out.integer("ltv", p.ltv);
    out.integer("liquidation_threshold", p.liquidation_threshold);
    out.integer("liquidation_bonus", p.liquidation_bonus);
    out.integer("liquidation_protocol_fee", p.liquidation_protocol_fee);
    out.integer("reserve_factor", p.reserve_factor);
    out.integer("optimal_usage", p.optimal_usage);
    out.integer("base_rate", p.base_rate);
    out.integer("slope1", p.slope1);
    out.integer("slope2", p.slope2);
    out.integer("supply_cap", p.supply_cap);
    out.integer("borrow_cap", p.borrow_cap);
    out.flag("borrowing", p.has(aave_v3::borrowing));
    if (!p.has(aave_v3::active)) out.flag("active", false);
    if (p.has(aave_v3::frozen)) out.flag("frozen", true);
    if (p.has(aave_v3::paused)) out.flag("paused", true);
    if (p.grace_until != 0) out.integer("grace_until", p.grace_until);
    write_reserve(out, native.reserves[i], units.amounts == AmountUnit::tokens ? d.decimals : 0);
    if (!is_default(d.liquidity)) {
        out.raw("[asset.liquidity]\n");
        out.number("depth_2pct", d.liquidity.depth_2pct);
        out.number("recovery_minutes", d.liquidity.recovery_minutes);
        out.number("own_share", d.liquidity.own_share);
    }
    write_feed(out, d);
}

std::string symbols_in(const Book& book, uint128 map) {
    std::string out = "[";
    for (std::size_t i = 0; i < book.assets.size(); ++i) {
        if (((map >> i) & 1U) == 0) continue;
        if (out.size() > 1) out += ", ";
        out += toml_quoted(book.assets[i].symbol);
    }
    return out + "]";
}

void write_emodes(Toml& out, const Book& book) {
    const auto& emodes = aave_market(book.state).emodes;
    for (std::size_t e = 1; e < emodes.size(); ++e) {
        const aave_v3::EMode& mode = emodes[e];
        if (mode.liquidation_threshold == 0) continue;
        out.raw("\n[[emode]]\n");
        out.integer("id", e);
        out.quoted("label", book.emode_labels[e]);
        out.integer("ltv", mode.ltv);
        out.integer("liquidation_threshold", mode.liquidation_threshold);
        out.integer("liquidation_bonus", mode.liquidation_bonus);
        out.line("collateral", symbols_in(book, mode.collateral));
        out.line("borrowable", symbols_in(book, mode.borrowable));
        if (mode.ltv_zero != 0) out.line("ltv_zero", symbols_in(book, mode.ltv_zero));
        if (mode.isolated != 0) out.flag("isolated", true);
    }
}

void write_layers(Toml& out, const Book& book) {
    for (std::size_t k = 0; k < book.state.layers.size(); ++k) {
        const Layer& layer = book.state.layers[k];
        const AssetDescription& asset = book.assets[layer.asset];
        out.raw("\n[[layer]]\n");
        out.quoted("name", book.layer_names[k]);
        out.quoted("asset", asset.symbol);
        if (layer.kind != LayerKind::insurance_fund)
            out.quoted("kind", layer_kinds[static_cast<std::size_t>(layer.kind)]);
        if (is_from_outside(layer.kind) || layer.cover.raw != 0)
            out.quoted("cover", format_decimal(layer.cover.raw, asset.decimals));
        if (layer.refill.raw != 0)
            out.quoted("refill_per_day", format_decimal(layer.refill.raw, asset.decimals));
        if (layer.kind == LayerKind::junior_tranche)
            out.quoted("account",
                       book.accounts[AccountId{static_cast<std::uint32_t>(layer.account)}]);
    }
}

/// The rows of one account; one row of zeros where it has no leg, because it is an account all the
/// same.
class AccountLines {
  public:
    AccountLines(const Book& book, const Units& units) : book_(book), units_(units) {}

    void add(AccountId id, std::string& out) const {
        const aave_v3::Market& native = aave_market(book_.state);
        const std::string_view name = book_.accounts[id];
        const std::string emode = std::to_string(native.accounts[index(id)].emode);
        bool is_written = id == native.treasury;
        for (const aave_v3::Leg& leg : native.legs_of(id)) {
            if (leg.supplied().is_zero() && leg.borrowed().is_zero()) continue;
            is_written = true;
            add_leg(name, leg, emode, native.reserves[index(leg.asset())], out);
        }
        if (is_written) return;
        out.append(name).append(",").append(book_.assets[0].symbol).append(",0,0,0,");
        out.append(emode).append("\n");
    }

  private:
    void add_leg(std::string_view name, const aave_v3::Leg& leg, const std::string& emode,
                 const aave_v3::Reserve& r, std::string& out) const {
        const AssetDescription& asset = book_.assets[index(leg.asset())];
        uint128 supply = leg.supplied().raw;
        uint128 debt = leg.borrowed().raw;
        if (units_.balances == BalanceKind::underlying) {
            Checked math;
            supply = math.ray_mul_up(supply, r.liquidity_index.raw);
            debt = math.ray_mul_down(debt, r.borrow_index.raw);
        }
        const unsigned decimals = units_.amounts == AmountUnit::tokens ? asset.decimals : 0;
        out.append(name).append(",").append(asset.symbol).append(",");
        out.append(format_decimal(supply, decimals))
            .append(",")
            .append(format_decimal(debt, decimals));
        out.append(leg.is_collateral() ? ",1," : ",0,").append(emode).append("\n");
    }

    const Book& book_;  // NOLINT(*-avoid-const-or-ref-data-members)
    Units units_;
};

}  // namespace

std::string market_text(const Book& book, std::span<const std::string> comments) {
    const Units units = units_of(book);
    Toml out;
    for (const std::string& comment : comments)
        out.raw("# " + comment + "\n");
    if (!comments.empty()) out.raw("\n");
    out.quoted("format", market_format);
    out.quoted("name", book.name);
    out.line("as_of", format_utc(static_cast<std::int64_t>(book.state.clock.now)));
    out.quoted("rulebook", book.rulebook);
    if (book.is_guarded) out.flag("guard", true);
    out.quoted("amounts", units.amounts == AmountUnit::tokens ? "tokens" : "atomic");
    out.quoted("balances", units.balances == BalanceKind::underlying ? "underlying" : "scaled");
    out.quoted("source", book.source);
    for (std::size_t i = 0; i < book.assets.size(); ++i)
        write_asset(out, book, i, units);
    write_emodes(out, book);
    if (const auto& own = aave_market(book.state).house) out.raw(breakwater_section_text(*own));
    write_layers(out, book);
    return out.take();
}

std::string accounts_text(const Book& book, AmountUnit amounts, BalanceKind balances) {
    std::string out = std::string(accounts_header) + "\n";
    const AccountLines lines(book, {amounts, balances});
    for (std::uint32_t i = 0; i < aave_market(book.state).accounts.size(); ++i)
        lines.add(AccountId{i}, out);
    return out;
}

void write_accounts(const Book& book, AmountUnit amounts, BalanceKind balances,
                    const std::filesystem::path& path) {
    write_file_atomically(path, accounts_text(book, amounts, balances));
}

void write_book(const Book& book, const std::filesystem::path& folder, Existing existing) {
    const Units units = units_of(book);
    FolderInTheMaking output(folder, existing, {market_file_name, accounts_file_name});
    output.write(market_file_name, market_text(book));
    output.write(accounts_file_name, accounts_text(book, units.amounts, units.balances));
    output.commit();
}

void write_market(const Book& book, const std::filesystem::path& folder, Existing existing) {
    FolderInTheMaking output(folder, existing, {market_file_name});
    output.write(market_file_name, market_text(book));
    output.commit();
}

}  // namespace breakwater
