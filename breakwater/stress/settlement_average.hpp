// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <algorithm>

/// The average of the index at which a dated contract ends: over the last `window` seconds before its expiry, weighted
/// by time. As it is fixed, what is still open moves the contract less and less, so that delta and requirement decay.
/// Times in seconds since the start of a path. Source: derivatives 4, "settlement TWAP"; Deribit's delivery price.
namespace breakwater {

class SettlementAverage {
  public:
    /// @param window [s] 0: the contract ends at the index of the moment, and a perpetual never
    SettlementAverage(double expiry, double window) : expiry_(expiry), window_(window) {}

    /// A path begins at 0 with this index; what of the window lies before is taken to have stood there too.
    void begin(double index) {
        fixed_ = fixed_seconds_ = 0;
        pass(expiry_ - window_, 0, index);
    }
    /// The index stood at `index` from one time to another.
    void pass(double from, double to, double index) {
        const double seconds = std::min(to, expiry_) - std::max(from, expiry_ - window_);
        if (window_ <= 0 || seconds <= 0) return;
        fixed_ += seconds * index;
        fixed_seconds_ += seconds;
    }
    /// [1] part of the average that is not fixed yet
    [[nodiscard]] double open() const {
        return window_ > 0 ? std::clamp(1 - fixed_seconds_ / window_, 0.0, 1.0) : 1;
    }
    [[nodiscard]] bool is_begun() const { return fixed_seconds_ > 0; }
    /// [USD] The average where the open part comes to `rest`.
    [[nodiscard]] double with(double rest) const {
        return window_ > 0 ? fixed_ / window_ + open() * rest : rest;
    }
    /// [s] The time that an option's volatility counts for. Quotes are implied from the time left, averaging included;
    /// within the window the variance of what is open falls with the cube of the time: left³ / window².
    [[nodiscard]] double variance_seconds(double now) const {
        const double left = std::max(expiry_ - now, 0.0);
        if (left >= window_) return left;
        return left * left * left / (window_ * window_);
    }

  private:
    double expiry_;
    double window_;
    double fixed_ = 0;          ///< [USD s]
    double fixed_seconds_ = 0;
};

}  // namespace breakwater
