// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <string>

#include "breakwater/io/native_file.hpp"

/// Synthetic borrowers for the market of a market.toml of compound_v3: one or two kinds of collateral each, by what
/// their caps are worth, sizes and health factors as in native_borrowers.hpp. They owe 85 % of what `supplied` says.
namespace breakwater {

/// The text of accounts.csv. InputError where the market does not say what is supplied.
std::string generate_comet_accounts(const NativeFile& file, std::uint32_t accounts,
                                    std::uint64_t seed);

}  // namespace breakwater
