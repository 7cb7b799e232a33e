// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/book.hpp"

/// A small Aave market for tests: four assets of 18, 6 and 8 decimals, two e-modes, six actors, nobody with a balance.
/// Round parameters, so that an expectation can be worked out in the head.
namespace breakwater::given {

inline constexpr AssetId weth{0};    ///< 18 decimals, $2,000, threshold 82.5 %, bonus 5 %
inline constexpr AssetId usdc{1};    ///< 6 decimals, $1, threshold 78 %, bonus 4 %
inline constexpr AssetId wbtc{2};    ///< 8 decimals, $30,000, threshold 75 %, bonus 10 %
inline constexpr AssetId wsteth{3};  ///< 18 decimals, $2,400, threshold 80 %, bonus 6 %
inline constexpr std::size_t assets = 4;

inline constexpr AccountId treasury{0};
inline constexpr AccountId lender{1};
inline constexpr AccountId borrower{2};
inline constexpr AccountId liquidator{3};
inline constexpr AccountId bystander{4};
inline constexpr AccountId coverer{5};
inline constexpr std::uint32_t actors = 6;

inline constexpr std::uint16_t emode_eth = 1;  ///< weth and wsteth at 95 %, only weth to borrow
inline constexpr std::uint16_t emode_isolated =
    2;  ///< wsteth only, usdc to borrow, the rest powerless
inline constexpr std::uint16_t emode_missing = 3;  ///< a row without a category

inline constexpr std::uint64_t start = 1'700'000'000;  ///< [s] when the market opens

inline constexpr Amount atom{1};
constexpr Amount operator""_weth(unsigned long long n) {
    return {n * wad};
}
constexpr Amount operator""_wsteth(unsigned long long n) {
    return {n * wad};
}
constexpr Amount operator""_usdc(unsigned long long n) {
    return {uint128{n} * 1'000'000};
}
constexpr Amount operator""_wbtc(unsigned long long n) {
    return {uint128{n} * 100'000'000};
}
constexpr Price operator""_usd(unsigned long long n) {
    return {uint128{n} * 100'000'000};
}

/// The market before its first event, every asset priced, `count` accounts.
State small_market(std::uint32_t count = actors);

}  // namespace breakwater::given
