// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "venue_storm_book.hpp"

#include <cmath>

#include "breakwater/core/engine.hpp"
#include "breakwater/core/margin/standing.hpp"
#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/venue.hpp"
#include "breakwater/stress/venue_arrays.hpp"
#include "breakwater/world/math.hpp"
#include "breakwater/world/random.hpp"

namespace breakwater::venue_given {
namespace {

using namespace venue;

constexpr std::uint64_t begins = 1'760'097'600;  // 10 October 2025, 12:00 UTC
constexpr std::uint64_t day = 86'400;
constexpr AssetId usdc{0};
constexpr AssetId btc{1};
constexpr AssetId eth{2};
constexpr AssetId usde{3};
constexpr std::uint32_t liquidators = 4;

std::uint64_t e8(double v) {
    return static_cast<std::uint64_t>(std::llround(v * 1e8));
}

class Maker {
  public:
    explicit Maker(const StormBookSize& size) : size_(size) {
        out_.book.name = "venue in code";
        out_.book.rulebook = "venue";
        out_.array_seconds = 7'200;
        market_.settings = {{.notice = 3'600,
                             .gate_time = 600,
                             .discount_per_hour = 20'000,
                             .mark_age_max = 7'200,
                             .accounts = size.accounts,
                             .slots = 8,
                             .clusters = 3,
                             .tiers = 2,
                             .fund = AccountId{0},
                             .vault = AccountId{1},
                             .exit = 5'000,
                             .participation = 200'000,
                             .discount = 4'000,
                             .discount_max = 30'000,
                             .fund_fee = 5'000,
                             .take_over = 666'667,
                             .grid = 1}};
        market_.gate.resize(1);
        add_asset("USDC", AssetKind::stable, 6, 1, 300e6, 0);
        add_asset("BTC", AssetKind::volatile_, 8, 121'500, 60e6, 50'000);
        add_asset("ETH", AssetKind::volatile_, 18, 4'343, 40e6, 50'000);
        add_asset("USDe", AssetKind::stable, 18, 1, 30e6, 20'000);
        add_underlying(btc, 0.1, 160'000, 0.45);
        add_underlying(eth, 0.01, 200'000, 0.65);
        add_contracts();
        for (std::uint32_t a = 0; a < size.accounts; ++a)
            out_.book.accounts.push_back(a == 0   ? "fund"
                                         : a == 1 ? "vault"
                                                  : "a" + std::to_string(a));
        for (std::uint32_t k = 0; k < liquidators; ++k)
            out_.liquidators.push_back(AccountId{2 + k});
    }

    VenueBook make() {
        market_.accounts.resize(size_.accounts);
        market_.balances.resize(std::size_t{size_.accounts} * 4);
        market_.positions.resize(std::size_t{size_.accounts} * 8);
        market_.clusters.resize(3 * market_.terms.size());
        market_.fund_tiers.resize(8);
        for (FundTier& t : market_.fund_tiers)
            t.limit = {uint128{1} << 80U};
        for (std::uint32_t a = 6; a < std::min(size_.accounts, 26U); ++a)
            market_.accounts[a].cluster = 1 + a % 2;
        State& s = out_.book.state;
        s.markets.emplace_back(std::move(market_));
        s.clock.now = begins;
        report();
        mark();
        REQUIRE(publish_arrays(out_));
        REQUIRE(check_parameters(out_.market()).has_value());
        fill_accounts();
        return std::move(out_);
    }

  private:
    void add_asset(const char* symbol, AssetKind kind, std::uint8_t decimals, double usd,
                   double depth, std::uint32_t haircut) {
        Collateral c;
        c.borrow_index = {ray};
        c.borrow_rate = {ray / 20};
        c.cap = {uint128{1} << 110U};
        c.updated = begins;
        c.haircut = haircut;
        c.profit_weight = 500'000;
        c.decimals = decimals;
        market_.collaterals.push_back(c);
        AssetDescription d;
        d.symbol = symbol;
        d.decimals = decimals;
        d.kind = kind;
        d.liquidity.depth_2pct = depth;
        d.feed = {.deviation = 0, .heartbeat = 300, .latency = 3};
        out_.book.assets.push_back(d);
        usd_.push_back(usd);
        out_.book.state.feeds.emplace_back();
        out_.book.state.custody.emplace_back();
        out_.collateral.emplace_back();
    }
    void add_underlying(AssetId asset, double tick, std::uint32_t range, double volatility) {
        out_.collateral[index(asset)] = {
            .underlying = static_cast<std::uint32_t>(out_.underlyings.size()), .beta = ppm_one};
        UnderlyingDescription u;
        u.asset = asset;
        u.tick_e8 = e8(tick);
        u.range = range;
        u.roll_min = 10'000;
        u.roll_yearly = 75'000;
        u.short_minimum = 10'000;
        u.shock = {.range_up = 0.5,
                   .range_down = 0.25,
                   .short_power = 0.30,
                   .long_power = 0.13,
                   .up_min = 0.5};
        u.surface.as_of = begins;
        u.surface.stressed_volatility = 1;
        for (const std::uint64_t days : {7U, 28U}) {
            const double years = static_cast<double>(days) / 365;
            const double w = volatility * volatility * years;
            u.surface.smiles.push_back(
                {.expiry = static_cast<std::int64_t>(begins + days * day),
                 .years = years,
                 .svi = {.a = 0.8 * w, .b = 0.4 * w, .rho = -0.2, .m = 0, .s = 0.5},
                 .fitted = begins});
            u.forwards.push_back({.expiry = static_cast<std::int64_t>(begins + days * day),
                                  .price = usd_[index(asset)] * (1 + 0.05 * years)});
        }
        out_.underlyings.push_back(std::move(u));
    }
    MarginTerms margin(std::uint32_t initial) {
        MarginTerms m;
        const uint128 bound = uint128{2'000'000} * 100'000'000;
        m.tiers[0] = {.initial = initial, .maintenance = initial / 2};
        m.tiers[1] = {.lower = bound,
                      .initial_deduction = bound * initial,
                      .maintenance_deduction = bound * (initial / 2),
                      .initial = 2 * initial,
                      .maintenance = initial};
        m.stale_add_on = 200'000;
        return m;
    }
    void add_contract(std::uint32_t underlying, Terms t, double lot, double tick) {
        t.band = ppm_one;
        t.block_lots = lots_max;
        t.underlying = out_.underlyings[underlying].asset;
        market_.terms.push_back(t);
        market_.margins.push_back(margin(underlying == 0 ? 25'000 : 40'000));
        out_.contracts.push_back(
            {.underlying = underlying, .lot_e8 = e8(lot), .tick_e8 = e8(tick)});
    }
    void add_contracts() {
        for (std::uint32_t u = 0; u < 2; ++u) {
            const double tick = static_cast<double>(out_.underlyings[u].tick_e8) / 1e8;
            const double lot = u == 0 ? 0.001 : 0.01;
            Terms t;
            t.unit = static_cast<int128>(std::llround(lot * tick * 1e6));
            t.settlement = usdc;
            add_contract(u, t, lot, tick);
            t.by_arrays = 1;
            add_contract(u, t, lot, tick);
        }
        Terms inverse;
        inverse.unit = int128{100} * 10 * 100'000'000 << 20U;  // 100 USD at ticks of 0.1 USD
        inverse.grain_bits = 20;
        inverse.settlement = btc;
        inverse.settled = Settled::coin;
        add_contract(0, inverse, 100, 0.1);
        Terms dated;
        dated.unit = static_cast<int128>(std::llround(0.01 * 0.01 * 1e6));
        dated.settlement = usdc;
        dated.form = Form::future;
        dated.expiry = begins + 28 * day;
        add_contract(1, dated, 0.01, 0.01);
        for (std::uint32_t u = 0; u < 2; ++u)
            for (const std::uint64_t days : {7U, 28U})
                for (std::uint32_t k = 0; k < size_.strikes; ++k)
                    for (const Form form : {Form::call, Form::put})
                        add_option(u, days, k, form);
        market_.contracts.resize(market_.terms.size());
        market_.announced = market_.margins;
    }
    void add_option(std::uint32_t u, std::uint64_t days, std::uint32_t k, Form form) {
        const double tick = static_cast<double>(out_.underlyings[u].tick_e8) / 1e8;
        const double lot = u == 0 ? 0.01 : 0.1;
        const double spot = usd_[index(out_.underlyings[u].asset)];
        const double middle = (size_.strikes - 1) / 2.0;
        const double strike =
            std::round(spot * (1 + 0.3 * (k - middle) / std::max(middle, 1.0)) / tick) * tick;
        Terms t;
        t.unit = static_cast<int128>(std::llround(lot * tick * 1e6));
        t.payoff_unit = t.unit;
        t.settlement = usdc;
        t.form = form;
        t.expiry = begins + days * day;
        t.strike = std::llround(strike / tick);
        t.by_arrays = 1;
        t.tier = 1;
        add_contract(u, t, lot, tick);
    }

    void must(const breakwater::Action& action) {
        const auto done =
            apply(out_.book.state, {out_.book.state.now(), MarketId{0}, action}, planner_);
        REQUIRE(done.has_value());
    }
    bool may(const venue::Action& action) {
        return apply(out_.book.state, {out_.book.state.now(), MarketId{0}, action}, planner_)
            .has_value();
    }
    void report() {
        ReportPrices e;
        for (const double usd : usd_)
            e.prices.push_back(to_price(usd));
        must(e);
    }
    void mark() {
        PublishMarks e;
        for (std::uint16_t k = 0; k < out_.contracts.size(); ++k) {
            const ContractDescription& c = out_.contracts[k];
            const UnderlyingDescription& u = out_.underlyings[c.underlying];
            const Terms& t = out_.market().terms[k];
            double price = usd_[index(u.asset)];
            for (const Forward& f : u.forwards)
                if (static_cast<std::uint64_t>(f.expiry) == t.expiry) price = f.price;
            std::int64_t ticks = std::llround(price / c.tick());
            if (t.is_option()) ticks = *option_ticks(out_, ContractId{k}, u.surface, price);
            e.marks.push_back(
                {.contract = ContractId{k}, .mark = ticks, .slow = ticks, .depth = 1'000'000});
        }
        must(venue::Action{e});
    }
    double chance(std::uint32_t account, std::uint32_t draw) const {
        return uniform(size_.seed, account, Stream::book, 0, draw);
    }
    void pay_in(AccountId account, AssetId asset, double usd) {
        const double atoms =
            usd / usd_[index(asset)] *
            static_cast<double>(power_of_ten(market().collaterals[index(asset)].decimals));
        must(venue::Action{Deposit{account, asset, {static_cast<uint128>(atoms)}}});
    }
    [[nodiscard]] const venue::Market& market() const { return out_.market(); }

    /// A position against one of the liquidators, who make the market.
    void trade(AccountId account, ContractId contract, double usd, bool is_long) {
        const Contract& c = market().contracts[index(contract)];
        const auto lots = static_cast<std::int64_t>(
            usd / (1e-8 * static_cast<double>(std::max<std::int64_t>(c.notional, 1))));
        if (lots <= 0) return;
        const AccountId other = out_.liquidators[index(account) % liquidators];
        may(Trade{.buyer = is_long ? account : other,
                  .seller = is_long ? other : account,
                  .contract = contract,
                  .lots = lots,
                  .price = c.mark});
    }
    void fill_accounts() {
        pay_in(AccountId{0}, usdc, 20e3 * size_.accounts / 400);
        pay_in(AccountId{1}, usdc, 1e6 * size_.accounts / 400);
        for (const AccountId l : out_.liquidators)
            pay_in(l, usdc, 20e6 * size_.accounts / 400);
        const auto options = static_cast<std::uint16_t>(market().terms.size() - 6);
        for (std::uint32_t a = 6; a < size_.accounts; ++a) {
            const AccountId account{a};
            const double equity = 2'000 * exp_(4 * chance(a, 0));
            const double kind = chance(a, 1);
            const double leverage = 1 + 19 * chance(a, 2) * chance(a, 2);
            const bool is_long = chance(a, 3) < 0.6;
            const std::uint32_t u = chance(a, 4) < 0.5 ? 0 : 1;
            if (kind < 0.25) {  // a loan of USDC against coins or USDe
                pay_in(account, chance(a, 5) < 0.5 ? btc : usde, equity);
                may(venue::Withdraw{
                    account, usdc, {static_cast<uint128>(equity * 0.9 * chance(a, 6) * 1e6)}});
            } else if (kind < 0.75) {
                pay_in(account, chance(a, 5) < 0.7 ? usdc : usde, equity);
                trade(account, ContractId{static_cast<std::uint16_t>(2 * u)}, equity * leverage,
                      is_long);
                if (chance(a, 7) < 0.2) trade(account, ContractId{5}, equity, !is_long);
            } else if (kind < 0.85) {
                pay_in(account, btc, equity);
                trade(account, ContractId{4}, equity * leverage, is_long);
            } else {
                pay_in(account, usdc, equity);
                for (std::uint32_t k = 0; k < 4; ++k) {
                    const auto option = static_cast<std::uint16_t>(6 + chance(a, 8 + k) * options);
                    trade(account, ContractId{option}, equity * 0.2, chance(a, 12 + k) < 0.4);
                }
                trade(account, ContractId{static_cast<std::uint16_t>(2 * u + 1)}, equity, is_long);
            }
        }
    }

    StormBookSize size_;
    VenueBook out_;
    venue::Market market_;
    std::vector<double> usd_;
    Planner planner_;
};

}  // namespace

VenueBook storm_venue(const StormBookSize& size) {
    return Maker(size).make();
}

Scenario storm_scenario(double fall, double hours) {
    Scenario s;
    s.name = "test";
    s.title = "a test";
    s.horizon_seconds = hours * 3'600;
    s.step_seconds = 300;
    s.price.model = PriceScenario::Model::merton;
    s.price.correlation = 0.9;
    PriceScenario::Rule volatile_rule;
    volatile_rule.kind = AssetKind::volatile_;
    volatile_rule.volatility = 0.8;
    PriceScenario::Rule rest;
    rest.symbol = "*";
    rest.volatility = 0.01;
    rest.beta = 0;
    s.price.rules = {volatile_rule, rest};
    s.price.jump = {.forced = fall == 0 ? 0 : 1, .intensity = 0, .mean = fall, .deviation = 0.05};
    s.liquidity.depth_factor = 0.3;
    return s;
}

}  // namespace breakwater::venue_given
