// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/waterfall/queues.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "breakwater/core/math_wide.hpp"
#include "breakwater/core/require.hpp"
#include "breakwater/core/waterfall/shares.hpp"

namespace breakwater {
namespace {

constexpr uint128 nano = 1'000'000'000;

/// a·b·1e9 / (c·d) toward zero. The operands are below 2^91, so that nothing but the quotient is rounded.
int128 nano_ratio(int128 a, int128 b, int128 c, int128 d) {
    const auto size = [](int128 x) { return static_cast<uint128>(x < 0 ? -x : x); };
    Checked checked;
    const Uint256 quotient =
        mul_div_down(checked, mul_wide(size(a), size(b)), nano, mul_wide(size(c), size(d)));
    constexpr uint128 top = uint128_max >> 1U;
    const bool fits = !checked.overflow() && quotient <= Uint256{top};
    const auto value = static_cast<int128>(fits ? quotient.low() : top);
    return a < 0 ? -value : value;
}

std::vector<std::size_t> ranked(std::span<const QueuedHolder> holders, QueueRule rule) {
    std::vector<int128> rank;
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < holders.size(); ++i) {
        const bool is_queued = holders[i].cushion > 0 && holders[i].lots != 0;
        rank.push_back(is_queued ? queue_rank(rule, holders[i]) : 0);
        if (is_queued) order.push_back(i);
    }
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
        return rank[a] != rank[b] ? rank[a] > rank[b] : a < b;
    });
    return order;
}

}  // namespace

int128 queue_rank(QueueRule rule, const QueuedHolder& h) {
    REQUIRE(h.cushion > 0);
    REQUIRE(h.entry_value > 0);
    REQUIRE(h.mark_value > 0);
    const auto mark = static_cast<int128>(h.mark_value);
    const auto entry = static_cast<int128>(h.entry_value);
    const int128 profit = h.is_short ? entry - mark : mark - entry;
    switch (rule) {
        case QueueRule::profit_times_leverage:
            return nano_ratio(profit, mark, h.cushion, 1);
        case QueueRule::percentage_by_leverage:
            return profit > 0 ? nano_ratio(profit, mark, entry, h.cushion)
                              : nano_ratio(profit, h.cushion, entry, mark);
        case QueueRule::price_ratio_literal:
            return nano_ratio(mark, mark, entry, h.cushion);
        case QueueRule::price_ratio_by_side:
            return h.is_short ? nano_ratio(entry, 1, h.cushion, 1)
                              : nano_ratio(mark, mark, entry, h.cushion);
    }
    return 0;
}

DeleveragingPlan plan_queue(DeleveragingNeed need, std::span<const QueuedHolder> holders,
                            QueueRule rule, LastInQueue last) {
    DeleveragingPlan out{.closings = std::vector<Closing>(holders.size()), .left = need};
    std::vector<uint128> closed(holders.size());
    for (const std::size_t i : ranked(holders, rule)) {
        if (out.left.lots == 0) break;
        const std::uint64_t part = std::min(holders[i].lots, out.left.lots);
        closed[i] = last == LastInQueue::closes_whole ? holders[i].lots : part;
        out.lots += static_cast<std::uint64_t>(closed[i]);
        out.left.lots -= part;
    }
    if (out.lots == 0) return out;
    Checked checked;
    out.haircut = checked.mul_div_up(need.loss, out.lots, need.lots);
    std::vector<uint128> haircuts(holders.size());
    apportion(out.haircut, closed, haircuts);
    for (std::size_t i = 0; i < holders.size(); ++i)
        out.closings[i] = {.lots = static_cast<std::uint64_t>(closed[i]), .haircut = haircuts[i]};
    out.left.loss = out.haircut < need.loss ? need.loss - out.haircut : 0;
    return out;
}

}  // namespace breakwater
