// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <gtest/gtest.h>

#include "breakwater/core/math_signed.hpp"
#include "venue_book.hpp"

/// The fixture of the venue's tests: one small venue, actions by role, every event under the watch
/// of venue_book.hpp.
namespace breakwater::venue_given {

inline constexpr int128 usd = int128{100'000'000} * 1'000'000;  ///< [1e-14 USD] one
inline constexpr std::int64_t per_btc = 1'000;                  ///< linear lots
inline constexpr uint128 one_usdc = 1'000'000;                  ///< [atomic]
inline constexpr uint128 one_btc = 100'000'000;                 ///< [atomic]

class VenueTest : public testing::Test {
  protected:
    State state = venue_book();
    Planner planner;

    Status apply_event(const Event& event) {
        const VenueOutcome outcome = apply_venue_watched(state, planner, event);
        EXPECT_EQ(outcome.broken, "");
        return outcome.status;
    }
    Status act(const venue::Action& action) {
        return apply_event({state.now(), MarketId{0}, action});
    }
    void must(const venue::Action& action) {
        const Status done = act(action);
        ASSERT_TRUE(done) << name(done.error());
    }
    void wait(std::uint64_t seconds) { state.clock.now += seconds; }
    /// The price of BTC and of every contract.
    void price(std::uint64_t usd_per_btc) {
        ASSERT_TRUE(apply_event(prices_at(state, usd_per_btc)));
        ASSERT_TRUE(apply_event(marks_at(state, usd_per_btc)));
    }
    void pay_in(AccountId account, AssetId asset, uint128 amount) {
        must(venue::Deposit{account, asset, {amount}});
    }
    void trade(AccountId buyer, AccountId seller, venue::ContractId contract, std::int64_t lots,
               std::int64_t ticks) {
        must(venue::Trade{buyer, seller, contract, lots, ticks});
    }

    [[nodiscard]] int128 cash(AccountId account, AssetId asset) const {
        const venue::Market& m = venue_of(state);
        return m.balances[m.row(account, asset)].cash;
    }
    [[nodiscard]] Standing standing(AccountId account, venue::Purpose purpose) const {
        const auto a =
            venue::assess(venue::View(state, venue_of(state), state.now()), account, purpose);
        EXPECT_TRUE(a.has_value());
        return a ? a->standing : Standing{};
    }
    [[nodiscard]] std::int64_t lots(AccountId account, venue::ContractId contract) const {
        return venue::lots_of(venue::View(state, venue_of(state), state.now()), account, contract);
    }
    [[nodiscard]] const venue::Contract& contract(venue::ContractId id) const {
        return venue_of(state).contracts[venue::index(id)];
    }
    [[nodiscard]] const venue::Account& account(AccountId id) const {
        return venue_of(state).accounts[index(id)];
    }
};

inline bool refused(const Status& status, Error error) {
    return !status && status.error() == error;
}

}  // namespace breakwater::venue_given
