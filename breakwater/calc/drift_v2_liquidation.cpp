// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Drift v2's liquidations and bankruptcies, by the names of the program's functions.

#include "breakwater/core/rulebooks/drift_v2_liquidation.hpp"

#include <array>

#include "breakwater/calc/drift_v2.hpp"
#include "breakwater/calc/families.hpp"

namespace breakwater::calc {
namespace {

using nlohmann::json;
namespace drift = drift_v2;

drift::PerpLiquidation perp_of(Input& in, std::string_view fee_key) {
    return {.margin_shortage = in.natural("margin_shortage"),
            .margin_ratio = in.sized<std::uint32_t>("margin_ratio"),
            .liquidation_fee = in.sized<std::uint32_t>(fee_key),
            .oracle_price = in.sized<std::int64_t>("oracle_price"),
            .quote_oracle_price =
                in.sized_or<std::int64_t>("quote_oracle_price", drift::price_precision)};
}

json run_base_amount(Input& in) {
    return answer(
        in, "base_asset_amount",
        drift::base_asset_amount_to_cover(perp_of(in, "liquidation_fee"),
                                          in.sized_or<std::uint32_t>("if_liquidation_fee", 0)));
}

json run_perp_if_fee(Input& in) {
    return answer(in, "if_liquidation_fee",
                  drift::perp_if_fee(perp_of(in, "liquidator_fee"),
                                     in.sized<std::uint64_t>("user_base_asset_amount"),
                                     in.sized<std::uint32_t>("max_if_liquidation_fee")));
}

json run_fee(Input& in) {
    return answer(in, "liquidation_fee",
                  drift::liquidation_fee(in.sized<std::uint32_t>("base_liquidation_fee"),
                                         in.sized<std::uint32_t>("max_liquidation_fee"),
                                         in.sized<std::uint64_t>("last_active_user_slot"),
                                         in.sized<std::uint64_t>("current_slot")));
}

json run_max_pct(Input& in) {
    const drift::Pace pace{
        .margin_shortage = in.natural("margin_shortage"),
        .margin_freed = in.sized_or<std::uint64_t>("liquidation_margin_freed", 0),
        .last_active_slot = in.sized<std::uint64_t>("last_active_slot"),
        .slot = in.sized<std::uint64_t>("slot"),
        .initial_pct = in.natural("initial_pct_to_liquidate"),
        .duration = in.natural("liquidation_duration")};
    return answer(in, "max_pct_to_liquidate", drift::max_pct_to_liquidate(pace));
}

/// @param with of "weight", "amounts" (decimals and price)
drift::SpotSide side_of(Input& in, const std::string& side, bool has_weight, bool has_amounts) {
    drift::SpotSide out{.multiplier = in.sized<std::uint32_t>(side + "_liquidation_multiplier")};
    if (has_weight) out.weight = in.sized<std::uint32_t>(side + "_weight");
    if (has_amounts) {
        out.decimals = in.sized<std::uint32_t>(side + "_decimals");
        out.price = in.sized<std::int64_t>(side + "_price");
    }
    return out;
}

json run_transfer(Input& in) {
    return answer(in, "liability_transfer",
                  drift::liability_transfer_to_cover(
                      in.natural("margin_shortage"), side_of(in, "asset", true, false),
                      side_of(in, "liability", true, true),
                      in.sized_or<std::uint32_t>("if_liquidation_fee", 0)));
}

json run_implied(Input& in) {
    return answer(in, "liability_transfer",
                  drift::liability_transfer_implied(in.natural("asset_amount"),
                                                    side_of(in, "asset", false, true),
                                                    side_of(in, "liability", false, true)));
}

json run_asset_transfer(Input& in) {
    return answer(in, "asset_transfer",
                  drift::asset_transfer(
                      in.natural("asset_amount"), side_of(in, "asset", false, true),
                      in.natural("liability_amount"), side_of(in, "liability", false, true)));
}

json run_spot_if_fee(Input& in) {
    return answer(
        in, "if_liquidation_fee",
        drift::spot_if_fee(in.natural("margin_shortage"), in.natural("token_amount"),
                           side_of(in, "asset", true, false), side_of(in, "liability", true, true),
                           in.sized<std::uint32_t>("max_if_fee")));
}

json run_funding_delta(Input& in) {
    return answer(in, "funding_rate_delta",
                  drift::funding_rate_delta_to_resolve(in.integer("loss"),
                                                       in.integer("base_asset_amount_long"),
                                                       in.integer("base_asset_amount_short")));
}

json run_interest_delta(Input& in) {
    return answer(in, "cumulative_deposit_interest_delta",
                  drift::deposit_interest_delta_to_resolve(
                      in.natural("cumulative_deposit_interest"), in.natural("borrow"),
                      in.natural("total_deposits")));
}

json run_bankruptcy(Input& in) {
    const auto payers =
        drift::resolve_perp_bankruptcy(in.natural("loss"), in.natural("quote_max_insurance"),
                                       in.natural_or("quote_settled_insurance", 0),
                                       in.natural("insurance_vault"), in.natural_or("fee_pool", 0));
    json out = {{"insurance", decimal(payers.insurance)},
                {"fee_pool", decimal(payers.fee_pool)},
                {"socialised", decimal(payers.socialised)}};
    if (in.has("base_asset_amount_long")) {
        if (payers.socialised > uint128_max >> 1U) fail_arithmetic(in);
        out.update(
            answer(in, "funding_rate_delta",
                   drift::funding_rate_delta_to_resolve(static_cast<int128>(payers.socialised),
                                                        in.integer("base_asset_amount_long"),
                                                        in.integer("base_asset_amount_short"))));
    }
    return out;
}

constexpr std::string_view code = "drift-labs/protocol-v2, programs/drift/src/math/liquidation.rs";
constexpr std::string_view swap_units =
    "10^-decimals token; weights: 1e-4; multipliers, fees, prices: 1e-6; shortage: 1e-6 quote";

constexpr std::array<Function, 11> table{{
    {.name = "drift_v2.calculate_base_asset_amount_to_cover_margin_shortage",
     .summary = "Drift: how much of a position to close",
     .units = "shortage: 1e-6 quote; ratio: 1e-4; fees, prices: 1e-6; result: 1e-9 base",
     .source = code,
     .run = run_base_amount},
    {.name = "drift_v2.calculate_perp_if_fee",
     .summary = "Drift: insurance fund's fee that bankrupts nobody",
     .units = "shortage: 1e-6 quote; size: 1e-9 base; ratio: 1e-4; fees, prices: 1e-6",
     .source = code,
     .run = run_perp_if_fee},
    {.name = "drift_v2.get_liquidation_fee",
     .summary = "Drift: liquidator's fee, rising with the user's idle slots",
     .units = "fees: 1e-6; slots",
     .source = code,
     .run = run_fee},
    {.name = "drift_v2.calculate_max_pct_to_liquidate",
     .summary = "Drift: share of the shortage that may be freed now",
     .units = "shortage, freed: 1e-6 quote; shares: 1e-4; slots",
     .source = code,
     .run = run_max_pct},
    {.name = "drift_v2.calculate_liability_transfer_to_cover_margin_shortage",
     .summary = "Drift: how much of a borrow to swap",
     .units = swap_units,
     .source = code,
     .run = run_transfer},
    {.name = "drift_v2.calculate_liability_transfer_implied_by_asset_amount",
     .summary = "Drift: the borrow that a deposit pays for, up",
     .units = swap_units,
     .source = code,
     .run = run_implied},
    {.name = "drift_v2.calculate_asset_transfer_for_liability_transfer",
     .summary = "Drift: the deposit that a borrow costs, down",
     .units = swap_units,
     .source = code,
     .run = run_asset_transfer},
    {.name = "drift_v2.calculate_spot_if_fee",
     .summary = "Drift: insurance fund's fee of a borrow's liquidation",
     .units = swap_units,
     .source = code,
     .run = run_spot_if_fee},
    {.name = "drift_v2.calculate_funding_rate_deltas_to_resolve_bankruptcy",
     .summary = "Drift: a loss spread over every open unit of both sides, up",
     .units = "loss: 1e-6 quote; amounts: 1e-9 base; result: 1e-9 quote per base",
     .source = code,
     .run = run_funding_delta},
    {.name = "drift_v2.calculate_cumulative_deposit_interest_delta_to_resolve_bankruptcy",
     .summary = "Drift: a loss spread over all depositors, up",
     .units = "interest: 1e-10; borrow, deposits: token",
     .source = code,
     .run = run_interest_delta},
    {.name = "drift_v2.resolve_perp_bankruptcy",
     .summary = "Drift: insurance, fee pool, then everybody",
     .units = "1e-6 quote; amounts: 1e-9 base",
     .source = "drift-labs/protocol-v2, programs/drift/src/controller/liquidation.rs",
     .run = run_bankruptcy},
}};

}  // namespace

std::span<const Function> drift_v2_liquidation_functions() {
    return table;
}

}  // namespace breakwater::calc
