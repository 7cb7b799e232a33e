// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Hyperliquid's rules, by name.

#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/hyperliquid.hpp"

#include <algorithm>
#include <array>

#include "breakwater/calc/families.hpp"
#include "breakwater/calc/wads.hpp"
#include "breakwater/core/wads.hpp"
#include "breakwater/world/venues/moving_averages.hpp"

namespace breakwater::calc {
namespace {

using nlohmann::json;

std::vector<hyperliquid::Tier> tiers_of(Input& in) {
    std::vector<hyperliquid::Tier> tiers;
    for (Input& t : in.objects("tiers")) {
        const hyperliquid::Tier tier{.lower = wad(t, "lower_bound", not_negative),
                                     .leverage_max = wad(t, "max_leverage", positive)};
        if (tiers.empty() ? tier.lower.sign() != 0 : tier.lower <= tiers.back().lower)
            t.fail("lower_bound", "is out of order", "lower bounds that rise from 0");
        tiers.push_back(tier);
    }
    if (tiers.empty()) in.fail("tiers", "is empty", "at least one tier");
    return tiers;
}

json run_tiers(Input& in) {
    const auto tiers = tiers_of(in);
    const auto made = hyperliquid::brackets_of(tiers);
    REQUIRE(made.has_value());  // the tiers rise from 0
    const exchange_tiers::Brackets& brackets = *made;
    const BigInteger notional = wad(in, "notional", not_negative);
    const std::size_t i = brackets.at(notional);
    return {{"tier_max_leverage", from_wad(in, tiers[i].leverage_max)},
            {"maintenance_margin_rate", from_wad(in, brackets.bracket(i).rate)},
            {"maintenance_deduction",
             from_wad(in, div_toward_zero(brackets.deduction(i), wads::one()))},
            {"maintenance_margin", from_wad(in, brackets.maintenance(notional))}};
}

json run_liq_price(Input& in) {
    const int128 side = in.integer("side", -1, 1);
    if (side == 0) in.fail("side", "is 0", "1 for long, -1 for short");
    const auto m = hyperliquid::liquidation_price(
        wad(in, "mark_price", positive),
        {.side = side > 0 ? exchange_tiers::Side::long_side : exchange_tiers::Side::short_side,
         .size = wad(in, "size", positive),
         .value = wad(in, "margin_or_account_value"),
         .leverage = wad(in, "max_leverage", positive)});
    return {{"maintenance_margin_required", from_wad(in, m.maintenance)},
            {"margin_available", from_wad(in, m.available)},
            {"liq_price", from_wad(in, m.liquidation_price)}};
}

json run_stage(Input& in) {
    return {{"stage", name(hyperliquid::liquidation_stage(
                          wad(in, "account_value"), wad(in, "maintenance_margin", not_negative)))}};
}

json run_partial(Input& in) {
    return {{"fraction_sent",
             hyperliquid::first_order_share(wad(in, "position_notional_usdc", not_negative),
                                            in.flag("within_30s_cooldown")) /
                 1e6}};
}

json or_null(const Input& in, const std::optional<BigInteger>& x) {
    return x ? json(from_wad(in, *x)) : json();
}

json run_mark(Input& in) {
    hyperliquid::MarkInputs inputs;
    const auto oracle = optional_wad(in, "oracle", positive);
    const auto ema = optional_wad(in, "ema150_of_mid_minus_oracle");
    if (oracle && ema) inputs.oracle_plus_ema = *oracle + *ema;
    const auto bid = optional_wad(in, "best_bid", positive);
    const auto ask = optional_wad(in, "best_ask", positive);
    const auto last = optional_wad(in, "last", positive);
    if (bid && ask && last) inputs.book = wads::median(*bid, *ask, *last);
    inputs.other_venues = optional_wad(in, "ext_perp_weighted_median", positive);
    inputs.book_ema = optional_wad(in, "ema30_of_c2", positive);
    const auto mark = hyperliquid::mark_price(inputs);
    if (!mark)
        in.fail_whole("has too few prices for a mark",
                      "three of oracle, book and other venues, or two and 'ema30_of_c2'");
    return {{"c1", or_null(in, inputs.oracle_plus_ema)},
            {"c2", or_null(in, inputs.book)},
            {"c3", or_null(in, inputs.other_venues)},
            {"mark", from_wad(in, *mark)}};
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
    std::vector<BigInteger> exact;
    std::vector<BigInteger> shares;
    for (std::size_t i = 0; i < prices.size(); ++i) {
        exact.push_back(wad_of(prices[i]));
        shares.push_back(wad_of(weights[i]));
    }
    return {{"weighted_median", prices[hyperliquid::weighted_median(exact, shares)]}};
}

json run_funding(Input& in) {
    const auto f = hyperliquid::funding(wad(in, "avg_premium_8h"),
                                        {.interest_8h = wad(in, "interest_8h"),
                                         .clamp = wad(in, "clamp", not_negative),
                                         .hourly_cap = wad(in, "hourly_cap", not_negative)});
    return {{"rate_8h", from_wad(in, f.rate_8h)}, {"hourly_paid", from_wad(in, f.hourly)}};
}

json run_premium(Input& in) {
    return {{"premium", from_wad(in, hyperliquid::premium_index(wad(in, "impact_bid", not_negative),
                                                                wad(in, "impact_ask", not_negative),
                                                                wad(in, "oracle", positive)))}};
}

json run_adl(Input& in) {
    std::vector<std::pair<std::string, BigInteger>> ranked;
    json index = json::object();
    for (Input& a : in.objects("accounts")) {
        const std::string id = a.text("id");
        if (index.contains(id)) a.fail("id", "stands twice", "one entry for each account");
        const BigInteger value = hyperliquid::adl_index(
            wad(a, "mark", positive), wad(a, "entry", positive), wad(a, "notional", not_negative),
            wad(a, "account_value", positive));
        index[id] = from_wad(a, value);
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
