// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "../reference/aave_v3.hpp"
#include "breakwater/core/interest.hpp"
#include "breakwater/core/rulebooks/aave_v3_reserves.hpp"
#include "chance.hpp"
#include "given.hpp"

/// How balances grow: INTEREST-001 to INTEREST-003, AAVE-001, AAVE-002.
namespace breakwater::given {
namespace {

constexpr std::uint64_t year = 31'536'000;
constexpr Ray percent(uint128 n) {
    return {ray / 100 * n};
}

TEST(Interest, INTEREST_001_a_supply_index_grows_on_a_line) {
    Checked m;
    EXPECT_EQ(linear_growth(m, percent(10), 0).raw, ray);
    EXPECT_EQ(linear_growth(m, percent(10), year / 2).raw, ray + ray / 20);
    EXPECT_EQ(linear_growth(m, percent(10), year).raw, ray + ray / 10);
    EXPECT_EQ(linear_growth(m, percent(10), 3 * year).raw, ray + 3 * (ray / 10));
    EXPECT_EQ(linear_growth(m, {0}, 3 * year).raw, ray);
}

TEST(Interest, INTEREST_001_the_fraction_of_a_year_is_floored) {
    Checked m;
    EXPECT_EQ(linear_growth(m, {year - 1}, 1).raw, ray);
    EXPECT_EQ(linear_growth(m, {year}, 1).raw, ray + 1);
    EXPECT_EQ(linear_growth(m, {2 * year - 1}, 1).raw, ray + 1);
    EXPECT_EQ(linear_growth(m, {2 * year}, 1).raw, ray + 2);
}

TEST(Interest, INTEREST_002_a_borrow_index_grows_by_three_terms) {
    Checked m;
    EXPECT_EQ(compound_growth(m, percent(10), 0).raw, ray);
    // 1 + 0.1 + 0.005 + 0.001/6, the last half up
    const uint128 tenth =
        ray + ray / 10 + (uint128{5'166'666U} * power_of_ten(18) + 666'666'666'666'666'667U);
    EXPECT_EQ(compound_growth(m, percent(10), year).raw, tenth);
    EXPECT_EQ(compound_growth(m, percent(100), year).raw, 2 * ray + ray * 2 / 3);
}

TEST(Interest, INTEREST_002_products_are_rounded_half_up) {
    Checked m;
    // x·(x/2 + …) with x = 10^14 is 0.5 × 10^28 / 10^27 = 5 and the third term is nothing.
    const uint128 x = 100'000'000'000'000U;
    EXPECT_EQ(compound_growth(m, {x * year}, 1).raw, ray + x + 5);
    // x² / 2 = 0.5 ray units rounds up, a little less rounds down.
    const uint128 edge = 31'622'776'601'684U;  // ⌈√10^27⌉
    EXPECT_EQ(compound_growth(m, {edge * year}, 1).raw, ray + edge + 1);
    EXPECT_EQ(compound_growth(m, {(edge - 2) * year}, 1).raw, ray + edge - 2);
}

TEST(Interest, INTEREST_001_and_002_a_rate_that_leaves_128_bits_sets_the_flag) {
    Checked m;
    (void)compound_growth(m, {uint128_max}, year);
    EXPECT_TRUE(m.overflow());
    Checked n;
    (void)linear_growth(n, {uint128_max}, 2 * year);
    EXPECT_TRUE(n.overflow());
}

class Curve : public testing::Test {
  protected:
    [[nodiscard]] Rates at(uint128 debt, uint128 cash, uint128 deficit = 0) const {
        Checked m;
        return next_rates(
            m, curve,
            {.debt = {debt}, .cash = {cash}, .deficit = {deficit}, .reserve_factor = 1'000});
    }
    KinkedCurve curve{.optimal_usage = 8'000, .base = 100, .slope1 = 400, .slope2 = 6'000};
};

TEST_F(Curve, INTEREST_003_without_debt_there_is_the_base_and_nothing_for_suppliers) {
    EXPECT_EQ(at(0, 100).borrow.raw, ray / 100);
    EXPECT_EQ(at(0, 0).borrow.raw, ray / 100);
    EXPECT_TRUE(at(0, 100, 5).liquidity.is_zero());
}

TEST_F(Curve, INTEREST_003_below_at_and_above_the_kink) {
    EXPECT_EQ(at(40, 60).borrow, Ray{ray / 100 * 3});   // base + 4 % × 0.4/0.8
    EXPECT_EQ(at(80, 20).borrow, Ray{ray / 100 * 5});   // base + slope 1
    EXPECT_EQ(at(90, 10).borrow, Ray{ray / 100 * 35});  // + 60 % × 0.1/0.2
    EXPECT_EQ(at(100, 0).borrow, Ray{ray / 100 * 65});  // all of it
    const Rates below = at(800'000 - 1, 200'000 + 1);
    const Rates above = at(800'000 + 1, 200'000 - 1);
    EXPECT_LT(below.borrow, at(80, 20).borrow);
    EXPECT_GT(above.borrow, at(80, 20).borrow);
    EXPECT_GT(above.borrow - at(80, 20).borrow, at(80, 20).borrow - below.borrow);  // steeper
}

TEST_F(Curve, INTEREST_003_suppliers_earn_usage_less_the_reserve_factor) {
    EXPECT_EQ(at(80, 20).liquidity, Ray{ray / 1'000 * 36});      // 5 % × 0.8 × 0.9
    EXPECT_EQ(at(90, 10).liquidity, Ray{ray / 10'000 * 2'835});  // 35 % × 0.9 × 0.9
}

TEST_F(Curve, INTEREST_003_a_deficit_lowers_what_suppliers_earn_and_nothing_else) {
    EXPECT_EQ(at(80, 20, 60).borrow, at(80, 20).borrow);
    EXPECT_EQ(at(80, 20, 60).liquidity, Ray{ray / 10'000 * 225});  // 5 % × 80/160 × 0.9
}

TEST_F(Curve, INTEREST_003_agrees_with_the_slow_twin) {
    constexpr std::uint64_t seed = 31;
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededChance chance(seed);
    for (int i = 0; i < 20'000; ++i) {
        aave_v3::Parameters p;
        p.optimal_usage = static_cast<std::uint16_t>(100 + chance.below(9'801));
        p.base_rate = static_cast<std::uint32_t>(chance.below(10'000));
        p.slope1 = static_cast<std::uint32_t>(chance.below(10'000));
        p.slope2 = static_cast<std::uint32_t>(chance.below(80'000));
        p.reserve_factor = static_cast<std::uint16_t>(chance.below(10'001));
        aave_v3::Reserve r;
        r.borrowed = {chance.wide(100)};
        r.cash = {chance.wide(100)};
        r.deficit = {chance.one_in(2) ? 0 : chance.wide(100)};
        r.borrow_index.raw += chance.wide(88);
        Checked m;
        const Rates got = aave_v3::rates_of(m, p, r);
        const reference::Rates expected = reference::rates_of(p, r);
        ASSERT_FALSE(m.overflow());
        ASSERT_EQ(reference::number(got.borrow.raw), expected.borrow) << i;
        ASSERT_EQ(reference::number(got.liquidity.raw), expected.liquidity) << i;
    }
}

class Accrual : public Given {
  protected:
    Accrual() {
        given(Supply{lender, usdc, 1'000'000_usdc});
        given(Supply{borrower, weth, 1'000_weth});
    }
};

TEST_F(Accrual, AAVE_001_both_indices_grow_at_the_first_touch_of_a_new_time) {
    given(Borrow{borrower, usdc, 800'000_usdc});  // 4 % and 2.88 %
    later(year);
    const auto accrued =
        when(Repay{borrower, usdc, Size::exactly(1_usdc)}).happens().the<Accrued>();
    EXPECT_EQ(accrued.liquidity_index.raw, ray + ray / 10'000 * 288);
    Checked m;
    EXPECT_EQ(accrued.borrow_index, compound_growth(m, percent(4), year));
    EXPECT_EQ(reserve(usdc).updated, now);
    EXPECT_TRUE(
        when(Repay{borrower, usdc, Size::exactly(1_usdc)}).happens().all<Accrued>().empty());
}

TEST_F(Accrual, AAVE_001_without_debt_nothing_grows) {
    change(usdc, [](auto& p) { p.base_rate = 500; });
    later(year);
    given(Supply{lender, usdc, 1_usdc});
    EXPECT_EQ(reserve(usdc).borrow_index.raw, ray);
    EXPECT_EQ(reserve(usdc).liquidity_index.raw, ray);
    EXPECT_EQ(reserve(usdc).updated, now);
}

TEST_F(Accrual, AAVE_002_the_treasury_is_owed_its_share_of_the_interest) {
    given(Borrow{borrower, usdc, 800'000_usdc});
    later(year);
    change(usdc, [](auto&) {});
    Checked m;
    const uint128 grown = compound_growth(m, percent(4), year).raw - ray;
    const uint128 share = m.percent_mul_half_up(m.ray_mul_down((800'000_usdc).raw, grown), 1'000);
    EXPECT_EQ(reserve(usdc).accrued_to_treasury.raw,
              m.ray_div_down(share, reserve(usdc).liquidity_index.raw));
    EXPECT_GT(share, (3'200_usdc).raw);  // a tenth of a little over 32,000
}

TEST_F(Accrual, AAVE_002_without_a_reserve_factor_the_treasury_is_owed_nothing) {
    change(usdc, [](auto& p) { p.reserve_factor = 0; });
    given(Borrow{borrower, usdc, 800'000_usdc});
    later(year);
    change(usdc, [](auto&) {});
    EXPECT_TRUE(reserve(usdc).accrued_to_treasury.is_zero());
}

TEST_F(Accrual, BOOK_003_interest_goes_to_suppliers_and_treasury_and_rounding_stays) {
    given(Borrow{borrower, usdc, 800'000_usdc});
    for (int i = 0; i < 200; ++i) {
        later(86'400);
        given(Repay{borrower, usdc, Size::exactly(1_usdc)});
    }
    const auto left = static_cast<std::int64_t>(residual(reserve(usdc)));
    EXPECT_GE(left, 0);              // the line lies below the curve
    EXPECT_LT(left, 2'000'000'000);  // 2,000 of 18,000 usdc of interest are not yet allocated
}

TEST_F(Accrual, AAVE_033_what_accrued_is_minted_share_for_share) {
    given(Borrow{borrower, usdc, 800'000_usdc});
    later(year);
    change(usdc, [](auto&) {});
    const Scaled accrued = reserve(usdc).accrued_to_treasury;
    const Scaled before = reserve(usdc).supplied;
    when(MintToTreasury{usdc}).happens();
    EXPECT_TRUE(reserve(usdc).accrued_to_treasury.is_zero());
    EXPECT_EQ(reserve(usdc).supplied, before + accrued);
    EXPECT_EQ(leg(treasury, usdc).supplied(), accrued);
    EXPECT_TRUE(when(MintToTreasury{usdc}).happens().effects().empty());
    change(usdc, [](auto& p) { p.flags = 0; });
    later(year);
    EXPECT_TRUE(when(MintToTreasury{usdc}).happens().effects().empty());
}

TEST_F(Accrual, AAVE_031_the_old_curve_and_factor_hold_up_to_now) {
    given(Borrow{borrower, usdc, 800'000_usdc});
    later(year);
    change(usdc, [](auto& p) {
        p.slope1 = 800;
        p.reserve_factor = 5'000;
    });
    Checked m;
    EXPECT_EQ(reserve(usdc).borrow_index, compound_growth(m, percent(4), year));
    EXPECT_EQ(reserve(usdc).liquidity_index.raw, ray + ray / 10'000 * 288);
    const Rates rates =
        aave_v3::rates_of(m, aave_market(state).parameters[index(usdc)], reserve(usdc));
    EXPECT_EQ(reserve(usdc).borrow_rate, rates.borrow);
    EXPECT_GT(rates.borrow, percent(8));  // the interest has pushed usage above the optimum
    auto other = aave_market(state).parameters[index(usdc)];
    other.decimals = 7;
    when(SetParameters{usdc, other}).is_refused(Error::parameters_invalid);
}

}  // namespace
}  // namespace breakwater::given
