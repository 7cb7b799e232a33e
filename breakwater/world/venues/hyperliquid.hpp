// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// Hyperliquid's rules, in its own words. Source: hyperliquid.gitbook.io/hyperliquid-docs, trading/
/// margin-tiers, liquidations, robust-price-indices, auto-deleveraging, hyperps, funding.
/// Its margin tiers are those of margin_tiers.hpp with rate = 1 / (2 · max leverage).
namespace breakwater::hyperliquid {

constexpr double maintenance_rate(double leverage_max) {
    return 0.5 / leverage_max;
}

struct Margin {
    double maintenance;        ///< [USDC]
    double available;          ///< [USDC] account value or isolated margin less maintenance
    double liquidation_price;  ///< [USDC]
};
/// P − side · available / size / (1 − l side), l = maintenance rate of the tier at that price.
/// @param side +1 long, −1 short
/// @param value [USDC] of the account (cross) or the isolated margin
Margin liquidation_price(double mark, double side, double size, double value, double leverage_max);

enum class Stage : std::uint8_t {
    none,      ///< equity ≥ maintenance
    market,    ///< below: market orders to the book
    backstop,  ///< below ⅔ of it: the liquidator vault takes over
    adl,       ///< below 0
};
Stage liquidation_stage(double account_value, double maintenance);
const char* name(Stage stage);

/// Share of the position that the first market order is for: above 100 000 USDC a fifth, then for
/// 30 s the whole.
double first_order_share(double notional, bool is_in_cooldown);

struct MarkInputs {
    std::optional<double> oracle_plus_ema;  ///< oracle + 150 s EMA of mid − oracle
    std::optional<double> book;             ///< median of best bid, best ask, last
    std::optional<double> other_venues;     ///< weighted median of perpetuals elsewhere
    std::optional<double> book_ema;         ///< 30 s EMA of `book`, used when two inputs exist
};
/// Median of the three; of two and the EMA; nullopt with fewer.
std::optional<double> mark_price(const MarkInputs& inputs);

/// Smallest price with at least half of the weight at or below it. Sizes equal, weights above 0.
double weighted_median(std::span<const double> prices, std::span<const double> weights);

/// numerator ← numerator · e^(−t/τ) + sample · t, denominator likewise with 1.
class Ema {
  public:
    explicit Ema(double tau) : tau_(tau) {}
    double update(double elapsed, double sample);

  private:
    double tau_;  ///< [s]
    double numerator_ = 0;
    double denominator_ = 0;
};

/// Oracle of a contract without spot market: Σ_{i<1440} mark_i e^(−i/480) (1 − e^(−1/480)) / (1 − e^(−3)),
/// i minutes ago, at most four times the first mark.
class HyperpOracle {
  public:
    static constexpr unsigned samples_max = 1440;  ///< [minutes]
    /// Newest first; what is beyond a day is not read.
    void add(double mark, std::uint64_t minutes);
    [[nodiscard]] double price(double initial_mark) const;

  private:
    double sum_ = 0;
    std::uint64_t count_ = 0;
};

/// (max(impact bid − oracle, 0) − max(oracle − impact ask, 0)) / oracle.
double premium_index(double impact_bid, double impact_ask, double oracle);

struct Funding {
    double rate_8h;
    double hourly;  ///< what is paid: a eighth, within ± the cap
};
/// F = P + clamp(interest − P, ±clamp).
Funding funding(double premium_8h, double interest_8h, double clamp, double hourly_cap);

/// (mark / entry) · (notional / account value), as written; the same for longs and shorts, which
/// ranks losing shorts first.
double adl_index(double mark, double entry, double notional, double account_value);

}  // namespace breakwater::hyperliquid
