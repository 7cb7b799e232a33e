// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/aave_v3_section.hpp"

#include <algorithm>
#include <utility>

#include "breakwater/core/rulebooks/aave_v3.hpp"

namespace breakwater {
namespace {

constexpr std::uint64_t rate_max = 100'000;         ///< [bps/year] 1000 %, the strategy's own bound
constexpr std::uint64_t cap_max = 68'719'476'735U;  ///< [whole tokens] 36 bits in the protocol
constexpr std::uint64_t bonus_max = 65'535;         ///< [bps] 16 bits in the protocol
constexpr std::uint64_t emode_max = 255;
/// Indices beyond this are a unit error: a factor of a million.
constexpr uint128 index_max = ray * 1'000'000U;

std::uint16_t small(std::uint64_t v) {
    return static_cast<std::uint16_t>(v);
}

/// The rounded product that governance may not let exceed 100 %.
std::uint64_t exposed(std::uint64_t threshold, std::uint64_t bonus) {
    return (threshold * bonus + bps_one / 2) / bps_one;
}

void check_thresholds(const TomlReader& section, std::uint64_t ltv, std::uint64_t threshold,
                      std::uint64_t bonus) {
    if (ltv > threshold)
        section.fail("ltv", "is " + std::to_string(ltv),
                     "at most liquidation_threshold, " + std::to_string(threshold));
    if (threshold == 0) return;
    if (bonus <= bps_one)
        section.fail("liquidation_bonus", "is " + std::to_string(bonus),
                     "more than 10000: 10500 is a bonus of 5 %");
    if (exposed(threshold, bonus) > bps_one)
        section.fail("liquidation_bonus",
                     "times liquidation_threshold is " + std::to_string(exposed(threshold, bonus)),
                     "at most 10000, or a liquidation takes more than the collateral");
}

void read_parameters(TomlReader& section, aave_v3::Parameters& p) {
    p.ltv = small(section.integer("ltv", 0, bps_one));
    p.liquidation_threshold = small(section.integer("liquidation_threshold", 0, bps_one));
    p.liquidation_bonus = small(section.integer("liquidation_bonus", 0, bonus_max));
    p.liquidation_protocol_fee = small(section.integer("liquidation_protocol_fee", 0, bps_one));
    p.reserve_factor = small(section.integer("reserve_factor", 0, bps_one));
    p.optimal_usage = small(section.integer("optimal_usage", 100, 9'900));
    p.base_rate = static_cast<std::uint32_t>(section.integer("base_rate", 0, rate_max));
    p.slope1 = static_cast<std::uint32_t>(section.integer("slope1", 0, rate_max));
    p.slope2 = static_cast<std::uint32_t>(section.integer("slope2", 0, rate_max));
    p.supply_cap = section.integer("supply_cap", 0, cap_max);
    p.borrow_cap = section.integer("borrow_cap", 0, cap_max);
    std::uint64_t flags = 0;
    if (section.flag("borrowing")) flags |= aave_v3::borrowing;
    if (section.flag_or("active", true)) flags |= aave_v3::active;
    if (section.flag_or("frozen", false)) flags |= aave_v3::frozen;
    if (section.flag_or("paused", false)) flags |= aave_v3::paused;
    p.flags = small(flags);
    p.grace_until = section.integer_or("grace_until", 0, ~std::uint64_t{0} >> 1U, 0);
    check_thresholds(section, p.ltv, p.liquidation_threshold, p.liquidation_bonus);
    if (p.slope1 > p.slope2) section.fail("slope1", "is above slope2", "at most slope2");
    if (std::uint64_t{p.base_rate} + p.slope1 + p.slope2 > rate_max)
        section.fail("slope2", "makes base_rate + slope1 + slope2 more than 100000 bps",
                     "at most 100000 bps a year in all");
    if (!aave_v3::check_parameters(p))
        section.fail("ltv", "and its neighbours", "valid parameters");
}

/// A liquidity index is below 1 where suppliers have shared a loss (WATERFALL-018); a borrow index never is.
uint128 read_index(TomlReader& section, std::string_view key, uint128 least, const char* from) {
    const uint128 value = section.decimal_if(key, 0).value_or(ray);
    if (value < least || value > index_max)
        section.fail(key, "is out of range", std::string("an integer in ray, from ") + from + " to 1e33");
    return value;
}

uint128 read_map(TomlReader& table, const char* key, const MarketFile& market) {
    uint128 map = 0;
    for (const std::string& symbol : table.texts(key)) {
        const auto asset = market.find(symbol);
        if (!asset)
            table.fail(key, "names unknown asset " + quote(symbol), "the symbol of an [[asset]]");
        map |= uint128{1} << index(*asset);
    }
    return map;
}

}  // namespace

void read_aave_v3_section(TomlReader& section, AmountUnit unit, MarketAsset& asset) {
    asset.parameters.decimals = small(asset.description.decimals);
    read_parameters(section, asset.parameters);
    asset.liquidity_index = {read_index(section, "liquidity_index", aave_v3::liquidity_index_least, "1e24")};
    asset.borrow_index = {read_index(section, "variable_borrow_index", ray, "1e27")};
    const auto amount = [&section](std::string_view key, unsigned decimals) {
        const std::optional<uint128> value = section.decimal_if(key, decimals);
        if (value.value_or(0) > aave_v3::Leg::balance_max)
            section.fail(key, "is too large", "less than 2^120 atomic units");
        return value;
    };
    asset.accrued_to_treasury = {amount("accrued_to_treasury", 0).value_or(0)};
    asset.deficit = {amount("deficit", 0).value_or(0)};
    asset.cash_line = section.line_of("cash");
    const unsigned decimals = unit == AmountUnit::tokens ? asset.description.decimals : 0;
    if (const auto cash = amount("cash", decimals)) asset.cash = Amount{*cash};
    section.finish();
}

void read_aave_v3_emodes(TomlReader& root, MarketFile& market) {
    market.emodes.resize(1);
    market.emode_labels.resize(1);
    for (TomlReader& table : root.tables("emode", "emode")) {
        const auto id = table.integer("id", 1, emode_max);
        table.rename("emode " + std::to_string(id));
        if (id >= market.emodes.size()) {
            market.emodes.resize(id + 1);
            market.emode_labels.resize(id + 1);
        }
        aave_v3::EMode& mode = market.emodes[id];
        if (mode.liquidation_threshold != 0)
            table.fail("id", "occurs twice", "a number of its own");
        market.emode_labels[id] = table.text_or("label", "");
        mode.ltv = small(table.integer("ltv", 0, bps_one));
        mode.liquidation_threshold = small(table.integer("liquidation_threshold", 1, bps_one));
        mode.liquidation_bonus = small(table.integer("liquidation_bonus", 0, bonus_max));
        check_thresholds(table, mode.ltv, mode.liquidation_threshold, mode.liquidation_bonus);
        mode.collateral = read_map(table, "collateral", market);
        mode.borrowable = read_map(table, "borrowable", market);
        if (table.has("ltv_zero")) mode.ltv_zero = read_map(table, "ltv_zero", market);
        mode.isolated = table.flag_or("isolated", false) ? 1 : 0;
        table.finish();
    }
}

}  // namespace breakwater
