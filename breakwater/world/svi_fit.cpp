// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/svi_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "breakwater/world/math.hpp"
#include "breakwater/world/simplex.hpp"

namespace breakwater {
namespace {

constexpr std::size_t strikes_min = 5;    // as many as the smile has parameters
constexpr double half_spread_min = 1e-3;  // [per √year] a narrower spread says nothing more
constexpr unsigned coarse_points = 61;
constexpr unsigned looks = 900;  // of a descent
constexpr unsigned descents = 3;

/// A smile in coordinates that know no bounds: ln least variance, ln left wing, ln right wing, m,
/// ln s.
using Point = std::array<double, 5>;

Svi smile_at(const Point& x) {
    const double left = exp_(x[1]);
    const double right = exp_(x[2]);
    const double s = exp_(x[4]);
    return {.a = exp_(x[0]) - s * std::sqrt(left * right),
            .b = 0.5 * (left + right),
            .rho = (right - left) / (right + left),
            .m = x[3],
            .s = s};
}

Point point_of(const Svi& svi) {
    const Wings wings = svi_wings(svi);
    const double least = svi.a + svi.s * std::sqrt(wings.left * wings.right);
    return {log_(least), log_(wings.left), log_(wings.right), svi.m, log_(svi.s)};
}

/// Half the spread of a two-sided quote.
double half_of(const VolatilityQuote& q) {
    return std::max(0.5 * (q.ask - q.bid), half_spread_min);
}

double loss_of(const VolatilityQuote& q, double volatility) {
    if (!q.counts_middle) {
        // One bound may be missing: what lies outside counts in units of a vol point.
        const double excess =
            std::max({q.bid - volatility, volatility - q.ask, 0.0}) / (10.0 * half_spread_min);
        return excess * excess / (1.0 + excess * excess / 9.0);
    }
    const double z = (volatility - 0.5 * (q.bid + q.ask)) / half_of(q);
    const double excess = std::max(std::fabs(z) - 0.9, 0.0);
    const double square = excess * excess;
    return square / (1.0 + square / 9.0) + 0.1 * std::min(z * z, 9.0);
}

class Fit {
  public:
    Fit(std::span<const VolatilityQuote> quotes, double years, const Svi* later)
        : quotes_(quotes), years_(years), later_(later) {}

    [[nodiscard]] Svi run() const {
        const Point anchor = safe();
        Point best = anchor;
        for (const Point& start : {anchor, guess()}) {
            const Point found = made_free(descend(start), anchor);
            if (loss(smile_at(found)) < loss(smile_at(best))) best = found;
        }
        return smile_at(best);
    }

  private:
    [[nodiscard]] double loss(const Svi& svi) const {
        double sum = 0.0;
        for (const VolatilityQuote& q : quotes_)
            sum += loss_of(q, std::sqrt(svi_total_variance(svi, q.k) / years_));
        return sum / static_cast<double>(quotes_.size());
    }
    [[nodiscard]] double penalty(const Svi& svi) const;
    [[nodiscard]] bool is_free(const Point& x) const {
        const Svi svi = smile_at(x);
        return (later_ == nullptr || is_free_of_calendars(svi, *later_)) &&
               is_free_of_butterflies(svi);
    }
    [[nodiscard]] double middle_variance() const;
    [[nodiscard]] Point safe() const;
    [[nodiscard]] Point guess() const;
    [[nodiscard]] Point descend(Point x) const;
    [[nodiscard]] Point made_free(const Point& x, const Point& anchor) const;

    std::span<const VolatilityQuote> quotes_;
    double years_;
    const Svi* later_;
};

/// How much arbitrage there is on a coarse grid; keeps a small distance from it.
double Fit::penalty(const Svi& svi) const {
    constexpr double butterfly_distance = 0.005;
    constexpr double calendar_distance = 0.0005;
    double sum = 0.0;
    const auto add = [&](double missing) { sum += missing > 0.0 ? missing * missing : 0.0; };
    const auto look_at = [&](double k) {
        const Variance v = svi_variance(svi, k);
        add(butterfly_distance - durrleman(k, v));
        if (later_ == nullptr) return;
        add(calendar_distance - 1.0 + v.w / svi_total_variance(*later_, k));
    };
    for (unsigned i = 0; i < coarse_points; ++i) {
        const double t = (2.0 * i + 1.0) / coarse_points - 1.0;
        const double far = 4.0 * t / (1.0 - t * t);
        look_at(svi.m + far * svi.s);
        if (later_ != nullptr) look_at(later_->m + far * later_->s);
    }
    const Wings wings = svi_wings(svi);
    constexpr double wing_max = 1.99;
    const Wings limit = later_ == nullptr ? Wings{wing_max, wing_max} : svi_wings(*later_);
    add(wings.left / limit.left - 1.0 + calendar_distance);
    add(wings.right / limit.right - 1.0 + calendar_distance);
    return 1e3 * sum;
}

double Fit::middle_variance() const {
    double nearest = std::numeric_limits<double>::infinity();
    double volatility = 0.0;
    for (const VolatilityQuote& q : quotes_)
        if (q.counts_middle && std::fabs(q.k) < nearest) {
            nearest = std::fabs(q.k);
            volatility = 0.5 * (q.bid + q.ask);
        }
    return volatility * volatility * years_;
}

/// Free of arbitrage whatever the quotes say: the later smile scaled down, or an all but flat one.
Point Fit::safe() const {
    const double w = middle_variance();
    if (later_ == nullptr) return {log_(w), log_(1e-4 * w), log_(1e-4 * w), 0.0, 0.5 * log_(w)};
    const double factor = std::min(w / svi_total_variance(*later_, 0.0), 0.999);
    return point_of(svi_scaled(*later_, factor));
}

Point Fit::guess() const {
    const double w = middle_variance();
    const double wing = 0.5 * std::sqrt(w);
    return {log_(0.8 * w), log_(wing), log_(wing), 0.0, 0.5 * log_(w)};
}

Point Fit::descend(Point x) const {
    const double width = std::sqrt(middle_variance());
    const auto f = [&](const Point& at) {
        const Svi svi = smile_at(at);
        return loss(svi) + penalty(svi);
    };
    double size = 1.0;
    for (unsigned i = 0; i < descents; ++i) {
        const Point steps{0.3 * size, 0.4 * size, 0.4 * size, 0.3 * size * width, 0.5 * size};
        x = simplex_minimum<5>(f, x, steps, looks).at;
        size *= -0.5;
    }
    return x;
}

/// The point nearest to x on the way to the anchor that is free of arbitrage on the dense grid.
Point Fit::made_free(const Point& x, const Point& anchor) const {
    if (is_free(x)) return x;
    const auto between = [&](double t) {
        Point out{};
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = x[i] + t * (anchor[i] - x[i]);
        return out;
    };
    double low = 0.0;
    double tried = 1e-4;
    while (tried < 1.0 && !is_free(between(tried))) {
        low = tried;
        tried *= 4.0;
    }
    double high = std::min(tried, 1.0);
    for (int i = 0; i < 12; ++i) {
        const double middle = 0.5 * (low + high);
        (is_free(between(middle)) ? high : low) = middle;
    }
    return between(high);
}

std::size_t strikes_with_middle(std::span<const VolatilityQuote> quotes) {
    std::vector<double> strikes;
    for (const VolatilityQuote& q : quotes)
        if (q.counts_middle) strikes.push_back(q.k);
    std::ranges::sort(strikes);
    strikes.erase(std::unique(strikes.begin(), strikes.end()), strikes.end());
    return strikes.size();
}

}  // namespace

std::optional<Svi> fit_svi(std::span<const VolatilityQuote> quotes, double years,
                           const Svi* later) {
    if (!(years > 0.0) || strikes_with_middle(quotes) < strikes_min) return std::nullopt;
    return Fit(quotes, years, later).run();
}

double fit_error(std::span<const VolatilityQuote> quotes, double years, const Svi& svi) {
    double sum = 0.0;
    double count = 0.0;
    for (const VolatilityQuote& q : quotes) {
        if (!q.counts_middle) continue;
        const double miss = std::sqrt(svi_total_variance(svi, q.k) / years) - 0.5 * (q.bid + q.ask);
        sum += miss * miss;
        count += 1.0;
    }
    return count > 0.0 ? std::sqrt(sum / count) : 0.0;
}

}  // namespace breakwater
