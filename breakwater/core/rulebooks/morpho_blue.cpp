// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/morpho_blue.hpp"

#include <algorithm>

#include "breakwater/core/math_wide.hpp"
#include "breakwater/core/rulebooks/morpho_blue_rate.hpp"

namespace breakwater::morpho_blue {
namespace {

void pay_loan(Desk& desk, Totals& t, Amount assets) {
    t.cash.raw = desk.math.sub(t.cash.raw, assets.raw);
    desk.pay(t.loan, assets);
}

struct AssetsAndShares {
    Amount assets;
    Shares shares;
};
/// The other of the two for what an account pays in: fewer shares, more assets.
AssetsAndShares paid_in(Checked& math, const auto& event, Amount assets, Shares shares) {
    if (event.shares.is_zero())
        return {event.assets, shares_down(math, event.assets, assets, shares)};
    return {assets_up(math, event.shares, assets, shares), event.shares};
}
/// For what it is paid: more shares, fewer assets.
AssetsAndShares paid_out(Checked& math, const auto& event, Amount assets, Shares shares) {
    if (event.shares.is_zero())
        return {event.assets, shares_up(math, event.assets, assets, shares)};
    return {assets_down(math, event.shares, assets, shares), event.shares};
}

/// The effects of one flow of the loan asset.
void tell(Desk& desk, Moved::Kind kind, AccountId account, Amount assets, Shares shares) {
    const bool supply = kind == Moved::Kind::supplied || kind == Moved::Kind::withdrawn;
    const bool minted = kind == Moved::Kind::supplied || kind == Moved::Kind::borrowed;
    desk.emit(Moved{kind, account, desk.read<&Market::totals>(0).loan, assets});
    desk.emit(Effect{SharesMoved{.account = account,
                                 .side = supply ? Side::collateral : Side::debt,
                                 .minted = minted,
                                 .shares = shares}});
}

Status work_out(Desk& desk, const Supply& event) {
    if (!exactly_one(event.assets, event.shares)) return refuse(Error::amount_inconsistent);
    Checked& math = desk.math;
    Totals& t = accrue(desk);
    const auto [assets, shares] = paid_in(math, event, t.supply_assets, t.supply_shares);

    Position& p = position(desk, event.account);
    p.supply_shares.raw = math.add(p.supply_shares.raw, shares.raw);
    t.supply_shares.raw = math.add(t.supply_shares.raw, shares.raw);
    t.supply_assets.raw = math.add(t.supply_assets.raw, assets.raw);
    receive_loan(desk, t, assets);
    tell(desk, Moved::Kind::supplied, event.account, assets, shares);
    return {};
}

Status work_out(Desk& desk, const Withdraw& event) {
    if (!exactly_one(event.assets, event.shares)) return refuse(Error::amount_inconsistent);
    Checked& math = desk.math;
    Totals& t = accrue(desk);
    const auto [assets, shares] = paid_out(math, event, t.supply_assets, t.supply_shares);

    Position& p = position(desk, event.account);
    if (shares > p.supply_shares || assets > t.supply_assets)
        return refuse(Error::balance_insufficient);
    p.supply_shares -= shares;
#if !BREAKWATER_MUTANT_MORPHO_012
    t.supply_shares -= shares;
#endif
    t.supply_assets -= assets;
    if (t.borrow_assets > t.supply_assets) return refuse(Error::cash_insufficient);
    pay_loan(desk, t, assets);
    tell(desk, Moved::Kind::withdrawn, event.account, assets, shares);
    return {};
}

Status work_out(Desk& desk, const Borrow& event) {
    if (!exactly_one(event.assets, event.shares)) return refuse(Error::amount_inconsistent);
    Checked& math = desk.math;
    Totals& t = accrue(desk);
    const auto [assets, shares] = paid_out(math, event, t.borrow_assets, t.borrow_shares);

    Position& p = position(desk, event.account);
    p.borrow_shares.raw = math.add(p.borrow_shares.raw, shares.raw);
    t.borrow_shares.raw = math.add(t.borrow_shares.raw, shares.raw);
    t.borrow_assets.raw = math.add(t.borrow_assets.raw, assets.raw);
    if (!p.borrow_shares.is_zero() && t.has_price == 0) return refuse(Error::price_missing);
    if (!is_healthy(math, t, p)) return refuse(Error::collateral_insufficient);
    if (t.borrow_assets > t.supply_assets) return refuse(Error::cash_insufficient);
    pay_loan(desk, t, assets);
    tell(desk, Moved::Kind::borrowed, event.account, assets, shares);
    return {};
}

Status work_out(Desk& desk, const Repay& event) {
    if (!exactly_one(event.assets, event.shares)) return refuse(Error::amount_inconsistent);
    Checked& math = desk.math;
    Totals& t = accrue(desk);
    const auto [assets, shares] = paid_in(math, event, t.borrow_assets, t.borrow_shares);

    Position& p = position(desk, event.account);
    if (shares > p.borrow_shares) return refuse(Error::balance_insufficient);
    p.borrow_shares -= shares;
    take_off_debt(t, assets, shares);
#if BREAKWATER_MUTANT_MORPHO_013
    t.borrow_assets -= std::min(t.borrow_assets, Amount{2});
#endif
    receive_loan(desk, t, assets);
    tell(desk, Moved::Kind::repaid, event.account, assets, shares);
    return {};
}

Status work_out(Desk& desk, const SupplyCollateral& event) {
    if (event.assets.is_zero()) return refuse(Error::amount_zero);
    Totals& t = desk.change<&Market::totals>(0);  // no interest: nothing here depends on it
    Position& p = position(desk, event.account);
    p.collateral.raw = desk.math.add(p.collateral.raw, event.assets.raw);
    t.collateral.raw = desk.math.add(t.collateral.raw, event.assets.raw);
    desk.receive(t.collateral_asset, event.assets);
    desk.emit(Moved{Moved::Kind::supplied, event.account, t.collateral_asset, event.assets});
    return {};
}

Status work_out(Desk& desk, const WithdrawCollateral& event) {
    if (event.assets.is_zero()) return refuse(Error::amount_zero);
    Totals& t = accrue(desk);
    Position& p = position(desk, event.account);
    if (event.assets > p.collateral) return refuse(Error::balance_insufficient);
    p.collateral -= event.assets;
    t.collateral.raw = desk.math.sub(t.collateral.raw, event.assets.raw);
    if (!p.borrow_shares.is_zero() && t.has_price == 0) return refuse(Error::price_missing);
    if (!is_healthy(desk.math, t, p)) return refuse(Error::collateral_insufficient);
#if BREAKWATER_MUTANT_MORPHO_011
    desk.pay(t.collateral_asset, event.assets + Amount{1});
#else
    desk.pay(t.collateral_asset, event.assets);
#endif
    desk.emit(Moved{Moved::Kind::withdrawn, event.account, t.collateral_asset, event.assets});
    return {};
}

Status work_out(Desk& desk, const Liquidate& event) {
    return liquidate(desk, event);
}

Status work_out(Desk& desk, const Accrue& /*event*/) {
    accrue(desk);
    return {};
}

Status work_out(Desk& desk, const ReportPrice& event) {
    desk.change<&Market::totals>(0).set_price(event.price);
    return {};
}

Status work_out(Desk& desk, const SetFee& event) {
    if (event.fee > fee_max) return refuse(Error::parameters_invalid);
    accrue(desk).fee = event.fee;  // the old fee holds up to now
    return {};
}

}  // namespace

Status plan_action(Desk& desk, const Action& action) {
    return std::visit(
        [&desk](const auto& event) {
            const Totals& t = desk.read<&Market::totals>(0);
            if (t.updated == 0) return refuse(Error::market_unknown);  // not created
            if constexpr (requires { event.account; })
                if (!t.has(event.account)) return refuse(Error::account_unknown);
            if constexpr (requires { event.borrower; })
                if (!t.has(event.borrower)) return refuse(Error::account_unknown);
            return work_out(desk, event);
        },
        action);
}

Position& position(Desk& desk, AccountId account) {
    return desk.change<&Market::positions>(index(account));
}

void receive_loan(Desk& desk, Totals& t, Amount assets) {
    t.cash.raw = desk.math.add(t.cash.raw, assets.raw);
    desk.receive(t.loan, assets);
}

bool exactly_one(Amount assets, Shares shares) {
    return assets.is_zero() != shares.is_zero();
}

void take_off_debt(Totals& t, Amount assets, Shares shares) {
    t.borrow_shares -= shares;
    t.borrow_assets -= std::min(assets, t.borrow_assets);
}

Status check_parameters(const Totals& t) {
    const bool valid = t.lltv < wad && t.fee <= fee_max && t.has(t.fee_recipient);
    return valid ? Status{} : refuse(Error::parameters_invalid);
}

Totals& accrue(Desk& desk) {
    Checked& math = desk.math;
    Totals& t = desk.change<&Market::totals>(0);
    const std::uint64_t now = seconds(desk.now());
    if (now <= t.updated) return t;
    if (t.rate_model != RateModel::none) {
        const auto [rate, interest] = interest_of(math, t, now - t.updated);
        t.rate_at_target = rate.rate_at_target;
        t.borrow_assets.raw = math.add(t.borrow_assets.raw, interest.raw);
        t.supply_assets.raw = math.add(t.supply_assets.raw, interest.raw);
        Shares fee_shares;
        if (t.fee != 0) {
            // The fee is a part of the interest, which is in the total already.
            const Amount fee{math.mul_div_unit_down(interest.raw, t.fee, 18)};
            fee_shares =
                shares_down(math, fee, {math.sub(t.supply_assets.raw, fee.raw)}, t.supply_shares);
            Position& recipient = position(desk, t.fee_recipient);
            recipient.supply_shares.raw = math.add(recipient.supply_shares.raw, fee_shares.raw);
            t.supply_shares.raw = math.add(t.supply_shares.raw, fee_shares.raw);
        }
        desk.emit(
            Effect{Accrued{.rate = rate.borrow, .interest = interest, .fee_shares = fee_shares}});
    }
    t.updated = now;
    return t;
}

Shares shares_down(Checked& math, Amount assets, Amount all_assets, Shares all_shares) {
    return {math.mul_div_down(assets.raw, math.add(all_shares.raw, virtual_shares),
                              math.add(all_assets.raw, virtual_assets))};
}
Shares shares_up(Checked& math, Amount assets, Amount all_assets, Shares all_shares) {
    return {math.mul_div_up(assets.raw, math.add(all_shares.raw, virtual_shares),
                            math.add(all_assets.raw, virtual_assets))};
}
Amount assets_down(Checked& math, Shares shares, Amount all_assets, Shares all_shares) {
    return {math.mul_div_down(shares.raw, math.add(all_assets.raw, virtual_assets),
                              math.add(all_shares.raw, virtual_shares))};
}
Amount assets_up(Checked& math, Shares shares, Amount all_assets, Shares all_shares) {
    return {math.mul_div_up(shares.raw, math.add(all_assets.raw, virtual_assets),
                            math.add(all_shares.raw, virtual_shares))};
}

bool is_healthy(Checked& math, const Totals& t, const Position& p) {
    if (p.borrow_shares.is_zero()) return true;
    const Amount debt = assets_up(math, p.borrow_shares, t.borrow_assets, t.borrow_shares);
    // A price has up to 256 bits; collateral that is worth more than that is an overflow in the contract, too.
    const Uint256 worth = mul_div_down(math, t.price(), p.collateral.raw, oracle_price_scale);
    return mul_div_down(math, worth, t.lltv, wad) >= Uint256{debt.raw};
}

}  // namespace breakwater::morpho_blue
