// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string_view>

#include "breakwater/core/feeds/limits.hpp"

/// How far a price is trusted: six states of an asset, and what each of them allows. A stricter state is entered at
/// once, a looser one only after quiet. Source: docs/rules.md, FEEDS-021 (transitions) and FEEDS-022 (what is allowed).
namespace breakwater::feeds {

/// In the order of strictness.
enum class Trust : std::uint8_t { normal, confirm, uncertain, recovering, stale, halt_new };
inline constexpr std::size_t trusts = 6;
std::string_view name(Trust trust);

/// What a step has seen. No sign of doubt but those of an operator (alarm, order) and of a source that stands alone
/// rests on the word of one source: a median, a share above the cap, or two sources on their bounds.
struct Signs {
    // → halt_new
    bool is_hard_jump = false;  ///< median against the average of five minutes
    bool is_lost = false;       ///< no live source for silence_max
    bool is_on_bound = false;   ///< two sources (or the only one) on their provider's bound
    bool is_alarmed = false;    ///< an operator's or a check's alarm
    // → stale
    bool is_aged = false;  ///< older than the limit for opening
    // → recovering
    bool was_down = false;  ///< the machine itself did not run
    // → uncertain
    bool is_dispersed = false;
    bool is_unconfident = false;
    bool has_few_sources = false;  ///< fewer than are needed agree
    bool is_capped = false;        ///< a ratio cap binds
    // → confirm
    bool is_jump = false;  ///< against the median of the step before
    // ← halt_new
    bool is_ordered = false;  ///< two persons release at a journaled price
};

struct MachineRow {
    std::uint64_t state = 0;         ///< Trust
    std::uint64_t since = 0;         ///< [s]
    std::uint64_t disturbed_at = 0;  ///< [s] the last sign of doubt
    std::uint64_t grace_until = 0;   ///< [s]
    std::uint64_t observed_at = 0;   ///< [s] last step; 0: none yet
    std::uint64_t confirm_left = 0;  ///< steps
};
static_assert(WholeWords<MachineRow>);

constexpr Trust trust_of(const MachineRow& row) {
    return static_cast<Trust>(row.state);
}

/// FEEDS-021. Pure; the same row, signs and time give the same row.
MachineRow step(const MachineRow& row, const Signs& signs, const Limits& limits, Time now);

/// Opening: borrow, withdraw collateral, enlarge a position. Repaying and adding collateral is always allowed.
enum class Liquidations : std::uint8_t { none, certain_insolvency, certain };
struct Permissions {
    bool opening = false;
    bool repaying = true;
    Liquidations liquidations = Liquidations::none;
    friend bool operator==(const Permissions&, const Permissions&) = default;
};

/// FEEDS-022, and FEEDS-018: an age limit for each class of action.
Permissions permitted(Trust trust, std::uint64_t age, const Limits& limits);

}  // namespace breakwater::feeds
