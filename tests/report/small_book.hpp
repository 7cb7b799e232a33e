// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/stress/book.hpp"

/// A book small enough to be worked out by hand. Prices: WETH 2,000, wstETH 2,400 (pegged to WETH),
/// USDC 1.
///
///   account  collateral                 debt                    health
///   lender   1,000 WETH, 10M USDC       none
///   whale    100 WETH (200k)            130k USDC               200k · 0.80 / 130k = 1.2308
///   looper   100 wstETH (240k), e-mode  110 WETH (220k)         240k · 0.95 / 220k = 1.0364
///   farmer   50 WETH (100k), 50k USDC   30 WETH (60k), 20k USDC (80k + 37.5k) / 80k = 1.4688
///   naked    none                       500 USDC                0
namespace breakwater::test {

inline constexpr AssetId weth{0};
inline constexpr AssetId wsteth{1};
inline constexpr AssetId usdc{2};
inline constexpr AccountId lender{0};
inline constexpr AccountId whale{1};
inline constexpr AccountId looper{2};
inline constexpr AccountId farmer{3};
inline constexpr AccountId naked{4};

struct SmallBookOptions {
    std::string name = "small book";
    std::string whale_name = "whale";
    bool layer = false;  ///< 1,000 USDC of cover
};
Book small_book(const SmallBookOptions& options = {});

/// The same market with as many random borrowers; indices above one.
Book random_book(std::uint64_t seed, std::uint32_t accounts);

}  // namespace breakwater::test
