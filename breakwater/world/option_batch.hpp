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
    /// @param deviation σ√T; 0 where nothing can move any more
    void add(OptionKind kind, double strike, double forward, double deviation);
    [[nodiscard]] std::size_t size() const { return sign_.size(); }
    /// By the order of adding; valid until the next change.
    std::span<const double> prices();

  private:
    std::vector<double> sign_;
    std::vector<double> forward_;
    std::vector<double> strike_;
    std::vector<double> deviation_;  ///< σ√T; 0 where nothing can move any more
    std::vector<double> price_;
};

}  // namespace breakwater
