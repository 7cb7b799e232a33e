// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "../reference/aave_v3.hpp"
#include "chance.hpp"
#include "given.hpp"
#include "rounds.hpp"

/// Account data and liquidations against the slow twin, on accounts that no sequence of events would make: any shares,
/// indices, decimals, prices and parameters (AAVE-010 to AAVE-012, AAVE-021 to AAVE-026).
namespace breakwater::given {
namespace {

using reference::number;

/// One account with up to four legs, mostly close to health one.
State random_account(Chance& chance) {
    State state = small_market();
    auto& market = aave_market(state);
    state.clock.now = start + chance.below(40'000'000);
    for (std::size_t a = 0; a < assets; ++a) {
        aave_v3::Parameters& p = market.parameters[a];
        aave_v3::Reserve& r = market.reserves[a];
        p.decimals = static_cast<std::uint16_t>(chance.below(19));
        p.liquidation_threshold =
            static_cast<std::uint16_t>(chance.one_in(12) ? 0 : 5'000 + chance.below(4'500));
        p.ltv = static_cast<std::uint16_t>(p.liquidation_threshold / 2);
        p.liquidation_bonus = static_cast<std::uint16_t>(10'001 + chance.below(1'500));
        p.liquidation_protocol_fee = static_cast<std::uint16_t>(chance.below(10'001));
        r.liquidity_index.raw += ray / 1'000 * chance.below(3'000);
        r.borrow_index.raw += ray / 1'000 * chance.below(9'000);
        r.liquidity_rate = {chance.wide(88)};
        r.borrow_rate = {chance.wide(89)};
        state.feeds[a].point = 1 + static_cast<std::uint64_t>(chance.wide(45));
    }
    auto& row = market.accounts[index(borrower)];
    row.emode = static_cast<std::uint16_t>(chance.one_in(3) ? 1 + chance.below(2) : 0);
    for (std::uint8_t a = 0; a < assets; ++a) {
        if (chance.one_in(3)) continue;
        aave_v3::Leg leg(AssetId{a});
        // A value of up to 10^7 USD in the asset's own units.
        const auto shares = [&] {
            const uint128 value = chance.wide(50);
            return Scaled{1 + value * power_of_ten(market.parameters[a].decimals) /
                                  state.feeds[a].point};
        };
        if (!chance.one_in(3)) leg.set_supplied(shares()), leg.set_collateral(!chance.one_in(8));
        if (!chance.one_in(2)) leg.set_borrowed(shares()), leg.set_borrowing(true);
        market.legs.push_back(leg);
        ++row.count;
    }
    row.capacity = row.count;
    return state;
}

/// Cash, totals and custody that go with the legs.
void complete(State& state) {
    auto& market = aave_market(state);
    for (std::size_t a = 0; a < assets; ++a) {
        market.reserves[a].cash = state.custody[a].held = {power_of_ten(36)};
        market.reserves[a].supplied = market.reserves[a].borrowed = {};
        market.reserves[a].liquidity_rate = {};  // any other would have to fit the debt
    }
    for (const aave_v3::Leg& leg : market.legs_of(borrower)) {
        market.reserves[index(leg.asset())].supplied += leg.supplied();
        market.reserves[index(leg.asset())].borrowed += leg.borrowed();
    }
}

TEST(Twin, AAVE_010_and_012_account_data_is_the_twins) {
    constexpr std::uint64_t seed = 101;
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededChance chance(seed);
    int compared = 0;
    for (int i = 0; i < given::rounds(30'000); ++i) {
        const State state = random_account(chance);
        const auto& market = aave_market(state);
        aave_v3::GrownIndices grown;
        const aave_v3::View view{
            .state = state, .market = market, .grown = grown, .now = state.now()};
        const auto got = aave_v3::account_data(view, market.legs_of(borrower),
                                               market.accounts[index(borrower)].emode);
        const auto expected = reference::account_figures(state, borrower, state.clock.now);
        ASSERT_TRUE(got.has_value() && expected.has_value()) << i;
        ASSERT_EQ(number(got->collateral.raw), expected->collateral) << i;
        ASSERT_EQ(number(got->debt.raw), expected->debt) << i;
        ASSERT_EQ(number(got->threshold_sum), expected->threshold_sum) << i;
        ASSERT_EQ(number(got->ltv_sum), expected->ltv_sum) << i;
        ASSERT_EQ(got->is_unhealthy(), expected->is_unhealthy()) << i;
        if (!expected->has_debt()) continue;
        const Uint256 health = got->health_factor();
        ASSERT_EQ((number(health.high()) << 128) | number(health.low()), expected->health_factor())
            << i;
        ASSERT_EQ(got->health_factor_above(aave_v3::close_factor_health),
                  expected->health_factor() > number(wad) * 95 / 100)
            << i;
        ++compared;
    }
    EXPECT_GT(compared, given::rounds(10'000));
}

TEST(Twin, AAVE_022_and_026_liquidations_are_the_twins) {
    constexpr std::uint64_t seed = 102;
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededChance chance(seed);
    int done = 0;
    int dust = 0;
    int losses = 0;
    for (int i = 0; i < given::rounds(60'000); ++i) {
        State state = random_account(chance);
        complete(state);
        Planner planner;
        const Liquidate event{
            .borrower = borrower,
            .collateral = AssetId{static_cast<std::uint8_t>(chance.below(assets))},
            .debt = AssetId{static_cast<std::uint8_t>(chance.below(assets))},
            .debt_to_cover = chance.one_in(2) ? Size::all() : Size::exactly({chance.wide(60)})};
        const auto expected = reference::liquidation_figures(state, event, state.clock.now);
        const auto got = planner.plan(state, {state.now(), MarketId{0}, event});
        if (!expected) {
            ASSERT_FALSE(got.has_value()) << i;
            continue;
        }
        if (expected->leaves_dust) {
            ASSERT_EQ(got.error(), Error::dust_left) << i;
            ++dust;
            continue;
        }
        if (!got) {  // less than a share, or one asset on both sides without the cash for it
            ASSERT_TRUE(got.error() == Error::burn_amount_zero) << i << ' ' << name(got.error());
            continue;
        }
        std::size_t next = 0;
        for (const Effect& effect : (*got)->effects) {
            if (const auto* e = std::get_if<Liquidated>(&effect)) {
                ASSERT_EQ(number(e->repaid.raw), expected->repaid) << i;
                ASSERT_EQ(number(e->seized.raw), expected->seized) << i;
                ASSERT_EQ(number(e->protocol_fee.raw), expected->fee) << i;
                ++done;
            }
            if (const auto* e = std::get_if<LossRealised>(&effect)) {
                ++next;
                ++losses;
                bool found = false;
                for (const auto& l : expected->losses)
                    found |= l.asset == e->asset && l.amount == number(e->amount.raw);
                ASSERT_TRUE(found) << i;
            }
        }
        ASSERT_EQ(next, expected->losses.size()) << i;
    }
    EXPECT_GT(done, given::rounds(2'000));
    EXPECT_GT(dust, given::rounds(100));
    EXPECT_GT(losses, given::rounds(500));
}

}  // namespace
}  // namespace breakwater::given
