// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/liquidity.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "breakwater/core/math.hpp"
#include "breakwater/core/require.hpp"
#include "breakwater/world/math.hpp"

namespace breakwater {
namespace {

constexpr double move_2pct =
    0.0202027073175194484481;  // c = −ln 0.98: f(−1) is a fall of exactly 2 %
constexpr double root_098 = 0.989949493661166534161;  // √0.98
constexpr double displacement_max = 10;  // |f|: a price that is 22,026 times lower is none
constexpr double thinness_max = 150;
constexpr double displaced_negligible = 1e-10;  // [depths] at most 2e-7 of the price
constexpr double volume_negligible = 1e-18;

/// ∫₀¹ exp(−z·s) ds = (1 − e^−z)/z.
double mean_exp(double z) {
    // Below 2^−4 the difference would cancel; eight terms of the series leave less than 1e-16.
    if (std::fabs(z) < 0.0625) {
        constexpr double inverse[] = {1. / 2, 1. / 3, 1. / 4, 1. / 5,
                                      1. / 6, 1. / 7, 1. / 8, 1. / 9};
        double sum = 0;
        for (int n = 7; n >= 0; --n)
            sum = (1 + sum) * (-z * inverse[n]);
        return 1 + sum;
    }
    return (1 - exp_(-z)) / z;
}

/// ∫₀¹ s·exp(−z·s) ds = (1 − (1 + z)·e^−z)/z².
double mean_s_exp(double z) {
    if (std::fabs(z) < 0.25) {
        // Σ (−z)^n / (n!·(n + 2)); the 13th term is below 1e-17.
        constexpr auto factors = [] {
            std::array<double, 13> out{};
            double factorial = 1;
            for (int n = 0; n <= 12; ++n) {
                if (n > 0) factorial *= n;
                out[static_cast<std::size_t>(n)] = 1 / (factorial * (n + 2));
            }
            return out;
        }();
        double sum = factors.back();
        for (std::size_t n = factors.size() - 1; n-- > 0;)
            sum = factors[n] - z * sum;
        return sum;
    }
    return (1 - (1 + z) * exp_(-z)) / (z * z);
}

}  // namespace

Liquidity::Liquidity(std::span<const LiquidityParameters> assets, const LiquidityScenario& scenario)
    : depth_exponent_(scenario.depth_exponent),
      displaced_max_(displacement_max / move_2pct),
      law_(scenario.law),
      enabled_(scenario.enabled) {
    if (law_ == ImpactLaw::square_root) displaced_max_ *= displaced_max_;
    REQUIRE(scenario.depth_factor > 0);
    REQUIRE(scenario.recovery_factor > 0);
    books_.reserve(assets.size());
    for (const LiquidityParameters& asset : assets) {
        REQUIRE(asset.depth_2pct > 0);
        REQUIRE(asset.recovery_minutes > 0);
        REQUIRE(asset.own_share > 0);
        Book book;
        book.per_usd = 1 / (asset.depth_2pct * scenario.depth_factor * asset.own_share);
        book.half_life = 60 * asset.recovery_minutes * scenario.recovery_factor;
        books_.push_back(book);
    }
}

void Liquidity::reset() {
    for (Book& book : books_) {
        book.displaced = 0;
        book.factor = 1;
        book.thinness = 1;
    }
}

void Liquidity::decay(double seconds) {
    if (seconds != pause_) {
        // The displacement is a root of the volume under the square-root law, so the volume decays twice as fast.
        const double speed = law_ == ImpactLaw::square_root ? 2 * elementary::ln2 : elementary::ln2;
        for (Book& book : books_)
            book.kept = exp_(-speed * seconds / book.half_life);
        pause_ = seconds;
    }
    for (Book& book : books_) {
        if (book.displaced == 0) continue;
        book.displaced *= book.kept;
        if (std::fabs(book.displaced) < displaced_negligible) book.displaced = 0;
        book.factor = factor(book.displaced);
    }
}

void Liquidity::set_volatility(AssetId asset, double ratio) {
    if (depth_exponent_ == 0) return;
    const double thinness = ratio > 1 ? pow_(ratio, depth_exponent_) : 1.0;
    books_[index(asset)].thinness = std::clamp(thinness, 1.0, thinness_max);
}

double Liquidity::factor(double displaced) const {
    if (displaced == 0) return 1;
    if (law_ == ImpactLaw::linear) return exp_(move_2pct * displaced);
    return exp_(std::copysign(move_2pct * std::sqrt(std::fabs(displaced)), displaced));
}

/// Mean of exp(f) from y = `from` over a volume that stays within the limits.
double Liquidity::mean_factor(double from, double volume) const {
    if (law_ == ImpactLaw::linear) return factor(from) * mean_exp(-move_2pct * volume);
    const double to = from + volume;
    if (from * to < 0) {
        const double part = -from / volume;
        return part * mean_factor(from, -from) + (1 - part) * mean_factor(0, to);
    }
    // y = ±u², so ∫ exp(±c·u)·2u du from a to a + d
    // = 2·exp(±c·a)·(a·d·mean_exp(∓c·d) + d²·mean_s_exp(∓c·d)): positive terms only, nothing cancels.
    const double a = std::sqrt(std::min(std::fabs(from), std::fabs(to)));
    const double b = std::sqrt(std::max(std::fabs(from), std::fabs(to)));
    const double d = std::fabs(volume) / (a + b);
    const double c = from + to < 0 ? move_2pct : -move_2pct;
    return 2 * exp_(-c * a) * (a * mean_exp(c * d) + d * mean_s_exp(c * d)) / (a + b);
}

/// `usd` > 0 buys, < 0 sells.
Liquidity::Trade Liquidity::trade(const Book& book, double usd) const {
    const double volume = volume_of(book, usd);
    if (std::fabs(volume) < volume_negligible) return {book.displaced + volume, 1};
    const double end = book.displaced + volume;
    const double after = std::clamp(end, -displaced_max_, displaced_max_);
    if (after == end) {
        // Under the linear law the average does not depend on where the book stands: one exp.
        if (law_ == ImpactLaw::linear) return {end, mean_exp(-move_2pct * volume)};
        return {end, mean_factor(book.displaced, volume) / book.factor};
    }
    const double within = (after - book.displaced) / volume;
    double mean = (1 - within) * factor(after);
    if (within > 0) mean += within * mean_factor(book.displaced, after - book.displaced);
    return {after, mean / book.factor};
}

double Liquidity::quote_sell(AssetId asset, double usd) const {
    if (!enabled_ || !(usd > 0)) return 1;
    return std::min(trade(book(asset), -usd).average, 1.0);
}

double Liquidity::quote_buy(AssetId asset, double usd) const {
    if (!enabled_ || !(usd > 0)) return 1;
    return std::max(trade(book(asset), usd).average, 1.0);
}

double Liquidity::execute(AssetId asset, double usd) {
    if (!enabled_ || usd == 0) return 1;
    Book& book = books_[index(asset)];
    const Trade done = trade(book, usd);
    book.displaced = done.displaced_after;
    book.factor = factor(book.displaced);
    return done.average;
}

double Liquidity::sell(AssetId asset, double usd) {
    return usd > 0 ? std::min(execute(asset, -usd), 1.0) : 1.0;
}

double Liquidity::buy(AssetId asset, double usd) {
    return usd > 0 ? std::max(execute(asset, usd), 1.0) : 1.0;
}

void Liquidity::press(AssetId asset, double usd) {
    if (!enabled_ || usd == 0) return;
    Book& book = books_[index(asset)];
    book.displaced =
        std::clamp(book.displaced + volume_of(book, usd), -displaced_max_, displaced_max_);
    book.factor = factor(book.displaced);
}

void Liquidity::press_sell(AssetId asset, double usd) {
    if (usd > 0) press(asset, -usd);
}

void Liquidity::press_buy(AssetId asset, double usd) {
    if (usd > 0) press(asset, usd);
}

double Liquidity::marginal_slippage_at(AssetId asset, double usd) const {
    if (!enabled_ || !(usd > 0)) return 0;
    return 1 - factor(trade(book(asset), -usd).displaced_after) / book(asset).factor;
}

namespace {

/// Largest x ≤ x_max with slippage(x) ≤ bound, for a slippage that grows with x.
template <class Slippage>
double largest(const Slippage& slippage, double bound, double x_max) {
    double low = 0;
    double high = x_max;
    if (slippage(high) <= bound) return high;
    // 64 halvings of a range that is sure to hold the answer: relative error below 1e-9 of what matters.
    for (int i = 0; i < 64; ++i) {
        const double middle = 0.5 * (low + high);
        (slippage(middle) <= bound ? low : high) = middle;
    }
    return low;
}

}  // namespace

double Liquidity::capacity(AssetId asset, double slippage_max) const {
    if (!enabled_) return std::numeric_limits<double>::infinity();
    const Book& b = book(asset);
    const double usd_max = 2 * displaced_max_ * b.factor / (b.per_usd * b.thinness);
    return largest([&](double usd) { return slippage_at(asset, usd); }, slippage_max, usd_max);
}

double Liquidity::marginal_capacity(AssetId asset, double slippage_max) const {
    if (!enabled_) return std::numeric_limits<double>::infinity();
    const Book& b = book(asset);
    const double usd_max = 2 * displaced_max_ * b.factor / (b.per_usd * b.thinness);
    return largest([&](double usd) { return marginal_slippage_at(asset, usd); }, slippage_max,
                   usd_max);
}

std::optional<uint128> uniswap_v2_out(uint128 reserve_in, uint128 reserve_out, uint128 amount_in) {
    constexpr uint128 limit = uint128{1} << 112U;
    if (reserve_in == 0 || reserve_out == 0) return std::nullopt;
    if (reserve_in > limit || reserve_out > limit || amount_in > limit) return std::nullopt;
    // Cannot overflow: 2^112 × 1997 < 2^123, and the quotient is below reserve_out.
    const uint128 after_fee = amount_in * 997;
    return Checked{}.mul_div_down(reserve_out, after_fee, reserve_in * 1000 + after_fee);
}

RangeSwap uniswap_v3_out(double liquidity, double root_price, double amount_in, double fee) {
    // √P' = √P/(1 + g) and dy = L·√P·g/(1 + g) with g = √P·dx·(1 − fee)/L: no difference of near equals.
    const double growth = root_price * amount_in * (1 - fee) / liquidity;
    return {root_price / (1 + growth), liquidity * root_price * growth / (1 + growth)};
}

double uniswap_v2_depth_2pct(double reserve_usd) {
    // Price ~ 1/x², so x grows by 1/√0.98 − 1.
    return reserve_usd * (1 / root_098 - 1);
}

double uniswap_v3_depth_2pct(double liquidity, double root_price, double quote_usd) {
    return liquidity * root_price * (1 / root_098 - 1) * quote_usd;
}

}  // namespace breakwater
