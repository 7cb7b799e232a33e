// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "breakwater/io/candles_file.hpp"
#include "breakwater/core/feeds/wiring.hpp"
#include "breakwater/stress/feed_study.hpp"

/// What the guard's certainty costs in one crash: feed_delay CANDLES FROM HOURS, one line of JSON a kind of
/// reporters. scripts/feeds.py runs it over real crashes and writes docs/feeds.md.
namespace breakwater {
namespace {

struct Kind {
    const char* name;
    FeedParameters reporting;
    std::uint32_t cadence;
    std::uint32_t quiet;
};
constexpr Kind kinds[] = {
    {"a minute", {.deviation = bps_one, .heartbeat = 60, .latency = 2}, 60, 0},
    {"10 bp or an hour", {.deviation = 10, .heartbeat = 3'600, .latency = 2}, 3'600, 3'600},
    {"50 bp or an hour", {.deviation = 50, .heartbeat = 3'600, .latency = 12}, 3'600, 3'600},
};

void print(const Kind& kind, const FeedStudy& s) {
    std::printf(
        "{\"reporters\":\"%s\",\"crossed\":%u,\"certain\":%u,\"back_first\":%u,\"wrongful\":%u,"
        "\"reports_median\":%u,\"reports_p99\":%u,\"reports_most\":%u,\"seconds_median\":%u,"
        "\"seconds_p99\":%u,\"wrongful_single\":%u,\"wrongful_guard\":%u,"
        "\"bad_debt_clairvoyant\":%.6f,\"bad_debt_guard\":%.6f,\"bad_debt_single\":%.6f}\n",
        kind.name, s.crossed, s.certain, s.back_first, s.wrongful, s.reports_median, s.reports_p99,
        s.reports_most, s.seconds_median, s.seconds_p99, s.wrongful_single, s.wrongful_guard,
        s.bad_debt_clairvoyant, s.bad_debt_guard, s.bad_debt_single);
}

}  // namespace
}  // namespace breakwater

int main(int argc, char** argv) {
    using namespace breakwater;
    if (argc != 4) {
        std::fputs("feed_delay CANDLES FROM HOURS\n", stderr);
        return 2;
    }
    const CandleFile file = read_candles(argv[1]);
    const std::int64_t from = std::atoll(argv[2]);
    const auto truth = price_by_second(file.series.at(0).candles, from,
                                       from + 3'600 * std::atoll(argv[3]));
    if (truth.size() < 3'600) {
        std::fputs("the candles do not cover the crash\n", stderr);
        return 1;
    }
    for (const Kind& kind : kinds) {
        FeedStudySetup setup{.reporting = kind.reporting,
                             .limits = feeds::at_cadence(feeds::limits_of(feeds::Tier::major),
                                                         kind.cadence)};
        setup.limits.quiet = kind.quiet;
        setup.deviation_counts = kind.quiet != 0;
        print(kind, study_feeds(truth, setup));
    }
    return 0;
}
