// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>

#include "venue_book.hpp"

namespace breakwater::venue_given {
namespace {

using namespace venue;

class Acting {
  public:
    Acting(const State& state, Chance& chance)
        : state_(state), market_(venue_of(state)), chance_(chance) {}

    Event event() {
        if (chance_.one_in(10)) return prices_at(state_, near_price());
        if (chance_.one_in(8)) return marks_at(state_, feed_price(), later());
        return {Time{state_.clock.now + later()}, MarketId{0}, action()};
    }

  private:
    std::uint64_t later() {
        if (chance_.one_in(2)) return 0;
        return chance_.one_in(12) ? chance_.below(40'000) : chance_.below(600);
    }
    std::uint64_t feed_price() const { return state_.feeds[index(btc)].point / 100'000'000; }
    /// Mostly a small step of the price of the feed; now and then a crash or a jump.
    std::uint64_t near_price() {
        const std::uint64_t usd = feed_price();
        const std::uint64_t percent =
            chance_.one_in(20) ? 60 + chance_.below(80) : 97 + chance_.below(7);
        return std::clamp<std::uint64_t>(usd * percent / 100, 15'000, 240'000);
    }
    venue::Action action() {
        switch (chance_.below(44)) {
            case 0:
            case 1:
                return Deposit{anyone(), asset(), amount()};
            case 2:
            case 3:
                return venue::Withdraw{anyone(), asset(), amount()};
            case 4:
                return chance_.one_in(2) ? Transfer{alice, isolated, asset(), amount()}
                                         : Transfer{isolated, alice, asset(), amount()};
            case 5:
                return SetAccount{anyone(), chance_.one_in(3) ? index(anyone()) + 1 : 0,
                                  static_cast<std::uint32_t>(chance_.below(3))};
            case 6:
                return PayFunding{ContractId{static_cast<std::uint16_t>(chance_.below(2))},
                                  static_cast<std::int64_t>(chance_.below(2'000'001)) - 1'000'000};
            case 7:
                return SettleExpiry{contract(),
                                    20'000 + static_cast<std::int64_t>(chance_.below(1'000'000))};
            case 8:
                return Settle{anyone()};
            case 9:
                return SetBorrowRate{asset(), {ray / 100 * chance_.below(200)}};
            case 10:
                return margin();
            case 11:
                return array();
            case 12:
            case 13:
            case 14:
                return Flag{anyone()};
            case 15:
            case 16:
            case 17:
                return liquidation();
            case 18:
                return sale();
            case 19:
                return Hedge{in_liquidation(), actor(), hedging,
                             static_cast<std::int64_t>(chance_.below(4'000)) - 2'000};
            case 20:
                return TakeOver{in_liquidation()};
            case 21:
            case 22:
                return resolve();
            case 23:
                return CoverLoss{anyone(), asset(), amount()};
            case 24:
                return moves();
            case 25:
                return TakeOver{in_liquidation()};
            case 26:
            case 27:
                return sale();
            case 28:
            case 29:
            case 30:
                return liquidation();
            case 31:
                return SetAccount{erin, 0, static_cast<std::uint32_t>(chance_.below(2))};
            case 32:
                return cover();
            case 33:
                return Hedge{in_liquidation(), vault, hedging,
                             static_cast<std::int64_t>(chance_.below(400)) - 200};
            case 34:
            case 35:
                return orders();
            default:
                return trade();
        }
    }

    AccountId anyone() {
        return AccountId{static_cast<std::uint32_t>(chance_.below(venue_accounts))};
    }
    AccountId actor() {
        return AccountId{1 + static_cast<std::uint32_t>(chance_.below(venue_accounts - 1))};
    }
    AssetId asset() { return chance_.one_in(3) ? btc : usdc; }
    ContractId contract() {
        return ContractId{static_cast<std::uint16_t>(chance_.below(market_.terms.size()))};
    }
    Amount amount() {
        if (chance_.one_in(6)) return {chance_.wide(60)};
        return {chance_.below(4) * 5'000'000 + chance_.below(40) * 500'000'000};
    }
    /// Mostly one that is in liquidation.
    AccountId in_liquidation() {
        const AccountId first = anyone();
        for (std::uint32_t k = 0; k < venue_accounts; ++k) {
            const AccountId a{(index(first) + k) % venue_accounts};
            if (market_.accounts[index(a)].in_liquidation != 0) return a;
        }
        return first;
    }
    /// A position of the account.
    ContractId held_by(AccountId account) {
        for (std::uint32_t k = 0; k < market_.set().slots; ++k) {
            const Position& p = market_.positions[market_.first_slot(account) +
                                                  (k + chance_.below(4)) % market_.set().slots];
            if (p.lots != 0) return p.contract;
        }
        return contract();
    }
    venue::Action liquidation() {
        const AccountId who = in_liquidation();
        const auto lots =
            chance_.one_in(3) ? static_cast<std::int64_t>(1 + chance_.below(50)) : lots_max;
        return venue::Liquidate{who, actor(), held_by(who), lots};
    }
    venue::Action sale() {
        const AccountId who = in_liquidation();
        const bool owes_usdc = market_.balances[market_.row(who, usdc)].cash < 0;
        return BuyCollateral{who, actor(), owes_usdc ? btc : usdc, owes_usdc ? usdc : btc,
                             amount()};
    }
    venue::Action cover() {
        const AssetId of = market_.collaterals[index(usdc)].uncovered.is_zero() ? btc : usdc;
        return CoverLoss{chance_.one_in(2) ? vault : anyone(), of, amount()};
    }
    venue::Action moves() {
        RiskArray a = market_.arrays[market_.array_row(btc)];
        a.version += 1;
        a.values[0] = static_cast<std::int64_t>(chance_.below(400'000));
        a.expires = state_.clock.now + 1 + chance_.below(200'000);
        return PublishCollateralMoves{btc, a};
    }
    venue::Action resolve() {
        AccountId who = in_liquidation();
        for (std::uint32_t k = 0; k < venue_accounts; ++k)
            if (market_.accounts[k].negative != 0) who = AccountId{k};
        Resolve e{who, {}};
        if (chance_.one_in(4))
            for (int n = 0; n < 3; ++n)
                e.counterparties.push_back(anyone());
        return e;
    }
    venue::Action trade() {
        const AccountId buyer = actor();
        const ContractId id = chance_.one_in(3) ? held_by(buyer) : contract();
        const Contract& c = market_.contracts[index(id)];
        std::int64_t lots = static_cast<std::int64_t>(1 + chance_.below(2'500));
        if (chance_.one_in(5)) lots = static_cast<std::int64_t>(1 + chance_.below(10));
        const std::int64_t price =
            c.mark * static_cast<std::int64_t>(960 + chance_.below(81)) / 1'000;
        return Trade{buyer, actor(), id, lots, price};
    }
    venue::Action orders() {
        const AccountId who = anyone();
        const auto lots = [this] {
            return chance_.one_in(3) ? 0 : static_cast<std::int64_t>(chance_.below(chance_.one_in(8) ? 40'000 : 900));
        };
        return SetOrders{who, chance_.one_in(2) ? held_by(who) : contract(), lots(), lots()};
    }
    venue::Action margin() {
        MarginTerms m = market_.announced[index(perpetual)];
        m.tiers[0].maintenance = 10'000 + static_cast<std::uint32_t>(chance_.below(60)) * 1'000;
        m.tiers[0].initial = m.tiers[0].maintenance * 2;
        m.tiers[1].maintenance = m.tiers[0].maintenance + 20'000;
        m.tiers[1].initial = m.tiers[0].initial + 40'000;
        m.size_unit = chance_.one_in(2) ? 0 : std::uint64_t{100'000} * 100'000'000;
        m.size_slope = static_cast<std::uint32_t>(chance_.below(10)) * 1'000;
        m.absorbed = std::uint64_t{500'000} * 100'000'000;
        m.impact = static_cast<std::uint32_t>(chance_.below(3)) * 10'000;
        m.open_interest_upper = chance_.one_in(2) ? 0 : std::uint64_t{10'000'000} * 100'000'000;
        m.effective =
            chance_.one_in(2) ? state_.clock.now + 40'000 : state_.clock.now + chance_.below(3'600);
        return PublishMargin{chance_.one_in(2) ? perpetual : inverse, m};
    }
    venue::Action array() {
        const ContractId id = chance_.one_in(2) ? call : hedging;
        RiskArray a = market_.arrays[index(id)];
        a.version += chance_.one_in(10) ? 0U : 1U;
        for (std::uint32_t k = 0; k < a.count; ++k)
            a.values[k] += static_cast<std::int64_t>(chance_.below(200'000'001)) - 100'000'000;
        a.expires = state_.clock.now + chance_.below(200'000);
        return PublishRiskArray{id, a};
    }

    const State& state_;
    const venue::Market& market_;
    Chance& chance_;
};

}  // namespace

State random_venue(Chance& chance) {
    State state = venue_book();
    Planner planner;
    for (std::uint32_t a = 2; a < venue_accounts; ++a)
        for (const AssetId asset : {usdc, btc}) {
            const uint128 unit = asset == usdc ? 1'000'000'000 : 2'000'000;
            const Deposit in{
                AccountId{a}, asset, {unit * (1 + chance.below(asset == usdc ? 20 : 30))}};
            const auto done = apply(state, {state.now(), MarketId{0}, venue::Action{in}}, planner);
            REQUIRE(done.has_value());
        }
    venue_of(state).terms[index(perpetual)].block_lots =
        static_cast<std::int64_t>(1 + chance.below(200));
    if (chance.one_in(2)) return state;
    // A venue without means: what deleveraging cannot take stays uncovered.
    for (FundTier& t : venue_of(state).fund_tiers)
        t.limit = {};
    // And a vault that cannot take over everything.
    for (const venue::Withdraw& out : {venue::Withdraw{fund, usdc, {10'000'000'000}},
                                       venue::Withdraw{vault, usdc, {97'000'000'000}}})
        REQUIRE(apply(state, {state.now(), MarketId{0}, venue::Action{out}}, planner).has_value());
    return state;
}

Event random_venue_event(const State& state, Chance& chance) {
    return Acting(state, chance).event();
}

}  // namespace breakwater::venue_given
