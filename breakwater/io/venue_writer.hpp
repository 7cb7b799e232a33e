// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <filesystem>
#include <string>

#include "breakwater/io/atomic_output.hpp"
#include "breakwater/stress/venue_book.hpp"

/// A venue as files. Reading them back gives the same state, digest included, for a venue at rest:
/// as read or generated, with risk arrays of its own smiles, nothing announced, nobody flagged.
/// Source: docs/formats.md, "A venue".
namespace breakwater {

/// The three files into `folder`, whole or not at all. InputError where it is not empty, and where a
/// basis is that of no price.
void write_venue(const VenueBook& venue, const std::filesystem::path& folder,
                 Existing existing = Existing::refuse);

/// The texts. Every contract has a table of its own, those of a series too.
std::string venue_market_text(const VenueBook& venue);
std::string venue_accounts_text(const VenueBook& venue);
std::string positions_text(const VenueBook& venue);

}  // namespace breakwater
