// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/venue_world.hpp"

#include <algorithm>
#include <cmath>

#include "breakwater/stress/wiring.hpp"
#include "breakwater/world/math.hpp"
#include "breakwater/world/random.hpp"

namespace breakwater {
namespace {

constexpr double hour = 3'600;
constexpr double rho_max = 0.98;

/// What is left of a deviation after `seconds`.
double kept_after(double seconds, double half_life) {
    return exp_(-0.6931471805599453 * seconds / half_life);
}

/// The hour's factor comes in as a volatility: depth × 1/ratio.
LiquidityScenario by_ratio(LiquidityScenario scenario) {
    scenario.depth_exponent = 1;
    return scenario;
}

}  // namespace

VenueWorld::VenueWorld(const VenueBook& venue, const Scenario& scenario, const BookPrices& prices)
    : venue_(&venue),
      scenario_(&scenario),
      root_(prices.root),
      liquidity_(depths_in(venue.book, scenario), by_ratio(scenario.liquidity)),
      reporters_(feed_parameters(venue.book, scenario), scenario.oracle, scenario.step_seconds) {
    const std::size_t assets = venue.book.assets.size();
    const std::size_t n = venue.underlyings.size();
    market_.resize(assets);
    before_.resize(assets);
    feed_.resize(assets);
    basis_.resize(n);
    average_.resize(n);
    premium_.resize(n);
    premiums_.resize(n);
    volatility_.resize(n);
    level_.resize(n);
    noise_.resize(2 * n * prices.parameters.steps);
    const double dt = scenario.step_seconds;
    const VenueScenario& v = scenario.venue;
    basis_kept_ = kept_after(dt, v.basis.half_life_minutes * 60);
    average_kept_ = exp_(-dt / v.basis.average_seconds);
    volatility_kept_ = kept_after(dt, v.volatility.half_life_hours * hour);
    for (std::size_t a = 0; a < assets; ++a) {
        const auto point = [&](std::size_t k) {
            return static_cast<double>(venue.book.state.feeds[k].point);
        };
        ratio_.push_back(point(a) / point(root_[a]));
        for (const VenueScenario::Shock& s : v.shocks)
            if (s.symbol == venue.book.assets[a].symbol) shocks_.push_back({.asset = a, .rule = s});
        for (const VenueScenario::Divergence& d : v.divergences)
            if (d.symbol == venue.book.assets[a].symbol)
                faults_.push_back({.asset = AssetId{static_cast<std::uint8_t>(a)},
                                   .fault = {.kind = FeedFault::Kind::scaled,
                                             .value = d.factor,
                                             .from = d.from,
                                             .until = d.until}});
        for (const Scenario::FaultRule& f : scenario.faults)
            if (f.symbol == venue.book.assets[a].symbol)
                faults_.push_back(
                    {.asset = AssetId{static_cast<std::uint8_t>(a)}, .fault = f.fault});
    }
}

void VenueWorld::begin(const PriceModel& model, std::uint64_t seed, std::uint32_t path) {
    model.generate(seed, path, path_);
    const std::span noise(noise_);
    const auto steps = static_cast<std::uint32_t>(model.steps());
    fill_normals(seed, path, Stream::basis, steps, noise.first(noise.size() / 2));
    fill_normals(seed, path, Stream::volatility, steps, noise.subspan(noise.size() / 2));
    liquidity_.reset();
    const auto first = path_.row(0).first(market_.size());
    std::ranges::copy(first, market_.begin());
    std::ranges::copy(first, before_.begin());
    reporters_.reset(first);
    for (Fault& f : faults_)
        f.at_start = first[index(f.asset)];
    for (std::size_t u = 0; u < basis_.size(); ++u) {
        basis_[u] = average_[u] = premium_[u] = volatility_[u] = 0;
        premiums_[u] = 0;
        level_[u] = 1;
    }
    seconds_in_ = 0;
    is_out_ = false;
    reports_ = {};
}

void VenueWorld::step(std::uint32_t s) {
    seconds_in_ = scenario_->step_seconds * s;
    is_out_ = std::ranges::any_of(scenario_->venue.outages, [&](const VenueScenario::Outage& o) {
        return seconds_in_ >= o.from && seconds_in_ < o.until;
    });
    liquidity_.decay(scenario_->step_seconds);
    std::ranges::copy(market_, before_.begin());
    move_markets(s);
    move_volatility(s);
    move_basis(s);
    spoil_feeds();
    reports_ = reporters_.step(seconds_in_, feed_);
}

double VenueWorld::shock_factor(const VenueScenario::Shock& k) const {
    const double since = seconds_in_ - k.from;
    if (since <= 0) return 1;
    double part = 1;
    if (since < k.ramp)
        part = since / k.ramp;
    else if (k.recovery > 0)
        part = std::clamp(1 - (since - k.ramp - k.hold) / k.recovery, 0.0, 1.0);
    return exp_(part * log_(k.factor));
}

void VenueWorld::move_markets(std::uint32_t s) {
    const auto exogenous = path_.row(s).first(market_.size());
    for (std::size_t a = 0; a < market_.size(); ++a) {
        market_[a] = exogenous[a] * liquidity_.price_factor(AssetId{static_cast<std::uint8_t>(a)});
        if (root_[a] != a)
            market_[a] *= liquidity_.price_factor(AssetId{static_cast<std::uint8_t>(root_[a])});
    }
    for (const Shocked& k : shocks_)
        market_[k.asset] *= shock_factor(k.rule);
}

void VenueWorld::move_volatility(std::uint32_t s) {
    const VenueScenario::Volatility& v = scenario_->venue.volatility;
    const std::size_t steps = noise_.size() / (2 * level_.size());
    const double noise = v.noise * std::sqrt(scenario_->step_seconds / seconds_per_year);
    for (std::size_t u = 0; u < level_.size(); ++u) {
        const std::size_t a = index(venue_->underlyings[u].asset);
        const double r = log_(market_[a] / before_[a]);
        const double z = noise_[(level_.size() + u) * steps + s - 1];
        const double x = volatility_kept_ * volatility_[u] +
                         (r < 0 ? -v.per_fall * r : v.per_rise * r) + noise * z;
        volatility_[u] = std::min(x, log_(v.level_max));
        level_[u] = exp_(volatility_[u]);
        const double thinner = pow_(std::max(level_[u], 1.0), scenario_->liquidity.depth_exponent);
        liquidity_.set_volatility(venue_->underlyings[u].asset, thinner / hour_factor());
    }
}

void VenueWorld::move_basis(std::uint32_t s) {
    const VenueScenario::Basis& b = scenario_->venue.basis;
    const std::size_t steps = noise_.size() / (2 * basis_.size());
    const double noise = b.volatility * std::sqrt(scenario_->step_seconds / seconds_per_year);
    for (std::size_t u = 0; u < basis_.size(); ++u) {
        const std::size_t a = index(venue_->underlyings[u].asset);
        basis_[u] = basis_kept_ * basis_[u] + b.per_return * log_(market_[a] / before_[a]) +
                    noise * noise_[u * steps + s - 1];
        average_[u] = average_kept_ * average_[u] + (1 - average_kept_) * basis_[u];
        premium_[u] += exp_(basis_[u]) - 1;
        ++premiums_[u];
    }
}

/// Feeds read the market; of a wrapped asset its root's times the ratio; and what faults make of it.
void VenueWorld::spoil_feeds() {
    for (std::size_t a = 0; a < feed_.size(); ++a)
        feed_[a] = root_[a] == a ? market_[a] : ratio_[a] * market_[root_[a]];
    for (const Shocked& k : shocks_)
        feed_[k.asset] = market_[k.asset];
    for (Fault& f : faults_) {
        const std::size_t a = index(f.asset);
        const bool holds = f.fault.holds_at(seconds_in_);
        if (!holds) f.at_start = feed_[a];
        if (f.fault.kind == FeedFault::Kind::silent) reporters_.freeze(f.asset, holds);
        if (holds) feed_[a] = f.fault.said(feed_[a], f.at_start);
    }
}

double VenueWorld::hour_factor() const {
    const double of_day = static_cast<double>((seconds(venue_->book.state.now()) +
                                               static_cast<std::uint64_t>(seconds_in_)) %
                                              86'400) /
                          hour;
    double out = 1;
    for (const VenueScenario::ThinHours& t : scenario_->venue.thin_hours) {
        const bool inside = t.from <= t.until ? of_day >= t.from && of_day < t.until
                                              : of_day >= t.from || of_day < t.until;
        if (inside) out *= t.factor;
    }
    return out;
}

double VenueWorld::mark_factor(std::size_t u) const {
    const double most = scenario_->venue.basis.mark_max;
    return std::clamp(exp_(average_[u]), 1 - most, 1 + most);
}

double VenueWorld::funding_rate(std::size_t u) {
    const VenueScenario::Funding& f = scenario_->venue.funding;
    const double p = premiums_[u] == 0 ? 0 : premium_[u] / premiums_[u];
    premium_[u] = 0;
    premiums_[u] = 0;
    const double whole = p + std::clamp(f.interest - p, -f.clamp, f.clamp);
    const double cap = f.cap_per_hour * f.interval_hours;
    return std::clamp(whole * f.interval_hours / 8, -cap, cap);
}

VolatilitySurface VenueWorld::surface(std::size_t u, std::int64_t now) const {
    VolatilitySurface out = venue_->underlyings[u].surface;
    const double skew = scenario_->venue.volatility.skew_per_fall * std::max(volatility_[u], 0.0);
    out.as_of = now;
    std::erase_if(out.smiles, [now](const Smile& s) { return s.expiry <= now; });
    for (Smile& s : out.smiles) {
        const double years = static_cast<double>(s.expiry - now) / seconds_per_year;
        s.svi = svi_scaled(s.svi, level_[u] * level_[u] * years / s.years);
        s.svi.rho = std::clamp(s.svi.rho - skew, -rho_max, rho_max);
        s.years = years;
    }
    out.stressed_volatility *= level_[u];
    return out;
}

double VenueWorld::depth(AssetId asset) const {
    const AssetDescription& a = venue_->book.assets[index(asset)];
    double factor = scenario_->liquidity.depth_factor;
    for (const Scenario::DepthRule& rule : scenario_->depth_rules)
        if (rule.symbol == a.symbol) factor = rule.depth_factor;
    return a.liquidity.depth_2pct * factor * hour_factor();
}

}  // namespace breakwater
