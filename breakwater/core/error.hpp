// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

/// Why an event was refused. Each name finishes the sentence "refused because ...". Hundreds are the stages of the
/// flow; numbers never change meaning. Within one operation the order of the checks is part of the rulebook.
namespace breakwater {

enum class Error : std::uint16_t {
    // 1xx: the event itself and the feeds
    time_before_state = 101,  // ENGINE-003; the next three ENGINE-002
    asset_unknown = 102,
    account_unknown = 103,
    market_unknown = 104,
    price_missing = 105,
    price_out_of_bounds = 106,
    price_report_wrong_length = 107,
    market_of_another_kind = 108,
    accounts_too_many = 109,
    source_unknown = 110,
    asset_has_sources = 111,
    wiring_invalid = 112,
    // 2xx: the book
    amount_zero = 201,
    amount_overflow = 202,
    balance_insufficient = 203,
    cash_insufficient = 204,
    debt_none = 205,
    supply_none = 206,
    burn_amount_zero = 207,
    amount_inconsistent = 208,
    transfer_to_self = 209,
    contract_unknown = 280,
    contract_expired = 281,
    contract_not_expired = 282,
    positions_too_many = 283,
    position_none = 284,
    account_not_empty = 285,
    accounts_not_related = 286,
    // 3xx: margin
    ltv_zero = 301,
    health_factor_below_one = 302,
    collateral_insufficient = 303,
    debt_below_minimum = 304,
    opening_suspended = 305,  // the next one FEEDS-040
    collateral_insufficient_in_band = 306,
    ilk_not_open = 351,
    margin_insufficient = 380,
    mark_stale = 382,
    account_in_liquidation = 383,
    // 4xx: liquidation
    self_liquidation = 401,
    grace_period_running = 402,
    health_factor_not_below_one = 403,
    collateral_not_enabled = 404,
    debt_not_borrowed = 405,
    dust_left = 406,
    collateral_not_for_sale = 407,
    reserves_insufficient = 408,
    slippage_exceeded = 409,
    liquidation_contested = 410,  // the next one FEEDS-041
    liquidation_suspended = 411,
    liquidation_limit_hit = 450,
    auction_dusty = 451,
    auction_empty = 452,
    auction_not_running = 453,
    auction_needs_reset = 454,
    auction_still_runs = 455,
    partial_purchase_refused = 456,
    account_not_in_liquidation = 480,
    equity_negative = 481,
    equity_not_negative = 482,
    throughput_exhausted = 483,
    hedge_useless = 484,
    counterparties_insufficient = 485,
    // 5xx: waterfall
    deficit_none = 501,
    debt_of_coverer = 502,
    layer_unknown = 503,
    layer_exhausted = 504,
    part_not_named = 505,
    wait_not_finished = 550,
    surplus_insufficient = 551,
    unqueued_debt_insufficient = 552,
    // 6xx: controls
    reserve_inactive = 601,
    reserve_paused = 602,
    reserve_frozen = 603,
    borrowing_disabled = 604,
    supply_cap_exceeded = 605,
    borrow_cap_exceeded = 606,
    emode_unknown = 607,
    not_borrowable_in_emode = 608,
    debt_not_borrowable_in_emode = 609,
    parameters_invalid = 610,
    change_moves_valuation = 611,  // the next three FEEDS-037
    change_makes_liquidatable = 612,
    notice_missing = 613,
    auctions_stopped = 650,
    deposit_cap_exceeded = 680,
    withdrawals_gated = 681,
    price_outside_band = 682,
    notice_too_short = 683,
};

template <class T>
using Result = std::expected<T, Error>;
using Status = std::expected<void, Error>;

/// What a step of an event returns that cannot be.
constexpr Status refuse(Error error) {
    return std::unexpected(error);
}

/// The enumerator's own name, for journals and messages.
std::string_view name(Error error);
/// One sentence for people.
std::string_view describe(Error error);

}  // namespace breakwater
