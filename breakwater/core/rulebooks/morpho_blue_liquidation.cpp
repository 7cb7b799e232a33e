// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>

#include "breakwater/core/math_wide.hpp"
#include "breakwater/core/rulebooks/morpho_blue.hpp"

/// Any size, at one incentive, and the loss at once. Source: docs/rules.md, MORPHO-008 and MORPHO-009.
namespace breakwater::morpho_blue {
namespace {

/// Nothing stands against the rest of the debt any more: the lenders lose it now, all in proportion.
/// Source: MORPHO-009.
void realise_bad_debt(Desk& desk, Totals& t, Position& p, const Liquidate& event, Shares repaid) {
    const Shares shares = p.collateral.is_zero() ? p.borrow_shares : Shares{};
    if (!shares.is_zero()) {
        const Amount owed = assets_up(desk.math, shares, t.borrow_assets, t.borrow_shares);
        const Amount lost = std::min(t.borrow_assets, owed);
        t.borrow_assets -= lost;
        t.supply_assets.raw = desk.math.sub(t.supply_assets.raw, lost.raw);
        t.borrow_shares -= shares;
        p.borrow_shares = {};
        if (!lost.is_zero())
            desk.emit(LossRealised{.id = desk.event_number() * 256 + index(t.loan),
                                   .account = event.borrower,
                                   .asset = t.loan,
                                   .amount = lost});
    }
    desk.emit(Effect{DebtBurned{.borrower = event.borrower, .repaid = repaid, .bad_debt = shares}});
}

/// LIQUIDATION-006. The price cancels: debt'·collateral > debt·collateral'.
bool raises_ltv(Checked& math, const Totals& before, const Position& was, const Totals& after,
                const Position& is) {
    const Amount debt_before =
        assets_up(math, was.borrow_shares, before.borrow_assets, before.borrow_shares);
    const Amount debt_after =
        assets_up(math, is.borrow_shares, after.borrow_assets, after.borrow_shares);
    return mul_wide(debt_after.raw, was.collateral.raw) >
           mul_wide(debt_before.raw, is.collateral.raw);
}

}  // namespace

Status liquidate(Desk& desk, const Liquidate& event) {
    if (!exactly_one(event.seized, event.repaid)) return refuse(Error::amount_inconsistent);
    Checked& math = desk.math;
    Totals& t = accrue(desk);
    Position& p = position(desk, event.borrower);
    if (t.has_price == 0) return refuse(Error::price_missing);
    if (is_healthy(math, t, p)) return refuse(Error::health_factor_not_below_one);
    if (event.seized.is_zero() && t.price() == Uint256{}) return refuse(Error::price_out_of_bounds);

    const Totals totals_before = t;
    const Position before = p;
    const LiquidationSize size = liquidation_size(math, t, event.seized, event.repaid);
    if (size.repaid_shares > p.borrow_shares) return refuse(Error::balance_insufficient);
    if (size.seized > p.collateral) return refuse(Error::balance_insufficient);
    p.borrow_shares -= size.repaid_shares;
    take_off_debt(t, size.repaid, size.repaid_shares);
    p.collateral -= size.seized;
    t.collateral.raw = math.sub(t.collateral.raw, size.seized.raw);
    receive_loan(desk, t, size.repaid);
    desk.pay(t.collateral_asset, size.seized);

    const bool end = p.collateral.is_zero();
    desk.emit(Liquidated{.borrower = event.borrower,
                         .liquidator = outside,
                         .collateral = t.collateral_asset,
                         .debt = t.loan,
                         .repaid = size.repaid,
                         .seized = size.seized,
                         .protocol_fee = {},
                         .ltv_raised = !end && raises_ltv(math, totals_before, before, t, p),
                         .still_unhealthy = !end && !is_healthy(math, t, p)});
    realise_bad_debt(desk, t, p, event, size.repaid_shares);
    return {};
}

uint128 liquidation_incentive(Checked& math, std::uint64_t lltv) {
    const uint128 divisor =
        wad - math.mul_div_unit_down(liquidation_cursor, math.sub(wad, lltv), 18);
    return std::min(liquidation_incentive_max, math.mul_div_down(wad, wad, divisor));
}

LiquidationSize liquidation_size(Checked& math, const Totals& t, Amount seized, Shares repaid) {
    LiquidationSize out{.seized = seized, .repaid_shares = repaid, .repaid = {}};
    const uint128 incentive = liquidation_incentive(math, t.lltv);
    if (!seized.is_zero()) {
        const Uint256 quoted = mul_div_up(math, t.price(), seized.raw, oracle_price_scale);
        const Amount owed{math.narrow(mul_div_up(math, quoted, wad, incentive))};
        out.repaid_shares = shares_up(math, owed, t.borrow_assets, t.borrow_shares);
    } else {
        const Amount assets = assets_down(math, repaid, t.borrow_assets, t.borrow_shares);
        const uint128 worth = math.mul_div_unit_down(assets.raw, incentive, 18);
        out.seized.raw =
            math.narrow(mul_div_down(math, Uint256{worth}, oracle_price_scale, t.price()));
    }
    out.repaid = assets_up(math, out.repaid_shares, t.borrow_assets, t.borrow_shares);
    return out;
}

}  // namespace breakwater::morpho_blue
