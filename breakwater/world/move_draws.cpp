// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Moves over a window by simulation: the second answer beside the closed form of move_law.cpp.

#include <algorithm>
#include <array>
#include <cmath>

#include "breakwater/world/math.hpp"
#include "breakwater/world/move_law.hpp"
#include "breakwater/world/random.hpp"

namespace breakwater {
namespace {

constexpr std::size_t steps_a_block = 8;
constexpr std::size_t parts_max = 2;

/// What of the four kinds of draws of an asset is meant.
enum class Kind : std::uint32_t { shocks, sizes, counts, jumps };

std::uint32_t step_of(std::uint32_t asset, Kind kind) {
    return 4 * asset + static_cast<std::uint32_t>(kind);
}

/// One step of a part: x ← kept·x + scale·m·z, exact for a step of any length.
struct StepOfPart {
    double kept = 1;
    double scale = 0;
};

StepOfPart step_of_part(const MovePart& part, double seconds) {
    const double own = part.volatility * part.exposure;
    if (part.half_life_hours <= 0) return {1, own * std::sqrt(seconds / seconds_per_year)};
    const double decay = elementary::ln2 * seconds / (part.half_life_hours * 3'600);
    const double kept = exp_(-decay);
    const double years = seconds / seconds_per_year * (1 - kept * kept) / (2 * decay);
    return {kept, own * std::sqrt(years)};
}

}  // namespace

double MoveLaw::draw(std::uint64_t seed, std::uint32_t path, std::uint32_t asset) const {
    const std::size_t parts = std::min(parts_max, parameters_.parts.size());
    const std::size_t steps = blocks_.size() > 4 ? 1 : steps_a_block;
    std::array<double, parts_max> x{};
    std::array<double, parts_max * steps_a_block> z{};
    for (std::size_t b = 0; b < blocks_.size(); ++b) {
        // Shocks of all blocks lie in one row of draws; a block reads its own part of it.
        const std::size_t count = parts * steps;
        const auto first = static_cast<std::uint32_t>(b * count);
        for (std::size_t i = 0; i < count; ++i)
            z[i] = normal_quantile(uniform(seed, path, Stream::buffer, step_of(asset, Kind::shocks),
                                           first + static_cast<std::uint32_t>(i)));
        double m = 1;
        if (!mixing_.empty())
            m = mixing_.front().multiplier(
                normal_quantile(uniform(seed, path, Stream::buffer, step_of(asset, Kind::sizes),
                                        static_cast<std::uint32_t>(b))));
        const double seconds = blocks_[b].seconds / static_cast<double>(steps);
        for (std::size_t p = 0; p < parts; ++p) {
            const StepOfPart step = step_of_part(parameters_.parts[p], seconds);
            for (std::size_t s = 0; s < steps; ++s)
                x[p] = step.kept * x[p] + step.scale * m * z[p * steps + s];
        }
    }
    return drift_ + x[0] + x[1] + drawn_jumps(seed, path, asset);
}

double MoveLaw::drawn_jumps(std::uint64_t seed, std::uint32_t path, std::uint32_t asset) const {
    if (jumps_.size() < 2) return 0;
    const MoveParameters& p = parameters_;
    const auto chance = [&](std::uint32_t draw) {
        return uniform(seed, path, Stream::buffer, step_of(asset, Kind::counts), draw);
    };
    const double mean = std::min(700.0, p.jumps_a_year * p.seconds / seconds_per_year);
    std::uint32_t count = poisson_quantile(mean, chance(0));
    for (std::uint32_t j = 0; j < p.forced_jumps; ++j)
        if (chance(j + 1) * p.horizon_seconds < p.seconds) ++count;
    double sum = 0;
    for (std::uint32_t j = 0; j < count; ++j)
        sum += p.jump_mean +
               p.jump_deviation * normal_quantile(uniform(seed, path, Stream::buffer,
                                                          step_of(asset, Kind::jumps), j));
    return sum;
}

}  // namespace breakwater
