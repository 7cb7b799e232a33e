// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/digest.hpp"
#include "given.hpp"
#include "random_events.hpp"
#include "rounds.hpp"

/// The frame around the rulebook: ENGINE-001 to ENGINE-005, FEEDS-001, FEEDS-002.
namespace breakwater::given {
namespace {

class Engine : public Given {};

TEST_F(Engine, FEEDS_001_a_price_of_zero_or_beyond_the_bound_is_no_price) {
    const FeedRow row;
    EXPECT_EQ(accept_report(row, {0}, Time{5}).error(), Error::price_out_of_bounds);
    EXPECT_EQ(accept_report(row, {1}, Time{5})->point, 1U);
    EXPECT_EQ(accept_report(row, {price_max - 1}, Time{5})->point, price_max - 1);
    EXPECT_EQ(accept_report(row, {price_max}, Time{5})->point, price_max);
    EXPECT_EQ(accept_report(row, {uint128{price_max} + 1}, Time{5}).error(),
              Error::price_out_of_bounds);
    EXPECT_EQ(accept_report(row, {(uint128{1} << 64U) + 1}, Time{5}).error(),
              Error::price_out_of_bounds);
}

TEST_F(Engine, FEEDS_001_one_absurd_price_refuses_the_whole_tick) {
    when(ReportPrices{{1'000_usd, {uint128{price_max} + 1}, {0}, {0}}})
        .is_refused(Error::price_out_of_bounds);
    EXPECT_EQ(Price{state.feeds[0].point}, 2'000_usd);
}

TEST_F(Engine, FEEDS_001_an_entry_of_zero_is_no_report) {
    later(12);
    const auto reported = when(ReportPrices{{{0}, {0}, 29'000_usd, {0}}}).happens();
    EXPECT_EQ(reported.the<PriceReported>().asset, wbtc);
    EXPECT_EQ(state.feeds[index(wbtc)].reported_at, now);
    EXPECT_EQ(state.feeds[index(weth)].reported_at, start);
}

TEST_F(Engine, FEEDS_002_with_a_single_source_the_band_is_the_point) {
    EXPECT_EQ(mark_of({}).trust, Trust::missing);
    price(weth, 1'234_usd);
    const Mark mark = mark_of(state.feeds[index(weth)]);
    EXPECT_EQ(mark.point, 1'234_usd);
    EXPECT_EQ(mark.lo, mark.point);
    EXPECT_EQ(mark.hi, mark.point);
    EXPECT_EQ(mark.slow, mark.point);
    EXPECT_EQ(mark.trust, Trust::single_source);
}

TEST_F(Engine, ENGINE_001_a_refused_event_keeps_nothing_accrual_included) {
    given_liquidity();
    given(Supply{borrower, weth, 10_weth});
    given(Borrow{borrower, usdc, 10'000_usdc});
    later(86'400);
    const std::string digest = digest_of(state);
    when(Borrow{borrower, usdc, 10'000_usdc}).is_refused(Error::health_factor_below_one);
    EXPECT_EQ(digest_of(state), digest);
    EXPECT_EQ(reserve(usdc).updated, start);
    EXPECT_EQ(state.clock.now, start);
}

TEST_F(Engine, ENGINE_001_a_plan_changes_nothing_until_it_is_executed) {
    const State before = state;
    const auto plan = planner.plan(state, {Time{now}, MarketId{0}, Supply{lender, weth, 1_weth}});
    ASSERT_TRUE(plan.has_value());
    EXPECT_TRUE(same_bytes(before, state));
    execute(state, (*plan)->changes);
    EXPECT_FALSE(same_bytes(before, state));
}

TEST_F(Engine, ENGINE_002_what_an_event_names_must_exist) {
    const AssetId no_asset{assets};
    const AccountId nobody{actors};
    when(Supply{lender, no_asset, atom}).is_refused(Error::asset_unknown);
    when(Supply{nobody, weth, atom}).is_refused(Error::account_unknown);
    when(Supply{nobody, no_asset, atom}).is_refused(Error::asset_unknown);
    when(Withdraw{outside, weth, Size::all()}).is_refused(Error::account_unknown);
    when(Borrow{nobody, weth, atom}).is_refused(Error::account_unknown);
    when(Repay{lender, no_asset, Size::all()}).is_refused(Error::asset_unknown);
    when(SetCollateral{nobody, weth, true}).is_refused(Error::account_unknown);
    when(SetEMode{nobody, 0}).is_refused(Error::account_unknown);
    when(MintToTreasury{no_asset}).is_refused(Error::asset_unknown);
    when(CoverDeficit{no_asset}).is_refused(Error::asset_unknown);
    when(EliminateDeficit{nobody, weth, Size::all()}).is_refused(Error::account_unknown);
    when(SetParameters{no_asset, {}}).is_refused(Error::asset_unknown);
    when(ReportPrices{{1_usd, 1_usd, 1_usd}}).is_refused(Error::price_report_wrong_length);
    when(ReportPrices{{1_usd, 1_usd, 1_usd, 1_usd, 1_usd}})
        .is_refused(Error::price_report_wrong_length);
    EXPECT_EQ(planner.plan(state, {Time{now}, MarketId{1}, MintToTreasury{weth}}).error(),
              Error::market_unknown);
}

TEST_F(Engine, ENGINE_002_a_liquidator_may_be_outside_unless_it_takes_shares) {
    Liquidate e{
        .borrower = borrower, .collateral = weth, .debt = usdc, .debt_to_cover = Size::all()};
    when(e).is_refused(Error::health_factor_not_below_one);
    e.receive_supply = true;
    when(e).is_refused(Error::account_unknown);
    e.liquidator = liquidator;
    when(e).is_refused(Error::health_factor_not_below_one);
    e.liquidator = AccountId{actors};
    when(e).is_refused(Error::account_unknown);
    e.borrower = outside;
    when(e).is_refused(Error::account_unknown);
    e.debt = AssetId{assets};
    when(e).is_refused(Error::asset_unknown);
}

TEST_F(Engine, ENGINE_003_time_does_not_run_backwards) {
    later(100);
    given(Supply{lender, weth, 1_weth});
    --now;
    when(Supply{lender, weth, 1_weth}).is_refused(Error::time_before_state);
    ++now;
    when(Supply{lender, weth, 1_weth}).happens();
    ++now;
    when(Supply{lender, weth, 1_weth}).happens();
    EXPECT_EQ(state.clock.events, 3U);  // the refused one has no number
}

TEST_F(Engine, AAVE_003_numbers_beyond_their_width_are_refused) {
    const Amount most{aave_v3::Leg::balance_max};
    when(Supply{lender, weth, {uint128_max}}).is_refused(Error::amount_overflow);
    when(Supply{lender, weth, most + atom}).is_refused(Error::amount_overflow);
    when(Supply{lender, weth, most}).happens();
    when(Supply{lender, weth, atom}).is_refused(Error::amount_overflow);
    when(Withdraw{lender, weth, Size::exactly({uint128_max})})
        .is_refused(Error::balance_insufficient);
    when(Withdraw{lender, weth, Size::exactly(most + atom)})
        .is_refused(Error::balance_insufficient);
    when(Borrow{lender, weth, {uint128_max}}).is_refused(Error::amount_zero);  // more than supplied
    when(Withdraw{lender, weth, Size::all()}).happens();
}

TEST_F(Engine, every_error_has_a_name_and_a_sentence) {
    for (const Error e :
         {Error::time_before_state, Error::burn_amount_zero, Error::collateral_insufficient,
          Error::dust_left, Error::layer_exhausted, Error::parameters_invalid}) {
        EXPECT_FALSE(name(e).empty());
        EXPECT_NE(name(e), describe(e));
    }
    EXPECT_EQ(name(Error::dust_left), "dust_left");
}

// ---- Digest and undo.

/// A state with something in every table.
State lived_in(std::uint64_t seed, int events) {
    SeededChance chance(seed);
    State state = random_market(chance);
    state.layers.push_back({.cover = {1'000}, .paid = {1}, .asset = 1});
    Planner planner;
    for (int i = 0; i < events; ++i)
        (void)apply(state, random_event(state, chance), planner);
    return state;
}

TEST(DigestOf, ENGINE_004_is_32_digits_and_the_same_for_equal_states) {
    const State a = lived_in(1, 200);
    const State b = lived_in(1, 200);
    EXPECT_TRUE(same_bytes(a, b));
    EXPECT_EQ(digest_of(a), digest_of(b));
    EXPECT_EQ(digest_of(a).size(), 32U);
    EXPECT_NE(digest_of(a), digest_of(lived_in(2, 200)));
}

TEST(DigestOf, ENGINE_004_where_legs_lie_and_empty_legs_do_not_show) {
    const State state = lived_in(3, 200);
    const std::string digest = digest_of(state);
    State moved = state;
    auto& market = aave_market(moved);
    const std::vector<aave_v3::Leg> old = market.legs;
    market.legs.assign(3, aave_v3::Leg(weth));
    for (std::uint32_t i = static_cast<std::uint32_t>(market.accounts.size()); i-- > 0;) {
        auto& row = market.accounts[i];
        const auto first = static_cast<std::uint32_t>(market.legs.size());
        for (std::uint32_t k = row.count; k-- > 0;)
            market.legs.push_back(old[row.first + k]);
        bool has[assets] = {};
        for (std::uint32_t k = 0; k < row.count; ++k)
            has[index(old[row.first + k].asset())] = true;
        for (std::uint8_t a = 0; a < assets; ++a)
            if (!has[a]) market.legs.emplace_back(AssetId{a});
        row.first = first;
        row.count = row.capacity = static_cast<std::uint16_t>(market.legs.size() - first);
    }
    EXPECT_EQ(digest_of(moved), digest);
    EXPECT_FALSE(check_state(moved).has_value());
}

/// Flips one bit in each 128-bit word of a row and puts it back.
template <class Row>
void each_word(State& state, Row& row, const char* what) {
    const std::string digest = digest_of(state);
    for (std::size_t byte = 0; byte < sizeof(Row); byte += 8) {
        auto* bytes = reinterpret_cast<unsigned char*>(&row);
        bytes[byte] ^= 1U;
        EXPECT_NE(digest_of(state), digest) << what << ", byte " << byte;
        bytes[byte] ^= 1U;
    }
    EXPECT_EQ(digest_of(state), digest);
}

TEST(DigestOf, ENGINE_004_every_word_of_the_state_shows) {
    State state = lived_in(4, 300);
    auto& market = aave_market(state);
    each_word(state, state.clock, "clock");
    for (auto& row : state.feeds)
        each_word(state, row, "feed");
    for (auto& row : state.custody)
        each_word(state, row, "custody");
    for (auto& row : state.layers)
        each_word(state, row, "layer");
    for (auto& row : market.parameters)
        each_word(state, row, "parameters");
    for (auto& row : market.reserves)
        each_word(state, row, "reserve");
    for (auto& row : market.emodes)
        each_word(state, row, "emode");
    const std::string digest = digest_of(state);
    for (auto& row : market.accounts) {
        row.emode ^= 1U;
        EXPECT_NE(digest_of(state), digest);
        row.emode ^= 1U;
        for (std::uint32_t k = 0; k < row.count; ++k) {
            aave_v3::Leg& leg = market.legs[row.first + k];
            const aave_v3::Leg old = leg;
            leg.set_supplied({old.supplied().raw ^ 1U});
            EXPECT_NE(digest_of(state), digest);
            leg = old;
            leg.set_borrowed({old.borrowed().raw ^ 1U});
            EXPECT_NE(digest_of(state), digest);
            leg = old;
            leg.set_collateral(!old.is_collateral());
            EXPECT_NE(digest_of(state), digest);
            leg = old;
        }
    }
    std::swap(state.layers.emplace_back(), state.layers.front());
    EXPECT_NE(digest_of(state), digest);
}

TEST(Undo, ENGINE_005_a_path_undone_is_as_if_it_had_not_been) {
    for (std::uint64_t seed = 1; seed <= given::rounds(60U); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        SeededChance chance(seed);
        State state = random_market(chance);
        Planner planner;
        const State genesis = state;
        const std::string digest = digest_of(state);
        std::vector<std::vector<Change>> path;
        std::vector<std::string> digests;
        for (int i = 0; i < 150; ++i) {
            const auto done = apply(state, random_event(state, chance), planner);
            if (!done) continue;
            path.push_back((*done)->changes);
            digests.push_back(digest_of(state));
        }
        const State end = state;
        while (!path.empty()) {
            ASSERT_EQ(digest_of(state), digests.back());
            undo(state, path.back());
            path.pop_back();
            digests.pop_back();
        }
        ASSERT_EQ(digest_of(state), digest);
        ASSERT_TRUE(same_bytes(state, genesis));
        ASSERT_FALSE(same_bytes(end, genesis));
    }
}

TEST_F(Engine, ENGINE_005_an_account_that_outgrows_its_legs_moves_and_comes_back) {
    const State genesis = state;
    std::vector<std::vector<Change>> path;
    const auto supply = [&](AccountId who, AssetId asset, Amount amount) {
        const auto done =
            apply(state, {Time{now}, MarketId{0}, Supply{who, asset, amount}}, planner);
        ASSERT_TRUE(done.has_value());
        path.push_back((*done)->changes);
    };
    supply(lender, weth, 1_weth);
    supply(borrower, weth, 1_weth);
    const auto first = aave_market(state).accounts[index(lender)];
    supply(lender, usdc, 1_usdc);
    supply(lender, wbtc, 1_wbtc);
    const auto grown = aave_market(state).accounts[index(lender)];
    EXPECT_NE(grown.first, first.first);
    EXPECT_EQ(grown.count, 3U);
    EXPECT_GE(grown.capacity, grown.count);
    EXPECT_EQ(supply_of(lender, weth), 1_weth);
    EXPECT_EQ(supply_of(borrower, weth), 1_weth);
    for (; !path.empty(); path.pop_back())
        undo(state, path.back());
    EXPECT_TRUE(same_bytes(state, genesis));
    EXPECT_TRUE(aave_market(state).legs.empty());
}

}  // namespace
}  // namespace breakwater::given
