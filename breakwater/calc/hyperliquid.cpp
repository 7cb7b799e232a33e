// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Hyperliquid's rules, by name.

#include "breakwater/world/venues/hyperliquid.hpp"

#include <algorithm>
#include <array>

#include "breakwater/calc/families.hpp"
#include "breakwater/world/venues/margin_tiers.hpp"

namespace breakwater::calc {
namespace {

using nlohmann::json;

BracketTiers tiers_of(Input& in) {
    std::vector<MarginTier> tiers;
    for (Input& t : in.objects("tiers")) {
        const double leverage = t.number("max_leverage", positive);
        const MarginTier tier{.floor = t.number("lower_bound", not_negative),
                              .rate = hyperliquid::maintenance_rate(leverage),
                              .leverage_max = leverage};
        if (tiers.empty() ? tier.floor != 0.0 : !(tier.floor > tiers.back().floor))
            t.fail("lower_bound", "is out of order", "lower bounds that rise from 0");
        tiers.push_back(tier);
    }
    if (tiers.empty()) in.fail("tiers", "is empty", "at least one tier");
    return BracketTiers(std::move(tiers));
}

json run_tiers(Input& in) {
    const BracketTiers tiers = tiers_of(in);
    const double notional = in.number("notional", not_negative);
    const std::size_t i = tiers.tier_of(notional);
    return {{"tier_max_leverage", tiers.tier(i).leverage_max},
            {"maintenance_margin_rate", tiers.tier(i).rate},
            {"maintenance_deduction", tiers.deduction(i)},
            {"maintenance_margin", tiers.maintenance(notional)}};
}

json run_liq_price(Input& in) {
    const int128 side = in.integer("side", -1, 1);
    if (side == 0) in.fail("side", "is 0", "1 for long, -1 for short");
    const auto m = hyperliquid::liquidation_price(
        in.number("mark_price", positive), side > 0 ? 1.0 : -1.0, in.number("size", positive),
        in.number("margin_or_account_value"), in.number("max_leverage", positive));
    return {{"maintenance_margin_required", m.maintenance},
            {"margin_available", m.available},
            {"liq_price", m.liquidation_price}};
}

json run_stage(Input& in) {
    return {
        {"stage", name(hyperliquid::liquidation_stage(
                      in.number("account_value"), in.number("maintenance_margin", not_negative)))}};
}

json run_partial(Input& in) {
    return {{"fraction_sent",
             hyperliquid::first_order_share(in.number("position_notional_usdc", not_negative),
                                            in.flag("within_30s_cooldown"))}};
}

json or_null(const std::optional<double>& x) {
    return x ? json(*x) : json();
}

json run_mark(Input& in) {
    hyperliquid::MarkInputs inputs;
    const auto oracle = in.optional_number("oracle", positive);
    const auto ema = in.optional_number("ema150_of_mid_minus_oracle");
    if (oracle && ema) inputs.oracle_plus_ema = *oracle + *ema;
    const auto bid = in.optional_number("best_bid", positive);
    const auto ask = in.optional_number("best_ask", positive);
    const auto last = in.optional_number("last", positive);
    if (bid && ask && last)
        inputs.book = std::max(std::min(*bid, *ask), std::min(std::max(*bid, *ask), *last));
    inputs.other_venues = in.optional_number("ext_perp_weighted_median", positive);
    inputs.book_ema = in.optional_number("ema30_of_c2", positive);
    const auto mark = hyperliquid::mark_price(inputs);
    if (!mark)
        in.fail_whole("has too few prices for a mark",
                      "three of oracle, book and other venues, or two and 'ema30_of_c2'");
    return {{"c1", or_null(inputs.oracle_plus_ema)},
            {"c2", or_null(inputs.book)},
            {"c3", or_null(inputs.other_venues)},
            {"mark", *mark}};
}

json run_ema(Input& in) {
    hyperliquid::Ema ema(in.number("tau_s", positive));
    json out = json::array();
    for (Input& u : in.objects("updates")) {
        const double elapsed = u.number("dt_s", positive);
        out.push_back(ema.update(elapsed, u.number("sample")));
    }
    return {{"ema", out}};
}

json run_hyperp_oracle(Input& in) {
    constexpr std::string_view key = "last_marks_minutely_newest_first_rle";
    const json& runs = in.raw(key);
    hyperliquid::HyperpOracle oracle;
    if (!runs.is_array() || runs.empty()) in.fail(key, "is no list", "[[mark, minutes], ...]");
    for (const json& run : runs) {
        if (!run.is_array() || run.size() != 2 || !run[0].is_number() ||
            !run[1].is_number_unsigned() || run[0].get<double>() <= 0.0)
            in.fail(key, "holds " + run.dump(), "[mark above 0, minutes of 0 or more]");
        oracle.add(run[0].get<double>(), run[1].get<std::uint64_t>());
    }
    return {{"oracle", oracle.price(in.number("initial_mark", positive))}};
}

json run_weighted_median(Input& in) {
    const auto prices = in.numbers("prices", positive);
    const auto weights = in.numbers("weights", positive);
    if (prices.empty() || prices.size() != weights.size())
        in.fail("weights", "has another length than 'prices'", "one weight for each price");
    return {{"weighted_median", hyperliquid::weighted_median(prices, weights)}};
}

json run_funding(Input& in) {
    const auto f = hyperliquid::funding(in.number("avg_premium_8h"), in.number("interest_8h"),
                                        in.number("clamp", not_negative),
                                        in.number("hourly_cap", not_negative));
    return {{"rate_8h", f.rate_8h}, {"hourly_paid", f.hourly}};
}

json run_premium(Input& in) {
    return {{"premium", hyperliquid::premium_index(in.number("impact_bid", not_negative),
                                                   in.number("impact_ask", not_negative),
                                                   in.number("oracle", positive))}};
}

json run_adl(Input& in) {
    std::vector<std::pair<std::string, double>> ranked;
    json index = json::object();
    for (Input& a : in.objects("accounts")) {
        const std::string id = a.text("id");
        if (index.contains(id)) a.fail("id", "stands twice", "one entry for each account");
        const double value = hyperliquid::adl_index(
            a.number("mark", positive), a.number("entry", positive),
            a.number("notional", not_negative), a.number("account_value", positive));
        index[id] = value;
        ranked.emplace_back(id, value);
    }
    std::ranges::stable_sort(ranked, std::ranges::greater{},
                             [](const auto& account) { return account.second; });
    json order = json::array();
    for (const auto& [id, value] : ranked)
        order.push_back(id);
    return {{"index", index}, {"order", order}};
}

constexpr std::string_view docs = "hyperliquid.gitbook.io/hyperliquid-docs";

constexpr std::array<Function, 11> table{{
    {.name = "hyperliquid_margin_tiers",
     .summary = "Hyperliquid: maintenance margin by tiers",
     .units = "lower_bound, notional, margin: USDC",
     .source = docs,
     .run = run_tiers},
    {.name = "hyperliquid_liq_price",
     .summary = "Hyperliquid: liquidation price",
     .units = "prices, margins: USDC; size: base; side: 1 long, -1 short",
     .source = docs,
     .run = run_liq_price},
    {.name = "hyperliquid_liq_stage",
     .summary = "Hyperliquid: none, market, backstop or adl",
     .units = "USDC",
     .source = docs,
     .run = run_stage},
    {.name = "hyperliquid_partial",
     .summary = "Hyperliquid: share of a position in the first market order",
     .units = "USDC; share",
     .source = docs,
     .run = run_partial},
    {.name = "hyperliquid_mark",
     .summary = "Hyperliquid: mark price as median of three",
     .units = "USDC",
     .source = docs,
     .run = run_mark},
    {.name = "hyperliquid_ema",
     .summary = "Hyperliquid: moving average with irregular steps",
     .units = "tau_s, dt_s: s",
     .source = docs,
     .run = run_ema},
    {.name = "hyperps_oracle",
     .summary = "Hyperliquid: oracle of a contract without spot market",
     .units = "USDC; runs of minutes, newest first",
     .source = docs,
     .run = run_hyperp_oracle},
    {.name = "oracle_weighted_median",
     .summary = "Smallest price with half of the weight at or below it",
     .units = "prices: quote",
     .source = docs,
     .run = run_weighted_median},
    {.name = "funding_clamp_8h",
     .summary = "Hyperliquid: funding rate from premium and interest",
     .units = "rates: per 8 h; hourly_paid: per h",
     .source = docs,
     .run = run_funding},
    {.name = "premium_index",
     .summary = "Hyperliquid: premium of the impact prices over the oracle",
     .units = "prices: USDC; premium: share",
     .source = docs,
     .run = run_premium},
    {.name = "adl_rank_hyperliquid",
     .summary = "Hyperliquid: auto-deleveraging index, as its documentation writes it",
     .units = "mark, entry: price; notional, account_value: USDC",
     .source = docs,
     .run = run_adl},
}};

}  // namespace

std::span<const Function> hyperliquid_functions() {
    return table;
}

}  // namespace breakwater::calc
