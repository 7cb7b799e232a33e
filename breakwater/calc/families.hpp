// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <span>

#include "breakwater/calc/function.hpp"

/// The tables of functions, one per file.
namespace breakwater::calc {

std::span<const Function> aave_v3_functions();
std::span<const Function> breakwater_functions();
std::span<const Function> compound_v3_functions();
std::span<const Function> maker_functions();
std::span<const Function> morpho_blue_functions();
std::span<const Function> unverified_functions();
std::span<const Function> feeds_functions();
std::span<const Function> backtest_functions();
std::span<const Function> volatility_functions();
std::span<const Function> option_functions();
std::span<const Function> surface_functions();
std::span<const Function> venue_functions();
std::span<const Function> hyperliquid_functions();
std::span<const Function> loss_functions();
std::span<const Function> screening_functions();
std::span<const Function> dydx_v4_functions();
std::span<const Function> dydx_v4_liquidation_functions();
std::span<const Function> dydx_analytic_functions();
std::span<const Function> drift_v2_functions();
std::span<const Function> drift_v2_liquidation_functions();
std::span<const Function> drift_v2_guard_functions();

}  // namespace breakwater::calc
