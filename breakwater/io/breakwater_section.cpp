// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/breakwater_section.hpp"

#include "breakwater/core/math.hpp"

namespace breakwater {
namespace {

constexpr uint128 wad_per_bps = wad / bps_one;
constexpr std::uint64_t value_per_usd = 100'000'000;

std::uint64_t in_bps(Ratio ratio) {
    return static_cast<std::uint64_t>(ratio.raw / wad_per_bps);
}

}  // namespace

house::Rules read_breakwater_section(TomlReader& root) {
    house::Rules out;
    auto table = root.table_if("breakwater", "[breakwater]");
    if (!table) return out;
    const auto integer = [&table](std::string_view key, std::uint64_t min, std::uint64_t max,
                                  std::uint64_t fallback) {
        return table->integer_or(key, min, max, fallback);
    };
    out.target_health = {wad_per_bps *
                         integer("target_health", 10'001, 20'000, in_bps(out.target_health))};
    out.bonus_start =
        static_cast<std::uint32_t>(integer("bonus_start", 0, bps_one, out.bonus_start));
    out.bonus_whole_at = {wad_per_bps *
                          integer("bonus_whole_at", 0, 9'999, in_bps(out.bonus_whole_at))};
    out.bonus_least = static_cast<std::uint32_t>(integer("bonus_least", 0, 2'000, out.bonus_least));
    out.leftover_min = {uint128{value_per_usd} *
                        integer("leftover_min", 0, 1'000'000,
                                static_cast<std::uint64_t>(out.leftover_min.raw / value_per_usd))};
    out.notice_hours =
        static_cast<std::uint32_t>(integer("notice_hours", 0, 8'760, out.notice_hours));
    out.impaired_withdrawals = table->flag_or("impaired_withdrawals", false);
    table->finish();
    return out;
}

std::string breakwater_section_text(const house::Rules& rules) {
    std::string out = "\n[breakwater]\n";
    const auto line = [&out](std::string_view key, std::uint64_t value) {
        out.append(key).append(" = ").append(std::to_string(value)).append("\n");
    };
    line("target_health", in_bps(rules.target_health));
    line("bonus_start", rules.bonus_start);
    line("bonus_whole_at", in_bps(rules.bonus_whole_at));
    line("bonus_least", rules.bonus_least);
    line("leftover_min", static_cast<std::uint64_t>(rules.leftover_min.raw / value_per_usd));
    line("notice_hours", rules.notice_hours);
    if (rules.impaired_withdrawals) out += "impaired_withdrawals = true\n";
    return out;
}

}  // namespace breakwater
