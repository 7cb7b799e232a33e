// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/history.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "breakwater/world/math.hpp"
#include "breakwater/world/random.hpp"

namespace breakwater {

namespace {

constexpr std::uint32_t steps_max = 1'000'000;  // of a segment
constexpr double slack =
    1e-9;  // relative, of typed prices: below it a low equals the end it touches

bool is_price(double x) {
    return x > 0.0 && x < 1e30;  // false for NaN
}

/// The step nearest to a time.
double step_at(double time, double step_seconds) {
    return std::floor(time / step_seconds + 0.5);
}

std::string fault_in_points(std::span<const HistoryPoint> points, double steps,
                            double step_seconds) {
    if (points.size() < 2) return "needs at least two points";
    if (points.front().time != 0.0) return "the first point must be at the start of the horizon";
    if (!(step_at(points.back().time, step_seconds) >= steps)) return "ends before the horizon";
    for (std::size_t i = 0; i < points.size(); ++i) {
        const std::string point = "point " + std::to_string(i) + ": ";
        if (!is_price(points[i].price)) return point + "price must be positive";
        if (i + 1 == points.size()) break;
        if (!(points[i + 1].time > points[i].time)) return point + "the next point is not later";
        const double ends_low = std::min(points[i].price, points[i + 1].price);
        const double ends_high = std::max(points[i].price, points[i + 1].price);
        if (!is_price(points[i].low)) return point + "low must be positive";
        if (points[i].low > ends_low * (1.0 + slack)) {
            return point + "low lies above the price at an end of its segment";
        }
        if (!is_price(points[i].high) || points[i].high < ends_high * (1.0 - slack)) {
            return point + "high lies below the price at an end of its segment";
        }
    }
    return {};
}

/// x reflected at low and high until it lies between them.
double fold(double x, double low, double high) {
    if (x >= low && x <= high) return x;
    const double width = high - low;
    if (!(width > 0.0)) return low;
    const double round_trip = 2.0 * width;
    double y = x - low;
    y -= round_trip * std::floor(y / round_trip);
    if (y > width) y = round_trip - y;
    return std::clamp(low + y, low, high);
}

}  // namespace

std::expected<HistoryBridge, std::string> HistoryBridge::create(
    const std::string& name, std::span<const HistoryPoint> points, std::uint32_t steps,
    double step_seconds) {
    if (const std::string fault = fault_in_points(points, steps, step_seconds); !fault.empty()) {
        return std::unexpected("history of " + name + ": " + fault);
    }
    HistoryBridge bridge;
    HistoryPoint from = points[0];  // with the low and high of all points merged into it
    std::uint32_t first = 0;
    std::uint32_t longest = 1;
    for (std::size_t i = 1; i < points.size() && first < steps; ++i) {
        const double at = step_at(points[i].time, step_seconds);
        const auto last = static_cast<std::uint32_t>(std::min(at, 4e9));
        if (last - first > steps_max) {
            return std::unexpected("history of " + name + ": point " + std::to_string(i) +
                                   ": too far from the one before");
        }
        Segment segment = between(from, points[i], points[0].price);
        const std::uint32_t wanted = (segment.meets_low ? 1U : 0U) + (segment.meets_high ? 1U : 0U);
        const std::uint32_t room = last > first ? last - first - 1 : 0;
        if (i + 1 < points.size() && (last == first || wanted > room)) {
            from.low = std::min(from.low, points[i].low);
            from.high = std::max(from.high, points[i].high);
            continue;
        }
        if (wanted > room) {
            const double below = std::min(segment.from, segment.to) - segment.low;
            const double above = segment.high - std::max(segment.from, segment.to);
            segment.meets_low = room == 1 && below >= above;
            segment.meets_high = room == 1 && below < above;
        }
        segment.first = first;
        segment.last = last;
        bridge.segments_.push_back(segment);
        longest = std::max(longest, last - first);
        first = last;
        from = points[i];
    }
    for (std::uint32_t left = 0; left <= longest; ++left) {
        const double n = left == 0 ? 1.0 : left;
        bridge.pull_.push_back(1.0 / n);
        bridge.noise_.push_back(std::sqrt((n - 1.0) / n));
    }
    return bridge;
}

HistoryBridge::Segment HistoryBridge::between(const HistoryPoint& from, const HistoryPoint& to,
                                              double start) {
    const auto [low_end, high_end] = std::minmax(from.price, to.price);
    return {.from = log_(from.price / start),
            .to = log_(to.price / start),
            .low = log_(std::min(from.low, low_end) / start),
            .high = log_(std::max(from.high, high_end) / start),
            .meets_low =
                from.low<low_end*(1.0 - slack), .meets_high = from.high> high_end * (1.0 + slack)};
}

HistoryBridge::Knots HistoryBridge::knots(const Segment& segment, std::span<const double> draws) {
    Knots result = {};
    const bool falling = segment.to < segment.from;
    for (const bool low_now : {!falling, falling}) {
        if (low_now ? segment.meets_low : segment.meets_high) {
            result.level[result.count++] = low_now ? segment.low : segment.high;
        }
    }
    result.level[result.count++] = segment.to;

    std::array<double, 3> share = {};
    double sum = 0.0;
    double here = segment.from;
    for (std::size_t i = 0; i < result.count; ++i) {
        share[i] = std::fabs(result.level[i] - here) * (0.5 + draws[i]);
        sum += share[i];
        here = result.level[i];
    }
    const std::uint32_t length = segment.last - segment.first;
    std::uint32_t used = 0;
    double passed = 0.0;
    for (std::size_t i = 0; i + 1 < result.count; ++i) {
        passed += share[i];
        const auto wanted = static_cast<std::uint32_t>(std::floor(length * (passed / sum) + 0.5));
        const auto knots_after = static_cast<std::uint32_t>(result.count - 1 - i);
        used = std::clamp(wanted, used + 1, length - knots_after);
        result.at[i] = segment.first + used;
    }
    result.at[result.count - 1] = segment.last;
    return result;
}

void HistoryBridge::generate(std::uint64_t seed, std::uint32_t path, std::span<double> row) const {
    const auto steps = static_cast<std::uint32_t>(row.size());
    for (const Segment& segment : segments_) {
        const auto u = uniform_pair(seed, path, Stream::history, segment.first, 0);
        const auto v = uniform_pair(seed, path, Stream::history, segment.first, 1);
        const Knots target = knots(segment, std::array{u[0], u[1], v[0]});
        std::uint32_t at = segment.first;
        double x = segment.from;
        for (std::size_t knot = 0; knot < target.count; ++knot) {
            for (; at < target.at[knot] && at < steps; ++at) {
                const std::uint32_t left = target.at[knot] - at;
                x += (target.level[knot] - x) * pull_[left] + row[at] * noise_[left];
                if (left == 1) x = target.level[knot];
                row[at] = fold(x, segment.low, segment.high);
            }
        }
    }
}

}  // namespace breakwater
