// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "breakwater/core/units.hpp"

/// Which accounts of a venue may have fallen below maintenance? As the watch of the core
/// (core/liquidation/watch.hpp): an account that was looked at sleeps inside a box. A side is a
/// number that rises when things get worse for who stands on it: the value of a contract or of an
/// asset one way or the other, or how far the risk arrays of an underlying have moved. The cushion,
/// equity − requirement, is shared out over the sides of the account; while no side has moved by
/// more than its share the cushion is not used up, because
///     cushion now ≥ cushion then − Σ weight · max(0, side now − side then).
/// Floats: they decide who is looked at, the engine decides who is liquidated.
/// Source: docs/rules.md, WATCH-006.
namespace breakwater {

struct VenueLeg {
    std::uint32_t side = 0;
    double weight = 0;  ///< [USD per unit of the side] at most what the cushion loses
    double stride = 0;  ///< [units of the side] how far it is expected to move; above 0
};

class VenueWatch {
  public:
    VenueWatch(std::size_t sides, std::size_t accounts);

    /// The side as it is now.
    void set(std::size_t side, double value) { value_[side] = value; }
    [[nodiscard]] double value(std::size_t side) const { return value_[side]; }

    /// Puts an account to sleep; what it slept in before no longer counts. Without legs nothing can
    /// wake it.
    void sleep(AccountId account, double cushion, std::span<const VenueLeg> legs);
    /// Its triggers no longer count.
    void wake(AccountId account);
    /// Appends everybody whose box is left, by id; they are awake from then on.
    void collect(std::vector<AccountId>& found);

    /// What was put to sleep so far is what rewind() comes back to.
    void finish_build();
    void rewind();
    [[nodiscard]] std::size_t memory_bytes() const;

  private:
    struct Trigger {
        double key;
        std::uint32_t account;
        std::uint32_t serial;
    };
    struct Queue {
        std::vector<Trigger> built;  ///< rising
        std::size_t next = 0;        ///< everybody before has fired
        std::vector<Trigger> late;   ///< heap, least first
    };
    void fire(const Trigger& trigger, std::vector<AccountId>& found);
    std::uint32_t renew(AccountId account);

    std::vector<double> value_;
    std::vector<double> least_;  ///< by side: key of the first trigger
    std::vector<Queue> queues_;
    std::vector<std::uint32_t> serial_;        ///< by account; triggers of another one are stale
    std::vector<std::uint32_t> built_serial_;  ///< 1, or 0: not asleep when it was built
    std::vector<std::uint32_t> touched_;       ///< accounts whose serial is not the built one
    std::vector<double> built_value_;
    std::uint32_t next_serial_ = 2;
    bool is_built_ = false;
};

}  // namespace breakwater
