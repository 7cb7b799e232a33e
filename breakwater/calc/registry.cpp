// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cmath>

#include "breakwater/calc/families.hpp"
#include "breakwater/calc/function.hpp"
#include "breakwater/io/error.hpp"

namespace breakwater::calc {
namespace {

std::vector<Function> gather() {
    std::vector<Function> out;
    for (const auto family : {
             aave_v3_functions(),
             breakwater_functions(),
             compound_v3_functions(),
             maker_functions(),
             morpho_blue_functions(),
             unverified_functions(),
             feeds_functions(),
             backtest_functions(),
             volatility_functions(),
             option_functions(),
             surface_functions(),
             venue_functions(),
             hyperliquid_functions(),
             loss_functions(),
             screening_functions(),
             dydx_v4_functions(),
             dydx_v4_liquidation_functions(),
             dydx_analytic_functions(),
             drift_v2_functions(),
             drift_v2_liquidation_functions(),
             drift_v2_guard_functions(),
         })
        out.insert(out.end(), family.begin(), family.end());
    std::ranges::sort(out, {}, &Function::name);
    return out;
}

bool is_finite(const nlohmann::json& value) {
    if (value.is_number_float()) return std::isfinite(value.get<double>());
    if (!value.is_structured()) return true;
    return std::ranges::all_of(value, is_finite);
}

/// Characters, not bytes.
std::size_t width_of(std::string_view utf8) {
    return static_cast<std::size_t>(std::ranges::count_if(
        utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string padded(std::string_view text, std::size_t width) {
    return std::string(text) + std::string(width - std::min(width, width_of(text)), ' ');
}

}  // namespace

const std::vector<Function>& functions() {
    static const std::vector<Function> all = gather();
    return all;
}

const Function* find_function(std::string_view name) {
    const auto found = std::ranges::lower_bound(functions(), name, {}, &Function::name);
    return found != functions().end() && found->name == name ? &*found : nullptr;
}

nlohmann::json call(const Function& function, const nlohmann::json& input,
                    const std::string& from) {
    Asked asked{.from = from, .values = {}};
    Input in(input, asked);
    nlohmann::json out = function.run(in);
    refuse_unknown(input, asked);
    if (!is_finite(out))
        throw InputError(from, 0, "the result is no finite number", "numbers of ordinary size");
    return out;
}

std::string list_functions() {
    std::size_t name_width = 0;
    std::size_t summary_width = 0;
    for (const Function& f : functions()) {
        name_width = std::max(name_width, width_of(f.name));
        summary_width = std::max(summary_width, width_of(f.summary));
    }
    std::string out;
    for (const bool official : {true, false}) {
        const auto is_here = [&](const Function& f) { return f.official == official; };
        if (std::ranges::none_of(functions(), is_here)) continue;
        if (!official)
            out += "\nnot official: a third party's reading of a venue's rules, or not replayed\n";
        for (const Function& f : functions())
            if (is_here(f))
                out += padded(f.name, name_width) + "  " + padded(f.summary, summary_width) + "  " +
                       std::string(f.units) + "\n";
    }
    return out;
}

}  // namespace breakwater::calc
