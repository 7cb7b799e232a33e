// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/chain.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "breakwater/core/require.hpp"
#include "breakwater/core/units.hpp"
#include "breakwater/world/math.hpp"

namespace breakwater {

std::uint64_t next_base_fee(std::uint64_t base_fee, std::uint64_t gas_used,
                            std::uint64_t gas_limit) {
    REQUIRE(gas_limit >= 2);
    REQUIRE(gas_used <= gas_limit);
    const std::uint64_t target = gas_limit / 2;
    if (gas_used == target) return base_fee;
    const auto change = [&](std::uint64_t distance) {
        return static_cast<std::uint64_t>(uint128{base_fee} * distance / target / 8);
    };
    if (gas_used < target) return base_fee - change(target - gas_used);
    return base_fee + std::max<std::uint64_t>(change(gas_used - target), 1);
}

double md1_wait(double load) {
    return load / (2 * (1 - load));
}

Chain::Chain(const ChainParameters& parameters, double step_seconds)
    : parameters_(parameters), step_seconds_(step_seconds) {
    REQUIRE(parameters.base_fee_gwei > 0);
    REQUIRE(parameters.congestion >= 1);
    REQUIRE(parameters.full_at_sigmas > 1);
    REQUIRE(parameters.half_life_minutes > 0);
    REQUIRE(parameters.seconds_per_block > 0);
    REQUIRE(step_seconds > 0);
    kept_ = exp_(-0.693147180559945309417 * step_seconds / (60 * parameters.half_life_minutes));
    noise_scale_ = parameters.noise * std::sqrt(1 - kept_ * kept_);
    log_peak_ = log_(parameters.congestion);
    tip_ = parameters.priority_fee_gwei;
    reset();
}

void Chain::reset() {
    noise_ = 0;
    stress_ = 0;
    demand_ = 1;
    base_fee_ = mean_fee_ = parameters_.base_fee_gwei;
    gas_available_ = parameters_.enabled ? 0 : std::numeric_limits<double>::infinity();
    delay_ = 0;
    seconds_left_ = 0;
}

void Chain::step(double sigmas, double innovation) {
    if (!parameters_.enabled) return;
    // A move of one σ is an ordinary step; the coupling b makes full_at_sigmas reach the peak at once.
    const double coupling = log_peak_ / (parameters_.full_at_sigmas - 1);
    noise_ = kept_ * noise_ + noise_scale_ * innovation;
    stress_ = std::min(kept_ * stress_ + coupling * std::max(sigmas - 1, 0.0), log_peak_);
    demand_ = exp_(noise_ + stress_);

    // A block uses target × fair/fee, at most 2 × target, where `fair` is the fee at which demand meets the target.
    // Below the limit EIP-1559's step fee × (1 + (used/target − 1)/8) is then linear in the fee; above it is × 9/8, and
    // the lesser of the two is always the right one. In doubles a block differs from the integer rule by the
    // rounding of gas used to whole gas, 1/(8 × target) of the fee, or a wei.
    const double fair = demand_ * parameters_.base_fee_gwei;
    const double two_over_fair = 2 / fair;
    double fee = base_fee_;
    double fees = 0;
    double won = 0;   // Σ min(1, limit / gas asked for)
    double load = 0;  // Σ min(1, gas asked for / limit)
    int blocks = 0;
    seconds_left_ += step_seconds_;
    for (; seconds_left_ >= parameters_.seconds_per_block; ++blocks) {
        seconds_left_ -= parameters_.seconds_per_block;
        const double room = fee * two_over_fair;
        won += std::min(1.0, room);
        load += room <= 1 ? 1.0 : 1 / room;
        fees += fee;
        fee = std::min({1.125 * fee, 0.875 * fee + 0.125 * fair, parameters_.base_fee_max_gwei});
    }
    base_fee_ = fee;
    gas_available_ = won * parameters_.gas_limit * parameters_.keeper_share;
    if (blocks == 0) return;
    mean_fee_ = fees / blocks;
    // The wait is capped at that of a load of 0.95, 9.5 blocks: a sender who waits longer raises the fee.
    const double waited = md1_wait(std::min(load / blocks, 0.95)) - md1_wait(0.5);
    delay_ = std::max(0.0, waited) * parameters_.seconds_per_block;
}

bool Chain::include(double gas) {
    if (gas > gas_available_) return false;
    gas_available_ -= gas;
    return true;
}

}  // namespace breakwater
