// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/book_writer.hpp"

#include <algorithm>

#include "breakwater/core/math.hpp"
#include "breakwater/io/accounts_file.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/breakwater_section.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/time_text.hpp"
#include "breakwater/io/toml_text.hpp"

namespace breakwater {
namespace {

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

void write_reserve(TomlText& out, const aave_v3::Reserve& r, unsigned cash_decimals) {
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

void write_asset(TomlText& out, const Book& book, std::size_t i, const Units& units) {
    const AssetDescription& d = book.assets[i];
    const aave_v3::Market& native = aave_market(book.state);
    const aave_v3::Parameters& p = native.parameters[i];
    out.raw("\n[[asset]]\n");
    write_asset_head(out, d, Price{book.state.feeds[i].point});
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
    write_asset_surroundings(out, d);
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

void write_emodes(TomlText& out, const Book& book) {
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

void write_layers(TomlText& out, const Book& book) {
    for (std::size_t k = 0; k < book.state.layers.size(); ++k) {
        const Layer& layer = book.state.layers[k];
        const AssetDescription& asset = book.assets[layer.asset];
        out.raw("\n[[layer]]\n");
        out.quoted("name", book.layer_names[k]);
        out.quoted("asset", asset.symbol);
        if (layer.kind != LayerKind::insurance_fund)
            out.quoted("kind", layer_kinds[static_cast<std::size_t>(layer.kind)]);
        const bool is_umbrella = layer.kind == LayerKind::umbrella;
        if (is_from_outside(layer.kind) || layer.cover.raw != 0)
            out.quoted("cover", format_decimal(layer.cover.raw, asset.decimals));
        if (layer.refill.raw != 0)
            out.quoted("refill_per_day", format_decimal(layer.refill.raw, asset.decimals));
        if (is_umbrella) {
            out.quoted("stake", book.assets[layer.stake].symbol);
            if (layer.fee != 0) out.integer("fee", layer.fee);
            if (layer.pending.raw != 0)
                out.quoted("pending", format_decimal(layer.pending.raw, asset.decimals));
        }
        if (is_umbrella || layer.kind == LayerKind::junior_tranche)
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

    const Book& book_;
    Units units_;
};

}  // namespace

std::string market_text(const Book& book, std::span<const std::string> comments) {
    const Units units = units_of(book);
    TomlText out;
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
