// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <variant>
#include <vector>

#include "breakwater/core/rulebooks/venue_market.hpp"

/// What can happen to a derivatives venue, and what only a venue has to tell. Losses and what
/// layers pay for them are told with the effects of all markets (event.hpp).
namespace breakwater::venue {

struct Deposit {
    AccountId account{};
    AssetId asset{};
    Amount amount;
};
/// More than there is becomes a loan. Refused behind the gate.
struct Withdraw {
    AccountId account{};
    AssetId asset{};
    Amount amount;
};
/// Between an account and an isolated one of its own, either way.
struct Transfer {
    AccountId from{};
    AccountId to{};
    AssetId asset{};
    Amount amount;
};
/// An empty account becomes cross or isolated, alone or linked.
struct SetAccount {
    AccountId account{};
    std::uint32_t parent = 0;   ///< account + 1; 0: cross
    std::uint32_t cluster = 0;  ///< 0: not linked
};
struct Trade {
    AccountId buyer{};
    AccountId seller{};
    ContractId contract{};
    std::int64_t lots = 0;   ///< above zero
    std::int64_t price = 0;  ///< [ticks]
};

struct MarkOf {
    ContractId contract{};
    std::int64_t mark = 0;                ///< [ticks]
    std::int64_t slow = 0;                ///< [ticks]
    std::int64_t depth = 0;               ///< [lots] measured on either side
    std::uint32_t open_part = 1'000'000;  ///< [ppm] of the settlement average that is still open
};
struct PublishMarks {
    std::vector<MarkOf> marks;
};
/// What longs pay shorts for the time since the last one; below zero shorts pay.
struct PayFunding {
    ContractId contract{};
    std::int64_t rate = 0;  ///< [1e-9 of a lot's value at the mark]
};
/// The end of a dated contract.
struct SettleExpiry {
    ContractId contract{};
    std::int64_t average = 0;  ///< [ticks of the underlying] the settlement average
};
/// Pays what is due: interest, unrealised losses, positions in expired contracts. Anybody may ask
/// for it.
struct Settle {
    AccountId account{};
};
struct SetBorrowRate {
    AssetId asset{};
    Ray rate;  ///< [ray/year]
};
/// Initial margin at once; a higher maintenance margin not before the notice is over.
struct PublishMargin {
    ContractId contract{};
    MarginTerms margin;  ///< `effective` is when the maintenance part shall hold
};
struct PublishRiskArray {
    ContractId contract{};
    RiskArray array;
};
/// How the price of collateral moves in the same scenarios.
struct PublishCollateralMoves {
    AssetId asset{};
    RiskArray array;
};
/// Look at an account: into liquidation or out of it, the gate up or down. Anybody may ask for it.
struct Flag {
    AccountId account{};
};
/// Takes over a part of a position of an account in liquidation at the price that the rule gives.
/// Lots are a maximum.
struct Liquidate {
    AccountId account{};
    AccountId liquidator{};
    ContractId contract{};
    std::int64_t lots = 0;  ///< above zero
};
/// Buys an asset of an account in liquidation for what it owes in another. The amount is a maximum.
struct BuyCollateral {
    AccountId account{};
    AccountId liquidator{};
    AssetId asset{};
    AssetId debt{};
    Amount amount;  ///< [atomic of `asset`]
};
/// Gives an account in liquidation a hedge for its options, where that lowers its requirement.
struct Hedge {
    AccountId account{};
    AccountId liquidator{};
    ContractId contract{};
    std::int64_t lots = 0;  ///< of the account: above zero long
};
/// The backstop vault takes over all that the account has.
struct TakeOver {
    AccountId account{};
};
/// Ends an account with negative equity: insurance fund, deleveraging, haircut of gains.
struct Resolve {
    AccountId account{};
    /// who may be deleveraged; none: whoever holds the other side
    std::vector<AccountId> counterparties;
};
/// Somebody bears what nobody has borne yet.
struct CoverLoss {
    AccountId account{};
    AssetId asset{};
    Amount amount;
};

/// What the account has resting in a contract from now on; zeros cancel. Lots that a trade fills are
/// taken off before it.
struct SetOrders {
    AccountId account{};
    ContractId contract{};
    std::int64_t bids = 0;  ///< [lots]
    std::int64_t asks = 0;  ///< [lots]
};

using Action = std::variant<Deposit, Withdraw, Transfer, SetAccount, Trade, PublishMarks,
                            PayFunding, SettleExpiry, Settle, SetBorrowRate, PublishMargin,
                            PublishRiskArray, PublishCollateralMoves, Flag, Liquidate,
                            BuyCollateral, Hedge, TakeOver, Resolve, CoverLoss, SetOrders>;

/// Balances moved between an account and the outside, or between accounts.
struct CashMoved {
    AccountId account{};
    AssetId asset{};
    Amount amount;
    bool in = false;  ///< into the account
};
/// One side of a trade, a liquidation or a settlement.
struct Filled {
    AccountId account{};
    ContractId contract{};
    std::int64_t lots = 0;  ///< bought above zero
    int128 realised = 0;    ///< [atomic of the settlement asset] into the balance
};
struct FundingPaid {
    ContractId contract{};
    std::int64_t per_lot = 0;  ///< [grains] by longs
};
struct Expired {
    ContractId contract{};
    std::int64_t value = 0;  ///< [grains per lot]
};
struct Flagged {
    AccountId account{};
    bool in_liquidation = false;
    bool negative = false;
};
/// How a liquidation went.
struct PositionTaken {
    AccountId account{};
    AccountId taker{};
    ContractId contract{};
    std::int64_t lots = 0;   ///< signed as the account held them
    std::int64_t value = 0;  ///< [grains per lot] at which they changed hands
    Amount discount;         ///< [atomic of the settlement asset] paid to the taker
    Amount fee;              ///< [atomic of the settlement asset] to the insurance fund
};
struct Deleveraged {
    AccountId account{};
    ContractId contract{};
    std::int64_t lots = 0;  ///< taken off, signed as the account held them
    Amount haircut;         ///< [atomic of the settlement asset] given up against the mark
};
/// Gains that were cut, and what the fund paid; the loss has its LossRealised.
struct GainsCut {
    AccountId account{};
    ContractId contract{};
    Amount amount;  ///< [atomic of the settlement asset]
};
struct FundPaid {
    std::uint64_t loss = 0;  ///< id of the loss
    AssetId asset{};
    Amount amount;
};

/// What rests from now on; zeros: cancelled.
struct OrdersSet {
    AccountId account{};
    ContractId contract{};
    std::int64_t bids = 0;
    std::int64_t asks = 0;
};

using Effect = std::variant<CashMoved, Filled, FundingPaid, Expired, Flagged, PositionTaken,
                            Deleveraged, GainsCut, FundPaid, OrdersSet>;

}  // namespace breakwater::venue
