// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "breakwater/io/check.hpp"
#include "breakwater/stress/venue_inspect.hpp"

/// What a risk team asks of a venue's book before it believes a figure from it: do the sums agree,
/// how old are prices and marks, do marks and index agree, what is thin against what is held, who
/// is already below.
namespace breakwater {

struct VenueCheck {
    std::string name;
    std::string source;
    std::string input_hash;
    std::uint64_t as_of = 0;  ///< [s since 1970]
    std::size_t contracts = 0;
    VenueInspection standing;
    std::vector<Finding> findings;

    [[nodiscard]] std::size_t doubts() const;
};

/// Reads the folder and looks at it. InputError where it is no venue at all.
/// @param now for the age of the data; absent: not said
VenueCheck check_venue(const std::filesystem::path& folder, std::optional<Time> now = {});

/// For a terminal, and as one JSON object, "breakwater-check/1" with `kind` "venue".
std::string to_text(const VenueCheck& report);
std::string to_json(const VenueCheck& report);

}  // namespace breakwater
