// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "breakwater/stress/estimates.hpp"

/// Draws for the tests of stress/, independent of world/: SplitMix64 and losses made from it.
namespace breakwater::test {

inline constexpr std::uint64_t seed = 20'250'610;  ///< printed by every test that draws

class Draws {
  public:
    explicit Draws(std::uint64_t from) : state_(from) {}

    std::uint64_t bits() {
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15U;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }

    /// In (0, 1).
    double uniform() { return (static_cast<double>(bits() >> 12U) + 0.5) / 4503599627370496.0; }

    /// Mean 1.
    double exponential() { return -std::log(uniform()); }

  private:
    std::uint64_t state_;
};

inline MicroUsd micro(double usd_amount) {
    return static_cast<MicroUsd>(usd_amount * 1e6);
}

/// `paths` losses, each zero with probability 1 - loss_probability, else exponential of mean 1,000
/// USD.
inline std::vector<MicroUsd> losses(Draws& draws, std::size_t paths, double loss_probability) {
    std::vector<MicroUsd> result(paths, 0);
    for (MicroUsd& loss : result) {
        if (draws.uniform() < loss_probability) loss = micro(1000 * draws.exponential());
    }
    return result;
}

inline bool covers(const Estimate& estimate, double truth) {
    return estimate.low <= truth && truth <= estimate.high;
}

}  // namespace breakwater::test
