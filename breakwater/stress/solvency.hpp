// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <vector>

#include "breakwater/stress/book.hpp"

/// Can each reserve pay its suppliers? What they are owed against cash, debt and the deficit that
/// is already booked.
namespace breakwater {

/// One reserve at the time of the book, interest grown up to it. Money in [USD] at the price of the
/// book.
struct ReserveStanding {
    AssetId asset{};
    double price = 0;        ///< [USD per token]
    double supplied = 0;     ///< owed to suppliers
    double to_treasury = 0;  ///< owed to the treasury, not yet minted
    double borrowed = 0;     ///< owed by borrowers
    double cash = 0;         ///< held
    double deficit = 0;      ///< debt written off that nobody has paid
    double uncovered = 0;    ///< supplied + to_treasury − borrowed − cash: deficit and residual
    double utilisation = 0;  ///< borrowed / (borrowed + cash), 0 for an empty reserve
    double borrow_rate = 0;  ///< [per year]
    double supply_rate = 0;  ///< [per year]
    double supply_cap = 0;   ///< 0: none
    double borrow_cap = 0;   ///< 0: none
};

struct Solvency {
    std::vector<ReserveStanding> reserves;  ///< by AssetId
    double supplied = 0;                    ///< [USD]
    double borrowed = 0;                    ///< [USD]
    double cash = 0;                        ///< [USD]
    double deficit = 0;                     ///< [USD]
};

/// Assets without a price count as 0 USD.
Solvency solvency_of(const Book& book);

}  // namespace breakwater
