// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/feed_section.hpp"

#include <array>

#include "breakwater/io/decimal.hpp"
#include "breakwater/io/time_text.hpp"

namespace breakwater {
namespace {

constexpr std::array<std::string_view, 4> tiers{"major", "liquid", "long_tail", "pegged"};

FeedParameters read_reporting(TomlReader& table) {
    FeedParameters out;
    out.deviation = table.number("deviation", 0, bps_one);
    out.heartbeat = table.number("heartbeat", 1, 1e9);
    out.latency = table.number("latency", 0, 1e6);
    return out;
}

std::uint64_t read_bound(TomlReader& table, const char* key, std::uint64_t fallback) {
    const auto bound = table.decimal_if(key, price_decimals);
    if (!bound) return fallback;
    if (*bound > price_max) table.fail(key, "is too large", "less than 9.2e10 USD a token");
    return static_cast<std::uint64_t>(*bound);
}

SourceDescription read_source(TomlReader& table, const AssetDescription& asset) {
    SourceDescription out;
    out.name = table.text("name");
    out.weight = table.integer_or("weight", 1, 0xffff'ffff, 1);
    out.reporting = read_reporting(table);
    out.spread = table.number_or("spread", -1'000, 1'000, 0) / bps_one;
    out.is_ratio = table.flag_or("ratio", false);
    if (out.is_ratio && asset.peg.empty())
        table.fail("ratio", "is set", "it on an asset of kind pegged, whose peg is the base");
    out.provider_min = read_bound(table, "provider_min", out.provider_min);
    out.provider_max = read_bound(table, "provider_max", out.provider_max);
    table.finish();
    return out;
}

/// Limits by tier, stretched to how often the sources speak; each of the ages may be set.
feeds::Limits read_limits(TomlReader& table) {
    feeds::Limits out = feeds::limits_of(static_cast<feeds::Tier>(table.word("tier", tiers)));
    out = feeds::at_cadence(out,
                            static_cast<std::uint32_t>(table.integer_or("cadence", 1, 86'400, 1)));
    const auto set = [&table](const char* key, std::uint32_t& limit, std::uint64_t most) {
        limit = static_cast<std::uint32_t>(table.integer_or(key, 1, most, limit));
    };
    set("opening_age", out.opening_age_max, 604'800);
    set("liquidation_age", out.liquidation_age_max, 604'800);
    set("sources_min", out.sources_min, feeds::sources_max);
    out.quiet = static_cast<std::uint32_t>(table.integer_or("quiet", 0, 604'800, out.quiet));
    out.price_min = read_bound(table, "price_min", out.price_min);
    out.price_max = read_bound(table, "price_max", out.price_max);
    if (out.opening_age_max > out.liquidation_age_max)
        table.fail("opening_age", "is above liquidation_age", "a tighter limit for opening");
    return out;
}

void read_ratio_cap(TomlReader& table, feeds::Wiring& wiring) {
    if (!table.has("ratio_cap")) return;
    wiring.snapshot = {table.decimal("ratio_cap", 18)};
    wiring.growth = {table.decimal_if("ratio_growth", 18).value_or(0)};
    wiring.snapshot_at = seconds(table.time("ratio_cap_at"));
}

bool is_default(const FeedParameters& f) {
    constexpr FeedParameters standard{};
    return f.deviation == standard.deviation && f.heartbeat == standard.heartbeat &&
           f.latency == standard.latency;
}

void write_reporting(TomlText& out, const FeedParameters& f) {
    out.number("deviation", f.deviation);
    out.number("heartbeat", f.heartbeat);
    out.number("latency", f.latency);
}

/// Limits are written as the tier and cadence that they come from, with every age that a market may set itself.
void write_limits(TomlText& out, const feeds::Limits& l) {
    std::size_t tier = 0;
    while (tier + 1 < tiers.size() && feeds::limits_of(static_cast<feeds::Tier>(tier)).jump != l.jump)
        ++tier;
    const feeds::Limits standard = feeds::limits_of(static_cast<feeds::Tier>(tier));
    out.quoted("tier", tiers[tier]);
    // Shorter cadences stretch nothing but the two ages below.
    if (l.downtime_max > standard.downtime_max) out.integer("cadence", l.downtime_max / 2);
    out.integer("opening_age", l.opening_age_max);
    out.integer("liquidation_age", l.liquidation_age_max);
    out.integer("sources_min", l.sources_min);
    if (l.quiet != 0) out.integer("quiet", l.quiet);
    if (l.price_min != 0) out.quoted("price_min", format_decimal(l.price_min, 8));
    if (l.price_max != price_max) out.quoted("price_max", format_decimal(l.price_max, 8));
}

}  // namespace

void read_feed(TomlReader table, AssetDescription& asset) {
    asset.feed = read_reporting(table);
    for (TomlReader& source : table.tables("source", "[[asset.feed.source]]"))
        asset.sources.push_back(read_source(source, asset));
    if (!asset.sources.empty()) {
        asset.wiring.limits = read_limits(table);
        read_ratio_cap(table, asset.wiring);
    }
    if (asset.sources.size() > feeds::sources_max)
        table.fail("source", "occurs too often", "at most 16 sources");
    table.finish();
}

void write_feed(TomlText& out, const AssetDescription& d) {
    if (is_default(d.feed) && d.sources.empty()) return;
    out.raw("[asset.feed]\n");
    write_reporting(out, d.feed);
    if (d.sources.empty()) return;
    write_limits(out, d.wiring.limits);
    if (!d.wiring.snapshot.is_zero()) {
        out.quoted("ratio_cap", format_decimal(d.wiring.snapshot.raw, 18));
        out.quoted("ratio_growth", format_decimal(d.wiring.growth.raw, 18));
        out.line("ratio_cap_at", format_utc(static_cast<std::int64_t>(d.wiring.snapshot_at)));
    }
    constexpr feeds::Source open_source{};
    for (const SourceDescription& s : d.sources) {
        out.raw("[[asset.feed.source]]\n");
        out.quoted("name", s.name);
        out.integer("weight", s.weight);
        write_reporting(out, s.reporting);
        if (s.spread != 0) out.number("spread", s.spread * bps_one);
        if (s.is_ratio) out.flag("ratio", true);
        if (s.provider_min != 0) out.quoted("provider_min", format_decimal(s.provider_min, 8));
        if (s.provider_max != open_source.provider_max)
            out.quoted("provider_max", format_decimal(s.provider_max, 8));
    }
}

}  // namespace breakwater
