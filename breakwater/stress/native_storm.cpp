// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/native_storm.hpp"

#include <algorithm>
#include <cmath>

#include "breakwater/core/digest.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/core/math.hpp"
#include "breakwater/core/require.hpp"

namespace breakwater {
namespace {

/// All state is checked at least this often, as in storm.cpp.
constexpr std::uint64_t events_per_full_check = 1'000;
/// Attempts on one account in one step; a keeper that is not done comes back in the next.
constexpr int repeats_max = 4;
/// Room for the rounding of floats around 1.
constexpr double doubt = 1e-9;

/// [1e-6] of what was lent that is out.
template <class Cash>
std::uint32_t utilisation_of(const Cash& c) {
    const double all = c.borrowed + c.cash;
    return all > 0 ? static_cast<std::uint32_t>(std::floor(1e6 * c.borrowed / all + 0.5)) : 0;
}

/// [bytes] of the rows of a market that names its tables.
template <class M>
std::size_t bytes_of(const M& market) {
    if constexpr (NativeMarket<M>)
        return std::apply(
            [&](auto... tables) {
                return (std::size_t{0} + ... + ((market.*tables).capacity() * sizeof((market.*tables)[0])));
            },
            M::tables());
    else
        return 0;
}

}  // namespace

NativeStorm::NativeStorm(const StormSetup& setup)
    : setup_(setup),
      state_(setup.book->state),
      world_(setup),
      start_(setup.book->state.now()),
      now_(start_) {
    const std::size_t assets = setup.book->assets.size();
    for (const AssetDescription& a : setup.book->assets)
        per_token_.push_back(1.0 / static_cast<double>(power_of_ten(a.decimals)));
    report_.action = ReportPrices{.prices = std::vector<Price>(assets)};
    const std::size_t points = setup.grid_points + 1;
    series_.price.resize(points * assets);
    series_.utilisation.resize(points * assets);
    series_.liquidated.resize(points);
    series_.backlog.resize(points);
    series_.base_fee.resize(points);
    reserves_at_end_.resize(assets);
    REQUIRE(!check_state(state_).has_value());
}

/// A little less than its health factor, so that rounding cannot make it unhealthy while it sleeps; the price of the
/// debt may fall to a tenth until rounding weighs more.
void NativeStorm::add_sleeper(const Borrower& b) {
    constexpr double room = 10;
    if (b.group >= groups_.size()) groups_.resize(b.group + 1);
    const Weighed now = weigh(b);
    const double health = now.capacity / (now.debt + room * rounding_of(b));
    groups_[b.group].sleepers.push_back(
        {.health = health, .account = b.account, .market = b.market});
}

void NativeStorm::seal() {
    for (Group& g : groups_)
        std::ranges::sort(g.sleepers, [](const Sleeper& a, const Sleeper& b) {
            return a.health != b.health ? a.health < b.health : index(a.account) < index(b.account);
        });
}

PathResult NativeStorm::run(std::uint32_t path, JournalPort* journal) {
    journal_ = journal;
    begin_path(path);
    for (std::uint32_t s = 1; s <= setup_.steps(); ++s)
        step(s);
    end_path();
    undo(state_, undo_);
    undo_.clear();
    return result_;
}

void NativeStorm::begin_path(std::uint32_t path) {
    world_.begin(path);
    now_ = start_;
    result_ = {};
    losses_.clear();
    awake_.clear();
    for (Group& g : groups_)
        g.woken = 0;
    repaid_since_point_ = 0;
    backlog_ = 0;
    missed_ = 0;
    begin();
    refresh();
    wake();
    record_point(0);
}

void NativeStorm::step(std::uint32_t s) {
    const auto reports = world_.step(s);
    now_ = Time{seconds(start_) + world_.seconds_in()};
    if (!reports.empty()) report_prices(reports);
    refresh();
    wake();
    liquidate_awake();
    trade();
    if (looks_at_everybody_) count_missed();
    if (s % setup_.grid_stride == 0) record_point(setup_.grid_point(s));
}

void NativeStorm::report_prices(std::span<const Report> reports) {
    auto& prices = std::get<ReportPrices>(report_.action).prices;
    std::ranges::fill(prices, Price{});
    for (const Report& r : reports)
        prices[index(r.asset)] = r.price;
    REQUIRE(apply_now(report_.action) != nullptr);
    tell_prices(reports);
}

const Transition* NativeStorm::apply_now(const Action& action, MarketId market) {
    const Event event{.time = now_, .market = market, .action = action};
    const auto done = apply(state_, event, planner_);
    if (!done) return nullptr;
    undo_.insert(undo_.end(), (*done)->changes.begin(), (*done)->changes.end());
    ++result_.events;
    if (journal_ != nullptr) journal_->applied(event);
    return *done;
}

Weighed NativeStorm::weigh(const Borrower& borrower) {
    Weighed out;
    for (const Leg& leg : legs_of(borrower)) {
        if (leg.side == Side::debt) {
            out.debt += leg.value;
        } else {
            out.collateral += leg.value;
            out.capacity += leg.value * leg.threshold;
        }
    }
    return out;
}

/// In floats where doubt and rounding leave no question, else exactly.
bool NativeStorm::is_unhealthy_now(const Borrower& borrower, const Weighed& now) {
    const double rounding = rounding_of(borrower);
    if (now.capacity >= now.debt * (1 + doubt) + rounding) return false;
    return now.capacity < now.debt * (1 - doubt) - rounding || is_unhealthy(borrower);
}

void NativeStorm::wake() {
    const auto before = static_cast<std::ptrdiff_t>(awake_.size());
    for (std::uint32_t k = 0; k < groups_.size(); ++k) {
        Group& g = groups_[k];
#if BREAKWATER_MUTANT_WATCH_007
        const double kept = std::max(health_kept(k), 0.8);
#else
        const double kept = health_kept(k);
#endif
        for (; g.woken < g.sleepers.size(); ++g.woken) {
            const Sleeper& s = g.sleepers[g.woken];
            if (s.health * kept >= 1 + doubt) break;
            Borrower b{.account = s.account, .group = k, .market = s.market};
            const Weighed now = weigh(b);
            const double bonus = bonus_of(b);
            b.incentive = std::min(now.debt, now.collateral / (1 + bonus)) * bonus;
            awake_.push_back(b);
            ++result_.looks;
        }
    }
    // Keepers go for the fattest first.
    const auto fatter = [](const Borrower& a, const Borrower& b) {
        if (a.incentive != b.incentive) return a.incentive > b.incentive;
        return a.market != b.market ? a.market < b.market : index(a.account) < index(b.account);
    };
    std::ranges::sort(awake_.begin() + before, awake_.end(), fatter);
    std::ranges::inplace_merge(awake_, awake_.begin() + before, fatter);
}

Refusal NativeStorm::closed_for_all() const {
    if (!world_.keepers().any_up()) return Refusal::outage;
    if (world_.chain().gas_available() < world_.keepers().gas_per_liquidation())
        return Refusal::no_block_space;
    return Refusal::none;
}

void NativeStorm::liquidate_awake() {
    gas_cost_ = world_.gas_cost();
    backlog_ = 0;
    double shortfall = 0;
    std::size_t kept = 0;
    for (Borrower b : awake_) {  // a copy: who stays is written to a row that was read
        Weighed now = weigh(b);
        bool is_unhealthy = is_unhealthy_now(b, now);
        if (!is_unhealthy && b.turned_away) {
            result_.turned_away_recovered += micro(now.debt);
            b.turned_away = false;
        }
        for (int round = 0; is_unhealthy && round < repeats_max; ++round) {
            const Refusal closed = closed_for_all();
            if (closed != Refusal::none) {
                refused(b, closed);
                break;
            }
            const std::uint32_t before = result_.liquidations;
            market_now_ = b.market;
            is_unhealthy = liquidate(b, now);
            if (result_.liquidations == before) break;
            b.turned_away = false;
            now = weigh(b);
        }
        if (now.debt > 0) awake_[kept++] = b;  // who owes nothing never will again
        if (!is_unhealthy) continue;
        backlog_ += now.debt;
        shortfall += now.shortfall();
    }
    awake_.resize(kept);
    result_.backlog_peak = std::max(result_.backlog_peak, micro(backlog_));
    result_.unrealised_peak = std::max(result_.unrealised_peak, micro(shortfall));
}

bool NativeStorm::refused(Borrower& borrower, Refusal reason) {
    borrower.turned_away |= reason == Refusal::unprofitable;
    ++result_.refusals[static_cast<std::size_t>(reason)];
    return true;
}

/// What is refused at any size is seen before the impact is reckoned.
KeeperDecision NativeStorm::decide(const KeeperQuote& quote) const {
    KeeperQuote offer = quote;
    offer.gas_cost_usd = gas_cost_;
    offer.gas_available = world_.chain().gas_available();
    offer.volatility = setup_.book_prices.volatility[index(offer.route.from)];
    if (!(offer.repay_usd > 0) || !(offer.seize_usd > offer.repay_usd))
        return {.refusal = Refusal::unprofitable};
    return world_.keepers().decide(offer, world_.liquidity());
}

void NativeStorm::include_liquidation() {
    world_.chain().include(world_.keepers().gas_per_liquidation());
    ++result_.liquidations;
}

void NativeStorm::count_repaid(double usd) {
    result_.repaid += micro(usd);
    repaid_since_point_ += usd;
}

bool NativeStorm::settle(const Transition& done, const Route& route) {
    include_liquidation();
    bool is_unhealthy = false;
    double sold = 0;
    double bought = 0;
    for (const Effect& effect : done.effects) {
        if (const auto* loss = std::get_if<LossRealised>(&effect)) settle_loss(*loss, market_now_);
        const auto* l = std::get_if<Liquidated>(&effect);
        if (l == nullptr) continue;
        const double repaid = tokens(l->debt, l->repaid);
        const double seized = tokens(l->collateral, l->seized);
        const double repaid_usd = repaid * world_.oracle(l->debt);
        count_repaid(repaid_usd);
        result_.seized += micro(seized * world_.oracle(l->collateral));
        result_.equity_lost += micro(seized * world_.oracle(l->collateral) - repaid_usd);
        result_.ltv_raised += l->ltv_raised ? 1 : 0;
        is_unhealthy |= l->still_unhealthy;
        sold += seized * world_.market(l->collateral);
        bought += repaid * world_.market(l->debt);
    }
    if (route.from != route.to) world_.trade(route, sold, bought);
    return is_unhealthy;
}

void NativeStorm::record_point(std::uint32_t point) {
    const std::size_t assets = per_token_.size();
    for (std::size_t a = 0; a < assets; ++a) {
        const AssetId id{static_cast<std::uint8_t>(a)};
        const Cash c = cash_of(id);
        series_.price[point * assets + a] = world_.market(id);
        series_.utilisation[point * assets + a] = utilisation_of(c);
    }
    series_.liquidated[point] = micro(repaid_since_point_);
    series_.backlog[point] = micro(backlog_);
    series_.base_fee[point] = world_.chain().base_fee_gwei();
    repaid_since_point_ = 0;
}

void NativeStorm::count_missed() {
    for (std::uint32_t k = 0; k < groups_.size(); ++k)
        for (std::size_t i = groups_[k].woken; i < groups_[k].sleepers.size(); ++i) {
            const Sleeper& s = groups_[k].sleepers[i];
            if (is_unhealthy({.account = s.account, .group = k, .market = s.market})) ++missed_;
        }
}

void NativeStorm::end_path() {
    assess_remaining();
    for (std::size_t a = 0; a < reserves_at_end_.size(); ++a) {
        const AssetId id{static_cast<std::uint8_t>(a)};
        const Cash c = cash_of(id);
        reserves_at_end_[a] = {.utilisation = utilisation_of(c),
                               .cash = micro(c.cash * world_.book_price(id))};
    }
    final_digest_ = journal_ != nullptr ? digest_of(state_) : std::string();
    events_since_check_ += result_.events;
    const std::uint64_t interval =
        std::max<std::uint64_t>(events_per_full_check, book().accounts.size() / 8);
    if (events_since_check_ < interval) return;
    events_since_check_ = 0;
    REQUIRE(!check_state(state_).has_value());
}

std::size_t NativeStorm::memory_bytes() const {
    std::size_t bytes = undo_.capacity() * sizeof(Change);
    for (const Group& g : groups_)
        bytes += g.sleepers.capacity() * sizeof(Sleeper);
    for (const Market& any : state_.markets)
        bytes += std::visit([](const auto& m) { return bytes_of(m); }, any);
    return bytes;
}

}  // namespace breakwater
