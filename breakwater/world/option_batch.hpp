// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <span>
#include <vector>

#include "breakwater/world/options.hpp"

/// Many options after Black (1976) at once, undiscounted: to the bit what black76_price says of each
/// at rate 0, at any width of vector register.
namespace breakwater {

class OptionBatch {
  public:
    void clear();
    void add(const Option& option, double forward, double volatility);
    /// One option at `n` forwards and volatilities, which `set` says; what was added is gone.
    void begin(OptionKind kind, double strike, std::size_t n);
    /// @param deviation σ√T; not above 0 where nothing can move any more
    void set(std::size_t place, double forward, double deviation) {
        const bool moves = deviation > 0.0 && forward > 0.0 && strike_[place] > 0.0;
        forward_[place] = forward;
        deviation_[place] = moves ? deviation : 0.0;
    }
    [[nodiscard]] std::size_t size() const { return sign_.size(); }
    /// By the order of adding; valid until the next change.
    std::span<const double> prices() { return prices(size()); }
    /// Of the first n.
    std::span<const double> prices(std::size_t n);
    /// Of the same as puts where they are calls and the other way round, which comes with `prices`:
    /// both kinds have the same tails of the normal law.
    [[nodiscard]] std::span<const double> others(std::size_t n) const {
        return std::span(other_).first(n);
    }

  private:
    std::vector<double> sign_;
    std::vector<double> forward_;
    std::vector<double> strike_;
    std::vector<double> deviation_;  ///< σ√T; 0 where nothing can move any more
    std::vector<double> price_;
    std::vector<double> other_;  ///< of the other kind
};

}  // namespace breakwater
