// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <array>
#include <cstdio>

#include <gtest/gtest.h>

#include "breakwater/core/feeds/wiring.hpp"
#include "breakwater/io/candles_file.hpp"
#include "breakwater/stress/feed_study.hpp"
#include "small_book.hpp"

/// What the band costs in real crashes: how many reports after the true price has crossed an account's limit it is
/// certainly unhealthy (FEEDS-026), and that nobody is liquidated wrongfully. All eight crashes: docs/feeds.md.
namespace breakwater {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

struct Crash {
    const char* name;
    const char* file;
    std::int64_t from;
    std::int64_t hours;
};
constexpr std::array crashes{
    Crash{"ETH, 12 March 2020", "binance_hourly_multi_2017_2022/ETH_USDT-1h.json.gz", 1'583'971'200,
          36},
    Crash{"SOL, 9 May 2022", "binance_hourly_multi_2017_2022/SOL_USDT-15m.json.gz", 1'652'054'400,
          96},
    Crash{"BTC, 10 October 2025",
          "binance_perp_15m_funding_2022_2025/BTC_USDT_USDT-15m-futures.csv.gz", 1'760'054'400, 36},
};

TEST(FeedsCrashes, FEEDS_026_certain_liquidations_follow_real_crashes_within_two_reports) {
    FeedStudySetup setup{
        .reporting = {.deviation = 10, .heartbeat = 3'600, .latency = 2},
        .limits = feeds::at_cadence(feeds::limits_of(feeds::Tier::major), 3'600)};
    setup.limits.quiet = 3'600;
    for (const Crash& crash : crashes) {
        NEED_DATA(data, crash.file);
        const TemporaryFolder folder;
        const CandleFile file = read_candles(unpacked(data, folder));
        ASSERT_EQ(file.series.size(), 1U);
        const auto truth = price_by_second(file.series[0].candles, crash.from,
                                           crash.from + crash.hours * 3'600);
        ASSERT_GT(truth.size(), 10'000U) << crash.name;
        const FeedStudy s = study_feeds(truth, setup);
        std::printf("%s: crossed %u, certain %u, back first %u; reports: median %u, p99 %u, most %u\n",
                    crash.name, s.crossed, s.certain, s.back_first, s.reports_median, s.reports_p99,
                    s.reports_most);
        EXPECT_LE(s.reports_p99, 2U) << crash.name;
        EXPECT_EQ(s.wrongful, 0U) << crash.name;
        EXPECT_EQ(s.wrongful_guard, 0U) << crash.name;
        EXPECT_GT(s.wrongful_single, 100U) << crash.name;
        EXPECT_GT(s.certain, s.crossed * 8 / 10) << crash.name;
    }
}

}  // namespace
}  // namespace breakwater
