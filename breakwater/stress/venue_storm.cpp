// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/venue_storm.hpp"

#include <algorithm>
#include <cmath>

#include "breakwater/core/digest.hpp"
#include "breakwater/core/each_number.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/venue_guard.hpp"
#include "breakwater/stress/amounts.hpp"

namespace breakwater {
namespace {

constexpr std::uint64_t events_per_full_check = 100'000;
constexpr std::size_t largest_holders = 256;  ///< asked where an account holds nothing

double to_usd(int128 standing) {
    const double size = to_double(static_cast<uint128>(standing < 0 ? -standing : standing));
    return (standing < 0 ? -size : size) * 1e-14;
}

}  // namespace

VenueStorm::VenueStorm(const VenueSetup& setup)
    : setup_(setup),
      state_(setup.venue.book.state),
      watch_(2 * (setup.venue.contracts.size() + setup.venue.book.assets.size()) +
                 setup.venue.underlyings.size(),
             setup.venue.market().set().accounts),
      world_(setup.venue, setup.scenario, setup.book_prices),
      arrays_(setup.venue),
      contracts_(setup.venue.contracts.size()),
      assets_(setup.venue.book.assets.size()) {
    const venue::Market& m = market();
    const std::size_t n = setup.venue.underlyings.size();
    start_ = now_ = step_time_ = state_.now();
    price_.resize(assets_);
    for (std::size_t a = 0; a < assets_; ++a) {
        price_[a] = static_cast<double>(state_.feeds[a].point) * 1e-8;
        asset_volatility_.push_back(std::max(0.01, setup.book_prices.volatility[a]));
        // Assets behind the last that the venue takes only have a price.
        if (a >= m.collaterals.size()) continue;
        per_atom_.push_back(1.0 / static_cast<double>(power_of_ten(m.collaterals[a].decimals)));
        const auto& moves = m.arrays[m.array_row(AssetId{static_cast<std::uint8_t>(a)})].values;
        largest_gain_.push_back(
            1e-6 * static_cast<double>(std::max<std::int64_t>(0, -std::ranges::min(moves))));
    }
    option_index_.resize(n);
    option_at_.resize(n);
    array_index_.resize(n);
    array_at_.resize(n);
    array_clock_.resize(n);
    array_lots_.resize(n);
    contracts_of_.resize(n);
    has_options_.resize(n);
    has_arrays_.resize(n);
    for (const UnderlyingDescription& u : setup.venue.underlyings)
        underlying_volatility_.push_back(asset_volatility_[index(u.asset)]);
    slow_.resize(contracts_);
    for (const std::uint16_t k : each_number<std::uint16_t>(contracts_)) {
        const ContractDescription& c = setup.venue.contracts[k];
        const venue::Terms& t = m.terms[k];
        contracts_of_[c.underlying].push_back(k);
        has_options_[c.underlying] = has_options_[c.underlying] || t.is_option();
        has_arrays_[c.underlying] = has_arrays_[c.underlying] || t.by_arrays != 0;
        const double spot = price_[index(setup.venue.underlyings[c.underlying].asset)];
        if (t.expiry != 0 && m.contracts[k].phase == venue::Phase::live)
            first_expiry_ = std::min(first_expiry_, t.expiry);
        carry_.push_back(t.expiry == 0 ? 1
                                       : delivery_price(setup.venue, venue::ContractId{k}) / spot);
        strike_.push_back(setup.venue.strike(venue::ContractId{k}));
        const bool is_dated = t.expiry != 0;
        average_.emplace_back(is_dated ? static_cast<double>(t.expiry) - static_cast<double>(seconds(start_)) : 0,
                              is_dated ? setup.scenario.venue.settlement_seconds : 0);
        std::int64_t largest = 0;
        for (const std::int64_t v : m.arrays[k].values)
            largest = std::max(largest, std::abs(v));
        array_scale_.push_back(1e-8 * static_cast<double>(largest) +
                               0.02 * c.lot() * (t.is_inverse() ? 1 : spot));
    }
    const double step = setup.scenario.step_seconds;
    const double interval = setup.scenario.venue.array_seconds;
    mark_seconds_ = std::min(interval, static_cast<double>(m.set().mark_age_max) - step + 1);
    array_seconds_ = std::min(interval, static_cast<double>(setup.venue.array_seconds) - step + 1);
    queue_need_.resize(2 * contracts_);
    is_awake_.resize(m.set().accounts);
    is_touched_.resize(m.set().accounts);
    cluster_members_.resize(m.set().clusters);
    for (std::uint32_t a = 0; a < m.set().accounts; ++a)
        if (m.accounts[a].cluster != 0)
            cluster_members_[m.accounts[a].cluster].push_back(AccountId{a});
    find_holders();
    report_.action = ReportPrices{.prices = std::vector<Price>(assets_)};
    marks_.action = venue::Action{venue::PublishMarks{}};
    series_.price.resize((setup.grid_points + 1) * n);
    series_.volatility.resize((setup.grid_points + 1) * n);
    series_.liquidated.resize(setup.grid_points + 1);
    series_.backlog.resize(setup.grid_points + 1);
    build_watch();
    REQUIRE(!check_state(state_).has_value());
}

/// By contract and side, the largest first.
void VenueStorm::find_holders() {
    const venue::Market& m = market();
    struct Holder {
        std::int64_t lots;
        AccountId account;
    };
    std::vector<std::array<std::vector<Holder>, 2>> found(contracts_);
    std::vector<Holder> all(m.set().accounts);
    for (std::uint32_t a = 0; a < m.set().accounts; ++a) {
        all[a].account = AccountId{a};
        for (std::uint32_t s = 0; s < m.set().slots; ++s) {
            const venue::Position& p = m.positions[m.first_slot(AccountId{a}) + s];
            if (p.lots == 0) continue;
            const std::int64_t size = std::abs(p.lots);
            found[venue::index(p.contract)][p.lots < 0 ? 1 : 0].push_back({size, AccountId{a}});
            all[a].lots += size;
        }
    }
    const auto rank = [](std::vector<Holder>& from) {
        std::ranges::sort(from, [](const Holder& a, const Holder& b) {
            return a.lots != b.lots ? a.lots > b.lots : index(a.account) < index(b.account);
        });
        std::vector<AccountId> out;
        out.reserve(from.size());
        for (const Holder& h : from)
            out.push_back(h.account);
        return out;
    };
    holders_.resize(contracts_);
    for (std::size_t k = 0; k < contracts_; ++k)
        for (std::size_t side = 0; side < 2; ++side)
            holders_[k][side] = rank(found[k][side]);
    largest_ = rank(all);
    largest_.resize(std::min(largest_.size(), largest_holders));
}

VenuePathResult VenueStorm::run(std::uint32_t path, JournalPort* journal) {
    journal_ = journal;
    begin_path(path);
    for (std::uint32_t s = 1; s <= setup_.steps(); ++s)
        step(s);
    end_path();
    rewind();
    return result_;
}

void VenueStorm::begin_path(std::uint32_t path) {
    world_.begin(setup_.prices, setup_.seed, path);
    now_ = step_time_ = start_;
    result_ = {};
    losses_.clear();
    liquidated_since_point_ = backlog_ = 0;
    is_closed_ = opens_again_ = false;
    for (std::size_t a = 0; a < assets_; ++a)
        price_[a] = static_cast<double>(state_.feeds[a].point) * 1e-8;
    for (std::size_t u = 0; u < option_index_.size(); ++u) {
        option_index_[u] = array_index_[u] = price_[index(setup_.venue.underlyings[u].asset)];
        option_at_[u] = array_at_[u] = array_clock_[u] = 0;
    }
    for (std::size_t k = 0; k < contracts_; ++k) {
        slow_[k] = static_cast<double>(market().contracts[k].slow);
        const std::uint32_t u = setup_.venue.contracts[k].underlying;
        average_[k].begin(price_[index(setup_.venue.underlyings[u].asset)]);
    }
    queue_closed_.clear();
    refused_at_.assign(setup_.venue.liquidators.size(), Time{});
    awake_.clear();
    std::ranges::fill(is_awake_, 0);
    for (const AccountId a : awake_at_start_) {
        is_awake_[index(a)] = 1;
        awake_.push_back({.account = a});
    }
    vault_at_start_ = vault_worth();
    record_point(0);
}

double VenueStorm::vault_worth() const {
    const auto worth = venue::assess(view(), market().set().vault, venue::Purpose::closing);
    return worth ? to_usd(worth->standing.equity) : 0;
}

void VenueStorm::step(std::uint32_t s) {
    world_.step(s);
    step_time_ = now_ = Time{seconds(start_) + static_cast<std::uint64_t>(world_.seconds_in())};
    if (world_.is_out()) {
        is_closed_ = true;
        fix_averages();
    } else {
        opens_again_ = is_closed_;
        is_closed_ = false;
        report_prices();
        fix_averages();
        publish_marks();
        pay_funding(s);
        publish_arrays();
        if (first_expiry_ <= seconds(now_)) settle_expiries();
        margin_changes();
        find_unhealthy();
        liquidate_all();
        if (looks_at_everybody_) count_missed();
    }
    const venue::Gate& gate = market().gate[0];
    if (gate.negative != 0 || gate.uncovered != 0 || seconds(now_) < gate.shut_until)
        ++result_.gated_steps;
    if (s % setup_.grid_stride == 0) record_point(setup_.grid_point(s));
}

/// Maintenance that was announced and begins to hold: everybody is looked at.
void VenueStorm::margin_changes() {
    const std::uint64_t step_seconds = static_cast<std::uint64_t>(setup_.scenario.step_seconds);
    const bool any = std::ranges::any_of(market().announced, [&](const venue::MarginTerms& t) {
        return t.effective > seconds(start_) && t.effective <= seconds(now_) &&
               (t.effective + step_seconds > seconds(now_) || opens_again_);
    });
    if (!any) return;
    for (std::uint32_t a = 0; a < market().set().accounts; ++a)
        touch(AccountId{a});
}

const Transition* VenueStorm::apply_now(const Event& event, How how) {
    const auto planned = planner_.plan(state_, event);
    if (!planned) {
        refusal_ = planned.error();
        return nullptr;
    }
    const Transition& done = **planned;
    if (how == How::if_borne && !is_borne(done)) return nullptr;
    execute(state_, done.changes);
    // Contracts, arrays, assets, feeds and the clock are put back whole.
    if (how != How::publication)
        undo_.insert(undo_.end(), done.changes.begin(), done.changes.end());
    ++result_.events;
    if (journal_ != nullptr) journal_->applied(event);
    return &done;
}

void VenueStorm::end_path() {
    for (const Awake& a : awake_) {
        const auto worth = venue::assess(view(), a.account, venue::Purpose::closing);
        if (!worth || worth->standing.equity >= 0) continue;
        const MicroUsd owed = micro(-to_usd(worth->standing.equity));
        result_.unresolved += owed;
        losses_.push_back({.account = a.account, .amount = owed});
    }
    result_.left = static_cast<std::uint32_t>(awake_.size());
    result_.vault = micro(vault_worth() - vault_at_start_);
    final_digest_ = journal_ != nullptr ? digest_of(state_) : std::string();
    events_since_check_ += result_.events;
    if (events_since_check_ < events_per_full_check) return;
    events_since_check_ = 0;
    REQUIRE(!check_state(state_).has_value());
}

void VenueStorm::rewind() {
    undo(state_, undo_);
    undo_.clear();
    const State& book = setup_.venue.book.state;
    const auto& before = setup_.venue.market();
    auto& m = std::get<venue::Market>(state_.markets[0]);
    std::ranges::copy(before.contracts, m.contracts.begin());
    std::ranges::copy(before.arrays, m.arrays.begin());
    std::ranges::copy(book.feeds, state_.feeds.begin());
    state_.clock = book.clock;
    watch_.rewind();
}

void VenueStorm::record_point(std::uint32_t point) {
    const std::size_t n = contracts_of_.size();
    for (std::size_t u = 0; u < n; ++u) {
        series_.price[point * n + u] = world_.market()[index(setup_.venue.underlyings[u].asset)];
        series_.volatility[point * n + u] = world_.level(u);
    }
    series_.liquidated[point] = micro(liquidated_since_point_);
    series_.backlog[point] = micro(backlog_);
    liquidated_since_point_ = 0;
}

std::size_t VenueStorm::memory_bytes() const {
    const venue::Market& m = market();
    return m.accounts.capacity() * sizeof(venue::Account) +
           m.balances.capacity() * sizeof(venue::Balance) +
           m.positions.capacity() * sizeof(venue::Position) +
           m.arrays.capacity() * sizeof(venue::RiskArray) + watch_.memory_bytes() +
           undo_.capacity() * sizeof(Change);
}

}  // namespace breakwater
