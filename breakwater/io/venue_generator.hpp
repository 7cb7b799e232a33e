// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>

#include "breakwater/io/venue_file.hpp"

/// A synthetic venue with the shape of a real one, on the assets, contracts, marks and smiles of a
/// given market: the same bits for the same market, number of accounts and seed. What shape, and its
/// statistics: docs/generate.md, "Venues".
namespace breakwater {

inline constexpr std::uint32_t generated_traders_min = 100;

/// Fund, vault and liquidators as the market names them, and traders a00001, a00002, ...: `accounts`
/// in all. Longs are shorts in each contract, the liquidators hold what is left between them.
/// InputError where there are fewer than `generated_traders_min` traders, no liquidator, or the
/// liquidators have too few slots for what they must hold.
VenueBook generate_venue(VenueFile market, std::uint32_t accounts, std::uint64_t seed);

}  // namespace breakwater
