// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cmath>

#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/aave_v3.hpp"
#include "breakwater/stress/names.hpp"
#include "breakwater/stress/storm.hpp"
#include "breakwater/stress/wiring.hpp"

/// The part of a step in which prices are told: by one source or by several, with what goes wrong with them, and what a
/// guard makes of it.
namespace breakwater {
namespace {

std::optional<AccountId> find_account(const Book& book, const std::string& name) {
    for (std::uint32_t i = 0; i < book.accounts.size(); ++i)
        if (book.accounts[AccountId{i}] == name) return AccountId{i};
    return std::nullopt;
}

/// What a source says in 1e-8, not bounded as a price of the engine is: a report may be anything.
int128 reported(double value) {
    const double scaled = value * 1e8;
    if (!(std::fabs(scaled) < 0x1p100)) return int128{1} << 100U;
    return static_cast<int128>(std::floor(scaled + 0.5));
}

}  // namespace

std::optional<std::string> unknown_name(const Book& book, const Scenario& scenario) {
    const auto asset = [&](const std::string& symbol) -> std::optional<std::string> {
        if (find_asset(book.assets, symbol)) return std::nullopt;
        return "scenario " + scenario.name + " names " + symbol + ", which is not in the book";
    };
    for (const Scenario::FaultRule& f : scenario.faults)
        if (auto unknown = asset(f.symbol)) return unknown;
    for (const Scenario::FeedChange& c : scenario.changes)
        if (auto unknown = asset(c.symbol)) return unknown;
    for (const Scenario::Attack& a : scenario.attacks) {
        if (auto unknown = asset(a.collateral)) return unknown;
        if (auto unknown = asset(a.debt)) return unknown;
        if (!find_account(book, a.account))
            return "scenario " + scenario.name + " names account " + a.account +
                   ", which is not in the book";
    }
    return std::nullopt;
}

void Storm::see_prices(std::uint32_t s) {
    const auto row = path_.row(s);
    const auto before = path_.row(s - 1);
    std::ranges::copy(row.first(assets_), exogenous_.begin());
    mark_to_market();
    const std::size_t m = setup_.book_prices.market_asset;
    const double sigma_step = setup_.book_prices.market_volatility *
                              std::sqrt(setup_.scenario.step_seconds / seconds_per_year);
    chain_.step(std::fabs(row[m] / before[m] - 1) / sigma_step, chain_noise_[s - 1]);

    const double seconds_in = setup_.scenario.step_seconds * s;
    if (!changes_.empty()) change_feeds(seconds_in, s);
    spoil_single_feeds(seconds_in);
    if (has_single_feeds_) report_single(seconds_in);
    if (!state_.wirings.empty()) report_sources(seconds_in, s);
    if (!attacks_.empty()) attack(seconds_in);
}

void Storm::find_faults() {
    const Scenario& scenario = setup_.scenario;
    const Book& book = *setup_.book;
    for (const Scenario::FaultRule& f : scenario.faults) {
        const AssetId asset = known(find_asset(book.assets, f.symbol));
        if (f.source.value_or(0) == 0 && book.assets[index(asset)].sources.empty())
            single_faults_.push_back({.asset = asset, .fault = f.fault});
    }
    for (const Scenario::FeedChange& c : scenario.changes)
        changes_.push_back({.asset = known(find_asset(book.assets, c.symbol)), .rule = c});
    for (const Scenario::Attack& a : scenario.attacks)
        attacks_.push_back({.account = known(find_account(book, a.account)),
                            .collateral = known(find_asset(book.assets, a.collateral)),
                            .debt = known(find_asset(book.assets, a.debt)),
                            .rule = a});
}

/// What is wrong with the only source that an asset has.
void Storm::spoil_single_feeds(double seconds_in) {
    for (SingleFault& f : single_faults_) {
        const std::size_t a = index(f.asset);
        const bool holds = f.fault.holds_at(seconds_in);
        if (!holds) f.at_start = feed_[a];
        if (f.fault.kind == FeedFault::Kind::silent) reporters_.freeze(f.asset, holds);
        if (holds) feed_[a] = f.fault.said(feed_[a], f.at_start);
    }
    for (const ChangeNow& c : changes_)
        if (c.is_in_force && setup_.book->assets[index(c.asset)].sources.empty())
            feed_[index(c.asset)] *= c.factor;
}

void Storm::report_single(double seconds_in) {
    const auto reports = reporters_.step(seconds_in, feed_, chain_.delay_seconds());
    auto& prices = std::get<ReportPrices>(report_.action).prices;
    std::ranges::fill(prices, Price{});
    bool any = false;
    for (const Report& r : reports) {
        if (state_.has_sources(r.asset)) continue;
        any = true;
        prices[index(r.asset)] = r.price;
        oracle_[index(r.asset)] = to_double(r.price.raw) * 1e-8;
        per_oracle_[index(r.asset)] = 1 / oracle_[index(r.asset)];
    }
    if (!any) return;
    report_.time = now_;
    REQUIRE(apply_now(report_) != nullptr);
    for (const Report& r : reports)
        if (!prices[index(r.asset)].is_zero()) set_unit_prices(r.asset);
}

void Storm::report_sources(double seconds_in, std::uint32_t step) {
    auto& reports = std::get<ReportSources>(source_report_.action).reports;
    reports.clear();
    for (const SourceSaid& s : sources_.step(seconds_in, feed_, chain_.delay_seconds()))
        reports.push_back(
            {.asset = s.asset,
             .source = s.number,
             .report = {.price = reported(s.value),
                        .published_at = seconds(start_) + static_cast<std::uint64_t>(s.sent),
                        .sequence = step}});
    source_report_.time = now_;
    const Transition* done = apply_now(source_report_);
    REQUIRE(done != nullptr);
    see_marks(*done);
}

void Storm::see_marks(const Transition& transition) {
    for (const Effect& effect : transition.effects) {
        if (const auto* refused = std::get_if<ReportRefused>(&effect);
            refused != nullptr && is_guarded_)
            ++feed_outcomes_[index(refused->asset)]
                  .refused[static_cast<std::size_t>(refused->refusal)];
        const auto* marked = std::get_if<Marked>(&effect);
        if (marked == nullptr) continue;
        const std::size_t a = index(marked->asset);
        oracle_[a] = to_double(marked->mark.point.raw) * 1e-8;
        per_oracle_[a] = 1 / oracle_[a];
        set_unit_prices(marked->asset);
        const feeds::AssetRow& row = state_.asset_feeds[a];
        allowed_[a] =
            feeds::permitted(feeds::trust_of(row.machine), row.age, state_.wirings[a].limits)
                .liquidations;
    }
}

/// A change of wiring comes with what the sources would say under it.
void Storm::change_feeds(double seconds_in, std::uint32_t step) {
    for (ChangeNow& c : changes_) {
        if (c.is_done || seconds_in < c.rule.at) continue;
        c.is_done = true;
        const std::size_t a = index(c.asset);
        c.factor = c.rule.as_ratio ? 1 / feed_[setup_.book_prices.root[a]] : c.rule.factor;
        if (!state_.has_sources(c.asset)) {
            c.is_in_force = true;
            continue;
        }
        SetFeed change = feed_event(*setup_.book, c.asset);
        for (std::size_t k = 0; k < sources_.sources().size(); ++k) {
            const SourceSetup& s = sources_.sources()[k];
            if (s.asset != c.asset) continue;
            change.reports[s.number] = {.price = reported(sources_.clean(k, feed_) * c.factor),
                                        .published_at = seconds(now_),
                                        .sequence = step};
        }
        const Transition* done = apply_now({.time = now_, .market = {}, .action = change});
        if (done == nullptr) {
            ++result_.guard.changes_refused;
            continue;
        }
        c.is_in_force = true;
        sources_.scale(c.asset, c.factor);
        see_marks(*done);
    }
}

/// Collateral that was bought at the market's price, and as much debt as the venue gives for it: all that is allowed,
/// or half of it, or a quarter, and so on.
void Storm::attack(double seconds_in) {
    constexpr int attempts = 8;
    for (AttackNow& a : attacks_) {
        if (a.is_done || seconds_in < a.rule.at) continue;
        a.is_done = true;
        const std::size_t c = index(a.collateral);
        const std::size_t d = index(a.debt);
        const Amount brought{static_cast<uint128>(a.rule.usd / market_[c] / per_atom_[c])};
        if (apply_now({.time = now_,
                       .market = {},
                       .action = Supply{a.account, a.collateral, brought}}) == nullptr)
            continue;
        const auto& market = aave_market(state_);
        const auto t =
            aave_v3::thresholds(market, market.accounts[index(a.account)].emode, a.collateral);
        const double most = usd_at(oracle_, a.collateral, brought) * t.ltv * 1e-4;
        const double cash = usd_at(oracle_, a.debt, market.reserves[d].cash);
        double wanted = std::min(most, cash) * 0.999;
        for (int i = 0; i < attempts; ++i) {
            const Amount amount{static_cast<uint128>(wanted / oracle_[d] / per_atom_[d])};
            if (apply_now({.time = now_,
                           .market = {},
                           .action = Borrow{a.account, a.debt, amount}}) == nullptr) {
                ++result_.guard.refused;
                wanted /= 2;
                continue;
            }
            result_.guard.attacked += micro(usd_at(market_, a.debt, amount));
            break;
        }
        cover_rate(a.collateral);
        cover_rate(a.debt);
        std::erase_if(naps_, [&](const Awake& nap) { return nap.account == a.account; });
        put_to_sleep(a.account);
    }
}

/// Whether the account may be liquidated, as far as a glance can tell; the engine is asked where it cannot.
Storm::Hold Storm::held_up(const Awake& awake) {
    const Weighed best = weigh_at(awake, share_best_);
    if (is_surely_healthy(best, awake)) return Hold::contested;
    if (is_surely_unhealthy(best, awake) || look(awake.account, aave_v3::Pricing::best)) {
        auto allowed = feeds::Liquidations::certain;
        for (const Holding& h : holdings_of(awake))
            allowed = std::min(allowed, allowed_[index(h.asset)]);
        if (allowed == feeds::Liquidations::certain) return Hold::none;
        const bool is_insolvent = best.debt > 0.98 * best.collateral;
        const bool may = allowed == feeds::Liquidations::certain_insolvency && is_insolvent;
        return may ? Hold::none : Hold::suspended;
    }
    return Hold::contested;
}

/// Oracle price × grown index, in floats: what waiting accounts are reckoned by. Done at every price and every few
/// hours; `find_stray` says what interest in between can change.
void Storm::value_shares(AssetId asset) {
    const std::size_t a = index(asset);
    share_value_[a] = share_value(asset, oracle_[a], oracle_[a]);
    // An atom and a unit of value in each leg, and as much again for the ends of a band.
    constexpr double value_unit = 1e-8;
    if (floats_tell_)
        atom_usd_ = std::max(atom_usd_, 4 * (per_atom_[a] * oracle_[a] + value_unit));
    if (!is_guarded_) return;
    const double lo = static_cast<double>(state_.feeds[a].lo) * 1e-8;
    const double hi = static_cast<double>(state_.feeds[a].hi) * 1e-8;
    share_best_[a] = share_value(asset, hi, lo);
    share_worst_[a] = share_value(asset, lo, hi);
}

ShareValue Storm::share_value(AssetId asset, double collateral_usd, double debt_usd) const {
    const aave_v3::Reserve& r = aave_market(state_).reserves[index(asset)];
    const double years = static_cast<double>(seconds(now_) - r.updated) / seconds_per_year;
    const double x = to_double(r.borrow_rate.raw) * 1e-27 * years;
    return {.supplied = collateral_usd * to_double(r.liquidity_index.raw) * 1e-27 *
                        (1 + to_double(r.liquidity_rate.raw) * 1e-27 * years),
            .borrowed =
                debt_usd * to_double(r.borrow_index.raw) * 1e-27 * (1 + x + x * x / 2)};
}

void Storm::record_guard(double contested, double suspended) {
    GuardFigures& g = result_.guard;
    const double hours = setup_.scenario.step_seconds / 3600;
    g.contested_peak = std::max(g.contested_peak, micro(contested));
    g.suspended_peak = std::max(g.suspended_peak, micro(suspended));
    g.contested_hours += micro(contested * hours);
    g.suspended_hours += micro(suspended * hours);
    if (contested + suspended > guard_alarm_share * book_debt_) ++g.alarm_steps;
}

void Storm::record_trust() {
    for (std::size_t a = 0; a < state_.asset_feeds.size(); ++a)
        if (state_.has_sources(AssetId{static_cast<std::uint8_t>(a)}))
            ++feed_outcomes_[a].steps[state_.asset_feeds[a].machine.state];
}

/// Healthy at the market's own price, whatever the venue saw.
bool Storm::is_wronged(const Awake& awake) const {
    double collateral = 0;
    double debt = 0;
    for (const Holding& h : holdings_of(awake)) {
        const ShareValue& v = share_value_[index(h.asset)];
        const double lead = market_[index(h.asset)] * per_oracle_[index(h.asset)];
        if (h.side == Side::collateral)
            collateral += h.shares * v.supplied * lead * static_cast<double>(h.threshold);
        else
            debt += h.shares * v.borrowed * lead;
    }
    return collateral >= debt;
}

}  // namespace breakwater
