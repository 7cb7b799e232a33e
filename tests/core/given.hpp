// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <ostream>
#include <source_location>

#include <gtest/gtest.h>

#include "breakwater/core/invariants.hpp"
#include "breakwater/core/liquidation/opportunity.hpp"
#include "breakwater/core/rulebooks/aave_v3.hpp"
#include "shadow.hpp"
#include "small_market.hpp"

namespace breakwater {

std::string text(uint128 v);

template <class Kind>
void PrintTo(Quantity<Kind> q, std::ostream* out) {
    *out << text(q.raw);
}
inline void PrintTo(Error error, std::ostream* out) {
    *out << name(error);
}

namespace given {

/// What came of one event, to be asked in a test.
class When {
  public:
    explicit When(Outcome outcome) : outcome_(std::move(outcome)) {}

    void is_refused(Error error, std::source_location at = std::source_location::current()) const;
    const When& happens(std::source_location at = std::source_location::current()) const;

    [[nodiscard]] bool happened() const { return outcome_.status.has_value(); }
    [[nodiscard]] const std::vector<Effect>& effects() const { return outcome_.effects; }
    /// The effects of one kind, in their order.
    template <class E>
    [[nodiscard]] std::vector<E> all() const {
        std::vector<E> out;
        for (const Effect& effect : outcome_.effects)
            if (const auto* e = std::get_if<E>(&effect)) out.push_back(*e);
        return out;
    }
    /// The one effect of its kind; a failure and an empty one otherwise.
    template <class E>
    [[nodiscard]] E the() const {
        const auto found = all<E>();
        EXPECT_EQ(found.size(), 1U);
        return found.size() == 1 ? found.front() : E{};
    }

  private:
    Outcome outcome_;
};

/// A small market and its actors. Every event, given or tried, also runs under the watch of shadow.hpp: a refused event
/// leaves state and digest as they were, money is conserved, nobody appears, undo leads back.
class Given : public testing::Test {
  protected:
    Given() : state(small_market()) {}

    /// What is so before the test begins: the event must be accepted.
    void given(const Action& action, std::source_location at = std::source_location::current());
    /// What the test is about.
    [[nodiscard]] When when(const Action& action);

    void later(std::uint64_t seconds) { now += seconds; }
    void price(AssetId asset, Price dollars);
    /// A price in 1e-8 USD, for edges.
    void price_raw(AssetId asset, uint128 raw) { price(asset, {raw}); }
    void change(AssetId asset, auto&& how) {
        aave_v3::Parameters p = aave_market(state).parameters[index(asset)];
        how(p);
        given(SetParameters{asset, p});
    }

    /// `lender` supplies plenty of everything, so that there is cash.
    void given_liquidity();
    /// Of 6,476.190476 usdc: the borrower's 10 weth at 1,000 USD against 16,000, liquidated.
    void given_deficit();

    [[nodiscard]] const aave_v3::Reserve& reserve(AssetId asset) const {
        return aave_market(state).reserves[index(asset)];
    }
    [[nodiscard]] aave_v3::Leg leg(AccountId account, AssetId asset) const;
    [[nodiscard]] Amount supply_of(AccountId account, AssetId asset);
    [[nodiscard]] Amount debt_of(AccountId account, AssetId asset);
    [[nodiscard]] aave_v3::AccountData data_of(AccountId account);
    [[nodiscard]] aave_v3::View view() {
        return {.state = state,
                .market = aave_market(state),
                .grown = planner.grown(),
                .now = Time{now}};
    }

    State state;
    Planner planner;
    std::uint64_t now = start;
};

}  // namespace given
}  // namespace breakwater
