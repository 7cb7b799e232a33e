// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>

#include "breakwater/core/rulebooks/aave_v3.hpp"
#include "breakwater/core/rulebooks/aave_v3_reserves.hpp"

/// LiquidationLogic.executeLiquidationCall, step by step; the numbers in the comments are the steps of the reference
/// (lending 1.1, "Liquidation"). Source: docs/rules.md, AAVE-020 to AAVE-028.
namespace breakwater::aave_v3 {
namespace {

Status validate(const Draft& draft, const Liquidate& event, const AccountData& data,
                const Leg* collateral, const Leg* debt, std::uint32_t threshold) {
    if (const Status allowed = check_liquidation_allowed(draft, event); !allowed) return allowed;
#if !BREAKWATER_MUTANT_LIQUIDATION_005
    if (!data.is_unhealthy()) return refuse(Error::health_factor_not_below_one);
#endif
    if (threshold == 0 || collateral == nullptr || !collateral->is_collateral())
        return refuse(Error::collateral_not_enabled);
    if (debt == nullptr || debt->borrowed().is_zero()) return refuse(Error::debt_not_borrowed);
    return {};
}

/// Burns `burned` of what the account owes; the borrowing flag falls with the last unit.
void burn_debt(Checked& math, Reserve& r, Leg& leg, Scaled burned) {
    leg.set_borrowed(leg.borrowed() - burned);
    if (leg.borrowed().is_zero()) leg.set_borrowing(false);
    r.borrowed.raw = math.sub(r.borrowed.raw, burned.raw);
}

void realise_loss(Draft& draft, AccountId account, AssetId asset, Amount amount) {
    Reserve& r = draft.change_reserve(asset);
    r.deficit.raw = draft.math.add(r.deficit.raw, amount.raw);
    for (Effect& effect : draft.effects()) {  // one loss of an event in an asset, one id
        auto* loss = std::get_if<LossRealised>(&effect);
        if (loss == nullptr || loss->asset != asset) continue;
        loss->amount.raw = draft.math.add(loss->amount.raw, amount.raw);
        return;
    }
    draft.emit(LossRealised{.id = draft.event_number() * 256 + index(asset),
                            .account = account,
                            .asset = asset,
                            .amount = amount});
}

/// 11. Nothing stands against the other debts either: burn them whole.
Status burn_bad_debt(Draft& draft, GrownIndices& grown, AccountDraft& borrower) {
    std::sort(borrower.legs.begin(), borrower.legs.end(),
              [](const Leg& a, const Leg& b) { return index(a.asset()) < index(b.asset()); });
    for (Leg& leg : borrower.legs) {
        if (!leg.is_borrowing()) continue;
#if BREAKWATER_MUTANT_AAVE_026
        if (index(leg.asset()) != 0) continue;
#endif
        Reserve& r = accrue(draft, grown, leg.asset());
        const Amount owed = debt_worth(draft.math, r, leg.borrowed());
        burn_debt(draft.math, r, leg, leg.borrowed());
        realise_loss(draft, borrower.id, leg.asset(), owed);
        if (const Status s = update_rates(draft, leg.asset(), {}, {}); !s) return s;
    }
    return {};
}

/// LIQUIDATION-006: debt'·collateral > debt·collateral', all values of the whole account.
bool raises_ltv(const AccountData& before, const AccountData& after) {
    return mul_wide(after.debt.raw, before.collateral.raw) >
           mul_wide(before.debt.raw, after.collateral.raw);
}

}  // namespace

Status check_liquidation_allowed(const Draft& draft, const Liquidate& event) {
    if (event.borrower == event.liquidator) return refuse(Error::self_liquidation);
    const Parameters& pc = draft.parameters(event.collateral);
    const Parameters& pd = draft.parameters(event.debt);
    if (!pc.has(active) || !pd.has(active)) return refuse(Error::reserve_inactive);
    if (pc.has(paused) || pd.has(paused)) return refuse(Error::reserve_paused);
    if (pc.grace_until >= seconds(draft.now())) return refuse(Error::grace_period_running);
    if (pd.grace_until >= seconds(draft.now())) return refuse(Error::grace_period_running);
    return {};
}

Status write_off(Draft& draft, AccountId account, Leg& leg, Scaled burned) {
    if (burned.is_zero()) return {};
    Checked& math = draft.math;
    Reserve& r = draft.change_reserve(leg.asset());
    const Amount before = debt_worth(math, r, leg.borrowed());
    burn_debt(math, r, leg, burned);
    realise_loss(draft, account, leg.asset(),
                 {math.sub(before.raw, debt_worth(math, r, leg.borrowed()).raw)});
    return update_rates(draft, leg.asset(), {}, {});
}

LiquidationInputs liquidation_inputs(const View& view, const Leg& collateral, const Leg& debt,
                                     std::uint32_t bonus) {
    Checked math;  // account_data has shown that nothing overflows
    const Parameters& pc = view.market.parameters[index(collateral.asset())];
    const Parameters& pd = view.market.parameters[index(debt.asset())];
    return {.collateral_balance = supply_balance(math, view, collateral),
            .debt_balance = debt_balance(math, view, debt),
            .collateral_price = view.price(collateral.asset()),
            .debt_price = view.price(debt.asset()),
            .collateral_decimals = pc.decimals,
            .debt_decimals = pd.decimals,
            .bonus = bonus,
            .protocol_fee = pc.liquidation_protocol_fee};
}

Amount liquidatable_debt(Checked& math, const LiquidationInputs& in, const AccountData& data) {
    const uint128 debt_value =
        math.mul_div_unit_up(in.debt_balance.raw, in.debt_price.raw, in.debt_decimals);
    const uint128 collateral_value = math.mul_div_unit_down(
        in.collateral_balance.raw, in.collateral_price.raw, in.collateral_decimals);
    const bool partial = collateral_value >= close_factor_value_min.raw &&
                         debt_value >= close_factor_value_min.raw &&
                         data.health_factor_above(close_factor_health);
#if !BREAKWATER_MUTANT_AAVE_021
    if (!partial) return in.debt_balance;
#endif
    const uint128 half = math.percent_mul_half_up(data.debt.raw, close_factor);
    if (debt_value <= half) return in.debt_balance;
    return {math.mul_div_down(half, power_of_ten(in.debt_decimals), in.debt_price.raw)};
}

LiquidationSize liquidation_size(Checked& math, const LiquidationInputs& in, Amount debt_to_cover) {
    LiquidationSize out{.repaid = debt_to_cover, .seized = {}, .fee = {}};
    const uint128 base = convert_down(math, debt_to_cover, in.debt_price, in.debt_decimals,
                                      in.collateral_price, in.collateral_decimals);
#if BREAKWATER_MUTANT_AAVE_022
    out.seized.raw = math.percent_mul_up(base, in.bonus);
#else
    out.seized.raw = math.percent_mul_down(base, in.bonus);
#endif
    if (out.seized > in.collateral_balance) {
        out.seized = in.collateral_balance;
        const uint128 worth = convert_down(math, out.seized, in.collateral_price,
                                           in.collateral_decimals, in.debt_price, in.debt_decimals);
        out.repaid.raw = math.percent_div_up(worth, in.bonus);
    }
    if (in.protocol_fee != 0) {
        const uint128 bonus =
            math.sub(out.seized.raw, math.percent_div_down(out.seized.raw, in.bonus));
        out.fee.raw = math.percent_mul_up(bonus, in.protocol_fee);
        out.seized.raw = math.sub(out.seized.raw, out.fee.raw);
    }
    return out;
}

bool leaves_dust(Checked& math, const LiquidationInputs& in, const LiquidationSize& size) {
    const Amount taken = size.seized + size.fee;
    if (size.repaid >= in.debt_balance || taken >= in.collateral_balance) return false;
    const uint128 debt_left = math.mul_div_unit_up((in.debt_balance - size.repaid).raw,
                                                   in.debt_price.raw, in.debt_decimals);
    const uint128 collateral_left = math.mul_div_unit_down(
        (in.collateral_balance - taken).raw, in.collateral_price.raw, in.collateral_decimals);
    return debt_left < leftover_min.raw || collateral_left < leftover_min.raw;
}

Status liquidate(Draft& draft, GrownIndices& grown, const Liquidate& event) {
    Checked& math = draft.math;
    accrue(draft, grown, event.debt);
    accrue(draft, grown, event.collateral);
    AccountDraft& borrower = draft.account(event.borrower);
    const View view{.state = draft.state(),
                    .market = draft.market(),
                    .grown = grown,
                    .now = draft.now(),
                    .draft = &draft};
    const auto data = account_data(view, borrower.legs, borrower.row.emode);
    if (!data) return refuse(data.error());
    const Thresholds t =
        thresholds(draft.market(), borrower.row.emode, event.collateral, draft.now());
    if (const Status valid = validate(draft, event, *data, borrower.find(event.collateral),
                                      borrower.find(event.debt), t.liquidation_threshold);
        !valid)
        return valid;
    // 1 to 5. How much.
    const LiquidationInputs in = liquidation_inputs(view, *borrower.find(event.collateral),
                                                    *borrower.find(event.debt), t.liquidation_bonus);
    const Amount most = liquidatable_debt(math, in, *data);
    const Amount wanted =
        event.debt_to_cover.is_all() ? most : std::min(most, event.debt_to_cover.amount);
    const LiquidationSize size = liquidation_size(math, in, wanted);
    // 6. Nothing too small to liquidate may be left on both sides.
#if !BREAKWATER_MUTANT_AAVE_024
    if (leaves_dust(math, in, size)) return refuse(Error::dust_left);
#endif
    return carry_out(draft, grown, event, *data, size);
}

namespace {

/// Shares as supply of somebody else.
Status credit(Draft& draft, AccountId account, AssetId asset, Scaled shares) {
    Leg& leg = draft.account(account).leg(asset);
    const Scaled balance{draft.math.add(leg.supplied().raw, shares.raw)};
    if (balance.raw > Leg::balance_max) return refuse(Error::amount_overflow);
    leg.set_supplied(balance);
    return {};
}

Status pay_collateral(Draft& draft, const Liquidate& event, Leg& leg, const LiquidationSize& size) {
    Checked& math = draft.math;
    Reserve& reserve = draft.change_reserve(event.collateral);
    // 9. Collateral: the claim moves, or the underlying leaves.
    const Scaled shares = std::min(shares_burned(math, reserve, size.seized), leg.supplied());
    leg.set_supplied(leg.supplied() - shares);
    if (event.receive_supply) {
        if (const Status s = credit(draft, event.liquidator, event.collateral, shares); !s) return s;
    } else {
        if (const Status s = update_rates(draft, event.collateral, {}, size.seized); !s) return s;
        reserve.supplied.raw = math.sub(reserve.supplied.raw, shares.raw);
        draft.pay(event.collateral, size.seized);
    }
    // 10. The protocol's part of the bonus, as supply of the treasury.
    if (size.fee.is_zero()) return {};
    const Scaled fee = std::min(shares_burned(math, reserve, size.fee), leg.supplied());
    leg.set_supplied(leg.supplied() - fee);
    return credit(draft, draft.market().treasury, event.collateral, fee);
}

}  // namespace

Status carry_out(Draft& draft, GrownIndices& grown, const Liquidate& event, const AccountData& data,
                 const LiquidationSize& size) {
    Checked& math = draft.math;
    Reserve& rd = draft.change_reserve(event.debt);
    const Reserve& rc = draft.change_reserve(event.collateral);
    AccountDraft& borrower = draft.account(event.borrower);
    Leg& collateral_leg = borrower.leg(event.collateral);
    Leg& debt_leg = borrower.leg(event.debt);
    const Amount debt_balance = debt_worth(math, rd, debt_leg.borrowed());

    // 7. Is this the end of the account's collateral, and of this leg?
    const uint128 consumed = std::min(
        math.add(shares_burned(math, rc, size.seized).raw, shares_burned(math, rc, size.fee).raw),
        collateral_leg.supplied().raw);
    const bool leg_consumed = consumed == collateral_leg.supplied().raw;
    const uint128 consumed_value = math.mul_div_unit_down(
        shares_worth(math, rc, {consumed}).raw, draft.price(event.collateral).raw,
        draft.parameters(event.collateral).decimals);
    const bool no_collateral_left = consumed_value == data.collateral.raw;
    if (leg_consumed || no_collateral_left) collateral_leg.set_collateral(false);

    // 8. Debt: what is repaid, and where nothing is left, all of it.
    const Amount outstanding = debt_balance - size.repaid;
    const Scaled burned =
        no_collateral_left ? debt_leg.borrowed() : debt_burned(math, rd, size.repaid);
    if (burned.is_zero()) return refuse(Error::burn_amount_zero);
    burn_debt(math, rd, debt_leg, burned);
    if (no_collateral_left && !outstanding.is_zero())
        realise_loss(draft, event.borrower, event.debt, outstanding);
    // Collateral is paid out before the repayment is pulled in, so a reserve on both sides pays from what it held.
    if (event.collateral == event.debt && !event.receive_supply && size.seized > rc.cash)
        return refuse(Error::cash_insufficient);
    if (const Status s = update_rates(draft, event.debt, size.repaid, {}); !s) return s;
    draft.receive(event.debt, size.repaid);

    if (const Status s = pay_collateral(draft, event, collateral_leg, size); !s) return s;
    draft.emit(Liquidated{.borrower = event.borrower,
                          .liquidator = event.liquidator,
                          .collateral = event.collateral,
                          .debt = event.debt,
                          .repaid = size.repaid,
                          .seized = size.seized,
                          .protocol_fee = size.fee});
    if (no_collateral_left) {
        if (borrower.is_borrowing_any())
            if (const Status s = burn_bad_debt(draft, grown, borrower); !s) return s;
        return spend_borrower_equity(draft, borrower);
    }

    const View view{.state = draft.state(),
                    .market = draft.market(),
                    .grown = grown,
                    .now = draft.now(),
                    .draft = &draft};
    const auto after = account_data(view, borrower.legs, borrower.row.emode);
    if (!after) return refuse(after.error());
    draft.last_liquidation().ltv_raised = raises_ltv(data, *after);
    draft.last_liquidation().still_unhealthy = after->is_unhealthy();
    return spend_borrower_equity(draft, borrower);
}

}  // namespace breakwater::aave_v3
