// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/margin_backtest.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "breakwater/stress/procyclicality.hpp"

namespace breakwater {
namespace {

constexpr std::size_t basel_days = 250;
constexpr double basel_level = 0.99;

void judge_by_basel(std::span<const bool> is_exception, MarginBacktest& out) {
    if (is_exception.size() < basel_days) return;
    std::uint64_t inside = 0;
    for (std::size_t i = 0; i < is_exception.size(); ++i) {
        inside += is_exception[i] ? 1U : 0U;
        if (i >= basel_days) inside -= is_exception[i - basel_days] ? 1U : 0U;
        if (i + 1 >= basel_days)
            out.worst_250_exceptions = std::max(out.worst_250_exceptions, inside);
    }
    out.last_250 = traffic_light(inside);
    out.worst_250 = traffic_light(out.worst_250_exceptions);
}

double increase_of_days(std::span<const double> margins, double days, const MarginSettings& s) {
    const double steps = std::max(1.0, std::round(days * s.steps_per_day));
    return largest_increase(margins, static_cast<std::size_t>(steps));
}

}  // namespace

MarginBacktest backtest_margin(std::span<const double> returns, const MarginSettings& settings) {
    const MarginSeries series = margin_series(returns, settings);
    const std::size_t n = series.margins.size();
    // std::vector<bool> is no span.
    const auto is_exception = std::make_unique<bool[]>(n);
    MarginBacktest out;
    out.steps = n;
    double excesses = 0.0;
    double margins = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
        const double r = returns[series.first + i];
        const double excess = (settings.is_long ? -r : r) - series.margins[i];
        margins += series.margins[i];
        is_exception[i] = excess > 0.0;
        if (!is_exception[i]) continue;
        ++out.exceptions;
        excesses += excess;
        out.excess_worst = std::max(out.excess_worst, excess);
    }
    const std::span<const bool> days(is_exception.get(), n);
    const double promised = 1.0 - settings.level;
    out.coverage = kupiec(n, out.exceptions, promised);
    out.clusters = christoffersen(days, promised);
    if (settings.level == basel_level) judge_by_basel(days, out);

    out.margin_mean = margins / static_cast<double>(n);
    if (out.exceptions > 0) out.excess_mean = excesses / static_cast<double>(out.exceptions);
    const auto [low, high] = std::ranges::minmax(series.margins);
    out.peak_to_trough = low > 0.0 ? high / low : 0.0;
    out.increase_1d = increase_of_days(series.margins, 1.0, settings);
    out.increase_5d = increase_of_days(series.margins, 5.0, settings);
    out.increase_30d = increase_of_days(series.margins, 30.0, settings);
    return out;
}

}  // namespace breakwater
