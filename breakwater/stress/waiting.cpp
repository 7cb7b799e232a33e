// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/waiting.hpp"

#include <algorithm>
#include <limits>

#include "breakwater/core/rulebooks/aave_v3.hpp"

namespace breakwater {
namespace {

constexpr double usd(Value v) { return static_cast<double>(static_cast<std::uint64_t>(v.raw)) * 1e-8; }

constexpr double half_close_value = usd(aave_v3::close_factor_value_min);
constexpr double leftover = usd(aave_v3::leftover_min);
/// Above the protocol's own minimum, so that rounding and interest do not undercut it.
constexpr double leftover_kept = leftover * 1.001;
constexpr double half_close_health = 0.95;
static_assert(aave_v3::close_factor_health.raw == wad * 95 / 100 && aave_v3::close_factor == bps_one / 2);

/// The largest part of (repay, taken) that leaves something worth liquidating on both sides.
double part_without_dust(double owed, double held, double repay, double taken) {
    const double part = std::min((owed - leftover_kept) / repay, (held - leftover_kept) / taken);
    return std::clamp(part, 0.0, 1.0);
}

double of_wad(Ratio r) { return static_cast<double>(static_cast<std::uint64_t>(r.raw)) * 1e-18; }

/// The dials of our own rulebook in floats, at one account.
struct Terms {
    const house::Rules& rules;
    const Weighed& account;
    double least = 0;  ///< [1] 1 + the least bonus

    Terms(const house::Rules& r, std::span<const Holding> holdings, const Weighed& weighed)
        : rules(r), account(weighed), least(1 + r.bonus_least * 1e-4) {
        for (const Holding& c : holdings)
            if (c.side == Side::collateral) least = std::min(least, static_cast<double>(c.bonus));
    }
    [[nodiscard]] bool is_exhausted() const { return account.debt > account.collateral / least; }

    [[nodiscard]] double grossed(const Holding& c) const {
        if (is_exhausted()) return least;
        const double health = account.capacity / account.debt;
        const double whole_at = of_wad(rules.bonus_whole_at);
        const double start = rules.bonus_start * 1e-4;
        double share = start;
        if (health <= whole_at)
            share = 1;
        else if (health < 1)
            share += (1 - start) * (1 - health) / (1 - whole_at);
        const double asked = std::max(least, 1 + share * (static_cast<double>(c.bonus) - 1));
        return std::min({asked, account.collateral / account.debt,
                         account.capacity / (account.debt * static_cast<double>(c.threshold))});
    }
    /// Of one debt: to the target, or of an exhausted account its part, as far as the depth goes.
    [[nodiscard]] double wanted(const Holding& c, double grossed, double owed) const {
        double repay = is_exhausted() ? owed * account.collateral / account.debt / least : owed;
        const double target = of_wad(rules.target_health);
        const double taken = grossed * static_cast<double>(c.threshold);
        if (!is_exhausted() && target > taken)
            repay = std::clamp((target * account.debt - account.capacity) / (target - taken), 0.0,
                               owed);
        if (index(c.asset) < rules.depth.size() && !rules.depth[index(c.asset)].is_zero())
            repay = std::min(repay, usd(rules.depth[index(c.asset)]) / grossed);
        return repay;
    }
};

}  // namespace

Prospect prospect(std::span<const Holding> holdings, std::span<const ShareValue> values, const Weighed& account) {
    Prospect out;
    double incentive = -std::numeric_limits<double>::infinity();
    for (const Holding& c : holdings) {
        if (c.side == Side::debt) continue;
        const double held = c.shares * values[index(c.asset)].supplied;
        const auto bonus = static_cast<double>(c.bonus);
        for (const Holding& d : holdings) {
            if (d.side == Side::collateral) continue;
            const double owed = d.shares * values[index(d.asset)].borrowed;
            double repay = owed;
            if (!account.is_health_below(half_close_health) && held >= half_close_value && owed >= half_close_value)
                repay = std::min(owed, account.debt / 2);
            double taken = repay * bonus;
            if (taken > held) {
                taken = held;
                repay = held / bonus;
            }
            const double get = taken - (taken - taken / bonus) * static_cast<double>(c.fee);
            const bool leaves_dust = repay < owed && taken < held &&
                                     (owed - repay < leftover || held - taken < leftover);
            const bool better = leaves_dust == out.leaves_dust ? get - repay > incentive : out.leaves_dust;
            const bool is_first = incentive == -std::numeric_limits<double>::infinity();
            if (!is_first && !better) continue;
            incentive = get - repay;
            out.repay = repay;
            out.get = get;
            out.leaves_dust = leaves_dust;
            out.part_most = part_without_dust(owed, held, repay, taken);
            out.collateral = c.asset;
            out.owed = d.asset;
        }
    }
    return out;
}

Prospect own_prospect(const house::Rules& rules, std::span<const Holding> holdings,
                      std::span<const ShareValue> values, const Weighed& account) {
    Prospect out;
    const double leftover_least = usd(rules.leftover_min);
    const Terms terms(rules, holdings, account);
    double incentive = -std::numeric_limits<double>::infinity();
    for (const Holding& c : holdings) {
        if (c.side == Side::debt) continue;
        const double held = c.shares * values[index(c.asset)].supplied;
        const double grossed = terms.grossed(c);
        for (const Holding& d : holdings) {
            if (d.side == Side::collateral) continue;
            const double owed = d.shares * values[index(d.asset)].borrowed;
            const double closes = terms.is_exhausted() ? account.debt * grossed / account.collateral : 1;
            double repay = terms.wanted(c, grossed, owed);
            const auto is_dust = [&] {
                const double gone = repay * closes;
                return gone < owed && repay * grossed < held &&
                       std::min(owed - gone, held - repay * grossed) < leftover_least;
            };
            if (is_dust()) repay = owed / closes;
            const double taken = std::min(held, repay * grossed);
            repay = taken / grossed;
            const double above = std::max(0.0, taken - taken * terms.least / grossed);
            const double get = taken - above * static_cast<double>(c.fee);
            if (get - repay <= incentive) continue;
            incentive = get - repay;
            out = {.repay = repay,
                   .get = get,
                   .part_most = part_without_dust(owed, held, repay, taken),
                   .leaves_dust = false,
                   .collateral = c.asset,
                   .owed = d.asset};
        }
    }
    return out;
}

}  // namespace breakwater
