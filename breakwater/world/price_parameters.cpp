// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cmath>

#include "breakwater/world/prices.hpp"

namespace breakwater {

namespace {

bool is_within(double x, double low, double high) {
    return x >= low && x <= high;  // false for NaN
}

std::optional<std::string> fault_in_jump(const Jump& jump, double years) {
    if (!is_within(jump.intensity * years, 0, 700)) return "jump intensity out of range";
    if (!is_within(jump.mean, -0.9999, 100)) return "jump mean must be a relative move above -1";
    if (!is_within(jump.deviation, 0, 10)) return "jump deviation out of range";
    return std::nullopt;
}

std::optional<std::string> fault_in_asset(const PriceParameters& parameters,
                                          const AssetDynamics& asset, double years) {
    if (!is_within(asset.start, 1e-30, 1e30)) return "start price must be positive";
    if (!is_within(asset.volatility, 0, 100)) return "volatility out of range";
    if (!is_within(asset.drift, -1e4, 1e4)) return "drift out of range";
    if (!is_within(asset.half_life_hours, 0, 1e9)) return "half-life out of range";
    if (!is_within(asset.level, 0, 1e30)) return "level out of range";
    if (!is_within(asset.beta, -100, 100)) return "beta out of range";
    if (!is_within(asset.exposure, -100, 100)) return "exposure out of range";
    if (asset.history && *asset.history >= parameters.histories.size()) return "no such history";
    if (asset.base) {
        if (*asset.base >= parameters.assets.size()) return "no such base";
        if (parameters.assets[*asset.base].base) return "the base follows another asset itself";
        if (asset.history) return "has both a base and a history";
    }
    return fault_in_jump(asset.jump, years);
}

}  // namespace

std::optional<std::string> fault_in(const PriceParameters& parameters) {
    if (parameters.assets.empty()) return "prices: no assets";
    if (!is_within(parameters.steps, 1, 10'000'000)) return "prices: number of steps out of range";
    if (!is_within(parameters.step_seconds, 1e-3, 1e8)) return "prices: step out of range";
    if (parameters.forced_jumps > 1000) return "prices: too many forced jumps";
    if (parameters.mixing_steps == 0) return "prices: mixing_steps must be positive";
    if (parameters.degrees_of_freedom != 0 &&
        !is_within(parameters.degrees_of_freedom, 2.01, 1000)) {
        return "prices: degrees of freedom must be 0 (normal) or within [2.01, 1000]";
    }
    const double years = parameters.steps * parameters.step_seconds / seconds_per_year;
    if (const auto fault = fault_in_jump(parameters.common_jump, years)) {
        return "prices: common " + *fault;
    }
    for (const AssetDynamics& asset : parameters.assets) {
        if (const auto fault = fault_in_asset(parameters, asset, years)) {
            return "prices of " + asset.name + ": " + *fault;
        }
    }
    return std::nullopt;
}

}  // namespace breakwater
