// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/feed_lines.hpp"

#include <array>

#include "breakwater/io/decimal.hpp"
#include "breakwater/io/json_reader.hpp"

namespace breakwater {
namespace {

constexpr std::array<std::string_view, 3> notices{"none", "announced", "forced"};

/// Each field of a wiring by its name; integers in the units of the record.
template <class Wiring, class Visit>
void each_field(Wiring& w, Visit visit) {
    visit("price_min", w.limits.price_min);
    visit("price_max", w.limits.price_max);
    visit("sources_min", w.limits.sources_min);
    visit("opening_age_max", w.limits.opening_age_max);
    visit("liquidation_age_max", w.limits.liquidation_age_max);
    visit("outlier", w.limits.outlier);
    visit("dispersion", w.limits.dispersion);
    visit("confidence", w.limits.confidence);
    visit("jump", w.limits.jump);
    visit("hard_jump", w.limits.hard_jump);
    visit("grace", w.limits.grace);
    visit("sigma", w.limits.sigma);
    visit("sigma_multiple", w.limits.sigma_multiple);
    visit("slow_rate", w.limits.slow_rate);
    visit("slow_hourly", w.limits.slow_hourly);
    visit("swap_tolerance", w.limits.swap_tolerance);
    visit("future_max", w.limits.future_max);
    visit("confirm_steps", w.limits.confirm_steps);
    visit("agreement", w.limits.agreement);
    visit("stale_max", w.limits.stale_max);
    visit("silence_max", w.limits.silence_max);
    visit("downtime_max", w.limits.downtime_max);
    visit("base", w.base);
    visit("ratio_sources", w.ratio_sources);
    visit("snapshot_at", w.snapshot_at);
    visit("snapshot", w.snapshot.raw);
    visit("growth", w.growth.raw);
    visit("redemption_rate", w.redemption_rate.raw);
    visit("to_redeem", w.to_redeem.raw);
    visit("daily_capacity", w.daily_capacity.raw);
    visit("par", w.par);
    visit("queue_seconds", w.queue_seconds);
    visit("is_unbacked", w.is_unbacked);
    visit("disagreement", w.redemption.disagreement);
    visit("blocking_max", w.redemption.blocking_max);
}

template <class Source, class Visit>
void each_source_field(Source& s, Visit visit) {
    visit("weight", s.weight);
    visit("provider_min", s.provider_min);
    visit("provider_max", s.provider_max);
    visit("deviation", s.deviation);
}

/// Integers of 128 bits are text, as amounts are.
struct Write {
    JsonLine& line;
    void operator()(const char* key, uint128 value) const { line.text(key, format_integer(value)); }
    void operator()(const char* key, std::uint64_t value) const { line.integer(key, value); }
    void operator()(const char* key, std::uint32_t value) const { line.integer(key, value); }
};
struct Read {
    JsonReader& in;
    void operator()(const char* key, uint128& value) const {
        const auto read = parse_integer(in.text(key));
        if (!read) in.fail(quote(key) + " is not an integer", "an integer in quotes");
        value = *read;
    }
    template <class Integer>
    void operator()(const char* key, Integer& value) const {
        value = static_cast<Integer>(in.integer(key, ~Integer{0}));
    }
};

std::string price_text(int128 price) {
    const bool is_negative = price < 0;
    const auto size = static_cast<uint128>(is_negative ? -price : price);
    return (is_negative ? "-" : "") + format_decimal(size, price_decimals);
}

void add_report(JsonLine& line, const feeds::Report& r) {
    line.text("price", price_text(r.price));
    if (r.confidence != 0) line.text("confidence", price_text(r.confidence));
    line.integer("published_at", r.published_at).integer("sequence", r.sequence);
}

int128 read_price(JsonReader& in, std::string_view key) {
    std::string text = in.text(key);
    const bool is_negative = text.starts_with('-');
    if (is_negative) text.erase(0, 1);
    const auto price = parse_decimal(text, price_decimals);
    if (!price || *price >> 127U != 0)
        in.fail(quote(std::string(key)) + " is " + quote(text), "a decimal number in quotes");
    return is_negative ? -static_cast<int128>(*price) : static_cast<int128>(*price);
}

feeds::Report read_report(JsonReader& in) {
    feeds::Report out;
    out.price = read_price(in, "price");
    if (in.has("confidence")) {
        const int128 width = read_price(in, "confidence");
        if (width < 0 || width > int128{price_max}) in.fail("confidence is no width", "a price");
        out.confidence = static_cast<std::uint64_t>(width);
    }
    out.published_at = in.integer("published_at", ~std::uint64_t{0});
    out.sequence = in.integer("sequence", ~std::uint64_t{0});
    return out;
}

template <class Each>
void read_list(JsonReader& in, std::string_view key, Each each) {
    const nlohmann::json& list = in.at(key, "[{...}]");
    if (!list.is_array()) in.fail(quote(std::string(key)) + " is not a list", "[{...}]");
    for (const nlohmann::json& item : list) {
        JsonReader object(item, in.file(), in.line());
        each(object);
        object.finish();
    }
}

template <class List, class Add>
std::string written(const List& list, Add add) {
    std::string out = "[";
    for (const auto& item : list) {
        JsonLine line;
        add(line, item);
        out += (out.size() == 1 ? "" : ",") + line.finish();
    }
    return out + "]";
}

ReportSources read_reports(JsonReader& in, const AssetNamed& asset) {
    ReportSources out;
    read_list(in, "reports", [&](JsonReader& r) {
        out.reports.push_back({.asset = asset(r.text("asset")),
                               .source = static_cast<std::uint8_t>(r.integer("source", 255)),
                               .report = read_report(r)});
    });
    return out;
}

SetFeed read_feed(JsonReader& in, const AssetNamed& asset) {
    SetFeed out;
    out.asset = asset(in.text("asset"));
    read_list(in, "sources", [&](JsonReader& r) {
        feeds::Source source;
        each_source_field(source, Read{r});
        out.sources.push_back(source);
        out.reports.push_back(read_report(r));
    });
    out.wiring.sources = out.sources.size();
    if (!out.sources.empty()) {
        JsonReader wiring(in.at("wiring", "{...}"), in.file(), in.line());
        each_field(out.wiring, Read{wiring});
        out.wiring.limits.quiet = static_cast<std::uint32_t>(
            wiring.integer_or("quiet", ~std::uint32_t{0}, out.wiring.limits.quiet));
        wiring.finish();
    }
    out.notice = read_notice(in);
    return out;
}

GuardRow read_guard(JsonReader& in) {
    GuardRow out;
    out.is_on = in.flag("on") ? 1 : 0;
    out.valuation_move_max = in.integer_or("valuation_move_max", bps_one, out.valuation_move_max);
    out.notice_seconds = in.integer_or("notice_seconds", ~std::uint32_t{0}, out.notice_seconds);
    return out;
}

}  // namespace

std::string_view native_name(const ReportSources&) {
    return "report_sources";
}
std::string_view native_name(const SetFeed&) {
    return "set_feed";
}
std::string_view native_name(const DirectFeed&) {
    return "direct_feed";
}
std::string_view native_name(const SetGuard&) {
    return "set_guard";
}
std::string_view native_name(const Marked&) {
    return "marked";
}
std::string_view native_name(const ReportRefused&) {
    return "report_refused";
}
std::string_view native_name(const NoticeGiven&) {
    return "notice_given";
}

void add_native(const Book& book, JsonLine& line, const ReportSources& e) {
    line.raw("reports", written(e.reports, [&](JsonLine& out, const SourceReport& r) {
                 out.text("asset", book.assets[index(r.asset)].symbol).integer("source", r.source);
                 add_report(out, r.report);
             }));
}

void add_native(const Book& book, JsonLine& line, const SetFeed& e) {
    line.text("asset", book.assets[index(e.asset)].symbol);
    std::size_t i = 0;
    line.raw("sources", written(e.sources, [&](JsonLine& out, const feeds::Source& s) {
                 each_source_field(s, Write{out});
                 add_report(out, e.reports[i++]);
             }));
    if (!e.sources.empty()) {
        JsonLine wiring;
        each_field(e.wiring, Write{wiring});
        if (e.wiring.limits.quiet != 0) wiring.integer("quiet", e.wiring.limits.quiet);
        line.raw("wiring", wiring.finish());
    }
    add_notice(line, e.notice);
}

void add_native(const Book& book, JsonLine& line, const DirectFeed& e) {
    line.text("asset", book.assets[index(e.asset)].symbol);
    line.flag("alarmed", e.is_alarmed).flag("ordered", e.is_ordered).flag("backed", e.is_backed);
}

void add_native(const Book& /*book*/, JsonLine& line, const SetGuard& e) {
    line.flag("on", e.guard.is_on != 0)
        .integer("valuation_move_max", e.guard.valuation_move_max)
        .integer("notice_seconds", e.guard.notice_seconds);
}

void add_native(const Book& book, JsonLine& line, const Marked& e) {
    line.text("asset", book.assets[index(e.asset)].symbol);
    line.text("point", format_decimal(e.mark.point.raw, price_decimals));
    line.text("lo", format_decimal(e.mark.lo.raw, price_decimals));
    line.text("hi", format_decimal(e.mark.hi.raw, price_decimals));
    line.text("slow", format_decimal(e.mark.slow.raw, price_decimals));
    line.text("trust", feeds::name(feeds::machine_trust(e.mark.trust)));
    line.integer("age", e.age).integer("live", e.live);
}

void add_native(const Book& book, JsonLine& line, const ReportRefused& e) {
    line.text("asset", book.assets[index(e.asset)].symbol).integer("source", e.source);
    line.text("refusal", feeds::name(e.refusal));
}

void add_native(const Book& /*book*/, JsonLine& line, const NoticeGiven& e) {
    line.integer("row", e.row).text("fingerprint", format_integer(e.fingerprint));
}

void add_notice(JsonLine& line, Notice notice) {
    if (notice != Notice::none) line.text("notice", notices[static_cast<std::size_t>(notice)]);
}

Notice read_notice(JsonReader& in) {
    const std::string word = in.text_or("notice", "none");
    for (std::size_t i = 0; i < notices.size(); ++i)
        if (notices[i] == word) return static_cast<Notice>(i);
    in.fail("notice is " + quote(word), "none, announced or forced");
}

std::optional<Action> read_feed_event(std::string_view name, JsonReader& in,
                                      const AssetNamed& asset) {
    if (name == "report_sources") return read_reports(in, asset);
    if (name == "set_feed") return read_feed(in, asset);
    if (name == "set_guard") return SetGuard{read_guard(in)};
    if (name == "direct_feed")
        return DirectFeed{.asset = asset(in.text("asset")),
                          .is_alarmed = in.flag("alarmed"),
                          .is_ordered = in.flag("ordered"),
                          .is_backed = in.flag("backed")};
    return std::nullopt;
}

}  // namespace breakwater
