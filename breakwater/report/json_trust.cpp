// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/json_parts.hpp"
#include "breakwater/report/trust.hpp"

namespace breakwater {

Json trust_json(const ReportInput& input) {
    Json assets = Json::array();
    for (const TrustRow& row : trust_rows_of(input)) {
        Json share = Json::object();
        for (std::size_t t = 0; t < feeds::trusts; ++t)
            share[std::string(feeds::name(static_cast<feeds::Trust>(t)))] = to_json(row.share[t]);
        Json refused = Json::array();
        for (const TrustRow::Refused& r : row.refused)
            refused.push_back(
                {{"reason", std::string(feeds::name(r.reason))}, {"mean", to_json(r.mean)}});
        assets.push_back({{"asset", input.book().assets[index(row.asset)].symbol},
                          {"share", share},
                          {"refused", refused}});
    }
    return {{"definition", trust_definition(input)}, {"assets", assets}};
}

}  // namespace breakwater
