// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/compound_v3_invariants.hpp"

#include <array>

#include "breakwater/core/rulebooks/compound_v3_interest.hpp"

namespace breakwater::compound_v3 {
namespace {

/// Differences modulo 2^128, which is all that a comparison of differences needs.
struct Sums {
    uint128 supplied = 0;
    uint128 borrowed = 0;

    void add(int128 principal) {
        if (principal > 0) supplied += static_cast<uint128>(principal);
        if (principal < 0) borrowed += static_cast<uint128>(-principal);
    }
    void subtract(int128 principal) {
        if (principal > 0) supplied -= static_cast<uint128>(principal);
        if (principal < 0) borrowed -= static_cast<uint128>(-principal);
    }
};

std::optional<Violation> check_principals(const Desk& desk, const Totals& before,
                                          const Totals& after) {
    Sums sums{.supplied = before.supplied, .borrowed = before.borrowed};
    const auto& stored = desk.stored().positions;
    for (const auto& e : desk.touched<&Market::positions>()) {
        sums.add(e.copy.principal);
        if (e.row < stored.size()) sums.subtract(stored[e.row].principal);
    }
    if (sums.supplied != after.supplied || sums.borrowed != after.borrowed)
        return Violation{"COMET-012", 0};
    return std::nullopt;
}

std::optional<Violation> check_holdings(const Desk& desk, const Totals& t) {
    std::array<uint128, assets_max> moved{};
    const auto& stored = desk.stored().holdings;
    for (const auto& e : desk.touched<&Market::holdings>()) {
        const std::uint32_t account = e.row / t.assets;
        const std::uint32_t i = e.row % t.assets;
        moved[i] += e.copy.amount.raw - (e.row < stored.size() ? stored[e.row].amount.raw : 0);
        const bool holds = desk.read<&Market::positions>(account).holds(i);
        if (holds == e.copy.amount.is_zero()) return Violation{"COMET-012", account};
    }
    for (std::uint32_t i = 0; i < t.assets; ++i) {
        const Collateral& before = desk.stored().collaterals[i];
        const Collateral& after = desk.read<&Market::collaterals>(i);
        if (moved[i] != (after.supplied - before.supplied).raw)
            return Violation{"COMET-012", index(after.asset)};
        const uint128 custody =
            desk.held(after.asset) - desk.state().custody[index(after.asset)].held.raw;
        if (custody != (after.held - before.held).raw)
            return Violation{"COMET-011", index(after.asset)};
        if (after.held < after.supplied) return Violation{"COMET-011", index(after.asset)};
    }
    return std::nullopt;
}

/// What the effects say that the reserves have gained, beyond interest.
int128 told(const Desk& desk) {
    int128 gained = 0;
    for (const breakwater::Effect& any : desk.effects()) {
        const auto* effect = std::get_if<Effect>(&any);
        if (effect == nullptr) continue;
        if (const auto* e = std::get_if<CollateralBought>(effect))
            gained += static_cast<int128>(e->base_amount.raw);
        if (const auto* e = std::get_if<DebtAbsorbed>(effect))
            gained -= static_cast<int128>(e->paid_out.raw);
        if (const auto* e = std::get_if<ReservesWithdrawn>(effect))
            gained -= static_cast<int128>(e->amount.raw);
    }
    return gained;
}

std::optional<Violation> check_reserves(const Desk& desk, const Totals& before,
                                        const Totals& after) {
    Checked math;
    const Indices now{.supply = after.supply_index, .borrow = after.borrow_index};
    const int128 moved =
        reserves_at(math, after, now) - reserves_at(math, before, now) - told(desk);
    // A principal is worth up to an index's worth of units, and each account rounds its own.
    const uint128 unit = (uint128{after.supply_index} + after.borrow_index) / index_scale + 2;
    const auto allowance = static_cast<int128>(unit) *
                           static_cast<int128>(2 + desk.touched<&Market::positions>().size());
    if (moved < -allowance || moved > allowance) return Violation{"COMET-013", index(after.base)};
    return std::nullopt;
}

}  // namespace

std::optional<Violation> check_desk(const Desk& desk) {
    const Totals& before = desk.stored().totals[0];
    const Totals& after = desk.read<&Market::totals>(0);
    const uint128 custody =
        desk.held(after.base) - desk.state().custody[index(after.base)].held.raw;
    if (custody != (after.cash - before.cash).raw) return Violation{"COMET-011", index(after.base)};
    if (const auto v = check_principals(desk, before, after)) return v;
    if (const auto v = check_holdings(desk, after)) return v;
    if (after.supply_index < before.supply_index) return Violation{"COMET-014", index(after.base)};
    if (after.borrow_index < before.borrow_index) return Violation{"COMET-014", index(after.base)};
    return check_reserves(desk, before, after);
}

std::optional<Violation> check_market(const Market& market) {
    if (market.totals.empty()) return std::nullopt;
    const Totals& t = market.totals[0];
    Sums sums;
    for (const Position& p : market.positions)
        sums.add(p.principal);
    if (sums.supplied != t.supplied || sums.borrowed != t.borrowed)
        return Violation{"COMET-012", 0};
    std::array<uint128, assets_max> held{};
    for (std::uint32_t row = 0; row < market.holdings.size() && t.assets != 0; ++row) {
        const std::uint32_t account = row / t.assets;
        const std::uint32_t i = row % t.assets;
        const Amount amount = market.holdings[row].amount;
        held[i] += amount.raw;
        const bool holds = account < market.positions.size() && market.positions[account].holds(i);
        if (holds == amount.is_zero()) return Violation{"COMET-012", account};
    }
    for (std::uint32_t i = 0; i < t.assets; ++i) {
        const Collateral& c = market.collaterals[i];
        if (held[i] != c.supplied.raw) return Violation{"COMET-012", index(c.asset)};
        if (c.held < c.supplied) return Violation{"COMET-011", index(c.asset)};
    }
    return std::nullopt;
}

void count_holdings(const Market& market, std::span<uint128> held) {
    for (const Totals& t : market.totals)
        held[index(t.base)] += t.cash.raw;
    for (const Collateral& c : market.collaterals)
        held[index(c.asset)] += c.held.raw;
}

}  // namespace breakwater::compound_v3
