// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

#include "breakwater/core/require.hpp"
#include "breakwater/stress/book.hpp"

/// Rows by the names that files call them by.
namespace breakwater {

inline std::optional<AssetId> find_asset(std::span<const AssetDescription> assets, std::string_view symbol) {
    const auto at = std::ranges::find(assets, symbol, &AssetDescription::symbol);
    if (at == assets.end()) return std::nullopt;
    return AssetId{static_cast<std::uint8_t>(at - assets.begin())};
}

/// What a scenario names is in the book: `prepare_storm` has checked.
template <class Id>
Id known(const std::optional<Id>& found) {
    REQUIRE(found.has_value());
    return *found;
}

}  // namespace breakwater
