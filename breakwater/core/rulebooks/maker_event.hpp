// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>
#include <variant>

#include "breakwater/core/rulebooks/maker_market.hpp"

/// What can happen to a Maker market, and what only such a market has to tell. The call of the protocol stands in the
/// comment. What a take pays and seizes, and losses, are told with the effects of all markets (event.hpp).
namespace breakwater::maker {

/// GemJoin.join: collateral from outside becomes the account's, not yet locked.
struct Join {
    AccountId account{};
    IlkId ilk{};
    Amount amount;  ///< [atomic] of the asset
};
/// GemJoin.exit: collateral that is not locked leaves.
struct Exit {
    AccountId account{};
    IlkId ilk{};
    Amount amount;  ///< [atomic] of the asset
};
/// vat.frob: collateral changes by lock − free, debt by draw − wipe.
struct Adjust {
    AccountId account{};
    IlkId ilk{};
    Amount lock;  ///< [wad]
    Amount free;  ///< [wad]
    Scaled draw;  ///< [wad] in units of the rate
    Scaled wipe;  ///< [wad] in units of the rate
};
/// vat.move
struct Move {
    AccountId from{};
    AccountId to{};
    Rad amount;
};
/// A new price of the oracle, and spot.poke.
struct Poke {
    IlkId ilk{};
    Ratio price;  ///< [wad] USD per whole token; 0: the oracle says that it has none
};
/// jug.drip: the rate grows to now.
struct Drip {
    IlkId ilk{};
};
/// dog.bark: an unsafe vault, or a part of it, is put up for sale.
struct Bark {
    IlkId ilk{};
    AccountId borrower{};
    AccountId keeper{};  ///< receives the incentive
};
/// clip.take: buys at the price of now. What is paid and received is clamped when it is applied.
struct Take {
    IlkId ilk{};
    std::uint32_t sale = 0;
    AccountId buyer{};
    Amount amount_max;             ///< [wad] of collateral
    std::optional<Ray> price_max;  ///< [ray] DAI per whole token; none: any price
};
/// clip.redo: an auction that is void begins anew.
struct Redo {
    IlkId ilk{};
    std::uint32_t sale = 0;
    AccountId keeper{};
};
/// vow.flog: queued debt of an era that has waited long enough leaves the queue.
struct Flog {
    Time era{};
};
/// vow.heal: surplus against debt.
struct Heal {
    Rad amount;
};
/// clip.upchost
struct UpdateChost {
    IlkId ilk{};
};
/// The files of vat, spot, jug, dog and clip for one ilk; the rate is grown first.
struct SetIlk {
    IlkId ilk{};
    IlkParameters parameters;
};

using Action = std::variant<Join, Exit, Adjust, Move, Poke, Drip, Bark, Take, Redo, Flog, Heal,
                            UpdateChost, SetIlk>;

struct AuctionStarted {
    IlkId ilk{};
    std::uint32_t sale = 0;
    AccountId borrower{};
    Rad tab;     ///< [rad] to raise
    Amount lot;  ///< [wad] for sale
    Ray top;     ///< [ray] asked at the start
    Rad paid;    ///< [rad] to the keeper
};
struct AuctionRestarted {
    IlkId ilk{};
    std::uint32_t sale = 0;
    Ray top;   ///< [ray] asked at the start
    Rad paid;  ///< [rad] to the keeper
};
struct AuctionEnded {
    IlkId ilk{};
    std::uint32_t sale = 0;
    Rad unpaid;       ///< [rad] of the tab, penalty included
    Amount returned;  ///< [wad] to the borrower
};

using Effect = std::variant<AuctionStarted, AuctionRestarted, AuctionEnded>;

}  // namespace breakwater::maker
