// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "../core/given.hpp"

/// An index that grew beyond 128 bits was refused the first time and remembered; the second event of
/// the same time found it in GrownIndices, without the overflow, and went on with its low bits
/// (AAVE-001, ENGINE-001).
namespace breakwater::given {
namespace {

using OverflowRemembered = Given;

TEST_F(OverflowRemembered, AAVE_001_an_index_that_does_not_fit_is_refused_every_time) {
    given_liquidity();
    given(Supply{borrower, weth, 10_weth});
    given(Borrow{borrower, usdc, 10'000_usdc});
    aave_market(state).reserves[index(usdc)].borrow_rate = {ray * 1'000};
    later(20 * 31'536'000ULL);
    for (int i = 0; i < 3; ++i)
        when(Supply{lender, usdc, 1_usdc}).is_refused(Error::amount_overflow);
}

}  // namespace
}  // namespace breakwater::given
