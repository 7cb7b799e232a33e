// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Tests of a margin's coverage, by name.

#include "breakwater/stress/backtest.hpp"

#include <array>
#include <memory>

#include "breakwater/calc/families.hpp"

namespace breakwater::calc {
namespace {

using nlohmann::json;

constexpr std::uint64_t days_max = 100'000'000;
constexpr double chi_square_1_at_95 = 3.841458820694124;

json run_kupiec(Input& in) {
    const std::uint64_t n = in.count("n", 1, days_max);
    const std::uint64_t exceptions = in.count("exceptions", 0, n);
    const RatioTest test = kupiec(n, exceptions, in.number("p", open_fraction));
    return {{"LR", test.statistic},
            {"p_value", test.p_value},
            {"reject_95", test.statistic > chi_square_1_at_95},
            {"coverage", 1.0 - static_cast<double>(exceptions) / static_cast<double>(n)}};
}

json run_christoffersen(Input& in) {
    const std::uint64_t n = in.count("n", 2, days_max);
    // std::vector<bool> is no span.
    const auto days = std::make_unique<bool[]>(n);
    for (const int128 i : in.integers("exception_indices")) {
        if (i < 0 || i >= static_cast<int128>(n))
            in.fail("exception_indices", "holds " + decimal(i),
                    "indices from 0 to n - 1 = " + std::to_string(n - 1));
        days[static_cast<std::size_t>(i)] = true;
    }
    const Christoffersen c = christoffersen({days.get(), n}, in.number("p", open_fraction));
    return {{"n00", c.n00},
            {"n01", c.n01},
            {"n10", c.n10},
            {"n11", c.n11},
            {"LR_ind", c.independence.statistic},
            {"LR_uc", c.unconditional.statistic},
            {"LR_cc", c.conditional.statistic},
            {"p_ind", c.independence.p_value},
            {"p_uc", c.unconditional.p_value},
            {"p_cc", c.conditional.p_value}};
}

json run_traffic_light(Input& in) {
    return {{"zone", name(traffic_light(in.count("exceptions_250d_99", 0, 250)))}};
}

constexpr std::array<Function, 3> table{{
    {.name = "kupiec_pof",
     .summary = "Are there as many exceptions as promised: Kupiec's proportion of failures",
     .units = "n, exceptions: days; p: probability; LR: χ² of 1 degree",
     .source = "Kupiec (1995)",
     .run = run_kupiec},
    {.name = "christoffersen",
     .summary = "Do exceptions come in clusters: Christoffersen's independence and coverage",
     .units = "exception_indices: days from 0; LR: χ² of 1, 1 and 2 degrees",
     .source = "Christoffersen (1998); LR_uc over all n observations",
     .run = run_christoffersen},
    {.name = "basel_traffic_light",
     .summary = "Basel's zone of a 99 % model after 250 days",
     .units = "exceptions: days; zone: green, yellow, red",
     .source = "Basel Committee (1996)",
     .run = run_traffic_light},
}};

}  // namespace

std::span<const Function> backtest_functions() {
    return table;
}

}  // namespace breakwater::calc
