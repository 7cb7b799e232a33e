// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/book_reader.hpp"

#include <utility>

#include "breakwater/core/invariants.hpp"
#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/aave_v3_reserves.hpp"
#include "breakwater/io/accounts_file.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/stress/rulebook.hpp"
#include "breakwater/stress/wiring.hpp"

namespace breakwater {
namespace {

/// Totals beyond this are a unit error; it leaves room for signed 128-bit sums.
constexpr uint128 total_max = uint128{1} << 122U;

/// The parts of a book that do not depend on accounts; reserves have indices but no totals.
Book without_accounts(const MarketFile& market) {
    Book book;
    book.name = market.name;
    book.source = market.source;
    book.rulebook = market.rulebook;
    book.is_guarded = market.is_guarded;
    book.emode_labels = market.emode_labels;
    book.notes = market.notes;
    book.state.clock.now = seconds(market.as_of);
    aave_v3::Market native;
    native.emodes = market.emodes;
    for (const MarketAsset& asset : market.assets) {
        book.assets.push_back(asset.description);
        const auto feed = accept_report(FeedRow{}, asset.price, market.as_of);
        REQUIRE(feed.has_value());  // the reader has bounded the price
        book.state.feeds.push_back(*feed);
        native.parameters.push_back(asset.parameters);
        aave_v3::Reserve reserve;
        reserve.liquidity_index = asset.liquidity_index;
        reserve.borrow_index = asset.borrow_index;
        reserve.accrued_to_treasury = asset.accrued_to_treasury;
        reserve.deficit = asset.deficit;
        reserve.updated = seconds(market.as_of);
        native.reserves.push_back(reserve);
    }
    for (const MarketLayer& layer : market.layers) {
        book.layer_names.push_back(layer.name);
        book.state.layers.push_back(layer.layer);
    }
    book.state.custody.resize(market.assets.size());
    if (market.house) {
        native.house = market.house;
        native.house->depth = depths_of(book);
    }
    book.state.markets.emplace_back(std::move(native));
    return book;
}

void sum_legs(aave_v3::Market& native) {
    for (aave_v3::Reserve& reserve : native.reserves)
        reserve.supplied = reserve.borrowed = {};
    for (const aave_v3::AccountRow& row : native.accounts)
        for (std::uint32_t k = 0; k < row.count; ++k) {
            const aave_v3::Leg& leg = native.legs[row.first + k];
            aave_v3::Reserve& reserve = native.reserves[index(leg.asset())];
            // Cannot overflow: a sum stops growing above 2^122, a leg is below 2^120. Such a total
            // is refused after.
            if (reserve.supplied.raw < total_max) reserve.supplied += leg.supplied();
            if (reserve.borrowed.raw < total_max) reserve.borrowed += leg.borrowed();
        }
}

std::string tokens(uint128 amount, const AssetDescription& asset) {
    return format_decimal(amount, asset.decimals) + " " + asset.symbol;
}

struct Origins {
    const std::string& market;
    const std::string& accounts;
};

/// True where there is something and the cash was not given.
bool settle_reserve(aave_v3::Reserve& reserve, const aave_v3::Parameters& parameters,
                    const AssetDescription& asset, const GivenCash& given, const Origins& origins) {
    if (reserve.supplied.raw >= total_max || reserve.borrowed.raw >= total_max)
        throw InputError(origins.accounts, 0, "total of " + asset.symbol + " is too large",
                         "less than 2^122 atomic units");
    Checked math;
    const uint128 claims =
        math.ray_mul_down(math.add(reserve.supplied.raw, reserve.accrued_to_treasury.raw),
                          reserve.liquidity_index.raw);
    const uint128 owed = math.add(math.ray_mul_up(reserve.borrowed.raw, reserve.borrow_index.raw),
                                  reserve.deficit.raw);
    if (math.overflow() || claims >= total_max || owed >= total_max)
        throw InputError(origins.accounts, 0, "total of " + asset.symbol + " is too large",
                         "less than 2^122 atomic units");
    if (!given.amount && owed > claims)
        throw InputError(
            origins.accounts, 0,
            tokens(owed, asset) + " owed against " + tokens(claims, asset) + " supplied",
            "no more debt and deficit than supply, or `cash` in market.toml");
    if (given.amount && given.amount->raw + owed < claims)
        throw InputError(
            origins.market, given.line,
            "cash and debt of " + asset.symbol + " are " +
                tokens(claims - owed - given.amount->raw, asset) + " less than what suppliers own",
            "cash of at least " + format_decimal(claims - owed, asset.decimals) + " tokens");
    reserve.cash = given.amount.value_or(Amount{claims - std::min(claims, owed)});
    const Rates rates = aave_v3::rates_of(math, parameters, reserve);
    if (math.overflow())
        throw InputError(origins.accounts, 0, "rates of " + asset.symbol + " are too large",
                         "smaller totals");
    reserve.liquidity_rate = rates.liquidity;
    reserve.borrow_rate = rates.borrow;
    return !given.amount && (claims != 0 || owed != 0);
}

/// The accounts behind junior tranches and Umbrellas; a market read alone has none.
void name_tranches(Book& book, const MarketFile& market) {
    for (std::size_t k = 0; k < market.layers.size(); ++k) {
        const MarketLayer& layer = market.layers[k];
        if (layer.account.empty() || book.accounts.size() == 0) continue;
        std::uint32_t id = 0;
        while (id < book.accounts.size() && book.accounts[AccountId{id}] != layer.account)
            ++id;
        if (id == book.accounts.size())
            throw InputError(market.file, layer.line,
                             "account '" + layer.account + "' of layer " + layer.name +
                                 " is not in the book",
                             "an account of accounts.csv");
        book.state.layers[k].account = id;
    }
}

std::filesystem::path market_path(const std::filesystem::path& path) {
    return std::filesystem::is_directory(path) ? path / market_file_name : path;
}

}  // namespace

void append_treasury(aave_v3::Market& native, std::span<const aave_v3::Leg> legs) {
    aave_v3::AccountRow row;
    row.first = static_cast<std::uint32_t>(native.legs.size());
    row.count = static_cast<std::uint16_t>(legs.size());
    row.capacity = static_cast<std::uint16_t>(native.reserves.size());
    native.legs.insert(native.legs.end(), legs.begin(), legs.end());
    native.legs.resize(row.first + std::size_t{row.capacity});
    native.treasury = AccountId{static_cast<std::uint32_t>(native.accounts.size())};
    native.accounts.push_back(row);
}

void settle_reserves(Book& book, std::span<const GivenCash> given, const std::string& market_origin,
                     const std::string& accounts_origin) {
    aave_v3::Market& native = aave_market(book.state);
    sum_legs(native);
    std::string derived;
    for (std::size_t a = 0; a < native.reserves.size(); ++a) {
        const GivenCash cash = a < given.size() ? given[a] : GivenCash{};
        if (settle_reserve(native.reserves[a], native.parameters[a], book.assets[a], cash,
                           {.market = market_origin, .accounts = accounts_origin}))
            derived += " " + book.assets[a].symbol;
        book.state.custody[a].held = native.reserves[a].cash;
    }
    if (!derived.empty())
        book.notes.push_back("cash follows as supplied + treasury - borrowed - deficit:" + derived);
    REQUIRE(!check_state(book.state).has_value());
}

Book make_book(const MarketFile& market, Accounts&& accounts, const std::string& accounts_origin) {
    Book book = without_accounts(market);
    aave_v3::Market& native = aave_market(book.state);
    native.accounts = std::move(accounts.rows);
    native.legs = std::move(accounts.legs);
    book.accounts = std::move(accounts.names);
    name_tranches(book, market);
    append_treasury(native, accounts.treasury);
    book.accounts.push_back(treasury_name);
    std::vector<GivenCash> cash;
    cash.reserve(market.assets.size());
    for (const MarketAsset& asset : market.assets)
        cash.push_back({.amount = asset.cash, .line = asset.cash_line});
    settle_reserves(book, cash, market.file, accounts_origin);
    wire(book);
    return book;
}

Book read_book(const std::filesystem::path& folder) {
    if (!std::filesystem::is_directory(folder))
        throw InputError(show(folder), 0, "is not a folder",
                         "a folder with market.toml and accounts.csv");
    const TextFile market_text(folder / market_file_name);
    MarketFile market = parse_market(market_text);
    const TextFile accounts_text(folder / accounts_file_name);
    Accounts accounts = parse_accounts(accounts_text, market);
    accounts_text.add_row_notes(market.notes);
    Book book = make_book(market, std::move(accounts), accounts_text.name());
    book.input_hash = hash_of({&market_text, &accounts_text});
    return book;
}

Book read_market(const std::filesystem::path& path) {
    const TextFile text(market_path(path));
    const MarketFile market = parse_market(text);
    Book book = make_book(market, Accounts{}, market.file);
    book.input_hash = hash_of({&text});
    return book;
}

}  // namespace breakwater
