// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/venue_reader.hpp"

#include "breakwater/core/each_number.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/core/math_signed.hpp"
#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/venue.hpp"
#include "breakwater/core/rulebooks/venue_value.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/venue_accounts.hpp"
#include "breakwater/stress/venue_arrays.hpp"
#include "breakwater/stress/wiring.hpp"

namespace breakwater {
namespace {

/// Custody is what balances and pots say, and what the file says where it does.
void settle_custody(VenueFile& file, const std::string& origin) {
    venue::Market& m = file.market();
    const auto& assets = file.venue.book.assets;
    std::string derived;
    for (const std::uint8_t a : each_number<std::uint8_t>(m.assets())) {
        venue::Collateral& c = m.collaterals[a];
        int128 held = -static_cast<int128>(c.uncovered.raw);
        for (std::uint32_t k = 0; k < m.set().accounts; ++k)
            held += m.balances[m.row(AccountId{k}, AssetId{a})].cash;
        for (std::size_t k = 0; k < m.terms.size(); ++k)
            if (index(m.terms[k].settlement) == a)
                held += venue::atoms_down(m.terms[k], m.contracts[k].pot);
        const std::string& symbol = assets[a].symbol;
        if (held < 0)
            throw InputError(origin, 0,
                             "accounts owe " + format_signed(-held, assets[a].decimals) + " " +
                                 symbol + " more than others own",
                             "no more loans and losses in an asset than deposits");
        const VenueFile::Custody& given = file.custody[a];
        if (given.amount && static_cast<int128>(given.amount->raw) != held)
            throw InputError(
                file.file, given.line,
                "custody of " + symbol + " is " +
                    format_signed(static_cast<int128>(given.amount->raw), assets[a].decimals),
                format_signed(held, assets[a].decimals) +
                    ", what balances and positions add up to");
        if (!given.amount && held != 0) derived += " " + symbol;
        c.held = {static_cast<uint128>(held)};
        file.venue.book.state.custody[a].held = c.held;
        if (m.balances[m.row(m.set().fund, AssetId{a})].cash < 0)
            throw InputError(origin, 0, "the insurance fund owes " + symbol, "a fund without debt");
        if (!c.uncovered.is_zero()) ++m.gate[0].uncovered;
    }
    if (!derived.empty())
        file.venue.book.notes.push_back("custody follows from balances and positions:" + derived);
}

std::filesystem::path market_path(const std::filesystem::path& path) {
    return std::filesystem::is_directory(path) ? path / market_file_name : path;
}

}  // namespace

void settle_positions(VenueFile& venue, const std::string& origin) {
    venue::Market& m = venue.market();
    std::vector<int128> lots(m.terms.size());
    for (venue::Contract& c : m.contracts) {
        c.pot = 0;
        c.open_interest = 0;
    }
    m.clusters.assign(m.set().clusters * m.terms.size(), {});
    for (std::uint32_t row = 0; row < m.positions.size(); ++row) {
        const venue::Position& p = m.positions[row];
        if (p.lots == 0) continue;
        const std::uint16_t k = venue::index(p.contract);
        venue::Contract& c = m.contracts[k];
        lots[k] += p.lots;
        c.pot -= p.basis;
        if (p.lots > 0) c.open_interest += p.lots;
        const std::uint32_t cluster = m.accounts[row / m.set().slots].cluster;
        if (cluster == 0) continue;
        venue::ClusterLots& linked = m.clusters[m.row(cluster, p.contract)];
        (p.lots > 0 ? linked.longs : linked.shorts) += p.lots > 0 ? p.lots : -p.lots;
    }
    for (std::size_t k = 0; k < lots.size(); ++k)
        if (lots[k] != 0)
            throw InputError(origin, 0,
                             "positions in " + venue.venue.book.contract_names[k] + " sum to " +
                                 format_signed(lots[k], 0) + " lots",
                             "0: as many lots long as short");
}

void settle_venue(VenueFile& venue, const std::string& origin) {
    settle_positions(venue, origin);
    settle_custody(venue, origin);
    if (!publish_arrays(venue.venue))
        throw InputError(venue.file, 0, "a risk array does not fit", "smaller lots");
    REQUIRE(venue::check_parameters(venue.market()).has_value());
    REQUIRE(!check_state(venue.venue.book.state).has_value());
}

VenueBook read_venue(const std::filesystem::path& folder) {
    if (!std::filesystem::is_directory(folder))
        throw InputError(show(folder), 0, "is not a folder",
                         "a folder with market.toml, accounts.csv and positions.csv");
    const TextFile market_text(folder / market_file_name);
    VenueFile file = parse_venue(market_text);
    Book& book = file.venue.book;
    Digest digest;
    market_text.absorb_into(digest);
    const auto read = [&](std::string_view name, auto&& parse) {
        const TextFile text(folder / name);
        parse(text, file);
        text.add_row_notes(book.notes);
        text.absorb_into(digest);
    };
    read(accounts_file_name, parse_venue_accounts);
    read(positions_file_name, parse_positions);
    settle_venue(file, show(folder));
    wire(book);
    book.input_hash = digest.hex();
    return std::move(file.venue);
}

VenueFile read_venue_market(const std::filesystem::path& path) {
    const TextFile text(market_path(path));
    VenueFile file = parse_venue(text);
    file.venue.book.input_hash = hash_of({&text});
    return file;
}

}  // namespace breakwater
