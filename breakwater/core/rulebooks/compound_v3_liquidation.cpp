// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>

#include "breakwater/core/math_wide.hpp"
#include "breakwater/core/rulebooks/compound_v3.hpp"

/// Who stands, who is absorbed, and what the store front sells. Source: docs/rules.md, COMET-003, COMET-007 and
/// COMET-008.
namespace breakwater::compound_v3 {
namespace {

/// [1e-8 USD per token]; zero: no report yet.
uint128 price_of(const Desk& desk, AssetId asset) {
    return desk.state().feeds[index(asset)].point;
}

Indices stored_indices(const Desk& desk) {
    const Totals& t = desk.read<&Market::totals>(0);
    return {.supply = t.supply_index, .borrow = t.borrow_index};
}

Amount held_collateral(const Desk& desk, AccountId account, std::uint32_t i) {
    return desk.read<&Market::holdings>(holding_row(desk.read<&Market::totals>(0), account, i))
        .amount;
}

/// COMET-003: equity of an account that owes, with a factor on each kind of collateral; stops where it is not below 0.
Result<bool> covers(Desk& desk, AccountId account, std::uint64_t Collateral::*factor) {
    Checked& math = desk.math;
    const Position& p = desk.read<&Market::positions>(index(account));
    if (p.principal >= 0) return true;
    const Totals& t = desk.read<&Market::totals>(0);
    const uint128 base_price = price_of(desk, t.base);
    if (base_price == 0) return std::unexpected(Error::price_missing);
    const auto debt = static_cast<uint128>(-present_value(math, p.principal, stored_indices(desk)));
    const uint128 owed = math.mul_div_unit_down(debt, base_price, t.base_decimals);
    uint128 worth = 0;
    for (std::uint32_t i = 0; i < t.assets && worth < owed; ++i) {
        if (!p.holds(i)) continue;
        const Collateral& c = desk.read<&Market::collaterals>(i);
        const uint128 price = price_of(desk, c.asset);
        if (price == 0) return std::unexpected(Error::price_missing);
        const uint128 value =
            math.mul_div_unit_down(held_collateral(desk, account, i).raw, price, c.decimals);
        worth = math.add(worth, math.mul_div_unit_down(value, c.*factor, 18));
    }
    return worth >= owed;
}

/// Takes all collateral; its value after the liquidation factors. [1e-8 USD]
Result<Value> seize(Desk& desk, AccountId account) {
    Checked& math = desk.math;
    Value credited;
    const Totals& t = desk.read<&Market::totals>(0);
    for (std::uint32_t i = 0; i < t.assets; ++i) {
        if (!desk.read<&Market::positions>(index(account)).holds(i)) continue;
        Collateral& c = desk.change<&Market::collaterals>(i);
        const Amount seized = held_collateral(desk, account, i);
        const uint128 price = price_of(desk, c.asset);
        if (price == 0) return std::unexpected(Error::price_missing);
        set_holding(desk, account, i, {});
        c.supplied.raw = math.sub(c.supplied.raw, seized.raw);  // `held` stays: reserves now
        const Value value{math.mul_div_unit_down(seized.raw, price, c.decimals)};
        credited.raw =
            math.add(credited.raw, math.mul_div_unit_down(value.raw, c.liquidation_factor, 18));
        desk.emit(Effect{CollateralAbsorbed{
            .borrower = account, .asset = c.asset, .amount = seized, .value = value}});
    }
    return credited;
}

Status absorb_one(Desk& desk, Totals& t, AccountId account, std::uint64_t loss_id) {
    Checked& math = desk.math;
    const auto liquidatable = is_liquidatable(desk, account);
    if (!liquidatable) return refuse(liquidatable.error());
    if (!*liquidatable) return refuse(Error::health_factor_not_below_one);

    const Indices at = stored_indices(desk);
    const int128 old_balance =
        present_value(math, desk.read<&Market::positions>(index(account)).principal, at);
    const auto credited = seize(desk, account);
    if (!credited) return refuse(credited.error());
    const uint128 base_price = price_of(desk, t.base);
    const Amount credit{
        math.mul_div_down(credited->raw, power_of_ten(t.base_decimals), base_price)};
    const int128 covered =
        old_balance + static_cast<int128>(within(math, credit.raw, uint128_max >> 2U));
    const int128 new_balance = std::max<int128>(0, covered);
    set_principal(desk, t, account, principal_value(math, new_balance, at));

    const Amount paid_out{static_cast<uint128>(new_balance - old_balance)};
    desk.emit(Effect{DebtAbsorbed{
        .borrower = account,
        .paid_out = paid_out,
        .value = {math.mul_div_unit_down(paid_out.raw, base_price, t.base_decimals)}}});
    if (covered < 0)
        desk.emit(LossRealised{.id = loss_id,
                               .account = account,
                               .asset = t.base,
                               .amount = {static_cast<uint128>(-covered)}});
    return {};
}

}  // namespace

Result<bool> is_borrow_collateralized(Desk& desk, AccountId account) {
    return covers(desk, account, &Collateral::borrow_factor);
}

Result<bool> is_liquidatable(Desk& desk, AccountId account) {
    const auto stands = covers(desk, account, &Collateral::liquidate_factor);
    if (!stands) return stands;
    return !*stands;
}

int128 balance_now(Desk& desk, AccountId account) {
    const Totals& t = desk.read<&Market::totals>(0);
    const Indices at = grown_indices(desk.math, t, seconds(desk.now()) - t.updated);
    return present_value(desk.math, desk.read<&Market::positions>(index(account)).principal, at);
}

int128 reserves_now(Desk& desk) {
    const Totals& t = desk.read<&Market::totals>(0);
    return reserves_at(desk.math, t, grown_indices(desk.math, t, seconds(desk.now()) - t.updated));
}

std::uint32_t collateral_of(const Desk& desk, AssetId asset) {
    const Totals& t = desk.read<&Market::totals>(0);
    for (std::uint32_t i = 0; i < t.assets; ++i)
        if (desk.read<&Market::collaterals>(i).asset == asset) return i;
    return t.assets;
}

Result<Amount> quote_collateral(Desk& desk, std::uint32_t i, Amount base_amount) {
    Checked& math = desk.math;
    const Totals& t = desk.read<&Market::totals>(0);
    const Collateral& c = desk.read<&Market::collaterals>(i);
    const uint128 price = price_of(desk, c.asset);
    const uint128 base_price = price_of(desk, t.base);
    if (price == 0 || base_price == 0) return std::unexpected(Error::price_missing);
    const uint128 penalty = math.sub(wad, c.liquidation_factor);
    const uint128 discount = math.mul_div_unit_down(t.store_front_price_factor, penalty, 18);
    const uint128 discounted = math.mul_div_unit_down(price, math.sub(wad, discount), 18);
    if (discounted == 0) return std::unexpected(Error::price_out_of_bounds);
    // base price < 2^63, scale < 2^60: up to 2^133 units of the base asset fit 256 bits.
    const Uint256 worth =
        math.mul_wide_by(mul_wide(base_price, base_amount.raw), power_of_ten(c.decimals));
    const Uint256 bought =
        divide(divide(worth, discounted).quotient, power_of_ten(t.base_decimals)).quotient;
    return Amount{math.narrow(bought)};
}

Status absorb_accounts(Desk& desk, const Absorb& event) {
    Totals& t = accrue(desk);
    std::uint64_t loss_id = desk.event_number() * 256;  // at most `absorb_max` losses in one event
    for (const AccountId account : event.accounts)
        if (const Status s = absorb_one(desk, t, account, loss_id++); !s) return s;
    return {};
}

Status buy_collateral(Desk& desk, const BuyCollateral& event) {
    Checked& math = desk.math;
    const std::uint32_t i = collateral_of(desk, event.asset);
    Totals& t = desk.change<&Market::totals>(0);  // no accrual: reserves are grown in thought only
    const int128 reserves = reserves_now(desk);
    if (reserves >= 0 && static_cast<uint128>(reserves) >= t.reserves_target.raw)
        return refuse(Error::collateral_not_for_sale);
    t.cash.raw = within(math, math.add(t.cash.raw, event.base_amount.raw), uint128_max >> 2U);
    desk.receive(t.base, event.base_amount);
    const auto bought = quote_collateral(desk, i, event.base_amount);
    if (!bought) return refuse(bought.error());
    if (*bought < event.collateral_min) return refuse(Error::slippage_exceeded);
    Collateral& c = desk.change<&Market::collaterals>(i);
    if (*bought > c.held - c.supplied) return refuse(Error::reserves_insufficient);
    c.held -= *bought;
    desk.pay(event.asset, *bought);
    desk.emit(Effect{CollateralBought{
        .asset = event.asset, .base_amount = event.base_amount, .collateral_amount = *bought}});
    return {};
}

}  // namespace breakwater::compound_v3
