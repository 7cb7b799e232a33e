// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "breakwater/io/asset_section.hpp"
#include "breakwater/io/text_file.hpp"
#include "breakwater/stress/venue_book.hpp"

/// market.toml of a venue, "breakwater-venue/1": what it takes, lists and asks for, with marks and
/// smiles, and nobody in it yet. Source: docs/formats.md, "A venue".
namespace breakwater {

inline constexpr std::string_view venue_format = "breakwater-venue/1";

/// An account that market.toml names before accounts.csv is read.
struct NamedAccount {
    std::string name;
    std::uint64_t line = 0;
};

struct VenueFile {
    std::string file;
    VenueBook venue;  ///< tables of accounts empty, contracts without positions
    NamedAccount fund;
    NamedAccount vault;
    std::vector<NamedAccount> liquidators;
    struct Custody {
        std::optional<Amount> amount;  ///< absent: follows from the accounts
        std::uint64_t line = 0;
    };
    std::vector<Custody> custody;  ///< by AssetId

    [[nodiscard]] std::optional<AssetId> asset(std::string_view symbol) const;
    [[nodiscard]] std::optional<std::uint32_t> underlying(AssetId asset) const;
    [[nodiscard]] venue::Market& market() { return venue.market(); }
};

/// InputError with the line, the table and the field for everything that is missing, unknown or out
/// of bounds.
VenueFile parse_venue(const TextFile& file);

}  // namespace breakwater
