// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>

#include "breakwater/core/each_number.hpp"
#include "breakwater/core/margin/standing.hpp"
#include "breakwater/core/math_signed.hpp"
#include "breakwater/core/rulebooks/venue.hpp"
#include "breakwater/core/rulebooks/venue_ledger.hpp"
#include "breakwater/core/rulebooks/venue_value.hpp"

namespace breakwater::venue {
namespace {

constexpr std::int64_t rate_one = 1'000'000'000;  ///< [1e-9] one
/// [1e-9] 4 %, the most that a venue charges at one time (Hyperliquid: 4 % an hour).
constexpr std::int64_t funding_rate_max = 40'000'000;

Status mark_one(VenueDesk& desk, const MarkOf& e) {
    if (!desk.stored().has(e.contract)) return refuse(Error::contract_unknown);
    const Terms& t = terms(desk, e.contract);
    Contract& c = change_contract(desk, e.contract);
    if (c.phase == Phase::expired) return refuse(Error::contract_expired);
    if (e.depth < 0 || e.depth > lots_max) return refuse(Error::parameters_invalid);
    if (e.open_part > ppm_one || (e.open_part < ppm_one && t.expiry == 0))
        return refuse(Error::parameters_invalid);
    const auto mark = unit_value(t, e.mark);
    const auto slow = unit_value(t, e.slow);
    if (!mark || !slow) return refuse(Error::price_out_of_bounds);
    const Price settlement{desk.state().feeds[breakwater::index(t.settlement)].hi};
    if (settlement.is_zero()) return refuse(Error::price_missing);
    const std::uint8_t decimals =
        desk.stored().collaterals[breakwater::index(t.settlement)].decimals;
    const auto notional = notional_up(t, *mark, settlement, decimals);
    if (!notional) return refuse(Error::price_out_of_bounds);
    c.mark = e.mark;
    c.slow = e.slow;
    c.mark_value = *mark;
    c.slow_value = *slow;
    c.notional = *notional;
    c.depth = e.depth;
    c.open_part = e.open_part;
    c.marked_at = seconds(desk.now());
    return {};
}

/// Unrealised losses of a position that goes on become a debit of the balance.
void pay_loss(VenueDesk& desk, AccountId account, std::uint32_t slot) {
    const Position& held = desk.read<&Market::positions>(slot);
    const Terms& t = terms(desk, held.contract);
    const Contract& c = desk.read<&Market::contracts>(index(held.contract));
    const int128 due =
        sub_signed(desk.math, mul_signed(desk.math, held.lots, c.worth()), held.basis);
    if (t.is_option() || due >= 0) return;
    const int128 atoms = pay_from_pot(desk, account, held.contract, due);
    Position& p = desk.change<&Market::positions>(slot);
    p.basis = add_signed(desk.math, p.basis, grains_of(t, atoms));
    desk.emit(
        Effect{Filled{.account = account, .contract = p.contract, .lots = 0, .realised = atoms}});
}

}  // namespace

Status publish_marks(VenueDesk& desk, const PublishMarks& e) {
    for (const MarkOf& mark : e.marks)
        if (const Status marked = mark_one(desk, mark); !marked) return marked;
    return {};
}

Status pay_funding(VenueDesk& desk, const PayFunding& e) {
    Contract& c = change_contract(desk, e.contract);
    if (terms(desk, e.contract).form != Form::perpetual) return refuse(Error::parameters_invalid);
    if (e.rate > funding_rate_max || e.rate < -funding_rate_max)
        return refuse(Error::parameters_invalid);
    if (c.marked_at == 0) return refuse(Error::price_missing);
    // ⌊(rate · |value| + carry) / 10^9⌋ grains a lot; the remainder is carried, so that nothing is
    // lost over time.
    const int128 due =
        int128{e.rate} * static_cast<int128>(magnitude(c.mark_value)) + c.funding_carry;
    const int128 per_lot = mul_div_floor(desk.math, due, 1, rate_one);
    c.funding_carry = static_cast<std::int64_t>(due - per_lot * rate_one);
    const int128 total = per_lot + c.funding;
    if (magnitude(total) >= static_cast<uint128>(value_max)) return refuse(Error::amount_overflow);
    c.funding = static_cast<std::int64_t>(total);
#if BREAKWATER_MUTANT_VENUE_004
    c.dust += 1;
#endif
    desk.emit(
        Effect{FundingPaid{.contract = e.contract, .per_lot = static_cast<std::int64_t>(per_lot)}});
    return {};
}

Status settle_expiry(VenueDesk& desk, const SettleExpiry& e) {
    const Terms& t = terms(desk, e.contract);
    Contract& c = change_contract(desk, e.contract);
    if (c.phase == Phase::expired) return refuse(Error::contract_expired);
    if (t.expiry == 0 || seconds(desk.now()) < t.expiry) return refuse(Error::contract_not_expired);
    const auto value = settlement_value(t, e.average);
    if (!value) return refuse(Error::price_out_of_bounds);
    c.phase = Phase::expired;
    c.mark = c.slow = e.average;
    c.mark_value = c.slow_value = *value;
    c.open_part = 0;
    desk.emit(Effect{Expired{.contract = e.contract, .value = *value}});
    return {};
}

Status settle(VenueDesk& desk, const Settle& e) {
    const Market& m = desk.stored();
    for (std::uint32_t k = 0; k < m.set().slots; ++k) {
        const std::uint32_t slot = m.first_slot(e.account) + k;
        const Position& p = desk.read<&Market::positions>(slot);
        if (p.lots == 0) continue;
        const Contract& c = desk.read<&Market::contracts>(index(p.contract));
        if (c.phase == Phase::expired)
            settle_position(desk, e.account, slot);
        else if (c.marked_at != 0)
            pay_loss(desk, e.account, slot);
    }
    for (const std::uint8_t k : each_number<std::uint8_t>(m.assets()))
        if (m.has(AssetId{k})) grown_balance(desk, e.account, AssetId{k});
    return {};
}

}  // namespace breakwater::venue
