// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "breakwater/core/units.hpp"

/// First half of a synthetic book: who there is, how much each owes and how healthy it is, before
/// any asset is chosen. The figures are those of docs/generate.md, with what they are modelled on.
namespace breakwater {

enum class Role : std::uint8_t {
    lender,           ///< supplies, owes nothing
    leveraged,        ///< stable debt on volatile collateral
    correlated_loop,  ///< e-mode: a staked token against its own base
    stable_loop,      ///< e-mode: a yield-bearing dollar against another dollar
    short_seller,     ///< volatile debt on stable collateral
    stable_pair,      ///< stable debt on stable collateral, without e-mode
};
inline constexpr std::size_t role_count = 6;

struct RoleShare {
    double of_accounts = 0;
    double of_debt = 0;
};
inline constexpr std::array<RoleShare, role_count> role_shares{{
    {.of_accounts = 0.28, .of_debt = 0},
    {.of_accounts = 0.57, .of_debt = 0.76},
    {.of_accounts = 0.05, .of_debt = 0.10},
    {.of_accounts = 0.03, .of_debt = 0.06},
    {.of_accounts = 0.05, .of_debt = 0.05},
    {.of_accounts = 0.02, .of_debt = 0.03},
}};

/// One account to be. `size` is the debt of a borrower, the supply of a lender.
struct AccountSketch {
    Role role{};
    std::uint8_t collaterals = 1;
    std::uint8_t debts = 1;
    double size = 0;    ///< [USD]
    double health = 0;  ///< health factor, 0 for a lender
    double split = 0;   ///< share of the first of several collaterals or debts
};

/// The shares when only these roles can be had: those of an impossible role go to `leveraged`, or
/// else to the first role that is possible.
std::array<RoleShare, role_count> shares_of_roles(std::span<const bool, role_count> possible);

/// @param possible by Role
/// @param debt_total [USD] of all borrowers together, exact but for the smallest accounts
std::vector<AccountSketch> sketch_accounts(std::uint32_t accounts, std::uint64_t seed,
                                           std::span<const bool, role_count> possible,
                                           double debt_total);

/// Sizes in medians at probability u: log-normal up to the 95 % quantile, Pareto beyond.
double generated_size(double u);

/// Six significant digits of `tokens` > 0 as atomic units; 0 where it is less than one unit.
uint128 six_digits(double tokens, unsigned decimals);

/// Draw `draw` of account `account`, uniform on (0, 1); sketch and assets use different draws.
double generator_draw(std::uint64_t seed, std::uint32_t account, std::uint32_t draw);

}  // namespace breakwater
