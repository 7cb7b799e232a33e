// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <vector>

#include "breakwater/report/input.hpp"

/// Liquidity beside solvency: can suppliers leave, and how much cash is left when the storm is over.
namespace breakwater {

/// One reserve that has debt.
struct UtilisationRow {
    AssetId asset{};
    double before = 0;  ///< utilisation in the book
    Estimate after;     ///< mean utilisation at the end
    Estimate after_95;
    Estimate after_99;
    Estimate at_99;      ///< P(utilisation reaches 99 % at a point of the grid)
    Estimate at_99_end;  ///< P(the path ends at 99 % or above)
    Estimate hours_without_exit;
    double cash_before = 0;  ///< [USD] in the book
    Estimate cash_after;     ///< [USD] mean at the end, at the price of the book, as the next two
    Estimate cash_after_5;   ///< what 5 % of the paths do not exceed
    Estimate cash_after_1;
};

std::vector<UtilisationRow> utilisation_of(const ReportInput& input);
std::string utilisation_definition(const ReportInput& input);

}  // namespace breakwater
