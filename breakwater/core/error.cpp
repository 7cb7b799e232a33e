// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/error.hpp"

#include <array>

#include "breakwater/core/require.hpp"

namespace breakwater {
namespace {

struct Text {
    Error error;
    std::string_view name;
    std::string_view sentence;
};

constexpr std::array texts{
    Text{Error::time_before_state, "time_before_state", "the event is older than the state"},
    Text{Error::asset_unknown, "asset_unknown", "the market has no such asset"},
    Text{Error::account_unknown, "account_unknown", "the book has no such account"},
    Text{Error::market_unknown, "market_unknown", "the state has no such market"},
    Text{Error::price_missing, "price_missing", "an asset of the account has no price"},
    Text{Error::price_out_of_bounds, "price_out_of_bounds", "the price is zero or absurdly large"},
    Text{Error::price_report_wrong_length, "price_report_wrong_length",
         "the report does not carry one entry per asset"},
    Text{Error::market_of_another_kind, "market_of_another_kind", "the market is of another protocol than the event"},
    Text{Error::accounts_too_many, "accounts_too_many", "the event names more accounts than one event may"},
    Text{Error::source_unknown, "source_unknown", "the asset has no such source"},
    Text{Error::asset_has_sources, "asset_has_sources",
         "the price of an asset with several sources is not reported past them"},
    Text{Error::wiring_invalid, "wiring_invalid", "sources, weights or limits do not make a feed"},
    Text{Error::amount_zero, "amount_zero", "the amount is zero, or rounds to zero shares, or is not there to lend"},
    Text{Error::amount_overflow, "amount_overflow", "a number would not fit the protocol's width"},
    Text{Error::balance_insufficient, "balance_insufficient", "the account does not hold that much"},
    Text{Error::cash_insufficient, "cash_insufficient", "the reserve does not hold that much cash"},
    Text{Error::debt_none, "debt_none", "the account has no debt in this asset"},
    Text{Error::supply_none, "supply_none", "the account has no supply in this asset"},
    Text{Error::burn_amount_zero, "burn_amount_zero", "the repayment is too small to burn one unit of debt"},
    Text{Error::amount_inconsistent, "amount_inconsistent", "exactly one of assets and shares must be given"},
    Text{Error::transfer_to_self, "transfer_to_self", "sender and receiver are the same account"},
    Text{Error::ltv_zero, "ltv_zero", "the collateral carries no borrowing power"},
    Text{Error::health_factor_below_one, "health_factor_below_one", "the account would end unhealthy"},
    Text{Error::collateral_insufficient, "collateral_insufficient", "the collateral does not cover the borrowing"},
    Text{Error::debt_below_minimum, "debt_below_minimum", "the debt would be smaller than the market lends"},
    Text{Error::opening_suspended, "opening_suspended",
         "the price of an asset of the account is in doubt: no new risk"},
    Text{Error::collateral_insufficient_in_band, "collateral_insufficient_in_band",
         "the collateral does not cover the debt at every price that is left open"},
    Text{Error::ilk_not_open, "ilk_not_open", "the collateral type is not open"},
    Text{Error::self_liquidation, "self_liquidation", "borrower and liquidator are the same account"},
    Text{Error::grace_period_running, "grace_period_running", "a grace period after a pause is still running"},
    Text{Error::health_factor_not_below_one, "health_factor_not_below_one", "the account is healthy"},
    Text{Error::collateral_not_enabled, "collateral_not_enabled", "the asset is not collateral of this account"},
    Text{Error::debt_not_borrowed, "debt_not_borrowed", "the account has not borrowed this asset"},
    Text{Error::dust_left, "dust_left", "the liquidation would leave debt or collateral too small to liquidate"},
    Text{Error::collateral_not_for_sale, "collateral_not_for_sale", "the reserves have reached their target"},
    Text{Error::reserves_insufficient, "reserves_insufficient", "the market's reserves do not hold that much"},
    Text{Error::slippage_exceeded, "slippage_exceeded", "the price has moved beyond what the buyer accepts"},
    Text{Error::liquidation_contested, "liquidation_contested",
         "the account is healthy at some price that is left open"},
    Text{Error::liquidation_suspended, "liquidation_suspended",
         "the price of an asset of the account is in a state that forbids it"},
    Text{Error::liquidation_limit_hit, "liquidation_limit_hit", "the running auctions leave no room for another"},
    Text{Error::auction_dusty, "auction_dusty", "the part for which there is room is too small to be auctioned"},
    Text{Error::auction_empty, "auction_empty", "there would be nothing to sell or nothing to raise"},
    Text{Error::auction_not_running, "auction_not_running", "there is no such auction"},
    Text{Error::auction_needs_reset, "auction_needs_reset", "the auction is void until it is begun anew"},
    Text{Error::auction_still_runs, "auction_still_runs", "the auction is not void"},
    Text{Error::partial_purchase_refused, "partial_purchase_refused",
         "a part would leave less to raise than anybody would bother with"},
    Text{Error::deficit_none, "deficit_none", "the reserve has no deficit"},
    Text{Error::debt_of_coverer, "debt_of_coverer", "who covers a deficit must not have debt"},
    Text{Error::layer_unknown, "layer_unknown", "the waterfall has no such layer"},
    Text{Error::layer_exhausted, "layer_exhausted", "the layer has nothing left"},
    Text{Error::part_not_named, "part_not_named", "under an Umbrella a deficit is eliminated part by part"},
    Text{Error::wait_not_finished, "wait_not_finished", "the debt has not waited long enough"},
    Text{Error::surplus_insufficient, "surplus_insufficient", "the surplus is smaller than that"},
    Text{Error::unqueued_debt_insufficient, "unqueued_debt_insufficient",
         "the debt that is neither queued nor on auction is smaller than that"},
    Text{Error::reserve_inactive, "reserve_inactive", "the reserve is not active"},
    Text{Error::reserve_paused, "reserve_paused", "the reserve is paused"},
    Text{Error::reserve_frozen, "reserve_frozen", "the reserve is frozen"},
    Text{Error::borrowing_disabled, "borrowing_disabled", "the asset cannot be borrowed"},
    Text{Error::supply_cap_exceeded, "supply_cap_exceeded", "the supply cap would be exceeded"},
    Text{Error::borrow_cap_exceeded, "borrow_cap_exceeded", "the borrow cap would be exceeded"},
    Text{Error::emode_unknown, "emode_unknown", "there is no such e-mode category"},
    Text{Error::not_borrowable_in_emode, "not_borrowable_in_emode", "the asset is not borrowable in the e-mode"},
    Text{Error::debt_not_borrowable_in_emode, "debt_not_borrowable_in_emode",
         "the account owes an asset that the e-mode does not allow"},
    Text{Error::parameters_invalid, "parameters_invalid", "the parameters break a rule of the rulebook"},
    Text{Error::change_moves_valuation, "change_moves_valuation",
         "the change moves a valuation at unchanged market data"},
    Text{Error::change_makes_liquidatable, "change_makes_liquidatable",
         "the change makes an account liquidatable at unchanged market data"},
    Text{Error::notice_missing, "notice_missing", "the change was not announced a notice period ago"},
    Text{Error::contract_unknown, "contract_unknown", "the venue has no such contract"},
    Text{Error::contract_expired, "contract_expired", "the contract has expired"},
    Text{Error::contract_not_expired, "contract_not_expired", "the contract has not expired"},
    Text{Error::positions_too_many, "positions_too_many", "the account has no room for another position"},
    Text{Error::position_none, "position_none", "the account has no such position"},
    Text{Error::account_not_empty, "account_not_empty", "the account holds balances or positions"},
    Text{Error::accounts_not_related, "accounts_not_related", "neither account is an isolated one of the other"},
    Text{Error::margin_insufficient, "margin_insufficient", "equity would not cover the initial requirement"},
    Text{Error::mark_stale, "mark_stale", "a mark or risk array of the account is too old for new risk"},
    Text{Error::account_in_liquidation, "account_in_liquidation", "an account in liquidation may only reduce"},
    Text{Error::account_not_in_liquidation, "account_not_in_liquidation", "the account is not in liquidation"},
    Text{Error::equity_negative, "equity_negative", "the account's equity is below zero"},
    Text{Error::equity_not_negative, "equity_not_negative", "the account's equity is not below zero"},
    Text{Error::throughput_exhausted, "throughput_exhausted", "liquidations have closed enough for this instant"},
    Text{Error::hedge_useless, "hedge_useless", "the hedge would not lower the requirement"},
    Text{Error::deposit_cap_exceeded, "deposit_cap_exceeded", "the deposit cap would be exceeded"},
    Text{Error::withdrawals_gated, "withdrawals_gated", "withdrawals wait while losses stand uncovered"},
    Text{Error::price_outside_band, "price_outside_band", "the price is outside the band of the mark"},
    Text{Error::notice_too_short, "notice_too_short", "a higher maintenance margin needs longer notice"},
    Text{Error::counterparties_insufficient, "counterparties_insufficient",
         "those that were named do not hold enough of the other side"},
    Text{Error::auctions_stopped, "auctions_stopped", "the breaker of the auctions is set"},
};

const Text& text_of(Error error) {
    for (const Text& t : texts)
        if (t.error == error) return t;
    require_failed("every Error has a text", __FILE__, __LINE__);
}

}  // namespace

std::string_view name(Error error) { return text_of(error).name; }
std::string_view describe(Error error) { return text_of(error).sentence; }

}  // namespace breakwater
