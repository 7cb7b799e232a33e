// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// dYdX v4's margin, risk and funding, by name. Two functions are of the analytic vectors and in
/// floating point: dydx_oimf and, with block numbers, dydx_withdraw_gate.

#include "breakwater/core/rulebooks/dydx_v4.hpp"

#include <array>

#include "breakwater/calc/dydx_v4.hpp"
#include "breakwater/calc/families.hpp"
#include "breakwater/core/rulebooks/dydx_v4_premium.hpp"

namespace breakwater::calc {

namespace dydx = dydx_v4;

dydx::Conversion conversion_of(Input& in) {
    constexpr int128 exponent_max = 100;
    return {
        .atomic_resolution =
            static_cast<std::int32_t>(in.integer("atomic_resolution", -exponent_max, exponent_max)),
        .price = in.sized<std::uint64_t>("price"),
        .exponent = static_cast<std::int32_t>(in.integer("exponent", -exponent_max, exponent_max))};
}

std::uint32_t ppm_of(Input& in, std::string_view key) {
    return static_cast<std::uint32_t>(in.natural(key, dydx::one_million));
}

std::string text_of(Input& in, const BigInteger& value) {
    if (value.is_lost())
        in.fail_whole("gives a result beyond 512 bits or divides by 0", "numbers of ordinary size");
    return decimal(value);
}

namespace {

using nlohmann::json;

dydx::LiquidityTier tier_of(Input& in) {
    dydx::LiquidityTier tier{.initial_margin_ppm = ppm_of(in, "initial_margin_ppm")};
    if (in.has("maintenance_fraction_ppm"))
        tier.maintenance_fraction_ppm = ppm_of(in, "maintenance_fraction_ppm");
    tier.open_interest_lower_cap = in.sized_or<std::uint64_t>("open_interest_lower_cap", 0);
    tier.open_interest_upper_cap = in.sized_or<std::uint64_t>("open_interest_upper_cap", 0);
    if (tier.open_interest_lower_cap > tier.open_interest_upper_cap)
        in.fail("open_interest_lower_cap", "is above the upper cap", "a lower cap, 0 to the upper");
    return tier;
}

dydx::LiquidityTier full_tier_of(Input& in) {
    ppm_of(in, "maintenance_fraction_ppm");
    return tier_of(in);
}

dydx::Risk risk_of(Input in) {
    dydx::Risk risk{.net_collateral = in.big("net_collateral"),
                    .initial_margin = in.big_or("initial_margin", 0),
                    .maintenance_margin = in.big("maintenance_margin")};
    if (risk.maintenance_margin.sign() < 0)
        in.fail("maintenance_margin", "is below 0", "an integer, 0 or more");
    return risk;
}

json run_notional(Input& in) {
    return {{"notional", text_of(in, dydx::notional(in.big("base_quantums"), conversion_of(in)))}};
}

json run_base_quantums(Input& in) {
    return {{"base_quantums",
             text_of(in, dydx::base_quantums(in.big("quote_quantums"), conversion_of(in)))}};
}

json run_imf(Input& in) {
    const auto imf = dydx::initial_margin_fraction(tier_of(in), in.big("open_notional"));
    return {{"initial_margin_fraction_ppm", text_of(in, imf)}};
}

json run_initial_margin(Input& in) {
    const std::uint32_t custom = in.has("custom_imf_ppm") ? ppm_of(in, "custom_imf_ppm") : 0;
    const auto margin = dydx::initial_margin(in.big("notional"), tier_of(in),
                                             in.big_or("open_notional", 0), custom);
    return {{"initial_margin", text_of(in, margin)}};
}

json run_maintenance_margin(Input& in) {
    return {{"maintenance_margin",
             text_of(in, dydx::maintenance_margin(in.big("notional"), full_tier_of(in)))}};
}

json risk_json(Input& in, const dydx::Risk& risk) {
    return {{"net_collateral", text_of(in, risk.net_collateral)},
            {"initial_margin", text_of(in, risk.initial_margin)},
            {"maintenance_margin", text_of(in, risk.maintenance_margin)},
            {"is_initial_collateralized", dydx::is_initial_collateralized(risk)},
            {"is_maintenance_collateralized", dydx::is_maintenance_collateralized(risk)},
            {"is_liquidatable", dydx::is_liquidatable(risk)}};
}

json run_subaccount_risk(Input& in) {
    dydx::Risk total{.net_collateral = in.big_or("quote_balance", 0),
                     .initial_margin = 0,
                     .maintenance_margin = 0};
    for (Input& p : in.objects("positions")) {
        const dydx::Conversion conversion = conversion_of(p);
        const dydx::LiquidityTier tier = full_tier_of(p);
        const BigInteger value = dydx::notional(p.big("base_quantums"), conversion);
        const BigInteger open = dydx::notional(p.big_or("open_interest", 0), conversion);
        const std::uint32_t custom = p.has("custom_imf_ppm") ? ppm_of(p, "custom_imf_ppm") : 0;
        total =
            total + dydx::Risk{.net_collateral = value + p.big_or("quote_balance", 0),
                               .initial_margin = dydx::initial_margin(value, tier, open, custom),
                               .maintenance_margin = dydx::maintenance_margin(value, tier)};
    }
    return risk_json(in, total);
}

json run_is_liquidatable(Input& in) {
    return {{"is_liquidatable", dydx::is_liquidatable(risk_of(in))}};
}

json run_compare_risk(Input& in) {
    const dydx::Risk a = risk_of(in.object("a"));
    const dydx::Risk b = risk_of(in.object("b"));
    return {{"cmp", dydx::compare(a, b)}};
}

json run_update(Input& in) {
    const dydx::Risk before = risk_of(in.object("before"));
    const dydx::Risk after = risk_of(in.object("after"));
    switch (dydx::undercollateralized_update(before, after)) {
        case dydx::UpdateResult::success:
            return {{"result", "success"}};
        case dydx::UpdateResult::newly_undercollateralized:
            return {{"result", "newly_undercollateralized"}};
        case dydx::UpdateResult::still_undercollateralized:
            break;
    }
    return {{"result", "still_undercollateralized"}};
}

json run_funding_rate(Input& in) {
    const auto clamp =
        dydx::funding_clamp(full_tier_of(in), in.sized<std::uint32_t>("clamp_factor_ppm"));
    const auto rate =
        dydx::funding_rate(in.big("premium_ppm"), in.big_or("default_funding_ppm", 0), clamp);
    return {{"clamp_ppm", text_of(in, clamp)}, {"funding_rate_ppm", text_of(in, rate)}};
}

json run_funding_index(Input& in) {
    const auto delta = dydx::funding_index_delta(
        in.big("funding_rate_8h_ppm"), in.sized<std::uint32_t>("seconds"), conversion_of(in));
    return {{"funding_index_delta", text_of(in, delta)}};
}

json run_settlement(Input& in) {
    BigInteger sum = 0;
    for (Input& p : in.objects("positions"))
        sum = sum + dydx::funding_settlement_ppm(p.big("base_quantums"), p.big("funding_index"),
                                                 p.big("position_index"));
    return {{"settlement", text_of(in, dydx::funding_settlement(sum))}};
}

std::vector<std::int32_t> premiums_of(Input& in, std::string_view key, std::size_t least) {
    std::vector<std::int32_t> out;
    for (const int128 x : in.integers(key)) {
        if (x < INT32_MIN || x > INT32_MAX)
            in.fail(key, "holds " + decimal(x), "integers of 32 bits");
        out.push_back(static_cast<std::int32_t>(x));
    }
    if (out.empty() && least == 0) in.fail(key, "is empty", "at least one value");
    return out;
}

json run_premium_sample(Input& in) {
    const std::size_t least = in.count_or("min_votes", 0, 0, 1'000'000);
    return {{"premium_ppm", dydx::premium_sample(premiums_of(in, "votes", least), least)}};
}

json run_premium_hour(Input& in) {
    const std::size_t least = in.count_or("min_samples", 0, 0, 1'000'000);
    const std::uint32_t tail = in.has("tail_removal_ppm") ? ppm_of(in, "tail_removal_ppm") : 0;
    return {{"premium_ppm", dydx::premium_of_hour(premiums_of(in, "samples", least), least, tail)}};
}

/// The open-interest fraction without its rounding to ppm.
json run_oimf(Input& in) {
    const double base = in.number("base_imf", fraction);
    const double lower = in.number("lower", not_negative);
    const double upper = in.number("upper", not_negative);
    const double open = in.number("open_notional", not_negative);
    if (lower > upper) in.fail("lower", "is above 'upper'", "a lower cap up to the upper");
    if (upper == 0.0 || open <= lower) return {{"imf", base}};
    if (open >= upper) return {{"imf", 1.0}};
    return {{"imf", base + (1.0 - base) * (open - lower) / (upper - lower)}};
}

constexpr std::string_view code = "dydxprotocol/v4-chain, protocol/x/perpetuals, lib";

constexpr std::array<Function, 14> table{{
    {.name = "dydx_v4.notional",
     .summary = "dYdX: value of a size, toward zero",
     .units = "base quantums; price · 10^exponent; result: quote quantums",
     .source = code,
     .run = run_notional},
    {.name = "dydx_v4.base_quantums",
     .summary = "dYdX: size of a value, toward zero",
     .units = "quote quantums; price · 10^exponent; result: base quantums",
     .source = code,
     .run = run_base_quantums},
    {.name = "dydx_v4.initial_margin_fraction",
     .summary = "dYdX: initial margin fraction at an open interest (OIMF), down",
     .units = "ppm; caps, open_notional: quote quantums",
     .source = code,
     .run = run_imf},
    {.name = "dydx_v4.initial_margin",
     .summary = "dYdX: initial margin requirement (IMR), up",
     .units = "ppm; notional, open_notional, result: quote quantums",
     .source = code,
     .run = run_initial_margin},
    {.name = "dydx_v4.maintenance_margin",
     .summary = "dYdX: maintenance margin requirement (MMR), up twice",
     .units = "ppm; notional, result: quote quantums",
     .source = code,
     .run = run_maintenance_margin},
    {.name = "dydx_v4.subaccount_risk",
     .summary = "dYdX: net collateral and requirements of an account's positions",
     .units = "base_quantums, open_interest: base; others: quote quantums",
     .source = code,
     .run = run_subaccount_risk},
    {.name = "dydx_v4.is_liquidatable",
     .summary = "dYdX: maintenance margin above 0 and above net collateral",
     .units = "quote quantums",
     .source = "dydxprotocol/v4-chain, protocol/lib/margin/risk.go",
     .run = run_is_liquidatable},
    {.name = "dydx_v4.compare_risk",
     .summary = "dYdX: which of two accounts is riskier: -1, 0, 1 (1: a)",
     .units = "quote quantums",
     .source = "dydxprotocol/v4-chain, protocol/lib/margin/risk.go",
     .run = run_compare_risk},
    {.name = "dydx_v4.undercollateralized_update",
     .summary = "dYdX: may an undercollateralised account do this",
     .units = "quote quantums; success, newly_ or still_undercollateralized",
     .source = "dydxprotocol/v4-chain, protocol/x/subaccounts/lib/updates.go",
     .run = run_update},
    {.name = "dydx_v4.funding_rate",
     .summary = "dYdX: clamped funding rate of eight hours",
     .units = "ppm",
     .source = code,
     .run = run_funding_rate},
    {.name = "dydx_v4.funding_index_delta",
     .summary = "dYdX: change of the funding index, toward zero",
     .units = "rate: ppm per 8 h; seconds: s; result: ppm of quote per base quantum",
     .source = code,
     .run = run_funding_index},
    {.name = "dydx_v4.funding_settlement",
     .summary = "dYdX: what an account gets when its indices catch up, down",
     .units = "base quantums; indices: ppm; result: quote quantums",
     .source = code,
     .run = run_settlement},
    {.name = "dydx_v4.premium_sample",
     .summary = "dYdX: median of a minute's premium votes",
     .units = "ppm",
     .source = code,
     .run = run_premium_sample},
    {.name = "dydx_v4.premium_of_hour",
     .summary = "dYdX: mean of an hour's premium samples, toward zero",
     .units = "ppm",
     .source = code,
     .run = run_premium_hour},
}};

constexpr std::array<Function, 1> analytic{{
    {.name = "dydx_oimf",
     .summary = "dYdX: initial margin fraction at an open interest, not rounded",
     .units = "open_notional, lower, upper: quote; imf: share",
     .source = "dydxprotocol/v4-chain, liquidity_tier.go",
     .run = run_oimf},
}};

}  // namespace

std::span<const Function> dydx_v4_functions() {
    return table;
}

std::span<const Function> dydx_analytic_functions() {
    return analytic;
}

}  // namespace breakwater::calc
