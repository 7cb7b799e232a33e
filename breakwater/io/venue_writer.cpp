// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/venue_writer.hpp"

#include <array>

#include "breakwater/core/each_number.hpp"
#include "breakwater/core/math_signed.hpp"
#include "breakwater/io/asset_section.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/time_text.hpp"
#include "breakwater/io/venue_accounts.hpp"
#include "breakwater/io/venue_reader.hpp"
#include "breakwater/io/venue_sections.hpp"

namespace breakwater {
namespace {


std::string price_text(uint128 e8_units) {
    return format_decimal(e8_units, price_decimals);
}
std::string utc(std::uint64_t time) {
    return format_utc(static_cast<std::int64_t>(time));
}

void write_settings(TomlText& out, const VenueBook& v) {
    const venue::Settings& s = v.market().set();
    const AccountNames& names = v.book.accounts;
    out.raw("\n[venue]\n");
    out.quoted("fund", names[s.fund]);
    out.quoted("vault", names[s.vault]);
    std::string liquidators = "[";
    for (const AccountId id : v.liquidators)
        liquidators += (liquidators.size() > 1 ? ", " : "") + toml_quoted(names[id]);
    out.line("liquidators", liquidators + "]");
    out.integer("slots", s.slots);
    out.integer("notice", s.notice);
    out.integer("gate_time", s.gate_time);
    out.integer("mark_age_max", s.mark_age_max);
    out.integer("array_life", v.array_seconds);
    out.integer("exit", s.exit);
    out.integer("participation", s.participation);
    out.integer("discount", s.discount);
    out.integer("discount_max", s.discount_max);
    out.integer("discount_per_hour", s.discount_per_hour);
    out.integer("fund_fee", s.fund_fee);
    out.integer("take_over", s.take_over);
}

void write_collateral(TomlText& out, const VenueBook& v, std::size_t a) {
    const venue::Collateral& c = v.market().collaterals[a];
    out.raw("[asset.collateral]\n");
    out.integer("haircut", c.haircut);
    out.integer("profit_weight", c.profit_weight);
    out.quoted("cap", format_decimal(c.cap.raw, c.decimals));
    out.quoted("borrow_rate", format_decimal(c.borrow_rate.raw, 27));
    if (c.borrow_index.raw != ray) out.quoted("borrow_index", format_integer(c.borrow_index.raw));
    if (!c.uncovered.is_zero())
        out.quoted("uncovered", format_decimal(c.uncovered.raw, c.decimals));
    out.quoted("custody", format_decimal(c.held.raw, c.decimals));
    const CollateralMove& move = v.collateral[a];
    if (move.underlying != CollateralMove::nothing) {
        out.quoted("follows", v.book.assets[index(v.underlyings[move.underlying].asset)].symbol);
        out.integer("beta", move.beta);
    }
    out.integer("depeg", move.depeg);
}

void write_assets(TomlText& out, const VenueBook& v) {
    for (std::size_t a = 0; a < v.book.assets.size(); ++a) {
        out.raw("\n[[asset]]\n");
        write_asset_head(out, v.book.assets[a], Price{v.book.state.feeds[a].point});
        if (v.market().has(AssetId{static_cast<std::uint8_t>(a)})) write_collateral(out, v, a);
        write_asset_surroundings(out, v.book.assets[a]);
    }
}

void write_underlyings(TomlText& out, const VenueBook& v) {
    for (const UnderlyingDescription& u : v.underlyings) {
        out.raw("\n[[underlying]]\n");
        out.quoted("asset", v.book.assets[index(u.asset)].symbol);
        out.quoted("tick", price_text(u.tick_e8));
        out.integer("range", u.range);
        out.integer("roll_min", u.roll_min);
        out.integer("roll_yearly", u.roll_yearly);
        out.integer("short_minimum", u.short_minimum);
        out.number("stressed_volatility", u.surface.stressed_volatility);
        out.raw("[underlying.volatility_shock]\n");
        out.number("up", u.shock.range_up);
        out.number("down", u.shock.range_down);
        out.number("short_power", u.shock.short_power);
        out.number("long_power", u.shock.long_power);
        out.number("up_min", u.shock.up_min);
        for (std::size_t k = 0; k < u.surface.smiles.size(); ++k) {
            const Smile& smile = u.surface.smiles[k];
            out.raw("[[underlying.smile]]\n");
            out.line("expiry", format_utc(smile.expiry));
            out.number("forward", u.forwards[k].price);
            out.number("a", smile.svi.a);
            out.number("b", smile.svi.b);
            out.number("rho", smile.svi.rho);
            out.number("m", smile.svi.m);
            out.number("s", smile.svi.s);
        }
    }
}

void write_tiers(TomlText& out, const VenueBook& v) {
    const venue::Market& m = v.market();
    for (std::uint32_t t = 0; t < m.set().tiers; ++t) {
        out.raw("\n[[tier]]\n");
        out.quoted("name", v.tier_names[t]);
        const auto write = [&](const char* key, auto amount) {
            out.raw("[tier." + std::string(key) + "]\n");
            for (const std::uint8_t a : each_number<std::uint8_t>(m.assets()))
                if (const Amount x = amount(m.fund_tiers[m.tier_row(t, AssetId{a})]); !x.is_zero())
                    out.quoted(toml_quoted(v.book.assets[a].symbol),
                               format_decimal(x.raw, v.book.assets[a].decimals));
        };
        write("limit", [](const venue::FundTier& row) { return row.limit; });
        write("paid", [](const venue::FundTier& row) { return row.paid; });
    }
}

void write_margin(TomlText& out, const venue::MarginTerms& m) {
    out.raw("[contract.margin]\ntiers = [");
    for (std::size_t k = 0; k < venue::tiers_max && m.tiers[k].maintenance != 0; ++k)
        out.raw((k == 0 ? "{ lower = " : ", { lower = ") + format_integer(m.tiers[k].lower / venue_e8) +
                ", initial = " + std::to_string(m.tiers[k].initial) +
                ", maintenance = " + std::to_string(m.tiers[k].maintenance) + " }");
    out.raw("]\n");
    const auto usd = [&](const char* key, std::uint64_t value) {
        if (value != 0) out.integer(key, value / static_cast<std::uint64_t>(venue_e8));
    };
    usd("open_interest_lower", m.open_interest_lower);
    usd("open_interest_upper", m.open_interest_upper);
    usd("size_unit", m.size_unit);
    if (m.size_slope != 0) out.integer("size_slope", m.size_slope);
    usd("absorbed", m.absorbed);
    if (m.impact != 0) out.integer("impact", m.impact);
}

void write_contract(TomlText& out, const VenueBook& v, std::size_t k) {
    const venue::Terms& t = v.market().terms[k];
    const venue::Contract& c = v.market().contracts[k];
    const ContractDescription& d = v.contracts[k];
    const auto price = [&](std::int64_t ticks, std::uint64_t tick) {
        return price_text(static_cast<uint128>(ticks) * tick);
    };
    out.raw("\n[[contract]]\n");
    out.quoted("name", v.book.contract_names[k]);
    out.quoted("form", venue_forms[static_cast<std::size_t>(t.form)]);
    out.quoted("settled", t.settled == venue::Settled::linear ? "linear" : "coin");
    out.quoted("underlying", v.book.assets[index(t.underlying)].symbol);
    if (t.settled == venue::Settled::linear)
        out.quoted("settlement", v.book.assets[index(t.settlement)].symbol);
    out.quoted("lot", price_text(d.lot_e8));
    out.quoted("tick", price_text(d.tick_e8));
    out.integer("grain_bits", t.grain_bits);
    if (t.expiry != 0) out.line("expiry", utc(t.expiry));
    if (t.is_option()) out.quoted("strike", price(t.strike, v.underlyings[d.underlying].tick_e8));
    out.quoted("mark", price(c.mark, d.tick_e8));
    out.quoted("slow", price(c.slow, d.tick_e8));
    out.integer("depth", static_cast<std::uint64_t>(c.depth));
    out.integer("block_lots", static_cast<std::uint64_t>(t.block_lots));
    out.integer("band", t.band);
    out.quoted("tier", v.tier_names[t.tier]);
    if (const auto add_on = v.market().announced[k].stale_add_on; add_on != 0)
        out.integer("stale_add_on", add_on);
    if (!t.is_option() && t.by_arrays != 0) out.flag("arrays", true);
    if (t.by_arrays == 0) write_margin(out, v.market().announced[k]);
}

/// The entry with the fewest digits that reads back as `basis`; InputError where none does.
std::string entry_text(const VenueBook& v, const venue::Position& p) {
    const std::size_t k = venue::index(p.contract);
    const venue::Terms& t = v.market().terms[k];
    if (t.is_option()) return {};
    const ContractDescription& d = v.contracts[k];
    const uint128 lots = magnitude(int128{p.lots});
    const uint128 size = magnitude(p.basis);
    const auto unit = static_cast<uint128>(t.unit);
    Checked math;
    // [1e-12] basis · tick / (lots · unit); inverse: lots · unit · tick / basis
    const uint128 tick = uint128{d.tick_e8} * 10'000;
    const uint128 exact = size == 0        ? 0
                          : t.is_inverse() ? math.mul_div_half_up(math.mul(lots, unit), tick, size)
                                           : math.mul_div_half_up(size, tick, math.mul(lots, unit));
    for (unsigned digits = 0; digits <= entry_decimals && !math.overflow(); ++digits) {
        const uint128 step = power_of_ten(entry_decimals - digits);
        const uint128 down = exact / step * step;
        for (const uint128 entry : {down, down + step}) {
            if (entry == 0) continue;
            if (basis_at(t, d, p.lots, entry) == p.basis)
                return format_decimal(entry, entry_decimals);
        }
    }
    throw InputError("positions.csv", 0,
                     "a position in " + v.book.contract_names[k] + " has a basis of " +
                         format_signed(p.basis, 0) + " grains, which is that of no price",
                     "a book at rest");
}

void add_account(const VenueBook& v, AccountId id, std::string& out) {
    const venue::Market& m = v.market();
    const venue::Account& a = m.accounts[index(id)];
    const std::string tail =
        "," + (a.cluster == 0 ? "" : std::to_string(a.cluster)) + "," +
        std::string(a.parent == 0 ? "" : v.book.accounts[AccountId{a.parent - 1}]) + "\n";
    const auto row = [&](std::size_t asset, int128 cash) {
        out.append(v.book.accounts[id]).append(",").append(v.book.assets[asset].symbol);
        out.append(",").append(format_signed(cash, v.book.assets[asset].decimals)).append(tail);
    };
    bool is_written = false;
    for (const std::uint8_t k : each_number<std::uint8_t>(m.assets())) {
        const int128 cash = m.balances[m.row(id, AssetId{k})].cash;
        if (cash == 0) continue;
        row(k, cash);
        is_written = true;
    }
    std::uint8_t taken = 0;
    while (!m.has(AssetId{taken}))
        ++taken;
    if (!is_written) row(taken, 0);
}

}  // namespace

std::string venue_market_text(const VenueBook& v) {
    TomlText out;
    out.quoted("format", venue_format);
    out.quoted("name", v.book.name);
    out.line("as_of", utc(v.book.state.clock.now));
    out.quoted("source", v.book.source);
    write_settings(out, v);
    write_assets(out, v);
    write_underlyings(out, v);
    write_tiers(out, v);
    for (std::size_t k = 0; k < v.contracts.size(); ++k)
        write_contract(out, v, k);
    return out.take();
}

std::string venue_accounts_text(const VenueBook& v) {
    std::string out = std::string(venue_accounts_header) + "\n";
    for (std::uint32_t k = 0; k < v.market().set().accounts; ++k)
        add_account(v, AccountId{k}, out);
    return out;
}

std::string positions_text(const VenueBook& v) {
    const venue::Market& m = v.market();
    std::string out = std::string(positions_header) + "\n";
    for (std::uint32_t k = 0; k < m.positions.size(); ++k) {
        const venue::Position& p = m.positions[k];
        if (p.lots == 0) continue;
        out.append(v.book.accounts[AccountId{k / m.set().slots}]).append(",");
        out.append(v.book.contract_names[venue::index(p.contract)]).append(",");
        out.append(std::to_string(p.lots)).append(",").append(entry_text(v, p)).append("\n");
    }
    return out;
}

void write_venue(const VenueBook& v, const std::filesystem::path& folder, Existing existing) {
    FolderInTheMaking output(folder, existing,
                             {market_file_name, accounts_file_name, positions_file_name});
    output.write(market_file_name, venue_market_text(v));
    output.write(accounts_file_name, venue_accounts_text(v));
    output.write(positions_file_name, positions_text(v));
    output.commit();
}

}  // namespace breakwater
