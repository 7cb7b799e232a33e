// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>

#include "breakwater/stress/inspect.hpp"

/// Definitions and sentences of an inspection, for every output.
namespace breakwater {

struct InspectWords {
    static constexpr const char* wall =
        "Collateral in the assets that fall, at the price after a fall at once, of accounts that "
        "are healthy before it. "
        "What is pegged to an asset falls with it; all other prices stay; \"all\" is every "
        "volatile asset. Capacity: what can be "
        "sold of these assets, at the depth of the book, before average slippage has used up the "
        "bonus less the protocol's "
        "part of it; ! marks what exceeds it.";
    static constexpr const char* bad_debt =
        "Debt less collateral where it is positive, over all accounts, after the move; what it is "
        "now is taken off.";
    static constexpr const char* backing =
        "Each account's debt is spread over its collateral in proportion to value. Correlated: "
        "collateral and debt follow "
        "the same root, both are stable, or the account's e-mode admits the pair; * marks cells "
        "that mostly are.";
    static constexpr const char* drain =
        "Instant zero: the collateral is worth nothing, its oracle does not know, and its supply "
        "cap is filled. Largest drain "
        "= max over ways of borrowing of min(cap room × LTV, Σ min(cash, borrow cap room)).";
};

/// As the book names it.
const std::string& symbol(const Book& book, AssetId asset);
std::string bin_text(const HealthBin& bin);  ///< "below 1", "1.05 to 1.1", "5 and more"
std::string legs_text(const Book& book,
                      std::span<const PositionLeg> legs);  ///< "WETH, WBTC | USDC"
std::string wall_now_text(const WallNow& now);
std::string backing_text(const Backing& backing);
/// The definition with the assumptions behind the minutes.
std::string drain_text(const DrainAssumptions& assumptions);

}  // namespace breakwater
