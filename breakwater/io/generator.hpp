// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>

#include "breakwater/stress/book.hpp"

/// A synthetic book with the shape of a real one, on the assets, parameters and caps of a given
/// market: the same bits for the same market, number of accounts and seed. What shape, and its
/// statistics: docs/generate.md.
namespace breakwater {

inline constexpr std::uint32_t generated_accounts_min = 10;

/// Replaces the accounts of `market` (read_market) by `accounts` synthetic ones named a00001,
/// a00002, ...; none is unhealthy. InputError where `accounts` is below the minimum or the market
/// has nothing that can be borrowed against anything.
Book generate_book(Book market, std::uint32_t accounts, std::uint64_t seed);

}  // namespace breakwater
