// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "small_book.hpp"

#include <algorithm>

#include "breakwater/core/math.hpp"

namespace breakwater::test {
namespace {

using aave_v3::Leg;

uint128 tokens(double whole, unsigned decimals) {
    // Three digits after the point are enough here, and exact.
    return static_cast<uint128>(whole * 1000 + 0.5) * (power_of_ten(decimals) / 1000);
}

struct Holding {
    AssetId asset{};
    double supply = 0;  ///< [whole tokens]
    double debt = 0;
};

AssetDescription described(std::string symbol, unsigned decimals, AssetKind kind,
                           std::string peg = {}) {
    return {.symbol = std::move(symbol),
            .decimals = decimals,
            .kind = kind,
            .peg = std::move(peg),
            .liquidity = {.depth_2pct = 1e6, .recovery_minutes = 20, .own_share = 0.5},
            .feed = {},
            .sources = {},
            .wiring = {}};
}

class Builder {
  public:
    explicit Builder(std::string name) {
        book_.name = std::move(name);
        book_.source = "made by hand";
        book_.rulebook = "aave_v3";
        book_.input_hash = "00112233445566778899aabbccddeeff";
        book_.emode_labels = {"", "ETH correlated"};
        add_asset(described("WETH", 18, AssetKind::volatile_), 2'000,
                  {.ltv = 7500, .liquidation_threshold = 8000});
        add_asset(described("wstETH", 18, AssetKind::pegged, "WETH"), 2'400,
                  {.ltv = 7850,
                   .liquidation_threshold = 8100,
                   .flags = aave_v3::active,
                   .supply_cap = 1'000});
        add_asset(described("USDC", 6, AssetKind::stable), 1,
                  {.ltv = 7000,
                   .liquidation_threshold = 7500,
                   .supply_cap = 20'000'000,
                   .borrow_cap = 1'000'000});
        market_.emodes.resize(2);
        market_.emodes[1] = {.collateral = 0b011,
                             .borrowable = 0b001,
                             .ltv = 9300,
                             .liquidation_threshold = 9500,
                             .liquidation_bonus = 10100};
    }

    void add(const std::string& name, std::uint16_t emode,
             std::initializer_list<Holding> holdings) {
        book_.accounts.push_back(name);
        aave_v3::AccountRow row{.first = static_cast<std::uint32_t>(market_.legs.size()),
                                .emode = emode};
        for (const Holding& h : holdings) {
            Leg leg(h.asset);
            const unsigned decimals = book_.assets[index(h.asset)].decimals;
            leg.set_supplied({tokens(h.supply, decimals)});
            leg.set_borrowed({tokens(h.debt, decimals)});
            leg.set_collateral(h.supply > 0);
            leg.set_borrowing(h.debt > 0);
            market_.legs.push_back(leg);
        }
        row.count = static_cast<std::uint16_t>(market_.legs.size() - row.first);
        row.capacity = row.count;
        market_.accounts.push_back(row);
    }

    void set_indices(uint128 income, uint128 debt) {
        for (aave_v3::Reserve& r : market_.reserves) {
            r.liquidity_index = {income};
            r.borrow_index = {debt};
        }
    }

    void add_layer(std::string name, AssetId asset, double cover) {
        book_.layer_names.push_back(std::move(name));
        book_.state.layers.push_back({.cover = {tokens(cover, book_.assets[index(asset)].decimals)},
                                      .paid = {},
                                      .asset = index(asset)});
    }

    Book finish() {
        add("treasury", 0, {});
        market_.treasury = AccountId{static_cast<std::uint32_t>(market_.accounts.size() - 1)};
        for (const Leg& leg : market_.legs) {
            aave_v3::Reserve& r = market_.reserves[index(leg.asset())];
            r.supplied += leg.supplied();
            r.borrowed += leg.borrowed();
        }
        Checked math;
        for (aave_v3::Reserve& r : market_.reserves) {
            const uint128 owned = math.ray_mul_down(r.supplied.raw, r.liquidity_index.raw);
            const uint128 owed = math.ray_mul_up(r.borrowed.raw, r.borrow_index.raw);
            r.cash = {owned - std::min(owned, owed)};
            book_.state.custody.push_back({.held = r.cash});
        }
        book_.state.clock.now = now;
        book_.state.markets.emplace_back(std::move(market_));
        return std::move(book_);
    }

  private:
    static constexpr std::uint64_t now = 1'749'513'600;  // 2025-06-10

    void add_asset(AssetDescription description, std::uint64_t price,
                   aave_v3::Parameters parameters) {
        book_.assets.push_back(std::move(description));
        parameters.decimals = static_cast<std::uint16_t>(book_.assets.back().decimals);
        parameters.liquidation_bonus = 10500;
        parameters.liquidation_protocol_fee = 1000;
        parameters.optimal_usage = 8000;
        parameters.slope1 = 400;
        parameters.slope2 = 6000;
        market_.parameters.push_back(parameters);
        market_.reserves.emplace_back().updated = now;
        const std::uint64_t point = price * 100'000'000;
        book_.state.feeds.push_back({.point = point,
                                     .lo = point,
                                     .hi = point,
                                     .slow = point,
                                     .reported_at = now,
                                     .trust = static_cast<std::uint64_t>(Trust::single_source)});
    }

    Book book_;
    aave_v3::Market market_;
};

/// SplitMix64.
std::uint64_t draw(std::uint64_t& state) {
    std::uint64_t z = state += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
}
double uniform(std::uint64_t& state) {
    return static_cast<double>(draw(state) >> 11U) * 0x1p-53;
}

}  // namespace

Book small_book(const SmallBookOptions& options) {
    Builder b(options.name);
    b.add("lender", 0, {{weth, 1'000, 0}, {usdc, 10'000'000, 0}});
    b.add(options.whale_name, 0, {{weth, 100, 0}, {usdc, 0, 130'000}});
    b.add("looper", 1, {{wsteth, 100, 0}, {weth, 0, 110}});
    b.add("farmer", 0, {{weth, 50, 30}, {usdc, 50'000, 20'000}});
    b.add("naked", 0, {{usdc, 0, 500}});
    if (options.layer) b.add_layer("umbrella", usdc, 1'000);
    return b.finish();
}

Book random_book(std::uint64_t seed, std::uint32_t accounts) {
    Builder b("random book");
    b.set_indices(ray + ray / 7, ray + ray / 5);
    b.add("lender", 0, {{weth, 1e6, 0}, {usdc, 1e9, 0}});
    std::uint64_t state = seed;
    for (std::uint32_t i = 0; i < accounts; ++i) {
        const double size = 1 + 100 * uniform(state);
        const double part = 0.2 + 0.7 * uniform(state);
        const std::string name = "account " + std::to_string(i);
        switch (draw(state) % 4) {
            case 0:
                b.add(name, 0, {{weth, size, 0}, {usdc, 0, size * 2'000 * part}});
                break;
            case 1:
                b.add(name, 1, {{wsteth, size, 0}, {weth, 0, size * 1.2 * part}});
                break;
            case 2:
                b.add(name, 0, {{usdc, size * 2'000, 0}, {weth, 0, size * part}});
                break;
            default:
                b.add(name, 0,
                      {{weth, size, size * part / 2}, {usdc, size * 900, size * 700 * part}});
        }
    }
    return b.finish();
}

}  // namespace breakwater::test
