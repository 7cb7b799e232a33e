// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// The house's own rules, by name: health over the band, size and bonus of a liquidation, a
/// threshold on its way down, and what a withdrawal is paid where a deficit is borne by all. A
/// small market at index 1 is asked what the engine asks.

#include <array>

#include "breakwater/calc/exact.hpp"
#include "breakwater/calc/families.hpp"
#include "breakwater/core/rulebooks/breakwater_liquidation.hpp"

namespace breakwater::calc {
namespace {

using nlohmann::json;

constexpr unsigned decimals_max = 18;
constexpr uint128 amount_max = uint128{1} << 112U;
constexpr std::size_t legs_max = 16;

std::uint64_t price_of(Input& in, std::string_view key, std::uint64_t max = price_max - 1) {
    return static_cast<std::uint64_t>(natural_above_zero(in, key, max));
}
std::uint32_t bps(Input& in, std::string_view key, std::uint32_t min, std::uint32_t max) {
    return static_cast<std::uint32_t>(in.count(key, min, max));
}
std::uint32_t bps_or(Input& in, std::string_view key, std::uint32_t fallback, std::uint32_t max) {
    return static_cast<std::uint32_t>(in.count_or(key, fallback, 0, max));
}

/// The dials that a question may set; what it leaves out is the default.
house::Rules rules_of(Input& in) {
    house::Rules out;
    out.target_health = {house::ratio_of(bps_or(in, "target_health", 10'500, 30'000))};
    out.bonus_start = bps_or(in, "bonus_start", out.bonus_start, bps_one);
    out.bonus_whole_at = {house::ratio_of(bps_or(in, "bonus_whole_at", 9'800, bps_one - 1))};
    out.bonus_least = bps_or(in, "bonus_least", out.bonus_least, bps_one);
    out.leftover_min = {in.natural_or("leftover_min", out.leftover_min.raw, amount_max)};
    return out;
}

/// One account over as many reserves as it has legs, all at index 1 and time 0.
class OneAccount {
 public:
    void add(Input& in, Side side) {
        const AssetId asset{static_cast<std::uint8_t>(legs_.size())};
        const std::uint64_t hi = price_of(in, "hi");
        const std::uint64_t point = price_of(in, "point", hi);
        const std::uint64_t lo = price_of(in, "lo", point);
        state_.feeds.push_back({.point = point, .lo = lo, .hi = hi});
        aave_v3::Parameters p;
        p.decimals = static_cast<std::uint16_t>(in.count("decimals", 0, decimals_max));
        aave_v3::Leg leg(asset);
        const Scaled amount{natural_above_zero(in, "amount", amount_max)};
        if (side == Side::debt) {
            leg.set_borrowed(amount);
            leg.set_borrowing(true);
        } else {
            leg.set_supplied(amount);
            leg.set_collateral(true);
            p.liquidation_threshold =
                static_cast<std::uint16_t>(bps(in, "liquidation_threshold", 1, bps_one));
            p.liquidation_bonus = static_cast<std::uint16_t>(
                in.count_or("liquidation_bonus", bps_one, bps_one, 20'000));
            p.liquidation_protocol_fee =
                static_cast<std::uint16_t>(bps_or(in, "liquidation_protocol_fee", 0, bps_one));
        }
        market_.parameters.push_back(p);
        market_.reserves.emplace_back();
        legs_.push_back(leg);
    }
    void set_rules(house::Rules rules) { market_.house = std::move(rules); }
    [[nodiscard]] const std::vector<aave_v3::Leg>& legs() const { return legs_; }
    [[nodiscard]] aave_v3::View view() {
        return {.state = state_, .market = market_, .grown = grown_, .now = Time{0}};
    }

 private:
    State state_;
    aave_v3::Market market_;
    aave_v3::GrownIndices grown_;
    std::vector<aave_v3::Leg> legs_;
};

json run_health(Input& in) {
    OneAccount account;
    for (Input& leg : in.objects("collaterals")) account.add(leg, Side::collateral);
    for (Input& leg : in.objects("debts")) account.add(leg, Side::debt);
    if (account.legs().empty() || account.legs().size() > legs_max)
        in.fail_whole("has " + std::to_string(account.legs().size()) + " legs", "1 to 16");
    account.set_rules({});
    json out;
    const auto ask = [&](const char* name, aave_v3::Pricing pricing) {
        const auto data = aave_v3::account_data(account.view().at(pricing), account.legs(), 0);
        if (!data) in.fail_whole("leads to values beyond 128 bits", "amounts of ordinary size");
        out[name] = decimal(data->health_factor());
        return data->is_unhealthy();
    };
    const bool is_unhealthy_at_best = ask("health_best", aave_v3::Pricing::best);
    ask("health", aave_v3::Pricing::point);
    const bool is_unhealthy_at_worst = ask("health_worst", aave_v3::Pricing::worst);
    out["standing"] = is_unhealthy_at_best    ? "liquidatable"
                      : is_unhealthy_at_worst ? "contested"
                                              : "healthy";
    return out;
}

aave_v3::AccountData sums_of(Input& in) {
    aave_v3::AccountData data;
    data.collateral = {in.natural("collateral", amount_max)};
    data.debt = {natural_above_zero(in, "debt", amount_max)};
    data.threshold_sum = in.natural("threshold_sum", amount_max);
    return data;
}

json run_bonus(Input& in) {
    Checked math;
    const house::Rules rules = rules_of(in);
    const aave_v3::AccountData data = sums_of(in);
    const aave_v3::Thresholds thresholds{
        .ltv = 0,
        .liquidation_threshold = bps(in, "liquidation_threshold", 1, bps_one),
        .liquidation_bonus = bps(in, "liquidation_bonus", bps_one, 20'000)};
    const Ratio gross = house::grossed_bonus(math, rules, data, thresholds, rules.bonus_least);
    const Value most = house::repay_to_target(math, rules, data, gross,
                                              thresholds.liquidation_threshold, {});
    const Value covered = house::repayable(math, data.collateral, rules.bonus_least);
    refuse_overflow(in, math);
    return {{"gross", decimal(gross.raw)},
            {"repay_to_target", decimal(most.raw)},
            {"repayable", decimal(covered.raw)},
            {"realises_loss", covered < data.debt}};
}

json run_liquidation(Input& in) {
    OneAccount account;
    Input collateral = in.object("collateral");
    Input debt = in.object("debt");
    account.add(collateral, Side::collateral);
    account.add(debt, Side::debt);
    house::Rules rules = rules_of(in);
    rules.depth = {{in.natural_or("depth", 0, amount_max)}, {}};
    account.set_rules(rules);
    Size most = Size::all();
    if (in.has("debt_to_cover")) most = Size::exactly({in.natural("debt_to_cover", amount_max)});
    const auto plan = house::plan_liquidation(account.view(), account.legs(), 0, AssetId{0},
                                              AssetId{1}, most);
    if (!plan) return refusal(plan.error());
    return {{"debt_repaid", decimal(plan->size.repaid.raw)},
            {"collateral_to_liquidator", decimal(plan->size.seized.raw)},
            {"protocol_fee", decimal(plan->size.fee.raw)},
            {"written_off", decimal(plan->written_off.raw)}};
}

json run_threshold(Input& in) {
    house::Rules rules;
    rules.notice_hours = static_cast<std::uint32_t>(
        in.count_or("notice_hours", rules.notice_hours, 0, 65'535));
    const std::uint32_t from = bps(in, "from", 0, bps_one);
    const std::uint32_t to = bps(in, "to", 0, bps_one);
    const Time changed{in.count("changed_at", 0, ~std::uint32_t{0})};
    const house::Ramp ramp = house::begin_ramp(rules, from, to, changed);
    const Time at{in.count("at", seconds(changed), ~std::uint32_t{0})};
    return {{"liquidation_threshold", decimal(uint128{ramp.threshold(to, at)})}};
}

json run_impaired(Input& in) {
    Checked math;
    aave_v3::Reserve reserve;
    reserve.supplied = {in.natural("claims", amount_max)};
    const Amount amount{in.natural("amount", reserve.supplied.raw)};
    const Amount paid = aave_v3::impaired(math, reserve, {in.natural("deficit", amount_max)}, amount);
    refuse_overflow(in, math);
    return {{"paid", decimal(paid.raw)}, {"borne", decimal((amount - paid).raw)}};
}

constexpr std::array<Function, 5> table{{
    {.name = "breakwater.health",
     .summary = "Health at the point and at both ends of the band; who is between is contested",
     .units = "amount: atomic; lo, point, hi: 1e-8 USD; liquidation_threshold: bps; health: wad",
     .source = "BREAKWATER-001",
     .run = run_health},
    {.name = "breakwater.bonus",
     .summary = "Bonus for a shortfall under its caps, and the repayment that reaches the target",
     .units = "collateral, debt, repayments: 1e-8 USD; threshold_sum: 1e-8 USD × bps; gross (1 + bonus): "
              "wad; the rest: bps",
     .source = "BREAKWATER-003 to BREAKWATER-005, BREAKWATER-007",
     .run = run_bonus},
    {.name = "breakwater.liquidation",
     .summary = "A liquidation of one pair, to the target health and the depth that is there",
     .units = "amounts, results: atomic; prices, depth, leftover_min: 1e-8 USD; the rest: bps",
     .source = "BREAKWATER-001 to BREAKWATER-007",
     .run = run_liquidation},
    {.name = "breakwater.threshold",
     .summary = "A liquidation threshold on its way down after a change",
     .units = "from, to, liquidation_threshold: bps; changed_at, at: s; notice_hours: h",
     .source = "BREAKWATER-008",
     .run = run_threshold},
    {.name = "breakwater.impaired_withdrawal",
     .summary = "What a withdrawal is paid where all claims bear the deficit alike",
     .units = "atomic",
     .source = "WATERFALL-006",
     .run = run_impaired},
}};

}  // namespace

std::span<const Function> breakwater_functions() {
    return table;
}

}  // namespace breakwater::calc
