// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "breakwater/core/liquidation/cushion.hpp"
#include "breakwater/core/liquidation/sleepers.hpp"
#include "breakwater/core/liquidation/trigger_queue.hpp"
#include "breakwater/core/units.hpp"

/// Which accounts may have become unhealthy? Finds exactly whom a full scan finds and looks at hardly anybody else.
///
/// An account is watched as a linear form: it can be unhealthy only if
///     Σ collateral weight × unit value  <  Σ debt weight × unit value  +  slop of each leg.
/// The rulebook says what the weights are and takes the exact look; the watch only promises never to be late. Each
/// account sleeps inside a box: one trigger per side, at the value of that side where its cushion might be used up
/// (cushion.hpp). An event that fires no trigger costs one comparison. Accounts with one collateral and one debt are
/// kept sorted by the price ratio at which they cross, per pair of assets, and only the first of a pair has triggers.
///
/// Where the rulebook also says by how much the form may be too cautious (Doubt), whoever falls short by more than that
/// is surely unhealthy and is found without a look.
///
/// Source: docs/rules.md, WATCH-001 and WATCH-005.
namespace breakwater {

struct WatchLeg {
    AssetId asset{};
    Side side{};
    uint128 weight =
        0;  ///< at most 2^120; collateral less and debt more by what one atomic unit is worth
};

/// By how much the form may be too cautious. With ε = 2^-bits, where the exact assessment says healthy
///     Σ (w + weight)·u·(1 + ε) over the collateral  ≥  Σ (w − weight)·u·(1 − ε) over the debt
/// holds for the weights w and the unit values u that the watch was given. An account with a weight that is not above
/// weight / ε is never decided without a look.
struct Doubt {
    unsigned bits = 0;   ///< 12 to 40; 0: nothing is known, and everybody who is found is looked at
    uint128 weight = 0;  ///< of one atomic unit of a leg, less than 2^80
};

class Watch {
  public:
    struct Counters {
        std::uint64_t looks = 0;   ///< exact looks
        std::uint64_t found = 0;   ///< unhealthy, by a look or without
        std::uint64_t visits = 0;  ///< cushions computed
        std::uint64_t fired = 0;   ///< triggers taken out, stale ones included
    };

    /// A table with one row an account.
    struct Rows {
        const void* first = nullptr;
        std::size_t bytes = 0;  ///< of a row
    };

    /// `slop` [weight × unit]: by how much, for each leg, the exact assessment may be stricter than the weights say.
    Watch(std::size_t asset_count, uint128 slop, Doubt doubt = {});

    /// The value of one unit of weight, on one scale for all assets, less than 2^127. Given rounded down for
    /// collateral and up for debt; every change must be told before the next collect().
    void set_unit(AssetId asset, Side side, uint128 unit) {
        const bool is_debt = side == Side::debt;
        set_value(side_index(asset, side),
                  is_debt ? ~magnitude_up(unit).bits : magnitude_down(unit).bits);
    }
    /// [2^-16, 1 to 2^16] how far the asset is expected to move, relative to the others. Changes cost, not results.
    void set_stride(AssetId asset, std::uint32_t stride);

    /// Puts accounts 0 to account_count − 1 to sleep at the present unit values; this is what rewind() comes back to.
    /// `legs_of(AccountId, std::span<WatchLeg>) → count` writes every leg that the exact look reads, at most 127, each
    /// side once, also where its weight is 0; nothing for an account that is not to be watched.
    template <class LegsOf>
    void build(std::uint32_t account_count, LegsOf&& legs_of) {
        begin_build(account_count);
        for (std::uint32_t i = 0; i < account_count; ++i) {
            const AccountId account{i};
            add_built(account, std::span{scratch_}.first(legs_of(account, std::span{scratch_})));
        }
        finish_build();
    }

    /// Appends every sleeping account that is unhealthy, in the order of their ids, which is also a full scan's; those
    /// are awake from then on. `look(AccountId) → bool` is the exact assessment, asked where there is doubt; it does
    /// not call the watch. It may say what memory it will read, so that it is there in time: `look.rows() → Rows` of
    /// the table that it enters by account, and `look.address(AccountId) → const void*` of what it finds there.
    template <class Look>
    void collect(Look&& look, std::vector<AccountId>& found) {
        if (is_quiet()) return;
        constexpr bool hints = requires {
            look.rows(), look.address(AccountId{});
        };
        if constexpr (hints) rows_ = look.rows();
        const std::size_t found_before = found.size();
        const std::span<const Candidate> candidates = gather(found);
        const std::size_t ahead = std::min<std::size_t>(candidates.size(), 12);
        if constexpr (hints) {
            for (std::size_t i = 0; i < ahead; ++i)
                fetch(look.address(candidates[i].account));
        }
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            if constexpr (hints) {
                if (i + ahead < candidates.size())
                    fetch(look.address(candidates[i + ahead].account));
            }
            const bool unhealthy = look(candidates[i].account);
            settle(candidates[i], unhealthy);
            if (unhealthy) found.push_back(candidates[i].account);
        }
        counters_.looks += candidates.size();
        counters_.found += found.size() - found_before;
        sort_new(found, found_before);
    }

    /// Puts an account to sleep with these legs: a new or awake one, or one that sleeps with other legs. Without debt
    /// it is not watched.
    void sleep(AccountId account, std::span<const WatchLeg> legs);
    /// The account is looked after elsewhere, or gone.
    void wake(AccountId account);
    [[nodiscard]] bool is_asleep(AccountId account) const;

    /// Back to what build() left, to the bit, at the cost of what was touched since. Source: WATCH-003.
    void rewind();

    [[nodiscard]] const Counters& counters() const { return counters_; }
    [[nodiscard]] std::size_t memory_bytes() const;

  private:
    using Object = std::uint32_t;  ///< row of a sleeper, or pair_flag | index of a pair
    static constexpr Object pair_flag = 0x8000'0000U;

    // place_ of an account.
    static constexpr std::uint32_t not_watched = 0;
    static constexpr std::uint32_t in_pair = 1;
    static constexpr std::uint32_t place_base = 2;

    /// Edges carry 2^edge_scale so that the smallest keeps its bits.
    static constexpr int edge_scale = 125;
    /// Debt of a pair may fall to 1/2^8 of its built unit value; below, the slop in its edge is too small, and the pair
    /// is visited as if it had stopped there.
    static constexpr unsigned fall_bits = 8;

    /// Accounts with the same single collateral and single debt, nearest to the edge first.
    struct Pair {
        std::uint32_t first = 0;
        std::uint32_t last = 0;
        std::uint32_t front = 0;  ///< everybody before has left
        std::uint32_t serial = 0;
        std::uint8_t collateral = 0;  ///< side
        std::uint8_t debt = 0;        ///< side
        std::uint8_t stay = 0;        ///< so many collect()s more before it gets triggers
    };
    /// A pair whose first crossed a moment ago is asked at every collect(), which costs a product, before its next gets
    /// triggers, which cost as much as some twenty products.
    static constexpr std::uint8_t stay_max = 12;
    struct Member {
        std::uint64_t edge;  ///< bits of collateral weight / debt weight × 2^125, rounded down
        std::uint32_t account;
        std::uint16_t sides;
        bool is_steady;  ///< the doubt about its weights is small enough
    };
    static constexpr std::uint32_t steady_bit = 0x8000'0000U;  ///< beside the account of a member
    struct Candidate {
        AccountId account{};
        Object object = 0;
        std::uint32_t member = 0;  ///< row in the pair, if the object is one
    };
    struct Moved {
        std::uint32_t account;
        std::uint32_t place;
    };

    /// 64 bytes. Always inline: GCC takes a function that only fetches for one without effect and drops it.
    [[gnu::always_inline]] static void fetch(const void* address) {
        __builtin_prefetch(address);
        __builtin_prefetch(static_cast<const char*>(address) + 63);
    }
    static constexpr std::size_t side_index(AssetId asset, Side side) {
        return std::size_t{2} * index(asset) + static_cast<std::size_t>(side);
    }
    void set_value(std::size_t side, std::uint64_t value) {
        value_[side] = value;
        told_ = true;
        pending_[side / 64] |= std::uint64_t{value < next_[side]} << (side % 64);
    }
    [[nodiscard]] bool is_quiet() const {
        return (pending_[0] | pending_[1] | pending_[2] | pending_[3]) == 0 &&
               (due_.empty() || !told_);
    }
    [[nodiscard]] const char* row(std::uint32_t account) const {
        return static_cast<const char*>(rows_.first) + account * rows_.bytes;
    }
    [[nodiscard]] Sides sides() const { return {value_, stride_}; }

    static std::array<PackedLeg, 2> pair_legs(unsigned collateral, unsigned debt,
                                              std::uint64_t edge);
    static bool has_debt(std::span<const WatchLeg> legs);

    // watch_build.cpp
    void begin_build(std::uint32_t account_count);
    void add_built(AccountId account, std::span<const WatchLeg> legs);
    void finish_build();
    void build_pairs();
    bool add_to_pair(AccountId account, const WatchLeg& collateral, const WatchLeg& debt);
    std::span<const PackedLeg> pack(std::span<const WatchLeg> legs);
    [[nodiscard]] bool is_steady(std::span<const WatchLeg> legs) const;

    std::span<const Candidate> gather(std::vector<AccountId>& found);
    void sort_new(std::vector<AccountId>& found, std::size_t first);
    void drain_pending();
    void settle(const Candidate& candidate, bool unhealthy);
    void visit(Object object, std::vector<AccountId>& found);
    void visit_pair(Object object, std::vector<AccountId>& found);
    [[nodiscard]] bool is_first_covered(const Pair& pair) const;
    [[nodiscard]] std::uint64_t sure_limit(const Pair& pair, std::uint64_t limit) const;
    bool arrange_pair_legs(Object object, std::span<const PackedLeg> legs);
    [[nodiscard]] std::uint64_t held_debt_value(unsigned side) const;

    void arrange(Object object, std::span<const PackedLeg> legs,
                 std::span<const std::uint64_t> keys);
    void put_off(Object object, std::span<const PackedLeg> legs);
    void set_place(std::uint32_t account, std::uint32_t place);
    std::uint32_t new_serial(Object object);
    void set_serial(Object object, std::uint32_t serial);
    [[nodiscard]] std::uint32_t serial_of(Object object) const;

    // By side.
    std::vector<std::uint64_t> value_;
    std::vector<std::uint64_t> next_;  ///< highest key of the queue
    std::vector<std::uint32_t> stride_;
    std::vector<TriggerQueue> queue_;
    std::array<std::uint64_t, 4> pending_{};  ///< sides whose value fell below `next_`
    Magnitude slop_;
    Doubt doubt_;

    std::vector<std::uint32_t>
        place_;  ///< by account: not_watched, in_pair, or row of the sleeper + place_base
    Sleepers sleepers_;
    std::vector<Pair> pairs_;
    std::vector<std::uint64_t> member_edge_;
    std::vector<std::uint32_t> member_account_;  ///< and steady_bit
    std::vector<Trigger> due_;  ///< to be visited at the next collect() after something was told
    bool told_ = true;          ///< a unit value or legs, since the last collect()
    std::uint32_t next_serial_ = 1;

    // What rewind() needs.
    std::vector<std::uint64_t> built_value_;
    std::vector<std::uint64_t> built_next_;
    std::vector<Trigger> built_due_;
    std::uint32_t built_accounts_ = 0;
    std::vector<Moved> moved_;

    std::vector<WatchLeg> scratch_;
    std::vector<PackedLeg> packed_;
    std::vector<std::uint64_t> keys_;
    std::vector<Member> members_;
    Rows rows_;
    std::vector<Trigger> fired_;
    std::vector<Candidate> candidates_;
    std::vector<AccountId> sorted_;
    Counters counters_;
};

}  // namespace breakwater
