// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <vector>

#include "breakwater/stress/book.hpp"
#include "breakwater/stress/volatility_shock.hpp"
#include "breakwater/world/volatility_surface.hpp"

/// A derivatives venue ready to be stressed: the engine's state, and what the world needs to know of
/// each contract. Adapters in io/ make it from files; nothing here reads anything.
/// Source: docs/formats.md, "A venue".
namespace breakwater {

/// What a contract is in the units of the world; its integers are venue::Terms.
struct ContractDescription {
    std::uint32_t underlying = 0;  ///< row of VenueBook::underlyings
    std::uint64_t lot_e8 = 0;      ///< [1e-8 coins]; inverse contracts: [1e-8 USD]
    std::uint64_t tick_e8 = 0;     ///< [1e-8 USD]; coin-settled options: [1e-8 coins per coin]

    [[nodiscard]] double lot() const { return static_cast<double>(lot_e8) / 1e8; }
    [[nodiscard]] double tick() const { return static_cast<double>(tick_e8) / 1e8; }
};

/// [USD] The price for delivery at an expiry, and its smile in the surface of the underlying.
struct Forward {
    std::int64_t expiry = 0;  ///< [s since 1970]
    double price = 0;
};

/// What contracts are written on, and how it moves in the scenarios of the portfolio margin.
struct UnderlyingDescription {
    AssetId asset{};                  ///< whose price is the index
    std::uint64_t tick_e8 = 0;        ///< [1e-8 USD] of strikes and settlement averages
    std::uint32_t range = 0;          ///< [ppm] of the price: one range of the grid
    std::uint32_t roll_min = 0;       ///< [ppm] of the net delta of an expiry, at least
    std::uint32_t roll_yearly = 0;    ///< [ppm a year] until the expiry
    std::uint32_t short_minimum = 0;  ///< [ppm] of the index, for each short option
    deribit::VolatilityShock shock{};
    VolatilitySurface surface;      ///< empty where there are no options
    std::vector<Forward> forwards;  ///< one for each smile of the surface
};

/// How an asset that accounts hold moves in the same scenarios.
struct CollateralMove {
    static constexpr std::uint32_t nothing = ~std::uint32_t{0};
    std::uint32_t underlying = nothing;  ///< row of the one that it follows; or `nothing`
    std::uint32_t beta = 0;              ///< [ppm] of that one's move
    std::uint32_t depeg = 0;             ///< [ppm of its price] what it loses alone
};

struct VenueBook {
    Book book;  ///< names of accounts, assets and contracts; its state holds one venue::Market
    std::vector<ContractDescription> contracts;  ///< by venue::ContractId
    std::vector<UnderlyingDescription> underlyings;
    std::vector<CollateralMove> collateral;  ///< by AssetId
    std::vector<std::string> tier_names;     ///< of the insurance fund
    std::vector<AccountId> liquidators;      ///< who takes positions over and bids in a storm
    std::uint64_t array_seconds = 0;         ///< [s] for which a risk array allows new risk

    /// [USD]
    [[nodiscard]] double strike(venue::ContractId id) const {
        const std::uint64_t tick = underlyings[contracts[venue::index(id)].underlying].tick_e8;
        return static_cast<double>(market().terms[venue::index(id)].strike) *
               static_cast<double>(tick) / 1e8;
    }
    [[nodiscard]] const venue::Market& market() const {
        return std::get<venue::Market>(book.state.markets[0]);
    }
    [[nodiscard]] venue::Market& market() { return std::get<venue::Market>(book.state.markets[0]); }
};

}  // namespace breakwater
