// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "breakwater/core/rulebooks/venue_guard.hpp"

/// The parts of a resolution: an account with negative equity ends in one event, and its loss is
/// borne in this order:
///   what it still has → insurance fund within its tier → deleveraging → haircut of gains → uncovered, the gate shut.
/// Nothing is paid out before the loss is allocated, to the atom. Source: docs/rules.md, VENUE-022
/// to VENUE-026.
namespace breakwater::venue {

/// What nobody has borne yet in one asset.
struct Loss {
    AssetId asset{};
    std::uint32_t tier = 0;  ///< of the insurance fund
    uint128 amount = 0;      ///< [atomic]
};

/// Who may be closed against, in the order of accounts: those that the event names, or everybody.
/// What each could pay before its equity is below zero is assessed once and kept up: closing at the
/// mark does not change it.
class Candidates {
  public:
    Candidates(const VenueDesk& desk, const Resolve& event);
    [[nodiscard]] const std::vector<AccountId>& accounts() const { return accounts_; }

    /// A slot of the candidate at `place`.
    struct Slot {
        std::size_t place = 0;
        std::uint32_t slot = 0;
    };
    /// Those that hold a contract of the account in the stored state, in the order of accounts.
    [[nodiscard]] std::span<const Slot> holding(ContractId contract) const;

    /// [atomic] What the candidate at `place` could pay in an asset, rounded down.
    int128 means_in(VenueDesk& desk, std::size_t place, AssetId asset);
    /// It has paid that much.
    void note_paid(VenueDesk& desk, std::size_t place, AssetId asset, uint128 atoms);

  private:
    void find_slots(const Market& market, AccountId account);

    std::vector<AccountId> accounts_;
    std::vector<std::optional<int128>> equity_;  ///< [1e-14 USD] where it was asked for
    std::vector<ContractId> contracts_;          ///< of the account that ends
    std::vector<std::vector<Slot>> slots_;       ///< by contract of it
};

/// The assets in which positions of the account settle, a bit each.
std::uint32_t settled_in(const VenueDesk& desk, AccountId account);

/// Pays out positions of the account in expired contracts.
void settle_expired(VenueDesk& desk, AccountId account);

/// Closes every position of the account at the mark against holders of the other side, who give up
/// `losses` in proportion to what they have gained and never more than they have; lots that nobody
/// can pay for are closed without a haircut. What was given up is taken off the losses. Source:
/// VENUE-024.
Status close_against_others(VenueDesk& desk, AccountId account, Candidates& candidates,
                            std::vector<Loss>& losses);

/// Unrealised gains of the candidates in contracts that settle in the asset pay for what is left,
/// in proportion.
/// Source: VENUE-025.
void cut_gains(VenueDesk& desk, AccountId account, Candidates& candidates, const Loss& loss);

/// What the account still owes is written down as uncovered. Source: VENUE-026.
void leave_uncovered(VenueDesk& desk, AccountId account, AssetId asset);

}  // namespace breakwater::venue
