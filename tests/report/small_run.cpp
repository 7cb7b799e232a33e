// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "small_run.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace breakwater::test {
namespace {

StormSetup prepared(const Book& book, bool conditional) {
    auto setup = prepare_storm(book, small_scenario(conditional), 42);
    if (!setup) throw std::runtime_error(setup.error());
    return std::move(*setup);
}

PathSeries flat_series(const StormSetup& setup) {
    const std::size_t points = setup.grid_points + 1;
    const std::size_t assets = setup.book->assets.size();
    PathSeries out;
    for (std::size_t k = 0; k < points; ++k)
        for (std::size_t a = 0; a < assets; ++a)
            out.price.push_back(static_cast<double>(setup.book->state.feeds[a].point) * 1e-8);
    out.liquidated.resize(points);
    out.backlog.resize(points);
    out.utilisation.resize(points * assets);
    out.base_fee.resize(points);
    return out;
}

}  // namespace

Scenario small_scenario(bool conditional) {
    Scenario s;
    s.name = conditional ? "small-storm" : "today";
    s.title = "an hour";
    s.description = "made for tests";
    s.sources = {"nowhere"};
    s.conditional = conditional;
    s.horizon_seconds = 3'600;
    s.step_seconds = 300;
    s.price.rules = {{.symbol = "USDC", .kind = {}, .volatility = 0.01},
                     {.symbol = "*", .kind = {}, .volatility = 3.0}};
    return s;
}

RunResult made_run(const StormSetup& setup, std::uint32_t paths,
                   const std::function<PathResult(std::uint32_t)>& outcome) {
    const std::size_t assets = setup.book->assets.size();
    const std::size_t points = setup.grid_points + 1;
    RunResult run;
    run.assets.resize(assets);
    run.layers.resize(setup.book->state.layers.size());
    run.price.assign(assets, QuantileBands(points));
    run.liquidated = run.backlog = run.base_fee = QuantileBands(points);
    for (std::uint32_t p = 0; p < paths; ++p) {
        const PathResult result = outcome(p);
        run.paths.push_back(result);
        for (std::size_t a = 0; a < assets; ++a) {
            run.assets[a].loss.add(a == index(usdc) ? result.bad_debt() : 0);
            // Every fourth path ends USDC at 99.5 % after three points there, the others at 60 %.
            const bool full = a == index(usdc) && p % 4 == 0;
            run.assets[a].full_points.add(full ? 3 : 0);
            run.assets[a].full_at_end += full ? 1 : 0;
            run.assets[a].utilisation_end.add(full ? 995'000 : 600'000);
            run.assets[a].cash_end.add(full ? 100'00 : 500'00);
            for (std::size_t k = 0; k < points; ++k)
                run.price[a].add(k, 1'000'000 - 1'000 * (p % 100) * (k > 0 ? 1 : 0));
        }
        for (LayerLoss& layer : run.layers) {
            layer.paid.add(static_cast<std::uint64_t>(result.covered / 10'000));
            layer.exhausted += result.covered >= 1'000'000'000 ? 1 : 0;
        }
        run.accounts.add(whale, result.bad_debt());
        for (std::size_t k = 0; k < points; ++k) {
            // [cent] mean over p of 100·(p mod 10): $4.50.
            run.liquidated.add(k, 100 * (p % 10));
            run.backlog.add(k, 0);
            run.base_fee.add(k, 20'000);
        }
    }
    std::vector<std::uint32_t> order(paths);
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::stable_sort(order, std::ranges::greater{},
                             [&](std::uint32_t p) { return run.paths[p].bad_debt(); });
    run.worst = order.front();
    run.median = order[order.size() / 2];
    run.worst_series = run.median_series = flat_series(setup);
    return run;
}

PathResult with_loss(MicroUsd whole_usd) {
    PathResult p;
    p.realised = {.oracle = whole_usd * 1'000'000,
                  .market = whole_usd * 1'100'000,
                  .exit = whole_usd * 1'200'000};
    p.repaid = 5'000'000;
    p.liquidations = 3;
    return p;
}

PathResult tenth(std::uint32_t path) {
    return with_loss(path % 10 == 0 ? path + 1 : 0);
}

SmallReport::SmallReport(const SmallBookOptions& options, bool conditional, std::uint32_t paths,
                         const std::function<PathResult(std::uint32_t)>& outcome)
    : book(small_book(options)),
      setup(prepared(book, conditional)),
      run(made_run(setup, paths, outcome)),
      wall(wall_of(book, positions_of(book).value())) {}

ReportInput SmallReport::input() const {
    return {.setup = &setup,
            .run = &run,
            .facts = {.command = "./run stress small --seed 42",
                      .commit = "c0ffee",
                      .version = "0.1.0",
                      .input_hash = book.input_hash,
                      .notices = {}},
            .wall = &wall,
            .changes = {},
            .cases = {},
            .without_impact = {}};
}

}  // namespace breakwater::test
