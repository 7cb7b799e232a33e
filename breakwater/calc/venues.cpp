// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Rules of exchanges and pools, by name.

#include <array>

#include "breakwater/calc/families.hpp"
#include "breakwater/calc/wads.hpp"
#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/exchange_tiers.hpp"
#include "breakwater/core/wads.hpp"
#include "breakwater/world/venues/lognormal_risk.hpp"
#include "breakwater/world/venues/pools.hpp"

namespace breakwater::calc {
namespace {

using nlohmann::json;

constexpr Bounds leverage_bounds{.min = 1.0, .expected = "a leverage of 1 or more"};

exchange_tiers::Side side_of(Input& in) {
    using exchange_tiers::Side;
    return in.choice("side", {"long", "short"}) == 0 ? Side::long_side : Side::short_side;
}

struct StatedBrackets {
    exchange_tiers::Brackets brackets;
    std::vector<double> leverage_max;  ///< of each, as the exchange states it
};

StatedBrackets brackets_of(Input& in) {
    std::vector<exchange_tiers::Bracket> list;
    std::vector<double> leverage_max;
    BigInteger cap;
    for (Input& b : in.objects("brackets")) {
        const exchange_tiers::Bracket bracket{.floor = wad(b, "floor", not_negative),
                                              .rate = wad(b, "mmr", fraction)};
        if (bracket.floor != cap)
            b.fail("floor", "does not begin where the bracket before ends",
                   "brackets from 0 without gaps, in order");
        leverage_max.push_back(b.number("max_lev", positive));
        cap = wad(b, "cap", positive);
        if (cap <= bracket.floor) b.fail("cap", "is not above the floor", "a cap above the floor");
        list.push_back(bracket);
    }
    if (list.empty()) in.fail("brackets", "is empty", "at least one bracket");
    auto brackets = exchange_tiers::Brackets::of(std::move(list));
    REQUIRE(brackets.has_value());  // they begin at 0 and have no gap
    return {.brackets = std::move(*brackets), .leverage_max = std::move(leverage_max)};
}

double deduction(const Input& in, const exchange_tiers::Brackets& brackets, std::size_t i) {
    return from_wad(in, div_toward_zero(brackets.deduction(i), wads::one()));
}

json run_binance_brackets(Input& in) {
    const StatedBrackets stated = brackets_of(in);
    const exchange_tiers::Brackets& brackets = stated.brackets;
    const BigInteger notional = wad(in, "notional", not_negative);
    const std::size_t i = brackets.at(notional);
    return {{"mmr", from_wad(in, brackets.bracket(i).rate)},
            {"maint_amount", deduction(in, brackets, i)},
            {"maintenance_margin", from_wad(in, brackets.maintenance(notional))},
            {"max_leverage", stated.leverage_max[i]}};
}

json run_binance_liq_price(Input& in) {
    using exchange_tiers::Side;
    const exchange_tiers::Brackets brackets = brackets_of(in).brackets;
    const exchange_tiers::CrossAccount account{
        .wallet_balance = wad(in, "wallet_balance"),
        .other_maintenance = wad_or(in, "other_mm", 0.0, not_negative),
        .other_unrealised_profit = wad_or(in, "other_upnl", 0.0)};
    const int128 side = in.integer("side", -1, 1);
    if (side == 0) in.fail("side", "is 0", "1 for long, -1 for short");
    const auto l =
        exchange_tiers::liquidation_price(brackets, account,
                                          {.side = side > 0 ? Side::long_side : Side::short_side,
                                           .size = wad(in, "size", positive),
                                           .entry = wad(in, "entry", positive)});
    if (!l) in.fail_whole("is liquidated at no price", "maintenance rates below 1");
    return {{"liq_price", from_wad(in, l->price)},
            {"mmr", from_wad(in, brackets.bracket(l->bracket).rate)},
            {"maint_amount", deduction(in, brackets, l->bracket)}};
}

json run_binance_mark(Input& in) {
    const auto m =
        exchange_tiers::mark_price({.index = wad(in, "index", positive),
                                    .last_funding = wad(in, "last_funding"),
                                    .hours_to_funding = wad(in, "hours_to_funding", not_negative),
                                    .basis_average = wad(in, "ma_basis"),
                                    .last = wad(in, "contract_price", positive)});
    return {{"price1", from_wad(in, m.by_funding)},
            {"price2", from_wad(in, m.by_basis)},
            {"mark", from_wad(in, m.mark)}};
}

json run_bankruptcy_linear(Input& in) {
    return {{"bankruptcy_price", from_wad(in, exchange_tiers::bankruptcy_price_linear(
                                                  side_of(in), wad(in, "entry", positive),
                                                  wad(in, "leverage", leverage_bounds)))}};
}

json run_bankruptcy_inverse(Input& in) {
    const auto side = side_of(in);
    const BigInteger leverage = wad(in, "leverage", leverage_bounds);
    if (side == exchange_tiers::Side::short_side && leverage == wads::one())
        in.fail("leverage", "is 1 for a short, which is never bankrupt", "above 1 for a short");
    return {{"bankruptcy_price", from_wad(in, exchange_tiers::bankruptcy_price_inverse(
                                                  side, wad(in, "entry", positive), leverage))}};
}

json run_insurance_flow(Input& in) {
    in.optional_number("liquidation_price", positive);
    return {{"fund_delta_btc", from_wad(in, exchange_tiers::insurance_fund_flow_inverse(
                                                side_of(in), wad(in, "contracts_usd", not_negative),
                                                wad(in, "bankruptcy_price", positive),
                                                wad(in, "exec_price", positive)))}};
}

json run_adl_bitmex(Input& in) {
    const BigInteger entry = wad(in, "entry_value");
    const BigInteger mark = wad(in, "mark_value");
    const BigInteger bankrupt = wad(in, "bankrupt_value");
    if (entry.sign() == 0) in.fail("entry_value", "is 0", "a signed value other than 0");
    if (mark == bankrupt)
        in.fail("bankrupt_value", "equals the mark value", "another value than 'mark_value'");
    const exchange_tiers::AdlRank r = exchange_tiers::adl_rank(mark, entry, bankrupt);
    return {{"pnl_pct", from_wad(in, r.profit)},
            {"eff_leverage", from_wad(in, r.leverage)},
            {"rank", from_wad(in, r.rank)}};
}

json run_synthetix_fill(Input& in) {
    return {{"fill_price", synthetix::fill_price(in.number("skew"), in.number("size"),
                                                 in.number("oracle", positive),
                                                 in.number("skew_scale", positive))}};
}

json run_synthetix_margin(Input& in) {
    const synthetix::MarginRules rules{
        .skew_scale = in.number("skew_scale", positive),
        .initial_ratio = in.number("initial_margin_ratio", not_negative),
        .initial_ratio_min = in.number("min_initial_margin_ratio", not_negative),
        .maintenance_scalar = in.number("maintenance_scalar", not_negative),
        .minimum_position_margin = in.number("minimum_position_margin", not_negative)};
    const auto m =
        synthetix::required_margins(in.number("size"), in.number("price", positive), rules);
    return {{"im_ratio", m.initial_ratio},
            {"mm_ratio", m.maintenance_ratio},
            {"im", m.initial},
            {"mm", m.maintenance}};
}

json run_synthetix_window(Input& in) {
    return {{"max_liquidation_amount_in_window",
             synthetix::liquidation_window(
                 in.number("maker_fee", not_negative), in.number("taker_fee", not_negative),
                 in.number("skew_scale", positive), in.number("multiplier", not_negative),
                 in.number("window_s", not_negative))}};
}

json run_gmx_adl(Input& in) {
    const double ratio = in.number("side_pnl_usd") / in.number("side_pool_usd", positive);
    return {{"pnl_to_pool", ratio},
            {"adl_enabled", ratio > in.number("max_pnl_factor_for_adl", not_negative)}};
}

json run_gmx_liquidatable(Input& in) {
    const auto l =
        gmx::liquidatable({.collateral = in.number("collateral_usd", not_negative),
                           .profit = in.number("pnl"),
                           .capped_negative_impact = in.number("capped_neg_price_impact"),
                           .fees = in.number("fees"),
                           .size = in.number("size_usd", not_negative)},
                          in.number("min_collateral_factor_for_liquidation", fraction),
                          in.number("min_collateral_usd", not_negative));
    return {{"remaining", l.remaining}, {"liquidatable", l.is_liquidatable}};
}

json run_gmx_impact(Input& in) {
    return {
        {"impact_usd",
         gmx::price_impact(in.number("initial_diff_usd"), in.number("next_diff_usd"),
                           in.number("exponent", positive), in.number("factor", not_negative))}};
}

json run_vega_factors(Input& in) {
    const LognormalModel model{.drift = in.number_or("mu", 0.0),
                               .volatility = in.number("sigma", not_negative)};
    const RiskFactors f = vega_risk_factors(model, in.number("risk_aversion", open_fraction),
                                            in.number("tau_years", not_negative));
    return {{"risk_factor_long", f.long_side}, {"risk_factor_short", f.short_side}};
}

json run_vega_bounds(Input& in) {
    if (in.has("day_count")) in.choice("day_count", {"365.25*86400"});
    const LognormalModel model{.drift = in.number_or("mu", 0.0),
                               .volatility = in.number("sigma", not_negative)};
    const PriceBand b =
        vega_price_bounds(model, in.number("ref", positive),
                          in.number("horizon_s", not_negative) / vega_seconds_per_year,
                          in.number("probability", open_fraction));
    return {{"min", b.min}, {"max", b.max}};
}

constexpr std::array<Function, 15> table{{
    {.name = "binance_brackets",
     .summary = "Binance: maintenance margin by leverage brackets",
     .units = "floor, cap, notional, margin: quote; mmr: rate",
     .source = "Binance leverage and margin tiers",
     .run = run_binance_brackets},
    {.name = "binance_liq_price",
     .summary = "Binance: liquidation price, cross margin, one-way",
     .units = "balances, prices: quote; size: base; side: 1 long, -1 short",
     .source = "binance.com/en/support/faq/b3c689c1f50a",
     .run = run_binance_liq_price},
    {.name = "binance_mark_price",
     .summary = "Binance: mark price as median of three",
     .units = "quote; last_funding: rate per 8 h",
     .source = "binance.com/ko/support/faq/fff6ec1b3f58",
     .run = run_binance_mark},
    {.name = "bankruptcy_price_linear",
     .summary = "Price at which a linear position's margin is gone",
     .units = "prices: quote; side: long, short",
     .source = "linear contract",
     .run = run_bankruptcy_linear},
    {.name = "bankruptcy_price_inverse",
     .summary = "Bybit: price at which an inverse position's margin is gone",
     .units = "prices: quote; side: long, short",
     .source = "help.bybit.com/hc/en-us/articles/900000031623",
     .run = run_bankruptcy_inverse},
    {.name = "insurance_fund_flow",
     .summary = "Bybit: what the insurance fund gains from an inverse position",
     .units = "prices: USD; contracts_usd: USD; result: BTC",
     .source = "bybit.com/en/help-center/article/Insurance-Fund",
     .run = run_insurance_flow},
    {.name = "adl_rank_bitmex",
     .summary = "BitMEX lineage: rank in the auto-deleveraging queue",
     .units = "values: signed, a short's negative",
     .source = "support.poloniex.com, Auto-Deleveraging System",
     .run = run_adl_bitmex},
    {.name = "synthetix_fill_price",
     .summary = "Synthetix v3: price of an order against the skew",
     .units = "skew, size, skew_scale: base; prices: USD",
     .source = "synthetix-v3 AsyncOrder.sol calculateFillPrice",
     .run = run_synthetix_fill},
    {.name = "synthetix_margin",
     .summary = "Synthetix v3: initial and maintenance margin",
     .units = "size, skew_scale: base; margins: USD",
     .source = "synthetix-v3 PerpsMarketConfiguration.calculateRequiredMargins",
     .run = run_synthetix_margin},
    {.name = "synthetix_liq_window",
     .summary = "Synthetix v3: what may be liquidated in a window",
     .units = "skew_scale, result: base; window_s: s",
     .source = "synthetix-v3 PerpsMarketConfiguration.maxLiquidationAmountInWindow",
     .run = run_synthetix_window},
    {.name = "gmx_adl_trigger",
     .summary = "GMX v2: is a side's profit too large for the pool",
     .units = "USD; ratio",
     .source = "gmx-synthetics MarketUtils.isPnlFactorExceeded",
     .run = run_gmx_adl},
    {.name = "gmx_liquidatable",
     .summary = "GMX v2: may a position be liquidated",
     .units = "USD",
     .source = "gmx-synthetics PositionUtils.isPositionLiquidatable",
     .run = run_gmx_liquidatable},
    {.name = "gmx_price_impact",
     .summary = "GMX v2: price impact of a change of imbalance",
     .units = "USD; below 0: paid",
     .source = "gmx-synthetics README, price impact",
     .run = run_gmx_impact},
    {.name = "vega_lognormal_rf",
     .summary = "Vega: margin per unit of price, expected shortfall of a lognormal price",
     .units = "tau_years: years of 365.25 days; sigma: per √year; factors: share of price",
     .source = "Vega whitepaper; vegaprotocol/specs 0018-RSKM",
     .run = run_vega_factors},
    {.name = "vega_price_bounds",
     .summary = "Vega: the band outside which trading pauses",
     .units = "ref, min, max: quote; horizon_s: s; sigma: per √year",
     .source = "vegaprotocol/specs 0032-PRIM",
     .run = run_vega_bounds},
}};

}  // namespace

std::span<const Function> venue_functions() {
    return table;
}

}  // namespace breakwater::calc
