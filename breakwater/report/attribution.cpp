// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/attribution.hpp"

#include <algorithm>

#include "breakwater/core/math.hpp"
#include "breakwater/stress/amounts.hpp"
#include "breakwater/stress/solvency.hpp"

namespace breakwater {
namespace {

/// [USD] mean bad debt, as the sum over the debt assets has it.
double total_loss(const RunResult& run) {
    int128 sum = 0;
    for (const AssetLoss& a : run.assets)
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

/// Highest price of any path and point of the grid over the price of the book.
double highest(const QuantileBands& relative) {
    double most = 1;
    for (std::size_t k = 0; k < relative.steps(); ++k)
        most = std::max(most, static_cast<double>(relative.at(k).largest()) * 1e-6);
    return most;
}

/// [USD] More than this no path can have lost on the account: its debt at the highest prices, what
/// its debt assets lost on any path, what the worst path lost in all.
double largest_loss(const RunResult& run, std::span<const PositionLeg> legs) {
    double debt = 0;
    double of_assets = 0;
    for (const PositionLeg& leg : legs) {
        if (!(leg.debt > 0)) continue;
        debt += leg.debt * highest(run.price[index(leg.asset)]);
        of_assets += usd(run.assets[index(leg.asset)].loss.largest);
    }
    return std::min({debt, of_assets, usd(run.paths[run.worst].bad_debt())});
}

std::vector<AccountLossRow> accounts_of(const ReportInput& input, double total) {
    const RunResult& run = *input.run;
    const std::vector<AccountLoss> top = run.accounts.top(accounts_shown);
    std::vector<AccountId> ids;
    for (const AccountLoss& loss : top)
        ids.push_back(loss.account);
    const auto positions = positions_of(input.book(), ids);
    if (!positions) return {};
    std::vector<AccountLossRow> out;
    for (std::size_t i = 0; i < top.size(); ++i) {
        const Position& p = positions->borrowers[i];
        const double mean = top[i].expected(run.paths.size());
        const double most = largest_loss(run, positions->legs_of(p));
        // Bhatia and Davis: a variable in [0, B] with mean m has a variance of at most m·(B − m).
        const double variance = mean * std::max(mean, most - mean);
        Estimate loss = mean_estimate(mean, variance, run.paths.size(), top[i].paths);
        loss.low = std::max(0.0, loss.low);
        out.push_back({.account = top[i].account,
                       .loss = loss,
                       .probability = probability_estimate(top[i].paths, run.paths.size()),
                       .share = share_of(mean, total),
                       .collateral = p.collateral,
                       .debt = p.debt,
                       .health = p.health,
                       .position = describe(input.book(), positions->legs_of(p))});
    }
    return out;
}

/// What layers paid is kept as one sum per path; with one layer that is its own figure.
std::vector<LayerRow> covered_layers(const ReportInput& input) {
    const Book& book = input.book();
    const Estimate covered = mean_of(input.run->column(&PathResult::covered));
    Estimate in_sum;
    in_sum.refuse("kept as a sum over all layers");
    std::vector<LayerRow> out;
    for (std::size_t k = 0; k < book.state.layers.size(); ++k) {
        const Layer& layer = book.state.layers[k];
        const double per_atom = static_cast<double>(book.state.feeds[layer.asset].point) * 1e-8 /
                                to_double(power_of_ten(book.assets[layer.asset].decimals));
        out.push_back({.layer = k < book.layer_names.size() ? book.layer_names[k]
                                                            : "layer " + std::to_string(k + 1),
                       .asset = book.assets[layer.asset].symbol,
                       .cover = to_double(layer.left().raw) * per_atom,
                       .paid = book.state.layers.size() == 1 ? covered : in_sum});
    }
    if (out.size() > 1) out.push_back({"All layers", "all", std::nullopt, covered});
    if (out.size() > 1) {
        double cover = 0;
        for (std::size_t k = 0; k + 1 < out.size(); ++k)
            cover += out[k].cover.value_or(0);
        out.back().cover = cover;
    }
    const auto rest =
        input.run->column([](const PathResult& p) { return p.bad_debt() - p.covered; });
    out.push_back({"Suppliers of the reserves", "all", std::nullopt, mean_of(rest)});
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
    if (!input.book().state.layers.empty()) {
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
                                  input.book().assets[index(row.asset)].symbol, std::nullopt,
                                  row.loss});
    }
    out.drivers = drivers_of(input, figures, out);
    return out;
}

}  // namespace breakwater
