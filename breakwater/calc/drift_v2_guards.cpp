// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Drift v2's guard rails, by the names of the program's functions.

#include "breakwater/core/rulebooks/drift_v2_guards.hpp"

#include <array>

#include "breakwater/calc/drift_v2.hpp"
#include "breakwater/calc/families.hpp"

namespace breakwater::calc {
namespace {

using nlohmann::json;
namespace drift = drift_v2;

const std::vector<std::string_view>& validities() {
    static const std::vector<std::string_view> names{
        "NonPositive", "TooVolatile", "TooUncertain", "StaleForMargin", "InsufficientDataPoints",
        "StaleForAMM", "Valid"};
    return names;
}

drift::Tier tier_of(Input& in, std::string_view key) {
    return static_cast<drift::Tier>(
        in.choice(key, {"A", "B", "C", "Speculative", "HighlySpeculative", "Isolated"}));
}

json run_validity(Input& in) {
    const drift::OracleReport report{
        .price = in.sized<std::int64_t>("oracle_price"),
        .confidence = in.sized<std::uint64_t>("oracle_confidence"),
        .delay = in.sized<std::int64_t>("oracle_delay"),
        .has_enough_points = in.flag_or("has_sufficient_number_of_data_points", true),
        .is_stablecoin = in.flag_or("is_stablecoin", false)};
    drift::GuardRails rails;
    rails.too_volatile_ratio =
        in.sized_or<std::int64_t>("too_volatile_ratio", rails.too_volatile_ratio);
    rails.confidence_max =
        in.sized_or<std::uint64_t>("confidence_interval_max_size", rails.confidence_max);
    rails.slots_before_stale_for_margin = in.sized_or<std::int64_t>(
        "slots_before_stale_for_margin", rails.slots_before_stale_for_margin);
    rails.slots_before_stale_for_amm =
        in.sized_or<std::int64_t>("slots_before_stale_for_amm", rails.slots_before_stale_for_amm);
    const std::uint64_t multiplier =
        in.has("contract_tier")
            ? drift::confidence_multiplier(tier_of(in, "contract_tier"))
            : in.sized_or<std::uint64_t>("max_confidence_interval_multiplier", 1);
    const auto validity = drift::oracle_validity(
        report, in.sized<std::int64_t>("last_oracle_price_twap"), rails, multiplier);
    if (!validity) fail_arithmetic(in);
    return {{"oracle_validity", validities()[static_cast<std::size_t>(*validity)]}};
}

json run_valid_for(Input& in) {
    const auto validity =
        static_cast<drift::OracleValidity>(in.choice("oracle_validity", validities()));
    const auto action = static_cast<drift::Action>(in.choice(
        "action", {"UpdateFunding", "SettlePnl", "TriggerOrder", "FillOrderMatch", "FillOrderAmm",
                   "Liquidate", "MarginCalc", "UpdateTwap", "UpdateAMMCurve", "OracleOrderPrice"}));
    return {{"is_valid", drift::is_oracle_valid_for(validity, action)}};
}

json run_divergent(Input& in) {
    constexpr std::int64_t half = 500'000;
    const auto is_divergent = drift::is_too_divergent(
        in.sized<std::int64_t>("oracle_price"), in.sized<std::int64_t>("oracle_twap_5min"),
        in.sized_or<std::int64_t>("max_divergence", half));
    if (!is_divergent) fail_arithmetic(in);
    return {{"is_too_divergent", *is_divergent}};
}

json run_as_safe(Input& in) {
    const auto asset = static_cast<drift::AssetTier>(
        in.choice("best_asset", {"Collateral", "Protected", "Cross", "Isolated", "Unlisted"}));
    return {{"is_as_safe_as", drift::is_as_safe_as(tier_of(in, "contract_tier"),
                                                   tier_of(in, "best_contract"), asset)}};
}

json run_min_deposit(Input& in) {
    return {{"min_deposit_token_amount",
             decimal(drift::min_deposit_token_amount(in.natural("deposit_token_twap"),
                                                     in.natural("withdraw_guard_threshold")))}};
}

json run_max_borrow(Input& in) {
    return answer(in, "max_borrow_token_amount",
                  drift::max_borrow_token_amount(
                      in.natural("deposit_token_amount"), in.natural("deposit_token_twap"),
                      in.natural("borrow_token_twap"), in.natural("withdraw_guard_threshold"),
                      in.natural_or("max_token_borrows", uint128_max),
                      in.sized_or<std::uint8_t>("pool_id", 0) == 0));
}

constexpr std::string_view oracle = "drift-labs/protocol-v2, programs/drift/src/math/oracle.rs";
constexpr std::string_view withdraw =
    "drift-labs/protocol-v2, programs/drift/src/math/spot_withdraw.rs";

constexpr std::array<Function, 6> table{{
    {.name = "drift_v2.oracle_validity",
     .summary = "Drift: the worst that can be said of an oracle report",
     .units = "prices, confidence: 1e-6; delay: slots",
     .source = oracle,
     .run = run_validity},
    {.name = "drift_v2.is_oracle_valid_for_action",
     .summary = "Drift: is such a report good enough for this action",
     .units = "names of the program",
     .source = oracle,
     .run = run_valid_for},
    {.name = "drift_v2.is_oracle_too_divergent_with_twap_5min",
     .summary = "Drift: is the oracle too far from its five-minute average to liquidate",
     .units = "prices, max_divergence: 1e-6",
     .source = "drift-labs/protocol-v2, programs/drift/src/math/orders.rs",
     .run = run_divergent},
    {.name = "drift_v2.is_as_safe_as",
     .summary = "Drift: may deposits pay the loss of a contract of this tier",
     .units = "names of the program",
     .source = "drift-labs/protocol-v2, programs/drift/src/state/perp_market.rs",
     .run = run_as_safe},
    {.name = "drift_v2.calculate_min_deposit_token_amount",
     .summary = "Drift: deposits that must stay after a withdrawal",
     .units = "10^-decimals token",
     .source = withdraw,
     .run = run_min_deposit},
    {.name = "drift_v2.calculate_max_borrow_token_amount",
     .summary = "Drift: largest sum of borrows after a withdrawal",
     .units = "10^-decimals token",
     .source = withdraw,
     .run = run_max_borrow},
}};

}  // namespace

std::span<const Function> drift_v2_guard_functions() {
    return table;
}

}  // namespace breakwater::calc
