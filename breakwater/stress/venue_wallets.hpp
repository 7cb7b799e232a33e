// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>

#include "breakwater/stress/venue_book.hpp"

/// Accounts that a scenario's attackers have in a venue and its book does not.
namespace breakwater {

struct Wallets {
    std::uint32_t count = 0;
    bool are_linked = false;  ///< declared as one cluster

    friend bool operator==(const Wallets&, const Wallets&) = default;
};
inline constexpr std::uint32_t wallets_max = 100'000;

/// Empty accounts behind the book's, "attacker-N" after their row. The same calls make the same
/// state. The first of them.
AccountId open_wallets(VenueBook& venue, const Wallets& wallets);

}  // namespace breakwater
