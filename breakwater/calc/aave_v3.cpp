// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Aave v3.7's health factor, interest and liquidation sizes, by name.

#include "breakwater/core/rulebooks/aave_v3.hpp"

#include <array>

#include "breakwater/calc/exact.hpp"
#include "breakwater/calc/families.hpp"
#include "breakwater/core/interest.hpp"
#include "breakwater/core/rulebooks/aave_v3_umbrella.hpp"

namespace breakwater::calc {
namespace {

using nlohmann::json;

constexpr unsigned decimals_max = 18;

json run_health_factor(Input& in) {
    Checked math;
    aave_v3::AccountData data;
    for (Input& leg : in.objects("collaterals")) {
        const uint128 value = leg.natural("value");
        data.collateral.raw = math.add(data.collateral.raw, value);
        data.threshold_sum = math.add(
            data.threshold_sum, math.mul(value, leg.natural("liquidation_threshold", bps_one)));
    }
    data.debt.raw = in.natural("debt");
    refuse_overflow(in, math);
    return {{"health_factor", decimal(data.health_factor())},
            {"unhealthy", data.is_unhealthy()},
            {"collateral", decimal(data.collateral.raw)},
            {"average_liquidation_threshold", decimal(uint128{data.average_threshold()})}};
}

json run_linear(Input& in) {
    Checked math;
    const Ray factor = linear_growth(math, {in.natural("rate")}, seconds_of(in, "seconds"));
    refuse_overflow(in, math);
    return {{"factor", decimal(factor.raw)}};
}

json run_compounded(Input& in) {
    Checked math;
    const Ray factor = compound_growth(math, {in.natural("rate")}, seconds_of(in, "seconds"));
    refuse_overflow(in, math);
    return {{"factor", decimal(factor.raw)}};
}

std::uint32_t bps(Input& in, std::string_view key, std::uint32_t min, std::uint32_t max) {
    return static_cast<std::uint32_t>(in.count(key, min, max));
}

json run_interest_rates(Input& in) {
    constexpr std::uint32_t rate_max = 100'000;  // 1,000 % a year, as the strategy bounds it
    Checked math;
    const KinkedCurve curve{.optimal_usage = bps(in, "optimal_usage", 100, 9'900),
                            .base = bps(in, "base_rate", 0, rate_max),
                            .slope1 = bps(in, "slope1", 0, rate_max),
                            .slope2 = bps(in, "slope2", 0, rate_max)};
    const Rates rates = next_rates(math, curve,
                                   {.debt = {in.natural("debt")},
                                    .cash = {in.natural("cash")},
                                    .deficit = {in.natural_or("deficit", 0)},
                                    .reserve_factor = bps(in, "reserve_factor", 0, bps_one)});
    refuse_overflow(in, math);
    return {{"borrow_rate", decimal(rates.borrow.raw)},
            {"liquidity_rate", decimal(rates.liquidity.raw)}};
}

aave_v3::LiquidationInputs liquidation_inputs(Input& in) {
    constexpr uint128 price_bound = uint128{1} << 63U;
    return {.collateral_balance = {in.natural("collateral_balance")},
            .debt_balance = {in.natural("debt_balance")},
            .collateral_price = {natural_above_zero(in, "collateral_price", price_bound - 1)},
            .debt_price = {natural_above_zero(in, "debt_price", price_bound - 1)},
            .collateral_decimals =
                static_cast<unsigned>(in.count("collateral_decimals", 0, decimals_max)),
            .debt_decimals = static_cast<unsigned>(in.count("debt_decimals", 0, decimals_max))};
}

json run_close_factor(Input& in) {
    Checked math;
    const aave_v3::LiquidationInputs inputs = liquidation_inputs(in);
    aave_v3::AccountData data;
    data.threshold_sum = in.natural("threshold_sum");
    data.debt.raw = in.natural("total_debt");
    const Amount most = aave_v3::liquidatable_debt(math, inputs, data);
    refuse_overflow(in, math);
    return {{"liquidatable_debt", decimal(most.raw)},
            {"health_factor", decimal(data.health_factor())}};
}

json run_liquidation(Input& in) {
    Checked math;
    aave_v3::LiquidationInputs inputs = liquidation_inputs(in);
    inputs.bonus = bps(in, "liquidation_bonus", bps_one, 65'535);
    inputs.protocol_fee = bps(in, "liquidation_protocol_fee", 0, bps_one);
    const Amount wanted{in.natural("debt_to_cover")};
    if (wanted > inputs.debt_balance)
        in.fail("debt_to_cover", "is above 'debt_balance'", "at most the balance");
    const aave_v3::LiquidationSize size = aave_v3::liquidation_size(math, inputs, wanted);
    const bool dust = aave_v3::leaves_dust(math, inputs, size);
    refuse_overflow(in, math);
    return {{"debt_repaid", decimal(size.repaid.raw)},
            {"collateral_to_liquidator", decimal(size.seized.raw)},
            {"protocol_fee", decimal(size.fee.raw)},
            {"leaves_dust", dust}};
}

json run_umbrella(Input& in) {
    constexpr uint128 price_bound = uint128{1} << 63U;
    Checked math;
    const Amount fresh =
        aave_v3::new_deficit(math, {in.natural("deficit")}, {in.natural_or("offset", 0)},
                             {in.natural_or("pending", 0)});
    const aave_v3::SlashSize size = aave_v3::slash_size(
        math, {.deficit = fresh,
               .fee = bps(in, "fee", 0, bps_one),
               .price = {natural_above_zero(in, "price", price_bound - 1)},
               .stake_price = {natural_above_zero(in, "stake_price", price_bound - 1)},
               .decimals = static_cast<unsigned>(in.count("decimals", 0, decimals_max)),
               .stake_decimals = static_cast<unsigned>(in.count("stake_decimals", 0, decimals_max)),
               .stake = {in.natural("stake")}});
    refuse_overflow(in, math);
    return {{"new_deficit", decimal(fresh.raw)},
            {"asked", decimal(size.asked.raw)},
            {"slashed", decimal(size.slashed.raw)},
            {"covered", decimal(size.covered.raw)}};
}

constexpr std::array<Function, 7> table{{
    {.name = "aave_v3.health_factor",
     .summary = "The health factor of an account from its collaterals and debt",
     .units = "value, debt: 1e-8 USD; liquidation_threshold: bps; health_factor: wad",
     .source = "aave-v3-origin 3.7, GenericLogic; AAVE-012",
     .run = run_health_factor},
    {.name = "aave_v3.linear_interest",
     .summary = "Growth of the supply index",
     .units = "rate: ray per year; seconds: s; factor: ray",
     .source = "aave-v3-origin 3.7, MathUtils; INTEREST-001",
     .run = run_linear},
    {.name = "aave_v3.compounded_interest",
     .summary = "Growth of the borrow index: three terms of a compound series",
     .units = "rate: ray per year; seconds: s; factor: ray",
     .source = "aave-v3-origin 3.7, MathUtils; INTEREST-002",
     .run = run_compounded},
    {.name = "aave_v3.interest_rates",
     .summary = "Borrow and supply rate on the curve with one kink",
     .units = "optimal_usage, base_rate, slope1, slope2, reserve_factor: bps; debt, cash, "
              "deficit (or 0): atomic; rates: ray per year",
     .source = "aave-v3-origin 3.7, DefaultReserveInterestRateStrategyV2; INTEREST-003",
     .run = run_interest_rates},
    {.name = "aave_v3.close_factor",
     .summary = "The most of a debt that one liquidation may repay",
     .units = "balances: atomic; prices, total_debt: 1e-8 USD; threshold_sum: 1e-8 USD × bps",
     .source = "aave-v3-origin 3.7, LiquidationLogic; AAVE-021",
     .run = run_close_factor},
    {.name = "aave_v3.liquidation",
     .summary = "What a repayment seizes, with bonus and protocol fee",
     .units = "balances, debt_to_cover: atomic; prices: 1e-8 USD; bonus (10500 is 5 %), fee: bps",
     .source = "aave-v3-origin 3.7, LiquidationLogic; AAVE-022 to AAVE-024",
     .run = run_liquidation},
    {.name = "aave_v3.umbrella_slash",
     .summary = "What an Umbrella slashes for a deficit, and how much of it that covers",
     .units = "deficit, offset (or 0), pending (or 0), stake, results: atomic; prices: 1e-8 USD; fee: bps",
     .source = "aave-umbrella, Umbrella.sol; AAVE-035",
     .run = run_umbrella},
}};

}  // namespace

std::span<const Function> aave_v3_functions() {
    return table;
}

}  // namespace breakwater::calc
