// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "breakwater/stress/statistics.hpp"
#include "breakwater/stress/storm.hpp"
#include "breakwater/stress/workers.hpp"

/// Thousands of storms on a few threads. A path's outcome depends on seed and number alone, partial sums are integers,
/// and what is kept by path is kept by its number: the same bits at any thread count.
namespace breakwater {

inline constexpr std::uint32_t utilisation_full = 990'000;  ///< [1e-6] a supplier cannot leave

/// What the paths came to in one reserve.
struct ReserveOutcome {
    LossMoments loss;                    ///< [1e-6 USD] per path, by debt asset
    OnlineDistribution full_points;      ///< per path: grid points at 99 % utilisation or above
    OnlineDistribution utilisation_end;  ///< [1e-6]
    OnlineDistribution cash_end;         ///< [cent] at the price of the book
    std::uint64_t full_at_end = 0;       ///< paths that end at 99 % utilisation or above

    void merge(const ReserveOutcome& other);
};

/// What the paths came to for one layer.
struct LayerLoss {
    OnlineDistribution paid;      ///< [cent] per path
    std::uint64_t exhausted = 0;  ///< paths that leave nothing of its cover

    void merge(const LayerLoss& other);
};

/// What the feed of one asset came to, per path: nothing where it has one source only.
struct FeedTotals {
    std::array<OnlineDistribution, feeds::trusts> steps;      ///< [step] by feeds::Trust
    std::array<OnlineDistribution, feeds::refusals> refused;  ///< [report] by feeds::Refusal

    void add(const FeedOutcome& path);
    void merge(const FeedTotals& other);
};

struct RunResult {
    std::vector<PathResult> paths;  ///< by path number
    AccountLosses accounts;
    std::vector<ReserveOutcome> assets;  ///< by AssetId
    std::vector<LayerLoss> layers;       ///< by layer
    std::vector<FeedTotals> feeds;       ///< by AssetId; none without a guard
    std::vector<OnlineDistribution> markets;  ///< [cent] bad debt per path, by row of Book::markets
    std::vector<QuantileBands> price;  ///< by AssetId: price / start, [1e-6]
    QuantileBands liquidated{0};       ///< [cent] since the grid point before
    QuantileBands backlog{0};          ///< [cent]
    QuantileBands base_fee{0};         ///< [1e-3 gwei]
    std::uint32_t worst = 0;           ///< path with the largest bad debt, then the most repaid
    std::uint32_t median = 0;          ///< path of the median rank in the same order
    PathSeries worst_series;
    PathSeries median_series;
    Effort effort;

    /// One figure of every path, e.g. `&PathResult::bad_debt`.
    template <class Figure>
    [[nodiscard]] std::vector<MicroUsd> column(Figure figure) const {
        std::vector<MicroUsd> out;
        out.reserve(paths.size());
        for (const PathResult& p : paths) out.push_back(std::invoke(figure, p));
        return out;
    }
};

/// The storm of the book's rulebook.
std::unique_ptr<PathRunner> make_storm(const StormSetup& setup);

RunResult run_storms(const StormSetup& setup, const RunOptions& options);

/// Only the outcomes by path: for the second arm of a comparison.
std::vector<PathResult> run_outcomes(const StormSetup& setup, const RunOptions& options);

}  // namespace breakwater
