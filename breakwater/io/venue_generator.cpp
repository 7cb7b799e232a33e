// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/venue_generator.hpp"

#include <cmath>

#include "breakwater/io/error.hpp"
#include "breakwater/io/generator_sketch.hpp"
#include "breakwater/io/venue_making.hpp"
#include "breakwater/io/venue_reader.hpp"
#include "breakwater/stress/venue_arrays.hpp"

namespace breakwater {
namespace {

const std::string origin = "generate";

std::string trader_name(std::uint32_t i, std::uint32_t traders) {
    const std::string digits = std::to_string(i + 1);
    const std::size_t width = std::max<std::size_t>(5, std::to_string(traders).size());
    return "a" + std::string(width - digits.size(), '0') + digits;
}

/// Fund, vault, liquidators, then traders, with rows in every table.
void add_accounts(VenueInTheMaking& v, std::uint32_t accounts) {
    venue::Market& market = v.market();
    Book& book = v.file.venue.book;
    const auto add = [&](const std::string& name) {
        book.accounts.push_back(name);
        market.accounts.emplace_back();
        return AccountId{static_cast<std::uint32_t>(market.accounts.size() - 1)};
    };
    venue::Settings& s = market.settings[0];
    s.fund = add(v.file.fund.name);
    s.vault = add(v.file.vault.name);
    for (const NamedAccount& l : v.file.liquidators)
        v.makers.push_back(add(l.name));
    v.file.venue.liquidators = v.makers;
    const auto count = static_cast<std::uint32_t>(accounts - market.accounts.size());
    const std::vector<TraderSketch> sketches = sketch_traders(count, v.seed);
    for (std::uint32_t i = 0; i < count; ++i) {
        const AccountId id = add(trader_name(i, count));
        venue::Account& row = market.accounts[index(id)];
        row.cluster = sketches[i].cluster;
        if (sketches[i].role == TraderRole::isolated) row.parent = index(id);  // the one before it
        v.traders.push_back(
            {.sketch = sketches[i], .account = id, .collateral = v.dollar, .base = 0});
    }
    s.accounts = accounts;
    s.clusters = 3;
    market.balances.resize(std::size_t{s.accounts} * market.assets());
    market.positions.resize(std::size_t{s.accounts} * s.slots);
    market.clusters.resize(s.clusters * market.terms.size());
}

}  // namespace

double VenueInTheMaking::lot_usd(venue::ContractId id) const {
    const ContractDescription& d = file.venue.contracts[venue::index(id)];
    const venue::Terms& t = market().terms[venue::index(id)];
    return t.is_inverse() ? d.lot() : d.lot() * price(t.underlying);
}

void VenueInTheMaking::pay_in(AccountId account, AssetId asset, double usd) {
    venue::Balance& b = market().balances[market().row(account, asset)];
    const unsigned decimals = file.venue.book.assets[index(asset)].decimals;
    if (usd != 0) {
        const auto atoms = static_cast<int128>(six_digits(std::fabs(usd) / price(asset), decimals));
        b.cash = usd < 0 ? -atoms : atoms;
    } else {
        b.cash = 0;
    }
    b.index = b.cash < 0 ? market().collaterals[index(asset)].borrow_index : Ray{};
}

void VenueInTheMaking::fail(const std::string& what, const std::string& expected) {
    throw InputError(origin, 0, what, expected);
}

VenueBook generate_venue(VenueFile market, std::uint32_t accounts, std::uint64_t seed) {
    VenueInTheMaking v{
        .file = std::move(market), .seed = seed, .traders = {}, .makers = {}, .dollar = {}};
    const auto named = static_cast<std::uint32_t>(2 + v.file.liquidators.size());
    if (v.file.liquidators.empty())
        VenueInTheMaking::fail("the market names no liquidators",
                               "accounts that hold what is left between longs and shorts");
    if (accounts < named + generated_traders_min)
        VenueInTheMaking::fail(std::to_string(accounts) + " accounts",
                               "at least " + std::to_string(named + generated_traders_min));
    for (const venue::Terms& t : v.market().terms)
        if (t.settled == venue::Settled::linear) v.dollar = t.settlement;
    add_accounts(v, accounts);
    hold_positions(v);
    settle_positions(v.file, origin);
    if (!publish_arrays(v.file.venue))
        VenueInTheMaking::fail("a risk array does not fit", "smaller lots");
    pay_deposits(v);
    for (VenueFile::Custody& c : v.file.custody)
        c.amount.reset();
    settle_venue(v.file, origin);
    Book& book = v.file.venue.book;
    Digest digest;
    for (const char c : book.input_hash)
        digest.absorb(static_cast<std::uint64_t>(c));
    digest.absorb(std::uint64_t{accounts});
    digest.absorb(seed);
    book.input_hash = digest.hex();
    book.notes.push_back("synthetic: " + std::to_string(accounts) + " accounts, seed " +
                         std::to_string(seed));
    return std::move(v.file.venue);
}

}  // namespace breakwater
