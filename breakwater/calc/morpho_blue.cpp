// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Morpho Blue's shares, rates, health and liquidations, by name.

#include "breakwater/core/rulebooks/morpho_blue.hpp"

#include <array>

#include "breakwater/calc/exact.hpp"
#include "breakwater/calc/families.hpp"
#include "breakwater/core/math_wide.hpp"
#include "breakwater/core/rulebooks/morpho_blue_rate.hpp"

namespace breakwater::calc {
namespace {

using nlohmann::json;

bool rounds_up(Input& in) {
    return in.choice("rounding", {"down", "up"}) == 1;
}

std::uint64_t lltv_of(Input& in) {
    return in.count("lltv", 0, static_cast<std::uint64_t>(wad));
}

json run_liquidation_incentive(Input& in) {
    Checked math;
    const uint128 factor = morpho_blue::liquidation_incentive(math, lltv_of(in));
    refuse_overflow(in, math);
    return {{"liquidation_incentive_factor", decimal(factor)}};
}

json run_to_shares(Input& in) {
    Checked math;
    const Amount assets{in.natural("assets")};
    const Amount all{in.natural("total_assets")};
    const morpho_blue::Shares shares{in.natural("total_shares")};
    const auto out = rounds_up(in) ? morpho_blue::shares_up(math, assets, all, shares)
                                   : morpho_blue::shares_down(math, assets, all, shares);
    refuse_overflow(in, math);
    return {{"shares", decimal(out.raw)}};
}

json run_to_assets(Input& in) {
    Checked math;
    const morpho_blue::Shares part{in.natural("shares")};
    const Amount all{in.natural("total_assets")};
    const morpho_blue::Shares shares{in.natural("total_shares")};
    const Amount out = rounds_up(in) ? morpho_blue::assets_up(math, part, all, shares)
                                     : morpho_blue::assets_down(math, part, all, shares);
    refuse_overflow(in, math);
    return {{"assets", decimal(out.raw)}};
}

json run_growth(Input& in) {
    Checked math;
    const uint128 growth =
        morpho_blue::growth_down(math, {in.natural("rate")}, seconds_of(in, "seconds"));
    refuse_overflow(in, math);
    return {{"growth", decimal(growth)}};
}

json run_exponential(Input& in) {
    Checked math;
    const Uint256 y = morpho_blue::exponential(math, in.integer("x"));
    refuse_overflow(in, math);
    return {{"y", decimal(y)}};
}

json run_adaptive_curve(Input& in) {
    Checked math;
    morpho_blue::Totals t;
    t.rate_model = morpho_blue::RateModel::adaptive_curve;
    t.supply_assets.raw = in.natural("total_supply_assets");
    t.borrow_assets.raw = in.natural("total_borrow_assets", t.supply_assets.raw);
    t.rate_at_target =
        static_cast<std::uint64_t>(in.natural_or("rate_at_target", 0, ~std::uint64_t{0}));
    const morpho_blue::Rate rate = morpho_blue::rate_of(math, t, seconds_of(in, "seconds"));
    refuse_overflow(in, math);
    return {{"borrow_rate", decimal(rate.borrow.raw)},
            {"rate_at_target", decimal(uint128{rate.rate_at_target})}};
}

morpho_blue::Totals borrowing(Input& in) {
    morpho_blue::Totals t;
    t.lltv = lltv_of(in);
    t.set_price(in.wide_natural("price"));
    t.borrow_assets.raw = in.natural("total_borrow_assets");
    t.borrow_shares.raw = in.natural("total_borrow_shares");
    return t;
}

json run_health(Input& in) {
    Checked math;
    const morpho_blue::Totals t = borrowing(in);
    const morpho_blue::Position p{.supply_shares = {},
                                  .borrow_shares = {in.natural("borrow_shares")},
                                  .collateral = {in.natural("collateral")}};
    const Amount owed =
        morpho_blue::assets_up(math, p.borrow_shares, t.borrow_assets, t.borrow_shares);
    const Uint256 worth =
        mul_div_down(math, t.price(), p.collateral.raw, morpho_blue::oracle_price_scale);
    const Uint256 most = mul_div_down(math, worth, t.lltv, wad);
    const bool healthy = morpho_blue::is_healthy(math, t, p);
    refuse_overflow(in, math);
    return {{"healthy", healthy}, {"borrowed", decimal(owed.raw)}, {"max_borrow", decimal(most)}};
}

json run_liquidation(Input& in) {
    Checked math;
    const morpho_blue::Totals t = borrowing(in);
    const Amount seized{in.natural_or("seized_assets", 0)};
    const morpho_blue::Shares repaid{in.natural_or("repaid_shares", 0)};
    if (seized.is_zero() == repaid.is_zero())
        in.fail_whole("gives both or neither of 'seized_assets' and 'repaid_shares'",
                      "one of them above 0");
    if (t.price() == Uint256{}) in.fail("price", "is 0", "a price above 0");
    const auto size = morpho_blue::liquidation_size(math, t, seized, repaid);
    refuse_overflow(in, math);
    return {{"seized_assets", decimal(size.seized.raw)},
            {"repaid_shares", decimal(size.repaid_shares.raw)},
            {"repaid_assets", decimal(size.repaid.raw)}};
}

constexpr std::array<Function, 8> table{{
    {.name = "morpho_blue.liquidation_incentive",
     .summary = "The liquidation incentive factor (LIF) of a market",
     .units = "lltv, factor: wad",
     .source = "morpho-blue, Morpho.sol; MORPHO-008",
     .run = run_liquidation_incentive},
    {.name = "morpho_blue.to_shares",
     .summary = "Assets to shares",
     .units = "assets: atomic; shares: shares; rounding: down or up",
     .source = "morpho-blue, SharesMathLib; MORPHO-001",
     .run = run_to_shares},
    {.name = "morpho_blue.to_assets",
     .summary = "Shares to assets",
     .units = "assets: atomic; shares: shares; rounding: down or up",
     .source = "morpho-blue, SharesMathLib; MORPHO-001",
     .run = run_to_assets},
    {.name = "morpho_blue.taylor_compounded",
     .summary = "Growth less one after some seconds at a rate: three terms (wTaylorCompounded)",
     .units = "rate: wad per second; seconds: s; growth: wad",
     .source = "morpho-blue, MathLib; MORPHO-002",
     .run = run_growth},
    {.name = "morpho_blue.exponential",
     .summary = "The rate model's e^x (wExp)",
     .units = "x, signed, and y: wad",
     .source = "morpho-blue-irm, ExpLib; MORPHO-003",
     .run = run_exponential},
    {.name = "morpho_blue.adaptive_curve_rate",
     .summary = "The adaptive curve's average rate since the last touch, and its next target",
     .units = "totals: atomic; rates: wad per second (rate_at_target 0 or none: never used); "
              "seconds: s",
     .source = "morpho-blue-irm, AdaptiveCurveIrm; MORPHO-003",
     .run = run_adaptive_curve},
    {.name = "morpho_blue.health",
     .summary = "Whether a position stands, what it owes and what it may owe",
     .units = "collateral, assets: atomic; price: 1e-36 atoms of loan per atom of collateral; "
              "lltv: wad",
     .source = "morpho-blue, Morpho.sol, _isHealthy; MORPHO-004",
     .run = run_health},
    {.name = "morpho_blue.liquidation",
     .summary = "What a liquidation by collateral seized or by shares repaid takes and pays",
     .units =
         "seized_assets, repaid_assets: atomic; repaid_shares: shares; price: 1e-36; lltv: wad",
     .source = "morpho-blue, Morpho.sol, liquidate; MORPHO-008",
     .run = run_liquidation},
}};

}  // namespace

std::span<const Function> morpho_blue_functions() {
    return table;
}

}  // namespace breakwater::calc
