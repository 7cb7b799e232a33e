// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/venue_orders.hpp"

#include <algorithm>
#include <ranges>

#include "breakwater/core/math_signed.hpp"
#include "breakwater/core/rulebooks/venue.hpp"
#include "breakwater/core/rulebooks/venue_guard.hpp"
#include "breakwater/core/rulebooks/venue_value.hpp"

namespace breakwater::venue {
namespace {

/// Rows of the account.
auto rows_of(const Market& m, AccountId account) {
    return std::views::iota(m.first_slot(account), m.first_slot(account) + m.set().slots);
}

const Resting& resting(const View& view, std::uint32_t row) {
    return view.read<&Market::orders>(row);
}

/// [lots] |what is held| when the worse side is filled.
std::int64_t worst_lots(std::int64_t held, const Resting& r) {
    return static_cast<std::int64_t>(std::max(size_of(held + r.bids), size_of(held - r.asks)));
}

uint128 of_tiers(const View& view, AccountId account, const Resting& r) {
    const std::int64_t held = lots_of(view, account, r.contract);
    const auto own = static_cast<std::int64_t>(size_of(held));
    const std::int64_t more = worst_lots(held, r) - own;
    if (more <= 0) return 0;
    const std::int64_t linked = linked_lots(view, account, r.contract);
    const ContractMargin margin(view, r.contract);
    const uint128 now = margin.requirement(own, linked, Purpose::opening);
    const uint128 filled = margin.requirement(own + more, linked + more, Purpose::opening);
    return filled - std::min(now, filled);
}

uint128 of_array(Checked& math, const View& view, const Resting& r) {
    const RiskArray& a = view.read<&Market::arrays>(index(r.contract));
    const std::span values = std::span(a.values).first(a.count);
    const std::int64_t fall = values.empty() ? 0 : std::ranges::max(values);
    const std::int64_t rise = values.empty() ? 0 : -std::ranges::min(values);
    const auto loss = [&](std::int64_t lots, std::int64_t of_a_lot) {
        return math.mul(math.mul(size_of(lots), size_of(std::max<std::int64_t>(of_a_lot, 0))), ppm_one);
    };
    return std::max(loss(r.bids, fall), loss(r.asks, std::max(rise, a.short_minimum)));
}

/// The row in which the contract's orders stand, or an empty one.
std::optional<std::uint32_t> row_for(const View& view, AccountId account, ContractId contract) {
    std::optional<std::uint32_t> empty;
    for (const std::uint32_t row : rows_of(view.market(), account)) {
        const Resting& r = resting(view, row);
        if (!r.is_empty() && r.contract == contract) return row;
        if (r.is_empty() && !empty) empty = row;
    }
    return empty;
}

void tell(VenueDesk& desk, AccountId account, ContractId contract, const Resting& r) {
    desk.emit(Effect{OrdersSet{.account = account, .contract = contract, .bids = r.bids, .asks = r.asks}});
}

}  // namespace

uint128 order_requirement(Checked& math, const View& view, AccountId account) {
    uint128 sum = 0;
    for (const std::uint32_t row : rows_of(view.market(), account)) {
        const Resting& r = resting(view, row);
        if (r.is_empty() || view.contract(r.contract).phase == Phase::expired) continue;
        const bool by_arrays = view.terms(r.contract).by_arrays != 0;
        sum = math.add(sum, by_arrays ? of_array(math, view, r) : of_tiers(view, account, r));
    }
    return sum;
}

bool has_stale_orders(const View& view, AccountId account) {
    return std::ranges::any_of(rows_of(view.market(), account), [&](std::uint32_t row) {
        const Resting& r = resting(view, row);
        return !r.is_empty() && is_stale(view, view.contract(r.contract), r.contract);
    });
}

bool has_orders(const VenueDesk& desk, AccountId account) {
    return std::ranges::any_of(rows_of(desk.stored(), account), [&](std::uint32_t row) {
        return !desk.read<&Market::orders>(row).is_empty();
    });
}

void cancel_orders(VenueDesk& desk, AccountId account) {
    for (const std::uint32_t row : rows_of(desk.stored(), account)) {
        const Resting was = desk.read<&Market::orders>(row);
        if (was.is_empty()) continue;
        desk.change<&Market::orders>(row) = {};
        tell(desk, account, was.contract, {});
    }
}

Status set_orders(VenueDesk& desk, const SetOrders& e) {
    if (e.account == settings(desk).fund) return refuse(Error::account_unknown);
    if (e.bids < 0 || e.asks < 0 || e.bids > lots_max || e.asks > lots_max)
        return refuse(Error::amount_overflow);
    const auto row = row_for(View(desk), e.account, e.contract);
    if (!row) return refuse(Error::positions_too_many);
    Resting& r = desk.change<&Market::orders>(*row);
    const bool raises = e.bids > r.bids || e.asks > r.asks;
    if (raises && has_ended(desk, e.contract)) return refuse(Error::contract_expired);
    r = {};
    if (e.bids != 0 || e.asks != 0) r = {.bids = e.bids, .asks = e.asks, .contract = e.contract};
    tell(desk, e.account, e.contract, r);
#if BREAKWATER_MUTANT_VENUE_028
    return {};
#else
    return raises ? may_open(desk, e.account) : Status{};
#endif
}

}  // namespace breakwater::venue
