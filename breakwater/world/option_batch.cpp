// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/option_batch.hpp"

#include <cmath>

#include "breakwater/core/simd.hpp"
#include "breakwater/world/normal_tail.hpp"

namespace breakwater {
namespace {

constexpr std::size_t lanes = 8;  ///< of the widest register

/// normal_cdf(x) from the tail beyond |x|, without a branch.
[[gnu::always_inline]] inline double cdf(double x, double tail) {
    const double inside = elementary::select(x < 0.0, tail, 1.0 - tail);
    return elementary::select(x > 38.0, 1.0, elementary::select(x < -38.0, 0.0, inside));
}

/// d1 or d2, and the tail beyond its absolute value.
struct Distance {
    double value;
    double tail;
};

/// φ·(f·N(φ·d1) − k·N(φ·d2)), at least zero; φ·(f − k) where nothing can move.
[[gnu::always_inline]] inline double worth_of(double phi, double f, double k, double s, const Distance& d1,
                                              const Distance& d2) {
    const double value = phi * (f * cdf(phi * d1.value, d1.tail) - k * cdf(phi * d2.value, d2.tail));
    const double worth = elementary::select(s == 0.0, phi * (f - k), value);
    return elementary::select(worth > 0.0, worth, 0.0);
}

struct Kernel {
    // Arrays side by side are what becomes vector code. NOLINTNEXTLINE(readability-function-size)
    [[gnu::always_inline]] static void run(const double* sign, const double* forward,
                                           const double* strike, const double* deviation,
                                           double* price, double* other, std::size_t n) {
        for (std::size_t i = 0; i < n; ++i) {
            const double f = forward[i];
            const double k = strike[i];
            const double s = deviation[i];
            const double d1 = elementary::log_of_normal(f / k) / s + 0.5 * s;
            const double d2 = d1 - s;
            const Distance at_forward{.value = d1, .tail = elementary::normal_tail(std::fabs(d1))};
            const Distance at_strike{.value = d2, .tail = elementary::normal_tail(std::fabs(d2))};
            price[i] = worth_of(sign[i], f, k, s, at_forward, at_strike);
            other[i] = worth_of(-sign[i], f, k, s, at_forward, at_strike);
        }
    }
};

}  // namespace

void OptionBatch::clear() {
    sign_.clear();
    forward_.clear();
    strike_.clear();
    deviation_.clear();
}

void OptionBatch::add(const Option& o, double forward, double volatility) {
    const bool moves = o.years > 0.0 && volatility > 0.0 && forward > 0.0 && o.strike > 0.0;
    sign_.push_back(o.kind == OptionKind::call ? 1.0 : -1.0);
    forward_.push_back(forward);
    strike_.push_back(o.strike);
    deviation_.push_back(moves ? volatility * std::sqrt(o.years) : 0.0);
}

void OptionBatch::begin(OptionKind kind, double strike, std::size_t n) {
    sign_.assign(n, kind == OptionKind::call ? 1.0 : -1.0);
    strike_.assign(n, strike);
    forward_.resize(n);
    deviation_.resize(n);
}

std::span<const double> OptionBatch::prices(std::size_t n) {
    // Whole registers, so that no price is computed alone.
    const std::size_t all = size();
    const std::size_t whole = (n + lanes - 1) / lanes * lanes;
    if (whole > all)
        for (auto* v : {&sign_, &forward_, &strike_, &deviation_})
            v->resize(whole, 1.0);
    price_.resize(whole);
    other_.resize(whole);
    simd::run<Kernel>(sign_.data(), forward_.data(), strike_.data(), deviation_.data(),
                      price_.data(), other_.data(), whole);
    if (whole > all)
        for (auto* v : {&sign_, &forward_, &strike_, &deviation_})
            v->resize(all);
    return std::span(price_).first(n);
}

}  // namespace breakwater
