// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <array>

#include "breakwater/report/json_parts.hpp"

namespace breakwater {
namespace {

double hours_at(const StormSetup& setup, std::size_t point) {
    return static_cast<double>(point) * setup.grid_stride * setup.scenario.step_seconds / 3600;
}

std::vector<double> hours_from(const StormSetup& setup, std::size_t first) {
    std::vector<double> out;
    for (std::size_t k = first; k <= setup.grid_points; ++k)
        out.push_back(hours_at(setup, k));
    return out;
}

/// The mean of what a histogram counted, to the width of its bins: the largest 256 values one by
/// one, the rest in 256 strata of equal weight.
double mean_of(const Histogram& h) {
    const std::uint64_t n = h.count();
    if (n == 0 || h.largest() == 0) return 0;
    const auto value = [&](std::uint64_t rank) {
        return h.quantile((static_cast<double>(rank) - 0.5) / static_cast<double>(n));
    };
    const std::uint64_t top = std::min<std::uint64_t>(n, 256);
    const std::uint64_t rest = n - top;
    double sum = 0;
    for (std::uint64_t rank = n; rank > rest; --rank) {
        const double v = value(rank);
        if (v == 0) return sum / static_cast<double>(n);
        sum += v;
    }
    const std::uint64_t strata = std::min<std::uint64_t>(rest, 256);
    for (std::uint64_t i = strata; i-- > 0;) {
        const double v = value((2 * i + 1) * rest / (2 * strata) + 1);
        if (v == 0) break;
        sum += v * static_cast<double>(rest) / static_cast<double>(strata);
    }
    return sum / static_cast<double>(n);
}

Json flow(const QuantileBands& bands, const std::vector<double>& levels,
          const std::string& definition) {
    constexpr double usd_per_cent = 0.01;
    std::vector<double> mean;
    for (std::size_t k = 1; k < bands.steps(); ++k)
        mean.push_back(mean_of(bands.at(k)) * usd_per_cent);
    return {{"definition", definition},
            {"mean", column(mean)},
            {"quantiles", quantiles(bands, 1, levels, usd_per_cent)}};
}

Json path_json(const ReportInput& input, std::uint32_t path, const char* journal) {
    return {{"path", path},
            {"loss", usd(input.run->paths[path].bad_debt())},
            {"replay",
             input.facts.command + " --path " + std::to_string(path) + " --journal " + journal}};
}

std::vector<double> course(const PathSeries& series, std::size_t asset, std::size_t assets) {
    std::vector<double> out;
    for (std::size_t at = asset; at < series.price.size(); at += assets)
        out.push_back(series.price[at]);
    return out;
}

}  // namespace

Json price_fan_json(const ReportInput& input) {
    const RunResult& run = *input.run;
    const Book& book = input.book();
    const std::vector<double> levels =
        supported({0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99}, input.paths());
    Json assets = Json::array();
    for (std::size_t a = 0; a < book.assets.size(); ++a) {
        const double start = static_cast<double>(book.state.feeds[a].point) * 1e-8;
        assets.push_back({{"symbol", book.assets[a].symbol},
                          {"quantiles", quantiles(run.price[a], 0, levels, start * 1e-6)},
                          {"worst", column(course(run.worst_series, a, book.assets.size()))},
                          {"median", column(course(run.median_series, a, book.assets.size()))}});
    }
    return {{"definition",
             "Market price by time: quantiles over all paths, which are not paths themselves; the "
             "two lines are the "
             "path with the largest and the path with the median bad debt."},
            {"hours", hours_from(*input.setup, 0)},
            {"levels", levels},
            {"paths",
             {{"worst", path_json(input, run.worst, "worst.jsonl")},
              {"median", path_json(input, run.median, "median.jsonl")}}},
            {"assets", assets}};
}

Json liquidation_over_time_json(const ReportInput& input) {
    const std::vector<double> levels = supported({0.5, 0.95, 0.99}, input.paths());
    const double interval = hours_at(*input.setup, 1);
    return {{"hours", hours_from(*input.setup, 1)},
            {"interval_hours", interval},
            {"levels", levels},
            {"volume", flow(input.run->liquidated, levels,
                            "Debt repaid by liquidations within each " + hours_text(interval) +
                                ", at the oracle's price.")},
            {"backlog",
             flow(input.run->backlog, levels,
                  "Liquidatable debt that waits at the end of each " + hours_text(interval) +
                      ", because the chain is full, keepers have no capital or it does not pay.")}};
}

Json wall_json(const Book& book, const Wall& wall) {
    Json assets = Json::array();
    for (const WallCurve& curve : wall.curves) {
        std::vector<double> liquidatable;
        std::vector<double> bad_debt;
        std::vector<double> capacity;
        for (const WallPoint& point : curve.points) {
            liquidatable.push_back(point.liquidatable);
            bad_debt.push_back(point.bad_debt);
            capacity.push_back(point.capacity);
        }
        std::string label = curve.symbol == "all" ? "All volatile" : curve.symbol;
        if (curve.symbol != "all" && curve.moved.size() > 1) {
            label += " with";
            for (const AssetId a : curve.moved)
                if (book.assets[index(a)].symbol != curve.symbol)
                    label += " " + book.assets[index(a)].symbol;
        }
        assets.push_back({{"symbol", curve.symbol},
                          {"label", label},
                          {"liquidatable_usd", column(liquidatable)},
                          {"bad_debt_usd", column(bad_debt)},
                          {"capacity_usd", column(capacity)}});
    }
    std::string definition =
        "Collateral that becomes liquidatable if the price falls at once by the move, at the price "
        "after it, and the "
        "bad debt that appears. What is pegged to an asset falls with it; all other prices stay. "
        "The capacity line is "
        "what can be sold, at the depth of the book, before average slippage has used up the bonus "
        "less the "
        "protocol's part of it.";
    if (wall.now.accounts > 0 || wall.now.bad_debt > 0)
        definition +=
            " Not counted, because it is so before any move: " + count_text(wall.now.accounts) +
            " accounts liquidatable with " + usd_text(wall.now.collateral) +
            " of collateral, bad debt of " + usd_text(wall.now.bad_debt) + ".";
    return {{"definition", definition}, {"moves", wall.moves}, {"assets", assets}};
}

}  // namespace breakwater
