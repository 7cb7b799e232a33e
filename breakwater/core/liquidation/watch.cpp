// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/liquidation/watch.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <ranges>

#include "breakwater/core/require.hpp"

namespace breakwater {

Watch::Watch(std::size_t asset_count, uint128 slop, Doubt doubt)
    : value_(2 * asset_count),
      next_(2 * asset_count),
      stride_(2 * asset_count, 1),
      queue_(2 * asset_count),
      slop_(magnitude_up(slop)),
      doubt_(doubt),
      scratch_(2 * asset_count),
      packed_(2 * asset_count),
      keys_(2 * asset_count) {
    REQUIRE(asset_count <= 128);
    REQUIRE(doubt.bits == 0 || (doubt.bits >= 12 && doubt.bits <= 40));
    REQUIRE(doubt.weight >> 80U == 0);
    for (std::size_t side = 1; side < value_.size(); side += 2)
        value_[side] = ~std::uint64_t{0};
}

void Watch::set_stride(AssetId asset, std::uint32_t stride) {
    const std::uint32_t kept = std::clamp(stride, 1U, 1U << 16U);
    stride_[side_index(asset, Side::collateral)] = kept;
    stride_[side_index(asset, Side::debt)] = kept;
}

// --- Collecting ------------------------------------------------------------------------------------------------------

/// Visits everybody whose trigger fired, appends who is surely unhealthy and returns who else has no cushion left.
std::span<const Watch::Candidate> Watch::gather(std::vector<AccountId>& found) {
    candidates_.clear();
    told_ = false;
    fired_.swap(due_);
    due_.clear();
    drain_pending();
    const auto fetch_row = [this](std::size_t i) {
        const Object object = fired_[i].object;
        if ((object & pair_flag) == 0) __builtin_prefetch(sleepers_.address(object));
    };
    const std::size_t ahead = std::min<std::size_t>(fired_.size(), 10);
    for (std::size_t i = 0; i < ahead; ++i)
        fetch_row(i);
    for (std::size_t i = 0; i < fired_.size(); ++i) {
        if (i + ahead < fired_.size()) fetch_row(i + ahead);
        if (serial_of(fired_[i].object) == fired_[i].serial) visit(fired_[i].object, found);
    }
    return candidates_;
}

/// Takes the triggers of all sides that got worse out of their queues.
void Watch::drain_pending() {
    const std::size_t before = fired_.size();
    for (std::size_t word = 0; word < pending_.size(); ++word) {
        for (std::uint64_t left = pending_[word]; left != 0; left &= left - 1) {
            const auto side = 64 * word + static_cast<std::size_t>(std::countr_zero(left));
            queue_[side].fetch(next_[side]);
        }
    }
    for (std::size_t word = 0; word < pending_.size(); ++word) {
        for (std::uint64_t left = pending_[word]; left != 0; left &= left - 1) {
            const auto side = 64 * word + static_cast<std::size_t>(std::countr_zero(left));
            queue_[side].drain_above(value_[side], fired_);
            next_[side] = queue_[side].key_max();
        }
        pending_[word] = 0;
    }
    counters_.fired += fired_.size() - before;
}

void Watch::visit(Object object, std::vector<AccountId>& found) {
    if ((object & pair_flag) != 0) return visit_pair(object, found);
    const auto legs = sleepers_.legs(object);
    const std::uint32_t account = sleepers_.account(object);
    if (sleepers_.is_once_of_pair(object)) {
        if (arrange_pair_legs(object, legs)) return;
    } else {
        ++counters_.visits;
        const unsigned bits = sleepers_.is_steady(object) ? doubt_.bits : 0;
        const Cover cover = share_cushion(legs, sides(), slop_, bits, keys_);
        if (cover == Cover::some) return arrange(object, legs, keys_);
        if (cover == Cover::none) {
            set_serial(object, Sleepers::awake);
            found.push_back(AccountId{account});
            return;
        }
    }
    new_serial(object);  // its other triggers are stale
    __builtin_prefetch(row(account));
    candidates_.push_back({.account = AccountId{account}, .object = object});
}

/// A new box for legs of a pair. The value of the debt is held where the edges of pairs still hold good.
bool Watch::arrange_pair_legs(Object object, std::span<const PackedLeg> legs) {
    ++counters_.visits;
    const unsigned debt = legs[1].side();
    const std::uint64_t value = value_[debt];
    value_[debt] = held_debt_value(debt);
    const bool has_cushion = share_cushion(legs, sides(), {}, 0, keys_) == Cover::some;
    if (has_cushion) arrange(object, legs, keys_);
    value_[debt] = value;
    return has_cushion;
}

/// The value of a debt side, but no better than where the edges of pairs hold good.
std::uint64_t Watch::held_debt_value(unsigned side) const {
    const std::uint64_t built = ~built_value_[side];
    const std::uint64_t fall = std::uint64_t{fall_bits} << Magnitude::fraction_bits;
    return std::min(value_[side], ~(built - std::min(built, fall)));
}

/// The limit lowered by 8ε or more: a member below it is surely unhealthy. With weights a and b, units c and d as they
/// were told, and every one of them, and the slop in b too, in doubt by no more than ε ≤ 2^-12 of itself,
///     healthy  ⇒  a(1 + ε) · c(1 + ε)  ≥  b(1 − ε)² · d(1 − ε)  ⇒  edge  ≥  d/c · (1 − ε)^3 / (1 + ε)^2 · (1 − 2^-55),
/// which is more than limit · (1 − 8ε). Less by 2^k in its bits makes a Magnitude less by 2^(k − 57) of itself or more.
std::uint64_t Watch::sure_limit(const Pair& pair, std::uint64_t limit) const {
    if (doubt_.bits == 0 || held_debt_value(pair.debt) != value_[pair.debt]) return 0;
#if BREAKWATER_MUTANT_WATCH_DECIDES_PAIR_IN_DOUBT
    return limit;
#endif
    const bool is_exact = Magnitude{limit}.exponent() > 1 && Magnitude{limit}.exponent() < 255;
    return is_exact ? limit - (Magnitude::hidden_bit >> (doubt_.bits - 4)) : 0;
}

/// edge × collateral unit ≥ debt unit, to the last bit of each.
bool Watch::is_first_covered(const Pair& pair) const {
    const Magnitude edge{member_edge_[pair.front]};
    const Magnitude collateral{value_[pair.collateral]};
    const Magnitude debt{~held_debt_value(pair.debt)};
    if (edge.bits == 0 || collateral.bits == 0) return false;
    // p·2^(e + c − 114) ≥ m·2^(d + 125 − 57) for exponents e, c, d; p lies in [2^112, 2^114) and m in [2^56, 2^57).
    const uint128 product = uint128{edge.mantissa()} * collateral.mantissa();
    const int shift = static_cast<int>(edge.exponent() + collateral.exponent()) -
                      static_cast<int>(debt.exponent()) - edge_scale - 1;
    if (shift < -1 || shift > 0) return shift > 0;
    return product >= uint128{debt.mantissa()} << static_cast<unsigned>(56 - shift);
}

/// A member may be unhealthy only if its edge < debt unit / collateral unit. The first who is not gets the triggers.
void Watch::visit_pair(Object object, std::vector<AccountId>& found) {
    Pair& pair = pairs_[object & ~pair_flag];
    if (pair.stay != 0 && is_first_covered(pair)) {
        if (--pair.stay != 0) return due_.push_back({.object = object, .serial = pair.serial});
    }
    const std::uint32_t front_before = pair.front;
    const std::uint64_t limit =
        ratio_up({~held_debt_value(pair.debt)}, {value_[pair.collateral]}, edge_scale).bits;
    const std::uint64_t sure = sure_limit(pair, limit);
    for (; pair.front < pair.last; ++pair.front) {
        constexpr std::uint32_t ahead = 8;
        const std::uint32_t member = pair.front;
        if (member + ahead < pair.last)
            __builtin_prefetch(&place_[member_account_[member + ahead] & ~steady_bit]);
        const std::uint32_t account = member_account_[member] & ~steady_bit;
        if (place_[account] != in_pair) continue;
        if (member_edge_[member] >= limit) break;
        if (member_edge_[member] < sure && account != member_account_[member]) {
            place_[account] = not_watched;  // rewind() asks the pair
            found.push_back(AccountId{account});
            continue;
        }
        __builtin_prefetch(row(account));
        candidates_.push_back({.account = AccountId{account}, .object = object, .member = member});
    }
    if (pair.front == pair.last) return set_serial(object, Sleepers::awake);
    __builtin_prefetch(&place_[member_account_[pair.front] & ~steady_bit]);
    if (pair.front != front_before) {
        pair.stay = stay_max;
        due_.push_back({.object = object, .serial = new_serial(object)});
        return;
    }

    const auto legs = pair_legs(pair.collateral, pair.debt, member_edge_[pair.front]);
    if (!arrange_pair_legs(object, legs)) put_off(object, legs);
}

/// By id, from `first` on, with hardly a branch that depends on them: a few are put where so many are less, more into
/// parts by their upper bits, and very many go through a radix sort.
void Watch::sort_new(std::vector<AccountId>& found, std::size_t first) {
    std::span<AccountId> from = std::span{found}.subspan(first);
    sorted_.resize(std::max(sorted_.size(), from.size()));
    std::span<AccountId> to = std::span{sorted_}.first(from.size());
    if (from.size() <= 40) {
        for (const AccountId account : from) {
            // As signed numbers, which four at a time are compared in one instruction.
            std::int32_t less = 0;
            for (const AccountId other : from)
                less += static_cast<std::int32_t>(static_cast<std::int32_t>(index(other)) <
                                                  static_cast<std::int32_t>(index(account)));
            to[static_cast<std::size_t>(less)] = account;
        }
        std::copy(to.begin(), to.end(), from.begin());
        return;
    }
    const auto bits = static_cast<unsigned>(std::bit_width(place_.size()));
    if (from.size() <= 256) {
        // About as many parts as accounts, so that next to nobody is left to be moved.
        const auto width = static_cast<unsigned>(std::bit_width(from.size()));
        const unsigned shift = bits - std::min(bits, width);
        std::array<std::uint32_t, 513> begin;  // NOLINT(cppcoreguidelines-pro-type-member-init)
        const auto parts = static_cast<std::ptrdiff_t>((place_.size() >> shift) + 2);
        std::fill_n(begin.begin(), parts, 0U);
        for (const AccountId account : from)
            ++begin[(index(account) >> shift) + 1];
        std::partial_sum(begin.begin(), begin.begin() + parts, begin.begin());
        for (const AccountId account : from)
            to[begin[index(account) >> shift]++] = account;
        for (std::size_t i = 0; i < to.size(); ++i) {
            const AccountId account = to[i];
            std::size_t at = i;
            for (; at > 0 && account < from[at - 1]; --at)
                from[at] = from[at - 1];
            from[at] = account;
        }
        return;
    }
    for (unsigned shift = 0; shift < bits; shift += 8) {
        std::array<std::uint32_t, 257> begin{};
        for (const AccountId account : from)
            ++begin[(index(account) >> shift & 0xFFU) + 1];
        std::partial_sum(begin.begin(), begin.end(), begin.begin());
        for (const AccountId account : from)
            to[begin[index(account) >> shift & 0xFFU]++] = account;
        std::swap(from, to);
    }
    if (from.data() == sorted_.data()) std::copy(from.begin(), from.end(), to.begin());
}

/// The verdict of the exact look.
void Watch::settle(const Candidate& candidate, bool unhealthy) {
    const Object object = candidate.object;
    const bool of_pair = (object & pair_flag) != 0;
    if (unhealthy) {
        if (of_pair)
            set_place(index(candidate.account), not_watched);
        else
            set_serial(object, Sleepers::awake);
        return;
    }
    // Healthy by less than the slop. With rounding in between, any change of a price or an index may end that, even if
    // their product gets better: looked at again whenever something was told, until there is a cushion.
    if (!of_pair) return due_.push_back({.object = object, .serial = new_serial(object)});
    // On its own from here, so that it does not hold up the pair.
    const Pair& pair = pairs_[object & ~pair_flag];
    const auto legs = pair_legs(pair.collateral, pair.debt, member_edge_[candidate.member]);
    const Object sleeper = sleepers_.append(index(candidate.account), legs, {.is_once_of_pair = true});
    set_place(index(candidate.account), sleeper + place_base);
    due_.push_back({.object = sleeper, .serial = new_serial(sleeper)});
}

// --- Sleepers --------------------------------------------------------------------------------------------------------

/// As legs: the edge is the weight of the collateral, one that of the debt.
std::array<PackedLeg, 2> Watch::pair_legs(unsigned collateral, unsigned debt, std::uint64_t edge) {
    return {pack_leg(collateral, {edge}), pack_leg(debt, magnitude_up(1, edge_scale))};
}

bool Watch::has_debt(std::span<const WatchLeg> legs) {
    return std::any_of(legs.begin(), legs.end(),
                       [](const WatchLeg& leg) { return leg.side == Side::debt; });
}

std::uint32_t Watch::serial_of(Object object) const {
    return (object & pair_flag) != 0 ? pairs_[object & ~pair_flag].serial
                                     : sleepers_.serial(object);
}

void Watch::set_serial(Object object, std::uint32_t serial) {
    if ((object & pair_flag) == 0) return sleepers_.set_serial(object, serial);
    pairs_[object & ~pair_flag].serial = serial;
}

/// Serials repeat after 2^24 registrations; a stale trigger taken for a fresh one costs a visit, nothing else.
std::uint32_t Watch::new_serial(Object object) {
    const std::uint32_t serial = next_serial_;
    next_serial_ = serial + 1 == Sleepers::awake ? 1 : serial + 1;
    set_serial(object, serial);
    return serial;
}

void Watch::arrange(Object object, std::span<const PackedLeg> legs,
                    std::span<const std::uint64_t> keys) {
    const std::uint32_t serial = new_serial(object);
    for (std::size_t i = 0; i < legs.size(); ++i) {
        if (keys[i] == 0) continue;
        const unsigned side = legs[i].side();
#if BREAKWATER_MUTANT_WATCH_SKIPS_DEBT_SIDE
        if (legs[i].is_debt()) continue;
#endif
        queue_[side].push({.key = keys[i], .object = object, .serial = serial});
        next_[side] = std::max(next_[side], keys[i]);
    }
}

/// The first of a pair that is covered, but by nothing to speak of: until a side gets worse than it is now.
void Watch::put_off(Object object, std::span<const PackedLeg> legs) {
    for (std::size_t i = 0; i < legs.size(); ++i)
        keys_[i] = value_[legs[i].side()];
    arrange(object, legs, keys_);
}

void Watch::sleep(AccountId account, std::span<const WatchLeg> legs) {
    const std::uint32_t id = index(account);
    REQUIRE(id < Sleepers::accounts_max);
    if (id >= place_.size()) place_.resize(std::size_t{id} + 1, not_watched);
    if (!has_debt(legs)) return wake(account);
    const auto packed = pack(legs);
    const std::uint32_t place = place_[id];
    Object object = place - place_base;
    const bool in_pool = place >= place_base;
    if (in_pool && !sleepers_.is_built(object) && packed.size() <= sleepers_.legs(object).size()) {
        sleepers_.replace(object, packed, is_steady(legs));
    } else {
        if (in_pool) set_serial(object, Sleepers::awake);
        object = sleepers_.append(id, packed, {.is_steady = is_steady(legs)});
        set_place(id, object + place_base);
    }
    if (share_cushion(packed, sides(), slop_, 0, keys_) == Cover::some) return arrange(object, packed, keys_);
    due_.push_back({.object = object, .serial = new_serial(object)});
    told_ = true;
}

void Watch::wake(AccountId account) {
    if (!is_asleep(account)) return;
    const std::uint32_t place = place_[index(account)];
    if (place == in_pair) return set_place(index(account), not_watched);
    set_serial(place - place_base, Sleepers::awake);
}

bool Watch::is_asleep(AccountId account) const {
    if (index(account) >= place_.size()) return false;
    const std::uint32_t place = place_[index(account)];
    return place == in_pair ||
           (place >= place_base && serial_of(place - place_base) != Sleepers::awake);
}

/// Where a built account stood is remembered; where a later one stood is not, so the list cannot grow for ever.
void Watch::set_place(std::uint32_t account, std::uint32_t place) {
    const std::uint32_t old = place_[account];
    if (account < built_accounts_ && (old < place_base || sleepers_.is_built(old - place_base))) {
        moved_.push_back({account, old});
    }
    place_[account] = place;
}

void Watch::rewind() {
    for (const auto& moved : std::views::reverse(moved_))
        place_[moved.account] = moved.place;
    moved_.clear();
    place_.resize(built_accounts_);
    sleepers_.rewind();
    for (Pair& pair : pairs_) {
        for (std::uint32_t member = pair.first; member < pair.front; ++member)
            place_[member_account_[member] & ~steady_bit] = in_pair;
        pair.front = pair.first;
        pair.serial = 0;
        pair.stay = 0;
    }
    for (TriggerQueue& queue : queue_)
        queue.rewind();
    std::copy(built_value_.begin(), built_value_.end(), value_.begin());
    std::copy(built_next_.begin(), built_next_.end(), next_.begin());
    pending_ = {};
    due_ = built_due_;
    told_ = true;
    next_serial_ = 1;
}

std::size_t Watch::memory_bytes() const {
    std::size_t bytes =
        sizeof(*this) + sleepers_.memory_bytes() + place_.capacity() * sizeof(place_[0]) +
        pairs_.capacity() * sizeof(pairs_[0]) + member_edge_.capacity() * sizeof(member_edge_[0]) +
        member_account_.capacity() * sizeof(member_account_[0]) +
        moved_.capacity() * sizeof(moved_[0]);
    for (const TriggerQueue& queue : queue_)
        bytes += queue.memory_bytes();
    return bytes;
}

}  // namespace breakwater
