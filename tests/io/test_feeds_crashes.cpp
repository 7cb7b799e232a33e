// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/core/feeds/asset.hpp"
#include "breakwater/io/candles_file.hpp"
#include "small_book.hpp"

/// What the band costs in real crashes: how many steps after the true price has crossed an account's limit the account
/// is certainly unhealthy (FEEDS-026). Five sources see the true price up to two seconds late, with 3 bp of noise.
/// Between the corners of a candle the true price is a straight line: gaps inside a candle are not in this.
namespace breakwater {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)
using feeds::Source;
using feeds::SourceRow;

struct Crash {
    const char* name;
    const char* file;
    std::int64_t from;
    std::int64_t hours;
};
constexpr std::array crashes{
    Crash{"ETH, 12 March 2020", "binance_hourly_multi_2017_2022/ETH_USDT-1h.json.gz", 1'583'971'200,
          36},
    Crash{"ETH, 19 May 2021", "binance_hourly_multi_2017_2022/ETH_USDT-1h.json.gz", 1'621'382'400,
          24},
    Crash{"SOL, 9 May 2022", "binance_hourly_multi_2017_2022/SOL_USDT-15m.json.gz", 1'652'054'400,
          96},
    Crash{"BTC, 10 October 2025",
          "binance_perp_15m_funding_2022_2025/BTC_USDT_USDT-15m-futures.csv.gz", 1'760'054'400, 36},
};

/// One price a second along open, the nearer extreme, the farther one, close.
std::vector<double> path_of(const std::vector<Candle>& candles, std::int64_t from,
                            std::int64_t until) {
    std::vector<double> out;
    for (std::size_t i = 0; i + 1 < candles.size(); ++i) {
        const Candle& c = candles[i];
        if (c.time < from || c.time >= until) continue;
        const bool falls = c.close < c.open;
        const std::array corners{c.open, falls ? c.high : c.low, falls ? c.low : c.high, c.close};
        const auto third = static_cast<std::size_t>((candles[i + 1].time - c.time) / 3);
        for (std::size_t leg = 0; leg < 3; ++leg)
            for (std::size_t s = 0; s < third; ++s)
                out.push_back(corners[leg] + (corners[leg + 1] - corners[leg]) *
                                                 static_cast<double>(s) /
                                                 static_cast<double>(third));
    }
    return out;
}

struct Level {
    double limit;
    std::int64_t crossed = -1;   ///< step
    std::int64_t accepted = -1;  ///< step
    bool came_back = false;      ///< the true price rose above it before it was certain
};

struct Outcome {
    std::size_t crossed = 0;
    std::size_t accepted = 0;
    std::size_t came_back = 0;
    std::size_t wrongful = 0;
    std::int64_t median = 0;
    std::int64_t p99 = 0;
    std::int64_t longest = 0;
};

void look(std::vector<Level>& levels, double truth, double hi, bool may_liquidate,
          std::int64_t step) {
    for (Level& l : levels) {
        if (l.accepted >= 0 || l.came_back) continue;
        if (l.crossed < 0 && truth < l.limit) l.crossed = step;
        if (may_liquidate && hi < l.limit) l.accepted = step;
        if (l.crossed >= 0 && l.accepted < 0 && truth > l.limit) l.came_back = true;
    }
}

Outcome outcome_of(const std::vector<Level>& levels) {
    Outcome out;
    std::vector<std::int64_t> delays;
    for (const Level& l : levels) {
        if (l.accepted >= 0 && l.crossed < 0) ++out.wrongful;
        if (l.crossed < 0) continue;
        ++out.crossed;
        out.came_back += l.came_back ? 1 : 0;
        if (l.accepted >= 0) delays.push_back(l.accepted - l.crossed);
    }
    out.accepted = delays.size();
    if (delays.empty()) return out;
    std::ranges::sort(delays);
    out.median = delays[delays.size() / 2];
    out.p99 = delays[(delays.size() * 99 + 99) / 100 - 1];
    out.longest = delays.back();
    return out;
}

Outcome run_crash(const std::vector<double>& path, std::size_t cadence) {
    constexpr std::uint64_t start = 1'000'000'000;
    const feeds::Limits limits = feeds::limits_of(feeds::Tier::major);
    const std::vector<Source> sources(5, Source{.weight = 1, .deviation = 5});
    std::vector<SourceRow> rows(5);
    feeds::AssetRow row;
    std::mt19937_64 engine(7);
    const double low = *std::ranges::min_element(path);
    std::vector<Level> levels;
    for (int i = 1; i <= 1'000; ++i)
        levels.push_back({.limit = path[0] * std::exp(std::log(low / path[0]) * i / 1'000)});
    std::int64_t step = 0;
    for (std::size_t t = 2; t < path.size(); t += cadence, ++step) {
        const Time now{start + t};
        for (std::size_t i = 0; i < sources.size(); ++i) {
            const double seen =
                path[t - i % 3] * (1 + 3e-4 * (static_cast<double>(engine() % 2'001) / 1'000 - 1));
            const feeds::Report report{.price = static_cast<int128>(seen * 1e8),
                                       .published_at = start + t - i % 3,
                                       .sequence = rows[i].sequence + 1};
            rows[i] =
                feeds::accept(sources[i], rows[i], report, reference_of(row), limits, now).row;
        }
        row = feeds::step(row, feeds::observe(sources, rows, limits, now), {}, limits, now);
        const feeds::Mark mark = mark_of(row);
        const auto allowed = permitted(mark.trust, mark.age, limits).liquidations;
        look(levels, path[t], static_cast<double>(row.hi) / 1e8,
             allowed == feeds::Liquidations::certain, step);
    }
    return outcome_of(levels);
}

TEST(FeedsCrashes, FEEDS_026_certain_liquidations_follow_real_crashes) {
    for (const Crash& crash : crashes) {
        NEED_DATA(data, crash.file);
        const TemporaryFolder folder;
        const CandleFile file = read_candles(unpacked(data, folder));
        ASSERT_EQ(file.series.size(), 1U);
        const auto path =
            path_of(file.series[0].candles, crash.from, crash.from + crash.hours * 3'600);
        ASSERT_GT(path.size(), 10'000U) << crash.name;
        for (const std::size_t cadence : {1U, 12U, 60U}) {
            const Outcome o = run_crash(path, cadence);
            std::printf(
                "%s, a step each %zu s: crossed %zu, certain %zu, back first %zu, wrongful %zu; "
                "delay in steps: "
                "median %lld, p99 %lld, longest %lld\n",
                crash.name, cadence, o.crossed, o.accepted, o.came_back, o.wrongful,
                static_cast<long long>(o.median),    // NOLINT(google-runtime-int)
                static_cast<long long>(o.p99),       // NOLINT(google-runtime-int)
                static_cast<long long>(o.longest));  // NOLINT(google-runtime-int)
            EXPECT_EQ(o.wrongful, 0U) << crash.name;
            EXPECT_GT(o.accepted, o.crossed * 8 / 10) << crash.name;
        }
    }
}

}  // namespace
}  // namespace breakwater
