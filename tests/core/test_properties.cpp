// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <map>

#include "breakwater/core/digest.hpp"
#include "breakwater/core/margin/loans.hpp"
#include "given.hpp"
#include "random_events.hpp"
#include "rounds.hpp"

/// What must hold for every book and every sequence: the invariants of reliability section 2. Each seed is one book; a
/// failure prints it.
namespace breakwater::given {
namespace {

constexpr std::uint64_t books = 300;
constexpr int events = 300;

TEST(Properties, LIQUIDATION_005_every_event_is_refused_without_a_trace_or_keeps_every_promise) {
    std::map<std::size_t, int> applied;
    int losses = 0;
    for (std::uint64_t seed = 1; seed <= books; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        SeededChance chance(seed);
        State state = random_market(chance);
        Planner planner;
        for (int i = 0; i < events; ++i) {
            const Event event = random_event(state, chance);
            const Outcome outcome = apply_watched(state, planner, event);
            ASSERT_EQ(outcome.broken, "") << "event " << i << " of kind " << event.action.index();
            if (outcome.status) ++applied[event.action.index()];
            for (const Effect& e : outcome.effects)
                losses += std::holds_alternative<LossRealised>(e);
        }
    }
    const std::size_t kinds = Action{morpho_blue::Action{}}.index();  // native markets have books of their own
    for (std::size_t kind = 0; kind < kinds; ++kind)
        EXPECT_TRUE(given::sanitized || applied[kind] > 5) << "the sequences hardly ever do kind " << kind;
    EXPECT_GT(losses, given::rounds(50));
}

TEST(Properties, ENGINE_004_a_planner_with_a_past_decides_as_a_new_one) {
    for (std::uint64_t seed = 1; seed <= given::rounds(60U); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        SeededChance chance(seed);
        State state = random_market(chance);
        State other = state;
        Planner kept;
        for (int i = 0; i < 200; ++i) {
            const Event event = random_event(state, chance);
            Planner fresh;
            const bool a = apply(state, event, kept).has_value();
            const bool b = apply(other, event, fresh).has_value();
            ASSERT_EQ(a, b) << "event " << i;
        }
        ASSERT_EQ(digest_of(state), digest_of(other));
    }
}

/// Random balances between 10^-2 and 10^6 tokens on the small market, mostly borrowed up to the brim.
class Lived : public Given {
  protected:
    void live(std::uint64_t seed) {
        SeededChance chance(seed);
        state = random_market(chance);
        state.layers.clear();
        planner = {};
        now = start;
        Event event;
        for (int i = 0; i < 150; ++i) {
            event = random_event(state, chance);
            if (std::holds_alternative<SetParameters>(event.action)) continue;
            if (apply(state, event, planner)) now = state.clock.now;
        }
    }
    [[nodiscard]] std::uint32_t accounts() const {
        return static_cast<std::uint32_t>(aave_market(state).accounts.size());
    }
    std::optional<aave_v3::AccountData> try_data(const State& s, AccountId account) {
        const auto& market = aave_market(s);
        const aave_v3::View v{
            .state = s, .market = market, .grown = planner.grown(), .now = Time{now}};
        const auto data = aave_v3::account_data(v, market.legs_of(account),
                                                market.accounts[index(account)].emode);
        return data ? std::optional{*data} : std::nullopt;
    }
};

TEST_F(Lived, MARGIN_001_standing_agrees_with_health_up_to_the_half_up_rounding) {
    int unhealthy = 0;
    for (std::uint64_t seed = 1; seed <= given::rounds(200U); ++seed) {
        live(seed);
        for (std::uint32_t i = 0; i < accounts(); ++i) {
            const auto data = try_data(state, AccountId{i});
            if (!data || data->debt.raw >= (uint128{1} << 106U) ||
                data->threshold_sum >= (uint128{1} << 119U))
                continue;
            const bool holds = standing_of(*data).holds();
            // Half of the debt hides missing units of threshold, one for each 2·10^18 of debt.
            const uint128 hidden = data->debt.raw / (2 * wad);
            if (holds || hidden == 0) {
                ASSERT_EQ(data->is_unhealthy(), !holds) << "seed " << seed;
            }
            unhealthy += data->is_unhealthy();
        }
    }
    EXPECT_GT(unhealthy, given::rounds(20));
}

TEST_F(Lived, AAVE_012_health_falls_with_collateral_prices_and_rises_with_nothing_owed) {
    for (std::uint64_t seed = 1; seed <= given::rounds(200U); ++seed) {
        live(seed);
        SeededChance chance(seed);
        for (std::uint32_t i = 0; i < accounts(); ++i) {
            const AccountId account{i};
            for (const aave_v3::Leg& leg : aave_market(state).legs_of(account)) {
                const bool both = leg.is_collateral() && leg.is_borrowing();
                if (both || (!leg.is_collateral() && !leg.is_borrowing())) continue;
                State moved = state;
                std::uint64_t& price = moved.feeds[index(leg.asset())].point;
                price += leg.is_collateral() ? 1 + chance.below(price) : 0;
                if (leg.is_borrowing() && price > 1) price -= 1 + chance.below(price - 1);
                const auto before = try_data(state, account);
                const auto after = try_data(moved, account);
                if (!before || !after) continue;
                ASSERT_GE(after->health_factor(), before->health_factor()) << "seed " << seed;
            }
        }
    }
}

TEST_F(Given, AAVE_012_scaling_every_price_leaves_health_where_it_was) {
    given_liquidity();
    SeededChance chance(5);
    for (int i = 0; i < 200; ++i) {
        // Whole units, so that no value is floored and the scale is exact.
        given(Supply{borrower, weth, {wad / 100 * (1 + chance.below(1'000))}});
        given(Supply{borrower, wbtc, {1'000'000 * (1 + uint128{chance.below(50)})}});
        const uint128 room = data_of(borrower).available_borrows().raw / 100;
        if (room > 1)
            (void)when(
                Borrow{borrower, usdc, {1 + chance.below(static_cast<std::uint64_t>(room))}});
        const Uint256 before = data_of(borrower).health_factor();
        const State kept = state;
        const std::uint64_t k = 2 + chance.below(1'000);
        for (FeedRow& row : state.feeds)
            row.point *= k;
        ASSERT_EQ(data_of(borrower).health_factor(), before) << "factor " << k;
        state = kept;
    }
}

/// RK11: who is who does not matter.
class Renamed {
  public:
    explicit Renamed(std::vector<std::uint32_t> to) : to_(std::move(to)) {}

    [[nodiscard]] AccountId operator()(AccountId id) const {
        return index(id) < to_.size() ? AccountId{to_[index(id)]} : id;
    }
    [[nodiscard]] Event operator()(Event event) const {
        std::visit(
            [&](auto& e) {
                if constexpr (requires { e.account; }) e.account = (*this)(e.account);
                if constexpr (requires { e.borrower; }) {
                    e.borrower = (*this)(e.borrower);
                    e.liquidator = (*this)(e.liquidator);
                }
            },
            event.action);
        return event;
    }
    [[nodiscard]] State operator()(const State& state) const {
        State out = state;
        auto& market = aave_market(out);
        for (std::uint32_t i = 0; i < market.accounts.size(); ++i)
            market.accounts[to_[i]] = aave_market(state).accounts[i];
        market.treasury = (*this)(market.treasury);
        return out;
    }

  private:
    std::vector<std::uint32_t> to_;
};

TEST(Properties, ENGINE_004_permuting_the_accounts_permutes_what_happens) {
    for (std::uint64_t seed = 1; seed <= given::rounds(100U); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        SeededChance chance(seed);
        State state = random_market(chance);
        std::vector<std::uint32_t> to(aave_market(state).accounts.size());
        for (std::uint32_t i = 0; i < to.size(); ++i)
            to[i] = i;
        for (std::size_t i = to.size(); i > 1; --i)
            std::swap(to[i - 1], to[chance.below(i)]);
        const Renamed renamed(to);
        State other = renamed(state);
        Planner planner;
        Planner other_planner;
        for (int i = 0; i < 200; ++i) {
            const Event event = random_event(state, chance);
            const auto a = apply(state, event, planner);
            const auto b = apply(other, renamed(event), other_planner);
            ASSERT_EQ(a.has_value(), b.has_value()) << "event " << i;
            if (!a) {
                ASSERT_EQ(a.error(), b.error());
            }
        }
        ASSERT_EQ(digest_of(renamed(state)), digest_of(other));
    }
}

// ---- AC10: no free round trip.

TEST_F(Given, AAVE_003_supplying_and_withdrawing_never_pays) {
    SeededChance chance(11);
    for (int i = 0; i < 3'000; ++i) {
        state = small_market();
        aave_market(state).reserves[index(weth)].liquidity_index.raw +=
            ray / 1'000'000 * chance.below(3'000'000);
        const Amount in{1 + chance.wide(60)};
        if (!apply(state, {Time{now}, MarketId{0}, Supply{lender, weth, in}}, planner)) continue;
        const auto out =
            apply(state, {Time{now}, MarketId{0}, Withdraw{lender, weth, Size::all()}}, planner);
        if (!out) continue;
        ASSERT_LE(std::get<Moved>((*out)->effects.back()).amount, in);
    }
}

TEST_F(Given, AAVE_003_supplying_in_parts_never_pays) {
    SeededChance chance(12);
    for (int i = 0; i < 2'000; ++i) {
        state = small_market();
        aave_market(state).reserves[index(weth)].liquidity_index.raw +=
            ray / 1'000'000 * chance.below(3'000'000);
        Amount parts;
        for (std::uint64_t k = 2 + chance.below(5); k > 0; --k) {
            const Amount part{2 + chance.wide(40) / 7};
            if (apply(state, {Time{now}, MarketId{0}, Supply{lender, weth, part}}, planner))
                parts += part;
        }
        ASSERT_TRUE(
            apply(state, {Time{now}, MarketId{0}, Supply{bystander, weth, parts}}, planner));
        ASSERT_LE(supply_of(lender, weth), supply_of(bystander, weth));
    }
}

TEST_F(Given, AAVE_004_repaying_in_parts_never_costs_less) {
    SeededChance chance(13);
    given_liquidity();
    given(Supply{borrower, weth, 100_weth});
    const State genesis = state;
    for (int i = 0; i < 2'000; ++i) {
        state = genesis;
        aave_market(state).reserves[index(usdc)].borrow_index.raw +=
            ray / 1'000'000 * chance.below(3'000'000);
        const auto act = [&](const Action& action) {
            const auto done = apply(state, {Time{now}, MarketId{0}, action}, planner);
            return done ? std::get<Moved>((*done)->effects.back()).amount : Amount{};
        };
        const Amount borrowed = act(Borrow{borrower, usdc, {1 + chance.wide(36)}});
        Amount paid;
        for (std::uint64_t k = chance.below(6); k > 0; --k)
            paid += act(Repay{borrower, usdc, Size::exactly({1 + chance.wide(34)})});
        paid += act(Repay{borrower, usdc, Size::all()});
        ASSERT_TRUE(debt_of(borrower, usdc).is_zero());
        ASSERT_GE(paid, borrowed);
        // In one part: what was owed. In several: never less.
        const uint128 bi = reserve(usdc).borrow_index.raw;
        Checked m;
        ASSERT_GE(paid.raw, m.ray_mul_up(m.ray_div_up(borrowed.raw, bi), bi));
    }
}

TEST_F(Given, BOOK_003_no_sequence_of_small_change_drains_the_reserve) {
    SeededChance chance(14);
    given_liquidity();
    given(Supply{borrower, weth, 100_weth});
    for (std::size_t a = 0; a < assets; ++a) {
        aave_market(state).reserves[a].liquidity_index.raw = ray + ray / 3;
        aave_market(state).reserves[a].borrow_index.raw = ray + ray / 7 * 5;
        state.custody[a].held.raw = state.custody[a].held.raw * 4 / 3 + 10;
        aave_market(state).reserves[a].cash = state.custody[a].held;
    }
    const int128 before = residual(reserve(usdc));
    for (int i = 0; i < 20'000; ++i) {
        const Amount few{1 + chance.below(9)};
        const Action actions[] = {
            Supply{lender, usdc, few}, Withdraw{lender, usdc, Size::exactly(few)},
            Borrow{borrower, usdc, few}, Repay{borrower, usdc, Size::exactly(few)}};
        (void)apply(state, {Time{now}, MarketId{0}, actions[chance.below(4)]}, planner);
        // Every rounding favours the pool: up to the last unit of the two totals the residual only grows.
        ASSERT_GE(residual(reserve(usdc)), before - 2) << "event " << i;
    }
}

}  // namespace
}  // namespace breakwater::given
