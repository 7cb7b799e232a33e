// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/core/liquidation/trigger_queue.hpp"
#include "rounds.hpp"

namespace breakwater {
namespace {

using Row = std::tuple<std::uint64_t, std::uint32_t, std::uint32_t>;

Row row(const Trigger& t) {
    return {t.key, t.object, t.serial};
}

/// A queue beside a sorted set, driven by the same calls.
class Twin {
  public:
    explicit Twin(std::uint64_t seed)
        : engine_(seed), value_((engine_() >> 2U) + (std::uint64_t{1} << 61U)) {
        std::vector<Trigger> built;
        for (int i = 0; i < 50; ++i)
            built.push_back(trigger_below(value_));
        for (const Trigger& t : built)
            built_.insert(row(t));
        start_ = value_;
        queue_.build(std::move(built), value_,
                     static_cast<std::uint32_t>(1 + (engine_() >> (48 + engine_() % 16))));
        expected_ = built_;
    }

    void step() {
        const auto pushes = engine_() % 30;
        for (std::uint64_t i = 0; i < pushes; ++i) {
            const Trigger t = trigger_below(value_);
            queue_.push(t);
            expected_.insert(row(t));
        }
        move();
        std::vector<Trigger> fired;
        queue_.drain_above(value_, fired);
        // Who is fired stood in the queue, with no higher a key; who must be fired is.
        for (const Trigger& t : fired) {
            const auto stood = keys_.find(t.object);
            ASSERT_NE(stood, keys_.end());
            ASSERT_GE(t.key, stood->second);
            ASSERT_GT(t.key, value_);
            ASSERT_EQ(t.serial, 7U);
            early_ += static_cast<std::uint64_t>(stood->second <= value_);
            fired_ += 1;
            ASSERT_EQ(expected_.erase({stood->second, t.object, t.serial}), 1U) << "fired twice";
        }
        if (expected_.empty()) {
            ASSERT_EQ(queue_.key_max(), 0U);
        } else {
            ASSERT_LE(std::get<0>(*expected_.rbegin()), value_);
            ASSERT_GE(queue_.key_max(), std::get<0>(*expected_.rbegin()));
            ASSERT_LE(queue_.key_max(), value_);
        }
    }

    [[nodiscard]] std::uint64_t early() const { return early_; }
    [[nodiscard]] std::uint64_t fired() const { return fired_; }

    void rewind() {
        queue_.rewind();
        expected_ = built_;
        value_ = start_;
    }

  private:
    Trigger trigger_below(std::uint64_t value) {
        const std::uint64_t distance = engine_() >> (4 + engine_() % 50);
        const std::uint64_t key = value - std::min(value, distance);
        keys_[++objects_] = key;
        return {.key = key, .object = objects_, .serial = 7};
    }
    void move() {
        const std::uint64_t distance = engine_() >> (5 + engine_() % 40);
        if (engine_() % 5 < 3) {
            value_ -= std::min(value_, distance);
        } else {
            value_ += std::min(~value_ - 1, distance);
        }
    }

    std::mt19937_64 engine_;
    TriggerQueue queue_;
    std::uint64_t value_;
    std::uint64_t start_ = 0;
    std::uint32_t objects_ = 0;
    std::map<std::uint32_t, std::uint64_t> keys_;  ///< by object
    std::uint64_t early_ = 0;
    std::uint64_t fired_ = 0;
    std::set<Row> built_;
    std::set<Row> expected_;
};

TEST(TriggerQueue, fires_what_a_sorted_set_fires_and_little_else) {
    std::uint64_t early = 0;
    std::uint64_t fired = 0;
    for (std::uint64_t seed = 1; seed <= given::rounds(300U); ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        Twin twin(seed);
        for (int i = 0; i < 100; ++i) {
            twin.step();
            if (HasFatalFailure()) FAIL() << "step " << i;
            if (i == 60) twin.rewind();
        }
        early += twin.early();
        fired += twin.fired();
    }
    EXPECT_GT(fired, given::rounds(100'000U));
    EXPECT_LT(early, fired / 2);
}

}  // namespace
}  // namespace breakwater
