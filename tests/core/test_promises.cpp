// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <span>

#include "../reference/aave_v3.hpp"
#include "breakwater/core/digest.hpp"
#include "given.hpp"
#include "random_events.hpp"
#include "rounds.hpp"

/// Promises about every way out and every way in that no single event shows: docs/invariants.md says where each of the
/// others is checked. Random small Aave books; a failure prints the seed.
namespace breakwater::given {
namespace {

using reference::Number;
using reference::number;

/// A book that has lived through `events` random events.
State lived(std::uint64_t seed, int events) {
    SeededChance chance(seed);
    State state = random_market(chance);
    Planner planner;
    for (int i = 0; i < events; ++i)
        (void)apply(state, random_event(state, chance), planner);
    return state;
}

bool contains(std::span<const AccountId> group, AccountId id) {
    return std::ranges::find(group, id) != group.end();
}

std::optional<Error> refusal(const State& state, const Action& action) {
    Planner planner;
    const auto planned = planner.plan(state, {state.now(), MarketId{0}, action});
    return planned ? std::nullopt : std::optional{planned.error()};
}

TEST(Promises, LIQUIDATION_007_who_was_liquidated_has_collateral_left_or_owes_nothing) {
    int ends = 0;
    for (std::uint64_t seed = 1; seed <= given::rounds(200U); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        SeededChance chance(seed);
        State state = random_market(chance);
        Planner planner;
        for (int i = 0; i < 250; ++i) {
            const Event event = random_event(state, chance);
            if (!apply(state, event, planner)) continue;
            const auto* e = std::get_if<Liquidate>(&event.action);
            if (e == nullptr) continue;
            const auto f = reference::account_figures(state, e->borrower, state.clock.now);
            ASSERT_TRUE(f.has_value());
            ASSERT_TRUE(f->collateral != 0 || f->debt == 0) << "event " << i;
            ends += f->debt == 0;
        }
    }
    EXPECT_GT(ends, given::rounds(50));
}

TEST(Promises, AAVE_018_a_debtor_can_always_repay_everything) {
    int repaid = 0;
    for (std::uint64_t seed = 1; seed <= given::rounds(300U); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        State state = lived(seed, 120);
        for (FeedRow& feed : state.feeds)
            feed.point = 0;  // not even a price is needed
        const auto& market = aave_market(state);
        for (std::uint32_t i = 0; i < market.accounts.size(); ++i)
            for (const aave_v3::Leg& leg : market.legs_of(AccountId{i})) {
                const aave_v3::Parameters& p = market.parameters[index(leg.asset())];
                if (leg.borrowed().is_zero() || !p.has(aave_v3::active) || p.has(aave_v3::paused))
                    continue;
                const auto refused = refusal(state, Repay{AccountId{i}, leg.asset(), Size::all()});
                if (refused == Error::amount_overflow) continue;
                ASSERT_FALSE(refused.has_value()) << name(*refused);
                ++repaid;
            }
    }
    EXPECT_GT(repaid, given::rounds(200));
}

TEST(Promises, AAVE_016_who_owes_nothing_withdraws_up_to_the_cash_without_any_price) {
    int withdrawn = 0;
    for (std::uint64_t seed = 1; seed <= given::rounds(300U); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        State state = lived(seed, 120);
        for (FeedRow& feed : state.feeds)
            feed.point = 0;
        const auto& market = aave_market(state);
        for (std::uint32_t i = 0; i < market.accounts.size(); ++i) {
            const auto legs = market.legs_of(AccountId{i});
            if (std::ranges::any_of(legs, [](const auto& leg) { return leg.is_borrowing(); }))
                continue;
            for (const aave_v3::Leg& leg : legs) {
                const aave_v3::Parameters& p = market.parameters[index(leg.asset())];
                const aave_v3::Reserve& r = market.reserves[index(leg.asset())];
                if (!p.has(aave_v3::active) || p.has(aave_v3::paused)) continue;
                const Number income = reference::indices_at(r, state.clock.now).income;
                const Number worth = number(leg.supplied().raw) * income / number(ray);
                const uint128 most =
                    worth > number(r.cash.raw)
                        ? r.cash.raw
                        : static_cast<std::uint64_t>(worth) |
                              (static_cast<uint128>(static_cast<std::uint64_t>(Number(worth >> 64)))
                               << 64U);
                if (most == 0) continue;
                const auto refused =
                    refusal(state, Withdraw{AccountId{i}, leg.asset(), Size::exactly({most})});
                if (refused == Error::amount_overflow) continue;
                ASSERT_FALSE(refused.has_value()) << name(*refused);
                ++withdrawn;
            }
        }
    }
    EXPECT_GT(withdrawn, given::rounds(200));
}

TEST(Promises, AAVE_020_where_a_debt_can_be_liquidated_it_can_be_repaid) {
    int compared = 0;
    for (std::uint64_t seed = 1; seed <= given::rounds(200U); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        SeededChance chance(seed);
        State state = random_market(chance);
        Planner planner;
        for (int i = 0; i < 250; ++i) {
            const Event event = random_event(state, chance);
            const State before = state;
            if (!apply(state, event, planner)) continue;
            const auto* e = std::get_if<Liquidate>(&event.action);
            if (e == nullptr) continue;
            const Event out{event.time, event.market, Repay{e->borrower, e->debt, Size::all()}};
            Planner other;
            ASSERT_TRUE(other.plan(before, out).has_value()) << "event " << i;
            ++compared;
        }
    }
    EXPECT_GT(compared, given::rounds(300));
}

TEST(Promises, AAVE_003_paying_in_something_never_gives_nothing) {
    SeededChance chance(21);
    int refused = 0;
    int minted = 0;
    for (int i = 0; i < 5'000; ++i) {
        State state = small_market();
        aave_market(state).reserves[index(weth)].liquidity_index.raw += ray * chance.below(200);
        const Amount amount{1 + chance.below(400)};
        Planner planner;
        if (!apply(state, {state.now(), MarketId{0}, Supply{lender, weth, amount}}, planner)) {
            ++refused;
            continue;
        }
        ASSERT_FALSE(aave_market(state).legs_of(lender)[0].supplied().is_zero());
        ++minted;
    }
    EXPECT_GT(refused, given::rounds(500));
    EXPECT_GT(minted, given::rounds(500));
}

/// All that a group has in the book and has taken out of it, at the oracle's prices. Exact: 10^-8 USD × 10^-18 tokens,
/// with no rounding but that of the protocol's own balances.
class Fortune {
  public:
    explicit Fortune(std::vector<AccountId> group) : group_(std::move(group)) {}

    void told(const Effect& effect) {
        if (const auto* e = std::get_if<Moved>(&effect)) {
            if (!has(e->account)) return;
            const bool in = e->kind == Moved::Kind::supplied || e->kind == Moved::Kind::repaid;
            const bool out = e->kind == Moved::Kind::withdrawn || e->kind == Moved::Kind::borrowed;
            if (in) paid_[index(e->asset)] += number(e->amount.raw);
            if (out) received_[index(e->asset)] += number(e->amount.raw);
        }
        if (const auto* e = std::get_if<Liquidated>(&effect)) {
            // Whoever liquidates is of the group.
            paid_[index(e->debt)] += number(e->repaid.raw);
            if (e->liquidator == outside) received_[index(e->collateral)] += number(e->seized.raw);
        }
    }
    /// [value owned and received, value owed and paid]
    [[nodiscard]] std::pair<Number, Number> of(const State& state) const {
        const auto& market = aave_market(state);
        Number has = 0;
        Number owes = 0;
        for (std::uint8_t a = 0; a < assets; ++a) {
            const auto indices = reference::indices_at(market.reserves[a], state.clock.now);
            Number own = received_[a];
            Number owed = paid_[a];
            for (const AccountId id : group_)
                for (const aave_v3::Leg& leg : market.legs_of(id)) {
                    if (index(leg.asset()) != a) continue;
                    own += number(leg.supplied().raw) * indices.income / number(ray);
                    owed +=
                        (number(leg.borrowed().raw) * indices.debt + number(ray) - 1) / number(ray);
                }
            Number scale = state.feeds[a].point;
            for (unsigned d = market.parameters[a].decimals; d < 18; ++d)
                scale *= 10;
            has += own * scale;
            owes += owed * scale;
        }
        return {has, owes};
    }

  private:
    [[nodiscard]] bool has(AccountId id) const { return contains(group_, id); }

    std::vector<AccountId> group_;
    Number paid_[assets] = {};
    Number received_[assets] = {};
};

TEST(Promises, LIQUIDATION_005_a_group_that_deals_with_itself_never_gains) {
    int acted = 0;
    for (std::uint64_t seed = 1; seed <= given::rounds(200U); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        State state = lived(seed, 100);
        SeededChance chance(seed);
        // Everybody who is healthy now; prices and the clock stand still, so that nothing is earned by waiting.
        std::vector<AccountId> group;
        const auto& market = aave_market(state);
        for (std::uint32_t i = 0; i < market.accounts.size(); ++i) {
            const auto f = reference::account_figures(state, AccountId{i}, state.clock.now);
            if (f && !f->is_unhealthy() && AccountId{i} != market.treasury)
                group.push_back(AccountId{i});
        }
        Fortune fortune(group);
        const auto [owned, owed] = fortune.of(state);
        Planner planner;
        for (int i = 0; i < 200; ++i) {
            Event event = random_event(state, chance);
            event.time = state.now();
            const bool of_the_group = std::visit(
                [&](const auto& e) {
                    if constexpr (std::is_same_v<std::decay_t<decltype(e)>, EliminateDeficit>)
                        return false;  // gives
                    else if constexpr (requires { e.account; })
                        return contains(group, e.account);
                    else if constexpr (requires { e.borrower; })
                        return contains(group, e.borrower) &&
                               (e.liquidator == outside || contains(group, e.liquidator));
                    else
                        return false;
                },
                event.action);
            if (!of_the_group) continue;
            const auto done = apply(state, event, planner);
            if (!done) continue;
            for (const Effect& effect : (*done)->effects)
                fortune.told(effect);
            const auto [now_owned, now_owed] = fortune.of(state);
            ASSERT_LE(now_owned + owed, owned + now_owed) << "event " << i;
            ++acted;
        }
    }
    EXPECT_GT(acted, given::rounds(2'000));
}

TEST(Promises, ENGINE_001_asking_changes_nothing) {
    for (std::uint64_t seed = 1; seed <= given::rounds(100U); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        const State state = lived(seed, 100);
        const std::string digest = digest_of(state);
        SeededChance chance(seed);
        Planner planner;
        for (int i = 0; i < 50; ++i)
            (void)planner.plan(state, random_event(state, chance));
        aave_v3::GrownIndices grown;
        const aave_v3::View view{
            .state = state, .market = aave_market(state), .grown = grown, .now = state.now()};
        for (std::uint32_t i = 0; i < aave_market(state).accounts.size(); ++i)
            (void)aave_v3::account_data(view, aave_market(state).legs_of(AccountId{i}),
                                        aave_market(state).accounts[i].emode);
        ASSERT_EQ(digest_of(state), digest);
    }
}

}  // namespace
}  // namespace breakwater::given
