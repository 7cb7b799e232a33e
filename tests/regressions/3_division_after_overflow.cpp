// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "../core/given.hpp"

/// A sum that wraps sets the flag and goes on with its low bits. A supply of exactly 2^128 − cash −
/// debt wrapped what is lent or lendable to zero, and the next division by it stopped the process
/// before the flag was asked (AAVE-005, INTEREST-003).
namespace breakwater::given {
namespace {

using DivisionAfterOverflow = Given;

TEST_F(DivisionAfterOverflow, AAVE_005_an_amount_that_wraps_the_reserve_to_zero_is_refused) {
    given_liquidity();
    given(Supply{borrower, weth, 10_weth});
    given(Borrow{borrower, usdc, 10'000_usdc});
    const uint128 lendable = reserve(usdc).cash.raw + debt_of(borrower, usdc).raw;
    const uint128 edge = uint128_max - lendable + 1;
    when(Supply{lender, usdc, {edge - 1}}).is_refused(Error::amount_overflow);
    when(Supply{lender, usdc, {edge}}).is_refused(Error::amount_overflow);
    when(Supply{lender, usdc, {edge + 1}}).is_refused(Error::amount_overflow);
}

}  // namespace
}  // namespace breakwater::given
