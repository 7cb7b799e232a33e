// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "reference.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "breakwater/core/rulebooks/aave_v3_accounts.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/folders.hpp"
#include "breakwater/io/generator.hpp"
#include "synthetic.hpp"

namespace breakwater::bench {

namespace {

std::filesystem::path market_file() {
    for (const auto& folder : share_folders("bench"))
        if (const auto file = folder / "reference" / "market.toml"; std::filesystem::exists(file))
            return file;
    std::fprintf(stderr, "bench/reference/market.toml not found\n");
    std::exit(1);
}

/// Volatility and crash are those of the synthetic book's asset of the same name; WETH is the first of both.
Asset asset_of(const AssetDescription& description, const aave_v3::Parameters& parameters,
               std::uint64_t price) {
    const auto assets = storm_assets();
    const auto same = std::ranges::find_if(
        assets, [&](const Asset& asset) { return description.symbol == asset.symbol; });
    if (same == assets.end()) {
        std::fprintf(stderr, "no storm for %s\n", description.symbol.c_str());
        std::exit(1);
    }
    Asset asset = *same;
    asset.decimals = parameters.decimals;
    asset.price = static_cast<double>(price) / 1e8;
    asset.threshold = parameters.liquidation_threshold;
    return asset;
}

}  // namespace

ReferenceBook reference_book(std::uint32_t accounts, std::uint64_t seed) {
    const breakwater::Book from = generate_book(read_market(market_file()), accounts, seed);
    const aave_v3::Market& market = aave_market(from.state);
    ReferenceBook made{.book = {}, .input_hash = from.input_hash};
    Book& book = made.book;
    for (std::size_t a = 0; a < from.assets.size(); ++a) {
        book.start.price[a] = from.state.feeds[a].point;
        book.start.supply_index[a] = market.reserves[a].liquidity_index.raw;
        book.start.debt_index[a] = market.reserves[a].borrow_index.raw;
        book.assets.push_back(asset_of(from.assets[a], market.parameters[a], book.start.price[a]));
    }
    book.first.push_back(0);
    for (std::uint32_t i = 0; i < accounts; ++i) {
        for (const aave_v3::Leg& leg : market.legs_of(AccountId{i})) {
            const auto t = aave_v3::thresholds(market, market.accounts[i].emode, leg.asset());
            const uint128 supply = leg.is_collateral() ? leg.supplied().raw : 0;
            if (supply == 0 && leg.borrowed().is_zero()) continue;
            book.legs.emplace_back(index(leg.asset()), t.liquidation_threshold, supply,
                                   leg.borrowed().raw);
        }
        book.first.push_back(static_cast<std::uint32_t>(book.legs.size()));
    }
    return made;
}

std::string health_deciles(const Book& book) {
    std::vector<double> healths;
    for (std::uint32_t i = 0; i < book.size(); ++i) {
        const Standing standing = standing_of(book, AccountId{i});
        if (standing.debt > 0) healths.push_back(standing.collateral / standing.debt);
    }
    std::ranges::sort(healths);
    std::string text;
    for (std::size_t k = 1; k < 10; ++k) {
        char number[32];
        std::snprintf(number, sizeof number, "%s%.3f", k == 1 ? "" : " ",
                      healths[healths.size() * k / 10]);
        text += number;
    }
    return text;
}

}  // namespace breakwater::bench
