// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/generator.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "breakwater/core/math.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/generator_assets.hpp"
#include "breakwater/io/generator_sketch.hpp"

namespace breakwater {
namespace {

/// [USD] per account, lenders included, as long as the caps leave room: 10.5bn for 20,000 accounts.
constexpr double debt_per_account = 525'000;

std::string account_name(std::uint32_t i, std::uint32_t accounts) {
    const std::string digits = std::to_string(i + 1);
    const std::size_t width = std::max<std::size_t>(5, std::to_string(accounts).size());
    return "a" + std::string(width - digits.size(), '0') + digits;
}

aave_v3::Leg leg_of(const GeneratedPosition& p, const aave_v3::Market& native, double price) {
    const aave_v3::Reserve& reserve = native.reserves[index(p.asset)];
    const unsigned decimals = native.parameters[index(p.asset)].decimals;
    Checked math;
    aave_v3::Leg leg(p.asset);
    const auto amount = [&](double usd) { return usd > 0 ? six_digits(usd / price, decimals) : 0; };
    leg.set_supplied({math.ray_div_down(amount(p.supply_usd), reserve.liquidity_index.raw)});
    leg.set_borrowed({math.ray_div_up(amount(p.debt_usd), reserve.borrow_index.raw)});
    leg.set_collateral(p.is_collateral && !leg.supplied().is_zero());
    leg.set_borrowing(!leg.borrowed().is_zero());
    return leg;
}

/// Positions in the order of accounts become rows and legs.
void fill_accounts(Book& book, std::vector<GeneratedPosition>& positions, std::uint32_t accounts,
                   std::span<const std::uint16_t> emodes) {
    std::ranges::stable_sort(positions, {}, &GeneratedPosition::account);
    aave_v3::Market& native = aave_market(book.state);
    native.accounts.clear();
    native.legs.clear();
    native.accounts.reserve(accounts + 1);
    native.legs.reserve(positions.size() + native.reserves.size());
    book.accounts = {};
    book.accounts.reserve(accounts + 1, std::size_t{accounts} * 8);
    std::size_t at = 0;
    for (std::uint32_t i = 0; i < accounts; ++i) {
        aave_v3::AccountRow row;
        row.first = static_cast<std::uint32_t>(native.legs.size());
        row.emode = emodes[i];
        for (; at < positions.size() && positions[at].account == i; ++at) {
            const std::size_t asset = index(positions[at].asset);
            const auto price = static_cast<double>(book.state.feeds[asset].point) / 1e8;
            const aave_v3::Leg leg = leg_of(positions[at], native, price);
            if (!leg.supplied().is_zero() || !leg.borrowed().is_zero()) native.legs.push_back(leg);
        }
        row.count = row.capacity = static_cast<std::uint16_t>(native.legs.size() - row.first);
        native.accounts.push_back(row);
        book.accounts.push_back(account_name(i, accounts));
    }
    append_treasury(native, {});
    book.accounts.push_back(treasury_name);
}

}  // namespace

Book generate_book(Book market, std::uint32_t accounts, std::uint64_t seed) {
    const std::string what = "generate";
    if (accounts < generated_accounts_min)
        throw InputError(what, 0, std::to_string(accounts) + " accounts",
                         "at least " + std::to_string(generated_accounts_min));
    AssetChooser chooser(market, seed);
    const std::array<bool, role_count> possible = chooser.possible_roles();
    if (std::ranges::none_of(possible.begin() + 1, possible.end(), std::identity{}))
        throw InputError(what, 0, "no asset of this market can be borrowed against another",
                         "a borrowable asset and one with a liquidation threshold");
    const double debt_total =
        std::min(debt_per_account * static_cast<double>(accounts), chooser.debt_capacity());
    const auto sketches = sketch_accounts(accounts, seed, possible, debt_total);
    // The largest choose first, while the caps leave room for them.
    std::vector<std::uint32_t> order(accounts);
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
        return std::tuple(sketches[b].size, a) < std::tuple(sketches[a].size, b);
    });
    for (const std::uint32_t i : order)
        if (sketches[i].role != Role::lender) chooser.place_borrower(i, sketches[i]);
    chooser.place_lenders(order, sketches);
    std::vector<GeneratedPosition> positions = chooser.take_positions();
    fill_accounts(market, positions, accounts, chooser.emodes());
    settle_reserves(market, {}, what, what);
    Digest digest;
    for (const char c : market.input_hash)
        digest.absorb(static_cast<std::uint64_t>(c));
    digest.absorb(std::uint64_t{accounts});
    digest.absorb(seed);
    market.input_hash = digest.hex();
    market.notes.push_back("synthetic: " + std::to_string(accounts) + " accounts, seed " +
                           std::to_string(seed));
    return market;
}

}  // namespace breakwater
