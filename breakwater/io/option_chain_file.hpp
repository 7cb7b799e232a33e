// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "breakwater/world/option_chain.hpp"

/// Snapshots of Deribit's option chains: CSV with a header, one row for each option, columns in any
/// order; what is read is in docs/formats.md, "option chains". A row that cannot be right is left
/// out and told, the others are used. Source: docs/rules.md, SURFACE-006.
namespace breakwater {

struct RefusedRow {
    std::uint64_t line;
    std::string reason;
};

struct OptionChainFile {
    std::string source;               ///< the file, as it was named
    std::vector<OptionChain> chains;  ///< by currency
    std::vector<RefusedRow> refused;  ///< by line
    std::uint64_t rows = 0;           ///< refused ones included
    std::uint64_t forwards_implied =
        0;  ///< rows without a forward that their expiry's quotes imply
};

/// InputError where it cannot be read, is compressed, lacks a column or has no row that can be used.
OptionChainFile read_option_chains(const std::filesystem::path& path);

}  // namespace breakwater
