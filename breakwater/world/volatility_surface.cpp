// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/volatility_surface.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <ranges>

#include "breakwater/world/svi_fit.hpp"

namespace breakwater {
namespace {

constexpr double seconds_per_hour = 3600.0;

const Smile* smile_of(const VolatilitySurface* surface, std::int64_t expiry) {
    if (surface == nullptr) return nullptr;
    const auto at = std::ranges::find(surface->smiles, expiry, &Smile::expiry);
    return at == surface->smiles.end() ? nullptr : &*at;
}

/// The last fit with the variance of the time that is left and a higher volatility for its age, at
/// most what `later` allows. nullopt where it is too old or would be no smile any more.
std::optional<Smile> aged(const VolatilitySurface& last, const Smile& old, const ExpiryQuotes& e,
                          std::int64_t as_of, const Smile* later, const LadderRules& rules) {
    const std::int64_t age = as_of - old.fitted;
    if (age < 0 || age > rules.age_max) return std::nullopt;
    // An aged smile of `last` carries the add-on up to then.
    const double hours = static_cast<double>(as_of - last.as_of) / seconds_per_hour;
    const double addon = 1.0 + rules.age_addon * hours;
    double factor = e.years / old.years * addon * addon;
    if (later != nullptr) {
        const Wings wings = svi_wings(old.svi);
        const Wings limit = svi_wings(later->svi);
        factor = std::min({factor, limit.left / wings.left, limit.right / wings.right});
        const double gap = least_calendar_gap(svi_scaled(old.svi, factor), later->svi).value;
        if (gap < 0.0) factor /= 1.0 - gap;
        factor *= 1.0 - 1e-12;  // Rounding must not leave it a bit above.
    }
    const Smile out{.expiry = e.expiry,
                    .years = e.years,
                    .svi = svi_scaled(old.svi, factor),
                    .fitted = old.fitted};
    const bool is_ordered = later == nullptr || is_free_of_calendars(out.svi, later->svi);
    return is_ordered && is_free_of_butterflies(out.svi) ? std::optional(out) : std::nullopt;
}

double highest_at_the_money(const VolatilitySurface* surface) {
    double out = 0.0;
    if (surface == nullptr) return out;
    for (const Smile& s : surface->smiles)
        out = std::max(out, std::sqrt(svi_total_variance(s.svi, 0.0) / s.years));
    return out;
}

Variance mixed(const Variance& x, const Variance& y, double share) {
    return {.w = x.w + share * (y.w - x.w),
            .first = x.first + share * (y.first - x.first),
            .second = x.second + share * (y.second - x.second)};
}

}  // namespace

const char* name(SmileSource source) {
    constexpr std::array names{"fresh", "aged", "neighbours", "stressed"};
    return names[static_cast<std::size_t>(source)];
}

std::array<std::uint64_t, smile_sources> VolatilitySurface::counts() const {
    std::array<std::uint64_t, smile_sources> out{};
    for (const ExpirySource& e : listed)
        ++out[static_cast<std::size_t>(e.source)];
    return out;
}

VolatilitySurface fit_surface(std::span<const ExpiryQuotes> expiries, std::int64_t as_of,
                              const VolatilitySurface* last, const LadderRules& rules) {
    VolatilitySurface out{.as_of = as_of, .smiles = {}, .listed = {}, .stressed_volatility = 0.0};
    std::optional<Smile> later;
    for (const ExpiryQuotes& e : std::views::reverse(expiries)) {
        const Smile* bound = later ? &*later : nullptr;
        ExpirySource source{.expiry = e.expiry, .years = e.years, .source = SmileSource::fresh};
        std::optional<Smile> smile;
        if (const auto svi = fit_svi(e.quotes, e.years, bound ? &bound->svi : nullptr))
            smile = Smile{.expiry = e.expiry, .years = e.years, .svi = *svi, .fitted = as_of};
        if (const Smile* old = smile_of(last, e.expiry); !smile && old != nullptr) {
            smile = aged(*last, *old, e, as_of, bound, rules);
            source.source = SmileSource::aged;
        }
        if (!smile) source.source = later ? SmileSource::neighbours : SmileSource::stressed;
        if (smile) {
            out.smiles.push_back(*smile);
            later = smile;
        }
        out.listed.push_back(source);
    }
    std::ranges::reverse(out.smiles);
    std::ranges::reverse(out.listed);
    const double highest = std::max(highest_at_the_money(&out), highest_at_the_money(last));
    out.stressed_volatility = std::max(rules.stressed_multiple * highest, rules.stressed_min);
    return out;
}

Variance surface_variance(const VolatilitySurface& surface, double k, double years) {
    const auto next = std::ranges::lower_bound(surface.smiles, years, {}, &Smile::years);
    if (next == surface.smiles.end()) {
        const Variance flat{.w = surface.stressed_volatility * surface.stressed_volatility * years,
                            .first = 0.0,
                            .second = 0.0};
        if (surface.smiles.empty()) return flat;
        const Smile& end = surface.smiles.back();
        const Variance wider = svi_variance(svi_scaled(end.svi, years / end.years), k);
        return wider.w > flat.w ? wider : flat;
    }
    const Variance after = svi_variance(next->svi, k);
    if (next == surface.smiles.begin())
        return mixed({.w = 0.0, .first = 0.0, .second = 0.0}, after, years / next->years);
    const Smile& before = *std::prev(next);
    return mixed(svi_variance(before.svi, k), after,
                 (years - before.years) / (next->years - before.years));
}

double surface_volatility(const VolatilitySurface& surface, double k, double years) {
    return years > 0.0 ? std::sqrt(surface_variance(surface, k, years).w / years) : 0.0;
}

NearestInTime least_durrleman(const VolatilitySurface& surface) {
    NearestInTime out{.nearest = {.value = std::numeric_limits<double>::infinity(), .k = 0.0},
                      .years = 0.0};
    constexpr int parts = 5;
    const Smile* before = nullptr;
    for (const Smile& s : surface.smiles) {
        std::vector<double> grid = svi_grid(s.svi, dense_points);
        if (before != nullptr) {
            const auto more = svi_grid(before->svi, dense_points);
            grid.insert(grid.end(), more.begin(), more.end());
        }
        for (int i = before == nullptr ? parts : 1; i <= parts; ++i) {
            const double start = before == nullptr ? 0.0 : before->years;
            const double years = i == parts ? s.years : start + (s.years - start) * i / parts;
            for (const double k : grid) {
                const double g = durrleman(k, surface_variance(surface, k, years));
                if (!(g >= out.nearest.value))
                    out = {.nearest = {.value = g, .k = k}, .years = years};
            }
        }
        before = &s;
    }
    return out;
}

NearestInTime least_calendar_gap(const VolatilitySurface& surface) {
    NearestInTime out{.nearest = {.value = std::numeric_limits<double>::infinity(), .k = 0.0},
                      .years = 0.0};
    for (std::size_t i = 1; i < surface.smiles.size(); ++i) {
        const Nearest gap = least_calendar_gap(surface.smiles[i - 1].svi, surface.smiles[i].svi);
        if (!(gap.value >= out.nearest.value)) out = {.nearest = gap, .years = surface.smiles[i].years};
    }
    return out;
}

}  // namespace breakwater
