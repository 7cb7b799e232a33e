// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/venues/hyperliquid.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "breakwater/world/math.hpp"

namespace breakwater::hyperliquid {
namespace {

double median_of_three(double a, double b, double c) {
    return std::max(std::min(a, b), std::min(std::max(a, b), c));
}

}  // namespace

Margin liquidation_price(double mark, double side, double size, double value, double leverage_max) {
    const double l = maintenance_rate(leverage_max);
    const double maintenance = size * mark * l;
    const double available = value - maintenance;
    return {.maintenance = maintenance,
            .available = available,
            .liquidation_price = mark - side * available / size / (1.0 - l * side)};
}

Stage liquidation_stage(double account_value, double maintenance) {
    if (account_value < 0.0) return Stage::adl;
    if (3.0 * account_value < 2.0 * maintenance) return Stage::backstop;
    return account_value < maintenance ? Stage::market : Stage::none;
}

const char* name(Stage stage) {
    switch (stage) {
        case Stage::none:
            return "none";
        case Stage::market:
            return "market";
        case Stage::backstop:
            return "backstop";
        case Stage::adl:
            return "adl";
    }
    return "none";
}

double first_order_share(double notional, bool is_in_cooldown) {
    constexpr double large = 100'000.0;
    return notional > large && !is_in_cooldown ? 0.2 : 1.0;
}

std::optional<double> mark_price(const MarkInputs& in) {
    std::vector<double> present;
    for (const auto& x : {in.oracle_plus_ema, in.book, in.other_venues})
        if (x) present.push_back(*x);
    if (present.size() == 2 && in.book_ema) present.push_back(*in.book_ema);
    if (present.size() != 3) return std::nullopt;
    return median_of_three(present[0], present[1], present[2]);
}

double weighted_median(std::span<const double> prices, std::span<const double> weights) {
    std::vector<std::size_t> order(prices.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return prices[i]; });
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    double below = 0.0;
    for (const std::size_t i : order) {
        below += weights[i];
        if (2.0 * below >= total) return prices[i];
    }
    return prices[order.back()];
}

double Ema::update(double elapsed, double sample) {
    const double decay = exp_(-elapsed / tau_);
    numerator_ = numerator_ * decay + sample * elapsed;
    denominator_ = denominator_ * decay + elapsed;
    return numerator_ / denominator_;
}

void HyperpOracle::add(double mark, std::uint64_t minutes) {
    for (std::uint64_t i = 0; i < minutes && count_ < samples_max; ++i, ++count_)
        sum_ += mark * exp_(-static_cast<double>(count_) / 480.0);
}

double HyperpOracle::price(double initial_mark) const {
    const double weighted = sum_ * (1.0 - exp_(-1.0 / 480.0)) / (1.0 - exp_(-3.0));
    return std::min(weighted, 4.0 * initial_mark);
}

double premium_index(double impact_bid, double impact_ask, double oracle) {
    return (std::max(impact_bid - oracle, 0.0) - std::max(oracle - impact_ask, 0.0)) / oracle;
}

Funding funding(double premium_8h, double interest_8h, double clamp, double hourly_cap) {
    const double rate = premium_8h + std::clamp(interest_8h - premium_8h, -clamp, clamp);
    return {.rate_8h = rate, .hourly = std::clamp(rate / 8.0, -hourly_cap, hourly_cap)};
}

double adl_index(double mark, double entry, double notional, double account_value) {
    return mark / entry * (notional / account_value);
}

}  // namespace breakwater::hyperliquid
