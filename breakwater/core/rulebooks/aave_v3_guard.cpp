// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/aave_v3_guard.hpp"

#include <algorithm>

namespace breakwater::aave_v3 {
namespace {

View view_of(const Draft& draft, GrownIndices& grown, Pricing pricing) {
    return {.state = draft.state(),
            .market = draft.market(),
            .grown = grown,
            .now = draft.now(),
            .draft = &draft,
            .pricing = pricing};
}

/// Debt above 98 % of the whole collateral at the best end, so at both.
bool is_certainly_insolvent(const AccountData& best) {
    return mul_wide(best.debt.raw, 100) > mul_wide(best.collateral.raw, 98);
}

/// The market as the draft leaves it, without its accounts: what thresholds are read from.
Market terms_of(const Draft& draft) {
    Market out;
    out.parameters = draft.market().parameters;
    out.emodes = draft.market().emodes;
    for (const auto& e : draft.touched_parameters().entries())
        out.parameters[e.row] = e.copy;
    for (const auto& e : draft.touched_emodes().entries())
        out.emodes[e.row] = e.copy;
    out.reserves = draft.market().reserves;
    return out;
}

}  // namespace

feeds::Permissions permissions(const State& state, const Market& market, std::span<const Leg> legs,
                               std::uint16_t emode, Time now) {
    feeds::Permissions out{
        .opening = true, .repaying = true, .liquidations = feeds::Liquidations::certain};
    for (const Leg& leg : legs) {
        const bool counts =
            leg.is_borrowing() ||
            (leg.is_collateral() && thresholds(market, emode, leg.asset()).liquidation_threshold != 0);
        if (!counts || !state.has_sources(leg.asset())) continue;
        const feeds::AssetRow& row = state.asset_feeds[index(leg.asset())];
        const auto own = feeds::permitted(feeds::trust_of(row.machine), feeds::age_of(row.mid_at, now),
                                          state.wirings[index(leg.asset())].limits);
        out.opening = out.opening && own.opening;
        out.liquidations = std::min(out.liquidations, own.liquidations);
    }
    return out;
}

Result<feeds::Standing> standing(View view, std::span<const Leg> legs, std::uint16_t emode) {
    view.pricing = Pricing::best;
    const auto best = account_data(view, legs, emode);
    if (!best) return std::unexpected(best.error());
    if (best->is_unhealthy()) return feeds::Standing::liquidatable;
    view.pricing = Pricing::worst;
    const auto worst = account_data(view, legs, emode);
    if (!worst) return std::unexpected(worst.error());
    return worst->is_unhealthy() ? feeds::Standing::contested : feeds::Standing::healthy;
}

Status guard_opening(Draft& draft, GrownIndices& grown, AccountId id, bool is_borrowing) {
#if BREAKWATER_MUTANT_FEEDS_040
    return {};
#endif
    const AccountDraft& account = draft.account(id);
    if (!account.is_borrowing_any()) return {};
    const auto allowed =
        permissions(draft.state(), draft.market(), account.legs, account.row.emode, draft.now());
    if (!allowed.opening) return refuse(Error::opening_suspended);
    const auto data =
        account_data(view_of(draft, grown, Pricing::opening), account.legs, account.row.emode);
    if (!data) return refuse(data.error());
    if (data->is_unhealthy()) return refuse(Error::collateral_insufficient_in_band);
    if (!is_borrowing) return {};
    const std::uint32_t ltv = data->average_ltv();
    const bool is_covered =
        ltv != 0 && draft.math.percent_div_up(data->debt.raw, ltv) <= data->collateral.raw;
    return is_covered ? Status{} : refuse(Error::collateral_insufficient_in_band);
}

Status guard_liquidation(Draft& draft, GrownIndices& grown, AccountId id) {
#if BREAKWATER_MUTANT_FEEDS_041
    return {};
#endif
    const AccountDraft& account = draft.account(id);
    const auto best =
        account_data(view_of(draft, grown, Pricing::best), account.legs, account.row.emode);
    // Whoever is healthy at the point is left to the protocol, which refuses by itself.
    const auto otherwise = [&](Error error) -> Status {
        const auto point =
            account_data(view_of(draft, grown, Pricing::point), account.legs, account.row.emode);
        return !point || !point->is_unhealthy() ? Status{} : refuse(error);
    };
    if (!best) return otherwise(best.error());
    if (!best->is_unhealthy()) return otherwise(Error::liquidation_contested);
    const auto allowed =
        permissions(draft.state(), draft.market(), account.legs, account.row.emode, draft.now());
    const bool may = allowed.liquidations == feeds::Liquidations::certain ||
                     (allowed.liquidations == feeds::Liquidations::certain_insolvency &&
                      is_certainly_insolvent(*best));
    return may ? Status{} : otherwise(Error::liquidation_suspended);
}

Status makes_nobody_liquidatable(const Draft& draft, const Market& market) {
    const bool is_own = &market == &draft.market();
    const Market terms = is_own ? terms_of(draft) : Market{};
    State prices;
    prices.feeds = draft.state().feeds;
    for (const auto& e : draft.touched_feeds().entries())
        prices.feeds[e.row] = e.copy;
    GrownIndices grown_before;
    GrownIndices grown_after;
    const View before{
        .state = draft.state(), .market = market, .grown = grown_before, .now = draft.now()};
    const View after{.state = prices,
                     .market = is_own ? terms : market,
                     .grown = grown_after,
                     .now = draft.now(),
                     .draft = is_own ? &draft : nullptr};
    for (std::uint32_t i = 0; i < market.accounts.size(); ++i) {
        const auto legs = market.legs_of(AccountId{i});
        if (std::ranges::none_of(legs, &Leg::is_borrowing)) continue;
        const std::uint16_t emode = market.accounts[i].emode;
        const auto then = account_data(after, legs, emode);
        if (then && !then->is_unhealthy()) continue;
        const auto now = account_data(before, legs, emode);
        if (now && !now->is_unhealthy()) return refuse(Error::change_makes_liquidatable);
    }
    return {};
}

}  // namespace breakwater::aave_v3
