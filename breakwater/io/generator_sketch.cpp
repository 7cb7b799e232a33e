// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/generator_sketch.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "breakwater/core/math.hpp"
#include "breakwater/world/math.hpp"
#include "breakwater/world/random.hpp"

namespace breakwater {
namespace {

// Sizes within a role, in medians: log-normal up to the 95 % quantile, Pareto beyond.
constexpr double body_deviation = 2.3;
constexpr double tail_from = 0.95;
constexpr double tail_exponent = 1.1;
constexpr double tail_cut = 5e-5;   ///< no size beyond the quantile 1 − 5e-5
constexpr double share_max = 0.06;  ///< of the role's total in one account
constexpr double debt_least = 20;   ///< [USD]

enum Draw : std::uint32_t { order, rank, health_kind, health_level, several, split, first_free };

/// Borrowers keep close to the edge in a bunch, the rest far from it; large accounts are run
/// tighter.
double leveraged_health(std::uint64_t seed, std::uint32_t account, double size) {
    const double u = generator_draw(seed, account, health_level);
    if (generator_draw(seed, account, health_kind) < 0.015) return 1.01 + 0.14 * u;
    const double large = size > 5e6 ? 0.8 : 1.0;
    const double above = 0.90 * large * exp_(0.80 * normal_quantile(u));
    return 1.015 + std::min(above, 8.0);
}

double health_of(Role role, std::uint64_t seed, std::uint32_t account, double size) {
    const double u = generator_draw(seed, account, health_level);
    switch (role) {
        case Role::lender:
            return 0;
        case Role::leveraged:
            return leveraged_health(seed, account, size);
        case Role::correlated_loop:
        case Role::stable_loop:
            return 1.02 + 0.06 * u;
        case Role::short_seller:
            return leveraged_health(seed, account, size);
        case Role::stable_pair:
            return 1.03 + 0.5 * u;
    }
    return 0;
}

Role substitute(Role role, std::span<const bool, role_count> possible) {
    if (possible[static_cast<std::size_t>(role)]) return role;
    if (possible[static_cast<std::size_t>(Role::leveraged)]) return Role::leveraged;
    for (std::size_t r = 1; r < role_count; ++r)
        if (possible[r]) return static_cast<Role>(r);
    return Role::lender;
}

/// Sizes of one role's accounts, one from each of equal slices of the distribution, summing to
/// `total`.
void fill_sizes(std::uint64_t seed, std::span<const std::uint32_t> members, double total,
                std::vector<AccountSketch>& out) {
    if (members.empty()) return;
    const auto count = static_cast<double>(members.size());
    for (std::size_t k = 0; k < members.size(); ++k) {
        const double u = (static_cast<double>(k) + generator_draw(seed, members[k], rank)) / count;
        out[members[k]].size = generated_size(u);
    }
    const double size_max = std::max(share_max, 1.5 / count) * total;
    constexpr int rounds = 12;  // cutting the largest leaves something to give to the others
    for (int round = 0; round < rounds; ++round) {
        double sum = 0;
        for (const std::uint32_t m : members)
            sum += out[m].size;
        for (const std::uint32_t m : members)
            out[m].size = std::min(out[m].size * (total / sum), size_max);
    }
    for (const std::uint32_t m : members)
        out[m].size = std::max(out[m].size, debt_least);
}

}  // namespace

std::array<RoleShare, role_count> shares_of_roles(std::span<const bool, role_count> possible) {
    std::array<RoleShare, role_count> out{};
    for (std::size_t r = 0; r < role_count; ++r) {
        RoleShare& share =
            out[static_cast<std::size_t>(substitute(static_cast<Role>(r), possible))];
        share.of_accounts += role_shares[r].of_accounts;
        share.of_debt += role_shares[r].of_debt;
    }
    return out;
}

double generated_size(double u) {
    const auto body = [](double p) { return exp_(body_deviation * normal_quantile(p)); };
    if (u <= tail_from) return body(u);
    const double beyond = std::max((1 - u) / (1 - tail_from), tail_cut / (1 - tail_from));
    return body(tail_from) * pow_(beyond, -1 / tail_exponent);
}

uint128 six_digits(double tokens, unsigned decimals) {
    // 10^6 > mantissa ≥ 10^5
    int exponent = static_cast<int>(decimals);
    while (tokens >= 999'999.5) {
        tokens /= 10;
        ++exponent;
    }
    while (tokens < 99'999.95) {
        tokens *= 10;
        --exponent;
        if (exponent < -40) return 0;
    }
    auto mantissa = uint128{static_cast<std::uint64_t>(std::floor(tokens + 0.5))};
    for (; exponent < 0; ++exponent)
        mantissa /= 10;
    return mantissa * power_of_ten(static_cast<unsigned>(exponent));
}

double generator_draw(std::uint64_t seed, std::uint32_t account, std::uint32_t draw) {
    return uniform(seed, account, Stream::book, 0, draw);
}

std::vector<AccountSketch> sketch_accounts(std::uint32_t accounts, std::uint64_t seed,
                                           std::span<const bool, role_count> possible,
                                           double debt_total) {
    std::vector<std::pair<double, std::uint32_t>> shuffled(accounts);
    for (std::uint32_t i = 0; i < accounts; ++i)
        shuffled[i] = {generator_draw(seed, i, order), i};
    std::ranges::sort(shuffled);
    std::vector<AccountSketch> out(accounts);
    const auto shares = shares_of_roles(possible);
    double upto = 0;
    std::uint32_t at = 0;
    std::vector<std::uint32_t> members;
    for (std::size_t r = 0; r < role_count; ++r) {
        upto += shares[r].of_accounts;
        const auto end = r + 1 == role_count
                             ? accounts
                             : static_cast<std::uint32_t>(upto * static_cast<double>(accounts));
        members.clear();
        for (; at < end; ++at)
            members.push_back(shuffled[at].second);
        // What lenders supply is scaled to what the borrowers need, so only their proportions
        // count.
        fill_sizes(seed, members, (r == 0 ? 1 : shares[r].of_debt) * debt_total, out);
        for (const std::uint32_t m : members) {
            AccountSketch& a = out[m];
            a.role = static_cast<Role>(r);
            a.health = health_of(a.role, seed, m, a.size);
            const double u = generator_draw(seed, m, several);
            const bool may_mix = a.role == Role::leveraged;
            a.collaterals = may_mix && u < 0.22 ? (u < 0.04 ? 3 : 2) : 1;
            a.debts = may_mix && u > 0.93 ? 2 : 1;
            a.split = 0.5 + 0.4 * generator_draw(seed, m, split);
        }
    }
    return out;
}

}  // namespace breakwater
