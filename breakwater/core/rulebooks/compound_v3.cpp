// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/compound_v3.hpp"

#include <algorithm>

namespace breakwater::compound_v3 {
namespace {

Indices stored_indices(const Totals& t) {
    return {.supply = t.supply_index, .borrow = t.borrow_index};
}

/// An amount that may be added to a balance and taken from it without leaving int128.
int128 signed_amount(Checked& math, Amount amount) {
    return static_cast<int128>(within(math, amount.raw, uint128_max >> 2U));
}

void receive_base(Desk& desk, Totals& t, Amount amount) {
    t.cash.raw = desk.math.add(t.cash.raw, amount.raw);
    desk.receive(t.base, amount);
}
Status pay_base(Desk& desk, Totals& t, Amount amount) {
    if (amount > t.cash) return refuse(Error::cash_insufficient);
    t.cash -= amount;
#if BREAKWATER_MUTANT_COMET_011
    amount += Amount{1};
#endif
    desk.pay(t.base, amount);
    return {};
}

int128 balance_of(Desk& desk, const Totals& t, AccountId account) {
    const Position& p = desk.read<&Market::positions>(index(account));
    return present_value(desk.math, p.principal, stored_indices(t));
}
void set_balance(Desk& desk, Totals& t, AccountId account, int128 balance) {
    set_principal(desk, t, account, principal_value(desk.math, balance, stored_indices(t)));
}

/// COMET-005: who borrows owes at least the minimum and is collateralized.
Status check_borrower(Desk& desk, const Totals& t, AccountId account, int128 balance) {
    if (balance >= 0) return {};
    if (static_cast<uint128>(-balance) < t.borrow_min.raw) return refuse(Error::debt_below_minimum);
    const auto stands = is_borrow_collateralized(desk, account);
    if (!stands) return refuse(stands.error());
    return *stands ? Status{} : refuse(Error::collateral_insufficient);
}
Status check_collateral(Desk& desk, AccountId account) {
    const auto stands = is_borrow_collateralized(desk, account);
    if (!stands) return refuse(stands.error());
    return *stands ? Status{} : refuse(Error::collateral_insufficient);
}

Amount holding(const Desk& desk, AccountId account, std::uint32_t i) {
    const Totals& t = desk.read<&Market::totals>(0);
    return desk.read<&Market::holdings>(holding_row(t, account, i)).amount;
}

/// ENGINE-002 for this market, then the pauses (COMET-010).
class Gate {
  public:
    explicit Gate(const Desk& desk) : desk_(desk), t_(desk.read<&Market::totals>(0)) {}

    Status operator()(const Supply& e) const { return check(e.account, e.asset, Paused::supply); }
    Status operator()(const Withdraw& e) const {
        return check(e.account, e.asset, Paused::withdraw);
    }
    Status operator()(const Transfer& e) const {
        if (!t_.has(e.to)) return refuse(Error::account_unknown);
        return check(e.from, e.asset, Paused::transfer);
    }
    Status operator()(const Absorb& e) const {
        if (e.accounts.size() > absorb_max) return refuse(Error::accounts_too_many);
        for (const AccountId a : e.accounts)
            if (!t_.has(a)) return refuse(Error::account_unknown);
        return t_.is_paused(Paused::absorb) ? refuse(Error::reserve_paused) : Status{};
    }
    Status operator()(const BuyCollateral& e) const {
        if (collateral_of(desk_, e.asset) == t_.assets) return refuse(Error::asset_unknown);
        return t_.is_paused(Paused::buy) ? refuse(Error::reserve_paused) : Status{};
    }
    template <class E>
    Status operator()(const E& /*event*/) const {
        return {};
    }

  private:
    [[nodiscard]] Status check(AccountId account, AssetId asset, Paused what) const {
        if (asset != t_.base && collateral_of(desk_, asset) == t_.assets)
            return refuse(Error::asset_unknown);
        if (!t_.has(account)) return refuse(Error::account_unknown);
        return t_.is_paused(what) ? refuse(Error::reserve_paused) : Status{};
    }

    const Desk& desk_;
    const Totals& t_;
};

struct Work {
    Desk& desk;

    [[nodiscard]] bool is_base(AssetId asset) const {
        return asset == desk.read<&Market::totals>(0).base;
    }

    Status operator()(const Supply& e) const {
        return is_base(e.asset) ? supply_base(desk, e) : supply_collateral(desk, e);
    }
    Status operator()(const Withdraw& e) const {
        return is_base(e.asset) ? withdraw_base(desk, e) : withdraw_collateral(desk, e);
    }
    Status operator()(const Transfer& e) const {
        if (e.from == e.to) return refuse(Error::transfer_to_self);
        return is_base(e.asset) ? transfer_base(desk, e) : transfer_collateral(desk, e);
    }
    Status operator()(const Absorb& e) const { return absorb_accounts(desk, e); }
    Status operator()(const BuyCollateral& e) const { return buy_collateral(desk, e); }
    Status operator()(const WithdrawReserves& e) const { return withdraw_reserves(desk, e); }
    Status operator()(const Accrue& /*event*/) const {
        accrue(desk);
        return {};
    }
    Status operator()(const Pause& e) const {
        desk.change<&Market::totals>(0).paused = e.paused;
        return {};
    }
};

}  // namespace

Status plan_action(Desk& desk, const Action& action) {
    const Totals& t = desk.read<&Market::totals>(0);
    if (t.supply_index == 0 || t.borrow_index == 0) return refuse(Error::market_unknown);
    if (const Status open = std::visit(Gate(desk), action); !open) return open;
    return std::visit(Work{.desk = desk}, action);
}

Status check_parameters(const Market& market) {
    const auto need = [](bool holds) {
        return holds ? Status{} : refuse(Error::parameters_invalid);
    };
    if (market.totals.size() != 1) return need(false);
    const Totals& t = market.totals[0];
    if (t.assets > assets_max || market.collaterals.size() != t.assets) return need(false);
    if (t.base_decimals > 18 || t.store_front_price_factor > wad) return need(false);
    for (const Collateral& c : market.collaterals) {
        if (c.decimals > 18 || c.asset == t.base) return need(false);
        if (c.borrow_factor >= c.liquidate_factor) return need(false);
        if (c.liquidate_factor > wad || c.liquidation_factor > wad) return need(false);
    }
    return {};
}

Totals& accrue(Desk& desk) {
    Totals& t = desk.change<&Market::totals>(0);
    const std::uint64_t now = seconds(desk.now());
    if (now <= t.updated) return t;
    const Indices grown = grown_indices(desk.math, t, now - t.updated);
    t.supply_index = grown.supply;
    t.borrow_index = grown.borrow;
#if BREAKWATER_MUTANT_COMET_014
    if (t.borrowed == 0) t.borrow_index = index_scale - 1;
#endif
    t.updated = now;
    desk.emit(Effect{Accrued{.supply_index = grown.supply, .borrow_index = grown.borrow}});
    return t;
}

Status supply_base(Desk& desk, const Supply& event) {
    Totals& t = accrue(desk);
    const int128 balance = balance_of(desk, t, event.account);
    const Amount amount = event.amount.is_all()
                              ? Amount{static_cast<uint128>(std::max<int128>(0, -balance))}
                              : event.amount.amount;
    set_balance(desk, t, event.account, balance + signed_amount(desk.math, amount));
    receive_base(desk, t, amount);
    desk.emit(Moved{Moved::Kind::supplied, event.account, event.asset, amount});
    return {};
}

Status supply_collateral(Desk& desk, const Supply& event) {
    if (event.amount.is_all()) return refuse(Error::amount_overflow);
    Checked& math = desk.math;
    const Amount amount = event.amount.amount;
    const std::uint32_t i = collateral_of(desk, event.asset);
    Collateral& c = desk.change<&Market::collaterals>(i);
    c.supplied.raw = math.add(c.supplied.raw, amount.raw);
    c.held.raw = math.add(c.held.raw, amount.raw);
    if (c.supplied.raw > c.supply_cap) return refuse(Error::supply_cap_exceeded);
    set_holding(desk, event.account, i,
                {math.add(holding(desk, event.account, i).raw, amount.raw)});
    desk.receive(event.asset, amount);
    desk.emit(Moved{Moved::Kind::supplied, event.account, event.asset, amount});
    return {};
}

Status withdraw_base(Desk& desk, const Withdraw& event) {
    Totals& t = accrue(desk);
    const int128 balance = balance_of(desk, t, event.account);
    const Amount amount = event.amount.is_all()
                              ? Amount{static_cast<uint128>(std::max<int128>(0, balance))}
                              : event.amount.amount;
    const int128 after = balance - signed_amount(desk.math, amount);
    set_balance(desk, t, event.account, after);
    if (const Status s = check_borrower(desk, t, event.account, after); !s) return s;
    if (const Status s = pay_base(desk, t, amount); !s) return s;
    desk.emit(Moved{Moved::Kind::withdrawn, event.account, event.asset, amount});
    return {};
}

Status withdraw_collateral(Desk& desk, const Withdraw& event) {
    if (event.amount.is_all()) return refuse(Error::amount_overflow);
    const Amount amount = event.amount.amount;
    const std::uint32_t i = collateral_of(desk, event.asset);
    const Amount before = holding(desk, event.account, i);
    if (amount > before) return refuse(Error::balance_insufficient);
    Collateral& c = desk.change<&Market::collaterals>(i);
    c.supplied.raw = desk.math.sub(c.supplied.raw, amount.raw);
    c.held.raw = desk.math.sub(c.held.raw, amount.raw);
    set_holding(desk, event.account, i, before - amount);
    // No accrual: the gap between the two collateral factors covers the interest since.
    if (const Status s = check_collateral(desk, event.account); !s) return s;
    desk.pay(event.asset, amount);
    desk.emit(Moved{Moved::Kind::withdrawn, event.account, event.asset, amount});
    return {};
}

Status transfer_base(Desk& desk, const Transfer& event) {
    Totals& t = accrue(desk);
    const int128 from = balance_of(desk, t, event.from);
    const int128 to = balance_of(desk, t, event.to);
    const Amount amount = event.amount.is_all()
                              ? Amount{static_cast<uint128>(std::max<int128>(0, from))}
                              : event.amount.amount;
    const int128 moved = signed_amount(desk.math, amount);
    set_balance(desk, t, event.from, from - moved);
    set_balance(desk, t, event.to, to + moved);
    if (const Status s = check_borrower(desk, t, event.from, from - moved); !s) return s;
    desk.emit(Effect{Transferred{event.from, event.to, event.asset, amount}});
    return {};
}

Status transfer_collateral(Desk& desk, const Transfer& event) {
    if (event.amount.is_all()) return refuse(Error::amount_overflow);
    const Amount amount = event.amount.amount;
    const std::uint32_t i = collateral_of(desk, event.asset);
    const Amount before = holding(desk, event.from, i);
    if (amount > before) return refuse(Error::balance_insufficient);
    set_holding(desk, event.from, i, before - amount);
    set_holding(desk, event.to, i, {desk.math.add(holding(desk, event.to, i).raw, amount.raw)});
    if (const Status s = check_collateral(desk, event.from); !s) return s;
    desk.emit(Effect{Transferred{event.from, event.to, event.asset, amount}});
    return {};
}

Status withdraw_reserves(Desk& desk, const WithdrawReserves& event) {
    const int128 reserves = reserves_now(desk);  // virtual: nothing is accrued
    if (reserves < 0 || event.amount.raw > static_cast<uint128>(reserves))
        return refuse(Error::reserves_insufficient);
    Totals& t = desk.change<&Market::totals>(0);
    if (const Status s = pay_base(desk, t, event.amount); !s) return s;
    desk.emit(Effect{ReservesWithdrawn{.amount = event.amount}});
    return {};
}

void set_holding(Desk& desk, AccountId account, std::uint32_t i, Amount amount) {
    const Totals& t = desk.read<&Market::totals>(0);
    desk.change<&Market::holdings>(holding_row(t, account, i)).amount = amount;
    Position& p = desk.change<&Market::positions>(index(account));
    const std::uint32_t bit = std::uint32_t{1} << i;
    p.assets_in = amount.is_zero() ? p.assets_in & ~bit : p.assets_in | bit;
}

void set_principal(Desk& desk, Totals& t, AccountId account, int128 principal) {
    Checked& math = desk.math;
    Position& p = desk.change<&Market::positions>(index(account));
    const auto supplied = [](int128 v) { return static_cast<uint128>(std::max<int128>(0, v)); };
    const auto borrowed = [](int128 v) { return static_cast<uint128>(std::max<int128>(0, -v)); };
    t.supplied =
        within(math, math.sub(math.add(t.supplied, supplied(principal)), supplied(p.principal)),
               total_max);
    t.borrowed =
        within(math, math.sub(math.add(t.borrowed, borrowed(principal)), borrowed(p.principal)),
               total_max);
#if BREAKWATER_MUTANT_COMET_012
    if (principal == 0) return;
#endif
    p.principal = principal;
}

}  // namespace breakwater::compound_v3
