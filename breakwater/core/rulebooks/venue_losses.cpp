// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/venue_losses.hpp"

#include <algorithm>

#include "breakwater/core/each_number.hpp"
#include "breakwater/core/math_signed.hpp"
#include "breakwater/core/rulebooks/venue.hpp"
#include "breakwater/core/rulebooks/venue_orders.hpp"
#include "breakwater/core/rulebooks/venue_value.hpp"
#include "breakwater/core/waterfall/shares.hpp"

namespace breakwater::venue {
namespace {

/// [1e-14 USD] A balance above zero at the low end of the band, rounded down.
uint128 value_down(Checked& math, const View& view, AssetId asset, uint128 amount) {
    const Collateral& c = view.read<&Market::collaterals>(breakwater::index(asset));
    return math.mul_div_unit_down(amount, uint128{view.feed(asset).lo} * ppm_one, c.decimals);
}

/// The highest tier of the contracts that the account holds in an asset; without one it is a loan,
/// tier 0.
std::uint32_t tier_of_loss(const VenueDesk& desk, AccountId account, AssetId asset) {
    const Market& m = desk.stored();
    std::uint32_t tier = 0;
    for (std::uint32_t k = 0; k < m.set().slots; ++k) {
        const Position& p = desk.read<&Market::positions>(m.first_slot(account) + k);
        if (p.lots != 0 && m.terms[index(p.contract)].settlement == asset)
            tier = std::max(tier, m.terms[index(p.contract)].tier);
    }
    return tier;
}

/// What the fund pays for one asset: first against the value that it has seized, then within the
/// tier.
/// Source: VENUE-023.
uint128 pay_from_fund(VenueDesk& desk, const Loss& loss, uint128& seized) {
    Checked& math = desk.math;
    const View view(desk);
    const Market& m = desk.stored();
    const int128 fund_cash =
        desk.read<&Market::balances>(m.row(settings(desk).fund, loss.asset)).cash;
    if (fund_cash <= 0) return 0;
    const std::uint64_t price = view.feed(loss.asset).lo;
    const std::uint8_t decimals = m.collaterals[breakwater::index(loss.asset)].decimals;
    const uint128 backed =
        math.mul_div_down(seized / ppm_one, power_of_ten(decimals), price);  // [atomic]
    FundTier& tier = desk.change<&Market::fund_tiers>(m.tier_row(loss.tier, loss.asset));
    const uint128 room = tier.limit.raw > tier.paid.raw ? tier.limit.raw - tier.paid.raw : 0;
#if BREAKWATER_MUTANT_VENUE_023
    const uint128 most = loss.amount;
#else
    const uint128 most = std::min(loss.amount, math.add(std::min(backed, loss.amount), room));
#endif
    const uint128 paid = std::min(most, static_cast<uint128>(fund_cash));
    const uint128 from_seized = std::min(paid, backed);
    seized -= std::min(seized, value_down(math, view, loss.asset, from_seized));
    tier.paid.raw += paid - from_seized;
    return paid;
}

}  // namespace

Status resolve(VenueDesk& desk, const Resolve& e) {
    const Settings& set = settings(desk);
    const Market& m = desk.stored();
    if (e.account == set.fund) return refuse(Error::account_unknown);
    for (const AccountId c : e.counterparties)
        if (!m.has(c) || c == set.fund || c == e.account) return refuse(Error::account_unknown);
    const auto worth = assess(View(desk), e.account, Purpose::closing);
    if (!worth) return refuse(worth.error());
    if (worth->standing.equity >= 0) return refuse(Error::equity_not_negative);
    cancel_orders(desk, e.account);  // nobody may have flagged it
    settle_expired(desk, e.account);

    // What is left above zero in other assets goes to the fund, which pays with it.
    uint128 seized = 0;
    std::vector<Loss> losses;
    const std::uint32_t settled = settled_in(desk, e.account);
    for (const std::uint8_t k : each_number<std::uint8_t>(m.assets())) {
        const AssetId asset{k};
        if (!m.has(asset)) continue;
        const bool has_none = desk.read<&Market::balances>(m.row(e.account, asset)).cash == 0;
        if (has_none && (settled >> k & 1U) == 0) continue;
        grown_balance(desk, e.account, asset);
        const int128 net = net_of_asset(View(desk), e.account, asset);
        if (net < 0) {
            losses.push_back({.asset = asset,
                              .tier = tier_of_loss(desk, e.account, asset),
                              .amount = magnitude(net)});
        } else if (net > 0) {
            seized =
                desk.math.add(seized, value_down(desk.math, View(desk), asset, magnitude(net)));
#if !BREAKWATER_MUTANT_VENUE_022
            move_cash(desk, e.account, set.fund, asset, net);
#endif
        }
    }
    for (Loss& loss : losses) {
        const std::uint64_t id = desk.event_number() * 256 + breakwater::index(loss.asset);
        desk.emit(LossRealised{
            .id = id, .account = e.account, .asset = loss.asset, .amount = {loss.amount}});
        const uint128 paid = pay_from_fund(desk, loss, seized);
        move_cash(desk, set.fund, e.account, loss.asset, with_sign(desk.math, paid, false));
        loss.amount -= paid;
        if (paid != 0)
            desk.emit(Effect{FundPaid{.loss = id, .asset = loss.asset, .amount = {paid}}});
    }
    Candidates candidates(desk, e);
    if (const Status closed = close_against_others(desk, e.account, candidates, losses); !closed)
        return closed;
    for (const Loss& loss : losses) {
        cut_gains(desk, e.account, candidates, loss);
        leave_uncovered(desk, e.account, loss.asset);
    }
    const auto left = assess(View(desk), e.account, Purpose::liquidation);
    if (!left) return refuse(left.error());
    note_standing(desk, e.account, *left);
    return {};
}

void leave_uncovered(VenueDesk& desk, AccountId account, AssetId asset) {
    const int128 rest = grown_balance(desk, account, asset).cash;
    if (rest >= 0) return;
    Collateral& c = desk.change<&Market::collaterals>(breakwater::index(asset));
    Gate& gate = desk.change<&Market::gate>(0);
    if (c.uncovered.is_zero()) ++gate.uncovered;
    c.uncovered.raw = desk.math.add(c.uncovered.raw, magnitude(rest));
    gate.shut_until = seconds(desk.now()) + settings(desk).gate_time;
    credit(desk, account, asset, -rest);
}

Status cover_loss(VenueDesk& desk, const CoverLoss& e) {
    if (e.amount.is_zero()) return refuse(Error::amount_zero);
    Collateral& c = desk.change<&Market::collaterals>(breakwater::index(e.asset));
    if (c.uncovered.is_zero()) return refuse(Error::deficit_none);
    const Amount paid = std::min(e.amount, c.uncovered);
    const int128 atoms = with_sign(desk.math, paid.raw, false);
    if (grown_balance(desk, e.account, e.asset).cash < atoms)
        return refuse(Error::balance_insufficient);
    credit(desk, e.account, e.asset, -atoms);
    c.uncovered -= paid;
    if (c.uncovered.is_zero()) {
        Gate& gate = desk.change<&Market::gate>(0);
        --gate.uncovered;
        gate.shut_until = seconds(desk.now()) + settings(desk).gate_time;
    }
    desk.emit(LossCovered{.layer = 0, .asset = e.asset, .amount = paid});
    return may_open(desk, e.account);
}

}  // namespace breakwater::venue
