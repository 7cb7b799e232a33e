// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Who pays for what is left, by name.

#include <algorithm>
#include <array>

#include "breakwater/calc/families.hpp"
#include "breakwater/stress/loss_allocation.hpp"

namespace breakwater::calc {
namespace {

using nlohmann::json;

json run_adl(Input& in) {
    std::vector<std::string> ids;
    std::vector<Winner> winners;
    for (Input& w : in.objects("winners")) {
        ids.push_back(w.text("id"));
        if (std::ranges::count(ids, ids.back()) > 1)
            w.fail("id", "stands twice", "one entry for each winner");
        winners.push_back(
            {.profit = w.number("pnl", not_negative), .leverage = w.number("leverage", positive)});
    }
    const Deleveraging d = deleverage(winners, in.number("deficit", not_negative));
    json queue = json::object();
    json shares = json::object();
    for (std::size_t i = 0; i < ids.size(); ++i) {
        queue[ids[i]] = d.queue[i];
        shares[ids[i]] = d.pro_rata[i];
    }
    return {{"queue_exact", queue},
            {"queue_whole_position_overshoot", d.whole_position_excess},
            {"pro_rata", shares}};
}

json run_pro_rata(Input& in) {
    constexpr auto amount_max = static_cast<int128>(INT64_MAX);
    std::vector<std::uint64_t> requests;
    for (const int128 r : in.integers("requests")) {
        if (r < 0 || r > amount_max)
            in.fail("requests", "holds " + decimal(r), "integers from 0 to 2^63 - 1");
        requests.push_back(static_cast<std::uint64_t>(r));
    }
    if (requests.empty()) in.fail("requests", "is empty", "at least one request");
    std::optional<std::size_t> network;
    if (in.has("network_index")) network = in.count("network_index", 0, requests.size() - 1);
    const auto paid = distribute_pro_rata(
        requests, in.count("collected", 0, static_cast<std::uint64_t>(amount_max)), network);
    json loss = json::array();
    for (std::size_t i = 0; i < paid.size(); ++i)
        loss.push_back(static_cast<std::int64_t>(requests[i]) - static_cast<std::int64_t>(paid[i]));
    return {{"paid", paid}, {"loss", loss}};
}

json run_waterfall(Input& in) {
    const json& layers = in.raw("layers");
    if (!layers.is_array()) in.fail("layers", "is no list", "[[name, size], ...]");
    std::vector<double> sizes;
    for (const json& layer : layers) {
        if (!layer.is_array() || layer.size() != 2 || !layer[0].is_string() ||
            !layer[1].is_number() || layer[1].get<double>() < 0.0)
            in.fail("layers", "holds " + layer.dump(), "[name, size of 0 or more]");
        sizes.push_back(layer[1].get<double>());
    }
    const Absorbed a = absorb(in.number("loss", not_negative), sizes);
    json absorbed = json::array();
    for (std::size_t i = 0; i < sizes.size(); ++i)
        absorbed.push_back(json::array({layers[i][0], a.by_layer[i]}));
    return {{"absorbed", absorbed}, {"residual_to_vmgh_or_tearup", a.residual}};
}

constexpr std::array<Function, 3> table{{
    {.name = "adl_queue_vs_prorata",
     .summary = "Auto-deleveraging: by queue, by whole positions, pro rata",
     .units = "deficit, pnl and results: quote",
     .source = "arXiv 2512.01112; queue key pnl · leverage",
     .run = run_adl},
    {.name = "loss_socialisation_prorata",
     .summary = "Vega: what was collected, among those it is owed to",
     .units = "integers of the asset's smallest unit",
     .source = "vega core/collateral/simple_distributor.go",
     .run = run_pro_rata},
    {.name = "ccp_waterfall",
     .summary = "A clearing house's layers in their order",
     .units = "quote",
     .source = "EMIR article 45; PFMI principle 4",
     .run = run_waterfall},
}};

}  // namespace

std::span<const Function> loss_functions() {
    return table;
}

}  // namespace breakwater::calc
