// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <array>
#include <random>

#include <gtest/gtest.h>

#include "breakwater/calc/wads.hpp"
#include "breakwater/core/margin/grids.hpp"
#include "breakwater/core/margin/tiers.hpp"
#include "breakwater/core/rulebooks/deribit_pm.hpp"
#include "breakwater/core/rulebooks/hyperliquid.hpp"
#include "breakwater/core/wads.hpp"

namespace breakwater {
namespace {

using calc::decimal;
using calc::wad_of;
using exchange_tiers::Brackets;
using exchange_tiers::Side;

/// Binance's brackets of BTCUSDT: [USD], [ppm].
constexpr std::array<std::array<std::uint32_t, 2>, 12> bitcoin{{{0, 4'000},
                                                                {50'000, 5'000},
                                                                {600'000, 6'500},
                                                                {3'000'000, 10'000},
                                                                {12'000'000, 20'000},
                                                                {70'000'000, 25'000},
                                                                {100'000'000, 50'000},
                                                                {230'000'000, 100'000},
                                                                {480'000'000, 125'000},
                                                                {600'000'000, 150'000},
                                                                {800'000'000, 250'000},
                                                                {1'200'000'000, 500'000}}};

BigInteger whole(std::int64_t n) {
    return BigInteger{int128{n}} * wads::one();
}

Brackets bitcoin_brackets() {
    std::vector<exchange_tiers::Bracket> out;
    for (const auto& [floor, rate] : bitcoin)
        out.push_back(
            {.floor = whole(floor), .rate = BigInteger{int128{rate}} * big_power_of_ten(12)});
    return *Brackets::of(std::move(out));
}

TEST(ExchangeTiers, EXCHANGE_001_the_deductions_are_those_that_binance_publishes) {
    const Brackets b = bitcoin_brackets();
    const std::array<std::int64_t, 12> published{0,          50,         950,         11'450,
                                                 131'450,    481'450,    2'981'450,   14'481'450,
                                                 26'481'450, 41'481'450, 121'481'450, 421'481'450};
    for (std::size_t i = 0; i < b.size(); ++i)
        EXPECT_EQ(b.deduction(i), whole(published[i]) * wads::one()) << i;
}

TEST(ExchangeTiers, EXCHANGE_001_the_same_margin_as_the_tiers_of_the_core) {
    std::array<TierBound, 12> bounds;
    for (std::size_t i = 0; i < bitcoin.size(); ++i)
        bounds[i] = {.lower = uint128{bitcoin[i][0]} * 100'000'000, .rate = bitcoin[i][1]};
    const auto tiers = MarginTiers::of(bounds);
    ASSERT_TRUE(tiers.has_value());
    const Brackets b = bitcoin_brackets();
    std::mt19937_64 draw(1);
    for (int k = 0; k < 2'000; ++k) {
        const std::uint64_t notional = draw() >> (7 + draw() % 40);  // [1e-8 USD]
        // One scale is 1e-14 USD, the other 1e-18.
        EXPECT_EQ(
            decimal(b.maintenance(BigInteger::of_unsigned(notional) * big_power_of_ten(10))),
            decimal(BigInteger::of_unsigned(tiers->requirement(notional)) * big_power_of_ten(4)))
            << notional;
    }
}

TEST(ExchangeTiers, EXCHANGE_001_floors_that_do_not_rise_from_zero_are_no_brackets) {
    const BigInteger rate = wad_of(0.01);
    EXPECT_FALSE(Brackets::of({}).has_value());
    EXPECT_FALSE(Brackets::of({{.floor = whole(1), .rate = rate}}).has_value());
    EXPECT_FALSE(
        Brackets::of({{.floor = whole(0), .rate = rate}, {.floor = whole(0), .rate = rate}})
            .has_value());
}

TEST(ExchangeTiers, EXCHANGE_002_at_the_liquidation_price_equity_is_maintenance) {
    const Brackets b = bitcoin_brackets();
    std::mt19937_64 draw(2);
    for (int k = 0; k < 2'000; ++k) {
        const Side side = draw() % 2 == 0 ? Side::long_side : Side::short_side;
        const auto up_to = [&](std::uint64_t top) {
            return BigInteger::of_unsigned(draw() % (top * 1'000'000)) * big_power_of_ten(12);
        };
        const exchange_tiers::Position p{
            .side = side, .size = up_to(9'000) + whole(1), .entry = up_to(90'000) + whole(10'000)};
        const exchange_tiers::CrossAccount a{.wallet_balance = up_to(50'000'000),
                                             .other_maintenance = up_to(1'000),
                                             .other_unrealised_profit = up_to(1'000)};
        const auto l = exchange_tiers::liquidation_price(b, a, p);
        ASSERT_TRUE(l.has_value());
        if (l->price.sign() <= 0) continue;
        // [1e-36 quote] The price is off by less than a wad, and on the side of the exchange.
        const BigInteger sign{side == Side::long_side ? 1 : -1};
        const BigInteger equity =
            (a.wallet_balance - a.other_maintenance + a.other_unrealised_profit) * wads::one() +
            sign * p.size * (l->price - p.entry);
        const BigInteger rate = b.bracket(l->bracket).rate;
        const BigInteger maintenance =
            div_down(p.size * l->price * rate, wads::one()) - b.deduction(l->bracket);
        const BigInteger gap = equity - maintenance;
        EXPECT_GE(gap, BigInteger{0}) << k;
        EXPECT_LE(gap, p.size * BigInteger{2}) << k;
        const BigInteger notional = wads::mul_down(p.size, l->price);
        EXPECT_LE(max(b.at(notional) < l->bracket ? BigInteger{1} : BigInteger{0},
                      b.at(notional) > l->bracket + 1 ? BigInteger{1} : BigInteger{0}),
                  BigInteger{0});
    }
}

TEST(ExchangeTiers, EXCHANGE_002_a_long_at_a_rate_of_one_has_no_liquidation_price) {
    const auto all = Brackets::of({{.floor = {}, .rate = wads::one()}});
    EXPECT_FALSE(
        exchange_tiers::liquidation_price(
            *all,
            {.wallet_balance = whole(10), .other_maintenance = {}, .other_unrealised_profit = {}},
            {.side = Side::long_side, .size = whole(1), .entry = whole(100)})
            .has_value());
}

TEST(ExchangeTiers, EXCHANGE_003_the_mark_is_the_median_and_no_wick_moves_it) {
    const auto mark = [](double last, double basis) {
        return exchange_tiers::mark_price({.index = whole(60'000),
                                           .last_funding = wad_of(0.0003),
                                           .hours_to_funding = whole(8),
                                           .basis_average = wad_of(basis),
                                           .last = wad_of(last)})
            .mark;
    };
    EXPECT_EQ(mark(59'000, -900), whole(59'100));
    EXPECT_EQ(mark(1, 12), whole(60'012));
    EXPECT_EQ(mark(1e9, 12), whole(60'018));
}

TEST(ExchangeTiers, EXCHANGE_004_bankruptcy_prices_round_for_the_fund) {
    // 100 · 2 / 3 and 100 · 4 / 3 of linear contracts at three times.
    EXPECT_EQ(
        decimal(exchange_tiers::bankruptcy_price_linear(Side::long_side, whole(100), whole(3))),
        "66666666666666666667");
    EXPECT_EQ(
        decimal(exchange_tiers::bankruptcy_price_linear(Side::short_side, whole(100), whole(3))),
        "133333333333333333333");
    // Bybit's example of an inverse long at 50 times, 7735.372549.
    EXPECT_EQ(decimal(exchange_tiers::bankruptcy_price_inverse(Side::long_side, wad_of(7890.08),
                                                               whole(50))),
              "7735372549019607843138");
    EXPECT_EQ(exchange_tiers::bankruptcy_price_inverse(Side::short_side, whole(100), whole(5)),
              whole(125));
}

TEST(ExchangeTiers, EXCHANGE_005_what_the_fund_gains_is_what_the_close_is_better_by) {
    const auto flow = [](Side side, double executed) {
        return exchange_tiers::insurance_fund_flow_inverse(side, whole(6'950), whole(6'950),
                                                           wad_of(executed));
    };
    EXPECT_EQ(flow(Side::long_side, 6'950), BigInteger{0});
    EXPECT_GT(flow(Side::long_side, 6'980), BigInteger{0});
    EXPECT_LT(flow(Side::long_side, 6'930), BigInteger{0});
    EXPECT_LT(flow(Side::short_side, 6'980), BigInteger{0});
}

TEST(ExchangeTiers, EXCHANGE_006_winners_rank_by_profit_times_leverage_losers_below_them) {
    const auto rank = [](std::int64_t mark, std::int64_t bankrupt) {
        return exchange_tiers::adl_rank(whole(mark), whole(100), whole(bankrupt)).rank;
    };
    EXPECT_EQ(rank(110, 99), whole(1));  // 10 % · 10
    EXPECT_GT(rank(110, 99), rank(110, 50));
    EXPECT_LT(rank(95, 90), BigInteger{0});
    // A short's values are negative: it gains where the mark is above (nearer to 0).
    const auto a_short = exchange_tiers::adl_rank(whole(-90), whole(-100), whole(-108));
    EXPECT_EQ(a_short.profit, wad_of(0.1));
    EXPECT_EQ(a_short.leverage, whole(5));
    EXPECT_EQ(a_short.rank, wad_of(0.5));
}

TEST(Hyperliquid, HYPERLIQUID_001_maintenance_is_half_the_initial_margin_at_maximal_leverage) {
    EXPECT_EQ(hyperliquid::maintenance_rate(whole(40)), wad_of(0.0125));
    EXPECT_EQ(decimal(hyperliquid::maintenance_rate(whole(15))), "33333333333333334");
    EXPECT_EQ(hyperliquid::initial_ppm(40), 25'000U);
    EXPECT_EQ(hyperliquid::maintenance_ppm(40), 12'500U);
    EXPECT_EQ(hyperliquid::initial_ppm(15), 66'667U);
    EXPECT_EQ(hyperliquid::maintenance_ppm(15), 33'334U);
    const std::array<hyperliquid::Tier, 2> ether{
        {{.lower = {}, .leverage_max = whole(25)},
         {.lower = whole(100'000'000), .leverage_max = whole(15)}}};
    const auto b = hyperliquid::brackets_of(ether);
    ASSERT_TRUE(b.has_value());
    EXPECT_EQ(b->maintenance(whole(100'000'000)), whole(2'000'000));
    EXPECT_EQ(b->maintenance(whole(100'000'015)) - whole(2'000'000),
              wads::mul_up(whole(15), b->bracket(1).rate));
}

TEST(Hyperliquid, HYPERLIQUID_002_at_the_liquidation_price_equity_is_maintenance) {
    for (const Side side : {Side::long_side, Side::short_side}) {
        const auto m = hyperliquid::liquidation_price(
            whole(100),
            {.side = side, .size = whole(10), .value = whole(50), .leverage = whole(20)});
        EXPECT_EQ(m.maintenance, whole(25));
        EXPECT_EQ(m.available, whole(25));
        const BigInteger sign{side == Side::long_side ? 1 : -1};
        const BigInteger equity =
            whole(50) + sign * BigInteger{10} * (m.liquidation_price - whole(100));
        const BigInteger maintenance =
            wads::mul_down(BigInteger{10} * m.liquidation_price, wad_of(0.025));
        EXPECT_GE(equity, maintenance);
        EXPECT_LE(equity - maintenance, BigInteger{12});
    }
}

TEST(Hyperliquid, HYPERLIQUID_003_stages_begin_below_maintenance_two_thirds_and_zero) {
    const auto stage = [](std::int64_t value) {
        return hyperliquid::liquidation_stage(BigInteger{int128{value}}, BigInteger{300});
    };
    using hyperliquid::Stage;
    EXPECT_EQ(stage(300), Stage::none);
    EXPECT_EQ(stage(299), Stage::market);
    EXPECT_EQ(stage(200), Stage::market);
    EXPECT_EQ(stage(199), Stage::backstop);
    EXPECT_EQ(stage(0), Stage::backstop);
    EXPECT_EQ(stage(-1), Stage::adl);
    EXPECT_EQ(hyperliquid::first_order_share(whole(100'000), false), 1'000'000U);
    EXPECT_EQ(hyperliquid::first_order_share(whole(100'000) + BigInteger{1}, false), 200'000U);
    EXPECT_EQ(hyperliquid::first_order_share(whole(100'001), true), 1'000'000U);
}

TEST(Hyperliquid, HYPERLIQUID_004_one_bad_source_of_three_does_not_move_the_mark) {
    const auto mark = [](std::optional<double> a, std::optional<double> b, std::optional<double> c,
                         std::optional<double> ema) {
        const auto wad = [](std::optional<double> x) {
            return x ? std::optional(wad_of(*x)) : std::nullopt;
        };
        return hyperliquid::mark_price({.oracle_plus_ema = wad(a),
                                        .book = wad(b),
                                        .other_venues = wad(c),
                                        .book_ema = wad(ema)});
    };
    EXPECT_EQ(mark(10'005, 12'050, 10'010, {}), whole(10'010));
    EXPECT_EQ(mark(10'005, 12'050, {}, 10'100), whole(10'100));
    EXPECT_EQ(mark(10'005, {}, {}, 10'100), std::nullopt);
    const std::array prices{whole(250), whole(100), whole(99)};
    const std::array weights{whole(3), whole(2), whole(2)};
    EXPECT_EQ(hyperliquid::weighted_median(prices, weights), 1U);
}

TEST(Hyperliquid, HYPERLIQUID_005_funding_is_the_clamped_premium_paid_in_eighths) {
    const auto hourly = [](double premium) {
        return hyperliquid::funding(wad_of(premium), {.interest_8h = wad_of(0.0001),
                                                      .clamp = wad_of(0.0005),
                                                      .hourly_cap = wad_of(0.04)})
            .hourly;
    };
    EXPECT_EQ(hourly(0.0004), wad_of(0.0001 / 8));
    EXPECT_EQ(hourly(-0.001), wad_of(-0.0000625));
    EXPECT_EQ(hourly(5), wad_of(0.04));
    EXPECT_EQ(hourly(-5), wad_of(-0.04));
    EXPECT_EQ(hyperliquid::premium_index(whole(101), whole(102), whole(100)), wad_of(0.01));
    EXPECT_EQ(hyperliquid::premium_index(whole(99), whole(101), whole(100)), BigInteger{0});
}

TEST(Hyperliquid, HYPERLIQUID_006_the_index_as_written_ranks_losing_shorts_first) {
    const auto index = [](std::int64_t entry) {
        return hyperliquid::adl_index(whole(110), whole(entry), whole(1'000), whole(100));
    };
    EXPECT_EQ(index(110), whole(10));
    EXPECT_GT(index(100), index(120));  // of two shorts the first one loses
}

TEST(DeribitPm, DERIBIT_001_002_the_moves_are_those_of_the_grid_and_the_worst_is_kept) {
    const deribit_pm::Parameters p{.price_range = wad_of(0.16),
                                   .profit_offset = {},
                                   .annualised_move_risk = {},
                                   .annualised_move_min = {},
                                   .maintenance_factor = wad_of(0.8)};
    const std::array<deribit_pm::Expiry, 1> one{{{.years = {}, .quantities = {whole(1)}}}};
    const auto m = deribit_pm::portfolio_margin(one, p, {});
    const auto grid = deribit_grid(160'000);
    ASSERT_EQ(m.moves.size(), 9U);
    for (std::size_t i = 0; i < 9; ++i)
        EXPECT_EQ(m.moves[i], BigInteger{grid[3 * i].move} * big_power_of_ten(12)) << i;
    // A long of one coin loses 0.16/0.84 where the price falls by the range.
    EXPECT_EQ(m.worst_case, wads::quotient_up(wad_of(0.16), wad_of(0.84)));
    EXPECT_EQ(m.maintenance, wads::mul_up(wad_of(0.8), m.worst_case));
    EXPECT_EQ(deribit_pm::inverse_profit(whole(1), whole(1)), wad_of(0.5));
}

TEST(DeribitPm, DERIBIT_002_gains_count_by_their_offset_only) {
    deribit_pm::Parameters p{.price_range = wad_of(0.18),
                             .profit_offset = wad_of(0.6),
                             .annualised_move_risk = {},
                             .annualised_move_min = {},
                             .maintenance_factor = wad_of(0.8)};
    const std::array<deribit_pm::Expiry, 1> one{{{.years = {}, .quantities = {whole(-1)}}}};
    const auto m = deribit_pm::portfolio_margin(one, p, {});
    EXPECT_EQ(m.aggregated.front(), wads::mul_down(m.profits.front(), wad_of(0.6)));
    EXPECT_EQ(m.aggregated.back(), m.profits.back());
}

TEST(DeribitPm, DERIBIT_003_hedges_across_expiries_pay_roll) {
    const deribit_pm::Parameters p{.price_range = wad_of(0.16),
                                   .profit_offset = {},
                                   .annualised_move_risk = wad_of(0.075),
                                   .annualised_move_min = wad_of(0.01),
                                   .maintenance_factor = wad_of(0.8)};
    const std::array<deribit_pm::Expiry, 2> spread{
        {{.years = {}, .quantities = {whole(1)}},
         {.years = wad_of(0.5), .quantities = {whole(-1)}}}};
    const auto m = deribit_pm::portfolio_margin(spread, p, {});
    EXPECT_EQ(m.roll_shock, wad_of(0.0475));  // 1 % of the perpetual, 3.75 % of half a year
    EXPECT_LE(m.worst_case, BigInteger{9});   // the spread itself loses roundings only
}

TEST(DeribitPm, DERIBIT_004_contingencies_add_up_and_maintenance_knows_only_the_risk_matrix) {
    const deribit_pm::Parameters p{.price_range = wad_of(0.16),
                                   .profit_offset = {},
                                   .annualised_move_risk = {},
                                   .annualised_move_min = {},
                                   .maintenance_factor = wad_of(0.8)};
    const auto m = deribit_pm::portfolio_margin({}, p,
                                                {.delta_shock = whole(1),
                                                 .correlation = whole(2),
                                                 .spot_margin = whole(3),
                                                 .mmp_margin = whole(4),
                                                 .open_orders = whole(5)});
    EXPECT_EQ(m.risk_matrix, whole(3));
    EXPECT_EQ(m.initial, whole(15));
    EXPECT_EQ(m.maintenance, wad_of(2.4));
}

TEST(DeribitPm, DERIBIT_005_standard_margin_of_futures_and_of_short_options) {
    const auto f = deribit_pm::standard_future(deribit_pm::Currency::btc, whole(100));
    EXPECT_EQ(f.initial, wad_of(2.5));
    EXPECT_EQ(f.maintenance, wad_of(1.5));
    const auto option = [](bool is_call, std::int64_t strike) {
        return deribit_pm::standard_option({.is_call = is_call,
                                            .index = whole(100),
                                            .strike = whole(strike),
                                            .mark = wad_of(0.02)});
    };
    EXPECT_EQ(option(true, 100).initial, wad_of(0.17));
    EXPECT_EQ(option(true, 102).initial, wad_of(0.15));
    EXPECT_EQ(option(true, 200).initial, wad_of(0.12));
    EXPECT_EQ(option(false, 100).maintenance, wad_of(0.095));
    EXPECT_GE(option(false, 10).initial, option(false, 10).maintenance);
}

TEST(DeribitPm, DERIBIT_006_the_extended_table_never_turns_a_loss_into_a_gain) {
    const deribit_pm::ExtendedTable t{.price_range = wad_of(0.16),
                                      .factor = wads::one(),
                                      .dampener = whole(100'000),
                                      .index = whole(65'000)};
    for (const double move : {-0.66, -0.33, 0.5, 1.0, 5.0})
        for (const std::int64_t profit : {-100, -5, 5, 100}) {
            const BigInteger x = deribit_pm::extended_profit(whole(profit), wad_of(move), t);
            EXPECT_GE(x * BigInteger{profit < 0 ? -1 : 1}, BigInteger{0});
            EXPECT_LE(x.magnitude(), whole(profit).magnitude() * BigInteger{2});
        }
}

TEST(CalcWads, CALC_004_a_number_becomes_the_decimal_that_names_it) {
    EXPECT_EQ(decimal(wad_of(0.1)), "100000000000000000");
    EXPECT_EQ(decimal(wad_of(-123456.789)), "-123456789000000000000000");
    EXPECT_EQ(decimal(wad_of(1e25)), decimal(big_power_of_ten(43)));
    EXPECT_EQ(wad_of(9e-19), BigInteger{0});
    EXPECT_EQ(wad_of(0), BigInteger{0});
    EXPECT_TRUE(wad_of(1e300).is_lost());
}

}  // namespace
}  // namespace breakwater
