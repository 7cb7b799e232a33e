// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>

#include "breakwater/report/input.hpp"
#include "breakwater/stress/buffer.hpp"

/// Definitions and sentences of a buffer, for the table and for JSON. Source: docs/buffer.md.
namespace breakwater {

/// What a buffer is written from.
struct BufferReport {
    const Book* book = nullptr;
    const Scenario* scenario = nullptr;
    const Buffers* buffers = nullptr;
    RunFacts facts;
};

struct BufferWords {
    static constexpr const char* time =
        "Time to liquidate (the margin period of risk) = detection + oracle + congestion + the "
        "larger of block space and unwinding. Detection: one block. Oracle: latency of the feed × "
        "the scenario's factor (a frozen feed: the horizon). Congestion: what a report waits while "
        "the base fee climbs to demand, ⌈ln(peak) / ln(9/8)⌉ blocks, at most 9. Block space: "
        "⌈liquidations × gas / (share × gas limit)⌉ blocks. Unwinding: (sold − at once) / rate.";
    static constexpr const char* sold =
        "At −20 %: collateral in the asset that pays debt and bonus of the accounts which become "
        "liquidatable when it, its root and all pegged to it fall by 20 % at once. Largest: the "
        "same of the largest single position that such a fall hurts. The larger of the two is "
        "sold. Liquidations: accounts behind −20 %, in whatever collateral, whose bonus pays gas. "
        "Limit: slippage that uses up the keeper's part of the bonus. At once: sold until the "
        "price is down by it. Rate: what recovery of the depth then lets through. Impact: how far "
        "the price is pressed at the end of the sale.";
    static constexpr const char* needed =
        "Room needed = 1 − (1 − gap)(1 − fall)(1 − impact) / (1 + bonus). Gap: what the feed need "
        "not report, min(deviation, fall in one heartbeat). Fall: quantile of the price fall over "
        "the time to liquidate, from the law of the model and from simulated moves. Impact: of the "
        "book's own sale, at its end. In force: 1 − LT, LT the threshold outside e-mode. Verdict: "
        "by the law; the simulation's where it differs.";
    static constexpr const char* probability =
        "P(used up): of the room, that the fall exceeds 1 − LT(1 + bonus) / ((1 − gap)(1 − "
        "impact)), with "
        "the gap at 99.9 %. 1 − LT(1 + bonus): fall of the collateral that debt and bonus survive; "
        "1/LT − 1 − bonus: the same as a part of the debt. LT that holds: the highest threshold "
        "whose room is enough at 99.9 %, all else equal.";
    static constexpr const char* screen =
        "SmartLTV (Risk DAO, 2023), a quick screen with no time in it: e^(−c·σ/√(l/d)) − β with "
        "c = 7, σ per √day, l what can be sold at once, d the borrowers' collateral (there: the "
        "supply cap), β the bonus. c in force: the c at which it gives LT; negative where "
        "LT + bonus > 1.";
    static constexpr const char* meaning =
        "The quantiles are of the price move over the time to liquidate from a moment drawn "
        "uniformly, given the scenario; a forced jump lies in that time with probability time / "
        "horizon.";
};

std::string seconds_text(double seconds);  ///< "12 s", "4.5 min", "3.2 h", "2.1 d"
const char* to_string(BufferVerdict verdict);
/// "enough, 3.10 pp over", "short by 2.40 pp", and the simulation's where it says otherwise.
std::string verdict_text(const BufferAt& at);
/// Assets that are enough at all levels, and those that are not; one line.
std::string verdict_summary(const BufferReport& report);
/// Simulated moves behind a figure that cannot be had from so few; nothing where all can.
std::string support_text(const Buffers& buffers);
/// "Student t, 3 degrees of freedom, one size per 24 h", as the scenario has it.
std::string model_text(const Scenario& scenario);

}  // namespace breakwater
