// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "random_events.hpp"

#include <algorithm>
#include <optional>

#include "breakwater/core/engine.hpp"
#include "breakwater/core/rulebooks/aave_v3_accounts.hpp"

namespace breakwater::given {
namespace {

/// One event in the making. Draws in a fixed order, so that a seed is a sequence.
class Maker {
  public:
    Maker(const State& state, Chance& chance)
        : state_(state), market_(aave_market(state)), chance_(chance) {}

    Event event() {
        const Time at = time();
        return {at, MarketId{chance_.one_in(500) ? std::uint8_t{1} : std::uint8_t{0}}, action()};
    }

  private:
    Time time() {
        const std::uint64_t now = state_.clock.now;
        switch (chance_.below(40)) {
            case 0:
                return Time{now - 1};
            case 1:
                return Time{now + 31'536'000 * chance_.below(4)};
            case 2:
                return Time{now + chance_.below(2'000'000)};
            case 3:
                return Time{now + (chance_.one_in(50) ? std::uint64_t{1} << chance_.below(33) : 0)};
            default:
                return Time{now + (chance_.one_in(2) ? 0 : 12 * chance_.below(600))};
        }
    }

    Action action() {
        switch (chance_.below(32)) {
            case 0:
            case 1:
            case 2:
            case 3:
            case 4:
                return Supply{account(), asset(), amount()};
            case 5:
            case 6:
            case 7:
                return Withdraw{account(), asset(), size()};
            case 8:
            case 9:
            case 10:
            case 11:
            case 12:
            case 13:
                return borrow();
            case 14:
            case 15:
            case 16:
                return Repay{account(), asset(), size()};
            case 17:
                return SetCollateral{account(), asset(), chance_.one_in(2)};
            case 18:
                return SetEMode{account(), static_cast<std::uint16_t>(chance_.below(5))};
            case 19:
                return MintToTreasury{asset()};
            case 20:
                return EliminateDeficit{account(), asset(), size()};
            case 21:
                return CoverDeficit{asset()};
            case 22:
                return parameters();
            case 23:
                return emode();
            case 24:
            case 25:
            case 26:
                return prices();
            default:
                return liquidate();
        }
    }

    AccountId account() {
        return AccountId{static_cast<std::uint32_t>(chance_.below(market_.accounts.size()))};
    }
    AssetId asset() {
        if (chance_.one_in(300)) return AssetId{255};
        return AssetId{static_cast<std::uint8_t>(chance_.below(market_.reserves.size()))};
    }

    /// One below, at, or one above `v`.
    Amount near(uint128 v) {
        const auto step = chance_.below(3);
        if (step == 0) return {v - (v != 0 ? 1 : 0)};
        return {v + (step == 1 ? 0 : 1)};
    }
    /// About a number that the state cares for.
    Amount amount() {
        const auto row = chance_.below(market_.reserves.size());
        const aave_v3::Reserve& r = market_.reserves[row];
        const aave_v3::Parameters& p = market_.parameters[row];
        if (chance_.one_in(150)) return absurd();
        switch (chance_.below(24)) {
            case 0:
                return {0};
            case 1:
                return {1 + chance_.below(3)};
            case 2:
                return near(r.cash.raw);
            case 3:
                return near(r.deficit.raw);
            case 4:
                return near(balance_of_somebody());
            case 5:
                return near(r.supplied.raw);
            case 6:
                return near(uint128{p.supply_cap} * power_of_ten(p.decimals));
            default: {  // 10^-3 to 10^5 tokens
                const uint128 unit = power_of_ten(p.decimals);
                return {unit / 1'000 * (1 + chance_.wide(26))};
            }
        }
    }
    /// Beyond every token, at the widths of the machine and of the protocol.
    Amount absurd() {
        switch (chance_.below(3)) {
            case 0:
                return {uint128_max - chance_.below(2)};
            case 1:
                return near(uint128{1} << 120U);
            default:
                return {chance_.wide(128)};
        }
    }
    uint128 balance_of_somebody() {
        const auto legs = market_.legs_of(account());
        if (legs.empty()) return chance_.below(10);
        const aave_v3::Leg& leg = legs[chance_.below(legs.size())];
        return chance_.one_in(2) ? leg.supplied().raw : leg.borrowed().raw;
    }
    /// Mostly what the account may still borrow, whole or in part.
    Action borrow() {
        const AccountId who = account();
        const AssetId what = asset();
        if (chance_.one_in(3) || !market_.has(what)) return Borrow{who, what, amount()};
        const auto data = data_of(who);
        const uint128 price = state_.feeds[index(what)].point;
        if (!data || price == 0) return Borrow{who, what, amount()};
        Checked math;
        const uint128 most =
            math.mul_div_down(data->available_borrows().raw,
                              power_of_ten(market_.parameters[index(what)].decimals), price);
        return Borrow{who, what, near(most / (chance_.one_in(2) ? 1 : 1 + chance_.below(8)))};
    }
    Size size() { return chance_.one_in(4) ? Size::all() : Size::exactly(amount()); }

    Action prices() {
        ReportPrices report;
        report.prices.resize(state_.feeds.size() + (chance_.one_in(100) ? 1 : 0));
        for (std::size_t a = 0; a < state_.feeds.size(); ++a) {
            const uint128 old = state_.feeds[a].point;
            switch (chance_.below(16)) {
                case 0:
                    report.prices[a] = {0};
                    break;
                case 1:
                    report.prices[a] = {old * chance_.below(300) / 100};
                    break;
                case 2:
                    report.prices[a] = {old + 1};
                    break;
                case 3:
                    report.prices[a] = {chance_.one_in(8) ? chance_.wide(66) : old};
                    break;
                default:
                    report.prices[a] = {old * (900 + chance_.below(201)) / 1'000};
            }
        }
        return report;
    }

    Action parameters() {
        const auto row = chance_.below(market_.reserves.size());
        aave_v3::Parameters p = market_.parameters[row];
        const auto bps = static_cast<std::uint16_t>(chance_.below(10'001));
        switch (chance_.below(24)) {
            case 0:
                p.flags = static_cast<std::uint16_t>(chance_.below(16));
                break;
            case 1:
                p.ltv = bps;
                break;
            case 2:
                p.liquidation_threshold = bps;
                break;
            case 3:
                p.liquidation_bonus = static_cast<std::uint16_t>(10'000 + chance_.below(2'000));
                break;
            case 4:
                p.liquidation_protocol_fee = bps;
                break;
            case 5:
                p.reserve_factor = bps;
                break;
            case 6:
                p.supply_cap = chance_.below(1'000'000);
                break;
            case 7:
                p.borrow_cap = chance_.below(1'000'000);
                break;
            case 8:
                p.grace_until = state_.clock.now + chance_.below(4'000);
                break;
            case 9:
                p.slope2 = static_cast<std::uint32_t>(chance_.below(100'000));
                break;
            default:  // as it was meant to be
                p.flags = aave_v3::active | aave_v3::borrowing;
                p.supply_cap = 0;
                p.borrow_cap = 0;
                p.grace_until = 0;
                if (p.liquidation_threshold == 0) p.liquidation_threshold = 8'000;
        }
        return SetParameters{AssetId{static_cast<std::uint8_t>(row)}, p};
    }

    Action emode() {
        const auto id = chance_.below(market_.emodes.size() + 1);
        aave_v3::EMode e = market_.emodes[std::min(id, market_.emodes.size() - 1)];
        switch (chance_.below(5)) {
            case 0:
                e.collateral = chance_.below(16);
                break;
            case 1:
                e.borrowable = chance_.below(16);
                break;
            case 2:
                e.ltv_zero = chance_.below(16);
                break;
            case 3:
                e.liquidation_threshold = static_cast<std::uint16_t>(chance_.below(10'001));
                break;
            default:
                e.isolated = chance_.one_in(2) ? 1 : 0;
        }
        return SetEModeParameters{static_cast<std::uint16_t>(id), e};
    }

    /// Of somebody unhealthy; where there is nobody, mostly a step of the prices instead.
    Action liquidate() {
        const auto found = somebody_unhealthy();
        if (!found && !chance_.one_in(8)) return prices();
        Liquidate e{.borrower = found.value_or(account()),
                    .collateral = asset(),
                    .debt = asset(),
                    .debt_to_cover = chance_.one_in(2) ? Size::all() : size(),
                    .liquidator = account(),
                    .receive_supply = chance_.one_in(3)};
        if (!e.receive_supply || chance_.one_in(20)) e.liquidator = outside;
        for (const aave_v3::Leg& leg : market_.legs_of(e.borrower)) {
            if (chance_.one_in(12)) continue;
            if (leg.is_collateral()) e.collateral = leg.asset();
            if (leg.is_borrowing()) e.debt = leg.asset();
        }
        return e;
    }
    std::optional<AccountId> somebody_unhealthy() {
        const AccountId first = account();
        const auto n = static_cast<std::uint32_t>(market_.accounts.size());
        for (std::uint32_t i = 0; i < n; ++i) {
            const AccountId id{(index(first) + i) % n};
            const auto data = data_of(id);
            if (data && data->is_unhealthy()) return id;
        }
        return std::nullopt;
    }
    std::optional<aave_v3::AccountData> data_of(AccountId id) const {
        aave_v3::GrownIndices grown;
        const aave_v3::View view{
            .state = state_, .market = market_, .grown = grown, .now = state_.now()};
        const auto data =
            aave_v3::account_data(view, market_.legs_of(id), market_.accounts[index(id)].emode);
        return data ? std::optional{*data} : std::nullopt;
    }

    const State& state_;
    const aave_v3::Market& market_;
    Chance& chance_;
};

/// A balance of each asset for half of the accounts.
void fund(State& state, Chance& chance) {
    Planner planner;
    for (std::uint32_t i = 0; i < aave_market(state).accounts.size(); ++i)
        for (std::uint8_t a = 0; a < assets; ++a) {
            if (chance.one_in(2)) continue;
            const uint128 unit = power_of_ten(aave_market(state).parameters[a].decimals);
            const Supply supply{AccountId{i}, AssetId{a}, {unit / 10 * (1 + chance.wide(14)) + 1}};
            (void)apply(state, {state.now(), MarketId{0}, supply}, planner);  // a cap may refuse it
        }
}

}  // namespace

State random_market(Chance& chance) {
    State state = small_market(2 + static_cast<std::uint32_t>(chance.below(actors)));
    auto& market = aave_market(state);
    for (std::size_t a = 0; a < assets; ++a) {
        aave_v3::Parameters& p = market.parameters[a];
        aave_v3::Reserve& r = market.reserves[a];
        if (chance.one_in(3)) p.decimals = static_cast<std::uint16_t>(chance.below(19));
        if (chance.one_in(4)) p.liquidation_protocol_fee = 0;
        if (chance.one_in(4)) p.reserve_factor = static_cast<std::uint16_t>(chance.below(10'001));
        if (chance.one_in(4)) p.base_rate = static_cast<std::uint32_t>(chance.below(2'000));
        if (chance.one_in(4)) p.supply_cap = 1 + chance.below(1'000'000);
        if (chance.one_in(4)) p.borrow_cap = 1 + chance.below(100'000);
        if (chance.one_in(2)) {
            r.liquidity_index.raw += ray / 1'000 * chance.below(900);
            r.borrow_index.raw += ray / 1'000 * chance.below(2'000);
        }
    }
    for (std::uint64_t k = chance.below(4); k > 0; --k)
        state.layers.push_back(
            {.cover = {chance.wide(80)}, .paid = {}, .asset = chance.below(assets)});
    if (chance.one_in(3))
        state.layers.insert(state.layers.begin(), {.cover = {chance.one_in(2) ? 0 : chance.wide(80)},
                                                   .paid = {},
                                                   .asset = chance.below(assets),
                                                   .kind = LayerKind::borrower_equity});
    if (chance.one_in(3))
        state.layers.push_back({.cover = {chance.one_in(2) ? 0 : chance.wide(80)},
                                .paid = {},
                                .asset = chance.below(assets),
                                .kind = LayerKind::socialisation});
    fund(state, chance);
    return state;
}

State random_own_market(Chance& chance) {
    State state = random_market(chance);
    house::Rules& rules = aave_market(state).house.emplace();
    rules.target_health = {wad / 10'000 * (10'050 + chance.below(3'000))};
    rules.bonus_start = static_cast<std::uint32_t>(chance.below(10'001));
    rules.bonus_whole_at = {wad / 10'000 * (9'000 + chance.below(1'000))};
    rules.bonus_least = static_cast<std::uint32_t>(chance.below(500));
    if (chance.one_in(2)) rules.leftover_min = {chance.below(1'000) * 100'000'000U};
    if (chance.one_in(2)) rules.notice_hours = static_cast<std::uint32_t>(chance.below(400));
    rules.impaired_withdrawals = chance.one_in(2);
    for (Layer& layer : state.layers) {
        if (layer.kind != LayerKind::insurance_fund) continue;
        layer.kind = static_cast<LayerKind>(chance.below(5));
        layer.account = chance.below(aave_market(state).accounts.size());
        if (layer.kind == LayerKind::insurance_fund && chance.one_in(2))
            layer.refill = {chance.wide(60)};
        layer.refilled = start;
    }
    if (chance.one_in(2))
        for (std::size_t a = 0; a < assets; ++a)
            rules.depth.push_back({chance.below(100'000) * 100'000'000U});
    return state;
}

void doubt_prices(State& state, Chance& chance) {
    for (FeedRow& feed : state.feeds) {
        if (!chance.one_in(3) || feed.point > ~std::uint64_t{0} / 4) continue;
        const std::uint64_t part = 20 + chance.below(1'000);
        feed.lo = feed.point - feed.point / part;
        feed.hi = feed.point + feed.point / part;
        feed.slow = feed.lo + chance.below(feed.hi - feed.lo + 1);
    }
}

Event random_event(const State& state, Chance& chance) {
    return Maker(state, chance).event();
}

}  // namespace breakwater::given
