// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>
#include <vector>

#include "breakwater/core/event.hpp"
#include "breakwater/core/rulebooks/aave_v3_accounts.hpp"

/// What a keeper can do, and its quote: one interface for one-shot liquidations (buy), two-step ones (open, then buy)
/// and auctions (open, buy, reset). A keeper sees quotes only; it submits an event with maxima, which is planned anew.
/// Source: docs/rules.md, LIQUIDATION-001 to LIQUIDATION-003.
namespace breakwater {

enum class OpportunityKind : std::uint8_t { open, buy, reset };

struct Opportunity {
    OpportunityKind kind{};
    AccountId account{};
    AssetId collateral{};
    AssetId debt{};
    Time expiry{~std::uint64_t{0}};  ///< Aave: none
};

struct Quote {
    Amount pay;             ///< [atomic of the debt asset] what the keeper repays
    Amount get;             ///< [atomic of the collateral] what the keeper receives
    Value pay_value;        ///< [1e-8 USD] at the mark, floored
    Value get_value;        ///< [1e-8 USD] at the mark, floored
    bool leaves_dust = false;  ///< the protocol would refuse this size

    /// [1e-8 USD] get − pay; negative where the collateral does not cover its price.
    [[nodiscard]] int128 incentive() const {
        return static_cast<int128>(get_value.raw) - static_cast<int128>(pay_value.raw);
    }
};

/// Each (collateral, debt) pair of an unhealthy account, into `out` (cleared first). Nothing for a healthy one.
/// Source: LIQUIDATION-001.
Status opportunities(const aave_v3::View& view, AccountId account, std::vector<Opportunity>& out);

/// What repaying at most `size` would bring. Pure. Source: LIQUIDATION-002.
Result<Quote> quote(const aave_v3::View& view, const Opportunity& opportunity, Size size);

/// The pair with the largest incentive for its full size, if the account is unhealthy. Source: LIQUIDATION-003.
struct Best {
    Opportunity opportunity;
    Quote quote;
};
Result<std::optional<Best>> best_opportunity(const aave_v3::View& view, AccountId account);

}  // namespace breakwater
