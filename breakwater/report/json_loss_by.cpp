// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/json_parts.hpp"

namespace breakwater {

Json loss_by_json(const ReportInput& input, const Attribution& attribution) {
    const Book& book = input.book();
    Json assets = Json::array();
    for (const AssetLossRow& row : attribution.assets)
        assets.push_back({{"asset", book.assets[index(row.asset)].symbol},
                          {"loss", to_json(row.loss)},
                          {"share", row.share},
                          {"debt_usd", row.debt}});
    Json layers = Json::array();
    for (const LayerRow& row : attribution.layers) {
        Json one{{"layer", row.layer},
                 {"asset", row.asset},
                 {"cover_usd", row.cover ? Json(*row.cover) : Json(nullptr)},
                 {"paid", to_json(row.paid)}};
        if (row.paid_95) one["paid_95"] = to_json(*row.paid_95);
        if (row.paid_99) one["paid_99"] = to_json(*row.paid_99);
        if (row.exhausted) one["exhausted"] = to_json(*row.exhausted);
        layers.push_back(one);
    }
    Json accounts = Json::array();
    for (const AccountLossRow& row : attribution.accounts)
        accounts.push_back({{"account", std::string(book.accounts[row.account])},
                            {"loss", to_json(row.loss)},
                            {"probability", to_json(row.probability)},
                            {"collateral_usd", row.collateral},
                            {"debt_usd", row.debt},
                            {"health", row.health},
                            {"position", row.position}});
    return {
        {"assets",
         {{"definition",
           "Mean bad debt by the asset that is owed; unrealised bad debt counts for the account's "
           "largest debt."},
          {"rows", assets}}},
        {"layers", {{"definition", attribution.layers_definition}, {"rows", layers}}},
        {"accounts",
         {{"definition",
           "The " + std::to_string(attribution.accounts.size()) +
               " accounts with the largest mean loss; collateral, debt and health as they stand in "
               "the book."},
          {"rows", accounts}}}};
}

}  // namespace breakwater
