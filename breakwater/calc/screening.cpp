// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Quick screens of a lending market's parameters, by name.

#include <array>

#include "breakwater/calc/families.hpp"
#include "breakwater/world/smart_ltv.hpp"

namespace breakwater::calc {
namespace {

using nlohmann::json;

/// LTV = e^(−c·σ/√(l/d)) − β, and the other way round for an LTV that is given.
json run_smart_ltv(Input& in) {
    const SmartLtvInput input{.sigma = in.number("sigma", positive),
                              .liquidity = in.number("l", positive),
                              .debt_cap = in.number("d", positive),
                              .beta = in.number("beta", not_negative)};
    json out = {{"ltv", smart_ltv(input, in.number("c", not_negative))}};
    if (const auto ltv = in.optional_number("ltv", open_fraction))
        out["c_of_ltv"] = smart_ltv_level(input, *ltv);
    return out;
}

constexpr std::array<Function, 1> table{{
    {.name = "smart_ltv",
     .summary = "SmartLTV (Risk DAO): the loan to value of a volatility and a depth",
     .units = "sigma: per √day; l, d: one currency; beta, ltv: fractions; c: none",
     .source = "backstop-protocol/smart-ltv, src/core/SmartLTV.sol",
     .run = run_smart_ltv},
}};

}  // namespace

std::span<const Function> screening_functions() {
    return table;
}

}  // namespace breakwater::calc
