// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/feeds/median.hpp"

#include <algorithm>

#include "breakwater/core/require.hpp"

namespace breakwater::feeds {
namespace {

// 34 % = 17 / 50.
constexpr std::uint64_t cap_part = 17;
constexpr std::uint64_t cap_whole = 50;

std::uint64_t total_of(std::span<const Quote> quotes) {
    std::uint64_t total = 0;
    for (const Quote& q : quotes)
        total += q.weight;
    return total;
}

/// The live sources' quotes with capped weights, and what is left of them for later questions.
struct Table {
    std::array<Quote, sources_max> quotes;
    std::array<Quote, sources_max> scratch;
    std::size_t size = 0;

    std::span<Quote> all() { return {quotes.data(), size}; }
};

/// Weighted median of the distances from `mid`.
std::uint64_t median_distance(Table& table, std::uint64_t mid) {
    for (std::size_t i = 0; i < table.size; ++i)
        table.scratch[i] = {distance(table.quotes[i].price, mid), table.quotes[i].weight};
    return weighted_median_down({table.scratch.data(), table.size});
}

void look_at_outliers(Observation& out, Table& table, std::uint64_t reach) {
    out.outlier_lo = out.mid;
    out.outlier_hi = out.mid;
    std::uint64_t excluded = 0;
    for (const Quote& q : table.all()) {
        if (distance(q.price, out.mid) <= reach) {
            ++out.agreeing;
            continue;
        }
        excluded += q.weight;
        out.outlier_lo = std::min(out.outlier_lo, q.price);
        out.outlier_hi = std::max(out.outlier_hi, q.price);
    }
    out.is_split = uint128{excluded} * cap_whole > uint128{total_of(table.all())} * cap_part;
}

/// Age and confidence of those that agree.
void look_at_agreeing(Observation& out, std::span<const Source> sources,
                      std::span<const SourceRow> rows, const Limits& limits, std::uint64_t reach,
                      Time now) {
    std::array<std::uint64_t, sources_max> ages{};
    std::array<Quote, sources_max> widths;
    std::size_t n = 0;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        if (!is_live(sources[i], rows[i], limits, now)) continue;
        // Two sources that are far apart leave a point that is nobody's: then all of them tell its age.
        if (out.agreeing != 0 && distance(rows[i].price, out.mid) > reach) continue;
        ages[n] = age_of(rows[i].published_at, now);
        widths[n++] = {rows[i].confidence, sources[i].weight};
    }
    const std::size_t nth = std::min<std::size_t>(sources_needed(limits, out.configured), n) - 1;
    std::ranges::sort(ages.begin(), ages.begin() + n);
    out.age = ages[nth];
    cap_weights({widths.data(), n});
    out.confidence = weighted_median_down({widths.data(), n});
}

}  // namespace

void cap_weights(std::span<Quote> quotes) {
    if (quotes.size() < 3) return;
    std::ranges::sort(quotes, std::ranges::greater{}, &Quote::weight);
    REQUIRE(quotes.back().weight != 0);
    std::uint64_t rest = total_of(quotes);
    // At most two: with two capped the others share 32 %.
    std::size_t capped = 0;
    while ((cap_whole - cap_part * capped) * quotes[capped].weight > cap_part * rest) {
        rest -= quotes[capped++].weight;
    }
    for (std::size_t i = 0; i < quotes.size(); ++i)
        quotes[i].weight =
            i < capped ? cap_part * rest : (cap_whole - cap_part * capped) * quotes[i].weight;
}

std::uint64_t weighted_median_down(std::span<Quote> quotes) {
    REQUIRE(!quotes.empty());
    std::ranges::sort(quotes, {}, &Quote::price);
    const std::uint64_t total = total_of(quotes);
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < quotes.size(); ++i) {
        below += quotes[i].weight;
        if (2 * below < total) continue;
        const std::uint64_t lower = quotes[i].price;
        // Exactly half on each side: the next price that has weight is the upper median.
        const bool is_tie = 2 * below == total && i + 1 < quotes.size();
        return lower + (is_tie ? (quotes[i + 1].price - lower) / 2 : 0);
    }
    return quotes.back().price;
}

Observation observe(std::span<const Source> sources, std::span<const SourceRow> rows,
                    const Limits& limits, Time now) {
    REQUIRE(sources.size() == rows.size());
    REQUIRE(sources.size() <= sources_max);
    Observation out;
    Table table;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        if (sources[i].weight == 0) continue;
        ++out.configured;
        const bool on_bound =
            rows[i].bound_at != 0 && age_of(rows[i].bound_at, now) <= limits.liquidation_age_max;
        if (on_bound) ++out.on_bound;
        if (!is_live(sources[i], rows[i], limits, now)) continue;
        table.quotes[table.size++] = {rows[i].price, sources[i].weight};
        out.deviation = std::max(out.deviation, sources[i].deviation);
    }
    out.live = static_cast<std::uint32_t>(table.size);
    if (table.size == 0) return out;
    cap_weights(table.all());
    out.mid = weighted_median_down(table.all());
    // Cannot overflow: a distance is below 2^63.
    const uint128 spread = (uint128{median_distance(table, out.mid)} * 296 + 99) / 100;
    out.dispersion = static_cast<std::uint64_t>(std::min(spread, uint128{price_max}));
    const std::uint64_t reach = share_up(out.mid, limits.outlier);
    look_at_outliers(out, table, reach);
    look_at_agreeing(out, sources, rows, limits, reach, now);
    return out;
}

}  // namespace breakwater::feeds
