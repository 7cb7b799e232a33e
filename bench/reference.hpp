// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <string>

#include "book.hpp"

/// The book of `generate`, on the market in bench/reference: eight assets of the Aave v3 example.
namespace breakwater::bench {

struct ReferenceBook {
    Book book;
    std::string input_hash;  ///< of market.toml, accounts and seed, as every report has it
};
ReferenceBook reference_book(std::uint32_t accounts, std::uint64_t seed);

/// Nine numbers: below them are 10 %, 20 %, ... of the accounts with debt.
std::string health_deciles(const Book& book);

}  // namespace breakwater::bench
