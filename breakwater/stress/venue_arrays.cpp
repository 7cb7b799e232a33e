// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/venue_arrays.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "breakwater/core/each_number.hpp"
#include "breakwater/core/margin/grids.hpp"
#include "breakwater/core/simd.hpp"
#include "breakwater/world/math.hpp"
#include "breakwater/world/options.hpp"
#include "breakwater/world/prices.hpp"

namespace breakwater {
namespace {

constexpr double unit_usd = 1e-8;
constexpr std::uint32_t grid_number = 1;

const venue::Terms& terms_of(const VenueBook& v, venue::ContractId id) {
    return v.market().terms[venue::index(id)];
}
const UnderlyingDescription& underlying_of(const VenueBook& v, venue::ContractId id) {
    return v.underlyings[v.contracts[venue::index(id)].underlying];
}

auto moves_of(const UnderlyingDescription& u) {
    return breakwater_grid(static_cast<std::int32_t>(u.range), {});
}

/// Neither NaN nor beyond `loss_max`.
bool fits(double whole) {
    constexpr auto limit = static_cast<double>(venue::loss_max);
    return whole >= -limit && whole <= limit;
}

/// ⌈x⌉ [1e-8 USD]; nullopt where it does not fit.
std::optional<std::int64_t> up(double usd) {
    const double whole = std::ceil(usd / unit_usd);
    return fits(whole) ? std::optional(static_cast<std::int64_t>(whole)) : std::nullopt;
}

/// ⌈loss⌉ [1e-8 USD] of a lot long in each scenario, as whole doubles.
struct LossesUp {
    [[gnu::always_inline]] static void run(const double* profit, const double* move, double coins,
                                           double lot, double* out, std::size_t n) {
        for (std::size_t k = 0; k < n; ++k)
            out[k] = std::ceil((coins * move[k] - profit[k]) * lot / unit_usd);
    }
};

/// Rows of (underlying, expiry): what hedges what without a roll. 0 is all perpetuals of the first.
std::uint32_t expiry_row(const VenueBook& v, venue::ContractId id) {
    const auto key = [&v](std::size_t k) {
        return std::pair(v.contracts[k].underlying, v.market().terms[k].expiry);
    };
    std::vector<std::pair<std::uint32_t, std::uint64_t>> keys;
    keys.reserve(v.contracts.size());
    for (std::size_t k = 0; k < v.contracts.size(); ++k)
        keys.push_back(key(k));
    std::ranges::sort(keys);
    const auto repeated = std::ranges::unique(keys);
    keys.erase(repeated.begin(), repeated.end());
    const auto at = std::ranges::lower_bound(keys, key(venue::index(id)));
    return static_cast<std::uint32_t>(at - keys.begin());
}

OptionContract option_of(const VenueBook& v, venue::ContractId id, double forward) {
    const venue::Terms& t = terms_of(v, id);
    return {.id = venue::index(id),
            .kind = t.form == venue::Form::call ? OptionKind::call : OptionKind::put,
            .strike = v.strike(id),
            .expiry = static_cast<std::int64_t>(t.expiry),
            .forward = forward};
}

RiskGrid grid_of(const UnderlyingDescription& u) {
    RiskGrid out{.scenarios = {}, .shock = u.shock, .stickiness = Stickiness::strike};
    for (const GridScenario& s : moves_of(u))
        out.scenarios.push_back({.move = std::max(s.move / 1e6, -0.99),
                                 .volatility = s.volatility / 1e6,
                                 .weight = s.cover / 1e6});
    return out;
}

/// [USD] of one coin's option today.
double option_usd(const OptionContract& o, const VolatilitySurface& surface) {
    const double years = static_cast<double>(o.expiry - surface.as_of) / seconds_per_year;
    const double volatility = surface_volatility(surface, log_(o.strike / o.forward), years);
    return black76_price({.kind = o.kind, .strike = o.strike, .years = years},
                         {.forward = o.forward, .volatility = volatility, .rate = 0});
}

std::uint32_t roll_of(const UnderlyingDescription& u, std::uint64_t expiry, Time now) {
    if (expiry == 0) return u.roll_min;
    const double years =
        static_cast<double>(expiry - std::min(expiry, seconds(now))) / seconds_per_year;
    const auto charge = static_cast<std::uint32_t>(std::ceil(u.roll_yearly * years));
    return std::min(std::max(charge, u.roll_min), ppm_one);
}

}  // namespace

ArrayMaker::ArrayMaker(const VenueBook& venue) : venue_(&venue) {
    for (const UnderlyingDescription& u : venue.underlyings)
        grids_.push_back(grid_of(u));
}

/// Losses and delta of an option into `out`; false where one does not fit.
bool ArrayMaker::fill_option(venue::ContractId id, const VolatilitySurface& surface,
                             const ContractNow& at, venue::RiskArray& out) {
    const RiskGrid& grid = grids_[venue_->contracts[venue::index(id)].underlying];
    const double lot = venue_->contracts[venue::index(id)].lot();
    const bool in_coins = terms_of(*venue_, id).settled == venue::Settled::coin;
    const OptionProfile profile = profiler_.of(option_of(*venue_, id, at.price), surface, grid);
    std::array<double, venue::grid_max> move{};
    std::array<double, venue::grid_max> loss{};
    const std::size_t n = profile.profits.size();
    for (std::size_t k = 0; k < n; ++k)
        move[k] = grid.scenarios[k].move;
    // What a coin-settled contract is worth moves as collateral does.
    simd::run<LossesUp>(profile.profits.data(), static_cast<const double*>(move.data()),
                        in_coins ? profile.value : 0.0, lot, loss.data(), n);
    for (std::size_t k = 0; k < n; ++k) {
        if (!fits(loss[k])) return false;
        out.values[k] = static_cast<std::int64_t>(loss[k]);
    }
    const double delta = std::floor(profile.delta_value * (lot / unit_usd) + 0.5);
    const auto least = up(lot * at.index * underlying_of(*venue_, id).short_minimum / 1e6);
    if (!(std::fabs(delta) <= static_cast<double>(venue::loss_max)) || !least) return false;
    out.delta = static_cast<std::int64_t>(delta);
    out.short_minimum = *least;
    return true;
}

/// Perpetuals and futures lose what the price moves.
bool ArrayMaker::fill_linear(venue::ContractId id, const ContractNow& at,
                             venue::RiskArray& out) const {
    const double lot = venue_->contracts[venue::index(id)].lot();
    const double usd = terms_of(*venue_, id).is_inverse() ? lot : lot * at.price;
    const auto grid = moves_of(underlying_of(*venue_, id));
    for (std::size_t k = 0; k < grid.size(); ++k) {
        const auto loss = up(-usd * (grid[k].move / 1e6));
        if (!loss) return false;
        out.values[k] = *loss;
    }
    const auto delta = up(usd);
    if (delta) out.delta = *delta;
    return delta.has_value();
}

std::optional<venue::RiskArray> ArrayMaker::array_of(venue::ContractId id,
                                                     const VolatilitySurface& surface,
                                                     const ContractNow& at) {
    const VenueBook& v = *venue_;
    const venue::Terms& t = terms_of(v, id);
    venue::RiskArray out;
    out.as_of = seconds(at.now);
    out.expires = out.as_of + v.array_seconds;
    out.grid = grid_number;
    out.version = at.version;
    out.count = std::tuple_size_v<decltype(moves_of(v.underlyings[0]))>;
    // Rows never change: an array that is there already knows its own.
    const venue::Market& m = v.market();
    const bool is_known = venue::index(id) < m.arrays.size() && m.arrays[venue::index(id)].grid != 0;
    out.expiry = is_known ? m.arrays[venue::index(id)].expiry : expiry_row(v, id);
    out.roll = roll_of(underlying_of(v, id), t.expiry, at.now);
    const bool fits = t.is_option() ? fill_option(id, surface, at, out) : fill_linear(id, at, out);
    return fits ? std::optional(out) : std::nullopt;
}

venue::RiskArray collateral_array_of(const VenueBook& v, AssetId asset, Time now,
                                     std::uint32_t version) {
    const CollateralMove& c = v.collateral[index(asset)];
    const bool follows = c.underlying != CollateralMove::nothing;
    const std::uint32_t range = follows ? v.underlyings[c.underlying].range : 0;
    const auto grid = breakwater_grid(
        static_cast<std::int32_t>(range),
        {.beta = static_cast<std::int32_t>(c.beta), .depeg = static_cast<std::int32_t>(c.depeg)});
    venue::RiskArray out;
    out.as_of = seconds(now);
    out.expires = out.as_of + v.array_seconds;
    out.grid = grid_number;
    out.version = version;
    out.count = grid.size();
    for (std::size_t k = 0; k < grid.size(); ++k)
        out.values[k] = std::max<std::int64_t>(-grid[k].collateral, -std::int64_t{ppm_one});
    return out;
}

std::optional<std::int64_t> option_ticks(const VenueBook& v, venue::ContractId id,
                                         const VolatilitySurface& surface, double forward) {
    const double usd = option_usd(option_of(v, id, forward), surface);
    const bool in_coins = terms_of(v, id).settled == venue::Settled::coin;
    const double price = in_coins ? usd / forward : usd;
    const double ticks = std::floor(price / v.contracts[venue::index(id)].tick() + 0.5);
    if (!(ticks >= 0) || !(ticks < 0x1p62)) return std::nullopt;
    return static_cast<std::int64_t>(ticks);
}

double mark_usd(const VenueBook& v, venue::ContractId id) {
    return static_cast<double>(v.market().contracts[venue::index(id)].mark) *
           v.contracts[venue::index(id)].tick();
}

double delivery_price(const VenueBook& v, venue::ContractId id) {
    const venue::Terms& t = terms_of(v, id);
    if (!t.is_option()) return mark_usd(v, id);
    for (const Forward& f : underlying_of(v, id).forwards)
        if (f.expiry == static_cast<std::int64_t>(t.expiry)) return f.price;
    return 0;
}

bool publish_arrays(VenueBook& v) {
    venue::Market& m = v.market();
    m.arrays.assign(m.terms.size() + m.collaterals.size(), {});
    const Time now = v.book.state.now();
    ArrayMaker maker(v);
    for (const std::uint16_t k : each_number<std::uint16_t>(m.terms.size())) {
        if (m.terms[k].by_arrays == 0) continue;
        const venue::ContractId id{k};
        const UnderlyingDescription& u = underlying_of(v, id);
        const auto array = maker.array_of(
            id, u.surface,
            {.now = now,
             .price = delivery_price(v, id),
             .index = static_cast<double>(v.book.state.feeds[index(u.asset)].point) / 1e8,
             .version = 1});
        if (!array) return false;
        m.arrays[k] = *array;
    }
    for (const std::uint8_t k : each_number<std::uint8_t>(m.collaterals.size()))
        m.arrays[m.array_row(AssetId{k})] = collateral_array_of(v, AssetId{k}, now, 1);
    return true;
}

}  // namespace breakwater
