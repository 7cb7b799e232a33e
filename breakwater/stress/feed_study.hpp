// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "breakwater/core/feeds/limits.hpp"
#include "breakwater/world/calibrate.hpp"
#include "breakwater/world/reporters.hpp"

/// What certainty costs in a crash, and what it saves. A thousand accounts, each with its own price limit between the
/// start of a crash and its low, are liquidated by someone who sees the true price, by a guard over several reporters,
/// and by one reporter alone. Source: docs/rules.md, FEEDS-026; docs/feeds.md.
namespace breakwater {

/// Equal reporters, a basis point apart, and the machine that listens to them every second.
struct FeedStudySetup {
    std::uint32_t sources = 5;
    FeedParameters reporting;
    bool deviation_counts = true;  ///< false: reports come by the clock alone
    feeds::Limits limits;
    /// For the question of wrongful liquidations: the first source prints lower by this share for `print_seconds` in
    /// every `print_every`.
    double print = 0.2;
    std::uint32_t print_seconds = 600;
    std::uint32_t print_every = 4 * 3600;
};

struct FeedStudy {
    std::uint32_t crossed = 0;     ///< accounts whose limit the true price has crossed
    std::uint32_t certain = 0;     ///< of them, liquidated by the guard
    std::uint32_t back_first = 0;  ///< of them, true price above the limit again before that
    std::uint32_t wrongful = 0;    ///< by the guard, at a true price above the limit
    // Over `certain`; reports are those of one source, sent after the crossing and accepted, the last one included.
    std::uint32_t reports_median = 0;
    std::uint32_t reports_p99 = 0;
    std::uint32_t reports_most = 0;
    std::uint32_t seconds_median = 0;
    std::uint32_t seconds_p99 = 0;
    // With the first source printing off now and then.
    std::uint32_t wrongful_single = 0;  ///< by that source alone
    std::uint32_t wrongful_guard = 0;
    // Shares of the debt of those who crossed: threshold 83 %, bonus 5 %, all of it liquidated at once.
    double bad_debt_clairvoyant = 0;
    double bad_debt_guard = 0;
    double bad_debt_single = 0;
};

/// One price a second along open, the nearer extreme, the farther one, close, in straight lines: gaps inside a candle
/// are not in it.
std::vector<double> price_by_second(std::span<const Candle> candles, std::int64_t from,
                                    std::int64_t until);

/// @param truth [USD] one price a second
FeedStudy study_feeds(std::span<const double> truth, const FeedStudySetup& setup);

}  // namespace breakwater
