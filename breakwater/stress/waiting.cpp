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

}  // namespace breakwater
