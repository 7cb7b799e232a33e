// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/io/accounts_builder.hpp"

/// accounts.csv: one row per (account, asset). Source: docs/formats.md.
namespace breakwater {

inline constexpr std::string_view accounts_header = "account,asset,supply,debt,collateral,emode";
inline constexpr std::size_t account_name_max = 128;  ///< [characters]

/// InputError with the line for everything that is not as docs/formats.md says.
Accounts parse_accounts(const TextFile& file, const MarketFile& market);

}  // namespace breakwater
