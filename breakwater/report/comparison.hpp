// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <vector>

#include "breakwater/report/figures.hpp"
#include "breakwater/stress/paired.hpp"

/// Current against proposed on the same paths: what both share cancels, so the difference is known
/// better than either.
namespace breakwater {

struct ComparisonRow {
    std::string id;
    std::string label;
    Unit unit = Unit::usd;
    std::string definition;
    Estimate current;
    Estimate proposed;
    Estimate difference;  ///< proposed − current, in `difference_unit`
    /// As `unit`; that of two ratios is in percentage points.
    [[nodiscard]] Unit difference_unit() const {
        return unit == Unit::ratio ? Unit::percentage_points : unit;
    }
};

struct Comparison {
    std::string id;
    std::string label;
    std::string definition;
    std::optional<Demand> demand;
    std::vector<ComparisonRow> rows;
    /// Over P(loss), mean and shortfall together, each at a third of the error.
    PairedVerdict verdict = PairedVerdict::cannot_tell;
};

std::vector<Comparison> comparisons_of(const ReportInput& input);
/// "higher", "lower", "equal", "cannot tell": of one difference, whatever is good.
const char* reading(const Estimate& difference);

}  // namespace breakwater
