// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <vector>

#include "breakwater/stress/book.hpp"

/// Which assets move together because one is a claim on the other.
namespace breakwater {

/// By AssetId: the end of its chain of pegs; itself where it follows nothing in the book.
std::vector<AssetId> peg_roots(const Book& book);

/// By AssetId: the asset itself and whatever is pegged to it, directly or through others. A fall of
/// a pegged asset on its own leaves its root where it is.
std::vector<bool> followers_of(const Book& book, AssetId asset);

/// By AssetId: volatile assets and what is pegged to them.
std::vector<bool> volatile_assets(const Book& book);

}  // namespace breakwater
