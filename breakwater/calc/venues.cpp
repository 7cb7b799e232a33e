// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Rules of exchanges and pools in floating point, by name.

#include <array>

#include "breakwater/calc/families.hpp"
#include "breakwater/world/venues/exchange_rules.hpp"
#include "breakwater/world/venues/lognormal_risk.hpp"
#include "breakwater/world/venues/margin_tiers.hpp"
#include "breakwater/world/venues/pools.hpp"

namespace breakwater::calc {
namespace {

using nlohmann::json;

constexpr Bounds leverage_bounds{.min = 1.0, .expected = "a leverage of 1 or more"};

double side_of(Input& in) {
    return in.choice("side", {"long", "short"}) == 0 ? 1.0 : -1.0;
}

BracketTiers brackets_of(Input& in) {
    std::vector<MarginTier> tiers;
    double cap = 0.0;
    for (Input& b : in.objects("brackets")) {
        const MarginTier tier{.floor = b.number("floor", not_negative),
                              .rate = b.number("mmr", fraction),
                              .leverage_max = b.number("max_lev", positive)};
        if (tier.floor != cap)
            b.fail("floor", "does not begin where the bracket before ends",
                   "brackets from 0 without gaps, in order");
        cap = b.number("cap", positive);
        if (!(cap > tier.floor)) b.fail("cap", "is not above the floor", "a cap above the floor");
        tiers.push_back(tier);
    }
    if (tiers.empty()) in.fail("brackets", "is empty", "at least one bracket");
    return BracketTiers(std::move(tiers));
}

json run_binance_brackets(Input& in) {
    const BracketTiers tiers = brackets_of(in);
    const double notional = in.number("notional", not_negative);
    const std::size_t i = tiers.tier_of(notional);
    return {{"mmr", tiers.tier(i).rate},
            {"maint_amount", tiers.deduction(i)},
            {"maintenance_margin", tiers.maintenance(notional)},
            {"max_leverage", tiers.tier(i).leverage_max}};
}

json run_binance_liq_price(Input& in) {
    const BracketTiers tiers = brackets_of(in);
    const CrossAccount account{.wallet_balance = in.number("wallet_balance"),
                               .other_maintenance = in.number_or("other_mm", 0.0, not_negative),
                               .other_unrealised_profit = in.number_or("other_upnl", 0.0)};
    const int128 side = in.integer("side", -1, 1);
    if (side == 0) in.fail("side", "is 0", "1 for long, -1 for short");
    const LiquidationPrice l = liquidation_price(tiers, account,
                                                 {.side = side > 0 ? 1.0 : -1.0,
                                                  .size = in.number("size", positive),
                                                  .entry = in.number("entry", positive)});
    return {{"liq_price", l.price},
            {"mmr", tiers.tier(l.tier).rate},
            {"maint_amount", tiers.deduction(l.tier)}};
}

json run_binance_mark(Input& in) {
    const BinanceMark m =
        binance_mark(in.number("index", positive), in.number("last_funding"),
                     in.number("hours_to_funding", not_negative), in.number("ma_basis"),
                     in.number("contract_price", positive));
    return {{"price1", m.by_funding}, {"price2", m.by_basis}, {"mark", m.mark}};
}

json run_bankruptcy_linear(Input& in) {
    return {{"bankruptcy_price", bankruptcy_price_linear(side_of(in), in.number("entry", positive),
                                                         in.number("leverage", leverage_bounds))}};
}

json run_bankruptcy_inverse(Input& in) {
    const double side = side_of(in);
    const double leverage = in.number("leverage", leverage_bounds);
    if (side < 0.0 && leverage == 1.0)
        in.fail("leverage", "is 1 for a short, which is never bankrupt", "above 1 for a short");
    return {{"bankruptcy_price",
             bankruptcy_price_inverse(side, in.number("entry", positive), leverage)}};
}

json run_insurance_flow(Input& in) {
    in.optional_number("liquidation_price", positive);
    return {{"fund_delta_btc",
             insurance_fund_flow_inverse(side_of(in), in.number("contracts_usd", not_negative),
                                         in.number("bankruptcy_price", positive),
                                         in.number("exec_price", positive))}};
}

json run_adl_bitmex(Input& in) {
    const double entry = in.number("entry_value");
    const double mark = in.number("mark_value");
    const double bankrupt = in.number("bankrupt_value");
    if (entry == 0.0) in.fail("entry_value", "is 0", "a signed value other than 0");
    if (mark == bankrupt)
        in.fail("bankrupt_value", "equals the mark value", "another value than 'mark_value'");
    const AdlRank r = adl_rank_bitmex(mark, entry, bankrupt);
    return {{"pnl_pct", r.profit}, {"eff_leverage", r.leverage}, {"rank", r.rank}};
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
