// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <string>

#include "breakwater/io/native_file.hpp"

/// Synthetic borrowers for the markets of a market.toml of morpho_blue: sizes log-normal, health factors bunched near
/// the edge, tighter where collateral and loan follow the same root. Each market lends nine tenths of what its
/// `supplied` says, the utilization at which the adaptive curve rests.
namespace breakwater {

/// The text of accounts.csv. InputError where a market does not say what is supplied, or there are fewer accounts than
/// markets.
std::string generate_morpho_accounts(const NativeFile& file, std::uint32_t accounts,
                                     std::uint64_t seed);

}  // namespace breakwater
