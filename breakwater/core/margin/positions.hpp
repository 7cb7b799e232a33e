// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "breakwater/core/margin/tiers.hpp"

/// The check of an account of perpetuals and futures: does it stand? A position is lots × mark, both 64-bit, so its
/// value is exact in 128; the account's cash carries what the lots have cost, so
///   equity = cash + Σ lots·mark,   requirement = Σ tiers(|lots|·mark),
/// and the answer is one comparison of whole numbers. No division, no allocation, one look at each contract.
/// A contract's tick is chosen at its listing so that one lot at one tick is 1e-8 USD: 0.001 BTC at 100,000 USD is
/// 10¹⁰ ticks.
/// Source: docs/rules.md, MARGIN-016.
namespace breakwater {

/// 16 bytes. An account has one position a contract.
struct HeldLots {
    std::uint32_t contract = 0;  ///< row of the contract, dense from 0
    std::uint32_t account = 0;   ///< row of the holder
    std::int64_t lots = 0;       ///< above 0 long, below 0 short
};
static_assert(sizeof(HeldLots) == 16);

/// What the check reads of a contract. Maintenance and initial margin are two tables of these.
struct MarkedContract {
    std::int64_t mark = 0;  ///< [ticks: 1e-8 USD a lot] not below 0
    MarginTiers tiers;
};

inline constexpr std::size_t positions_max = 1'024;
inline constexpr int128 cash_max = int128{1} << 100U;  ///< [1e-8 USD]

/// |x| without the trap of the lowest number.
constexpr std::uint64_t magnitude_of(std::int64_t x) {
    const auto bits = static_cast<std::uint64_t>(x);
    return x < 0 ? 0 - bits : bits;
}

/// nullopt where a figure is out of range: a position above `notional_max`, cash above `cash_max`, more than
/// `positions_max` positions. Within them nothing overflows: equity is below 2^121, the requirement at most 2^120.
/// The contracts of the positions are rows of `contracts`.
/// @param cash [1e-8 USD] net of what the positions have cost
constexpr std::optional<Standing> standing_of(int128 cash, std::span<const HeldLots> positions,
                                              std::span<const MarkedContract> contracts) {
    if (positions.size() > positions_max || cash > cash_max || cash < -cash_max)
        return std::nullopt;
    uint128 equity = static_cast<uint128>(cash);  // modulo 2^128 until the range is known
    uint128 requirement = 0;
    uint128 seen = 0;
    for (const HeldLots& p : positions) {
        const MarkedContract& contract = contracts[p.contract];
        const uint128 notional =
            uint128{magnitude_of(p.lots)} * static_cast<std::uint64_t>(contract.mark);
        seen |= notional;
        equity += p.lots < 0 ? -notional : notional;
        requirement += contract.tiers.requirement(notional);
    }
    if (seen > notional_max) return std::nullopt;
    return Standing{.equity = static_cast<int128>(equity) * ppm_one,
                    .requirement = static_cast<int128>(requirement)};
}

}  // namespace breakwater
