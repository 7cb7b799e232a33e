// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstring>
#include <source_location>

#include <gtest/gtest.h>

#include "breakwater/core/book.hpp"
#include "breakwater/core/rulebooks/maker.hpp"
#include "breakwater/core/rulebooks/maker_invariants.hpp"

/// A small Maker market and its actors, for tests. Every event also runs under a watch: a refused event changes
/// nothing, all promises hold after an accepted one, and undo leads back.
namespace breakwater::given {

inline constexpr AccountId vow{0};
inline constexpr AccountId borrower{1};
inline constexpr AccountId keeper{2};
inline constexpr AccountId buyer{3};
inline constexpr maker::IlkId eth_a{0};
inline constexpr maker::IlkId wbtc_a{1};
inline constexpr AssetId eth{0};
inline constexpr AssetId wbtc{1};
inline constexpr AssetId dai{2};

/// DAI as the vat counts it.
constexpr Uint256 rad(uint128 whole) {
    return mul_wide(whole * wad, ray);
}
/// The next larger number.
constexpr Uint256 one_more(const Uint256& v) {
    Checked math;
    return math.add_wide(v, 1);
}
/// Thousandths of a DAI.
constexpr Uint256 milli_rad(uint128 thousandths) {
    return mul_wide(thousandths * (wad / 1'000), ray);
}

class Makers : public testing::Test {
  protected:
    Makers() {
        state.feeds.resize(3);
        state.custody.resize(3);
        state.clock.now = 1'700'000'000;
        market.system.resize(1);
        market.system_parameters = {{.line = rad(1'000'000),
                                     .hole = rad(20'000),
                                     .par = {ray},
                                     .base = {},
                                     .wait = 100,
                                     .accounts = 4,
                                     .vow = vow,
                                     .dai = dai}};
        market.parameters.assign(2, terms());
        market.parameters[1].asset = wbtc;
        market.parameters[1].decimals = 8;
        market.ilks.resize(2);
        for (auto& ilk : market.ilks) {
            ilk.rate = {ray};
            ilk.rho = state.clock.now;
            ilk.chost = rad(113);
        }
        market.accounts.resize(4);
        market.vaults.resize(8);
        now = state.clock.now;
    }

    /// 150 % ratio, 13 % penalty, dust of 100 DAI, auctions from 120 % of the price falling to zero in two hours.
    static maker::IlkParameters terms() {
        return {.line = rad(100'000),
                .dust = rad(100),
                .hole = rad(10'000),
                .tip = rad(5),
                .chip = {wad / 50},
                .chop = {wad / 100 * 113},
                .liquidation_ratio = {ray / 2 * 3},
                .duty = {ray},
                .buf = {ray / 10 * 12},
                .cusp = {ray / 10 * 4},
                .cut = {ray / 100 * 99},
                .tail = 5'000,
                .step = 90,
                .tau = 7'200,
                .curve = maker::Curve::linear,
                .asset = eth,
                .decimals = 18};
    }

    Status when(const maker::Action& action) {
        desk.begin(state, market, Time{now}, transition);
        Status done = maker::work_out(desk, action);
        if (desk.math.overflow()) done = std::unexpected(Error::amount_overflow);
        if (!done) return done;
        desk.finish(MarketId{0});
        const maker::Market before = market;
        write(market, true);
        maker::Market back = market;
        write(back, false);
        EXPECT_TRUE(same(back, before)) << "undo does not lead back";
        const auto broken = maker::check_market(market);
        EXPECT_FALSE(broken) << broken->rule;
        EXPECT_EQ(maker::collateral_of(market, eth), Uint256{state.custody[0].held.raw});
        EXPECT_EQ(maker::collateral_of(market, wbtc),
                  mul_wide(state.custody[1].held.raw, power_of_ten(10)));
        return done;
    }
    void given(const maker::Action& action,
               std::source_location at = std::source_location::current()) {
        const Status done = when(action);
        EXPECT_TRUE(done) << "line " << at.line() << ": " << (done ? "" : name(done.error()));
    }
    void is_refused(const maker::Action& action, Error error,
                    std::source_location at = std::source_location::current()) {
        const maker::Market before = market;
        const Status done = when(action);
        EXPECT_TRUE(!done && done.error() == error)
            << "line " << at.line() << ": " << (done ? "applied" : name(done.error()));
        EXPECT_TRUE(same(market, before)) << "line " << at.line() << ": a refusal kept something";
    }

    /// 10 ETH at 100 USD against 600 DAI; the safe price is 66.67.
    void given_vault() {
        price(100);
        given(maker::Join{borrower, eth_a, {10 * wad}});
        given(maker::Adjust{borrower, eth_a, {10 * wad}, {}, {600 * wad}, {}});
    }
    /// The vault's auction at 80 USD: 678 DAI to raise with 10 ETH, from 96 DAI each.
    void given_auction() {
        given_vault();
        price(80);
        given(maker::Bark{eth_a, borrower, keeper});
        given_buyer();
    }
    /// 5,000 DAI, from a vault of its own in the other ilk.
    void given_buyer() {
        given(maker::Poke{wbtc_a, {10'000 * wad}});
        given(maker::Join{buyer, wbtc_a, {1'00000000}});
        given(maker::Adjust{buyer, wbtc_a, {wad}, {}, {5'000 * wad}, {}});
    }
    void price(uint128 dollars) { given(maker::Poke{eth_a, {dollars * wad}}); }
    void later(std::uint64_t seconds) { now += seconds; }

    [[nodiscard]] const maker::Vault& vault(AccountId account) const {
        return market.vaults[market.row(account, eth_a)];
    }
    [[nodiscard]] const maker::Account& account(AccountId id) const {
        return market.accounts[index(id)];
    }
    [[nodiscard]] const maker::Sale& sale(std::uint32_t id) const {
        return market.sales[market.row(id - 1, eth_a)];
    }
    [[nodiscard]] const maker::Ilk& ilk() const { return market.ilks[0]; }
    maker::IlkParameters& parameters() { return market.parameters[0]; }
    template <class E>
    [[nodiscard]] std::vector<E> effects() const {
        std::vector<E> out;
        for (const Effect& effect : transition.effects)
            if (const auto* e = std::get_if<E>(&effect)) out.push_back(*e);
        return out;
    }

    State state;
    maker::Market market;
    maker::MakerDesk desk;
    Transition transition;
    std::uint64_t now = 0;

  private:
    void write(maker::Market& m, bool forwards) {
        for (const Change& c : transition.changes) {
            if (c.cell.table >= Table::native)
                write_native(m, c.cell.table, c.cell.row, c.cell.word,
                             forwards ? c.after : c.before);
            else if (c.cell.table == Table::custody && forwards)
                state.custody[c.cell.row].held.raw = c.after;
        }
        if (forwards) state.clock = {.now = now, .events = state.clock.events + 1};
    }
    /// Zero rows at the end of a table do not count.
    static bool same_rows(const auto& a, const auto& b) {
        using Row = typename std::remove_cvref_t<decltype(a)>::value_type;
        for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
            const Row x = i < a.size() ? a[i] : Row{};
            const Row y = i < b.size() ? b[i] : Row{};
            if (std::memcmp(&x, &y, sizeof x) != 0) return false;  // NOLINT: rows have no padding
        }
        return true;
    }
    static bool same(const maker::Market& a, const maker::Market& b) {
        return std::apply([&](auto... t) { return (same_rows(a.*t, b.*t) && ...); },
                          maker::Market::tables());
    }
};

}  // namespace breakwater::given
