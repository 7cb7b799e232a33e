// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/venue_report.hpp"

#include <cmath>

#include "breakwater/report/json_parts.hpp"
#include "breakwater/report/text_lines.hpp"
#include "breakwater/report/text_table.hpp"

namespace breakwater {
namespace {

/// The rest is counted below the table; all are in the JSON.
constexpr std::size_t contracts_shown = 24;

std::string count(std::size_t n) {
    return count_text(static_cast<double>(n));
}
std::string ratio_text(double ratio) {
    return std::isfinite(ratio) ? fixed(ratio, 2) : "";
}

std::string head_text(const VenueBook& v, const VenueInspection& i) {
    std::string out = heading(v.book.name + ", " + time_text(v.book.state.now()));
    out += labelled("Accounts", count(i.accounts) + ": " + count(i.holders) + " hold positions, " +
                                    count(i.borrowers) + " owe, " + count(i.isolated) +
                                    " isolated, " + count(i.linked) + " linked");
    out +=
        labelled("Equity", usd_text(i.equity) + " against " + usd_text(i.maintenance) +
                               " of maintenance and " + usd_text(i.initial) + " of initial margin");
    out += labelled("Standing", count(i.below_maintenance) + " accounts below maintenance, " +
                                    count(i.below_initial) + " below initial margin, " +
                                    count(i.negative) + " with negative equity (" +
                                    usd_text(i.negative_usd) + ")");
    out += labelled("Fund", usd_text(i.fund));
    out += labelled("Vault", usd_text(i.vault) + ", of which " + usd_text(i.vault_initial) +
                                 " is bound as initial margin");
    out += labelled(
        "Leverage", "deciles " + [&] {
            std::string deciles;
            for (const double l : i.leverage)
                deciles += (deciles.empty() ? "" : " ") + fixed(l, 1);
            return deciles;
        }());
    return out;
}

std::string asset_table(const VenueBook& v, const VenueInspection& i) {
    TextTable table({{.head = "Asset", .words = true, .width_max = 20},
                     {.head = "Price"},
                     {.head = "Deposits"},
                     {.head = "Loans"},
                     {.head = "Custody"},
                     {.head = "Of cap"},
                     {.head = "Uncovered"}});
    for (std::size_t a = 0; a < i.assets.size(); ++a) {
        const AssetLine& l = i.assets[a];
        if (!l.is_collateral) continue;
        table.add({v.book.assets[a].symbol, usd_text(l.price), usd_text(l.deposits),
                   usd_text(l.loans), usd_text(l.custody),
                   l.cap > 0 ? percent_text(l.custody / l.cap) : "", usd_text(l.uncovered)});
    }
    return table.text();
}

std::string margin_table(const VenueInspection& i) {
    TextTable table({{.head = "Equity / maintenance", .words = true, .width_max = 24},
                     {.head = "Accounts"},
                     {.head = "Equity"},
                     {.head = "Positions"}});
    for (const MarginBin& b : i.margin) {
        const std::string range = !std::isfinite(b.low) ? "below " + ratio_text(b.high)
                                  : !std::isfinite(b.high)
                                      ? "from " + ratio_text(b.low)
                                      : ratio_text(b.low) + " to " + ratio_text(b.high);
        table.add({range, count(b.accounts), usd_text(b.equity), usd_text(b.notional)});
    }
    return table.text();
}

std::string contract_table(const VenueBook& v, const VenueInspection& i) {
    TextTable table({{.head = "Contract", .words = true, .width_max = 28},
                     {.head = "Mark"},
                     {.head = "Open interest"},
                     {.head = "Longs"},
                     {.head = "Shorts"},
                     {.head = "Largest"},
                     {.head = "Of depth"}});
    std::vector<std::size_t> order(i.contracts.size());
    for (std::size_t k = 0; k < order.size(); ++k)
        order[k] = k;
    std::ranges::stable_sort(order, std::ranges::greater{},
                             [&](std::size_t k) { return i.contracts[k].notional; });
    for (std::size_t k = 0; k < std::min(order.size(), contracts_shown); ++k) {
        const ContractLine& c = i.contracts[order[k]];
        table.add(
            {v.book.contract_names[order[k]], number_text(c.mark), usd_text(c.notional),
             count(c.longs), count(c.shorts), percent_text(c.largest),
             c.depth == 0
                 ? ""
                 : fixed(static_cast<double>(c.open_interest) / static_cast<double>(c.depth), 1)});
    }
    std::string out = table.text();
    if (order.size() > contracts_shown)
        out += line("and " + count(order.size() - contracts_shown) +
                    " more contracts with smaller open interest");
    return out;
}

std::string nearest_table(const VenueBook& v, const VenueInspection& i) {
    TextTable table({{.head = "Account", .words = true, .width_max = 28},
                     {.head = "Equity / maintenance"},
                     {.head = "Equity"},
                     {.head = "Maintenance"},
                     {.head = "Positions"}});
    for (const MarginLine& l : i.nearest)
        table.add({std::string(v.book.accounts[l.account]), fixed(l.ratio(), 3), usd_text(l.equity),
                   usd_text(l.requirement), usd_text(l.notional)});
    return table.text();
}

std::string cluster_table(const VenueBook& v, const VenueInspection& i) {
    TextTable table({{.head = "Cluster", .words = true, .width_max = 12},
                     {.head = "Accounts"},
                     {.head = "Equity"},
                     {.head = "Positions"},
                     {.head = "Most in", .words = true, .width_max = 28},
                     {.head = "Of its open interest"}});
    for (const ClusterLine& c : i.clusters)
        table.add({std::to_string(c.cluster), count(c.accounts), usd_text(c.equity),
                   usd_text(c.notional), v.book.contract_names[c.contract], percent_text(c.share)});
    return table.text();
}

Json contracts_json(const VenueBook& v, const VenueInspection& i) {
    Json rows = Json::array();
    for (std::size_t k = 0; k < i.contracts.size(); ++k) {
        const ContractLine& c = i.contracts[k];
        rows.push_back({{"contract", v.book.contract_names[k]},
                        {"mark", c.mark},
                        {"open_interest_lots", c.open_interest},
                        {"open_interest_usd", c.notional},
                        {"depth_lots", c.depth},
                        {"longs", c.longs},
                        {"shorts", c.shorts},
                        {"largest_share", c.largest}});
    }
    return rows;
}

Json assets_json(const VenueBook& v, const VenueInspection& i) {
    Json rows = Json::array();
    for (std::size_t a = 0; a < i.assets.size(); ++a) {
        const AssetLine& l = i.assets[a];
        Json row{{"asset", v.book.assets[a].symbol}, {"price", l.price}};
        if (l.is_collateral)
            row.update({{"deposits_usd", l.deposits},
                        {"loans_usd", l.loans},
                        {"custody_usd", l.custody},
                        {"cap_usd", l.cap},
                        {"uncovered_usd", l.uncovered}});
        rows.push_back(row);
    }
    return rows;
}

Json margin_json(const VenueInspection& i) {
    Json rows = Json::array();
    for (const MarginBin& b : i.margin)
        rows.push_back({{"low", finite(b.low)},
                        {"high", finite(b.high)},
                        {"accounts", b.accounts},
                        {"equity_usd", b.equity},
                        {"notional_usd", b.notional}});
    return rows;
}

Json nearest_json(const VenueBook& v, const VenueInspection& i) {
    Json rows = Json::array();
    for (const MarginLine& l : i.nearest)
        rows.push_back({{"account", v.book.accounts[l.account]},
                        {"margin_ratio", l.ratio()},
                        {"equity_usd", l.equity},
                        {"maintenance_usd", l.requirement},
                        {"notional_usd", l.notional}});
    return rows;
}

Json clusters_json(const VenueBook& v, const VenueInspection& i) {
    Json rows = Json::array();
    for (const ClusterLine& c : i.clusters)
        rows.push_back({{"cluster", c.cluster},
                        {"accounts", c.accounts},
                        {"equity_usd", c.equity},
                        {"notional_usd", c.notional},
                        {"contract", v.book.contract_names[c.contract]},
                        {"share", c.share}});
    return rows;
}

}  // namespace

std::string venue_table(const VenueBook& v, const VenueInspection& i) {
    std::string out = head_text(v, i);
    out += heading("Assets") + asset_table(v, i);
    out += heading("Margin, accounts with a requirement") + margin_table(i);
    out += heading("Contracts") + contract_table(v, i);
    out += heading("Nearest to liquidation") + nearest_table(v, i);
    if (!i.clusters.empty()) out += heading("Accounts declared as linked") + cluster_table(v, i);
    return out;
}

std::string venue_json(const VenueBook& v, const VenueInspection& i) {
    const Json out{{"format", "breakwater-venue-inspection/1"},
                   {"name", v.book.name},
                   {"source", v.book.source},
                   {"as_of", time_text(v.book.state.now())},
                   {"input_hash", v.book.input_hash},
                   {"accounts", i.accounts},
                   {"holders", i.holders},
                   {"borrowers", i.borrowers},
                   {"isolated", i.isolated},
                   {"linked", i.linked},
                   {"below_maintenance", i.below_maintenance},
                   {"below_initial", i.below_initial},
                   {"negative", i.negative},
                   {"negative_usd", i.negative_usd},
                   {"equity_usd", i.equity},
                   {"maintenance_usd", i.maintenance},
                   {"initial_usd", i.initial},
                   {"fund_usd", i.fund},
                   {"vault_usd", i.vault},
                   {"vault_initial_usd", i.vault_initial},
                   {"leverage_deciles", i.leverage},
                   {"margin", margin_json(i)},
                   {"assets", assets_json(v, i)},
                   {"contracts", contracts_json(v, i)},
                   {"nearest", nearest_json(v, i)},
                   {"clusters", clusters_json(v, i)}};
    return dump(out);
}

}  // namespace breakwater
