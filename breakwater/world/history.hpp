// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

/// A published price path at a few dated points, filled between: passes through every point, stays
/// inside the published low and high of each segment, and meets them. Construction, rejection-free:
///   1. Inside a segment up to two knots are set where the published low (high) lies below (above)
///      both ends. A falling segment meets its high first, a rising one its low; the times share
///      the segment in proportion to the distance to travel, each share times ½ + U. The draws
///      belong to the time, not to the asset, so assets with the same dates fall together.
///   2. From knot to knot a Brownian bridge in log price with the asset's noise.
///   3. The bridge is folded back at the low and at the high. The knots lie inside and stay where
///      they are, so the lowest (highest) grid point of a segment is the published one, to a
///      rounding of exp (tested: 1e-14).
/// The path may fall to its low within few steps: that gap is the model's guess, the low is not.
namespace breakwater {

/// `high` and `low` are those of the segment from this point to the next; not used at the last
/// point.
struct HistoryPoint {
    double time = 0;   ///< [s] since the start of the horizon
    double price = 0;  ///< [USD] at `time`
    double high = 0;   ///< [USD]
    double low = 0;    ///< [USD]
};

class HistoryBridge {
  public:
    /// Points in the order of time, the first at 0, the last at the last step or later. Points go
    /// to the nearest step. A segment with too few grid points inside to meet its low and high is
    /// merged with the next one (at most to three steps), which keeps lows and highs and drops the
    /// point between; only the last one of all then meets the farther of the two, or none.
    /// Error: a sentence with the name and the number of the point.
    static std::expected<HistoryBridge, std::string> create(const std::string& name,
                                                            std::span<const HistoryPoint> points,
                                                            std::uint32_t steps,
                                                            double step_seconds);

    /// In: row[s] is the noise of step s, standard deviation volatility · √step. Out: row[s] is
    /// ln(price after step s / price at the start).
    void generate(std::uint64_t seed, std::uint32_t path, std::span<double> row) const;

  private:
    struct Segment {
        std::uint32_t first = 0;  // grid index of its first point
        std::uint32_t last = 0;   // of its last point, may lie beyond the horizon
        double from = 0;          // ln(price / start), so are all
        double to = 0;
        double low = 0;
        double high = 0;
        bool meets_low = false;  // low lies below both ends, and there is room for a knot
        bool meets_high = false;
    };
    struct Knots {
        std::size_t count;
        std::uint32_t at[3];
        double level[3];
    };

    static Segment between(const HistoryPoint& from, const HistoryPoint& to, double start);
    static Knots knots(const Segment& segment, std::span<const double> draws);

    std::vector<Segment> segments_;
    std::vector<double> pull_;   // by steps left to the knot: 1 / left
    std::vector<double> noise_;  // by steps left to the knot: √((left − 1) / left)
};

}  // namespace breakwater
