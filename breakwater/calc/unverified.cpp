// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Liquidation formulas of Aave v4 and Euler v2, by name: transcribed, not replayed against the contracts.

#include <array>

#include "breakwater/calc/exact.hpp"
#include "breakwater/calc/families.hpp"
#include "breakwater/core/rulebooks/aave_v4.hpp"
#include "breakwater/core/rulebooks/euler_v2.hpp"

namespace breakwater::calc {
namespace {

using nlohmann::json;

constexpr auto one = static_cast<std::uint64_t>(wad);

BigInteger amount(Input& in, std::string_view key) {
    return BigInteger::of_unsigned(in.natural(key));
}
BigInteger divisor(Input& in, std::string_view key) {
    return BigInteger::of_unsigned(natural_above_zero(in, key));
}
std::uint64_t ratio(Input& in, std::string_view key, std::uint64_t max) {
    return static_cast<std::uint64_t>(in.natural(key, max));
}
std::uint32_t bps(Input& in, std::string_view key, std::uint32_t min, std::uint32_t max) {
    return static_cast<std::uint32_t>(in.count(key, min, max));
}

json run_aave_bonus(Input& in) {
    const aave_v4::BonusTerms terms{
        .bonus_max = bps(in, "max_bonus", 10'000, 65'535),
        .health_for_bonus_max = ratio(in, "health_factor_for_max_bonus", one - 1),
        .bonus_min_factor = bps(in, "bonus_factor", 0, 10'000)};
    return {
        {"liquidation_bonus", aave_v4::liquidation_bonus(ratio(in, "health_factor", one), terms)}};
}

json run_aave_liquidation(Input& in) {
    const aave_v4::Position p{.total_debt_value = in.big("total_debt_value"),
                              .health_factor = ratio(in, "health_factor", one),
                              .target_health = ratio(in, "target_health_factor", 10 * one),
                              .collateral_factor = bps(in, "collateral_factor", 0, 10'000),
                              .bonus = bps(in, "liquidation_bonus", 10'000, 65'535),
                              .protocol_fee = bps(in, "liquidation_fee", 0, 10'000),
                              .debt = amount(in, "debt"),
                              .debt_unit = divisor(in, "debt_unit"),
                              .debt_price = divisor(in, "debt_price"),
                              .collateral = amount(in, "collateral"),
                              .collateral_unit = divisor(in, "collateral_unit"),
                              .collateral_price = divisor(in, "collateral_price")};
    if (p.target_health < p.health_factor)
        in.fail("target_health_factor", "is below the health factor", "one to be restored");
    const auto size = aave_v4::liquidation_size(p, in.big_or("debt_to_cover", p.debt));
    if (!size) return refusal(size.error());
    return {{"debt_repaid", decimal(size->repaid)},
            {"collateral_seized", decimal(size->seized)},
            {"collateral_to_liquidator", decimal(size->to_liquidator)}};
}

json run_euler_ltv(Input& in) {
    return {{"liquidation_ltv",
             euler_v2::liquidation_ltv({.initial = bps(in, "initial_ltv", 0, 10'000),
                                        .target = bps(in, "target_ltv", 0, 10'000),
                                        .remaining = seconds_of(in, "time_remaining"),
                                        .duration = seconds_of(in, "ramp_duration")})}};
}

json run_euler_liquidation(Input& in) {
    const euler_v2::Violation v{
        .liability = amount(in, "liability"),
        .liability_value = divisor(in, "liability_value"),
        .collateral = amount(in, "collateral"),
        .collateral_value = amount(in, "collateral_value"),
        .collateral_adjusted_value = amount(in, "collateral_adjusted_value"),
        .discount_max = ratio(in, "max_liquidation_discount", one - 1)};
    const auto factor = euler_v2::discount_factor(v);
    if (!factor) return refusal(factor.error());
    const auto size = euler_v2::takeover(v, in.big_or("desired_repay", BigInteger::lost()));
    if (!size) return refusal(size.error());
    return {{"discount_factor", decimal(*factor)},
            {"repay_assets", decimal(size->repaid)},
            {"yield_balance", decimal(size->seized)}};
}

constexpr std::array<Function, 4> table{{
    {.name = "aave_v4.liquidation_bonus",
     .summary = "The bonus at a health factor below 1 (unverified)",
     .units = "bonus, factor: bps (10500 is 5 %); health: wad",
     .source = "aave-v4, LiquidationLogic.sol; AAVE4-001",
     .run = run_aave_bonus,
     .official = false},
    {.name = "aave_v4.liquidation",
     .summary = "A liquidation sized to a target health factor, no dust left (unverified)",
     .units = "value: 1e-26 USD; prices: 1e-8 USD; amounts, units: atomic; health: wad; "
              "factors: bps",
     .source = "aave-v4, LiquidationLogic.sol; AAVE4-002, AAVE4-003",
     .run = run_aave_liquidation,
     .official = false},
    {.name = "euler_v2.liquidation_ltv",
     .summary = "The liquidation LTV while it is ramped down (unverified)",
     .units = "ltv: bps; times: s",
     .source = "euler-vault-kit, LTVUtils.sol; EULER-001",
     .run = run_euler_ltv,
     .official = false},
    {.name = "euler_v2.liquidation",
     .summary =
         "The discount, and the debt and collateral that a liquidator takes over (unverified)",
     .units = "values: unit of account; amounts: atomic; discount: wad",
     .source = "euler-vault-kit, Liquidation.sol; EULER-002, EULER-003",
     .run = run_euler_liquidation,
     .official = false},
}};

}  // namespace

std::span<const Function> unverified_functions() {
    return table;
}

}  // namespace breakwater::calc
