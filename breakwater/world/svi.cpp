// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/svi.hpp"

#include <cmath>
#include <limits>

namespace breakwater {
namespace {

constexpr double wing_max = 2.0;  // Lee (2004): a steeper wing has no finite first moment

bool is_smile(const Svi& svi) {
    return svi.b >= 0.0 && svi.s > 0.0 && std::fabs(svi.rho) < 1.0 &&
           svi.a + svi.b * svi.s * std::sqrt(1.0 - svi.rho * svi.rho) > 0.0;
}

}  // namespace

Variance svi_variance(const Svi& svi, double k) {
    const double y = k - svi.m;
    const double root = std::sqrt(y * y + svi.s * svi.s);
    return {.w = svi.a + svi.b * (svi.rho * y + root),
            .first = svi.b * (svi.rho + y / root),
            .second = svi.b * svi.s * svi.s / (root * root * root)};
}

double svi_total_variance(const Svi& svi, double k) {
    return svi_variance(svi, k).w;
}

double durrleman(double k, const Variance& v) {
    const double centre = 1.0 - k * v.first / (2.0 * v.w);
    return centre * centre - 0.25 * v.first * v.first * (1.0 / v.w + 0.25) + 0.5 * v.second;
}

Wings svi_wings(const Svi& svi) {
    return {.left = svi.b * (1.0 - svi.rho), .right = svi.b * (1.0 + svi.rho)};
}

std::vector<double> svi_grid(const Svi& svi, unsigned points) {
    std::vector<double> out;
    out.reserve(points + 1);
    // t in (−1, 1); t / (1 − t²) is even in the middle and reaches far with few points.
    for (unsigned i = 0; i < points; ++i) {
        const double t = (2.0 * i + 1.0) / points - 1.0;
        out.push_back(svi.m + 4.0 * svi.s * t / (1.0 - t * t));
    }
    out.push_back(0.0);
    return out;
}

Nearest least_durrleman(const Svi& svi) {
    if (!is_smile(svi)) return {.value = -1.0, .k = 0.0};
    Nearest out{.value = std::numeric_limits<double>::infinity(), .k = 0.0};
    for (const double k : svi_grid(svi, dense_points)) {
        const double g = durrleman(k, svi_variance(svi, k));
        if (!(g >= out.value)) out = {.value = g, .k = k};
    }
    return out;
}

Nearest least_calendar_gap(const Svi& sooner, const Svi& later) {
    Nearest out{.value = std::numeric_limits<double>::infinity(), .k = 0.0};
    for (const Svi* about : {&sooner, &later})
        for (const double k : svi_grid(*about, dense_points)) {
            const double w = svi_total_variance(later, k);
            const double gap = (w - svi_total_variance(sooner, k)) / w;
            if (!(gap >= out.value)) out = {.value = gap, .k = k};
        }
    return out;
}

bool is_free_of_butterflies(const Svi& svi) {
    const Wings wings = svi_wings(svi);
    return wings.left < wing_max && wings.right < wing_max && least_durrleman(svi).value >= 0.0;
}

bool is_free_of_calendars(const Svi& sooner, const Svi& later) {
    const Wings near = svi_wings(sooner);
    const Wings far = svi_wings(later);
    return near.left <= far.left && near.right <= far.right &&
           least_calendar_gap(sooner, later).value >= 0.0;
}

Svi svi_scaled(const Svi& svi, double factor) {
    return {.a = factor * svi.a, .b = factor * svi.b, .rho = svi.rho, .m = svi.m, .s = svi.s};
}

}  // namespace breakwater
