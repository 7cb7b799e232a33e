// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <span>

#include "breakwater/core/rulebooks/breakwater_rules.hpp"
#include "breakwater/core/units.hpp"

/// Unhealthy accounts that wait for a keeper, as keepers see them: in floats, reckoned anew at every
/// price. Keepers turn away what does not pay by this estimate; the engine alone decides what a
/// liquidation takes. A test holds the estimate against the engine's quote.
namespace breakwater {

/// One leg of a waiting account.
struct Holding {
    double shares = 0;     ///< [tokens / index]
    float threshold = 0;   ///< [1] liquidation threshold; of collateral, > 0
    float bonus = 0;       ///< [1] 1 + liquidation bonus
    float fee = 0;         ///< [1] the protocol's part of the bonus
    AssetId asset{};
    Side side{};
};

/// What one share is worth now.
struct ShareValue {
    double supplied = 0;  ///< [USD] oracle price × supply index
    double borrowed = 0;  ///< [USD] oracle price × borrow index
};

/// The account now.
struct Weighed {
    double collateral = 0;  ///< [USD] of all that counts
    double debt = 0;        ///< [USD]
    double capacity = 0;    ///< [USD] Σ collateral × liquidation threshold: health factor = capacity / debt

    [[nodiscard]] bool is_health_below(double factor) const { return capacity < factor * debt; }
    [[nodiscard]] double shortfall() const { return debt > collateral ? debt - collateral : 0; }
};

/// What a keeper could do: the pair of collateral and debt with the largest incentive for its full size.
struct Prospect {
    double repay = 0;  ///< [USD] at the close factor, and no more than the collateral pays for
    double get = 0;    ///< [USD] what the keeper receives for it
    /// [1] largest part that leaves no dust behind, 0 where none does. The whole is taken without this limit where
    /// `leaves_dust` is false.
    double part_most = 0;
    bool leaves_dust = false;  ///< the protocol refuses the whole
    AssetId collateral{};
    AssetId owed{};
};

/// Pure. `values` by AssetId. Source: lending 1.1 "Account data"; docs/rules.md, AAVE-010.
inline Weighed weigh(std::span<const Holding> holdings, std::span<const ShareValue> values) {
    Weighed out;
    for (const Holding& h : holdings) {
        const ShareValue& v = values[index(h.asset)];
        if (h.side == Side::debt) {
            out.debt += h.shares * v.borrowed;
        } else {
            const double held = h.shares * v.supplied;
            out.collateral += held;
            out.capacity += held * static_cast<double>(h.threshold);
        }
    }
    return out;
}
/// Pure. Source: lending 1.1 "Liquidation", steps 1 to 6; docs/rules.md, AAVE-020 to AAVE-024.
Prospect prospect(std::span<const Holding> holdings, std::span<const ShareValue> values, const Weighed& account);

/// The same under our own rulebook: whoever is exhausted has its loss written off first, sizes fit, nothing is dust.
/// Source: docs/rules.md, BREAKWATER-003 to BREAKWATER-007.
Prospect own_prospect(const house::Rules& rules, std::span<const Holding> holdings,
                      std::span<const ShareValue> values, const Weighed& account);

}  // namespace breakwater
