// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <utility>

#include "breakwater/core/math.hpp"
#include "breakwater/report/json_parts.hpp"
#include "breakwater/stress/amounts.hpp"
#include "breakwater/stress/native_standing.hpp"

namespace breakwater {
namespace {

struct Head {
    const char* name = "";
    const char* unit = "";
};

Json table(const char* id, const char* title, std::initializer_list<Head> heads, Json rows) {
    Json columns = Json::array();
    for (const Head& head : heads) {
        Json one{{"name", head.name}};
        if (*head.unit != '\0') one["unit"] = head.unit;
        columns.push_back(one);
    }
    return {
        {"id", id}, {"title", title}, {"columns", std::move(columns)}, {"rows", std::move(rows)}};
}

Json no_rows() {
    return {{"rows", Json::array()}};
}

double percent_of_bps(double bps) {
    return bps / 100;
}

const char* kind_name(AssetKind kind) {
    switch (kind) {
        case AssetKind::volatile_:
            return "volatile";
        case AssetKind::stable:
            return "stable";
        case AssetKind::pegged:
            break;
    }
    return "pegged";
}

std::string flags_text(const aave_v3::Parameters& p) {
    std::string out;
    const auto say = [&out](bool it, const char* word) {
        if (it) out += std::string(out.empty() ? "" : ", ") + word;
    };
    say(!p.has(aave_v3::active), "inactive");
    say(p.has(aave_v3::frozen), "frozen");
    say(p.has(aave_v3::paused), "paused");
    say(!p.has(aave_v3::borrowing), "no borrowing");
    return out.empty() ? "open" : out;
}

Json cap(std::uint64_t tokens) {
    return tokens == 0 ? Json(nullptr) : Json(tokens);
}

Json rules_table(const Book& book) {
    const auto& market = aave_market(book.state);
    Json rows = Json::array();
    for (std::size_t a = 0; a < book.assets.size(); ++a) {
        const aave_v3::Parameters& p = market.parameters[a];
        rows.push_back(
            Json::array({book.assets[a].symbol, percent_of_bps(p.ltv), percent_of_bps(p.liquidation_threshold),
                         percent_of_bps(p.liquidation_bonus - static_cast<double>(bps_one)),
                         percent_of_bps(p.liquidation_protocol_fee), percent_of_bps(p.reserve_factor),
                         cap(p.supply_cap), cap(p.borrow_cap), flags_text(p)}));
    }
    return table("assets", "Assets",
                 {{"Asset"},
                  {"LTV", "%"},
                  {"Threshold", "%"},
                  {"Bonus", "%"},
                  {"Protocol's part of it", "%"},
                  {"Reserve factor", "%"},
                  {"Supply cap", "tokens"},
                  {"Borrow cap", "tokens"},
                  {"State"}},
                 std::move(rows));
}

Json markets_table(const Book& book) {
    Json rows = Json::array();
    for (const MarketStanding& m : market_standings(book))
        rows.push_back(Json::array({m.name, book.assets[index(m.loan)].symbol,
                                    book.assets[index(m.collateral)].symbol, m.lltv * 100,
                                    m.bonus * 100, m.is_fixed ? "hard-wired" : "feeds",
                                    m.price, m.supplied, m.borrowed, m.borrow_rate * 100}));
    return table("markets", "Markets",
                 {{"Market"},
                  {"Loan"},
                  {"Collateral"},
                  {"LLTV", "%"},
                  {"Bonus", "%"},
                  {"Oracle"},
                  {"Price", "loan tokens"},
                  {"Supplied", "USD"},
                  {"Borrowed", "USD"},
                  {"Borrow rate", "% a year"}},
                 std::move(rows));
}

Json rates_table(const Book& book) {
    const auto& market = aave_market(book.state);
    Json rows = Json::array();
    for (std::size_t a = 0; a < book.assets.size(); ++a) {
        const aave_v3::Parameters& p = market.parameters[a];
        rows.push_back(Json::array({book.assets[a].symbol, percent_of_bps(p.optimal_usage),
                                    percent_of_bps(p.base_rate), percent_of_bps(p.slope1), percent_of_bps(p.slope2)}));
    }
    return table("rates", "Interest",
                 {{"Asset"},
                  {"Optimal usage", "%"},
                  {"Base", "% a year"},
                  {"Slope 1", "% a year"},
                  {"Slope 2", "% a year"}},
                 std::move(rows));
}

Json world_table(const ReportInput& input) {
    const Book& book = input.book();
    Json rows = Json::array();
    for (std::size_t a = 0; a < book.assets.size(); ++a) {
        const AssetDescription& d = book.assets[a];
        rows.push_back(Json::array(
            {d.symbol, kind_name(d.kind), d.peg.empty() ? Json(nullptr) : Json(d.peg),
             static_cast<double>(book.state.feeds[a].point) * 1e-8, d.liquidity.depth_2pct,
             d.liquidity.recovery_minutes, d.liquidity.own_share, d.feed.deviation / 100,
             d.feed.heartbeat, d.feed.latency, input.setup->book_prices.volatility[a]}));
    }
    return table("world", "Prices, depth and feeds",
                 {{"Asset"},
                  {"Kind"},
                  {"Follows"},
                  {"Price", "USD"},
                  {"Depth 2 %", "USD"},
                  {"Recovery", "min"},
                  {"Our share of sales"},
                  {"Feed deviation", "%"},
                  {"Heartbeat", "s"},
                  {"Latency", "s"},
                  {"Volatility", "per √year"}},
                 std::move(rows));
}

std::string symbols(const Book& book, uint128 map) {
    std::string out;
    for (std::size_t a = 0; a < book.assets.size(); ++a)
        if ((map >> a & 1U) != 0) out += (out.empty() ? "" : ", ") + book.assets[a].symbol;
    return out.empty() ? "none" : out;
}

Json emode_table(const Book& book) {
    const auto& market = aave_market(book.state);
    Json rows = Json::array();
    for (std::size_t i = 1; i < market.emodes.size(); ++i) {
        const aave_v3::EMode& e = market.emodes[i];
        if (e.liquidation_threshold == 0) continue;
        rows.push_back(Json::array({i, i < book.emode_labels.size() ? book.emode_labels[i] : "",
                                    percent_of_bps(e.ltv), percent_of_bps(e.liquidation_threshold),
                                    percent_of_bps(e.liquidation_bonus - static_cast<double>(bps_one)),
                                    symbols(book, e.collateral), symbols(book, e.borrowable)}));
    }
    return table("emodes", "E-modes",
                 {{"E-mode"},
                  {"Label"},
                  {"LTV", "%"},
                  {"Threshold", "%"},
                  {"Bonus", "%"},
                  {"Collateral"},
                  {"Borrowable"}},
                 std::move(rows));
}

Json words_table(const ReportInput& input) {
    const Scenario& scenario = input.scenario();
    Json rows = Json::array();
    const auto say = [&rows](const char* what, const std::string& text) {
        if (!text.empty()) rows.push_back(Json::array({what, text}));
    };
    say("Book", input.book().source);
    say("Scenario", scenario.title);
    say("Description", scenario.description);
    for (const std::string& source : scenario.sources)
        say("Source", source);
    return table("words", "Book and scenario in words", {{"What"}, {"Text"}}, std::move(rows));
}

Json layer_table(const Book& book) {
    Json rows = Json::array();
    for (std::size_t k = 0; k < book.state.layers.size(); ++k) {
        const Layer& layer = book.state.layers[k];
        rows.push_back(
            Json::array({k < book.layer_names.size() ? book.layer_names[k] : "",
                         book.assets[layer.asset].symbol,
                         to_double(layer.cover.raw) /
                             to_double(power_of_ten(book.assets[layer.asset].decimals))}));
    }
    return table("layers", "Loss layers, in the order of paying",
                 {{"Layer"}, {"Asset"}, {"Cover", "tokens"}}, std::move(rows));
}

std::string matched(const std::string& symbol, const std::optional<AssetKind>& kind) {
    return kind            ? std::string("all that are ") + kind_name(*kind)
           : symbol == "*" ? "all others"
                           : symbol;
}

Json price_rule_table(const Scenario& scenario) {
    Json rows = Json::array();
    for (const PriceScenario::Rule& rule : scenario.price.rules)
        rows.push_back(
            Json::array({matched(rule.symbol, rule.kind), rule.volatility, rule.drift, rule.beta}));
    return table(
        "price_rules", "Price rules, the first that matches",
        {{"Asset"}, {"Volatility", "per √year"}, {"Drift", "per year"}, {"Beta to the jump"}},
        std::move(rows));
}

Json history_table(const Scenario& scenario) {
    Json rows = Json::array();
    for (const PriceScenario::History& h : scenario.price.histories)
        rows.push_back(
            Json::array({matched(h.symbol, h.kind), h.points.size(),
                         h.points.empty() && !h.follows.empty() ? Json(h.follows) : Json(nullptr),
                         h.points.empty() ? Json(h.beta) : Json(nullptr),
                         h.source.empty() ? Json(nullptr) : Json(h.source)}));
    return table("histories", "Published price paths",
                 {{"Asset"}, {"Points"}, {"Follows"}, {"Beta"}, {"Source"}}, std::move(rows));
}

}  // namespace

Json parameters_json(const ReportInput& input) {
    const Book& book = input.book();
    Json tables = Json::array();
    if (book.is_native())
        tables.push_back(markets_table(book));
    else
        tables = Json::array({rules_table(book), rates_table(book)});
    tables.push_back(world_table(input));
    for (Json further : {words_table(input), book.is_native() ? no_rows() : emode_table(book),
                         layer_table(book), price_rule_table(input.scenario()),
                         history_table(input.scenario())})
        if (!further["rows"].empty()) tables.push_back(std::move(further));
    Json limits = Json::array();
    for (const Limit& limit : limits_of(input))
        limits.push_back(to_json(limit));
    return {{"groups", scenario_groups_json(input)},
            {"tables", tables},
            {"provenance", provenance_json(input.facts, input.setup->seed)},
            {"warnings", book.notes},
            {"limits", limits}};
}

}  // namespace breakwater
