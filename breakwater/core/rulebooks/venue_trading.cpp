// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/math_signed.hpp"
#include "breakwater/core/rulebooks/venue.hpp"
#include "breakwater/core/rulebooks/venue_guard.hpp"
#include "breakwater/core/rulebooks/venue_value.hpp"

namespace breakwater::venue {
namespace {

/// |price − mark| ≤ ⌊band · mark⌋.
bool is_in_band(const Terms& t, const Contract& c, std::int64_t price) {
    return magnitude(int128{price} - c.mark) * ppm_one <= magnitude(int128{c.mark} * t.band);
}

/// The account's standing as it is, where the trade takes its position toward zero and not beyond.
Result<std::optional<Standing>> standing_to_keep(const VenueDesk& desk, AccountId account,
                                                 ContractId contract, std::int64_t lots) {
    const int128 held = lots_held(desk, account, contract);
    const bool reduces = (held < 0) != (lots < 0) && magnitude(held) >= magnitude(lots);
    if (held == 0 || !reduces) return std::nullopt;
    const auto before = assess(View(desk), account, Purpose::liquidation);
    if (!before) return std::unexpected(before.error());
    return before->standing;
}

}  // namespace

Status trade(VenueDesk& desk, const Trade& e) {
    const Settings& set = settings(desk);
    if (e.buyer == e.seller) return refuse(Error::transfer_to_self);
    if (e.buyer == set.fund || e.seller == set.fund) return refuse(Error::account_unknown);
    if (e.lots <= 0) return refuse(Error::amount_zero);
    if (e.lots > lots_max) return refuse(Error::amount_overflow);
    const Terms& t = terms(desk, e.contract);
    const Contract& c = change_contract(desk, e.contract);
    if (has_ended(desk, e.contract)) return refuse(Error::contract_expired);
    if (c.marked_at == 0) return refuse(Error::mark_stale);
    const auto value = unit_value(t, e.price);
    if (!value) return refuse(Error::price_out_of_bounds);
    if (!is_in_band(t, c, e.price)) return refuse(Error::price_outside_band);

    const auto buyer_before = standing_to_keep(desk, e.buyer, e.contract, e.lots);
    if (!buyer_before) return refuse(buyer_before.error());
    const auto seller_before = standing_to_keep(desk, e.seller, e.contract, -e.lots);
    if (!seller_before) return refuse(seller_before.error());
    const int128 worth = int128{*value} - c.funding;
    if (const Status filled = fill(desk, e.buyer, e.contract, e.lots, worth); !filled)
        return filled;
#if BREAKWATER_MUTANT_VENUE_002
    const std::int64_t sold = e.lots == 7 ? 6 : e.lots;
#else
    const std::int64_t sold = e.lots;
#endif
    if (const Status filled = fill(desk, e.seller, e.contract, -sold, worth); !filled)
        return filled;
    if (const Status may = may_change(desk, e.buyer, *buyer_before); !may) return may;
    return may_change(desk, e.seller, *seller_before);
}

}  // namespace breakwater::venue
