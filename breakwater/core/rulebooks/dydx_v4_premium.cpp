// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/dydx_v4_premium.hpp"

#include <algorithm>
#include <vector>

namespace breakwater::dydx_v4 {
namespace {

std::vector<std::int32_t> padded_and_sorted(std::span<const std::int32_t> values,
                                            std::size_t size_min) {
    std::vector<std::int32_t> out(values.begin(), values.end());
    out.resize(std::max(out.size(), size_min), 0);
    std::ranges::sort(out);
    return out;
}

}  // namespace

std::int32_t premium_sample(std::span<const std::int32_t> votes, std::size_t votes_min) {
    const auto sorted = padded_and_sorted(votes, votes_min);
    const std::size_t middle = sorted.size() / 2;
    if (sorted.size() % 2 == 1) return sorted[middle];
    const std::int64_t sum = std::int64_t{sorted[middle - 1]} + sorted[middle];
    return static_cast<std::int32_t>(sum / 2 + sum % 2);
}

std::int32_t premium_of_hour(std::span<const std::int32_t> samples, std::size_t samples_min,
                             std::uint32_t tail_ppm) {
    const auto sorted = padded_and_sorted(samples, samples_min);
    const std::size_t removed =
        std::min(sorted.size() * 2 * tail_ppm / 1'000'000, sorted.size() - 1);
    const std::size_t bottom = removed / 2;
    std::int64_t sum = 0;
    for (std::size_t i = bottom; i < sorted.size() - (removed - bottom); ++i)
        sum += sorted[i];
    return static_cast<std::int32_t>(sum / static_cast<std::int64_t>(sorted.size() - removed));
}

}  // namespace breakwater::dydx_v4
