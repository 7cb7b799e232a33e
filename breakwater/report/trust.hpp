// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <string>
#include <vector>

#include "breakwater/core/feeds/machine.hpp"
#include "breakwater/core/feeds/source.hpp"
#include "breakwater/report/input.hpp"

/// How far the feeds were trusted while the storm lasted: time in each state of the machine, and reports refused.
namespace breakwater {

/// One asset with several sources, under a guard.
struct TrustRow {
    AssetId asset{};
    std::array<Estimate, feeds::trusts> share;  ///< [1] of the steps, mean over paths, by feeds::Trust
    struct Refused {
        feeds::Refusal reason{};
        Estimate mean;  ///< reports per path
    };
    std::vector<Refused> refused;  ///< reasons that occurred, in the order of the checks
};

/// None without a guard.
std::vector<TrustRow> trust_rows_of(const ReportInput& input);
std::string trust_definition(const ReportInput& input);
/// For people: "halt new", "out of bounds".
std::string plain(std::string_view name);

}  // namespace breakwater
