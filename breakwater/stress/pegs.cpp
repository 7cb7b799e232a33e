// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/pegs.hpp"

#include <algorithm>

namespace breakwater {
namespace {

/// The asset that this one follows, or itself.
std::size_t next_of(const Book& book, std::size_t asset) {
    const AssetDescription& a = book.assets[asset];
    if (a.kind != AssetKind::pegged) return asset;
    const auto found = std::ranges::find(book.assets, a.peg, &AssetDescription::symbol);
    return found == book.assets.end() ? asset
                                      : static_cast<std::size_t>(found - book.assets.begin());
}

AssetId id_of(std::size_t asset) {
    return AssetId{static_cast<std::uint8_t>(asset)};
}

}  // namespace

std::vector<AssetId> peg_roots(const Book& book) {
    std::vector<AssetId> out;
    for (std::size_t a = 0; a < book.assets.size(); ++a) {
        std::size_t at = a;
        // A chain is at most as long as the book, even one that is a circle.
        for (std::size_t hops = 0; hops < book.assets.size(); ++hops)
            at = next_of(book, at);
        out.push_back(id_of(at));
    }
    return out;
}

std::vector<bool> followers_of(const Book& book, AssetId asset) {
    std::vector<bool> out(book.assets.size());
    for (std::size_t a = 0; a < book.assets.size(); ++a) {
        std::size_t at = a;
        for (std::size_t hops = 0; hops < book.assets.size() && id_of(at) != asset; ++hops)
            at = next_of(book, at);
        out[a] = id_of(at) == asset;
    }
    return out;
}

std::vector<bool> volatile_assets(const Book& book) {
    std::vector<bool> out;
    for (const AssetId root : peg_roots(book))
        out.push_back(book.assets[index(root)].kind == AssetKind::volatile_);
    return out;
}

}  // namespace breakwater
