// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <tuple>
#include <utility>

#include "breakwater/core/liquidation/watch.hpp"
#include "breakwater/core/require.hpp"

namespace breakwater {

namespace {

/// Weights are at most 2^weight_bits.
constexpr int weight_bits = 120;

}  // namespace

void Watch::begin_build(std::uint32_t account_count) {
    REQUIRE(account_count <= Sleepers::accounts_max);
    place_.assign(account_count, not_watched);
    sleepers_.clear();
    pairs_.clear();
    members_.clear();
    due_.clear();
    moved_.clear();
    next_serial_ = 1;
    built_accounts_ = account_count;
}

/// Slop is folded into the weight of the debt as it is worth at 1/2^fall_bits of the present unit value, so that the
/// order of a pair never changes. A debt so small that this is too much for it is watched on its own.
bool Watch::add_to_pair(AccountId account, const WatchLeg& collateral, const WatchLeg& debt) {
    const std::size_t c = side_index(collateral.asset, Side::collateral);
    const std::size_t d = side_index(debt.asset, Side::debt);
    const uint128 slop = integer_up(ratio_up(slop_, {~value_[d]}, 1 + static_cast<int>(fall_bits)));
    if (slop > debt.weight / 64) return false;
    const Magnitude edge =
        ratio_down(magnitude_down(collateral.weight), magnitude_up(debt.weight + slop), edge_scale);
    const bool is_steady = this->is_steady(std::array{collateral, debt}) &&
                           slop <= debt.weight >> doubt_.bits && edge.exponent() > 1 &&
                           edge.exponent() < 255;
    members_.push_back(
        {edge.bits, index(account), static_cast<std::uint16_t>(c << 8U | d), is_steady});
    place_[index(account)] = in_pair;
    return true;
}

std::span<const PackedLeg> Watch::pack(std::span<const WatchLeg> legs) {
    REQUIRE(legs.size() <= Sleepers::legs_max);
    std::size_t n = 0;
    for (const Side side : {Side::collateral, Side::debt}) {
        for (const WatchLeg& leg : legs) {
            if (leg.side != side) continue;
            REQUIRE(leg.weight <= uint128{1} << weight_bits);
            packed_[n++] = pack_leg(
                static_cast<unsigned>(side_index(leg.asset, leg.side)),
                leg.side == Side::debt ? magnitude_up(leg.weight) : magnitude_down(leg.weight));
        }
    }
    return std::span{packed_}.first(legs.size());
}

/// An atomic unit is at most ε of every leg.
bool Watch::is_steady(std::span<const WatchLeg> legs) const {
    if (doubt_.bits == 0) return false;
    return std::all_of(legs.begin(), legs.end(), [&](const WatchLeg& leg) {
        return leg.weight > doubt_.weight << doubt_.bits;
    });
}

void Watch::add_built(AccountId account, std::span<const WatchLeg> legs) {
    if (!has_debt(legs)) return;
    const auto packed = pack(legs);
    if (legs.size() == 2 && legs[0].side != legs[1].side) {
        const bool debt_first = legs[0].side == Side::debt;
        if (add_to_pair(account, legs[debt_first ? 1 : 0], legs[debt_first ? 0 : 1])) return;
    }
    place_[index(account)] = sleepers_.append(index(account), packed, {.is_steady = is_steady(legs)}) + place_base;
}

void Watch::build_pairs() {
    std::sort(members_.begin(), members_.end(), [](const Member& a, const Member& b) {
        return std::tie(a.sides, a.edge, a.account) < std::tie(b.sides, b.edge, b.account);
    });
    member_edge_.clear();
    member_account_.clear();
    for (std::uint32_t i = 0; i < members_.size(); ++i) {
        const Member& member = members_[i];
        if (i == 0 || member.sides != members_[i - 1].sides) {
            const auto c = static_cast<std::uint8_t>(member.sides >> 8U);
            const auto d = static_cast<std::uint8_t>(member.sides & 0xFFU);
            pairs_.push_back({.first = i, .last = i, .front = i, .collateral = c, .debt = d});
        }
        pairs_.back().last = i + 1;
        member_edge_.push_back(member.edge);
        member_account_.push_back(member.account | (member.is_steady ? steady_bit : 0));
    }
    members_ = {};
}

void Watch::finish_build() {
    build_pairs();
    sleepers_.mark_built();

    std::vector<std::vector<Trigger>> triggers(queue_.size());
    const auto enter = [&](Object object, std::span<const PackedLeg> legs, Magnitude slop) {
        if (share_cushion(legs, sides(), slop, 0, keys_) != Cover::some) {
            due_.push_back({.object = object});
            return;
        }
        for (std::size_t i = 0; i < legs.size(); ++i) {
            if (keys_[i] != 0)
                triggers[legs[i].side()].push_back({.key = keys_[i], .object = object});
        }
    };
    for (std::uint32_t i = 0; i < pairs_.size(); ++i) {
        const Pair& pair = pairs_[i];
        const auto legs = pair_legs(pair.collateral, pair.debt, member_edge_[pair.front]);
        enter(pair_flag | i, legs, {});
    }
    for (Object object = 0; object < sleepers_.end();) {
        const auto legs = sleepers_.legs(object);
        enter(object, legs, slop_);
        object += static_cast<Object>(1 + legs.size());
    }
    for (std::size_t side = 0; side < queue_.size(); ++side) {
        queue_[side].build(std::move(triggers[side]), value_[side], stride_[side]);
        next_[side] = queue_[side].key_max();
    }
    pending_ = {};
    built_value_ = value_;
    built_next_ = next_;
    built_due_ = due_;
    told_ = true;
}

}  // namespace breakwater
