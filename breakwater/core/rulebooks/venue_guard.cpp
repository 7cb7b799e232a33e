// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/venue_guard.hpp"

#include "breakwater/core/each_number.hpp"
#include "breakwater/core/math_signed.hpp"
#include "breakwater/core/rulebooks/venue_orders.hpp"

namespace breakwater::venue {

bool is_gated(const View& view) {
    const Gate& gate = view.read<&Market::gate>(0);
    return gate.negative != 0 || gate.uncovered != 0 || seconds(view.now()) < gate.shut_until;
}

Status may_open(const VenueDesk& desk, AccountId account) {
    const Market& m = desk.stored();
    if (account == m.set().fund)
        for (const std::uint8_t k : each_number<std::uint8_t>(m.assets()))
            if (desk.read<&Market::balances>(m.row(account, AssetId{k})).cash < 0)
                return refuse(Error::balance_insufficient);
    const Account& a = desk.read<&Market::accounts>(breakwater::index(account));
    if (a.in_liquidation != 0) return refuse(Error::account_in_liquidation);
    const auto assessed = assess(View(desk), account, Purpose::opening);
    if (!assessed) return refuse(assessed.error());
    if (!assessed->allows_new_risk) return refuse(Error::mark_stale);
    if (!assessed->holds()) return refuse(Error::margin_insufficient);
    return {};
}

Status may_change(const VenueDesk& desk, AccountId account, const std::optional<Standing>& before) {
    const Status opens = may_open(desk, account);
    if (opens || !before) return opens;
    const auto after = assess(View(desk), account, Purpose::liquidation);
    if (!after) return refuse(after.error());
#if BREAKWATER_MUTANT_VENUE_016
    return {};
#else
    return is_no_riskier(*before, after->standing) ? Status{} : opens;
#endif
}

void note_standing(VenueDesk& desk, AccountId account, const Assessment& found) {
    const Account& was = desk.read<&Market::accounts>(breakwater::index(account));
    const Settings& set = settings(desk);
    bool in_liquidation = was.in_liquidation != 0;
    if (!found.holds()) in_liquidation = true;
    // Back only above the exit: who has just been helped does not fall in again at the next tick.
    else if (found.is_above_exit())
        in_liquidation = false;
    const bool negative = found.closing < 0;
    if (negative) {
        Gate& gate = desk.change<&Market::gate>(0);
        gate.shut_until = seconds(desk.now()) + set.gate_time;
    }
    if (in_liquidation == (was.in_liquidation != 0) && negative == (was.negative != 0)) return;
    Gate& gate = desk.change<&Market::gate>(0);
    gate.negative += (negative ? 1U : 0U) - (was.negative != 0 ? 1U : 0U);
    Account& a = change_account(desk, account);
    if (in_liquidation && a.in_liquidation == 0) {
        a.since = seconds(desk.now());
#if !BREAKWATER_MUTANT_VENUE_029
        cancel_orders(desk, account);
#endif
    }
    if (!in_liquidation) a.since = 0;
    a.in_liquidation = in_liquidation ? 1 : 0;
    a.negative = negative ? 1 : 0;
    desk.emit(Effect{
        Flagged{.account = account, .in_liquidation = in_liquidation, .negative = negative}});
}

}  // namespace breakwater::venue
