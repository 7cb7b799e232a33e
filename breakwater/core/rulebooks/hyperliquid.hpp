// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "breakwater/core/rulebooks/exchange_tiers.hpp"

/// Hyperliquid: margin tiers, liquidation, mark, funding and deleveraging as its documentation
/// states them. Exact; the documentation does not say how it rounds, so the one rounding of each
/// result is ours, against the holder. Its moving averages need exponentials and are in
/// world/venues/moving_averages.hpp. Units: wads, 1e-18 USDC, coins or 1.
/// Source: docs/rules.md, HYPERLIQUID-001 to HYPERLIQUID-006.
namespace breakwater::hyperliquid {

/// HYPERLIQUID-001 [wad] Half the initial margin at maximal leverage: 1 / (2 L), up. @param leverage [wad]
BigInteger maintenance_rate(const BigInteger& leverage);
/// [ppm] The same and the initial margin 1 / L as whole ppm, up: what margin/tiers.hpp takes.
constexpr std::uint32_t initial_ppm(std::uint32_t leverage) {
    return (1'000'000 + leverage - 1) / leverage;
}
constexpr std::uint32_t maintenance_ppm(std::uint32_t leverage) {
    return (500'000 + leverage - 1) / leverage;
}

struct Tier {
    BigInteger lower;         ///< [wad USDC] notional above which it applies
    BigInteger leverage_max;  ///< [wad] above 0
};
/// Brackets at half the initial margin. nullopt unless lower bounds rise from 0 and there is one.
std::optional<exchange_tiers::Brackets> brackets_of(std::span<const Tier> tiers);

struct Margin {
    BigInteger maintenance;        ///< [wad USDC] up
    BigInteger available;          ///< [wad USDC] value less maintenance, down
    BigInteger liquidation_price;  ///< [wad USDC] a long's up, a short's down
};
struct Held {
    exchange_tiers::Side side{};
    BigInteger size;      ///< [wad coins] above 0
    BigInteger value;     ///< [wad USDC] of the account (cross), or the isolated margin
    BigInteger leverage;  ///< [wad] maximal in the tier at the liquidation price
};
/// HYPERLIQUID-002: P − side · available / size / (1 − l · side), l the maintenance rate. Lost where
/// l is 1 for a long.
Margin liquidation_price(const BigInteger& mark, const Held& held);

enum class Stage : std::uint8_t {
    none,      ///< equity ≥ maintenance
    market,    ///< below: market orders to the book
    backstop,  ///< below ⅔ of it: the liquidator vault takes over
    adl,       ///< below 0
};
/// HYPERLIQUID-003. [wad USDC]
Stage liquidation_stage(const BigInteger& account_value, const BigInteger& maintenance);
const char* name(Stage stage);

/// [ppm] of the position that the first market order is for: above 100 000 USDC a fifth, then for
/// 30 s the whole. @param notional [wad USDC]
std::uint32_t first_order_share(const BigInteger& notional, bool is_in_cooldown);

struct MarkInputs {
    std::optional<BigInteger> oracle_plus_ema;  ///< oracle + 150 s EMA of mid − oracle
    std::optional<BigInteger> book;             ///< median of best bid, best ask, last
    std::optional<BigInteger> other_venues;     ///< weighted median of perpetuals elsewhere
    std::optional<BigInteger> book_ema;         ///< 30 s EMA of `book`, used when two inputs exist
};
/// HYPERLIQUID-004: median of the three; of two and the EMA; nullopt with fewer.
std::optional<BigInteger> mark_price(const MarkInputs& inputs);

/// The smallest price with at least half of the weight at or below it; its row. Sizes equal and
/// above 0, weights above 0.
std::size_t weighted_median(std::span<const BigInteger> prices,
                            std::span<const BigInteger> weights);

/// HYPERLIQUID-005 [wad] (max(impact bid − oracle, 0) − max(oracle − impact ask, 0)) / oracle, down.
BigInteger premium_index(const BigInteger& impact_bid, const BigInteger& impact_ask,
                         const BigInteger& oracle);

struct Funding {
    BigInteger rate_8h;  ///< [wad]
    BigInteger hourly;   ///< [wad] what is paid: an eighth, down, within ± the cap
};
struct FundingTerms {
    BigInteger interest_8h;
    BigInteger clamp;
    BigInteger hourly_cap;
};
/// F = P + clamp(interest − P, ± clamp). [wad]
Funding funding(const BigInteger& premium_8h, const FundingTerms& terms);

/// HYPERLIQUID-006 [wad] (mark / entry) · (notional / account value), down, as written; the same for
/// longs and shorts, which ranks losing shorts first.
BigInteger adl_index(const BigInteger& mark, const BigInteger& entry, const BigInteger& notional,
                     const BigInteger& account_value);

}  // namespace breakwater::hyperliquid
