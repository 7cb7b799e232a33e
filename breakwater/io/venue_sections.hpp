// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <string_view>

#include "breakwater/core/margin/standing.hpp"
#include "breakwater/io/toml_reader.hpp"
#include "breakwater/io/venue_file.hpp"

/// The tables of a venue's market.toml that list contracts: [[underlying]], [[contract]] and
/// [[series]]. Source: docs/formats.md, "A venue".
namespace breakwater {

/// Of venue::Form.
inline constexpr std::array<std::string_view, 4> venue_forms{"perpetual", "future", "call", "put"};
inline constexpr uint128 venue_e8 = 100'000'000;

/// [1e-8] above zero and below 2^62.
std::uint64_t read_positive(TomlReader& table, std::string_view key);
/// [ppm]
std::uint32_t read_ppm(TomlReader& table, std::string_view key, std::uint64_t most = ppm_one);

/// All [[underlying]] with their smiles.
void read_underlyings(TomlReader& root, VenueFile& out);
/// All [[contract]], then all [[series]]; underlyings and tiers are there already.
void read_contracts(TomlReader& root, VenueFile& out);

}  // namespace breakwater
