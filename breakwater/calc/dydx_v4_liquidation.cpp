// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// dYdX v4's liquidations, deleveraging and withdrawal gates, by name.

#include "breakwater/core/rulebooks/dydx_v4_liquidation.hpp"

#include <array>

#include "breakwater/calc/dydx_v4.hpp"
#include "breakwater/calc/families.hpp"

namespace breakwater::calc {
namespace {

using nlohmann::json;
namespace dydx = dydx_v4;

BigInteger positive_big(Input& in, std::string_view key) {
    BigInteger x = in.big(key);
    if (x.sign() <= 0) in.fail(key, "is not above 0", "an integer above 0");
    return x;
}

dydx::Risk account_of(Input& in) {
    return {.net_collateral = in.big("total_net_collateral"),
            .initial_margin = 0,
            .maintenance_margin = positive_big(in, "total_maintenance_margin")};
}

json run_bankruptcy(Input& in) {
    const dydx::Risk delta{.net_collateral = in.big("delta_net_notional"),
                           .initial_margin = 0,
                           .maintenance_margin = in.big("delta_maintenance_margin")};
    if (delta.maintenance_margin.sign() > 0)
        in.fail("delta_maintenance_margin", "is above 0",
                "an integer, 0 or less: closing frees it");
    return {{"bankruptcy_price", text_of(in, dydx::bankruptcy_price(delta, account_of(in)))}};
}

json run_fillable(Input& in) {
    const dydx::Risk position{.net_collateral = in.big("position_net_notional"),
                              .initial_margin = 0,
                              .maintenance_margin = in.big("position_maintenance_margin")};
    const BigInteger size = in.big("position_size");
    if (size.sign() == 0) in.fail("position_size", "is 0", "a signed size");
    const dydx::FillablePriceConfig config{
        .bankruptcy_adjustment_ppm = in.sized<std::uint32_t>("bankruptcy_adjustment_ppm"),
        .spread_to_maintenance_margin_ratio_ppm =
            in.sized<std::uint32_t>("spread_to_maintenance_margin_ratio_ppm")};
    const dydx::Ratio price = dydx::fillable_price(position, size, account_of(in), config);
    json out = {{"numerator", text_of(in, price.numerator)},
                {"denominator", text_of(in, price.denominator)}};
    if (in.has("quantum_conversion_exponent")) {
        if (price.numerator.sign() < 0)
            in.fail_whole("gives a price below 0", "a spread below the price");
        const auto exponent =
            static_cast<std::int32_t>(in.integer("quantum_conversion_exponent", -100, 100));
        const auto tick =
            static_cast<std::uint32_t>(in.integer("subticks_per_tick", 1, UINT32_MAX));
        out["subticks"] = text_of(in, dydx::to_subticks(price, exponent, tick, size.sign() > 0));
    }
    return out;
}

json run_fund_delta(Input& in) {
    const auto delta = dydx::insurance_fund_delta(in.big("delta_quote"), in.big("bankruptcy_price"),
                                                  ppm_of(in, "max_liquidation_fee_ppm"));
    return {{"insurance_fund_delta", text_of(in, delta)}};
}

json run_size(Input& in) {
    dydx::LiquidationLimits limits{
        .min_position_notional = in.sized<std::uint64_t>("min_position_notional_liquidated"),
        .max_position_portion_ppm = ppm_of(in, "max_position_portion_liquidated_ppm"),
        .max_subaccount_notional = in.sized<std::uint64_t>("max_subaccount_notional_liquidated")};
    limits.subaccount_already_liquidated =
        in.sized_or<std::uint64_t>("subaccount_notional_liquidated", 0);
    if (limits.subaccount_already_liquidated > limits.max_subaccount_notional)
        in.fail("subaccount_notional_liquidated", "is above the block's limit",
                "at most 'max_subaccount_notional_liquidated'");
    limits.step_base_quantums =
        static_cast<std::uint64_t>(in.integer("step_base_quantums", 1, UINT64_MAX));
    const auto size = dydx::liquidation_size(in.big("position_size"), conversion_of(in), limits);
    return {{"delta_base_quantums", text_of(in, size)}};
}

json run_deleveraging(Input& in) {
    switch (dydx::deleveraging(in.big("total_net_collateral"),
                               in.flag_or("is_final_settlement", false))) {
        case dydx::Deleveraging::none:
            return {{"deleveraging", "none"}};
        case dydx::Deleveraging::at_oracle_price:
            return {{"deleveraging", "at_oracle_price"}};
        case dydx::Deleveraging::at_bankruptcy_price:
            break;
    }
    return {{"deleveraging", "at_bankruptcy_price"}};
}

json run_gate(Input& in) {
    const auto block = in.sized<std::uint64_t>("current_block");
    const auto blocks = in.sized_or<std::uint64_t>("blocks", dydx::withdrawal_gate_blocks);
    if (!in.has("last_negative_tnc_block")) return {{"blocked", false}};
    return {{"blocked", dydx::is_withdrawal_blocked(
                            block, in.sized<std::uint64_t>("last_negative_tnc_block"), blocks)}};
}

json run_capacity(Input& in) {
    return {{"capacity",
             text_of(in, dydx::withdrawal_capacity(in.big("total_value"), in.big("baseline"),
                                                   ppm_of(in, "fraction_ppm")))}};
}

constexpr std::string_view code = "dydxprotocol/v4-chain, protocol/x/clob/keeper/liquidations.go";

constexpr std::array<Function, 8> table{{
    {.name = "dydx_v4.bankruptcy_price",
     .summary = "dYdX: quote at which closing uses up the collateral, up",
     .units = "quote quantums",
     .source = code,
     .run = run_bankruptcy},
    {.name = "dydx_v4.fillable_price",
     .summary = "dYdX: price limit of a liquidation, exact, and in subticks",
     .units = "quote quantums; size: base quantums; ppm; ratio: quote per base quantum",
     .source = code,
     .run = run_fillable},
    {.name = "dydx_v4.insurance_fund_delta",
     .summary = "dYdX: what the insurance fund gets from a fill, below 0 pays",
     .units = "quote quantums; fee: ppm",
     .source = code,
     .run = run_fund_delta},
    {.name = "dydx_v4.liquidation_size",
     .summary = "dYdX: change of size within position and block limits",
     .units = "position_size, step, result: base quantums; limits: quote quantums, ppm",
     .source = code,
     .run = run_size},
    {.name = "dydx_v4.deleveraging",
     .summary = "dYdX: none, at_bankruptcy_price or at_oracle_price",
     .units = "quote quantums",
     .source = "dydxprotocol/v4-chain, protocol/x/clob/keeper/deleveraging.go",
     .run = run_deleveraging},
    {.name = "dydx_v4.withdrawal_gate",
     .summary = "dYdX: are withdrawals of a collateral pool blocked",
     .units = "block numbers",
     .source = "dydxprotocol/v4-chain, protocol/x/subaccounts/types/update.go",
     .run = run_gate},
    {.name = "dydx_v4.withdrawal_capacity",
     .summary = "dYdX: capacity of the bridge's withdrawal limiter, down",
     .units = "quote quantums; fraction: ppm",
     .source = "dydxprotocol/v4-chain, protocol/x/ratelimit",
     .run = run_capacity},
    {.name = "dydx_withdraw_gate",
     .summary = "dYdX: are withdrawals of a collateral pool blocked",
     .units = "block numbers",
     .source = "dydxprotocol/v4-chain, protocol/x/subaccounts/types/update.go",
     .run = run_gate},
}};

}  // namespace

std::span<const Function> dydx_v4_liquidation_functions() {
    return table;
}

}  // namespace breakwater::calc
