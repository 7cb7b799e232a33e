// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/buffer_json.hpp"

#include "breakwater/report/json_parts.hpp"

namespace breakwater {
namespace {

Json time_json(const TimeToLiquidate& t) {
    return {{"detection_seconds", t.detection},   {"oracle_seconds", t.oracle},
            {"congestion_seconds", t.congestion}, {"block_space_seconds", t.block_space},
            {"unwinding_seconds", t.unwinding},   {"total_seconds", t.total()}};
}

Json unwinding_json(const Unwinding& u) {
    return {{"fall_assumed", fall_assumed},
            {"sold_at_fall_usd", u.at_fall},
            {"largest_position_usd", u.largest},
            {"to_sell_usd", u.size},
            {"accounts", u.accounts},
            {"slippage_max", u.slippage_max},
            {"at_once_usd", finite(u.at_once)},
            {"rate_usd_per_hour", finite(u.per_hour)},
            {"impact", u.impact}};
}

Json level_json(const BufferAt& at) {
    return {{"level", at.level},
            {"gap", at.gap},
            {"fall", at.fall},
            {"fall_simulated", to_json(at.fall_simulated)},
            {"needed", at.needed},
            {"needed_simulated", to_json(at.needed_simulated)},
            {"margin", at.margin},
            {"verdict", to_string(at.verdict)},
            {"verdict_simulated", to_string(at.verdict_simulated)},
            {"threshold_that_holds", std::max(0.0, 1 - at.needed)},
            {"probability_room_used_up", at.probability},
            {"probability_room_used_up_simulated", to_json(at.probability_simulated)}};
}

Json row_json(const Book& book, const BufferRow& row) {
    Json levels = Json::array();
    for (const BufferAt& at : row.at)
        levels.push_back(level_json(at));
    return {{"asset", book.assets[index(row.asset)].symbol},
            {"collateral_usd", row.collateral},
            {"emode_share", row.emode_share},
            {"threshold", row.threshold},
            {"bonus", row.bonus},
            {"room", row.room},
            {"room_of_fall", row.room_of_fall},
            {"rise", row.rise},
            {"time", time_json(row.time)},
            {"unwinding", unwinding_json(row.unwinding)},
            {"levels", levels},
            {"smart_ltv",
             {{"sigma_per_root_day", row.screen_input.sigma},
              {"liquidity_usd", finite(row.screen_input.liquidity)},
              {"debt_cap_usd", row.screen_input.debt_cap},
              {"beta", row.screen_input.beta},
              {"c", smart_ltv_factor},
              {"ltv", row.screen},
              {"c_in_force", finite(row.screen_level)}}}};
}

}  // namespace

std::string buffer_json(const BufferReport& report) {
    const Book& book = *report.book;
    Json rows = Json::array();
    for (const BufferRow& row : report.buffers->rows)
        rows.push_back(row_json(book, row));
    Json left_out = Json::array();
    for (const BufferLeftOut& l : report.buffers->left_out)
        left_out.push_back({{"asset", book.assets[index(l.asset)].symbol}, {"reason", l.reason}});
    Json out;
    out["format"] = "breakwater-buffer/1";
    out["book"] = book.name;
    out["as_of"] = time_text(book.state.now());
    out["scenario"] = report.scenario->name;
    out["conditional"] = report.scenario->conditional;
    out["model"] = model_text(*report.scenario);
    out["paths"] = report.buffers->options.paths;
    out["seed"] = std::to_string(report.buffers->options.seed);
    out["command"] = report.facts.command;
    out["commit"] = report.facts.commit;
    out["version"] = report.facts.version;
    out["input_hash"] = report.facts.input_hash;
    out["summary"] = verdict_summary(report);
    out["definitions"] = {{"time", BufferWords::time},
                          {"sold", BufferWords::sold},
                          {"needed", BufferWords::needed},
                          {"meaning", BufferWords::meaning},
                          {"probability", BufferWords::probability},
                          {"smart_ltv", BufferWords::screen}};
    out["rows"] = rows;
    out["left_out"] = left_out;
    out["warnings"] = report.facts.notices;
    return dump(out);
}

}  // namespace breakwater
