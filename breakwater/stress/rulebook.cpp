// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/rulebook.hpp"

#include <algorithm>

#include "breakwater/core/require.hpp"

namespace breakwater {

std::vector<Value> depths_of(const Book& book) {
    std::vector<Value> out;
    out.reserve(book.assets.size());
    for (const AssetDescription& asset : book.assets)
        out.push_back(
            {uint128{static_cast<std::uint64_t>(asset.liquidity.depth_2pct)} * 100'000'000U});
    return out;
}

Book under_rulebook(const Book& book, std::string_view rulebook) {
    REQUIRE(std::ranges::count(rulebook_names, rulebook) == 1);
    Book out = book;
    if (rulebook == book.rulebook) return out;
    out.rulebook = rulebook;
    auto& own = aave_market(out.state).house;
    own.reset();
    if (rulebook == "breakwater") {
        own.emplace();
        own->depth = depths_of(out);
    }
    return out;
}

}  // namespace breakwater
