// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/json_parts.hpp"
#include "breakwater/report/utilisation.hpp"

namespace breakwater {

Json utilisation_json(const ReportInput& input) {
    Json assets = Json::array();
    for (const UtilisationRow& row : utilisation_of(input))
        assets.push_back({{"asset", input.book().assets[index(row.asset)].symbol},
                          {"before", row.before},
                          {"after", to_json(row.after)},
                          {"after_95", to_json(row.after_95)},
                          {"after_99", to_json(row.after_99)},
                          {"at_99", to_json(row.at_99)},
                          {"at_99_end", to_json(row.at_99_end)},
                          {"hours_without_exit", to_json(row.hours_without_exit)},
                          {"cash_before_usd", row.cash_before},
                          {"cash_after_usd", to_json(row.cash_after)},
                          {"cash_after_5_usd", to_json(row.cash_after_5)},
                          {"cash_after_1_usd", to_json(row.cash_after_1)}});
    return {{"definition", utilisation_definition(input)}, {"assets", assets}};
}

}  // namespace breakwater
