// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/venue_watch.hpp"

#include <algorithm>
#include <limits>

namespace breakwater {
namespace {

constexpr double never = std::numeric_limits<double>::infinity();

constexpr auto later = [](const auto& a, const auto& b) {
    return a.key != b.key ? a.key > b.key : a.account > b.account;
};

}  // namespace

VenueWatch::VenueWatch(std::size_t sides, std::size_t accounts)
    : value_(sides), least_(sides, never), queues_(sides), serial_(accounts) {}

std::uint32_t VenueWatch::renew(AccountId account) {
    if (!is_built_) return serial_[index(account)] = 1;
    touched_.push_back(index(account));
    return serial_[index(account)] = next_serial_++;
}

void VenueWatch::wake(AccountId account) {
    renew(account);
}

void VenueWatch::sleep(AccountId account, double cushion, std::span<const VenueLeg> legs) {
    const std::uint32_t serial = renew(account);
    double strides = 0;
    for (const VenueLeg& leg : legs)
        strides += leg.weight * leg.stride;
    if (!(strides > 0)) return;
    // Half a 2^-40 less, for the rounding of the sums.
    const double part = std::max(0.0, cushion) * (1 - 0x1p-40) / strides;
    for (const VenueLeg& leg : legs) {
        if (!(leg.weight > 0)) continue;
        const Trigger t{.key = value_[leg.side] + part * leg.stride,
                        .account = index(account),
                        .serial = serial};
        Queue& q = queues_[leg.side];
        if (!is_built_) {
            q.built.push_back(t);
            continue;
        }
        q.late.push_back(t);
        std::ranges::push_heap(q.late, later);
        least_[leg.side] = std::min(least_[leg.side], t.key);
    }
}

void VenueWatch::fire(const Trigger& trigger, std::vector<AccountId>& found) {
    if (serial_[trigger.account] != trigger.serial) return;
    found.push_back(AccountId{trigger.account});
    renew(AccountId{trigger.account});
}

void VenueWatch::collect(std::vector<AccountId>& found) {
    const std::size_t before = found.size();
    for (std::size_t s = 0; s < value_.size(); ++s) {
        if (value_[s] < least_[s]) continue;
        Queue& q = queues_[s];
        while (q.next < q.built.size() && q.built[q.next].key <= value_[s])
            fire(q.built[q.next++], found);
        while (!q.late.empty() && q.late.front().key <= value_[s]) {
            fire(q.late.front(), found);
            std::ranges::pop_heap(q.late, later);
            q.late.pop_back();
        }
        least_[s] = q.next < q.built.size() ? q.built[q.next].key : never;
        if (!q.late.empty()) least_[s] = std::min(least_[s], q.late.front().key);
    }
    std::sort(found.begin() + static_cast<std::ptrdiff_t>(before), found.end());
}

void VenueWatch::finish_build() {
    for (Queue& q : queues_) {
        std::ranges::sort(q.built, [](const Trigger& a, const Trigger& b) { return later(b, a); });
        q.built.shrink_to_fit();
    }
    is_built_ = true;
    built_serial_ = serial_;
    built_value_ = value_;
    rewind();
}

void VenueWatch::rewind() {
    for (const std::uint32_t a : touched_)
        serial_[a] = built_serial_[a];
    touched_.clear();
    next_serial_ = 2;
    value_ = built_value_;
    for (std::size_t s = 0; s < queues_.size(); ++s) {
        queues_[s].next = 0;
        queues_[s].late.clear();
        least_[s] = queues_[s].built.empty() ? never : queues_[s].built.front().key;
    }
}

std::size_t VenueWatch::memory_bytes() const {
    std::size_t bytes = (value_.size() * 3 + serial_.size()) * sizeof(double);
    for (const Queue& q : queues_)
        bytes += (q.built.capacity() + q.late.capacity()) * sizeof(Trigger);
    return bytes;
}

}  // namespace breakwater
