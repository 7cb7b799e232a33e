// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <gtest/gtest.h>

#include "breakwater/core/rulebooks/aave_v4.hpp"
#include "breakwater/core/rulebooks/euler_v2.hpp"
#include "calling.hpp"

/// What must follow from the formulas of Aave v4 and Euler v2, worked out by hand; no contract has been asked.
namespace breakwater::calc {
namespace {

constexpr auto one = static_cast<std::uint64_t>(wad);

TEST(Unverified, AAVE4_001_the_bonus_grows_as_health_falls) {
    const aave_v4::BonusTerms terms{
        .bonus_max = 11'000, .health_for_bonus_max = one * 8 / 10, .bonus_min_factor = 5'000};
    EXPECT_EQ(aave_v4::liquidation_bonus(one, terms), 10'500U);
    EXPECT_EQ(aave_v4::liquidation_bonus(one * 9 / 10, terms), 10'750U);
    EXPECT_EQ(aave_v4::liquidation_bonus(one * 9 / 10 + 1, terms), 10'749U);  // floored
    EXPECT_EQ(aave_v4::liquidation_bonus(one * 8 / 10, terms), 11'000U);
    EXPECT_EQ(aave_v4::liquidation_bonus(0, terms), 11'000U);
}

/// 10 tokens at 1,000 USD with factor 80 % against 9,000 USD: health 8/9.
aave_v4::Position position() {
    return {.total_debt_value = BigInteger(9'000) * big_power_of_ten(26),
            .health_factor = 888'888'888'888'888'888,
            .target_health = one,
            .collateral_factor = 8'000,
            .bonus = 10'500,
            .protocol_fee = 1'000,
            .debt = BigInteger(9'000) * big_power_of_ten(6),
            .debt_unit = big_power_of_ten(6),
            .debt_price = big_power_of_ten(8),
            .collateral = BigInteger(10) * big_power_of_ten(18),
            .collateral_unit = big_power_of_ten(18),
            .collateral_price = BigInteger(1'000) * big_power_of_ten(8)};
}

TEST(Unverified, AAVE4_002_a_liquidation_of_that_size_restores_the_target) {
    // 9,000 · (1 − 8/9) / (1 − 1.05 · 0.8) = 6,250 USD.
    EXPECT_EQ(aave_v4::debt_to_target_up(position()), BigInteger(6'250) * big_power_of_ten(6) + 1);
    const auto size = aave_v4::liquidation_size(position(), BigInteger(9) * big_power_of_ten(9));
    ASSERT_TRUE(size.has_value());
    const BigInteger debt_left = position().debt - size->repaid;
    const BigInteger left = position().collateral - size->seized;
    // health = left · 1,000 · 0.8 / debt left, to nine digits
    const BigInteger health = div_down(left * BigInteger(800) * big_power_of_ten(6), debt_left);
    EXPECT_GE(health, big_power_of_ten(18));
    EXPECT_LT(health, big_power_of_ten(18) + big_power_of_ten(9));
    // A tenth of the bonus, 5/105 of what is seized, stays with the protocol.
    EXPECT_EQ(size->seized - size->to_liquidator,
              div_down(size->seized * BigInteger(5), BigInteger(1'050)));
}

TEST(Unverified, AAVE4_002_where_the_bonus_eats_the_repayment_the_target_is_no_limit) {
    auto p = position();
    p.collateral_factor = 9'600;
    p.bonus = 10'500;
    EXPECT_TRUE(aave_v4::debt_to_target_up(p).is_lost());
}

TEST(Unverified, AAVE4_003_no_dust_is_left_on_either_side) {
    auto p = position();
    p.debt = BigInteger(6'900) * big_power_of_ten(6);  // 650 USD would be left
    const auto all = aave_v4::liquidation_size(p, p.debt);
    ASSERT_TRUE(all.has_value());
    EXPECT_EQ(all->repaid, p.debt);
    const auto less = aave_v4::liquidation_size(p, BigInteger(6'300) * big_power_of_ten(6));
    ASSERT_FALSE(less.has_value());
    EXPECT_EQ(less.error(), Error::dust_left);
    p = position();
    p.collateral = BigInteger(7) * big_power_of_ten(18);  // 437 USD would be left: all goes
    const auto whole = aave_v4::liquidation_size(p, p.debt);
    ASSERT_TRUE(whole.has_value());
    EXPECT_EQ(whole->seized, p.collateral);
    EXPECT_EQ(whole->repaid, BigInteger(int128{6'666'666'667}));  // ⌈7,000 / 1.05⌉
}

TEST(Unverified, EULER_001_a_lower_ltv_comes_linearly_and_a_higher_one_at_once) {
    EXPECT_EQ(euler_v2::liquidation_ltv({9'000, 8'000, 100, 100}), 9'000U);
    EXPECT_EQ(euler_v2::liquidation_ltv({9'000, 8'000, 50, 100}), 8'500U);
    EXPECT_EQ(euler_v2::liquidation_ltv({9'000, 8'000, 1, 300}), 8'003U);
    EXPECT_EQ(euler_v2::liquidation_ltv({9'000, 8'000, 0, 100}), 8'000U);
    EXPECT_EQ(euler_v2::liquidation_ltv({8'000, 9'000, 100, 100}), 9'000U);
}

/// 900 owed, collateral worth 1,000 with an LTV of 85.5 %: health 0.95.
euler_v2::Violation violation() {
    return {.liability = BigInteger(900'000'000),
            .liability_value = BigInteger(900) * big_power_of_ten(18),
            .collateral = BigInteger(2'000'000'000),
            .collateral_value = BigInteger(1'000) * big_power_of_ten(18),
            .collateral_adjusted_value = BigInteger(855) * big_power_of_ten(18),
            .discount_max = one * 15 / 100};
}

TEST(Unverified, EULER_002_the_discount_is_the_shortfall_of_health) {
    EXPECT_EQ(*euler_v2::discount_factor(violation()), BigInteger(95) * big_power_of_ten(16));
    auto deep = violation();
    deep.collateral_adjusted_value = BigInteger(500) * big_power_of_ten(18);
    EXPECT_EQ(*euler_v2::discount_factor(deep), BigInteger(85) * big_power_of_ten(16));
    auto sound = violation();
    sound.collateral_adjusted_value = sound.liability_value;
    EXPECT_TRUE(euler_v2::discount_factor(sound).has_value());  // not above: in violation
    sound.collateral_adjusted_value = sound.liability_value + 1;
    EXPECT_FALSE(euler_v2::discount_factor(sound).has_value());
}

TEST(Unverified, EULER_003_a_liquidator_takes_over_debt_for_more_collateral) {
    const auto all = euler_v2::takeover(violation(), BigInteger::lost());
    ASSERT_TRUE(all.has_value());
    EXPECT_EQ(all->repaid, BigInteger(900'000'000));
    EXPECT_EQ(all->seized, BigInteger(1'894'736'842));  // 900 / 0.95 of 1,000, floored
    const auto half = euler_v2::takeover(violation(), BigInteger(450'000'000));
    ASSERT_TRUE(half.has_value());
    EXPECT_EQ(half->seized, BigInteger(947'368'421));
    EXPECT_FALSE(euler_v2::takeover(violation(), BigInteger(900'000'001)).has_value());
    auto short_of = violation();
    short_of.collateral_value = BigInteger(500) * big_power_of_ten(18);
    const auto less = euler_v2::takeover(short_of, BigInteger::lost());
    EXPECT_EQ(less->repaid, BigInteger(475'000'000));
    EXPECT_EQ(less->seized, short_of.collateral);
    short_of.collateral_value = 0;
    EXPECT_EQ(euler_v2::takeover(short_of, BigInteger::lost())->repaid, BigInteger(0));
}

TEST(Unverified, CALC_001_they_are_listed_apart) {
    for (const char* name : {"aave_v4.liquidation_bonus", "aave_v4.liquidation",
                             "euler_v2.liquidation_ltv", "euler_v2.liquidation"}) {
        const Function* f = find_function(name);
        ASSERT_NE(f, nullptr) << name;
        EXPECT_FALSE(f->official) << name;
        EXPECT_NE(f->summary.find("unverified"), std::string_view::npos) << name;
    }
}

}  // namespace
}  // namespace breakwater::calc
