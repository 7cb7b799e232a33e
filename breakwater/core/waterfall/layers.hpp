// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "breakwater/core/units.hpp"

/// Who pays for what is left: ordered layers with caps, for each debt asset its own. A loss is
/// allocated once; a layer pays only after every layer above it is exhausted; what no layer covers
/// stays where the protocol left it. Collateral of the borrower and the protocol's part of a bonus
/// are spent before there is a loss, so they are no layers. Source: docs/rules.md, WATERFALL-001 to
/// WATERFALL-008, WATERFALL-018 and WATERFALL-019.
namespace breakwater {

enum class LayerKind : std::uint32_t {
    insurance_fund,  ///< money from outside, up to its cover; may be refilled
    backstop_vault,  ///< money from outside: its own capital and nothing else, never refilled
    reserves,        ///< what the treasury supplies of the asset
    junior_tranche,  ///< what one account supplies of the asset
    deficit,         ///< nobody: what is left below it stays, whoever comes after it
    deficit_offset,  ///< what the treasury supplies: what it bears before an Umbrella slashes
    umbrella,        ///< stake of an Umbrella, which is slashed
    borrower_equity,  ///< what the borrower whose loss it is supplies of the asset without using it as collateral
    socialisation,    ///< all claims of suppliers and treasury, in proportion; nobody pays below it
};
constexpr bool is_from_outside(LayerKind kind) {
    return kind <= LayerKind::backstop_vault;
}
/// Whoever stands below it never pays.
constexpr bool ends_the_list(LayerKind kind) {
    return kind == LayerKind::deficit || kind == LayerKind::socialisation;
}

/// One layer, 96 bytes. `paid` grows up to `cover`, and a refill takes it back. Source:
/// WATERFALL-002, WATERFALL-004.
struct Layer {
    Amount
        cover;  ///< [atomic of the asset] what this layer can pay in all; of shares 0 is no limit
    Amount paid;
    std::uint64_t asset = 0;
    LayerKind kind{};
    std::uint16_t stake = 0;     ///< of an Umbrella: AssetId that its stake is supplied in
    std::uint16_t fee = 0;       ///< [bps] of an Umbrella: slashed on top of what is covered
    Amount refill{};             ///< [atomic/day] of a fund
    std::uint64_t refilled = 0;  ///< [s] up to when the refill is taken off `paid`
    std::uint64_t account = 0;   ///< of a junior tranche and of an Umbrella's stakers
    Amount pending{};            ///< of an Umbrella: slashed for, and still in the deficit

    [[nodiscard]] Amount left() const { return cover - paid; }
    /// The layer at `now`: what flowed back since, rounded down, is taken off what it has paid.
    [[nodiscard]] Layer at(Time now) const;
};

struct Payment {
    std::uint32_t layer = 0;
    Amount amount;
};

struct Allocation {
    std::vector<Payment> payments;
    Amount uncovered;
};

/// Splits `loss` of `asset` over the layers in their order, each up to what is `available` from it
/// now (as many as there are layers): Σ payments + uncovered = loss. Source: WATERFALL-001,
/// WATERFALL-003.
Allocation allocate(std::span<const Layer> layers, std::span<const Amount> available, AssetId asset,
                    Amount loss);

}  // namespace breakwater
