// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/aave_v3_umbrella.hpp"

#include "given.hpp"

namespace breakwater::given {
namespace {

using aave_v3::SlashSize;
using aave_v3::slash_size;

/// USDC at $1 covered by wstETH at $2,400, so that a dollar is 416,666,666,666,666 atoms.
aave_v3::SlashInputs dollars(Amount deficit, std::uint32_t fee, Amount stake) {
    return {.deficit = deficit,
            .fee = fee,
            .price = 1_usd,
            .stake_price = 2'400_usd,
            .decimals = 6,
            .stake_decimals = 18,
            .stake = stake};
}

TEST(Umbrella, AAVE_035_what_is_new_is_beyond_offset_and_pending) {
    Checked math;
    EXPECT_EQ(aave_v3::new_deficit(math, {100}, {30}, {20}), Amount{50});
    EXPECT_EQ(aave_v3::new_deficit(math, {50}, {30}, {20}), Amount{0});
    EXPECT_EQ(aave_v3::new_deficit(math, {49}, {30}, {20}), Amount{0});
}

TEST(Umbrella, AAVE_035_the_worth_of_the_deficit_with_the_fee_is_slashed_rounded_down) {
    Checked math;
    const SlashSize whole = slash_size(math, dollars(2'400_usdc, 0, 5_wsteth));
    EXPECT_EQ(whole.slashed, 1_wsteth);
    EXPECT_EQ(whole.covered, 2'400_usdc);
    const SlashSize with_fee = slash_size(math, dollars(2'400_usdc, 1'000, 5_wsteth));
    EXPECT_EQ(with_fee.slashed, (Amount{11 * wad / 10}));
    EXPECT_EQ(with_fee.covered, 2'400_usdc);
    EXPECT_EQ(slash_size(math, dollars(1_usdc, 0, 5_wsteth)).slashed, Amount{416'666'666'666'666});
    EXPECT_FALSE(math.overflow());
}

TEST(Umbrella, AAVE_035_a_slash_ends_at_the_least_stake_and_covers_in_proportion) {
    const Amount stake = 1_wsteth;
    for (const std::uint64_t more : {0U, 1U, 2U}) {  // one below, at, one above what there is
        Checked math;
        aave_v3::SlashInputs in = dollars({}, 0, stake);
        in.price = in.stake_price;
        in.decimals = 18;
        in.deficit = {stake.raw - 1'000'000 - 1 + more};
        const SlashSize size = slash_size(math, in);
        EXPECT_EQ(size.asked, in.deficit);
        EXPECT_EQ(size.slashed, std::min(in.deficit, stake - aave_v3::stake_min));
        EXPECT_EQ(size.covered, size.slashed);
    }
    Checked math;
    const SlashSize half = slash_size(math, dollars(4'800_usdc, 0, {wad + 1'000'000}));
    EXPECT_EQ(half.asked, 2_wsteth);
    EXPECT_EQ(half.covered, 2'400_usdc);
    EXPECT_EQ(slash_size(math, dollars(1_usdc, 0, {1'000'000})).slashed, Amount{0});
    EXPECT_EQ(slash_size(math, dollars(1_usdc, 0, {999'999})).covered, Amount{0});
}

class UnderUmbrella : public Given {
  protected:
    UnderUmbrella() {
        given_deficit();
        given(Supply{stakers, usdc, 5'000_usdc});
        given(Supply{stakers, wsteth, 2_wsteth});
    }
    void given_umbrella(AssetId stake, Amount offset, std::uint16_t fee = 0) {
        state.layers = {{.cover = offset,
                         .paid = {},
                         .asset = index(usdc),
                         .kind = LayerKind::deficit_offset},
                        {.cover = {},
                         .paid = {},
                         .asset = index(usdc),
                         .kind = LayerKind::umbrella,
                         .stake = index(stake),
                         .fee = fee,
                         .account = index(stakers)}};
    }
    [[nodiscard]] const Layer& umbrella() const { return state.layers[1]; }

    static constexpr AccountId stakers = coverer;
    static constexpr Amount deficit{6'476'190'476};
};

TEST_F(UnderUmbrella, AAVE_035_the_treasury_receives_what_is_slashed_and_it_is_pending) {
    given_umbrella(usdc, 2'000_usdc, 1'000);
    const auto slashed = when(SlashStake{usdc}).happens().the<StakeSlashed>();
    const Amount fresh = deficit - 2'000_usdc;
    EXPECT_EQ(slashed.covered, fresh);
    EXPECT_EQ(slashed.slashed, (Amount{fresh.raw + fresh.raw / 10}));
    EXPECT_EQ(supply_of(stakers, usdc), 5'000_usdc - slashed.slashed);
    EXPECT_EQ(supply_of(treasury, usdc), slashed.slashed);
    EXPECT_EQ(reserve(usdc).deficit, deficit);
    EXPECT_EQ(umbrella().pending, fresh);
    when(SlashStake{usdc}).is_refused(Error::deficit_none);  // never twice for one loss
    // Of the treasury's supply the offset takes the fee and leaves what is pending.
    const auto offset = when(CoverDeficit{usdc}).happens().the<LossCovered>();
    EXPECT_EQ(offset.amount, slashed.slashed - fresh);
    given(EliminateDeficit{treasury, usdc, Size::all(), DeficitPart::pending});
    EXPECT_EQ(reserve(usdc).deficit, 2'000_usdc - offset.amount);
    EXPECT_TRUE(umbrella().pending.is_zero());
    when(SlashStake{usdc}).is_refused(Error::deficit_none);
}

TEST_F(UnderUmbrella, AAVE_035_refusals_come_in_their_order) {
    when(SlashStake{usdc}).is_refused(Error::layer_unknown);
    given_umbrella(usdc, deficit);
    when(SlashStake{usdc}).is_refused(Error::deficit_none);
    given_umbrella(usdc, deficit - atom);
    when(SlashStake{usdc}).happens();
    given_umbrella(weth, {});
    when(SlashStake{usdc}).is_refused(Error::layer_exhausted);
    when(SlashStake{AssetId{200}}).is_refused(Error::asset_unknown);
}

TEST_F(UnderUmbrella, AAVE_035_stake_of_one_who_owes_is_no_stake) {
    given(SetCollateral{stakers, usdc, true});
    given(Borrow{stakers, wbtc, {1'000'000}});
    given_umbrella(wsteth, {});
    when(SlashStake{usdc}).is_refused(Error::layer_exhausted);
}

TEST_F(UnderUmbrella, AAVE_036_each_part_is_eliminated_up_to_what_it_is) {
    given_umbrella(usdc, 2'000_usdc);
    given(Supply{bystander, usdc, 9'000_usdc});
    when(EliminateDeficit{bystander, usdc, Size::all()}).is_refused(Error::part_not_named);
    when(EliminateDeficit{bystander, usdc, Size::all(), DeficitPart::pending})
        .is_refused(Error::deficit_none);
    when(EliminateDeficit{bystander, weth, Size::all(), DeficitPart::offset})
        .is_refused(Error::layer_unknown);
    given(SlashStake{usdc});
    given(EliminateDeficit{bystander, usdc, Size::exactly(500_usdc), DeficitPart::offset});
    EXPECT_EQ(reserve(usdc).deficit, deficit - 500_usdc);
    EXPECT_EQ(state.layers[0].left(), 1'500_usdc);
    given(EliminateDeficit{bystander, usdc, Size::all(), DeficitPart::offset});
    EXPECT_EQ(reserve(usdc).deficit, deficit - 2'000_usdc);
    EXPECT_EQ(umbrella().pending, reserve(usdc).deficit);
    given(EliminateDeficit{bystander, usdc, Size::all(), DeficitPart::pending});
    EXPECT_TRUE(reserve(usdc).deficit.is_zero());
}

TEST_F(UnderUmbrella, WATERFALL_007_offset_then_stake_then_what_stands_below) {
    given_umbrella(usdc, 2'000_usdc);
    state.layers.push_back({.cover = 9'000_usdc, .paid = {}, .asset = index(usdc)});
    given(Supply{treasury, usdc, 500_usdc});
    const auto done = when(CoverDeficit{usdc}).happens();
    const auto paid = done.all<LossCovered>();
    ASSERT_EQ(paid.size(), 3U);
    EXPECT_EQ(paid[0].amount, 500_usdc);                  // all that the treasury has
    EXPECT_EQ(paid[1].amount, deficit - 2'000_usdc);      // what is beyond the whole offset
    EXPECT_EQ(paid[2].amount, 1'500_usdc);                // what the treasury owes still
    EXPECT_EQ(done.the<StakeSlashed>().covered, paid[1].amount);
    EXPECT_TRUE(reserve(usdc).deficit.is_zero());
    EXPECT_TRUE(umbrella().pending.is_zero());
    EXPECT_EQ(supply_of(stakers, usdc), 5'000_usdc - paid[1].amount);
    EXPECT_EQ(supply_of(treasury, usdc), Amount{});
}

TEST_F(UnderUmbrella, WATERFALL_007_stake_in_another_asset_is_pending_and_pays_for_no_second_loss) {
    given_umbrella(wsteth, {});
    const auto done = when(CoverDeficit{usdc}).happens();
    EXPECT_TRUE(done.all<LossCovered>().empty());
    const Amount covered = done.the<StakeSlashed>().covered;
    EXPECT_EQ(umbrella().pending, covered);
    EXPECT_LT(covered, deficit);  // two wstETH are worth 4,800 dollars
    EXPECT_EQ(supply_of(stakers, wsteth), aave_v3::stake_min);
    EXPECT_EQ(reserve(usdc).deficit, deficit);
    when(CoverDeficit{usdc}).is_refused(Error::layer_exhausted);
    given(Supply{treasury, usdc, 10'000_usdc});
    given(EliminateDeficit{treasury, usdc, Size::all(), DeficitPart::pending});
    EXPECT_EQ(reserve(usdc).deficit, deficit - covered);
}

TEST_F(UnderUmbrella, WATERFALL_008_what_is_pending_beyond_the_deficit_is_a_violation) {
    given_umbrella(usdc, {});
    given(SlashStake{usdc});
    ASSERT_FALSE(check_state(state).has_value());
    state.layers[1].pending = reserve(usdc).deficit + atom;
    state.layers[1].paid = state.layers[1].pending;
    ASSERT_TRUE(check_state(state).has_value());
    EXPECT_EQ(check_state(state)->rule, "WATERFALL-008");
}

}  // namespace
}  // namespace breakwater::given
