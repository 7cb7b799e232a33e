// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Drift v2's weights and margin, by the names of the program's functions.

#include "breakwater/core/rulebooks/drift_v2.hpp"

#include <array>

#include "breakwater/calc/drift_v2.hpp"
#include "breakwater/calc/families.hpp"

namespace breakwater::calc {

namespace drift = drift_v2;

void fail_arithmetic(Input& in) {
    in.fail_whole("makes the program's checked arithmetic fail",
                  "numbers that fit its integers, and no division by 0");
}

drift::MarginType margin_type_of(Input& in) {
    return static_cast<drift::MarginType>(
        in.choice("margin_type", {"Initial", "Fill", "Maintenance"}));
}

namespace {

using nlohmann::json;

json run_premium(Input& in) {
    std::uint32_t precision = drift::margin_precision;
    if (in.has("precision"))
        precision = static_cast<std::uint32_t>(in.integer("precision", 1, UINT32_MAX));
    return answer(in, "liability_weight",
                  drift::size_premium_liability_weight(
                      in.natural("size"), in.sized<std::uint32_t>("imf_factor"),
                      in.sized<std::uint32_t>("liability_weight"), precision));
}

json run_discount(Input& in) {
    return answer(
        in, "asset_weight",
        drift::size_discount_asset_weight(in.natural("size"), in.sized<std::uint32_t>("imf_factor"),
                                          in.sized<std::uint32_t>("asset_weight")));
}

json run_margin_ratio(Input& in) {
    const drift::MarginRatios ratios{
        .initial = in.sized<std::uint32_t>("margin_ratio_initial"),
        .maintenance = in.sized<std::uint32_t>("margin_ratio_maintenance"),
        .imf_factor = in.sized_or<std::uint32_t>("imf_factor", 0)};
    return answer(in, "margin_ratio",
                  drift::margin_ratio(in.natural("size"), ratios, margin_type_of(in)));
}

json run_scaled_weight(Input& in) {
    return answer(in, "asset_weight",
                  drift::scaled_initial_asset_weight(
                      in.sized<std::uint32_t>("initial_asset_weight"),
                      in.sized<std::uint64_t>("scale_initial_asset_weight_start"),
                      in.natural("deposit_value")));
}

json run_worst_case(Input& in) {
    const auto worst = drift::worst_case_base_asset_amount(
        in.sized<std::int64_t>("base_asset_amount"), in.sized<std::int64_t>("open_bids"),
        in.sized<std::int64_t>("open_asks"), in.sized_or<std::int64_t>("oracle_price", 1'000'000));
    if (!worst) fail_arithmetic(in);
    return {{"worst_case_base_asset_amount", decimal(worst->base)},
            {"liability_value", decimal(worst->value)}};
}

json run_requirement(Input& in) {
    const auto value = drift::base_asset_value(in.integer("worst_case_base_asset_amount"),
                                               in.sized<std::int64_t>("oracle_price"));
    if (!value) fail_arithmetic(in);
    return answer(in, "margin_requirement",
                  drift::perp_margin_requirement(
                      *value, in.sized<std::uint32_t>("margin_ratio"),
                      in.sized_or<std::uint32_t>("open_orders", 0),
                      in.sized_or<std::int64_t>("quote_price", drift::price_precision)));
}

json run_unrealised_weight(Input& in) {
    const drift::UnrealisedRules rules{
        .initial_weight = in.sized<std::uint32_t>("unrealized_pnl_initial_asset_weight"),
        .maintenance_weight = in.sized<std::uint32_t>("unrealized_pnl_maintenance_asset_weight"),
        .imf_factor = in.sized_or<std::uint32_t>("unrealized_pnl_imf_factor", 0),
        .max_imbalance = in.sized_or<std::uint64_t>("unrealized_pnl_max_imbalance", 0)};
    return answer(in, "asset_weight",
                  drift::unrealized_asset_weight(in.integer("unrealized_pnl"),
                                                 in.integer_or("net_unsettled_pnl", 0), rules,
                                                 margin_type_of(in)));
}

json run_weighted(Input& in) {
    return answer(
        in, "weighted_unrealized_pnl",
        drift::weighted_unrealized_pnl(
            in.integer("unrealized_pnl"), in.sized<std::uint32_t>("asset_weight"),
            in.sized_or<std::int64_t>("quote_price", drift::price_precision), margin_type_of(in)));
}

json run_token_value(Input& in) {
    return answer(
        in, "token_value",
        drift::token_value(in.integer("token_amount"), in.sized<std::uint32_t>("decimals"),
                           in.sized<std::int64_t>("oracle_price")));
}

json run_strict_value(Input& in) {
    return answer(
        in, "token_value",
        drift::strict_token_value(in.integer("token_amount"), in.sized<std::uint32_t>("decimals"),
                                  in.sized<std::int64_t>("oracle_price"),
                                  in.sized<std::int64_t>("oracle_price_twap_5min")));
}

json run_can_exit(Input& in) {
    constexpr std::uint32_t buffer_default = 200;
    const uint128 maintenance = in.natural("margin_requirement");
    const auto exits = drift::can_exit_liquidation(
        in.integer("total_collateral"), maintenance, in.natural_or("liability_value", maintenance),
        in.sized_or<std::uint32_t>("liquidation_margin_buffer_ratio", buffer_default));
    if (!exits) fail_arithmetic(in);
    return {{"can_exit_liquidation", *exits}};
}

constexpr std::string_view margin = "drift-labs/protocol-v2, programs/drift/src/math/margin.rs";
constexpr std::string_view market =
    "drift-labs/protocol-v2, programs/drift/src/state/perp_market.rs";

constexpr std::array<Function, 11> table{{
    {.name = "drift_v2.calculate_size_premium_liability_weight",
     .summary = "Drift: margin ratio or liability weight that grows with size",
     .units = "size: 1e-9 base; imf_factor: 1e-6; weights: 1/precision",
     .source = margin,
     .run = run_premium},
    {.name = "drift_v2.calculate_size_discount_asset_weight",
     .summary = "Drift: asset weight that falls with size",
     .units = "size: 1e-9 base; imf_factor: 1e-6; weights: 1e-4",
     .source = margin,
     .run = run_discount},
    {.name = "drift_v2.get_margin_ratio",
     .summary = "Drift: initial, fill or maintenance ratio at a size",
     .units = "size: 1e-9 base; ratios: 1e-4; imf_factor: 1e-6",
     .source = market,
     .run = run_margin_ratio},
    {.name = "drift_v2.get_scaled_initial_asset_weight",
     .summary = "Drift: initial asset weight, scaled by all deposits of the market",
     .units = "weights: 1e-4; values: 1e-6 quote",
     .source = "drift-labs/protocol-v2, programs/drift/src/state/spot_market.rs",
     .run = run_scaled_weight},
    {.name = "drift_v2.worst_case_base_asset_amount",
     .summary = "Drift: position with all bids or all asks filled, the worse",
     .units = "1e-9 base; asks 0 or less; price: 1e-6; value: 1e-6 quote",
     .source = "drift-labs/protocol-v2, programs/drift/src/state/user.rs",
     .run = run_worst_case},
    {.name = "drift_v2.calculate_perp_margin_requirement",
     .summary = "Drift: margin requirement of a perpetual position and its orders",
     .units = "1e-9 base; prices: 1e-6; ratio: 1e-4; result: 1e-6 quote",
     .source = margin,
     .run = run_requirement},
    {.name = "drift_v2.get_unrealized_asset_weight",
     .summary = "Drift: weight of unrealised profit",
     .units = "weights: 1e-4; profits, imbalance: 1e-6 quote",
     .source = market,
     .run = run_unrealised_weight},
    {.name = "drift_v2.weighted_unrealized_pnl",
     .summary = "Drift: weighted profit, for initial margin at most 100 USD",
     .units = "1e-6 quote; weight: 1e-4; price: 1e-6",
     .source = margin,
     .run = run_weighted},
    {.name = "drift_v2.get_token_value",
     .summary = "Drift: value of tokens; of a debt toward minus infinity",
     .units = "10^-decimals token; price: 1e-6; result: 1e-6 quote",
     .source = "drift-labs/protocol-v2, programs/drift/src/math/spot_balance.rs",
     .run = run_token_value},
    {.name = "drift_v2.get_strict_token_value",
     .summary = "Drift: value at the worse of oracle and five-minute average",
     .units = "10^-decimals token; prices: 1e-6; result: 1e-6 quote",
     .source = "drift-labs/protocol-v2, programs/drift/src/math/spot_balance.rs",
     .run = run_strict_value},
    {.name = "drift_v2.can_exit_liquidation",
     .summary = "Drift: is collateral above maintenance and its buffer",
     .units = "1e-6 quote; buffer: 1e-4 of liability_value or of the requirement",
     .source = "drift-labs/protocol-v2, programs/drift/src/state/margin_calculation.rs",
     .run = run_can_exit},
}};

}  // namespace

std::span<const Function> drift_v2_functions() {
    return table;
}

}  // namespace breakwater::calc
