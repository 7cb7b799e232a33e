// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "shadow_rules.hpp"

#include <algorithm>
#include <array>

#include "../reference/aave_v3.hpp"
#include "breakwater/core/liquidation/opportunity.hpp"
#include "shadow_own.hpp"

namespace breakwater::given {
namespace {

using aave_v3::Leg;
using reference::Number;

/// LIQUIDATION-005 and AAVE-020 to AAVE-028: who was liquidated was unhealthy, and the amounts are the slow twin's.
std::string check_liquidation(const State& before, const Event& event,
                              std::span<const Effect> effects) {
    const auto& liquidate = std::get<Liquidate>(event.action);
    const std::uint64_t now = seconds(event.time);
    const auto account = reference::account_figures(before, liquidate.borrower, now);
    if (!account || !account->is_unhealthy())
        return "LIQUIDATION-005: a healthy account was touched";
    const auto figures = reference::liquidation_figures(before, liquidate, now);
    if (!figures || figures->leaves_dust) return "AAVE-024: the twin would have refused";
    std::size_t losses = 0;
    for (const Effect& effect : effects) {
        if (const auto* done = std::get_if<Liquidated>(&effect)) {
            if (reference::number(done->repaid.raw) != figures->repaid) return "AAVE-022: repaid";
            if (reference::number(done->seized.raw) != figures->seized) return "AAVE-022: seized";
            if (reference::number(done->protocol_fee.raw) != figures->fee) return "AAVE-023: fee";
        }
        if (const auto* loss = std::get_if<LossRealised>(&effect)) {
            const auto expected = std::ranges::find_if(
                figures->losses, [&](const auto& l) { return l.asset == loss->asset; });
            if (expected == figures->losses.end()) return "AAVE-026: a loss that nobody made";
            if (reference::number(loss->amount.raw) != expected->amount) return "AAVE-026: loss";
            ++losses;
        }
    }
    return losses == figures->losses.size() ? std::string{} : "AAVE-026: a loss was not realised";
}

/// LIQUIDATION-002: what the quote said before the event is what the event did.
std::string check_quote(const State& before, const Event& event, std::span<const Effect> effects) {
    const auto& e = std::get<Liquidate>(event.action);
    aave_v3::GrownIndices grown;
    const aave_v3::View view{
        .state = before, .market = aave_market(before), .grown = grown, .now = event.time};
    const Opportunity opportunity{.kind = OpportunityKind::buy,
                                  .account = e.borrower,
                                  .collateral = e.collateral,
                                  .debt = e.debt};
    const auto quoted = quote(view, opportunity, e.debt_to_cover);
    if (!quoted) return "LIQUIDATION-002: no quote for what was done";
    for (const Effect& effect : effects)
        if (const auto* done = std::get_if<Liquidated>(&effect))
            if (done->repaid != quoted->pay || done->seized != quoted->get || quoted->leaves_dust)
                return "LIQUIDATION-002: the quote was not kept";
    return {};
}

/// Whose supply stands behind a layer of shares, and can: who owes pays nothing.
bool can_pay_more(const State& before, const State& state, const Layer& layer) {
    if (layer.kind == LayerKind::deficit || layer.kind == LayerKind::socialisation)
        return true;  // nobody below may pay
    if (layer.kind == LayerKind::borrower_equity) return false;  // of this loss's borrower alone
    if (is_from_outside(layer.kind)) return !layer.left().is_zero();
    if (layer.kind == LayerKind::umbrella) return false;  // it waits for what is beyond the offset
    if (layer.kind == LayerKind::deficit_offset && layer.left().is_zero()) return false;
    if (!layer.cover.is_zero() && layer.left().is_zero()) return false;
    const auto& market = aave_market(state);
    const bool is_treasury =
        layer.kind == LayerKind::reserves || layer.kind == LayerKind::deficit_offset;
    const AccountId who = is_treasury ? market.treasury
                              : AccountId{static_cast<std::uint32_t>(layer.account)};
    if (is_treasury && std::ranges::any_of(state.layers, [&](const Layer& other) {
            return other.asset == layer.asset && !other.pending.is_zero();
        }))
        return false;  // it keeps what was slashed for what is pending
    // A supply of so few shares is worth no unit that could be burned, the less the lower the index.
    const uint128 few = 2 + 2 * (ray / market.reserves[layer.asset].liquidity_index.raw);
    // What the event itself has brought, the fee of a slash, can pay in the next.
    return std::ranges::all_of(std::array{&before, &state}, [&](const State* s) {
        const auto legs = aave_market(*s).legs_of(who);
        return std::ranges::none_of(legs, [](const Leg& leg) { return leg.is_borrowing(); }) &&
               std::ranges::any_of(legs, [&](const Leg& leg) {
                   return index(leg.asset()) == layer.asset && leg.supplied().raw > few;
               });
    });
}

/// AAVE-035: a slash leaves the least stake that an Umbrella keeps.
std::string check_slashes(const State& after, std::span<const Effect> effects) {
    for (const Effect& effect : effects) {
        const auto* slashed = std::get_if<StakeSlashed>(&effect);
        if (slashed == nullptr) continue;
        const auto& market = aave_market(after);
        const AccountId stakers{static_cast<std::uint32_t>(after.layers[slashed->layer].account)};
        aave_v3::GrownIndices grown;
        const aave_v3::View view{
            .state = after, .market = market, .grown = grown, .now = after.now()};
        Checked math;
        Amount stake;
        for (const Leg& leg : market.legs_of(stakers))
            if (leg.asset() == slashed->stake) stake = aave_v3::supply_balance(math, view, leg);
        // The shares that moved were rounded up: at most one of them, and one unit.
        const Amount of_a_share{market.reserves[index(slashed->stake)].liquidity_index.raw / ray + 2};
        if (stake + of_a_share < Amount{1'000'000}) return "AAVE-035: a stake was used up";
    }
    return {};
}

/// WATERFALL-018: claims fall by what the layer has paid, to the atom.
std::string check_socialised(const State& before, const State& after, std::span<const Effect> effects) {
    for (const Effect& effect : effects) {
        const auto* paid = std::get_if<LossCovered>(&effect);
        if (paid == nullptr || paid->liquidity_index.raw == 0) continue;
        const std::size_t a = index(paid->asset);
        const aave_v3::Reserve& r = aave_market(after).reserves[a];
        Ray was = aave_market(before).reserves[a].liquidity_index;
        for (const Effect& other : effects)
            if (const auto* grown = std::get_if<Accrued>(&other); grown && grown->asset == paid->asset)
                was = grown->liquidity_index;
        const Number one = reference::number(ray);
        const Number shares = reference::number(r.supplied.raw) + reference::number(r.accrued_to_treasury.raw);
        const Number lost = shares * reference::number(was.raw) / one -
                            shares * reference::number(r.liquidity_index.raw) / one;
        if (paid->liquidity_index != r.liquidity_index)
            return "WATERFALL-018: another index than was told";
        if (lost != reference::number(paid->amount.raw))
            return "WATERFALL-018: suppliers lost something else than the layer paid";
    }
    return {};
}

std::string check_layers(const State& before, const State& after, const Action& action) {
    // A part of a deficit is eliminated, and a stake slashed, by whoever asks, whatever its turn.
    const bool is_in_turn =
        std::holds_alternative<CoverDeficit>(action) || std::holds_alternative<Liquidate>(action);
    for (std::size_t k = 0; k < after.layers.size(); ++k) {
        const Layer& layer = after.layers[k];
        const Layer was = before.layers[k].at(after.now());
        const bool has_end = is_from_outside(layer.kind) ||
                             layer.kind == LayerKind::deficit_offset || !layer.cover.is_zero();
        if (has_end && layer.paid > layer.cover)
            return "WATERFALL-002: a layer paid more than its cover";
        if (layer.paid < was.paid) return "WATERFALL-004: a layer was paid back more than its refill";
        if (layer.paid == before.layers[k].paid) continue;
        if (!layer.refill.is_zero() && layer.refilled != after.clock.now)
            return "WATERFALL-004: a refill would count twice";
        for (std::size_t above = 0; above < k; ++above)
            if (is_in_turn && after.layers[above].asset == layer.asset &&
                can_pay_more(before, after, after.layers[above]))
                return "WATERFALL-001: a layer paid before the one above it was exhausted";
    }
    return {};
}

/// FEEDS-001: what was reported is what is stored.
std::string check_prices(const State& after, const ReportPrices& e) {
    for (std::size_t a = 0; a < e.prices.size(); ++a) {
        if (e.prices[a].is_zero()) continue;
        if (e.prices[a].raw != after.feeds[a].point)
            return "FEEDS-001: another price than reported";
    }
    return {};
}

/// AAVE-015 and AAVE-017: a cap holds for the whole after the event.
std::string check_caps(const State& after, const Action& action) {
    const auto& market = aave_market(after);
    const auto limit = [&](std::size_t a, std::uint64_t cap) {
        Number atoms = cap;
        for (unsigned i = 0; i < market.parameters[a].decimals; ++i)
            atoms *= 10;
        return atoms;
    };
    const Number one = reference::number(ray);
    if (const auto* e = std::get_if<Supply>(&action)) {
        const aave_v3::Reserve& r = market.reserves[index(e->asset)];
        const std::uint64_t cap = market.parameters[index(e->asset)].supply_cap;
        const Number claims =
            reference::number(r.supplied.raw) + reference::number(r.accrued_to_treasury.raw);
        const Number worth = claims * reference::number(r.liquidity_index.raw) / one;
        if (cap != 0 && worth > limit(index(e->asset), cap))
            return "AAVE-015: above the supply cap";
    }
    if (const auto* e = std::get_if<Borrow>(&action)) {
        const aave_v3::Reserve& r = market.reserves[index(e->asset)];
        const std::uint64_t cap = market.parameters[index(e->asset)].borrow_cap;
        const Number worth =
            (reference::number(r.borrowed.raw) * reference::number(r.borrow_index.raw) + one - 1) /
            one;
        if (cap != 0 && worth > limit(index(e->asset), cap))
            return "AAVE-017: above the borrow cap";
    }
    return {};
}

/// Shares of one account in one asset.
struct Holding {
    uint128 supplied = 0;
    uint128 borrowed = 0;
};
Holding holding_of(const State& state, AccountId account, AssetId asset) {
    for (const Leg& leg : aave_market(state).legs_of(account))
        if (leg.asset() == asset) return {leg.supplied().raw, leg.borrowed().raw};
    return {};
}

/// AC10: no rounding pays the one who acts. A balance rises by no more than was paid in and falls by no less than was
/// paid out; a debt rises by no less than was borrowed and falls by no more than was repaid.
std::string check_rounding(const State& before, const State& after, const Moved& moved) {
    const Holding was = holding_of(before, moved.account, moved.asset);
    const Holding is = holding_of(after, moved.account, moved.asset);
    const aave_v3::Reserve& r = aave_market(after).reserves[index(moved.asset)];
    const Number one = reference::number(ray);
    const auto balance = [&](uint128 shares) -> Number {
        return reference::number(shares) * reference::number(r.liquidity_index.raw) / one;
    };
    const auto debt = [&](uint128 shares) -> Number {
        return (reference::number(shares) * reference::number(r.borrow_index.raw) + one - 1) / one;
    };
    const Number amount = reference::number(moved.amount.raw);
    switch (moved.kind) {
        case Moved::Kind::supplied:
            return balance(is.supplied) > balance(was.supplied) + amount ? "AAVE-003: minting paid"
                                                                         : "";
        case Moved::Kind::withdrawn:
            return balance(is.supplied) + amount > balance(was.supplied) ? "AAVE-003: burning paid"
                                                                         : "";
        case Moved::Kind::borrowed:
            return debt(is.borrowed) < debt(was.borrowed) + amount ? "AAVE-004: borrowing paid"
                                                                   : "";
        case Moved::Kind::repaid:
            return debt(is.borrowed) + amount < debt(was.borrowed) ? "AAVE-004: repaying paid" : "";
        default:
            return {};
    }
}

}  // namespace

bool is_socialised(const State& before, const State& after, std::size_t asset) {
    for (std::size_t k = 0; k < after.layers.size(); ++k)
        if (after.layers[k].kind == LayerKind::socialisation && after.layers[k].asset == asset &&
            after.layers[k].paid > before.layers[k].paid)
            return true;
    return false;
}

bool has_shared_a_loss(const State& before, const State& after, std::span<const Leg> legs) {
    return std::ranges::any_of(legs, [&](const Leg& leg) {
        return leg.is_collateral() && is_socialised(before, after, index(leg.asset()));
    });
}

std::string check_rules(const State& before, const State& after, const Event& event,
                        std::span<const Effect> effects) {
    std::string broken = check_layers(before, after, event.action);
    const auto hold = [&](std::string complaint) {
        if (broken.empty()) broken = std::move(complaint);
    };
    hold(check_slashes(after, effects));
    hold(check_socialised(before, after, effects));
    hold(check_caps(after, event.action));
    const bool own = aave_market(before).house.has_value();
    if (own) {
        hold(check_own_opening(after, event));
        hold(check_own_thresholds(before, after, event));
    }
    for (const Effect& effect : effects)
        if (const auto* moved = std::get_if<Moved>(&effect))
            hold(check_rounding(before, after, *moved));
    if (const auto* report = std::get_if<ReportPrices>(&event.action))
        hold(check_prices(after, *report));
    if (std::holds_alternative<Liquidate>(event.action)) {
        hold(own ? check_own_liquidation(before, after, event, effects)
                 : check_liquidation(before, event, effects));
        hold(check_quote(before, event, effects));
    }
    return broken;
}

}  // namespace breakwater::given
