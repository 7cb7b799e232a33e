// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/venue_run.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace breakwater {
namespace {

std::uint64_t cents(MicroUsd micro_usd) {
    return micro_usd <= 0 ? 0 : static_cast<std::uint64_t>(micro_usd / 10'000);
}
std::uint64_t natural(double v) {
    return v <= 0 ? 0 : static_cast<std::uint64_t>(std::floor(v + 0.5));
}

/// One thread's storm and its partial sums.
struct Worker {
    explicit Worker(const VenueSetup& setup)
        : storm(setup),
          price(setup.venue.underlyings.size(), QuantileBands(setup.grid_points + 1)),
          volatility(setup.venue.underlyings.size(), QuantileBands(setup.grid_points + 1)),
          liquidated(setup.grid_points + 1),
          backlog(setup.grid_points + 1) {}

    VenueStorm storm;
    AccountLosses accounts;
    std::vector<QuantileBands> price;
    std::vector<QuantileBands> volatility;
    QuantileBands liquidated;
    QuantileBands backlog;
    std::vector<std::uint64_t> course;
    std::vector<VenueLoss> losses;
    double seconds = 0;

    void fold(const VenueSetup& setup);
};

void Worker::fold(const VenueSetup& setup) {
    losses.assign(storm.losses().begin(), storm.losses().end());
    std::ranges::stable_sort(losses, {}, &VenueLoss::account);
    for (std::size_t i = 0; i < losses.size();) {
        MicroUsd sum = 0;
        const AccountId id = losses[i].account;
        for (; i < losses.size() && losses[i].account == id; ++i)
            sum += losses[i].amount;
        accounts.add(id, sum);
    }
    const VenueSeries& s = storm.series();
    const std::size_t n = price.size();
    course.resize(setup.grid_points + 1);
    const auto add = [&](QuantileBands& bands, auto value) {
        for (std::size_t k = 0; k <= setup.grid_points; ++k)
            course[k] = value(k);
        bands.add_path(course);
    };
    for (std::size_t u = 0; u < n; ++u) {
        add(price[u],
            [&](std::size_t k) { return natural(1e6 * s.price[k * n + u] / s.price[u]); });
        add(volatility[u], [&](std::size_t k) { return natural(1e3 * s.volatility[k * n + u]); });
    }
    add(liquidated, [&](std::size_t k) { return cents(s.liquidated[k]); });
    add(backlog, [&](std::size_t k) { return cents(s.backlog[k]); });
}

/// Worst first: more bad debt, then more liquidated, then the lower number.
std::vector<std::uint32_t> ranked(const std::vector<VenuePathResult>& paths) {
    std::vector<std::uint32_t> order(paths.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
        const VenuePathResult& x = paths[a];
        const VenuePathResult& y = paths[b];
        if (x.bad_debt() != y.bad_debt()) return x.bad_debt() > y.bad_debt();
        if (x.liquidated != y.liquidated) return x.liquidated > y.liquidated;
        return a < b;
    });
    return order;
}

}  // namespace

VenueRunResult run_venue_storms(const VenueSetup& setup, const RunOptions& options) {
    VenueRunResult out;
    out.paths.resize(options.paths);
    const auto workers = run_paths<Worker>(
        options, [&] { return std::make_unique<Worker>(setup); },
        [&](Worker& worker, std::uint32_t p) {
            out.paths[p] = worker.storm.run(p);
            worker.fold(setup);
        });
    const std::size_t n = setup.venue.underlyings.size();
    out.price.assign(n, QuantileBands(setup.grid_points + 1));
    out.volatility.assign(n, QuantileBands(setup.grid_points + 1));
    out.liquidated = out.backlog = QuantileBands(setup.grid_points + 1);
    for (const auto& w : workers) {
        out.accounts.merge(w->accounts);
        for (std::size_t u = 0; u < n; ++u) {
            out.price[u].merge(w->price[u]);
            out.volatility[u].merge(w->volatility[u]);
        }
        out.liquidated.merge(w->liquidated);
        out.backlog.merge(w->backlog);
        out.effort.thread_seconds.push_back(w->seconds);
        out.effort.worker_bytes = std::max(out.effort.worker_bytes, w->storm.memory_bytes());
    }
    if (out.paths.empty()) return out;
    const auto order = ranked(out.paths);
    out.worst = order.front();
    out.median = order[order.size() / 2];
    VenueStorm& storm = workers.front()->storm;  // any worker gives the same course
    storm.run(out.worst);
    out.worst_series = storm.series();
    storm.run(out.median);
    out.median_series = storm.series();
    return out;
}

}  // namespace breakwater
