// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>

#include "breakwater/core/rulebooks/aave_v3.hpp"
#include "breakwater/core/rulebooks/aave_v3_reserves.hpp"
#include "breakwater/core/rulebooks/aave_v3_umbrella.hpp"

namespace breakwater::aave_v3 {
namespace {

View view_of(const Draft& draft, GrownIndices& grown) {
    return {.state = draft.state(),
            .market = draft.market(),
            .grown = grown,
            .now = draft.now(),
            .draft = &draft};
}

Status check_usable(const Parameters& p) {
    if (!p.has(active)) return refuse(Error::reserve_inactive);
    if (p.has(paused)) return refuse(Error::reserve_paused);
    return {};
}

/// AAVE-013: healthy, and whoever holds collateral without borrowing power may only take that out.
Status check_health_and_ltv(Draft& draft, GrownIndices& grown, const AccountDraft& account,
                            AssetId asset) {
    const auto data = account_data(view_of(draft, grown).for_opening(), account.legs, account.row.emode);
    if (!data) return refuse(data.error());
    if (data->is_unhealthy()) return refuse(Error::health_factor_below_one);
    if (data->has_ltv_zero_collateral &&
        thresholds(draft.market(), account.row.emode, asset).ltv != 0)
        return refuse(Error::ltv_zero);
    return {};
}

/// BREAKWATER-008: under our own rulebook a threshold falls over its notice; a protocol's falls at once.
house::Ramp ramp_to(const Draft& draft, std::uint32_t effective, std::uint32_t to) {
#if BREAKWATER_MUTANT_BREAKWATER_008
    return {};
#endif
    const auto& rules = draft.market().house;
    return rules ? house::begin_ramp(*rules, effective, to, draft.now()) : house::Ramp{};
}

uint128 cap_in_atoms(Checked& math, std::uint64_t cap, unsigned decimals) {
    return math.mul(cap, power_of_ten(decimals));
}

}  // namespace

Status supply(Draft& draft, GrownIndices& grown, const Supply& event) {
    Checked& math = draft.math;
    const Parameters& p = draft.parameters(event.asset);
    Reserve& r = accrue(draft, grown, event.asset);
#if BREAKWATER_MUTANT_AAVE_003
    const Scaled minted = shares_burned(math, r, event.amount);
#else
    const Scaled minted = shares_minted(math, r, event.amount);
#endif
    if (minted.is_zero()) return refuse(Error::amount_zero);
    if (const Status usable = check_usable(p); !usable) return usable;
    if (p.has(frozen)) return refuse(Error::reserve_frozen);
#if !BREAKWATER_MUTANT_AAVE_015
    if (p.supply_cap != 0) {
        const Scaled all{math.add(math.add(r.supplied.raw, minted.raw), r.accrued_to_treasury.raw)};
        if (shares_worth(math, r, all).raw > cap_in_atoms(math, p.supply_cap, p.decimals))
            return refuse(Error::supply_cap_exceeded);
    }
#endif
    draft.receive(event.asset, event.amount);
    if (const Status s = update_rates(draft, event.asset, event.amount, {}); !s) return s;

    AccountDraft& account = draft.account(event.account);
    Leg& leg = account.leg(event.asset);
    const bool first = leg.supplied().is_zero();
    const Scaled balance{math.add(leg.supplied().raw, minted.raw)};
    if (balance.raw > Leg::balance_max) return refuse(Error::amount_overflow);
    leg.set_supplied(balance);
    r.supplied.raw = math.add(r.supplied.raw, minted.raw);
    if (first && thresholds(draft.market(), account.row.emode, event.asset).ltv != 0)
        leg.set_collateral(true);
    draft.emit(Moved{Moved::Kind::supplied, event.account, event.asset, event.amount});
    return {};
}

Status withdraw(Draft& draft, GrownIndices& grown, const Withdraw& event) {
    Checked& math = draft.math;
    Reserve& r = accrue(draft, grown, event.asset);
    AccountDraft& account = draft.account(event.account);
    Leg* leg = account.find(event.asset);
    const Scaled balance = leg != nullptr ? leg->supplied() : Scaled{};
#if BREAKWATER_MUTANT_RK_017
    const Scaled burned =
        event.amount.is_all() ? balance : shares_minted(math, r, event.amount.amount);
#else
    const Scaled burned =
        event.amount.is_all() ? balance : shares_burned(math, r, event.amount.amount);
#endif
    const Amount amount =
        event.amount.is_all() ? shares_worth(math, r, balance) : event.amount.amount;
    if (burned.is_zero()) return refuse(Error::amount_zero);
    if (burned > balance) return refuse(Error::balance_insufficient);
    if (const Status usable = check_usable(draft.parameters(event.asset)); !usable) return usable;
    const auto& rules = draft.market().house;
    const Amount paid = rules && rules->impaired_withdrawals
                            ? impaired(math, r, unpaid_deficit(draft, event.asset), amount)
                            : amount;
    r.deficit -= amount - paid;
    if (const Status s = update_rates(draft, event.asset, {}, paid); !s) return s;
    draft.pay(event.asset, paid);

    leg->set_supplied(balance - burned);
#if !BREAKWATER_MUTANT_BOOK_002
    r.supplied.raw = math.sub(r.supplied.raw, burned.raw);
#endif
    if (leg->is_collateral()) {
        if (leg->supplied().is_zero()) leg->set_collateral(false);
#if !BREAKWATER_MUTANT_AAVE_013
        if (account.is_borrowing_any())
            if (const Status s = check_health_and_ltv(draft, grown, account, event.asset); !s)
                return s;
#endif
    }
    draft.emit(Moved{Moved::Kind::withdrawn, event.account, event.asset, paid});
    if (paid != amount)
        draft.emit(LossCovered{.layer = all_suppliers,
                               .asset = event.asset,
                               .amount = amount - paid,
                               .is_burned = true});
    return {};
}

Status borrow(Draft& draft, GrownIndices& grown, const Borrow& event) {
    Checked& math = draft.math;
    const Parameters& p = draft.parameters(event.asset);
    Reserve& r = accrue(draft, grown, event.asset);
    const Scaled minted = debt_minted(math, r, event.amount);
    if (minted.is_zero()) return refuse(Error::amount_zero);
    if (const Status usable = check_usable(p); !usable) return usable;
    if (p.has(frozen)) return refuse(Error::reserve_frozen);
    if (!p.has(borrowing)) return refuse(Error::borrowing_disabled);
    if (p.borrow_cap != 0) {
        const Scaled all{math.add(r.borrowed.raw, minted.raw)};
        if (debt_worth(math, r, all).raw > cap_in_atoms(math, p.borrow_cap, p.decimals))
            return refuse(Error::borrow_cap_exceeded);
    }
    AccountDraft& account = draft.account(event.account);
    if (account.row.emode != 0) {
        const EMode& e = draft.market().emodes[account.row.emode];
        if ((e.borrowable >> index(event.asset) & 1U) == 0)
            return refuse(Error::not_borrowable_in_emode);
    }
    if (shares_worth(math, r, r.supplied) < debt_worth(math, r, minted))
        return refuse(Error::amount_zero);
    Leg& leg = account.leg(event.asset);
    const Scaled debt{math.add(leg.borrowed().raw, minted.raw)};
    if (debt.raw > Leg::balance_max) return refuse(Error::amount_overflow);
    leg.set_borrowed(debt);
    leg.set_borrowing(true);
    r.borrowed.raw = math.add(r.borrowed.raw, minted.raw);
    if (const Status s = update_rates(draft, event.asset, {}, event.amount); !s) return s;
    draft.pay(event.asset, event.amount);

    const auto data = account_data(view_of(draft, grown).for_opening(), account.legs, account.row.emode);
    if (!data) return refuse(data.error());
    const std::uint32_t ltv = data->average_ltv();
    if (ltv == 0) return refuse(Error::ltv_zero);
    if (data->is_unhealthy()) return refuse(Error::health_factor_below_one);
    if (math.percent_div_up(data->debt.raw, ltv) > data->collateral.raw)
        return refuse(Error::collateral_insufficient);
    draft.emit(Moved{Moved::Kind::borrowed, event.account, event.asset, event.amount});
    return {};
}

Status repay(Draft& draft, GrownIndices& grown, const Repay& event) {
    Checked& math = draft.math;
    Reserve& r = accrue(draft, grown, event.asset);
    if (!event.amount.is_all() && event.amount.amount.is_zero()) return refuse(Error::amount_zero);
    if (const Status usable = check_usable(draft.parameters(event.asset)); !usable) return usable;
    AccountDraft& account = draft.account(event.account);
    Leg* leg = account.find(event.asset);
    if (leg == nullptr || leg->borrowed().is_zero()) return refuse(Error::debt_none);
    const Amount owed = debt_worth(math, r, leg->borrowed());
    const Amount amount = event.amount.is_all() ? owed : std::min(owed, event.amount.amount);
#if BREAKWATER_MUTANT_AAVE_004
    const Scaled burned = std::min(debt_minted(math, r, amount), leg->borrowed());
#else
    const Scaled burned = debt_burned(math, r, amount);
#endif
    if (burned.is_zero()) return refuse(Error::burn_amount_zero);

    leg->set_borrowed(leg->borrowed() - burned);
#if !BREAKWATER_MUTANT_BOOK_006
    if (leg->borrowed().is_zero()) leg->set_borrowing(false);
#endif
    r.borrowed.raw = math.sub(r.borrowed.raw, burned.raw);
    draft.receive(event.asset, amount);
    if (const Status s = update_rates(draft, event.asset, amount, {}); !s) return s;
    draft.emit(Moved{Moved::Kind::repaid, event.account, event.asset, amount});
    return {};
}

Status set_collateral(Draft& draft, GrownIndices& grown, const SetCollateral& event) {
    if (const Status usable = check_usable(draft.parameters(event.asset)); !usable) return usable;
    AccountDraft& account = draft.account(event.account);
    Leg* leg = account.find(event.asset);
    if (event.enabled == (leg != nullptr && leg->is_collateral())) return {};
    if (!event.enabled) {
        leg->set_collateral(false);
        return check_health_and_ltv(draft, grown, account, event.asset);
    }
    if (leg == nullptr || leg->supplied().is_zero()) return refuse(Error::supply_none);
    if (thresholds(draft.market(), account.row.emode, event.asset).ltv == 0)
        return refuse(Error::ltv_zero);
    leg->set_collateral(true);
#if BREAKWATER_MUTANT_RK_006
    AccountDraft& next = draft.account(AccountId{(index(event.account) + 1) %
                                                 static_cast<std::uint32_t>(draft.market().accounts.size())});
    if (Leg* own = next.find(event.asset); own != nullptr && !own->supplied().is_zero())
        own->set_collateral(true);
#endif
    return {};
}

Status set_emode(Draft& draft, GrownIndices& grown, const SetEMode& event) {
    AccountDraft& account = draft.account(event.account);
    if (account.row.emode == event.emode) return {};
    const auto& emodes = draft.market().emodes;
    if (event.emode != 0 &&
        (event.emode >= emodes.size() || emodes[event.emode].liquidation_threshold == 0))
        return refuse(Error::emode_unknown);
    if (event.emode != 0)
        for (const Leg& leg : account.legs)
            if (leg.is_borrowing() &&
                (emodes[event.emode].borrowable >> index(leg.asset()) & 1U) == 0)
                return refuse(Error::debt_not_borrowable_in_emode);
    account.row.emode = event.emode;
    if (!account.is_borrowing_any()) return {};
    const auto data = account_data(view_of(draft, grown).for_opening(), account.legs, account.row.emode);
    if (!data) return refuse(data.error());
    if (data->is_unhealthy()) return refuse(Error::health_factor_below_one);
    return {};
}

Status mint_to_treasury(Draft& draft, GrownIndices& grown, const MintToTreasury& event) {
    Checked& math = draft.math;
    if (!draft.parameters(event.asset).has(active)) return {};
    const Scaled accrued = draft.reserve(event.asset).accrued_to_treasury;
    if (accrued.is_zero()) return {};
    Reserve& r = draft.change_reserve(event.asset);
    const Ray income = grown.income(math, event.asset, r, draft.now());
    r.accrued_to_treasury = {};
    r.supplied.raw = math.add(r.supplied.raw, accrued.raw);
    Leg& leg = draft.account(draft.market().treasury).leg(event.asset);
    const Scaled balance{math.add(leg.supplied().raw, accrued.raw)};
    if (balance.raw > Leg::balance_max) return refuse(Error::amount_overflow);
    leg.set_supplied(balance);
    draft.emit(Moved{Moved::Kind::minted_to_treasury,
                     draft.market().treasury,
                     event.asset,
                     {math.ray_mul_down(accrued.raw, income.raw)}});
    return {};
}

Status eliminate_deficit(Draft& draft, GrownIndices& grown, const EliminateDeficit& event) {
    Checked& math = draft.math;
    if (!event.amount.is_all() && event.amount.amount.is_zero()) return refuse(Error::amount_zero);
    const auto most = eliminable(draft, event);
    if (!most) return refuse(most.error());
    if (most->is_zero()) return refuse(Error::deficit_none);
    AccountDraft& account = draft.account(event.account);
    if (account.is_borrowing_any()) return refuse(Error::debt_of_coverer);
    Reserve& r = accrue(draft, grown, event.asset);
    const Amount covered =
        event.amount.is_all() ? *most : std::min(event.amount.amount, *most);
    const Scaled burned = shares_burned(math, r, covered);
    Leg* leg = account.find(event.asset);
    if (leg == nullptr || burned > leg->supplied()) return refuse(Error::balance_insufficient);
    leg->set_supplied(leg->supplied() - burned);
    if (leg->supplied().is_zero()) leg->set_collateral(false);
    r.supplied.raw = math.sub(r.supplied.raw, burned.raw);
    r.deficit -= covered;
    note_eliminated(draft, event, covered);
    if (const Status s = update_rates(draft, event.asset, {}, {}); !s) return s;
    draft.emit(Moved{Moved::Kind::deficit_eliminated, event.account, event.asset, covered});
    return {};
}

Status check_parameters(const Parameters& p) {
    const auto need = [](bool holds) {
        return holds ? Status{} : refuse(Error::parameters_invalid);
    };
    if (p.decimals > 18 || p.ltv > p.liquidation_threshold) return need(false);
    if (p.reserve_factor > bps_one || p.liquidation_protocol_fee > bps_one) return need(false);
    if (p.liquidation_threshold != 0) {
        if (p.liquidation_bonus <= bps_one) return need(false);
        // PercentageMath.percentMul is half up, and the check is on the rounded figure.
        if ((std::uint32_t{p.liquidation_threshold} * p.liquidation_bonus + bps_one / 2) / bps_one >
            bps_one)
            return need(false);
    }
    if (p.optimal_usage < 100 || p.optimal_usage > 9'900) return need(false);
    if (p.slope1 > p.slope2) return need(false);
    return need(std::uint64_t{p.base_rate} + p.slope1 + p.slope2 <= 100'000);
}

Status set_parameters(Draft& draft, GrownIndices& grown, const SetParameters& event) {
    if (const Status valid = check_parameters(event.parameters); !valid) return valid;
    if (event.parameters.decimals != draft.parameters(event.asset).decimals)
        return refuse(Error::parameters_invalid);
    Reserve& r = accrue(draft, grown, event.asset);  // the old curve and factor hold up to now
    const Parameters& old = draft.parameters(event.asset);
    const auto effective = old.ramp.threshold(old.liquidation_threshold, draft.now());
    Parameters next = event.parameters;
    next.ramp = ramp_to(draft, effective, next.liquidation_threshold);
    draft.change_parameters(event.asset) = next;
    const Rates rates = rates_of(draft.math, event.parameters, r);
    r.liquidity_rate = rates.liquidity;
    r.borrow_rate = rates.borrow;
    draft.emit(ParametersSet{.asset = event.asset});
    return {};
}

Status set_emode_parameters(Draft& draft, const SetEModeParameters& event) {
    const EMode& e = event.parameters;
    if (event.emode == 0 || event.emode >= draft.market().emodes.size())
        return refuse(Error::emode_unknown);
    const std::uint32_t exposed =
        (std::uint32_t{e.liquidation_threshold} * e.liquidation_bonus + bps_one / 2) / bps_one;
    if (e.ltv > e.liquidation_threshold || e.liquidation_bonus <= bps_one || exposed > bps_one)
        return refuse(Error::parameters_invalid);
    const EMode& old = draft.market().emodes[event.emode];
    EMode next = e;
    next.ramp = ramp_to(draft, old.ramp.threshold(old.liquidation_threshold, draft.now()),
                        next.liquidation_threshold);
    draft.change_emode(event.emode) = next;
    return {};
}

}  // namespace breakwater::aave_v3
