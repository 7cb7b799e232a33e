// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/venues/moving_averages.hpp"

#include <algorithm>

#include "breakwater/world/math.hpp"

namespace breakwater::hyperliquid {

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

}  // namespace breakwater::hyperliquid
