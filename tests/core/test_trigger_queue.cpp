// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cstdint>
#include <random>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "breakwater/core/liquidation/trigger_queue.hpp"

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
        std::vector<Row> got;
        for (const Trigger& t : fired)
            got.push_back(row(t));
        std::sort(got.begin(), got.end());
        const auto first = expected_.lower_bound({value_ + 1, 0, 0});
        const std::vector<Row> due(first, expected_.end());
        expected_.erase(first, expected_.end());
        ASSERT_EQ(got, due);
        ASSERT_EQ(queue_.key_max(), expected_.empty() ? 0 : std::get<0>(*expected_.rbegin()));
    }

    void rewind() {
        queue_.rewind();
        expected_ = built_;
        value_ = start_;
    }

  private:
    Trigger trigger_below(std::uint64_t value) {
        const std::uint64_t distance = engine_() >> (4 + engine_() % 50);
        return {.key = value - std::min(value, distance), .object = ++objects_, .serial = 7};
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
    std::set<Row> built_;
    std::set<Row> expected_;
};

TEST(TriggerQueue, fires_what_a_sorted_set_fires) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        Twin twin(seed);
        for (int i = 0; i < 100; ++i) {
            twin.step();
            if (HasFatalFailure()) FAIL() << "step " << i;
            if (i == 60) twin.rewind();
        }
    }
}

}  // namespace
}  // namespace breakwater
