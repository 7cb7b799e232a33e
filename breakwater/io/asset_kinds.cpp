// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/asset_kinds.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace breakwater {
namespace {

constexpr double near_one = 0.035;
constexpr double euro_low = 0.95;
constexpr double euro_high = 1.3;
constexpr double peg_low = 0.85;
constexpr double peg_high = 1.6;

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

double price_of(const MarketAsset& asset) {
    return static_cast<double>(asset.price.raw) / 1e8;
}

bool is_stable(const MarketAsset& asset) {
    constexpr std::array<std::string_view, 6> named{"GHO",     "FRAX", "MAI",
                                                    "MIMATIC", "DOLA", "BUIDL"};
    const std::string symbol = upper(asset.description.symbol);
    const double price = price_of(asset);
    if (symbol.find("EUR") != std::string::npos) return price > euro_low && price < euro_high;
    const bool says_so = symbol.find("USD") != std::string::npos ||
                         symbol.find("DAI") != std::string::npos ||
                         std::ranges::find(named, symbol) != named.end();
    return says_so && price > 1 - near_one && price < 1 + near_one;
}

/// The part of a base's symbol by which its derivatives are known: ETH of WETH, USDE of USDe.
std::string core_of(const std::string& symbol) {
    const std::string name = upper(symbol);
    return name.size() > 2 && name.front() == 'W' ? name.substr(1) : name;
}

bool is_base(const MarketAsset& asset) {
    const std::string symbol = upper(asset.description.symbol);
    return asset.description.kind == AssetKind::stable || symbol == "ETH" || symbol == "BTC" ||
           (symbol.front() == 'W' && !symbol.starts_with("WST") && !symbol.starts_with("WEETH") &&
            !symbol.starts_with("WRS"));
}

/// The base whose name is the longest in the asset's symbol; -1 where there is none.
std::ptrdiff_t base_of(const MarketFile& market, std::size_t i) {
    const std::string symbol = upper(market.assets[i].description.symbol);
    std::ptrdiff_t best = -1;
    std::size_t length = 0;
    for (std::size_t b = 0; b < market.assets.size(); ++b) {
        const MarketAsset& base = market.assets[b];
        if (b == i || !is_base(base) || base.description.kind == AssetKind::pegged) continue;
        const std::string core = core_of(base.description.symbol);
        const double ratio = price_of(market.assets[i]) / price_of(base);
        if (core.size() <= length || symbol.find(core) == std::string::npos) continue;
        if (ratio < peg_low || ratio > peg_high) continue;
        best = static_cast<std::ptrdiff_t>(b);
        length = core.size();
    }
    return best;
}

}  // namespace

void infer_kinds(MarketFile& market) {
    std::string stable;
    std::string pegged;
    for (MarketAsset& asset : market.assets) {
        asset.description.kind = is_stable(asset) ? AssetKind::stable : AssetKind::volatile_;
        if (asset.description.kind == AssetKind::stable) stable += " " + asset.description.symbol;
    }
    for (std::size_t i = 0; i < market.assets.size(); ++i) {
        AssetDescription& d = market.assets[i].description;
        if (d.kind == AssetKind::stable || is_base(market.assets[i])) continue;
        const std::ptrdiff_t base = base_of(market, i);
        if (base < 0) continue;
        d.kind = AssetKind::pegged;
        d.peg = market.assets[static_cast<std::size_t>(base)].description.symbol;
        pegged += " " + d.symbol + "=" + d.peg;
    }
    market.notes.push_back(
        "kinds are guessed from symbols and prices; stable:" + (stable.empty() ? " none" : stable) +
        "; pegged:" + (pegged.empty() ? " none" : pegged));
}

}  // namespace breakwater
