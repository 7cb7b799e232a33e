// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/feeds/machine.hpp"

#include <array>

#include "breakwater/core/require.hpp"

namespace breakwater::feeds {
namespace {

/// The strictest state that a sign asks for.
Trust asked_by(const Signs& s) {
    // An order of two persons overrules what the machine fears, not that there is no price.
    const bool is_feared = s.is_hard_jump || s.is_on_bound || s.is_alarmed;
    if (s.is_lost || (is_feared && !s.is_ordered)) return Trust::halt_new;
    if (s.is_aged) return Trust::stale;
    if (s.was_down) return Trust::recovering;
    if (s.is_dispersed || s.is_unconfident || s.has_few_sources || s.is_capped)
        return Trust::uncertain;
    return s.is_jump ? Trust::confirm : Trust::normal;
}

bool is_quiet(const MachineRow& row, const Limits& limits, Time now) {
    return age_of(row.disturbed_at, now) >= limits.agreement;
}

/// Where stale and halt_new lead to once the price is back: grace where it was long, where it still runs.
Trust after_silence(MachineRow& row, bool was_long, const Limits& limits, Time now) {
    if (was_long) row.grace_until = seconds(now) + std::min(limits.grace, grace_max);
    return row.grace_until > seconds(now) ? Trust::recovering : Trust::uncertain;
}

/// The state that follows when no sign asks for a stricter one.
Trust loosened(MachineRow& row, Trust asked, const Signs& signs, const Limits& limits, Time now) {
    switch (trust_of(row)) {
        case Trust::normal:
            return Trust::normal;
        case Trust::confirm:
            // The count is not begun anew by a further jump: nobody can hold the state for ever.
            if (row.confirm_left > 0) --row.confirm_left;
            return row.confirm_left > 0 ? Trust::confirm : Trust::normal;
        case Trust::uncertain:
            return asked < Trust::uncertain && is_quiet(row, limits, now) ? Trust::normal
                                                                          : Trust::uncertain;
        case Trust::recovering:
            if (asked == Trust::recovering)
                row.grace_until = seconds(now) + std::min(limits.grace, grace_max);
            if (row.grace_until > seconds(now)) return Trust::recovering;
            return asked < Trust::uncertain && is_quiet(row, limits, now) ? Trust::normal
                                                                          : Trust::uncertain;
        case Trust::stale:
            if (asked == Trust::stale || signs.has_few_sources) return Trust::stale;
            return after_silence(row, age_of(row.since, now) > limits.stale_max, limits, now);
        case Trust::halt_new:
            if (asked >= Trust::stale) return Trust::halt_new;
            if (!signs.is_ordered && !is_quiet(row, limits, now)) return Trust::halt_new;
            return after_silence(row, true, limits, now);
    }
    return Trust::halt_new;
}

}  // namespace

std::string_view name(Trust trust) {
    constexpr std::array<std::string_view, 6> names{"normal",     "confirm", "uncertain",
                                                    "recovering", "stale",   "halt_new"};
    return names[static_cast<std::size_t>(trust)];
}

MachineRow step(const MachineRow& row, const Signs& signs, const Limits& limits, Time now) {
    REQUIRE(seconds(now) >= row.observed_at);
    MachineRow next = row;
    next.observed_at = seconds(now);
    const Trust asked = asked_by(signs);
    if (asked > Trust::confirm) next.disturbed_at = seconds(now);
    Trust state = trust_of(row);
    if (asked > state) {
        state = asked;
        if (asked == Trust::confirm) next.confirm_left = limits.confirm_steps;
        if (asked == Trust::recovering)
            next.grace_until = seconds(now) + std::min(limits.grace, grace_max);
    } else {
        state = loosened(next, asked, signs, limits, now);
    }
    if (state != trust_of(row)) next.since = seconds(now);
    next.state = static_cast<std::uint64_t>(state);
    return next;
}

Permissions permitted(Trust trust, std::uint64_t age, const Limits& limits) {
    Permissions out;
    out.opening = trust == Trust::normal && age <= limits.opening_age_max;
    if (trust == Trust::halt_new || age > limits.liquidation_age_max) return out;
    out.liquidations =
        trust == Trust::recovering ? Liquidations::certain_insolvency : Liquidations::certain;
    return out;
}

}  // namespace breakwater::feeds
