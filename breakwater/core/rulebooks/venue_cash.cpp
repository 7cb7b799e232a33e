// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/each_number.hpp"
#include "breakwater/core/math_signed.hpp"
#include "breakwater/core/rulebooks/venue.hpp"
#include "breakwater/core/rulebooks/venue_guard.hpp"
#include "breakwater/core/rulebooks/venue_ledger.hpp"
#include "breakwater/core/rulebooks/venue_orders.hpp"

namespace breakwater::venue {
namespace {

constexpr uint128 atoms_max = uint128{1} << 120U;

bool is_empty(const VenueDesk& desk, AccountId account) {
    const Market& m = desk.stored();
    for (const std::uint8_t k : each_number<std::uint8_t>(m.assets()))
        if (desk.read<&Market::balances>(m.row(account, AssetId{k})).cash != 0) return false;
    for (std::uint32_t s = 0; s < m.set().slots; ++s)
        if (desk.read<&Market::positions>(m.first_slot(account) + s).lots != 0) return false;
    return !has_orders(desk, account);
}

bool owns(const VenueDesk& desk, AccountId parent, AccountId isolated) {
    return desk.read<&Market::accounts>(breakwater::index(isolated)).parent ==
           breakwater::index(parent) + 1;
}

void tell(VenueDesk& desk, AccountId account, AssetId asset, Amount amount, bool in) {
    desk.emit(Effect{CashMoved{.account = account, .asset = asset, .amount = amount, .in = in}});
}

}  // namespace

Status deposit(VenueDesk& desk, const Deposit& e) {
    if (e.amount.is_zero()) return refuse(Error::amount_zero);
    if (e.amount.raw > atoms_max) return refuse(Error::amount_overflow);
    Collateral& c = desk.change<&Market::collaterals>(breakwater::index(e.asset));
    c.held.raw = desk.math.add(c.held.raw, e.amount.raw);
    if (c.held > c.cap) return refuse(Error::deposit_cap_exceeded);
    desk.receive(e.asset, e.amount);
    credit(desk, e.account, e.asset, static_cast<int128>(e.amount.raw));
    tell(desk, e.account, e.asset, e.amount, true);
    return {};
}

Status withdraw(VenueDesk& desk, const Withdraw& e) {
    if (e.amount.is_zero()) return refuse(Error::amount_zero);
#if !BREAKWATER_MUTANT_VENUE_007
    if (is_gated(View(desk))) return refuse(Error::withdrawals_gated);
#endif
    Collateral& c = desk.change<&Market::collaterals>(breakwater::index(e.asset));
    if (e.amount > c.held) return refuse(Error::cash_insufficient);
    c.held -= e.amount;
    credit(desk, e.account, e.asset, -static_cast<int128>(e.amount.raw));
    if (const Status stands = may_open(desk, e.account); !stands) return stands;
    desk.pay(e.asset, e.amount);
    tell(desk, e.account, e.asset, e.amount, false);
    return {};
}

Status transfer(VenueDesk& desk, const Transfer& e) {
    if (e.amount.is_zero()) return refuse(Error::amount_zero);
    if (e.amount.raw > atoms_max) return refuse(Error::amount_overflow);
    if (!owns(desk, e.from, e.to) && !owns(desk, e.to, e.from))
        return refuse(Error::accounts_not_related);
    move_cash(desk, e.from, e.to, e.asset, static_cast<int128>(e.amount.raw));
    if (const Status stands = may_open(desk, e.from); !stands) return stands;
    tell(desk, e.from, e.asset, e.amount, false);
    tell(desk, e.to, e.asset, e.amount, true);
    return {};
}

Status set_account(VenueDesk& desk, const SetAccount& e) {
    const Settings& set = settings(desk);
    if (e.account == set.fund || e.account == set.vault) return refuse(Error::accounts_not_related);
    if (e.parent > set.accounts) return refuse(Error::account_unknown);
    if (e.cluster != 0 && e.cluster >= set.clusters) return refuse(Error::parameters_invalid);
    if (e.parent != 0) {
        const Account& parent = desk.read<&Market::accounts>(e.parent - 1);
        if (e.parent - 1 == breakwater::index(e.account) || parent.parent != 0)
            return refuse(Error::accounts_not_related);
    }
    if (!is_empty(desk, e.account)) return refuse(Error::account_not_empty);
    Account& a = change_account(desk, e.account);
    a.parent = e.parent;
    a.cluster = e.cluster;
    return {};
}

Status set_borrow_rate(VenueDesk& desk, const SetBorrowRate& e) {
    if (e.rate.raw > ray * 10) return refuse(Error::parameters_invalid);  // 1,000 % a year
    accrue(desk, e.asset).borrow_rate = e.rate;
    return {};
}

}  // namespace breakwater::venue
