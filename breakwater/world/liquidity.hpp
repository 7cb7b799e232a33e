// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "breakwater/core/units.hpp"

/// What a sale does to the price: market price = exogenous price × exp(displacement). A trade
/// displaces a volume y, counted in depths (y = −1: sold as much as moves the price by 2 %), the
/// displacement is f(y), and y decays exponentially while new orders refill the book (Obizhaeva and
/// Wang, 2013, with a general shape as in Alfonsi, Fruth and Schied, 2010). The average price of a
/// trade is the mean of exp(f) over the path of y that it causes.
///
/// No round trip makes money at constant depth: with G(v) = ∫₀ᵛ (exp f(u) − 1) du ≥ 0, which grows
/// with |v|, the cost of trades that add up to zero is G(y at the end) plus, for each pause, G(y
/// before it) − G(y after it) ≥ 0.
namespace breakwater {

enum class ImpactLaw : std::uint8_t {
    linear,       ///< f(y) = c·y
    square_root,  ///< f(y) = c·sign(y)·√|y|
};

/// [asset.liquidity] of market.toml.
struct LiquidityParameters {
    double depth_2pct = 0;  ///< [USD] sale that moves the price by 2 %, all venues together; > 0
    double recovery_minutes = 20;  ///< [min] half-life of the displacement; > 0
    /// [0 < x ≤ 1] our part of what is traded with us in a storm; 1 = nobody else trades.
    double own_share = 1;
};

/// [liquidity] of a scenario.
struct LiquidityScenario {
    double depth_factor = 1;     ///< depth in the storm / depth of the market file; > 0
    double recovery_factor = 1;  ///< multiplies recovery_minutes; > 0
    double depth_exponent = 0;  ///< k of depth × (σ₀/σ)^k; 0 = depth does not answer to volatility
    ImpactLaw law = ImpactLaw::square_root;
    bool enabled = true;  ///< off: trades move nothing
};

/// The displaced books of all assets. A value; nothing is allocated after construction.
class Liquidity {
  public:
    Liquidity(std::span<const LiquidityParameters> assets, const LiquidityScenario& scenario);

    void reset();
    /// Lets every book recover for `seconds`. The half-life is that of the log displacement, under
    /// both laws.
    void decay(double seconds);
    /// Depth becomes depth × (σ₀/σ)^k for `ratio` = σ/σ₀ > 0, between 1/150 of itself (Curve's
    /// 3pool in March 2023) and itself. Moves no price.
    void set_volatility(AssetId asset, double ratio);

    /// Market price / exogenous price, in [e⁻¹⁰, e¹⁰].
    [[nodiscard]] double price_factor(AssetId asset) const { return book(asset).factor; }
    /// Average price of a trade / price before it; `usd` ≥ 0 is what the tokens are worth at the
    /// market price before the trade. Selling gives a number in (0, 1], buying one ≥ 1. Others
    /// trade (1/own_share − 1) times as much in the same direction, and the average is that of the
    /// whole path, since nobody knows who comes first.
    [[nodiscard]] double quote_sell(AssetId asset, double usd) const;
    [[nodiscard]] double quote_buy(AssetId asset, double usd) const;
    /// The same number, and the book is displaced.
    double sell(AssetId asset, double usd);
    double buy(AssetId asset, double usd);
    /// The book is displaced; nobody asks at which average price.
    void press_sell(AssetId asset, double usd);
    void press_buy(AssetId asset, double usd);

    /// 1 − quote_sell, and 1 − (price after / price before).
    [[nodiscard]] double slippage_at(AssetId asset, double usd) const {
        return 1 - quote_sell(asset, usd);
    }
    [[nodiscard]] double marginal_slippage_at(AssetId asset, double usd) const;
    /// [USD] most that can be sold now with average (marginal) slippage ≤ `slippage_max` in [0, 1);
    /// infinity when trades move nothing. For reports: by bisection, a few microseconds.
    [[nodiscard]] double capacity(AssetId asset, double slippage_max) const;
    [[nodiscard]] double marginal_capacity(AssetId asset, double slippage_max) const;

    [[nodiscard]] ImpactLaw law() const { return law_; }
    [[nodiscard]] bool enabled() const { return enabled_; }

  private:
    struct Book {
        double displaced = 0;  ///< [depths] y
        double factor = 1;     ///< exp(f(y))
        double thinness = 1;   ///< (σ/σ₀)^k
        /// [depths/USD] of the whole trade at thinness 1, 1/own_share included.
        double per_usd = 0;
        double half_life = 0;  ///< [s] of the log displacement
        double kept = 1;       ///< part of y that is left after `pause_` seconds
    };
    struct Trade {
        double displaced_after;
        double average;  ///< average price / price before
    };
    [[nodiscard]] const Book& book(AssetId asset) const { return books_[index(asset)]; }
    [[nodiscard]] double factor(double displaced) const;
    [[nodiscard]] double mean_factor(double from, double volume) const;
    [[nodiscard]] Trade trade(const Book& book, double usd) const;
    /// The same tokens displace the same volume at any price: volume is counted at the exogenous price.
    static double volume_of(const Book& book, double usd) {
        return usd / book.factor * book.per_usd * book.thinness;
    }
    double execute(AssetId asset, double usd);
    void press(AssetId asset, double usd);

    std::vector<Book> books_;
    double depth_exponent_;
    double displaced_max_;  ///< [depths] where |f| = 10; what is traded beyond gets that price
    double pause_ = -1;     ///< [s] for which Book::kept holds
    ImpactLaw law_;
    bool enabled_;
};

/// Tokens out of a constant-product pool for `amount_in`, fee 0.3 %, rounded down, as Uniswap v2
/// computes it: y·997·dx / (1000·x + 997·dx). Nothing when reserves or input exceed 2^112, or a
/// reserve is zero.
std::optional<uint128> uniswap_v2_out(uint128 reserve_in, uint128 reserve_out, uint128 amount_in);

/// Inside one range of a Uniswap v3 pool: 1/√P' = 1/√P + dx·(1 − fee)/L and dy = L·(√P − √P').
struct RangeSwap {
    double root_price_after;
    double out;
};
RangeSwap uniswap_v3_out(double liquidity, double root_price, double amount_in, double fee);

/// Depth for LiquidityParameters from a pool: what sold into it, fee aside, moves its price by 2 %.
/// @param reserve_usd [USD] the pool's reserve of the asset that is sold.
double uniswap_v2_depth_2pct(double reserve_usd);
/// @param quote_usd [USD] price of the quote token; the range must reach 2 % down.
double uniswap_v3_depth_2pct(double liquidity, double root_price, double quote_usd);

}  // namespace breakwater
