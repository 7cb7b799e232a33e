// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <functional>
#include <vector>

#include "breakwater/stress/statistics.hpp"
#include "breakwater/stress/venue_storm.hpp"
#include "breakwater/stress/workers.hpp"

/// Thousands of storms over a venue on a few threads, with the same promise as run.hpp: the same
/// bits at any thread count.
namespace breakwater {

struct VenueRunResult {
    std::vector<VenuePathResult> paths;  ///< by path number
    AccountLosses accounts;
    std::vector<QuantileBands> price;       ///< by underlying: price / start, [1e-6]
    std::vector<QuantileBands> volatility;  ///< by underlying: of the start's, [1e-3]
    QuantileBands liquidated{0};            ///< [cent] since the grid point before
    QuantileBands backlog{0};               ///< [cent]
    std::uint32_t worst = 0;   ///< path with the largest bad debt, then the most liquidated
    std::uint32_t median = 0;  ///< path of the median rank in the same order
    VenueSeries worst_series;
    VenueSeries median_series;
    Effort effort;

    /// One figure of every path, e.g. `&VenuePathResult::bad_debt`.
    template <class Figure>
    [[nodiscard]] std::vector<MicroUsd> column(Figure figure) const {
        std::vector<MicroUsd> out;
        out.reserve(paths.size());
        for (const VenuePathResult& p : paths)
            out.push_back(std::invoke(figure, p));
        return out;
    }
};

VenueRunResult run_venue_storms(const VenueSetup& setup, const RunOptions& options);

}  // namespace breakwater
