// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <string_view>

#include "breakwater/stress/book.hpp"

/// The rulebooks that a book of a reserve set can stand under. Positions, prices, thresholds and so
/// the borrowing capacity are the same under each.
namespace breakwater {

inline constexpr std::array<std::string_view, 2> rulebook_names{"aave_v3", "breakwater"};

/// The book under another rulebook; under its own it stays as it is. Our own rulebook takes its
/// default dials, and what the book says of the depth of each asset (2 % of price) as the most that
/// one liquidation sells. REQUIREs one of `rulebook_names`.
Book under_rulebook(const Book& book, std::string_view rulebook);

/// [1e-8 USD] by AssetId.
std::vector<Value> depths_of(const Book& book);

}  // namespace breakwater
