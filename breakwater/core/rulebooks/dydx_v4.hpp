// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>

#include "breakwater/core/big_integer.hpp"

/// dYdX v4: margin, risk and funding of perpetuals, exact to the quote quantum. Units: base quantums
/// (10^atomic_resolution coins), quote quantums (1e-6 USDC), ppm (1e-6). Liquidation is in
/// dydx_v4_liquidation.hpp. Source: docs/rules.md, DYDX-001 to DYDX-006.
namespace breakwater::dydx_v4 {

inline constexpr std::int32_t quote_atomic_resolution = -6;
inline constexpr std::uint32_t one_million = 1'000'000;  ///< [ppm] one

/// How a market converts base to quote: price · 10^exponent USDC per coin.
struct Conversion {
    std::int32_t atomic_resolution = 0;  ///< base quantum = 10^this coins
    std::uint64_t price = 0;
    std::int32_t exponent = 0;
};

/// base · price · 10^(exponent + atomic_resolution + 6), toward zero. A short's is negative.
BigInteger notional(const BigInteger& base, const Conversion& conversion);
/// The inverse, magnitude rounded down. Price above 0.
BigInteger base_quantums(const BigInteger& quote, const Conversion& conversion);

struct LiquidityTier {
    std::uint32_t initial_margin_ppm = 0;        ///< at most 1e6
    std::uint32_t maintenance_fraction_ppm = 0;  ///< of the initial margin, at most 1e6
    std::uint64_t open_interest_lower_cap = 0;   ///< [quote quantums]
    std::uint64_t open_interest_upper_cap = 0;   ///< [quote quantums] 0: no scaling
};

/// DYDX-002 [ppm] Base fraction up to the lower cap, one from the upper cap, between them
/// base + ⌊(1e6 − base)(open − lower)/(upper − lower)⌋.
BigInteger initial_margin_fraction(const LiquidityTier& tier, const BigInteger& open_notional);
/// ⌊initial · fraction / 1e6⌋ [ppm].
std::uint32_t maintenance_margin_fraction(const LiquidityTier& tier);

/// DYDX-003: ⌈|notional| · max(fraction at this open interest, custom) / 1e6⌉.
/// @param custom_ppm the account's own choice; 0: none
BigInteger initial_margin(const BigInteger& notional, const LiquidityTier& tier,
                          const BigInteger& open_notional, std::uint32_t custom_ppm);
/// ⌈⌈|notional| · base / 1e6⌉ · maintenance fraction / 1e6⌉: open interest never liquidates anyone.
BigInteger maintenance_margin(const BigInteger& notional, const LiquidityTier& tier);

/// Of a position or of an account [quote quantums].
struct Risk {
    BigInteger net_collateral;
    BigInteger initial_margin;
    BigInteger maintenance_margin;
};
Risk operator+(const Risk& a, const Risk& b);

// DYDX-004
bool is_initial_collateralized(const Risk& risk);      ///< NC ≥ IMR: may open, increase, withdraw
bool is_maintenance_collateralized(const Risk& risk);  ///< NC ≥ MMR
bool is_liquidatable(const Risk& risk);                ///< MMR > 0 and MMR > NC

/// −1 where a is less risky than b, 1 where it is more. By NC/MMR without division; of equals the
/// higher MMR is riskier, and where both are 0 the lower NC.
int compare(const Risk& a, const Risk& b);

enum class UpdateResult : std::uint8_t {
    success,
    newly_undercollateralized,
    still_undercollateralized,
};
/// DYDX-005: may an account that is undercollateralised afterwards do this? Only if it becomes less or equally
/// risky: MMR does not rise and NC'·MMR ≥ NC·MMR'; where both MMR are 0, if NC rises.
UpdateResult undercollateralized_update(const Risk& before, const Risk& after);

/// ⌊clamp factor · (initial − maintenance fraction) / 1e6⌋ [ppm].
BigInteger funding_clamp(const LiquidityTier& tier, std::uint32_t clamp_factor_ppm);
/// clamp(premium + default, ± clamp) [ppm per 8 h].
BigInteger funding_rate(const BigInteger& premium_ppm, const BigInteger& default_ppm,
                        const BigInteger& clamp_ppm);
/// rate · seconds · price conversion, toward zero, then / 28 800, toward zero [ppm of quote per base].
BigInteger funding_index_delta(const BigInteger& rate_8h_ppm, std::uint32_t seconds,
                               const Conversion& conversion);
/// What a position gets when its index catches up: ⌊−(index − position's index) · size / 1e6⌋.
/// An account adds up the products of its positions before it divides.
BigInteger funding_settlement_ppm(const BigInteger& size, const BigInteger& index,
                                  const BigInteger& position_index);
BigInteger funding_settlement(const BigInteger& sum_ppm);  ///< ⌊sum / 1e6⌋

}  // namespace breakwater::dydx_v4
