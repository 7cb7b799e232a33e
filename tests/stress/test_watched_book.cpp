// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <filesystem>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "breakwater/core/engine.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/generator.hpp"
#include "breakwater/stress/watched_book.hpp"

namespace breakwater {
namespace {

/// The engine, the watch over it, and a full scan beside them.
class Watched {
  public:
    Watched(std::uint64_t seed, bool shares_losses)
        : book(generate_book(read_market(std::filesystem::path(BREAKWATER_SOURCE_DIR) / "examples" /
                                         "aave-v3-ethereum" / "market.toml"),
                             150, seed)),
          watch(book.assets.size(), watch_slop),
          now(book.state.now()) {
        legs.resize(2 * book.assets.size());
        for (std::size_t a = 0; shares_losses && a < book.assets.size(); ++a)
            book.state.layers.push_back(
                {.cover = {}, .paid = {}, .asset = a, .kind = LayerKind::socialisation});
        atom = shares_an_atom(book.state);
        set_units();
        watch.build(static_cast<std::uint32_t>(market().accounts.size()),
                    [&](AccountId id, std::span<WatchLeg> out) {
                        return watch_legs(market(), id, out, atom);
                    });
    }

    /// A part of what an asset's suppliers own is gone, and they share the loss.
    bool lose(AssetId asset, std::uint64_t part) {
        aave_v3::Reserve& r = market().reserves[index(asset)];
        const Amount lost{r.cash.raw / part};
        r.cash -= lost;
        r.deficit += lost;
        book.state.custody[index(asset)].held -= lost;
        return apply_now(CoverDeficit{asset});
    }

    aave_v3::Market& market() { return aave_market(book.state); }
    aave_v3::View view() {
        return {.state = book.state, .market = market(), .grown = planner.grown(), .now = now};
    }
    bool unhealthy(AccountId id) {
        return aave_v3::account_data(view(), market().legs_of(id),
                                     market().accounts[index(id)].emode)
            ->is_unhealthy();
    }
    void set_units() {
        for (std::size_t a = 0; a < book.assets.size(); ++a) {
            const AssetId asset{static_cast<std::uint8_t>(a)};
            Checked math;
            const auto& r = market().reserves[a];
            const Price price{book.state.feeds[a].point};
            const unsigned decimals = market().parameters[a].decimals;
            watch.set_unit(
                asset, Side::collateral,
                unit_value_down(price, unit_factor_down(planner.grown().income(math, asset, r, now),
                                                        decimals)));
            watch.set_unit(
                asset, Side::debt,
                unit_value_up(price,
                              unit_factor_up(planner.grown().debt(math, asset, r, now), decimals)));
        }
    }
    void sleep(AccountId id) {
        watch.sleep(id, std::span(legs).first(watch_legs(market(), id, legs, atom)));
    }
    bool apply_now(Action action) {
        return apply(book.state, {.time = now, .market = {}, .action = std::move(action)}, planner)
            .has_value();
    }

    Book book;
    Planner planner;
    Watch watch;
    Time now;
    std::vector<WatchLeg> legs;
    std::uint32_t atom = 1;
};

class StressWatch : public testing::TestWithParam<bool> {};

TEST_P(StressWatch,
       WATCH_002_finds_exactly_whom_a_full_scan_finds_over_prices_accrual_parameters_and_operations) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Watched w(seed, GetParam());
        std::mt19937_64 random(seed);
        const auto uniform = [&] { return static_cast<double>(random() >> 11U) * 0x1p-53; };
        std::set<std::uint32_t> awake;
        std::size_t ever = 0;
        int shared = 0;
        const auto n = static_cast<std::uint32_t>(w.market().accounts.size());
        for (int step = 0; step < 120; ++step) {
            w.now = Time{seconds(w.now) + (random() % 4 == 0 ? 86'400 * 20 : 300)};
            ReportPrices report{.prices = std::vector<Price>(w.book.assets.size())};
            for (std::size_t a = 0; a < report.prices.size(); ++a)
                if (random() % 3 == 0)
                    report.prices[a].raw = std::max<std::uint64_t>(
                        1, static_cast<std::uint64_t>(
                               static_cast<double>(w.book.state.feeds[a].point) *
                               (0.93 + 0.13 * uniform())));
            ASSERT_TRUE(w.apply_now(report));
            std::vector<AccountId> touched;
            for (int k = 0; k < 4; ++k) {
                const AccountId id{static_cast<std::uint32_t>(random() % (n - 1))};
                const AssetId asset{static_cast<std::uint8_t>(random() % w.book.assets.size())};
                const Amount amount{uint128{1} << (random() % 70)};
                bool done = false;
                switch (random() % 5) {
                    case 0:
                        done = w.apply_now(Supply{.account = id, .asset = asset, .amount = amount});
                        break;
                    case 1:
                        done = w.apply_now(Borrow{.account = id, .asset = asset, .amount = amount});
                        break;
                    case 2:
                        done = w.apply_now(Withdraw{
                            .account = id, .asset = asset, .amount = Size::exactly(amount)});
                        break;
                    case 3:
                        done = w.apply_now(
                            Repay{.account = id, .asset = asset, .amount = Size::all()});
                        break;
                    default:
                        done = w.apply_now(SetEMode{
                            .account = id, .emode = static_cast<std::uint16_t>(random() % 3)});
                        break;
                }
                if (done) touched.push_back(id);
            }
            if (random() % 10 ==
                0) {  // governance lowers a threshold: everybody who holds the asset is concerned
                const AssetId asset{static_cast<std::uint8_t>(random() % w.book.assets.size())};
                aave_v3::Parameters p = w.market().parameters[index(asset)];
                if (p.liquidation_threshold > 5'000) {
                    p.liquidation_threshold =
                        static_cast<std::uint16_t>(p.liquidation_threshold - 50);
                    p.ltv = std::min(p.ltv, p.liquidation_threshold);
                    if (w.apply_now(SetParameters{.asset = asset, .parameters = p}))
                        for (std::uint32_t i = 0; i < n; ++i)
                            touched.push_back(AccountId{i});
                }
            }
            if (GetParam() && random() % 3 == 0)
                shared += w.lose(AssetId{static_cast<std::uint8_t>(random() % w.book.assets.size())},
                                 2 + random() % 30);
            w.set_units();
            for (const AccountId id : touched)
                if (!awake.contains(index(id))) w.sleep(id);
            std::vector<AccountId> found;
            w.watch.collect([&](AccountId id) { return w.unhealthy(id); }, found);
            for (const AccountId id : found)
                ASSERT_TRUE(awake.insert(index(id)).second) << "found twice";
            for (auto it = awake.begin();
                 it != awake.end();) {  // who has recovered goes back to sleep
                if (w.unhealthy(AccountId{*it})) {
                    ++it;
                    continue;
                }
                w.sleep(AccountId{*it});
                it = awake.erase(it);
            }
            for (std::uint32_t i = 0; i < n; ++i)
                ASSERT_EQ(w.unhealthy(AccountId{i}), awake.contains(i))
                    << "account " << i << " at step " << step;
            ever = std::max(ever, awake.size());
        }
        EXPECT_GT(ever, 0U)
            << "the walk must make somebody unhealthy for this test to mean something";
        EXPECT_EQ(shared > 10, GetParam());
    }
}

INSTANTIATE_TEST_SUITE_P(, StressWatch, testing::Bool(), [](const auto& with) {
    return with.param ? "where_suppliers_share_losses" : "where_they_do_not";
});

}  // namespace
}  // namespace breakwater
