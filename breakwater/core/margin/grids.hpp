// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "breakwater/core/margin/standing.hpp"

/// What can happen to a portfolio within the look-ahead, as data: the scenarios under which every contract is priced
/// outside the core, one risk array a contract (arrays.hpp).
/// Source: docs/rules.md, MARGIN-017. SPAN: CME's scenario table; the 35 of Deribit: its published parameters.
namespace breakwater {

struct GridScenario {
    std::int32_t move = 0;        ///< [ppm of the price] of the underlying
    std::int32_t volatility = 0;  ///< [ppm of the volatility shock of the expiry] from −10⁶ to 10⁶
    std::int32_t collateral =
        0;  ///< [ppm of its price] what collateral assets do in the same scenario
    std::uint32_t cover = ppm_one;  ///< [ppm] share of the loss that is charged

    friend constexpr bool operator==(const GridScenario&, const GridScenario&) = default;
};

inline constexpr std::size_t scenarios_max = 40;

namespace detail {
inline constexpr std::int32_t whole = static_cast<std::int32_t>(ppm_one);
/// x·n/d, halves away from zero; |x·n| below 2^62.
constexpr std::int32_t part(std::int64_t x, std::int64_t n, std::int64_t d) {
    const std::int64_t twice = 2 * x * n;
    return static_cast<std::int32_t>((twice + (twice < 0 ? -d : d)) / (2 * d));
}
}  // namespace detail

/// SPAN's 16: price 0, ±1/3, ±2/3, ±1 of the scan range, each with volatility up and down, in the published order; then
/// the price alone at three ranges up and down, of whose loss 33 % is charged.
/// @param range [ppm of the price]
constexpr std::array<GridScenario, 16> span_grid(std::int32_t range, std::int32_t extreme = 3,
                                             std::uint32_t extreme_cover = 330'000) {
    std::array<GridScenario, 16> out{};
    constexpr std::array<std::int32_t, 7> thirds{0, 1, -1, 2, -2, 3, -3};
    for (std::size_t k = 0; k < thirds.size(); ++k) {
        const std::int32_t move = detail::part(range, thirds[k], 3);
        out[2 * k] = {.move = move, .volatility = detail::whole};
        out[2 * k + 1] = {.move = move, .volatility = -detail::whole};
    }
    out[14] = {.move = extreme * range, .cover = extreme_cover};
    out[15] = {.move = -extreme * range, .cover = extreme_cover};
    return out;
}

/// 35 as Deribit's: nine moves, four a side in equal steps of the range, each with volatility down, same and up; then
/// eight extended moves from −66 % to +500 % with volatility as it is.
constexpr std::array<GridScenario, 35> deribit_grid(std::int32_t range) {
    std::array<GridScenario, 35> out{};
    std::size_t at = 0;
    for (std::int32_t step = -4; step <= 4; ++step)
        for (std::int32_t shock = -1; shock <= 1; ++shock)
            out[at++] = {.move = detail::part(range, step, 4), .volatility = shock * detail::whole};
    for (const std::int32_t percent : {-66, -33, 50, 100, 200, 300, 400, 500})
        out[at++] = {.move = percent * 10'000};
    return out;
}

/// How collateral assets move in our own grid.
struct CollateralMoves {
    std::int32_t beta = 0;   ///< [ppm] of the underlying's move
    std::int32_t depeg = 0;  ///< [ppm of its price] what it loses alone, above 0
};

/// Ours, 35: price 0, ±1/3, ±2/3, ±1 of the range with volatility down, same and up, collateral following the
/// underlying; the same seven with volatility up while collateral loses its peg, for what goes wrong together; and
/// extended moves of −3, −2, −3/2, 3/2, 2, 3 and 5 ranges with volatility up, charged in full. No price falls by more
/// than it has.
constexpr std::array<GridScenario, 35> breakwater_grid(std::int32_t range,
                                                       CollateralMoves collateral) {
    std::array<GridScenario, 35> out{};
    std::size_t at = 0;
    const auto floored = [](std::int32_t move) {
        return move < -detail::whole ? -detail::whole : move;
    };
    const auto follow = [&](std::int32_t move) {
        return floored(detail::part(move, collateral.beta, ppm_one));
    };
    for (std::int32_t third = -3; third <= 3; ++third) {
        const std::int32_t move = floored(detail::part(range, third, 3));
        for (std::int32_t shock = -1; shock <= 1; ++shock)
            out[at++] = {
                .move = move, .volatility = shock * detail::whole, .collateral = follow(move)};
        out[at++] = {.move = move,
                     .volatility = detail::whole,
                     .collateral = floored(follow(move) - collateral.depeg)};
    }
    for (const std::int32_t halves : {-6, -4, -3, 3, 4, 6, 10}) {
        const std::int32_t move = floored(detail::part(range, halves, 2));
        out[at++] = {.move = move, .volatility = detail::whole, .collateral = follow(move)};
    }
    return out;
}

}  // namespace breakwater
