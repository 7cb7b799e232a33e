// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/procyclicality.hpp"

#include <algorithm>
#include <cmath>

#include "breakwater/world/math.hpp"

namespace breakwater {

std::vector<double> buffered(std::span<const double> margins, const BufferTool& tool) {
    const double full = 1.0 + tool.buffer;
    std::vector<double> out;
    out.reserve(margins.size());
    for (std::size_t t = 0; t < margins.size(); ++t) {
        const double m = margins[t];
        double charged = full * m;
        if (t >= tool.lag && m > tool.rise * margins[t - tool.lag]) {
            const double lowest = std::ranges::min(margins.subspan(t - tool.lag, tool.lag + 1));
            charged = std::max(m, std::min(full * m, full * lowest));
        }
        out.push_back(charged);
    }
    return out;
}

std::vector<double> stress_weighted(std::span<const double> margins, const StressTool& tool) {
    std::vector<double> out;
    out.reserve(margins.size());
    for (const double m : margins)
        out.push_back(std::max(m, (1.0 - tool.weight) * m + tool.weight * tool.stressed));
    return out;
}

std::vector<double> floored(std::span<const double> margins, double floor) {
    std::vector<double> out;
    out.reserve(margins.size());
    for (const double m : margins)
        out.push_back(std::max(m, floor));
    return out;
}

double largest_increase(std::span<const double> margins, std::size_t steps) {
    if (margins.size() <= steps) return 0.0;
    double largest = margins[steps] / margins[0] - 1.0;
    for (std::size_t t = 1; t + steps < margins.size(); ++t)
        largest = std::max(largest, margins[t + steps] / margins[t] - 1.0);
    return largest;
}

Procyclicality procyclicality(std::span<const double> margins) {
    const auto [low, high] = std::ranges::minmax(margins);
    double squares = 0.0;
    for (std::size_t t = 1; t < margins.size(); ++t) {
        const double change = log_(margins[t] / margins[t - 1]);
        squares += change * change;
    }
    const auto changes = static_cast<double>(margins.size() - 1);
    return {.peak_to_trough = high / low,
            .increase_1 = largest_increase(margins, 1),
            .increase_5 = largest_increase(margins, 5),
            .increase_30 = largest_increase(margins, 30),
            .deviation_of_change = std::sqrt(squares / changes)};
}

double root_mean_square(std::span<const double> returns) {
    double sum = 0.0;
    for (const double r : returns)
        sum += r * r;
    return returns.empty() ? 0.0 : std::sqrt(sum / static_cast<double>(returns.size()));
}

}  // namespace breakwater
