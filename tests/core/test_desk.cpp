// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "breakwater/core/desk.hpp"

namespace breakwater {
namespace {

struct Pair {
    uint128 first = 0;
    uint128 second = 0;
};
struct Single {
    uint128 only = 0;
};
struct TwoTables {
    std::vector<Pair> totals;
    std::vector<Single> positions;
    std::vector<Single> sales;  // of the same type as another table: told apart by name

    static constexpr auto tables() {
        return std::tuple{&TwoTables::totals, &TwoTables::positions, &TwoTables::sales};
    }
};

struct DeskOfTwo : testing::Test {
    DeskOfTwo() {
        state.custody.resize(2);
        market.totals.resize(1);
    }
    void write(bool forward) {
        for (const Change& c : out.changes)
            if (c.cell.table >= Table::native)
                write_native(market, c.cell.table, c.cell.row, c.cell.word,
                             forward ? c.after : c.before);
    }

    State state;
    TwoTables market;
    Transition out;
    Desk<TwoTables> desk;
};

TEST_F(DeskOfTwo, reading_changes_nothing) {
    desk.begin(state, market, Time{5}, out);
    EXPECT_EQ(desk.read<&TwoTables::sales>(9).only, 0U);
    desk.finish(MarketId{0});
    ASSERT_EQ(out.changes.size(), 1U);
    EXPECT_EQ(out.changes[0].cell.table, Table::clock);
    EXPECT_TRUE(market.sales.empty());
}

TEST_F(DeskOfTwo, writes_down_the_words_that_differ_and_no_other) {
    desk.begin(state, market, Time{5}, out);
    desk.change<&TwoTables::totals>(0).second = 3;
    desk.change<&TwoTables::sales>(2).only = 7;
    desk.change<&TwoTables::positions>(1);  // looked at, not changed
    desk.receive(AssetId{1}, {11});
    EXPECT_EQ(market.totals[0].second, 0U) << "the plan does not write";
    desk.finish(MarketId{0});
    ASSERT_EQ(out.changes.size(), 4U);  // totals, sales, custody, clock

    write(true);
    EXPECT_EQ(market.totals[0].first, 0U);
    EXPECT_EQ(market.totals[0].second, 3U);
    EXPECT_TRUE(market.positions.empty());
    ASSERT_EQ(market.sales.size(), 3U);
    EXPECT_EQ(market.sales[2].only, 7U);
    write(false);
    EXPECT_EQ(market.totals[0].second, 0U);
    EXPECT_EQ(market.sales[2].only, 0U);
}

TEST_F(DeskOfTwo, paying_more_than_is_held_is_an_overflow) {
    desk.begin(state, market, Time{5}, out);
    desk.receive(AssetId{0}, {4});
    desk.pay(AssetId{0}, {4});
    EXPECT_FALSE(desk.math.overflow());
    desk.pay(AssetId{0}, {1});
    EXPECT_TRUE(desk.math.overflow());
}

TEST(TouchedRows, are_found_again_however_many_they_are_and_in_the_order_of_first_touch) {
    Touched<Single> touched(4'096);
    std::mt19937_64 random(3);
    for (int round = 0; round < 40; ++round) {
        touched.clear();
        std::map<std::uint32_t, uint128> expected;
        std::vector<std::uint32_t> order;
        const std::uint64_t touches = random() % (round % 2 == 0 ? 40 : 6'000);
        for (std::uint64_t i = 0; i < touches; ++i) {
            const auto row = static_cast<std::uint32_t>(random() % 3'000) * 65'536U;
            if (!expected.contains(row)) order.push_back(row);
            Single& copy = touched.touch(row, Single{.only = expected[row]});
            ASSERT_EQ(copy.only, expected[row]);
            copy.only = expected[row] = random();
        }
        ASSERT_EQ(touched.entries().size(), order.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            EXPECT_EQ(touched.entries()[i].row, order[i]);
        for (std::uint32_t row = 0; row < 3'000; ++row) {
            const Single* found = touched.find(row * 65'536U);
            ASSERT_EQ(found != nullptr, expected.contains(row * 65'536U));
            if (found == nullptr) continue;
            EXPECT_EQ(found->only, expected[row * 65'536U]);
        }
    }
}

}  // namespace
}  // namespace breakwater
