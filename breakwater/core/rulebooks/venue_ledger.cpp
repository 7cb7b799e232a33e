// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/venue_ledger.hpp"

#include <algorithm>
#include <cstdlib>

#include "breakwater/core/interest.hpp"
#include "breakwater/core/math_signed.hpp"
#include "breakwater/core/rulebooks/venue_value.hpp"
#include "breakwater/core/rulebooks/venue_view.hpp"

namespace breakwater::venue {
namespace {

bool opposite(std::int64_t a, std::int64_t b) {
    return (a < 0 && b > 0) || (a > 0 && b < 0);
}

std::optional<std::uint32_t> empty_slot(const VenueDesk& desk, AccountId account) {
    const std::uint32_t first = desk.stored().first_slot(account);
    for (std::uint32_t s = first; s < first + settings(desk).slots; ++s)
        if (desk.read<&Market::positions>(s).lots == 0) return s;
    return std::nullopt;
}

/// What the closed part of a position is due: its lots at `worth` less its share of the basis.
int128 due_for_closed(Checked& math, const Position& p, std::int64_t lots, int128 worth) {
    if (!opposite(p.lots, lots)) return 0;
    const std::int64_t closed = std::min(std::abs(lots), std::abs(p.lots));
    const int128 share = closed == std::abs(p.lots)
                             ? p.basis
                             : mul_div_floor(math, p.basis, static_cast<uint128>(closed),
                                             static_cast<uint128>(std::abs(p.lots)));
    return sub_signed(math, mul_signed(math, p.lots < 0 ? -closed : closed, worth), share);
}

/// Open interest and the lots of the cluster follow a position.
void follow(VenueDesk& desk, AccountId account, ContractId contract, std::int64_t before,
            std::int64_t after) {
    const auto longs = [](std::int64_t lots) { return std::max<std::int64_t>(lots, 0); };
    change_contract(desk, contract).open_interest += longs(after) - longs(before);
    const std::uint32_t cluster = desk.read<&Market::accounts>(breakwater::index(account)).cluster;
    if (cluster == 0) return;
    ClusterLots& linked = desk.change<&Market::clusters>(desk.stored().row(cluster, contract));
    linked.longs += longs(after) - longs(before);
    linked.shorts += longs(-after) - longs(-before);
}

/// Whole atoms of dust are the fund's.
void sweep(VenueDesk& desk, ContractId contract) {
    const Terms& t = terms(desk, contract);
    Contract& c = change_contract(desk, contract);
    const int128 atoms = atoms_down(t, c.dust);
    if (atoms <= 0) return;
    c.dust -= grains_of(t, atoms);
    c.pot -= grains_of(t, atoms);
    credit(desk, settings(desk).fund, t.settlement, atoms);
}

}  // namespace

Collateral& accrue(VenueDesk& desk, AssetId asset) {
    Collateral& c = desk.change<&Market::collaterals>(breakwater::index(asset));
    const std::uint64_t now = seconds(desk.now());
    if (now <= c.updated) return c;
    const Ray growth = compound_growth(desk.math, c.borrow_rate, now - c.updated);
    c.borrow_index.raw = desk.math.ray_mul_up(c.borrow_index.raw, growth.raw);
    c.updated = now;
    return c;
}

Balance& grown_balance(VenueDesk& desk, AccountId account, AssetId asset) {
    Balance& b = desk.change<&Market::balances>(desk.stored().row(account, asset));
    if (b.cash >= 0) return b;
    const Ray now = accrue(desk, asset).borrow_index;
    if (now == b.index) return b;
    const uint128 debt = magnitude(b.cash);
    const uint128 grown = desk.math.mul_div_up(debt, now.raw, b.index.raw);
    b.cash = with_sign(desk.math, grown, true);
    b.index = now;
    Balance& fund = desk.change<&Market::balances>(desk.stored().row(settings(desk).fund, asset));
#if !BREAKWATER_MUTANT_VENUE_001
    fund.cash = add_signed(desk.math, fund.cash, with_sign(desk.math, grown - debt, false));
#endif
    return b;
}

void credit(VenueDesk& desk, AccountId account, AssetId asset, int128 atoms) {
    if (atoms == 0) return;
    Balance& b = grown_balance(desk, account, asset);
    b.cash = add_signed(desk.math, b.cash, atoms);
    b.index = b.cash < 0 ? accrue(desk, asset).borrow_index : Ray{};
}

void move_cash(VenueDesk& desk, AccountId from, AccountId to, AssetId asset, int128 atoms) {
    credit(desk, from, asset, -atoms);
    credit(desk, to, asset, atoms);
}

std::optional<std::uint32_t> find_slot(const VenueDesk& desk, AccountId account,
                                       ContractId contract) {
    const std::uint32_t first = desk.stored().first_slot(account);
    const std::uint32_t slots = settings(desk).slots;
    const auto stored = View(desk).stored<&Market::positions>(first, slots);
    for (std::uint32_t s = 0; s < slots; ++s) {
        const Position& p = stored.empty() ? desk.read<&Market::positions>(first + s) : stored[s];
        if (p.lots != 0 && p.contract == contract) return first + s;
    }
    return std::nullopt;
}

std::int64_t lots_held(const VenueDesk& desk, AccountId account, ContractId contract) {
    const auto slot = find_slot(desk, account, contract);
    return slot ? desk.read<&Market::positions>(*slot).lots : 0;
}

int128 pay_from_pot(VenueDesk& desk, AccountId account, ContractId contract, int128 exact) {
    const Terms& t = terms(desk, contract);
    Contract& c = change_contract(desk, contract);
#if BREAKWATER_MUTANT_VENUE_003
    const int128 atoms = -atoms_down(t, -exact);
#else
    const int128 atoms = atoms_down(t, exact);
#endif
    c.pot = sub_signed(desk.math, c.pot, grains_of(t, atoms));
    credit(desk, account, t.settlement, atoms);
    return atoms;
}

Status fill(VenueDesk& desk, AccountId account, ContractId contract, std::int64_t lots,
            int128 worth) {
    Checked& math = desk.math;
    auto slot = find_slot(desk, account, contract);
    if (!slot) slot = empty_slot(desk, account);
    if (!slot) return refuse(Error::positions_too_many);
    const Terms& t = terms(desk, contract);
    Contract& c = change_contract(desk, contract);
    Position& p = desk.change<&Market::positions>(*slot);
    const std::int64_t before = p.lots;
    const std::int64_t after = before + lots;  // Cannot overflow: both at most lots_max
    if (std::abs(after) > lots_max) return refuse(Error::amount_overflow);

    const int128 price = mul_signed(math, lots, worth);
    const int128 due = t.is_option() ? -price : due_for_closed(math, p, lots, worth);
    const int128 atoms = pay_from_pot(desk, account, contract, due);
    const int128 paid = grains_of(t, atoms);
    if (t.is_option()) {
        c.dust += due - paid;
    } else {
        p.basis = add_signed(math, add_signed(math, p.basis, price), paid);
    }
    p.contract = contract;
    p.lots = after;
    if (after == 0) {
        c.dust -= p.basis;  // less than an atom: what rounding down has left
        p = {};
    }
    sweep(desk, contract);
    follow(desk, account, contract, before, after);
    desk.emit(
        Effect{Filled{.account = account, .contract = contract, .lots = lots, .realised = atoms}});
    return {};
}

void settle_position(VenueDesk& desk, AccountId account, std::uint32_t slot) {
    Position& p = desk.change<&Market::positions>(slot);
    const ContractId contract = p.contract;
    const std::int64_t lots = p.lots;
    const Terms& t = terms(desk, contract);
    Contract& c = change_contract(desk, contract);
    const int128 due = sub_signed(desk.math, mul_signed(desk.math, lots, c.worth()), p.basis);
    const int128 atoms = pay_from_pot(desk, account, contract, due);
    c.dust += due - grains_of(t, atoms);
    c.settled_lots += lots;
    p = {};
    sweep(desk, contract);
    follow(desk, account, contract, lots, 0);
    desk.emit(
        Effect{Filled{.account = account, .contract = contract, .lots = -lots, .realised = atoms}});
}

}  // namespace breakwater::venue
