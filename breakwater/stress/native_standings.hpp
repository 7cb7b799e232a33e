// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/math.hpp"
#include "breakwater/stress/amounts.hpp"
#include "breakwater/stress/native_standing.hpp"

/// The parts of native_standing.hpp, one table of functions for each protocol.
namespace breakwater {

inline double usd_per_atom(const Book& book, AssetId asset) {
    return static_cast<double>(book.state.feeds[index(asset)].point) * 1e-8 /
           to_double(power_of_ten(book.assets[index(asset)].decimals));
}

/// What native_standing.hpp asks of a protocol.
struct ProtocolStanding {
    std::vector<MarketStanding> (*markets)(const Book&) = nullptr;
    Positions (*borrowers)(const Book&) = nullptr;
    Positions (*of)(const Book&, std::span<const AccountId>) = nullptr;
    Solvency (*solvency)(const Book&) = nullptr;
    double (*least_bonus)(const Book&, AssetId collateral) = nullptr;
};

namespace morpho_blue {
extern const ProtocolStanding protocol_standing;
}  // namespace morpho_blue

namespace compound_v3 {
extern const ProtocolStanding protocol_standing;
}  // namespace compound_v3

}  // namespace breakwater
