// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/storm.hpp"

#include <algorithm>
#include <cmath>

#include "breakwater/core/digest.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/aave_v3.hpp"
#include "breakwater/stress/market_prices.hpp"
#include "breakwater/stress/wiring.hpp"
#include "breakwater/world/random.hpp"

namespace breakwater {
namespace {

/// The watch's unit values carry the interest of this long in advance, so that they are refreshed seldom.
constexpr std::uint64_t units_ahead_seconds = 4 * std::uint64_t{3'600};
/// Longest grid for charts and bands.
constexpr std::uint32_t grid_points_max = 48;
/// All state is checked at least this often, seldomer for large books so that the cost per event stays flat.
constexpr std::uint64_t events_per_full_check = 1'000;

/// [1e-6] debt / (debt + cash); interest since the reserve last moved is not in it.
std::uint32_t utilisation_of(const aave_v3::Reserve& r) {
    const double debt = to_double(r.borrowed.raw) * (to_double(r.borrow_index.raw) * 1e-27);
    const double all = debt + to_double(r.cash.raw);
    return all > 0 ? static_cast<std::uint32_t>(std::floor(1e6 * debt / all + 0.5)) : 0;
}

}  // namespace

std::expected<StormSetup, std::string> prepare_storm(const Book& book, Scenario scenario,
                                                     std::uint64_t seed) {
    if (auto unknown = unknown_name(book, scenario)) return std::unexpected(*unknown);
    if (book.is_native() && !scenario.attacks.empty())
        return std::unexpected("scenario " + scenario.name + " has an [[attack]], which a book of " +
                               book.rulebook + " does not play");
    auto dynamics = book_prices(book, scenario);
    if (!dynamics) return std::unexpected(dynamics.error());
    auto model = PriceModel::create(dynamics->parameters);
    if (!model) return std::unexpected(model.error());
    StormSetup setup{.book = &book,
                     .scenario = std::move(scenario),
                     .book_prices = std::move(*dynamics),
                     .prices = std::move(*model),
                     .seed = seed};
    setup.grid_stride = (setup.steps() + grid_points_max - 1) / grid_points_max;
    setup.grid_points = setup.steps() / setup.grid_stride;
    return setup;
}

Storm::Storm(const StormSetup& setup)
    : setup_(setup),
      state_(setup.book->state),
      watch_(setup.book->assets.size(), watch_slop),
      liquidity_(depths_in(*setup.book, setup.scenario), setup.scenario.liquidity),
      chain_(setup.scenario.chain, setup.scenario.step_seconds),
      reporters_(feed_parameters(*setup.book, setup.scenario), setup.scenario.oracle,
                 setup.scenario.step_seconds),
      sources_(source_setups(*setup.book, setup.scenario), setup.scenario.oracle,
               setup.scenario.step_seconds),
      keepers_(setup.scenario.keepers, setup.scenario.step_seconds),
      assets_(setup.book->assets.size()),
      start_(setup.book->state.now()),
      now_(start_),
      shares_an_atom_(shares_an_atom(state_)) {
    const aave_v3::Market& market = aave_market(state_);
    market_.resize(assets_);
    oracle_.resize(assets_);
    exogenous_.resize(assets_);
    lead_.resize(assets_);
    unit_rate_.resize(assets_);
    share_value_.resize(assets_);
    stray_of_.resize(assets_);
    supply_factor_.resize(assets_);
    debt_factor_.resize(assets_);
    per_oracle_.resize(assets_);
    feed_.resize(assets_);
    has_layer_.resize(assets_);
    chain_noise_.resize(setup.steps());
    legs_.resize(2 * assets_);
    is_guarded_ = state_.guard(MarketId{0}) != nullptr;
    const auto stands = [](const auto& row) { return row.ramp.hours == 0; };
    may_nap_ = is_guarded_ && std::ranges::all_of(market.parameters, stands) &&
               std::ranges::all_of(market.emodes, stands);
    floats_tell_ = !market.house || is_guarded_ || state_.wirings.empty();
    has_single_feeds_ = false;
    for (std::size_t a = 0; a < assets_; ++a)
        has_single_feeds_ |= !state_.has_sources(AssetId{static_cast<std::uint8_t>(a)});
    if (is_guarded_) {
        share_best_.resize(assets_);
        share_worst_.resize(assets_);
        feed_outcomes_.resize(assets_);
    }
    allowed_.assign(assets_, feeds::Liquidations::certain);
    find_faults();
    source_report_.action = ReportSources{};
    report_.action = ReportPrices{.prices = std::vector<Price>(assets_)};
    for (std::size_t a = 0; a < assets_; ++a) {
        per_atom_.push_back(1.0 / static_cast<double>(power_of_ten(market.parameters[a].decimals)));
        oracle_[a] = static_cast<double>(state_.feeds[a].point) * 1e-8;
        watch_.set_stride(AssetId{static_cast<std::uint8_t>(a)},
                          static_cast<std::uint32_t>(
                              600 + 60'000 * std::min(1.0, setup.book_prices.volatility[a])));
    }
    for (std::size_t a = 0; a < assets_; ++a)
        ratio_.push_back(oracle_[a] / oracle_[setup.book_prices.root[a]]);
    // A borrower pays in the event that realises the loss; the others are asked afterwards.
    for (const Layer& layer : state_.layers)
        if (layer.kind != LayerKind::borrower_equity) has_layer_[layer.asset] = true;
    refresh_units();
    watch_.build(
        static_cast<std::uint32_t>(market.accounts.size()),
        [&](AccountId id, std::span<WatchLeg> out) { return watch_legs(market, id, out, shares_an_atom_); });
    for (std::size_t a = 0; a < assets_; ++a) {
        const aave_v3::Reserve& r = market.reserves[a];
        book_debt_ += to_double(r.borrowed.raw) * share_value_[a].borrowed * per_atom_[a];
    }
    series_.price.resize((setup.grid_points + 1) * assets_);
    series_.utilisation.resize((setup.grid_points + 1) * assets_);
    series_.liquidated.resize(setup.grid_points + 1);
    series_.backlog.resize(setup.grid_points + 1);
    series_.base_fee.resize(setup.grid_points + 1);
    reserves_at_end_.resize(assets_);
    layers_.resize(state_.layers.size());
    REQUIRE(!check_state(state_).has_value());
}

PathResult Storm::run(std::uint32_t path, JournalPort* journal) {
    journal_ = journal;
    begin_path(path);
    for (std::uint32_t s = 1; s <= setup_.steps(); ++s)
        step(s);
    end_path();
    rewind();
    return result_;
}

void Storm::begin_path(std::uint32_t path) {
    looks_before_ = watch_.counters().looks;
    setup_.prices.generate(setup_.seed, path, path_);
    fill_normals(setup_.seed, path, Stream::chain, setup_.steps(), chain_noise_);
    liquidity_.reset();
    chain_.reset();
    const auto first = path_.row(0).first(assets_);
    std::ranges::copy(first, market_.begin());
    std::ranges::copy(first, oracle_.begin());
    for (std::size_t a = 0; a < assets_; ++a)
        per_oracle_[a] = 1 / oracle_[a];
    reporters_.reset(first);
    sources_.reset(first);
    std::ranges::fill(allowed_, feeds::Liquidations::certain);
    for (SingleFault& f : single_faults_) f.at_start = first[index(f.asset)];
    for (ChangeNow& c : changes_) c.is_done = c.is_in_force = false;
    for (AttackNow& a : attacks_) a.is_done = false;
    const double horizon = setup_.scenario.horizon_seconds;
    keepers_.reset(
        {.outage = uniform(setup_.seed, path, Stream::keepers, 0, 0),
         .outage_start_seconds = uniform(setup_.seed, path, Stream::keepers, 0, 1) * horizon,
         .up = {}});
    now_ = start_;
    result_ = {};
    losses_.clear();
    std::ranges::fill(layers_, LayerOutcome{});
    std::ranges::fill(feed_outcomes_, FeedOutcome{});
    repaid_since_point_ = 0;
    backlog_ = 0;
    awake_.clear();
    naps_.clear();
    holdings_.clear();
    atom_usd_ = 0;
    refresh_units();
    wake_found();
    record_point(0);
}

void Storm::step(std::uint32_t s) {
    const double seconds_in = setup_.scenario.step_seconds * s;
    now_ = Time{seconds(start_) + static_cast<std::uint64_t>(seconds_in)};
    liquidity_.decay(setup_.scenario.step_seconds);
    see_prices(s);
    if (now_ >= units_until_) refresh_units();
    wake_found();
    keepers_.step(seconds_in);
    if (!awake_.empty()) liquidate_awake();
    if (is_guarded_) record_trust();
    if (s % setup_.grid_stride == 0) record_point(setup_.grid_point(s));
}

void Storm::mark_to_market() {
    breakwater::mark_to_market(liquidity_, setup_.book_prices.root, std::span(exogenous_).first(assets_), ratio_,
                               {.market = market_, .feed = feed_});
}

/// Effective unit values for the watch: price now, interest a while ahead on the debt side.
void Storm::set_units(AssetId asset) {
    const aave_v3::Market& market = aave_market(state_);
    const aave_v3::Reserve& r = market.reserves[index(asset)];
    const unsigned decimals = market.parameters[index(asset)].decimals;
    Checked math;
    const Ray income = planner_.grown().income(math, asset, r, now_);
    // Not through the memo: the time ahead would push the entries for `now_` out of it.
    // Rates move with every repayment: carry a twentieth more, so that most moves are already covered.
    unit_rate_[index(asset)].raw = r.borrow_rate.raw + r.borrow_rate.raw / 20;
    const Ray growth =
        compound_growth(math, unit_rate_[index(asset)], seconds(units_until_) - r.updated);
    const Ray debt{math.ray_mul_up(growth.raw, r.borrow_index.raw)};
    REQUIRE(!math.overflow());
    supply_factor_[index(asset)] = unit_factor_down(income, decimals);
    debt_factor_[index(asset)] = unit_factor_up(debt, decimals);
    set_unit_prices(asset);
    find_stray(asset);
}

/// Until `units_until_` no rate is above the one that the unit values carry: a rise sets them anew. A share value that
/// was reckoned since lacks the interest of that long, and all of a square in the compounding since the last touch.
void Storm::find_stray(AssetId asset) {
    constexpr double rounding = 1e-9;
    const std::size_t a = index(asset);
    const double rate = to_double(unit_rate_[a].raw) * 1e-27 / seconds_per_year;
    const double ahead = rate * static_cast<double>(units_ahead_seconds);
    const aave_v3::Reserve& r = aave_market(state_).reserves[a];
    const double x = rate * static_cast<double>(seconds(units_until_) - r.updated);
    // Where a look is at an end of a band that floats do not see, they tell no more than roughly.
    constexpr double near = 1e-3;
    if (!floats_tell_) return void(stray_ = near);
    stray_of_[a] = x < 0.5 ? 1.01 * ahead + x * x * x / 4 + rounding : 1;
    stray_ = *std::ranges::max_element(stray_of_);
}

/// A new price: supply has grown since by some 10^-6, which only makes the watch look a little early.
void Storm::set_unit_prices(AssetId asset) {
    const FeedRow& row = state_.feeds[index(asset)];
    const Price collateral{is_guarded_ ? row.lo : row.point};
    const Price debt{is_guarded_ ? row.hi : row.point};
    watch_.set_unit(asset, Side::collateral,
                    unit_value_down(collateral, supply_factor_[index(asset)]));
    watch_.set_unit(asset, Side::debt, unit_value_up(debt, debt_factor_[index(asset)]));
    value_shares(asset);
    told_ = true;
}

/// After a liquidation the rates are new: a lower one is covered by the unit values that the watch has.
void Storm::cover_rate(AssetId asset) {
    if (aave_market(state_).reserves[index(asset)].borrow_rate > unit_rate_[index(asset)])
        set_units(asset);
}

void Storm::refresh_units() {
    units_until_ = Time{seconds(now_) + units_ahead_seconds};
    for (std::size_t a = 0; a < assets_; ++a)
        set_units(AssetId{static_cast<std::uint8_t>(a)});
}

const Transition* Storm::apply_now(const Event& event) {
    const auto done = apply(state_, event, planner_);
    if (!done) return nullptr;
    // What only reports of sources move is put back whole, at the end of the path.
    const bool is_tick = std::holds_alternative<ReportSources>(event.action);
    const auto& changes = (*done)->changes;
    if (!is_tick) undo_.insert(undo_.end(), changes.begin(), changes.end());
    for (const breakwater::Change& c : changes)
        if (is_tick && c.cell.table < Table::wiring) undo_.push_back(c);
    ++result_.events;
    if (journal_ != nullptr) journal_->applied(event);
    return *done;
}

void Storm::end_path() {
    assess_remaining();
    const auto& reserves = aave_market(state_).reserves;
    const auto book_price = path_.row(0);
    for (std::size_t a = 0; a < assets_; ++a)
        reserves_at_end_[a] = {
            .utilisation = utilisation_of(reserves[a]),
            .cash = micro(to_double(reserves[a].cash.raw) * per_atom_[a] * book_price[a])};
    Checked math;
    for (std::size_t k = 0; k < layers_.size(); ++k)
        layers_[k].exhausted =
            aave_v3::left_of(math, view(), state_.layers[k]).is_zero();
    result_.looks = static_cast<std::uint32_t>(watch_.counters().looks - looks_before_);
    final_digest_ = journal_ != nullptr ? digest_of(state_) : std::string();
    events_since_check_ += result_.events;
    const std::uint64_t interval =
        std::max<std::uint64_t>(events_per_full_check, aave_market(state_).accounts.size() / 8);
    if (events_since_check_ >= interval) {
        events_since_check_ = 0;
        REQUIRE(!check_state(state_).has_value());
    }
}

void Storm::rewind() {
    undo(state_, undo_);
    undo_.clear();
    if (!state_.wirings.empty()) {
        state_.asset_feeds = setup_.book->state.asset_feeds;
        state_.source_rows = setup_.book->state.source_rows;
    }
    watch_.rewind();
}

void Storm::record_point(std::uint32_t point) {
    const aave_v3::Market& market = aave_market(state_);
    for (std::size_t a = 0; a < assets_; ++a) {
        series_.price[point * assets_ + a] = market_[a];
        series_.utilisation[point * assets_ + a] = utilisation_of(market.reserves[a]);
    }
    series_.liquidated[point] = micro(repaid_since_point_);
    series_.backlog[point] = micro(backlog_);
    series_.base_fee[point] = chain_.base_fee_gwei();
    repaid_since_point_ = 0;
}

std::size_t Storm::memory_bytes() const {
    const aave_v3::Market& market = aave_market(state_);
    return market.accounts.capacity() * sizeof(aave_v3::AccountRow) +
           market.legs.capacity() * sizeof(aave_v3::Leg) + watch_.memory_bytes() +
           undo_.capacity() * sizeof(Change);
}

}  // namespace breakwater
