// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

/// dYdX v4: from votes on the premium, one per block, to samples, one per minute, to the premium of an
/// hour. All in ppm. Source: docs/rules.md, DYDX-006.
namespace breakwater::dydx_v4 {

/// Median of the votes, missing ones counted as 0; the mean of two middle ones is rounded away from
/// zero. At least one vote or `votes_min` above 0.
std::int32_t premium_sample(std::span<const std::int32_t> votes, std::size_t votes_min);

/// Mean of the samples toward zero, missing ones counted as 0, after ⌊n · 2 tail / 1e6⌋ of them are
/// removed from both ends together, of an odd number one more at the top.
std::int32_t premium_of_hour(std::span<const std::int32_t> samples, std::size_t samples_min,
                             std::uint32_t tail_ppm);

}  // namespace breakwater::dydx_v4
