// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "shadow_own.hpp"

#include <algorithm>

#include "../reference/aave_v3.hpp"
#include "breakwater/core/rulebooks/aave_v3_accounts.hpp"
#include "shadow_rules.hpp"

namespace breakwater::given {
namespace {

using aave_v3::Leg;
using reference::AccountFigures;
using reference::Number;

const Number one_wad = Number(1'000'000'000) * 1'000'000'000;

/// Corner `bits` of the band: asset a at its lo or hi. Both ends where a price is missing are zero.
State at_corner(State state, unsigned bits) {
    for (std::size_t a = 0; a < state.feeds.size(); ++a)
        state.feeds[a].point = (bits >> a & 1U) != 0 ? state.feeds[a].hi : state.feeds[a].lo;
    return state;
}

bool is_unhealthy_everywhere(const State& state, AccountId account, std::uint64_t now) {
    for (unsigned bits = 0; bits < 1U << state.feeds.size(); ++bits) {
        const auto figures = reference::account_figures(at_corner(state, bits), account, now);
        // What stands on both sides in one asset is decided by its net weight: a unit of rounding
        // for each leg.
        if (figures && !figures->is_unhealthy() &&
            figures->threshold_sum > (figures->debt + 2 * state.feeds.size()) * bps_one)
            return false;
    }
    return true;
}

Number least_of(const State& state, AccountId account, std::uint64_t now) {
    const auto& market = aave_market(state);
    Number least = market.house->bonus_least;
    for (const Leg& leg : market.legs_of(account)) {
        if (!leg.is_collateral()) continue;
        const auto t = aave_v3::thresholds(market, market.accounts[index(account)].emode,
                                           leg.asset(), Time{now});
        if (t.liquidation_threshold != 0 && least > t.liquidation_bonus - bps_one)
            least = t.liquidation_bonus - bps_one;
    }
    return least;
}

struct LegValues {
    Number collateral;
    Number debt;
};
/// Of one leg, at the point: everything else of the account is taken away.
LegValues values_of(const State& state, AccountId account, AssetId asset, std::uint64_t now) {
    State alone = state;
    auto& market = aave_market(alone);
    auto& row = market.accounts[index(account)];
    for (std::uint32_t i = 0; i < row.count; ++i) {
        Leg& leg = market.legs[row.first + i];
        if (leg.asset() != asset) leg = Leg(leg.asset());
    }
    const auto figures = reference::account_figures(alone, account, now);
    return figures ? LegValues{figures->collateral, figures->debt} : LegValues{0, 0};
}

/// [1e-8 USD] a dozen units of an asset, grown by its indices.
Number few_units(const State& state, AssetId asset) {
    const auto& market = aave_market(state);
    const aave_v3::Reserve& r = market.reserves[index(asset)];
    Number unit = 1;
    for (unsigned i = 0; i < market.parameters[index(asset)].decimals; ++i)
        unit *= 10;
    const Number grown = 4 + reference::number((r.borrow_index.raw + r.liquidity_index.raw) / ray);
    return 12 * grown * state.feeds[index(asset)].point / unit + 12;
}

}  // namespace

std::string check_own_liquidation(const State& before, const State& after, const Event& event,
                                  std::span<const Effect> effects) {
    const auto& e = std::get<Liquidate>(event.action);
    const std::uint64_t now = seconds(event.time);
    const auto& rules = *aave_market(before).house;
    if (!is_unhealthy_everywhere(before, e.borrower, now))
        return "BREAKWATER-001: healthy at some price of the band";
    const auto was = reference::account_figures(before, e.borrower, now);
    const auto is = reference::account_figures(after, e.borrower, now);
    if (!was || !is) return "BREAKWATER-001: no figures";
    // WATERFALL-018: of a loss that all suppliers share, the account's collateral bears its part too.
    const bool shares = has_shared_a_loss(before, after, aave_market(before).legs_of(e.borrower));
    if (!shares && is->debt * was->collateral > was->debt * is->collateral)
        return "BREAKWATER-005: loan-to-value rose";
    const bool has_loss = std::ranges::any_of(
        effects, [](const Effect& x) { return std::holds_alternative<LossRealised>(x); });
    const Number least = least_of(before, e.borrower, now);
    const Number repayable = was->collateral * bps_one / (bps_one + least);
    const bool exhausted = was->debt > repayable;
    if (!shares && !exhausted && is->threshold_sum * was->debt < was->threshold_sum * is->debt)
        return "BREAKWATER-005: health fell";
    // Of a debt of a unit or two nothing is left to write off when it is repaid.
    const bool is_dust =
        values_of(before, e.borrower, e.debt, now).debt <= few_units(after, e.debt);
    if (exhausted != has_loss && is->has_debt() && !is_dust)
        return exhausted ? "BREAKWATER-007: the loss was not realised"
                         : "BREAKWATER-007: a loss of an account that could repay";
    // A part that is closed takes its part of the loss and no more, but for a few units of either
    // asset.
    const Number rounding = few_units(after, e.debt) +
                            few_units(after, e.collateral) * was->debt / (was->collateral + 1) + 64;
    if (exhausted && is->has_debt() &&
        (is->debt + rounding) * was->collateral < was->debt * is->collateral)
        return "BREAKWATER-007: a debt was forgiven that its collateral stands against";

    const LegValues collateral = values_of(after, e.borrower, e.collateral, now);
    const LegValues debt = values_of(after, e.borrower, e.debt, now);
    const bool both_left = debt.debt != 0 && collateral.collateral != 0;
    const Number target = reference::number(rules.target_health.raw);
    // A treasury that is liquidated itself gets its fee back.
    const bool gets_fee = e.borrower == aave_market(before).treasury;
    if (!exhausted && both_left && !gets_fee &&
        is->threshold_sum * one_wad > is->debt * target * bps_one)
        return "BREAKWATER-003: beyond the target health";
    const Number dust = reference::number(rules.leftover_min.raw);
    if (both_left && (debt.debt < dust || (!shares && collateral.collateral < dust)))
        return "BREAKWATER-006: dust is left";
    const std::size_t c = index(e.collateral);
    for (const Effect& effect : effects) {
        const auto* done = std::get_if<Liquidated>(&effect);
        if (done == nullptr || c >= rules.depth.size() || rules.depth[c].is_zero()) continue;
        Number unit = 1;
        for (unsigned i = 0; i < aave_market(before).parameters[c].decimals; ++i)
            unit *= 10;
        const Number sold = reference::number(done->seized.raw + done->protocol_fee.raw) *
                            before.feeds[c].point / unit;
        if (both_left && sold > reference::number(rules.depth[c].raw))
            return "BREAKWATER-003: more than the depth takes";
    }
    return {};
}

std::string check_own_opening(const State& after, const Event& event) {
    const auto* borrow = std::get_if<Borrow>(&event.action);
    if (borrow == nullptr) return {};
    State cautious = after;
    const auto& market = aave_market(after);
    for (const Leg& leg : market.legs_of(borrow->account))
        if (leg.is_collateral() && leg.is_borrowing())
            return {};  // no one price of a state says both
    for (const Leg& leg : market.legs_of(borrow->account)) {
        FeedRow& feed = cautious.feeds[index(leg.asset())];
        feed.point =
            leg.is_borrowing() ? std::max(feed.hi, feed.slow) : std::min(feed.lo, feed.slow);
    }
    const auto figures = reference::account_figures(cautious, borrow->account, seconds(event.time));
    return !figures || figures->is_unhealthy()
               ? "BREAKWATER-002: borrowed beyond the cautious value"
               : "";
}

std::string check_own_thresholds(const State& before, const State& after, const Event& event) {
    const auto& was = aave_market(before);
    const auto& is = aave_market(after);
    if (was.house->notice_hours == 0) return {};
    const auto fell = [&](const auto& old_row, const auto& new_row) {
        return new_row.ramp.threshold(new_row.liquidation_threshold, event.time) <
               old_row.ramp.threshold(old_row.liquidation_threshold, event.time);
    };
    for (std::size_t a = 0; a < was.parameters.size(); ++a)
        if (fell(was.parameters[a], is.parameters[a]))
            return "BREAKWATER-008: a threshold fell without notice";
    for (std::size_t i = 0; i < was.emodes.size(); ++i)
        if (fell(was.emodes[i], is.emodes[i]))
            return "BREAKWATER-008: the threshold of an e-mode fell without notice";
    return {};
}

}  // namespace breakwater::given
