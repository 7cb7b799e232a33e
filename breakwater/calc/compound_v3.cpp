// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Compound v3's (Comet's) rates, balances, reserves and sale of collateral, by name.

#include "breakwater/core/rulebooks/compound_v3.hpp"

#include <array>

#include "breakwater/calc/exact.hpp"
#include "breakwater/calc/families.hpp"

namespace breakwater::calc {
namespace {

using nlohmann::json;

constexpr std::uint64_t seconds_per_year = 31'536'000;
constexpr std::uint64_t word_max = ~std::uint64_t{0};

std::uint64_t word(Input& in, std::string_view key) {
    return static_cast<std::uint64_t>(in.natural(key, word_max));
}
std::uint64_t index_of(Input& in, std::string_view key) {
    return static_cast<std::uint64_t>(natural_above_zero(in, key, word_max));
}
std::uint64_t factor_of(Input& in, std::string_view key) {
    return static_cast<std::uint64_t>(in.natural(key, wad));
}

compound_v3::Indices indices_of(Input& in) {
    return {.supply = index_of(in, "supply_index"), .borrow = index_of(in, "borrow_index")};
}

/// What is supplied and borrowed, in principals.
compound_v3::Totals totals_of(Input& in) {
    compound_v3::Totals t;
    const compound_v3::Indices at = indices_of(in);
    t.supply_index = at.supply;
    t.borrow_index = at.borrow;
    t.supplied = in.natural("total_supply", compound_v3::total_max);
    t.borrowed = in.natural("total_borrow", compound_v3::total_max);
    return t;
}

compound_v3::Curve curve_of(Input& in) {
    return {.kink = word(in, "kink"),
            .base = word(in, "base"),
            .slope_low = word(in, "slope_low"),
            .slope_high = word(in, "slope_high")};
}

json run_utilization(Input& in) {
    Checked math;
    const uint128 u = compound_v3::utilization_down(math, totals_of(in));
    refuse_overflow(in, math);
    return {{"utilization", decimal(u)}};
}

json run_rate(Input& in) {
    Checked math;
    const std::uint64_t rate = compound_v3::rate_at(math, curve_of(in), in.natural("utilization"));
    refuse_overflow(in, math);
    return {{"rate", decimal(uint128{rate})},
            {"rate_per_year", decimal(uint128{rate} * seconds_per_year)}};
}

json run_accrue(Input& in) {
    Checked math;
    compound_v3::Totals t = totals_of(in);
    Input supply = in.object("supply_curve");
    Input borrow = in.object("borrow_curve");
    t.supply_curve = curve_of(supply);
    t.borrow_curve = curve_of(borrow);
    const auto next = compound_v3::grown_indices(math, t, seconds_of(in, "seconds"));
    refuse_overflow(in, math);
    return {{"supply_index", decimal(uint128{next.supply})},
            {"borrow_index", decimal(uint128{next.borrow})}};
}

json run_present_value(Input& in) {
    Checked math;
    constexpr auto most = static_cast<int128>(compound_v3::principal_max);
    const int128 value =
        compound_v3::present_value(math, in.integer("principal", -most, most), indices_of(in));
    refuse_overflow(in, math);
    return {{"present_value", decimal(value)}};
}

json run_principal_value(Input& in) {
    Checked math;
    constexpr auto most = static_cast<int128>(uint128_max >> 2U);
    const int128 principal = compound_v3::principal_value(
        math, in.integer("present_value", -most, most), indices_of(in));
    refuse_overflow(in, math);
    return {{"principal", decimal(principal)}};
}

json run_reserves(Input& in) {
    Checked math;
    compound_v3::Totals t = totals_of(in);
    t.cash.raw = in.natural("cash");
    const int128 reserves =
        compound_v3::reserves_at(math, t, {.supply = t.supply_index, .borrow = t.borrow_index});
    refuse_overflow(in, math);
    return {{"reserves", decimal(reserves)}};
}

json run_quote_collateral(Input& in) {
    constexpr unsigned decimals_max = 18;
    constexpr AssetId base{0};
    constexpr AssetId asset{1};
    compound_v3::Totals t;
    t.base = base;
    t.base_decimals = static_cast<std::uint8_t>(in.count("base_decimals", 0, decimals_max));
    t.store_front_price_factor = factor_of(in, "store_front_price_factor");
    t.assets = 1;
    compound_v3::Collateral c;
    c.asset = asset;
    c.decimals = static_cast<std::uint8_t>(in.count("decimals", 0, decimals_max));
    c.liquidation_factor = factor_of(in, "liquidation_factor");
    compound_v3::Market market;
    market.totals.push_back(t);
    market.collaterals.push_back(c);
    State state;
    state.feeds.resize(2);
    state.custody.resize(2);
    state.feeds[index(base)].point =
        static_cast<std::uint64_t>(natural_above_zero(in, "base_price", price_max));
    state.feeds[index(asset)].point =
        static_cast<std::uint64_t>(natural_above_zero(in, "price", price_max));
    Transition nothing;
    compound_v3::Desk desk;
    desk.begin(state, market, Time{0}, nothing);
    const auto bought = compound_v3::quote_collateral(desk, 0, {in.natural("base_amount")});
    refuse_overflow(in, desk.math);
    if (!bought) return refusal(bought.error());
    return {{"collateral", decimal(bought->raw)}};
}

constexpr std::array<Function, 7> table{{
    {.name = "compound_v3.utilization",
     .summary = "What is borrowed of what is supplied",
     .units = "totals: principal; indices: 1e-15; utilization: wad",
     .source = "comet, Comet.sol, getUtilization; COMET-002",
     .run = run_utilization},
    {.name = "compound_v3.rate",
     .summary = "A supply or borrow rate on its curve with one kink",
     .units = "kink, utilization: wad; base, slopes, rate: wad per second",
     .source = "comet, Comet.sol, getSupplyRate, getBorrowRate; COMET-002",
     .run = run_rate},
    {.name = "compound_v3.accrue",
     .summary = "Both indices after some seconds",
     .units = "totals: principal; indices: 1e-15; curves as of compound_v3.rate; seconds: s",
     .source = "comet, Comet.sol, accruedInterestIndices; COMET-002",
     .run = run_accrue},
    {.name = "compound_v3.present_value",
     .summary = "What a principal is worth, a debt below 0",
     .units = "principal: signed; indices: 1e-15; present_value: atomic, signed",
     .source = "comet, CometCore.sol, presentValue; COMET-001",
     .run = run_present_value},
    {.name = "compound_v3.principal_value",
     .summary = "The principal of a balance, a debt below 0",
     .units = "present_value: atomic, signed; indices: 1e-15; principal: signed",
     .source = "comet, CometCore.sol, principalValue; COMET-001",
     .run = run_principal_value},
    {.name = "compound_v3.reserves",
     .summary = "What the market has beyond what it owes, below 0 after losses",
     .units = "cash, reserves: atomic; totals: principal; indices: 1e-15",
     .source = "comet, Comet.sol, getReserves; COMET-009",
     .run = run_reserves},
    {.name = "compound_v3.quote_collateral",
     .summary = "What an amount of the base asset buys of absorbed collateral",
     .units = "base_amount, collateral: atomic; prices: 1e-8 USD; factors: wad",
     .source = "comet, Comet.sol, quoteCollateral; COMET-008",
     .run = run_quote_collateral},
}};

}  // namespace

std::span<const Function> compound_v3_functions() {
    return table;
}

}  // namespace breakwater::calc
