// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/inspect_json.hpp"

#include "breakwater/core/each_number.hpp"
#include "breakwater/report/inspect_words.hpp"
#include "breakwater/report/json_parts.hpp"

namespace breakwater {
namespace {

Json solvency_json(const Book& book, const Solvency& solvency) {
    Json rows = Json::array();
    for (const ReserveStanding& r : solvency.reserves)
        rows.push_back({{"asset", symbol(book, r.asset)},
                        {"price", r.price},
                        {"supplied_usd", r.supplied},
                        {"to_treasury_usd", r.to_treasury},
                        {"borrowed_usd", r.borrowed},
                        {"cash_usd", r.cash},
                        {"deficit_usd", r.deficit},
                        {"uncovered_usd", r.uncovered},
                        {"utilisation", r.utilisation},
                        {"borrow_rate", r.borrow_rate},
                        {"supply_rate", r.supply_rate},
                        {"supply_cap_usd", r.supply_cap > 0 ? Json(r.supply_cap) : Json(nullptr)},
                        {"borrow_cap_usd", r.borrow_cap > 0 ? Json(r.borrow_cap) : Json(nullptr)}});
    return {{"reserves", rows},
            {"supplied_usd", solvency.supplied},
            {"borrowed_usd", solvency.borrowed},
            {"cash_usd", solvency.cash},
            {"deficit_usd", solvency.deficit}};
}

Json markets_json(const Book& book, const std::vector<MarketStanding>& markets) {
    Json rows = Json::array();
    for (const MarketStanding& m : markets)
        rows.push_back({{"market", m.name},
                        {"loan", symbol(book, m.loan)},
                        {"collateral", symbol(book, m.collateral)},
                        {"lltv", m.lltv},
                        {"bonus", m.bonus},
                        {"price", m.price},
                        {"hard_wired", m.is_fixed},
                        {"supplied_usd", m.supplied},
                        {"borrowed_usd", m.borrowed},
                        {"utilisation", m.utilisation},
                        {"collateral_usd", m.collateral_usd},
                        {"borrow_rate", m.borrow_rate},
                        {"borrowers", m.borrowers}});
    return rows;
}

Json health_json(const Inspection& inspection) {
    Json bins = Json::array();
    for (const HealthBin& bin : inspection.health)
        bins.push_back({{"low", bin.low},
                        {"high", finite(bin.high)},
                        {"accounts", bin.accounts},
                        {"debt_usd", bin.debt},
                        {"collateral_usd", bin.collateral}});
    return bins;
}

Json full_wall_json(const Book& book, const Wall& wall) {
    Json curves = Json::array();
    for (const WallCurve& curve : wall.curves) {
        Json moved = Json::array();
        for (const AssetId a : curve.moved)
            moved.push_back(symbol(book, a));
        Json points = Json::array();
        for (std::size_t i = 0; i < wall_moves; ++i) {
            const WallPoint& p = curve.points[i];
            points.push_back({{"move", wall.moves[i]},
                              {"liquidatable_usd", p.liquidatable},
                              {"collateral_usd", p.collateral},
                              {"debt_usd", p.debt},
                              {"bad_debt_usd", p.bad_debt},
                              {"capacity_usd", finite(p.capacity)},
                              {"accounts", p.accounts}});
        }
        curves.push_back({{"symbol", curve.symbol}, {"moved", moved}, {"points", points}});
    }
    return {{"definition", InspectWords::wall},
            {"bad_debt_definition", InspectWords::bad_debt},
            {"now",
             {{"accounts", wall.now.accounts},
              {"collateral_usd", wall.now.collateral},
              {"debt_usd", wall.now.debt},
              {"bad_debt_usd", wall.now.bad_debt}}},
            {"curves", curves}};
}

Json backing_json(const Book& book, const Backing& backing) {
    Json cells = Json::array();
    const auto add = [&](Json collateral, AssetId debt, double usd, double correlated) {
        if (!(usd > 0)) return;
        cells.push_back({{"collateral", std::move(collateral)},
                         {"debt", symbol(book, debt)},
                         {"debt_usd", usd},
                         {"correlated_usd", correlated}});
    };
    for (const std::uint8_t c : each_number<std::uint8_t>(backing.assets()))
        for (const std::uint8_t d : each_number<std::uint8_t>(backing.assets())) {
            const Backing::Cell& cell = backing.at(AssetId{c}, AssetId{d});
            add(symbol(book, AssetId{c}), AssetId{d}, cell.debt, cell.correlated);
        }
    for (const std::uint8_t d : each_number<std::uint8_t>(backing.assets()))
        add(nullptr, AssetId{d}, backing.unbacked(AssetId{d}), 0);
    return {{"definition", InspectWords::backing},
            {"correlated_usd", backing.correlated()},
            {"uncorrelated_usd", backing.uncorrelated()},
            {"unbacked_usd", backing.unbacked()},
            {"cells", cells}};
}

Json drains_json(const Book& book, const Inspection& inspection) {
    const DrainAssumptions& a = inspection.options.drain;
    Json rows = Json::array();
    for (const Drain& d : inspection.drains)
        rows.push_back({{"collateral", symbol(book, d.collateral)},
                        {"cap_room_usd", finite(d.room)},
                        {"ltv", d.ltv},
                        {"emode", d.emode},
                        {"lendable_usd", d.lendable},
                        {"largest_drain_usd", d.largest},
                        {"bound_by", to_string(d.limit)},
                        {"reserves", d.reserves},
                        {"minutes", d.minutes},
                        {"backs_usd", d.backs}});
    return {{"definition", drain_text(a)},
            {"assumptions",
             {{"gas_supply", a.gas_supply},
              {"gas_borrow", a.gas_borrow},
              {"gas_limit", a.gas_limit},
              {"block_share", a.block_share},
              {"seconds_per_block", a.seconds_per_block}}},
            {"rows", rows}};
}

Json concentration_json(const Concentration& c) {
    Json tops = Json::array();
    for (std::size_t i = 0; i < c.tops.size(); ++i)
        tops.push_back({{"largest", c.tops[i]}, {"share", c.share[i]}});
    return {{"borrowers", c.borrowers}, {"debt_usd", c.debt}, {"tops", tops}, {"hhi", c.hhi}};
}

Json nearest_json(const Book& book, const Inspection& inspection) {
    Json rows = Json::array();
    for (const Position& p : inspection.nearest.borrowers) {
        Json legs = Json::array();
        for (const PositionLeg& leg : inspection.nearest.legs_of(p))
            legs.push_back({{"asset", symbol(book, leg.asset)},
                            {"collateral_usd", leg.collateral},
                            {"debt_usd", leg.debt},
                            {"threshold", leg.threshold * 1e-4}});
        rows.push_back({{"account", std::string(book.accounts[p.account])},
                        {"health", p.health},
                        {"debt_usd", p.debt},
                        {"collateral_usd", p.collateral},
                        {"emode", p.emode},
                        {"legs", legs}});
    }
    return {{"debt_min_usd", inspection.options.nearest_debt_min}, {"rows", rows}};
}

}  // namespace

std::string inspect_json(const Book& book, const Inspection& inspection) {
    Json out;
    out["format"] = "breakwater-inspect/1";
    out["book"] = book.name;
    out["as_of"] = time_text(book.state.now());
    out["rulebook"] = book.rulebook;
    out["input_hash"] = book.input_hash;
    out["accounts"] = inspection.accounts;
    out["borrowing_power_usd"] = inspection.borrowing_power;
    out["solvency"] = solvency_json(book, inspection.solvency);
    if (!inspection.markets.empty()) out["markets"] = markets_json(book, inspection.markets);
    out["health"] = health_json(inspection);
    out["wall"] = full_wall_json(book, inspection.wall);
    out["backing"] = backing_json(book, inspection.backing);
    out["instant_zero"] = drains_json(book, inspection);
    out["concentration"] = concentration_json(inspection.concentration);
    out["nearest"] = nearest_json(book, inspection);
    out["warnings"] = book.notes;
    return dump(out);
}

}  // namespace breakwater
