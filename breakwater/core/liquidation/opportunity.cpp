// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/liquidation/opportunity.hpp"

#include <algorithm>

#include "breakwater/core/rulebooks/aave_v3.hpp"

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
           aave_v3::thresholds(view.market, emode, leg.asset()).liquidation_threshold != 0;
}

Result<Quote> quote_legs(const View& view, const AccountData& data, std::uint16_t emode,
                         const Leg& collateral, const Leg& debt, Size size) {
    Checked math;
    const auto& pc = view.market.parameters[index(collateral.asset())];
    const auto& pd = view.market.parameters[index(debt.asset())];
    const aave_v3::LiquidationInputs in {
        .collateral_balance = aave_v3::supply_balance(math, view, collateral),
        .debt_balance = aave_v3::debt_balance(math, view, debt),
        .collateral_price = view.price(collateral.asset()), .debt_price = view.price(debt.asset()),
        .collateral_decimals = pc.decimals, .debt_decimals = pd.decimals,
        .bonus = aave_v3::thresholds(view.market, emode, collateral.asset()).liquidation_bonus,
#if !BREAKWATER_MUTANT_LIQUIDATION_002
        .protocol_fee = pc.liquidation_protocol_fee
#endif
    };
    const Amount most = aave_v3::liquidatable_debt(math, in, data);
    const Amount wanted = size.is_all() ? most : std::min(most, size.amount);
    const auto s = aave_v3::liquidation_size(math, in, wanted);
    const Quote out{
        .pay = s.repaid,
        .get = s.seized,
        .pay_value = {math.mul_div_unit_down(s.repaid.raw, in.debt_price.raw, in.debt_decimals)},
        .get_value = {math.mul_div_unit_down(s.seized.raw, in.collateral_price.raw,
                                             in.collateral_decimals)},
        .leaves_dust = aave_v3::leaves_dust(math, in, s)};
    if (math.overflow()) return std::unexpected(Error::amount_overflow);
    return out;
}

}  // namespace

Status opportunities(const View& view, AccountId account, std::vector<Opportunity>& out) {
    out.clear();
    const auto legs = view.market.legs_of(account);
    const std::uint16_t emode = view.market.accounts[index(account)].emode;
    const auto data = aave_v3::account_data(view, legs, emode);
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
    const auto data = aave_v3::account_data(view, legs, emode);
    if (!data) return std::unexpected(data.error());
    if (!data->is_unhealthy()) return std::unexpected(Error::health_factor_not_below_one);
    const Leg* collateral = leg_of(legs, opportunity.collateral);
    const Leg* debt = leg_of(legs, opportunity.debt);
    if (collateral == nullptr || !is_liquidatable_collateral(view, *collateral, emode))
        return std::unexpected(Error::collateral_not_enabled);
    if (debt == nullptr || !debt->is_borrowing()) return std::unexpected(Error::debt_not_borrowed);
    return quote_legs(view, *data, emode, *collateral, *debt, size);
}

Result<std::optional<Best>> best_opportunity(const View& view, AccountId account) {
    const auto legs = view.market.legs_of(account);
    const std::uint16_t emode = view.market.accounts[index(account)].emode;
    const auto data = aave_v3::account_data(view, legs, emode);
    if (!data) return std::unexpected(data.error());
    std::optional<Best> best;
    if (!data->is_unhealthy()) return best;
    for (const Leg& collateral : legs) {
        if (!is_liquidatable_collateral(view, collateral, emode)) continue;
        for (const Leg& debt : legs) {
            if (!debt.is_borrowing()) continue;
            const auto q = quote_legs(view, *data, emode, collateral, debt, Size::all());
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
