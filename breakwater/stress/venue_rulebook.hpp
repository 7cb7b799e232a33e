// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <string_view>

#include "breakwater/stress/venue_book.hpp"

/// The rulebooks under which a venue's perpetuals and futures can be margined, for a stress of the
/// same book, positions and prices under each. Source: docs/models.md, "A derivatives venue".
namespace breakwater {

inline constexpr std::array<std::string_view, 3> venue_rulebook_names{"venue", "exchange_tiers",
                                                                      "hyperliquid"};

/// The venue with the margin of another rulebook in place of its own, now and announced:
///   `exchange_tiers`: four of Binance's brackets of each coin, initial margin 1 / leverage;
///   `hyperliquid`: its tiers, maintenance half of the initial margin at maximal leverage.
/// Neither charges for open interest, for size against depth or for impact, nor knows a portfolio:
/// what is margined by risk arrays, and everything but margin, stays the venue's own. `venue`
/// changes nothing. REQUIREs one of `venue_rulebook_names`.
VenueBook under_venue_rulebook(VenueBook venue, std::string_view rulebook);

}  // namespace breakwater
