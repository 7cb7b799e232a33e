// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Options and portfolio margin, by name.

#include "breakwater/world/options.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "breakwater/calc/families.hpp"
#include "breakwater/calc/wads.hpp"
#include "breakwater/core/rulebooks/deribit_pm.hpp"
#include "breakwater/stress/span.hpp"
#include "breakwater/stress/volatility_shock.hpp"

namespace breakwater::calc {
namespace {

using nlohmann::json;

constexpr Bounds volatility_bounds{
    .min = 0.0, .max = 100.0, .expected = "a volatility from 0 to 100 (1 is 100 %)"};
constexpr Bounds years_bounds{.min = 0.0, .max = 1000.0, .expected = "years from 0 to 1000"};
constexpr Bounds move_bounds{.min = -1.0, .above_min = true, .expected = "a move above -1"};

OptionKind kind_of(Input& in) {
    const int128 cp = in.integer("cp", -1, 1);
    if (cp == 0) in.fail("cp", "is 0", "1 for a call, -1 for a put");
    return cp > 0 ? OptionKind::call : OptionKind::put;
}

json run_black76(Input& in) {
    const Option option{.kind = kind_of(in),
                        .strike = in.number("strike", positive),
                        .years = in.number("T", years_bounds)};
    const OptionMarket market{.forward = in.number("forward", positive),
                              .volatility = in.number("vol", volatility_bounds),
                              .rate = in.number_or("r", 0.0)};
    const double price = black76_price(option, market);
    const Greeks greeks = black76_greeks(option, market);
    // From the side out of the money, whose price keeps the digits that parity would lose.
    Option outside = option;
    outside.kind = market.forward > option.strike ? OptionKind::put : OptionKind::call;
    return {{"price", price},
            {"implied_vol",
             black76_implied_volatility(outside, market, black76_price(outside, market))},
            {"delta_fwd", greeks.delta},
            {"gamma", greeks.gamma},
            {"vega", greeks.vega},
            {"theta_per_year", greeks.theta}};
}

json run_implied(Input& in) {
    const Option option{.kind = kind_of(in),
                        .strike = in.number("strike", positive),
                        .years = in.number("T", years_bounds)};
    const OptionMarket market{.forward = in.number("forward", positive),
                              .volatility = 0.0,
                              .rate = in.number_or("r", 0.0)};
    return {{"implied_vol",
             black76_implied_volatility(option, market, in.number("price", not_negative))}};
}

std::vector<span::Scenario> scenarios_of(Input& in) {
    if (!in.has("scenario_set")) return span::sixteen_scenarios();
    std::vector<span::Scenario> out;
    for (Input& s : in.objects("scenario_set"))
        out.push_back({.price_multiple = s.number("price_mult"),
                       .volatility_multiple = s.number("vol_mult"),
                       .fraction = s.number("fraction", fraction)});
    if (out.empty()) in.fail("scenario_set", "is empty", "at least one scenario");
    return out;
}

std::vector<span::Position> portfolio_of(Input& in) {
    std::vector<span::Position> out;
    for (Input& p : in.objects("portfolio")) {
        span::Position position{.quantity = p.number("qty"), .is_option = false, .option = {}};
        position.is_option = p.choice("type", {"F", "O"}) == 1;
        if (position.is_option) {
            position.option = {.kind = kind_of(p),
                               .strike = p.number("K", positive),
                               .years = p.number("T", years_bounds)};
            position.volatility = p.number("iv", volatility_bounds);
        }
        out.push_back(position);
    }
    return out;
}

json run_span16(Input& in) {
    constexpr double days_per_year = 365.0;
    const span::Ranges ranges{
        .forward = in.number("forward", positive),
        .price_scan = in.number("price_scan_range", not_negative),
        .volatility_scan = in.number("vol_scan_range_abs", not_negative),
        .lookahead_years = in.number_or("lookahead_days", 1.0, not_negative) / days_per_year};
    const auto losses = span::risk_array(portfolio_of(in), ranges, scenarios_of(in));
    const span::Requirement r = span::requirement(losses);
    return {{"risk_array_losses", losses},
            {"scan_risk", r.scan_risk},
            {"worst_scenario_1based", r.worst + 1}};
}

/// Arrays of gains, as the worked example prints them, one list per instrument.
json run_span16_published(Input& in) {
    if (in.has("note")) in.text("note");
    const auto future = in.numbers("future");
    const auto option = in.numbers("short_call");
    if (option.size() != future.size() || future.empty())
        in.fail("short_call", "has another length than 'future'", "two lists of one length");
    std::vector<double> combined;
    std::vector<double> losses;
    for (std::size_t i = 0; i < future.size(); ++i) {
        combined.push_back(future[i] + option[i]);
        losses.push_back(-combined.back());
    }
    return {{"combined", combined}, {"span_requirement", span::requirement(losses).scan_risk}};
}

json run_deribit_sm_future(Input& in) {
    const bool is_btc = in.choice("currency", {"BTC", "ETH"}) == 0;
    const auto m =
        deribit_pm::standard_future(is_btc ? deribit_pm::Currency::btc : deribit_pm::Currency::eth,
                                    wad(in, "size_base", not_negative));
    return {{"im_rate", from_wad(in, m.initial_rate)},
            {"mm_rate", from_wad(in, m.maintenance_rate)},
            {"im_base", from_wad(in, m.initial)},
            {"mm_base", from_wad(in, m.maintenance)}};
}

json run_deribit_sm_option(Input& in) {
    const bool is_call = in.choice("type", {"call", "put"}) == 0;
    const auto m = deribit_pm::standard_option({.is_call = is_call,
                                                .index = wad(in, "index", positive),
                                                .strike = wad(in, "strike", positive),
                                                .mark = wad(in, "mark", not_negative)});
    return {{"im_base", from_wad(in, m.initial)}, {"mm_base", from_wad(in, m.maintenance)}};
}

/// "BTC-28JUN24" → "28JUN24".
std::string expiry_of(const std::string& instrument) {
    const auto dash = instrument.rfind('-');
    return dash == std::string::npos ? instrument : instrument.substr(dash + 1);
}

deribit_pm::Contingencies contingencies_of(Input& in) {
    return {.delta_shock = wad_or(in, "delta_shock", 0.0, not_negative),
            .correlation = wad_or(in, "correlation_contingency", 0.0, not_negative),
            .spot_margin = wad_or(in, "spot_margin", 0.0, not_negative),
            .mmp_margin = wad_or(in, "mmp_margin", 0.0, not_negative),
            .open_orders = wad_or(in, "open_orders_margin", 0.0, not_negative)};
}

json list_of(const Input& in, const std::vector<BigInteger>& values) {
    json out = json::array();
    for (const BigInteger& v : values)
        out.push_back(from_wad(in, v));
    return out;
}

json run_deribit_pm(Input& in) {
    const deribit_pm::Parameters parameters{
        .price_range = wad(in, "price_range", open_fraction),
        .buckets_each_side =
            static_cast<std::uint32_t>(in.count_or("buckets_each_side", 4, 1, 1000)),
        .profit_offset = wad_or(in, "pnl_offset", 0.0, fraction),
        .annualised_move_risk = wad_or(in, "annualised_move_risk", 0.0, not_negative),
        .annualised_move_min = wad_or(in, "min_annualised_move", 0.0, not_negative),
        .maintenance_factor = wad_or(in, "mm_factor", 0.8, fraction)};
    std::map<std::string, deribit_pm::Expiry> expiries;
    std::vector<BigInteger> perpetuals;
    for (const auto& [name, number] : in.named_numbers("positions_base")) {
        const std::string expiry = expiry_of(name);
        const BigInteger quantity = wad_of(number);
        deribit_pm::Expiry& e = expiries[expiry];
        e.quantities.push_back(quantity);
        if (expiry == "PERPETUAL")
            perpetuals.push_back(quantity);
        else
            e.years = wad(in, "years_to_" + expiry, years_bounds);
    }
    // Stated with the parameters; futures do not need them.
    in.optional_number("index", positive);
    in.optional_number("vol_scenarios", positive);
    in.optional_number("extended_dampener_usd", not_negative);

    std::vector<deribit_pm::Expiry> list;
    list.reserve(expiries.size());
    for (auto& [name, e] : expiries)
        list.push_back(std::move(e));
    const deribit_pm::Contingencies contingencies = contingencies_of(in);
    const deribit_pm::Margin m = deribit_pm::portfolio_margin(list, parameters, contingencies);
    std::vector<BigInteger> perpetual_moves;
    for (const BigInteger& move : m.moves) {
        BigInteger profit;
        for (const BigInteger& q : perpetuals)
            profit = profit + deribit_pm::inverse_profit(q, move);
        perpetual_moves.push_back(profit);
    }
    return {{"moves", list_of(in, m.moves)},
            {"initial_risk_vector_perp_moves", list_of(in, perpetual_moves)},
            {"initial_vector_moves", list_of(in, m.profits)},
            {"aggregated_vector_moves", list_of(in, m.aggregated)},
            {"worst_case", from_wad(in, m.worst_case)},
            {"roll_shock", from_wad(in, m.roll_shock)},
            {"delta_shock", from_wad(in, contingencies.delta_shock)},
            {"risk_matrix_margin", from_wad(in, m.risk_matrix)},
            {"initial_margin", from_wad(in, m.initial)},
            {"maintenance_margin", from_wad(in, m.maintenance)}};
}

json run_deribit_vol_shock(Input& in) {
    const deribit::VolatilityShock shock{.range_up = in.number("range_up", not_negative),
                                         .range_down = in.number("range_down", not_negative),
                                         .short_power = in.number("short_term_vega_power"),
                                         .long_power = in.number("long_term_vega_power"),
                                         .up_min = in.number("min_vol_for_shock_up", not_negative)};
    const auto v = deribit::shock_volatility(in.number("iv", volatility_bounds),
                                             in.number("days_to_expiry", positive), shock);
    return {{"vol_up", v.up}, {"vol_down", v.down}};
}

json run_deribit_extended(Input& in) {
    const deribit_pm::ExtendedTable table{
        .price_range = wad(in, "price_range", open_fraction),
        .factor = wad(in, "extended_table_factor", not_negative),
        .dampener = wad(in, "extended_dampener_usd", not_negative),
        .index = wad(in, "index", positive)};
    const BigInteger move = wad(in, "move", move_bounds);
    if (move.sign() == 0) in.fail("move", "is 0", "an extended move, not 0");
    return {{"final_pnl_base", from_wad(in, deribit_pm::extended_profit(
                                                wad(in, "simulated_pnl_base"), move, table))}};
}

constexpr std::array<Function, 9> table{{
    {.name = "black76",
     .summary = "Black (1976): price and greeks of an option on a forward",
     .units = "forward, strike, price: quote; vol: per √year; T: years; vega: per 1.00",
     .source = "Black (1976)",
     .run = run_black76},
    {.name = "black76_implied_vol",
     .summary = "The volatility at which Black's price is the given one",
     .units = "as black76",
     .source = "Black (1976)",
     .run = run_implied},
    {.name = "span16",
     .summary = "SPAN: losses in sixteen scenarios and scan risk",
     .units = "forward, price_scan_range: quote; vol_scan_range_abs: per √year; T: years",
     .source = "CME and NSE descriptions of SPAN",
     .run = run_span16},
    {.name = "span16_published",
     .summary = "SPAN: requirement of a future and a short call from printed risk arrays",
     .units = "quote, gains positive",
     .source = "McMillan, Options as a Strategic Investment",
     .run = run_span16_published},
    {.name = "deribit_sm_future",
     .summary = "Deribit standard margin of a future",
     .units = "size_base, im_base, mm_base: base currency",
     .source = "Deribit announcement of 11 January 2022",
     .run = run_deribit_sm_future},
    {.name = "deribit_sm_option",
     .summary = "Deribit standard margin of one short option",
     .units = "index, strike: USD; mark and results: base currency",
     .source = "Deribit documentation, standard margin",
     .run = run_deribit_sm_option},
    {.name = "deribit_pm",
     .summary = "Deribit portfolio margin of inverse futures and perpetuals",
     .units = "positions and results: base currency; years_to_EXPIRY: years",
     .source = "docs.deribit.com private/pme/simulate",
     .run = run_deribit_pm},
    {.name = "deribit_pm_vol_shock",
     .summary = "Deribit portfolio margin: shocked volatilities of an option",
     .units = "iv and results: per √year; days_to_expiry: days",
     .source = "docs.oreome.com risk-scenario-advanced",
     .run = run_deribit_vol_shock},
    {.name = "deribit_pm_extended",
     .summary = "Deribit portfolio margin: an option's profit in the extended table",
     .units = "profits: base currency; dampener, index: USD",
     .source = "community re-implementation",
     .run = run_deribit_extended,
     .official = false},
}};

}  // namespace

std::span<const Function> option_functions() {
    return table;
}

}  // namespace breakwater::calc
