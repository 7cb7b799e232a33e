// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "native_book.hpp"

#include "breakwater/core/digest.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/core/rulebooks/morpho_blue.hpp"
#include "small_market.hpp"

namespace breakwater::given {
namespace {

const morpho_blue::Totals& morpho_totals(const State& state) {
    return std::get<morpho_blue::Market>(state.markets[0]).totals[0];
}
const compound_v3::Market& comet_market(const State& state) {
    return std::get<compound_v3::Market>(state.markets[0]);
}

/// An edge of `balance`: nothing, one below, all, one above, a part of it, or anything.
uint128 about(Chance& chance, uint128 balance) {
    switch (chance.below(7)) {
        case 0:
            return 0;
        case 1:
            return balance == 0 ? 1 : balance - 1;
        case 2:
            return balance;
        case 3:
            return balance + 1;
        case 4:
            return chance.wide(chance.one_in(8) ? 128 : 90);
        default:
            return balance / (1 + chance.below(9));
    }
}

Time later(const State& state, Chance& chance) {
    const std::uint64_t step = chance.one_in(3) ? chance.below(400'000) : chance.below(2) * 12;
    return Time{state.clock.now + step};
}

/// 60 to 125 % of `value`, back to the middle where it has gone far.
uint128 moved(Chance& chance, uint128 value, uint128 middle) {
    if (value < middle / 50 || value > middle * 50) return middle;
    return value * (60 + chance.below(66)) / 100;
}

/// What may still be borrowed against this collateral, give or take a few atoms.
uint128 room(const morpho_blue::Totals& t, const morpho_blue::Position& p) {
    Checked math;
    const uint128 worth =
        math.narrow(divide(math.mul_wide_by(t.price(), p.collateral.raw), wad * wad).quotient);
    const uint128 most = worth / 5 * 4;
    const uint128 debt = p.borrow_shares.raw / morpho_blue::virtual_shares;
    return math.overflow() || debt > most ? 0 : most - debt;
}
uint128 room(const State& state, AccountId account) {
    const compound_v3::Market& market = comet_market(state);
    uint128 value = 0;
    for (std::uint32_t i = 0; i < market.totals[0].assets; ++i) {
        const std::uint32_t row = index(account) * market.totals[0].assets + i;
        if (row >= market.holdings.size()) break;
        Checked math;
        const compound_v3::Collateral& c = market.collaterals[i];
        const uint128 worth = math.mul_div_unit_down(market.holdings[row].amount.raw,
                                                     state.feeds[index(c.asset)].point, c.decimals);
        value += math.overflow() ? 0 : worth * (c.borrow_factor / (wad / 100)) / 100;
    }
    const int128 principal =
        index(account) < market.positions.size() ? market.positions[index(account)].principal : 0;
    const int128 left = static_cast<int128>(value / 100) + principal;
    return left < 0 ? 0 : static_cast<uint128>(left);
}

AccountId anybody(Chance& chance, std::uint32_t accounts) {
    return AccountId{
        static_cast<std::uint32_t>(chance.below(chance.one_in(40) ? accounts + 1 : accounts))};
}

}  // namespace

State morpho_book(morpho_blue::RateModel model) {
    morpho_blue::Totals t;
    t.lltv = static_cast<std::uint64_t>(wad * 8 / 10);
    t.fee = static_cast<std::uint64_t>(wad / 10);
    t.rate_model = model;
    t.updated = start;
    t.accounts = 4;
    t.fee_recipient = morpho::fee_recipient;
    t.loan = morpho::loan;
    t.collateral_asset = morpho::collateral;
    t.set_price(Uint256{wad * wad});
    morpho_blue::Market market;
    market.totals.push_back(t);
    State state;
    state.clock.now = start;
    state.feeds.resize(2);
    state.custody.resize(2);
    state.markets.emplace_back(std::move(market));
    return state;
}

State comet_book() {
    compound_v3::Totals t;
    t.supply_index = compound_v3::index_scale;
    t.borrow_index = compound_v3::index_scale;
    const std::uint64_t half = 500'000'000'000'000'000;
    t.supply_curve = {
        .kink = half, .base = 0, .slope_low = 1'000'000'000, .slope_high = 22'000'000'000};
    t.borrow_curve = {.kink = half,
                      .base = 1'000'000'000,
                      .slope_low = 2'000'000'000,
                      .slope_high = 40'000'000'000};
    t.reserves_target = 5'000_usdc;
    t.borrow_min = 10_usdc;
    t.store_front_price_factor = half;
    t.updated = start;
    t.accounts = 3;
    t.base = comet::usdc;
    t.base_decimals = 6;
    t.assets = 2;
    const auto percent = [](std::uint64_t p) { return p * static_cast<std::uint64_t>(wad / 100); };
    compound_v3::Market market;
    market.totals.push_back(t);
    market.collaterals.resize(2);
    market.collaterals[0] = {.asset = comet::weth,
                             .decimals = 18,
                             .borrow_factor = percent(80),
                             .liquidate_factor = percent(85),
                             .liquidation_factor = percent(95),
                             .supply_cap = 1'000 * wad,
                             .supplied = {},
                             .held = {}};
    market.collaterals[1] = {.asset = comet::wbtc,
                             .decimals = 8,
                             .borrow_factor = percent(70),
                             .liquidate_factor = percent(75),
                             .liquidation_factor = percent(90),
                             .supply_cap = uint128{1} << 127U,
                             .supplied = {},
                             .held = {}};
    State state;
    state.clock.now = start;
    state.feeds.resize(3);
    state.custody.resize(3);
    state.markets.emplace_back(std::move(market));
    Planner planner;
    const auto done = apply(
        state,
        {.time = Time{start}, .market = {}, .action = ReportPrices{{1_usd, 2'000_usd, 30'000_usd}}},
        planner);
    REQUIRE(done.has_value());
    return state;
}

Outcome apply_native(State& state, Planner& planner, const Event& event) {
    const std::string digest = digest_of(state);
    const auto done = apply(state, event, planner);
    if (!done) {
        const bool same = digest_of(state) == digest;
        return {std::unexpected(done.error()),
                {},
                same ? "" : "ENGINE-001: a refused event changed the state"};
    }
    Outcome out{{}, (*done)->effects, {}};
    const std::string after = digest_of(state);
    undo(state, (*done)->changes);
    if (digest_of(state) != digest) out.broken = "ENGINE-005: undo does not lead back";
    execute(state, (*done)->changes);
    if (digest_of(state) != after)
        out.broken = "ENGINE-005: the transition does not lead forward again";
    if (const auto v = check_state(state))
        out.broken = std::string(v->rule) + ": over the whole state";
    return out;
}

Event random_morpho_event(const State& state, Chance& chance) {
    namespace mb = morpho_blue;
    const auto& market = std::get<mb::Market>(state.markets[0]);
    const mb::Totals& t = morpho_totals(state);
    const AccountId who = anybody(chance, t.accounts);
    const mb::Position p =
        index(who) < market.positions.size() ? market.positions[index(who)] : mb::Position{};
    const bool by_shares = chance.one_in(2);
    const auto in_assets = [&](uint128 v) { return Amount{by_shares ? 0 : about(chance, v)}; };
    const auto in_shares = [&](mb::Shares v) {
        return mb::Shares{by_shares ? about(chance, v.raw) : 0};
    };
    const uint128 lent = t.supply_assets.raw - t.borrow_assets.raw;
    const auto action = [&]() -> mb::Action {
        switch (chance.below(12)) {
            case 0:
            case 1:
                return mb::Supply{who, in_assets(wad), in_shares({wad})};
            case 2:
                return mb::Withdraw{who, in_assets(lent), in_shares(p.supply_shares)};
            case 3:
            case 4:
                return mb::Borrow{who, in_assets(std::min(lent, room(t, p))),
                                  in_shares({std::min(lent, room(t, p)) * mb::virtual_shares})};
            case 5:
                return mb::Repay{who, in_assets(p.borrow_shares.raw / mb::virtual_shares),
                                 in_shares(p.borrow_shares)};
            case 6:
                if (!p.collateral.is_zero() && !chance.one_in(5))
                    return mb::Borrow{who, {std::min(lent, room(t, p))}, {}};
                return mb::SupplyCollateral{who, {about(chance, wad)}};
            case 7:
                return mb::WithdrawCollateral{who, {about(chance, p.collateral.raw)}};
            case 8:
            case 9:
                return mb::Liquidate{who, in_assets(p.collateral.raw), in_shares(p.borrow_shares)};
            case 10:
                return mb::ReportPrice{Uint256{moved(chance, t.price().low() / wad, wad) * wad}};
            default:
                return chance.one_in(2) ? mb::Action{mb::Accrue{}}
                                        : mb::SetFee{chance.below(mb::fee_max + 10)};
        }
    };
    return {.time = later(state, chance), .market = {}, .action = action()};
}

Event random_comet_event(const State& state, Chance& chance) {
    namespace c3 = compound_v3;
    const c3::Market& market = comet_market(state);
    const c3::Totals& t = market.totals[0];
    const AccountId who = anybody(chance, t.accounts);
    const AssetId asset{static_cast<std::uint8_t>(chance.below(3))};
    const c3::Position p =
        index(who) < market.positions.size() ? market.positions[index(who)] : c3::Position{};
    const auto held = [&]() -> uint128 {
        if (asset == comet::usdc)
            return static_cast<uint128>(p.principal < 0 ? -p.principal : p.principal);
        const std::uint32_t row = index(who) * t.assets + index(asset) - 1;
        return row < market.holdings.size() ? market.holdings[row].amount.raw : 0;
    };
    const auto size = [&](uint128 v) {
        return chance.one_in(8) ? Size::all() : Size::exactly({about(chance, v)});
    };
    const uint128 usual = asset == comet::usdc   ? (20'000_usdc).raw
                          : asset == comet::weth ? 10 * wad
                                                 : 50'000'000;
    const auto action = [&]() -> Action {
        switch (chance.below(12)) {
            case 0:
            case 1:
            case 2:
                // Who has collateral repays, so that there are debts.
                if (asset == comet::usdc && who != comet::lender)
                    return c3::Action{c3::Supply{who, asset, size(held())}};
                if (asset != comet::usdc && held() != 0 && !chance.one_in(5))
                    return c3::Action{c3::Withdraw{who, comet::usdc, size(room(state, who))}};
                return c3::Action{c3::Supply{who, asset, size(usual)}};
            case 3:
            case 4:
            case 5:
                if (asset == comet::usdc && chance.one_in(2))
                    return c3::Action{c3::Withdraw{who, asset, size(room(state, who))}};
                return c3::Action{c3::Withdraw{who, asset, size(held())}};
            case 6:
                return c3::Action{
                    c3::Transfer{who, anybody(chance, t.accounts), asset, size(held())}};
            case 7:
            case 8:
                return c3::Action{c3::Absorb{{who}}};
            case 9:
                return c3::Action{c3::BuyCollateral{asset,
                                                    {about(chance, (1'000_usdc).raw)},
                                                    {chance.one_in(4) ? wad : uint128{0}}}};
            case 10:
                return ReportPrices{
                    {chance.one_in(5) ? Price{99'000'000 + chance.below(3'000'000)} : Price{},
                     {moved(chance, state.feeds[index(comet::weth)].point, (2'000_usd).raw)},
                     {moved(chance, state.feeds[index(comet::wbtc)].point, (30'000_usd).raw)}}};
            default:
                return chance.one_in(2) ? c3::Action{c3::WithdrawReserves{{chance.wide(34)}}}
                                        : c3::Action{c3::Accrue{}};
        }
    };
    return {.time = later(state, chance), .market = {}, .action = action()};
}

}  // namespace breakwater::given
