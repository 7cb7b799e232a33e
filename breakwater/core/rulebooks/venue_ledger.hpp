// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/desk.hpp"

/// Entries that several operations of the venue make. Each keeps the promises of
/// venue_invariants.hpp: what leaves one place arrives in another.
/// Source: docs/rules.md, VENUE-001 to VENUE-006.
namespace breakwater::venue {

using VenueDesk = Desk<Market>;

inline const Settings& settings(const VenueDesk& desk) {
    return desk.stored().set();
}
inline const Terms& terms(const VenueDesk& desk, ContractId contract) {
    return desk.stored().terms[index(contract)];
}
inline Contract& change_contract(VenueDesk& desk, ContractId contract) {
    return desk.change<&Market::contracts>(index(contract));
}
inline Account& change_account(VenueDesk& desk, AccountId account) {
    return desk.change<&Market::accounts>(breakwater::index(account));
}

/// Nothing is traded or rests in it any more.
inline bool has_ended(const VenueDesk& desk, ContractId contract) {
    const Terms& t = terms(desk, contract);
    return desk.read<&Market::contracts>(index(contract)).phase == Phase::expired ||
           (t.expiry != 0 && seconds(desk.now()) >= t.expiry);
}

/// The borrow index grown to now. Source: VENUE-005.
Collateral& accrue(VenueDesk& desk, AssetId asset);

/// The balance with its interest charged; the fund receives it. Source: VENUE-005.
Balance& grown_balance(VenueDesk& desk, AccountId account, AssetId asset);

/// Adds atoms, which may be below zero, to a balance.
void credit(VenueDesk& desk, AccountId account, AssetId asset, int128 atoms);

/// Moves atoms from one balance to another.
void move_cash(VenueDesk& desk, AccountId from, AccountId to, AssetId asset, int128 atoms);

/// The slot in which the account holds the contract; nullopt where it does not.
std::optional<std::uint32_t> find_slot(const VenueDesk& desk, AccountId account,
                                       ContractId contract);
std::int64_t lots_held(const VenueDesk& desk, AccountId account, ContractId contract);

/// The account buys `lots` (sells where below zero) at `worth` grains a lot. Options are paid for
/// at once; others keep the price in their basis, and what is closed is paid at once. Source:
/// VENUE-003, VENUE-004.
/// @param worth value at the price, funding taken off
Status fill(VenueDesk& desk, AccountId account, ContractId contract, std::int64_t lots,
            int128 worth);

/// Pays `exact` grains that the pot owes the account, in whole atoms rounded down; returns the
/// atoms. The rest stays in the basis of a position that goes on, or is dust of the contract.
int128 pay_from_pot(VenueDesk& desk, AccountId account, ContractId contract, int128 exact);

/// Takes a position in an expired contract off and pays it out. Source: VENUE-008.
void settle_position(VenueDesk& desk, AccountId account, std::uint32_t slot);

}  // namespace breakwater::venue
