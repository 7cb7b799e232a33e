// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "../core/given.hpp"

/// A balance of shares has 120 bits. Three writers added to a balance without asking: what was minted
/// to the treasury (which asked after the sum had been cut), shares handed to a liquidator, and the
/// protocol's fee. The sum then ran into the bits of the asset's number (AAVE-027, AAVE-028,
/// AAVE-033).
namespace breakwater::given {
namespace {

class ShareBeyondItsWidth : public Given {
  protected:
    static constexpr Amount most{aave_v3::Leg::balance_max};

    /// `rich` holds all the usdc shares that fit; the borrower's 10,000 usdc stand against 3 weth, unhealthy.
    void given_unhealthy_beside(AccountId rich) {
        given(Supply{rich, usdc, most});
        given(SetCollateral{rich, usdc, false});
        given(Supply{lender, weth, 100_weth});
        given(Supply{borrower, usdc, 10'000_usdc});
        given(Borrow{borrower, weth, 3_weth});
        price(weth, 2'650_usd);
        ASSERT_TRUE(data_of(borrower).is_unhealthy());
    }
    static Liquidate all_by(AccountId who) {
        return {.borrower = borrower,
                .collateral = usdc,
                .debt = weth,
                .debt_to_cover = Size::all(),
                .liquidator = who,
                .receive_supply = true};
    }
};

TEST_F(ShareBeyondItsWidth, AAVE_033_minted_to_the_treasury) {
    given(Supply{treasury, usdc, most});
    given(Supply{borrower, weth, 10_weth});
    given(Borrow{borrower, usdc, 10'000_usdc});
    aave_market(state).reserves[index(usdc)].borrow_rate = {ray};
    later(31'536'000);
    change(usdc, [](auto&) {});
    ASSERT_FALSE(reserve(usdc).accrued_to_treasury.is_zero());
    when(MintToTreasury{usdc}).is_refused(Error::amount_overflow);
}

TEST_F(ShareBeyondItsWidth, AAVE_027_handed_to_a_liquidator) {
    given_unhealthy_beside(liquidator);
    when(all_by(liquidator)).is_refused(Error::amount_overflow);
    when(all_by(bystander)).happens();
}

TEST_F(ShareBeyondItsWidth, AAVE_028_as_the_fee_of_the_protocol) {
    given_unhealthy_beside(treasury);
    when(all_by(liquidator)).is_refused(Error::amount_overflow);
}

}  // namespace
}  // namespace breakwater::given
