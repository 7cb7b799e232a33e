// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/attribution.hpp"

#include <algorithm>

#include "breakwater/core/math.hpp"
#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/aave_v3.hpp"
#include "breakwater/stress/amounts.hpp"
#include "breakwater/stress/native_standing.hpp"
#include "breakwater/stress/solvency.hpp"

namespace breakwater {
namespace {

/// [USD] mean bad debt, as the sum over the debt assets has it.
double total_loss(const RunResult& run) {
    int128 sum = 0;
    for (const ReserveOutcome& a : run.assets)
        sum += a.loss.sum;
    return run.paths.empty() ? 0 : usd(sum) / static_cast<double>(run.paths.size());
}

double share_of(double part, double whole) {
    return whole > 0 ? std::clamp(part / whole, 0.0, 1.0) : 0;
}

std::vector<AssetLossRow> assets_of(const ReportInput& input, double total) {
    const RunResult& run = *input.run;
    const Solvency solvency = solvency_of(input.book());
    std::vector<AssetLossRow> out;
    for (std::size_t a = 0; a < run.assets.size(); ++a) {
        const LossMoments& loss = run.assets[a].loss;
        if (loss.sum <= 0) continue;
        const double mean = usd(loss.sum) / static_cast<double>(run.paths.size());
        out.push_back({.asset = AssetId{static_cast<std::uint8_t>(a)},
                       .loss = loss.mean(),
                       .share = share_of(mean, total),
                       .debt = solvency.reserves[a].borrowed});
    }
    std::ranges::stable_sort(out, std::ranges::greater{}, &AssetLossRow::share);
    return out;
}

std::vector<AccountLossRow> accounts_of(const ReportInput& input, double total) {
    const RunResult& run = *input.run;
    const std::vector<AccountLoss> top = run.accounts.top(accounts_shown);
    std::vector<AccountId> ids;
    ids.reserve(top.size());
    for (const AccountLoss& loss : top)
        ids.push_back(loss.account);
    const auto positions = positions_of(input.book(), ids);
    if (!positions) return {};
    std::vector<AccountLossRow> out;
    for (std::size_t i = 0; i < top.size(); ++i) {
        const Position& p = positions->borrowers[i];
        const LossMoments moments = top[i].moments(run.paths.size());
        Estimate loss = moments.mean();
        loss.low = std::max(0.0, loss.low);
        out.push_back(
            {.account = top[i].account,
             .loss = loss,
             .probability = moments.probability_of_loss(),
             .share = share_of(usd(top[i].sum) / static_cast<double>(run.paths.size()), total),
             .collateral = p.collateral,
             .debt = p.debt,
             .health = p.health,
             .position = describe(input.book(), positions->legs_of(p))});
    }
    return out;
}

LayerRow paid_row(const std::string& name, const std::string& asset, std::optional<double> limit,
                  const std::vector<MicroUsd>& column) {
    const Distribution all(column);
    return {.layer = name,
            .asset = asset,
            .cover = limit,
            .paid = mean_of(column),
            .paid_95 = all.quantile(0.95),
            .paid_99 = all.quantile(0.99),
            .exhausted = {}};
}

std::vector<LayerRow> covered_layers(const ReportInput& input) {
    constexpr double usd_per_cent = 0.01;
    const Book& book = input.book();
    const RunResult& run = *input.run;
    const std::size_t layers = book.state.layers.size();
    REQUIRE(run.layers.size() == layers);
    std::vector<LayerRow> out;
    aave_v3::GrownIndices grown;
    const aave_v3::View view{.state = book.state,
                             .market = aave_market(book.state),
                             .grown = grown,
                             .now = book.state.now()};
    double cover = 0;
    bool all_end = true;
    for (std::size_t k = 0; k < layers; ++k) {
        const Layer& layer = book.state.layers[k];
        const double per_atom = static_cast<double>(book.state.feeds[layer.asset].point) * 1e-8 /
                                to_double(power_of_ten(book.assets[layer.asset].decimals));
        const OnlineDistribution& paid = run.layers[k].paid;
        Checked math;
        const double left = to_double(aave_v3::left_of(math, view, layer).raw) * per_atom;
        const bool has_end = !layer.cover.is_zero() || (layer.kind != LayerKind::borrower_equity &&
                                                        layer.kind != LayerKind::socialisation);
        cover += left;
        all_end = all_end && has_end;
        out.push_back(
            {.layer = k < book.layer_names.size() ? book.layer_names[k]
                                                  : "layer " + std::to_string(k + 1),
             .asset = book.assets[layer.asset].symbol,
             .cover = has_end ? std::optional(left) : std::nullopt,
             .paid = paid.mean(usd_per_cent),
             .paid_95 = paid.quantile(0.95, usd_per_cent),
             .paid_99 = paid.quantile(0.99, usd_per_cent),
             .exhausted = probability_estimate(run.layers[k].exhausted, run.paths.size())});
    }
    const auto sum_row = [](const char* name, std::optional<double> limit,
                            const std::vector<MicroUsd>& column) {
        return paid_row(name, "all", limit, column);
    };
    if (layers > 1)
        out.push_back(sum_row("All layers", all_end ? std::optional(cover) : std::nullopt,
                              run.column(&PathResult::covered)));
    out.push_back(
        sum_row("Suppliers of the reserves", std::nullopt,
                run.column([](const PathResult& p) { return p.bad_debt() - p.covered; })));
    return out;
}

/// By isolated market, those with a loss; before the suppliers of a market its reserves, where it has any.
std::vector<LayerRow> markets_of(const ReportInput& input) {
    constexpr double usd_per_cent = 0.01;
    const Book& book = input.book();
    const RunResult& run = *input.run;
    std::vector<LayerRow> out;
    for (const MarketSupply& m : market_supplies(book)) {
        const OnlineDistribution& loss = run.markets[m.market];
        if (loss.positives() == 0) continue;
        const std::string& symbol = book.assets[index(m.loan)].symbol;
        const std::string& name = book.markets[m.market].name;
        const bool has_reserves = m.reserves > 0;
        if (has_reserves)
            out.push_back(paid_row("Reserves of " + name, symbol, m.reserves,
                                   run.column(&PathResult::covered)));
        if (has_reserves)
            out.push_back(paid_row("Suppliers of " + name, symbol, m.supplied,
                                   run.column([](const PathResult& p) {
                                       return p.bad_debt() - p.covered;
                                   })));
        else
            out.push_back({.layer = "Suppliers of " + name,
                           .asset = symbol,
                           .cover = m.supplied,
                           .paid = loss.mean(usd_per_cent),
                           .paid_95 = loss.quantile(0.95, usd_per_cent),
                           .paid_99 = loss.quantile(0.99, usd_per_cent),
                           .exhausted = {}});
    }
    return out;
}

std::vector<Driver> drivers_of(const ReportInput& input, const Figures& figures,
                               const Attribution& found) {
    std::vector<Driver> out;
    std::vector<Driver> further;
    for (const AssetLossRow& row : found.assets) {
        Driver driver{input.book().assets[index(row.asset)].symbol, Driver::Kind::asset, row.share,
                      row.loss, "debt of " + usd_text(row.debt) + " in the book"};
        (out.empty() ? out : further).push_back(std::move(driver));
    }
    if (!found.accounts.empty()) {
        const AccountLossRow& a = found.accounts.front();
        out.push_back({std::string(input.book().accounts[a.account]), Driver::Kind::account,
                       a.share, a.loss, a.position + ", health " + fixed(a.health, 2)});
    }
    if (!figures.cascade.empty() && figures.cascade[0].estimate.supported &&
        figures.cascade[0].estimate.value > 1) {
        const double times = figures.cascade[0].estimate.value;
        Estimate not_stated;
        not_stated.refuse({});
        further.push_back({"price impact", Driver::Kind::cause, 1 - 1 / times, not_stated,
                           fixed(times, 2) + "× the loss without it"});
    }
    std::ranges::stable_sort(further, std::ranges::greater{}, &Driver::share);
    if (!further.empty()) out.push_back(further.front());
    std::ranges::stable_sort(out, std::ranges::greater{}, &Driver::share);
    return out;
}

}  // namespace

const char* to_string(Driver::Kind kind) {
    switch (kind) {
        case Driver::Kind::asset:
            return "asset";
        case Driver::Kind::account:
            return "account";
        case Driver::Kind::cause:
            break;
    }
    return "cause";
}

Attribution attribution_of(const ReportInput& input, const Figures& figures) {
    const double total = total_loss(*input.run);
    Attribution out;
    out.assets = assets_of(input, total);
    out.accounts = accounts_of(input, total);
    if (input.book().is_native()) {
        out.layers_definition =
            "Each market stands alone: reserves pay first where it has any, the rest is its suppliers'; "
            "losses that are still unrealised are included.";
        out.layers = markets_of(input);
    } else if (!input.book().state.layers.empty()) {
        out.layers_definition =
            "Who pays, in order, for each debt asset. Layers pay realised losses; the suppliers of "
            "the reserve bear what no "
            "layer covers, losses that are still unrealised included.";
        out.layers = covered_layers(input);
    } else {
        out.layers_definition =
            "The book names no loss layer, so nobody else bears it: the whole loss falls on the "
            "suppliers of the reserve that "
            "was borrowed from.";
        for (const AssetLossRow& row : out.assets)
            out.layers.push_back({"Suppliers of the reserve",
                                  input.book().assets[index(row.asset)].symbol,
                                  std::nullopt,
                                  row.loss,
                                  {},
                                  {},
                                  {}});
    }
    out.drivers = drivers_of(input, figures, out);
    return out;
}

}  // namespace breakwater
