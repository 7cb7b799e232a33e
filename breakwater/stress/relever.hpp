// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "breakwater/stress/book.hpp"

/// The second demand case beside a change of parameters: borrowers use the new limit as they used
/// the old one. An account whose health factor the change moves from h to h' takes its debt from D
/// to
///   D' = D · h' / h,
/// where its health factor is h again: it borrows more, or repays, each of its debts in proportion.
/// Repayments come first. What is borrowed is cut to the account's loan-to-value, and for each
/// reserve in proportion to its cash and to the room under its borrow cap; every step is an event of
/// the engine, so what the protocol refuses does not happen. Accounts that are liquidatable already
/// stay as they are. What is borrowed leaves the venue: a loop does not buy collateral with it.
/// Source: docs/models.md, "Demand".
namespace breakwater {

struct Demand {
    std::uint32_t borrowers = 0;  ///< whose debt changed
    double wanted = 0;            ///< [USD] of further debt that would restore every health factor
    double borrowed = 0;          ///< [USD] of it that limits, cash and caps allow
    double repaid = 0;            ///< [USD]
};

struct Relevered {
    Book book;
    Demand demand;
};

/// `proposed` is `current` under other parameters. A sentence where an account's figures cannot be
/// had.
std::expected<Relevered, std::string> relever(const Book& current, Book proposed);

}  // namespace breakwater
