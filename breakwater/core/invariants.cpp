// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/invariants.hpp"

#include <algorithm>

#include "breakwater/core/feeds_invariants.hpp"
#include "breakwater/core/rulebooks/compound_v3_invariants.hpp"
#include "breakwater/core/rulebooks/maker_invariants.hpp"
#include "breakwater/core/rulebooks/morpho_blue_invariants.hpp"
#include "breakwater/core/rulebooks/venue_invariants.hpp"

namespace breakwater {
namespace {

using aave_v3::Leg;
using aave_v3::Reserve;

/// Units by which floors and ceilings of one event may move a residual: a few at each index, and
/// the half-up rounding of a rate, which is 10^-27 of the claims.
int128 rounding_allowance(const Reserve& r) {
    const uint128 per_share = 4 * (r.liquidity_index.raw / ray + r.borrow_index.raw / ray + 2);
    return static_cast<int128>(per_share + (r.supplied.raw + r.cash.raw) / power_of_ten(24));
}

/// No allowance is smaller: a borrow index is at least 1.
constexpr int128 rounding_allowance_least = 12;

/// ⌈borrowed₀·index₁⌉ − ⌈borrowed₀·index₀⌉: the interest this event has charged.
int128 interest_charged(const Reserve& before, const Reserve& after) {
    Checked math;
    return static_cast<int128>(math.ray_mul_up(before.borrowed.raw, after.borrow_index.raw)) -
           static_cast<int128>(math.ray_mul_up(before.borrowed.raw, before.borrow_index.raw));
}

struct Shares {
    int128 supplied = 0;
    int128 borrowed = 0;
};

void add(Shares& sum, const Leg& leg, int sign) {
    sum.supplied += sign * static_cast<int128>(leg.supplied().raw);
    sum.borrowed += sign * static_cast<int128>(leg.borrowed().raw);
}

/// What the touched accounts' shares of one asset have moved by.
Shares shares_moved(const Draft& draft, AssetId asset) {
    Shares moved;
    for (const AccountDraft& account : draft.touched_accounts()) {
        for (const Leg& leg : account.legs)
            if (leg.asset() == asset) add(moved, leg, +1);
        for (const Leg& leg : draft.market().legs_of(account.id))
            if (leg.asset() == asset) add(moved, leg, -1);
    }
    return moved;
}

/// WATERFALL-018: a layer has paid by lowering the index, not below the least.
bool is_socialised(const Draft& draft, AssetId asset, const Reserve& after) {
    if (after.liquidity_index.raw < aave_v3::liquidity_index_least) return false;
    const std::vector<Layer>& layers = draft.state().layers;
    for (std::uint32_t k = 0; k < layers.size(); ++k)
        if (layers[k].kind == LayerKind::socialisation && layers[k].asset == index(asset) &&
            draft.layer_now(k).paid > layers[k].paid)
            return true;
    return false;
}

std::optional<Violation> check_reserve(const Draft& draft, AssetId asset, const Reserve& after) {
    const Reserve& before = draft.market().reserves[index(asset)];
    const std::uint32_t row = index(asset);
    // What other markets hold of the asset does not move with this event.
    const bool alone = draft.state().markets.size() == 1;
    const Amount others = alone ? Amount{} : draft.state().custody[row].held - before.cash;
    if (after.cash + others != draft.custody(asset)) return Violation{"BOOK-001", row};
    const Shares moved = shares_moved(draft, asset);
    if (moved.supplied !=
        static_cast<int128>(after.supplied.raw) - static_cast<int128>(before.supplied.raw))
        return Violation{"BOOK-002", row};
    if (moved.borrowed !=
        static_cast<int128>(after.borrowed.raw) - static_cast<int128>(before.borrowed.raw))
        return Violation{"BOOK-002", row};
    const int128 change = residual(after) - residual(before);
    if (change < -rounding_allowance_least || change > rounding_allowance_least) {
        // Interest is that of what was there before: a giant that leaves takes its rounding along.
        const int128 allowance = std::max(rounding_allowance(before), rounding_allowance(after));
        if (change < -allowance) return Violation{"BOOK-003", row};
        if (change > allowance && change > interest_charged(before, after) + allowance)
            return Violation{"BOOK-003", row};
    }
    if (after.liquidity_index < before.liquidity_index && !is_socialised(draft, asset, after))
        return Violation{"BOOK-004", row};
    if (after.borrow_index < before.borrow_index) return Violation{"BOOK-004", row};
    return std::nullopt;
}

std::optional<Violation> check_market(const aave_v3::Market& market) {
    std::vector<Shares> sums(market.reserves.size());
    for (const auto& row : market.accounts)
        for (std::uint32_t i = 0; i < row.count; ++i) {
            const Leg& leg = market.legs[row.first + i];
            add(sums[index(leg.asset())], leg, +1);
        }
    for (std::uint32_t a = 0; a < market.reserves.size(); ++a) {
        const Reserve& r = market.reserves[a];
        if (sums[a].supplied != static_cast<int128>(r.supplied.raw))
            return Violation{"BOOK-002", a};
        if (sums[a].borrowed != static_cast<int128>(r.borrowed.raw))
            return Violation{"BOOK-002", a};
        if (residual(r) < -rounding_allowance(r) * 1'000) return Violation{"BOOK-005", a};
    }
    return std::nullopt;
}

void count_holdings(const aave_v3::Market& market, std::span<uint128> held) {
    for (std::size_t a = 0; a < market.reserves.size(); ++a)
        held[a] += market.reserves[a].cash.raw;
}

/// Custody is one for all markets: each counts what is its own.
std::optional<Violation> check_custody(const State& state) {
    std::vector<uint128> held(state.custody.size());
    for (const Market& any : state.markets)
        std::visit([&held](const auto& m) { count_holdings(m, held); }, any);
    for (std::uint32_t a = 0; a < held.size(); ++a)
        if (held[a] != state.custody[a].held.raw) return Violation{"BOOK-001", a};
    return std::nullopt;
}

/// Money from outside always has an end; supply that is given up only where one is set.
bool has_end(const Layer& layer) {
    return is_from_outside(layer.kind) || layer.kind == LayerKind::deficit_offset ||
           !layer.cover.is_zero();
}

/// WATERFALL-008: what is pending is part of the deficit and of what stake has paid.
bool is_paid_for(const Layer& layer, Amount deficit) {
    return layer.kind != LayerKind::umbrella ||
           (layer.pending <= deficit && layer.pending <= layer.paid);
}

/// The Umbrellas of a reserve that was touched; a layer is touched with its reserve or its stake's.
std::optional<Violation> check_umbrellas(const Draft& draft) {
    const std::vector<Layer>& layers = draft.state().layers;
    for (std::uint32_t k = 0; k < layers.size(); ++k) {
        if (layers[k].kind != LayerKind::umbrella) continue;
        const AssetId asset{static_cast<std::uint8_t>(layers[k].asset)};
        if (!draft.market().has(asset)) continue;
        if (!is_paid_for(draft.layer_now(k), draft.reserve(asset).deficit))
            return Violation{"WATERFALL-008", k};
    }
    return std::nullopt;
}

/// Layers are those of the reserve sets; each Umbrella stands behind one of their reserves.
std::optional<Violation> check_umbrellas(const State& state) {
    for (std::uint32_t k = 0; k < state.layers.size(); ++k) {
        Amount deficit;
        for (const Market& any : state.markets)
            if (const auto* market = std::get_if<aave_v3::Market>(&any))
                if (state.layers[k].asset < market->reserves.size())
                    deficit += market->reserves[state.layers[k].asset].deficit;
        if (!is_paid_for(state.layers[k], deficit)) return Violation{"WATERFALL-008", k};
    }
    return std::nullopt;
}

}  // namespace

int128 residual(const Reserve& r) {
    Checked math;
    const uint128 claims =
        math.ray_mul_down(r.supplied.raw + r.accrued_to_treasury.raw, r.liquidity_index.raw);
    const uint128 debt = math.ray_mul_up(r.borrowed.raw, r.borrow_index.raw);
    return static_cast<int128>(r.cash.raw + debt + r.deficit.raw) - static_cast<int128>(claims);
}

std::optional<Violation> check_draft(const Draft& draft) {
    if (const auto v = check_feeds(draft)) return v;
    for (const auto& e : draft.touched_reserves().entries())
        if (const auto v = check_reserve(draft, AssetId{static_cast<std::uint8_t>(e.row)}, e.copy))
            return v;
    if (const auto v = check_umbrellas(draft)) return v;
    for (const AccountDraft& account : draft.touched_accounts()) {
        for (const Leg& leg : account.legs) {
            const bool cells_agree = leg.is_borrowing() == !leg.borrowed().is_zero() &&
                                     (!leg.is_collateral() || !leg.supplied().is_zero());
            if (!cells_agree) return Violation{"BOOK-006", index(account.id)};
        }
    }
    return std::nullopt;
}

std::optional<Violation> check_state(const State& state) {
    if (const auto v = check_custody(state)) return v;
    if (const auto v = check_feeds(state)) return v;
    for (const Market& any : state.markets)
        if (const auto v = std::visit([](const auto& m) { return check_market(m); }, any)) return v;
    for (std::uint32_t k = 0; k < state.layers.size(); ++k)
        if (has_end(state.layers[k]) && state.layers[k].paid > state.layers[k].cover)
            return Violation{"WATERFALL-002", k};
    return check_umbrellas(state);
}

}  // namespace breakwater
