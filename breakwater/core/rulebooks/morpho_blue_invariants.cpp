// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/morpho_blue_invariants.hpp"

namespace breakwater::morpho_blue {
namespace {

/// Cash that is not the lenders': what borrowers have paid too much by rounding. Negative: claims without cover.
int128 residual(const Totals& t) {
    return static_cast<int128>(t.cash.raw) + static_cast<int128>(t.borrow_assets.raw) -
           static_cast<int128>(t.supply_assets.raw);
}

/// Differences modulo 2^128, which is all that a comparison of differences needs.
struct Sums {
    uint128 supply_shares = 0;
    uint128 borrow_shares = 0;
    uint128 collateral = 0;

    void add(const Position& p) {
        supply_shares += p.supply_shares.raw;
        borrow_shares += p.borrow_shares.raw;
        collateral += p.collateral.raw;
    }
    void subtract(const Position& p) {
        supply_shares -= p.supply_shares.raw;
        borrow_shares -= p.borrow_shares.raw;
        collateral -= p.collateral.raw;
    }
    friend bool operator==(const Sums&, const Sums&) = default;
};

Sums sums_of(const Totals& t) {
    return {.supply_shares = t.supply_shares.raw,
            .borrow_shares = t.borrow_shares.raw,
            .collateral = t.collateral.raw};
}

/// What the market counts of one asset; loan and collateral may be the same.
uint128 counted(const Totals& t, AssetId asset) {
    return (t.loan == asset ? t.cash.raw : 0) +
           (t.collateral_asset == asset ? t.collateral.raw : 0);
}

}  // namespace

std::optional<Violation> check_desk(const Desk& desk) {
    static const Totals nothing{};
    const auto& rows = desk.stored().totals;
    const Totals& before = rows.empty() ? nothing : rows[0];
    const Totals& after = desk.read<&Market::totals>(0);
    for (const AssetId asset : {after.loan, after.collateral_asset}) {
        const uint128 moved = desk.held(asset) - desk.state().custody[index(asset)].held.raw;
        if (moved != counted(after, asset) - counted(before, asset))
            return Violation{"MORPHO-011", index(asset)};
    }
    Sums sums = sums_of(before);
    for (const auto& e : desk.touched<&Market::positions>()) {
        sums.add(e.copy);
        if (e.row < desk.stored().positions.size()) sums.subtract(desk.stored().positions[e.row]);
    }
    if (sums != sums_of(after)) return Violation{"MORPHO-012", 0};
    const int128 left_over = residual(after) - residual(before);
    if (left_over < 0 || left_over > 1) return Violation{"MORPHO-013", index(after.loan)};
    if (after.borrow_assets > after.supply_assets)
        return Violation{"MORPHO-013", index(after.loan)};
    return std::nullopt;
}

std::optional<Violation> check_market(const Market& market) {
    const Totals t = market.totals.empty() ? Totals{} : market.totals[0];
    Sums sums;
    for (const Position& p : market.positions)
        sums.add(p);
    if (sums != sums_of(t)) return Violation{"MORPHO-012", 0};
    if (residual(t) < 0 || t.borrow_assets > t.supply_assets)
        return Violation{"MORPHO-013", index(t.loan)};
    return std::nullopt;
}

void count_holdings(const Market& market, std::span<uint128> held) {
    for (const Totals& t : market.totals) {
        held[index(t.loan)] += t.cash.raw;
        held[index(t.collateral_asset)] += t.collateral.raw;
    }
}

}  // namespace breakwater::morpho_blue
