// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/run.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "breakwater/stress/comet_storm.hpp"
#include "breakwater/stress/morpho_storm.hpp"

namespace breakwater {
namespace {

constexpr MicroUsd micro_per_cent = 10'000;

std::uint64_t cents(MicroUsd micro) {
    return micro <= 0 ? 0 : static_cast<std::uint64_t>(micro / micro_per_cent);
}

std::uint64_t natural(double v) {
    return v <= 0 ? 0 : static_cast<std::uint64_t>(std::floor(v + 0.5));
}

/// One thread's storm and its partial sums.
struct Worker {
    explicit Worker(const StormSetup& setup)
        : storm(make_storm(setup)),
          assets(setup.book->assets.size()),
          layers(setup.book->state.layers.size()),
          markets(setup.book->markets.size()),
          price(setup.book->assets.size(), QuantileBands(setup.grid_points + 1)),
          liquidated(setup.grid_points + 1),
          backlog(setup.grid_points + 1),
          base_fee(setup.grid_points + 1) {}

    std::unique_ptr<PathRunner> storm;
    AccountLosses accounts;
    std::vector<ReserveOutcome> assets;
    std::vector<LayerLoss> layers;
    std::vector<FeedTotals> feeds;
    std::vector<OnlineDistribution> markets;
    std::vector<QuantileBands> price;
    QuantileBands liquidated;
    QuantileBands backlog;
    QuantileBands base_fee;
    std::vector<std::uint64_t> course;  ///< one value for each point of the grid
    std::vector<MicroUsd> loss_of_asset;
    std::vector<MicroUsd> loss_of_market;
    std::vector<std::pair<AccountId, MicroUsd>> loss_of_account;
    double seconds = 0;

    void fold(const StormSetup& setup);
};

void Worker::fold(const StormSetup& setup) {
    loss_of_asset.assign(assets.size(), 0);
    loss_of_account.clear();
    loss_of_market.assign(markets.size(), 0);
    for (const PathLoss& l : storm->losses()) {
        loss_of_asset[index(l.debt)] += l.amount;
        loss_of_account.emplace_back(l.account, l.amount);
        if (l.market < markets.size()) loss_of_market[l.market] += l.amount;
    }
    for (std::size_t m = 0; m < markets.size(); ++m)
        markets[m].add(cents(loss_of_market[m]));
    std::ranges::sort(loss_of_account);
    for (std::size_t i = 0; i < loss_of_account.size();) {
        MicroUsd sum = 0;
        const AccountId id = loss_of_account[i].first;
        for (; i < loss_of_account.size() && loss_of_account[i].first == id; ++i)
            sum += loss_of_account[i].second;
        accounts.add(id, sum);
    }
    const PathSeries& s = storm->series();
    const std::size_t n = assets.size();
    course.resize(setup.grid_points + 1);
    for (std::size_t a = 0; a < n; ++a) {
        assets[a].loss.add(loss_of_asset[a]);
        const double per_start = 1e6 / s.price[a];
        std::uint64_t full = 0;
        for (std::size_t k = 0; k <= setup.grid_points; ++k) {
            course[k] = natural(s.price[k * n + a] * per_start);
            full += s.utilisation[k * n + a] >= utilisation_full ? 1U : 0U;
        }
        price[a].add_path(course);
        const ReserveEnd& end = storm->reserves_at_end()[a];
        assets[a].full_points.add(full);
        assets[a].utilisation_end.add(end.utilisation);
        assets[a].cash_end.add(cents(end.cash));
        assets[a].full_at_end += end.utilisation >= utilisation_full ? 1U : 0U;
    }
    for (std::size_t k = 0; k < layers.size(); ++k) {
        const LayerOutcome& layer = storm->layers()[k];
        layers[k].paid.add(cents(layer.paid));
        layers[k].exhausted += layer.exhausted ? 1U : 0U;
    }
    feeds.resize(storm->feeds().size());
    for (std::size_t a = 0; a < feeds.size(); ++a) feeds[a].add(storm->feeds()[a]);
    const auto add = [&](QuantileBands& bands, auto value) {
        for (std::size_t k = 0; k <= setup.grid_points; ++k)
            course[k] = value(k);
        bands.add_path(course);
    };
    add(liquidated, [&](std::size_t k) { return cents(s.liquidated[k]); });
    add(backlog, [&](std::size_t k) { return cents(s.backlog[k]); });
    add(base_fee, [&](std::size_t k) { return natural(s.base_fee[k] * 1e3); });
}

/// Runs every path once; `each(worker, path, result)` is called on the worker's thread.
template <class Each>
std::vector<std::unique_ptr<Worker>> run_all(const StormSetup& setup, const RunOptions& options,
                                             Each each) {
    return run_paths<Worker>(
        options, [&] { return std::make_unique<Worker>(setup); },
        [&](Worker& worker, std::uint32_t p) { each(worker, p, worker.storm->run(p)); });
}

/// Worst first: more bad debt, then more repaid, then the lower number.
std::vector<std::uint32_t> ranked(const std::vector<PathResult>& paths) {
    std::vector<std::uint32_t> order(paths.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
        const PathResult& x = paths[a];
        const PathResult& y = paths[b];
        if (x.bad_debt() != y.bad_debt()) return x.bad_debt() > y.bad_debt();
        if (x.repaid != y.repaid) return x.repaid > y.repaid;
        return a < b;
    });
    return order;
}

}  // namespace

void ReserveOutcome::merge(const ReserveOutcome& other) {
    loss.merge(other.loss);
    full_points.merge(other.full_points);
    utilisation_end.merge(other.utilisation_end);
    cash_end.merge(other.cash_end);
    full_at_end += other.full_at_end;
}

void LayerLoss::merge(const LayerLoss& other) {
    paid.merge(other.paid);
    exhausted += other.exhausted;
}

void FeedTotals::add(const FeedOutcome& path) {
    for (std::size_t t = 0; t < steps.size(); ++t) steps[t].add(path.steps[t]);
    for (std::size_t r = 0; r < refused.size(); ++r) refused[r].add(path.refused[r]);
}

void FeedTotals::merge(const FeedTotals& other) {
    for (std::size_t t = 0; t < steps.size(); ++t) steps[t].merge(other.steps[t]);
    for (std::size_t r = 0; r < refused.size(); ++r) refused[r].merge(other.refused[r]);
}

std::unique_ptr<PathRunner> make_storm(const StormSetup& setup) {
    if (setup.book->rulebook == "morpho_blue") return std::make_unique<MorphoStorm>(setup);
    if (setup.book->rulebook == "compound_v3") return std::make_unique<CometStorm>(setup);
    return std::make_unique<Storm>(setup);
}

RunResult run_storms(const StormSetup& setup, const RunOptions& options) {
    RunResult out;
    out.paths.resize(options.paths);
    const auto workers =
        run_all(setup, options, [&](Worker& worker, std::uint32_t p, const PathResult& result) {
            out.paths[p] = result;
            worker.fold(setup);
        });
    const std::size_t n = setup.book->assets.size();
    out.assets.resize(n);
    out.layers.resize(setup.book->state.layers.size());
    out.markets.resize(setup.book->markets.size());
    out.price.assign(n, QuantileBands(setup.grid_points + 1));
    out.liquidated = out.backlog = out.base_fee = QuantileBands(setup.grid_points + 1);
    for (const auto& w : workers) {
        out.accounts.merge(w->accounts);
        for (std::size_t a = 0; a < n; ++a) {
            out.assets[a].merge(w->assets[a]);
            out.price[a].merge(w->price[a]);
        }
        for (std::size_t k = 0; k < out.layers.size(); ++k)
            out.layers[k].merge(w->layers[k]);
        for (std::size_t m = 0; m < out.markets.size(); ++m)
            out.markets[m].merge(w->markets[m]);
        out.feeds.resize(std::max(out.feeds.size(), w->feeds.size()));
        for (std::size_t a = 0; a < w->feeds.size(); ++a)
            out.feeds[a].merge(w->feeds[a]);
        out.liquidated.merge(w->liquidated);
        out.backlog.merge(w->backlog);
        out.base_fee.merge(w->base_fee);
        out.effort.thread_seconds.push_back(w->seconds);
        out.effort.worker_bytes = std::max(out.effort.worker_bytes, w->storm->memory_bytes());
    }
    if (out.paths.empty()) return out;
    const auto order = ranked(out.paths);
    out.worst = order.front();
    out.median = order[order.size() / 2];
    PathRunner& storm = *workers.front()->storm;  // any worker gives the same course
    storm.run(out.worst);
    out.worst_series = storm.series();
    storm.run(out.median);
    out.median_series = storm.series();
    return out;
}

std::vector<PathResult> run_outcomes(const StormSetup& setup, const RunOptions& options) {
    std::vector<PathResult> out(options.paths);
    run_all(setup, options,
            [&](Worker&, std::uint32_t p, const PathResult& result) { out[p] = result; });
    return out;
}

}  // namespace breakwater
