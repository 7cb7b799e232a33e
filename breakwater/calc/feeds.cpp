// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// The two feeds by name: what many sources say, how far it is open, and what it means for an account.

#include <array>

#include "breakwater/calc/exact.hpp"
#include "breakwater/calc/families.hpp"
#include "breakwater/core/feeds/correlated.hpp"
#include "breakwater/core/feeds/guard.hpp"
#include "breakwater/core/feeds/median.hpp"

namespace breakwater::calc {
namespace {

using nlohmann::json;

constexpr uint128 weight_max = ~std::uint32_t{0};

std::uint64_t price_of(Input& in, std::string_view key) {
    return static_cast<std::uint64_t>(natural_above_zero(in, key, price_max - 1));
}
std::uint64_t width_or_zero(Input& in, std::string_view key) {
    return static_cast<std::uint64_t>(in.natural_or(key, 0, price_max));
}
std::uint32_t number_of(Input& in, std::string_view key, uint128 max) {
    return static_cast<std::uint32_t>(in.natural(key, max));
}

json run_weighted_median(Input& in) {
    std::vector<feeds::Quote> quotes;
    for (Input& q : in.objects("sources"))
        quotes.push_back({price_of(q, "price"),
                          static_cast<std::uint64_t>(natural_above_zero(q, "weight", weight_max))});
    if (quotes.empty() || quotes.size() > feeds::sources_max)
        in.fail("sources", "has " + std::to_string(quotes.size()) + " entries",
                "1 to " + std::to_string(feeds::sources_max));
    feeds::cap_weights(quotes);
    const std::uint64_t mid = feeds::weighted_median_down(quotes);
    json capped = json::array();
    for (const feeds::Quote& q : quotes)
        capped.push_back(
            {{"price", decimal(uint128{q.price})}, {"weight", decimal(uint128{q.weight})}});
    return {
        {"mid", decimal(uint128{mid})}, {"capped", capped}, {"single_source", quotes.size() < 3}};
}

json run_band(Input& in) {
    feeds::Limits limits;
    limits.sigma = number_of(in, "sigma", 1'000'000'000);
    const feeds::Doubt doubt{
        .confidence = width_or_zero(in, "confidence"),
        .dispersion = width_or_zero(in, "dispersion"),
        .deviation = static_cast<std::uint64_t>(in.natural_or("deviation", 0, bps_one)),
        .age = seconds_of(in, "age")};
    const feeds::Band band = feeds::band_of(price_of(in, "mid"), doubt, limits);
    return {{"lo", decimal(uint128{band.lo})}, {"hi", decimal(uint128{band.hi})}};
}

json run_slow_price(Input& in) {
    feeds::Limits limits;
    limits.slow_rate = number_of(in, "rate", bps_one);
    limits.slow_hourly = number_of(in, "hourly", bps_one);
    const auto begun = feeds::follow_slowly({}, price_of(in, "slow"), limits, Time{0});
    const auto row =
        feeds::follow_slowly(begun, price_of(in, "mid"), limits, Time{seconds_of(in, "seconds")});
    return {{"slow", decimal(uint128{feeds::slow_price_down(row)})}};
}

json run_ratio_cap(Input& in) {
    Checked math;
    const feeds::RatioCap cap{.snapshot = {in.natural("snapshot")},
                              .growth = {in.natural("growth")}};
    const auto out =
        feeds::cap_ratio_up(math, {in.natural("reported")}, cap, Time{seconds_of(in, "seconds")});
    refuse_overflow(in, math);
    return {{"ratio", decimal(out.ratio.raw)}, {"binds", out.binds}};
}

json run_redemption_value(Input& in) {
    Checked math;
    const feeds::Redemption redemption{.par = price_of(in, "par"),
                                       .rate = {in.natural("rate")},
                                       .queue_seconds = seconds_of(in, "queue_seconds"),
                                       .to_redeem = {in.natural("to_redeem")},
                                       .daily_capacity = {in.natural("daily_capacity")},
                                       .is_backed = in.flag("is_backed")};
    const std::uint64_t value = feeds::redemption_value_down(math, redemption);
    refuse_overflow(in, math);
    return {{"value", decimal(uint128{value})}, {"admitted", value != 0}};
}

json run_opening_value(Input& in) {
    Checked math;
    const bool is_collateral = in.choice("side", {"collateral", "debt"}) == 0;
    const feeds::Mark mark{.point = {},
                           .lo = {price_of(in, "lo")},
                           .hi = {price_of(in, "hi")},
                           .slow = {price_of(in, "slow")}};
    const Price price = feeds::opening_price(mark, is_collateral ? Side::collateral : Side::debt);
    const uint128 amount = in.natural("amount");
    const auto decimals = static_cast<unsigned>(in.natural("decimals", 27));
    const uint128 value = is_collateral ? math.mul_div_unit_down(amount, price.raw, decimals)
                                        : math.mul_div_unit_up(amount, price.raw, decimals);
    refuse_overflow(in, math);
    return {{"price", decimal(price.raw)}, {"value", decimal(value)}};
}

feeds::Limits limits_named(Input& in) {
    return feeds::limits_of(
        static_cast<feeds::Tier>(in.choice("tier", {"major", "liquid", "long_tail", "pegged"})));
}

json run_exclusion(Input& in) {
    feeds::Voices voices;
    for (Input& s : in.objects("sources")) {
        if (voices.live == feeds::sources_max)
            in.fail("sources", "has more than 16 entries", "1 to 16");
        voices.said[voices.live++] = {
            .price = price_of(s, "price"),
            .weight = static_cast<std::uint64_t>(natural_above_zero(s, "weight", weight_max)),
            .confidence = width_or_zero(s, "confidence"),
            .published_at = 0,
            .deviation = 0};
    }
    if (voices.live == 0) in.fail("sources", "has 0 entries", "1 to 16");
    voices.configured = voices.live;
    const feeds::Observation seen = feeds::observe(voices, limits_named(in), Time{0});
    return {{"mid", decimal(uint128{seen.mid})},
            {"agreeing", decimal(uint128{seen.agreeing})},
            {"excluded", decimal(uint128{seen.live - seen.agreeing})},
            {"confidence", decimal(uint128{seen.confidence})},
            {"dispersion", decimal(uint128{seen.dispersion})},
            {"band_takes_them_in", seen.is_split}};
}

json run_permissions(Input& in) {
    const auto trust = static_cast<feeds::Trust>(
        in.choice("trust", {"normal", "confirm", "uncertain", "recovering", "stale", "halt_new"}));
    constexpr std::array<const char*, 3> liquidations{"none", "certain_insolvency", "certain"};
    const feeds::Permissions may =
        feeds::permitted(trust, seconds_of(in, "age"), limits_named(in));
    return {{"opening", may.opening},
            {"repaying", may.repaying},
            {"liquidations", liquidations[static_cast<std::size_t>(may.liquidations)]}};
}

constexpr std::array<Function, 8> table{{
    {.name = "feeds.weighted_median",
     .summary = "What many sources say, none with more than 34 % of the weight",
     .units = "price, mid: 1e-8 USD; weight: any scale",
     .source = "FEEDS-012, FEEDS-013",
     .run = run_weighted_median},
    {.name = "feeds.exclusion",
     .summary = "Who agrees with the median, and what those who do not leave open",
     .units = "price, confidence, mid, dispersion: 1e-8 USD; weight: any scale",
     .source = "FEEDS-013, FEEDS-014, FEEDS-024",
     .run = run_exclusion},
    {.name = "feeds.permissions",
     .summary = "What a state of trust and the age of a price allow",
     .units = "age: s; liquidations: none, certain_insolvency, certain",
     .source = "FEEDS-018, FEEDS-022, FEEDS-024",
     .run = run_permissions},
    {.name = "feeds.band",
     .summary = "The prices that confidence, dispersion, deviation, age and volatility leave open",
     .units = "mid, confidence, dispersion, lo, hi: 1e-8 USD; deviation: bps; age: s; sigma: 1e-9 "
              "a minute",
     .source = "FEEDS-015",
     .run = run_band},
    {.name = "feeds.slow_price",
     .summary = "The rate-limited price after some seconds, from a price that had stood still",
     .units = "slow, mid: 1e-8 USD; seconds: s; rate: bps/s; hourly: bps",
     .source = "FEEDS-016",
     .run = run_slow_price},
    {.name = "feeds.ratio_cap",
     .summary = "The ratio of a staked or wrapped asset under a cap that grows",
     .units = "reported, snapshot, ratio: wad; growth: wad a year; seconds: s",
     .source = "FEEDS-019",
     .run = run_ratio_cap},
    {.name = "feeds.redemption_value",
     .summary = "Par discounted over the queue that the proven capacity allows",
     .units = "par, value: 1e-8 USD; rate: wad a year; queue_seconds: s; to_redeem, "
              "daily_capacity: atomic",
     .source = "FEEDS-020",
     .run = run_redemption_value},
    {.name = "feeds.opening_value",
     .summary = "What collateral or debt counts for when risk is opened",
     .units = "lo, hi, slow, price, value: 1e-8 USD; amount: atomic",
     .source = "FEEDS-025",
     .run = run_opening_value},
}};

}  // namespace

std::span<const Function> feeds_functions() {
    return table;
}

}  // namespace breakwater::calc
