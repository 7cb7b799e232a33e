// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <vector>

#include "breakwater/stress/backing.hpp"
#include "breakwater/stress/solvency.hpp"

/// Instant zero: a collateral becomes worthless while its oracle stays where it is, and whoever can
/// make or buy the paper fills its supply cap and borrows what there is. No price model finds this
/// loss; the caps alone bound it.
///
///   drain = max over ways of borrowing of min(cap room × LTV, Σ min(cash, borrow cap room))
///
/// A way of borrowing is the asset's own LTV against every reserve that lends, or an e-mode that
/// admits it, with that mode's LTV against its borrowable reserves. The collateral itself is not
/// worth borrowing. Reserves are drawn from largest first, one transaction each after one that
/// supplies:
///
///   blocks = ⌈(gas to supply + reserves × gas to borrow) / (share of a block × gas limit)⌉,
///   minutes = blocks × seconds per block / 60.
///
/// That is what the chain allows, a lower bound: it does not count the time to obtain the tokens.
namespace breakwater {

/// Judgement, printed beside the table.
struct DrainAssumptions {
    double gas_supply = 250'000;
    double gas_borrow = 350'000;
    double gas_limit = 30'000'000;  ///< of a block
    double block_share = 0.15;      ///< of it that one sender wins
    double seconds_per_block = 12;
};

struct Drain {
    enum class Limit : std::uint8_t {
        not_accepted,  ///< no LTV, or the reserve takes no supply: nothing can be drained
        cap_room,      ///< the supply cap and the LTV bind
        lendable,      ///< cash and borrow caps bind
    };

    AssetId collateral{};
    double room = 0;          ///< [USD] left under the supply cap; infinite without a cap
    double ltv = 0;           ///< of the way of borrowing that drains most
    std::uint16_t emode = 0;  ///< of that way; 0: none
    double lendable = 0;      ///< [USD] Σ min(cash, borrow cap room) open to that way
    double largest = 0;       ///< [USD]
    Limit limit = Limit::not_accepted;
    std::uint32_t reserves = 0;  ///< drawn from
    double minutes = 0;          ///< see above; 0 where nothing can be drained
    double backs = 0;  ///< [USD] debt that it backs already and that would be lost besides
};
const char* to_string(Drain::Limit limit);

/// One row per asset that may be collateral for anybody, by AssetId.
std::vector<Drain> drains_of(const Book& book, const Solvency& solvency, const Backing& backing,
                             const DrainAssumptions& assumptions = {});

}  // namespace breakwater
