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

/// Few quotes: put in place one by one. Equal keys keep their order.
template <class Before>
void put_in_order(std::span<Quote> quotes, Before before) {
    for (std::size_t i = 1; i < quotes.size(); ++i) {
        const Quote moved = quotes[i];
        std::size_t at = i;
        for (; at > 0 && before(moved, quotes[at - 1]); --at)
            quotes[at] = quotes[at - 1];
        quotes[at] = moved;
    }
}

using Quotes = std::array<Quote, sources_max>;

/// Weighted median of the distances from `mid`.
std::uint64_t median_distance(std::span<const Quote> quotes, std::uint64_t mid) {
    Quotes distances;
    for (std::size_t i = 0; i < quotes.size(); ++i)
        distances[i] = {distance(quotes[i].price, mid), quotes[i].weight};
    return weighted_median_down({distances.data(), quotes.size()});
}

void look_at_outliers(Observation& out, std::span<const Quote> quotes, std::uint64_t reach) {
    out.outlier_lo = out.mid;
    out.outlier_hi = out.mid;
    std::uint64_t excluded = 0;
    for (const Quote& q : quotes) {
        if (distance(q.price, out.mid) <= reach) {
            ++out.agreeing;
            continue;
        }
        excluded += q.weight;
        out.outlier_lo = std::min(out.outlier_lo, q.price);
        out.outlier_hi = std::max(out.outlier_hi, q.price);
    }
    out.is_split = uint128{excluded} * cap_whole > uint128{total_of(quotes)} * cap_part;
}

/// Age and confidence of those that agree.
void look_at_agreeing(Observation& out, const Voices& voices, const Limits& limits,
                      std::uint64_t reach, Time now) {
    std::array<std::uint64_t, sources_max> ages;  // NOLINT(*-member-init): the first n are set
    Quotes widths;
    std::size_t n = 0;
    std::uint64_t widest = 0;
    for (const Voice& v : voices.all()) {
        // Two sources that are far apart leave a point that is nobody's: then all of them tell its age.
        if (out.agreeing != 0 && distance(v.price, out.mid) > reach) continue;
        const std::uint64_t age = age_of(v.published_at, now);
        std::size_t at = n;
        for (; at > 0 && age < ages[at - 1]; --at)
            ages[at] = ages[at - 1];
        ages[at] = age;
        widest = std::max(widest, v.confidence);
        widths[n++] = {v.confidence, v.weight};
    }
    const std::size_t nth = std::min<std::size_t>(sources_needed(limits, out.configured), n) - 1;
    out.age = ages[nth];
    if (widest == 0) return;  // so is their median
    cap_weights({widths.data(), n});
    out.confidence = weighted_median_down({widths.data(), n});
}

}  // namespace

void cap_weights(std::span<Quote> quotes) {
    if (quotes.size() < 3) return;
    put_in_order(quotes, [](const Quote& a, const Quote& b) { return a.weight > b.weight; });
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
    put_in_order(quotes, [](const Quote& a, const Quote& b) { return a.price < b.price; });
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

void Voices::hear(const Source& source, const SourceRow& row, const Limits& limits, Time now) {
    if (source.weight == 0) return;
    ++configured;
    if (row.bound_at != 0 && age_of(row.bound_at, now) <= limits.liquidation_age_max) ++on_bound;
    if (!is_live(source, row, limits, now)) return;
    said[live++] = {.price = row.price,
                    .weight = source.weight,
                    .confidence = row.confidence,
                    .published_at = row.published_at,
                    .deviation = source.deviation};
}

Observation observe(const Voices& voices, const Limits& limits, Time now) {
    Observation out;
    out.configured = voices.configured;
    out.on_bound = voices.on_bound;
    out.live = voices.live;
    if (voices.live == 0) return out;
    Quotes table;
    std::size_t n = 0;
    out.oldest_at = ~std::uint64_t{0};
    for (const Voice& v : voices.all()) {
        table[n++] = {v.price, v.weight};
        out.deviation = std::max(out.deviation, v.deviation);
        out.oldest_at = std::min(out.oldest_at, v.published_at);
    }
    const std::span<Quote> quotes(table.data(), n);
    cap_weights(quotes);
    out.mid = weighted_median_down(quotes);
    // Cannot overflow: a distance is below 2^63.
    const uint128 spread = (uint128{median_distance(quotes, out.mid)} * 296 + 99) / 100;
    out.dispersion = static_cast<std::uint64_t>(std::min(spread, uint128{price_max}));
    const std::uint64_t reach = share_up(out.mid, limits.outlier);
    look_at_outliers(out, quotes, reach);
    look_at_agreeing(out, voices, limits, reach, now);
    return out;
}

Observation observe(std::span<const Source> sources, std::span<const SourceRow> rows,
                    const Limits& limits, Time now) {
    REQUIRE(sources.size() == rows.size());
    REQUIRE(sources.size() <= sources_max);
    Voices voices;
    for (std::size_t i = 0; i < sources.size(); ++i)
        voices.hear(sources[i], rows[i], limits, now);
    return observe(voices, limits, now);
}

}  // namespace breakwater::feeds
