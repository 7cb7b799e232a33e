// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <variant>

#include "breakwater/core/rulebooks/aave_v3_market.hpp"
#include "breakwater/core/rulebooks/compound_v3_market.hpp"
#include "breakwater/core/rulebooks/maker_market.hpp"
#include "breakwater/core/rulebooks/morpho_blue_market.hpp"
#include "breakwater/core/rulebooks/venue_market.hpp"

/// A market is one of several native states. A further protocol or a derivatives venue is one more alternative here and
/// one more rulebook file; accounts are rows of the book and may stand in several markets at once, held together by the
/// one sentence of margin/loans.hpp: equity ≥ requirement.
namespace breakwater {

using Market = std::variant<aave_v3::Market,
                            morpho_blue::Market,
                            compound_v3::Market,
                            maker::Market,
                            venue::Market>;

/// A market that names its own tables and is worked on at a desk (desk.hpp).
template <class M>
concept NativeMarket = requires { M::tables(); };

enum class MarketId : std::uint8_t {};
constexpr std::uint8_t index(MarketId id) { return static_cast<std::uint8_t>(id); }

/// The one read-only view that everybody outside a rulebook uses: what an account owns or owes, with growth up to
/// `now`.
struct Exposure {
    AssetId asset{};
    Side side{};
    bool counts = false;   ///< collateral: enabled and with a liquidation threshold; debt: always
    Amount amount_down;    ///< [atomic] rounded against the holder
    Amount amount_up;      ///< [atomic] rounded against the market
};

}  // namespace breakwater
