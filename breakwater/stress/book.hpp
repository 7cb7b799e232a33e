// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "breakwater/core/book.hpp"
#include "breakwater/world/liquidity.hpp"
#include "breakwater/world/reporters.hpp"

/// A book ready to be stressed: the engine's state, and what the world needs to know of each asset.
/// Adapters in io/ make it from files; nothing here reads anything.
namespace breakwater {

enum class AssetKind : std::uint8_t { volatile_, stable, pegged };

/// [[asset.feed.source]]: one of several sources of an asset.
struct SourceDescription {
    std::string name;
    std::uint64_t weight = 1;
    FeedParameters reporting;
    double spread = 0;  ///< [1] by which it stands off the market
    bool is_ratio = false;  ///< reports the price in what the asset is pegged to
    std::uint64_t provider_min = 0;  ///< [1e-8 USD]
    std::uint64_t provider_max = ~std::uint64_t{0};
};

struct AssetDescription {
    std::string symbol;
    unsigned decimals = 0;
    AssetKind kind = AssetKind::volatile_;
    std::string
        peg;  ///< pegged: the symbol it follows; its ratio is price / price of the peg at the start
    LiquidityParameters liquidity;
    FeedParameters feed;
    std::vector<SourceDescription> sources;  ///< none: `feed` is the only one
    feeds::Wiring wiring;                    ///< limits and caps, where there are sources
};

/// Account names in one block of memory: 4 bytes and the name itself for each.
class AccountNames {
  public:
    void reserve(std::size_t accounts, std::size_t characters) {
        ends_.reserve(accounts);
        text_.reserve(characters);
    }
    void push_back(std::string_view name) {
        text_ += name;
        ends_.push_back(static_cast<std::uint32_t>(text_.size()));
    }
    [[nodiscard]] std::size_t size() const { return ends_.size(); }
    [[nodiscard]] std::string_view operator[](AccountId id) const {
        const std::uint32_t i = index(id);
        const std::uint32_t begin = i == 0 ? 0 : ends_[i - 1];
        return std::string_view(text_).substr(begin, ends_[i] - begin);
    }

  private:
    std::vector<std::uint32_t> ends_;
    std::string text_;
};

/// An isolated market of a native rulebook: where its losses stay.
struct MarketDescription {
    std::string name;
    bool is_fixed = false;  ///< its oracle is hard-wired: what the market says never reaches it
};

struct Book {
    std::string name;
    std::string source;
    std::string rulebook;                   ///< as `breakwater rulebooks` calls it
    std::vector<AssetDescription> assets;   ///< by AssetId
    std::vector<std::string> emode_labels;  ///< by e-mode number, [0] empty
    std::vector<std::string> layer_names;   ///< by layer
    std::vector<std::string> contract_names;  ///< by venue::ContractId, where the book is a venue
    std::vector<MarketDescription> markets;   ///< of a native rulebook, by MarketId; else none
    AccountNames accounts;   ///< by AccountId; the last row is the treasury, or who is not named
    State state;             ///< clock at `as_of`, prices reported, one market or `markets`
    std::string input_hash;  ///< 32 hexadecimal digits over the bytes of all files read
    bool is_guarded = false;  ///< guard = true
    std::vector<std::string>
        notes;  ///< what was accepted and should be said: CRLF, BOM, approximations, defaults

    [[nodiscard]] bool is_native() const { return !markets.empty(); }
};

}  // namespace breakwater
