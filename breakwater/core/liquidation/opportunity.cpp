// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/liquidation/opportunity.hpp"

#include <algorithm>

#include "breakwater/core/rulebooks/aave_v3.hpp"
#include "breakwater/core/rulebooks/breakwater_liquidation.hpp"

namespace breakwater {
namespace {

using aave_v3::AccountData;
using aave_v3::Leg;
using aave_v3::View;

const Leg* leg_of(std::span<const Leg> legs, AssetId asset) {
    for (const Leg& leg : legs)
        if (leg.asset() == asset) return &leg;
    return nullptr;
}

bool is_liquidatable_collateral(const View& view, const Leg& leg, std::uint16_t emode) {
    return leg.is_collateral() &&
           aave_v3::thresholds(view.market, emode, leg.asset(), view.now).liquidation_threshold !=
               0;
}

Value value_down(Checked& math, const View& view, AssetId asset, Amount amount) {
    return {math.mul_div_unit_down(amount.raw, view.price(asset).raw,
                                   view.market.parameters[index(asset)].decimals)};
}

/// Our own rulebook has made its size fit already. What it would refuse is no quote.
Result<Quote> quote_own(const View& view, std::uint16_t emode, std::span<const Leg> legs,
                        const Leg& collateral, const Leg& debt, Size size) {
    const auto plan =
        house::plan_liquidation(view, legs, emode, collateral.asset(), debt.asset(), size);
    if (!plan) return std::unexpected(plan.error());
    Checked math;
    const Quote out{
        .pay = plan->size.repaid,
        .get = plan->size.seized,
        .pay_value = value_down(math, view, debt.asset(), plan->size.repaid),
        .get_value = value_down(math, view, collateral.asset(), plan->size.seized)};
    if (math.overflow()) return std::unexpected(Error::amount_overflow);
    return out;
}

Result<Quote> quote_legs(const View& view, const AccountData& data, AccountId account,
                         const Leg& collateral, const Leg& debt, Size size) {
    const std::uint16_t emode = view.market.accounts[index(account)].emode;
    if (view.market.house)
        return quote_own(view, emode, view.market.legs_of(account), collateral, debt, size);
    Checked math;
    const auto bonus = aave_v3::thresholds(view.market, emode, collateral.asset(), view.now)
                           .liquidation_bonus;
#if BREAKWATER_MUTANT_LIQUIDATION_002
    aave_v3::LiquidationInputs in = aave_v3::liquidation_inputs(view, collateral, debt, bonus);
    in.protocol_fee = 0;
#else
    const aave_v3::LiquidationInputs in =
        aave_v3::liquidation_inputs(view, collateral, debt, bonus);
#endif
    const Amount most = aave_v3::liquidatable_debt(math, in, data);
    const Amount wanted = size.is_all() ? most : std::min(most, size.amount);
    const auto s = aave_v3::liquidation_size(math, in, wanted);
    const Quote out{.pay = s.repaid,
                    .get = s.seized,
                    .pay_value = value_down(math, view, debt.asset(), s.repaid),
                    .get_value = value_down(math, view, collateral.asset(), s.seized),
                    .leaves_dust = aave_v3::leaves_dust(math, in, s)};
    if (math.overflow()) return std::unexpected(Error::amount_overflow);
    return out;
}

}  // namespace

Status opportunities(const View& view, AccountId account, std::vector<Opportunity>& out) {
    out.clear();
    const auto legs = view.market.legs_of(account);
    const std::uint16_t emode = view.market.accounts[index(account)].emode;
    const auto data = aave_v3::account_data(view.for_liquidation(), legs, emode);
    if (!data) return std::unexpected(data.error());
    if (!data->is_unhealthy()) return {};
    for (const Leg& collateral : legs) {
        if (!is_liquidatable_collateral(view, collateral, emode)) continue;
        for (const Leg& debt : legs)
            if (debt.is_borrowing())
                out.push_back({.kind = OpportunityKind::buy,
                               .account = account,
                               .collateral = collateral.asset(),
                               .debt = debt.asset()});
    }
    return {};
}

Result<Quote> quote(const View& view, const Opportunity& opportunity, Size size) {
    const auto legs = view.market.legs_of(opportunity.account);
    const std::uint16_t emode = view.market.accounts[index(opportunity.account)].emode;
    const auto data = aave_v3::account_data(view.for_liquidation(), legs, emode);
    if (!data) return std::unexpected(data.error());
    if (!data->is_unhealthy()) return std::unexpected(Error::health_factor_not_below_one);
    const Leg* collateral = leg_of(legs, opportunity.collateral);
    const Leg* debt = leg_of(legs, opportunity.debt);
    if (collateral == nullptr || !is_liquidatable_collateral(view, *collateral, emode))
        return std::unexpected(Error::collateral_not_enabled);
    if (debt == nullptr || !debt->is_borrowing()) return std::unexpected(Error::debt_not_borrowed);
    return quote_legs(view, *data, opportunity.account, *collateral, *debt, size);
}

Result<std::optional<Best>> best_opportunity(const View& view, AccountId account) {
    const auto legs = view.market.legs_of(account);
    const std::uint16_t emode = view.market.accounts[index(account)].emode;
    const auto data = aave_v3::account_data(view.for_liquidation(), legs, emode);
    if (!data) return std::unexpected(data.error());
    std::optional<Best> best;
    if (!data->is_unhealthy()) return best;
    for (const Leg& collateral : legs) {
        if (!is_liquidatable_collateral(view, collateral, emode)) continue;
        for (const Leg& debt : legs) {
            if (!debt.is_borrowing()) continue;
            const auto q = quote_legs(view, *data, account, collateral, debt, Size::all());
            if (!q && view.market.house) continue;  // nothing would move for this pair
            if (!q) return std::unexpected(q.error());
            const bool better = !best || (best->quote.leaves_dust && !q->leaves_dust) ||
                                (best->quote.leaves_dust == q->leaves_dust &&
                                 q->incentive() > best->quote.incentive());
            if (better)
                best = Best{.opportunity = {.kind = OpportunityKind::buy,
                                            .account = account,
                                            .collateral = collateral.asset(),
                                            .debt = debt.asset()},
                            .quote = *q};
        }
    }
    return best;
}

}  // namespace breakwater
