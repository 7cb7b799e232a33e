// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>

#include "breakwater/stress/risk_array.hpp"
#include "breakwater/stress/venue_book.hpp"

/// The risk arrays of a venue: what a lot of each contract, and each collateral, loses in the 35
/// scenarios of our own grid (core/margin/grids.hpp), positions and collateral in the same one. The
/// moves of each underlying are in units of its own range, so scenario k is the same storm for all.
/// Doubles become integers here, rounded against the holder of a long lot.
///
/// Losses are in USD at the price after the move: a coin-settled contract is worth coins, which the
/// scenario has moved as collateral already, so its loss is value · (1 + move) less the value after.
/// Source: docs/rules.md, MARGIN-017, VENUE-015, SURFACE-007; docs/surface.md.
namespace breakwater {

/// Where a contract stands when its array is made.
struct ContractNow {
    Time now{};
    double price =
        0;  ///< [USD] of its delivery: mark of a perpetual or future, forward of an option
    double index = 0;  ///< [USD] of the underlying
    std::uint32_t version = 0;
};

/// Makes arrays of one venue, which must outlive it. Keeps grids and room from one to the next.
class ArrayMaker {
  public:
    explicit ArrayMaker(const VenueBook& venue);

    /// @param surface of the underlying, `as_of` now; read for options only
    /// nullopt where a figure is beyond what the core takes.
    std::optional<venue::RiskArray> array_of(venue::ContractId id,
                                             const VolatilitySurface& surface,
                                             const ContractNow& at);

  private:
    bool fill_option(venue::ContractId id, const VolatilitySurface& surface,
                     const ContractNow& at, venue::RiskArray& out);
    bool fill_linear(venue::ContractId id, const ContractNow& at, venue::RiskArray& out) const;

    const VenueBook* venue_;
    std::vector<RiskGrid> grids_;  ///< by underlying
    OptionProfiler profiler_;
};

/// What the price of a collateral asset does in the same scenarios.
venue::RiskArray collateral_array_of(const VenueBook& venue, AssetId asset, Time now,
                                     std::uint32_t version);

/// [ticks] An option's price on the surface, to the nearest tick.
/// @param forward [USD] of its expiry; coin-settled ones are worth coins at it
std::optional<std::int64_t> option_ticks(const VenueBook& venue, venue::ContractId id,
                                         const VolatilitySurface& surface, double forward);

/// [USD] The mark of a perpetual or future; an option's is in `option_ticks`.
double mark_usd(const VenueBook& venue, venue::ContractId id);
/// [USD] The price for delivery at the contract's expiry when the book was read; of a perpetual or
/// future its mark.
double delivery_price(const VenueBook& venue, venue::ContractId id);

/// Arrays of all contracts margined by them and of all collateral as of the book's clock, into its
/// state. False where one does not fit.
bool publish_arrays(VenueBook& venue);

}  // namespace breakwater
