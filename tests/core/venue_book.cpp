// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "venue_book.hpp"

#include "breakwater/core/digest.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/core/math_signed.hpp"
#include "breakwater/core/rulebooks/venue.hpp"
#include "breakwater/core/rulebooks/venue_value.hpp"

namespace breakwater::venue_given {
namespace {

using namespace venue;

MarginTerms two_tiers() {
    MarginTerms m;
    const uint128 million = uint128{1'000'000} * 100'000'000;
    m.tiers[0] = {.initial = 50'000, .maintenance = 25'000};
    m.tiers[1] = {.lower = million,
                  .initial_deduction = million * 50'000,
                  .maintenance_deduction = million * 25'000,
                  .initial = 100'000,
                  .maintenance = 50'000};
    m.stale_add_on = 200'000;
    return m;
}

RiskArray array_of(std::initializer_list<std::int64_t> values, std::int64_t short_minimum) {
    RiskArray a;
    a.expires = venue_begins + 1'000'000;
    a.grid = 1;
    a.version = 1;
    a.short_minimum = short_minimum;
    for (const std::int64_t v : values)
        a.values[a.count++] = v;
    return a;
}

void add_contracts(venue::Market& m) {
    Terms linear{
        .unit = 100, .block_lots = 50'000, .band = 100'000, .settlement = usdc, .underlying = btc};
    Terms coin = linear;
    coin.unit = int128{20'000'000'000} << 20U;
    coin.grain_bits = 20;
    coin.settlement = btc;
    coin.settled = Settled::coin;
    Terms dated = linear;
    dated.form = Form::future;
    dated.expiry = venue_expiry;
    dated.tier = 1;
    Terms coin_dated = coin;
    coin_dated.form = Form::future;
    coin_dated.expiry = venue_expiry;
    Terms option = dated;
    option.form = Form::call;
    option.payoff_unit = 100;
    option.strike = 600'000;
    option.band = ppm_one;
    option.by_arrays = 1;
    Terms coin_option = option;
    coin_option.form = Form::put;
    coin_option.settled = Settled::coin;
    coin_option.settlement = btc;
    coin_option.grain_bits = 10;
    coin_option.unit = 10 << 10;
    coin_option.payoff_unit = 100'000 << 10;
    Terms hedge = linear;
    hedge.by_arrays = 1;
    m.terms = {linear, coin, dated, coin_dated, option, coin_option, hedge};
    m.contracts.resize(m.terms.size());
    m.margins.assign(m.terms.size(), two_tiers());
    m.announced = m.margins;
    // Down 20 %, same, up 20 %, in 1e-8 USD a lot of 0.001 BTC at 60,000 USD; the coin itself moves
    // with it.
    m.arrays.resize(m.terms.size() + m.collaterals.size());
    constexpr std::int64_t usd = 100'000'000;
    m.arrays[index(call)] = array_of({2 * usd, 0, -9 * usd}, usd);
    m.arrays[index(coin_put)] = array_of({-9 * usd, 0, 2 * usd}, usd);
    m.arrays[index(hedging)] = array_of({12 * usd, 0, -12 * usd}, 0);
    m.arrays[m.array_row(btc)] = array_of({200'000, 0, -200'000}, 0);
}

State empty_venue() {
    State state;
    state.clock.now = venue_begins;
    state.feeds.resize(2);
    state.custody.resize(2);
    venue::Market m;
    m.settings = {{.notice = 3'600,
                   .gate_time = 600,
                   .discount_per_hour = 20'000,
                   .mark_age_max = 7'200,
                   .accounts = venue_accounts,
                   .slots = 4,
                   .clusters = 2,
                   .tiers = 2,
                   .fund = fund,
                   .vault = vault,
                   .exit = 2'500,
                   .participation = 100'000,
                   .discount = 2'000,
                   .discount_max = 20'000,
                   .fund_fee = 5'000,
                   .take_over = 666'667,
                   .grid = 1}};
    m.gate.resize(1);
    const Amount cap{uint128{1} << 100U};
    m.collaterals.resize(2);
    for (Collateral& c : m.collaterals) {
        c.borrow_index = {ray};
        c.borrow_rate = {ray / 10};
        c.cap = cap;
        c.updated = venue_begins;
        c.profit_weight = 500'000;
    }
    m.collaterals[0].decimals = 6;
    m.collaterals[1].decimals = 8;
    m.collaterals[1].haircut = 50'000;
    m.accounts.resize(venue_accounts);
    m.accounts[index(carol)].cluster = m.accounts[index(dave)].cluster = 1;
    m.accounts[index(isolated)].parent = index(alice) + 1;
    m.balances.resize(venue_accounts * 2);
    m.positions.resize(venue_accounts * 4);
    add_contracts(m);
    m.clusters.resize(2 * m.terms.size());
    m.fund_tiers.resize(4);
    for (FundTier& t : m.fund_tiers)
        t.limit = {5'000'000'000};  // 5,000 USDC; 50 BTC
    state.markets.emplace_back(std::move(m));
    return state;
}

/// Who may lose by an event that resolves another's account.
int128 closing_equity(const State& state, AccountId account) {
    const auto a = assess(View(state, venue_of(state), state.now()), account, Purpose::closing);
    return a ? a->standing.equity : 0;
}
Standing standing_of(const State& state, AccountId account, Purpose purpose) {
    const auto a = assess(View(state, venue_of(state), state.now()), account, purpose);
    return a ? a->standing : Standing{};
}
bool is_empty(const State& state, AccountId account) {
    const venue::Market& m = venue_of(state);
    for (std::uint8_t k = 0; k < m.assets(); ++k)
        if (m.balances[m.row(account, AssetId{k})].cash != 0) return false;
    for (std::uint32_t s = 0; s < m.set().slots; ++s)
        if (m.positions[m.first_slot(account) + s].lots != 0) return false;
    for (std::uint32_t row = m.first_slot(account); row < m.first_slot(account) + m.set().slots; ++row)
        if (row < m.orders.size() && !m.orders[row].is_empty()) return false;
    return true;
}

/// What an accepted event promises of its result, read from the states before and after.
class Promises {
  public:
    Promises(const State& before, const State& after) : before_(before), after_(after) {
        before_.clock.now =
            after.clock.now;  // interest that has grown by itself is not of the event
    }

    std::string operator()(const venue::Withdraw& e) const {
        if (!standing_of(after_, e.account, Purpose::opening).holds())
            return "VENUE-016: a withdrawal left less than the initial requirement";
        return {};
    }
    std::string operator()(const Trade& e) const {
        for (const AccountId who : {e.buyer, e.seller}) {
            if (standing_of(after_, who, Purpose::opening).holds()) continue;
            if (!is_no_riskier(standing_of(before_, who, Purpose::liquidation),
                               standing_of(after_, who, Purpose::liquidation)))
                return "VENUE-016: a trade made a weak account riskier";
        }
        return {};
    }
    std::string operator()(const SetOrders& e) const {
        const Standing was = standing_of(before_, e.account, Purpose::liquidation);
        const Standing is = standing_of(after_, e.account, Purpose::liquidation);
        if (was.equity != is.equity || was.requirement != is.requirement)
            return "VENUE-028: orders moved what maintenance margin is asked of";
        const auto [bids, asks] = resting_of(before_, e.account, e.contract);
        if (e.bids <= bids && e.asks <= asks) return {};
        return fills_hold(e) ? "" : "VENUE-028: more rests than margin bears";
    }
    std::string operator()(const PublishMargin&) const {
        for (std::uint32_t a = 0; a < venue_accounts; ++a)
            if (standing_of(before_, AccountId{a}, Purpose::liquidation).requirement <
                standing_of(after_, AccountId{a}, Purpose::liquidation).requirement)
                return "VENUE-014: maintenance margin rose without notice";
        return {};
    }
    std::string operator()(const venue::Liquidate& e) const { return helped(e.account); }
    std::string operator()(const Hedge& e) const { return helped(e.account); }
    std::string operator()(const BuyCollateral& e) const {
        if (closing_equity(after_, e.account) < 0)
            return "VENUE-020: a sale pushed an account below zero";
        return {};
    }
    std::string operator()(const TakeOver& e) const {
        if (!is_empty(after_, e.account)) return "VENUE-021: the vault left something behind";
        if (!standing_of(after_, vault, Purpose::opening).holds())
            return "VENUE-021: the vault took more than its capital bears";
        return {};
    }
    std::string operator()(const Resolve& e) const {
        if (!is_empty(after_, e.account)) return "VENUE-022: a resolved account is not empty";
        for (std::uint32_t a = 0; a < venue_accounts; ++a)
            if (AccountId{a} != e.account && closing_equity(before_, AccountId{a}) >= 0 &&
                closing_equity(after_, AccountId{a}) < 0)
                return "VENUE-024: deleveraging pushed an account below zero";
        return {};
    }
    std::string operator()(const auto& /*of no further promise*/) const { return {}; }

  private:
    static std::pair<std::int64_t, std::int64_t> resting_of(const State& state, AccountId account,
                                                            ContractId contract) {
        const venue::Market& m = venue_of(state);
        for (std::uint32_t s = 0; s < m.set().slots; ++s) {
            const std::uint32_t row = m.first_slot(account) + s;
            if (row < m.orders.size() && m.orders[row].contract == contract && !m.orders[row].is_empty())
                return {m.orders[row].bids, m.orders[row].asks};
        }
        return {0, 0};
    }
    /// With all orders gone, and the position of the one contract as either side would leave it at the mark, initial
    /// margin must hold.
    bool fills_hold(const SetOrders& e) const {
        if (venue_of(after_).terms[index(e.contract)].by_arrays != 0) return true;  // sums are bounds there
        for (const std::int64_t filled : {e.bids, -e.asks}) {
            State state = after_;
            venue::Market& m = venue_of(state);
            m.orders.clear();
            const Contract& c = m.contracts[index(e.contract)];
            Position* slot = nullptr;
            for (std::uint32_t s = 0; s < m.set().slots; ++s) {
                Position& p = m.positions[m.first_slot(e.account) + s];
                if (p.lots != 0 && p.contract == e.contract) slot = &p;
                if (p.lots == 0 && slot == nullptr) slot = &p;
            }
            if (slot == nullptr || filled == 0) continue;
            if (slot->lots == 0) *slot = {.contract = e.contract};
            slot->lots += filled;
            slot->basis += filled * c.slow_worth();
            const std::uint32_t cluster = m.accounts[index(e.account)].cluster;
            if (cluster != 0 || c.mark_value != c.slow_value) continue;  // another requirement, another equity
            if (!standing_of(state, e.account, Purpose::opening).holds()) return false;
        }
        return true;
    }
    std::string helped(AccountId account) const {
        const Standing was = standing_of(before_, account, Purpose::liquidation);
        const Standing is = standing_of(after_, account, Purpose::liquidation);
        if (closing_equity(after_, account) < 0)
            return "VENUE-019: a liquidation pushed an account below zero";
        if (is.requirement >= was.requirement) return "VENUE-019: a liquidation freed nothing";
        // One unit in the last place of an asset may be lost by rounding.
        if (compare_products(is.equity + ppm_one * int128{1'000'000}, was.requirement, was.equity,
                             is.requirement) < 0 &&
            was.equity > 0)
            return "VENUE-019: a liquidation made an account riskier";
        return {};
    }

    State before_;
    const State& after_;
};

/// pot − dust = Σ what positions are worth, from outside: what longs have gained shorts have lost.
bool pots_agree(const State& state) {
    const venue::Market& m = venue_of(state);
    std::vector<int128> worth(m.terms.size());
    for (const Position& p : m.positions)
        if (p.lots != 0)
            worth[index(p.contract)] += p.lots * m.contracts[index(p.contract)].worth() - p.basis;
    for (std::size_t c = 0; c < worth.size(); ++c)
        if (m.contracts[c].pot - m.contracts[c].dust != worth[c]) return false;
    return true;
}

}  // namespace

State venue_book() {
    State state = empty_venue();
    Planner planner;
    const auto must = [&](const Event& event) {
        const auto done = apply(state, event, planner);
        REQUIRE(done.has_value());
    };
    REQUIRE(check_parameters(venue_of(state)).has_value());
    must(prices_at(state, 60'000));
    must(marks_at(state, 60'000));
    const auto pay_in = [&](AccountId account, AssetId asset, uint128 amount) {
        must({state.now(), MarketId{0}, Deposit{account, asset, {amount}}});
    };
    pay_in(fund, usdc, 10'000'000'000);
    pay_in(vault, usdc, 100'000'000'000);
    return state;
}

Event prices_at(const State& state, std::uint64_t usd) {
    return {state.now(), MarketId{0},
            ReportPrices{{Price{100'000'000}, Price{uint128{usd} * 100'000'000}}}};
}

Event marks_at(const State& state, std::uint64_t usd, std::uint64_t seconds_later) {
    const auto price = static_cast<std::int64_t>(usd);
    const std::int64_t intrinsic = std::max<std::int64_t>(price - 60'000, 0);
    const std::int64_t put = std::max<std::int64_t>(60'000 - price, 0);
    PublishMarks e;
    for (std::uint16_t k = 0; k < venue_of(state).terms.size(); ++k) {
        const ContractId id{k};
        if (venue_of(state).contracts[k].phase == Phase::expired) continue;
        std::int64_t ticks = price * 10;
        if (id == inverse || id == inverse_future) ticks = price * 2;
        if (id == call) ticks = intrinsic * 10 + 20'000;  // 2,000 USD of time value
        if (id == coin_put) ticks = put * 10'000 / price + 300;
        e.marks.push_back({.contract = id, .mark = ticks, .slow = ticks, .depth = 10'000});
    }
    return {Time{state.clock.now + seconds_later}, MarketId{0}, venue::Action{e}};
}

VenueOutcome apply_venue_watched(State& state, Planner& planner, const Event& event) {
    const State before = state;
    const std::string digest = digest_of(before);
    const auto done = apply(state, event, planner);
    if (!done) {
        const bool same = digest_of(state) == digest;
        return {std::unexpected(done.error()), same ? "" : "a refused event changed the state"};
    }
    State back = state;
    undo(back, (*done)->changes);
    if (digest_of(back) != digest) return {{}, "ENGINE-005: undo does not lead back"};
    if (const auto v = check_state(state)) return {{}, "invariant " + std::string(v->rule)};
    if (!pots_agree(state)) return {{}, "VENUE-003: pots are not what positions are worth"};
    if (!std::holds_alternative<venue::Action>(event.action)) return {};
    const Promises promises(before, state);
    return {{}, std::visit(promises, std::get<venue::Action>(event.action))};
}

}  // namespace breakwater::venue_given
